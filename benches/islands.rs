//! A direct island in a machine program: 100 starts in a list, each through 1000 steps of the logistic map.
//!
//! `cargo bench -p scheme-benches --bench islands` checks the results, prints times and ratios of the program with
//! its island, with blocks alone (which limits that nothing meets ask for) and by hand, and then measures with
//! criterion.
#![allow(clippy::print_stdout, missing_docs)]

use criterion::{Criterion, criterion_group};
use programs::{Form, fastest};
use scheme_runtime::{Dynamic, Function, Limits, scheme, value_and_grad};
use std::hint::black_box;

const X: [f64; 2] = [100.0, 3.2];

/// The same in Rust.
fn by_hand([n, r]: [f64; 2]) -> f64 {
    let orbit = |start| (0..1000).fold(start, |x: f64, _| r * x * (1.0 - x));
    (0..n as u32).map(|k| orbit((f64::from(k) + 0.5) / n)).sum()
}

/// Value, and derivative by r: the tangent goes along.
fn gradient_by_hand([n, r]: [f64; 2]) -> (f64, f64) {
    let step = |(x, dx): (f64, f64)| (r * x * (1.0 - x), x * (1.0 - x) + r * (1.0 - 2.0 * x) * dx);
    let orbit = |start| (0..1000).fold((start, 0.0), |state, _| step(state));
    (0..n as u32)
        .map(|k| orbit((f64::from(k) + 0.5) / n))
        .fold((0.0, 0.0), |(s, ds), (x, dx)| (s + x, ds + dx))
}

fn islands(criterion: &mut Criterion) {
    #[allow(deprecated, reason = "a size has no derivative")]
    let direct = scheme! {
        (lambda (n r)
          (define (logistic x) (loop ((x x) (i 0)) (if (= i 1000) x (recur (* r x (- 1 x)) (+ i 1)))))
          (apply + (map (lambda (k) (logistic (/ (+ k 0.5) n))) (iota n))))
    };
    let blocks = direct.with_limits(Limits { steps: u64::MAX - 1, ..Limits::NONE });
    let value = by_hand(X);
    assert_eq!((direct.call(X), blocks.call(X)), (Ok(value), Ok(value)));
    let (_, slope) = gradient_by_hand(X);
    for by in [value_and_grad(direct).call(X), value_and_grad(blocks).call(X)] {
        let (found, [_, by_r]) = by.expect("it has a value");
        assert!(found == value && (by_r - slope).abs() <= 1e-9 * slope.abs(), "{by_r}, not {slope}");
    }
    let mut values: [Form<'_>; 3] = [
        ("value, island", &mut || _ = black_box(direct.call(black_box(X)))),
        ("value, blocks", &mut || _ = black_box(blocks.call(black_box(X)))),
        ("value, by hand", &mut || _ = black_box(by_hand(black_box(X)))),
    ];
    let mut gradients: [Form<'_>; 3] = [
        ("value and gradient, island", &mut || _ = black_box(value_and_grad(direct).call(black_box(X)))),
        ("value and gradient, blocks", &mut || _ = black_box(value_and_grad(blocks).call(black_box(X)))),
        ("value and gradient, by hand", &mut || _ = black_box(gradient_by_hand(black_box(X)))),
    ];
    let mut group = criterion.benchmark_group("islands");
    group.sample_size(10);
    for forms in [&mut values, &mut gradients] {
        let times = fastest(40, forms);
        for ((name, _), time) in forms.iter().zip(&times) {
            println!("{name:30} {:9.1} us, {:6.2} of the island's", time * 1e6, time / times[0]);
        }
        for (name, run) in forms.iter_mut() {
            group.bench_function(*name, |bencher| bencher.iter(&mut **run));
        }
    }
}

criterion_group!(benches, islands);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}
