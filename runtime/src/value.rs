//! What the machine computes with: small copyable values.
//!
//! The tag routes, the payload carries the derivative: a number is its value and the
//! [`Node`] that computed it, on the tape of the innermost derivative that it takes part in;
//! constants have none. Everything larger is an index into the
//! [`heap`](crate::heap) of the run. The place where the reader met a pair travels in the reference,
//! so that it costs no space and no program can see it.
//!
//! A [`Value`] is a word and a float, never an `enum`: as such it stays in two registers, and is
//! written to the stack and read back in the same two pieces. (Pieces of other sizes stall the
//! processor's store buffer at every block; that cost three quarters of the time.) [`View`] is the
//! same taken apart, to match on.

use crate::tape::{Node, Number};
use scheme_core::{
    prim::{Array, Numeric, Prim, Structural},
    real::Real,
};
use std::fmt;

/// A value of a running program. It means nothing without the heap it was made in.
#[derive(Clone, Copy)]
pub struct Value {
    /// Bits 0–7 the tag, 8–31 a code or level, 32–63 an index.
    head: u64,
    /// A number's value; the place of a pair, or the entry of a recorded truth value, by its bits.
    payload: f64,
}

/// A value taken apart.
#[derive(Clone, Copy, Debug)]
pub enum View {
    /// A number.
    Num {
        /// Its value.
        v: f64,
        /// The node that computed it.
        node: Node,
    },
    /// `#t` or `#f`.
    Bool(bool),
    /// The empty list.
    Nil,
    /// What has no useful value.
    Unspecified,
    /// A character.
    Char(char),
    /// A symbol, by its index among the program's.
    Symbol(u32),
    /// A primitive procedure.
    Prim(Prim),
    /// A pair.
    Pair {
        /// Where its halves lie.
        at: u32,
        /// Where it was read, 0 for nowhere.
        place: u32,
    },
    /// A string.
    Str(u32),
    /// A general vector.
    Vector(u32),
    /// A numeric vector.
    Numbers(u32),
    /// A matrix.
    Matrix(u32),
    /// Several values, or none, as one.
    Values(u32),
    /// A compiled procedure.
    Closure {
        /// Its code.
        code: u32,
        /// What it captured, 0 for nothing.
        record: u32,
    },
}

/// The tags. Those from `HEAD` on mark cells of the heap and are no values.
pub(crate) mod tag {
    pub(crate) const NUM: u8 = 0;
    pub(crate) const BOOL: u8 = 1;
    pub(crate) const NIL: u8 = 2;
    pub(crate) const UNSPECIFIED: u8 = 3;
    pub(crate) const CHAR: u8 = 4;
    pub(crate) const SYMBOL: u8 = 5;
    pub(crate) const NUMERIC: u8 = 6;
    pub(crate) const STRUCTURAL: u8 = 7;
    pub(crate) const PAIR: u8 = 8;
    pub(crate) const STR: u8 = 9;
    pub(crate) const VECTOR: u8 = 10;
    pub(crate) const CLOSURE: u8 = 11;
    pub(crate) const ARRAY: u8 = 12;
    pub(crate) const NUMBERS: u8 = 13;
    pub(crate) const MATRIX: u8 = 14;
    pub(crate) const VALUES: u8 = 15;
    pub(crate) const HEAD: u8 = 16;
    pub(crate) const BYTES: u8 = 17;
    pub(crate) const MOVED: u8 = 18;
}

impl Value {
    /// The empty list.
    pub const NIL: Self = Self::new(tag::NIL, 0, 0);
    /// What has no useful value.
    pub const UNSPECIFIED: Self = Self::new(tag::UNSPECIFIED, 0, 0);

    pub(crate) const fn new(tag: u8, code: u32, index: u32) -> Self {
        Self { head: tag as u64 | (code as u64 & 0xFF_FFFF) << 8 | (index as u64) << 32, payload: 0.0 }
    }

    /// A constant.
    #[inline(always)]
    pub const fn num(v: f64) -> Self {
        Self::dual(v, Node::NONE)
    }

    /// A number and the node that computed it.
    #[inline(always)]
    pub const fn dual(v: f64, node: Node) -> Self {
        Self { payload: v, ..Self::new(tag::NUM, node.level, node.entry) }
    }

    /// A truth value.
    #[inline(always)]
    pub const fn bool(b: bool) -> Self {
        Self::new(tag::BOOL, 0, b as u32)
    }

