//! The programs that are measured: each through the macro, by hand, and for num-dual.
//!
//! What is by hand is what an expert would write who is held to the same value to the bit: the
//! gradient beside the value, as few divisions as the value allows, everything shared that can be.
//! It is written once over [`Number`], for `f64` on the language's elementary functions, for
//! [`Std`] on the standard library's, and for vectors in `rows.rs`.

mod column;
mod timing;

pub use column::Column;
pub use timing::{Form, fastest};

use nalgebra::SVector;
use num_dual::{DualNumCopy, DualSVec64};
use scheme_core::math;
use scheme_runtime::{Function, R, scheme};
use std::{
    f64::consts::TAU,
    ops::{Add, Div, Mul, Neg, Sub},
};

/// One program of `N` inputs in all its forms.
pub trait Model<const N: usize> {
    /// What it is called.
    const NAME: &'static str;
    /// Where each input is taken from.
    const RANGES: [(f64, f64); N];

    /// The program through the macro.
    fn program() -> impl Function<In = [R; N], Out = R>;
    /// Its value by hand.
    fn value<T: Number>(x: [T; N]) -> T;
    /// Its value and gradient by hand.
    fn value_and_gradient<T: Number>(x: [T; N]) -> (T, [T; N]);
    /// Its value over num-dual's numbers.
    fn dual<D: DualNumCopy<Primitive = f64>>(x: [D; N]) -> D;

    /// Value and gradient by num-dual.
    #[inline(always)]
    fn dual_gradient(x: [f64; N]) -> (f64, [f64; N]) {
        let f = |v: SVector<DualSVec64<N>, N>| Self::dual(v.data.0[0]);
        let (value, gradient) = num_dual::gradient(f, &SVector::from(x));
        (value, gradient.data.0[0])
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

/// A number that the hand-written forms are for.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// A literal.
    fn lit(x: f64) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The exponential function.
    fn exp(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// Sine and cosine.
    fn sin_cos(self) -> (Self, Self);
}

impl Number for f64 {
    #[inline(always)]
    fn lit(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn exp(self) -> Self {
        math::exp(self)
    }
    #[inline(always)]
    fn sin(self) -> Self {
        math::sin(self)
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        math::sin_cos(self)
    }
}

/// A number on the standard library's elementary functions.
#[derive(Clone, Copy, Debug)]
pub struct Std(pub f64);

macro_rules! operators {
    ($($trait:ident $method:ident)*) => {$(
        impl $trait for Std {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0))
            }
        }
    )*};
}

operators! { Add add Sub sub Mul mul Div div }

impl Neg for Std {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Number for Std {
    #[inline(always)]
    fn lit(x: f64) -> Self {
        Self(x)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Self(self.0.exp())
    }
    #[inline(always)]
    fn sin(self) -> Self {
        Self(self.0.sin())
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.0.sin_cos();
        (Self(sin), Self(cos))
    }
}

/// The force between two charges.
#[derive(Debug)]
pub enum Coulomb {}

impl Model<4> for Coulomb {
    const NAME: &'static str = "Coulomb";
    const RANGES: [(f64, f64); 4] = [(8.0, 9.0), (-2.0, 2.0), (-2.0, 2.0), (0.1, 3.0)];

    #[inline(always)]
    fn program() -> impl Function<In = [R; 4], Out = R> {
        scheme! { (* k (/ (* q1 q2) (* r r))) }
    }

    #[inline(always)]
    fn value<T: Number>([k, q1, q2, r]: [T; 4]) -> T {
        k * (q1 * q2 / (r * r))
    }

    // A third division, of the value by the distance, would take longer than the multiplications.
    #[inline(always)]
    fn value_and_gradient<T: Number>([k, q1, q2, r]: [T; 4]) -> (T, [T; 4]) {
        let square = r * r;
        let quotient = q1 * q2 / square;
        let strength = k / square;
        (k * quotient, [quotient, q2 * strength, q1 * strength, T::lit(-2.0) * r * strength * quotient])
    }

    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>([k, q1, q2, r]: [D; 4]) -> D {
        k * (q1 * q2 / (r * r))
    }
}

/// The density of the normal distribution.
#[derive(Debug)]
pub enum Gaussian {}

impl Model<3> for Gaussian {
    const NAME: &'static str = "Gaussian";
    const RANGES: [(f64, f64); 3] = [(-2.0, 2.0), (-0.5, 0.5), (0.5, 2.0)];

