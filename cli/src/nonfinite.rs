//! `--trace-nonfinite`: where a number first turned nan or infinite.

use crate::{inputs::Values, json, reply::given};
use scheme_core::{
    diag::{Code, Diagnostic},
    reader::number_text,
    span::SourceMap,
};
use scheme_runtime::{NonFinite, StringProgram};

/// Looks for it in the value, in the gradient by the names, and in the second derivatives if they are taken. A run
/// that fails may have met it before.
pub(crate) fn find(program: &StringProgram, values: &Values, by: &[&str], twice: bool) -> Option<NonFinite> {
    let given = given(values);
    let found = match twice {
        true => program.first_nonfinite_in_hessian_with(by, &given),
        false => program.first_nonfinite_with(by, &given),
    };
    // What else is wrong is told without it.
    found.ok().flatten()
}

/// The field of an answer.
pub(crate) fn field(found: Option<&NonFinite>, source: &SourceMap) -> (&'static str, String) {
    let told = found.map(|found| {
        let part = if found.order == 0 { "value" } else { "gradient" };
        let mut fields = vec![
            ("where", json::place(found.span, source)),
            ("value", json::number(found.value)),
            ("in", json::text(part)),
        ];
        // That of the gradient is finite.
        if found.order > 1 {
            fields.push(("order", found.order.to_string()));
        }
        json::object(fields)
    });
    ("nonfinite", told.unwrap_or_else(|| "null".into()))
}

/// The same to be drawn.
pub(crate) fn finding(found: &NonFinite) -> Diagnostic {
    let part = match found.order {
        0 => "value",
        1 => "gradient",
        _ => "second derivative",
    };
    let message = format!("here the {part} first turned {}", number_text(found.value));
    Diagnostic { calls: found.calls.clone(), ..Diagnostic::new(Code::NonFinite, found.span, message) }
}
