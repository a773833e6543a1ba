//! The stage `trace`: what one run did with numbers, and its guards.

use super::{drawing::of_trace, stage::Staged};
use crate::{inputs::Values, loaded::Loaded, reply};
use scheme_core::diag::{Code, Diagnostic};

/// The trace of a run at inputs. Its text has the places of the program's.
///
/// # Errors
/// What the run meets.
pub(super) fn traced(loaded: &Loaded, values: &Values) -> Result<Staged, Diagnostic> {
    let run = loaded.program.trace_with(&reply::given(values)).map_err(|error| {
        let mut finding = Diagnostic::from(error);
        if finding.code == Code::Unbound && finding.hint.is_none() {
            finding.hint = missing(loaded, values);
        }
        finding
    })?;
    let drawing = of_trace(run.trace(), run.inputs());
    Ok(Staged::new(&run.text(&loaded.source), vec![drawing]))
}

/// How the inputs are given that have no values.
fn missing(loaded: &Loaded, values: &Values) -> Option<String> {
    let missing = loaded.program.inputs().filter(|name| !values.contains_key(*name));
    let settings: Vec<String> = missing.map(|name| format!("--set {name}=…")).collect();
    (!settings.is_empty()).then(|| format!("a trace is that of a run: give {}", settings.join(" ")))
}
