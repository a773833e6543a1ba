//! The Cholesky factor.

use crate::real::Real;

/// The lower triangular factor L of the symmetric part (A + Aᵀ)/2, which is A itself where that is
/// symmetric: L·Lᵀ, with zeros above the diagonal. Nan everywhere unless it is positive definite.
pub(super) fn cholesky<A: Real<Mask = bool>>(n: usize, a: &[A], results: &mut [A]) {
    let (zero, half) = (A::lit(0.0), A::lit(0.5));
    results.fill(zero);
    for i in 0..n {
        let (above, row) = results.split_at_mut(i * n);
        for j in 0..i {
            let other = &above[j * n..(j + 1) * n];
            let given = half * a[i * n + j] + half * a[j * n + i];
            let left = row.iter().zip(other).take(j).fold(given, |sum, (x, y)| sum - *x * *y);
            row[j] = left / other[j];
        }
        let left = row.iter().take(i).fold(a[i * n + i], |sum, x| sum - *x * *x);
        if !zero.less(left) {
            results.fill(A::lit(f64::NAN));
            return;
        }
        row[i] = left.sqrt();
    }
}
