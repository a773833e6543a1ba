//! What emitted adjoints keep of a run, until it is swept backwards.
//!
//! Every function of a program has a stack of its own of exactly what its adjoint needs, typed by emitted
//! code: a function that recurs leaves a frame of residuals per call ([`Frames`]), a loop the state before
//! each step ([`Runs`]). What is kept is found again by its [`Record`], a number of four bytes.
//!
//! # Memory
//! A loop keeps 8 bytes per step for each number that changes from step to step, and nothing for what its
//! step computes, which runs again; a recursive call keeps 8 bytes for each number that its partial
//! derivatives need, 4 for each call made in it and 1 for each choice. So an operation takes 8 bytes at most,
//! and a loop's step that does less than one operation for each three of its numbers is the one way past 24.
//!
//! All stacks of a run share one count of [`Memory`]: states, where runs begin, frames and the states of
//! segments, at the size that their stacks have room for. While it is within [`MEMORY`] bytes, with what a
//! stack takes twice as it grows, loops keep every state. Beyond, a run keeps every second one, then every
//! fourth and so on, and its sweep runs the steps between two states again, one segment after the other: the
//! gradient has the same bits. Of up to 64 steps only the first state stays, of `n` about the root of `n / 32`.
//!
//! What cannot be thinned goes on to [`MOST_KEPT`] bytes in all, and then the run fails with the code `Tape`.
//! A stack that grows is there twice for a moment, so the memory of a run ends at twice that, 1 GiB. It is
//! looked at where a call that recurs leaves its frame: what one body keeps goes beyond.

mod frames;
mod loops;

pub use frames::Frames;
pub use loops::{Recorder, Runs, Sweep};

use crate::control::Context;
use std::cell::Cell;

/// The bytes up to which loops keep all their states.
pub const MEMORY: usize = 64 << 20;

/// The bytes that all stacks of a run keep at most.
pub const MOST_KEPT: usize = 512 << 20;

/// Where a stack has what one call left.
#[derive(Clone, Copy, Debug)]
pub struct Record(pub(crate) u32);

impl Record {
    /// Of a call that was not made.
    pub const NONE: Self = Self(u32::MAX);
}

/// A run's context and its stacks, which are a struct of emitted code.
#[derive(Debug)]
pub struct Tape<S> {
    /// What its functions share.
    pub context: Context,
    /// The memory that is left.
    pub memory: Memory,
    /// The stacks.
    pub stacks: S,
}

impl<S> Tape<S> {
    /// With empty stacks.
    #[inline(always)]
    pub fn new(context: Context, stacks: S) -> Self {
        Self { context, memory: Memory::of_run(), stacks }
    }
}

impl<S> AsMut<Context> for Tape<S> {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut Context {
        &mut self.context
    }
}

/// The count of what all stacks of a run take.
#[derive(Debug)]
pub struct Memory {
    /// Bytes that stacks may still take; below 0, the run is to fail.
    left: isize,
    /// What is left when loops begin to drop states.
    reserve: isize,
}

impl Memory {
    /// That of a run on this thread.
    fn of_run() -> Self {
        Self::new(CAPS.get())
    }

    /// Of so many bytes for all states, and in all.
    fn new((states, all): (usize, usize)) -> Self {
        let bytes = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        Self { left: bytes(all), reserve: bytes(all) - bytes(states) }
    }

    /// Whether more has been kept than may be.
    #[inline(always)]
    const fn is_over(&self) -> bool {
        self.left < 0
    }

    /// Makes room for as many states again in a full stack; not if there is no memory for them beside those
    /// that are copied.
    fn double<V>(&mut self, items: &mut Vec<V>) -> bool {
        let more = items.capacity().max(FEWEST);
        let bytes = isize::try_from(more.saturating_mul(size_of::<V>())).unwrap_or(isize::MAX);
        let room = bytes.saturating_mul(2) <= self.left.saturating_sub(self.reserve);
        if room {
            self.left -= bytes;
            items.reserve_exact(more);
        }
        room
    }

    /// Makes room for `count` items in any case: for as many again while loops keep all states, then for an
    /// eighth more. What is left is given out before there is less than nothing: whoever can fail then does.
    #[cold]
    #[inline(never)]
    fn grow<V>(&mut self, items: &mut Vec<V>, count: usize) {
        let full = items.capacity();
        items.reserve_exact(full - items.len() + self.more(full, size_of::<V>().max(1), count));
    }

    /// For how many more items of a size a stack gets room that is full with so many, `count` at least: they are counted.
    fn more(&mut self, full: usize, size: usize, count: usize) -> usize {
        let room = usize::try_from(self.left).unwrap_or(0) / size;
        let spare = usize::try_from(self.left.saturating_sub(self.reserve)).unwrap_or(0) / size;
        let more = if full <= spare / 2 { full } else { full / 8 };
        let more = more.min(room).max(count).max(FIRST);
        self.left = self.left.saturating_sub_unsigned(more.saturating_mul(size));
        more
    }

    /// Keeps an item in any case.
    #[inline(always)]
    fn push<V>(&mut self, items: &mut Vec<V>, item: V) {
        if items.len() == items.capacity() {
            self.grow(items, 1);
        }
        items.push(item);
    }
}

/// The states that a stack has room for at first, and the steps that a run goes without for each state that
/// it keeps where memory is used up.
const FEWEST: usize = 32;

/// The items that other stacks have room for at first.
const FIRST: usize = 4;

thread_local! {
    static CAPS: Cell<(usize, usize)> = const { Cell::new((MEMORY, MOST_KEPT)) };
}

/// Runs `f` with other amounts of memory than [`MEMORY`] and [`MOST_KEPT`] for each run on this thread, for
/// tests.
pub fn with_memory<V>(states: usize, all: usize, f: impl FnOnce() -> V) -> V {
    let before = CAPS.replace((states, all));
    let value = f();
    CAPS.set(before);
    value
}
