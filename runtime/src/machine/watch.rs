//! Runs that are watched for numbers that turn nan or infinite, in the value and in the gradient.
//!
//! A number turns so in an application that gives nan where no operand is nan, or an infinity where all are
//! finite. Only what a program applies itself is looked at, not the steps inside a primitive. In the sweep back,
//! it is the operation whose share of the derivative is not finite though what came to it is.

use super::Machine;
use crate::{
    tape::{Number, Tapes},
    value::{Value, View},
};

/// What is noted of a watched run.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The first application whose number turned.
    first: Option<Turned>,
    /// The places of the operations on the host's tape, by entry.
    places: Vec<u32>,
}

/// A number that turned nan or infinite.
#[derive(Clone, Debug)]
pub(crate) struct Turned {
    /// The place in the interpreted text, 0 if none is known.
    pub(crate) place: u32,
    /// The places of calls that waited, innermost first.
    pub(crate) calls: Vec<u32>,
    /// What it turned.
    pub(crate) value: f64,
}

/// The level of the host's tape.
const HOST: u32 = 1;

impl Machine {
    /// Watches the next run.
    pub(crate) fn watch(&mut self) {
        self.watch = Some(Box::default());
    }

    #[inline(always)]
    pub(super) fn is_watched(&self) -> bool {
        self.watch.is_some()
    }

    /// Notes what an application in a watched run gave.
    #[cold]
    pub(super) fn look(&mut self, operands: &[Value], value: Value) {
        let entries = self.tapes.get_mut().len(HOST) as usize;
        let turned = self.turned(operands, value);
        let place = self.place;
        let Some(watch) = &mut self.watch else { return };
        watch.places.resize(entries, place);
        if let (Some(value), None) = (turned, &watch.first) {
            let calls = self.waiting();
            if let Some(watch) = &mut self.watch {
                watch.first = Some(Turned { place, calls, value });
            }
        }
    }

    /// The number in a value, if any, that is nan or infinite though the operands do not explain it.
    fn turned(&self, operands: &[Value], value: Value) -> Option<f64> {
        let found = self.any_number(value, |x| !x.is_finite())?;
        let explains = |x: f64| if found.is_nan() { x.is_nan() } else { !x.is_finite() };
        let explained = operands.iter().any(|operand| self.any_number(*operand, explains).is_some());
        (!explained).then_some(found)
    }

    /// A number of that kind in a number or a numeric array.
    fn any_number(&self, value: Value, kind: impl Fn(f64) -> bool) -> Option<f64> {
        let items = match value.view() {
            View::Num { v, .. } => return Some(v).filter(|x| kind(*x)),
            View::Numbers(at) => self.heap.items(at),
            View::Matrix(at) => self.heap.matrix_items(at),
            _ => return None,
        };
        items.iter().map(|item| item.primal()).find(|x| kind(*x))
    }

    /// The first number of the watched run that turned.
    pub(crate) fn first_turned(&self) -> Option<&Turned> {
        self.watch.as_ref()?.first.as_ref()
    }

    /// The first derivative that turns in the sweep back from numbers that the watched run gave.
    pub(crate) fn first_turned_back(&mut self, of: &[Value]) -> Option<Turned> {
        let entries = self.entries(of).ok()?;
        self.turned_back(&entries)
    }

    /// The first that turns in the sweeps back from the derivatives of a number that the watched run gave, which
    /// recorded two orders of them.
    pub(crate) fn first_turned_twice_back(&mut self, of: Value) -> Option<Turned> {
        let entry = self.tapes.get_mut().entry(HOST + 1, of.number());
        self.charge(entry.into()).ok()?;
        let gradient = Tapes::gradient(&self.tapes, HOST + 1, &[entry], &[Number::constant(1.0)]);
        gradient.into_iter().find_map(|derivative| {
            let entry = self.tapes.get_mut().entry(HOST, derivative);
            self.charge(entry.into()).ok()?;
            self.turned_back(&[entry])
        })
    }

    fn turned_back(&self, entries: &[u32]) -> Option<Turned> {
        let (entry, value) = self.tapes.borrow().turned_back(HOST, entries)?;
        let place = self.watch.as_ref()?.places.get((entry as usize).wrapping_sub(1)).copied();
        Some(Turned { place: place.unwrap_or(0), calls: Vec::new(), value })
    }
}
