//! Which numbers of a trace have a derivative that is asked for.
//!
//! A number *moves* if it depends, through partials that are not declared zeros, on an input that derivatives are taken
//! by. It is *asked for* if a result depends on it so. Cotangents pass through what does both and through nothing else;
//! the rest costs nothing and can disturb nothing.

use scheme_core::{
    prim::Whole,
    trace::{Operation, Record, Slot, Step},
};

/// What moves and what is asked for, by input and operation.
pub(super) struct Flow {
    moves: Vec<bool>,
    asked: Vec<bool>,
}

impl Flow {
    pub(super) fn of(record: &Record, steps: &[Step<'_>], wrt: &[usize]) -> Self {
        let mut moves = vec![false; record.inputs()];
        wrt.iter().for_each(|i| moves.iter_mut().skip(*i).take(1).for_each(|moves| *moves = true));
        let mut flow = Self { moves, asked: vec![false; record.inputs() + record.len()] };
        for step in steps {
            match step {
                Step::Operation(operation) => {
                    let moves = open(operation).any(|(slot, open)| open && flow.moves(slot));
                    flow.moves.push(moves);
                }
                Step::Whole(whole, Operation { operands, .. }) => {
                    let moves: Vec<bool> = operands.iter().map(|slot| flow.moves(*slot)).collect();
                    flow.moves.extend(match *whole {
                        Whole::Product { m, n, p } => {
                            let moves = |element| factors([m, n, p], element).any(|i| moves[i]);
                            (0..whole.results()).map(moves).collect()
                        }
                        _ => vec![moves.contains(&true); whole.results()],
                    });
                }
            }
        }
        for slot in record.results().iter().filter(|slot| !slot.is_constant()) {
            flow.asked[slot.index()] = true;
        }
        for step in steps.iter().rev() {
            match step {
                Step::Operation(operation) if flow.passes(operation.result) => {
                    open(operation).filter(|(_, open)| *open).for_each(|(slot, _)| flow.ask(slot));
                }
                Step::Operation(_) => {}
                Step::Whole(whole, operation) => {
                    let asked = flow.elements(*whole, operation.result);
                    let mut elements = (0..asked.len()).filter(|element| asked[*element]);
                    match *whole {
                        Whole::Product { m, n, p } => elements.for_each(|element| {
                            factors([m, n, p], element).for_each(|i| flow.ask(operation.operands[i]));
                        }),
                        // Each may depend on all.
                        _ if elements.next().is_some() => {
                            operation.operands.iter().for_each(|slot| flow.ask(*slot));
                        }
                        _ => {}
                    }
                }
            }
        }
        flow
    }

    fn moves(&self, slot: Slot) -> bool {
        !slot.is_constant() && self.moves[slot.index()]
    }

    fn ask(&mut self, slot: Slot) {
        if self.moves(slot) {
            self.asked[slot.index()] = true;
        }
    }

    /// By element of what an operation on matrices gives, the first of which has this slot, whether cotangents pass through it.
    pub(super) fn elements(&self, whole: Whole, first: Slot) -> Vec<bool> {
        let slot = |i: usize| Slot::value((first.index() + i) as u32);
        (0..whole.results()).map(|i| self.passes(slot(i))).collect()
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

/// The operands of an element of a product, by their index.
fn factors(sizes: [u32; 3], element: usize) -> impl Iterator<Item = usize> {
    let [m, n, p] = sizes.map(|size| size as usize);
    let (row, column) = (element / p, element % p);
    (0..n).map(move |k| row * n + k).chain((0..n).map(move |k| m * n + k * p + column))
}
