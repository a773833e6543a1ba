//! Numbers of other crates: whatever implements `num_traits::Float`.
//!
//! [`Foreign`] runs compiled functions and their derivatives on the number's own arithmetic and
//! elementary functions, to its own precision; what `Float` lacks (erf, lgamma, polygamma) is computed
//! here to its epsilon. A wrapper, since a blanket implementation would claim the lanes and dual
//! numbers too. Bits are the number's own affair: only `f32` and `f64` as such promise the same
//! everywhere. Programs that run on the machine give them the precision of `f64`, which is the machine's.

mod special;

use num_traits::Float;
use scheme_core::real::Real;
use std::{fmt::Debug, ops};

/// A number of another crate, as a [`Real`].
///
/// ```
/// use scheme_runtime::{Foreign, prelude::*};
///
/// let decay = scheme! { (exp (- (* rate t))) };
/// // On the standard library's exponential, since that is `f64`'s as a `Float`.
/// assert_eq!(decay.call([Foreign(0.5), Foreign(3.0)]).0, (-1.5_f64).exp());
/// ```
///
/// Literals of a program are `f64`: its `0.1` is the double nearest to a tenth.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Foreign<T>(pub T);

macro_rules! operators {
    ($($trait:ident $method:ident)*) => {$(
        impl<T: Float> ops::$trait for Foreign<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(ops::$trait::$method(self.0, other.0))
            }
        }
    )*};
}

operators! { Add add Sub sub Mul mul Div div }

impl<T: Float> ops::Neg for Foreign<T> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// Functions that the number has itself: `row its_name`.
macro_rules! own {
    ($($row:ident $name:ident)*) => {$(
        #[inline]
        fn $row(self) -> Self {
            Self(Float::$name(self.0))
        }
    )*};
}

/// The rounding family, which never gives -0.
macro_rules! roundings {
    ($($row:ident $name:ident)*) => {$(
        #[inline]
        fn $row(self) -> Self {
            Self(Float::$name(self.0) + T::zero())
        }
    )*};
}

impl<T: Float + Debug> Real for Foreign<T> {
    scheme_core::real_of_one! {}

    #[inline]
    fn primal(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    #[inline]
    fn lit(x: f64) -> Self {
        Self(special::lit(x))
    }

    #[inline]
    fn two_over_sqrt_pi() -> Self {
        Self(special::lit::<T>(2.0) / special::pi::<T>().sqrt())
    }

    #[inline(always)]
    fn less(self, other: Self) -> bool {
        self.0 < other.0
    }

    #[inline(always)]
    fn less_eq(self, other: Self) -> bool {
        self.0 <= other.0
    }

    #[inline(always)]
    fn equal(self, other: Self) -> bool {
        self.0 == other.0
    }

    #[inline(always)]
    fn is_nan(self) -> bool {
        self.0.is_nan()
    }

    #[inline]
    fn unless_finite<V>(self, again: impl FnOnce() -> V) -> Option<V> {
        if self.is_finite() { None } else { Some(again()) }
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    own! {
        abs abs sqrt sqrt exp exp expm1 exp_m1 log ln log1p ln_1p sin sin cos cos tan tan
        asin asin acos acos atan atan sinh sinh cosh cosh tanh tanh
    }

    roundings! { floor floor ceiling ceil truncate trunc }

    /// To nearest, ties to even; `Float` rounds them away from 0.
    #[inline]
    fn round(self) -> Self {
        let x = self.0;
        let tie = (x - x.trunc()).abs() == special::lit(0.5);
        let nearest = if tie { (x * special::lit(0.5)).round() * special::lit(2.0) } else { x.round() };
        Self(nearest + T::zero())
    }

    #[inline]
    fn remainder(self, other: Self) -> Self {
        Self(self.0 % other.0 + T::zero())
    }

    #[inline]
    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    #[inline]
    fn sigmoid(self) -> Self {
        // The exponential of a negative number does not overflow.
        let e = (-self.0.abs()).exp();
        let one = T::one();
        Self(if self.0 < T::zero() { e / (one + e) } else { one / (one + e) })
    }

    #[inline]
    fn softplus(self) -> Self {
        let tail = (-self.0.abs()).exp().ln_1p();
        Self(if self.0 > T::zero() { self.0 + tail } else { tail })
    }

    #[inline]
    fn erf(self) -> Self {
        Self(special::erf(self.0))
    }

    #[inline]
    fn lgamma(self) -> Self {
        Self(special::lgamma(self.0))
    }

    #[inline]
    fn expt(self, y: Self) -> Self {
        Self(special::expt(self.0, y.0))
    }

    #[inline]
    fn atan2(self, x: Self) -> Self {
        Self(self.0.atan2(x.0))
    }

    #[inline]
    fn polygamma(self, x: Self) -> Self {
        Self(special::polygamma(self.0, x.0))
    }
}