    /// A truth value of a recorded run, and its entry there, 0 for none.
    #[inline(always)]
    pub(crate) const fn recorded_bool(b: bool, entry: u32) -> Self {
        Self { payload: f64::from_bits(entry as u64), ..Self::bool(b) }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::new(tag::CHAR, 0, c as u32)
    }

    /// A symbol, by its index among the program's.
    pub const fn symbol(index: u32) -> Self {
        Self::new(tag::SYMBOL, 0, index)
    }

    /// A primitive procedure.
    pub const fn prim(prim: Prim) -> Self {
        match prim {
            Prim::Numeric(row) => Self::new(tag::NUMERIC, 0, row as u32),
            Prim::Array(row) => Self::new(tag::ARRAY, 0, row as u32),
            Prim::Structural(row) => Self::new(tag::STRUCTURAL, 0, row as u32),
        }
    }

    /// The pair at an index of the heap, read at a place or, for 0, nowhere.
    #[inline(always)]
    pub(crate) const fn pair(at: u32, place: u32) -> Self {
        Self { payload: f64::from_bits(place as u64), ..Self::new(tag::PAIR, 0, at) }
    }

    /// A compiled procedure on a record of captures, 0 for none.
    #[inline(always)]
    pub const fn closure(code: u32, record: u32) -> Self {
        Self::new(tag::CLOSURE, code, record)
    }

    #[inline(always)]
    pub(crate) fn tag(self) -> u8 {
        self.head as u8
    }

    #[inline(always)]
    pub(crate) fn code(self) -> u32 {
        self.head as u32 >> 8
    }

    #[inline(always)]
    pub(crate) fn index(self) -> u32 {
        (self.head >> 32) as u32
    }

    /// The same object at another index.
    #[inline(always)]
    pub(crate) fn at(self, index: u32) -> Self {
        Self { head: self.head & 0xFFFF_FFFF | u64::from(index) << 32, ..self }
    }

    /// Takes it apart.
    #[inline(always)]
    pub fn view(self) -> View {
        let index = self.index();
        match self.tag() {
            tag::NUM => View::Num { v: self.payload, node: self.node() },
            tag::BOOL => View::Bool(index != 0),
            tag::NIL => View::Nil,
            tag::CHAR => View::Char(char::from_u32(index).unwrap_or_default()),
            tag::SYMBOL => View::Symbol(index),
            tag::NUMERIC => match Numeric::ALL.get(index as usize) {
                Some(row) => View::Prim(Prim::Numeric(*row)),
                None => View::Unspecified,
            },
            tag::ARRAY => match Array::ALL.get(index as usize) {
                Some(row) => View::Prim(Prim::Array(*row)),
                None => View::Unspecified,
            },
            tag::STRUCTURAL => match Structural::ALL.get(index as usize) {
                Some(row) => View::Prim(Prim::Structural(*row)),
                None => View::Unspecified,
            },
            tag::PAIR => View::Pair { at: index, place: self.payload.to_bits() as u32 },
            tag::STR => View::Str(index),
            tag::VECTOR => View::Vector(index),
            tag::NUMBERS => View::Numbers(index),
            tag::MATRIX => View::Matrix(index),
            tag::VALUES => View::Values(index),
            tag::CLOSURE => View::Closure { code: self.code(), record: index },
            _ => View::Unspecified,
        }
    }

    /// Whether a condition takes it as true: all but `#f`.
    #[inline(always)]
    pub fn is_true(self) -> bool {
        self.head != Self::bool(false).head
    }

