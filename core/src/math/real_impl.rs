//! `f64`, `f32` and their lanes as [`Real`]s: on this crate's functions, so that a value has the
//! same bits in every way of running.
//!
//! What IEEE rounds correctly (arithmetic, square root, comparisons) is taken from the type itself;
//! the rest goes through [`Number`]. The rounding family and the remainder give 0 rather than
//! -0.0, by the addition of +0.0.

use super::{
    self as math, LaneMask, Lanes, Number,
    lane::Lane,
    lanes::{all, any, build},
};
use crate::{
    anf,
    prim::Whole,
    real::{Ask, Real},
};

/// The methods that are one function of this module, inlined as told.
macro_rules! functions {
    (#[$inline:meta]) => {
        functions! {
            #[$inline]
            exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh sigmoid softplus erf lgamma
        }
        #[$inline]
        fn sin_cos(self) -> (Self, Self) {
            math::sin_cos(self)
        }
        #[$inline]
        fn expt(self, y: Self) -> Self {
            math::pow(self, y)
        }
        #[$inline]
        fn atan2(self, x: Self) -> Self {
            math::atan2(self, x)
        }
        #[$inline]
        fn polygamma(self, x: Self) -> Self {
            math::polygamma(self, x)
        }
        #[inline(always)]
        fn floor(self) -> Self {
            Self::narrow(Lane::floor(self.widen())) + Self::lit(0.0)
        }
        #[inline(always)]
        fn ceiling(self) -> Self {
            Self::narrow(-Lane::floor(-self.widen())) + Self::lit(0.0)
        }
        #[inline(always)]
        fn round(self) -> Self {
            Self::narrow(Lane::round_even(self.widen())) + Self::lit(0.0)
        }
        #[inline(always)]
        fn truncate(self) -> Self {
            Self::narrow(Lane::trunc(self.widen())) + Self::lit(0.0)
        }
        #[inline(always)]
        fn is_nan(self) -> Self::Mask {
            Lane::is_nan(self.widen())
        }
        #[inline(always)]
        fn is_finite(self) -> Self::Mask {
            Real::abs(self).less(Self::lit(f64::INFINITY))
        }
    };
    (#[$inline:meta] $($name:ident)*) => {$(
        #[$inline]
        fn $name(self) -> Self {
            math::$name(self)
        }
    )*};
}

/// A number on its own. The large functions are not forced into their callers.
macro_rules! scalar {
    ($($real:ident)*) => {$(
        impl Real for $real {
            $crate::real_of_one! {}

            #[inline(always)]
            fn primal(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn unless_finite<V>(self, again: impl FnOnce() -> V) -> Option<V> {
                if Real::is_finite(self) { None } else { Some(again()) }
            }
            fn lift<E>(
                x: &[Self],
                order: u32,
                partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
            ) -> Result<Vec<Vec<Self>>, E> {
                let x: Vec<f64> = x.iter().copied().map(f64::from).collect();
                let single = size_of::<Self>() == size_of::<f32>();
                let orders = partials(&Ask { x: &x, lanes: 1, order, single })?;
                Ok(orders.into_iter().map(|all| all.into_iter().map(|d| d as Self).collect()).collect())
            }

            fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
                whole.apply(operands, results);
            }

            #[inline(always)]
            fn lit(x: f64) -> Self {
                x as Self
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                self < other
            }
            #[inline(always)]
            fn less_eq(self, other: Self) -> bool {
                self <= other
            }
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                self == other
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $real::abs(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $real::sqrt(self)
            }
            #[inline(always)]
            fn remainder(self, other: Self) -> Self {
                self % other + 0.0
            }
            functions! { #[inline] }
        }
    )*};
}

/// Numbers in lanes. All is inlined, for the caller's vector instructions.
macro_rules! lanes {
    ($($real:ident)*) => {$(
        impl<const W: usize> Real for Lanes<$real, W> {
            type Mask = LaneMask<W>;
            type Lane = $real;
            type Uniform = $real;
            const LANES: usize = W;

            #[inline(always)]
            fn splat(x: $real) -> Self {
                Self([x; W])
            }
            #[inline(always)]
            fn lane(self, i: usize) -> $real {
                self.0[i.min(W - 1)]
            }
            #[inline(always)]
            fn from_lanes(mut lane: impl FnMut(usize) -> $real) -> Self {
                Self(std::array::from_fn(&mut lane))
            }
            #[inline(always)]
            fn primal(self) -> f64 {
                f64::from(self.lane(0))
            }
            fn lift<E>(
                x: &[Self],
                order: u32,
                partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
            ) -> Result<Vec<Vec<Self>>, E> {
                let x: Vec<f64> = x.iter().flat_map(|x| x.0.map(f64::from)).collect();
                let single = size_of::<$real>() == size_of::<f32>();
                let orders = partials(&Ask { x: &x, lanes: W, order, single })?;
                let number = |lanes: &[f64]| {
                    Self(std::array::from_fn(|i| lanes.get(i).map_or($real::NAN, |d| *d as $real)))
                };
                Ok(orders.iter().map(|all| all.chunks(W).map(number).collect()).collect())
            }

            /// Lanes that agree are read together.
            #[inline(always)]
            fn item(items: &'static [f64], index: Self) -> Self {
                let first = index.0[0];
                if all::<W>(LaneMask(build(false, |i| index.0[i] == first))) {
                    return Self::lit(anf::item(items, f64::from(first)));
                }
                Self(build(0.0, |i| anf::item(items, f64::from(index.0[i])) as $real))
            }

            #[inline(always)]
            fn lit(x: f64) -> Self {
                Self([x as $real; W])
            }
            #[inline(always)]
            fn select(mask: LaneMask<W>, then: Self, els: Self) -> Self {
                Self(build(0.0, |i| if mask.0[i] { then.0[i] } else { els.0[i] }))
            }
            #[inline(always)]
            fn branch<const K: usize>(
                mask: LaneMask<W>,
                then: impl FnOnce() -> [Self; K],
                els: impl FnOnce() -> [Self; K],
            ) -> [Self; K] {
                if all(mask) {
                    then()
                } else if any(mask) {
                    let (then, els) = (then(), els());
                    build(Self([0.0; W]), |k| Real::select(mask, then[k], els[k]))
                } else {
                    els()
                }
            }
            #[inline(always)]
            fn less(self, other: Self) -> LaneMask<W> {
                LaneMask(build(false, |i| self.0[i] < other.0[i]))
            }
            #[inline(always)]
            fn less_eq(self, other: Self) -> LaneMask<W> {
                LaneMask(build(false, |i| self.0[i] <= other.0[i]))
            }
            #[inline(always)]
            fn equal(self, other: Self) -> LaneMask<W> {
                LaneMask(build(false, |i| self.0[i] == other.0[i]))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(build(0.0, |i| $real::abs(self.0[i])))
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(build(0.0, |i| $real::sqrt(self.0[i])))
            }
            #[inline(always)]
            fn remainder(self, other: Self) -> Self {
                Self(build(0.0, |i| self.0[i] % other.0[i] + 0.0))
            }
            functions! { #[inline(always)] }
        }
    )*};
}

scalar! { f64 f32 }
lanes! { f64 f32 }
