//! Vector registers as a compiler knows them, behind one trait: what a level of instructions has to offer for numbers in lanes.
//!
//! Arrays of numbers become vectors only where the compiler's search finds them again among the operations on single
//! numbers, and it goes astray where two operations of a lane are alike. A register is one value all the way.

use crate::vmap::Element;
use scheme_core::real::Real;
use std::fmt::Debug;

/// As many numbers as the widest register has.
pub(crate) const MOST: usize = 16;

/// Numbers of one precision in a register, or in several. IEEE's operations, each lane by itself.
pub(crate) trait Register: Copy + Debug {
    type Element: Element + Real<Mask = bool, Lane = Self::Element, Uniform = Self::Element>;
    /// One truth value a lane.
    type Mask: Copy + Debug;
    /// The same lanes in double precision.
    type Wide: Doubles;
    const LANES: usize;

    fn splat(x: Self::Element) -> Self;
    /// The first numbers of a slice; zeros where it is too short.
    fn load(from: &[Self::Element]) -> Self;
    /// To the first places of a slice; nowhere if it is too short.
    fn store(a: Self, to: &mut [Self::Element]);
    fn widen(a: Self) -> Self::Wide;
    fn narrow(wide: Self::Wide) -> Self;

    fn add(a: Self, b: Self) -> Self;
    fn sub(a: Self, b: Self) -> Self;
    fn mul(a: Self, b: Self) -> Self;
    fn div(a: Self, b: Self) -> Self;
    fn neg(a: Self) -> Self;
    fn abs(a: Self) -> Self;
    fn sqrt(a: Self) -> Self;
    /// `a` where `a < b`, else `b`.
    fn lesser(a: Self, b: Self) -> Self;
    /// `a` where `b < a`, else `b`.
    fn larger(a: Self, b: Self) -> Self;

    fn less(a: Self, b: Self) -> Self::Mask;
    fn less_eq(a: Self, b: Self) -> Self::Mask;
    fn equal(a: Self, b: Self) -> Self::Mask;
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self;

    /// The mask that holds in the lanes of these bits.
    fn mask(bits: u32) -> Self::Mask;
    /// A bit for each lane where it holds.
    fn bits(mask: Self::Mask) -> u32;
    fn and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn not(mask: Self::Mask) -> Self::Mask;
}

/// Numbers of double precision, and their bits as integers, whose arithmetic wraps.
pub(crate) trait Doubles: Register<Element = f64, Wide = Self> {
    type Bits: Copy + Debug;

    fn floor(a: Self) -> Self;
    fn round_even(a: Self) -> Self;
    fn trunc(a: Self) -> Self;

    fn to_bits(a: Self) -> Self::Bits;
    fn from_bits(bits: Self::Bits) -> Self;
    fn splat_bits(b: u64) -> Self::Bits;
    fn bit_and(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bit_or(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn bit_xor(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn add_bits(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn sub_bits(a: Self::Bits, b: Self::Bits) -> Self::Bits;
    fn shl(bits: Self::Bits, by: u32) -> Self::Bits;
    fn shr(bits: Self::Bits, by: u32) -> Self::Bits;
    /// Whether the integers have one of these bits set.
    fn test(bits: Self::Bits, mask: u64) -> Self::Mask;
    /// Whether the top bit is set in any lane.
    fn any_top(bits: Self::Bits) -> bool;
}

/// Two registers side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<R>(pub(super) R, pub(super) R);

/// Methods of both, one after the other.
macro_rules! both {
    ($(fn $name:ident($($arg:ident),+) -> $result:ty;)*) => {$(
        #[inline(always)]
        fn $name($($arg: Self),+) -> $result {
            Pair(R::$name($($arg.0),+), R::$name($($arg.1),+))
        }
    )*};
    (of $of:ty; $(fn $name:ident($($arg:ident),+) -> $result:ty;)*) => {$(
        #[inline(always)]
        fn $name($($arg: $of),+) -> $result {
            Pair(R::$name($($arg.0),+), R::$name($($arg.1),+))
        }
    )*};
}

impl<R: Register> Register for Pair<R> {
    type Element = R::Element;
    type Mask = Pair<R::Mask>;
    type Wide = Pair<R::Wide>;
    const LANES: usize = 2 * R::LANES;

    #[inline(always)]
    fn splat(x: R::Element) -> Self {
        Self(R::splat(x), R::splat(x))
    }
    #[inline(always)]
    fn load(from: &[R::Element]) -> Self {
        Self(R::load(from), R::load(from.get(R::LANES..).unwrap_or_default()))
    }
    #[inline(always)]
    fn store(a: Self, to: &mut [R::Element]) {
        R::store(a.0, to);
        R::store(a.1, to.get_mut(R::LANES..).unwrap_or_default());
    }
    #[inline(always)]
    fn widen(a: Self) -> Self::Wide {
        Pair(R::widen(a.0), R::widen(a.1))
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        Self(R::narrow(wide.0), R::narrow(wide.1))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self {
        Self(R::select(mask.0, then.0, els.0), R::select(mask.1, then.1, els.1))
    }
    #[inline(always)]
    fn mask(bits: u32) -> Self::Mask {
        Pair(R::mask(bits), R::mask(bits >> R::LANES))
    }
    #[inline(always)]
    fn bits(mask: Self::Mask) -> u32 {
        R::bits(mask.0) | R::bits(mask.1) << R::LANES
    }
    both! {
        fn add(a, b) -> Self;
        fn sub(a, b) -> Self;
        fn mul(a, b) -> Self;
        fn div(a, b) -> Self;
        fn neg(a) -> Self;
        fn abs(a) -> Self;
        fn sqrt(a) -> Self;
        fn lesser(a, b) -> Self;
        fn larger(a, b) -> Self;
        fn less(a, b) -> Self::Mask;
        fn less_eq(a, b) -> Self::Mask;
        fn equal(a, b) -> Self::Mask;
    }
    both! { of Self::Mask;
        fn and(a, b) -> Self::Mask;
        fn or(a, b) -> Self::Mask;
        fn not(a) -> Self::Mask;
    }
}

impl<R: Doubles> Doubles for Pair<R> {
    type Bits = Pair<R::Bits>;

    both! {
        fn floor(a) -> Self;
        fn round_even(a) -> Self;
        fn trunc(a) -> Self;
        fn to_bits(a) -> Self::Bits;
    }
    both! { of Self::Bits;
        fn from_bits(a) -> Self;
        fn bit_and(a, b) -> Self::Bits;
        fn bit_or(a, b) -> Self::Bits;
        fn bit_xor(a, b) -> Self::Bits;
        fn add_bits(a, b) -> Self::Bits;
        fn sub_bits(a, b) -> Self::Bits;
    }
    #[inline(always)]
    fn splat_bits(b: u64) -> Self::Bits {
        Pair(R::splat_bits(b), R::splat_bits(b))
    }
    #[inline(always)]
    fn shl(bits: Self::Bits, by: u32) -> Self::Bits {
        Pair(R::shl(bits.0, by), R::shl(bits.1, by))
    }
    #[inline(always)]
    fn shr(bits: Self::Bits, by: u32) -> Self::Bits {
        Pair(R::shr(bits.0, by), R::shr(bits.1, by))
    }
    #[inline(always)]
    fn test(bits: Self::Bits, mask: u64) -> Self::Mask {
        Pair(R::test(bits.0, mask), R::test(bits.1, mask))
    }
    #[inline(always)]
    fn any_top(bits: Self::Bits) -> bool {
        R::any_top(bits.0) | R::any_top(bits.1)
    }
}
