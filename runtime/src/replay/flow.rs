//! Which numbers of a trace have a derivative that is asked for.
//!
//! A number *moves* if it depends, through partials that are not declared zeros, on an input that derivatives are taken
//! by. It is *asked for* if a result depends on it so. Cotangents pass through what does both and through nothing else;
//! the rest costs nothing and can disturb nothing.

use scheme_core::trace::{Operation, Slot, Trace};

/// What moves and what is asked for, by input and operation.
pub(super) struct Flow {
    moves: Vec<bool>,
    asked: Vec<bool>,
}

impl Flow {
    pub(super) fn of(trace: &Trace, operations: &[Operation<'_>], wrt: &[usize]) -> Self {
        let mut moves = vec![false; trace.inputs()];
        wrt.iter().for_each(|i| moves.iter_mut().skip(*i).take(1).for_each(|moves| *moves = true));
        let mut flow = Self { moves, asked: vec![false; trace.inputs() + operations.len()] };
        for operation in operations {
            let moves = open(operation).any(|(slot, open)| open && flow.moves(slot));
            flow.moves.push(moves);
        }
        for slot in trace.results().iter().filter(|slot| !slot.is_constant()) {
            flow.asked[slot.index()] = true;
        }
        for operation in operations.iter().rev() {
            if flow.passes(operation.result) {
                for (slot, open) in open(operation) {
                    if open && flow.moves(slot) {
                        flow.asked[slot.index()] = true;
                    }
                }
            }
        }
        flow
    }

    fn moves(&self, slot: Slot) -> bool {
        !slot.is_constant() && self.moves[slot.index()]
    }

    /// Whether cotangents pass through a number.
    pub(super) fn passes(&self, slot: Slot) -> bool {
        self.moves(slot) && self.asked[slot.index()]
    }

    /// Whether an operation passes its cotangent on, by operand.
    pub(super) fn passing(&self, operation: &Operation<'_>) -> impl Iterator<Item = bool> {
        let here = self.passes(operation.result);
        open(operation).map(move |(slot, open)| here && open && self.moves(slot))
    }
}

/// The operands of an operation, and whether it has partials by them that are not declared zeros.
fn open<'t>(operation: &Operation<'t>) -> impl Iterator<Item = (Slot, bool)> + use<'t> {
    operation.operands.iter().copied().zip(operation.has_partials())
}
