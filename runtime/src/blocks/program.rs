//! A trace as a program for blocks: what is computed once, and what in every block.

use super::{again::again, code::Code, split::Split};
use scheme_core::trace::Trace;

/// How many bytes the slots of a block may take, but for results that are not written in place. A step has some 28 cycles besides what it does to its numbers, which a wide block
/// bears less often; to find them in the second cache takes it a cycle a vector more than in the first, and more in the last one.
const ROOM: usize = 3 << 20;
/// How many of them the second cache holds.
const SECOND: usize = 1 << 20;
/// The bytes of a vector of lanes, whatever they are made of.
const VECTOR: usize = 64;
/// How many vectors a block has at least and at most; powers of two.
const VECTORS: [usize; 2] = [8, 64];

/// Where a block would have fewer vectors than this, some of its numbers are computed [again] if that makes it wider; where it would
/// have fewer than the most, if they are then in the second cache, too. Of the long programs of `benches/models` that of 1,000 slots, then 110, takes a tenth less, that of 1,200,
/// then 600, a tenth more.
const WIDE: usize = 32;

/// See the [module](self).
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Program {
    /// For each input whether it is uniform.
    pub(super) is_uniform: Vec<bool>,
    /// The inputs of what is computed once.
    pub(super) uniforms: Vec<usize>,
    /// The uniform numbers that are asked for.
    pub(super) once: Code,
    /// The inputs that are columns.
    pub(super) columns: Vec<usize>,
    /// The rest, by the columns and behind them the uniform numbers.
    pub(super) each: Code,
    /// How many vectors a block has.
    pub(super) vectors: usize,
}

impl Program {
    pub(super) fn new(trace: &Trace, uniform: &[bool]) -> Self {
        let Split { uniforms, columns, once, each } = Split::new(trace, uniform);
        let once = Code::new(&once.trace, &once.guards);
        let mut code = Code::new(&each.trace, &each.guards);
        let width = vectors(code.slots);
        if width < VECTORS[1] {
            let other = Code::new(&again(&each.trace), &each.guards);
            let wider = vectors(other.slots);
            let is_near = wider * VECTOR * other.slots <= SECOND;
            code = if wider > width && (width < WIDE || is_near) { other } else { code };
        }
        Self {
            is_uniform: (0..trace.inputs()).map(|i| uniform.get(i) == Some(&true)).collect(),
            vectors: vectors(code.slots),
            uniforms,
            once,
            columns,
            each: code,
        }
    }
}

/// How many vectors a block has where there are so many slots: a power of two, so that leaves of sums end where blocks
/// do.
fn vectors(slots: usize) -> usize {
    let [least, most] = VECTORS;
    (ROOM / VECTOR / slots.max(1)).checked_ilog2().map_or(least, |power| 1 << power).clamp(least, most)
}
