//! The rows of the table on blocks.
//!
//! Everything is inlined into the loop that runs a program, for its vector instructions. Truth values are the numbers
//! 1 and 0. An operand has as many vectors as the result or more, or one vector, which then stands in all places.

use scheme_core::{
    math::Lanes,
    prim::Numeric,
    real::{Mask, Real},
};

/// Writes the row's value. What the row has no operand for is not read.
#[inline(always)]
pub(super) fn apply<E, const W: usize>(
    row: Numeric,
    a: &[[E; W]],
    b: &[[E; W]],
    c: &[[E; W]],
    to: &mut [[E; W]],
) where
    E: Copy,
    Lanes<E, W>: Real,
{
    macro_rules! arms {
        (
            arithmetic { $($arow:ident $af:expr;)* }
            unary { $($urow:ident $u:ident;)* }
            binary { $($brow:ident $b:ident;)* }
            test { $($trow:ident $t:ident;)* }
            compare { $($crow:ident $c:ident;)* }
            logic { $($lrow:ident $lf:expr;)* }
        ) => {
            match row {
                $(Numeric::$arow => zip(a, b, to, $af),)*
                $(Numeric::$urow => map(a, to, |x| x.$u()),)*
                $(Numeric::$brow => each(a, b, to, |x, y| x.$b(y)),)*
                $(Numeric::$trow => map(a, to, |x| truth(x.$t())),)*
                $(Numeric::$crow => zip(a, b, to, |x, y| truth(x.$c(y))),)*
                $(Numeric::$lrow => zip(a, b, to, |x, y| truth($lf(mask(x), mask(y)))),)*
                Numeric::Cube => map(a, to, |x| x * x * x),
                Numeric::Square => map(a, to, |x| x * x),
                Numeric::Neg => map(a, to, |x| -x),
                Numeric::Identity | Numeric::StopGradient | Numeric::Indicator => map(a, to, |x| x),
                Numeric::Not => map(a, to, |x| truth(mask(x).not())),
                Numeric::Select => select(a, b, c, to),
                Numeric::Lgamma => map(a, to, lgamma),
                Numeric::Polygamma => each(a, b, to, polygamma),
            }
        };
    }
    arms! {
        arithmetic {
            Add |x, y| x + y;
            Sub |x, y| x - y;
            Mul |x, y| x * y;
            Div |x, y| x / y;
            Min |x: Lanes<E, W>, y| x.min(y);
            Max |x: Lanes<E, W>, y| x.max(y);
        }
        unary {
            Recip recip; Abs abs; Sign sign; Sqrt sqrt; NormRoot norm_root; Floor floor; Ceiling ceiling;
            Round round; Truncate truncate; Exp exp; Expm1 expm1; Log log; Log1p log1p; Sin sin; Cos cos; Tan tan;
            Asin asin; Acos acos; Atan atan; Sinh sinh; Cosh cosh; Tanh tanh; Sigmoid sigmoid; Softplus softplus;
            Relu relu; Erf erf;
        }
        binary {
            NormRatio norm_ratio; Quotient quotient; Remainder remainder; Modulo modulo; LogBase log_base;
            Atan2 atan2; Expt expt;
        }
        test {
            IsZero is_zero; IsPositive is_positive; IsNegative is_negative; IsNan is_nan; IsFinite is_finite;
            IsInteger is_integer; IsEven is_even; IsOdd is_odd;
        }
        compare { Less less; LessEq less_eq; Greater greater; GreaterEq greater_eq; Equal equal; Eqv eqv; }
        logic { And Mask::and; Or Mask::or; }
    }
}

// Large and rarely asked for: once for all instruction sets.
#[inline(never)]
fn lgamma<N: Real>(x: N) -> N {
    x.lgamma()
}

#[inline(never)]
fn polygamma<N: Real>(order: N, x: N) -> N {
    order.polygamma(x)
}

#[inline(always)]
fn truth<N: Real>(mask: N::Mask) -> N {
    N::indicator(mask)
}

#[inline(always)]
fn mask<N: Real>(x: N) -> N::Mask {
    x.is_zero().not()
}

#[inline(always)]
fn map<E: Copy, const W: usize>(a: &[[E; W]], to: &mut [[E; W]], f: impl Fn(Lanes<E, W>) -> Lanes<E, W>) {
    for (to, a) in to.iter_mut().zip(a) {
        *to = f(Lanes(*a)).0;
    }
}

/// A binary row of few instructions, in a form for each operand that is one vector.
#[inline(always)]
fn zip<E: Copy, const W: usize>(
    a: &[[E; W]],
    b: &[[E; W]],
    to: &mut [[E; W]],
    f: impl Fn(Lanes<E, W>, Lanes<E, W>) -> Lanes<E, W>,
) {
    match (a, b) {
        // The first two of several operands.
        ([a], [b]) => to.fill(f(Lanes(*a), Lanes(*b)).0),
        ([a], b) => map(b, to, |b| f(Lanes(*a), b)),
        (a, [b]) => map(a, to, |a| f(a, Lanes(*b))),
        (a, b) => {
            for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
                *to = f(Lanes(*a), Lanes(*b)).0;
            }
        }
    }
}

/// A binary row of many instructions, in one form.
#[inline(always)]
fn each<E: Copy, const W: usize>(
    a: &[[E; W]],
    b: &[[E; W]],
    to: &mut [[E; W]],
    f: impl Fn(Lanes<E, W>, Lanes<E, W>) -> Lanes<E, W>,
) {
    let (a, b) = (a.iter().cycle(), b.iter().cycle());
    for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
        *to = f(Lanes(*a), Lanes(*b)).0;
    }
}

#[inline(always)]
fn select<E: Copy, const W: usize>(condition: &[[E; W]], then: &[[E; W]], els: &[[E; W]], to: &mut [[E; W]])
where
    Lanes<E, W>: Real,
{
    let pick = |condition, then, els| Real::select(mask(condition), then, els);
    match condition {
        // A uniform condition chooses for all rows.
        [condition] => zip(then, els, to, |then, els| pick(Lanes(*condition), then, els)),
        _ => {
            let (then, els) = (then.iter().cycle(), els.iter().cycle());
            for (((to, condition), then), els) in to.iter_mut().zip(condition).zip(then).zip(els) {
                *to = pick(Lanes(*condition), Lanes(*then), Lanes(*els)).0;
            }
        }
    }
}
