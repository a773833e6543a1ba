//! Exponentials and logarithms.
//!
//! `e^x` is `2^n·e^r` with `|r| ≤ ln2/2`, a polynomial of degree 11 for `e^r`, and the leading
//! `1 + r` summed with its error. The logarithm follows fdlibm: `x = 2^k·(1+f)`, `s = f/(2+f)`, and
//! `log(1+f) = f - (f²/2 - s·(f²/2 + R(s²)))`. No tables: in lanes a gather costs more than a few
//! terms. Coefficients are minimax (Remez, 100 digits), rounded; the relative error each leaves
//! stands beside it.

use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

use super::{
    lane::{Bits, Lane},
    poly::{estrin, fast_two_sum, two_sum},
};
use crate::real::Mask;

/// `ln 2` to 33 bits, so that its product with an exponent is exact.
pub(super) const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
/// The rest of `ln 2`.
pub(super) const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
/// The bits of 1: the bias of exponents, in place.
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// Added to a small number it leaves the nearest integer, plus [`SHIFTED`], in the low bits.
const SHIFT: f64 = 1.5 * 4_503_599_627_370_496.0 + SHIFTED as f64;
/// Twice the bias of exponents.
const SHIFTED: u64 = 2046;

/// `(e^r - 1 - r) / r²` for `|r| ≤ ln2/2`; leaves 2^-58 of `e^r`.
const EXP: [f64; 10] = [
    0.5000000000000013,
    0.166666666666667,
    0.04166666666651435,
    0.008333333333307033,
    0.0013888888947323767,
    0.00019841269917759846,
    2.480148959890811e-05,
    2.7557215957930365e-06,
    2.763141061176363e-07,
    2.511797179992566e-08,
];

/// `(log((1+s)/(1-s)) - 2s) / s³` in powers of `s²`, for `|s| ≤ 3 - √8`; leaves 2^-58 of it.
const LOG: [f64; 7] = [
    0.6666666666666738,
    0.3999999999938609,
    0.2857142874933753,
    0.22222197804010138,
    0.18183607015448794,
    0.1531289303585516,
    0.1480815012926447,
];

/// A number as `n·ln2 + (high - low)`, the last being at most `ln2/2` in magnitude.
pub(super) struct Reduced<V: Lane> {
    /// The bits of `n` plus 2046, under bits that a shift by 52 drops.
    biased: V::Bits,
    /// `n`.
    pub(super) n: V,
    /// The larger part of the rest, exact.
    pub(super) high: V,
    /// The smaller part.
    pub(super) low: V,
}

/// Reduces `x - low`, for `|x| < 1000` and a far smaller `low`.
#[inline(always)]
pub(super) fn reduce<V: Lane>(x: V, low: V) -> Reduced<V> {
    let shifted = x * V::splat(LOG2_E) + V::splat(SHIFT);
    let n = shifted - V::splat(SHIFT);
    Reduced {
        biased: shifted.to_bits(),
        n,
        high: x - n * V::splat(LN2_HIGH),
        low: n * V::splat(LN2_LOW) + low,
    }
}

/// `2^(biased - 2046)·y`, of which both halves of the power are exact.
#[inline(always)]
fn scale<V: Lane>(biased: V::Bits, y: V) -> V {
    let half = biased.shr(1);
    y * V::from_bits(half.shl(52)) * V::from_bits(biased.sub(half).shl(52))
}

impl<V: Lane> Reduced<V> {
    /// `2^n·y`, in two steps, for `n` beyond the range of exponents too.
    #[inline(always)]
    pub(super) fn scale(&self, y: V) -> V {
        scale(self.biased, y)
    }

    /// `2^(n-1)·y`, likewise.
    #[inline(always)]
    pub(super) fn scale_half(&self, y: V) -> V {
        scale(self.biased.sub(V::Bits::splat(1)), y)
    }

