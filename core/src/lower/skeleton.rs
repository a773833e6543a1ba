//! Values as a shape and its leaves.
//!
//! `flatten : values -> (skeleton, atoms)` and back. A skeleton is what is the same in every call of a
//! function: pairs, symbols, procedures, how many numbers there are and where. It is a list of tokens,
//! each value's before those of its parts, so that long lists need no deep stack.

use super::{
    cursors::{Cursor, Rows},
    derivatives::Pullback,
    scope::Code,
    value::{Closure, Val},
};
use crate::{
    anf::{Atom, Builder, Type},
    prim::{
        Prim, Scalar,
        arrays::{Shape, Shaped},
    },
};
use std::rc::Rc;

/// The shape of some values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Skeleton<'p>(Rc<[Token<'p>]>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Token<'p> {
    Leaf(Scalar),
    /// A numeric vector or matrix, whose elements follow.
    Array(Shape),
    /// A literal that is part of the shape.
    Literal(Atom),
    Pair,
    Nil,
    /// A list, whose index follows.
    Cursor(Rc<Rows<'p>>),
    /// A list whose index is the leaf of that number.
    Beside(Rc<Rows<'p>>, usize),
    Symbol(Rc<str>),
    Str(Rc<str>),
    Char(char),
    Vector(usize),
    Values(usize),
    Closure(Code<'p>, usize),
    Prim(Prim),
    /// A pullback, whose residuals follow.
    Pullback(Rc<Pullback<'p>>, usize),
    Unspecified,
}

impl Token<'_> {
    /// The type, if it is a leaf.
    fn leaf(&self) -> Option<Type> {
        match self {
            Self::Leaf(Scalar::Bool) => Some(Type::BOOL),
            Self::Leaf(_) => Some(Type::REAL),
            _ => None,
        }
    }

    /// How many values it is made of.
    fn parts(&self) -> usize {
        match self {
            Self::Array(shape) => shape.len().unwrap_or(0),
            Self::Pair => 2,
            Self::Cursor(_) => 1,
            Self::Vector(n) | Self::Values(n) | Self::Closure(_, n) | Self::Pullback(_, n) => *n,
            _ => 0,
        }
    }
}

/// Which literals are leaves; the others are part of the shape.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Literals {
    /// All.
    Leaves,
    /// Numbers, unless a procedure has captured them.
    Arguments,
    /// None.
    Shape,
}

/// The shape and the leaves of values.
pub(super) fn flatten<'p>(
    builder: &Builder,
    values: &[Val<'p>],
    literals: Literals,
) -> (Skeleton<'p>, Vec<Atom>) {
    let (mut tokens, mut atoms) = (Vec::new(), Vec::new());
    let (by_leaves, mut cursors) = (literals == Literals::Leaves, Vec::new());
    // Values still to come, the next one last, each with what literals are there.
    let mut todo: Vec<(Val<'p>, Literals)> = values.iter().rev().map(|v| (v.clone(), literals)).collect();
    while let Some((value, literals)) = todo.pop() {
        tokens.push(match &value {
            Val::Atom(atom) => {
                let is_leaf = match (literals, atom) {
                    (Literals::Leaves, _) | (_, Atom::Var(_)) => true,
                    (Literals::Arguments, Atom::Real(_)) => true,
                    (Literals::Arguments | Literals::Shape, _) => false,
                };
                if is_leaf {
                    atoms.push(*atom);
                    Token::Leaf(builder.ty(*atom).scalar)
                } else {
                    Token::Literal(*atom)
                }
            }
            Val::Array(array) => {
                todo.extend(array.items().iter().rev().map(|item| (Val::Atom(*item), literals)));
                Token::Array(array.shape())
            }
            Val::Pair(pair) => {
                todo.push((pair.1.clone(), literals));
                todo.push((pair.0.clone(), literals));
                Token::Pair
            }
            Val::Nil => Token::Nil,
            Val::Cursor(cursor) => match cursors.iter().find(|(other, _)| cursor.is_beside(other)) {
                Some((_, leaf)) => Token::Beside(cursor.rows.clone(), *leaf),
                None => {
                    // In the shape of a call, lists that a procedure goes along in step have one index.
                    if !by_leaves {
                        cursors.push((cursor.clone(), atoms.len()));
                    }
                    todo.push((Val::Atom(cursor.index), Literals::Leaves));
                    Token::Cursor(cursor.rows.clone())
                }
            },
            Val::Symbol(name) => Token::Symbol(name.clone()),
            Val::Str(text) => Token::Str(text.clone()),
            Val::Char(c) => Token::Char(*c),
            Val::Vector(items) => {
                todo.extend(items.iter().rev().map(|item| (item.clone(), literals)));
                Token::Vector(items.len())
            }
            Val::Values(items) => {
                todo.extend(items.iter().rev().map(|item| (item.clone(), literals)));
                Token::Values(items.len())
            }
            Val::Closure(closure) => {
                let literals = if literals == Literals::Arguments { Literals::Shape } else { literals };
                todo.extend(closure.captured.iter().rev().map(|value| (value.clone(), literals)));
                Token::Closure(closure.code, closure.captured.len())
            }
            Val::Prim(prim) => Token::Prim(*prim),
            Val::Pullback(pullback, residuals) => {
                todo.extend(residuals.iter().rev().map(|atom| (Val::Atom(*atom), literals)));
                Token::Pullback(pullback.clone(), residuals.len())
            }
            Val::Unspecified => Token::Unspecified,
        });
    }
    (Skeleton(tokens.into()), atoms)
}

impl<'p> Skeleton<'p> {
    /// The values of this shape with these leaves, which are as many as it has.
    pub(super) fn rebuild(&self, atoms: &[Atom]) -> Vec<Val<'p>> {
        let leaves = atoms;
        let mut atoms = leaves.iter().rev();
        // The values that no part has taken yet, the first one last.
        let mut made: Vec<Val<'p>> = Vec::new();
        let take = |made: &mut Vec<Val<'p>>, n: usize| {
            let mut parts = made.split_off(made.len().saturating_sub(n));
            parts.reverse();
            parts
        };
        for token in self.0.iter().rev() {
            let value = match token {
                Token::Leaf(_) => atoms.next().map_or(Val::Unspecified, |atom| Val::Atom(*atom)),
                Token::Literal(atom) => Val::Atom(*atom),
                Token::Array(shape) => {
                    let items = take(&mut made, token.parts()).iter().map(Val::element).collect();
                    Shaped::new(*shape, items).map_or(Val::Unspecified, |array| Val::Array(array.into()))
                }
                Token::Pair => {
                    let mut parts = take(&mut made, 2).into_iter();
                    Val::cons(parts.next().unwrap_or(Val::Nil), parts.next().unwrap_or(Val::Nil))
                }
                Token::Nil => Val::Nil,
                Token::Cursor(rows) => {
                    let index = take(&mut made, 1).first().map_or(Atom::Real(0.0), Val::element);
                    Val::Cursor(Cursor::at(rows.clone(), index))
                }
                Token::Beside(rows, leaf) => {
                    let index = leaves.get(*leaf).copied().unwrap_or(Atom::Real(0.0));
                    Val::Cursor(Cursor::at(rows.clone(), index))
                }
                Token::Symbol(name) => Val::Symbol(name.clone()),
                Token::Str(text) => Val::Str(text.clone()),
                Token::Char(c) => Val::Char(*c),
                Token::Vector(n) => Val::Vector(take(&mut made, *n).into()),
                Token::Values(n) => Val::Values(take(&mut made, *n).into()),
                Token::Closure(code, n) => {
                    Val::Closure(Rc::new(Closure { code: *code, captured: take(&mut made, *n) }))
                }
                Token::Prim(prim) => Val::Prim(*prim),
                Token::Pullback(pullback, n) => {
                    let residuals = take(&mut made, *n).iter().map(Val::element).collect();
                    Val::Pullback(pullback.clone(), residuals)
                }
                Token::Unspecified => Val::Unspecified,
            };
            made.push(value);
        }
        made.reverse();
        made
    }

    /// The types of the leaves.
    pub(super) fn types(&self) -> Vec<Type> {
        self.0.iter().filter_map(Token::leaf).collect()
    }

    /// The types of the leaves of each value that the first one, a procedure, has captured, and then of each
    /// of the others.
    pub(super) fn parts(&self) -> Vec<Vec<Type>> {
        let mut parts = Vec::new();
        // How many values are still to come until the part at hand ends.
        let mut open = 0;
        for token in self.0.iter().skip(1) {
            if open == 0 {
                parts.push(Vec::new());
                open = 1;
            }
            open = open - 1 + token.parts();
            if let (Some(ty), Some(part)) = (token.leaf(), parts.last_mut()) {
                part.push(ty);
            }
        }
        parts
    }

    /// Whether the leaves are numbers and all else is lists, vectors and arrays of them.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.0.iter().all(|token| match token {
            Token::Leaf(scalar) => *scalar == Scalar::Real,
            Token::Array(_) | Token::Pair | Token::Nil | Token::Vector(_) | Token::Values(_) => true,
            _ => false,
        })
    }

    /// How many tokens it takes to say it.
    pub(super) fn size(&self) -> usize {
        self.0.len()
    }
}
