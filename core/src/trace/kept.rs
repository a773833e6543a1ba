//! What is kept of a trace: what its results and guards need, with as few changes of sign as that takes.

use super::{Guard, Operation, Slot, Trace, numbered::NONE, signs};
use crate::prim::Numeric;

/// The trace with other guards and results, less the operations that none of them needs. Guards keep their order.
pub(super) fn kept(trace: &Trace, mut guards: Vec<Guard>, results: &[Slot]) -> Trace {
    let live = live(trace, &guards, results);
    let given = results.iter().chain(guards.iter().map(|guard| &guard.slot));
    let mut kept = Kept {
        flipped: signs::flipped(trace, &live, given),
        slots: (0..trace.inputs).map(Slot::value).collect(),
        negations: vec![None; live.len()],
        constants: vec![None; trace.constants.len()],
        trace: Trace::new(trace.inputs),
    };
    // How many operations are kept of the first so many.
    let mut counts = vec![0];
    for operation in trace.operations() {
        let slot = if live[operation.result.index()] { kept.operation(trace, &operation) } else { NONE };
        kept.slots.push(slot);
        counts.push(kept.trace.len() as u32);
    }
    for guard in &mut guards {
        guard.slot = kept.slot(trace, guard.slot);
        guard.after = counts.get(guard.after as usize).copied().unwrap_or(guard.after);
    }
    let results = results.iter().map(|slot| kept.slot(trace, *slot)).collect();
    kept.trace.guards = guards;
    kept.trace.give(results);
    kept.trace
}

/// By input and operation, whether a result or a guard needs it.
fn live(trace: &Trace, guards: &[Guard], results: &[Slot]) -> Vec<bool> {
    let mut live = vec![false; trace.inputs() + trace.len()];
    let need = |live: &mut [bool], slot: &Slot| {
        if !slot.is_constant() {
            live[slot.index()] = true;
        }
    };
    let given = results.iter().chain(guards.iter().map(|guard| &guard.slot));
    given.for_each(|slot| need(&mut live, slot));
    for operation in trace.operations().rev() {
        if live[operation.result.index()] {
            operation.operands.iter().for_each(|slot| need(&mut live, slot));
        }
    }
    live
}

/// What is kept of a trace, and where each number is now.
struct Kept {
    /// The numbers that are kept negated.
    flipped: Vec<bool>,
    slots: Vec<Slot>,
    /// The negations of numbers, where there are any.
    negations: Vec<Option<Slot>>,
    constants: Vec<Option<Slot>>,
    trace: Trace,
}

impl Kept {
    fn operation(&mut self, before: &Trace, operation: &Operation<'_>) -> Slot {
        let Operation { row, operands, place, result } = *operation;
        match (row, operands) {
            (Numeric::Neg, [x]) => self.negation(before, *x, place),
            (_, [factor, other]) if self.flipped[result.index()] => {
                let operands = [self.negation(before, *factor, place), self.slot(before, *other)];
                self.trace.push(row, &operands, place)
            }
            _ => {
                let operands: Vec<Slot> = operands.iter().map(|slot| self.slot(before, *slot)).collect();
                self.trace.push(row, &operands, place)
            }
        }
    }

    fn slot(&mut self, before: &Trace, slot: Slot) -> Slot {
        match before.constant_at(slot) {
            Some(x) => *self.constants[slot.index()].get_or_insert_with(|| self.trace.constant(x)),
            None => self.slots[slot.index()],
        }
    }

    fn negation(&mut self, before: &Trace, slot: Slot, place: u32) -> Slot {
        if let Some(x) = before.constant_at(slot) {
            return self.trace.constant(-x);
        }
        let (i, now) = (slot.index(), self.slots[slot.index()]);
        if self.flipped[i] {
            return now;
        }
        *self.negations[i].get_or_insert_with(|| self.trace.push(Numeric::Neg, &[now], place))
    }
}
