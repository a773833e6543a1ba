//! Gaussian elimination: determinants, systems of equations, inverses.
//!
//! Each row of the matrix, with its right sides, is first divided by the power of two next to its greatest
//! element, which is exact. Then the element of greatest size below each other is the pivot, the first of
//! equals. Matrices up to [`UNDIVIDED`] rows are eliminated without fractions (Bareiss 1968): their rounding errors are those
//! of the quotients, and of whole numbers every step is exact, so that a singular matrix of such is found to be
//! singular. A matrix is singular where a pivot is 0.
//!
//! Elements are numbers or infinite; nan is the caller's to answer.

use super::scaled::{Scaled, greatest, shift};
use crate::real::Real;

/// Up to how many rows no fractions are formed. Their elements grow with every step, and more rows leave
/// the range of `f32`.
const UNDIVIDED: usize = 3;

/// A matrix in triangular form, with right sides.
struct Triangle<A> {
    n: usize,
    columns: usize,
    /// Rows of `n + columns`; what is below the diagonal is not meant.
    items: Vec<A>,
    det: Scaled<A>,
}

/// Eliminates a matrix of `n` rows; `None` if it is singular.
fn eliminate<A: Real<Mask = bool>>(n: usize, columns: usize, a: &[A], right: &[A]) -> Option<Triangle<A>> {
    let width = n + columns;
    let mut items = Vec::with_capacity(n * width);
    let mut det = Scaled::power(0);
    for i in 0..n {
        let row = &a[i * n..(i + 1) * n];
        let scale = greatest(row);
        det.exponent += scale;
        let sides = &right[i * columns..(i + 1) * columns];
        items.extend(row.iter().chain(sides).map(|x| shift(*x, -scale)));
    }
    let mut last = A::lit(1.0);
    for k in 0..n {
        let chosen = (k + 1..n).fold(k, |best, i| {
            if items[best * width + k].abs().less(items[i * width + k].abs()) { i } else { best }
        });
        if chosen != k {
            let (above, below) = items.split_at_mut(chosen * width);
            above[k * width..(k + 1) * width].swap_with_slice(&mut below[..width]);
            det = det.negated();
        }
        let (above, below) = items.split_at_mut((k + 1) * width);
        let top = &above[k * width + k..];
        let (pivot, rest) = (top[0], &top[1..]);
        if pivot.is_zero() {
            return None;
        }
        for row in below.chunks_exact_mut(width) {
            let first = row[k];
            let elements = row[k + 1..].iter_mut().zip(rest);
            if n <= UNDIVIDED {
                elements.for_each(|(x, above)| *x = (pivot * *x - first * *above) / last);
            } else {
                let factor = first / pivot;
                elements.for_each(|(x, above)| *x = *x - factor * *above);
            }
        }
        if n > UNDIVIDED || k + 1 == n {
            det = det.times(pivot);
        }
        last = pivot;
    }
    Some(Triangle { n, columns, items, det })
}

impl<A: Real<Mask = bool>> Triangle<A> {
    /// Solves from the last row upward.
    fn solve(mut self, results: &mut [A]) {
        let (n, columns) = (self.n, self.columns);
        let width = n + columns;
        for i in (0..n).rev() {
            let (above, below) = self.items.split_at_mut((i + 1) * width);
            let (factors, sides) = above[i * width..].split_at_mut(n);
            for (factor, solved) in factors[i + 1..].iter().zip(below.chunks_exact(width)) {
                for (side, x) in sides.iter_mut().zip(&solved[n..]) {
                    *side = *side - *factor * *x;
                }
            }
            sides.iter_mut().for_each(|side| *side = *side / factors[i]);
            results[i * columns..(i + 1) * columns].copy_from_slice(sides);
        }
    }
}

/// The determinant; 0 of a singular matrix.
pub(super) fn det<A: Real<Mask = bool>>(n: usize, a: &[A]) -> A {
    eliminate(n, 0, a, &[]).map_or(A::lit(0.0), |found| found.det.value())
}

/// The logarithm of the determinant's size; −inf of a singular matrix.
pub(super) fn logdet<A: Real<Mask = bool>>(n: usize, a: &[A]) -> A {
    eliminate(n, 0, a, &[]).map_or(A::lit(f64::NEG_INFINITY), |found| found.det.log())
}

/// The solutions for several right sides, the columns of a matrix; nan of a singular matrix.
pub(super) fn solve<A: Real<Mask = bool>>(n: usize, columns: usize, a: &[A], right: &[A], results: &mut [A]) {
    match eliminate(n, columns, a, right) {
        Some(found) => found.solve(results),
        None => results.fill(A::lit(f64::NAN)),
    }
}

/// The inverse: the solutions for the columns of the identity.
pub(super) fn inv<A: Real<Mask = bool>>(n: usize, a: &[A], results: &mut [A]) {
    let mut identity = vec![A::lit(0.0); n * n];
    identity.iter_mut().step_by(n + 1).for_each(|x| *x = A::lit(1.0));
    solve(n, n, a, &identity, results);
}
