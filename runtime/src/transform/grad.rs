//! `grad : (a -> R) -> (a -> a)` and `value_and_grad : (a -> R) -> (a -> (R, a))`.

use super::by_inputs;
use crate::{
    choice::{All, Choice},
    derived::{Plus, Times},
    dual::{Primal, Tangent},
    function::{Function, OverRows, Pulled},
    outcome::{Gives, Kind, OneNumber, Outcome, Wrapped},
    shape::{Of, R, Shape},
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
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        <F::Out as Outcome>::Kind::map(self.0.differentiate(x, self.1), |(_, gradient)| gradient)
    }

    #[inline(always)]
    fn pull<T: Real, D: Choice<F::In>>(
        &self,
        x: Of<F::In, T>,
        cotangents: Of<C::Shape, T>,
        wrt: D,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, D::Shape, T>> {
        let along = along(self.0, x, (self.1, cotangents), wrt);
        <F::Out as Outcome>::Kind::map(along, |Along { gradient, turned, .. }| (gradient, turned))
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
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        self.0.differentiate(x, self.1)
    }

    #[inline(always)]
    fn pull<T: Real, D: Choice<F::In>>(
        &self,
        x: Of<F::In, T>,
        (of_value, of_gradient): (T, Of<C::Shape, T>),
        wrt: D,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, D::Shape, T>> {
        let along = along(self.0, x, (self.1, of_gradient), wrt);
        <F::Out as Outcome>::Kind::map(along, |Along { value, gradient, wrt, turned }| {
            let scaled = D::Shape::map(&wrt, T::lit(0.0), &mut Times(of_value));
            ((value, gradient), D::Shape::zip(&scaled, &turned, T::lit(0.0), &mut Plus))
        })
    }
}

/// A function's value and gradients where it moves along a direction.
struct Along<T, C, D> {
    value: T,
    /// The gradient by the inputs that move.
    gradient: C,
    /// The gradient by others, and its derivative along the direction.
    wrt: D,
    turned: D,
}

/// The Hessian times a direction, which pulls the direction back through the gradient, as the Hessian is symmetric: one
/// evaluation of the adjoint in dual numbers, whatever the number of inputs. It is not symmetric where the function has no second
/// derivative, as `(expt x y)` at x = 0: there a column of the Hessian may be finite and the row not.
#[inline(always)]
fn along<F: Function<Out: OneNumber>, T: Real, C: Choice<F::In>, D: Choice<F::In>>(
    f: F,
    x: Of<F::In, T>,
    (by, direction): (C, Of<C::Shape, T>),
    wrt: D,
) -> Wrapped<F::Out, Along<T, Of<C::Shape, T>, Of<D::Shape, T>>> {
    let both = f.differentiate(by.along(&x, &direction), (by, wrt));
    <F::Out as Outcome>::Kind::map(both, |(value, (gradient, turned))| {
        let zero = T::lit(0.0);
        Along {
            value: value.primal,
            gradient: C::Shape::map(&gradient, zero, &mut Primal),
            wrt: D::Shape::map(&turned, zero, &mut Primal),
            turned: D::Shape::map(&turned, zero, &mut Tangent),
        }
    })
}
