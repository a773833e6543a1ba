//! The columns of the next block, asked for while this one is run.
//!
//! A step reads or writes a whole block of a column. Where that is in no cache the step waits for memory, which has nothing to do
//! while others compute. So each step asks for its share of the lines that the next block has, one of each column and
//! then the next of each: an order in which the processor's own fetching goes ahead of it. Of columns that are in a
//! cache it would be work for nothing, a tenth of a short program's.

use super::{Column, Number};
use crate::simd::fetch;

/// The bytes of a line.
const LINE: usize = 64;

/// How many bytes the columns of a run have that no cache is taken to hold.
const FAR: usize = 1 << 24;

/// Whether the columns of a run, with so many for results, are too large for a cache.
pub(super) fn is_far<E>(columns: &[Column<'_, E>], results: usize) -> bool {
    let lengths = columns.iter().filter_map(|column| match column {
        Column::Each(column) => Some(column.len()),
        Column::All(_) => None,
    });
    let (rows, count) = lengths.fold((0, 0), |(rows, count), length| (length.max(rows), count + 1));
    rows.saturating_mul((count + results) * size_of::<E>()) > FAR
}

/// The shares of the steps of a block.
pub(super) struct Ahead {
    steps: usize,
    /// How many lines of a column the next block has, and how many were asked for.
    lines: usize,
    asked: usize,
    /// What of the next line is due, in parts of which it has as many as there are steps.
    due: usize,
}

impl Ahead {
    /// Of a block of so many numbers a column.
    pub(super) fn new<E>(numbers: usize, steps: usize) -> Self {
        Self { steps, lines: (numbers * size_of::<E>()).div_ceil(LINE), asked: 0, due: 0 }
    }

    /// A step's share of columns that begin with the next block.
    #[inline(always)]
    pub(super) fn step<E: Number>(&mut self, reads: &[&[E]], writes: &[&mut [E]]) {
        self.due += self.lines;
        while self.due >= self.steps {
            self.due -= self.steps;
            let at = self.asked * (LINE / size_of::<E>());
            self.asked += 1;
            reads.iter().filter_map(|column| column.get(at)).for_each(fetch);
            writes.iter().filter_map(|column| column.get(at)).for_each(fetch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_are_asked_for_when_all_steps_are_done() {
        for (numbers, steps) in [(128, 1), (128, 7), (128, 16), (128, 100), (256, 33), (8, 40)] {
            let mut ahead = Ahead::new::<f64>(numbers, steps);
            let column = vec![0.0; numbers / 2];
            for step in 1..=steps {
                ahead.step(&[&column[..]], &[]);
                assert_eq!(ahead.asked, numbers / 8 * step / steps, "{numbers} {steps}");
            }
        }
    }

    #[test]
    fn far_is_what_a_cache_does_not_hold() {
        let column = vec![0.0f32; FAR / 16 + 1];
        let columns = [Column::Each(&column[..]), Column::All(1.0), Column::Each(&column[..])];
        assert_eq!([1, 2].map(|results| is_far(&columns, results)), [false, true]);
        assert!(!is_far(&columns[1..2], 100));
    }
}
