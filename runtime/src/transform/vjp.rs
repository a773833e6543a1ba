//! `vjp : (a -> b) -> ((a, b) -> (b, a))`: the gradient of the result weighted by a cotangent.

use super::by_inputs;
use crate::{
    choice::{All, Choice},
    function::{Function, OverRows},
    outcome::{Gives, Outcome},
    shape::Of,
};
use scheme_core::real::Real;

/// A function with its pullback; see [`vjp`].
#[derive(Clone, Copy)]
pub struct Vjp<F, C = All>(F, C);

/// The vector-Jacobian product of `f`: from a point and a cotangent of the result, the value and the
/// cotangent of the inputs, or of those chosen by `wrt`.
///
/// One sweep of the adjoint of a program, whatever the number of inputs and results; see [`Function::pull`].
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
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(
        &self,
        (x, ct): (Of<F::In, T>, Of<<F::Out as Outcome>::Shape, T>),
    ) -> Gives<Self::Out, T> {
        self.0.pull(x, ct, self.1)
    }
}
