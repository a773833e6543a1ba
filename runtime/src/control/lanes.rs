//! Code for one lane, run on numbers with any number of lanes.

use crate::{
    choice::Choice,
    function::{Differential, Pulled},
    outcome::{Gives, Kind, Outcome, Wrapped},
    shape::{Map, Of, Shape, Zip},
};
use scheme_core::real::Real;

/// A program with control flow, on numbers with one lane.
pub trait Control: Copy {
    /// The shape of the inputs.
    type In: Shape;
    /// The shape of the result, or `Try` of it.
    type Out: Outcome;

    /// The value.
    fn value<T: Real<Mask = bool>>(&self, x: Of<Self::In, T>) -> Gives<Self::Out, T>;
}

/// A program with control flow that gives one number, alone or in an array, and its gradient.
pub trait Gradient: Control {
    /// Whether [`value_and_gradient`](Self::value_and_gradient) goes forward: what is not finite there is had by going [`back`](Self::back).
    const FORWARD: bool = false;

    /// The value and the gradient by all inputs.
    fn value_and_gradient<T: Real<Mask = bool>>(
        &self,
        x: Of<Self::In, T>,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, Self::In, T>>;

    /// The gradient by reverse mode, of a program whose gradient goes forward; nothing where its record would be too long.
    fn back<T: Real<Mask = bool>>(&self, _x: Of<Self::In, T>) -> Option<Of<Self::In, T>> {
        None
    }
}

/// A program with control flow that gives several numbers, and its adjoint.
pub trait Pullback: Control {
    /// The value and the cotangent of all inputs from that of the value.
    fn value_and_cotangent<T: Real<Mask = bool>>(
        &self,
        x: Of<Self::In, T>,
        cotangents: Of<<Self::Out as Outcome>::Shape, T>,
    ) -> Wrapped<Self::Out, Pulled<Self::Out, Self::In, T>>;
}

/// The value, lane by lane.
#[inline(always)]
pub fn value<P: Control, T: Real>(program: &P, x: Of<P::In, T>) -> Gives<P::Out, T> {
    by_lane::<P::In, <P::Out as Outcome>::Shape, <P::Out as Outcome>::Kind, T>(&x, &Value(program))
}

/// The value and its derivative by the chosen inputs, from the gradient, lane by lane.
#[inline(always)]
pub fn derivative<P: Gradient, T: Real, C: Choice<P::In>>(
    program: &P,
    x: Of<P::In, T>,
    wrt: C,
) -> Wrapped<P::Out, Differential<P::Out, C::Shape, T>> {
    let both =
        by_lane::<P::In, (Results<P>, C::Shape), <P::Out as Outcome>::Kind, T>(&x, &Both(program, wrt));
    <P::Out as Outcome>::Kind::map(both, |(y, partials)| {
        (y, Results::<P>::expand::<C::Shape, T, T>(&y, T::lit(0.0), &mut Place(partials)))
    })
}

/// Partial derivatives of a program that goes forward, with those of reverse mode in the place of what is not finite. Where reverse mode
/// has no room for its record they stay as they are: the value is there, and a derivative is never why a program fails.
#[cold]
#[inline(never)]
fn mended<P: Gradient, T: Real<Mask = bool>, C: Choice<P::In>>(
    program: &P,
    x: Of<P::In, T>,
    wrt: C,
    partials: Of<C::Shape, T>,
) -> Of<C::Shape, T> {
    match program.back(x) {
        Some(gradient) => C::Shape::zip(&partials, &wrt.pick(&gradient), T::lit(0.0), &mut Finite),
        None => partials,
    }
}

/// The first of two numbers, if it is finite.
struct Finite;

impl<T: Real<Mask = bool>> Zip<T, T> for Finite {
    #[inline(always)]
    fn at(&mut self, a: T, b: T) -> T {
        if a.is_finite() { a } else { b }
    }
}

/// The sum of numbers: finite only if all of them are. That it may overflow of finite ones costs a run and changes nothing.
struct Sum<T>(T);

impl<T: Real> Map<T, ()> for Sum<T> {
    #[inline(always)]
    fn at(&mut self, x: T) {
        self.0 = self.0 + x;
    }
}

/// The shape of what a program gives.
type Results<P> = <<P as Control>::Out as Outcome>::Shape;

/// Partial derivatives in the place of the one number.
struct Place<B>(B);

impl<U, B: Copy> Map<U, B> for Place<B> {
    #[inline(always)]
    fn at(&mut self, _: U) -> B {
        self.0
    }
}

/// The value and the cotangent of the chosen inputs, from the adjoint, lane by lane.
#[inline(always)]
pub fn pull<P: Pullback, T: Real, C: Choice<P::In>>(
    program: &P,
    x: Of<P::In, T>,
    cotangents: Of<<P::Out as Outcome>::Shape, T>,
    wrt: C,
) -> Wrapped<P::Out, Pulled<P::Out, C::Shape, T>> {
    let both = by_lane::<(P::In, Results<P>), (Results<P>, P::In), <P::Out as Outcome>::Kind, T>(
        &(x, cotangents),
        &Back(program),
    );
    <P::Out as Outcome>::Kind::map(both, |(y, cotangent)| (y, wrt.pick(&cotangent)))
}

/// What is done with each lane. A trait, since a closure would be compiled once, for the instructions of every machine.
trait OneLane<S: Shape, Q: Shape, K: Kind> {
    fn run<T: Real<Mask = bool>>(&self, x: Of<S, T>) -> K::Of<Of<Q, T>>;
}

struct Value<'a, P>(&'a P);

