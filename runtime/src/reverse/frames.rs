//! The residuals of recursive calls.

use super::{Memory, Record};

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

    /// Keeps a frame, in any case: of functions that cannot fail.
    #[inline(always)]
    pub fn keep(&mut self, memory: &mut Memory, frame: F) -> Record {
        let record = Record(self.frames.len() as u32);
        memory.push(&mut self.frames, frame);
        record
    }

    /// Keeps a frame; none if the run has kept more than it may.
    ///
    /// Calls keep theirs when they return. All that wait check here, so none adds more to what is over than
    /// its own body does.
    #[inline(always)]
    pub fn push(&mut self, memory: &mut Memory, frame: F) -> Option<Record> {
        let record = self.keep(memory, frame);
        (!memory.is_over()).then_some(record)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_end_where_the_memory_does() {
        for all in [0, 100, 1 << 10, 1 << 20] {
            let mut memory = Memory::new((0, all));
            let (mut one, mut other) = (Frames::new(), Frames::new());
            let mut kept = 0;
            while one.push(&mut memory, [0.0; 3]).is_some() && other.push(&mut memory, 1_u8).is_some() {
                kept += 25;
            }
            assert!(kept <= all && kept * 3 + 200 >= all, "{kept} bytes kept of {all}");
            assert!(one.frames.capacity() * 24 + other.frames.capacity() <= all + 200, "{all}");
        }
    }
}
