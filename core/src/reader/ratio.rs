//! Correct rounding of numbers too long for a machine word: integers of radix 2, 8 or 16, and
//! fractions of integers.
//!
//! A number is brought to the form `mantissa · 2^exponent` with at least 64 significant bits and a
//! sticky bit for all that was cut off, and is then rounded once, ties to even, subnormals included.

use std::cmp::Ordering;

/// The fraction's parts may have this many digits, so that its division stays linear in the text.
pub(super) const MOST_DIGITS: usize = 1000;

/// `mantissa · 2^exponent` plus a bit more if `sticky`, rounded to nearest, ties to even. With
/// `sticky`, the mantissa must have at least 64 significant bits.
fn round(mantissa: u128, sticky: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let top = exponent + 127 - i64::from(mantissa.leading_zeros());
    if top > 1023 {
        return f64::INFINITY;
    }
    // The weight of the result's last bit.
    let grid = (top - 52).max(-1074);
    let whole = if grid <= exponent {
        // Nothing to cut: there are at most 53 bits, and shifting up to the grid keeps them all.
        mantissa << (exponent - grid)
    } else {
        let cut = grid - exponent;
        if cut > 128 {
            return 0.0;
        }
        let kept = mantissa.checked_shr(cut as u32).unwrap_or(0);
        let rest = mantissa.checked_shl(128 - cut as u32).unwrap_or(0);
        let half = 1u128 << 127;
        let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
        kept + u128::from(up)
    };
    // Exact: at most 53 bits (or a power of two) on the grid of doubles, or past the largest one.
    whole as f64 * power_of_two(grid)
}

/// `2^exponent` for `-1074 ≤ exponent ≤ 1023`.
fn power_of_two(exponent: i64) -> f64 {
    if exponent >= -1022 {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    } else {
        f64::from_bits(1 << (exponent + 1074))
    }
}

/// An integer written in a radix that is a power of two; the digits are already checked.
pub(super) fn binary_integer(digits: &str, radix: u32) -> f64 {
    let bits = radix.trailing_zeros();
    let (mut mantissa, mut sticky, mut exponent) = (0u128, false, 0i64);
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        if mantissa.leading_zeros() >= bits {
            mantissa = mantissa << bits | u128::from(digit);
        } else {
            sticky |= digit != 0;
            exponent += i64::from(bits);
        }
    }
    round(mantissa, sticky, exponent)
}

/// The fraction of two integers in a radix, each of at most [`MOST_DIGITS`] checked digits, the lower
/// not zero.
pub(super) fn fraction(above: &str, below: &str, radix: u32) -> f64 {
    // A division of doubles rounds once, if its operands are exact.
    let exact = |digits| u64::from_str_radix(digits, radix).ok().filter(|n| *n <= 1 << 53);
    if let (Some(above), Some(below)) = (exact(above), exact(below)) {
        return above as f64 / below as f64;
    }
    let (mut above, mut below) = (Big::parse(above, radix), Big::parse(below, radix));
    if above.bits() == 0 {
        return 0.0;
    }
    // Scaled so that the quotient lies between 1/2 and 2, the long division below gives its bits.
    let scale = above.bits() as i64 - below.bits() as i64;
    if scale > 0 {
        below.shift_left(scale as usize);
    } else {
        above.shift_left(scale.unsigned_abs() as usize);
    }
    const STEPS: i64 = 66;
    let mut quotient = 0u128;
    for _ in 0..STEPS {
        let fits = above.compare(&below) != Ordering::Less;
        if fits {
            above.subtract(&below);
        }
        quotient = quotient << 1 | u128::from(fits);
        above.shift_left(1);
    }
    round(quotient, above.bits() != 0, scale - (STEPS - 1))
}

/// A natural number, its 64-bit digits from the least; the last one is not zero.
struct Big(Vec<u64>);

impl Big {
    fn parse(digits: &str, radix: u32) -> Self {
        let mut big = Self(Vec::new());
        // As many digits at a time as a word holds for every radix up to 16.
        for chunk in digits.as_bytes().chunks(15) {
            let value = chunk
                .iter()
                .filter_map(|b| char::from(*b).to_digit(radix))
                .fold(0u64, |value, digit| value * u64::from(radix) + u64::from(digit));
            big.multiply_add(u64::from(radix).pow(chunk.len() as u32), value);
        }
        big
    }

