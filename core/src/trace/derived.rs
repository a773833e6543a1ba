//! Traces with gradients: the evaluator's sweep, written out as operations.
//!
//! A gradient is what the tape of an interpreted run gives, to the bit: from the result backward, operation by
//! operation, each operand that depends on an input asked for gets the cotangent times the row's partial; its first
//! share is taken as it is, each later one added to the sum. There is no derivative rule here: partials are the rows'
//! own formulas, written by running them ([`formula`](super::formula)), and an operation on whole matrices passes shares by
//! its rule, as [`Written`] has it. Nothing is reassociated; what is rewritten is
//! exact ([`numbered`](super::numbered)), and only after the order of sums is settled.

use super::{Operation, Record, Slot, Step, Trace, formula::Formula, numbered::Numbered, record::View};
use crate::prim::{Numeric, Scalar, Whole, whole::Written};
use std::cell::RefCell;

/// The most operands of a trace that is derived: what is written stays within the 32 bits that count them.
const MOST_OPERANDS: usize = 1 << 25;

impl Trace {
    /// The trace that gives its results and behind them the gradient of the one at `result` by the inputs `wrt`, in
    /// that order, under the same guards, each with the index it has. The results keep their bits; the gradient has
    /// those of the evaluator's tape, in double precision and in single. What the result does not depend on
    /// has the derivative 0.
    ///
    /// It is the tape of this trace: take it of the trace as it was recorded. Of one whose common operations are
    /// [merged](Self::merged), sums have another order.
    ///
    /// Of a `select` the side not taken gets nothing, not even a zero; where nothing comes to an input, its
    /// derivative is 0.
    ///
    /// `None` if there is no such result or input, the result is a truth value, or the trace is too long.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    ///
    /// let mut trace = Trace::new(2);
    /// let y = trace.push(Numeric::Mul, &[Slot::value(0), Slot::value(1)], 0);
    /// trace.give(vec![y]);
    /// let both = trace.with_gradient(0, &[0, 1]).expect("a number");
    /// assert_eq!(both.evaluate(&[3.0, 5.0]), Ok(vec![15.0, 5.0, 3.0]));
    /// ```
    pub fn with_gradient(&self, result: usize, wrt: &[usize]) -> Option<Self> {
        derived(self.view(), result, wrt).map(|record| record.trace)
    }
}

impl Record {
    /// The record with the gradient, as [`Trace::with_gradient`] has it; products are written out.
    ///
    /// ```
    /// use scheme_core::{prim::Whole, trace::{Record, Slot}};
    ///
    /// let mut record = Record::new(4);
    /// let y = record.push_whole(Whole::Det(2), &[0, 1, 2, 3].map(Slot::value), 0);
    /// record.give(vec![y]);
    /// let both = record.with_gradient(0, &[0, 1]).expect("a number");
    /// assert_eq!(both.evaluate(&[1.0, 2.0, 3.0, 4.0]), Ok(vec![-2.0, 4.0, -3.0]));
    /// ```
    pub fn with_gradient(&self, result: usize, wrt: &[usize]) -> Option<Self> {
        derived(self.without_products().view(), result, wrt)
    }
}

pub(super) fn derived(record: View<'_>, result: usize, wrt: &[usize]) -> Option<Record> {
    let trace = record.trace;
    let of = *trace.results.get(result)?;
    let known = wrt.iter().all(|i| *i < trace.inputs());
    if !known || trace.scalar(of) == Scalar::Bool || trace.operands.len() > MOST_OPERANDS {
        return None;
    }
    let mut written = Numbered::new(trace.inputs);
    let (slots, guards) = written.write(record);
    let written = RefCell::new(written);
    let mut sweep = Sweep {
        moves: moves(record, wrt),
        slots,
        cotangents: vec![None; trace.inputs() + trace.len()],
        written: &written,
    };
    let one = written.borrow_mut().constant(1.0);
    sweep.add(of, one, None);
    let steps: Vec<Step<'_>> = record.steps().collect();
    for step in steps.iter().rev() {
        match step {
            Step::Operation(operation) => sweep.pass(trace, operation),
            Step::Whole(whole, operation) => sweep.pass_whole(trace, *whole, operation),
        }
    }
    let mut results: Vec<Slot> = trace.results.iter().map(|slot| sweep.slot(trace, *slot)).collect();
    results.extend(wrt.iter().map(|i| sweep.derivative(*i)));
    drop(sweep);
    Some(written.into_inner().finish(guards, &results))
}

/// By input and number, whether it depends on the inputs `wrt` through partials that are not declared zeros.
fn moves(record: View<'_>, wrt: &[usize]) -> Vec<bool> {
    let mut moves = vec![false; record.trace.inputs()];
    wrt.iter().for_each(|i| moves[*i] = true);
    for step in record.steps() {
        match step {
            Step::Operation(operation) => {
                let moving = passing(&operation, &moves).next().is_some();
                moves.push(moving);
            }
            Step::Whole(whole, operation) => {
                let moving = operation.operands.iter().any(|slot| is_moving(*slot, &moves));
                moves.resize(moves.len() + whole.results(), moving);
            }
        }
    }
    moves
}

