//! Traces that owe nothing to the evaluator: what the reference evaluation of a program does with numbers.
//!
//! [`Recorded`] is a real that writes what is done with it into the thread's trace. The naive evaluation of a program
//! on it, straight from the kernel form and with its own gradients in reverse, leaves the trace that the machine's is compared with. Rows that are formulas
//! of others are written as those others, and a truth value is a decision as soon as it is there;
//! [`written_out`] does the same to any trace, so that both can be equal. A number that is looked at, as an index is, is a decision too.
//!
//! [`folded`] does what a run does to a graph for all runs: operations on constants.

use super::{
    nested::Nested,
    program::{self, Fault, Mode, Value},
};
use crate::{
    kernel::Program,
    prim::{Numeric, Operand},
    real::Real,
    trace::{Bits, Must, Slot, Trace},
};
use std::cell::RefCell;

thread_local! {
    static TRACE: RefCell<Trace> = RefCell::default();
}

/// A number that records what is done with it.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    v: f64,
    /// None for a constant.
    slot: Option<Slot>,
}

impl Recorded {
    fn slot(self, trace: &mut Trace) -> Slot {
        self.slot.unwrap_or_else(|| trace.constant(self.v))
    }

    fn push<const K: usize>(row: Numeric, operands: [Self; K]) -> Option<Slot> {
        operands.iter().any(|x| x.slot.is_some()).then(|| {
            TRACE.with_borrow_mut(|trace| {
                let slots = operands.map(|x| x.slot(trace));
                trace.push(row, &slots, 0)
            })
        })
    }

    fn apply<const K: usize>(row: Numeric, operands: [Self; K]) -> Self {
        let v = match row.apply(&operands.map(|x| Operand::Real(x.v))) {
            Some(Operand::Real(y)) => y,
            _ => f64::NAN,
        };
        Self { v, slot: Self::push(row, operands) }
    }

    fn test<const K: usize>(row: Numeric, operands: [Self; K]) -> bool {
        let outcome = matches!(row.apply(&operands.map(|x| Operand::Real(x.v))), Some(Operand::Bool(true)));
        if let Some(slot) = Self::push(row, operands) {
            TRACE.with_borrow_mut(|trace| trace.guard(slot, Must::Be(outcome), 0));
        }
        outcome
    }
}

crate::operators_by_rows! { impl [] Recorded, Self::apply }

impl Real for Recorded {
    crate::real_of_one! {}

    /// Who looks at it goes on by it.
    fn primal(self) -> f64 {
        if let Some(slot) = self.slot {
            TRACE.with_borrow_mut(|trace| trace.guard(slot, Must::Equal(Bits::of(self.v)), 0));
        }
        self.v
    }

    fn lit(x: f64) -> Self {
        Self { v: x, slot: None }
    }

    crate::real_by_rows! { Self::apply, Self::test }
}

/// What `run` does with that many inputs.
fn recording<E>(
    inputs: &[f64],
    run: impl FnOnce(Vec<Recorded>) -> Result<Vec<Recorded>, E>,
) -> Result<Trace, E> {
    TRACE.set(Trace::new(inputs.len() as u32));
    let inputs = (0..).zip(inputs).map(|(i, x)| Recorded { v: *x, slot: Some(Slot::value(i)) });
    let results = run(inputs.collect())?;
    let mut trace = TRACE.take();
    let results = results.into_iter().map(|x| x.slot(&mut trace)).collect();
    trace.give(results);
    Ok(trace)
}

/// The trace of a program at numbers, of which the results are those of its value, in the order in which it is written.
///
/// # Errors
/// The error that the program meets.
pub fn record(program: &Program, inputs: &[f64]) -> Result<Trace, Fault> {
    recording(inputs, |inputs| {
        let inputs: Vec<_> = inputs.into_iter().map(|x| Value::Number(Nested::Constant(x))).collect();
        let mut numbers = Vec::new();
        let mut left = vec![program::evaluate_in(Mode::Reverse, program, &inputs)?];
        while let Some(value) = left.pop() {
            match value {
                Value::Number(x) => numbers.push(x.value()),
                Value::Pair(pair) => left.extend([pair.1, pair.0]),
                Value::Vector(items) | Value::Several(items) => left.extend(items.iter().rev()),
                Value::Numbers(items) => numbers.extend(items.iter().map(|x| x.value())),
                Value::Matrix(rows) => numbers.extend(rows.iter().copied().flatten().map(|x| x.value())),
                _ => {}
            }
        }
        Ok(numbers)
    })
}

