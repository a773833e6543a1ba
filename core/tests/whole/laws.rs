//! Laws at sizes from 1 to 20, of matrices well and ill conditioned, and singular ones.

use crate::matrix::{Random, apply, distance, hilbert, identity, norm, product, transpose};
use scheme_core::prim::Whole;

/// The matrices of each size: random, nearly singular, and Hilbert's, as far as those can be inverted.
fn matrices(seed: u64) -> impl Iterator<Item = (usize, u32, Vec<f64>)> {
    let mut random = Random::new(seed);
    (1..=20usize).flat_map(move |n| {
        let a = random.matrix(n, n);
        let mut near = a.clone();
        for j in 0..n {
            near[(n - 1) * n + j] = near[j] + 1e-9 * near[(n - 1) * n + j];
        }
        let ill = if n <= 12 { hilbert(n) } else { random.definite(n) };
        [a, near, ill].map(|a| (n, n as u32, a))
    })
}

#[test]
fn solutions_solve() {
    let mut random = Random::new(0);
    for (n, size, a) in matrices(3) {
        for columns in [1, 3] {
            let b = random.matrix(n, columns);
            let x = apply(Whole::Solve { n: size, columns: columns as u32 }, &[&a, &b]);
            let back = apply(Whole::Product { m: size, n: size, p: columns as u32 }, &[&a, &x]);
            let room = 4.0 * n as f64 * f64::EPSILON * norm(n, &a) * norm(columns, &x);
            assert!(distance(columns, &back, &b) <= room, "{n}");
        }
    }
}

#[test]
fn a_matrix_times_its_inverse_is_the_identity() {
    for (n, size, a) in matrices(4) {
        let inverse = apply(Whole::Inv(size), &[&a]);
        let room = 4.0 * n as f64 * f64::EPSILON * norm(n, &a) * norm(n, &inverse);
        assert!(distance(n, &product(n, &a, &inverse), &identity(n)) <= room, "{n}");
    }
}

/// Σⱼ aᵢⱼ·cₖⱼ is the determinant for i = k, else 0.
#[test]
fn rows_times_cofactors_are_the_determinant() {
    for (n, size, a) in matrices(5) {
        let det = apply(Whole::Det(size), &[&a])[0];
        let cofactors = apply(Whole::Cofactors(size), &[&a]);
        let expected: Vec<f64> = identity(n).iter().map(|x| det * x).collect();
        let found = product(n, &a, &transpose(n, &cofactors));
        let room = 16.0
            * n as f64
            * f64::EPSILON
            * norm(n, &a)
            * norm(n, &cofactors).max(norm(n, &transpose(n, &cofactors)));
        assert!(distance(n, &found, &expected) <= room, "{n}");
    }
}

#[test]
fn the_cholesky_factor_times_itself_is_the_matrix() {
    let mut random = Random::new(6);
    let definite = (1..=20).map(|n| (n, random.definite(n)));
    for (n, a) in definite.chain((1..=12).map(|n| (n, hilbert(n)))) {
        let factor = apply(Whole::Cholesky(n as u32), &[&a]);
        for (at, x) in factor.iter().enumerate() {
            let (i, j) = (at / n, at % n);
            assert!(if i < j { *x == 0.0 } else { i > j || *x > 0.0 }, "{n}: {i} {j} {x}");
        }
        let room = 2.0 * n as f64 * f64::EPSILON * norm(n, &a);
        assert!(distance(n, &product(n, &factor, &transpose(n, &factor)), &a) <= room, "{n}");
    }
}

/// The columns of right sides, each alone, and of the identity.
#[test]
fn columns_are_solved_as_if_alone() {
    for (n, size, a) in matrices(7) {
        let inverse = apply(Whole::Inv(size), &[&a]);
        assert_eq!(inverse, apply(Whole::Solve { n: size, columns: size }, &[&a, &identity(n)]));
        for j in 0..n {
            let unit: Vec<f64> = (0..n).map(|i| f64::from(i == j)).collect();
            let column: Vec<f64> = inverse.iter().skip(j).step_by(n).copied().collect();
            assert_eq!(apply(Whole::Solve { n: size, columns: 1 }, &[&a, &unit]), column, "{n}");
        }
    }
}

#[test]
fn a_nan_anywhere_is_nan_everywhere() {
    for n in 1..=5usize {
        let size = n as u32;
        for at in 0..n * n {
            let mut a = identity(n);
            a[at] = f64::NAN;
            let all = [Whole::Det(size), Whole::Logdet(size), Whole::Cofactors(size), Whole::Inv(size)];
            for whole in all.into_iter().chain([Whole::Cholesky(size)]) {
                assert!(apply(whole, &[&a]).iter().all(|x| x.is_nan()), "{whole} {at}");
            }
            let solution = apply(Whole::Solve { n: size, columns: 1 }, &[&a, &vec![0.0; n]]);
            assert!(solution.iter().all(|x| x.is_nan()), "{n} {at}");
        }
    }
}

/// Single precision is the same routine, as far as it goes.
#[test]
fn single_precision_agrees() {
    let mut random = Random::new(8);
    for n in 1..=20usize {
        let size = n as u32;
        let a: Vec<f32> = random.definite(n).iter().map(|x| *x as f32).collect();
        let wide: Vec<f64> = a.iter().map(|x| f64::from(*x)).collect();
        for whole in [
            Whole::Det(size),
            Whole::Logdet(size),
            Whole::Cofactors(size),
            Whole::Inv(size),
            Whole::Cholesky(size),
        ] {
            let (single, double) = (apply(whole, &[&a]), apply(whole, &[&wide]));
            let single: Vec<f64> = single.iter().map(|x| f64::from(*x)).collect();
            let width = double.len();
            let room = 1e-4 * norm(width, &double).max(1.0);
            assert!(distance(width, &single, &double) <= room, "{whole}");
        }
    }
}
