//! Operations on whole matrices: those that are no applications of numeric rows.
//!
//! An operation has its sizes in it, takes the elements of its operands, matrix after matrix and each
//! row by row, and gives those of its result. There is one routine for each, and its order of operations
//! depends on the sizes and on nothing but them and comparisons of elements: no threads, no fused
//! operations, nothing that asks for the processor, so that the bits are the same everywhere, for `f64`
//! and for `f32`. Linear algebra libraries choose kernels by processor or block size, which
//! changes the order of sums; therefore the routines are our own. They are total: what has no value is nan.
//!
//! Which arguments a program may give, and what is made of them, is for the rows of arrays to say.

mod cholesky;
mod cofactors;
mod elimination;
mod product;
mod scaled;
mod tangents;
mod written;

pub use tangents::{Rule, Tangents, tangents};
pub use written::Written;

use crate::real::Real;
use std::fmt;

/// An operation on matrices of known sizes, given as their elements, row by row.
///
/// ```
/// use scheme_core::prim::Whole;
/// let product = Whole::Product { m: 1, n: 2, p: 2 };
/// let mut row = [0.0; 2];
/// product.apply(&[10.0, 1.0, /* times */ 1.0, 2.0, 3.0, 4.0], &mut row);
/// assert_eq!(row, [13.0, 24.0]);
/// assert_eq!(Whole::parse(&product.to_string()), Some(product));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Whole {
    /// A matrix of `m` by `n` times one of `n` by `p`: each element a sum of products from the left,
    /// starting at the first, 0 for none, as `dot` computes it.
    Product {
        /// The rows of the left matrix.
        m: u32,
        /// Its columns, the rows of the right one.
        n: u32,
        /// The columns of the right matrix.
        p: u32,
    },
    /// The determinant of a matrix of so many rows and columns; 1 of the empty one, 0 where elimination
    /// finds it singular.
    Det(u32),
    /// The logarithm of the determinant's size, which may itself be out of range; −inf where it is 0.
    Logdet(u32),
    /// The cofactors, the derivatives of the determinant by the elements, at every matrix: the transposed
    /// adjugate.
    Cofactors(u32),
    /// The inverse; nan where elimination finds a singular matrix.
    Inv(u32),
    /// A matrix of `n` by `n`, then one of `n` by `columns`: X of A·X = B; nan as in the inverse.
    Solve {
        /// The rows and columns of the left matrix, the rows of the right one.
        n: u32,
        /// The columns of the right one: so many systems are solved.
        columns: u32,
    },
    /// The lower triangular L with L·Lᵀ = (A + Aᵀ)/2, A itself if that is symmetric; nan unless that is
    /// positive definite.
    Cholesky(u32),
}

