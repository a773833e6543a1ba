//! `vmap`: a compiled function over many rows, in SIMD blocks.
//!
//! Inputs are columns ([`Columns`]): a number stands in every row, a slice has one element a row. The
//! function runs on lanes, with the widest vector instructions that the machine has, found out at run
//! time; a program of general values along recorded paths ([`regimes`](crate::regimes)). Every row is what a single call gives, to the bit, and a sum over rows is that of
//! [`blocks::sum`](crate::blocks::sum), whose order is known. [`Vmap`] stays on its thread; [`Threads`] is the
//! same on several, with the same results.

mod columns;
mod error;
mod outputs;
mod population;
mod run;
mod steps;
mod sums;
mod threads;

pub use columns::{Columns, Element};
pub use error::{MemberError, RowsError};
pub use outputs::{Outputs, Parts};
pub use threads::Threads;

use crate::{
    function::Function,
    outcome::Outcome,
    shape::{Of, Shape},
};
use run::run;
use sums::{Sums, total};

/// A function over rows; see [`vmap`].
#[derive(Clone, Copy, Debug)]
pub struct Vmap<F>(F);

/// `f` over rows: any compiled function, transforms included.
///
/// [`call`](Vmap::call) gives one result a row; [`into_slices`](Vmap::into_slices) writes to memory
/// that you have; [`sum`](Vmap::sum) adds the results; [`call_each`](Vmap::call_each) and
/// [`sum_each`](Vmap::sum_each) do so for each member of a population.
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
        run::<E, F, C, &mut [Of<Gives<F>, E>]>(self.0, columns, 0..rows, &mut out[..])?;
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
        fits(&outputs, rows)?;
        run(self.0, columns, 0..rows, outputs)
    }

    /// As [`into_slices`](Vmap::into_slices), but past rows that fail: their results are nan, and `failed` is told of each, in order,
    /// unless it gives up.
    #[cfg(feature = "dfdx")]
    pub(crate) fn past_failures<E, C, O, X>(
        &self,
        columns: C,
        outputs: O,
        mut failed: impl FnMut(usize, crate::outcome::Failure) -> Result<(), X>,
    ) -> Result<Result<(), X>, RowsError>
    where
        E: Element,
        C: Columns<E, F::In>,
        O: Outputs<E, Gives<F>>,
    {
        let rows = rows::<E, F::In, C>(&columns)?;
        fits(&outputs, rows)?;
        Ok(run::run_past(self.0, columns, 0..rows, outputs, &mut failed))
    }

    /// The sum over rows of every number of the result, in double precision: a loss with its gradient by the
    /// parameters that all rows share. It is the [`sum`](crate::blocks::sum) of what [`call`](Vmap::call) gives,
    /// which is not kept; of no rows it is 0.
    ///
    /// ```
    /// use scheme_runtime::prelude::*;
    ///
    /// let squared = scheme! { (square (- (+ (* a x) b) y)) };
    /// let (x, y) = ([0.0, 1.0, 2.0], [1.0, 2.0, 5.0]);
    /// let loss = value_and_grad(squared).wrt(|v| [v.a, v.b]);
    /// assert_eq!(vmap(loss).sum((2.0, &x, 0.5, &y))?, (0.75, [-1.0, -1.0]));
    /// # Ok::<(), RowsError>(())
    /// ```
    ///
    /// # Errors
    /// As [`call`](Vmap::call).
    pub fn sum<E: Element, C: Columns<E, F::In>>(&self, columns: C) -> Result<Of<Gives<F>, f64>, RowsError> {
        let rows = rows::<E, F::In, C>(&columns)?;
        let sums = Sums::of(self.0, columns, 0..rows)?;
        Ok(total::<Gives<F>, E>(vec![sums]))
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

/// Whether the outputs have a place for every row.
fn fits<E: Element, S: Shape, O: Outputs<E, S>>(outputs: &O, expected: usize) -> Result<(), RowsError> {
    let mut places = Lengths { rows: Some(expected), ..Lengths::default() };
    outputs.measure(&mut places);
    match places.unequal {
        Some(Unequal { found, .. }) => Err(RowsError::Outputs { expected, found }),
        None => Ok(()),
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
