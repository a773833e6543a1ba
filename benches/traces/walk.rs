//! A walk between walls whose rows share no path: rows at once beside each row once by a program of its own, which interprets it.

use criterion::{BatchSize, Criterion, SamplingMode, Throughput};
use scheme_runtime::{Interpreter, StringProgram};
use std::hint::black_box;

const TEXT: &str = "(define (next s) (modulo (+ (* 1103 s) 12345) 65536))
  (let walk ((i 0) (s (floor (* 65536 (abs x)))) (y x))
    (if (= i 60) (* k y)
        (let ((y (+ y (if (< s 32768) 0.1 -0.1))))
          (walk (+ i 1) (next s) (if (> y 1) (- 2 y) (if (< y -1) (- -2 y) y))))))";

fn load() -> StringProgram {
    Interpreter::new().load(TEXT).expect("it loads")
}

/// Values, and gradients by input.
type Run = (Vec<f64>, Vec<Vec<f64>>);

fn at_once(program: &StringProgram, x: &[f64]) -> Run {
    let columns = [("x", black_box(x))];
    program.value_and_grad_columns(&["x", "k"], &columns, &[("k", 1.25)]).expect("it runs")
}

fn each(programs: &[StringProgram], x: &[f64]) -> Run {
    let (mut values, mut gradient) = (Vec::new(), vec![Vec::new(); 2]);
    for (program, x) in programs.iter().zip(black_box(x)) {
        let one = program.value_and_grad(&["x", "k"], &[("x", *x), ("k", 1.25)]);
        let (value, by) = one.expect("it runs");
        values.push(value);
        gradient.iter_mut().zip(by).for_each(|(column, slope)| column.push(slope));
    }
    (values, gradient)
}

pub(crate) fn all(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("walk");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for rows in [100, 1000, 6000] {
        let x: Vec<f64> = (0..rows).map(|i| (f64::from(i) * 0.618_033_988_749).fract() * 1.8 - 0.9).collect();
        let alone = || x.iter().map(|_| load()).collect::<Vec<_>>();
        assert_eq!(at_once(&load(), &x), each(&alone(), &x));
        group.throughput(Throughput::Elements(x.len() as u64));
        group.bench_function(format!("{rows} rows/at once"), |b| {
            b.iter_batched(load, |program| at_once(&program, &x), BatchSize::PerIteration);
        });
        group.bench_function(format!("{rows} rows/each interpreted"), |b| {
            b.iter_batched(alone, |programs| each(&programs, &x), BatchSize::PerIteration);
        });
    }
    group.finish();
}
