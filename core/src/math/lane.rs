//! Lanes: the numbers that the elementary functions are written over.
//!
//! [`Lane`] is one `f64` or several side by side, with the IEEE basic operations, comparisons that
//! give a [`Mask`], selection, and the bits as integers ([`Bits`]). A kernel is one generic body
//! over it, so that a scalar is one lane of the vector form and has the same bits. The several
//! are [`Lanes`](super::Lanes). [`Number`] is what the public functions take; it widens `f32` to
//! `f64` and narrows the result.
//!
//! Nothing here rounds other than by IEEE: there is no fused multiply-add and no reassociation.
//! Which bits a nan has is not promised.

use std::{fmt::Debug, ops};

use crate::real::Mask;

/// The bits of each lane as an unsigned integer; arithmetic wraps.
pub trait Bits:
    Copy
    + Debug
    + ops::BitAnd<Output = Self>
    + ops::BitOr<Output = Self>
    + ops::BitXor<Output = Self>
    + ops::Not<Output = Self>
{
    /// The same integer in every lane.
    fn splat(b: u64) -> Self;
    /// Wrapping sum.
    fn add(self, other: Self) -> Self;
    /// Wrapping difference.
    fn sub(self, other: Self) -> Self;
    /// Shift left by a constant below 64.
    fn shl(self, by: u32) -> Self;
    /// Logical shift right by a constant below 64.
    fn shr(self, by: u32) -> Self;
}

