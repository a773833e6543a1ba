//! The loop over rows that follow one another, on one thread.

use super::{
    Columns, Element, Gives, Outputs, RowsError,
    steps::{Tries, in_steps},
};
use crate::{
    function::{Function, OverRows},
    general,
    outcome::{Kind, Outcome},
    shape::{Of, Shape},
    simd::{self, Kernel},
};
use std::{marker::PhantomData, ops::Range};

/// Runs the function on these rows of the columns; the first of them goes to the first place of the outputs.
pub(super) fn run<E, F, C, O>(
    f: F,
    mut columns: C,
    rows: Range<usize>,
    mut outputs: O,
) -> Result<(), RowsError>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    if const { matches!(F::OVER_ROWS, OverRows::InStep) } {
        return in_steps(f, &columns, rows, &mut outputs, &mut Tries::default());
    }
    if const { matches!(F::OVER_ROWS, OverRows::Lanes) } && rows.len() >= E::WIDTH {
        let blocks = Blocks { f, columns, outputs, rows: rows.clone(), element: PhantomData };
        (columns, outputs) = match simd::dispatch(blocks) {
            Ok(Ok(())) => return Ok(()),
            // A block says only that one of its rows failed; the rows one by one say which.
            Ok(Err(given)) => given,
            Err(blocks) => (blocks.columns, blocks.outputs),
        }
    }
    let first = rows.start;
    if const { matches!(F::OVER_ROWS, OverRows::ByPaths) } {
        let hear = |part| heard(f, &columns, part);
        return general::rows(rows, <F::In as Shape>::LEN, hear, |part| {
            in_blocks(f, &columns, part, &mut outputs, first)
        });
    }
    one_by_one(f, &columns, rows, |row, result| outputs.set_row(row - first, result))
}

/// Of how many numbers the inputs may be that a block of rows is made of for a program on the machine: in forward mode
/// each of them has so many derivatives, and all lie on the stack.
const MOST_IN_BLOCKS: usize = 32;

/// Calls a function in these rows and drops what it gives.
pub(super) fn heard<E, F, C>(f: F, columns: &C, rows: Range<usize>)
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
{
    let Range { mut start, end } = rows;
    if const { <F::In as Shape>::LEN <= MOST_IN_BLOCKS } {
        while end - start >= E::WIDTH {
            drop(f.call(columns.block(start)));
            start += E::WIDTH;
        }
    }
    (start..end).for_each(|row| drop(f.call(columns.row(row))));
}

/// Writes the results of these rows, of a function that runs on the machine; the row `first` goes to the first place of the outputs.
pub(super) fn in_blocks<E, F, C, O>(
    f: F,
    columns: &C,
    rows: Range<usize>,
    outputs: &mut O,
    first: usize,
) -> Result<(), RowsError>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    let Range { mut start, end } = rows;
    if const { <F::In as Shape>::LEN <= MOST_IN_BLOCKS } {
        while end - start >= E::WIDTH {
            // A block says only that one of its rows failed; the rows one by one say which.
            let Ok(result) = <F::Out as Outcome>::Kind::result(f.call(columns.block(start))) else { break };
            outputs.set_block(start - first, &result);
            start += E::WIDTH;
        }
    }
    one_by_one(f, columns, start..end, |row, result| outputs.set_row(row - first, result))
}

/// Hands on the result of each of these rows, up to the first that fails.
#[inline(always)]
pub(super) fn one_by_one<E, F, C>(
    f: F,
    columns: &C,
    rows: Range<usize>,
    mut each: impl FnMut(usize, &Of<Gives<F>, E>),
) -> Result<(), RowsError>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
{
    for row in rows {
        match <F::Out as Outcome>::Kind::result(f.call(columns.row(row))) {
            Ok(result) => each(row, &result),
            Err(failure) => return Err(RowsError::Failed { row, failure }),
        }
    }
    Ok(())
}

/// The loop over at least one whole block of rows, which has columns and outputs for itself: where they are would be
/// read again for every block, if it were in memory that outputs may be in. It gives them back if a row fails.
struct Blocks<E, F, C, O> {
    f: F,
    columns: C,
    outputs: O,
    rows: Range<usize>,
    element: PhantomData<E>,
}

impl<E, F, C, O> Kernel for Blocks<E, F, C, O>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    type Output = Result<(), (C, O)>;

    #[inline(always)]
    fn run(mut self) -> Result<(), (C, O)> {
        let Range { start: first, end } = self.rows;
        let last = end - E::WIDTH;
        let mut start = first;
        loop {
            // The last block ends at the last row and may compute some rows a second time, to the same bits.
            let at = if start < last { start } else { last };
            let result = self.f.call(self.columns.block(at));
            match <F::Out as Outcome>::Kind::result(result) {
                Ok(result) => self.outputs.set_block(at - first, &result),
                Err(_) => return Err((self.columns, self.outputs)),
            }
            if at == last {
                return Ok(());
            }
            start += E::WIDTH;
        }
    }
}
