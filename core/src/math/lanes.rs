//! Several numbers side by side.
//!
//! Plain loops over an array, which the compiler turns into vector instructions of whatever width
//! the caller's function may use. Everything is inlined for that reason: a call would fall back to
//! the crate's own features.

use std::ops;

use super::lane::{Bits, Lane, Number, SIGN};
use crate::real::Mask;

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

/// Whether the mask holds in some lane.
#[inline(always)]
pub(super) fn any<const W: usize>(mask: LaneMask<W>) -> bool {
    let mut any = false;
    let mut i = 0;
    while i < W {
        any |= mask.0[i];
        i += 1;
    }
    any
}

/// Whether the mask holds in every lane.
#[inline(always)]
pub(super) fn all<const W: usize>(mask: LaneMask<W>) -> bool {
    let mut all = true;
    let mut i = 0;
    while i < W {
        all &= mask.0[i];
        i += 1;
    }
    all
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
    fn lane(self, i: usize) -> bool {
        self.0[i.min(W - 1)]
    }
    #[inline(always)]
    fn from_lanes(lane: impl FnMut(usize) -> bool) -> Self {
        Self(std::array::from_fn(lane))
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
        any(mask)
    }
    #[inline(always)]
    fn any_top(bits: Self::Bits) -> bool {
        let mut union = 0;
        let mut i = 0;
        while i < W {
            union |= bits.0[i];
            i += 1;
        }
        union & SIGN != 0
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(build(0.0, |i| self.0[i].sqrt()))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(build(0.0, |i| self.0[i].floor()))
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        Self(build(0.0, |i| self.0[i].round_ties_even()))
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(build(0.0, |i| self.0[i].trunc()))
    }
    #[inline(always)]
    fn map(self, _: &'static str, f: impl Fn(f64) -> f64) -> Self {
        Self(build(0.0, |i| f(self.0[i])))
    }
    #[inline(always)]
    fn map2(self, other: Self, _: &'static str, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(build(0.0, |i| f(self.0[i], other.0[i])))
    }
    #[inline(always)]
    fn lookup<const N: usize>(table: &[f64; N], index: Self::Bits) -> Self {
        Self(build(0.0, |i| table[index.0[i] as usize % N]))
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