impl<P: Control> OneLane<P::In, <P::Out as Outcome>::Shape, <P::Out as Outcome>::Kind> for Value<'_, P> {
    #[inline(always)]
    fn run<T: Real<Mask = bool>>(&self, x: Of<P::In, T>) -> Gives<P::Out, T> {
        self.0.value(x)
    }
}

struct Both<'a, P, C>(&'a P, C);

impl<P: Gradient, C: Choice<P::In>> OneLane<P::In, (Results<P>, C::Shape), <P::Out as Outcome>::Kind>
    for Both<'_, P, C>
{
    #[inline(always)]
    fn run<T: Real<Mask = bool>>(&self, x: Of<P::In, T>) -> Wrapped<P::Out, Pulled<P::Out, C::Shape, T>> {
        let Self(program, wrt) = *self;
        <P::Out as Outcome>::Kind::map(program.value_and_gradient(x), |(y, gradient)| {
            let partials = wrt.pick(&gradient);
            if const { !P::FORWARD } {
                return (y, partials);
            }
            let mut sum = Sum(T::lit(0.0));
            C::Shape::map(&partials, (), &mut sum);
            let others = sum.0.unless_finite(|| mended(program, x, wrt, partials));
            (y, others.unwrap_or(partials))
        })
    }
}

struct Back<'a, P>(&'a P);

impl<P: Pullback> OneLane<(P::In, Results<P>), (Results<P>, P::In), <P::Out as Outcome>::Kind>
    for Back<'_, P>
{
    #[inline(always)]
    fn run<T: Real<Mask = bool>>(
        &self,
        (x, cotangents): (Of<P::In, T>, Of<Results<P>, T>),
    ) -> Wrapped<P::Out, Pulled<P::Out, P::In, T>> {
        self.0.value_and_cotangent(x, cotangents)
    }
}

#[inline(always)]
fn by_lane<S: Shape, Q: Shape, K: Kind, T: Real>(
    x: &Of<S, T>,
    each: &impl OneLane<S, Q, K>,
) -> K::Of<Of<Q, T>> {
    let zero = T::Lane::lit(0.0);
    let lane = |i| S::map(x, zero, &mut InLane(i));
    if const { T::LANES == 1 } {
        return K::map(each.run(lane(0)), |y| Q::map(&y, T::lit(0.0), &mut FromLane));
    }
    K::map(K::collect(T::LANES, |i| each.run(lane(i))), |lanes| {
        let mut out = Q::fill(T::lit(0.0));
        for k in 0..Q::LEN {
            let number = |i: usize| lanes.get(i).and_then(|y| Q::get(y, k)).copied().unwrap_or(zero);
            if let Some(out) = Q::get_mut(&mut out, k) {
                *out = T::from_lanes(number);
            }
        }
        out
    })
}

/// A number in one lane.
struct InLane(usize);

impl<T: Real> Map<T, T::Lane> for InLane {
    #[inline(always)]
    fn at(&mut self, x: T) -> T::Lane {
        x.lane(self.0)
    }
}

/// A number from that in its only lane.
struct FromLane;

impl<T: Real> Map<T::Lane, T> for FromLane {
    #[inline(always)]
    fn at(&mut self, x: T::Lane) -> T {
        T::from_lanes(|_| x)
    }
}
