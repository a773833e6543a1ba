//! What an expression is known to be while lowering.
//!
//! Numbers and truth values are atoms of the graph; everything else is known: pairs, symbols, procedures.
//! A list is thus as long as lowering finds it, with numbers as its leaves, and costs nothing at run time.

use super::{cursors::Cursor, derivatives::Pullback, scope::Code};
use crate::{
    anf::{Atom, Builder},
    datum::{Datum, Kind},
    prim::{Prim, Scalar, arrays::Shaped},
};
use std::rc::Rc;

/// A value, as far as it is known.
#[derive(Clone, Debug)]
pub(super) enum Val<'p> {
    /// A number or truth value.
    Atom(Atom),
    /// A numeric vector or matrix.
    Array(Rc<Shaped<Atom>>),
    /// A pair.
    Pair(Rc<Pair<'p>>),
    /// The empty list.
    Nil,
    /// The rest of a known list from a computed place on.
    Cursor(Cursor<'p>),
    /// A symbol.
    Symbol(Rc<str>),
    /// A string.
    Str(Rc<str>),
    /// A character.
    Char(char),
    /// A general vector.
    Vector(Rc<[Val<'p>]>),
    /// A procedure of the program.
    Closure(Rc<Closure<'p>>),
    /// A primitive.
    Prim(Prim),
    /// What `vjp` gives, and its residuals.
    Pullback(Rc<Pullback<'p>>, Rc<[Atom]>),
    /// Several values as one.
    Values(Rc<[Val<'p>]>),
    /// The unspecified value.
    Unspecified,
}

/// A pair, which is dropped without recursion along a list.
#[derive(Debug)]
pub(super) struct Pair<'p>(pub(super) Val<'p>, pub(super) Val<'p>);

impl Drop for Pair<'_> {
    fn drop(&mut self) {
        let mut rest = std::mem::replace(&mut self.1, Val::Nil);
        while let Val::Pair(pair) = rest {
            let Ok(mut pair) = Rc::try_unwrap(pair) else { return };
            rest = std::mem::replace(&mut pair.1, Val::Nil);
        }
    }
}

/// A procedure and the values of the bindings it needs, as [`Facts`](super::scope::Facts) list them.
#[derive(Debug)]
pub(super) struct Closure<'p> {
    pub(super) code: Code<'p>,
    pub(super) captured: Vec<Val<'p>>,
}

impl<'p> Val<'p> {
    pub(super) fn truth(b: bool) -> Self {
        Self::Atom(Atom::Bool(b))
    }

    pub(super) fn number(x: f64) -> Self {
        Self::Atom(Atom::Real(x))
    }

    pub(super) fn cons(a: Self, b: Self) -> Self {
        Self::Pair(Rc::new(Pair(a, b)))
    }

    /// A number as an element; nan for what is none.
    pub(super) fn element(&self) -> Atom {
        match self {
            Self::Atom(atom) => *atom,
            _ => Atom::Real(f64::NAN),
        }
    }

    /// The items before a tail.
    pub(super) fn list(
        items: impl IntoIterator<Item = Self, IntoIter: DoubleEndedIterator>,
        tail: Self,
    ) -> Self {
        items.into_iter().rev().fold(tail, |tail, item| Self::cons(item, tail))
    }

    /// The items of a list up to its tail.
    pub(super) fn items(&self) -> (Vec<Self>, Self) {
        let (mut items, mut rest) = (Vec::new(), self.clone());
        while let Self::Pair(pair) = &rest {
            items.push(pair.0.clone());
            let tail = pair.1.clone();
            rest = tail;
        }
        (items, rest)
    }

    /// The items of a proper list.
    pub(super) fn proper(&self) -> Option<Vec<Self>> {
        let (items, tail) = self.items();
        matches!(tail, Self::Nil).then_some(items)
    }

    /// The value that a constant has; `None` for what a text cannot hold.
    pub(super) fn quoted(datum: &Datum) -> Option<Self> {
        Some(match &datum.kind {
            Kind::Number(x) => Self::number(*x),
            Kind::Bool(b) => Self::truth(*b),
            Kind::Symbol(name) => Self::Symbol(name.clone()),
            Kind::Str(text) => Self::Str(text.clone()),
            Kind::Char(c) => Self::Char(*c),
            Kind::List { items, tail, .. } => {
                let tail = tail.as_deref().map_or(Some(Self::Nil), Self::quoted)?;
                let items: Option<Vec<Self>> = items.iter().map(Self::quoted).collect();
                Self::list(items?, tail)
            }
            Kind::Vector(items) => {
                Self::Vector(items.iter().map(Self::quoted).collect::<Option<Vec<_>>>()?.into())
            }
            Kind::Splice(_) => return None,
        })
    }

    /// What it is, in words.
    pub(super) fn noun(&self, builder: &Builder) -> &'static str {
        match self {
            Self::Atom(atom) if builder.ty(*atom).scalar == Scalar::Bool => "a boolean",
            Self::Atom(_) => "a number",
            Self::Array(array) => match **array {
                Shaped::Number(_) => "a number",
                Shaped::Vector(_) => "a numeric vector",
                Shaped::Matrix { .. } => "a matrix",
            },
            Self::Pair(_) => "a pair",
            Self::Nil => "the empty list",
            Self::Cursor(_) => "a list",
            Self::Symbol(_) => "a symbol",
            Self::Str(_) => "a string",
            Self::Char(_) => "a character",
            Self::Vector(_) => "a vector",
            Self::Closure(_) | Self::Prim(_) | Self::Pullback(..) => "a procedure",
            Self::Values(_) => "several values",
            Self::Unspecified => "the unspecified value",
        }
    }
}
