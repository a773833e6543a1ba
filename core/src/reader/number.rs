//! The text of numbers, by R7RS 7.1.1 without the complex ones.
//!
//! Every number becomes the nearest double, ties to even, however long its text. Exactness prefixes
//! are read and have one effect: what is written exactly (`-0`, `-0/5`, `#e-0.0`) has no negative zero.

use super::ratio;
use std::fmt;

/// Why a text is not a number of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberError {
    /// It does not have the form of a number.
    Form,
    /// It has the form of a complex number.
    Complex,
    /// A fraction's lower part is zero.
    ZeroBelow,
    /// `#e` stands before an infinity or nan.
    NoExact,
    /// It is too large for a double.
    Range,
    /// A fraction's parts have too many digits.
    Long,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("not a number"),
            Self::Complex => f.write_str("complex numbers are not in the language"),
            Self::ZeroBelow => f.write_str("a fraction with a zero below"),
            Self::NoExact => f.write_str("an infinity or nan cannot be exact"),
            Self::Range => f.write_str("too large for a number of the language"),
            Self::Long => write!(f, "the parts of a fraction have up to {} digits", ratio::MOST_DIGITS),
        }
    }
}

/// Whether a text can only be meant as a number: R7RS lets no identifier begin like this.
pub(super) fn looks_like_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']);
    let is_imaginary = |rest: &str| rest.eq_ignore_ascii_case("i") || rest.eq_ignore_ascii_case("inf.0i");
    if unsigned.is_some_and(|rest| is_infnan(rest) || is_imaginary(rest)) {
        return true;
    }
    let rest = unsigned.unwrap_or(text);
    rest.strip_prefix('.').unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit())
}

fn is_infnan(unsigned: &str) -> bool {
    unsigned.eq_ignore_ascii_case("inf.0") || unsigned.eq_ignore_ascii_case("nan.0")
}

/// The number that a text is, prefixes such as `#x` and `#e` included; `radix` (2, 8, 10 or 16) holds
/// where the text does not give one.
pub fn parse(text: &str, radix: u32) -> Result<f64, NumberError> {
    let (mut given, mut exact, mut body) = (None, None, text);
    while let Some(rest) = body.strip_prefix('#') {
        let mut chars = rest.chars();
        match chars.next().map(|c| c.to_ascii_lowercase()) {
            Some(c @ ('x' | 'd' | 'o' | 'b')) if given.is_none() => {
                given = Some(match c {
                    'x' => 16,
                    'd' => 10,
                    'o' => 8,
                    _ => 2,
                });
            }
            Some(c @ ('e' | 'i')) if exact.is_none() => exact = Some(c == 'e'),
            _ => return Err(NumberError::Form),
        }
        body = chars.as_str();
    }
    let radix = given.unwrap_or(radix);
    real(body, radix, exact).map_err(|error| match error {
        NumberError::Form if is_complex(body, radix) => NumberError::Complex,
        _ => error,
    })
}

/// `3i`, `1+2i`, `1@2`: a real, a sign or nothing before the last part, which ends in `i`.
fn is_complex(body: &str, radix: u32) -> bool {
    let is_real = |text: &str| real(text, radix, None) != Err(NumberError::Form);
    if let Some((size, angle)) = body.split_once('@') {
        return is_real(size) && is_real(angle);
    }
    let Some(body) = body.strip_suffix(['i', 'I']) else { return false };
    let last_sign = body.bytes().enumerate().rev().find(|(i, b)| {
        matches!(b, b'+' | b'-') && !(radix == 10 && *i > 0 && matches!(body.as_bytes()[i - 1], b'e' | b'E'))
    });
    let (first, second) = body.split_at(last_sign.map_or(0, |(i, _)| i));
    (first.is_empty() || is_real(first)) && (matches!(second, "+" | "-") || is_real(second))
}

