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

/// Writes a value at each number, of those at the same place in the operands. Where no more than one operand is a single vector, or of four the second and the last, it is a loop
/// over numbers, which is vectorised whole, with their numbers in registers; else, or of five where it is not the last, one over vectors, each of which is.
macro_rules! each {
    ($to:expr, |$x:ident in $a:ident| $value:expr) => {
        if is_block($a, $to) { flat!($to, [$x in $a] [] $value) } else { any!($to, [$x in $a] $value) }
    };
    ($to:expr, |$x:ident in $a:ident, $y:ident in $b:ident| $value:expr) => {
        match (is_block($a, $to), is_block($b, $to)) {
            (true, true) => flat!($to, [$x in $a, $y in $b] [] $value),
            (true, false) => flat!($to, [$x in $a] [$y in $b] $value),
            (false, true) => flat!($to, [$y in $b] [$x in $a] $value),
            _ => any!($to, [$x in $a, $y in $b] $value),
        }
    };
    ($to:expr, |$x:ident in $a:ident, $y:ident in $b:ident, $z:ident in $c:ident| $value:expr) => {
        match (is_block($a, $to), is_block($b, $to), is_block($c, $to)) {
            (true, true, true) => flat!($to, [$x in $a, $y in $b, $z in $c] [] $value),
            (true, true, false) => flat!($to, [$x in $a, $y in $b] [$z in $c] $value),
            (true, false, true) => flat!($to, [$x in $a, $z in $c] [$y in $b] $value),
            (false, true, true) => flat!($to, [$y in $b, $z in $c] [$x in $a] $value),
            _ => any!($to, [$x in $a, $y in $b, $z in $c] $value),
        }
    };
    ($to:expr, |$x:ident in $a:ident, $y:ident in $b:ident, $z:ident in $c:ident, $w:ident in $d:ident| $value:expr) => {
        match (is_block($a, $to), is_block($b, $to), is_block($c, $to), is_block($d, $to)) {
            (true, true, true, true) => flat!($to, [$x in $a, $y in $b, $z in $c, $w in $d] [] $value),
            (false, true, true, true) => flat!($to, [$y in $b, $z in $c, $w in $d] [$x in $a] $value),
            (true, false, true, true) => flat!($to, [$x in $a, $z in $c, $w in $d] [$y in $b] $value),
            (true, true, false, true) => flat!($to, [$x in $a, $y in $b, $w in $d] [$z in $c] $value),
            (true, true, true, false) => flat!($to, [$x in $a, $y in $b, $z in $c] [$w in $d] $value),
            (true, false, true, false) => flat!($to, [$x in $a, $z in $c] [$y in $b, $w in $d] $value),
            _ => any!($to, [$x in $a, $y in $b, $z in $c, $w in $d] $value),
        }
    };
    ($to:expr, |$x:ident in $a:ident, $y:ident in $b:ident, $z:ident in $c:ident, $w:ident in $d:ident, $v:ident in $e:ident| $value:expr) => {
        match (is_block($a, $to), is_block($b, $to), is_block($c, $to), is_block($d, $to), is_block($e, $to)) {
            (true, true, true, true, true) => {
                flat!($to, [$x in $a, $y in $b, $z in $c, $w in $d, $v in $e] [] $value)
            }
            (true, true, true, true, false) => {
                flat!($to, [$x in $a, $y in $b, $z in $c, $w in $d] [$v in $e] $value)
            }
            _ => any!($to, [$x in $a, $y in $b, $z in $c, $w in $d, $v in $e] $value),
        }
    };
}

/// Of blocks, and of single numbers.
macro_rules! flat {
    ($to:expr, [$($x:ident in $a:ident),+] [$($y:ident in $b:ident),*] $value:expr) => {{
        let to = $to.as_flattened_mut();
        $(let $a = &$a.as_flattened()[..to.len()];)+
        $(let $y = $b[0][0];)*
        let mut i = 0;
        while i < to.len() {
            $(let $x = $a[i];)+
            to[i] = $value;
            i += 1;
        }
    }};
}

/// Of any operands.
macro_rules! any {
    ($to:expr, [$($x:ident in $a:ident),+] $value:expr) => {{
        let mut i = 0;
        while i < $to.len() {
            // What is past the end is the last one, and no branch.
            $(let $x = $a[i.min(last($a))];)+
            let mut lane = 0;
            let mut vector = [E::lit(0.0); W];
            while lane < W {
                vector[lane] = {
                    $(let $x = $x[lane];)+
                    $value
                };
                lane += 1;
            }
            $to[i] = vector;
            i += 1;
        }
    }};
}
pub(super) use {any, each, flat};

