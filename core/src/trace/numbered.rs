//! Writing a trace without repeated work: value numbering.
//!
//! [`Numbered`] takes operations one after the other, as [`Trace::push`] does, and gives what is there already where it
//! can: an operation on the same operands is performed once, one on constants alone is computed, identities are applied.
//! In the end what nothing needs is left out. Every number keeps its bits (a nan is a nan), in double and in single
//! precision: a constant is computed where both agree on it.

use super::{Guard, Operation, Slot, Trace, kept::kept};
use crate::prim::Numeric;
use std::collections::HashMap;

impl Trace {
    /// The same results under the same guards, each with the index it has, by fewer operations: equal ones are performed
    /// once, those on constants alone not at all, nor those that nothing needs. Bits are kept, in double precision
    /// and in single.
    ///
    /// This is for values. Derivatives of it are those of the same function, but their sums have another order.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    ///
    /// let mut trace = Trace::new(1);
    /// let [a, b] = [(); 2].map(|()| trace.push(Numeric::Exp, &[Slot::value(0)], 0));
    /// let y = trace.push(Numeric::Add, &[a, b], 0);
    /// trace.give(vec![y]);
    /// assert_eq!(trace.merged().len(), 2);
    /// ```
    pub fn merged(&self) -> Self {
        let mut numbered = Numbered::new(self.inputs);
        let (slots, guards) = numbered.write(self);
        let results: Vec<Slot> = self.results.iter().map(|slot| numbered.at(self, &slots, *slot)).collect();
        numbered.finish(guards, &results)
    }
}

/// The operands of a row that is looked for; those of longer ones are not.
type Key = (Numeric, [Slot; 3]);

/// No slot.
pub(super) const NONE: Slot = Slot(u32::MAX);

/// A trace that is being written.
#[derive(Debug)]
pub(super) struct Numbered {
    trace: Trace,
    known: HashMap<Key, Slot>,
    constants: HashMap<u64, Slot>,
    /// The place of what is written next.
    pub(super) place: u32,
}

impl Numbered {
    /// An empty one, of that many inputs.
    pub(super) fn new(inputs: u32) -> Self {
        Self { trace: Trace::new(inputs), known: HashMap::new(), constants: HashMap::new(), place: 0 }
    }

    /// Writes the operations of a trace; gives where its numbers are, and its guards.
    pub(super) fn write(&mut self, trace: &Trace) -> (Vec<Slot>, Vec<Guard>) {
        let mut slots: Vec<Slot> = (0..trace.inputs).map(Slot::value).collect();
        // How many operations are written of the first so many.
        let mut counts = vec![0];
        let mut operands = Vec::new();
        for operation in trace.operations() {
            self.place = operation.place;
            operands.clear();
            operands.extend(operation.operands.iter().map(|slot| self.at(trace, &slots, *slot)));
            slots.push(self.row(operation.row, &operands));
            counts.push(self.trace.len() as u32);
        }
        let guard = |guard: &Guard| Guard {
            slot: self.at(trace, &slots, guard.slot),
            after: counts.get(guard.after as usize).copied().unwrap_or(guard.after),
            ..*guard
        };
        let guards = trace.guards.iter().map(guard).collect();
        (slots, guards)
    }

    /// Where a number of a trace is, whose inputs and results are at `slots`.
    pub(super) fn at(&mut self, trace: &Trace, slots: &[Slot], slot: Slot) -> Slot {
        trace.constant_at(slot).map_or_else(|| slots[slot.index()], |x| self.constant(x))
    }

    /// The slot of a constant.
    pub(super) fn constant(&mut self, x: f64) -> Slot {
        let Self { trace, constants, .. } = self;
        *constants.entry(x.to_bits()).or_insert_with(|| trace.constant(x))
    }

    /// The slot of what a row gives.
    pub(super) fn row(&mut self, row: Numeric, operands: &[Slot]) -> Slot {
        if let Some(slot) = self.identity(row, operands).or_else(|| self.folded(row, operands)) {
            return slot;
        }
        let key = key(row, operands);
        if let Some(slot) = key.and_then(|key| self.known.get(&key)) {
            return *slot;
        }
        let slot = self.trace.push(row, operands, self.place);
        self.known.extend(key.map(|key| (key, slot)));
        slot
    }