    /// `2^n·y` for `-1022 ≤ n ≤ 1023`.
    #[inline(always)]
    pub(super) fn scale_normal(&self, y: V) -> V {
        y * V::from_bits(self.biased.sub(V::Bits::splat(SHIFTED / 2)).shl(52))
    }

    /// `2^-n`, for `|n| ≤ 1022`.
    #[inline(always)]
    pub(super) fn inverse_power(&self) -> V {
        V::from_bits(V::Bits::splat(SHIFTED + SHIFTED / 2).sub(self.biased).shl(52))
    }

    /// What of `e^(high-low)` is beyond `1 + high`.
    #[inline(always)]
    fn beyond(&self) -> V {
        let r = self.high - self.low;
        r * r * estrin(r, EXP) - self.low
    }

    /// `e^(high-low)` as a larger and a small number.
    #[inline(always)]
    pub(super) fn exp(&self) -> (V, V) {
        let (sum, error) = fast_two_sum(V::splat(1.0), self.high);
        (sum, error + self.beyond())
    }

    /// `e^(high-low) - 2^-n`, given the power, as a number and about its rounding error.
    #[inline(always)]
    pub(super) fn exp_less(&self, power: V) -> (V, V) {
        let (high, low) = fast_two_sum(self.high, self.beyond());
        let (sum, error) = fast_two_sum(V::splat(1.0) - power, high);
        (sum, error + low)
    }
}

/// `x`, or the bound that it is outside of; nan stays.
#[inline(always)]
pub(super) fn clamp<V: Lane>(x: V, low: f64, high: f64) -> V {
    V::splat(low).larger(V::splat(high).lesser(x))
}

/// See [`exp`](super::exp).
#[inline(always)]
pub(super) fn exp<V: Lane>(x: V) -> V {
    let reduced = reduce(clamp(x, -746.0, 710.0), V::splat(0.0));
    let (large, small) = reduced.exp();
    reduced.scale(large + small)
}

/// See [`expm1`](super::expm1).
#[inline(always)]
pub(super) fn expm1<V: Lane>(x: V) -> V {
    let reduced = reduce(clamp(x, -40.0, 710.0), V::splat(0.0));
    // Far above 2^53 the power is as good as zero, where its exponent would wrap round.
    let far = V::splat(1000.0).lt(reduced.n);
    let (high, low) = reduced.exp_less(V::select(far, V::splat(0.0), reduced.inverse_power()));
    reduced.scale(high + low).copysign(x)
}

/// `log(2^shift·x + extra)` for a positive normal `x` and an `extra` below its last place.
#[inline(always)]
fn log_normal<V: Lane>(x: V, extra: Option<V>, shift: V) -> V {
    // The exponent is taken so that the mantissa is in [√½, √2).
    let (k, mantissa) = exponent_and_mantissa::<V>(x.to_bits(), FRAC_1_SQRT_2.to_bits(), shift);
    let f = mantissa - V::splat(1.0);
    let s = f / (V::splat(2.0) + f);
    let z = s * s;
    let rest = z * estrin(z, LOG);
    let half = V::splat(0.5) * f * f;
    let low = k * V::splat(LN2_LOW);
    let low = match extra {
        Some(extra) => low + extra / x,
        None => low,
    };
    k * V::splat(LN2_HIGH) - ((half - (s * (half + rest) + low)) - f)
}

/// `k + shift` and `m` of a positive normal `2^k·m` with `m` from `least`, up to twice that.
#[inline(always)]
pub(super) fn exponent_and_mantissa<V: Lane>(bits: V::Bits, least: u64, shift: V) -> (V, V) {
    const UNIT: f64 = 4_503_599_627_370_496.0;
    let biased = bits.add(V::Bits::splat(ONE - least));
    let exponent =
        V::from_bits(biased.shr(52) | V::Bits::splat(UNIT.to_bits())) - (V::splat(UNIT + 1023.0) - shift);
    let mantissa = V::from_bits((biased & V::Bits::splat(!(0xfff << 52))).add(V::Bits::splat(least)));
    (exponent, mantissa)
}