/// The same on lanes, for values of many instructions.
macro_rules! lanes {
    ($to:expr, |$($x:ident in $a:ident),+| $value:expr) => {{
        let mut i = 0;
        while i < $to.len() {
            $(let $x = Lanes($a[i.min(last($a))]);)+
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
                lanes!(to, |x in a| Real::$u(x))
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
                lanes!(to, |x in a, y in b| Real::$b(x, y))
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
        Numeric::Add => each!(to, |x in a, y in b| x + y),
        Numeric::Sub => each!(to, |x in a, y in b| x - y),
        Numeric::Mul => each!(to, |x in a, y in b| x * y),
        Numeric::Div => each!(to, |x in a, y in b| x / y),
        Numeric::Min => each!(to, |x in a, y in b| Real::min(x, y)),
        Numeric::Max => each!(to, |x in a, y in b| Real::max(x, y)),
        Numeric::NormRatio => each!(to, |x in a, y in b| Real::norm_ratio(x, y)),
        Numeric::Identity | Numeric::StopGradient | Numeric::Indicator => each!(to, |x in a| x),
        Numeric::Cube => each!(to, |x in a| x * x * x),
        Numeric::Square => each!(to, |x in a| x * x),
        Numeric::Neg => each!(to, |x in a| -x),
        Numeric::Recip => each!(to, |x in a| Real::recip(x)),
        Numeric::Abs => each!(to, |x in a| Real::abs(x)),
        Numeric::Sign => each!(to, |x in a| Real::sign(x)),
        Numeric::Sqrt => each!(to, |x in a| Real::sqrt(x)),
        Numeric::NormRoot => each!(to, |x in a| Real::norm_root(x)),
        Numeric::Floor => each!(to, |x in a| Real::floor(x)),
        Numeric::Ceiling => each!(to, |x in a| Real::ceiling(x)),
        Numeric::Round => each!(to, |x in a| Real::round(x)),
        Numeric::Truncate => each!(to, |x in a| Real::truncate(x)),
        Numeric::Relu => each!(to, |x in a| Real::relu(x)),
        Numeric::Less => each!(to, |x in a, y in b| truth!(Real::less(x, y))),
        Numeric::LessEq => each!(to, |x in a, y in b| truth!(Real::less_eq(x, y))),
        Numeric::Greater => each!(to, |x in a, y in b| truth!(Real::greater(x, y))),
        Numeric::GreaterEq => each!(to, |x in a, y in b| truth!(Real::greater_eq(x, y))),
        Numeric::Equal => each!(to, |x in a, y in b| truth!(Real::equal(x, y))),
        Numeric::Eqv => each!(to, |x in a, y in b| truth!(Real::eqv(x, y))),
        Numeric::IsZero => each!(to, |x in a| truth!(Real::is_zero(x))),
        Numeric::IsPositive => each!(to, |x in a| truth!(Real::is_positive(x))),
        Numeric::IsNegative => each!(to, |x in a| truth!(Real::is_negative(x))),
        Numeric::IsNan => each!(to, |x in a| truth!(Real::is_nan(x))),
        Numeric::IsFinite => each!(to, |x in a| truth!(Real::is_finite(x))),
        Numeric::IsInteger => each!(to, |x in a| truth!(Real::is_integer(x))),
        Numeric::IsEven => each!(to, |x in a| truth!(Real::is_even(x))),
        Numeric::IsOdd => each!(to, |x in a| truth!(Real::is_odd(x))),
        Numeric::And => each!(to, |x in a, y in b| truth!(mask(x).and(mask(y)))),
        Numeric::Or => each!(to, |x in a, y in b| truth!(mask(x).or(mask(y)))),
        Numeric::Not => each!(to, |x in a| truth!(mask(x).not())),
        Numeric::Select => each!(to, |x in a, y in b, z in c| if mask(x) { y } else { z }),
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

/// Writes what it reads.
#[inline(always)]
pub(super) fn copy<E: Number, const W: usize>(x: &[[E; W]], to: &mut [[E; W]]) {
    each!(to, |x in x| x)
}

/// The sine and the cosine of an angle.
struct Angle<'b, E, const W: usize> {
    x: &'b [[E; W]],
    sin: &'b mut [[E; W]],
    cos: &'b mut [[E; W]],
}

impl<E: Copy, const W: usize> Kernel for Angle<'_, E, W>
where
    Lanes<E, W>: Real,
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { x, sin, cos } = self;
        let mut i = 0;
        while i < sin.len().min(cos.len()) {
            let both = Real::sin_cos(Lanes(x[i.min(last(x))]));
            (sin[i], cos[i]) = (both.0.0, both.1.0);
            i += 1;
        }
    }
}

/// Writes the sine and the cosine.
#[inline(always)]
pub(super) fn angle<E: Number, const W: usize>(
    level: Level,
    x: &[[E; W]],
    sin: &mut [[E; W]],
    cos: &mut [[E; W]],
) where
    Lanes<E, W>: Real,
{
    at_most(level, Angle { x, sin, cos });
}

/// Whether a comparison gives what is expected in all lanes, of which some operand has all.
#[inline(always)]
pub(super) fn all_give<E: Number, const W: usize>(
    row: Numeric,
    expected: bool,
    a: &[[E; W]],
    b: &[[E; W]],
) -> bool {
    macro_rules! all {
        (|$x:ident, $y:ident| $gives:expr) => {{
            let (mut i, mut other) = (0, false);
            while i < a.len().max(b.len()) {
                let ($x, $y) = (a[i.min(last(a))], b[i.min(last(b))]);
                let mut lane = 0;
                while lane < W {
                    let ($x, $y) = ($x[lane], $y[lane]);
                    other |= $gives != expected;
                    lane += 1;
                }
                i += 1;
            }
            !other
        }};
    }
    match row {
        Numeric::Less => all!(|x, y| Real::less(x, y)),
        Numeric::LessEq => all!(|x, y| Real::less_eq(x, y)),
        Numeric::Greater => all!(|x, y| Real::greater(x, y)),
        Numeric::GreaterEq => all!(|x, y| Real::greater_eq(x, y)),
        _ => all!(|x, y| Real::equal(x, y)),
    }
}

/// The same of one lane.
pub(super) fn gives<E: Number>(row: Numeric, expected: bool, x: E, y: E) -> bool {
    all_give(row, expected, &[[x]], &[[y]])
}

#[inline(always)]
fn mask<E: Number>(x: E) -> bool {
    x != E::lit(0.0)
}

/// Whether an operand has a vector for each of the result.
#[inline(always)]
pub(super) fn is_block<T>(operand: &[T], to: &[T]) -> bool {
    operand.len() >= to.len()
}

#[inline(always)]
pub(super) fn last<T>(vectors: &[T]) -> usize {
    vectors.len().saturating_sub(1)
}
