//! Derivatives of functions that bring none of their own, or not the one that is asked for.
//!
//! Forward mode in all chosen directions at once, and a Jacobian contracted with cotangents. Each takes as many
//! times the value as there are inputs chosen.

use crate::{
    choice::Choice,
    dual::Dual,
    function::{Differential, Pulled},
    outcome::{Gives, Kind, Outcome, Wrapped},
    shape::{Fold, Map, Of, Shape, Zip},
};
use scheme_core::real::Real;
use std::marker::PhantomData;

/// Forward mode: the value and its derivative of a function that is called on dual numbers.
#[inline(always)]
pub(crate) fn forward<O: Outcome, S: Shape, T: Real, C: Choice<S>>(
    x: Of<S, T>,
    wrt: C,
    call: impl FnOnce(Of<S, Dual<T, C::Shape>>) -> Gives<O, Dual<T, C::Shape>>,
) -> Wrapped<O, Differential<O, C::Shape, T>> {
    O::Kind::map(call(wrt.seed(&x)), |y| Dual::split::<O::Shape>(&y))
}

/// The value and the cotangent of the chosen inputs, from the value and its derivative by them.
#[inline(always)]
pub(crate) fn contracted<O: Outcome, S: Shape, T: Real>(
    both: Wrapped<O, Differential<O, S, T>>,
    cotangents: &Of<O::Shape, T>,
) -> Wrapped<O, Pulled<O, S, T>> {
    O::Kind::map(both, |(y, jacobian)| {
        let mut gather = Gather(PhantomData::<S>);
        let sum = O::Shape::fold::<S, T, T, _>(cotangents, &jacobian, None, &mut gather);
        (y, sum.unwrap_or(S::fill(T::lit(0.0))))
    })
}

/// The rows of a Jacobian added up, each times its cotangent; nothing, if there is no row.
struct Gather<S>(PhantomData<S>);

impl<T: Real, S: Shape> Fold<Option<Of<S, T>>, T, Of<S, T>> for Gather<S> {
    #[inline(always)]
    fn step(&mut self, so_far: Option<Of<S, T>>, ct: T, row: &Of<S, T>) -> Option<Of<S, T>> {
        let zero = T::lit(0.0);
        let term = S::map(row, zero, &mut Times(ct));
        Some(match so_far {
            Some(sum) => S::zip(&sum, &term, zero, &mut Plus),
            None => term,
        })
    }
}

struct Times<T>(T);

impl<T: Real> Map<T, T> for Times<T> {
    #[inline(always)]
    fn at(&mut self, partial: T) -> T {
        self.0 * partial
    }
}

struct Plus;

impl<T: Real> Zip<T, T> for Plus {
    #[inline(always)]
    fn at(&mut self, a: T, b: T) -> T {
        a + b
    }
}
