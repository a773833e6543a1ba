//! Sums over rows of every number of the results, in the tree of [`sum`](crate::blocks::sum).
//!
//! Results are held for a few blocks, each number in a column of its own, before they are added: sums that are
//! carried through the loop over rows would keep it from using vectors.

use super::{
    Columns, Element, Gives, Lengths, Outputs, RowsError,
    run::{block_in, heard, in_blocks, one_by_one, stop},
    steps::{Tries, in_steps},
};
use crate::{
    blocks::sums::{Sum, tree},
    function::{Function, OverRows},
    general,
    shape::{Of, Shape, each},
    simd::{self, Rows, RowsKernel},
};
use std::ops::Range;

/// How many rows are held. They divide a leaf of the tree.
const HELD: usize = 64;

/// The places before those of rows that are held: a block that ends at the last row may begin before the first.
const BEFORE: usize = 16;

/// The sums over rows that follow one another, the first of which begins a leaf, and results that are to be added.
pub(super) struct Sums<E> {
    /// One for every number of the result.
    sums: Vec<Sum>,
    held: Vec<[E; BEFORE + HELD]>,
}

impl<E: Element> Sums<E> {
    fn new(numbers: usize) -> Self {
        Self { sums: vec![Sum::default(); numbers], held: vec![[E::lit(0.0); BEFORE + HELD]; numbers] }
    }

    /// Adds the first so many results.
    #[inline(always)]
    fn add(&mut self, rows: usize) {
        for (sum, column) in self.sums.iter_mut().zip(&self.held) {
            sum.add(column.get(BEFORE..BEFORE + rows).unwrap_or_default());
        }
    }

    /// Sums these rows of the columns.
    pub(super) fn of<F, C>(f: F, mut columns: C, rows: Range<usize>) -> Result<Self, RowsError>
    where
        F: Function,
        C: Columns<E, F::In>,
    {
        if const { matches!(F::OVER_ROWS, OverRows::Lanes) } && rows.len() >= E::WIDTH {
            let blocks =
                Blocks::<E, F, C> { f, columns, rows: rows.clone(), sums: Self::new(<Gives<F>>::LEN) };
            match simd::over_rows::<E, F, _>(blocks) {
                Ok(Ok(sums)) => return Ok(sums),
                Ok(Err(given)) => columns = given,
                Err(blocks) => columns = blocks.columns,
            }
        }
        if const { matches!(F::OVER_ROWS, OverRows::ByPaths) } {
            return Self::by_paths(f, &columns, rows);
        }
        let (mut sums, mut tries) = (Self::new(<Gives<F>>::LEN), Tries::default());
        for start in rows.clone().step_by(HELD) {
            let part = start..rows.end.min(start.saturating_add(HELD));
            let held = part.len();
            let mut places = Held(&mut sums.held);
            if const { matches!(F::OVER_ROWS, OverRows::InStep) } {
                in_steps(f, &columns, part, &mut places, &mut tries, &mut stop)?;
            } else {
                one_by_one(f, &columns, part, &mut places, start, &mut stop)?;
            }
            sums.add(held);
        }
        Ok(sums)
    }

    /// The same of a function that runs on the machine.
    fn by_paths<F, C>(f: F, columns: &C, rows: Range<usize>) -> Result<Self, RowsError>
    where
        F: Function,
        C: Columns<E, F::In>,
    {
        let mut sums = Self::new(<Gives<F>>::LEN);
        let hear = |part| heard(f, columns, part);
        general::rows(rows, <F::In as Shape>::LEN, hear, |part| {
            for start in part.clone().step_by(HELD) {
                let some = start..part.end.min(start + HELD);
                let held = some.len();
                in_blocks(f, columns, some, &mut Held(&mut sums.held), start, &mut stop)?;
                sums.add(held);
            }
            Ok(())
        })?;
        Ok(sums)
    }
}

/// The places of rows that are held, one column a number.
struct Held<'a, E>(&'a mut [[E; BEFORE + HELD]]);

impl<E: Element, S: Shape> Outputs<E, S> for Held<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(HELD));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        for (k, column) in self.0.iter_mut().enumerate() {
            if let (Some(place), Some(x)) = (column.get_mut(BEFORE + row), S::get(result, k)) {
                *place = *x;
            }
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        hold::<E, S>(self.0, BEFORE + start, results);
    }
}

/// Puts the numbers of a block of rows into their columns, from `at` on.
#[inline(always)]
fn hold<E: Element, S: Shape>(held: &mut [[E; BEFORE + HELD]], at: usize, results: &Of<S, E::Block>) {
    each!(k < S::LEN, {
        if let (Some(column), Some(block)) = (held.get_mut(k), S::get(results, k))
            && let Some(places) = column.get_mut(at..at + E::WIDTH)
        {
            places.copy_from_slice(E::lanes(block));
        }
    });
}

/// The loop over at least one whole block of rows; gives the columns back if a row fails.
struct Blocks<E, F, C> {
    f: F,
    columns: C,
    rows: Range<usize>,
    sums: Sums<E>,
}

impl<E, F, C> RowsKernel<E> for Blocks<E, F, C>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
{
    type Output = Result<Sums<E>, C>;

    #[inline(always)]
    fn run<B: Rows<E>>(self) -> Self::Output {
        const { assert!(E::WIDTH <= BEFORE) };
        let Self { f, columns, rows: Range { mut start, end }, mut sums } = self;
        loop {
            let rows = if end - start < HELD { end - start } else { HELD };
            let mut i = 0;
            while i < rows {
                // The last block ends at the last row, and has some rows that others have had.
                let known = (start + i + E::WIDTH).saturating_sub(end);
                let x = columns.block(start + i - known);
                let Ok(result) = block_in::<E, B, F>(f, &x) else { return Err(columns) };
                hold::<E, Gives<F>>(&mut sums.held, BEFORE + i - known, &result);
                i += E::WIDTH;
            }
            sums.add(rows);
            start += rows;
            if start == end {
                return Ok(sums);
            }
        }
    }
}

/// The sums over rows that one after the other were summed in parts.
pub(super) fn total<S: Shape, E>(parts: Vec<Sums<E>>) -> Of<S, f64> {
    let mut leaves: Vec<Vec<f64>> = vec![Vec::new(); S::LEN];
    for part in parts {
        leaves.iter_mut().zip(part.sums).for_each(|(leaves, sum)| leaves.extend(sum.leaves()));
    }
    let mut out = S::fill(0.0);
    for (k, leaves) in leaves.into_iter().enumerate() {
        if let Some(out) = S::get_mut(&mut out, k) {
            *out = tree(leaves);
        }
    }
    out
}
