//! Direct islands in a run: procedures whose direct code the machine runs as one step.
//!
//! The guard of such a procedure asks [`Machine::island`] for its value. There is one if no limits are set, since
//! direct code counts no steps, if all operands are numbers and no error comes up, and if the only derivative
//! taken of them is the first one that the host takes, in a run that is not recorded. Otherwise nothing has happened, and the procedure's blocks
//! run: they report an error at its place, and record what derivatives of derivatives need. A derivative that the
//! program takes is part of its value, which has the same bits with and without derivatives of it: it is
//! summed as the blocks' record is.
//!
//! A number with a derivative is one operation on the tape, with the island's own gradient as partials. A partial
//! that is 0 is not recorded: what the run did not depend on stays apart, as it does in blocks.
//!
//! In a run on `f32` blocks round what operations read and give, and direct code every number. Where a number that
//! `f32` has not could come out as it went in, blocks run.

use super::{Limits, Machine};
use crate::{tape::Node, value::Value};
use scheme_core::real::Real;

/// The direct code of a procedure, as emitted. Nothing is given where it would fail.
pub trait Island<const N: usize> {
    /// Whether `f32` has all literals that may be given without an operation.
    const EXACT: bool;
    /// The value at numbers.
    fn value<T: Real<Mask = bool>>(x: [T; N]) -> Option<T>;
    /// The value, and the partial derivatives by all of them.
    fn gradient<T: Real<Mask = bool>>(x: [T; N]) -> Option<(T, [T; N])>;
}

impl Machine {
    /// Whether the run, which is recorded, came by an island whose derivatives runs that are not recorded may take.
    pub(crate) fn met_island(&self) -> bool {
        self.met_island
    }

    /// An island's value at operands; `#f` if the blocks are to run.
    pub fn island<I: Island<N>, const N: usize>(&mut self, operands: [Value; N]) -> Value {
        self.given::<I, N>(&operands).unwrap_or(Value::bool(false))
    }

    fn given<I: Island<N>, const N: usize>(&mut self, operands: &[Value; N]) -> Option<Value> {
        if self.is_recording() {
            self.met_island |= operands.iter().any(|x| x.is_active());
        }
        if self.limits != Limits::NONE || !operands.iter().all(|x| x.is_number()) {
            return None;
        }
        let tapes = self.tapes.get_mut();
        let x = operands.map(Value::primal);
        let level = operands.iter().map(|x| x.node().level).max().unwrap_or(0);
        let single = tapes.is_single();
        if single && !(I::EXACT && x.iter().all(|x| x.is_nan() || f64::from(*x as f32) == *x)) {
            return None;
        }
        if level == 0 {
            let y = if single { I::value(x.map(|x| x as f32)).map(f64::from) } else { I::value(x) };
            return y.map(Value::num);
        }
        if !tapes.is_first_of_host(level)
            || !tapes.is_flat(level)
            || operands.iter().any(|x| x.is_active() && x.node().level != level)
        {
            return None;
        }
        let (y, partials) = if single {
            let (y, partials) = I::gradient(x.map(|x| x as f32))?;
            (f64::from(y), partials.map(f64::from))
        } else {
            I::gradient(x)?
        };
        let passing = operands.iter().zip(partials).filter(|(_, partial)| *partial != 0.0);
        match tapes.record(level, passing.map(|(x, partial)| (x.node().entry, partial))) {
            Ok(0) => Some(Value::num(y)),
            Ok(entry) => Some(Value::dual(y, Node { level, entry })),
            Err(_) => None,
        }
    }
}
