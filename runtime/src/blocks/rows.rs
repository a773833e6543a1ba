//! The rows of the table on blocks.
//!
//! Rows of few instructions are plain loops over numbers, inlined into the loop that runs a program, for its vector
//! instructions; macros in the place of closures, which are not always inlined. An elementary function is a kernel of
//! its own on lanes, or the loop would be far too large: next to a block of its values, asking for the instruction
//! set again is nothing.
//!
//! Truth values are the numbers 1 and 0. An operand has as many vectors as the result or more, or one vector, which
//! then stands in all places: of one number, but for results of a single vector.

use super::Number;
use crate::simd::{Kernel, Level, at_most};
use scheme_core::{
    math::Lanes,
    prim::Numeric,
    real::{Mask, Real},
};

/// Writes a value at each number of an operand.
macro_rules! map {
    ($a:expr, $to:expr, |$x:ident| $value:expr) => {{
        let n = $to.len().min($a.len());
        let (to, a) = (&mut $to[..n], &$a[..n]);
        for (to, x) in to.as_flattened_mut().iter_mut().zip(a.as_flattened()) {
            let $x = *x;
            *to = $value;
        }
    }};
}

/// The same of two operands, in a form for each that is one vector.
macro_rules! zip {
    ($a:expr, $b:expr, $to:expr, |$x:ident, $y:ident| $value:expr) => {
        match ($a, $b) {
            (a, b) if $to.len() > 1 && a.len() == 1 && b.len() == 1 => {
                // The first two of several operands.
                let ($x, $y) = (a[0][0], b[0][0]);
                $to.fill([$value; W]);
            }
            ([x], b) if $to.len() > 1 => {
                let $x = x[0];
                map!(b, $to, |$y| $value)
            }
            (a, [y]) if $to.len() > 1 => {
                let $y = y[0];
                map!(a, $to, |$x| $value)
            }
            (a, b) => {
                let n = $to.len().min(a.len()).min(b.len());
                let (to, a, b) = (&mut $to[..n], &a[..n], &b[..n]);
                let operands = a.as_flattened().iter().zip(b.as_flattened());
                for (to, (x, y)) in to.as_flattened_mut().iter_mut().zip(operands) {
                    let ($x, $y) = (*x, *y);
                    *to = $value;
                }
            }
        }
    };
}

/// The same on lanes, for values of many instructions.
macro_rules! lanes {
    ($a:expr, $to:expr, |$x:ident| $value:expr) => {{
        let n = $to.len().min($a.len());
        let (to, a) = (&mut $to[..n], &$a[..n]);
        let mut i = 0;
        while i < n {
            let $x = Lanes(a[i]);
            to[i] = $value.0;
            i += 1;
        }
    }};
}

/// The same of two operands, in one form.
macro_rules! each {
    ($a:expr, $b:expr, $to:expr, |$x:ident, $y:ident| $value:expr) => {{
        let (last_a, last_b) = (last($a), last($b));
        let mut i = 0;
        while i < $to.len() {
            let ($x, $y) = (Lanes($a[i.min(last_a)]), Lanes($b[i.min(last_b)]));
            $to[i] = $value.0;
            i += 1;
        }
    }};
}

/// Elementary functions of one and of two operands.
macro_rules! kernels {
    (unary { $($unary:ident $u:ident;)* } binary { $($binary:ident $b:ident;)* }) => {
        mod kernels {
            $(pub(super) struct $unary<'b, E, const W: usize>(pub(super) &'b [[E; W]], pub(super) &'b mut [[E; W]]);)*
            $(pub(super) struct $binary<'b, E, const W: usize>(
                pub(super) &'b [[E; W]],
                pub(super) &'b [[E; W]],
                pub(super) &'b mut [[E; W]],
            );)*
        }

        $(impl<E: Copy, const W: usize> Kernel for kernels::$unary<'_, E, W>
        where
            Lanes<E, W>: Real,
        {
            type Output = ();

            #[inline(always)]
            fn run(self) {
                let Self(a, to) = self;
                lanes!(a, to, |x| Real::$u(x))
            }
        })*

        $(impl<E: Copy, const W: usize> Kernel for kernels::$binary<'_, E, W>
        where
            Lanes<E, W>: Real,
        {
            type Output = ();

            #[inline(always)]
            fn run(self) {
                let Self(a, b, to) = self;
                each!(a, b, to, |x, y| Real::$b(x, y))
            }
        })*

        /// Writes the value of an elementary function, and none of another row.
        #[inline(always)]
        fn elementary<E: Copy, const W: usize>(
            level: Level,
            row: Numeric,
            a: &[[E; W]],
            b: &[[E; W]],
            to: &mut [[E; W]],
        ) where
            Lanes<E, W>: Real,
        {
            match row {
                $(Numeric::$unary => at_most(level, kernels::$unary(a, to)),)*
                $(Numeric::$binary => at_most(level, kernels::$binary(a, b, to)),)*
                _ => {}
            }
        }
    };
}

kernels! {
    unary {
        Exp exp; Expm1 expm1; Log log; Log1p log1p; Sin sin; Cos cos; Tan tan; Asin asin; Acos acos; Atan atan;
        Sinh sinh; Cosh cosh; Tanh tanh; Sigmoid sigmoid; Softplus softplus; Erf erf; Lgamma lgamma;
    }
    binary {
        Quotient quotient; Remainder remainder; Modulo modulo; LogBase log_base; Atan2 atan2; Expt expt;
        Polygamma polygamma;
    }
}

