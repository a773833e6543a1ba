//! What forms by hand are written over: machine numbers and lanes on the language's elementary functions, [`Std`] on
//! the standard library's, and [`Dual`] on num-dual's.

use num_dual::DualNumCopy;
use scheme_core::real::Real;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number that the forms by hand are for.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// A literal.
    fn lit(x: f64) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The exponential function.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn log(self) -> Self;
    /// The sine.
    fn sin(self) -> Self;
    /// Sine and cosine.
    fn sin_cos(self) -> (Self, Self);
    /// The first numbers where this one is less than `limit`, else the second; of one number only those are computed.
    fn if_less<const K: usize>(
        self,
        limit: f64,
        then: impl FnOnce() -> [Self; K],
        otherwise: impl FnOnce() -> [Self; K],
    ) -> [Self; K];

    /// The product with a literal.
    #[inline(always)]
    fn times(self, x: f64) -> Self {
        self * Self::lit(x)
    }
}

impl<T: Real> Number for T {
    #[inline(always)]
    fn lit(x: f64) -> Self {
        Real::lit(x)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Real::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Real::exp(self)
    }
    #[inline(always)]
    fn log(self) -> Self {
        Real::log(self)
    }
    #[inline(always)]
    fn sin(self) -> Self {
        Real::sin(self)
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        Real::sin_cos(self)
    }
    #[inline(always)]
    fn if_less<const K: usize>(
        self,
        limit: f64,
        then: impl FnOnce() -> [Self; K],
        otherwise: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        Real::branch(self.less(Real::lit(limit)), then, otherwise)
    }
}

macro_rules! operators {
    ($([$($bounds:tt)*] $type:ty, $trait:ident $method:ident;)*) => {$(
        impl<$($bounds)*> $trait for $type {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0))
            }
        }
    )*};
}

/// A number around another one, which has functions of the standard library's names.
macro_rules! wrapped {
    ([$($bounds:tt)*] $type:ty, $inner:ident) => {
        operators! {
            [$($bounds)*] $type, Add add;
            [$($bounds)*] $type, Sub sub;
            [$($bounds)*] $type, Mul mul;
            [$($bounds)*] $type, Div div;
        }

        impl<$($bounds)*> Neg for $type {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }

        impl<$($bounds)*> Number for $type {
            #[inline(always)]
            fn lit(x: f64) -> Self {
                Self($inner::from(x))
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
            fn log(self) -> Self {
                Self(self.0.ln())
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
            #[inline(always)]
            fn if_less<const K: usize>(
                self,
                limit: f64,
                then: impl FnOnce() -> [Self; K],
                otherwise: impl FnOnce() -> [Self; K],
            ) -> [Self; K] {
                if self.0 < limit { then() } else { otherwise() }
            }
            #[inline(always)]
            fn times(self, x: f64) -> Self {
                Self(self.0 * x)
            }
        }
    };
}

/// A number on the standard library's elementary functions.
#[derive(Clone, Copy, Debug)]
pub struct Std(pub f64);

wrapped! { [] Std, f64 }

/// A number of num-dual's, so that a value by hand has a derivative by num-dual.
#[derive(Clone, Copy, Debug)]
pub struct Dual<D>(pub D);

wrapped! { [D: DualNumCopy<Primitive = f64>] Dual<D>, D }
