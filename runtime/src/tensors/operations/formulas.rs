//! Rows that dfdx has no operation for, composed of those that it has: values only.
//!
//! All tensors of a call have one length. Each formula keeps the digits of a well-conditioned row: none subtracts what is nearly
//! equal, none overflows where the row does not. What a side that is not chosen makes of its operands does not matter, since
//! nothing is differentiated here.

use super::value::{Flat, Made};
use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::{Dtype, HasShape},
    tensor::{OnesTensor, Tensor},
    tensor_ops::{ChooseFrom, TryAdd, TryDiv, TryEq, TryGe, TryGt, TryLe, TryLt, TryMul, TryNe, TrySub},
};

/// What a formula makes.
pub(super) type Out<E, D> = Made<Flat<E, D>, D>;
type Test<D> = Tensor<(usize,), bool, D>;

/// The number `x`, as often as `like` has elements.
pub(super) fn full<E: Element + Dtype, D: Backend<E>>(device: &D, x: E, len: usize) -> Out<E, D> {
    OnesTensor::<E>::try_ones_like(device, &(len,))?.try_mul(x)
}

fn constant<E: Element + Dtype, D: Backend<E>>(like: &Flat<E, D>, x: f64) -> Out<E, D> {
    full(like.device(), E::lit(x), like.shape().0)
}

fn pick<E: Element + Dtype, D: Backend<E>>(test: Test<D>, a: &Flat<E, D>, b: &Flat<E, D>) -> Out<E, D> {
    test.try_choose(a.clone(), b.clone())
}

/// 1 where the test holds, else 0.
fn truth<E: Element + Dtype, D: Backend<E>>(test: Test<D>, like: &Flat<E, D>) -> Out<E, D> {
    pick(test, &constant(like, 1.0)?, &constant(like, 0.0)?)
}

fn add<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>, b: &Flat<E, D>) -> Out<E, D> {
    a.clone().try_add(b.clone())
}

fn mul<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>, b: &Flat<E, D>) -> Out<E, D> {
    a.clone().try_mul(b.clone())
}

fn plus<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>, x: f64) -> Out<E, D> {
    a.clone().try_add(E::lit(x))
}

fn times<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>, x: f64) -> Out<E, D> {
    a.clone().try_mul(E::lit(x))
}

fn abs<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>) -> Out<E, D> {
    a.clone().try_abs()
}

fn exp<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>) -> Out<E, D> {
    a.clone().try_exp()
}

fn is_zero<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>) -> Made<Test<D>, D> {
    a.try_eq(E::lit(0.0))
}

fn is_negative<E: Element + Dtype, D: Backend<E>>(a: &Flat<E, D>) -> Made<Test<D>, D> {
    a.try_lt(E::lit(0.0))
}

