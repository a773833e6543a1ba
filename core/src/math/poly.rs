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

/// The same polynomial, of at most sixteen terms, in pairs, pairs of pairs and so on: the shortest chain of operations.
///
/// Written out, since the compiler leaves loops over many lanes as they are, through memory; in a dev build in frames of its own, as all that is inlined
/// into a loop over rows would be larger than a stack.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn estrin<V: Lane, const N: usize>(x: V, c: [f64; N]) -> V {
    const { assert!(0 < N && N <= 16) };
    let square = if N > 2 { x * x } else { x };
    let fourth = if N > 4 { square * square } else { square };
    let powers = [x, square, fourth, if N > 8 { fourth * fourth } else { fourth }];
    let low = eight(powers, c, 0);
    if N > 8 { low + eight(powers, c, 8) * powers[3] } else { low }
}

/// The terms from `i` on, at most eight.
#[cfg_attr(not(debug_assertions), inline(always))]
fn eight<V: Lane, const N: usize>(powers: [V; 4], c: [f64; N], i: usize) -> V {
    let low = four(powers, c, i);
    if N > i + 4 { low + four(powers, c, i + 4) * powers[2] } else { low }
}

/// The terms from `i` on, at most four.
#[cfg_attr(not(debug_assertions), inline(always))]
fn four<V: Lane, const N: usize>(powers: [V; 4], c: [f64; N], i: usize) -> V {
    let low = two(powers, c, i);
    if N > i + 2 { low + two(powers, c, i + 2) * powers[1] } else { low }
}

/// The terms from `i` on, at most two.
#[cfg_attr(not(debug_assertions), inline(always))]
fn two<V: Lane, const N: usize>(powers: [V; 4], c: [f64; N], i: usize) -> V {
    let low = V::splat(c[i]);
    if N > i + 1 { low + V::splat(c[i + 1]) * powers[0] } else { low }
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
