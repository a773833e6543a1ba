//! Rows on numeric vectors and matrices, written once as applications of numeric rows.
//!
//! A row has name, arity, doc, and its shape rule as data ([`ArrayRow::takes`]). [`call`] checks the rule
//! and expands the row over [`Elements`]: the machine computes with it, the lowering builds graphs,
//! tests take plain numbers. The order of operations is fixed (sums start at their first term and go
//! on from the left, products of matrices are computed row by row), so that every way of running
//! gives the same bits, and all derivatives are those of the numeric rows. What is no such application is an
//! operation on whole matrices ([`Elements::whole`]). [`broadcast`] applies a
//! numeric row element by element.
//!
//! Nothing here knows a value that is no number, vector or matrix; those are the implementor's to refuse.

mod expand;
mod fit;
mod shaped;

pub use expand::{broadcast, call, product};
pub use shaped::{Shape, Shaped};

use super::{Arity, Numeric, Whole};
use crate::diag::Code;
use std::fmt;

/// What array rows are expanded over.
pub trait Elements {
    /// An element.
    type Number: Clone;
    /// What ends the expansion early.
    type Error;

    /// A constant.
    fn literal(&mut self, x: f64) -> Self::Number;

    /// Applies a numeric row, once, to as many numbers as it has operands.
    fn apply(&mut self, row: Numeric, operands: &[Self::Number]) -> Result<Self::Number, Self::Error>;

    /// The product of a matrix of `m` by `n` and one of `n` by `p`, given as their elements, row by row: each element a sum
    /// of products from the left, starting at the first, 0 for none. Unless an implementor knows better, that is so
    /// many applications of rows, element by element.
    fn product(
        &mut self,
        [m, n, p]: [usize; 3],
        left: &[Self::Number],
        right: &[Self::Number],
    ) -> Result<Vec<Self::Number>, Self::Error> {
        product([m, n, p], left, right, self)
    }

    /// What an operation on whole matrices gives, on as many numbers as it has operands.
    ///
    /// # Errors
    /// The implementor's.
    fn whole(&mut self, whole: Whole, operands: &[Self::Number]) -> Result<Vec<Self::Number>, Self::Error>;

    /// The value of argument `argument`, which says how large a result is or which element is meant.
    fn known(&mut self, argument: usize, number: &Self::Number) -> Result<f64, Self::Error>;

    /// Comes before an array of `items` elements is made by `operations` applications of rows.
    fn reserve(&mut self, items: usize, operations: usize) -> Result<(), Self::Error>;

    /// The error for arguments that the row does not take.
    fn misfit(&mut self, misfit: Misfit) -> Self::Error;
}

/// What is wrong with the arguments of a call on arrays.
#[derive(Clone, PartialEq, Debug)]
pub struct Misfit {
    /// `WrongType`, `Shape` or `OutOfDomain`.
    pub code: Code,
    /// Which argument is to blame, from 0, if it is one.
    pub argument: Option<usize>,
    /// What is wrong, in plain words.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

/// The size of an axis in a shape rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// This one.
    Exactly(usize),
    /// Any, but the same wherever the name stands.
    Named(&'static str),
}

/// What a row takes as an argument, or gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// A number.
    Number,
    /// A vector of this size.
    Vector(Size),
    /// A matrix of these sizes.
    Matrix(Size, Size),
    /// A vector or a matrix.
    Array,
    /// A number, a vector or a matrix.
    Any,
}

impl Pattern {
    /// What messages call it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Vector(_) => "a numeric vector",
            Self::Matrix(..) => "a matrix",
            Self::Array => "a numeric vector or a matrix",
            Self::Any => "a number, a numeric vector or a matrix",
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Pattern {
    /// The axes: `()`, `(n)`, `(m n)`, or `(…)` for any number of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => f.write_str("()"),
            Self::Vector(n) => write!(f, "({n})"),
            Self::Matrix(m, n) => write!(f, "({m} {n})"),
            Self::Array | Self::Any => f.write_str("(…)"),
        }
    }
}

