//! Matrices for tests, the same in each run, and what is said of them.

use scheme_core::{prim::Whole, real::Real};

/// A generator of numbers in −1..1.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    pub(crate) fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    pub(crate) fn matrix(&mut self, rows: usize, cols: usize) -> Vec<f64> {
        (0..rows * cols).map(|_| self.number()).collect()
    }

    /// Whole numbers from −9 to 9, in a square matrix of this rank or less.
    pub(crate) fn whole(&mut self, n: usize, rank: usize) -> Vec<f64> {
        let digit = |random: &mut Self, most: f64| (random.number() * (most + 1.0)).trunc();
        if rank >= n {
            return (0..n * n).map(|_| digit(self, 9.0)).collect();
        }
        let (left, right): (Vec<_>, Vec<_>) =
            (0..n * rank).map(|_| (digit(self, 2.0), digit(self, 2.0))).unzip();
        apply(Whole::Product { m: n as u32, n: rank as u32, p: n as u32 }, &[&left, &right])
    }

    /// A symmetric positive definite matrix.
    pub(crate) fn definite(&mut self, n: usize) -> Vec<f64> {
        let a = self.matrix(n, n);
        let mut square = product(n, &a, &transpose(n, &a));
        square.iter_mut().step_by(n + 1).for_each(|x| *x += 0.5);
        square
    }
}

/// What an operation makes of matrices.
pub(crate) fn apply<A: Real<Mask = bool>>(whole: Whole, operands: &[&[A]]) -> Vec<A> {
    let mut results = vec![A::lit(f64::NAN); whole.results()];
    whole.apply(&operands.concat(), &mut results);
    results
}

/// The product of two square matrices.
pub(crate) fn product(n: usize, a: &[f64], b: &[f64]) -> Vec<f64> {
    apply(Whole::Product { m: n as u32, n: n as u32, p: n as u32 }, &[a, b])
}

pub(crate) fn transpose(n: usize, a: &[f64]) -> Vec<f64> {
    (0..n * n).map(|at| a[at % n * n + at / n]).collect()
}

pub(crate) fn identity(n: usize) -> Vec<f64> {
    (0..n * n).map(|at| f64::from(at / n == at % n)).collect()
}

/// 1/(i + j + 1): the worse conditioned, the larger.
pub(crate) fn hilbert(n: usize) -> Vec<f64> {
    (0..n * n).map(|at| 1.0 / (at / n + at % n + 1) as f64).collect()
}

/// The greatest sum of the sizes in a row.
pub(crate) fn norm(cols: usize, a: &[f64]) -> f64 {
    a.chunks_exact(cols.max(1)).map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max)
}

/// The norm of the difference.
pub(crate) fn distance(cols: usize, a: &[f64], b: &[f64]) -> f64 {
    let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    assert!(a.len() == b.len() && difference.iter().all(|x| x.is_finite()), "{a:?} {b:?}");
    norm(cols, &difference)
}
