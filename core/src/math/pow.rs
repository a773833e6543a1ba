//! Powers.
//!
//! `x^y = e^(y·log x)`, with the logarithm to 68 bits: the error of the exponent, which can be in
//! the hundreds, is the relative error of the power. The logarithm is the table-driven one of ARM's
//! optimised routines, in its form without fused multiply-add: `x = 2^k·z`, a table gives `1/c`
//! near `1/z`, and `r = z/c - 1` is a number; `z` is cut in two such that the leading part of `r`
//! has an exact square. Exact powers come out exact, since the error before the last rounding
//! is far below half an ulp.

use super::{
    explog::{abnormal, exponent_and_mantissa, raised, reduce},
    lane::{Bits, Lane, SIGN},
    poly::split,
    pow_table::{INVERSE, LOG_HIGH, LOG_LOW, OFFSET},
};
use crate::real::Mask;

/// `ln 2` to a multiple of 2^-43.
const LN2_HIGH: f64 = 0.6931471805598903;
/// The rest of `ln 2`.
const LN2_LOW: f64 = 5.497923018708371e-14;

/// `(log(1+r) - r + r²/2) / r³` for `|r| ≤ 0.00574`; leaves 2^-69 of `log(1+r)`.
const LOG: [f64; 6] = [
    0.33333333333333404,
    -0.25000000000000144,
    0.19999999986581832,
    -0.16666666647790587,
    0.14286417258790807,
    -0.125007676727353,
];

/// Exponents with a larger magnitude are left to [`power_edge`].
const LARGE: f64 = 708.0;

/// `log(2^shift·x)` for a positive normal `x`, as a number and the rest.
#[inline(always)]
pub(super) fn log<V: Lane>(x: V, shift: V) -> (V, V) {
    let (k, z) = exponent_and_mantissa::<V>(x.to_bits(), OFFSET, shift);
    let index = x.to_bits().sub(V::Bits::splat(OFFSET)).shr(45);
    let inverse = V::lookup(&INVERSE, index);
    let z_high = V::from_bits(z.to_bits().add(V::Bits::splat(1 << 31)) & V::Bits::splat(!0 << 32));
    let r_high = z_high * inverse - V::splat(1.0);
    let r_low = (z - z_high) * inverse;
    let r = r_high + r_low;

    // k·ln2 + log c + r - r²/2, each sum with its error.
    let whole = k * V::splat(LN2_HIGH) + V::lookup(&LOG_HIGH, index);
    let sum = whole + r;
    let half = V::splat(-0.5);
    let (half_r, half_high) = (half * r, half * r_high);
    let square_high = r_high * half_high;
    let high = sum + square_high;
    let lost = [
        k * V::splat(LN2_LOW) + V::lookup(&LOG_LOW, index),
        (whole - sum) + r,
        r_low * (half_r + half_high),
        (sum - high) + square_high,
    ];

    let [c0, c1, c2, c3, c4, c5] = LOG.map(V::splat);
    let square = r * r;
    let series = (c0 + r * c1) + square * ((c2 + r * c3) + square * (c4 + r * c5));
    let cubic = r * square * series;
    let low = lost[0] + lost[1] + lost[2] + lost[3] + cubic;
    let log = high + low;
    (log, (high - log) + low)
}

/// The exponent `y·log(2^shift·x)` as a number and the rest.
#[inline(always)]
fn exponent_of<V: Lane>(x: V, y: V, shift: V) -> (V, V) {
    let (log, rest) = log(x, shift);
    let (y_high, y_low) = split(y);
    let (log_high, log_low) = split(log);
    (y_high * log_high, y_low * log_high + y * (log_low + rest))
}

/// See [`pow`](super::pow).
#[inline(always)]
pub(super) fn pow<V: Lane>(x: V, y: V) -> V {
    let size = x.abs();
    let (high, low) = exponent_of(size, y, V::splat(0.0));
    let reduced = reduce(high, -low);
    let (large, small) = reduced.exp();
    let power = reduced.scale_normal(large + small);

    // Magnitudes are ordered as their bits are, with nan last.
    let large = V::Bits::splat(LARGE.to_bits()).sub(high.abs().to_bits());
    let rare = abnormal::<V>(size.to_bits()) | large;
    let power = if V::any_top(rare) {
        let any = if V::INLINE { power_any(size, y) } else { power_edge(size, y) };
        V::select(V::test(rare, SIGN), any, power)
    } else {
        power
    };
    if V::any_top(x.to_bits()) { signed(x, y, power) } else { power }
}

/// The power of a number whose sign bit may be set, given that of its magnitude.
#[inline(always)]
fn signed<V: Lane>(x: V, y: V, power: V) -> V {
    let half = V::splat(0.5) * y;
    let integer = y.floor().eq(y);
    let odd = integer.and(half.floor().eq(half).not());
    let undefined = integer.not().and(x.eq(V::splat(0.0)).not()).and(x.abs().lt(V::splat(f64::INFINITY)));
    let signed = V::select(odd, -power, power);
    let signed = V::select(undefined, V::splat(f64::NAN), signed);
    V::select(V::test(x.to_bits(), SIGN), signed, power)
}

/// [`power_any`], on its own.
#[cold]
#[inline(never)]
fn power_edge<V: Lane>(x: V, y: V) -> V {
    power_any(x, y)
}

/// The power of any `x` without a sign, by the rules of C99.
#[inline(always)]
fn power_any<V: Lane>(x: V, y: V) -> V {
    let (zero, one, infinity) = (V::splat(0.0), V::splat(1.0), V::splat(f64::INFINITY));
    let (above, positive) = (x.gt(one), y.gt(zero));
    let grows = above.and(positive).or(above.or(positive).not());
    let limit = V::select(grows, infinity, zero);
    let (raised, shift) = raised(x);
    let (high, low) = exponent_of(raised, y, shift);
    let reduced = reduce(high, -low);
    let (large, small) = reduced.exp();
    // The logarithm is at least 2^-53 in magnitude, or infinite.
    let far = x.eq(zero).or(x.eq(infinity)).or(y.abs().gt(V::splat(1e20))).or(high.abs().gt(V::splat(750.0)));
    let power = V::select(far, limit, reduced.scale(large + small));
    let power = V::select(x.is_nan().or(y.is_nan()), V::splat(f64::NAN), power);
    V::select(y.eq(zero).or(x.eq(one)), one, power)
}
