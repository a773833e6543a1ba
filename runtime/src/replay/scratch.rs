//! The memory of a replay, kept from call to call.

use std::cell::Cell;

/// What a replay writes: 32 bytes an operation at most, and what it gives. It may be used with any
/// [`Replay`](super::Replay)s one after another, and grows to what the largest needs.
#[derive(Clone, Default, Debug)]
pub struct Scratch {
    pub(super) values: Vec<f64>,
    /// Of each slot its cotangent, or its tangent.
    pub(super) linear: Vec<f64>,
    /// Of each operation its partials; or of each slot its cotangent and how that moves.
    pub(super) pairs: Vec<[f64; 2]>,
    pub(super) results: Vec<f64>,
    pub(super) derivatives: Vec<f64>,
}

/// How many bytes a thread keeps.
const MOST_KEPT: usize = 1 << 24;

thread_local! {
    static KEPT: Cell<Option<Scratch>> = const { Cell::new(None) };
}

impl Scratch {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `f` with the scratch that this thread keeps, or if that is in use with a new one.
    ///
    /// ```
    /// use scheme_runtime::replay::{Replay, Scratch};
    /// # use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    /// # let mut trace = Trace::new(1);
    /// # let y = trace.push(Numeric::Square, &[Slot::value(0)], 0);
    /// # trace.give(vec![y]);
    /// let square = Replay::new(&trace, &[0]);
    /// let y = Scratch::with(|scratch| square.value(&[3.0], scratch).map(|y| y[0]));
    /// assert_eq!(y, Ok(9.0));
    /// ```
    pub fn with<T>(f: impl FnOnce(&mut Self) -> T) -> T {
        let mut scratch = KEPT.take().unwrap_or_default();
        let out = f(&mut scratch);
        if scratch.bytes() <= MOST_KEPT {
            KEPT.set(Some(scratch));
        }
        out
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        let numbers = [&self.values, &self.linear, &self.results, &self.derivatives];
        numbers.map(Vec::capacity).iter().sum::<usize>() * size_of::<f64>()
            + self.pairs.capacity() * size_of::<[f64; 2]>()
    }
}

/// The first `n`, of which there are more from then on if there were fewer.
pub(super) fn first<T: Copy>(memory: &mut Vec<T>, n: usize, new: T) -> &mut [T] {
    if memory.len() < n {
        memory.reserve_exact(n - memory.len());
        memory.resize(n, new);
    }
    &mut memory[..n]
}
