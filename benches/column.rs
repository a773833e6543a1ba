//! Columns whose place in memory is chosen.

use std::ops::{Deref, DerefMut};

/// One number a row.
#[derive(Debug)]
pub struct Column<E> {
    memory: Vec<E>,
    start: usize,
    rows: usize,
}

impl<E: Copy + Default> Column<E> {
    /// A column of zeros that starts at a cache line, each `place` at another one of its page. Where columns
    /// lay by chance, times were seen to differ by up to a factor of two, in either form.
    pub fn new(rows: usize, place: usize) -> Self {
        let (page, line) = (4096 / size_of::<E>(), 64 / size_of::<E>());
        let memory = vec![E::default(); rows + page];
        let start = (5 * line * place).wrapping_sub(memory.as_ptr().addr() / size_of::<E>()) % page;
        Self { memory, start, rows }
    }
}

impl<E> Deref for Column<E> {
    type Target = [E];
    fn deref(&self) -> &[E] {
        &self.memory[self.start..][..self.rows]
    }
}

impl<E> DerefMut for Column<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        &mut self.memory[self.start..][..self.rows]
    }
}
