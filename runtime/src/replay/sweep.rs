//! Derivatives along what ran: tangents forward and cotangents backward, by the partials of the operations.
//!
//! Of a row no more is asked than what its partials are: those of sums, products and quotients are at hand, the others were
//! kept by the way forward. A run is one of three loops, for a derivative by the first operand, the second, or both. Sums
//! are those of the evaluator's tape: backward the last operation first, and of an operation the first operand first. What
//! nothing reaches passes nothing, be its partials infinite. As a rule that is known when the code is built. Where it is
//! not, because a `select` takes a side or only some results have a cotangent, the sweep is *careful*, and asks each
//! cotangent.

use super::{
    code::{Act, Code, Op, Partial},
    precision::{NOTHING, Partials, Precision, is_some},
    whole, wide,
};

/// Runs a body for the partials of a row: `partial(i, op, k)` is that of the run's operation `i`, whose result is in slot
/// `at + i`, by the operand `k`.
macro_rules! with_partials {
    ($P:ty, $row:expr, $values:expr, $at:expr, $kept:expr, $partial:ident => $body:expr) => {{
        let read = |slot: u32| <$P>::read($values[slot as usize]);
        match Partial::of($row) {
            Partial::Other => {
                let $partial = |_: usize, op: Op, k: usize| read(op[1 - k]);
                $body
            }
            Partial::Quotient => {
                let $partial = |i: usize, op: Op, k: usize| {
                    let inverse = read(op[1]).recip();
                    if k == 0 { inverse } else { -(<$P>::read($values[$at + i]) * inverse) }
                };
                $body
            }
            Partial::One => {
                let $partial = |_: usize, _: Op, _: usize| <$P>::lit(1.0);
                $body
            }
            Partial::Signs => {
                let $partial = |_: usize, _: Op, k: usize| <$P>::lit(if k == 0 { 1.0 } else { -1.0 });
                $body
            }
            Partial::Minus => {
                let $partial = |_: usize, _: Op, _: usize| <$P>::lit(-1.0);
                $body
            }
            Partial::Kept => {
                let $partial = |i: usize, _: Op, k: usize| <$P>::read($kept[i][k]);
                $body
            }
        }
    }};
}

/// Cotangents of the inputs, where those of the results are in `cotangents`.
pub(super) fn backward<P: Precision, const CAREFUL: bool>(
    code: &Code,
    values: &[f64],
    partials: &[Partials],
    cotangents: &mut [f64],
) {
    let (mut at, mut end, mut kept) = (code.slots, code.ops.len(), code.kept);
    for run in code.runs.iter().rev() {
        let start = end - run.len as usize;
        let ops = &code.ops[start..end];
        end = start;
        if run.act.is_guard() {
            continue;
        }
        at -= ops.len();
        kept -= run.kept();
        let back = Back { ops, at, passes: run.passes };
        match run.act {
            _ if run.passes == 0 => {}
            Act::Row(row) => {
                let partials = &partials[kept..kept + run.kept()];
                with_partials!(P, row, values, at, partials, partial => {
                    back.pass::<P, CAREFUL>(cotangents, partial);
                });
            }
            Act::Wide(row) => {
                wide::backward::<P, CAREFUL>(row, values, cotangents, (&code.wide, ops, at));
            }
            Act::Whole => {
                whole::backward::<P, CAREFUL>(&code.wholes, values, cotangents, (ops, at));
            }
            _ => {}
        }
    }
}

/// A run on the way back, whose results are from slot `at` on.
#[derive(Clone, Copy)]
struct Back<'a> {
    ops: &'a [Op],
    at: usize,
    passes: u8,
}

impl Back<'_> {
    /// Passes cotangents to operands, by the partial of an operation, which has a number in the run, by an operand.
    #[inline(always)]
    fn pass<P: Precision, const CAREFUL: bool>(
        self,
        cotangents: &mut [f64],
        partial: impl Fn(usize, Op, usize) -> P,
    ) {
        match self.passes {
            1 => self.pass_to::<P, 1, CAREFUL>(cotangents, partial),
            2 => self.pass_to::<P, 2, CAREFUL>(cotangents, partial),
            _ => self.pass_to::<P, 3, CAREFUL>(cotangents, partial),
        }
    }

    /// The same, to operands by the bits of `PASSES`.
    #[inline(always)]
    fn pass_to<P: Precision, const PASSES: u8, const CAREFUL: bool>(
        self,
        cotangents: &mut [f64],
        partial: impl Fn(usize, Op, usize) -> P,
    ) {
        for (i, op) in self.ops.iter().enumerate().rev() {
            let cotangent = cotangents[self.at + i];
            if CAREFUL && !is_some(cotangent) {
                continue;
            }
            let mut k = 0;
            while k < 2 {
                if PASSES & (1 << k) != 0 {
                    add::<P, CAREFUL>(cotangents, op[k], P::read(cotangent) * partial(i, *op, k));
                }
                k += 1;
            }
        }
    }
}

/// Adds to the cotangent of a slot.
#[inline(always)]
pub(super) fn add<P: Precision, const CAREFUL: bool>(cotangents: &mut [f64], slot: u32, share: P) {
    let sum = &mut cotangents[slot as usize];
    *sum = if CAREFUL && !is_some(*sum) { share } else { P::read(*sum) + share }.write();
}

/// Tangents of the results, where those of inputs and constants are in `tangents`.
pub(super) fn tangents<P: Precision>(
    code: &Code,
    values: &[f64],
    partials: &[Partials],
    tangents: &mut [f64],
) {
    let (mut at, mut start, mut kept) = (code.first, 0, 0);
    for run in &code.runs {
        let end = start + run.len as usize;
        let ops = &code.ops[start..end];
        start = end;
        let partials = &partials[kept..kept + run.kept()];
        kept += run.kept();
        match run.act {
            Act::Whole if run.passes != 0 => {
                whole::tangents::<P>(&code.wholes, values, tangents, (ops, at));
            }
            Act::Wide(row) if run.passes != 0 => {
                wide::tangents::<P>(row, values, tangents, (&code.wide, ops, at));
            }
            Act::Row(row) if run.passes != 0 => {
                with_partials!(P, row, values, at, partials, partial => {
                    for (i, op) in ops.iter().enumerate() {
                        let mut sum: Option<P> = None;
                        for k in 0..2 {
                            if run.passes & (1 << k) != 0 && is_some(tangents[op[k] as usize]) {
                                let share = P::read(tangents[op[k] as usize]) * partial(i, *op, k);
                                sum = Some(sum.map_or(share, |sum| sum + share));
                            }
                        }
                        tangents[at + i] = sum.map_or(NOTHING, P::write);
                    }
                });
            }
            act if act.is_guard() => continue,
            _ => tangents[at..at + ops.len()].fill(NOTHING),
        }
        at += ops.len();
    }
}
