//! `jvp : (a -> b) -> ((a, a) -> (b, b))`: the derivative along one direction.

use super::by_inputs;
use crate::{
    choice::{All, Choice},
    dual::{Primal, Tangent},
    function::{Function, OverRows},
    outcome::{Gives, Kind, Outcome},
    shape::{Of, Shape},
};
use scheme_core::real::Real;

/// A function with its derivative along a direction; see [`jvp`].
#[derive(Clone, Copy)]
pub struct Jvp<F, C = All>(F, C);

/// The Jacobian-vector product of `f`: from a point and a tangent, the value and its tangent.
///
/// One evaluation in dual numbers, whatever the number of inputs. The tangent has the shape of the
/// inputs, or of those chosen by `wrt`.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let area = scheme! { (* width height) };
/// assert_eq!(jvp(area).call(([2.0, 3.0], [1.0, 10.0])), (6.0, 23.0));
/// // A Hessian times a vector, without the Hessian.
/// assert_eq!(jvp(grad(area)).call(([2.0, 3.0], [1.0, 10.0])).1, [10.0, 1.0]);
/// ```
#[inline(always)]
pub fn jvp<F: Function>(f: F) -> Jvp<F> {
    Jvp(f, All)
}

by_inputs! { Jvp }

impl<F: Function, C: Choice<F::In>> Function for Jvp<F, C> {
    type In = (F::In, C::Shape);
    type Out = <F::Out as Outcome>::With<(<F::Out as Outcome>::Shape, <F::Out as Outcome>::Shape)>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, (x, dx): (Of<F::In, T>, Of<C::Shape, T>)) -> Gives<Self::Out, T> {
        <F::Out as Outcome>::Kind::map(self.0.call(self.1.along(&x, &dx)), |y| {
            let zero = T::lit(0.0);
            let primal = <F::Out as Outcome>::Shape::map(&y, zero, &mut Primal);
            let tangent = <F::Out as Outcome>::Shape::map(&y, zero, &mut Tangent);
            (primal, tangent)
        })
    }
}