    fn multiply_add(&mut self, factor: u64, term: u64) {
        let mut carry = u128::from(term);
        for word in &mut self.0 {
            carry += u128::from(*word) * u128::from(factor);
            *word = carry as u64;
            carry >>= 64;
        }
        if carry != 0 {
            self.0.push(carry as u64);
        }
    }

    fn bits(&self) -> usize {
        self.0.last().map_or(0, |top| self.0.len() * 64 - top.leading_zeros() as usize)
    }

    fn shift_left(&mut self, by: usize) {
        if self.0.is_empty() {
            return;
        }
        let within = by % 64;
        if within > 0 {
            let mut carry = 0;
            for word in &mut self.0 {
                let next = *word >> (64 - within);
                *word = *word << within | carry;
                carry = next;
            }
            if carry != 0 {
                self.0.push(carry);
            }
        }
        self.0.splice(0..0, std::iter::repeat_n(0, by / 64));
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Takes away a number that is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (i, word) in self.0.iter_mut().enumerate() {
            let (less, under) = word.overflowing_sub(other.0.get(i).copied().unwrap_or(0));
            let (less, under_again) = less.overflowing_sub(u64::from(borrow));
            *word = less;
            borrow = under || under_again;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_round_once() {
        let two53 = "9007199254740993"; // 2^53 + 1, a tie
        assert_eq!(fraction(two53, "1", 10), 9007199254740992.0);
        assert_eq!(fraction("9007199254740995", "1", 10), 9007199254740996.0);
        assert_eq!(fraction("1", "3", 10), 1.0 / 3.0);
        assert_eq!(fraction(&format!("1{}", "0".repeat(30)), &format!("3{}", "0".repeat(30)), 10), 1.0 / 3.0);
        assert_eq!(fraction("f", "1e", 16), 0.5);
        // A hair above a tie, decided by the last digit of many.
        let above = format!("9007199254740993{}1", "0".repeat(400));
        let below = format!("1{}", "0".repeat(401));
        assert_eq!(fraction(&above, &below, 10), 9007199254740994.0);
    }

    #[test]
    fn fractions_reach_both_ends() {
        let power = |n: usize| format!("1{}", "0".repeat(n));
        assert_eq!(fraction(&power(308), "1", 10), 1e308);
        assert_eq!(fraction(&power(309), "1", 10), f64::INFINITY);
        assert_eq!(fraction("1", &power(308), 10), 1e-308);
        assert_eq!(fraction("49", &power(325), 10), 4.9e-324);
        assert_eq!(fraction("3", &power(324), 10), 3e-324);
        assert_eq!(fraction("2", &power(324), 10), 0.0);
        assert_eq!(fraction("1", &power(900), 10), 0.0);
        // Exactly half of the least subnormal goes to even, which is zero; a hair more does not.
        let half = format!("1{}", "0".repeat(1075));
        assert_eq!(fraction("1", &half, 2), 0.0);
        let hair = format!("1{}", "0".repeat(1080));
        assert_eq!(fraction("100001", &hair, 2), f64::from_bits(1));
    }

    #[test]
    fn binary_integers_round_once() {
        assert_eq!(binary_integer("ff", 16), 255.0);
        assert_eq!(binary_integer("0", 2), 0.0);
        let bits = |s: &str| format!("1{}{s}", "0".repeat(52));
        assert_eq!(binary_integer(&bits("1"), 2), 9007199254740992.0);
        assert_eq!(binary_integer(&bits(&format!("1{}1", "0".repeat(500))), 2), {
            9007199254740994.0 * 2f64.powi(501)
        });
        assert_eq!(binary_integer(&"f".repeat(256), 16), f64::INFINITY);
        assert_eq!(binary_integer(&format!("{}8{}", "f".repeat(13), "0".repeat(242)), 16), f64::MAX);
        assert_eq!(binary_integer("777", 8), 511.0);
    }
}
