//! Functions over rows on several threads.
//!
//! Rows are cut into as many parts as there are threads, which follow one another, and each part runs as rows do on
//! one thread. What is summed is cut where leaves of the tree of sums end. So no result depends on how many there are.

use super::{
    Columns, Element, Gives, Parts, RowsError, Vmap, fits, rows,
    run::run,
    sums::{Sums, total},
};
use crate::{
    blocks::sums::LEAF,
    function::Function,
    shape::{Of, Shape},
};
use std::ops::Range;

/// The fewest rows of a part: some blocks.
const FEWEST: usize = 64;

/// A function over rows on several threads; see [`Vmap::threads`].
#[derive(Clone, Copy, Debug)]
pub struct Threads<F> {
    pub(super) rows: Vmap<F>,
    pub(super) threads: usize,
}

impl<F: Function> Vmap<F> {
    /// The same on at most so many threads, 0 for as many as the machine has: every result to the same bits, and
    /// of failures the first row's. A part of 64 rows stays on one thread, and of 1024 where they are summed. Without
    /// the feature `threads` there is one thread.
    ///
    /// ```
    /// use scheme_runtime::prelude::*;
    ///
    /// let wave = scheme! { (* a (sin (* 3 x))) };
    /// let x: Vec<f64> = (0..5000).map(|i| 0.001 * f64::from(i)).collect();
    /// assert_eq!(vmap(wave).threads(2).call((2.0, &x))?, vmap(wave).call((2.0, &x))?);
    /// assert_eq!(vmap(grad(wave)).threads(0).sum((2.0, &x))?, vmap(grad(wave)).sum((2.0, &x))?);
    /// # Ok::<(), RowsError>(())
    /// ```
    #[inline(always)]
    pub fn threads(self, threads: usize) -> Threads<F> {
        Threads { rows: self, threads }
    }
}

impl<F: Function + Sync> Threads<F> {
    /// The results, one a row, as of [`Vmap::call`].
    ///
    /// # Errors
    /// As [`Vmap::call`].
    pub fn call<E, C>(&self, columns: C) -> Result<Vec<Of<Gives<F>, E>>, RowsError>
    where
        E: Element,
        C: Columns<E, F::In> + Copy + Sync,
        Of<Gives<F>, E>: Send,
    {
        let mut out = vec![<Gives<F>>::fill(E::lit(0.0)); rows::<E, F::In, C>(&columns)?];
        self.into_slices(columns, &mut out[..])?;
        Ok(out)
    }

    /// Writes the results to `outputs`, as [`Vmap::into_slices`].
    ///
    /// # Errors
    /// As [`Vmap::into_slices`].
    pub fn into_slices<E, C, O>(&self, columns: C, outputs: O) -> Result<(), RowsError>
    where
        E: Element,
        C: Columns<E, F::In> + Copy + Sync,
        O: Parts<E, Gives<F>>,
    {
        let rows = rows::<E, F::In, C>(&columns)?;
        fits(&outputs, rows)?;
        let mut rest = outputs.slices();
        let parts: Vec<(Range<usize>, O::Part)> = parts(rows, FEWEST, self.threads)
            .map(|part| {
                let places = O::Part::take(&mut rest, part.len());
                (part, places)
            })
            .collect();
        let done = each(parts, |(part, places)| run(self.rows.0, columns, part, places));
        done.into_iter().collect()
    }

    /// The sum over rows of every number of the result, as [`Vmap::sum`].
    ///
    /// # Errors
    /// As [`Vmap::sum`].
    pub fn sum<E, C>(&self, columns: C) -> Result<Of<Gives<F>, f64>, RowsError>
    where
        E: Element,
        C: Columns<E, F::In> + Copy + Sync,
    {
        let rows = rows::<E, F::In, C>(&columns)?;
        let parts = parts(rows, LEAF, self.threads).collect();
        let sums = each(parts, |part| Sums::of(self.rows.0, columns, part));
        Ok(total::<Gives<F>, E>(sums.into_iter().collect::<Result<_, _>>()?))
    }
}

/// Parts of so many rows, at most one a thread, that begin at multiples of `unit`; at least one.
pub(super) fn parts(rows: usize, unit: usize, threads: usize) -> impl Iterator<Item = Range<usize>> {
    let units = rows.div_ceil(unit);
    let parts = number(threads).min(units).max(1);
    let end = move |i: usize| (units / parts * i + units % parts * i / parts).saturating_mul(unit).min(rows);
    (0..parts).map(move |i| end(i)..end(i + 1))
}

/// How many threads that many are.
#[cfg(feature = "threads")]
pub(super) fn number(threads: usize) -> usize {
    if threads == 0 { rayon::current_num_threads() } else { threads }
}

#[cfg(not(feature = "threads"))]
pub(super) fn number(_: usize) -> usize {
    1
}

/// The values of all parts, in order, each on a thread of its own if there are several.
#[cfg(feature = "threads")]
pub(super) fn each<P: Send, V: Send>(mut parts: Vec<P>, value: impl Fn(P) -> V + Send + Sync) -> Vec<V> {
    use rayon::prelude::*;
    match parts.pop() {
        Some(only) if parts.is_empty() => vec![value(only)],
        last => {
            parts.extend(last);
            parts.into_par_iter().map(value).collect()
        }
    }
}

#[cfg(not(feature = "threads"))]
pub(super) fn each<P, V>(parts: Vec<P>, value: impl Fn(P) -> V) -> Vec<V> {
    parts.into_iter().map(value).collect()
}
