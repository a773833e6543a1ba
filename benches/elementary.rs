//! The elementary functions against the standard library's (which on most systems are the C
//! library's): one by one, and eight lanes at a time where the machine has AVX2.
//!
//! `cargo bench -p scheme-benches --bench elementary` checks the results, prints a table of ratios,
//! each from the fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

use std::{hint::black_box, time::Instant};

use criterion::{Criterion, criterion_group};
use scheme_core::{math::Lanes, real::Real};

/// Numbers to a run.
const N: usize = 1024;
/// Lanes of the vector form.
const W: usize = 8;

/// One function: ours and the standard library's over a range of arguments.
struct Row {
    name: &'static str,
    range: (f64, f64),
    std: fn(&[f64], &mut [f64]),
    scalar: fn(&[f64], &mut [f64]),
    lanes: fn(&[f64], &mut [f64]),
}

/// A row of the table: the loops are written out so that calls are as direct as in a program.
macro_rules! row {
    ($name:ident, $low:expr, $high:expr, $std:expr, $ours:expr) => {
        Row {
            name: stringify!($name),
            range: ($low, $high),
            std: |x, out| {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = $std(black_box(*x));
                }
            },
            scalar: |x, out| {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = $ours(black_box(*x));
                }
            },
            lanes: {
                #[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
                fn avx2(x: &[f64], out: &mut [f64]) {
                    for (out, x) in out.as_chunks_mut::<W>().0.iter_mut().zip(x.as_chunks::<W>().0) {
                        *out = $ours(Lanes(*x)).0;
                    }
                }
                // SAFETY: `main` asked the machine for the feature.
                |x, out| unsafe { avx2(x, out) }
            },
        }
    };
}

/// `x^2.7`, in either form.
fn power(x: f64) -> f64 {
    x.powf(2.7)
}

const ROWS: &[Row] = &[
    row!(exp, -10.0, 10.0, f64::exp, Real::exp),
    row!(expm1, -5.0, 5.0, f64::exp_m1, Real::expm1),
    row!(log, 0.01, 50.0, f64::ln, Real::log),
    row!(log1p, -0.9, 20.0, f64::ln_1p, Real::log1p),
    row!(pow, 0.01, 20.0, power, (|x| Real::expt(x, lit(x, 2.7)))),
    row!(sin, -10.0, 10.0, f64::sin, Real::sin),
    row!(cos, -10.0, 10.0, f64::cos, Real::cos),
    row!(tan, -10.0, 10.0, f64::tan, Real::tan),
    row!(asin, -1.0, 1.0, f64::asin, Real::asin),
    row!(acos, -1.0, 1.0, f64::acos, Real::acos),
    row!(atan, -5.0, 5.0, f64::atan, Real::atan),
    row!(atan2, -5.0, 5.0, (|x| f64::atan2(x, 1.5)), (|x| Real::atan2(x, lit(x, 1.5)))),
    row!(sinh, -8.0, 8.0, f64::sinh, Real::sinh),
    row!(cosh, -8.0, 8.0, f64::cosh, Real::cosh),
    row!(tanh, -3.0, 3.0, f64::tanh, Real::tanh),
    row!(floor, -99.0, 99.0, f64::floor, Real::floor),
    row!(ceiling, -99.0, 99.0, f64::ceil, Real::ceiling),
    row!(round, -99.0, 99.0, f64::round_ties_even, Real::round),
    row!(truncate, -99.0, 99.0, f64::trunc, Real::truncate),
];

/// A literal of the same form as another number.
#[inline(always)]
fn lit<R: Real>(_like: R, x: f64) -> R {
    R::lit(x)
}

/// Arguments spread over the range, in no order that a branch predictor could learn.
fn arguments((low, high): (f64, f64)) -> Vec<f64> {
    (0..N).map(|i| low + (high - low) * (i as f64 * 0.618_033_988_749_895).fract()).collect()
}

/// The results are the same in both forms, and within rounding of the standard library's.
fn check(row: &Row) {
    let x = arguments(row.range);
    let [mut std, mut scalar, mut lanes] = [(); 3].map(|()| vec![0.0; N]);
    (row.std)(&x, &mut std);
    (row.scalar)(&x, &mut scalar);
    (row.lanes)(&x, &mut lanes);
    for (((x, std), scalar), lanes) in x.iter().zip(&std).zip(&scalar).zip(&lanes) {
        assert_eq!(scalar.to_bits(), lanes.to_bits(), "{} of {x}", row.name);
        assert!((std - scalar).abs() <= 1e-15 * std.abs(), "{} of {x}: {scalar}, not {std}", row.name);
    }
}

/// Nanoseconds to a number, of the fastest of many runs of the three in turn.
fn time(row: &Row) -> [f64; 3] {
    let x = arguments(row.range);
    let mut out = vec![0.0; N];
    let mut best = [f64::INFINITY; 3];
    for _ in 0..200 {
        for (best, run) in best.iter_mut().zip([row.std, row.scalar, row.lanes]) {
            let start = Instant::now();
            run(black_box(&x), &mut out);
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / N as f64);
            black_box(&mut out);
        }
    }
    best
}

fn table() {
    println!(
        "{:10} {:>8} {:>8} {:>8} {:>12} {:>12}",
        "ns", "std", "scalar", "lanes", "scalar/std", "std/lanes"
    );
    let (mut logs, mut worst) = (0.0, 0.0f64);
    for row in ROWS {
        check(row);
        let [std, scalar, lanes] = time(row);
        let ratio = scalar / std;
        println!("{:10} {std:8.2} {scalar:8.2} {lanes:8.2} {ratio:12.2} {:12.2}", row.name, std / lanes);
        logs += ratio.ln();
        worst = worst.max(ratio);
    }
    println!("scalar/std: geometric mean {:.2}, worst {worst:.2}", (logs / ROWS.len() as f64).exp());
}

fn elementary(criterion: &mut Criterion) {
    for row in ROWS {
        let x = arguments(row.range);
        let mut out = vec![0.0; N];
        let mut group = criterion.benchmark_group(row.name);
        for (form, run) in [("std", row.std), ("scalar", row.scalar), ("lanes", row.lanes)] {
            group.bench_function(form, |bencher| {
                bencher.iter(|| {
                    run(black_box(&x), &mut out);
                    black_box(&mut out);
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, elementary);

fn main() {
    #[cfg(target_arch = "x86_64")]
    if !is_x86_feature_detected!("avx2") {
        println!("this machine has no AVX2");
        return;
    }
    table();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
