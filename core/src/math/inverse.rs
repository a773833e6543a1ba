//! The inverse trigonometric functions.
//!
//! Arcsine and arccosine go through `arcsin s` for `s` up to 1/2: beyond, through the half angle and
//! a square root. Arctangents are of a ratio up to 1/2, after up to one rotation by π/4 or a
//! quarter turn, and take one division. There are no branches. Out of domain they give nan; `asin`,
//! `atan` and `atan2` in its first argument are odd, to the bit.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use super::{
    lane::{Bits, Lane, SIGN},
    poly::estrin,
};
use crate::real::Mask;

/// What the numbers nearest to π/4, π/2, 3π/4 and π lack.
const FRAC_PI_4_LOW: f64 = 3.061616997868383e-17;
const FRAC_PI_2_LOW: f64 = 6.123233995736766e-17;
const THREE_PI_4: f64 = 2.356194490192345;
const THREE_PI_4_LOW: f64 = 9.184850993605148e-17;
const PI_LOW: f64 = 1.2246467991473532e-16;

/// A power of two above which sums may overflow, while what it is compared to vanishes below.
const LARGE: f64 = f64::from_bits((1023 + 1000) << 52);

/// `(arcsin s - s)/s³` by `s²` up to 1/4, to 2^-55 of the arcsine.
const ASIN: [f64; 12] = [
    0.16666666666665408,
    0.07500000000336997,
    0.044642856828340974,
    0.030381959136513023,
    0.02237175806008827,
    0.01735970463115485,
    0.013885236681961337,
    0.012169204050271585,
    0.006528006833357511,
    0.01952818177799619,
    -0.016224126135305886,
    0.031912185740011235,
];

/// `(arctan t - t)/t³` by `t²` up to 1/4, to 2^-57 of the arctangent.
const ATAN: [f64; 12] = [
    -0.3333333333333298,
    0.19999999999903165,
    -0.14285714276390113,
    0.11111110659799212,
    -0.09090896248369983,
    0.07692073963646,
    -0.06663811089477593,
    0.05858301834043561,
    -0.051220177145378486,
    0.0418653527315931,
    -0.027435412288509185,
    0.010117150766472799,
];

/// `base + base_low + v + rest`, for a base that is 0 or larger than `v`, and rests that are small.
#[inline(always)]
fn sum<V: Lane>(base: V, base_low: V, v: V, rest: V) -> V {
    let head = base + v;
    let lost = (base - head) + v;
    head + ((lost + base_low) + rest)
}

/// Whether `|x| > 1/2`, and `s`, `arcsin s - s` for `s = |x|`, beyond 1/2 `sqrt((1 - |x|)/2)`.
#[inline(always)]
fn half_angle<V: Lane>(x: V) -> (V::Mask, V, V) {
    let half = V::splat(0.5);
    let beyond = x.abs().gt(half);
    let z = V::select(beyond, (V::splat(1.0) - x.abs()) * half, x * x);
    let s = V::select(beyond, z.sqrt(), x.abs());
    (beyond, s, s * (z * estrin(z, ASIN)))
}

/// See [`asin`](super::asin).
#[inline(always)]
pub(super) fn asin<V: Lane>(x: V) -> V {
    let (beyond, s, rest) = half_angle(x);
    let two = V::splat(-2.0);
    let turned = sum(V::splat(FRAC_PI_2), V::splat(FRAC_PI_2_LOW), s * two, rest * two);
    V::select(beyond, turned, s + rest).copysign(x)
}

/// See [`acos`](super::acos).
#[inline(always)]
pub(super) fn acos<V: Lane>(x: V) -> V {
    let (beyond, s, rest) = half_angle(x);
    let zero = V::splat(0.0);
    let negative = x.lt(zero);
    let base = |turn: f64, half: f64| {
        let ends = V::select(negative, V::splat(turn), zero);
        V::select(beyond, ends, V::splat(half))
    };
    // Beyond 1/2 it is 2·arcsin s or π - 2·arcsin s, else π/2 - arcsin x.
    let factor = V::select(beyond, V::splat(2.0), V::splat(-1.0));
    let sign = x.sign_bit();
    let signed = |v: V| V::from_bits((v * factor).to_bits() ^ sign);
    sum(base(PI, FRAC_PI_2), base(PI_LOW, FRAC_PI_2_LOW), signed(s), signed(rest))
}

/// `base + base_low ± arctan t`, for `t` up to 1/2 in magnitude.
#[inline(always)]
fn arctan<V: Lane>(base: V, base_low: V, t: V) -> V {
    let z = t * t;
    sum(base, base_low, t, t * (z * estrin(z, ATAN)))
}

/// See [`atan`](super::atan).
#[inline(always)]
pub(super) fn atan<V: Lane>(x: V) -> V {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let y = x.abs();
    let low = y.lt(V::splat(0.5));
    let high = y.gt(V::splat(2.0));
    let pick = |a: V, b: V, c: V| V::select(low, a, V::select(high, c, b));
    let t = pick(y, y - one, -one) / pick(one, y + one, y);
    let base = pick(zero, V::splat(FRAC_PI_4), V::splat(FRAC_PI_2));
    let base_low = pick(zero, V::splat(FRAC_PI_4_LOW), V::splat(FRAC_PI_2_LOW));
    arctan(base, base_low, t).copysign(x)
}

/// See [`atan2`](super::atan2).
#[inline(always)]
pub(super) fn atan2<V: Lane>(y: V, x: V) -> V {
    let zero = V::splat(0.0);
    let negative = x.to_bits() & V::Bits::splat(SIGN);
    let left = V::test(negative, SIGN);
    // Scaled down where the sum would overflow.
    let scale = V::select(y.abs().gt(V::splat(LARGE)), V::splat(0.25), V::splat(1.0));
    let (ay, ax) = (y.abs() * scale, x.abs() * scale);
    let low = (ay + ay).lt(ax).or(y.eq(zero));
    let high = (ax + ax).lt(ay);
    let pick = |a: V, b: V, c: V| V::select(low, a, V::select(high, c, b));
    // Where both are zeros or infinities the ratio is none, and the angle a whole base.
    let equal = ay.eq(ax);
    let numerator = V::select(equal, zero, pick(ay, ay - ax, -ax));
    let denominator = V::select(equal, V::splat(1.0), pick(ax, ay + ax, ay));
    let t = V::from_bits((numerator / denominator).to_bits() ^ negative);
    let turned = |near: f64, far: f64| V::select(left, V::splat(far), V::splat(near));
    let base = pick(turned(0.0, PI), turned(FRAC_PI_4, THREE_PI_4), V::splat(FRAC_PI_2));
    let base_low = pick(turned(0.0, PI_LOW), turned(FRAC_PI_4_LOW, THREE_PI_4_LOW), V::splat(FRAC_PI_2_LOW));
    arctan(base, base_low, t).copysign(y)
}
