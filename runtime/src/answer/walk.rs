//! The values in a value, one after another. A walk keeps its own stack, so that a value may nest as deep as it likes.

use super::Answer;
use std::{
    iter::Chain,
    slice::{self, Iter},
};

/// What a value holds directly.
type Parts<'a> = Chain<Iter<'a, Answer>, Iter<'a, Answer>>;

/// A value and all values in it, in the order in which they are written.
pub(super) struct Walk<'a> {
    /// The whole, until it is given.
    whole: Option<&'a Answer>,
    /// What is left of each value that the next one lies in, outermost first.
    left: Vec<Parts<'a>>,
    /// How deep the value lies that was given last.
    depth: usize,
}

impl<'a> Iterator for Walk<'a> {
    type Item = &'a Answer;

    fn next(&mut self) -> Option<&'a Answer> {
        let value = match self.whole.take() {
            Some(whole) => whole,
            None => loop {
                self.depth = self.left.len();
                match self.left.last_mut()?.next() {
                    Some(value) => break value,
                    None => self.left.pop(),
                };
            },
        };
        self.left.extend(value.parts());
        Some(value)
    }
}

impl Answer {
    /// It and all values in it. Walks of two values are in step as long as the values met so far
    /// are of one kind and size.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { whole: Some(self), left: Vec::new(), depth: 0 }
    }

    fn parts(&self) -> Option<Parts<'_>> {
        match self {
            Self::List(items) | Self::Vector(items) | Self::Values(items) => Some(items.iter().chain(&[])),
            Self::Dotted(items, tail) => Some(items.iter().chain(slice::from_ref(&**tail))),
            Self::Number(_)
            | Self::Bool(_)
            | Self::Symbol(_)
            | Self::String(_)
            | Self::Char(_)
            | Self::Numbers(_)
            | Self::Matrix(_)
            | Self::Procedure(_)
            | Self::Lambda(_)
            | Self::Unspecified
            | Self::Text(_) => None,
        }
    }

    /// Whether a value lies in more than so many others.
    pub(crate) fn nests_deeper_than(&self, most: usize) -> bool {
        let mut walk = self.walk();
        while walk.next().is_some() {
            if walk.depth > most {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_the_order_of_their_text() {
        let inner = Answer::Dotted(vec![1.0.into(), "a".into()], Box::new(true.into()));
        let value = Answer::List(vec![inner.clone(), Answer::Vector(Vec::new()), [2.0].into()]);
        let texts: Vec<String> = value.walk().map(ToString::to_string).collect();
        assert_eq!(texts, ["((1 \"a\" . #t) #() [2])", "(1 \"a\" . #t)", "1", "\"a\"", "#t", "#()", "[2]"]);
        assert!(value.nests_deeper_than(1) && !value.nests_deeper_than(2));
        assert!(!Answer::List(Vec::new()).nests_deeper_than(0));
    }
}
