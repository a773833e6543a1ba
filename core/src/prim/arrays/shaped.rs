//! Numbers in shapes.

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
    pub fn map<W>(&self, f: impl FnMut(&V) -> W) -> Shaped<W> {
        match self {
            Self::Number(x) => {
                let mut f = f;
                Shaped::Number(f(x))
            }
            Self::Vector(items) => Shaped::Vector(items.iter().map(f).collect()),
            Self::Matrix { rows, cols, items } => {
                Shaped::Matrix { rows: *rows, cols: *cols, items: items.iter().map(f).collect() }
            }
        }
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
