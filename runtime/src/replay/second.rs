//! Second derivatives: the way back on numbers that move.
//!
//! Values and their tangents are there; partials are computed anew, by the table on dual numbers. A cotangent and its own
//! tangent are a pair. This sweep is always careful.

use super::{
    code::{Act, Code, Run},
    precision::{NOTHING, Precision, is_some},
    single::arity,
    whole, wide,
};
use crate::Dual;
use scheme_core::{prim::Numeric, real::Real};

/// Nothing came here.
pub(super) const UNREACHED: [f64; 2] = [NOTHING; 2];

/// The numbers of a run and how they move.
#[derive(Clone, Copy)]
pub(super) struct Moving<'a> {
    pub(super) values: &'a [f64],
    pub(super) tangents: &'a [f64],
}

impl Moving<'_> {
    /// The number in a slot.
    pub(super) fn at<P: Precision>(self, slot: usize) -> Dual<P> {
        read([self.values[slot], self.tangents[slot]])
    }
}

pub(super) fn read<P: Precision>([x, tangent]: [f64; 2]) -> Dual<P> {
    if is_some(tangent) { Dual::new(P::read(x), P::read(tangent)) } else { Dual::constant(P::read(x)) }
}

/// Cotangents of the inputs, where those of the results are in `cotangents`.
pub(super) fn backward<P: Precision>(code: &Code, run: Moving<'_>, cotangents: &mut [[f64; 2]]) {
    let (mut at, mut end) = (code.slots, code.ops.len());
    for Run { act, passes, len, .. } in code.runs.iter().rev() {
        let ops = &code.ops[end - *len as usize..end];
        end -= ops.len();
        if act.is_guard() {
            continue;
        }
        at -= ops.len();
        if *act == Act::Whole && *passes != 0 {
            whole::second::<P>(&code.wholes, run, cotangents, (ops, at));
            continue;
        }
        for (op, at) in ops.iter().zip(at..at + ops.len()).rev() {
            if *passes == 0 || !is_some(cotangents[at][0]) {
                continue;
            }
            let (cotangent, y) = (read::<P>(cotangents[at]), run.at::<P>(at));
            match act {
                Act::Row(row) => {
                    let partials = partials(*row, op.map(|slot| run.at::<P>(slot as usize)), y);
                    for k in (0..2).filter(|k| passes & (1 << k) != 0) {
                        add(cotangents, op[k], cotangent * partials[k]);
                    }
                }
                Act::Wide(row) => {
                    let is_true = |slot| P::is_true(run.values[slot]);
                    let shares =
                        wide::passing(*row, wide::of(&code.wide, *op), |slot| run.at::<P>(slot), is_true, y);
                    wide::backward_order(&shares)
                        .for_each(|(slot, share)| add(cotangents, *slot, cotangent * *share));
                }
                _ => {}
            }
        }
    }
}

fn partials<A: Real>(row: Numeric, x: [A; 2], y: A) -> [A; 2] {
    let n = arity(row);
    let mut partials = [y; 2];
    row.partials_into(&x[..n], y, &mut partials[..n]);
    partials
}

/// Adds to the cotangent of a slot.
pub(super) fn add<P: Precision>(cotangents: &mut [[f64; 2]], slot: u32, share: Dual<P>) {
    let sum = &mut cotangents[slot as usize];
    let all = if is_some(sum[0]) { read::<P>(*sum) + share } else { share };
    *sum = [all.primal.write(), all.moving().map_or(NOTHING, P::write)];
}