/// Has the top bit set unless the bits are those of a positive normal number.
#[inline(always)]
pub(super) fn abnormal<V: Lane>(bits: V::Bits) -> V::Bits {
    // Counted from the least normal number, the finite ones end at the second constant below 2^63.
    let from_least = bits.sub(V::Bits::splat(f64::MIN_POSITIVE.to_bits()));
    from_least | from_least.add(V::Bits::splat(2 * f64::MIN_POSITIVE.to_bits()))
}

/// See [`log`](super::log).
#[inline(always)]
pub(super) fn log<V: Lane>(x: V) -> V {
    if V::any_top(abnormal::<V>(x.to_bits())) {
        return if V::INLINE { log_any(x) } else { log_edge(x) };
    }
    log_normal(x, None, V::splat(0.0))
}

/// [`log_any`], on its own.
#[cold]
#[inline(never)]
fn log_edge<V: Lane>(x: V) -> V {
    log_any(x)
}

/// The logarithm of any number, subnormal, negative and infinite ones included.
#[inline(always)]
fn log_any<V: Lane>(x: V) -> V {
    let (zero, infinity) = (V::splat(0.0), V::splat(f64::INFINITY));
    let (x, shift) = raised(x);
    let log = V::select(x.eq(infinity), infinity, log_normal(x, None, shift));
    let log = V::select(x.eq(zero), -infinity, log);
    V::select(zero.le(x), log, V::splat(f64::NAN))
}

/// A subnormal number times a power of two that makes it normal, and minus the exponent of that; any other as it is.
#[inline(always)]
pub(super) fn raised<V: Lane>(x: V) -> (V, V) {
    let small = x.lt(V::splat(f64::MIN_POSITIVE));
    let by = V::select(small, V::splat(18_014_398_509_481_984.0), V::splat(1.0));
    (x * by, V::select(small, V::splat(-54.0), V::splat(0.0)))
}

/// See [`log1p`](super::log1p).
#[inline(always)]
pub(super) fn log1p<V: Lane>(x: V) -> V {
    let (sum, error) = two_sum(V::splat(1.0), x);
    let log = log_normal(sum, Some(error), V::splat(0.0)).copysign(x);
    if V::any_top(abnormal::<V>(sum.to_bits())) {
        let (zero, infinity) = (V::splat(0.0), V::splat(f64::INFINITY));
        let common = zero.lt(sum).and(sum.lt(infinity));
        let at_edge = V::select(sum.eq(zero), -infinity, V::splat(f64::NAN));
        let at_edge = V::select(sum.eq(infinity), infinity, at_edge);
        return V::select(common, log, at_edge);
    }
    log
}

/// `e^-|x|` as a number and its error.
#[inline(always)]
fn decay<V: Lane>(x: V) -> (V, V) {
    let reduced = reduce(V::splat(-746.0).larger(-x.abs()), V::splat(0.0));
    let (large, small) = reduced.exp();
    let (high, low) = fast_two_sum(large, small);
    (reduced.scale(high), reduced.scale(low))
}

/// See [`sigmoid`](super::sigmoid).
#[inline(always)]
pub(super) fn sigmoid<V: Lane>(x: V) -> V {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let (decay, decay_low) = decay(x);
    let (sum, error) = fast_two_sum(one, decay);
    let negative = x.lt(zero);
    let quotient = V::select(negative, decay, one) / sum;
    // What the quotient lacks is small: a line will do for the reciprocal of the divisor.
    let lacking = V::select(negative, decay_low, zero) - quotient * (error + decay_low);
    quotient + lacking * (V::splat(1.457) - V::splat(0.4857) * sum)
}

/// See [`softplus`](super::softplus).
#[inline(always)]
pub(super) fn softplus<V: Lane>(x: V) -> V {
    let (decay, decay_low) = decay(x);
    let (sum, error) = fast_two_sum(V::splat(1.0), decay);
    V::splat(0.0).larger(x) + log_normal(sum, Some(error + decay_low), V::splat(0.0))
}
