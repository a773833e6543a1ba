//! Faults at their places in the text.

use super::definitions::Definitions;
use crate::machine::Fault;
use scheme_core::{
    diag::{Code, Diagnostic, Waiting},
    kernel::calls_first,
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
pub(super) fn diagnostic(fault: &Fault, spans: &[Span], definitions: &Definitions, text: &str) -> Diagnostic {
    let (span, calls) = located(fault.place, &fault.calls, spans, definitions);
    let whole = Span::new(0, text.len() as u32);
    let finding = Diagnostic::new(fault.code, span.unwrap_or(whole), fault.message.clone());
    let within = span.and_then(|span| definitions.around(span));
    // What the prelude does is at the place that mentions it.
    let mentioned = span.and_then(|span| text.get(span.start as usize..span.end as usize));
    let hint = match fault.code {
        Code::NotAProcedure if fault.hint.is_none() => mentioned.and_then(calls_first),
        _ => fault.hint.clone(),
    };
    Diagnostic { hint, within, calls, ..finding }
}
