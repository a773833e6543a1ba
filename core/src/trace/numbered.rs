//! Writing a trace, or a record, without repeated work: value numbering.
//!
//! [`Numbered`] takes operations one after the other, as [`Record::push`] does, and gives what is there already where it
//! can: an operation on the same operands is performed once, one on constants alone is computed, identities are applied.
//! In the end what nothing needs is left out. Every number keeps its bits (a nan is a nan), in double and in single
//! precision: a constant is computed where both agree on it.

use super::{Guard, Operation, Record, Slot, Step, Trace, kept::kept, record::View};
use crate::prim::{Numeric, Whole};
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
        merged(self.view()).trace
    }
}

impl Record {
    /// The same by fewer operations, as [`Trace::merged`] has it.
    pub fn merged(&self) -> Self {
        merged(self.view())
    }
}

fn merged(record: View<'_>) -> Record {
    let trace = record.trace;
    let mut numbered = Numbered::new(trace.inputs);
    let (slots, guards) = numbered.write(record);
    let results: Vec<Slot> = trace.results.iter().map(|slot| numbered.at(trace, &slots, *slot)).collect();
    numbered.finish(guards, &results)
}

/// The operands of a row that is looked for; those of longer ones are not.
type Key = (Numeric, [Slot; 3]);

/// No slot.
pub(super) const NONE: Slot = Slot(u32::MAX);

/// A record that is being written.
#[derive(Debug)]
pub(super) struct Numbered {
    record: Record,
    known: HashMap<Key, Slot>,
    wholes: HashMap<(Whole, Vec<Slot>), Vec<Slot>>,
    constants: HashMap<u64, Slot>,
    /// The place of what is written next.
    pub(super) place: u32,
}

impl Numbered {
    /// An empty one, of that many inputs.
    pub(super) fn new(inputs: u32) -> Self {
        Self {
            record: Record::new(inputs),
            known: HashMap::new(),
            wholes: HashMap::new(),
            constants: HashMap::new(),
            place: 0,
        }
    }

    /// Writes the operations of a record; gives where its numbers are, and its guards.
    pub(super) fn write(&mut self, record: View<'_>) -> (Vec<Slot>, Vec<Guard>) {
        let trace = record.trace;
        let mut slots: Vec<Slot> = (0..trace.inputs).map(Slot::value).collect();
        // How many numbers are written for the first so many.
        let mut counts = vec![0];
        let mut operands = Vec::new();
        for step in record.steps() {
            let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
            self.place = operation.place;
            operands.clear();
            operands.extend(operation.operands.iter().map(|slot| self.at(trace, &slots, *slot)));
            match step {
                Step::Operation(operation) => slots.push(self.row(operation.row, &operands)),
                Step::Whole(whole, _) => slots.extend(self.whole(whole, &operands)),
            }
            counts.resize(slots.len() + 1 - trace.inputs(), self.record.len() as u32);
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
        let Self { record, constants, .. } = self;
        *constants.entry(x.to_bits()).or_insert_with(|| record.constant(x))
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
        let slot = self.record.push(row, operands, self.place);
        self.known.extend(key.map(|key| (key, slot)));
        slot
    }

    /// The slots of what an operation on whole matrices gives.
    pub(super) fn whole(&mut self, whole: Whole, operands: &[Slot]) -> Vec<Slot> {
        if let Some((double, single)) = self.constants_at(operands) {
            let (y, expected) = (whole.on(&double), whole.on(&single));
            if y.iter().zip(expected).all(|(y, expected)| agree(*y, expected)) {
                return y.into_iter().map(|y| self.constant(y)).collect();
            }
        }
        let Self { record, wholes, place, .. } = self;
        let known = wholes.entry((whole, operands.to_vec())).or_insert_with(|| {
            let first = record.push_whole(whole, operands, *place).index() as u32;
            (first..).take(whole.results()).map(Slot::value).collect()
        });
        known.clone()
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
        let i = slot.index().checked_sub(self.record.inputs()).filter(|_| !slot.is_constant())?;
        let Operation { row, operands, .. } = self.record.trace.operation(i);
        Some((row, operands))
    }

    fn gives(&self, slot: Slot, row: Numeric) -> bool {
        self.operation(slot).is_some_and(|(found, _)| found == row)
    }

    /// Whether a truth value is that another one is not.
    fn negates(&self, slot: Slot, other: Slot) -> bool {
        self.operation(slot) == Some((Numeric::Not, &[other]))
    }

    fn is(&self, slot: Slot, x: f64) -> bool {
        self.constant_at(slot).is_some_and(|constant| constant.to_bits() == x.to_bits())
    }

    fn truth(&self, slot: Slot) -> Option<bool> {
        self.constant_at(slot).map(|constant| constant != 0.0)
    }

    fn constant_at(&self, slot: Slot) -> Option<f64> {
        self.record.trace.constant_at(slot)
    }

    /// The constants at slots, if all are, in both precisions.
    fn constants_at(&self, slots: &[Slot]) -> Option<(Vec<f64>, Vec<f32>)> {
        let double = slots.iter().map(|slot| self.constant_at(*slot)).collect::<Option<Vec<f64>>>()?;
        let single = double.iter().map(|x| *x as f32).collect();
        Some((double, single))
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
            (Numeric::And | Numeric::Or, [a, b]) if self.negates(*a, *b) || self.negates(*b, *a) => {
                Some(self.constant(if row == Numeric::Or { 1.0 } else { 0.0 }))
            }
            _ => None,
        }
    }

    /// What a row gives on constants, if both precisions agree.
    fn folded(&mut self, row: Numeric, operands: &[Slot]) -> Option<Slot> {
        let (double, single) = self.constants_at(operands)?;
        let y = row.on(&double);
        agree(y, row.on(&single)).then(|| self.constant(y))
    }

    /// What results and guards need of it.
    pub(super) fn finish(self, guards: Vec<Guard>, results: &[Slot]) -> Record {
        kept(self.record.view(), guards, results)
    }
}

/// Whether a number rounds to that of single precision.
fn agree(double: f64, single: f32) -> bool {
    let found = double as f32;
    found.to_bits() == single.to_bits() || found.is_nan() && single.is_nan()
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