    /// What a number is the negation of, by an operation or as the constant -1.
    pub(super) fn negated(&mut self, slot: Slot) -> Option<Slot> {
        if self.is(slot, -1.0) {
            return Some(self.constant(1.0));
        }
        let (row, operands) = self.operation(slot)?;
        (row == Numeric::Neg).then(|| operands.first().copied()).flatten()
    }

    /// The operation that gives a number.
    fn operation(&self, slot: Slot) -> Option<(Numeric, &[Slot])> {
        let i = slot.index().checked_sub(self.trace.inputs()).filter(|_| !slot.is_constant())?;
        let Operation { row, operands, .. } = self.trace.operation(i);
        Some((row, operands))
    }

    fn gives(&self, slot: Slot, row: Numeric) -> bool {
        self.operation(slot).is_some_and(|(found, _)| found == row)
    }

    fn is(&self, slot: Slot, x: f64) -> bool {
        self.trace.constant_at(slot).is_some_and(|constant| constant.to_bits() == x.to_bits())
    }

    fn truth(&self, slot: Slot) -> Option<bool> {
        self.trace.constant_at(slot).map(|constant| constant != 0.0)
    }

    /// The operand that a row gives whatever the others are.
    fn identity(&mut self, row: Numeric, operands: &[Slot]) -> Option<Slot> {
        match (row, operands) {
            (Numeric::Identity | Numeric::Min | Numeric::Max, [x]) => Some(*x),
            (Numeric::Neg, [x]) => self.negated(*x),
            (Numeric::Mul, [x, one]) | (Numeric::Mul, [one, x]) if self.is(*one, 1.0) => Some(*x),
            (Numeric::Div, [x, one]) if self.is(*one, 1.0) => Some(*x),
            (Numeric::Sub, [x, zero]) if self.is(*zero, 0.0) => Some(*x),
            // That a sum gives no -0 makes no difference to what is none.
            (Numeric::Add, [zero, x]) if self.is(*zero, 0.0) && self.gives(*x, Numeric::Indicator) => {
                Some(*x)
            }
            (Numeric::Select, [_, then, els]) if then == els => Some(*then),
            (Numeric::Select, [test, then, els]) => {
                self.truth(*test).map(|test| if test { *then } else { *els })
            }
            (Numeric::And | Numeric::Or, [a, b] | [b, a]) if self.truth(*a).is_some() => {
                let decides = self.truth(*a) == Some(row == Numeric::Or);
                Some(if decides { *a } else { *b })
            }
            _ => None,
        }
    }

    /// What a row gives on constants, if both precisions agree.
    fn folded(&mut self, row: Numeric, operands: &[Slot]) -> Option<Slot> {
        let constants = operands.iter().map(|slot| self.trace.constant_at(*slot));
        let double = constants.collect::<Option<Vec<f64>>>()?;
        let single: Vec<f32> = double.iter().map(|x| *x as f32).collect();
        let (y, expected) = (row.on(&double), row.on(&single));
        let found = y as f32;
        let agree = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        agree.then(|| self.constant(y))
    }

    /// What results and guards need of it.
    pub(super) fn finish(self, guards: Vec<Guard>, results: &[Slot]) -> Trace {
        kept(&self.trace, guards, results)
    }
}

/// What operations with equal values have in common. Nans apart, sums and products do not see the order of two operands.
fn key(row: Numeric, operands: &[Slot]) -> Option<Key> {
    let mut slots = [NONE; 3];
    slots.get_mut(..operands.len())?.copy_from_slice(operands);
    if matches!(row, Numeric::Add | Numeric::Mul | Numeric::Equal | Numeric::Eqv | Numeric::And | Numeric::Or)
        && operands.len() == 2
    {
        slots[..2].sort_unstable();
    }
    Some((row, slots))
}
