//! Numbers as data: integral values, fractions and texts. No derivative passes.

use super::{Fault, Machine};
use crate::value::Value;
use scheme_core::{
    diag::Code,
    prim::{Numeric, Structural},
    reader::{number_text, parse_number},
    real::Real,
};

/// Beyond this, doubles are further apart than integers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The roots of numbers below are integers that doubles hold.
const MOST_ROOTED: f64 = EXACT * EXACT;

impl Machine {
    /// Refuses what is no number.
    #[inline]
    pub(super) fn check_number(&self, x: Value, who: &str, at: u32) -> Result<(), Box<Fault>> {
        if x.is_number() { Ok(()) } else { Err(self.not_a(who, "numbers", x, at)) }
    }

    /// The value of a number, which settles it.
    #[inline]
    pub(super) fn number(&self, x: Value, who: &str, at: u32) -> Result<f64, Box<Fault>> {
        self.check_number(x, who, at)?;
        Ok(self.settled(x))
    }

    /// An integral number as it is.
    pub(super) fn exact(&mut self, x: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        self.check_number(x, who, at)?;
        if !x.primal().is_integer() {
            return Err(self.not_integral(x, who, at));
        }
        self.is_integral(x);
        Ok(x)
    }

    /// What a row says of which kind a number is.
    pub(super) fn kind_of_number(
        &mut self,
        row: Structural,
        x: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        self.check_number(x, who, at)?;
        match row {
            Structural::IsRational => self.apply_row(Numeric::IsFinite, &[x], at),
            Structural::IsInexact => {
                let integral = self.apply_row(Numeric::IsInteger, &[x], at)?;
                Ok(self.negated(integral))
            }
            Structural::IsInfinite => {
                let finite = self.apply_row(Numeric::IsFinite, &[x], at)?;
                let nan = self.apply_row(Numeric::IsNan, &[x], at)?;
                let either = self.apply_row(Numeric::Or, &[finite, nan], at)?;
                Ok(self.negated(either))
            }
            _ => self.apply_row(Numeric::IsInteger, &[x], at),
        }
    }

    #[cold]
    fn not_integral(&self, x: Value, who: &str, at: u32) -> Box<Fault> {
        let message = format!("`{who}` takes integers, but was given {}", self.write(x));
        self.fault(Code::OutOfDomain, message, at)
    }

    /// The value of an integral number, which settles it.
    pub(super) fn integer(&self, x: Value, who: &str, at: u32) -> Result<f64, Box<Fault>> {
        let v = self.number(x, who, at)?;
        if v.is_integer() {
            return Ok(v);
        }
        Err(self.not_integral(x, who, at))
    }

    /// A number as a fraction in lowest terms; its lower part is a power of 2.
    pub(super) fn fraction(&self, x: Value, who: &str, at: u32) -> Result<(f64, f64), Box<Fault>> {
        let (mut above, mut below) = (self.number(x, who, at)?, 1.0);
        // Doubling is exact, and nothing finite needs it more often than a double has exponents.
        while above.is_finite() && !above.is_integer() {
            above *= 2.0;
            below *= 2.0;
        }
        if above.is_finite() && f64::is_finite(below) {
            return Ok((above, below));
        }
        let message =
            format!("`{who}` takes a finite number whose fraction has finite parts, not {}", self.write(x));
        Err(self.fault(Code::OutOfDomain, message, at))
    }

    pub(super) fn gcd(&mut self, arguments: &[Value], who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let mut gcd: f64 = 0.0;
        for x in arguments {
            gcd = common_divisor(gcd, self.integer(*x, who, at)?);
        }
        Ok(Value::num(gcd))
    }

    pub(super) fn lcm(&mut self, arguments: &[Value], who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let mut lcm: f64 = 1.0;
        for x in arguments {
            let x = self.integer(*x, who, at)?.abs();
            lcm = if lcm == 0.0 || x == 0.0 { 0.0 } else { lcm / common_divisor(lcm, x) * x };
        }
        Ok(Value::num(lcm))
    }

    /// The integral root of a whole number, and what is left.
    pub(super) fn integer_sqrt(&self, n: Value, who: &str, at: u32) -> Result<(f64, f64), Box<Fault>> {
        let v = self.integer(n, who, at)?;
        if (0.0..MOST_ROOTED).contains(&v) {
            let root = (v as u128).isqrt();
            return Ok((root as f64, (v as u128 - root * root) as f64));
        }
        let message = format!("`{who}` takes a whole number from 0 to 2^106, not {}", self.write(n));
        Err(self.fault(Code::OutOfDomain, message, at))
    }

    pub(super) fn rationalize(
        &self,
        x: Value,
        within: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let (x, within) = (self.number(x, who, at)?, self.number(within, who, at)?.abs());
        Ok(Value::num(match (x, within) {
            _ if x.is_nan() || within.is_nan() || x.is_infinite() && within.is_infinite() => f64::NAN,
            _ if within == 0.0 || x.is_infinite() => x,
            _ if x.abs() <= within => 0.0,
            _ if x < 0.0 => -simplest(-x - within, (within - x).min(f64::MAX)),
            _ => simplest(x - within, (x + within).min(f64::MAX)),
        }))
    }

