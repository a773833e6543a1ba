//! The columns of the next block, asked for while this one is run.
//!
//! A step reads or writes a whole block of a column. Where that is in no cache the step waits for memory, which has nothing to do
//! while others compute. So each step asks for its share of the lines that the next block has, one of each column and
//! then the next of each: an order in which the processor's own fetching goes ahead of it. Of columns that are in a
//! cache it would be work for nothing, a tenth of a short program's.

use super::Column;
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
pub(super) struct Ahead<'f> {
    /// Asks for the line of this number of each column.
    fetch: &'f dyn Fn(usize),
    steps: usize,
    /// How many lines of a column the next block has, and how many were asked for.
    lines: usize,
    asked: usize,
    /// What of the next line is due, in parts of which it has as many as there are steps.
    due: usize,
}

impl<'f> Ahead<'f> {
    /// Of a block whose columns have so many lines.
    pub(super) fn new(lines: usize, steps: usize, fetch: &'f dyn Fn(usize)) -> Self {
        Self { fetch, steps, lines, asked: 0, due: 0 }
    }

    /// A step's share.
    #[inline(always)]
    pub(super) fn step(&mut self) {
        self.due += self.lines;
        while self.due >= self.steps {
            self.due -= self.steps;
            (self.fetch)(self.asked);
            self.asked += 1;
        }
    }
}

/// In how many lines of a column so many numbers are.
pub(super) fn lines<S>(numbers: usize) -> usize {
    (numbers * size_of::<S>()).div_ceil(LINE)
}

/// Asks for a line of a column, if it has that many.
pub(super) fn ask<S>(column: &[S], line: usize) {
    if let Some(number) = column.get(line * (LINE / size_of::<S>())) {
        fetch(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn all_lines_are_asked_for_when_all_steps_are_done() {
        for (numbers, steps) in [(128, 1), (128, 7), (128, 16), (128, 100), (256, 33), (8, 40)] {
            let asked = Cell::new(0);
            let fetch = |line| asked.set(line + 1);
            let mut ahead = Ahead::new(lines::<f64>(numbers), steps, &fetch);
            for step in 1..=steps {
                ahead.step();
                assert_eq!(asked.get(), numbers / 8 * step / steps, "{numbers} {steps}");
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
