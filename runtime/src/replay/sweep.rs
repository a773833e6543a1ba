//! Derivatives along what ran: tangents forward and cotangents backward, by the partials that the way forward left.
//!
//! Rows are not looked at any more: a run is one of three loops, for a derivative by the first operand, the second, or
//! both. Sums are those of the evaluator's tape: backward the last operation first, and of an operation the first operand
//! first. What nothing reaches passes nothing, be its partials infinite. As a rule that is known when the code is built.
//! Where it is not, because a `select` takes a side or only some results have a cotangent, the sweep is *careful*, and
//! asks each cotangent.

use super::{
    code::{Act, Code, Op},
    precision::{NOTHING, Partials, Precision, is_some},
    product, wide,
};

/// Cotangents of the inputs, where those of the results are in `cotangents`.
pub(super) fn backward<P: Precision, const CAREFUL: bool>(
    code: &Code,
    values: &[f64],
    partials: &[Partials],
    cotangents: &mut [f64],
) {
    let (mut at, mut end) = (code.slots, code.ops.len());
    for run in code.runs.iter().rev() {
        let start = end - run.len as usize;
        let (ops, partials) = (&code.ops[start..end], &partials[start..end]);
        end = start;
        if run.act.is_guard() {
            continue;
        }
        at -= ops.len();
        match (run.act, run.passes) {
            (Act::Wide(row), 1) => {
                wide::backward::<P, CAREFUL>(row, values, cotangents, (&code.wide, ops, at));
            }
            (Act::Product, 1) => {
                product::backward::<P, CAREFUL>(&code.products, values, cotangents, (ops, at));
            }
            (_, 1) => pass::<P, 1, CAREFUL>(ops, partials, cotangents, at),
            (_, 2) => pass::<P, 2, CAREFUL>(ops, partials, cotangents, at),
            (_, 3) => pass::<P, 3, CAREFUL>(ops, partials, cotangents, at),
            _ => {}
        }
    }
}

/// The cotangents of operations, from slot `at` on, to their operands by the bits of `PASSES`.
#[inline(always)]
fn pass<P: Precision, const PASSES: u8, const CAREFUL: bool>(
    ops: &[Op],
    partials: &[Partials],
    cotangents: &mut [f64],
    at: usize,
) {
    for ((op, partials), at) in ops.iter().zip(partials).zip(at..at + ops.len()).rev() {
        let cotangent = cotangents[at];
        if CAREFUL && !is_some(cotangent) {
            continue;
        }
        let mut k = 0;
        while k < 2 {
            if PASSES & (1 << k) != 0 {
                add::<P, CAREFUL>(cotangents, op[k], P::read(cotangent) * P::read(partials[k]));
            }
            k += 1;
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
    let (mut at, mut start) = (code.first, 0);
    for run in &code.runs {
        let end = start + run.len as usize;
        let (ops, partials) = (&code.ops[start..end], &partials[start..end]);
        start = end;
        match run.act {
            act if act.is_guard() => continue,
            Act::Product if run.passes != 0 => {
                product::tangents::<P>(&code.products, values, tangents, (ops, at));
            }
            Act::Wide(row) if run.passes != 0 => {
                wide::tangents::<P>(row, values, tangents, (&code.wide, ops, at));
            }
            _ => {
                for ((op, partials), at) in ops.iter().zip(partials).zip(at..) {
                    let mut sum: Option<P> = None;
                    for k in 0..2 {
                        if run.passes & (1 << k) != 0 && is_some(tangents[op[k] as usize]) {
                            let share = P::read(tangents[op[k] as usize]) * P::read(partials[k]);
                            sum = Some(sum.map_or(share, |sum| sum + share));
                        }
                    }
                    tangents[at] = sum.map_or(NOTHING, P::write);
                }
            }
        }
        at += ops.len();
    }
}
