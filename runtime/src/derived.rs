//! Derivatives of functions that bring none of their own, or not the one that is asked for.
//!
//! Forward mode in all chosen directions at once, and a Jacobian contracted with cotangents, which take as many
//! times the value as there are inputs chosen; and a Jacobian from an adjoint, which takes as many as there are results.

use crate::{
    choice::Choice,
    describe::Regime,
    dual::{Dual, Part, Primal},
    function::{Compiled, Differential, Emitted, Pulled},
    outcome::{Gives, Kind, Outcome, Wrapped},
    shape::{Fold, Map, Of, Shape, Zip, each},
};
use scheme_core::real::Real;
use std::marker::PhantomData;

/// Forward mode: the value and its derivative, of what a function gives of dual numbers. It is called before and not here, by a
/// closure, which the compiler need not make part of its caller.
#[inline(always)]
pub(crate) fn split<O: Outcome, S: Shape, T: Real>(
    y: Gives<O, Dual<T, S>>,
) -> Wrapped<O, Differential<O, S, T>> {
    O::Kind::map(y, |y| Dual::split::<O::Shape>(&y))
}

/// The derivative of a program with an adjoint, from its results where these are few beside the inputs chosen: then each cotangent
/// moves in a direction of its own, so that no result is in another's way; what a cotangent does not reach does not move with it.
#[inline(always)]
pub fn differentiate<P: Compiled, T: Real, C: Choice<P::In>>(
    program: &P,
    x: Of<P::In, T>,
    wrt: C,
) -> Wrapped<P::Out, Differential<P::Out, C::Shape, T>> {
    if const { !few::<P>(<P::Out as Outcome>::Shape::LEN, C::Shape::LEN) } {
        return split::<P::Out, C::Shape, T>(program.value(wrt.seed(&x)));
    }
    let pulled = program.pull(Dual::constants::<P::In>(&x), units::<P::Out, T>(), wrt);
    <P::Out as Outcome>::Kind::map(pulled, |(y, pulled)| {
        let zero = T::lit(0.0);
        let y = <P::Out as Outcome>::Shape::map(&y, zero, &mut Primal);
        let mut rows =
            Rows { next: 0, pulled: &pulled, of: PhantomData::<(C::Shape, <P::Out as Outcome>::Shape)> };
        (y, <P::Out as Outcome>::Shape::expand::<C::Shape, T, T>(&y, zero, &mut rows))
    })
}

/// A cotangent of 1 for each result, which moves in a direction of its own.
#[inline(always)]
fn units<O: Outcome, T: Real>() -> Of<O::Shape, Dual<T, O::Shape>> {
    let mut cotangents = O::Shape::fill(Dual::constant(T::lit(1.0)));
    each!(k < O::Shape::LEN, {
        if let Some(cotangent) = O::Shape::get_mut(&mut cotangents, k) {
            cotangent.add_to(k, Part::new(T::lit(1.0)));
        }
    });
    cotangents
}

/// Whether going backward from all results measures faster than forward from all inputs: up to seven directions forward stay
/// in registers; and what loops keeps of each step a number with all its directions.
const fn few<P: Emitted>(results: usize, inputs: usize) -> bool {
    matches!(P::ABOUT.regime, Regime::Straight) && inputs >= 8 && 2 * results <= inputs
}

/// The rows of a Jacobian in their order, from what their unit cotangents are pulled back to.
struct Rows<'a, B, S> {
    next: usize,
    pulled: &'a B,
    of: PhantomData<S>,
}

impl<T: Real, S: Shape, Q: Shape> Map<T, Of<S, T>> for Rows<'_, Of<S, Dual<T, Q>>, (S, Q)> {
    #[inline(always)]
    fn at(&mut self, _: T) -> Of<S, T> {
        let row = S::map(self.pulled, T::lit(0.0), &mut InDirection(self.next));
        self.next += 1;
        row
    }
}

/// The tangent in one direction.
struct InDirection(usize);

impl<T: Real, S: Shape> Map<Dual<T, S>, T> for InDirection {
    #[inline(always)]
    fn at(&mut self, x: Dual<T, S>) -> T {
        S::get(&x.tangent(), self.0).copied().unwrap_or(T::lit(0.0))
    }
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

/// Scales.
pub(crate) struct Times<T>(pub(crate) T);

impl<T: Real> Map<T, T> for Times<T> {
    #[inline(always)]
    fn at(&mut self, partial: T) -> T {
        self.0 * partial
    }
}

/// Adds.
pub(crate) struct Plus;

impl<T: Real> Zip<T, T> for Plus {
    #[inline(always)]
    fn at(&mut self, a: T, b: T) -> T {
        a + b
    }
}
