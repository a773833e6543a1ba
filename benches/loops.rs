//! Programs that loop and recur, through the macro and by hand: values, and values and gradients.
//!
//! What is by hand is on the same elementary operations in the same order, with an adjoint that stores what it
//! needs and no more: a loop its states, a recursion which way it went.
//!
//! `cargo bench -p scheme-benches --bench loops` checks the results, prints a table of ratios, each from the
//! fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

#[path = "loops/hand.rs"]
mod hand;

use criterion::{BenchmarkGroup, Criterion, criterion_group, measurement::WallTime};
use programs::{ByHand, Form, Lotka1000, fastest};
use scheme_runtime::{Function, scheme, value_and_grad};
use std::hint::black_box;

/// Who is handed the forms of a program: the macro's and the one by hand.
trait Measure {
    fn measure(&mut self, program: &'static str, what: &'static str, runs: usize, forms: &mut [Form<'_>]);
}

/// The same number to the bit, and close gradients.
fn check(program: &str, by_macro: (f64, &[f64]), by_hand: (f64, &[f64])) {
    assert_eq!(by_macro.0.to_bits(), by_hand.0.to_bits(), "{program}: {} not {}", by_macro.0, by_hand.0);
    let size = by_hand.1.iter().fold(by_hand.0.abs(), |size, d| size.max(d.abs()));
    for (found, wanted) in by_macro.1.iter().zip(by_hand.1) {
        assert!((found - wanted).abs() <= 1e-11 * size, "{program}: {found}, not {wanted}");
    }
}

/// Value, and value and gradient: checked, then measured.
macro_rules! forms {
    ($measure:ident, $name:literal, $runs:literal, $program:expr, $x:expr, $value:expr, $gradient:expr $(, $unwrap:ident)?) => {{
        let (program, x) = ($program, $x);
        let by_macro = value_and_grad(program).call(x)$(.$unwrap())?;
        let by_hand = $gradient(x);
        check($name, (by_macro.0, by_macro.1.as_flattened()), (by_hand.0, by_hand.1.as_flattened()));
        assert_eq!(program.call(x)$(.$unwrap())?.to_bits(), $value(x).to_bits(), $name);
        $measure.measure($name, "value", $runs, &mut [
            ("macro", &mut || _ = black_box(program.call(black_box(x)))),
            ("hand", &mut || _ = black_box($value(black_box(x)))),
        ]);
        $measure.measure($name, "value and gradient", $runs, &mut [
            ("macro", &mut || _ = black_box(value_and_grad(program).call(black_box(x)))),
            ("hand", &mut || _ = black_box($gradient(black_box(x)))),
        ]);
    }};
}

/// Numbers one after the other, whatever their arrangement.
trait AsFlattened {
    fn as_flattened(&self) -> &[f64];
}

impl AsFlattened for f64 {
    fn as_flattened(&self) -> &[f64] {
        std::slice::from_ref(self)
    }
}

impl<const N: usize> AsFlattened for [f64; N] {
    fn as_flattened(&self) -> &[f64] {
        self
    }
}

impl<const N: usize, const M: usize> AsFlattened for [[f64; N]; M] {
    fn as_flattened(&self) -> &[f64] {
        <[[f64; N]]>::as_flattened(self)
    }
}

fn all(measure: &mut dyn Measure) {
    forms!(
        measure,
        "Lotka-Volterra",
        1000,
        scheme! {
            (lambda (x y a b c d)
              (define h 0.01)
              (define (dx x y) (* x (- a (* b y))))
              (define (dy x y) (* y (- (* d x) c)))
              (loop ((x x) (y y) (i 0))
                (if (= i 1000)
                    (+ x y)
                    (let* ((p1 (dx x y)) (q1 (dy x y))
                           (x2 (+ x (* 0.5 h p1))) (y2 (+ y (* 0.5 h q1)))
                           (p2 (dx x2 y2)) (q2 (dy x2 y2))
                           (x3 (+ x (* 0.5 h p2))) (y3 (+ y (* 0.5 h q2)))
                           (p3 (dx x3 y3)) (q3 (dy x3 y3))
                           (x4 (+ x (* h p3))) (y4 (+ y (* h q3)))
                           (p4 (dx x4 y4)) (q4 (dy x4 y4)))
                      (recur (+ x (* (/ h 6) (+ p1 (* 2 p2) (* 2 p3) p4)))
                             (+ y (* (/ h 6) (+ q1 (* 2 q2) (* 2 q3) q4)))
                             (+ i 1))))))
        },
        [10.0, 5.0, 1.1, 0.4, 0.4, 0.1],
        Lotka1000::value::<f64>,
        Lotka1000::value_and_gradient::<f64>
    );
    forms!(
        measure,
        "logistic map",
        20,
        scheme! {
            (lambda (x r)
              (loop ((x x) (i 0)) (if (< i 1000000) (recur (* r x (- 1 x)) (+ i 1)) x)))
        },
        [0.3, 3.2],
        hand::logistic,
        hand::logistic_gradient
    );
    forms!(
        measure,
        "fib 25",
        200,
        scheme! {
            (define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
            (lambda (n) (fib n))
        },
        25.0,
        hand::fib,
        hand::fib_gradient,
        unwrap
    );
    forms!(
        measure,
        "matrix recurrence",
        1000,
        scheme! {
            (: a (mat 3 3))
            (lambda (a) (loop ((m a) (i 0)) (if (= i 1000) (trace m) (recur (matmul a m) (+ i 1)))))
        },
        [[0.6, 0.3, 0.1], [0.2, 0.5, 0.25], [0.1, 0.2, 0.7]],
        hand::matrices,
        hand::matrices_gradient
    );
}

/// Prints microseconds a call, and the macro's ratio to the form by hand.
struct Ratios;

impl Measure for Ratios {
    fn measure(&mut self, program: &'static str, what: &'static str, runs: usize, forms: &mut [Form<'_>]) {
        let times: Vec<f64> = fastest(runs, forms).iter().map(|s| s * 1e6).collect();
        print!("{program:20} {what:20}");
        for ((name, _), time) in forms.iter().zip(&times) {
            print!(" {name} {time:9.2} µs ({:4.2})", times[0] / time);
        }
        println!();
    }
}

/// Measures with criterion.
struct Group<'a>(BenchmarkGroup<'a, WallTime>);

impl Measure for Group<'_> {
    fn measure(&mut self, program: &'static str, what: &'static str, _: usize, forms: &mut [Form<'_>]) {
        for (name, run) in forms {
            self.0.bench_function(format!("{program}/{what}/{name}"), |bencher| bencher.iter(&mut **run));
        }
    }
}

fn loops(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("loops");
    group.sample_size(10);
    all(&mut Group(group));
}

criterion_group!(benches, loops);

fn main() {
    println!("the macro's time to that of the form by hand, in brackets");
    all(&mut Ratios);
    benches();
    Criterion::default().configure_from_args().final_summary();
}
