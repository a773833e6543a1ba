//! Polynomials and exact sums and products, shared by the kernels.
//!
//! Sums and products come as a value and its rounding error, by Dekker and Knuth, without
//! fused multiply-add. A polynomial is evaluated by [`estrin`] where latency counts, by [`horner`]
//! where the last bits do: each is one fixed order of operations, part of the promised bits.

use super::lane::{Bits, Lane};

/// `c[0] + x·(c[1] + x·(…))`.
#[inline(always)]
pub(super) fn horner<V: Lane, const N: usize>(x: V, c: [f64; N]) -> V {
    let mut sum = V::splat(c[N - 1]);
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        sum = sum * x + V::splat(c[i]);
    }
    sum
}

/// The same polynomial in pairs, pairs of pairs and so on: the shortest chain of operations.
#[inline(always)]
pub(super) fn estrin<V: Lane, const N: usize>(x: V, c: [f64; N]) -> V {
    let mut terms = [V::splat(0.0); N];
    let mut i = 0;
    while i < N {
        terms[i] = V::splat(c[i]);
        i += 1;
    }
    let (mut n, mut power) = (N, x);
    while n > 1 {
        let half = n / 2;
        let mut i = 0;
        while i < half {
            terms[i] = terms[2 * i] + terms[2 * i + 1] * power;
            i += 1;
        }
        if n % 2 == 1 {
            terms[half] = terms[n - 1];
        }
        n = half + n % 2;
        power = power * power;
    }
    terms[0]
}

/// The sum and its error, for `|a| >= |b|` or `a` zero.
#[inline(always)]
pub(super) fn fast_two_sum<V: Lane>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// The sum and its error.
#[inline(always)]
pub(super) fn two_sum<V: Lane>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    let bb = sum - a;
    (sum, (a - (sum - bb)) + (b - bb))
}

/// The leading 26 bits (truncated) and the rest, which is exact; nothing overflows.
#[inline(always)]
pub(super) fn split<V: Lane>(a: V) -> (V, V) {
    let high = V::from_bits(a.to_bits() & V::Bits::splat(!0 << 27));
    (high, a - high)
}

/// The product and its error to 2^-105 of the product, barring underflow of the error.
#[inline(always)]
pub(super) fn two_prod<V: Lane>(a: V, b: V) -> (V, V) {
    let product = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    (product, ((ah * bh - product) + ah * bl + al * bh) + al * bl)
}
