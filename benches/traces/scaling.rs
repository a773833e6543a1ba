//! Lines: what work costs grows with the work. Each measurement has its amount of work as throughput, so that the time
//! for one unit of it shows, which is the same all along a line.

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use programs::chain_text;
use scheme_runtime::{Interpreter, StringProgram};
use std::hint::black_box;

const BY: [&str; 2] = ["y", "e"];
/// So small that a hundred thousand divisions do not underflow.
const E: f64 = 1e-5;
const AT: [(&str, f64); 2] = [("y", 1.5), ("e", E)];

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).expect("it loads")
}

/// The value of so many divisions, and its derivatives by `y` and `e`.
fn divided(times: usize, y: f64) -> (f64, [f64; 2]) {
    let value = (0..times).fold(y, |y, _| y / (E + 1.0));
    (value, [value / y, -(times as f64) * value / (E + 1.0)])
}

/// The value to the bit, derivatives but for what many roundings make of them.
#[track_caller]
fn check(times: usize, y: f64, value: f64, gradient: [f64; 2]) {
    let (expected, slopes) = divided(times, y);
    assert_eq!(value.to_bits(), expected.to_bits(), "{times} divisions");
    let close = |(found, expected): (f64, f64)| (found - expected).abs() <= 1e-10 * expected.abs();
    assert!(gradient.into_iter().zip(slopes).all(close), "{times} divisions: {gradient:?}, not {slopes:?}");
}

fn check_call(program: &StringProgram, times: usize) {
    let (value, gradient) = program.value_and_grad(&BY, &AT).expect("it has a gradient");
    check(times, 1.5, value, [gradient[0], gradient[1]]);
}

/// A call of the program of a size, for each size, which is that of so many divisions.
fn line(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    sizes: [usize; 4],
    text: impl Fn(usize) -> String,
) {
    for size in sizes {
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(format!("{name}/{size}"), |b| {
            let program = load(&text(size));
            (0..4).for_each(|_| check_call(&program, size));
            b.iter(|| program.value_and_grad(&BY, black_box(&AT)).expect("it has a gradient"));
        });
    }
}

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scaling");
    for size in [100, 1000, 10_000, 100_000] {
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(format!("length of the program, loaded/{size}"), |b| {
            let text = long_text(size);
            check_call(&load(&text), size);
            b.iter(|| load(black_box(&text)));
        });
    }
    line(&mut group, "length of the program", [100, 1000, 10_000, 50_000], long_text);
    line(&mut group, "length of the trace", [100, 1000, 10_000, 100_000], |n| {
        format!("(let go ((y y) (i 0)) (if (= i {n}) y (go (/ y (+ e 1)) (+ i 1))))")
    });
    line(&mut group, "depth of the recursion", [100, 1000, 10_000, 100_000], |n| {
        format!("(define (f n) (if (= n 0) y (/ (f (- n 1)) (+ e 1)))) (f {n})")
    });
    for rows in [1000, 10_000, 100_000, 1_000_000] {
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(format!("rows/{rows}"), |b| {
            let program = load(&chain_text(10));
            let y: Vec<f64> = (0..rows).map(|row| 1.0 + row as f64).collect();
            let run =
                |y: &[f64]| program.value_and_grad_columns(&BY, &[("y", y)], &AT[1..]).expect("it runs");
            for _ in 0..2 {
                let (values, by) = run(&y);
                (0..y.len()).for_each(|row| check(10, y[row], values[row], [by[0][row], by[1][row]]));
            }
            b.iter(|| run(black_box(&y)));
        });
    }
    group.finish();
}

/// So many divisions, one after the other.
fn long_text(times: usize) -> String {
    format!("(let* ({}) y)", "(y (/ y (+ e 1)))".repeat(times))
}
