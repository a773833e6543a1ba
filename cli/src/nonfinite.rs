//! `--trace-nonfinite`: where a number first turned nan or infinite.

use crate::{inputs::Values, json, reply::given};
use scheme_core::{
    diag::{Code, Diagnostic},
    reader::number_text,
    span::SourceMap,
};
use scheme_runtime::{NonFinite, StringProgram};

/// Looks for it in the value, and in the gradient by the names. A run that fails may have met it before.
pub(crate) fn find(program: &StringProgram, values: &Values, by: &[&str]) -> Option<NonFinite> {
    // What else is wrong is told without it.
    program.first_nonfinite_with(by, &given(values)).ok().flatten()
}

/// The field of an answer.
pub(crate) fn field(found: Option<&NonFinite>, source: &SourceMap) -> (&'static str, String) {
    let told = found.map(|found| {
        json::object([
            ("where", json::place(found.span, source)),
            ("value", json::number(found.value)),
            ("in", json::text(within(found))),
        ])
    });
    ("nonfinite", told.unwrap_or_else(|| "null".into()))
}

/// The same to be drawn.
pub(crate) fn finding(found: &NonFinite) -> Diagnostic {
    let message = format!("here the {} first turned {}", within(found), number_text(found.value));
    Diagnostic { calls: found.calls.clone(), ..Diagnostic::new(Code::NonFinite, found.span, message) }
}

fn within(found: &NonFinite) -> &'static str {
    if found.in_gradient { "gradient" } else { "value" }
}
