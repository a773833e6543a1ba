//! Kernels with operations on whole matrices: random and scaled matrices, singular and ill-conditioned ones, such that pivots
//! are exchanged or tie, and such with elements that are out of range, infinite or nan.

use crate::cc::{Job, Number};
use scheme_core::{
    prim::{Numeric, Whole},
    trace::{Must, Record, Slot},
};

/// Numbers in -1..1 as they come (SplitMix64).
struct Random(u64);

impl Random {
    fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn below(&mut self, n: usize) -> usize {
        ((self.number() + 1.0) * 0.5 * n as f64) as usize % n
    }
}

/// The elements of a square matrix.
fn square(n: usize, mut of: impl FnMut(usize, usize) -> f64) -> Vec<f64> {
    (0..n * n).map(|at| of(at / n, at % n)).collect()
}

/// Matrices of `n` rows.
fn matrices(n: usize, random: &mut Random) -> Vec<Vec<f64>> {
    let hilbert = |i: usize, j: usize| 1.0 / (i + j + 1) as f64;
    let mut all = vec![square(n, |_, _| 0.0), square(n, |_, _| -2.0), square(n, hilbert)];
    // Ties, and pivots that are not on the diagonal.
    all.extend((1..=n).map(|by| square(n, |i, j| f64::from(u8::from((i + by) % n == j)))));
    for _ in 0..4 {
        all.push(square(n, |_, _| random.number()));
        all.push(square(n, |_, _| random.below(3) as f64 - 1.0));
        all.push(square(n, |i, j| if i + j >= n { random.number() } else { 0.0 }));
        // Rank one, two equal rows, and a sum of rows.
        let (a, b) = (square(n, |_, _| random.below(9) as f64 - 4.0), square(n, |_, _| random.number()));
        all.push(square(n, |i, j| a[i] * a[j]));
        all.push(square(n, |i, j| b[i / 2 * n + j]));
        all.push(square(n, |i, j| if i + 1 < n { a[i * n + j] } else { a[j] + a[(n / 2) * n + j] }));
        // Definite, nearly so, and not quite symmetric.
        let product = square(n, |i, j| (0..n).map(|k| b[i * n + k] * b[j * n + k]).sum());
        all.push(square(n, |i, j| product[i * n + j] + f64::from(u8::from(i == j)) * 0.5));
        all.push(square(n, |i, j| product[i * n + j] + 0.01 * b[i * n + j] + f64::from(u8::from(i == j))));
        all.push(product);
        // Rows, and all elements, of any size.
        all.push(square(n, |i, j| b[i * n + j] * 2f64.powi(40 * i as i32 - 90)));
        for scale in [1e-320, 1e-300, 1e-120, 1e-44, 1e-38, 1e-30, 1e30, 1e38, 1e120, 1e308] {
            all.push(b.iter().map(|x| x * scale).collect());
        }
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 5e-324, -0.0, 0.0] {
            let mut one = b.clone();
            one[random.below(n * n)] = odd;
            all.push(one);
        }
    }
    all
}

/// The values and the gradient of a record at rows.
fn both<E: Number>(name: &str, record: &Record, rows: &[Vec<f64>]) -> [Job<E>; 2] {
    let wrt: Vec<usize> = (0..record.inputs()).collect();
    let pulled = record.with_cotangents(&wrt).expect("numbers");
    let cotangents: Vec<f64> = (0..record.results().len()).map(|k| 0.75 * k as f64 - 1.0).collect();
    let rows_of = |behind: &[f64]| -> Vec<Vec<E>> {
        rows.iter().map(|row| row.iter().chain(behind).map(|x| E::lit(*x)).collect()).collect()
    };
    [
        Job { name: name.to_string(), record: record.clone(), rows: rows_of(&[]) },
        Job { name: format!("the gradient of {name}"), record: pulled, rows: rows_of(&cotangents) },
    ]
}

/// Each operation at all sizes up to `most`, and some together.
pub(crate) fn operations_on_matrices<E: Number>(most: u32) -> Vec<Job<E>> {
    let mut random = Random(7);
    let mut jobs = Vec::new();
    for n in 1..=most {
        let matrices = matrices(n as usize, &mut random);
        for whole in [
            Whole::Det(n),
            Whole::Logdet(n),
            Whole::Cofactors(n),
            Whole::Inv(n),
            Whole::Cholesky(n),
            Whole::Solve { n, columns: 1 },
            Whole::Solve { n, columns: 3 },
            Whole::Product { m: n, n: 2, p: 3 },
        ] {
            let rows: Vec<Vec<f64>> = matrices
                .iter()
                .map(|a| {
                    let sides = (a.len()..whole.operands()).map(|_| random.number());
                    a.iter().copied().chain(sides).take(whole.operands()).collect()
                })
                .chain([vec![f64::INFINITY; whole.operands()]])
                .collect();
            let mut record = Record::new(whole.operands() as u32);
            let operands: Vec<Slot> = (0..whole.operands() as u32).map(Slot::value).collect();
            let first = record.push_whole(whole, &operands, 0).index() as u32;
            record.give((first..).take(whole.results()).map(Slot::value).collect());
            jobs.extend(both(&whole.to_string(), &record, &rows));
        }
    }
    let edges = [0.0, 1.0, -1.0, 0.5, 3.0, 1e-30, -1e30, f64::INFINITY, f64::NAN];
    let points: Vec<Vec<f64>> = edges.iter().flat_map(|x| edges.map(|y| vec![*x, y])).collect();
    jobs.extend(both("several", &several(), &points));
    jobs
}

/// Operations on what others give, on constants and on numbers twice, a guard and a choice by them.
fn several() -> Record {
    let (mut record, x, y) = (Record::new(2), Slot::value(0), Slot::value(1));
    let [tenth, third, two] = [0.1, 1.0 / 3.0, 2.0].map(|x| record.constant(x));
    let known = record.push_whole(Whole::Inv(2), &[tenth, third, two, tenth], 0);
    let sum = record.push(Numeric::Add, &[x, known], 0);
    let det = record.push_whole(Whole::Det(2), &[sum, y, x, x], 0);
    let big = record.push(Numeric::Less, &[two, det], 0);
    let inverse = record.push_whole(Whole::Inv(2), &[sum, x, tenth, y], 0);
    let log = record.push_whole(Whole::Logdet(1), &[inverse], 0);
    let chosen = record.push(Numeric::Select, &[big, log, inverse], 0);
    let small = record.push(Numeric::Less, &[x, two], 0);
    record.guard(small, Must::Be(true), 0);
    let solved = record.push_whole(Whole::Solve { n: 1, columns: 1 }, &[third, chosen], 0);
    record.give(vec![solved, det, inverse, known]);
    record
}
