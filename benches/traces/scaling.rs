//! Lines: what work costs grows with the work. Each measurement has its amount of work as throughput, so that the time
//! for one unit of it shows, which is the same all along a line.

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use programs::chain_text;
use scheme_runtime::{Interpreter, StringProgram};
use std::hint::black_box;

const BY: [&str; 2] = ["y", "e"];
const AT: [(&str, f64); 2] = [("y", 1.5), ("e", 0.01)];

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).expect("it loads")
}

/// A call of the program of a size, for each size. Its value is that of the recurrence in Rust.
fn line(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    sizes: [usize; 4],
    text: impl Fn(usize) -> String,
    value: impl Fn(usize) -> f64,
) {
    for size in sizes {
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(format!("{name}/{size}"), |b| {
            let program = load(&text(size));
            for _ in 0..4 {
                let (found, _) = program.value_and_grad(&BY, &AT).expect("it has a gradient");
                assert_eq!(found.to_bits(), value(size).to_bits(), "{name}, {size}");
            }
            b.iter(|| program.value_and_grad(&BY, black_box(&AT)));
        });
    }
}

fn divided(times: usize) -> f64 {
    (0..times).fold(1.5, |y, _| y / (0.01 + 1.0))
}

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scaling");
    for size in [100, 1000, 10_000, 100_000] {
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(format!("length of the program, loaded/{size}"), |b| {
            let text = long_text(size);
            b.iter(|| Interpreter::new().load(black_box(&text)));
        });
    }
    line(&mut group, "length of the program", [100, 1000, 10_000, 50_000], long_text, divided);
    line(
        &mut group,
        "length of the trace",
        [100, 1000, 10_000, 100_000],
        |n| format!("(let go ((y y) (i 0)) (if (= i {n}) y (go (/ y (+ e 1)) (+ i 1))))"),
        divided,
    );
    line(
        &mut group,
        "depth of the recursion",
        [100, 1000, 10_000, 100_000],
        |n| format!("(define (f n) (if (= n 0) y (/ (f (- n 1)) (+ e 1)))) (f {n})"),
        divided,
    );
    for rows in [1000, 10_000, 100_000, 1_000_000] {
        group.throughput(Throughput::Elements(rows as u64));
        group.bench_function(format!("rows/{rows}"), |b| {
            let program = load(&chain_text(10));
            let y: Vec<f64> = (0..rows).map(|row| 1.0 + row as f64).collect();
            b.iter(|| program.value_and_grad_columns(&BY, &[("y", black_box(&y))], &AT[1..]));
        });
    }
    group.finish();
}

/// So many divisions, one after the other.
fn long_text(times: usize) -> String {
    format!("(let* ({}) y)", "(y (/ y (+ e 1)))".repeat(times))
}