impl Whole {
    /// The name in graphs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Product { .. } => "product",
            Self::Det(_) => "det",
            Self::Logdet(_) => "logdet",
            Self::Cofactors(_) => "cofactors",
            Self::Inv(_) => "inv",
            Self::Solve { .. } => "solve",
            Self::Cholesky(_) => "cholesky",
        }
    }

    /// The sizes, in the order of the text.
    fn sizes(self) -> Vec<u32> {
        match self {
            Self::Product { m, n, p } => vec![m, n, p],
            Self::Solve { n, columns } => vec![n, columns],
            Self::Det(n) | Self::Logdet(n) | Self::Cofactors(n) | Self::Inv(n) | Self::Cholesky(n) => vec![n],
        }
    }

    /// The rows and columns of each matrix that it takes.
    pub fn takes(self) -> impl Iterator<Item = (u32, u32)> {
        let (first, second) = match self {
            Self::Product { m, n, p } => ((m, n), Some((n, p))),
            Self::Solve { n, columns } => ((n, n), Some((n, columns))),
            Self::Det(n) | Self::Logdet(n) | Self::Cofactors(n) | Self::Inv(n) | Self::Cholesky(n) => {
                ((n, n), None)
            }
        };
        std::iter::once(first).chain(second)
    }

    /// The rows and columns of the matrix that it gives; a number is a matrix of one by one.
    pub fn gives(self) -> (u32, u32) {
        match self {
            Self::Product { m, p, .. } => (m, p),
            Self::Det(_) | Self::Logdet(_) => (1, 1),
            Self::Cofactors(n) | Self::Inv(n) | Self::Cholesky(n) => (n, n),
            Self::Solve { n, columns } => (n, columns),
        }
    }

    /// How many elements it takes, of all matrices together.
    pub fn operands(self) -> usize {
        self.takes().fold(0, |sum, shape| sum.saturating_add(count(shape)))
    }

    /// How many elements it gives.
    pub fn results(self) -> usize {
        count(self.gives())
    }

    /// About how many products and sums its derivative is written out as, in graphs.
    pub fn written_out(self) -> usize {
        let [operands, results] = [self.operands(), self.results()];
        match self {
            Self::Product { n, .. } => results.saturating_mul(4 * n as usize),
            Self::Det(_) | Self::Logdet(_) => operands.saturating_mul(2),
            Self::Cofactors(_) => results.saturating_mul(2).saturating_mul(operands),
            Self::Inv(n) | Self::Solve { n, .. } => results.saturating_mul(4 * n as usize),
            Self::Cholesky(n) => results.saturating_mul(6 * n as usize),
        }
    }

    /// Computes the elements of the result from those of the operands. If there are not as many of either
    /// as [`operands`](Self::operands) and [`results`](Self::results) say, the results are nan.
    pub fn apply<A: Real<Mask = bool>>(self, operands: &[A], results: &mut [A]) {
        if operands.len() != self.operands() || results.len() != self.results() {
            results.fill(A::lit(f64::NAN));
            return;
        }
        let (a, b) = operands.split_at(self.takes().next().map_or(0, count));
        match self {
            Self::Product { n, p, .. } => product::product(n as usize, p as usize, a, b, results),
            // Pivots are found by comparison, which would step over nan.
            _ if a.iter().any(|x| x.is_nan()) => results.fill(A::lit(f64::NAN)),
            Self::Det(n) => results.fill(elimination::det(n as usize, a)),
            Self::Logdet(n) => results.fill(elimination::logdet(n as usize, a)),
            Self::Cofactors(n) => cofactors::cofactors(n as usize, a, results),
            Self::Inv(n) => elimination::inv(n as usize, a, results),
            Self::Solve { n, columns } => elimination::solve(n as usize, columns as usize, a, b, results),
            Self::Cholesky(n) => cholesky::cholesky(n as usize, a, results),
        }
    }

    /// The elements of the result from those of the operands, on numbers of any kind: each lane by itself, and derivatives by
    /// the [rule](tangents).
    pub fn on<T: Real>(self, operands: &[T]) -> Vec<T> {
        let mut results = vec![T::lit(f64::NAN); self.results()];
        T::whole(self, operands, &mut results);
        results
    }

    /// The same from an array to an array.
    ///
    /// ```
    /// use scheme_core::prim::Whole;
    /// let [det] = Whole::Det(2).of([1.0, 2.0, 3.0, 4.0]);
    /// assert_eq!(det, -2.0);
    /// ```
    pub fn of<T: Real, const N: usize, const K: usize>(self, operands: [T; N]) -> [T; K] {
        let mut results = [T::lit(f64::NAN); K];
        T::whole(self, &operands, &mut results);
        results
    }

    /// The sums of products that a product is, on numbers of any kind; nothing of other operations.
    pub(crate) fn sums<T: Real>(self, operands: &[T]) -> Vec<T> {
        let Self::Product { m, n, p } = self else { return Vec::new() };
        let mut results = vec![T::lit(0.0); self.results()];
        let (a, b) = operands.split_at(count((m, n)).min(operands.len()));
        product::product(n as usize, p as usize, a, b, &mut results);
        results
    }

    /// Reads the text that `Display` writes: the name and the sizes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let name = words.next()?;
        let sizes: Vec<u32> = words.map(|word| word.parse().ok()).collect::<Option<_>>()?;
        let whole = match (name, sizes.as_slice()) {
            ("product", &[m, n, p]) => Self::Product { m, n, p },
            ("det", &[n]) => Self::Det(n),
            ("logdet", &[n]) => Self::Logdet(n),
            ("cofactors", &[n]) => Self::Cofactors(n),
            ("inv", &[n]) => Self::Inv(n),
            ("solve", &[n, columns]) => Self::Solve { n, columns },
            ("cholesky", &[n]) => Self::Cholesky(n),
            _ => return None,
        };
        Some(whole)
    }
}

impl fmt::Display for Whole {
    /// The name and the sizes: `product 2 3 2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.sizes().into_iter().try_for_each(|size| write!(f, " {size}"))
    }
}

fn count((rows, cols): (u32, u32)) -> usize {
    (rows as usize).saturating_mul(cols as usize)
}
