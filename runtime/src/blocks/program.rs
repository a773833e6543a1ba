//! A trace as a program for blocks: what is computed once, and what in every block.

use super::{code::Code, split::Split};
use scheme_core::trace::Trace;

/// How many bytes the slots of a block may take: some of a core's share of the last cache. A step that finds its numbers in the second
/// cache takes little longer than from the first, and all of them have some 28 cycles, which a wide block has to bear less often: of the
/// long programs of `benches/models` those of up to 2,000 slots are fastest with 4 MiB, one of 16,000 with no more vectors than it must have.
const ROOM: usize = 4 << 20;
/// The bytes of a vector of lanes, whatever they are made of.
const VECTOR: usize = 64;
/// How many vectors a block has at least and at most; powers of two.
const VECTORS: [usize; 2] = [8, 64];

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
        let [once, each] = [once, each].map(|half| Code::new(&half.trace, &half.guards));
        Self {
            is_uniform: (0..trace.inputs()).map(|i| uniform.get(i) == Some(&true)).collect(),
            vectors: vectors(each.slots),
            uniforms,
            once,
            columns,
            each,
        }
    }
}

/// How many vectors a block has where there are so many slots: a power of two, so that leaves of sums end where blocks
/// do.
fn vectors(slots: usize) -> usize {
    let [least, most] = VECTORS;
    (ROOM / VECTOR / slots.max(1)).checked_ilog2().map_or(least, |power| 1 << power).clamp(least, most)
}
