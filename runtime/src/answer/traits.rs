//! Copying, comparing and showing values. As `derive` has it, on a stack that grows where a small thread's would end.

use super::Answer;
use crate::stack;
use std::fmt;

impl Clone for Answer {
    fn clone(&self) -> Self {
        match self {
            Self::Number(x) => Self::Number(*x),
            Self::Bool(b) => Self::Bool(*b),
            Self::Symbol(name) => Self::Symbol(name.clone()),
            Self::String(text) => Self::String(text.clone()),
            Self::Char(c) => Self::Char(*c),
            Self::List(items) => stack::for_a_level(|| Self::List(items.clone())),
            Self::Dotted(items, tail) => stack::for_a_level(|| Self::Dotted(items.clone(), tail.clone())),
            Self::Vector(items) => stack::for_a_level(|| Self::Vector(items.clone())),
            Self::Numbers(numbers) => Self::Numbers(numbers.clone()),
            Self::Matrix(rows) => Self::Matrix(rows.clone()),
            Self::Values(items) => stack::for_a_level(|| Self::Values(items.clone())),
            Self::Procedure(name) => Self::Procedure(name),
            Self::Lambda(name) => Self::Lambda(name.clone()),
            Self::Unspecified => Self::Unspecified,
            Self::Text(text) => Self::Text(text.clone()),
        }
    }
}

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        self.walk().zip(other.walk()).all(|(a, b)| a.is_same_but_for_parts(b))
    }
}

impl Answer {
    /// Whether two values are equal if those in them are.
    fn is_same_but_for_parts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::Symbol(a), Self::Symbol(b))
            | (Self::String(a), Self::String(b))
            | (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b))
            | (Self::Dotted(a, _), Self::Dotted(b, _))
            | (Self::Vector(a), Self::Vector(b))
            | (Self::Values(a), Self::Values(b)) => a.len() == b.len(),
            (Self::Numbers(a), Self::Numbers(b)) => a == b,
            (Self::Matrix(a), Self::Matrix(b)) => a == b,
            (Self::Procedure(a), Self::Procedure(b)) => a == b,
            (Self::Lambda(a), Self::Lambda(b)) => a == b,
            (Self::Unspecified, Self::Unspecified) => true,
            _ => false,
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut one = |name: &str, field: &dyn fmt::Debug| {
            stack::for_a_level(|| f.debug_tuple(name).field(field).finish())
        };
        match self {
            Self::Number(x) => one("Number", x),
            Self::Bool(b) => one("Bool", b),
            Self::Symbol(name) => one("Symbol", name),
            Self::String(text) => one("String", text),
            Self::Char(c) => one("Char", c),
            Self::List(items) => one("List", items),
            Self::Dotted(items, tail) => {
                stack::for_a_level(|| f.debug_tuple("Dotted").field(items).field(tail).finish())
            }
            Self::Vector(items) => one("Vector", items),
            Self::Numbers(numbers) => one("Numbers", numbers),
            Self::Matrix(rows) => one("Matrix", rows),
            Self::Values(items) => one("Values", items),
            Self::Procedure(name) => one("Procedure", name),
            Self::Lambda(name) => one("Lambda", name),
            Self::Unspecified => f.write_str("Unspecified"),
            Self::Text(text) => one("Text", text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind, and of each that holds others, several.
    fn all() -> Vec<Answer> {
        use Answer::*;
        let items = || vec![Number(1.0), List(vec![Bool(true), Char('a')])];
        vec![
            Number(1.0),
            Number(2.0),
            Bool(true),
            Symbol("a".into()),
            String("a".into()),
            Text("a".into()),
            Char('a'),
            List(Vec::new()),
            List(items()),
            List(vec![items()[1].clone(), Number(1.0)]),
            List(vec![Number(1.0), List(vec![Bool(true)]), Char('a')]),
            Dotted(items(), Box::new(Number(1.0))),
            Dotted(items(), Box::new(Number(2.0))),
            Dotted(vec![Number(1.0)], items()[1].clone().into()),
            Vector(items()),
            Values(items()),
            Numbers(vec![1.0]),
            Numbers(vec![1.0, 2.0]),
            Matrix(vec![vec![1.0, 2.0]]),
            Matrix(vec![vec![1.0], vec![2.0]]),
            Procedure("sin"),
            Procedure("cos"),
            Lambda(None),
            Lambda(Some("f".into())),
            Unspecified,
        ]
    }

    #[test]
    fn copies_are_equal_and_others_are_not() {
        for (i, a) in all().iter().enumerate() {
            for (j, b) in all().iter().enumerate() {
                assert_eq!(a.clone() == *b, i == j, "{a:?} and {b:?}");
                assert_eq!(format!("{a:?}") == format!("{b:?}"), i == j, "{a:?} and {b:?}");
            }
        }
        assert_ne!(Answer::Number(f64::NAN), Answer::Number(f64::NAN));
        assert_eq!(
            format!("{:?}", Answer::List(all().drain(11..12).collect())),
            "List([Dotted([Number(1.0), List([Bool(true), Char('a')])], Number(1.0))])"
        );
    }
}
