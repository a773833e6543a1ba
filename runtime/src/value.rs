//! What the machine computes with: small copyable values.
//!
//! The tag routes, the payload carries the derivative: a number is its value and the node of the
//! tape that computed it, node 0 being none. Everything larger is an index into the
//! [`heap`](crate::heap) of the run. The place where the reader met a pair travels in the reference,
//! so that it costs no space and no program can see it.

use scheme_core::{prim::Prim, real::Real};

/// A value of a running program. It means nothing without the heap it was made in.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A number.
    Num {
        /// Its value.
        v: f64,
        /// The node that computed it, 0 for a constant.
        node: u32,
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
    /// A compiled procedure.
    Closure {
        /// Its code.
        code: u32,
        /// What it captured, 0 for nothing.
        record: u32,
    },
}

impl Value {
    /// A constant.
    pub const fn num(v: f64) -> Self {
        Self::Num { v, node: 0 }
    }

    /// Whether a condition takes it as true: all but `#f`.
    #[inline(always)]
    pub fn is_true(self) -> bool {
        !matches!(self, Self::Bool(false))
    }

    /// Whether it can be called.
    pub fn is_procedure(self) -> bool {
        matches!(self, Self::Closure { .. } | Self::Prim(_))
    }

    /// `(null? x)`.
    #[inline(always)]
    pub fn is_null(self) -> bool {
        matches!(self, Self::Nil)
    }

    /// `(pair? x)`.
    #[inline(always)]
    pub fn is_pair(self) -> bool {
        matches!(self, Self::Pair { .. })
    }

    /// `(eq? a b)`: identity; numbers compare by `=`, and nan is itself.
    #[inline]
    pub fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Num { v: a, .. }, Self::Num { v: b, .. }) => a.eqv(b),
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Nil, Self::Nil) | (Self::Unspecified, Self::Unspecified) => true,
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::Symbol(a), Self::Symbol(b)) => a == b,
            (Self::Prim(a), Self::Prim(b)) => a == b,
            (Self::Pair { at: a, .. }, Self::Pair { at: b, .. }) => a == b,
            (Self::Str(a), Self::Str(b)) | (Self::Vector(a), Self::Vector(b)) => a == b,
            (Self::Closure { code: a, record: r }, Self::Closure { code: b, record: s }) => (a, r) == (b, s),
            _ => false,
        }
    }

    /// The place of a pair, 0 for nowhere.
    pub fn place(self) -> u32 {
        match self {
            Self::Pair { place, .. } => place,
            _ => 0,
        }
    }

    /// What messages call values of its type.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Num { .. } => "a number",
            Self::Bool(_) => "a boolean",
            Self::Nil => "the empty list",
            Self::Unspecified => "the unspecified value",
            Self::Char(_) => "a character",
            Self::Symbol(_) => "a symbol",
            Self::Prim(_) | Self::Closure { .. } => "a procedure",
            Self::Pair { .. } => "a pair",
            Self::Str(_) => "a string",
            Self::Vector(_) => "a vector",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_two_words() {
        assert_eq!(size_of::<Value>(), 16);
    }
}