    #[inline(always)]
    fn program() -> impl Function<In = [R; 3], Out = R> {
        scheme! {
            (/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793))))
        }
    }

    #[inline(always)]
    fn value<T: Number>([x, mu, s]: [T; 3]) -> T {
        let d = x - mu;
        (-(d * d / (T::lit(2.0) * (s * s)))).exp() / (s * T::lit(TAU).sqrt())
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([x, mu, s]: [T; 3]) -> (T, [T; 3]) {
        let d = x - mu;
        let variance = s * s;
        let e = d * d / (T::lit(2.0) * variance);
        let value = (-e).exp() / (s * T::lit(TAU).sqrt());
        let by_mu = value * d / variance;
        (value, [-by_mu, by_mu, (e + e - T::lit(1.0)) * value / s])
    }

    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>([x, mu, s]: [D; 3]) -> D {
        let d = x - mu;
        (-(d * d / (s * s * 2.0))).exp() / (s * TAU.sqrt())
    }
}

/// The energy of a particle by its momentum, the speed of light and its mass.
#[derive(Debug)]
pub enum Relativistic {}

impl Model<3> for Relativistic {
    const NAME: &'static str = "relativistic energy";
    const RANGES: [(f64, f64); 3] = [(0.1, 3.0), (1.0, 3.0), (0.1, 2.0)];

    #[inline(always)]
    fn program() -> impl Function<In = [R; 3], Out = R> {
        scheme! { (sqrt (+ (square (* p c)) (square (* m (square c))))) }
    }

    #[inline(always)]
    fn value<T: Number>([p, c, m]: [T; 3]) -> T {
        let moving = p * c;
        let rest = m * (c * c);
        (moving * moving + rest * rest).sqrt()
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([p, c, m]: [T; 3]) -> (T, [T; 3]) {
        let moving = p * c;
        let square = c * c;
        let rest = m * square;
        let energy = (moving * moving + rest * rest).sqrt();
        let shared = c / energy;
        let (by_moving, by_rest) = (p * shared, rest * shared);
        let by_c = by_moving * p + T::lit(2.0) * m * by_rest;
        (energy, [by_moving * c, by_c, by_rest * c])
    }

    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>([p, c, m]: [D; 3]) -> D {
        let moving = p * c;
        let rest = m * (c * c);
        (moving * moving + rest * rest).sqrt()
    }
}

/// The angular acceleration of a damped pendulum.
#[derive(Debug)]
pub enum Pendulum {}

impl Model<5> for Pendulum {
    const NAME: &'static str = "damped pendulum";
    const RANGES: [(f64, f64); 5] = [(9.0, 10.0), (0.5, 2.0), (-3.0, 3.0), (0.1, 0.5), (-2.0, 2.0)];

    #[inline(always)]
    fn program() -> impl Function<In = [R; 5], Out = R> {
        scheme! { (- (* (- (/ g L)) (sin theta)) (* c omega)) }
    }

    #[inline(always)]
    fn value<T: Number>([g, l, theta, c, omega]: [T; 5]) -> T {
        -(g / l) * theta.sin() - c * omega
    }

    // The reciprocal, though a division more than the value needs, does not wait for the sine.
    #[inline(always)]
    fn value_and_gradient<T: Number>([g, l, theta, c, omega]: [T; 5]) -> (T, [T; 5]) {
        let stiffness = -(g / l);
        let (sin, cos) = theta.sin_cos();
        let by_g = -(sin * (T::lit(1.0) / l));
        (stiffness * sin - c * omega, [by_g, stiffness * by_g, stiffness * cos, -omega, -c])
    }

    #[inline(always)]
    fn dual<D: DualNumCopy<Primitive = f64>>([g, l, theta, c, omega]: [D; 5]) -> D {
        -(g / l) * theta.sin() - c * omega
    }
}
