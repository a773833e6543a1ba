//! `jacobian : (a -> b) -> (a -> b with a in the place of every number)` and
//! `hessian : (a -> R) -> (a -> a with a in the place of every number)`.

use super::{by_inputs, grad::Grad};
use crate::{
    choice::{All, Choice},
    function::{Function, OverRows},
    outcome::{Gives, Kind, OneNumber, Outcome},
    shape::{Of, Shape},
};
use scheme_core::real::Real;

/// The Jacobian of a function; see [`jacobian`].
#[derive(Clone, Copy)]
pub struct Jacobian<F, C = All>(F, C);

/// The Hessian of a function; see [`hessian`].
#[derive(Clone, Copy)]
pub struct Hessian<F, C = All>(F, C);

/// The Jacobian of `f`: its result with, in the place of every number, the partial derivatives in the
/// shape of the inputs, or of those chosen by `wrt`.
///
/// For `f` from `[R; 4]` to `[R; 3]` that is `[[f64; 4]; 3]`, one row a result; for one number it is
/// the gradient.
///
/// Forward in the directions of all chosen inputs at once; but straight code of at most half as many results as chosen
/// inputs, of which there are eight or more, goes backward from all results at once.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let area = scheme! { (* width height) };
/// // How the gradient by the width changes with each input.
/// assert_eq!(jacobian(grad(area).wrt(|v| v.width)).call([2.0, 3.0]), [0.0, 1.0]);
/// ```
#[inline(always)]
pub fn jacobian<F: Function>(f: F) -> Jacobian<F> {
    Jacobian(f, All)
}

/// The Hessian of `f`, the Jacobian of its gradient: `[[f64; N]; N]` for `N` scalar inputs.
///
/// One evaluation of the adjoint in as many directions as there are chosen inputs; symmetric up to
/// rounding.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let saddle = scheme! { (- (* x x) (* y y)) };
/// assert_eq!(hessian(saddle).call([1.0, 1.0]), [[2.0, 0.0], [0.0, -2.0]]);
/// ```
#[inline(always)]
pub fn hessian<F: Function>(f: F) -> Hessian<F>
where
    F::Out: OneNumber,
{
    Hessian(f, All)
}

by_inputs! { Jacobian }
by_inputs! { Hessian }

impl<F: Function, C: Choice<F::In>> Function for Jacobian<F, C> {
    type In = F::In;
    type Out = <F::Out as Outcome>::With<<<F::Out as Outcome>::Shape as Shape>::With<C::Shape>>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        <F::Out as Outcome>::Kind::map(self.0.differentiate(x, self.1), |(_, jacobian)| jacobian)
    }
}

impl<F: Function, C: Choice<F::In>> Function for Hessian<F, C>
where
    F::Out: OneNumber,
{
    type In = F::In;
    type Out = <F::Out as Outcome>::With<<C::Shape as Shape>::With<C::Shape>>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        let gradient = Grad(self.0, self.1);
        <F::Out as Outcome>::Kind::map(gradient.differentiate(x, self.1), |(_, hessian)| hessian)
    }
}
