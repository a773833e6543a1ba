//! Traces of one program side by side, as one.

use super::{Must, Slot, Trace};
use crate::prim::{Numeric, Scalar};

impl Trace {
    /// The trace that gives what that one of `traces` gives whose guards all hold, to the bit, and guards that there is one.
    ///
    /// All operations of all run, so it is for short traces of the same inputs and as many results, numbers, which share
    /// what they have in common. `None` if they are not so, or one has a guard that is no truth value.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Must, Slot, Trace}};
    ///
    /// // (if (< x 0) (- x) (sqrt x))
    /// let side = |negative: bool, row: Numeric| {
    ///     let (mut trace, x) = (Trace::new(1), Slot::value(0));
    ///     let zero = trace.constant(0.0);
    ///     let test = trace.push(Numeric::Less, &[x, zero], 0);
    ///     trace.guard(test, Must::Be(negative), 0);
    ///     let y = trace.push(row, &[x], 0);
    ///     trace.give(vec![y]);
    ///     trace
    /// };
    /// let both = Trace::either(&[side(true, Numeric::Neg), side(false, Numeric::Sqrt)]).expect("alike");
    /// assert_eq!(both.evaluate(&[-2.0]), Ok(vec![2.0]));
    /// assert_eq!(both.evaluate(&[9.0]), Ok(vec![3.0]));
    /// ```
    pub fn either(traces: &[Self]) -> Option<Self> {
        let first = traces.first()?;
        let mut both = Self::new(first.inputs);
        let mut sides = Vec::with_capacity(traces.len());
        for trace in traces {
            let alike = trace.inputs == first.inputs && trace.results.len() == first.results.len();
            if !alike || trace.results.iter().any(|slot| trace.scalar(*slot) == Scalar::Bool) {
                return None;
            }
            sides.push(both.write(trace)?);
        }
        let (last, others) = sides.split_last()?;
        let (mut any, mut results) = last.clone();
        for (holds, side) in others.iter().rev() {
            any = both.push(Numeric::Or, &[*holds, any], 0);
            for (result, own) in results.iter_mut().zip(side) {
                *result = both.push(Numeric::Select, &[*holds, *own, *result], 0);
            }
        }
        both.guard(any, Must::Be(true), 0);
        both.give(results);
        Some(both.merged())
    }

    /// Writes the operations of another trace; gives whether its guards hold, and its results.
    fn write(&mut self, other: &Self) -> Option<(Slot, Vec<Slot>)> {
        let mut slots: Vec<Slot> = (0..self.inputs).map(Slot::value).collect();
        let at = |trace: &mut Self, slots: &[Slot], slot: Slot| match other.constant_at(slot) {
            Some(x) => trace.constant(x),
            None => slots[slot.index()],
        };
        for operation in other.operations() {
            let operands: Vec<Slot> = operation.operands.iter().map(|slot| at(self, &slots, *slot)).collect();
            slots.push(self.push(operation.row, &operands, operation.place));
        }
        let mut tests: Vec<(Slot, bool)> = Vec::new();
        for guard in &other.guards {
            let Must::Be(truth) = guard.must else { return None };
            let test = (at(self, &slots, guard.slot), truth);
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
        let tests = tests.into_iter().map(|(test, truth)| match truth {
            true => test,
            false => self.push(Numeric::Not, &[test], 0),
        });
        let tests: Vec<Slot> = tests.collect();
        let holds = tests.into_iter().reduce(|all, test| self.push(Numeric::And, &[all, test], 0))?;
        Some((holds, other.results.iter().map(|slot| at(self, &slots, *slot)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Bits;

    /// A path of two decisions, `x < 0` and `x < y`, that gives as many results as it has operands.
    fn path(decisions: [bool; 2], row: Numeric) -> Trace {
        let (mut trace, x, y) = (Trace::new(2), Slot::value(0), Slot::value(1));
        let zero = trace.constant(0.0);
        for (other, decision) in [zero, y].into_iter().zip(decisions) {
            let test = trace.push(Numeric::Less, &[x, other], 0);
            trace.guard(test, Must::Be(decision), 0);
        }
        let result = trace.push(row, &[x, y], 0);
        trace.give(vec![result, x]);
        trace
    }

    #[test]
    fn each_point_has_the_results_of_its_path() {
        let rows = [Numeric::Add, Numeric::Sub, Numeric::Mul];
        let decisions = [[true, true], [true, false], [false, true]];
        let paths: Vec<Trace> = decisions.into_iter().zip(rows).map(|(at, row)| path(at, row)).collect();
        let all = Trace::either(&paths).expect("alike");
        let edges = [0.0, -0.0, 1.0, -1.5, 3.0, f64::INFINITY, f64::NAN];
        for point in edges.iter().flat_map(|x| edges.map(|y| [*x, y])) {
            let wanted = paths.iter().find_map(|path| path.evaluate(&point).ok());
            let bits = |found: Vec<f64>| found.into_iter().map(f64::to_bits).collect::<Vec<_>>();
            assert_eq!(all.evaluate(&point).ok().map(bits), wanted.map(bits), "{point:?}");
        }
        // What is looked at on each path is looked at once.
        let tests = all.operations().filter(|operation| operation.row == Numeric::Less).count();
        assert_eq!(tests, 2);
    }

    #[test]
    fn two_paths_of_one_decision_leave_no_point_out() {
        let side = |below: bool| {
            let (mut trace, x) = (Trace::new(1), Slot::value(0));
            let zero = trace.constant(0.0);
            let test = trace.push(Numeric::Less, &[x, zero], 0);
            trace.guard(test, Must::Be(below), 0);
            let result = trace.push(if below { Numeric::Neg } else { Numeric::Square }, &[x], 0);
            trace.give(vec![result]);
            trace
        };
        let both = Trace::either(&[side(true), side(false)]).expect("alike");
        // The decision, the two sides, and the choice: that one of them holds is not computed.
        assert_eq!(both.len(), 4, "{both}");
        assert_eq!([-3.0, 3.0].map(|x| both.evaluate(&[x])), [Ok(vec![3.0]), Ok(vec![9.0])]);
    }

    #[test]
    fn what_is_not_alike_is_not_joined() {
        let one = path([true, true], Numeric::Add);
        let mut fewer = one.clone();
        fewer.give(vec![Slot::value(0)]);
        let mut looks = one.clone();
        looks.guard(Slot::value(0), Must::Equal(Bits::of(1.0)), 0);
        let mut truth = one.clone();
        truth.give(vec![Slot::value(2), Slot::value(0)]);
        for other in [fewer, looks, truth, Trace::new(1), Trace::new(2)] {
            assert_eq!(Trace::either(&[one.clone(), other]), None);
        }
        assert_eq!(Trace::either(&[]), None);
    }
}
