//! The way forward: values, partials if they are wanted, and guards as soon as what they look at is there.

use super::{
    Broken,
    code::{Act, Code, Op},
    precision::{Partials, Precision},
    whole, wide,
};
use scheme_core::trace::Bits;

/// Computes the results in `values`, whose inputs and constants are there, and the partials that derivatives need.
///
/// # Errors
/// The first guard that does not hold; what comes after it is not computed.
pub(super) fn forward<P: Precision>(
    code: &Code,
    values: &mut [f64],
    mut partials: Option<&mut [Partials]>,
) -> Result<(), Broken> {
    let (mut at, mut start, mut guard, mut kept) = (code.first, 0, 0, 0);
    for run in &code.runs {
        let end = start + run.len as usize;
        let ops = &code.ops[start..end];
        let broken = match run.act {
            Act::Row(row) => {
                match &mut partials {
                    Some(partials) if run.kept() != 0 => {
                        let partials = &mut partials[kept..kept + ops.len()];
                        P::partials(row, run.passes, values, partials, ops, at);
                        kept += ops.len();
                    }
                    _ if run.line => P::line(row, values, ops, at),
                    _ => P::values(row, values, ops, at),
                }
                None
            }
            Act::Wide(row) => {
                wide::values::<P>(row, values, &code.wide, ops, at);
                None
            }
            Act::Whole => {
                whole::values::<P>(&code.wholes, values, ops, at);
                None
            }
            Act::Test(row) => P::broken(row, values, ops),
            Act::Truth(must) => ops.iter().position(|[a, _]| P::is_true(values[*a as usize]) != must),
            Act::Bits => ops.iter().position(|op| !equal(values, &code.bits, *op)),
        };
        if let Some(i) = broken {
            return Err(Broken { guard: guard + i });
        }
        if run.act.is_guard() {
            guard += ops.len()
        } else {
            at += ops.len()
        }
        start = end;
    }
    Ok(())
}

fn equal(values: &[f64], bits: &[Bits], [a, b]: Op) -> bool {
    Bits::of(values[a as usize]) == bits[b as usize]
}
