//! The loop over rows that follow one another, on one thread: up to the first that fails, or past those that fail.

use super::{
    Columns, Element, Gives, Outputs, RowsError,
    steps::{Tries, in_steps},
};
use crate::{
    function::{Function, OverRows},
    general,
    outcome::{Failure, Kind, Outcome},
    shape::{Of, Shape},
    simd::{self, Back, Into, Rows, RowsKernel},
};
use scheme_core::real::Real;
use std::{marker::PhantomData, ops::Range};

/// Runs the function on these rows of the columns; the first of them goes to the first place of the outputs.
pub(super) fn run<E, F, C, O>(f: F, columns: C, rows: Range<usize>, outputs: O) -> Result<(), RowsError>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    run_past(f, columns, rows, outputs, &mut stop)
}

/// What is said of the first row that fails, to go no further.
pub(super) fn stop(row: usize, failure: Failure) -> Result<(), RowsError> {
    Err(RowsError::Failed { row, failure })
}

/// The same past rows that fail: their results are nan, and `failed` is told of each, in order, unless it gives up. The rows
/// beside them cost no more than a call each.
pub(super) fn run_past<E, F, C, O, X>(
    f: F,
    mut columns: C,
    rows: Range<usize>,
    mut outputs: O,
    failed: &mut impl FnMut(usize, Failure) -> Result<(), X>,
) -> Result<(), X>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    let Range { start: first, end } = rows;
    if const { matches!(F::OVER_ROWS, OverRows::InStep) } {
        return in_steps(f, &columns, rows, &mut outputs, &mut Tries::default(), failed);
    }
    if const { matches!(F::OVER_ROWS, OverRows::ByPaths) } {
        let hear = |part| heard(f, &columns, part);
        return general::rows(rows, <F::In as Shape>::LEN, hear, |part| {
            in_blocks(f, &columns, part, &mut outputs, first, failed)
        });
    }
    let mut start = first;
    while start < end {
        let mut alone = start..end;
        if const { matches!(F::OVER_ROWS, OverRows::Lanes) } && alone.len() >= E::WIDTH {
            let blocks = Blocks { f, columns, outputs, first, rows: alone, element: PhantomData };
            (columns, outputs, alone) = match simd::over_rows::<E, F, _>(blocks) {
                Ok(Ok(())) => return Ok(()),
                // A block says only that one of its rows failed; the rows one by one say which.
                Ok(Err(given)) => given,
                Err(Blocks { columns, outputs, rows, .. }) => (columns, outputs, rows),
            }
        }
        start = alone.end;
        one_by_one(f, &columns, alone, &mut outputs, first, failed)?;
    }
    Ok(())
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
pub(super) fn in_blocks<E, F, C, O, X>(
    f: F,
    columns: &C,
    rows: Range<usize>,
    outputs: &mut O,
    first: usize,
    failed: &mut impl FnMut(usize, Failure) -> Result<(), X>,
) -> Result<(), X>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    let Range { mut start, end } = rows;
    if const { <F::In as Shape>::LEN <= MOST_IN_BLOCKS } {
        while end - start >= E::WIDTH {
            let call = || <F::Out as Outcome>::Kind::result(f.call(columns.block(start)));
            let next = start + E::WIDTH;
            match general::attempt(call) {
                Ok(result) => outputs.set_block(start - first, &result),
                // A block says only that one of its rows failed; the rows one by one say which.
                Err(_) => one_by_one(f, columns, start..next, outputs, first, failed)?,
            }
            start = next;
        }
    }
    one_by_one(f, columns, start..end, outputs, first, failed)
}

/// Writes the result of each of these rows, nan if it fails; the row `first` goes to the first place of the outputs.
#[inline(always)]
pub(super) fn one_by_one<E, F, C, O, X>(
    f: F,
    columns: &C,
    rows: Range<usize>,
    outputs: &mut O,
    first: usize,
    failed: &mut impl FnMut(usize, Failure) -> Result<(), X>,
) -> Result<(), X>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    for row in rows {
        match <F::Out as Outcome>::Kind::result(f.call(columns.row(row))) {
            Ok(result) => outputs.set_row(row - first, &result),
            Err(failure) => {
                failed(row, failure)?;
                outputs.set_row(row - first, &<Gives<F>>::fill(E::lit(f64::NAN)));
            }
        }
    }
    Ok(())
}

/// What a block of rows gives, computed in lanes of one kind.
#[inline(always)]
pub(super) fn block_in<E: Element, B: Rows<E>, F: Function>(
    f: F,
    x: &Of<F::In, E::Block>,
) -> Result<Of<Gives<F>, E::Block>, Failure> {
    let x = <F::In as Shape>::map(x, B::lit(0.0), &mut Into(PhantomData::<E>));
    let result = <F::Out as Outcome>::Kind::result(f.call(x))?;
    Ok(<Gives<F>>::map(&result, E::Block::lit(0.0), &mut Back(PhantomData::<E>)))
}

/// The loop over at least one whole block of rows, which has columns and outputs for itself: where they are would be
/// read again for every block, if it were in memory that outputs may be in. It gives them back if a row fails, with those that
/// are to be gone through one by one, of which it is one.
struct Blocks<E, F, C, O> {
    f: F,
    columns: C,
    outputs: O,
    first: usize,
    rows: Range<usize>,
    element: PhantomData<E>,
}

impl<E, F, C, O> RowsKernel<E> for Blocks<E, F, C, O>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    type Output = Result<(), (C, O, Range<usize>)>;

    #[inline(always)]
    fn run<B: Rows<E>>(mut self) -> Self::Output {
        let (first, Range { mut start, end }) = (self.first, self.rows);
        let last = end - E::WIDTH;
        loop {
            // The last block ends at the last row and may compute some rows a second time, to the same bits.
            let at = if start < last { start } else { last };
            match block_in::<E, B, F>(self.f, &self.columns.block(at)) {
                Ok(result) => self.outputs.set_block(at - first, &result),
                Err(_) => return Err((self.columns, self.outputs, start..end.min(start + E::WIDTH))),
            }
            if at == last {
                return Ok(());
            }
            start += E::WIDTH;
        }
    }
}
