//! Cofactors: the determinants with one row and one column struck out, with alternating signs.
//!
//! They are the derivatives of the determinant, and have values at every matrix, singular or not. Up to three
//! rows they are written out. Beyond, with rows divided by powers of two and P·A·Q = L·U by complete pivoting,
//! where U is U' with a last column (u, d), the adjugate is
//!
//! det P · det Q · det U' · Q · [U'⁻¹·(d·Z' − u·z); z], with Z = L⁻¹·P, of which z is the last row,
//!
//! which divides by all pivots but the last. Where one of those is 0, the rank is less than n − 1, and all
//! cofactors are 0.

use super::scaled::{Scaled, greatest, shift};
use crate::real::Real;

/// The cofactors of a matrix of `n` rows.
pub(super) fn cofactors<A: Real<Mask = bool>>(n: usize, a: &[A], results: &mut [A]) {
    match (a, &mut *results) {
        ([_], [one]) => *one = A::lit(1.0),
        (&[a, b, c, d], results @ [_, _, _, _]) => results.copy_from_slice(&[d, -c, -b, a]),
        (&[a, b, c, d, e, f, g, h, i], results @ [_, _, _, _, _, _, _, _, _]) => results.copy_from_slice(&[
            e * i - f * h,
            f * g - d * i,
            d * h - e * g,
            c * h - b * i,
            a * i - c * g,
            b * g - a * h,
            b * f - c * e,
            c * d - a * f,
            a * e - b * d,
        ]),
        _ => factored(n, a, results),
    }
}

fn factored<A: Real<Mask = bool>>(n: usize, a: &[A], results: &mut [A]) {
    results.fill(A::lit(0.0));
    let Some(Factors { rows, columns, scales, items, det }) = factors(n, a) else { return };
    let Some(last) = n.checked_sub(1) else { return };
    // Z = L⁻¹·P, row by row.
    let mut z = vec![A::lit(0.0); n * n];
    for i in 0..n {
        z[i * n + rows[i]] = A::lit(1.0);
        for k in 0..i {
            subtract(&mut z, n, i, items[i * n + k], k);
        }
    }
    // d·Z' − u·z, and U' solved from its last row upward.
    let d = items[n * n - 1];
    for i in (0..last).rev() {
        z[i * n..(i + 1) * n].iter_mut().for_each(|x| *x = d * *x);
        subtract(&mut z, n, i, items[i * n + last], last);
        for k in i + 1..last {
            subtract(&mut z, n, i, items[i * n + k], k);
        }
        let pivot = items[i * n + i];
        z[i * n..(i + 1) * n].iter_mut().for_each(|x| *x = *x / pivot);
    }
    // The adjugate's transpose. Striking a row out strikes out its scale.
    let whole = scales.iter().fold(det.exponent, |sum, scale| sum.saturating_add(*scale));
    for (i, column) in columns.iter().enumerate() {
        for (j, scale) in scales.iter().enumerate() {
            results[j * n + column] = shift(det.part * z[i * n + j], whole - scale);
        }
    }
}

/// Row `i` less `factor` times row `k`.
fn subtract<A: Real>(items: &mut [A], n: usize, i: usize, factor: A, k: usize) {
    for j in 0..n {
        items[i * n + j] = items[i * n + j] - factor * items[k * n + j];
    }
}

/// The factors of a matrix with complete pivoting.
struct Factors<A> {
    /// Which row and which column of the matrix has come to each place.
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// By which power of two each row of the matrix was divided.
    scales: Vec<i32>,
    /// U on the diagonal and above, L less its diagonal of ones below.
    items: Vec<A>,
    /// The product of all pivots but the last, with the sign of the exchanges.
    det: Scaled<A>,
}

/// `None` if the rank is less than n − 1.
fn factors<A: Real<Mask = bool>>(n: usize, a: &[A]) -> Option<Factors<A>> {
    let mut items = Vec::with_capacity(n * n);
    let mut scales = Vec::with_capacity(n);
    for row in a.chunks_exact(n.max(1)) {
        let scale = greatest(row);
        scales.push(scale);
        items.extend(row.iter().map(|x| shift(*x, -scale)));
    }
    let (mut rows, mut columns): (Vec<usize>, Vec<usize>) = ((0..n).collect(), (0..n).collect());
    let mut det = Scaled::power(0);
    for k in 0..n.saturating_sub(1) {
        let places = (k..n).flat_map(|i| (k..n).map(move |j| (i, j)));
        let (i, j) = places.fold((k, k), |best, (i, j)| {
            if items[best.0 * n + best.1].abs().less(items[i * n + j].abs()) { (i, j) } else { best }
        });
        if i != k {
            (0..n).for_each(|j| items.swap(k * n + j, i * n + j));
            rows.swap(k, i);
            det = det.negated();
        }
        if j != k {
            (0..n).for_each(|i| items.swap(i * n + k, i * n + j));
            columns.swap(k, j);
            det = det.negated();
        }
        let pivot = items[k * n + k];
        if pivot.is_zero() {
            return None;
        }
        det = det.times(pivot);
        let (above, below) = items.split_at_mut((k + 1) * n);
        for row in below.chunks_exact_mut(n) {
            let factor = row[k] / pivot;
            row[k] = factor;
            row[k + 1..].iter_mut().zip(&above[k * n + k + 1..]).for_each(|(x, top)| *x = *x - factor * *top);
        }
    }
    Some(Factors { rows, columns, scales, items, det })
}
