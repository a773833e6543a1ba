//! The way forward: values, partials if they are wanted, and guards, some together.
//!
//! Guards that do not hold are asked again, one by one, and then those of the trace before them that are not asked yet.

use super::{
    Broken,
    code::{Act, Code, Op, Run},
    precision::{Partials, Precision},
    strand::Round,
    whole, wide,
};
use scheme_core::trace::Bits;
use std::slice::from_ref;

/// Computes the results in `values`, whose inputs and constants are there, and the partials that derivatives need. Whether the
/// code has strands or rounds is known to the compiler: where it has none, each run costs less.
///
/// # Errors
/// The first guard that does not hold; not all is computed then.
pub(super) fn forward<P: Precision, const CHAINS: bool>(
    code: &Code,
    values: &mut [f64],
    mut partials: Option<&mut [Partials]>,
) -> Result<(), Broken> {
    let (mut at, mut start, mut guard, mut kept) = (code.first, 0, 0, 0);
    let mut step = 0;
    let mut broken: Option<First> = None;
    for run in &code.runs {
        let end = start + run.len as usize;
        let ops = &code.ops[start..end];
        start = end;
        match run.act {
            Act::Row(row) => match &mut partials {
                Some(partials) if run.kept() != 0 => {
                    let partials = &mut partials[kept..kept + ops.len()];
                    P::partials(row, run.passes, values, partials, ops, at);
                    kept += ops.len();
                }
                _ if run.line => P::line(row, values, ops, at),
                _ => P::values(row, values, ops, at),
            },
            Act::Wide(row) => wide::values::<P>(row, values, &code.wide, ops, at),
            Act::Whole => whole::values::<P>(&code.wholes, values, ops, at),
            Act::Round(round) if CHAINS => P::rounds(Round::numbered(round), values, ops, at),
            Act::Strand if CHAINS => {
                P::strand(&code.steps[step..], values, ops, at);
                step += ops.len();
            }
            _ => {
                let numbers = &code.guards[guard..][..ops.len()];
                guard += ops.len();
                if !hold::<P>(code, *run, values, ops) {
                    let broke = ops
                        .iter()
                        .zip(numbers)
                        .filter(|(op, _)| !hold::<P>(code, *run, values, from_ref(op)));
                    let number =
                        broke.map(|(_, number)| *number).chain(broken.map(|first| first.number)).min();
                    broken = number.map(|number| First::new(number, &code.guards));
                }
                match broken {
                    Some(first) if first.asked <= guard => return Err(first.into()),
                    _ => continue,
                }
            }
        }
        at += ops.len();
    }
    broken.map_or(Ok(()), |first| Err(first.into()))
}

/// The first guard of the trace that is known to be broken.
#[derive(Clone, Copy)]
struct First {
    number: u32,
    /// How many guards are asked until none is left that comes before it.
    asked: usize,
}

impl First {
    fn new(number: u32, guards: &[u32]) -> Self {
        Self { number, asked: guards.iter().rposition(|other| *other < number).map_or(0, |last| last + 1) }
    }
}

impl From<First> for Broken {
    fn from(first: First) -> Self {
        Self { guard: first.number as usize }
    }
}

/// Whether guards that ask the same hold.
#[inline(never)]
fn hold<P: Precision>(code: &Code, run: Run, values: &[f64], ops: &[Op]) -> bool {
    match run.act {
        Act::Holds(row) => P::all_are(row, true, run.line, values, ops),
        Act::Fails(row) => P::all_are(row, false, run.line, values, ops),
        Act::Truth(must) => ops.iter().all(|[a, _]| P::is_true(values[*a as usize]) == must),
        _ => ops.iter().all(|op| equal(values, &code.bits, *op)),
    }
}

fn equal(values: &[f64], bits: &[Bits], [a, b]: Op) -> bool {
    Bits::of(values[a as usize]) == bits[b as usize]
}
