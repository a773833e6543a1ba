//! Sine, cosine and tangent.
//!
//! The angle is reduced by quarter turns to [-π/4, π/4], as a sum of two numbers; both the sine
//! and the cosine of it are evaluated, in which form is a matter of the number of quarter turns. There
//! is no branch but one for angles of 2^20 and more, whose reduction is another. `cos` is even and the
//! others are odd, to the bit. Periods in degrees or turns are left out.

pub(super) mod reduce;

use self::reduce::{Reduced, reduce};
use super::{
    lane::{Bits, Lane, SIGN},
    poly::{estrin, fast_two_sum},
};

/// `(sin r - r)/r³` by `r²`, to 2^-56 of the sine.
const SIN: [f64; 6] = [
    -0.1666666666666663,
    0.008333333333322108,
    -0.0001984126982958021,
    2.755731361803261e-06,
    -2.505074722056729e-08,
    1.5896197771049604e-10,
];
/// `(cos r - 1 + r²/2)/r⁴` by `r²`, to 2^-60.
const COS: [f64; 6] = [
    0.0416666666666666,
    -0.0013888888888874125,
    2.4801587289482205e-05,
    -2.755731435233686e-07,
    2.0875723273601497e-09,
    -1.1359647815877005e-11,
];

/// The sine and the cosine of the reduced angle, each as two numbers to be added.
#[inline(always)]
fn kernel<V: Lane>(reduced: &Reduced<V>) -> ([V; 2], [V; 2]) {
    let (r, low) = (reduced.high, reduced.low);
    let z = r * r;
    let half = z * V::splat(0.5);
    let head = V::splat(1.0) - half;
    let lost = (V::splat(1.0) - head) - half;
    let sin = r * (z * estrin(z, SIN)) + low * head;
    let cos = (z * z) * estrin(z, COS) + (lost - r * low);
    ([r, sin], [head, cos])
}

/// Every bit set where bit `which` is set, else none.
#[inline(always)]
fn spread<B: Bits>(bits: B, which: u32) -> B {
    B::splat(0).sub(bits.shr(which) & B::splat(1))
}

/// `a` where the bits of `mask` are set, `b` where they are not.
#[inline(always)]
fn choose<V: Lane>(mask: V::Bits, a: V, b: V) -> V {
    let (a, b) = (a.to_bits(), b.to_bits());
    V::from_bits(((a ^ b) & mask) ^ b)
}

/// See [`sin`](super::sin).
#[inline(always)]
pub(super) fn sin<V: Lane>(x: V) -> V {
    sin_cos(x).0
}

/// See [`cos`](super::cos).
#[inline(always)]
pub(super) fn cos<V: Lane>(x: V) -> V {
    sin_cos(x).1
}

/// See [`sin_cos`](super::sin_cos).
#[inline(always)]
pub(super) fn sin_cos<V: Lane>(x: V) -> (V, V) {
    let reduced = reduce(x);
    let ([sin_head, sin_tail], [cos_head, cos_tail]) = kernel(&reduced);
    let (s, c) = (sin_head + sin_tail, cos_head + cos_tail);
    let quarters = reduced.quarters;
    let odd = spread(quarters, 0);
    let sign = |bits: V::Bits| bits.shl(62) & V::Bits::splat(SIGN);
    let sin_sign = sign(quarters) ^ x.sign_bit();
    let cos_sign = sign(quarters.add(V::Bits::splat(1)));
    (
        V::from_bits(choose(odd, c, s).to_bits() ^ sin_sign),
        V::from_bits(choose(odd, s, c).to_bits() ^ cos_sign),
    )
}

/// See [`tan`](super::tan).
#[inline(always)]
pub(super) fn tan<V: Lane>(x: V) -> V {
    let reduced = reduce(x);
    let ([sin_head, sin_tail], [cos_head, cos_tail]) = kernel(&reduced);
    let sin = fast_two_sum(sin_head, sin_tail);
    let cos = fast_two_sum(cos_head, cos_tail);
    // Upon an odd number of quarter turns it is minus the cotangent.
    let odd = spread(reduced.quarters, 0);
    let (n, n_low) = (choose(odd, cos.0, sin.0), choose(odd, cos.1, sin.1));
    let (d, d_low) = (choose(odd, sin.0, cos.0), choose(odd, sin.1, cos.1));
    let quotient = n / d;
    let tan = quotient + (n_low - quotient * d_low) / d;
    let sign = (odd & V::Bits::splat(SIGN)) ^ x.sign_bit();
    V::from_bits(tan.to_bits() ^ sign)
}
