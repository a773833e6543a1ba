//! `vmap`: a compiled function over many rows, in SIMD blocks.
//!
//! Inputs are columns ([`Columns`]): a number stands in every row, a slice has one element a row. The
//! function runs on lanes, with the widest vector instructions that the machine has, found out at run
//! time. Every row is what a single call gives, to the bit. There are no threads here.

mod columns;
mod outputs;

pub use columns::{Columns, Element};
pub use outputs::Outputs;

use crate::{
    function::Function,
    outcome::{Failure, Kind, Outcome},
    shape::{Of, Shape},
    simd::{self, Kernel},
};
use std::{fmt, marker::PhantomData};

/// A function over rows; see [`vmap`].
#[derive(Clone, Copy, Debug)]
pub struct Vmap<F>(F);

/// `f` over rows: any compiled function, transforms included.
///
/// [`call`](Vmap::call) gives one result a row; [`into_slices`](Vmap::into_slices) writes to memory
/// that you have.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let area = scheme! { (* width height) };
/// let heights = [1.0, 2.0, 3.0];
/// assert_eq!(vmap(area).call((2.0, &heights))?, [2.0, 4.0, 6.0]);
/// assert_eq!(vmap(grad(area)).call((2.0, &heights))?[2], [3.0, 2.0]);
///
/// let (mut dwidth, mut dheight) = ([0.0; 3], [0.0; 3]);
/// vmap(grad(area)).into_slices((2.0, &heights), [&mut dwidth[..], &mut dheight])?;
/// assert_eq!((dwidth, dheight), (heights, [2.0; 3]));
/// # Ok::<(), RowsError>(())
/// ```
#[inline(always)]
pub fn vmap<F: Function>(f: F) -> Vmap<F> {
    Vmap(f)
}

/// The shape of what `F` gives.
type Gives<F> = <<F as Function>::Out as Outcome>::Shape;

impl<F: Function> Vmap<F> {
    /// The results, one a row: `Vec<f64>` for a function that gives a number, `Vec<[f64; 4]>` for the
    /// gradient by four inputs.
    ///
    /// # Errors
    /// If columns have different lengths, if none of them is a slice, or if the program fails in a row.
    pub fn call<E: Element, C: Columns<E, F::In>>(
        &self,
        columns: C,
    ) -> Result<Vec<Of<Gives<F>, E>>, RowsError> {
        let rows = rows::<E, F::In, C>(&columns)?;
        let mut out = vec![<Gives<F>>::fill(E::lit(0.0)); rows];
        self.run::<E, C, &mut [Of<Gives<F>, E>]>(&columns, &mut out, rows)?;
        Ok(out)
    }

    /// Writes the results to `outputs`, allocating nothing: a slice of results, one a row, or in the
    /// place of every number a slice of its own (see [`Outputs`]).
    ///
    /// # Errors
    /// As [`call`](Vmap::call), and if an output has not one place for every row. What the outputs hold
    /// after an error is unspecified.
    pub fn into_slices<E, C, O>(&self, columns: C, outputs: O) -> Result<(), RowsError>
    where
        E: Element,
        C: Columns<E, F::In>,
        O: Outputs<E, Gives<F>>,
    {
        let rows = rows::<E, F::In, C>(&columns)?;
        let mut places = Lengths::default();
        outputs.measure(&mut places);
        match (places.rows, places.unequal) {
            (_, Some(Unequal { found, .. })) => Err(RowsError::Outputs { expected: rows, found }),
            (Some(found), None) if found != rows => Err(RowsError::Outputs { expected: rows, found }),
            _ => self.run(&columns, outputs, rows),
        }
    }