/// Functions of tensors.
macro_rules! formulas {
    ($($(#[doc = $doc:literal])+ $name:ident($($x:ident),+) $body:block)+) => {$(
        $(#[doc = $doc])+
        pub(super) fn $name<E: Element + Dtype, D: Backend<E>>($($x: &Flat<E, D>),+) -> Out<E, D> $body
    )+};
}

formulas! {
    /// a/b.
    div(a, b) { a.clone().try_div(b.clone()) }

    /// a·a·a.
    cube(a) { mul(&mul(a, a)?, a) }

    /// √a.
    sqrt(a) { a.clone().try_sqrt() }

    /// a/b, 0 for b = 0.
    norm_ratio(a, b) { div(a, &pick(is_zero(b)?, &constant(b, f64::INFINITY)?, b)?) }

    /// 1, 0 or −1; nan for nan.
    sign(a) {
        let rest = pick(is_negative(a)?, &constant(a, -1.0)?, &plus(a, 0.0)?)?;
        pick(a.try_gt(E::lit(0.0))?, &constant(a, 1.0)?, &rest)
    }

    /// The nearest integer, ties to even. From the least number that has no fraction on, a number is its own; below,
    /// adding that number rounds, as IEEE 754 says.
    round(a) {
        let fine = E::lit(1.0) + E::lit(1e-12);
        let whole = E::lit(if fine.into() > 1.0 { 2f64.powi(52) } else { 2f64.powi(23) });
        let size = abs(a)?;
        let rounded = size.clone().try_add(whole)?.try_sub(whole)?;
        let rounded = pick(size.try_ge(whole)?, &size, &rounded)?;
        let signed = pick(is_negative(a)?, &times(&rounded, -1.0)?, &rounded)?;
        plus(&signed, 0.0)
    }

    /// The greatest integer below or at.
    floor(a) {
        let near = round(a)?;
        pick(near.try_gt(a)?, &plus(&near, -1.0)?, &near)
    }

    /// The least integer above or at.
    ceiling(a) {
        let near = round(a)?;
        pick(near.try_lt(a)?, &plus(&near, 1.0)?, &near)
    }

    /// Less its fraction.
    truncate(a) { pick(is_negative(a)?, &ceiling(a)?, &floor(a)?) }

    /// eᵃ − 1, near 0 by 2t/(1 − t) with t = tanh(a/2).
    expm1(a) {
        let size = abs(a)?;
        let t = times(a, 0.5)?.try_tanh()?;
        let near = div(&times(&t, 2.0)?, &plus(&times(&t, -1.0)?, 1.0)?)?;
        let rest = pick(size.try_lt(E::lit(1.0))?, &near, &plus(&exp(a)?, -1.0)?)?;
        pick(size.try_lt(E::lit(1e-17))?, a, &rest)
    }

    /// ln(1 + a): the logarithm of the rounded sum, times what the rounding took from a (Kahan).
    log1p(a) {
        let sum = plus(a, 1.0)?;
        let log = sum.clone().try_ln()?;
        let near = div(&mul(&log, a)?, &plus(&sum, -1.0)?)?;
        let rest = pick(sum.try_eq(E::lit(f64::INFINITY))?, &sum, &near)?;
        pick(sum.try_eq(E::lit(1.0))?, a, &rest)
    }

    /// ln a / ln b.
    log_base(a, b) { div(&a.clone().try_ln()?, &b.clone().try_ln()?) }

    /// sin a / cos a.
    tan(a) { div(&a.clone().try_sin()?, &a.clone().try_cos()?) }

    /// (eᵃ − e⁻ᵃ)/2, from eᵃ − 1.
    sinh(a) {
        let size = abs(a)?;
        let m = expm1(&size)?;
        let near = times(&add(&m, &div(&m, &plus(&m, 1.0)?)?)?, 0.5)?;
        let size = pick(size.try_lt(E::lit(FAR))?, &near, &half_exp(&size)?)?;
        let signed = pick(is_negative(a)?, &times(&size, -1.0)?, &size)?;
        pick(is_zero(a)?, a, &signed)
    }

    /// (eᵃ + e⁻ᵃ)/2.
    cosh(a) {
        let size = abs(a)?;
        let e = exp(&size)?;
        let near = times(&add(&e, &e.clone().try_recip()?)?, 0.5)?;
        pick(size.try_lt(E::lit(FAR))?, &near, &half_exp(&size)?)
    }

    /// eᵃ/2, which overflows later than eᵃ.
    half_exp(a) {
        let root = exp(&times(a, 0.5)?)?;
        mul(&times(&root, 0.5)?, &root)
    }

    /// dfdx's own, whose derivative is not the table's.
    tanh(a) { a.clone().try_tanh() }

    /// 1/(1 + e⁻ᵃ).
    sigmoid(a) {
        let e = exp(&times(&abs(a)?, -1.0)?)?;
        let above = plus(&e, 1.0)?;
        pick(is_negative(a)?, &div(&e, &above)?, &above.clone().try_recip()?)
    }

    /// ln(1 + eᵃ).
    softplus(a) {
        let e = exp(&times(&abs(a)?, -1.0)?)?;
        add(&relu(a)?, &log1p(&e)?)
    }

    /// a above 0, else 0; nan for nan.
    relu(a) { pick(a.try_le(E::lit(0.0))?, &constant(a, 0.0)?, a) }

    /// a < b.
    less(a, b) { truth(a.try_lt(b)?, a) }

    /// a ≤ b.
    less_eq(a, b) { truth(a.try_le(b)?, a) }

    /// a > b.
    greater(a, b) { truth(a.try_gt(b)?, a) }

    /// a ≥ b.
    greater_eq(a, b) { truth(a.try_ge(b)?, a) }

    /// a = b.
    equal(a, b) { truth(a.try_eq(b)?, a) }

    /// Equal, or both nan.
    eqv(a, b) { or(&equal(a, b)?, &and(&nan(a)?, &nan(b)?)?) }

    /// a = 0.
    zero(a) { truth(is_zero(a)?, a) }

    /// a > 0.
    positive(a) { truth(a.try_gt(E::lit(0.0))?, a) }

    /// a < 0.
    negative(a) { truth(is_negative(a)?, a) }

    /// Whether it is nan.
    nan(a) { truth(a.try_ne(a)?, a) }

    /// Neither infinite nor nan.
    finite(a) { truth(abs(a)?.try_lt(E::lit(f64::INFINITY))?, a) }

    /// Integral.
    integer(a) { and(&finite(a)?, &equal(a, &floor(a)?)?) }

    /// A multiple of 2.
    even(a) { integer(&times(a, 0.5)?) }

    /// An integer that is no multiple of 2.
    odd(a) { and(&integer(a)?, &not(&even(a)?)?) }

    /// Both truth values.
    and(a, b) { mul(a, b) }

    /// Either truth value.
    or(a, b) { truth(add(a, b)?.try_ne(E::lit(0.0))?, a) }

    /// The other truth value.
    not(a) { truth(is_zero(a)?, a) }

    /// The lesser, nan if either is.
    lesser(a, b) { pick(a.try_lt(b)?, a, &pick(a.try_ne(a)?, a, b)?) }

    /// The greater, nan if either is.
    larger(a, b) { pick(b.try_lt(a)?, a, &pick(a.try_ne(a)?, a, b)?) }
}

/// From here on e⁻ᵃ does not matter beside eᵃ.
const FAR: f64 = 22.0;