/// Writes the row's value. What the row has no operand for is not read.
#[inline(always)]
pub(super) fn apply<E, const W: usize>(
    level: Level,
    row: Numeric,
    a: &[[E; W]],
    b: &[[E; W]],
    c: &[[E; W]],
    to: &mut [[E; W]],
) where
    E: Number,
    Lanes<E, W>: Real,
{
    macro_rules! truth {
        ($mask:expr) => {
            E::indicator($mask)
        };
    }
    match row {
        Numeric::Add => zip!(a, b, to, |x, y| x + y),
        Numeric::Sub => zip!(a, b, to, |x, y| x - y),
        Numeric::Mul => zip!(a, b, to, |x, y| x * y),
        Numeric::Div => zip!(a, b, to, |x, y| x / y),
        Numeric::Min => zip!(a, b, to, |x, y| Real::min(x, y)),
        Numeric::Max => zip!(a, b, to, |x, y| Real::max(x, y)),
        Numeric::NormRatio => zip!(a, b, to, |x, y| Real::norm_ratio(x, y)),
        Numeric::Identity | Numeric::StopGradient | Numeric::Indicator => map!(a, to, |x| x),
        Numeric::Cube => map!(a, to, |x| x * x * x),
        Numeric::Square => map!(a, to, |x| x * x),
        Numeric::Neg => map!(a, to, |x| -x),
        Numeric::Recip => map!(a, to, |x| Real::recip(x)),
        Numeric::Abs => map!(a, to, |x| Real::abs(x)),
        Numeric::Sign => map!(a, to, |x| Real::sign(x)),
        Numeric::Sqrt => map!(a, to, |x| Real::sqrt(x)),
        Numeric::NormRoot => map!(a, to, |x| Real::norm_root(x)),
        Numeric::Floor => map!(a, to, |x| Real::floor(x)),
        Numeric::Ceiling => map!(a, to, |x| Real::ceiling(x)),
        Numeric::Round => map!(a, to, |x| Real::round(x)),
        Numeric::Truncate => map!(a, to, |x| Real::truncate(x)),
        Numeric::Relu => map!(a, to, |x| Real::relu(x)),
        Numeric::Less => zip!(a, b, to, |x, y| truth!(Real::less(x, y))),
        Numeric::LessEq => zip!(a, b, to, |x, y| truth!(Real::less_eq(x, y))),
        Numeric::Greater => zip!(a, b, to, |x, y| truth!(Real::greater(x, y))),
        Numeric::GreaterEq => zip!(a, b, to, |x, y| truth!(Real::greater_eq(x, y))),
        Numeric::Equal => zip!(a, b, to, |x, y| truth!(Real::equal(x, y))),
        Numeric::Eqv => zip!(a, b, to, |x, y| truth!(Real::eqv(x, y))),
        Numeric::IsZero => map!(a, to, |x| truth!(Real::is_zero(x))),
        Numeric::IsPositive => map!(a, to, |x| truth!(Real::is_positive(x))),
        Numeric::IsNegative => map!(a, to, |x| truth!(Real::is_negative(x))),
        Numeric::IsNan => map!(a, to, |x| truth!(Real::is_nan(x))),
        Numeric::IsFinite => map!(a, to, |x| truth!(Real::is_finite(x))),
        Numeric::IsInteger => map!(a, to, |x| truth!(Real::is_integer(x))),
        Numeric::IsEven => map!(a, to, |x| truth!(Real::is_even(x))),
        Numeric::IsOdd => map!(a, to, |x| truth!(Real::is_odd(x))),
        Numeric::And => zip!(a, b, to, |x, y| truth!(mask(x).and(mask(y)))),
        Numeric::Or => zip!(a, b, to, |x, y| truth!(mask(x).or(mask(y)))),
        Numeric::Not => map!(a, to, |x| truth!(mask(x).not())),
        Numeric::Select if a.len() >= to.len() && b.len() >= to.len() && c.len() >= to.len() => {
            let n = to.len();
            let chosen = a[..n].as_flattened().iter().zip(b[..n].as_flattened()).zip(c[..n].as_flattened());
            for (to, ((condition, then), els)) in to.as_flattened_mut().iter_mut().zip(chosen) {
                *to = if mask(*condition) { *then } else { *els };
            }
        }
        Numeric::Select => {
            let (last_a, last_b, last_c) = (last(a), last(b), last(c));
            let mut i = 0;
            while i < to.len() {
                let (condition, then, els) = (&a[i.min(last_a)], &b[i.min(last_b)], &c[i.min(last_c)]);
                let mut k = 0;
                while k < W {
                    to[i][k] = if mask(condition[k]) { then[k] } else { els[k] };
                    k += 1;
                }
                i += 1;
            }
        }
        Numeric::Exp
        | Numeric::Expm1
        | Numeric::Log
        | Numeric::Log1p
        | Numeric::LogBase
        | Numeric::Sin
        | Numeric::Cos
        | Numeric::Tan
        | Numeric::Asin
        | Numeric::Acos
        | Numeric::Atan
        | Numeric::Atan2
        | Numeric::Sinh
        | Numeric::Cosh
        | Numeric::Tanh
        | Numeric::Sigmoid
        | Numeric::Softplus
        | Numeric::Erf
        | Numeric::Lgamma
        | Numeric::Polygamma
        | Numeric::Expt
        | Numeric::Quotient
        | Numeric::Remainder
        | Numeric::Modulo => elementary(level, row, a, b, to),
    }
}

#[inline(always)]
fn mask<E: Number>(x: E) -> bool {
    x != E::lit(0.0)
}

#[inline(always)]
fn last<T>(vectors: &[T]) -> usize {
    vectors.len().saturating_sub(1)
}
