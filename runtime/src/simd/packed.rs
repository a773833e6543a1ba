//! Registers as lanes of the elementary functions and as [`Real`]s, with the bits of [`Lanes`](scheme_core::math::Lanes).

use super::register::{Doubles, MOST, Register};
use scheme_core::{
    anf,
    math::{
        self,
        lane::{Bits, Lane, Number},
    },
    real::{Ask, Mask, Real},
};
use std::ops;

/// The numbers of a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed<R>(pub(super) R);

/// A truth value for each of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truths<R: Register>(R::Mask);

/// Their bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patterns<R: Doubles>(R::Bits);

impl<R: Register> Packed<R> {
    /// The numbers of a slice of as many.
    #[inline(always)]
    pub(crate) fn load(from: &[R::Element]) -> Self {
        Self(R::load(from))
    }

    #[inline(always)]
    pub(crate) fn store(self, to: &mut [R::Element]) {
        R::store(self.0, to);
    }

    #[inline(always)]
    fn lanes(self) -> [R::Element; MOST] {
        let mut lanes = [R::Element::lit(0.0); MOST];
        R::store(self.0, &mut lanes);
        lanes
    }

    /// One number at a time.
    #[inline(always)]
    fn build(mut f: impl FnMut(usize) -> R::Element) -> Self {
        let mut lanes = [R::Element::lit(0.0); MOST];
        let mut i = 0;
        while i < R::LANES {
            lanes[i] = f(i);
            i += 1;
        }
        Self(R::load(&lanes))
    }
}

impl<R: Register> Mask for Truths<R> {
    #[inline(always)]
    fn splat(b: bool) -> Self {
        Self(R::mask(if b { !0 } else { 0 }))
    }
    #[inline(always)]
    fn lane(self, i: usize) -> bool {
        let last = R::LANES - 1;
        R::bits(self.0) >> (if i < last { i } else { last }) & 1 == 1
    }
    #[inline(always)]
    fn from_lanes(mut lane: impl FnMut(usize) -> bool) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < R::LANES {
            bits |= u32::from(lane(i)) << i;
            i += 1;
        }
        Self(R::mask(bits))
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(R::and(self.0, other.0))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(R::or(self.0, other.0))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(R::not(self.0))
    }
}

/// Operators of a type by methods of the register.
macro_rules! operators {
    ($($type:ident: $bound:ident, $trait:ident $method:ident = $of:ident;)*) => {$(
        impl<R: $bound> ops::$trait for $type<R> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(R::$of(self.0, other.0))
            }
        }
    )*};
}

operators! {
    Packed: Register, Add add = add;
    Packed: Register, Sub sub = sub;
    Packed: Register, Mul mul = mul;
    Packed: Register, Div div = div;
    Patterns: Doubles, BitAnd bitand = bit_and;
    Patterns: Doubles, BitOr bitor = bit_or;
    Patterns: Doubles, BitXor bitxor = bit_xor;
}

impl<R: Register> ops::Neg for Packed<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(R::neg(self.0))
    }
}

impl<R: Doubles> ops::Not for Patterns<R> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        self ^ Bits::splat(!0)
    }
}

impl<R: Doubles> Bits for Patterns<R> {
    #[inline(always)]
    fn splat(b: u64) -> Self {
        Self(R::splat_bits(b))
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(R::add_bits(self.0, other.0))
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(R::sub_bits(self.0, other.0))
    }
    #[inline(always)]
    fn shl(self, by: u32) -> Self {
        Self(R::shl(self.0, by))
    }
    #[inline(always)]
    fn shr(self, by: u32) -> Self {
        Self(R::shr(self.0, by))
    }
}

impl<R: Doubles> Lane for Packed<R> {
    type Mask = Truths<R>;
    type Bits = Patterns<R>;
    const INLINE: bool = true;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Self(R::splat(x))
    }
    #[inline(always)]
    fn to_bits(self) -> Patterns<R> {
        Patterns(R::to_bits(self.0))
    }
    #[inline(always)]
    fn from_bits(bits: Patterns<R>) -> Self {
        Self(R::from_bits(bits.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Truths<R> {
        Truths(R::less(self.0, other.0))
    }
    #[inline(always)]
    fn le(self, other: Self) -> Truths<R> {
        Truths(R::less_eq(self.0, other.0))
    }
    #[inline(always)]
    fn eq(self, other: Self) -> Truths<R> {
        Truths(R::equal(self.0, other.0))
    }
    #[inline(always)]
    fn test(bits: Patterns<R>, mask: u64) -> Truths<R> {
        Truths(R::test(bits.0, mask))
    }
    #[inline(always)]
    fn select(mask: Truths<R>, then: Self, els: Self) -> Self {
        Self(R::select(mask.0, then.0, els.0))
    }
    #[inline(always)]
    fn any(mask: Truths<R>) -> bool {
        R::bits(mask.0) != 0
    }
    #[inline(always)]
    fn any_top(bits: Patterns<R>) -> bool {
        R::any_top(bits.0)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(R::sqrt(self.0))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(R::floor(self.0))
    }
    #[inline(always)]
    fn round_even(self) -> Self {
        Self(R::round_even(self.0))
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(R::trunc(self.0))
    }
    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        Self(R::lesser(self.0, other.0))
    }
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        Self(R::larger(self.0, other.0))
    }
    #[inline(always)]
    fn map(self, _: &'static str, f: impl Fn(f64) -> f64) -> Self {
        let x = self.lanes();
        Self::build(|i| f(x[i]))
    }
    #[inline(always)]
    fn map2(self, other: Self, _: &'static str, f: impl Fn(f64, f64) -> f64) -> Self {
        let (x, y) = (self.lanes(), other.lanes());
        Self::build(|i| f(x[i], y[i]))
    }
    #[inline(always)]
    fn lookup<const N: usize>(table: &[f64; N], index: Patterns<R>) -> Self {
        let index = Self(R::from_bits(index.0)).lanes();
        Self::build(|i| table[index[i].to_bits() as usize % N])
    }
}