/// What the table says of an array row.
#[derive(Clone, Copy, Debug)]
pub struct ArrayRow {
    /// The name in programs.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: Arity,
    /// The shape rule: what it takes as each argument, the last for all further ones …
    pub takes: &'static [Pattern],
    /// … and what it gives.
    pub gives: Pattern,
    /// Formula and edge values.
    pub doc: &'static str,
}

impl ArrayRow {
    /// What it takes as an argument.
    pub fn operand(&self, argument: usize) -> Pattern {
        let last = self.takes.len().saturating_sub(1);
        self.takes.get(argument.min(last)).copied().unwrap_or(Pattern::Any)
    }
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $arity:expr, [$($takes:expr),+] -> $gives:expr;)+) => {
        /// A row on numeric vectors and matrices.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Array { $($(#[doc = $doc])+ $variant,)+ }

        impl Array {
            /// Every row.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// What the table says of it.
            pub fn row(self) -> &'static ArrayRow {
                match self {
                    $(Self::$variant => const { &ArrayRow {
                        name: $name, arity: $arity, takes: &[$($takes),+], gives: $gives, doc: concat!($($doc, "\n"),+),
                    } },)+
                }
            }
        }
    };
}

const NUMBER: Pattern = Pattern::Number;
const VECTOR: Pattern = Pattern::Vector(N);
const MATRIX: Pattern = Pattern::Matrix(M, N);
const SQUARE: Pattern = Pattern::Matrix(N, N);
const THREE: Pattern = Pattern::Vector(Size::Exactly(3));
const M: Size = Size::Named("m");
const N: Size = Size::Named("n");
const P: Size = Size::Named("p");

