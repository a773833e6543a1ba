//! Programs whose value is a truth value.
//!
//! A program in a direct regime that gives a boolean is a Rust predicate: a call gives `bool`. It has no
//! derivative, and no lanes, whose comparisons differ.

use crate::{
    function::{Emitted, Program},
    outcome::Kind,
    params::{Literal, Parametric, open},
    shape::{Of, Shape},
};
use scheme_core::real::Real;

/// A direct program that gives a truth value.
///
/// ```
/// use scheme_runtime::prelude::*;
///
/// let inside = scheme! { (lambda (x y) (< (+ (* x x) (* y y)) 1)) };
/// assert!(inside.call([0.6, 0.7]));
/// let even = scheme! { (even? n) };
/// assert!(even.call(4.0)? && even.call(0.5).is_err());
/// # Ok::<(), Failure>(())
/// ```
pub trait Predicate: Program {
    /// The shape of the inputs.
    type In: Shape;
    /// Whether it can fail: a call then gives a `Result`.
    type Kind: Kind;

    /// The value at `x`, of numbers that compare to one truth value.
    fn call<T: Real<Mask = bool>>(&self, x: Of<Self::In, T>) -> <Self::Kind as Kind>::Of<bool>;
}

impl<X: Shape, P: Shape, F: Predicate<In = (X, P)> + Emitted> Predicate for Parametric<F, X, P> {
    type In = X;
    type Kind = F::Kind;

    fn call<T: Real<Mask = bool>>(&self, x: Of<X, T>) -> <F::Kind as Kind>::Of<bool> {
        open(*self).call((x, P::map(&self.values(), T::lit(0.0), &mut Literal)))
    }
}
