//! Products of matrices.

use crate::real::Real;

/// Rows of `n` times a matrix of `n` by `p`.
///
/// A row of the result grows by one row of `b` after the other, so that memory is walked in its order;
/// each element is still the sum from the left.
pub(super) fn product<A: Real>(n: usize, p: usize, a: &[A], b: &[A], results: &mut [A]) {
    if n == 0 || p == 0 {
        results.fill(A::lit(0.0));
        return;
    }
    for (row, sums) in a.chunks_exact(n).zip(results.chunks_exact_mut(p)) {
        for (k, (x, others)) in row.iter().zip(b.chunks_exact(p)).enumerate() {
            for (sum, y) in sums.iter_mut().zip(others) {
                let term = *x * *y;
                *sum = if k == 0 { term } else { *sum + term };
            }
        }
    }
}