/// A number without prefixes.
fn real(body: &str, radix: u32, exact: Option<bool>) -> Result<f64, NumberError> {
    let (negative, magnitude) = match body.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, body.strip_prefix('+').unwrap_or(body)),
    };
    if magnitude.len() < body.len() && is_infnan(magnitude) {
        return match (exact == Some(true), magnitude.starts_with(['i', 'I']), negative) {
            (true, ..) => Err(NumberError::NoExact),
            (_, true, true) => Ok(f64::NEG_INFINITY),
            (_, true, false) => Ok(f64::INFINITY),
            (_, false, _) => Ok(f64::NAN),
        };
    }
    let is_integer = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let (size, written_exactly) = if is_integer(magnitude) {
        (if radix == 10 { decimal(magnitude)? } else { ratio::binary_integer(magnitude, radix) }, true)
    } else if let Some((above, below)) = magnitude.split_once('/') {
        if !is_integer(above) || !is_integer(below) {
            return Err(NumberError::Form);
        }
        (fraction(above, below, radix)?, true)
    } else if radix == 10 {
        (decimal(magnitude)?, exact == Some(true))
    } else {
        return Err(NumberError::Form);
    };
    if size.is_infinite() {
        return Err(NumberError::Range);
    }
    let no_sign = size == 0.0 && written_exactly;
    Ok(if negative && !no_sign { -size } else { size })
}

fn fraction(above: &str, below: &str, radix: u32) -> Result<f64, NumberError> {
    let (above, below) = (above.trim_start_matches('0'), below.trim_start_matches('0'));
    if below.is_empty() {
        return Err(NumberError::ZeroBelow);
    }
    if above.len().max(below.len()) > ratio::MOST_DIGITS {
        return Err(NumberError::Long);
    }
    Ok(ratio::fraction(above, below, radix))
}

/// `digits [. digits] [e [sign] digits]`, with a digit before the exponent.
fn decimal(text: &str) -> Result<f64, NumberError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_digits = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let formed = all_digits(whole)
        && all_digits(part)
        && whole.len() + part.len() > 0
        && exponent_digits.is_none_or(|digits| !digits.is_empty() && all_digits(digits));
    if !formed {
        return Err(NumberError::Form);
    }
    let text = if text.len() > 64 { &shortened(whole, part, exponent) } else { text };
    text.parse().map_err(|_| NumberError::Form)
}