fn is_moving(slot: Slot, moves: &[bool]) -> bool {
    !slot.is_constant() && moves[slot.index()]
}

/// The operands that an operation passes derivatives to, by their index.
fn passing<'t>(operation: &Operation<'t>, moves: &'t [bool]) -> impl Iterator<Item = usize> + use<'t> {
    let operands = operation.operands.iter().zip(operation.has_partials()).enumerate();
    operands.filter(move |(_, (slot, has))| *has && is_moving(**slot, moves)).map(|(i, _)| i)
}

/// What came to a number.
#[derive(Clone, Copy)]
struct Cotangent {
    sum: Slot,
    /// The truth value that says whether anything did, where that is not certain. Where it is false the sum is -0, to
    /// which any share may be added without a trace.
    reached: Option<Slot>,
}

struct Sweep<'n> {
    moves: Vec<bool>,
    /// Where the numbers of the trace are in what is written.
    slots: Vec<Slot>,
    /// By number of the trace.
    cotangents: Vec<Option<Cotangent>>,
    written: &'n RefCell<Numbered>,
}

impl Sweep<'_> {
    fn row(&self, row: Numeric, operands: &[Slot]) -> Slot {
        self.written.borrow_mut().row(row, operands)
    }

    fn constant(&self, x: f64) -> Slot {
        self.written.borrow_mut().constant(x)
    }

    fn slot(&self, trace: &Trace, slot: Slot) -> Slot {
        self.written.borrow_mut().at(trace, &self.slots, slot)
    }

    /// Passes an operation's cotangent to its operands.
    fn pass(&mut self, trace: &Trace, operation: &Operation<'_>) {
        let Some(Cotangent { sum, reached }) = self.cotangents[operation.result.index()] else { return };
        let passing: Vec<usize> = passing(operation, &self.moves).collect();
        if passing.is_empty() {
            return;
        }
        self.written.borrow_mut().place = operation.place;
        let operands: Vec<Slot> = operation.operands.iter().map(|slot| self.slot(trace, *slot)).collect();
        if operation.row == Numeric::Select {
            for i in passing {
                let taken = if i == 1 { operands[0] } else { self.row(Numeric::Not, &operands[..1]) };
                let reached = reached.map_or(taken, |reached| self.row(Numeric::And, &[reached, taken]));
                self.add(operation.operands[i], sum, Some(reached));
            }
            return;
        }
        let at = |slot: Slot| Formula::at(self.written, slot);
        let x: Vec<Formula<'_>> = operands.iter().map(|slot| at(*slot)).collect();
        let partials = operation.row.partials(&x, at(self.slots[operation.result.index()]));
        // The tape's order of more than two operands is another, which no sum can tell: where `min` or `max` has an operand
        // twice, its shares are equal.
        for i in passing {
            let share = self.product(sum, partials[i].slot(self.written));
            self.add(operation.operands[i], share, reached);
        }
    }

    /// The same of one on whole matrices.
    fn pass_whole(&mut self, trace: &Trace, whole: Whole, operation: &Operation<'_>) {
        let first = operation.result.index();
        let elements = first..first + whole.results();
        let passes: Vec<bool> = operation.operands.iter().map(|slot| is_moving(*slot, &self.moves)).collect();
        if !passes.contains(&true) || self.cotangents[elements.clone()].iter().all(Option::is_none) {
            return;
        }
        self.written.borrow_mut().place = operation.place;
        let at = |slot: Slot| Formula::at(self.written, slot);
        let x: Vec<Formula<'_>> = operation.operands.iter().map(|slot| at(self.slot(trace, *slot))).collect();
        let y: Vec<Formula<'_>> = self.slots[elements.clone()].iter().map(|slot| at(*slot)).collect();
        let rule = Written::of(whole, &x, &y, passes.into_iter());
        let sums = rule.seeded(self.cotangents[elements].iter().copied());
        let mut shares = Vec::new();
        let add = |before, Cotangent { sum, reached }, by: Formula<'_>| {
            self.with(before, self.product(sum, by.slot(self.written)), reached)
        };
        rule.pull(sums, add, |i, Cotangent { sum, reached }, by| {
            shares.push((operation.operands[i], self.product(sum, by.slot(self.written)), reached));
        });
        shares.into_iter().for_each(|(to, share, reached)| self.add(to, share, reached));
    }

    /// A product, its sign carried out of it.
    fn product(&self, a: Slot, b: Slot) -> Slot {
        let [(a, minus), (b, also)] = [a, b].map(|x| self.signed(x));
        let product = self.row(Numeric::Mul, &[a, b]);
        if minus == also { product } else { self.row(Numeric::Neg, &[product]) }
    }

    /// A sum, signs taken into it.
    fn sum(&self, a: Slot, b: Slot) -> Slot {
        match [a, b].map(|x| self.signed(x)) {
            [(a, true), (b, true)] if a == b => {
                let twice = self.constant(-2.0);
                self.row(Numeric::Mul, &[a, twice])
            }
            [_, (b, true)] => self.row(Numeric::Sub, &[a, b]),
            [(a, true), _] => self.row(Numeric::Sub, &[b, a]),
            _ => self.row(Numeric::Add, &[a, b]),
        }
    }

    /// A number or what it is the negation of, and whether it is.
    fn signed(&self, slot: Slot) -> (Slot, bool) {
        self.written.borrow_mut().negated(slot).map_or((slot, false), |slot| (slot, true))
    }

    /// Adds to the cotangent of a number of the trace, where a truth value says so, or everywhere.
    fn add(&mut self, to: Slot, share: Slot, reached: Option<Slot>) {
        if !to.is_constant() {
            self.cotangents[to.index()] = Some(self.with(self.cotangents[to.index()], share, reached));
        }
    }

    /// What came to a number, with one share more.
    fn with(&self, before: Option<Cotangent>, share: Slot, reached: Option<Slot>) -> Cotangent {
        let share = reached.map_or(share, |reached| {
            let nothing = self.constant(-0.0);
            self.row(Numeric::Select, &[reached, share, nothing])
        });
        match before {
            None => Cotangent { sum: share, reached },
            Some(Cotangent { sum, reached: before }) => Cotangent {
                sum: self.sum(sum, share),
                reached: before.zip(reached).map(|(a, b)| self.row(Numeric::Or, &[a, b])),
            },
        }
    }

    /// The derivative by an input.
    fn derivative(&self, input: usize) -> Slot {
        let nothing = self.constant(0.0);
        match self.cotangents[input] {
            None => nothing,
            Some(Cotangent { sum, reached: None }) => sum,
            Some(Cotangent { sum, reached: Some(reached) }) => {
                self.row(Numeric::Select, &[reached, sum, nothing])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        prim::Numeric,
        trace::{Must, Slot, Trace},
    };

    /// `(if (< x 1) (* y (exp x)) 0)` at x below 1, and beside it `(/ x y)`.
    fn two() -> Trace {
        let mut trace = Trace::new(2);
        let (x, y) = (Slot::value(0), Slot::value(1));
        let one = trace.constant(1.0);
        let test = trace.push(Numeric::Less, &[x, one], 1);
        trace.guard(test, Must::Be(true), 1);
        let power = trace.push(Numeric::Exp, &[x], 2);
        let product = trace.push(Numeric::Mul, &[y, power], 3);
        let ratio = trace.push(Numeric::Div, &[x, y], 4);
        trace.give(vec![product, ratio]);
        trace
    }

    #[test]
    fn the_gradient_follows_the_results() {
        let (trace, e) = (two(), 0.5f64.exp());
        let both = trace.with_gradient(0, &[1, 0]).expect("a number");
        assert_eq!(both.evaluate(&[0.5, 4.0]).map(|all| all[..2].to_vec()), trace.evaluate(&[0.5, 4.0]));
        assert_eq!(both.evaluate(&[0.5, 4.0]).map(|all| all[2..].to_vec()), Ok(vec![e, 4.0 * e]));
        assert_eq!(both.evaluate(&[1.5, 4.0]), Err(0));
        // The exponential is shared.
        let powers = both.operations().filter(|operation| operation.row == Numeric::Exp).count();
        assert_eq!((powers, both.len()), (1, trace.len()), "{both}");
        let ratio = trace.with_gradient(1, &[0]).expect("a number");
        assert_eq!(ratio.evaluate(&[0.5, 4.0]).map(|all| all[2]), Ok(0.25));
    }

    #[test]
    fn what_is_no_number_of_its_has_no_gradient() {
        let mut trace = two();
        assert!(trace.with_gradient(2, &[0]).is_none());
        assert!(trace.with_gradient(0, &[2]).is_none());
        trace.give(vec![Slot::value(2)]);
        assert!(trace.with_gradient(0, &[0]).is_none());
    }

    #[test]
    fn results_that_are_inputs_or_constants_have_gradients() {
        let mut trace = Trace::new(2);
        let seven = trace.constant(7.0);
        trace.give(vec![Slot::value(1), seven]);
        let [input, constant] = [0, 1].map(|i| trace.with_gradient(i, &[0, 1]).expect("a number"));
        assert_eq!(input.evaluate(&[2.0, 3.0]), Ok(vec![3.0, 7.0, 0.0, 1.0]));
        assert_eq!(constant.evaluate(&[2.0, 3.0]), Ok(vec![3.0, 7.0, 0.0, 0.0]));
    }
}