    pub(super) fn number_to_string(
        &mut self,
        x: Value,
        radix: Option<&Value>,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let v = self.number(x, who, at)?;
        let radix = self.radix(radix, |radix| (2..=36).contains(&radix), "from 2 to 36", who, at)?;
        let text = match radix {
            10 => number_text(v),
            _ if v.is_integer() => integer_text(v, radix),
            _ if !v.is_finite() => number_text(v),
            _ => {
                let message = format!("`{who}` writes only integers in radix {radix}, not {}", self.write(x));
                return Err(self.fault(Code::OutOfDomain, message, at));
            }
        };
        self.new_string(&text, at)
    }

    pub(super) fn string_to_number(
        &mut self,
        string: Value,
        radix: Option<&Value>,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let text = self.text_of(string, who, at)?;
        let known = |radix| matches!(radix, 2 | 8 | 10 | 16);
        let radix = self.radix(radix, known, "of 2, 8, 10 or 16", who, at)?;
        Ok(parse_number(&text, radix).map_or(Value::bool(false), Value::num))
    }

    fn radix(
        &self,
        radix: Option<&Value>,
        known: impl Fn(u32) -> bool,
        which: &str,
        who: &str,
        at: u32,
    ) -> Result<u32, Box<Fault>> {
        let Some(radix) = radix else { return Ok(10) };
        let v = self.number(*radix, who, at)?;
        if f64::from(v as u32) == v && known(v as u32) {
            return Ok(v as u32);
        }
        let message = format!("`{who}` takes a radix {which}, not {}", self.write(*radix));
        Err(self.fault(Code::OutOfDomain, message, at))
    }
}

/// Euclid's, on integral doubles, whose remainders are exact. A multiple that overflowed has no remainder, and ends it.
fn common_divisor(a: f64, b: f64) -> f64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b > 0.0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The fraction with the least denominator from `low` to `high`, of which 0 < low < high: by their
/// continued fractions, as far as they agree.
fn simplest(mut low: f64, mut high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    let (mut p, mut q) = ((0.0, 1.0), (1.0, 0.0));
    loop {
        let whole = low.floor();
        let last = whole == low || whole < high.floor();
        let digit = if last { low.ceil() } else { whole };
        (p, q) = ((p.1, p.0 + digit * p.1), (q.1, q.0 + digit * q.1));
        if q.1 > EXACT || p.1 > EXACT {
            return middle;
        }
        if last {
            return p.1 / q.1;
        }
        (low, high) = ((high - whole).recip(), (low - whole).recip());
    }
}

/// The digits of an integral double in a radix from 2 to 36, exactly.
fn integer_text(x: f64, radix: u32) -> String {
    // Limbs of 32 bits, the least first: the double's mantissa, then moved up by its exponent.
    let mut limbs = Vec::new();
    let mut rest = x.abs();
    let mut up = 0;
    while rest > EXACT {
        rest /= 2.0;
        up += 1;
    }
    limbs.resize(up / 32, 0);
    let mantissa = (rest as u128) << (up % 32);
    limbs.extend((0..3).map(|i| (mantissa >> (32 * i)) as u32));
    let mut digits = Vec::new();
    while let Some(top) = limbs.iter().rposition(|limb| *limb != 0) {
        let mut carry = 0;
        for limb in limbs[..=top].iter_mut().rev() {
            let value = carry << 32 | u64::from(*limb);
            *limb = (value / u64::from(radix)) as u32;
            carry = value % u64::from(radix);
        }
        digits.extend(char::from_digit(carry as u32, radix));
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if x < 0.0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_other_radices() {
        for (x, radix, text) in [
            (0.0, 2, "0"),
            (-0.0, 2, "0"),
            (-255.0, 16, "-ff"),
            (35.0, 36, "z"),
            (9_007_199_254_740_993.0, 16, "20000000000000"),
            (18_014_398_509_481_988.0, 16, "40000000000004"),
            (1e21, 8, "154327115334273650000000"),
        ] {
            assert_eq!(integer_text(x, radix), text);
        }
        assert_eq!(integer_text(2f64.powi(1000), 16), format!("1{}", "0".repeat(250)));
        let text = integer_text(1e300, 10);
        assert_eq!((text.len(), text.parse()), (301, Ok(1e300)));
        assert_eq!(i128::from_str_radix(&integer_text(-1e36, 7), 7), Ok(-1e36 as i128));
    }

    #[test]
    fn simplest_fractions() {
        for (low, high, simple) in [
            (0.2, 0.4, 1.0 / 3.0),
            (1.41, 1.42, 17.0 / 12.0),
            (1.5, 2.5, 2.0),
            (0.5, 0.6, 0.5),
            (1e-300, 2e-300, 1.5e-300),
        ] {
            assert_eq!(simplest(low, high), simple, "{low} {high}");
        }
    }
}
