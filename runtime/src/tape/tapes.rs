//! The tapes of all levels: opening, writing, sweeping and dropping them.
//!
//! A level is above all those that were open when it was opened. Tapes that nothing can reach any
//! more are dropped when the heap is collected, and the others are numbered anew in their order; so
//! a loop may take a derivative in every round.

use super::{
    Entry, Links, Node, Number, Tape, WIDTH,
    nested::Nested,
    recording::Recording,
    sweep::{self, Step, Sums},
};
use scheme_core::real::Real;
use std::cell::RefCell;

/// Why something cannot be recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Full {
    /// The records would have more entries than their limit: how many.
    Entries(u64),
    /// The records would take more bytes than their limit: how many.
    Bytes(u64),
    /// There are as many levels as there can be.
    Levels,
    /// Primals and partials nest too deep.
    Nested,
}

/// How many entries of memory a tape keeps from one use to the next.
const MOST_KEPT: usize = 1 << 18;

/// How many tapes are kept for their memory.
const MOST_SPARE: usize = 4;

/// How many levels may be opened before unreachable ones are looked for, at least.
const FIRST_DUE: usize = 1 << 10;

/// How many bytes may be written before unreachable levels are looked for, at least.
const FIRST_DUE_BYTES: u64 = 1 << 23;

/// The most levels: what a value has room for.
const MOST_LEVELS: usize = 0xFF_FFFF;

/// A number of entries and of bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) entries: u64,
    pub(super) bytes: u64,
}

/// The records of a run.
#[derive(Clone, Debug)]
pub struct Tapes {
    /// Level `n` is at index `n - 1`.
    tapes: Vec<Tape>,
    /// Empty ones.
    spare: Vec<Tape>,
    /// How many levels the host opened, which it may read at any time.
    host: usize,
    /// The most entries, and bytes.
    pub(super) limit: Room,
    /// The entries and bytes that may still be written.
    left: Room,
    /// Looking for unreachable levels is worth it when less is left or more levels are there.
    due: (Room, usize),
    /// Whether numbers are rounded as `f32`.
    single: bool,
    /// What could not be recorded since this was last asked.
    full: Option<Full>,
    /// How many levels deep the present operation is.
    pub(super) depth: u32,
    /// The trace of the run, if it is recorded; level 1 is then its numbers.
    pub(super) recording: Option<Box<Recording>>,
}

impl Tapes {
    /// Bytes that an operation on up to two operands takes, unless outer derivatives see it.
    pub const ENTRY_BYTES: usize = size_of::<Entry>();

    /// No levels, and room for that many entries and bytes.
    pub fn new(entries: u64, bytes: u64) -> Self {
        let limit = Room { entries, bytes };
        let mut tapes = Self {
            tapes: Vec::new(),
            spare: Vec::new(),
            host: 0,
            limit,
            left: limit,
            due: (Room { entries: 0, bytes: 0 }, 0),
            single: false,
            full: None,
            depth: 0,
            recording: None,
        };
        tapes.schedule();
        tapes
    }

    /// Forgets all levels; memory is kept unless there is much of it.
    pub fn clear(&mut self, entries: u64, bytes: u64) {
        while let Some(tape) = self.tapes.pop() {
            self.put_away(tape);
        }
        let spare = std::mem::take(&mut self.spare);
        *self = Self { spare, ..Self::new(entries, bytes) };
    }

    fn put_away(&mut self, mut tape: Tape) {
        let Room { entries, bytes } = &mut self.left;
        *entries = entries.saturating_add(tape.entries.len() as u64).min(self.limit.entries);
        *bytes = bytes.saturating_add(tape.bytes() as u64).min(self.limit.bytes);
        if self.spare.len() < MOST_SPARE {
            tape.clear(MOST_KEPT);
            self.spare.push(tape);
        }
    }

    /// Rounds numbers as `f32`, or does not.
    pub fn set_single(&mut self, single: bool) {
        self.single = single;
    }

