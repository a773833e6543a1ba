//! Characters: Unicode scalar values.

use super::{Fault, Machine, unicode};
use crate::value::{Value, View};
use scheme_core::{diag::Code, prim::Structural, real::Real};
use std::cmp::Ordering;

impl Machine {
    pub(super) fn char_of(&self, c: Value, who: &str, at: u32) -> Result<char, Box<Fault>> {
        match c.view() {
            View::Char(c) => Ok(c),
            _ => Err(self.not_a(who, "characters", c, at)),
        }
    }

    /// What a row says of one character.
    pub(super) fn of_char(&self, row: Structural, c: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let View::Char(c) = c.view() else { return Err(self.not_a(who, "a character", c, at)) };
        Ok(match row {
            Structural::IsAlphabetic => Value::bool(c.is_alphabetic()),
            Structural::IsNumeric => Value::bool(unicode::digit_value(c).is_some()),
            Structural::IsWhitespace => Value::bool(c.is_whitespace()),
            Structural::IsUpperCase => Value::bool(c.is_uppercase()),
            Structural::IsLowerCase => Value::bool(c.is_lowercase()),
            Structural::CharUpcase => Value::char(unicode::upcase(c)),
            Structural::CharDowncase => Value::char(unicode::downcase(c)),
            Structural::CharFoldcase => Value::char(unicode::fold(c)),
            Structural::DigitValue => {
                unicode::digit_value(c).map_or(Value::bool(false), |d| Value::num(f64::from(d)))
            }
            _ => Value::num(f64::from(u32::from(c))),
        })
    }

    pub(super) fn integer_to_char(&self, n: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let v = self.number(n, who, at)?;
        let code =
            (v.is_integer() && (0.0..=f64::from(u32::from(char::MAX))).contains(&v)).then_some(v as u32);
        let found = code.and_then(char::from_u32).map(Value::char);
        found.ok_or_else(|| {
            let message = format!("`{who}` takes a Unicode scalar value, not {}", self.write(n));
            self.fault(Code::OutOfDomain, message, at)
        })
    }

    /// Whether each neighbouring pair is in the order that `holds` wants.
    pub(super) fn compare_chars(
        &self,
        arguments: &[Value],
        fold: bool,
        holds: fn(Ordering) -> bool,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let key = |c: char| if fold { unicode::fold(c) } else { c };
        let chars: Result<Vec<_>, _> = arguments.iter().map(|c| self.char_of(*c, who, at).map(key)).collect();
        Ok(Value::bool(chars?.windows(2).all(|pair| holds(pair[0].cmp(&pair[1])))))
    }
}
