//! Populations: the same rows, or others, for each of many members, such as vectors of parameters.

use super::{
    Columns, Element, Gives, MemberError, RowsError, Threads, Vmap,
    threads::{each, number, parts},
};
use crate::{function::Function, shape::Of};

impl<F: Function> Vmap<F> {
    /// The results for each member of a population, over the rows that `columns` makes of the member: `[m][n]` is
    /// row `n` of member `m`, to the bit what a single call gives.
    ///
    /// ```
    /// use scheme_runtime::prelude::*;
    ///
    /// let decay = scheme! { (* a (expt 1/2 (/ t life))) };
    /// let population = [[8.0, 1.0], [1.0, 2.0]];
    /// let t = [0.0, 2.0, 4.0];
    /// let curves = vmap(decay).call_each(&population, |&[a, life]| (a, &t, life))?;
    /// assert_eq!(curves, [[8.0, 2.0, 0.5], [1.0, 0.5, 0.25]]);
    /// # Ok::<(), MemberError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`call`](Vmap::call) for the first member that has any.
    pub fn call_each<'p, M, E, C>(
        &self,
        population: &'p [M],
        columns: impl Fn(&'p M) -> C,
    ) -> Result<Vec<Vec<Of<Gives<F>, E>>>, MemberError>
    where
        E: Element,
        C: Columns<E, F::In>,
    {
        all(0, population, |member| self.call(columns(member)))
    }

    /// For each member of a population the sum over its rows: losses, each with its gradient, of many vectors of
    /// parameters on the same data.
    ///
    /// ```
    /// use scheme_runtime::prelude::*;
    ///
    /// let squared = scheme! { (square (- (* a x) y)) };
    /// let (x, y) = ([1.0, 2.0], [2.0, 5.0]);
    /// let loss = value_and_grad(squared).wrt(|v| v.a);
    /// let losses = vmap(loss).sum_each(&[2.0, 3.0], |&a| (a, &x, &y))?;
    /// assert_eq!(losses, [(1.0, -4.0), (2.0, 6.0)]);
    /// # Ok::<(), MemberError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`sum`](Vmap::sum) for the first member that has any.
    pub fn sum_each<'p, M, E, C>(
        &self,
        population: &'p [M],
        columns: impl Fn(&'p M) -> C,
    ) -> Result<Vec<Of<Gives<F>, f64>>, MemberError>
    where
        E: Element,
        C: Columns<E, F::In>,
    {
        all(0, population, |member| self.sum(columns(member)))
    }
}

impl<F: Function + Sync> Threads<F> {
    /// The results for each member of a population, as of [`Vmap::call_each`]. Where there are fewer members than
    /// threads, the rows of each go to several.
    ///
    /// # Errors
    /// As [`Vmap::call_each`].
    pub fn call_each<'p, M, E, C>(
        &self,
        population: &'p [M],
        columns: impl Fn(&'p M) -> C + Sync,
    ) -> Result<Vec<Vec<Of<Gives<F>, E>>>, MemberError>
    where
        M: Sync,
        E: Element,
        C: Columns<E, F::In> + Copy + Sync,
        Of<Gives<F>, E>: Send,
    {
        let alone = |member| self.rows.call(columns(member));
        self.over(population, alone, |member| self.call(columns(member)))
    }

    /// For each member of a population the sum over its rows, as [`Vmap::sum_each`]. Where there are fewer members
    /// than threads, the rows of each go to several.
    ///
    /// # Errors
    /// As [`Vmap::sum_each`].
    pub fn sum_each<'p, M, E, C>(
        &self,
        population: &'p [M],
        columns: impl Fn(&'p M) -> C + Sync,
    ) -> Result<Vec<Of<Gives<F>, f64>>, MemberError>
    where
        M: Sync,
        E: Element,
        C: Columns<E, F::In> + Copy + Sync,
        Of<Gives<F>, f64>: Send,
    {
        let alone = |member| self.rows.sum(columns(member));
        self.over(population, alone, |member| self.sum(columns(member)))
    }

    /// The values of members: `alone` on one of the threads, or `together` on all.
    fn over<'p, M: Sync, V: Send>(
        &self,
        population: &'p [M],
        alone: impl Fn(&'p M) -> Result<V, RowsError> + Sync,
        together: impl Fn(&'p M) -> Result<V, RowsError>,
    ) -> Result<Vec<V>, MemberError> {
        if population.len() < number(self.threads) {
            return all(0, population, together);
        }
        let parts = parts(population.len(), 1, self.threads).collect();
        let done = each(parts, |part| all(part.start, &population[part], &alone));
        let done: Vec<Vec<V>> = done.into_iter().collect::<Result<_, _>>()?;
        Ok(done.into_iter().flatten().collect())
    }
}

/// The values of members, counted from `first`.
fn all<'p, M, V>(
    first: usize,
    members: &'p [M],
    value: impl Fn(&'p M) -> Result<V, RowsError>,
) -> Result<Vec<V>, MemberError> {
    let value = |(i, member)| value(member).map_err(|error| MemberError { member: first + i, error });
    members.iter().enumerate().map(value).collect()
}
