//! General values outside of the machine: what a program gives that may be anything, and what a program
//! from a string is given.

mod leaves;
mod traits;
mod walk;

use crate::stack;
use scheme_core::reader::{char_text, number_text, string_text, symbol_text};
use std::fmt;

/// A value that a program gave, or is given.
///
/// Its text form is that of `write`. Numbers, truth values, strings, and vectors and matrices of numbers are made
/// by `into`: `2.0.into()`, `true.into()`, `"text".into()`, `[1.0, 2.0].into()`, `[[1.0, 0.0], [0.0, 1.0]].into()`;
/// a list is collected from an iterator.
/// ```
/// use scheme_runtime::{Answer, prelude::*};
///
/// let pair = scheme! { (list x (> x 1)) };
/// let answer = pair.call(2.0)?;
/// assert_eq!(answer, Answer::List(vec![2.0.into(), true.into()]));
/// assert_eq!(answer.to_string(), "(2 #t)");
/// # Ok::<(), Failure>(())
/// ```
pub enum Answer {
    /// A number.
    Number(f64),
    /// `#t` or `#f`.
    Bool(bool),
    /// A symbol, by its name.
    Symbol(String),
    /// A string.
    String(String),
    /// A character.
    Char(char),
    /// A proper list.
    List(Vec<Answer>),
    /// Pairs that end with another value than the empty list: the items before it, at least one, and it.
    Dotted(Vec<Answer>, Box<Answer>),
    /// A general vector.
    Vector(Vec<Answer>),
    /// A numeric vector.
    Numbers(Vec<f64>),
    /// A matrix, by its rows.
    Matrix(Vec<Vec<f64>>),
    /// Several values, or none.
    Values(Vec<Answer>),
    /// A primitive procedure, by its name.
    Procedure(&'static str),
    /// A procedure of the program, with the name that it was defined under, if any.
    Lambda(Option<String>),
    /// The value of what has no value.
    Unspecified,
    /// A value nested deeper than 500 or of more than four million items, as text that may be cut off.
    Text(String),
}

impl Answer {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The name of a symbol, or the text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Symbol(text) | Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list or general vector.
    pub fn items(&self) -> Option<&[Answer]> {
        match self {
            Self::List(items) | Self::Vector(items) => Some(items),
            _ => None,
        }
    }

    /// The numbers of a numeric vector, or of a list or general vector of numbers.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::Numbers(numbers) => Some(numbers.clone()),
            _ => self.items()?.iter().map(Self::number).collect(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        stack::for_a_level(|| self.write(f))
    }
}

impl Answer {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => f.write_str(&number_text(*x)),
            Self::Bool(b) => f.write_str(if *b { "#t" } else { "#f" }),
            Self::Symbol(name) => f.write_str(&symbol_text(name)),
            Self::String(text) => f.write_str(&string_text(text)),
            Self::Char(c) => f.write_str(&char_text(*c)),
            Self::List(items) => spaced("(", items, ")", f),
            Self::Dotted(items, tail) => {
                spaced("(", items, " . ", f)?;
                write!(f, "{tail})")
            }
            Self::Vector(items) => spaced("#(", items, ")", f),
            Self::Numbers(numbers) => array(numbers, f),
            Self::Matrix(rows) => {
                f.write_str("(mat")?;
                for row in rows {
                    f.write_str(" ")?;
                    array(row, f)?;
                }
                f.write_str(")")
            }
            Self::Values(values) if values.is_empty() => f.write_str("#<values>"),
            Self::Values(values) => spaced("#<values ", values, ">", f),
            Self::Procedure(name) => write!(f, "#<procedure {name}>"),
            Self::Lambda(Some(name)) => write!(f, "#<procedure {}>", symbol_text(name)),
            Self::Lambda(None) => f.write_str("#<procedure>"),
            Self::Unspecified => f.write_str("#<unspecified>"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

fn spaced(begin: &str, items: &[Answer], end: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(begin)?;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(" ")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str(end)
}

fn array(numbers: &[f64], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let numbers: Vec<String> = numbers.iter().map(|x| number_text(*x)).collect();
    write!(f, "[{}]", numbers.join(" "))
}

impl From<f64> for Answer {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<bool> for Answer {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        Self::String(text.to_string())
    }
}

impl From<char> for Answer {
    fn from(c: char) -> Self {
        Self::Char(c)
    }
}

impl From<Vec<f64>> for Answer {
    /// A numeric vector.
    fn from(numbers: Vec<f64>) -> Self {
        Self::Numbers(numbers)
    }
}

impl From<&[f64]> for Answer {
    /// A numeric vector.
    fn from(numbers: &[f64]) -> Self {
        Self::Numbers(numbers.to_vec())
    }
}

impl<const N: usize> From<[f64; N]> for Answer {
    /// A numeric vector.
    fn from(numbers: [f64; N]) -> Self {
        Self::Numbers(numbers.into())
    }
}

impl<const R: usize, const C: usize> From<[[f64; C]; R]> for Answer {
    /// A matrix, by its rows.
    fn from(rows: [[f64; C]; R]) -> Self {
        Self::Matrix(rows.map(Vec::from).into())
    }
}

impl<A: Into<Answer>> FromIterator<A> for Answer {
    /// A list.
    fn from_iter<I: IntoIterator<Item = A>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