    /// Whether numbers are rounded as `f32`.
    #[inline(always)]
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// How many entries the tape of a level has.
    pub fn len(&self, level: u32) -> u32 {
        self.tape(level).map_or(0, |tape| tape.entries.len() as u32)
    }

    /// How many inputs a level has.
    pub fn inputs(&self, level: u32) -> u32 {
        self.tape(level).map_or(0, |tape| tape.inputs)
    }

    /// A level above all others.
    pub fn open(&mut self) -> Result<u32, Full> {
        if self.tapes.len() >= MOST_LEVELS {
            return Err(Full::Levels);
        }
        self.tapes.push(self.spare.pop().unwrap_or_default());
        Ok(self.tapes.len() as u32)
    }

    /// The same, kept until the run ends.
    pub fn open_for_host(&mut self) -> Result<u32, Full> {
        let level = self.open()?;
        self.host = self.tapes.len();
        Ok(level)
    }

    /// Whether a level is that of the host's first derivative.
    pub fn is_first_of_host(&self, level: u32) -> bool {
        level == 1 && self.host > 0 && self.recording.is_none()
    }

    /// A number as an input of a level.
    pub fn input(&mut self, level: u32, x: Number) -> Result<Number, Full> {
        let links = Links { primal: x.node, ..Links::default() };
        let entry = self.push(level, Entry::default(), links)?;
        if let Some(tape) = self.tape_mut(level) {
            tape.inputs = entry;
        }
        Ok(Number { v: x.v, node: Node { level, entry } })
    }

    /// A number as an input of a level, and the direction that it moves in.
    pub fn moving_input(&mut self, level: u32, x: Number, direction: Number) -> Result<Number, Full> {
        if let Some(tape) = self.tape_mut(level) {
            tape.seeds.push(direction);
        }
        self.input(level, x)
    }

    fn tape(&self, level: u32) -> Option<&Tape> {
        self.tapes.get((level as usize).wrapping_sub(1))
    }

    fn tape_mut(&mut self, level: u32) -> Option<&mut Tape> {
        self.tapes.get_mut((level as usize).wrapping_sub(1))
    }

    /// Whether lower levels see nothing of a level, nor a trace.
    #[inline(always)]
    pub fn is_flat(&self, level: u32) -> bool {
        self.tape(level).is_some_and(|tape| tape.links.is_empty())
            && !(level == 1 && self.recording.is_some())
    }

    /// The number as the levels below `level` see it.
    pub fn below(&self, level: u32, mut x: Number) -> Number {
        while x.node.level >= level && x.node.is_some() {
            let links = self.tape(x.node.level).and_then(|tape| tape.links(x.node.entry));
            x.node = links.map_or(Node::NONE, |links| links.primal);
        }
        x
    }

    /// The entry that a level has for a number, 0 if none. Numbers of later levels that outlived their
    /// derivatives are looked through.
    pub fn entry(&self, level: u32, x: Number) -> u32 {
        let Node { level: found, entry } = self.below(level + 1, x).node;
        if found == level { entry } else { 0 }
    }

    #[inline]
    fn push(&mut self, level: u32, entry: Entry, links: Links) -> Result<u32, Full> {
        let Some(tape) = self.tapes.get_mut((level as usize).wrapping_sub(1)) else {
            return Err(Full::Levels);
        };
        let cost = tape.cost(&links) as u64;
        match (self.left.entries.checked_sub(1), self.left.bytes.checked_sub(cost)) {
            (Some(entries), Some(bytes)) if tape.entries.len() < u32::MAX as usize => {
                self.left = Room { entries, bytes };
                Ok(tape.push(entry, links))
            }
            _ => Err(self.no_room(cost)),
        }
    }

