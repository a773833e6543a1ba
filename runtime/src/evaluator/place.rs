//! Faults at their places in the text.

use super::definitions::Definitions;
use crate::machine::Fault;
use scheme_core::{
    diag::{Diagnostic, Waiting},
    span::Span,
};

/// The place of a number in the text, if there is one, and the calls at others, which waited.
pub(super) fn located(
    place: u32,
    calls: &[u32],
    spans: &[Span],
    definitions: &Definitions,
) -> (Option<Span>, Vec<Waiting>) {
    let span = |number: u32| (number as usize).checked_sub(1).and_then(|i| spans.get(i)).copied();
    (span(place), definitions.calls(span(place), calls.iter().copied().filter_map(span)))
}

/// A fault at its place in the text, with the definition around it and the calls that waited.
pub(super) fn diagnostic(
    fault: &Fault,
    spans: &[Span],
    definitions: &Definitions,
    whole: Span,
) -> Diagnostic {
    let (span, calls) = located(fault.place, &fault.calls, spans, definitions);
    let finding = Diagnostic::new(fault.code, span.unwrap_or(whole), fault.message.clone());
    let within = span.and_then(|span| definitions.around(span));
    Diagnostic { hint: fault.hint.clone(), within, calls, ..finding }
}
