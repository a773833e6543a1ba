//! Whole numbers: determinants and cofactors against exact ones, at full rank and below.

use crate::matrix::{Random, apply, distance, hilbert, norm};
use scheme_core::prim::Whole;

/// The determinant, without fractions.
pub(crate) fn det(n: usize, a: &[i128]) -> i128 {
    let (mut a, mut last, mut sign) = (a.to_vec(), 1, 1);
    for k in 0..n {
        let Some(pivot) = (k..n).find(|i| a[i * n + k] != 0) else { return 0 };
        if pivot != k {
            (0..n).for_each(|j| a.swap(k * n + j, pivot * n + j));
            sign = -sign;
        }
        for (i, j) in (k + 1..n).flat_map(|i| (k + 1..n).map(move |j| (i, j))) {
            a[i * n + j] = (a[k * n + k] * a[i * n + j] - a[i * n + k] * a[k * n + j]) / last;
        }
        last = a[k * n + k];
    }
    sign * last
}

fn cofactor(n: usize, a: &[i128], i: usize, j: usize) -> i128 {
    let minor: Vec<i128> = (0..n * n).filter(|at| at / n != i && at % n != j).map(|at| a[at]).collect();
    if (i + j).is_multiple_of(2) { det(n - 1, &minor) } else { -det(n - 1, &minor) }
}

fn cases() -> impl Iterator<Item = (usize, usize, Vec<f64>, Vec<i128>)> {
    let mut random = Random::new(2);
    let sizes = (1..=9usize).flat_map(|n| [0, 1, 2].map(|less| (n, n.saturating_sub(less))));
    sizes.flat_map(|size| [size; 8]).chain((1..=9).map(|n| (n, 0))).map(move |(n, rank)| {
        let a = random.whole(n, rank);
        let whole = a.iter().map(|x| *x as i128).collect();
        (n, rank, a, whole)
    })
}

/// How far rounding may lead a determinant of `n` rows of this size astray.
fn room(n: usize, size: f64) -> f64 {
    8.0 * n as f64 * f64::EPSILON * size.powi(n as i32)
}

#[test]
fn determinants_are_those_of_whole_numbers() {
    for (n, rank, a, whole) in cases() {
        let (found, expected) = (apply(Whole::Det(n as u32), &[&a])[0], det(n, &whole) as f64);
        let room = if n <= 3 { 0.0 } else { room(n, norm(n, &a)) };
        assert!((found - expected).abs() <= room, "{n}, rank {rank}: {found} {expected} {a:?}");
        let logdet = apply(Whole::Logdet(n as u32), &[&a])[0];
        if expected != 0.0 {
            let room = 8.0 * f64::EPSILON * logdet.abs() + 2.0 * room / expected.abs();
            assert!((logdet - expected.abs().ln()).abs() <= room, "{n}: {logdet} {expected}");
        } else if n <= 3 {
            assert_eq!(logdet, f64::NEG_INFINITY, "{a:?}");
        }
    }
}

#[test]
fn cofactors_are_minors_at_every_rank() {
    for (n, rank, a, whole) in cases() {
        let found = apply(Whole::Cofactors(n as u32), &[&a]);
        let room = if n <= 3 { 0.0 } else { room(n, norm(n, &a)) / norm(n, &a).max(1.0) };
        for (at, found) in found.iter().enumerate() {
            let expected = cofactor(n, &whole, at / n, at % n) as f64;
            assert!((found - expected).abs() <= room, "{n}, rank {rank}, {at}: {found} {expected} {a:?}");
        }
    }
}

#[test]
fn singular_matrices_of_whole_numbers_are_found_up_to_three_rows() {
    let mut singular = 0;
    for (n, _, a, whole) in cases().filter(|(n, ..)| *n <= 3) {
        let is = det(n, &whole) == 0;
        singular += i32::from(is);
        let inverse = apply(Whole::Inv(n as u32), &[&a]);
        assert!(inverse.iter().all(|x| x.is_nan() == is), "{a:?} {inverse:?}");
    }
    assert!(singular > 30);
}

/// The inverse of the Hilbert matrix is of whole numbers.
#[test]
fn hilbert_matrices_are_inverted_as_well_as_their_condition_allows() {
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    for n in 1..=10usize {
        let expected: Vec<f64> = (0..n * n)
            .map(|at| {
                let (i, j) = (at / n + 1, at % n + 1);
                let sign = if (i + j).is_multiple_of(2) { 1.0 } else { -1.0 };
                let last = choose(i + j - 2, i - 1);
                sign * (i + j - 1) as f64 * choose(n + i - 1, n - j) * choose(n + j - 1, n - i) * last * last
            })
            .collect();
        let a = hilbert(n);
        let found = apply(Whole::Inv(n as u32), &[&a]);
        let size = norm(n, &expected);
        let error = distance(n, &found, &expected) / size;
        assert!(error <= f64::EPSILON * norm(n, &a) * size, "{n}: {error}");
    }
}
