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
//! All stacks of a run share [`MEMORY`] bytes. Where they are used up, a loop keeps every second state, then
//! every fourth and so on, and its sweep runs the steps between two states again, one segment after the other: the gradient
//! has the same bits. Frames are not thinned: a run that needs more than [`MOST_FRAMES`] bytes for those of
//! one function fails with the code `Tape`.

mod frames;
mod loops;

pub use frames::Frames;
pub use loops::{Recorder, Runs, Sweep};

use crate::control::Context;
use std::cell::Cell;

/// The bytes that the loops of a run keep at most.
pub const MEMORY: usize = 64 << 20;

/// The bytes that the frames of one function take at most.
pub const MOST_FRAMES: usize = 1 << 30;

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
        Self { context, memory: Memory { left: CAP.get() }, stacks }
    }
}

impl<S> AsMut<Context> for Tape<S> {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut Context {
        &mut self.context
    }
}

/// Bytes that stacks may still take.
#[derive(Debug)]
pub struct Memory {
    left: usize,
}

impl Memory {
    /// Makes room for as many items again in a full stack; not if there is no memory for them beside those
    /// that are copied.
    fn double<V>(&mut self, items: &mut Vec<V>) -> bool {
        let more = items.capacity().max(FEWEST);
        let bytes = more.saturating_mul(size_of::<V>());
        let room = bytes.saturating_mul(2) <= self.left;
        if room {
            self.left -= bytes;
            items.reserve_exact(more);
        }
        room
    }
}

/// The items that a stack has room for at first, and that it never goes without.
const FEWEST: usize = 32;

thread_local! {
    static CAP: Cell<usize> = const { Cell::new(MEMORY) };
}

/// Runs `f` with another amount of memory than [`MEMORY`] for each run on this thread, for tests.
pub fn with_memory<V>(bytes: usize, f: impl FnOnce() -> V) -> V {
    let before = CAP.replace(bytes);
    let value = f();
    CAP.set(before);
    value
}
