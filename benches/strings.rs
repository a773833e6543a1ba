//! Programs from strings: loading, value and gradient, through the evaluator written in Scheme.
//!
//! `cargo bench -p scheme-benches --bench strings` checks every value and derivative against Rust, and that a loop
//! keeps no memory, before the clock starts. What is compared with is the same in Rust by hand, in the same run;
//! the table in `README.md` has the ratios.
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use scheme_runtime::{Answer, Interpreter, Limits, StringProgram};
use std::hint::black_box;

const COULOMB: &str = "(* k (/ (* q1 q2) (* r r)))";
const FIB: &str = "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib n)";
/// A hundred steps of Euler's method for predator and prey.
const EULER: &str = "
    (let loop ((i 0) (x x0) (y 1))
      (if (= i 100)
          (+ x y)
          (loop (+ i 1) (+ x (* h (- (* a x) (* b x y)))) (+ y (* h (- (* b x y) y))))))";
const TAIL: &str = "(let loop ((i 0) (sum 0)) (if (= i n) sum (loop (+ i 1) (+ sum (* x i)))))";

const CHARGES: [(&str, f64); 4] = [("k", 8.99), ("q1", 1.5), ("q2", -2.25), ("r", 0.7)];
const POPULATION: [(&str, f64); 4] = [("x0", 1.0), ("h", 0.01), ("a", 1.1), ("b", 0.4)];

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).expect("it loads")
}

/// Coulomb's law by hand, with its derivatives.
fn coulomb([k, q1, q2, r]: [f64; 4]) -> (f64, [f64; 4]) {
    let f = k * ((q1 * q2) / (r * r));
    (f, [f / k, f / q1, f / q2, -2.0 * f / r])
}

fn fib(n: f64) -> f64 {
    if n < 2.0 { n } else { fib(n - 1.0) + fib(n - 2.0) }
}

/// Euler's method by hand, with the derivatives by `x0`, `a` and `b` forward.
fn euler([x0, h, a, b]: [f64; 4]) -> (f64, [f64; 3]) {
    let (mut x, mut y) = (x0, 1.0);
    let (mut dx, mut dy) = ([1.0, 0.0, 0.0], [0.0; 3]);
    for _ in 0..100 {
        let (by_a, by_b) = ([0.0, x, 0.0], [0.0, 0.0, x * y]);
        let next = |i: usize| {
            let product = b * (dx[i] * y + x * dy[i]) + by_b[i];
            (dx[i] + h * (a * dx[i] + by_a[i] - product), dy[i] + h * (product - dy[i]))
        };
        let moved = [next(0), next(1), next(2)];
        (x, y) = (x + h * (a * x - b * x * y), y + h * (b * x * y - y));
        (dx, dy) = (moved.map(|(dx, _)| dx), moved.map(|(_, dy)| dy));
    }
    (x + y, [dx[0] + dy[0], dx[1] + dy[1], dx[2] + dy[2]])
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found}, not {expected}");
}

fn value_and_grad(program: &StringProgram, by: &[&str], at: &[(&str, f64)]) -> (f64, Vec<f64>) {
    program.value_and_grad(by, at).expect("it has a gradient")
}

fn strings(c: &mut Criterion) {
    let names = CHARGES.map(|(name, _)| name);
    let (charges, by) = (load(COULOMB), ["x0", "a", "b"]);
    let (value, gradient) = value_and_grad(&charges, &names, &CHARGES);
    let (expected, slopes) = coulomb(CHARGES.map(|(_, x)| x));
    assert_eq!(value.to_bits(), expected.to_bits());
    gradient.iter().zip(slopes).for_each(|(found, expected)| close(*found, expected));

    let mut group = c.benchmark_group("coulomb");
    group.bench_function("load", |b| b.iter(|| load(black_box(COULOMB))));
    group.bench_function("load, value and gradient", |b| {
        b.iter(|| value_and_grad(&load(black_box(COULOMB)), &names, &CHARGES))
    });
    group.bench_function("call", |b| b.iter(|| charges.call(black_box(&CHARGES))));
    group.bench_function("value and gradient", |b| {
        b.iter(|| value_and_grad(&charges, &names, black_box(&CHARGES)))
    });
    group.finish();

    let tree = load(FIB);
    assert_eq!(tree.call(&[("n", 16.0)]), Ok(Answer::Number(987.0)));
    let mut group = c.benchmark_group("fib 16");
    group.bench_function("string", |b| b.iter(|| tree.call(black_box(&[("n", 16.0)]))));
    group.bench_function("by hand", |b| b.iter(|| fib(black_box(16.0))));
    group.finish();

    let steps = load(EULER);
    let (value, gradient) = value_and_grad(&steps, &by, &POPULATION);
    let (expected, slopes) = euler(POPULATION.map(|(_, x)| x));
    close(value, expected);
    gradient.iter().zip(slopes).for_each(|(found, expected)| close(*found, expected));
    let mut group = c.benchmark_group("euler 100");
    group.bench_function("string, value", |b| b.iter(|| steps.call(black_box(&POPULATION))));
    group.bench_function("string, value and gradient", |b| {
        b.iter(|| value_and_grad(&steps, &by, black_box(&POPULATION)))
    });
    group.bench_function("by hand, value and gradient", |b| {
        b.iter(|| euler(black_box(POPULATION.map(|(_, x)| x))))
    });
    group.finish();

    // What it keeps alive at any time fits into a few cells.
    let constant = Interpreter::with_limits(Limits { cells: 2_000, ..Limits::default() });
    let tail = constant.load(TAIL).expect("it loads");
    let at = [("n", 1e6), ("x", 0.5)];
    assert_eq!(tail.call(&at), Ok(Answer::Number(0.5 * 499_999.5 * 1e6)));
    let mut group = c.benchmark_group("tail loop of a million");
    group.sample_size(10);
    group.bench_function("string", |b| b.iter(|| tail.call(black_box(&at))));
    group.finish();
}

criterion_group!(benches, strings);
criterion_main!(benches);
