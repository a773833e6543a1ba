//! Lanes: the numbers that the elementary functions are written over.
//!
//! [`Lane`] is one `f64` or several side by side, with the IEEE basic operations, comparisons that
//! give a [`Mask`], selection, and the bits as integers ([`Bits`]). A kernel is one generic body
//! over it, so that a scalar is one lane of the vector form and has the same bits. [`Lanes`] is
//! the several: plain loops over an array, which the compiler turns into vector instructions of
//! whatever width the caller's function may use. [`Number`] is what the public functions take; it
//! widens `f32` to `f64` and narrows the result.
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

    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Rounds down.
    fn floor(self) -> Self;
    /// Rounds to nearest, ties to even.
    fn round_even(self) -> Self;
    /// Rounds towards zero.
    fn trunc(self) -> Self;

    /// Applies a scalar function lane by lane: for rare fallbacks.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;
    /// Applies a scalar function of two numbers lane by lane.
    fn map2(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self;
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
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.floor()
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        self.round_ties_even()
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        self.trunc()
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
    #[inline(always)]
    fn map2(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        f(self, other)
    }
    #[inline(always)]
    fn lookup<const N: usize>(table: &[f64; N], index: u64) -> Self {
        table[index as usize % N]
    }
}

/// `W` numbers side by side, each on its own: what happens in one lane is not seen in another.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub struct Lanes<E, const W: usize>(pub [E; W]);

/// One answer to a comparison per lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct LaneMask<const W: usize>(pub [bool; W]);

impl<E, const W: usize> From<[E; W]> for Lanes<E, W> {
    #[inline(always)]
    fn from(lanes: [E; W]) -> Self {
        Self(lanes)
    }
}

impl<E, const W: usize> From<Lanes<E, W>> for [E; W] {
    #[inline(always)]
    fn from(lanes: Lanes<E, W>) -> Self {
        lanes.0
    }
}

/// Builds an array from its indices; the loop is plain, which the vectoriser likes best.
#[inline(always)]
pub(super) fn build<T: Copy, const W: usize>(zero: T, f: impl Fn(usize) -> T) -> [T; W] {
    let mut out = [zero; W];
    let mut i = 0;
    while i < W {
        out[i] = f(i);
        i += 1;
    }
    out
}

/// Operators on lanes, each lane by its own: `op, method, for these elements`.
macro_rules! operators {
    ($($trait:ident $method:ident [$($elem:ty)*] $zero:expr;)*) => {$($(
        impl<const W: usize> ops::$trait for Lanes<$elem, W> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(build($zero, |i| ops::$trait::$method(self.0[i], other.0[i])))
            }
        }
    )*)*};
}

operators! {
    Add add [f64] 0.0;
    Sub sub [f64] 0.0;
    Mul mul [f64] 0.0;
    Div div [f64] 0.0;
    Add add [f32] 0.0;
    Sub sub [f32] 0.0;
    Mul mul [f32] 0.0;
    Div div [f32] 0.0;
    BitAnd bitand [u64] 0;
    BitOr bitor [u64] 0;
    BitXor bitxor [u64] 0;
}

impl<const W: usize> ops::Neg for Lanes<f64, W> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(build(0.0, |i| -self.0[i]))
    }
}

impl<const W: usize> ops::Neg for Lanes<f32, W> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(build(0.0, |i| -self.0[i]))
    }
}

impl<const W: usize> ops::Not for Lanes<u64, W> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(build(0, |i| !self.0[i]))
    }
}

impl<const W: usize> Mask for LaneMask<W> {
    #[inline(always)]
    fn splat(b: bool) -> Self {
        Self([b; W])
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(build(false, |i| self.0[i] & other.0[i]))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(build(false, |i| self.0[i] | other.0[i]))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(build(false, |i| !self.0[i]))
    }
}

impl<const W: usize> Bits for Lanes<u64, W> {
    #[inline(always)]
    fn splat(b: u64) -> Self {
        Self([b; W])
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(build(0, |i| self.0[i].wrapping_add(other.0[i])))
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(build(0, |i| self.0[i].wrapping_sub(other.0[i])))
    }
    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        Self(build(0, |i| self.0[i].wrapping_shl(by)))
    }
    #[inline(always)]
    fn shr(self, by: u32) -> Self {
        Self(build(0, |i| self.0[i].wrapping_shr(by)))
    }
}

impl<const W: usize> Lane for Lanes<f64, W> {
    type Mask = LaneMask<W>;
    type Bits = Lanes<u64, W>;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self([x; W])
    }
    #[inline(always)]
    fn to_bits(self) -> Self::Bits {
        Lanes(build(0, |i| self.0[i].to_bits()))
    }
    #[inline(always)]
    fn from_bits(bits: Self::Bits) -> Self {
        Self(build(0.0, |i| f64::from_bits(bits.0[i])))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Self::Mask {
        LaneMask(build(false, |i| self.0[i] < other.0[i]))
    }
    #[inline(always)]
    fn le(self, other: Self) -> Self::Mask {
        LaneMask(build(false, |i| self.0[i] <= other.0[i]))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Self::Mask {
        LaneMask(build(false, |i| self.0[i] == other.0[i]))
    }
    #[inline(always)]
    fn test(bits: Self::Bits, mask: u64) -> Self::Mask {
        LaneMask(build(false, |i| bits.0[i] & mask != 0))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self {
        Self(build(0.0, |i| if mask.0[i] { then.0[i] } else { els.0[i] }))
    }
    #[inline(always)]
    fn any(mask: Self::Mask) -> bool {
        let mut any = false;
        let mut i = 0;
        while i < W {
            any |= mask.0[i];
            i += 1;
        }
        any
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f64::sqrt)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.map(f64::floor)
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        self.map(f64::round_ties_even)
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        self.map(f64::trunc)
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self(build(0.0, |i| f(self.0[i])))
    }
    #[inline(always)]
    fn map2(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(build(0.0, |i| f(self.0[i], other.0[i])))
    }
    #[inline(always)]
    fn lookup<const N: usize>(table: &[f64; N], index: Self::Bits) -> Self {
        Self(build(0.0, |i| table[index.0[i] as usize % N]))
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

impl<const W: usize> Number for Lanes<f64, W> {
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

impl<const W: usize> Number for Lanes<f32, W> {
    type Wide = Lanes<f64, W>;
    #[inline(always)]
    fn widen(self) -> Lanes<f64, W> {
        Lanes(build(0.0, |i| f64::from(self.0[i])))
    }
    #[inline(always)]
    fn narrow(wide: Lanes<f64, W>) -> Self {
        Self(build(0.0, |i| wide.0[i] as f32))
    }
}