/// One `f64`, or several in lanes.
pub trait Lane:
    Copy
    + Debug
    + ops::Add<Output = Self>
    + ops::Sub<Output = Self>
    + ops::Mul<Output = Self>
    + ops::Div<Output = Self>
    + ops::Neg<Output = Self>
{
    /// What comparisons give.
    type Mask: Mask;
    /// The bits.
    type Bits: Bits;
    /// Whether operations are instructions only in code that is compiled for them: then what is seldom run stays there too.
    const INLINE: bool = false;

    /// The same number in every lane.
    fn splat(x: f64) -> Self;
    /// The bits of each lane.
    fn to_bits(self) -> Self::Bits;
    /// The numbers that have these bits.
    fn from_bits(bits: Self::Bits) -> Self;

    /// `self < other`; false where either is nan, as in `le` and `eq`.
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`.
    fn le(self, other: Self) -> Self::Mask;
    /// `self == other`.
    fn eq(self, other: Self) -> Self::Mask;
    /// Whether the integers have one of these bits set.
    fn test(bits: Self::Bits, mask: u64) -> Self::Mask;
    /// `then` where the mask holds, else `els`.
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self;
    /// Whether the mask holds in any lane.
    fn any(mask: Self::Mask) -> bool;
    /// Whether the top bit is set in any lane: cheaper than `any`, and an integer difference makes
    /// it a comparison of magnitudes.
    fn any_top(bits: Self::Bits) -> bool;

    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Rounds down.
    fn floor(self) -> Self;
    /// Rounds to nearest, ties to even.
    fn round_even(self) -> Self;
    /// Rounds towards zero.
    fn trunc(self) -> Self;

    /// Applies a scalar function lane by lane: for what loops or branches. The name is what C code knows it by
    /// ([`c`](crate::c)).
    fn map(self, name: &'static str, f: impl Fn(f64) -> f64) -> Self;
    /// Applies a scalar function of two numbers lane by lane.
    fn map2(self, other: Self, name: &'static str, f: impl Fn(f64, f64) -> f64) -> Self;
    /// The entries of a table at the integers, taken modulo its length, which is a power of two.
    fn lookup<const N: usize>(table: &[f64; N], index: Self::Bits) -> Self;

    /// `self > other`.
    #[inline(always)]
    fn gt(self, other: Self) -> Self::Mask {
        other.lt(self)
    }
    /// `self >= other`.
    #[inline(always)]
    fn ge(self, other: Self) -> Self::Mask {
        other.le(self)
    }
    /// Whether it is not a number.
    #[inline(always)]
    fn is_nan(self) -> Self::Mask {
        self.eq(self).not()
    }
    /// Clears the sign bit.
    #[inline(always)]
    fn abs(self) -> Self {
        Self::from_bits(self.to_bits() & Self::Bits::splat(!SIGN))
    }
    /// The sign bit alone.
    #[inline(always)]
    fn sign_bit(self) -> Self::Bits {
        self.to_bits() & Self::Bits::splat(SIGN)
    }
    /// The magnitude of `self` with the sign bit of `sign`.
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self::from_bits(self.abs().to_bits() | sign.sign_bit())
    }
    /// The smaller one; `other` where either is nan.
    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        Self::select(self.lt(other), self, other)
    }
    /// The larger one; `other` where either is nan.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        Self::select(other.lt(self), self, other)
    }
}

/// The sign bit of an `f64`.
pub const SIGN: u64 = 1 << 63;

impl Bits for u64 {
    #[inline(always)]
    fn splat(b: u64) -> Self {
        b
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        self.wrapping_shl(by)
    }
    #[inline(always)]
    fn shr(self, by: u32) -> Self {
        self.wrapping_shr(by)
    }
}

/// Whether rounding to an integer is one instruction, rather than a call into the C library.
const NATIVE: bool = cfg!(any(target_feature = "sse4.1", target_arch = "aarch64"));

/// The nearest integer, ties to even, by the rounding of an addition.
#[inline(always)]
fn nearest(x: f64) -> f64 {
    const UNIT: f64 = 4503599627370496.0;
    let size = x.abs();
    if size < UNIT { ((size + UNIT) - UNIT).copysign(x) } else { x }
}

impl Lane for f64 {
    type Mask = bool;
    type Bits = u64;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn to_bits(self) -> u64 {
        self.to_bits()
    }
    #[inline(always)]
    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self <= other
    }
    #[inline(always)]
    fn eq(self, other: Self) -> bool {
        self == other
    }
    #[inline(always)]
    fn test(bits: u64, mask: u64) -> bool {
        bits & mask != 0
    }
    #[inline(always)]
    fn select(mask: bool, then: Self, els: Self) -> Self {
        if mask { then } else { els }
    }
    #[inline(always)]
    fn any(mask: bool) -> bool {
        mask
    }
    #[inline(always)]
    fn any_top(bits: u64) -> bool {
        bits & SIGN != 0
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn floor(self) -> Self {
        if NATIVE {
            return self.floor();
        }
        let near = nearest(self);
        near - if near > self { 1.0 } else { 0.0 }
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        if NATIVE { self.round_ties_even() } else { nearest(self) }
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        if NATIVE {
            return self.trunc();
        }
        let size = self.abs();
        let near = nearest(size);
        (near - if near > size { 1.0 } else { 0.0 }).copysign(self)
    }
    #[inline(always)]
    fn map(self, _: &'static str, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
    #[inline(always)]
    fn map2(self, other: Self, _: &'static str, f: impl Fn(f64, f64) -> f64) -> Self {
        f(self, other)
    }
    #[inline(always)]
    fn lookup<const N: usize>(table: &[f64; N], index: u64) -> Self {
        table[index as usize % N]
    }
}

/// What the public functions take: `f64` or `f32`, alone or in lanes.
///
/// An `f32` is widened, evaluated by the `f64` kernel and rounded once more, which leaves it
/// within 0.51 ulp.
pub trait Number: Copy {
    /// The same as `f64`.
    type Wide: Lane;
    /// To `f64`, exactly.
    fn widen(self) -> Self::Wide;
    /// From `f64`, rounded to nearest.
    fn narrow(wide: Self::Wide) -> Self;
}

impl Number for f64 {
    type Wide = Self;
    #[inline(always)]
    fn widen(self) -> Self {
        self
    }
    #[inline(always)]
    fn narrow(wide: Self) -> Self {
        wide
    }
}

impl Number for f32 {
    type Wide = f64;
    #[inline(always)]
    fn widen(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn narrow(wide: f64) -> Self {
        wide as Self
    }
}
