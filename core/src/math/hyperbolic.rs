//! Hyperbolic sine, cosine and tangent.
//!
//! With `|x| = n·ln2 + r` and `b = 4^-n`, the sine is `2^(n-1)·((1-b)·cosh r + (1+b)·sinh r)` and
//! the cosine the same with `b` negated: polynomials in `r²` and no division, good for small `x`
//! as for large, where the two exponentials would cancel or overflow. The leading terms are summed
//! with their error. The tangent is `E/(E+2)` with `E = e^(2|x|) - 1`.

use super::{
    explog::{clamp, reduce},
    lane::Lane,
    poly::{estrin, fast_two_sum, two_sum},
};

/// `(sinh r - r) / r³` in powers of `r²`, for `|r| ≤ ln2/2`; leaves 2^-61 of `sinh r`.
const SINH: [f64; 5] = [
    0.16666666666666677,
    0.008333333333321532,
    0.00019841269886397436,
    2.75572439162475e-06,
    2.5109145520106996e-08,
];

/// `(cosh r - 1) / r²` in powers of `r²`, for `|r| ≤ ln2/2`; leaves 2^-58 of `cosh r`.
const COSH: [f64; 5] = [
    0.5000000000000013,
    0.04166666666651321,
    0.0013888888947569688,
    2.4801489379585513e-05,
    2.7631479875158483e-07,
];

/// The sine of the magnitude for `sign` -1, the cosine for 1.
#[inline(always)]
fn sine_or_cosine<V: Lane>(x: V, sign: f64) -> V {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let reduced = reduce(V::splat(711.0).lesser(x.abs()), zero);
    let power = reduced.inverse_power();
    // From n = 500 the square of the power would underflow; it is as good as zero from 27.
    let b = V::select(reduced.n.lt(V::splat(500.0)), power * power * V::splat(sign), zero);

    let r = reduced.high - reduced.low;
    let z = r * r;
    let sine_rest = z * r * estrin(z, SINH) - reduced.low;
    let cosine_rest = z * estrin(z, COSH);
    // (1+b)·(1 + cosine_rest) + (1-b)·(high + sine_rest), largest terms first.
    let (weight, other) = (one + b, one - b);
    let (sum, error) = fast_two_sum(weight, reduced.high);
    let rest = (other * sine_rest + weight * cosine_rest) - b * reduced.high;
    reduced.scale_half(sum + (error + rest))
}

/// See [`sinh`](super::sinh).
#[inline(always)]
pub(super) fn sinh<V: Lane>(x: V) -> V {
    sine_or_cosine(x, -1.0).copysign(x)
}

/// See [`cosh`](super::cosh).
#[inline(always)]
pub(super) fn cosh<V: Lane>(x: V) -> V {
    sine_or_cosine(x, 1.0)
}

/// See [`tanh`](super::tanh).
#[inline(always)]
pub(super) fn tanh<V: Lane>(x: V) -> V {
    let double = clamp(x.abs() + x.abs(), 0.0, 40.0);
    let reduced = reduce(double, V::splat(0.0));
    let power = reduced.inverse_power();
    // Numerator and divisor, each with its error, both divided by 2^n.
    let (high, low) = reduced.exp_less(power);
    let (sum, error) = two_sum(high, power + power);
    let quotient = high / sum;
    let lacking = (low - quotient * (error + low)) * (V::splat(1.0) / sum);
    (quotient + lacking).copysign(x)
}
