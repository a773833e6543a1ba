//! Terms as lanes: elementary functions run on them to be written.

use super::term::{Kind, Term};
use crate::{
    math::{
        lane::{Bits, Lane},
        library::table_name,
    },
    real::Mask,
};
use std::ops;

/// Operators on terms: `trait method symbol, of these types`.
macro_rules! operators {
    ($($trait:ident $method:ident $symbol:literal [$($kind:ty)*];)*) => {$($(
        impl<'w> ops::$trait for Term<'w, $kind> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.binary(other, ops::$trait::$method, |a, b| format!(concat!("{} ", $symbol, " {}"), a, b))
            }
        }
    )*)*};
}

operators! {
    Add add "+" [f64 f32];
    Sub sub "-" [f64 f32];
    Mul mul "*" [f64 f32];
    Div div "/" [f64 f32];
    BitAnd bitand "&" [u64];
    BitOr bitor "|" [u64];
    BitXor bitxor "^" [u64];
}

impl<'w> ops::Neg for Term<'w, f64> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(|x| -x, |x| format!("-{x}"))
    }
}

impl<'w> ops::Neg for Term<'w, f32> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(|x| -x, |x| format!("-{x}"))
    }
}

impl ops::Not for Term<'_, u64> {
    type Output = Self;
    fn not(self) -> Self {
        self.unary(|b| !b, |b| format!("~{b}"))
    }
}

impl Mask for Term<'_, bool> {
    fn splat(b: bool) -> Self {
        Self::Literal(b)
    }
    /// What is written is not known: `false`, but for literals.
    fn lane(self, _: usize) -> bool {
        self.known().unwrap_or(false)
    }
    fn from_lanes(mut lane: impl FnMut(usize) -> bool) -> Self {
        Self::Literal(lane(0))
    }
    fn and(self, other: Self) -> Self {
        self.binary(other, |a, b| a & b, |a, b| format!("{a} & {b}"))
    }
    fn or(self, other: Self) -> Self {
        self.binary(other, |a, b| a | b, |a, b| format!("{a} | {b}"))
    }
    fn not(self) -> Self {
        self.unary(|a| !a, |a| format!("!{a}"))
    }
}

impl Bits for Term<'_, u64> {
    fn splat(b: u64) -> Self {
        Self::Literal(b)
    }
    fn add(self, other: Self) -> Self {
        self.binary(other, u64::wrapping_add, |a, b| format!("{a} + {b}"))
    }
    fn sub(self, other: Self) -> Self {
        self.binary(other, u64::wrapping_sub, |a, b| format!("{a} - {b}"))
    }
    fn shl(self, by: u32) -> Self {
        self.unary(|a| a.wrapping_shl(by), |a| format!("{a} << {by}"))
    }
    fn shr(self, by: u32) -> Self {
        self.unary(|a| a.wrapping_shr(by), |a| format!("{a} >> {by}"))
    }
}

/// A call of a function of C.
pub(super) fn call<'w, K: Kind>(name: &str, x: Term<'w, K>, compute: impl Fn(K) -> K) -> Term<'w, K> {
    x.unary(compute, |x| format!("{name}({x})"))
}

impl<'w> Lane for Term<'w, f64> {
    type Mask = Term<'w, bool>;
    type Bits = Term<'w, u64>;

    fn splat(x: f64) -> Self {
        Self::Literal(x)
    }
    fn to_bits(self) -> Self::Bits {
        self.unary(f64::to_bits, |x| format!("sg_bits({x})"))
    }
    fn from_bits(bits: Self::Bits) -> Self {
        bits.unary(f64::from_bits, |b| format!("sg_number({b})"))
    }
    fn lt(self, other: Self) -> Self::Mask {
        self.binary(other, |a, b| a < b, |a, b| format!("{a} < {b}"))
    }
    fn le(self, other: Self) -> Self::Mask {
        self.binary(other, |a, b| a <= b, |a, b| format!("{a} <= {b}"))
    }
    fn eq(self, other: Self) -> Self::Mask {
        self.binary(other, |a, b| a == b, |a, b| format!("{a} == {b}"))
    }
    fn test(bits: Self::Bits, mask: u64) -> Self::Mask {
        bits.unary(|b| b & mask != 0, |b| format!("({b} & {}) != 0", mask.literal()))
    }
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self {
        Term::select(mask, then, els)
    }
    fn any(mask: Self::Mask) -> bool {
        match mask {
            Term::Literal(b) => b,
            Term::Variable(writer, _) => writer.ask(mask.text()),
        }
    }
    fn any_top(bits: Self::Bits) -> bool {
        match bits {
            Term::Literal(b) => b >> 63 == 1,
            Term::Variable(writer, _) => writer.ask(format!("{} >> 63", bits.text())),
        }
    }
    fn sqrt(self) -> Self {
        call("sqrt", self, f64::sqrt)
    }
    fn floor(self) -> Self {
        call("floor", self, f64::floor)
    }
    fn round_even(self) -> Self {
        call("rint", self, f64::round_ties_even)
    }
    fn trunc(self) -> Self {
        call("trunc", self, f64::trunc)
    }
    fn map(self, name: &'static str, f: impl Fn(f64) -> f64) -> Self {
        self.unary(f, |x| format!("sg_{name}({x})"))
    }
    fn map2(self, other: Self, name: &'static str, f: impl Fn(f64, f64) -> f64) -> Self {
        self.binary(other, f, |x, y| format!("sg_{name}({x}, {y})"))
    }
    fn lookup<const N: usize>(table: &[f64; N], index: Self::Bits) -> Self {
        let entry = |index: u64| table[index as usize % N];
        index.unary(entry, |i| format!("sg_{}[{i} % {N}]", table_name(table)))
    }
}
