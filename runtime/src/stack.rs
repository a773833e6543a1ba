//! Room on the stack for what recurses over data, on any thread.
//!
//! Data that come from texts and answers nest at most 500 deep, so that reading, checking and writing them may
//! recurse. On the main thread that is nothing; a small thread gets a segment more, for as long as it takes.

/// What reading and checking a text takes at most, without optimization.
const WHOLE: usize = 2 << 20;

/// What one level of a recursion takes at most.
const LEVEL: usize = 64 << 10;

/// Runs what recurses over a whole text.
pub(crate) fn for_a_text<R>(run: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(WHOLE, 2 * WHOLE, run)
}

/// Runs one level of a recursion that comes here again for the next.
pub(crate) fn for_a_level<R>(run: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(LEVEL, WHOLE, run)
}
