//! Data in a machine's heap, with a number for the place of each list; faults at their places in the text.

use super::definitions::Definitions;
use crate::{
    heap::{Full, Heap},
    machine::Fault,
    value::Value,
};
use scheme_core::{
    datum::{Datum, Kind},
    diag::{Diagnostic, Waiting},
    span::Span,
};
use std::{collections::HashMap, rc::Rc};

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

/// The symbols of a datum after those already known, and the places of its lists.
#[derive(Default)]
pub(super) struct Places {
    symbols: HashMap<Rc<str>, u32>,
    /// The spans by number; number 0 is no place, 1 is the first.
    pub(super) spans: Vec<Span>,
}

impl Places {
    /// Numbers the symbols; gives those that `known` does not have, in order.
    pub(super) fn new(known: &[&str], datum: &Datum) -> (Self, Vec<Rc<str>>) {
        let symbols = known.iter().enumerate().map(|(i, name)| (Rc::from(*name), i as u32)).collect();
        let mut places = Self { symbols, spans: Vec::new() };
        let mut fresh = Vec::new();
        places.symbols_of(datum, &mut fresh);
        (places, fresh)
    }

    fn symbols_of(&mut self, datum: &Datum, fresh: &mut Vec<Rc<str>>) {
        match &datum.kind {
            Kind::Symbol(name) => {
                let next = self.symbols.len() as u32;
                self.symbols.entry(name.clone()).or_insert_with(|| {
                    fresh.push(name.clone());
                    next
                });
            }
            Kind::List { items, tail, .. } => {
                items.iter().chain(tail.as_deref()).for_each(|item| self.symbols_of(item, fresh));
            }
            Kind::Vector(items) => items.iter().for_each(|item| self.symbols_of(item, fresh)),
            Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) | Kind::Splice(_) => {}
        }
    }

    /// The datum in the heap; the first pair of each list has the list's place.
    pub(super) fn value(&mut self, datum: &Datum, heap: &mut Heap) -> Result<Value, Full> {
        match &datum.kind {
            Kind::Number(x) => Ok(Value::num(*x)),
            Kind::Bool(b) => Ok(Value::bool(*b)),
            Kind::Char(c) => Ok(Value::char(*c)),
            Kind::Symbol(name) => Ok(Value::symbol(self.symbols.get(name).copied().unwrap_or_default())),
            Kind::Str(text) => heap.string(text),
            Kind::List { items, tail, .. } => {
                let mut list = match tail {
                    Some(tail) => self.value(tail, heap)?,
                    None => Value::NIL,
                };
                self.spans.push(datum.span);
                let place = self.spans.len() as u32;
                for (i, item) in items.iter().enumerate().rev() {
                    let item = self.value(item, heap)?;
                    list = heap.pair(item, list, if i == 0 { place } else { 0 })?;
                }
                Ok(list)
            }
            Kind::Vector(items) => {
                let items = items.iter().map(|item| self.value(item, heap)).collect::<Result<Vec<_>, _>>()?;
                heap.vector(&items)
            }
            // A text has no host to splice from.
            Kind::Splice(_) => Ok(Value::UNSPECIFIED),
        }
    }
}