    /// `(null? x)`.
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.tag() == tag::NIL
    }

    /// `(pair? x)`.
    #[inline(always)]
    pub fn is_pair(self) -> bool {
        self.tag() == tag::PAIR
    }

    /// Whether it is a numeric vector or a matrix.
    #[inline(always)]
    pub fn is_array(self) -> bool {
        matches!(self.tag(), tag::NUMBERS | tag::MATRIX)
    }

    /// `(number? x)`.
    #[inline(always)]
    pub fn is_number(self) -> bool {
        self.tag() == tag::NUM
    }

    /// Whether it is a number that no node computed.
    #[inline(always)]
    pub(crate) fn is_constant(self) -> bool {
        self.head == Self::num(0.0).head
    }

    /// `(procedure? x)`.
    pub fn is_procedure(self) -> bool {
        matches!(self.tag(), tag::CLOSURE | tag::NUMERIC | tag::ARRAY | tag::STRUCTURAL)
    }

    /// Whether it is a compiled procedure.
    #[inline(always)]
    pub(crate) fn is_closure(self) -> bool {
        self.tag() == tag::CLOSURE
    }

    /// Identity of what the words say: numbers compare by `=`, and nan is itself.
    #[inline(always)]
    pub fn is_same(self, other: Self) -> bool {
        if self.is_number() && other.is_number() {
            return self.payload.eqv(other.payload);
        }
        self.head == other.head && !self.is_number()
    }

    /// A number's value; 0 for other values.
    #[inline(always)]
    pub(crate) fn primal(self) -> f64 {
        if self.is_number() { self.payload } else { 0.0 }
    }

    /// The node that computed a number; none for other values.
    #[inline(always)]
    pub(crate) fn node(self) -> Node {
        if self.is_number() { Node { level: self.code(), entry: self.index() } } else { Node::NONE }
    }

    /// A number with what computed it; 0 for other values.
    pub(crate) fn number(self) -> Number {
        Number { v: self.primal(), node: self.node() }
    }

    /// Whether it is a number that derivatives see.
    #[inline(always)]
    pub(crate) fn is_active(self) -> bool {
        self.is_number() && self.head != Self::num(0.0).head
    }

    /// The entry of a truth value of a recorded run; 0 for other values.
    #[inline(always)]
    pub(crate) fn truth_entry(self) -> u32 {
        if self.tag() == tag::BOOL { self.payload.to_bits() as u32 } else { 0 }
    }

    /// Whether it is a number or truth value that something may be recorded of.
    #[inline(always)]
    pub(crate) fn is_open(self) -> bool {
        !self.is_constant() && (self.is_number() || self.truth_entry() != 0)
    }

    /// Whether it is the same to the bit, and so cannot be told apart.
    pub(crate) fn is_identical(self, other: Self) -> bool {
        self.head == other.head && self.payload.to_bits() == other.payload.to_bits()
    }

    /// The place of a pair, 0 for nowhere.
    #[inline(always)]
    pub(crate) fn place(self) -> u32 {
        if self.is_pair() { self.payload.to_bits() as u32 } else { 0 }
    }

    /// Up to seven bytes of a string, as a cell.
    pub(crate) fn bytes(chunk: &[u8]) -> Self {
        let mut word = [0; 8];
        word[0] = tag::BYTES;
        for (to, from) in word[1..].iter_mut().zip(chunk) {
            *to = *from;
        }
        Self { head: u64::from_le_bytes(word), payload: 0.0 }
    }

    /// The seven bytes of a cell that holds some.
    pub(crate) fn to_bytes(self) -> [u8; 7] {
        let [_, bytes @ ..] = self.head.to_le_bytes();
        bytes
    }

    /// What messages call values of its type.
    pub fn type_name(self) -> &'static str {
        match self.view() {
            View::Num { .. } => "a number",
            View::Bool(_) => "a boolean",
            View::Nil => "the empty list",
            View::Unspecified => "the unspecified value",
            View::Char(_) => "a character",
            View::Symbol(_) => "a symbol",
            View::Prim(_) | View::Closure { .. } => "a procedure",
            View::Pair { .. } => "a pair",
            View::Str(_) => "a string",
            View::Vector(_) => "a general vector",
            View::Numbers(_) => "a numeric vector",
            View::Matrix(_) => "a matrix",
            View::Values(_) => "multiple values",
        }
    }
}

impl From<Number> for Value {
    fn from(Number { v, node }: Number) -> Self {
        Self::dual(v, node)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_two_words() {
        assert_eq!(size_of::<Value>(), 16);
    }

    #[test]
    fn primitives_are_found_again() {
        let numeric = Numeric::ALL.iter().map(|row| Prim::Numeric(*row));
        let arrays = Array::ALL.iter().map(|row| Prim::Array(*row));
        for prim in numeric.chain(arrays).chain(Structural::ALL.iter().map(|row| Prim::Structural(*row))) {
            assert!(matches!(Value::prim(prim).view(), View::Prim(found) if found == prim));
        }
    }

    #[test]
    fn identity() {
        assert!(Value::num(0.0).is_same(Value::dual(-0.0, Node { level: 1, entry: 3 })));
        assert!(Value::num(f64::NAN).is_same(Value::num(f64::NAN)));
        assert!(!Value::num(1.0).is_same(Value::bool(true)));
        assert!(Value::pair(4, 1).is_same(Value::pair(4, 2)));
        assert!(!Value::pair(4, 1).is_same(Value::pair(6, 1)));
        assert!(!Value::closure(1, 9).is_same(Value::closure(2, 9)));
        assert!(!Value::bool(false).is_true() && Value::NIL.is_true() && Value::num(0.0).is_true());
    }
}