rows! {
    /// `(vec x …)`, also written `[x …]`: the numeric vector of the numbers x ….
    Vec "vec" Arity::at_least(0), [NUMBER] -> VECTOR;
    /// `(mat row …)`: the matrix of the rows, numeric vectors of one length.
    Mat "mat" Arity::at_least(1), [VECTOR] -> MATRIX;
    /// `(stack v …)`: the matrix whose rows are the vectors v ….
    Stack "stack" Arity::at_least(1), [VECTOR] -> MATRIX;
    /// `(ref v i)`: the element of v at index i, from 0. `(ref A i)` is row i of A, a vector; `(ref A i j)`
    /// its element in row i and column j. An index is an integer in range, anything else a domain error.
    Ref "ref" Arity::between(2, 3), [Pattern::Array, NUMBER, NUMBER] -> Pattern::Any;
    /// `(vlen v)`: the number of elements of a vector. Derivative 0.
    Vlen "vlen" Arity::exactly(1), [VECTOR] -> NUMBER;
    /// `(rows A)`: the number of rows of a matrix. Derivative 0.
    Rows "rows" Arity::exactly(1), [MATRIX] -> NUMBER;
    /// `(cols A)`: the number of columns of a matrix. Derivative 0.
    Cols "cols" Arity::exactly(1), [MATRIX] -> NUMBER;
    /// `(vsum v)`: v₀ + v₁ + …, from the left; 0 for no elements.
    Vsum "vsum" Arity::exactly(1), [VECTOR] -> NUMBER;
    /// `(dot u v)`: u₀·v₀ + u₁·v₁ + …, from the left; 0 for no elements.
    Dot "dot" Arity::exactly(2), [VECTOR, VECTOR] -> NUMBER;
    /// `(cross u v)`: (u₁v₂ − u₂v₁, u₂v₀ − u₀v₂, u₀v₁ − u₁v₀).
    Cross "cross" Arity::exactly(2), [THREE, THREE] -> THREE;
    /// `(norm v)`: √(v₀² + v₁² + …), the sum from the left; 0 for no elements. Derivative v/|v|, 0 at the
    /// zero vector. Squares that overflow give inf, those that underflow 0.
    Norm "norm" Arity::exactly(1), [VECTOR] -> NUMBER;
    /// `(normalize v)`: v/|v|; the zero vector for itself, with derivative 0.
    Normalize "normalize" Arity::exactly(1), [VECTOR] -> VECTOR;
    /// `(scale s v)`: s times each element of a vector or matrix.
    Scale "scale" Arity::exactly(2), [NUMBER, Pattern::Array] -> Pattern::Array;
    /// `(linspace a b n)`: n numbers at equal distances, the first a and the last b, both exactly; between
    /// them a + (b − a)·i/(n − 1). One number is a alone, none an empty vector. Derivative 0 by n.
    Linspace "linspace" Arity::exactly(3), [NUMBER, NUMBER, NUMBER] -> VECTOR;
    /// `(zeros n)`: a vector of n zeros; `(zeros m n)` a matrix of them, m rows of n. Derivative 0 by sizes.
    Zeros "zeros" Arity::between(1, 2), [NUMBER] -> Pattern::Array;
    /// `(ones n)`: a vector of n ones; `(ones m n)` a matrix of them, m rows of n. Derivative 0 by sizes.
    Ones "ones" Arity::between(1, 2), [NUMBER] -> Pattern::Array;
    /// `(eye n)`: the identity matrix of n rows and columns. Derivative 0 by n.
    Eye "eye" Arity::exactly(1), [NUMBER] -> SQUARE;
    /// `(diag v)`: the matrix with the elements of v on its diagonal and zeros beside it. `(diag A)` is the
    /// diagonal of A, a vector, as long as the shorter side of A.
    Diag "diag" Arity::exactly(1), [Pattern::Array] -> Pattern::Array;
    /// `(outer u v)`: the matrix of the products uᵢ·vⱼ.
    Outer "outer" Arity::exactly(2), [Pattern::Vector(M), VECTOR] -> MATRIX;
    /// `(matvec A v)`: the vector of the products of each row of A with v, as `dot` computes them.
    Matvec "matvec" Arity::exactly(2), [MATRIX, VECTOR] -> Pattern::Vector(M);
    /// `(matmul A B)`: the matrix of the products of each row of A with each column of B, as `dot`
    /// computes them.
    Matmul "matmul" Arity::exactly(2), [MATRIX, Pattern::Matrix(N, P)] -> Pattern::Matrix(M, P);
    /// `(transpose A)`: the matrix whose rows are the columns of A.
    Transpose "transpose" Arity::exactly(1), [MATRIX] -> Pattern::Matrix(N, M);
    /// `(trace A)`: the sum of the diagonal of a square matrix, from the left.
    Trace "trace" Arity::exactly(1), [SQUARE] -> NUMBER;
    /// `(det A)`: the determinant of a square matrix; 0 where elimination finds it singular, 1 of the empty
    /// matrix. Its derivative is the cofactors, at every matrix.
    Det "det" Arity::exactly(1), [SQUARE] -> NUMBER;
    /// `(logdet A)`: ln |det A|, which neither under- nor overflows; −inf where that is 0. Derivative A⁻ᵀ.
    Logdet "logdet" Arity::exactly(1), [SQUARE] -> NUMBER;
    /// `(inv A)`: the inverse of a square matrix; nan where elimination finds it singular. Derivative
    /// −A⁻¹·dA·A⁻¹.
    Inv "inv" Arity::exactly(1), [SQUARE] -> SQUARE;
    /// `(solve A b)`: the vector x with A·x = b; nan as in `inv`. Derivative A⁻¹·(db − dA·x).
    Solve "solve" Arity::exactly(2), [SQUARE, VECTOR] -> VECTOR;
    /// `(cholesky A)`: the lower triangular L with L·Lᵀ = (A + Aᵀ)/2, which is A if that is symmetric; nan
    /// unless it is positive definite.
    Cholesky "cholesky" Arity::exactly(1), [SQUARE] -> SQUARE;
}
