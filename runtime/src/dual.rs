//! Dual numbers: a primal with its tangent, which is forward-mode differentiation.
//!
//! The tangent has a [`Shape`]: `R` is one direction, `[R; 4]` four directions at once, so that one
//! evaluation gives a whole Jacobian. `T` may itself be a dual number or lanes. Local derivatives come
//! from the one table (`scheme_core::prim::rules`) and are stated nowhere else.
//!
//! Every direction also says whether anything moves in it. Literals, inputs that are not chosen, and
//! what passed `floor` or `stop-gradient` do not, and then the product with a partial derivative is
//! not formed: `(expt x 2)` has a derivative at −3, where the partial by the exponent is nan. A
//! computed tangent that happens to be 0 does move, and 0·inf is nan as IEEE says. In straight-line
//! code the compiler knows all of this, so it costs nothing and saves the products with zero.
//!
//! Inlining is forced where there are no debug assertions only: in code that is not optimised, one
//! frame would hold every temporary of a nest of duals, and overflow the stack from the third order on.

mod parts;
mod real;
mod whole;

use parts::{Constant, Moving, PartTangent, Plus, Scale};
pub(crate) use parts::{Part, Primal, Tangent};

use crate::shape::{Of, R, Shape, each};
use scheme_core::real::Real;
use std::fmt::Debug;

/// A number and its tangent of shape `S`.
///
/// ```
/// use scheme_runtime::{Dual, Real};
/// let x = Dual::<f64>::new(3.0, 1.0);
/// let y = x * x + Real::lit(1.0);
/// assert_eq!((y.primal, y.tangent()), (10.0, 6.0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dual<T: Real, S: Shape = R> {
    /// The value.
    pub primal: T,
    parts: Of<S, Part<T>>,
}

impl<T: Real, S: Shape> Dual<T, S> {
    /// A number that moves by `tangent`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn new(primal: T, tangent: Of<S, T>) -> Self {
        Self { primal, parts: S::map(&tangent, Part::none(), &mut Moving) }
    }

    /// A number that moves in no direction.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn constant(primal: T) -> Self {
        Self { primal, parts: S::fill(Part::none()) }
    }

    /// The tangent, 0 in directions it does not move in.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn tangent(&self) -> Of<S, T> {
        S::map(&self.parts, T::lit(0.0), &mut PartTangent)
    }

    /// Data whose numbers do not move.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn constants<Q: Shape>(data: &Of<Q, T>) -> Of<Q, Self> {
        Q::map(data, Self::constant(T::lit(0.0)), &mut Constant)
    }

    /// Adds to the tangent in the direction counted `k`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn add_to(&mut self, k: usize, part: Part<T>) {
        if let Some(own) = S::get_mut(&mut self.parts, k) {
            *own = own.plus(part);
        }
    }

    /// Data of duals as the primals, and the tangents in their places.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn split<Q: Shape>(data: &Of<Q, Self>) -> (Of<Q, T>, Of<Q::With<S>, T>) {
        let zero = T::lit(0.0);
        (Q::map(data, zero, &mut Primal), Q::expand::<S, Self, T>(data, zero, &mut Tangent))
    }

    /// The chain rule at a row of the table: the value `primal` of operands `x` and its partials.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn chain<const K: usize>(primal: T, x: [Self; K], partials: [T; K], declared_zero: [bool; K]) -> Self {
        let mut out = Self::constant(primal);
        each!(k < K, {
            if !declared_zero[k] {
                let term = S::map(&x[k].parts, Part::none(), &mut Scale(partials[k]));
                out.parts = S::zip(&out.parts, &term, Part::none(), &mut Plus);
            }
        });
        out
    }
}

impl<T: Real> Dual<T> {
    /// The tangent, if it moves.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn moving(&self) -> Option<T> {
        self.parts.moving()
    }
}
