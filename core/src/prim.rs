//! The one table of primitives.
//!
//! Three kinds of row. A [`Numeric`] row carries everything that evaluation and differentiation need:
//! value, local partial derivatives, transpose where it is linear, batching rule, the domain that
//! tests sample and a doc with formula and edge values. An [`Array`] row has its name, arity, shape rule
//! and doc, and is applications of numeric rows, written once. A [`Structural`] row has its name, arity
//! and doc; the runtime implements it in an exhaustive match. A row with a hole does not compile, and no
//! other table of primitives exists. What is no application of numeric rows, since its operations depend on
//! comparisons of elements or are too many to be listed, is a [`Whole`] operation on matrices.

pub mod arrays;
pub mod calls;
pub mod kinds;
mod numeric;
mod structural;
pub mod whole;

pub use arrays::{Array, ArrayRow};
pub use numeric::{Numeric, NumericRow, Predicate, Smooth, Visitor, rules, types};
pub use structural::{Structural, StructuralRow};
pub use whole::Whole;

use std::fmt;

/// A primitive: a row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prim {
    /// A row on numbers and booleans.
    Numeric(Numeric),
    /// A row on numeric vectors and matrices.
    Array(Array),
    /// A row on general values.
    Structural(Structural),
}

impl Prim {
    /// The primitive that programs know by `name`; rows internal to the compiler are not found.
    pub fn find(name: &str) -> Option<Self> {
        let numeric = Numeric::ALL.iter().find(|n| n.row().name == Some(name) || n.row().alias == Some(name));
        let array = || Array::ALL.iter().find(|a| a.row().name == name).map(|a| Self::Array(*a));
        let structural = || Structural::ALL.iter().find(|s| s.row().name == name);
        numeric
            .map(|n| Self::Numeric(*n))
            .or_else(array)
            .or_else(|| structural().map(|s| Self::Structural(*s)))
    }

    /// The name that programs know it by; of a row without one, the name of the row whose calls lead to it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric(n) => {
                let leads = |other: &&Numeric| match other.row().calls {
                    Calls::FoldOr(row) | Calls::OrBinary(row) => row == n,
                    _ => false,
                };
                let other = || Numeric::ALL.iter().find(leads).and_then(|other| other.row().name);
                n.row().name.or_else(other).unwrap_or(n.row().ident)
            }
            Self::Array(a) => a.row().name,
            Self::Structural(s) => s.row().name,
        }
    }

    /// How many arguments a call may give.
    pub fn arity(self) -> Arity {
        match self {
            Self::Numeric(n) => n.row().calls.arity(n.row().operands.len()),
            Self::Array(a) => a.row().arity,
            Self::Structural(s) => s.row().arity,
        }
    }

    /// How its documentation writes a call of it.
    pub fn call(self) -> Option<&'static str> {
        let doc = match self {
            Self::Numeric(n) => n.row().doc,
            Self::Array(a) => a.row().doc,
            Self::Structural(s) => s.row().doc,
        };
        let (call, _) = doc.trim_start().strip_prefix('`')?.split_once('`')?;
        call.strip_prefix('(')?.starts_with(self.name()).then_some(call)
    }

    /// Every name that programs can use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let numeric = Numeric::ALL.iter().flat_map(|n| n.row().name.into_iter().chain(n.row().alias));
        let arrays = Array::ALL.iter().map(|a| a.row().name);
        numeric.chain(arrays).chain(Structural::ALL.iter().map(|s| s.row().name))
    }
}

/// How many arguments a procedure takes: at least `min`, at most `max` if there is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arity {
    /// The fewest.
    pub min: u32,
    /// The most, if there is a most.
    pub max: Option<u32>,
}

impl Arity {
    /// Exactly `n`.
    pub const fn exactly(n: u32) -> Self {
        Self { min: n, max: Some(n) }
    }

    /// `n` or more.
    pub const fn at_least(n: u32) -> Self {
        Self { min: n, max: None }
    }

    /// From `min` to `max`.
    pub const fn between(min: u32, max: u32) -> Self {
        Self { min, max: Some(max) }
    }

    /// Whether `n` arguments are right.
    pub fn accepts(self, n: usize) -> bool {
        n >= self.min as usize && self.max.is_none_or(|max| n <= max as usize)
    }
}

impl fmt::Display for Arity {
    /// As in "takes *at least 1 argument*".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: u32| if n == 1 { "" } else { "s" };
        match (self.min, self.max) {
            (min, None) => write!(f, "at least {min} argument{}", plural(min)),
            (min, Some(max)) if min == max => write!(f, "{min} argument{}", plural(min)),
            (min, Some(max)) => write!(f, "{min} to {max} arguments"),
        }
    }
}

/// How a call with any number of arguments becomes applications of the row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Calls {
    /// As many arguments as the row has operands.
    Exact,
    /// Folded from the left, starting at the first argument; without arguments the unit, which is
    /// never applied otherwise.
    Fold {
        /// The value of the call without arguments.
        unit: f64,
    },
    /// Folded from the left; with one argument, the other row.
    FoldOr(Numeric),
    /// A comparison of each neighbouring pair, joined by `and`.
    Chain,
    /// One application to all arguments, at least one.
    All,
    /// With two arguments, the other row.
    OrBinary(Numeric),
}

impl Calls {
    fn arity(self, operands: usize) -> Arity {
        match self {
            Self::Exact => Arity::exactly(operands as u32),
            Self::Fold { .. } => Arity::at_least(0),
            Self::FoldOr(_) | Self::Chain | Self::All => Arity::at_least(1),
            Self::OrBinary(_) => Arity::between(1, 2),
        }
    }
}

/// The type of an operand or result of a numeric row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scalar {
    /// A number.
    Real,
    /// A truth value.
    Bool,
    /// The record that a function left on the tape, for its derivative; no row takes or gives one.
    Record,
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "real",
            Self::Bool => "bool",
            Self::Record => "record",
        })
    }
}

/// How a row maps over a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Batching {
    /// Element by element; operands without the batch axis are broadcast along it.
    Elementwise,
}

/// An operand or result of a row over reals of type `A`.
#[derive(Clone, Copy, Debug)]
pub enum Operand<A: crate::real::Real> {
    /// A number.
    Real(A),
    /// A truth value.
    Bool(A::Mask),
}

/// Where tests sample an operand: the closed interval `low..=high`, less neighbourhoods of kinks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Domain {
    /// Least sample.
    pub low: f64,
    /// Greatest sample.
    pub high: f64,
    /// Points near which finite differences do not apply.
    pub kinks: &'static [f64],
}

impl Domain {
    /// Ordinary numbers of both signs.
    pub const ANY: Self = Self::within(-4.0, 4.0);
    /// Numbers above zero.
    pub const POSITIVE: Self = Self::within(0.1, 5.0);

    /// The interval without kinks.
    pub const fn within(low: f64, high: f64) -> Self {
        Self { low, high, kinks: &[] }
    }

    /// The interval with kinks.
    pub const fn kinked(low: f64, high: f64, kinks: &'static [f64]) -> Self {
        Self { low, high, kinks }
    }
}
