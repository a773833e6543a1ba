//! Terms as real numbers: rows of the table run on them to be written.
//!
//! Which formula a row is, is here as for `f64` and `f32` (`math/real_impl.rs`): elementary functions widen,
//! compute and round once; the rounding family and the remainder add 0.

use super::{
    lane::call,
    term::{Kind, Term},
    whole::whole,
};
use crate::{prim::Whole, real::Real};
use std::array;

/// The methods that are an elementary function of the same name, or of another one.
macro_rules! functions {
    ($number:ident $($method:ident $name:literal;)*) => {$(
        fn $method(self) -> Self {
            self.unary(<$number as Real>::$method, |x| elementary::<$number>($name, &[x]))
        }
    )*};
}

/// The methods that round.
macro_rules! roundings {
    ($number:ident $($method:ident $name:literal;)*) => {$(
        fn $method(self) -> Self {
            call($name, self, <$number as Real>::$method) + Self::lit(0.0)
        }
    )*};
}

/// A call of an elementary function.
fn elementary<K: Kind>(name: &str, x: &[String]) -> String {
    match K::NAME == f64::NAME {
        true => format!("sg_{name}({})", x.join(", ")),
        false => {
            let wide: Vec<String> = x.iter().map(|x| format!("(double){x}")).collect();
            format!("(float)sg_{name}({})", wide.join(", "))
        }
    }
}

macro_rules! real {
    ($number:ident, $abs:literal $sqrt:literal $floor:literal $ceil:literal $rint:literal $trunc:literal $fmod:literal) => {
        impl<'w> Real for Term<'w, $number> {
            type Mask = Term<'w, bool>;
            type Lane = $number;
            type Uniform = $number;
            const LANES: usize = 1;

            fn splat(x: $number) -> Self {
                Self::Literal(x)
            }
            fn lane(self, _: usize) -> $number {
                self.known().unwrap_or($number::NAN)
            }
            fn from_lanes(mut lane: impl FnMut(usize) -> $number) -> Self {
                Self::Literal(lane(0))
            }
            fn primal(self) -> f64 {
                self.known().map_or(f64::NAN, f64::from)
            }
            fn lit(x: f64) -> Self {
                Self::Literal(<$number as Real>::lit(x))
            }
            fn whole(of: Whole, operands: &[Self], results: &mut [Self]) {
                let found = whole(of, operands);
                results.iter_mut().zip(found).for_each(|(to, y)| *to = y);
            }
            fn select(mask: Self::Mask, then: Self, els: Self) -> Self {
                Term::select(mask, then, els)
            }
            /// Operations are total, so that both sides may be written.
            fn branch<const K: usize>(
                mask: Self::Mask,
                then: impl FnOnce() -> [Self; K],
                els: impl FnOnce() -> [Self; K],
            ) -> [Self; K] {
                let (then, els) = (then(), els());
                array::from_fn(|i| Term::select(mask, then[i], els[i]))
            }
            fn less(self, other: Self) -> Self::Mask {
                self.binary(other, |a, b| a < b, |a, b| format!("{a} < {b}"))
            }
            fn less_eq(self, other: Self) -> Self::Mask {
                self.binary(other, |a, b| a <= b, |a, b| format!("{a} <= {b}"))
            }
            fn equal(self, other: Self) -> Self::Mask {
                self.binary(other, |a, b| a == b, |a, b| format!("{a} == {b}"))
            }
            fn is_nan(self) -> Self::Mask {
                self.unary(|x| x.is_nan(), |x| format!("{x} != {x}"))
            }
            fn is_finite(self) -> Self::Mask {
                Real::abs(self).less(Self::lit(f64::INFINITY))
            }
            fn abs(self) -> Self {
                call($abs, self, $number::abs)
            }
            fn sqrt(self) -> Self {
                call($sqrt, self, $number::sqrt)
            }
            fn remainder(self, other: Self) -> Self {
                self.binary(other, |a, b| a % b, |a, b| format!("{}({a}, {b})", $fmod)) + Self::lit(0.0)
            }
            roundings! { $number floor $floor; ceiling $ceil; round $rint; truncate $trunc; }
            functions! {
                $number
                exp "exp"; expm1 "expm1"; log "log"; log1p "log1p"; sin "sin"; cos "cos"; tan "tan"; asin "asin";
                acos "acos"; atan "atan"; sinh "sinh"; cosh "cosh"; tanh "tanh"; sigmoid "sigmoid";
                softplus "softplus"; erf "erf"; lgamma "lgamma";
            }
            fn sin_cos(self) -> (Self, Self) {
                (Real::sin(self), Real::cos(self))
            }
            fn expt(self, y: Self) -> Self {
                self.binary(y, Real::expt, |x, y| elementary::<$number>("pow", &[x, y]))
            }
            fn atan2(self, x: Self) -> Self {
                self.binary(x, Real::atan2, |y, x| elementary::<$number>("atan2", &[y, x]))
            }
            fn polygamma(self, x: Self) -> Self {
                self.binary(x, Real::polygamma, |n, x| elementary::<$number>("polygamma", &[n, x]))
            }
        }
    };
}

real! { f64, "fabs" "sqrt" "floor" "ceil" "rint" "trunc" "fmod" }
real! { f32, "fabsf" "sqrtf" "floorf" "ceilf" "rintf" "truncf" "fmodf" }