impl<R: Register> Number for Packed<R> {
    type Wide = Packed<R::Wide>;
    #[inline(always)]
    fn widen(self) -> Packed<R::Wide> {
        Packed(R::widen(self.0))
    }
    #[inline(always)]
    fn narrow(wide: Packed<R::Wide>) -> Self {
        Self(R::narrow(wide.0))
    }
}

/// The functions of one number.
macro_rules! functions {
    ($($name:ident)*) => {$(
        #[inline(always)]
        fn $name(self) -> Self {
            math::$name(self)
        }
    )*};
}

impl<R: Register> Real for Packed<R> {
    type Mask = Truths<R>;
    type Lane = R::Element;
    type Uniform = R::Element;
    const LANES: usize = R::LANES;

    #[inline(always)]
    fn splat(x: R::Element) -> Self {
        Self(R::splat(x))
    }
    #[inline(always)]
    fn lane(self, i: usize) -> R::Element {
        let last = R::LANES - 1;
        self.lanes()[if i < last { i } else { last }]
    }
    #[inline(always)]
    fn from_lanes(lane: impl FnMut(usize) -> R::Element) -> Self {
        Self::build(lane)
    }
    #[inline(always)]
    fn primal(self) -> f64 {
        self.lane(0).into()
    }
    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let x: Vec<f64> =
            x.iter().flat_map(|x| x.lanes().into_iter().take(R::LANES)).map(Into::into).collect();
        let single = size_of::<R::Element>() == size_of::<f32>();
        let orders = partials(&Ask { x: &x, lanes: R::LANES, order, single })?;
        let number =
            |lanes: &[f64]| Self::build(|i| R::Element::lit(lanes.get(i).copied().unwrap_or(f64::NAN)));
        Ok(orders.iter().map(|all| all.chunks(R::LANES).map(number).collect()).collect())
    }

    /// Lanes that agree are read together.
    #[inline(always)]
    fn item(items: &'static [f64], index: Self) -> Self {
        let lanes = index.lanes();
        let all = Truths::<R>(R::equal(index.0, R::splat(lanes[0])));
        if R::bits(R::not(all.0)) == 0 {
            return Self::lit(anf::item(items, lanes[0].into()));
        }
        Self::build(|i| R::Element::lit(anf::item(items, lanes[i].into())))
    }

    #[inline(always)]
    fn lit(x: f64) -> Self {
        Self(R::splat(R::Element::lit(x)))
    }
    #[inline(always)]
    fn select(mask: Truths<R>, then: Self, els: Self) -> Self {
        Self(R::select(mask.0, then.0, els.0))
    }
    #[inline(always)]
    fn branch<const K: usize>(
        mask: Truths<R>,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        // Each side is called in one place, where it is inlined: elsewhere it would lack the instructions.
        let all = R::bits(R::not(mask.0)) == 0;
        let then = if R::bits(mask.0) != 0 { Some(then()) } else { None };
        if let (true, Some(then)) = (all, then) {
            return then;
        }
        let mut out = els();
        if let Some(then) = then {
            let mut k = 0;
            while k < K {
                out[k] = Real::select(mask, then[k], out[k]);
                k += 1;
            }
        }
        out
    }
    #[inline(always)]
    fn less(self, other: Self) -> Truths<R> {
        Truths(R::less(self.0, other.0))
    }
    #[inline(always)]
    fn less_eq(self, other: Self) -> Truths<R> {
        Truths(R::less_eq(self.0, other.0))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Truths<R> {
        Truths(R::equal(self.0, other.0))
    }
    #[inline(always)]
    fn is_nan(self) -> Truths<R> {
        Truths(R::not(R::equal(self.0, self.0)))
    }
    #[inline(always)]
    fn is_finite(self) -> Truths<R> {
        Truths(R::less(R::abs(self.0), R::splat(R::Element::lit(f64::INFINITY))))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(R::abs(self.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(R::sqrt(self.0))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(R::narrow(R::Wide::floor(R::widen(self.0)))) + Self::lit(0.0)
    }
    #[inline(always)]
    fn ceiling(self) -> Self {
        Self(R::narrow(R::Wide::neg(R::Wide::floor(R::Wide::neg(R::widen(self.0)))))) + Self::lit(0.0)
    }
    #[inline(always)]
    fn round(self) -> Self {
        Self(R::narrow(R::Wide::round_even(R::widen(self.0)))) + Self::lit(0.0)
    }
    #[inline(always)]
    fn truncate(self) -> Self {
        Self(R::narrow(R::Wide::trunc(R::widen(self.0)))) + Self::lit(0.0)
    }
    #[inline(always)]
    fn remainder(self, other: Self) -> Self {
        let (x, y) = (self.lanes(), other.lanes());
        Self::build(|i| x[i].remainder(y[i]))
    }
    functions! {
        exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh sigmoid softplus erf lgamma
    }
    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        math::sin_cos(self)
    }
    #[inline(always)]
    fn expt(self, y: Self) -> Self {
        math::pow(self, y)
    }
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        math::atan2(self, x)
    }
    #[inline(always)]
    fn polygamma(self, x: Self) -> Self {
        math::polygamma(self, x)
    }
}