    #[cold]
    fn no_room(&self, cost: u64) -> Full {
        let bytes = (self.limit.bytes - self.left.bytes).saturating_add(cost);
        if bytes > self.limit.bytes {
            return Full::Bytes(bytes);
        }
        Full::Entries((self.limit.entries - self.left.entries).saturating_add(1))
    }

    /// The entry for an operation of a level on operands there, from their entries and partials;
    /// 0 if none has an entry.
    #[inline]
    pub fn record(
        &mut self,
        level: u32,
        operands: impl IntoIterator<Item = (u32, f64)>,
    ) -> Result<u32, Full> {
        let operands = operands.into_iter().map(|(entry, partial)| (entry, Number::constant(partial)));
        self.record_linked(level, operands, Node::NONE)
    }

    /// The same with partials and a primal that lower levels see.
    #[inline(always)]
    pub(super) fn record_linked(
        &mut self,
        level: u32,
        operands: impl IntoIterator<Item = (u32, Number)>,
        primal: Node,
    ) -> Result<u32, Full> {
        let mut sum = 0;
        let (mut entry, mut links) = (Entry::default(), Links::default());
        let mut used = 0;
        for (operand, partial) in operands {
            if operand == 0 {
                continue;
            }
            if used == WIDTH {
                // The sum so far is an operand of the next entry.
                sum = self.push(level, entry, links)?;
                entry = Entry { operands: [sum, 0], partials: [1.0, 0.0] };
                links = Links::default();
                used = 1;
            }
            (entry.operands[used], entry.partials[used]) = (operand, partial.v);
            links.partials[used] = partial.node;
            used += 1;
        }
        links.primal = primal;
        if used == 0 { Ok(sum) } else { self.push(level, entry, links) }
    }

    /// Whether something could not be recorded.
    pub(super) fn is_full(&self) -> bool {
        self.full.is_some()
    }

    /// Notes that something could not be recorded.
    pub(super) fn fill(&mut self, full: Full) {
        self.full.get_or_insert(full);
    }

    /// Why something could not be recorded, if so, since this was last asked.
    pub fn take_full(&mut self) -> Option<Full> {
        self.full.take()
    }

    /// The derivatives, by the inputs of a level, of the sum of its entries `of` times their cotangents.
    pub fn gradient(cell: &RefCell<Self>, level: u32, of: &[u32], cotangents: &[Number]) -> Vec<Number> {
        let tapes = cell.borrow();
        let Some(tape) = tapes.tape(level) else { return Vec::new() };
        let (inputs, top) = (tape.inputs, of.iter().copied().max().unwrap_or(0));
        if !tape.links.is_empty() || cotangents.iter().any(|ct| ct.node.is_some()) {
            drop(tapes);
            let cotangents = of.iter().copied().zip(cotangents.iter().map(|ct| Nested::new(cell, *ct)));
            let sums = sweep::backward(top, cotangents, |n| Self::nested_step(cell, level, n));
            return read(&sums, 1..=inputs, Nested::number);
        }
        let cotangents = of.iter().copied().zip(cotangents.iter().map(|ct| ct.v));
        if tapes.single {
            let cotangents = cotangents.map(|(entry, ct)| (entry, ct as f32));
            let sums = sweep::backward(top, cotangents, |n| single(tape.step(n)));
            return read(&sums, 1..=inputs, |x| Number::constant(f64::from(x)));
        }
        read(&sweep::backward(top, cotangents, |n| tape.step(n)), 1..=inputs, Number::constant)
    }

    /// The first entry on the way back from the sum of entries `of` a level whose share of the derivative is not
    /// finite, and that share.
    pub fn turned_back(&self, level: u32, of: &[u32]) -> Option<(u32, f64)> {
        let tape = self.tape(level)?;
        let top = of.iter().copied().max()?;
        sweep::first_not_finite(top, of.iter().map(|entry| (*entry, 1.0)), |n| tape.step(n))
    }

