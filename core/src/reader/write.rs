//! Data as text that reads back as the same data.
//!
//! The exception is a splice, which only tokens can hold: it is written `,{n}` and does not read
//! back. Writing keeps its own stack, so that data of any depth can be shown.

use super::atom::{is_invisible, read_atom};
use super::quoted::NAMED_CHARS;
use super::token::Mark;
use crate::datum::{Bracket, Datum, Kind};
use crate::span::Span;
use std::fmt;

/// The language's printing of numbers: the shortest digits that read back, positional for
/// 1e-7 ≤ |x| < 1e21, integral values without a point.
pub fn number_text(x: f64) -> String {
    let size = x.abs();
    if x.is_nan() {
        "+nan.0".into()
    } else if x.is_infinite() {
        if x > 0.0 { "+inf.0" } else { "-inf.0" }.into()
    } else if x == 0.0 {
        if x.is_sign_negative() { "-0.0" } else { "0" }.into()
    } else if (1e-7..1e21).contains(&size) {
        format!("{x}")
    } else {
        format!("{x:e}")
    }
}

/// The text of a symbol, between bars where it needs them.
pub fn symbol_text(name: &str) -> String {
    written(|text| symbol(name, text))
}

/// The text of a string, in quotation marks.
pub fn string_text(string: &str) -> String {
    written(|text| quoted(string, '"', text))
}

/// The text of a character.
pub fn char_text(c: char) -> String {
    written(|text| character(c, text))
}

/// Writing to a string, which never fails.
fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    match write(&mut text) {
        Ok(()) | Err(fmt::Error) => text,
    }
}

/// What is still to be written, the last first.
enum Step<'d> {
    Datum(&'d Datum),
    Text(&'static str),
}

/// Writes a datum as text that reads back as the same datum.
pub fn write(datum: &Datum, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut steps = vec![Step::Datum(datum)];
    while let Some(step) = steps.pop() {
        let kind = match step {
            Step::Text(text) => {
                f.write_str(text)?;
                continue;
            }
            Step::Datum(datum) => &datum.kind,
        };
        match kind {
            Kind::Number(x) => f.write_str(&number_text(*x))?,
            Kind::Bool(b) => f.write_str(if *b { "#t" } else { "#f" })?,
            Kind::Symbol(name) => symbol(name, f)?,
            Kind::Str(text) => quoted(text, '"', f)?,
            Kind::Char(c) => character(*c, f)?,
            Kind::Splice(n) => write!(f, ",{{{n}}}")?,
            Kind::Vector(items) => {
                f.write_str("#(")?;
                steps.push(Step::Text(")"));
                push_items(&mut steps, items);
            }
            Kind::List { items, tail, bracket } => {
                if let Some((mark, marked)) = marked(kind) {
                    f.write_str(mark.text())?;
                    steps.push(Step::Datum(marked));
                    continue;
                }
                let (open, close) = match bracket {
                    Bracket::Round => ("(", ")"),
                    Bracket::Square => ("[", "]"),
                };
                f.write_str(open)?;
                steps.push(Step::Text(close));
                if let Some(tail) = tail {
                    steps.push(Step::Datum(tail));
                    steps.push(Step::Text(" . "));
                }
                push_items(&mut steps, items);
            }
        }
    }
    Ok(())
}

fn push_items<'d>(steps: &mut Vec<Step<'d>>, items: &'d [Datum]) {
    for (i, item) in items.iter().enumerate().rev() {
        steps.push(Step::Datum(item));
        if i > 0 {
            steps.push(Step::Text(" "));
        }
    }
}

/// The mark that a list such as `(quote x)` can be written with.
fn marked(kind: &Kind) -> Option<(Mark, &Datum)> {
    let Kind::List { items, tail: None, bracket: Bracket::Round } = kind else { return None };
    let [form, marked] = items.as_slice() else { return None };
    let marks = [Mark::Quote, Mark::Quasiquote, Mark::Unquote, Mark::UnquoteSplicing];
    let mark = marks.into_iter().find(|mark| form.symbol() == Some(mark.form()))?;
    // `,{` means something else, and three backquotes that begin a line are a code fence.
    let doubled = mark == Mark::Quasiquote
        && marked.list().is_some_and(|inner| inner.first().and_then(Datum::symbol) == Some(mark.form()));
    (!matches!(marked.kind, Kind::Splice(_)) && !doubled).then_some((mark, marked))
}

fn symbol(name: &str, f: &mut impl fmt::Write) -> fmt::Result {
    let bare = read_atom(name, Span::default()).is_ok_and(|kind| matches!(kind, Kind::Symbol(_)));
    if bare { f.write_str(name) } else { quoted(name, '|', f) }
}

fn quoted(text: &str, quote: char, f: &mut impl fmt::Write) -> fmt::Result {
    f.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            '\u{7}' => f.write_str("\\a")?,
            '\u{8}' => f.write_str("\\b")?,
            // Between bars R7RS has no `\\`.
            '\\' if quote == '|' => f.write_str("\\x5c;")?,
            _ if c == quote || c == '\\' => write!(f, "\\{c}")?,
            _ if c.is_control() || is_invisible(c) => write!(f, "\\x{:x};", c as u32)?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char(quote)
}

fn character(c: char, f: &mut impl fmt::Write) -> fmt::Result {
    f.write_str("#\\")?;
    match NAMED_CHARS.iter().find(|(_, named)| *named == c) {
        Some((name, _)) => f.write_str(name),
        None if c.is_ascii_graphic() || c.is_alphanumeric() => f.write_char(c),
        None => write!(f, "x{:x}", c as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_shortest() {
        for (x, text) in [
            (0.0, "0"),
            (-0.0, "-0.0"),
            (1000.0, "1000"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-7, "0.0000001"),
            (9.9e-8, "9.9e-8"),
            (1e20, "100000000000000000000"),
            (1e21, "1e21"),
            (-1.5e300, "-1.5e300"),
            (f64::from_bits(1), "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::INFINITY, "+inf.0"),
            (f64::NEG_INFINITY, "-inf.0"),
            (-f64::NAN, "+nan.0"),
        ] {
            assert_eq!(number_text(x), text);
        }
    }
}
