//! The residuals of recursive calls.

use super::{MOST_FRAMES, Record};

/// A stack with a frame per call of one function.
#[derive(Debug)]
pub struct Frames<F> {
    frames: Vec<F>,
}

impl<F: Copy> Frames<F> {
    /// No frames.
    #[inline(always)]
    pub const fn new() -> Self {
        Self { frames: Vec::new() }
    }

    /// How many there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Forgets all but the first `len`.
    #[inline(always)]
    pub fn truncate(&mut self, len: usize) {
        self.frames.truncate(len);
    }

    /// Keeps a frame.
    #[inline(always)]
    pub fn push(&mut self, frame: F) -> Record {
        let record = Record(self.frames.len() as u32);
        self.frames.push(frame);
        record
    }

    /// Whether the frames take as much memory as they may.
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.frames.len() >= const { MOST_FRAMES / if size_of::<F>() < 4 { 4 } else { size_of::<F>() } }
    }

    /// The frame of a record.
    #[inline(always)]
    pub fn get(&self, record: Record) -> F {
        self.frames[record.0 as usize]
    }
}

impl<F: Copy> Default for Frames<F> {
    fn default() -> Self {
        Self::new()
    }
}
