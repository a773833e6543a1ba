//! Distance of a number from an exact value, in units in the last place.

use astro_float::{BigFloat, Consts, RoundingMode};

/// Bits of the big floats.
pub(crate) const BITS: usize = 192;
/// Their rounding.
pub(crate) const NEAREST: RoundingMode = RoundingMode::ToEven;

/// What a big-float computation needs at hand.
pub(crate) struct Big {
    consts: Consts,
}

impl Big {
    pub(crate) fn new() -> Self {
        Self { consts: Consts::new().expect("memory for the constants") }
    }

    /// A number, exactly. The crate's own conversion halves subnormal ones.
    pub(crate) fn of(x: f64) -> BigFloat {
        let mut big = BigFloat::from_f64(x * 2f64.powi(if x.abs() < 1.0 { 64 } else { 0 }), BITS);
        if let (true, false, Some(e)) = (x.abs() < 1.0, big.is_zero(), big.exponent()) {
            big.set_exponent(e - 64);
        }
        big
    }

    pub(crate) fn add(a: &BigFloat, b: &BigFloat) -> BigFloat {
        a.add(b, BITS, NEAREST)
    }

    pub(crate) fn sub(a: &BigFloat, b: &BigFloat) -> BigFloat {
        a.sub(b, BITS, NEAREST)
    }

    pub(crate) fn mul(a: &BigFloat, b: &BigFloat) -> BigFloat {
        a.mul(b, BITS, NEAREST)
    }

    pub(crate) fn div(a: &BigFloat, b: &BigFloat) -> BigFloat {
        a.div(b, BITS, NEAREST)
    }

    pub(crate) fn exp(&mut self, x: &BigFloat) -> BigFloat {
        x.exp(BITS, NEAREST, &mut self.consts)
    }

    pub(crate) fn ln(&mut self, x: &BigFloat) -> BigFloat {
        x.ln(BITS, NEAREST, &mut self.consts)
    }

    pub(crate) fn consts(&mut self) -> &mut Consts {
        &mut self.consts
    }

    /// `c[0] + x·(c[1] + …)`, each coefficient the reciprocal of the given number.
    fn series(x: &BigFloat, reciprocals: &[f64]) -> BigFloat {
        let mut sum = Self::of(0.0);
        for c in reciprocals.iter().rev() {
            sum = Self::add(&Self::div(&Self::of(1.0), &Self::of(*c)), &Self::mul(x, &sum));
        }
        sum
    }

    /// `log(1+x)`, by its series where the sum would lose digits.
    pub(crate) fn ln_1p(&mut self, x: &BigFloat) -> BigFloat {
        if x.exponent().is_none_or(|e| e < -40) {
            return Self::mul(x, &Self::series(x, &[1.0, -2.0, 3.0, -4.0, 5.0]));
        }
        let sum = Self::add(&Self::of(1.0), x);
        self.ln(&sum)
    }

    /// `e^x - 1`, by its series where the difference would lose digits.
    pub(crate) fn exp_m1(&mut self, x: &BigFloat) -> BigFloat {
        if x.exponent().is_none_or(|e| e < -40) {
            return Self::mul(x, &Self::series(x, &[1.0, 2.0, 6.0, 24.0, 120.0]));
        }
        let power = self.exp(x);
        Self::sub(&power, &Self::of(1.0))
    }
}

/// The value of a big float, to some 50 bits.
fn approximate(x: &BigFloat) -> f64 {
    match x.as_raw_parts() {
        Some((words, _, sign, exponent, _)) if !x.is_zero() => {
            let top = words.last().copied().unwrap_or(0) as f64 / 2f64.powi(64);
            let size = top * 2f64.powi(exponent);
            if sign.is_negative() { -size } else { size }
        }
        _ if x.is_zero() => 0.0,
        _ => f64::NAN,
    }
}

/// How far a number is from the exact value, in ulps of the value; an infinity counts as 2^1024.
pub(crate) fn ulps(got: f64, exact: &BigFloat) -> f64 {
    let Some(exponent) = exact.exponent() else { return f64::NAN };
    let exponent = if exact.is_zero() { -1100 } else { exponent };
    if got.is_infinite() && exponent > 1024 {
        return if exact.is_negative() == (got < 0.0) { 0.0 } else { f64::INFINITY };
    }
    let got = if got.is_infinite() {
        Big::mul(&Big::of(2f64.powi(1000).copysign(got)), &Big::of(2f64.powi(24)))
    } else {
        Big::of(got)
    };
    // The unit is 2^(exponent-53), and no less than the least subnormal; so as not to underflow
    // on the way the scaling is of the big float.
    let scale = 53 - exponent.clamp(-1021, 1024);
    let mut difference = Big::sub(&got, exact);
    if let (false, Some(e)) = (difference.is_zero(), difference.exponent()) {
        difference.set_exponent(e + scale);
    }
    approximate(&difference).abs()
}

#[test]
fn distances() {
    let third = Big::div(&Big::of(1.0), &Big::of(3.0));
    assert!((ulps(1.0 / 3.0, &third) - 1.0 / 3.0).abs() < 1e-10);
    assert!((ulps((1.0f64 / 3.0).next_up(), &third) - 2.0 / 3.0).abs() < 1e-10);
    assert_eq!(ulps(1.0f64.next_up(), &Big::of(1.0)), 1.0);
    assert_eq!(ulps(0.0, &Big::of(5e-324)), 1.0);
    assert_eq!(ulps(f64::INFINITY, &Big::of(f64::MAX)), 1.0);
    assert_eq!(ulps(f64::INFINITY, &Big::mul(&Big::of(f64::MAX), &Big::of(3.0))), 0.0);
    assert_eq!(ulps(3e-323, &Big::of(0.0)), 6.0);
    assert!(ulps(f64::NAN, &Big::of(1.0)).is_nan());
}
