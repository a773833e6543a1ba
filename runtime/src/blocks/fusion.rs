//! Which operations of arithmetic become a step with another.
//!
//! What one operation gives to another alone is not written: it is computed where it is read. Where two read it, each of them computes it,
//! if both can and what it is made of waits that long in any case: that is a step less, and a slot.

use super::{code::Source, pairs::Pair};
use scheme_core::{
    prim::Numeric,
    trace::{Operation, Slot, Trace},
};

/// How many operations away one may be to become a step with another: what it reads is kept until then.
const NEAR: usize = 32;

/// What may be computed twice.
const CHEAP: [Numeric; 5] = [Numeric::Add, Numeric::Sub, Numeric::Mul, Numeric::Neg, Numeric::Square];

/// See the [module](self).
pub(super) struct Fusion {
    /// The pair that each operation ends, and what that reads.
    pub(super) pairs: Vec<Option<(Pair, [Source; 4])>>,
    /// Whether an operation is within the pairs that read it.
    pub(super) is_within: Vec<bool>,
}

/// How a number is read.
#[derive(Clone, Copy, Default)]
pub(super) struct Read {
    /// How often, by operations, by guards, and as a result.
    pub(super) times: u32,
    /// By which operations first and last.
    first: usize,
    last: usize,
}

/// For each number how it is read.
pub(super) fn reads(trace: &Trace) -> Vec<Read> {
    let mut reads = vec![Read::default(); trace.inputs() + trace.len()];
    for (i, operation) in trace.operations().enumerate() {
        for slot in operation.operands.iter().filter(|slot| !slot.is_constant()) {
            let Read { times, first, .. } = reads[slot.index()];
            reads[slot.index()] =
                Read { times: times + 1, first: if times == 0 { i } else { first }, last: i };
        }
    }
    let guarded = trace.guards().iter().map(|guard| &guard.slot);
    for slot in trace.results().iter().chain(guarded).filter(|slot| !slot.is_constant()) {
        reads[slot.index()].times += 1;
    }
    reads
}

impl Fusion {
    pub(super) fn of(
        trace: &Trace,
        operations: &[Operation<'_>],
        reads: &[Read],
        source: impl Fn(Slot) -> Source + Copy,
    ) -> Self {
        let inputs = trace.inputs();
        let computed = |slot: &Slot| slot.index().checked_sub(inputs).filter(|_| !slot.is_constant());
        let mut pairs = vec![None; operations.len()];
        let mut is_within = vec![false; operations.len()];

        // What one alone reads.
        for (i, operation) in operations.iter().enumerate() {
            let mut near = operation.operands.iter().filter_map(computed);
            let mut next =
                || near.find(|j| reads[inputs + j].times == 1 && pairs[*j].is_none() && i - j <= NEAR);
            let (Some(j), other) = (next(), next()) else { continue };
            let products =
                other.and_then(|k| Pair::of_products([j, k].map(|j| &operations[j]), operation, source));
            if let (Some(pair), Some(k)) = (products, other) {
                (pairs[i], is_within[j], is_within[k]) = (Some(pair), true, true);
                continue;
            }
            for j in [Some(j), other].into_iter().flatten() {
                if pairs[i].is_none() {
                    pairs[i] = Pair::of(&operations[j], operation, source);
                    is_within[j] = pairs[i].is_some();
                }
            }
        }

        // What two read.
        for (j, operation) in operations.iter().enumerate() {
            let Read { times, first, last } = reads[inputs + j];
            let by_two = times == 2 && first < last;
            let waits = |slot: &Slot| computed(slot).is_none() || reads[slot.index()].last >= last;
            let is_free = |i: usize| pairs[i].is_none() && !is_within[i];
            if by_two
                && [j, first, last].into_iter().all(is_free)
                && CHEAP.contains(&operation.row)
                && operation.operands.iter().all(waits)
                && let [Some(a), Some(b)] = [first, last].map(|i| Pair::of(operation, &operations[i], source))
            {
                (pairs[first], pairs[last], is_within[j]) = (Some(a), Some(b), true);
            }
        }
        Self { pairs, is_within }
    }
}