    fn run<E, C, O>(&self, columns: &C, mut outputs: O, rows: usize) -> Result<(), RowsError>
    where
        E: Element,
        C: Columns<E, F::In>,
        O: Outputs<E, Gives<F>>,
    {
        if rows >= E::WIDTH {
            let blocks = Blocks { f: self.0, columns, outputs: &mut outputs, rows, element: PhantomData };
            // A block says only that one of its rows failed; the rows one by one say which.
            if simd::dispatch(blocks) == Some(true) {
                return Ok(());
            }
        }
        for row in 0..rows {
            match <F::Out as Outcome>::Kind::result(self.0.call(columns.row(row))) {
                Ok(result) => outputs.set_row(row, &result),
                Err(failure) => return Err(RowsError::Failed { row, failure }),
            }
        }
        Ok(())
    }
}

/// The loop over at least one whole block of rows; gives whether all succeeded.
struct Blocks<'a, E, F, C, O> {
    f: F,
    columns: &'a C,
    outputs: &'a mut O,
    rows: usize,
    element: PhantomData<E>,
}

impl<E, F, C, O> Kernel for Blocks<'_, E, F, C, O>
where
    E: Element,
    F: Function,
    C: Columns<E, F::In>,
    O: Outputs<E, Gives<F>>,
{
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let last = self.rows - E::WIDTH;
        let mut start = 0;
        loop {
            // The last block ends at the last row and may compute some rows a second time, to the same bits.
            let at = if start < last { start } else { last };
            let result = self.f.call(self.columns.block(at));
            match <F::Out as Outcome>::Kind::result(result) {
                Ok(result) => self.outputs.set_block(at, &result),
                Err(_) => return false,
            }
            if at == last {
                return true;
            }
            start += E::WIDTH;
        }
    }
}

/// How many rows the columns have.
fn rows<E: Element, S: Shape, C: Columns<E, S>>(columns: &C) -> Result<usize, RowsError> {
    let mut lengths = Lengths::default();
    columns.measure(&mut lengths);
    match lengths {
        Lengths { unequal: Some(Unequal { column, expected, found }), .. } => {
            Err(RowsError::Columns { column, expected, found })
        }
        Lengths { rows: None, .. } => Err(RowsError::NoSlice),
        Lengths { rows: Some(rows), .. } => Ok(rows),
    }
}

/// The lengths of slices, which must be one.
#[derive(Default, Debug)]
pub struct Lengths {
    rows: Option<usize>,
    columns: usize,
    unequal: Option<Unequal>,
}

#[derive(Debug)]
struct Unequal {
    column: usize,
    expected: usize,
    found: usize,
}

impl Lengths {
    /// Counts a column: the length of a slice, none for a number.
    pub(crate) fn add(&mut self, length: Option<usize>) {
        match (self.rows, length) {
            (Some(expected), Some(found)) if expected != found => {
                self.unequal.get_or_insert(Unequal { column: self.columns, expected, found });
            }
            (None, length) => self.rows = length,
            _ => {}
        }
        self.columns += 1;
    }
}

/// Why a function over rows gave no results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowsError {
    /// A column has another length than those before it.
    Columns {
        /// Which column, counted from 0 through all inputs.
        column: usize,
        /// The rows of the columns before it.
        expected: usize,
        /// Its rows.
        found: usize,
    },
    /// All columns are numbers, so that the number of rows is unknown.
    NoSlice,
    /// An output has not one place for every row.
    Outputs {
        /// The rows of the columns.
        expected: usize,
        /// The places of the output.
        found: usize,
    },
    /// The program failed.
    Failed {
        /// The first row that it failed in.
        row: usize,
        /// Why.
        failure: Failure,
    },
}

impl fmt::Display for RowsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { column, expected, found } => {
                write!(f, "column {column} has {found} rows, the columns before it have {expected}")
            }
            Self::NoSlice => f.write_str("all columns are numbers: at least one must be a slice"),
            Self::Outputs { expected, found } => {
                write!(f, "an output has {found} places for the results of {expected} rows")
            }
            Self::Failed { row, failure } => write!(f, "row {row}: {failure}"),
        }
    }
}

impl std::error::Error for RowsError {}
