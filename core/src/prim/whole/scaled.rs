//! Powers of two taken out of numbers, exactly, so that products neither over- nor underflow on the way.

use crate::real::Real;

/// The steps by which exponents are found and applied: their powers of two are numbers of every precision.
const STEPS: [i32; 7] = [64, 32, 16, 8, 4, 2, 1];

/// A power of two, of an exponent that any double has.
fn power<A: Real>(exponent: i32) -> A {
    A::lit(f64::from_bits(((exponent + 1023) as u64) << 52))
}

/// The exponent of the greatest power of two that is no greater than the size of a number; 0 for 0 and
/// for what is not finite.
fn exponent<A: Real<Mask = bool>>(x: A) -> i32 {
    let mut x = x.abs();
    let mut exponent = 0;
    if x.is_zero() || !x.is_finite() {
        return exponent;
    }
    for step in STEPS {
        while x.greater_eq(power(step)) {
            x = x * power(-step);
            exponent += step;
        }
        while x.less(power(1 - step)) {
            x = x * power(step);
            exponent -= step;
        }
    }
    exponent
}

/// The exponent of the element of greatest size.
pub(super) fn greatest<A: Real<Mask = bool>>(row: &[A]) -> i32 {
    exponent(row.iter().fold(A::lit(0.0), |most, x| if most.less(x.abs()) { x.abs() } else { most }))
}

/// A number times a power of two.
pub(super) fn shift<A: Real<Mask = bool>>(x: A, exponent: i32) -> A {
    let mut left = exponent.abs();
    let mut x = x;
    while left > 0 {
        // A number that cannot become greater or less needs no more steps.
        if x.is_zero() || !x.is_finite() {
            break;
        }
        let step = left.min(STEPS[0]);
        x = x * power(if exponent < 0 { -step } else { step });
        left -= step;
    }
    x
}

/// A number with an exponent of its own.
#[derive(Clone, Copy)]
pub(super) struct Scaled<A> {
    /// In size from 1 to below 2, unless it is 0 or not finite.
    pub(super) part: A,
    pub(super) exponent: i32,
}

impl<A: Real<Mask = bool>> Scaled<A> {
    /// A power of two.
    pub(super) fn power(exponent: i32) -> Self {
        Self { part: A::lit(1.0), exponent }
    }

    pub(super) fn times(self, x: A) -> Self {
        let by = exponent(x);
        let part = self.part * shift(x, -by);
        let more = exponent(part);
        Self { part: shift(part, -more), exponent: self.exponent.saturating_add(by + more) }
    }

    pub(super) fn negated(self) -> Self {
        Self { part: -self.part, ..self }
    }

    pub(super) fn value(self) -> A {
        shift(self.part, self.exponent)
    }

    /// The logarithm of its size.
    pub(super) fn log(self) -> A {
        // Near 1 the two terms would cancel; every precision has these numbers.
        if self.exponent.abs() <= 64 {
            return self.value().abs().log();
        }
        self.part.abs().log() + A::lit(f64::from(self.exponent)) * A::lit(std::f64::consts::LN_2)
    }
}

#[cfg(test)]
mod tests {
    use super::{exponent, shift};

    #[test]
    fn exponents_are_exact_down_to_the_least_number() {
        for e in -1074..=1023 {
            let x = if e < -1022 {
                f64::from_bits(1 << (e + 1074))
            } else {
                f64::from_bits(((e + 1023) as u64) << 52)
            };
            assert_eq!((exponent(x), exponent(-1.5 * x)), (e, if e == -1074 { -1073 } else { e }), "{x}");
            assert_eq!(shift(1.0, e), x);
            assert_eq!(shift(x, -e), 1.0);
        }
        for e in -149..=127 {
            let x = shift(1.0f32, e);
            assert_eq!((exponent(x), shift(x, -e)), (e, 1.0), "{x}");
        }
    }

    #[test]
    fn what_has_no_exponent_has_0() {
        assert_eq!([0.0, f64::INFINITY, f64::NAN].map(exponent), [0, 0, 0]);
        assert_eq!(shift(0.0f64, 1 << 30), 0.0);
    }
}
