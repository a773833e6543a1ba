//! Reduction of an angle by quarter turns.
//!
//! `|x|` becomes `q·π/2 + (high + low)` with `high` within [-π/4, π/4] and `low` below its last
//! bits. Below 2^20 in magnitude by four parts of π/2, the first three so short that their products
//! with `q` are exact; above by the bits of 2/π (Payne and Hanek), lane by lane and in integers. The
//! relative error of `high + low` is below 2^-70 for every `f64`.

use crate::math::{
    lane::{Bits, Lane},
    poly::two_prod,
};

/// An angle less a whole number of quarter turns.
pub(super) struct Reduced<V: Lane> {
    /// The number of quarter turns; its two lowest bits count.
    pub(super) quarters: V::Bits,
    /// The rest, rounded.
    pub(super) high: V,
    /// What rounding the rest has lost.
    pub(super) low: V,
}

/// From here on the products with the parts of π/2 are not exact.
const HUGE: f64 = 1_048_576.0;
/// Adding it rounds to an integer, which is then found in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const TWO_OVER_PI: f64 = std::f64::consts::FRAC_2_PI;
/// π/2 in parts of at most 33 bits, and the rest.
const PARTS: [f64; 4] =
    [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];

/// Reduces `|x|`; infinities give nan.
#[inline(always)]
pub(super) fn reduce<V: Lane>(x: V) -> Reduced<V> {
    let x = x.abs();
    let rounded = x * V::splat(TWO_OVER_PI) + V::splat(ROUNDER);
    let n = rounded - V::splat(ROUNDER);
    let part = |i: usize| n * V::splat(PARTS[i]);
    let (p1, p2, p3, p4) = (part(0), part(1), part(2), part(3));
    // The first difference is exact. Where the second is not, it is far larger than the third part.
    let first = x - p1;
    let second = first - p2;
    let lost = (first - second) - p2;
    let high = second - p3;
    let low = ((second - high) - p3) + (lost - p4);
    // A comparison of the bits, in which nan is huge too.
    if V::any_top(V::Bits::splat(HUGE.to_bits() - 1).sub(x.to_bits())) {
        let huge = x.ge(V::splat(HUGE));
        let (huge_high, huge_low) = reduce_lanes(x);
        return Reduced {
            quarters: V::select(huge, huge_low, rounded).to_bits(),
            high: V::select(huge, huge_high, high),
            low: V::select(huge, huge_low, low),
        };
    }
    Reduced { quarters: rounded.to_bits(), high, low }
}

/// [`reduce_huge`] in the lanes that are.
#[cold]
#[inline(never)]
fn reduce_lanes<V: Lane>(x: V) -> (V, V) {
    let high = x.map("huge_high", |x| if x >= HUGE { reduce_huge(x).0 } else { 0.0 });
    let low = x.map("huge_low", |x| if x >= HUGE { reduce_huge(x).1 } else { 0.0 });
    (high, low)
}

/// The bits of 2/π after the binary point, after 64 zeros.
pub(in crate::math) const BITS_OF_TWO_OVER_PI: [u64; 21] = [
    0x0000_0000_0000_0000,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];
pub(in crate::math) const PI_2: [f64; 2] = [std::f64::consts::FRAC_PI_2, 6.123233995736766e-17];

/// The rest of an `x >= 2^20` as high and low part, the low one with the number of quarter turns,
/// modulo 4, in its two lowest bits; nan for infinity.
#[cold]
#[inline(never)]
fn reduce_huge(x: f64) -> (f64, f64) {
    let bits = x.to_bits();
    let exponent = bits >> 52;
    if exponent == 0x7ff {
        return (f64::NAN, f64::NAN);
    }
    // x = mantissa·2^(exponent - 1075). Of 2/π the bits that make whole turns are left out; the
    // next 192 then give the product modulo 4, in units of 2^-190.
    let mantissa = u128::from(bits & ((1 << 52) - 1) | 1 << 52);
    let start = exponent as usize - (1075 + 2 - 64);
    let word = |i: usize| {
        let at = |i: usize| u128::from(BITS_OF_TWO_OVER_PI.get(start / 64 + i).copied().unwrap_or(0));
        ((at(i) << 64 | at(i + 1)) >> (64 - start % 64)) & u128::from(u64::MAX)
    };
    let third = mantissa * word(2);
    let second = mantissa * word(1) + (third >> 64);
    let first = (mantissa * word(0)).wrapping_add(second >> 64);
    // The top 128 bits and the 64 below them.
    let (top, rest) = (first << 64 | second & u128::from(u64::MAX), third as u64);
    // To the nearest quarter turn: the fraction is a signed one.
    let quarters = (top >> 126).wrapping_add(top >> 125 & 1) as u64 & 3;
    let negative = top >> 125 & 1 == 1;
    let (top, rest) = (top << 2 | u128::from(rest >> 62), rest << 2);
    let (top, rest) = if negative {
        ((!top).wrapping_add(u128::from(rest == 0)), rest.wrapping_neg())
    } else {
        (top, rest)
    };
    // At most about 62 leading zeros happen for an f64, so that 128 significant bits remain.
    let zeros = top.leading_zeros().min(63);
    let top = top << zeros | u128::from(rest) >> (64 - zeros);
    let scale = f64::from_bits(u64::from(1023 - 53 - zeros) << 52);
    let high = (top >> 75) as f64 * scale;
    let low = ((top >> 22) & ((1 << 53) - 1)) as f64 * (scale * (f64::EPSILON / 2.0));
    let (product, error) = two_prod(high, PI_2[0]);
    let error = error + (high * PI_2[1] + low * PI_2[0]);
    let sum = product + error;
    let low = error - (sum - product);
    let sign = u64::from(negative) << 63;
    let low = (low.to_bits() ^ sign) & !3 | quarters;
    (f64::from_bits(sum.to_bits() ^ sign), f64::from_bits(low))
}
