//! Value, and value and gradient, of four programs at one point after another: through the macro, by hand
//! with the same elementary functions and with the standard library's, and by num-dual.
//!
//! `cargo bench -p scheme-benches --bench scalar` checks the results, prints a table of ratios, each from
//! the fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, measurement::WallTime};
use programs::{ByHand, Coulomb, Form, Gaussian, Pendulum, Relativistic, Std, fastest};
use std::hint::black_box;

/// Points to a run.
const POINTS: usize = 256;
/// Runs of which the fastest counts.
const RUNS: usize = 3000;

/// Who is handed the forms of a program.
trait Measure {
    /// The forms of one computation, of which the first is the macro's and the second by hand.
    fn measure(&mut self, program: &'static str, what: &'static str, forms: &mut [Form<'_>]);
}

/// Hands over all forms of a program, after checking that they agree.
fn forms<M: ByHand<N>, const N: usize>(measure: &mut dyn Measure) {
    let points: Vec<[f64; N]> = (0..POINTS).map(M::point).collect();
    points.iter().for_each(|x| check::<M, N>(*x));
    // By reference: an array passed through memory in pieces would be waited for.
    macro_rules! each {
        ($x:ident => $result:expr) => {
            &mut || {
                for x in &points {
                    let $x = *black_box(x);
                    black_box(&$result);
                }
            }
        };
    }
    measure.measure(
        M::NAME,
        "value",
        &mut [
            ("macro", each!(x => M::compiled(x))),
            ("hand", each!(x => M::value(x))),
            ("hand, std", each!(x => M::value(x.map(Std)))),
        ],
    );
    measure.measure(
        M::NAME,
        "value and gradient",
        &mut [
            ("macro", each!(x => M::compiled_gradient(x))),
            ("hand", each!(x => M::value_and_gradient(x))),
            ("hand, std", each!(x => M::value_and_gradient(x.map(Std)))),
            ("num-dual", each!(x => M::dual_gradient(x))),
        ],
    );
}

/// The values of macro and hand are equal to the bit; all others are close.
fn check<M: ByHand<N>, const N: usize>(x: [f64; N]) {
    let (value, gradient) = M::value_and_gradient(x);
    let (std, std_gradient) = M::value_and_gradient(x.map(Std));
    let (by_macro, macro_gradient) = M::compiled_gradient(x);
    let (dual, dual_gradient) = M::dual_gradient(x);
    for same in [M::value(x), M::compiled(x), by_macro] {
        assert_eq!(same.to_bits(), value.to_bits(), "{} at {x:?}", M::NAME);
    }
    let close = |a: f64, b: f64, size: f64| {
        assert!((a - b).abs() <= 1e-13 * size, "{} at {x:?}: {a}, not {b}", M::NAME);
    };
    let size = gradient.iter().fold(value.abs(), |size, d| size.max(d.abs()));
    for (value_here, gradient_here) in
        [(by_macro, macro_gradient), (std.0, std_gradient.map(|d| d.0)), (dual, dual_gradient)]
    {
        close(value_here, value, size);
        gradient_here.iter().zip(&gradient).for_each(|(a, b)| close(*a, *b, size));
    }
}

/// Prints nanoseconds a point, and the macro's ratio to each other form.
struct Ratios;

impl Measure for Ratios {
    fn measure(&mut self, program: &'static str, what: &'static str, forms: &mut [Form<'_>]) {
        let times: Vec<f64> = fastest(RUNS, forms).iter().map(|s| s * 1e9 / POINTS as f64).collect();
        print!("{program:20} {what:20}");
        for ((name, _), time) in forms.iter().zip(&times) {
            print!(" {name} {time:6.2} ns ({:4.2})", times[0] / time);
        }
        println!();
    }
}

/// Measures with criterion.
struct Group<'a>(BenchmarkGroup<'a, WallTime>);

impl Measure for Group<'_> {
    fn measure(&mut self, program: &'static str, what: &'static str, forms: &mut [Form<'_>]) {
        self.0.throughput(Throughput::Elements(POINTS as u64));
        for (name, run) in forms {
            self.0.bench_function(format!("{program}/{what}/{name}"), |bencher| bencher.iter(&mut **run));
        }
    }
}

fn all(measure: &mut dyn Measure) {
    forms::<Coulomb, 4>(measure);
    forms::<Gaussian, 3>(measure);
    forms::<Relativistic, 3>(measure);
    forms::<Pendulum, 5>(measure);
}

fn scalar(criterion: &mut Criterion) {
    all(&mut Group(criterion.benchmark_group("scalar")));
}

criterion_group!(benches, scalar);

fn main() {
    println!("the macro's time to that of each other form, in brackets");
    all(&mut Ratios);
    benches();
    Criterion::default().configure_from_args().final_summary();
}
