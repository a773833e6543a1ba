//! `vjp : (a -> b) -> ((a, b) -> (b, a))`: the gradient of the result weighted by a cotangent.

use super::by_inputs;
use crate::{
    choice::{All, Choice},
    function::{Function, OverRows},
    outcome::{Gives, Kind, Outcome},
    shape::{Fold, Map, Of, Shape, Zip},
};
use scheme_core::real::Real;
use std::marker::PhantomData;

/// A function with its pullback; see [`vjp`].
#[derive(Clone, Copy)]
pub struct Vjp<F, C = All>(F, C);

/// The vector-Jacobian product of `f`: from a point and a cotangent of the result, the value and the
/// cotangent of the inputs, or of those chosen by `wrt`.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let area = scheme! { (* width height) };
/// assert_eq!(vjp(area).call(([2.0, 3.0], 0.5)), (6.0, [1.5, 1.0]));
/// ```
#[inline(always)]
pub fn vjp<F: Function>(f: F) -> Vjp<F> {
    Vjp(f, All)
}

by_inputs! { Vjp }

impl<F: Function, C: Choice<F::In>> Function for Vjp<F, C> {
    type In = (F::In, <F::Out as Outcome>::Shape);
    type Out = <F::Out as Outcome>::With<(<F::Out as Outcome>::Shape, C::Shape)>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(
        &self,
        (x, ct): (Of<F::In, T>, Of<<F::Out as Outcome>::Shape, T>),
    ) -> Gives<Self::Out, T> {
        <F::Out as Outcome>::Kind::map(self.0.differentiate(x, self.1), |(y, jacobian)| {
            let sum = <F::Out as Outcome>::Shape::fold::<C::Shape, T, T, _>(
                &ct,
                &jacobian,
                None,
                &mut Gather(PhantomData::<C::Shape>),
            );
            (y, sum.unwrap_or(C::Shape::fill(T::lit(0.0))))
        })
    }
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
