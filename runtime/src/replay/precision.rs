//! The numbers that a replay computes with.
//!
//! Slots hold `f64`s. In single precision operands are rounded as they are read and what an operation gives is widened as
//! it is written, which is what the machine does; what no operation gave stays as it is.
//!
//! Whether a number moves, and whether a cotangent was reached, is in the same bits: a signaling nan says no. No
//! arithmetic gives one, so that it is never taken for a computed number.

use super::{
    code::Op,
    strand::{Round, Step},
};
use scheme_core::{prim::Numeric, real::Real};
use std::slice::from_ref;

/// What an operation passes to its operands.
pub(super) type Partials = [f64; 2];

/// No tangent, no cotangent.
pub(super) const NOTHING: f64 = f64::from_bits(0x7ff4_0000_6e6f_6e65);

/// Whether a tangent or cotangent is other than [`NOTHING`].
#[inline(always)]
pub(super) fn is_some(x: f64) -> bool {
    x.to_bits() != NOTHING.to_bits()
}

/// A tangent or cotangent of the caller's, which is never [`NOTHING`].
pub(super) fn given(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}

/// A precision, and how operations of one row run in it.
pub(super) trait Precision: Real<Mask = bool> {
    /// Reads a slot.
    fn read(x: f64) -> Self;
    /// What a slot holds.
    fn write(self) -> f64;

    /// Computes operations of a row, from slot `at` on.
    fn values(row: Numeric, values: &mut [f64], ops: &[Op], at: usize);
    /// The same of a line: each operation but the first goes on from what the one before it gives.
    fn line(row: Numeric, values: &mut [f64], ops: &[Op], at: usize) {
        Self::values(row, values, ops, at);
    }
    /// Computes the operations of a strand.
    fn strand(steps: &[Step], values: &mut [f64], ops: &[Op], at: usize) {
        for ((op, step), at) in ops.iter().zip(steps).zip(at..) {
            Self::values(step.row(), values, from_ref(op), at);
        }
    }
    /// Computes operations of rounds.
    fn rounds(round: Round, values: &mut [f64], ops: &[Op], at: usize) {
        for (k, op) in ops.iter().enumerate() {
            Self::values(round.step(k).row(), values, from_ref(op), at + k);
        }
    }
    /// The same as of any, and the partials by operands as the bits of `passes` say, of which some is set.
    fn partials(
        row: Numeric,
        passes: u8,
        values: &mut [f64],
        partials: &mut [Partials],
        ops: &[Op],
        at: usize,
    );
    /// Whether a predicate holds of all, or of none; `beside`: the first operand of all is one number.
    fn all_are(row: Numeric, must: bool, beside: bool, values: &[f64], ops: &[Op]) -> bool;

    /// Whether a slot holds a truth value that is true.
    #[inline(always)]
    fn is_true(x: f64) -> bool {
        Self::read(x).primal() != 0.0
    }
}

/// A truth value in a slot.
#[inline(always)]
pub(super) fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}