    /// The derivatives of entries of a level in the direction that its inputs were made with.
    pub fn tangents(cell: &RefCell<Self>, level: u32, of: &[u32]) -> Vec<Number> {
        let seeds = cell.borrow().tape(level).map(|tape| tape.seeds.clone()).unwrap_or_default();
        Self::tangents_along(cell, level, of, &(1..).zip(seeds).collect::<Vec<_>>())
    }

    /// The derivatives of entries of a level where those of some of its inputs are these.
    pub fn tangents_along(
        cell: &RefCell<Self>,
        level: u32,
        of: &[u32],
        seeds: &[(u32, Number)],
    ) -> Vec<Number> {
        let tapes = cell.borrow();
        let Some(tape) = tapes.tape(level) else { return Vec::new() };
        let (of, top) = (of.iter().copied(), of.iter().copied().max().unwrap_or(0));
        if !tape.links.is_empty() || seeds.iter().any(|(_, seed)| seed.node.is_some()) {
            drop(tapes);
            let seeds = seeds.iter().map(|(entry, seed)| (*entry, Nested::new(cell, *seed)));
            let sums = sweep::forward(top, seeds, |n| Self::nested_step(cell, level, n));
            return read(&sums, of, Nested::number);
        }
        let seeds = seeds.iter().map(|(entry, seed)| (*entry, seed.v));
        if tapes.single {
            let seeds = seeds.map(|(entry, seed)| (entry, seed as f32));
            let sums = sweep::forward(top, seeds, |n| single(tape.step(n)));
            return read(&sums, of, |x| Number::constant(f64::from(x)));
        }
        read(&sweep::forward(top, seeds, |n| tape.step(n)), of, Number::constant)
    }

    fn nested_step(cell: &RefCell<Self>, level: u32, n: u32) -> Step<Nested<'_>> {
        let tapes = cell.borrow();
        let Some(tape) = tapes.tape(level) else {
            return Step { operands: [0; WIDTH], partials: [Nested::lit(0.0); WIDTH] };
        };
        let Step { operands, partials: [p, q] } = tape.step(n);
        let nodes = tape.links(n).copied().unwrap_or_default().partials;
        let partials = [(p, nodes[0]), (q, nodes[1])];
        Step { operands, partials: partials.map(|(v, node)| Nested::new(cell, Number { v, node })) }
    }

    /// Whether unreachable levels are worth looking for.
    pub fn is_due(&self) -> bool {
        let (room, levels) = self.due;
        self.left.bytes < room.bytes || self.left.entries < room.entries || self.tapes.len() > levels
    }

    fn schedule(&mut self) {
        let (left, limit) = (self.left, self.limit);
        // When as much again is written, and before there is no room for it.
        let next = |left: u64, limit: u64, first: u64| left - (limit - left).max(first).min(left / 2);
        let room = Room {
            entries: next(left.entries, limit.entries, FIRST_DUE_BYTES / Self::ENTRY_BYTES as u64),
            bytes: next(left.bytes, limit.bytes, FIRST_DUE_BYTES),
        };
        self.due = (room, FIRST_DUE.max(2 * self.tapes.len()));
    }

    /// Whether there is anything to look for.
    pub fn has_levels(&self) -> bool {
        self.tapes.len() > self.host
    }

    /// Drops the levels that are neither the host's, nor reached, nor seen from one that is. Gives the new
    /// number of each level, by its old one.
    pub fn retain(&mut self, reached: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut kept = vec![false; self.tapes.len() + 1];
        let mut left = Vec::new();
        let mut reach = |level: u32, left: &mut Vec<u32>| {
            if let Some(slot) = kept.get_mut(level as usize)
                && !std::mem::replace(slot, true)
            {
                left.push(level);
            }
        };
        (1..=self.host as u32).chain(reached).for_each(|level| reach(level, &mut left));
        while let Some(level) = left.pop() {
            if let Some(tape) = self.tape_mut(level) {
                tape.nodes().for_each(|node| reach(node.level, &mut left));
            }
        }
        let mut renumbered = vec![0; kept.len()];
        let before = std::mem::take(&mut self.tapes);
        for (i, tape) in before.into_iter().enumerate() {
            if kept[i + 1] {
                self.tapes.push(tape);
                renumbered[i + 1] = self.tapes.len() as u32;
            } else {
                self.put_away(tape);
            }
        }
        for node in self.tapes.iter_mut().flat_map(Tape::nodes) {
            node.level = renumbered.get(node.level as usize).copied().unwrap_or(0);
        }
        self.schedule();
        renumbered
    }
}

