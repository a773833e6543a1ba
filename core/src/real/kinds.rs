//! What implementations of [`Real`](super::Real) share, as macros.
//!
//! [`real_of_one`](crate::real_of_one) is what all numbers with plain truth values have in common.
//! [`real_by_rows`](crate::real_by_rows) and [`operators_by_rows`](crate::operators_by_rows) are the one list
//! of which method is which row of the table, for numbers that apply rows rather than compute: the tracer of
//! graphs and numbers that carry derivatives of several levels.

/// The items of an `impl Real` for a number on its own, whose truth values are `bool`; it is uniform itself, unless a type says
/// what is.
#[doc(hidden)]
#[macro_export]
macro_rules! real_of_one {
    () => {
        type Uniform = Self;

        #[inline(always)]
        fn splat(x: Self) -> Self {
            x
        }

        $crate::real_of_one! { but for uniform }
    };
    (but for uniform) => {
        type Mask = bool;
        type Lane = Self;
        const LANES: usize = 1;

        #[inline(always)]
        fn lane(self, _: usize) -> Self {
            self
        }
        #[inline(always)]
        fn from_lanes(mut lane: impl FnMut(usize) -> Self) -> Self {
            lane(0)
        }
        #[inline(always)]
        fn select(mask: bool, then: Self, els: Self) -> Self {
            if mask { then } else { els }
        }
        #[inline(always)]
        fn branch<const K: usize>(
            mask: bool,
            then: impl FnOnce() -> [Self; K],
            els: impl FnOnce() -> [Self; K],
        ) -> [Self; K] {
            if mask { then() } else { els() }
        }
    };
}

/// The methods of an `impl Real` that are rows, from a function that applies a row to numbers and one that
/// gives a truth value.
#[doc(hidden)]
#[macro_export]
macro_rules! real_by_rows {
    ($real:path, $truth:path) => {
        $crate::real_by_rows! { @ $real, $truth,
            unary {
                stop_gradient StopGradient; recip Recip; square Square; cube Cube; relu Relu; sign Sign; abs Abs;
                sqrt Sqrt; floor Floor; ceiling Ceiling; round Round; truncate Truncate; exp Exp; expm1 Expm1; log Log;
                log1p Log1p; sin Sin; cos Cos; tan Tan; asin Asin; acos Acos; atan Atan; sinh Sinh; cosh Cosh;
                tanh Tanh; sigmoid Sigmoid; softplus Softplus; erf Erf; lgamma Lgamma;
            }
            binary {
                min Min; max Max; quotient Quotient; remainder Remainder; modulo Modulo; expt Expt;
                atan2 Atan2; log_base LogBase; polygamma Polygamma;
            }
            test {
                is_zero IsZero; is_positive IsPositive; is_negative IsNegative; is_nan IsNan;
                is_finite IsFinite; is_integer IsInteger; is_even IsEven; is_odd IsOdd;
            }
            compare {
                less Less; less_eq LessEq; greater Greater; greater_eq GreaterEq; equal Equal; eqv Eqv;
            }
        }

        fn sin_cos(self) -> (Self, Self) {
            (self.sin(), self.cos())
        }
    };
    (@ $real:path, $truth:path,
        unary {$($u:ident $urow:ident;)+} binary {$($b:ident $brow:ident;)+}
        test {$($t:ident $trow:ident;)+} compare {$($c:ident $crow:ident;)+}
    ) => {
        $(fn $u(self) -> Self {
            $real($crate::prim::Numeric::$urow, [self])
        })+
        $(fn $b(self, other: Self) -> Self {
            $real($crate::prim::Numeric::$brow, [self, other])
        })+
        $(fn $t(self) -> Self::Mask {
            $truth($crate::prim::Numeric::$trow, [self])
        })+
        $(fn $c(self, other: Self) -> Self::Mask {
            $truth($crate::prim::Numeric::$crow, [self, other])
        })+
    };
}

/// The operators of a number, from a function that applies a row to numbers.
#[doc(hidden)]
#[macro_export]
macro_rules! operators_by_rows {
    (impl [$($generics:tt)*] $number:ty, $real:path) => {
        $crate::operators_by_rows! { @ [$($generics)*] $number, $real, Add add Add }
        $crate::operators_by_rows! { @ [$($generics)*] $number, $real, Sub sub Sub }
        $crate::operators_by_rows! { @ [$($generics)*] $number, $real, Mul mul Mul }
        $crate::operators_by_rows! { @ [$($generics)*] $number, $real, Div div Div }

        impl<$($generics)*> ::core::ops::Neg for $number {
            type Output = Self;
            fn neg(self) -> Self {
                $real($crate::prim::Numeric::Neg, [self])
            }
        }
    };
    (@ [$($generics:tt)*] $number:ty, $real:path, $trait:ident $method:ident $row:ident) => {
        impl<$($generics)*> ::core::ops::$trait for $number {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                $real($crate::prim::Numeric::$row, [self, other])
            }
        }
    };
}
