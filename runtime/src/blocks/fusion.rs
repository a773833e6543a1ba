//! Which operations of arithmetic become a step with others.
//!
//! What one operation gives to another alone is not written: it is computed where it is read. Where two read it, each of them computes it,
//! if both can and what it is made of waits about that long in any case: that is a step less, and a slot.

use super::{
    code::Source,
    pairs::{Inner, Pair, Sources},
};
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
    pub(super) pairs: Vec<Option<(Pair, Sources)>>,
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
        let count = operations.len();
        let (pairs, homes) = (vec![None; count], (0..count).map(Some).collect());
        let mut fusing = Fusing { trace, operations, reads, source, pairs, homes };
        (0..count).for_each(|i| fusing.pair(i));
        (0..count).for_each(|i| fusing.extend(i));
        (0..count).for_each(|j| fusing.by_two(j));
        let is_within = fusing.homes.iter().enumerate().map(|(i, home)| *home != Some(i)).collect();
        Self { pairs: fusing.pairs, is_within }
    }
}

/// A fusion on its way.
struct Fusing<'t, F> {
    trace: &'t Trace,
    operations: &'t [Operation<'t>],
    reads: &'t [Read],
    source: F,
    pairs: Vec<Option<(Pair, Sources)>>,
    /// The operation whose step computes each of them: itself, the only one that reads it, or none where two do.
    homes: Vec<Option<usize>>,
}

impl<F: Fn(Slot) -> Source + Copy> Fusing<'_, F> {
    /// The operation that gives a number.
    fn computed(&self, slot: Slot) -> Option<usize> {
        slot.index().checked_sub(self.trace.inputs()).filter(|_| !slot.is_constant())
    }

    fn read(&self, i: usize) -> Read {
        self.reads[self.trace.inputs() + i]
    }

    /// Makes an operation a pair with one or two that it alone reads.
    fn pair(&mut self, i: usize) {
        let operation = &self.operations[i];
        let is_alone = |j: &usize| self.read(*j).times == 1 && self.pairs[*j].is_none() && i - j <= NEAR;
        let mut near = operation.operands.iter().filter_map(|slot| self.computed(*slot)).filter(is_alone);
        let (Some(j), other) = (near.next(), near.next()) else { return };
        drop(near);
        if let Some(k) = other
            && let Some(pair) = Pair::of_products([j, k].map(|j| &self.operations[j]), operation, self.source)
        {
            self.pairs[i] = Some(pair);
            (self.homes[j], self.homes[k]) = (Some(i), Some(i));
            return;
        }
        for j in [Some(j), other].into_iter().flatten() {
            if self.pairs[i].is_none() {
                self.pairs[i] = Pair::of(&self.operations[j], operation, self.source);
                self.homes[j] = if self.pairs[i].is_some() { Some(i) } else { Some(j) };
            }
        }
    }

    /// Takes into an operation, or its pair, what that alone reads.
    fn extend(&mut self, i: usize) {
        if self.homes[i] != Some(i) {
            return;
        }
        let own = || self.operations[i].operands.iter().map(|slot| (self.source)(*slot)).collect();
        let read: Vec<Source> = self.pairs[i].map_or_else(own, |(_, read)| read.to_vec());
        for operand in read {
            let Source::Number(number) = operand else { continue };
            let Some(j) = (number as usize).checked_sub(self.trace.inputs()) else { continue };
            if self.read(j).times == 1
                && i - j <= NEAR
                && let Some(longer) = self.longer(i, j)
            {
                (self.pairs[i], self.homes[j]) = (Some(longer), Some(i));
            }
        }
    }

    /// The pair of an operation, with another one that it reads in it.
    fn longer(&self, i: usize, j: usize) -> Option<(Pair, Sources)> {
        let inner = match self.pairs[j] {
            Some((pair, read)) => Inner::of_pair(pair, read),
            None => Inner::of(&self.operations[j], self.source),
        };
        let t = self.operations[j].result;
        match (self.pairs[i], inner?) {
            (Some((pair, read)), inner) => pair.with(read, (self.source)(t), inner),
            (None, Inner::Factors(of)) => Pair::of_factors(&self.operations[i], t, of, self.source),
            (None, _) => None,
        }
    }

    /// Has both of the operations that read a number compute it.
    fn by_two(&mut self, j: usize) {
        let operation = &self.operations[j];
        let Read { times, first, last } = self.read(j);
        let is_free = self.pairs[j].is_none() && self.homes[j] == Some(j);
        if times != 2 || first == last || !is_free || !CHEAP.contains(&operation.row) {
            return;
        }
        let homes = [first, last].map(|i| self.home(i));
        let [Some(a), Some(b)] = homes else { return };
        let waits =
            |slot: &Slot| self.computed(*slot).is_none() || self.reads[slot.index()].last + NEAR >= a.max(b);
        if a == b || !operation.operands.iter().all(waits) {
            return;
        }
        let with = |i: usize| match self.pairs[i] {
            Some(_) => self.longer(i, j),
            None => Pair::of(operation, &self.operations[i], self.source),
        };
        if let [Some(first), Some(last)] = [a, b].map(with) {
            (self.pairs[a], self.pairs[b], self.homes[j]) = (Some(first), Some(last), None);
        }
    }

    /// The operation whose step computes one, if there is one such.
    fn home(&self, i: usize) -> Option<usize> {
        let home = self.homes[i]?;
        if home == i { Some(i) } else { self.home(home) }
    }
}
