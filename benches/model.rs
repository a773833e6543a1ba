//! What a program that is measured has.

use crate::number::{Dual, Number};
use nalgebra::SVector;
use num_dual::{DualNumCopy, DualSVec64};
use scheme_runtime::{Function, Kind, OneNumber, Outcome, R, value_and_grad};

/// One program of `N` inputs, as a text and through the macro.
pub trait Model<const N: usize> {
    /// What it is called.
    const NAME: &'static str;
    /// Its text.
    const TEXT: &'static str;
    /// The inputs' names, in order.
    const INPUTS: [&'static str; N];
    /// Where each input is taken from.
    const RANGES: [(f64, f64); N];

    /// The program through the macro.
    fn program() -> impl Function<In = [R; N], Out: OneNumber> + Sync;

    /// Its value through the macro.
    #[inline(always)]
    fn compiled(x: [f64; N]) -> f64 {
        call(Self::program(), x)
    }

    /// Its value and gradient through the macro.
    #[inline(always)]
    fn compiled_gradient(x: [f64; N]) -> (f64, [f64; N]) {
        gradient(Self::program(), x)
    }

    /// The inputs number `i`, spread over the ranges.
    fn point(i: usize) -> [f64; N] {
        let mut k = 0.0;
        Self::RANGES.map(|(low, high)| {
            k += 1.0;
            low + (high - low) * (i as f64 * 0.618_033_988_749_895 * k + 0.1 * k).fract()
        })
    }
}

#[inline(always)]
fn call<F, const N: usize>(f: F, x: [f64; N]) -> f64
where
    F: Function<In = [R; N], Out: OneNumber>,
{
    <F::Out as Outcome>::Kind::result(f.call(x)).unwrap_or_else(|failure| panic!("{failure}"))
}

#[inline(always)]
fn gradient<F, const N: usize>(f: F, x: [f64; N]) -> (f64, [f64; N])
where
    F: Function<In = [R; N], Out: OneNumber>,
{
    let result = value_and_grad(f).call(x);
    <F::Out as Outcome>::Kind::result(result).unwrap_or_else(|failure| panic!("{failure}"))
}

/// A program that someone would write by hand.
pub trait ByHand<const N: usize>: Model<N> {
    /// Its value by hand.
    fn value<T: Number>(x: [T; N]) -> T;
    /// Its value and gradient by hand.
    fn value_and_gradient<T: Number>(x: [T; N]) -> (T, [T; N]);

    /// Its value over num-dual's numbers.
    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>(x: [D; N]) -> D {
        Self::value(x.map(Dual)).0
    }

    /// Value and gradient by num-dual.
    #[inline(always)]
    fn dual_gradient(x: [f64; N]) -> (f64, [f64; N]) {
        let f = |v: SVector<DualSVec64<N>, N>| Self::dual(v.data.0[0]);
        let (value, gradient) = num_dual::gradient(f, &SVector::from(x));
        (value, gradient.data.0[0])
    }
}
