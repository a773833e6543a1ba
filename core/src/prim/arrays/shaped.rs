//! Numbers in shapes.

use crate::reader::number_text;
use std::fmt;

/// A number, a vector or a matrix of `V`s.
#[derive(Clone, PartialEq, Debug)]
pub enum Shaped<V> {
    /// A number.
    Number(V),
    /// A vector.
    Vector(Vec<V>),
    /// A matrix, row by row.
    Matrix {
        /// How many rows.
        rows: usize,
        /// How many columns.
        cols: usize,
        /// The elements, `rows` times `cols`.
        items: Vec<V>,
    },
}

/// The shape of a number, vector or matrix.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shape {
    /// A number's.
    Number,
    /// A vector's, with its length.
    Vector(usize),
    /// A matrix's, with the numbers of rows and of columns.
    Matrix(usize, usize),
}

impl<V> Shaped<V> {
    /// Its shape.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Number(_) => Shape::Number,
            Self::Vector(items) => Shape::Vector(items.len()),
            Self::Matrix { rows, cols, .. } => Shape::Matrix(*rows, *cols),
        }
    }

    /// The elements, those of a matrix row by row.
    pub fn items(&self) -> &[V] {
        match self {
            Self::Number(x) => std::slice::from_ref(x),
            Self::Vector(items) | Self::Matrix { items, .. } => items,
        }
    }

    /// The same element everywhere in a shape.
    pub fn filled(shape: Shape, x: V) -> Self
    where
        V: Clone,
    {
        match shape {
            Shape::Number => Self::Number(x),
            Shape::Vector(n) => Self::Vector(vec![x; n]),
            Shape::Matrix(rows, cols) => Self::Matrix { rows, cols, items: vec![x; rows * cols] },
        }
    }

    /// Elements in a shape; `None` unless there are as many as it has.
    pub fn new(shape: Shape, mut items: Vec<V>) -> Option<Self> {
        if items.len() != shape.len()? {
            return None;
        }
        Some(match shape {
            Shape::Number => Self::Number(items.pop()?),
            Shape::Vector(_) => Self::Vector(items),
            Shape::Matrix(rows, cols) => Self::Matrix { rows, cols, items },
        })
    }

    /// The same shape of what `f` makes of each element.
    pub fn map<W>(&self, mut f: impl FnMut(&V) -> W) -> Shaped<W> {
        match self {
            Self::Number(x) => Shaped::Number(f(x)),
            Self::Vector(items) => Shaped::Vector(items.iter().map(f).collect()),
            Self::Matrix { rows, cols, items } => {
                Shaped::Matrix { rows: *rows, cols: *cols, items: items.iter().map(f).collect() }
            }
        }
    }

    /// The same, unless `f` fails.
    ///
    /// # Errors
    /// Its first.
    pub fn try_map<W, E>(&self, mut f: impl FnMut(&V) -> Result<W, E>) -> Result<Shaped<W>, E> {
        Ok(match self {
            Self::Number(x) => Shaped::Number(f(x)?),
            Self::Vector(items) => Shaped::Vector(items.iter().map(f).collect::<Result<_, _>>()?),
            Self::Matrix { rows, cols, items } => {
                let items = items.iter().map(f).collect::<Result<_, _>>()?;
                Shaped::Matrix { rows: *rows, cols: *cols, items }
            }
        })
    }
}

impl<V> From<V> for Shaped<V> {
    fn from(x: V) -> Self {
        Self::Number(x)
    }
}

impl<V> From<Vec<V>> for Shaped<V> {
    fn from(items: Vec<V>) -> Self {
        Self::Vector(items)
    }
}

impl<V: Clone> From<&[V]> for Shaped<V> {
    fn from(items: &[V]) -> Self {
        Self::Vector(items.to_vec())
    }
}

impl<V, const N: usize> From<[V; N]> for Shaped<V> {
    fn from(items: [V; N]) -> Self {
        Self::Vector(items.into())
    }
}

impl<V, const R: usize, const C: usize> From<[[V; C]; R]> for Shaped<V> {
    fn from(rows: [[V; C]; R]) -> Self {
        Self::Matrix { rows: R, cols: C, items: rows.into_iter().flatten().collect() }
    }
}

impl Shape {
    /// How many elements; `None` beyond what can be counted.
    pub fn len(self) -> Option<usize> {
        match self {
            Self::Number => Some(1),
            Self::Vector(n) => Some(n),
            Self::Matrix(rows, cols) => rows.checked_mul(cols),
        }
    }

    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len() == Some(0)
    }
}

impl fmt::Display for Shaped<f64> {
    /// As programs write it: `1.5`, `[1 2]`, `(mat [1 2] [3 4])`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => f.write_str(&number_text(*x)),
            Self::Vector(items) => vector(items, f),
            Self::Matrix { rows, cols, items } => {
                f.write_str("(mat")?;
                for i in 0..*rows {
                    f.write_str(" ")?;
                    vector(items.get(i * cols..(i + 1) * cols).unwrap_or_default(), f)?;
                }
                f.write_str(")")
            }
        }
    }
}

fn vector(items: &[f64], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("[")?;
    for (i, x) in items.iter().enumerate() {
        f.write_str(if i > 0 { " " } else { "" })?;
        f.write_str(&number_text(*x))?;
    }
    f.write_str("]")
}

impl fmt::Display for Shape {
    /// As messages name it: "a vector of 3".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("a number"),
            Self::Vector(n) => write!(f, "a vector of {n}"),
            Self::Matrix(rows, cols) => write!(f, "a matrix of {rows} by {cols}"),
        }
    }
}