/// The same number in a text of bounded length: rounding to a double needs no more than 768
/// significant digits and to know whether any other is not zero; and the exponent, in which Rust's
/// own parsing trusts only the leading digits, has become small or decides by itself.
fn shortened(whole: &str, part: &str, exponent: Option<&str>) -> String {
    const DIGITS: usize = 800;
    let exponent = exponent.map_or(0, |text| {
        let far = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        text.parse::<i64>().unwrap_or(far).clamp(i64::MIN / 2, i64::MAX / 2)
    });
    let leading_zeros = whole.bytes().chain(part.bytes()).take_while(|b| *b == b'0').count();
    let significant = || whole.chars().chain(part.chars()).skip(leading_zeros);
    let mut text = String::from("0.");
    text.extend(significant().take(DIGITS));
    if significant().skip(DIGITS).any(|c| c != '0') {
        text.push('1');
    }
    // 0.d1d2… · 10^point is the number; past a thousand either way it is too large or zero.
    let point = exponent.saturating_add(whole.len() as i64 - leading_zeros as i64);
    text.push_str(&format!("e{}", point.clamp(-1000, 1000)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases: &[(&str, f64)] = &[
            ("42", 42.0),
            ("-1.5", -1.5),
            ("+7", 7.0),
            (".5", 0.5),
            ("-.5", -0.5),
            ("5.", 5.0),
            ("1e-3", 1e-3),
            ("1E3", 1e3),
            ("1e+3", 1e3),
            ("6.674e-11", 6.674e-11),
            ("1/3", 1.0 / 3.0),
            ("-1/2", -0.5),
            ("+inf.0", f64::INFINITY),
            ("-INF.0", f64::NEG_INFINITY),
            ("+nan.0", f64::NAN),
            ("-nan.0", f64::NAN),
            ("#e1", 1.0),
            ("#i1", 1.0),
            ("#xff", 255.0),
            ("#XFF", 255.0),
            ("#x-fF", -255.0),
            ("#b101", 5.0),
            ("#o17", 15.0),
            ("#d10", 10.0),
            ("#x#e1a", 26.0),
            ("#e#x1a", 26.0),
            ("#x1/f", 1.0 / 15.0),
            ("#xe1", 225.0),
            ("#e1.5", 1.5),
            ("-0", 0.0),
            ("-0.0", -0.0),
            ("-0/5", 0.0),
            ("-.0", -0.0),
            ("-0e0", -0.0),
            ("#e-0.0", 0.0),
            ("#x-0", 0.0),
            ("1e-999", 0.0),
            ("4.9e-324", f64::from_bits(1)),
            ("9007199254740993", 9007199254740992.0),
            ("1e00000000000000000000000000000000000000000000000000000000000000001", 10.0),
        ];
        for (text, number) in cases {
            let read = parse(text, 10);
            assert!(
                read.is_ok_and(|x| x.to_bits() == number.to_bits() || x.is_nan() && number.is_nan()),
                "{text} read as {read:?}"
            );
        }
        assert_eq!(parse("ff", 16), Ok(255.0));
        assert_eq!(parse("#d10", 16), Ok(10.0));
    }

    #[test]
    fn not_numbers() {
        use NumberError::*;
        let cases = [
            ("", Form),
            ("+", Form),
            (".", Form),
            ("-.", Form),
            ("1.2.3", Form),
            ("12abc", Form),
            ("1e", Form),
            ("1e+", Form),
            ("1e5.5", Form),
            ("e5", Form),
            (".e5", Form),
            ("1/", Form),
            ("/2", Form),
            ("1/-2", Form),
            ("1/2.5", Form),
            ("1/2/3", Form),
            ("1_000", Form),
            ("--1", Form),
            ("inf.0", Form),
            ("nan", Form),
            ("infinity", Form),
            ("#x1.5", Form),
            ("#b12", Form),
            ("#x#b1", Form),
            ("#e#e1", Form),
            ("#", Form),
            ("#x", Form),
            ("1/0", ZeroBelow),
            ("0/000", ZeroBelow),
            ("1e999", Range),
            ("-1e999", Range),
            ("#e+inf.0", NoExact),
            ("+i", Complex),
            ("3i", Complex),
            ("1+2i", Complex),
            ("1e-2-3e+4i", Complex),
            ("+inf.0i", Complex),
            ("1@2", Complex),
        ];
        for (text, error) in cases {
            assert_eq!(parse(text, 10), Err(error), "{text}");
        }
    }

    #[test]
    fn long_numbers() {
        let zeros = "0".repeat(100_000);
        assert_eq!(parse(&format!("1{zeros}e-100000"), 10), Ok(1.0));
        assert_eq!(parse(&format!("0.{zeros}1e100001"), 10), Ok(1.0));
        assert_eq!(
            parse(&format!("9007199254740993{}1e-1001", "0".repeat(1000)), 10),
            Ok(9007199254740994.0)
        );
        assert_eq!(parse(&format!("1e{}", "9".repeat(1000)), 10), Err(NumberError::Range));
        assert_eq!(parse(&format!("1e-{}", "9".repeat(1000)), 10), Ok(0.0));
        assert_eq!(parse(&format!("0e{}", "9".repeat(1000)), 10), Ok(0.0));
        assert_eq!(parse(&format!("{zeros}12"), 10), Ok(12.0));
        assert_eq!(parse(&format!("{zeros}1/{zeros}2"), 10), Ok(0.5));
        assert_eq!(parse(&format!("1{zeros}/2"), 10), Err(NumberError::Long));
        assert_eq!(parse(&format!("#x{zeros}f"), 10), Ok(15.0));
        assert_eq!(parse(&format!("#xf{zeros}"), 10), Err(NumberError::Range));
    }
}
