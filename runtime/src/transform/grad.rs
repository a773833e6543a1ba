//! `grad : (a -> R) -> (a -> a)` and `value_and_grad : (a -> R) -> (a -> (R, a))`.

use super::by_inputs;
use crate::{
    choice::{All, Choice},
    function::{Function, OverRows},
    outcome::{Gives, Kind, OneNumber, Outcome},
    shape::{Of, R},
};
use scheme_core::real::Real;

/// The gradient of a function; see [`grad`].
#[derive(Clone, Copy)]
pub struct Grad<F, C = All>(pub(super) F, pub(super) C);

/// The value and gradient of a function; see [`value_and_grad`].
#[derive(Clone, Copy)]
pub struct ValueAndGrad<F, C = All>(F, C);

/// The gradient of `f`, in the shape of its inputs or of those chosen by `wrt`.
///
/// `f` gives one number. The gradient of a function of one scalar is a scalar, so that `grad` nests:
/// `grad(grad(f))` is the second derivative.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let spring = scheme! { (* 0.5 k (square x)) };
/// assert_eq!(grad(spring).call([3.0, 2.0]), [2.0, 6.0]);
/// assert_eq!(grad(spring).wrt(|v| v.x).call([3.0, 2.0]), 6.0);
/// ```
#[inline(always)]
pub fn grad<F: Function>(f: F) -> Grad<F>
where
    F::Out: OneNumber,
{
    Grad(f, All)
}

/// The value and the gradient of `f` in one sweep: a pair.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let spring = scheme! { (* 0.5 k (square x)) };
/// let (energy, [_, force]) = value_and_grad(spring).call([3.0, 2.0]);
/// assert_eq!((energy, force), (6.0, 6.0));
/// ```
#[inline(always)]
pub fn value_and_grad<F: Function>(f: F) -> ValueAndGrad<F>
where
    F::Out: OneNumber,
{
    ValueAndGrad(f, All)
}

by_inputs! { Grad }
by_inputs! { ValueAndGrad }

impl<F: Function, C: Choice<F::In>> Function for Grad<F, C>
where
    F::Out: OneNumber,
{
    type In = F::In;
    type Out = <F::Out as Outcome>::With<C::Shape>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        <F::Out as Outcome>::Kind::map(self.0.differentiate(x, self.1), |(_, gradient)| gradient)
    }
}

impl<F: Function, C: Choice<F::In>> Function for ValueAndGrad<F, C>
where
    F::Out: OneNumber,
{
    type In = F::In;
    type Out = <F::Out as Outcome>::With<(R, C::Shape)>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        self.0.differentiate(x, self.1)
    }
}
