//! Numbers in two parts, with some 100 bits.
//!
//! For sums that cancel and errors that a power would magnify. The parts do not overlap; an operation errs by a few 2^-104 of its operands,
//! unless a part underflows or the value overflows, which it makes nan.

use std::ops;

use super::{
    lane::Lane,
    poly::{fast_two_sum, two_prod, two_sum},
    pow,
};

/// `high + low`, where `low` is at most half a unit in the last place of `high`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Double<V = f64> {
    /// The value, rounded.
    pub(super) high: V,
    /// The rest.
    pub(super) low: V,
}

impl<V: Lane> Double<V> {
    /// The sum of any two numbers.
    #[inline(always)]
    pub(super) fn sum(a: V, b: V) -> Self {
        let (high, low) = two_sum(a, b);
        Self { high, low }
    }

    /// The sum of two numbers, the first being the larger in magnitude.
    #[inline(always)]
    fn ordered(a: V, b: V) -> Self {
        let (high, low) = fast_two_sum(a, b);
        Self { high, low }
    }

    /// The natural logarithm of a positive normal number, to 2^-66 of it.
    #[inline(always)]
    pub(super) fn log(self) -> Self {
        let (high, low) = pow::log(self.high, V::splat(0.0));
        Self::ordered(high, low + self.low / self.high)
    }

    /// A power with a positive exponent.
    pub(super) fn power(self, mut exponent: u64) -> Self {
        let (mut power, mut square) = (Self::from(V::splat(1.0)), self);
        loop {
            if exponent & 1 == 1 {
                power = power * square;
            }
            exponent >>= 1;
            if exponent == 0 {
                return power;
            }
            square = square * square;
        }
    }

    /// Both parts times a power of two.
    #[inline(always)]
    pub(super) fn scale(self, power: V) -> Self {
        Self { high: self.high * power, low: self.low * power }
    }
}

impl<V: Lane> From<V> for Double<V> {
    #[inline(always)]
    fn from(high: V) -> Self {
        Self { high, low: V::splat(0.0) }
    }
}

impl<V: Lane> ops::Neg for Double<V> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl<V: Lane> ops::Add for Double<V> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let (high, lost) = two_sum(self.high, other.high);
        Self::ordered(high, lost + (self.low + other.low))
    }
}

impl<V: Lane> ops::Sub for Double<V> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl<V: Lane> ops::Mul for Double<V> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let (high, lost) = two_prod(self.high, other.high);
        Self::ordered(high, lost + (self.high * other.low + self.low * other.high))
    }
}

impl<V: Lane> ops::Div for Double<V> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let quotient = self.high / other.high;
        let (product, lost) = two_prod(quotient, other.high);
        let rest = ((self.high - product) - lost) + (self.low - quotient * other.low);
        Self::ordered(quotient, rest / other.high)
    }
}