fn single(step: Step<f64>) -> Step<f32> {
    Step { operands: step.operands, partials: step.partials.map(|partial| partial as f32) }
}

/// The sums at entries, 0 where nothing reached.
fn read<A: Real>(
    sums: &Sums<A>,
    entries: impl IntoIterator<Item = u32>,
    number: impl Fn(A) -> Number,
) -> Vec<Number> {
    entries.into_iter().map(|n| sums.get(n).map_or(Number::constant(0.0), &number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(tapes: &mut Tapes, level: u32, n: usize) -> Vec<u32> {
        (0..n).map(|_| tapes.input(level, Number::constant(0.0)).unwrap().node.entry).collect()
    }

    fn values(numbers: Vec<Number>) -> Vec<f64> {
        numbers.iter().map(|x| x.v).collect()
    }

    #[test]
    fn entries_are_small() {
        assert_eq!(Tapes::ENTRY_BYTES, 24);
    }

    #[test]
    fn shares_add_up_and_unreached_entries_are_silent() {
        let mut tapes = Tapes::new(1_000, 10_000);
        let level = tapes.open().unwrap();
        let [x, y, z] = *inputs(&mut tapes, level, 3) else { panic!() };
        tapes.record(level, [(x, f64::INFINITY)]).unwrap();
        let s = tapes.record(level, [(x, 2.0), (0, 5.0), (y, 3.0), (z, 4.0), (x, 10.0)]).unwrap();
        assert_eq!(tapes.record(level, [(0, 1.0)]), Ok(0));
        let cell = RefCell::new(tapes);
        let one = [Number::constant(1.0)];
        assert_eq!(values(Tapes::gradient(&cell, level, &[s], &one)), [12.0, 3.0, 4.0]);
        assert_eq!(values(Tapes::gradient(&cell, level, &[x], &one)), [1.0, 0.0, 0.0]);
        assert_eq!(values(Tapes::gradient(&cell, level, &[0], &one)), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_limit_is_on_what_is_kept() {
        let mut tapes = Tapes::new(10, 72);
        let outer = tapes.open().unwrap();
        let [x] = *inputs(&mut tapes, outer, 1) else { panic!() };
        let inner = tapes.open().unwrap();
        inputs(&mut tapes, inner, 2);
        assert_eq!(tapes.record(outer, [(x, 1.0)]), Err(Full::Bytes(96)));
        assert_eq!(tapes.retain([outer].into_iter()), [0, 1, 0]);
        assert!(tapes.record(outer, [(x, 1.0)]).is_ok());
    }

    #[test]
    fn levels_that_others_see_are_kept_and_numbered_anew() {
        let mut tapes = Tapes::new(1_000, 10_000);
        let [_, outer, _, inner] = [(); 4].map(|()| tapes.open().unwrap());
        let x = tapes.input(outer, Number::constant(3.0)).unwrap();
        let y = tapes.input(inner, x).unwrap();
        assert_eq!(tapes.retain([inner].into_iter()), [0, 0, 1, 0, 2]);
        let y = Number { node: Node { level: 2, ..y.node }, ..y };
        assert_eq!(tapes.below(2, y).node, Node { level: 1, ..x.node });
        assert_eq!(tapes.entry(1, y), x.node.entry);
    }
}