/// A trace in the rows that its rows are formulas of, with a guard for every truth value.
///
/// # Errors
/// A guard that does not hold at these inputs, by its index.
pub fn written_out(trace: &Trace, inputs: &[f64]) -> Result<Trace, usize> {
    recording(inputs, |inputs| trace.evaluate(&inputs))
}

/// A trace with its operations on constants done.
pub fn folded(trace: &Trace) -> Trace {
    let mut folded = Trace::new(trace.inputs() as u32);
    let mut slots: Vec<Slot> = (0..trace.inputs() as u32).map(Slot::value).collect();
    let renamed = |folded: &mut Trace, slots: &[Slot], slot: Slot| match trace.constant_at(slot) {
        Some(x) => folded.constant(x),
        None => slots[slot.index()],
    };
    for operation in trace.operations() {
        let operands: Vec<Slot> =
            operation.operands.iter().map(|slot| renamed(&mut folded, &slots, *slot)).collect();
        let known = operands.iter().map(|slot| folded.constant_at(*slot).map(Operand::Real));
        let known: Option<Vec<Operand<f64>>> = known.collect();
        let value = known.and_then(|known| operation.row.apply(&known));
        slots.push(match value {
            Some(Operand::Real(y)) => folded.constant(y),
            _ => folded.push(operation.row, &operands, operation.place),
        });
    }
    for guard in trace.guards() {
        let slot = renamed(&mut folded, &slots, guard.slot);
        folded.guard(slot, guard.must, guard.place);
    }
    let results = trace.results().iter().map(|slot| renamed(&mut folded, &slots, *slot)).collect();
    folded.give(results);
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel::desugar, reader::read};

    fn recorded(text: &str, inputs: &[f64]) -> Trace {
        let (program, _) = desugar(&read(text).0);
        record(&program.expect("a program"), inputs).expect("a value")
    }

    #[test]
    fn what_a_run_did_is_written_down() {
        let text = "(let loop ((i 0) (y x)) (if (< i 2) (loop (+ i 1) (* k y y)) y))";
        let trace = recorded(text, &[0.5, 3.0]);
        assert_eq!(
            trace.to_string(),
            "trace(v0, v1) {\n  v2: real = mul v1 v0\n  v3: real = mul v2 v0\n  v4: real = mul v1 v3\n  v5: real = mul v4 v3\n  give v5\n}\n"
        );
        assert_eq!(trace.evaluate(&[0.5, 3.0]), Ok(vec![1.6875]));
    }

    #[test]
    fn decisions_are_guards() {
        let trace = recorded("(if (< x 1) (list x (+ x 1)) (list (exp x)))", &[0.5]);
        assert_eq!((trace.guards().len(), trace.results().len()), (1, 2));
        assert_eq!((trace.evaluate(&[0.75]), trace.evaluate(&[1.0])), (Ok(vec![0.75, 1.75]), Err(0)));
    }

    #[test]
    fn rows_are_written_out() {
        let mut trace = Trace::new(1);
        let cube = trace.push(Numeric::Cube, &[Slot::value(0)], 7);
        trace.give(vec![cube]);
        assert_eq!(written_out(&trace, &[2.0]), Ok(recorded("(* x x x)", &[2.0])));
    }

    #[test]
    fn what_is_looked_at_is_guarded() {
        let trace = recorded("(vector-ref (vector x (* x x)) n)", &[3.0, 1.0]);
        assert_eq!((trace.evaluate(&[2.0, 1.0]), trace.evaluate(&[2.0, 0.0])), (Ok(vec![4.0]), Err(0)));
        assert_eq!(written_out(&trace, &[3.0, 1.0]), Ok(trace));
    }

    #[test]
    fn gradients_go_back() {
        let trace = recorded("((grad (lambda (y) (* y (sin y)))) x)", &[0.5]).simplified();
        assert_eq!(
            trace.to_string(),
            "trace(v0) {\n  v1: real = sin v0\n  v2: real = cos v0\n  v3: real = mul v0 v2\n  v4: real = add v1 v3\n  give v4\n}\n"
        );
    }

    #[test]
    fn operations_on_constants_are_done() {
        let mut trace = Trace::new(1);
        let [two, three] = [2.0, 3.0].map(|x| trace.constant(x));
        let six = trace.push(Numeric::Mul, &[two, three], 1);
        let y = trace.push(Numeric::Add, &[six, Slot::value(0)], 2);
        trace.guard(y, Must::Equal(Bits::of(7.0)), 3);
        trace.give(vec![y, six]);
        assert_eq!(
            folded(&trace).to_string(),
            "trace(v0) {\n  v1: real = add 6.0 v0\n  guard v1 is 7\n  give v1 6.0\n}\n"
        );
    }
}
