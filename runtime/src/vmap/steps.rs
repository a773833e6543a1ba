//! Rows of programs with loops and calls: in blocks while the rows of a block go the same way, else one by one.
//!
//! Where rows part more often than they stay together, the rest goes one by one. Of a block with rows that have to be computed another way
//! only these do.

use super::{
    Columns, Element, Gives, Outputs,
    run::{block_in, one_by_one},
};
use crate::{
    control::lockstep::{self, Lockstep},
    function::Function,
    outcome::Failure,
    simd::{self, Rows, RowsKernel},
};
use std::{hint::black_box, marker::PhantomData, ops::Range};

/// How many blocks more may part than stay together.
const TRIALS: usize = 2;

/// How many blocks of rows stayed together, and how many parted.
#[derive(Default)]
pub(super) struct Tries {
    together: usize,
    parted: usize,
}

impl Tries {
    fn are_worth_it(&self) -> bool {
        self.parted < self.together + TRIALS
    }
}

/// Runs the function on these rows; the first of them goes to the first place of the outputs.
pub(super) fn in_steps<E, F, C, O, X>(
    f: F,
    columns: &C,
    rows: Range<usize>,
    outputs: &mut O,
    tries: &mut Tries,
    failed: &mut impl FnMut(usize, Failure) -> Result<(), X>,
) -> Result<(), X>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    let Range { start: first, end } = rows;
    let mut start = first;
    while end - start >= E::WIDTH && tries.are_worth_it() {
        let steps =
            Steps { f, columns, outputs: &mut *outputs, first, rows: start..end, element: PhantomData };
        let Ok(parted) = simd::over_rows::<E, F, _>(steps) else { break };
        tries.together += (parted - start) / E::WIDTH;
        start = parted;
        if end - start >= E::WIDTH {
            let block = start..start + E::WIDTH;
            start = block.end;
            if let lockstep::Rows::Unfinished(lanes) = lockstep::rows() {
                tries.together += 1;
                for row in block.clone().filter(|row| lanes >> (row - block.start) & 1 == 1) {
                    one_by_one(f, columns, row..row + 1, outputs, first, failed)?;
                }
            } else {
                tries.parted += 1;
                one_by_one(f, columns, block, outputs, first, failed)?;
            }
        }
    }
    one_by_one(f, columns, start..end, outputs, first, failed)
}

/// The loop over whole blocks of rows, up to one whose rows part, or of which one fails or has to be computed another way: gives its first row.
struct Steps<'a, E, F, C, O> {
    f: F,
    columns: &'a C,
    outputs: &'a mut O,
    first: usize,
    rows: Range<usize>,
    element: PhantomData<E>,
}

impl<E, F, C, O> RowsKernel<E> for Steps<'_, E, F, C, O>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    type Output = usize;

    #[inline(always)]
    fn run<B: Rows<E>>(self) -> usize {
        let Self { f, columns, outputs, first, rows: Range { mut start, end }, .. } = self;
        // With it the variables of this function that are in memory begin at whole lines, where the stack begins as it may.
        black_box(&mut Line([0; 64]));
        while end - start >= E::WIDTH {
            lockstep::begin();
            let Ok(result) = block_in::<E, Lockstep<B>, F>(f, &columns.block(start)) else {
                lockstep::part();
                break;
            };
            let rows = lockstep::rows();
            if rows == lockstep::Rows::Parted {
                break;
            }
            outputs.set_block(start - first, &result);
            if rows != lockstep::Rows::Together {
                break;
            }
            start += E::WIDTH;
        }
        start
    }
}

/// A line of memory. Blocks of rows take a whole one, and one that lies in two takes twice as long and more.
#[repr(align(64))]
struct Line(#[allow(dead_code, reason = "it takes its place")] [u8; 64]);
