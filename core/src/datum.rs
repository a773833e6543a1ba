//! Datums: what the reader gives, programs as plain data.
//!
//! A datum is an S-expression with a place. Quotation marks are already lists (`'x` is
//! `(quote x)`); brackets are kept, since only grammar can tell `[1 2]` the vector from `[x 1]` the
//! binding. No name is resolved here.

use crate::span::Span;
use std::{fmt, rc::Rc};

/// An S-expression with the place it was read at.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// What it is.
    pub kind: Kind,
    /// Where it was read.
    pub span: Span,
}

/// The kinds of datum.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number; the language has one kind.
    Number(f64),
    /// `#t` or `#f`.
    Bool(bool),
    /// A symbol by its name, bars and escapes already read.
    Symbol(Rc<str>),
    /// A string.
    Str(Rc<str>),
    /// A character.
    Char(char),
    /// `(a b)` or, with brackets, `[a b]`; a dotted pair or list has a tail.
    List {
        /// The items before the dot.
        items: Vec<Datum>,
        /// What follows the dot; the reader puts no round list here, since `(a . (b))` is `(a b)`.
        tail: Option<Box<Datum>>,
        /// Which brackets were written.
        bracket: Bracket,
    },
    /// `#(a b)`, a general vector.
    Vector(Vec<Datum>),
    /// `,name` or `,{expression}` outside a quasiquote in `scheme!`: the n-th Rust expression that
    /// the token source met.
    Splice(u32),
}

/// The brackets a list was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// `( )`
    Round,
    /// `[ ]`
    Square,
}

impl Datum {
    /// The name, if this is a symbol.
    pub fn symbol(&self) -> Option<&str> {
        match &self.kind {
            Kind::Symbol(name) => Some(name),
            _ => None,
        }
    }

    /// Whether two data are the same text, wherever they stand: equal but for their places, where a
    /// nan equals a nan and the zeros differ.
    pub fn same(&self, other: &Datum) -> bool {
        let all = |a: &[Datum], b: &[Datum]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b));
        match (&self.kind, &other.kind) {
            (Kind::Number(a), Kind::Number(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
            (
                Kind::List { items: a, tail: a_tail, bracket: a_bracket },
                Kind::List { items: b, tail: b_tail, bracket: b_bracket },
            ) => {
                let tails = match (a_tail, b_tail) {
                    (Some(a), Some(b)) => a.same(b),
                    (None, None) => true,
                    _ => false,
                };
                a_bracket == b_bracket && tails && all(a, b)
            }
            (Kind::Vector(a), Kind::Vector(b)) => all(a, b),
            (a, b) => a == b,
        }
    }

    /// The items, if this is a proper list in either bracket.
    pub fn list(&self) -> Option<&[Datum]> {
        match &self.kind {
            Kind::List { items, tail: None, .. } => Some(items),
            _ => None,
        }
    }
}

impl fmt::Display for Datum {
    /// Writes text that reads back as the same datum.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::reader::write(self, f)
    }
}
