//! What is kept of a trace: what its results and guards need, with as few changes of sign as that takes.

use super::{Guard, Operation, Record, Slot, Step, Trace, numbered::NONE, record::View, signs};
use crate::prim::{Numeric, Whole};

/// The record with other guards and results, less the operations that none of them needs. Guards keep their order.
pub(super) fn kept(record: View<'_>, mut guards: Vec<Guard>, results: &[Slot]) -> Record {
    let trace = record.trace;
    let live = live(record, &guards, results);
    let given = results.iter().chain(guards.iter().map(|guard| &guard.slot));
    let mut kept = Kept {
        flipped: signs::flipped(trace, &live, given),
        slots: (0..trace.inputs).map(Slot::value).collect(),
        negations: vec![None; live.len()],
        constants: vec![None; trace.constants.len()],
        record: Record::new(trace.inputs),
    };
    // How many numbers are kept of the first so many.
    let mut counts = vec![0];
    for step in record.steps() {
        match step {
            Step::Operation(operation) if live[operation.result.index()] => {
                let slot = kept.operation(trace, &operation);
                kept.slots.push(slot);
            }
            Step::Whole(whole, operation) if live[operation.result.index()] => {
                kept.whole(trace, whole, &operation);
            }
            Step::Operation(_) => kept.slots.push(NONE),
            Step::Whole(whole, _) => kept.slots.resize(kept.slots.len() + whole.results(), NONE),
        }
        counts.resize(kept.slots.len() + 1 - trace.inputs(), kept.record.len() as u32);
    }
    for guard in &mut guards {
        guard.slot = kept.slot(trace, guard.slot);
        guard.after = counts.get(guard.after as usize).copied().unwrap_or(guard.after);
    }
    let results = results.iter().map(|slot| kept.slot(trace, *slot)).collect();
    kept.record.trace.guards = guards;
    kept.record.give(results);
    kept.record
}

/// By input and number, whether a result or a guard needs it; of an operation on matrices all elements, if any.
fn live(record: View<'_>, guards: &[Guard], results: &[Slot]) -> Vec<bool> {
    let trace = record.trace;
    let mut live = vec![false; trace.inputs() + trace.len()];
    let need = |live: &mut [bool], slot: &Slot| {
        if !slot.is_constant() {
            live[slot.index()] = true;
        }
    };
    let given = results.iter().chain(guards.iter().map(|guard| &guard.slot));
    given.for_each(|slot| need(&mut live, slot));
    let steps: Vec<Step<'_>> = record.steps().collect();
    for step in steps.into_iter().rev() {
        let (operation, elements) = match step {
            Step::Operation(operation) => (operation, 1),
            Step::Whole(whole, operation) => (operation, whole.results()),
        };
        let first = operation.result.index();
        if live[first..first + elements].contains(&true) {
            live[first..first + elements].fill(true);
            operation.operands.iter().for_each(|slot| need(&mut live, slot));
        }
    }
    live
}

/// What is kept of a record, and where each number is now.
struct Kept {
    /// The numbers that are kept negated.
    flipped: Vec<bool>,
    slots: Vec<Slot>,
    /// The negations of numbers, where there are any.
    negations: Vec<Option<Slot>>,
    constants: Vec<Option<Slot>>,
    record: Record,
}

impl Kept {
    fn operation(&mut self, before: &Trace, operation: &Operation<'_>) -> Slot {
        let Operation { row, operands, place, result } = *operation;
        match (row, operands) {
            (Numeric::Neg, [x]) => self.negation(before, *x, place),
            (_, [factor, other]) if self.flipped[result.index()] => {
                let operands = [self.negation(before, *factor, place), self.slot(before, *other)];
                self.record.push(row, &operands, place)
            }
            _ => {
                let operands: Vec<Slot> = operands.iter().map(|slot| self.slot(before, *slot)).collect();
                self.record.push(row, &operands, place)
            }
        }
    }

    fn whole(&mut self, before: &Trace, whole: Whole, operation: &Operation<'_>) {
        let operands: Vec<Slot> = operation.operands.iter().map(|slot| self.slot(before, *slot)).collect();
        let first = self.record.push_whole(whole, &operands, operation.place).index() as u32;
        self.slots.extend((first..).take(whole.results()).map(Slot::value));
    }

    fn slot(&mut self, before: &Trace, slot: Slot) -> Slot {
        match before.constant_at(slot) {
            Some(x) => *self.constants[slot.index()].get_or_insert_with(|| self.record.constant(x)),
            None => self.slots[slot.index()],
        }
    }

    fn negation(&mut self, before: &Trace, slot: Slot, place: u32) -> Slot {
        if let Some(x) = before.constant_at(slot) {
            return self.record.constant(-x);
        }
        let (i, now) = (slot.index(), self.slots[slot.index()]);
        if self.flipped[i] {
            return now;
        }
        *self.negations[i].get_or_insert_with(|| self.record.push(Numeric::Neg, &[now], place))
    }
}
