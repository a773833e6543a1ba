//! Traces up to renumbering.
//!
//! In a [`Numbering`] an operation is known by its row and what it is on, in whichever trace it stands, so that
//! two traces are the same where their [`Renumbered`] forms are equal. What IEEE arithmetic does not tell apart is one:
//! the order of two summands or factors, and −1·x, which is −x. What the traces have twice, or in vain, they should have been
//! [simplified](Trace::simplified) of before.

use crate::{
    prim::Numeric,
    trace::{Must, Slot, Trace},
};
use std::collections::HashMap;

/// A number of a trace in a numbering.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Name {
    Input(usize),
    /// The bits; all that is no number is one.
    Constant(u64),
    Operation(usize),
}

/// A trace in a numbering.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renumbered {
    /// In the order of their numbers.
    operations: Vec<Name>,
    guards: Vec<(Name, Must)>,
    results: Vec<Name>,
}

/// Numbers for the operations of any traces of the same inputs.
#[derive(Debug, Default)]
pub struct Numbering(HashMap<(Numeric, Vec<Name>), usize>);

impl Numbering {
    /// A trace in these numbers.
    pub fn of(&mut self, trace: &Trace) -> Renumbered {
        let mut names: Vec<Name> = (0..trace.inputs()).map(Name::Input).collect();
        let name = |names: &[Name], slot: Slot| match trace.constant_at(slot) {
            Some(x) => Name::Constant(if x.is_nan() { f64::NAN } else { x }.to_bits()),
            None => names[slot.index()],
        };
        for operation in trace.operations() {
            let operands = operation.operands.iter().map(|slot| name(&names, *slot)).collect();
            let (row, operands) = plain(operation.row, operands);
            let next = self.0.len();
            names.push(Name::Operation(*self.0.entry((row, operands)).or_insert(next)));
        }
        let guards = trace.guards().iter().map(|guard| (name(&names, guard.slot), guard.must)).collect();
        let results = trace.results().iter().map(|slot| name(&names, *slot)).collect();
        let mut operations = names.split_off(trace.inputs());
        operations.sort_unstable();
        Renumbered { operations, guards, results }
    }
}

/// One of the operations that are the same.
fn plain(row: Numeric, mut operands: Vec<Name>) -> (Numeric, Vec<Name>) {
    if matches!(row, Numeric::Add | Numeric::Mul) {
        operands.sort_unstable();
    }
    match operands[..] {
        [x, y] if row == Numeric::Mul => {
            let minus = Name::Constant((-1.0f64).to_bits());
            match (x == minus, y == minus) {
                (true, _) => (Numeric::Neg, vec![y]),
                (_, true) => (Numeric::Neg, vec![x]),
                _ => (row, operands),
            }
        }
        _ => (row, operands),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trace of two inputs: operations on inputs from 0, then their results; a guard on each truth value.
    fn trace(operations: &[(Numeric, &[u32])], result: u32) -> Trace {
        let mut trace = Trace::new(2);
        for (row, operands) in operations {
            let operands: Vec<Slot> = operands.iter().map(|i| Slot::value(*i)).collect();
            let slot = trace.push(*row, &operands, 0);
            if *row == Numeric::Less {
                trace.guard(slot, Must::Be(true), 0);
            }
        }
        trace.give(vec![Slot::value(result)]);
        trace
    }

    #[test]
    fn order_and_numbers_do_not_matter() {
        use Numeric::{Add, Less, Mul, Sin};
        let a = trace(&[(Sin, &[0]), (Less, &[0, 1]), (Mul, &[1, 2]), (Add, &[2, 4])], 5);
        let b = trace(&[(Less, &[0, 1]), (Sin, &[0]), (Mul, &[3, 1]), (Add, &[4, 3])], 5);
        let mut numbering = Numbering::default();
        assert_eq!(numbering.of(&a), numbering.of(&b));
    }

    #[test]
    fn all_else_does() {
        use Numeric::{Div, Less, Mul, Sin};
        let one = trace(&[(Sin, &[0]), (Less, &[0, 1]), (Div, &[2, 1])], 4);
        let others = [
            trace(&[(Sin, &[1]), (Less, &[0, 1]), (Div, &[2, 1])], 4),
            trace(&[(Sin, &[0]), (Less, &[1, 0]), (Div, &[2, 1])], 4),
            trace(&[(Sin, &[0]), (Less, &[0, 1]), (Div, &[1, 2])], 4),
            trace(&[(Sin, &[0]), (Less, &[0, 1]), (Mul, &[2, 1])], 4),
            trace(&[(Sin, &[0]), (Less, &[0, 1]), (Div, &[2, 1])], 2),
            trace(&[(Sin, &[0]), (Div, &[2, 1])], 3),
            trace(&[(Sin, &[0]), (Less, &[0, 1]), (Sin, &[1]), (Div, &[2, 1])], 5),
        ];
        let mut numbering = Numbering::default();
        let form = numbering.of(&one);
        for other in others {
            assert_ne!(numbering.of(&other), form, "{other}");
        }
    }

    #[test]
    fn a_product_with_minus_one_is_a_negation() {
        let (mut product, mut negation) = (Trace::new(1), Trace::new(1));
        let minus = product.constant(-1.0);
        let y = product.push(Numeric::Mul, &[Slot::value(0), minus], 0);
        product.give(vec![y]);
        let y = negation.push(Numeric::Neg, &[Slot::value(0)], 0);
        negation.give(vec![y]);
        let mut numbering = Numbering::default();
        assert_eq!(numbering.of(&product), numbering.of(&negation));
    }
}
