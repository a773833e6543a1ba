//! A trace as a program for blocks: what is computed once, and what in every block.

use super::{code::Code, split::Split};
use scheme_core::trace::Trace;

/// What a core's first cache holds, in bytes. Columns and results pass through it.
const ROOM: usize = 32 * 1024;
/// The bytes of a vector of lanes, whatever they are made of.
const VECTOR: usize = 64;
/// How many vectors a block has at least and at most; powers of two.
const VECTORS: [usize; 2] = [8, 32];

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
