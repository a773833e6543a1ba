//! Replay of traces, one point at a time: value and gradient beside the compiled program or the program by hand, and
//! the other calls beside that.
//!
//! `cargo bench -p scheme-benches --bench replay` checks the results, prints a table of nanoseconds and of ratios to the
//! native form, each from the fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

#[path = "replay/cases.rs"]
mod cases;

use criterion::{Criterion, criterion_group};
use programs::{Coulomb, Form, Gaussian, Model, Pendulum, fastest};
use scheme_core::trace::Trace;
use scheme_runtime::{
    Function, R,
    replay::{Replay, Scratch},
    scheme, scheme_file, value_and_grad,
};
use std::hint::black_box;

/// Rounds of which the fastest counts.
const ROUNDS: usize = 400;

/// Who is handed the forms of a program, of which the first is the replay and the second the native one, and how many
/// calls a form makes.
type Measure<'m> = &'m mut dyn FnMut(&str, usize, &mut [Form<'_>]);

/// Hands over the forms of a program, after checking that they agree.
fn forms<const N: usize>(
    measure: Measure<'_>,
    name: &str,
    trace: &Trace,
    x: [f64; N],
    native: impl Fn([f64; N]) -> (f64, [f64; N]),
) {
    let wrt: Vec<usize> = (0..N).collect();
    let replay = Replay::new(trace, &wrt);
    let mut memory = [(); 4].map(|()| Scratch::new());
    let [values, gradients, tangents, products] = &mut memory;
    let wanted = native(x);
    let (y, dx) = replay.value_and_grad(&x, 0, gradients).expect("on the path");
    assert_eq!(y.to_bits(), wanted.0.to_bits(), "{name}: {y}, not {}", wanted.0);
    let size = wanted.1.iter().fold(y.abs(), |size, d| size.max(d.abs()));
    for (found, wanted) in dx.iter().zip(wanted.1) {
        assert!((found - wanted).abs() <= 1e-11 * size, "{name}: {found}, not {wanted}");
    }
    // As many calls as take some microseconds.
    let calls = (4000 / trace.len().max(1)).max(1);
    macro_rules! each {
        ($x:ident => $result:expr) => {
            &mut || {
                for _ in 0..calls {
                    let $x = black_box(&x);
                    black_box(&$result);
                }
            }
        };
    }
    measure(
        name,
        calls,
        &mut [
            ("replay", each!(x => replay.value_and_grad(x, 0, gradients))),
            ("native", each!(x => native(*x))),
            ("value", each!(x => replay.value(x, values))),
            ("jvp", each!(x => replay.jvp(x, x, tangents))),
            ("hvp", each!(x => replay.hvp(x, 0, x, products))),
            ("build", each!(_x => Replay::new(trace, &wrt))),
        ],
    );
}

/// A program of the other benches.
fn model<M: Model<N>, const N: usize>(measure: Measure<'_>, trace: &Trace) {
    forms(measure, M::NAME, trace, M::point(7), |x| value_and_grad(M::program()).call(x));
}

fn all(measure: Measure<'_>) {
    model::<Coulomb, 4>(measure, &cases::coulomb());
    model::<Gaussian, 3>(measure, &cases::gaussian());
    model::<Pendulum, 5>(measure, &cases::pendulum());
    let chain = |x| cases::chain_by_hand(x, 250);
    forms(measure, "chain of 250", &cases::chain(250), [1.5, 0.01], chain);
    let logistic = scheme! {
        (lambda (x r) (loop ((x x) (i 0)) (if (< i 1000) (recur (* r x (- 1 x)) (+ i 1)) x)))
    };
    let native = |x| value_and_grad(logistic).call(x);
    forms(measure, "logistic, macro", &cases::logistic(1000), [0.3, 3.2], native);
    let native = |x| cases::logistic_by_hand(x, 1000);
    forms(measure, "logistic, hand", &cases::logistic(1000), [0.3, 3.2], native);
    let lotka = scheme! {
        (lambda (x y a b c d)
          (define h 0.01)
          (define (dx x y) (* x (- a (* b y))))
          (define (dy x y) (* y (- (* d x) c)))
          (loop ((x x) (y y) (i 0))
            (if (= i 100)
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
    };
    let x = [10.0, 5.0, 1.1, 0.4, 0.4, 0.1];
    let native = |x| value_and_grad(lotka).call(x);
    forms(measure, "Lotka-Volterra", &cases::lotka(100, false), x, native);
    forms(measure, "the same, guarded", &cases::lotka(100, true), x, native);
    tree(measure, scheme_file!("replay/tree.scm"));
}

/// The tree, whose text is that of the trace.
fn tree<F: Function<In = [R; 4], Out = R>>(measure: Measure<'_>, program: F) {
    let (trace, text) = cases::tree(cases::LEAVES);
    assert_eq!(include_str!("replay/tree.scm"), text, "write the text to benches/replay/tree.scm");
    forms(measure, "tree", &trace, cases::TREE, |x| value_and_grad(program).call(x));
}

fn replay(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(20);
    all(&mut |program, _, forms| {
        for (name, run) in forms {
            group.bench_function(format!("{program}/{name}"), |bencher| bencher.iter(&mut **run));
        }
    });
}

criterion_group!(benches, replay);

fn main() {
    println!("nanoseconds, and the replay's time to that of the native form");
    all(&mut |program, calls, forms| {
        let times: Vec<f64> = fastest(ROUNDS, forms).iter().map(|s| s * 1e9 / calls as f64).collect();
        print!("{program:18} {:5.2}", times[0] / times[1]);
        for ((name, _), time) in forms.iter().zip(&times) {
            print!("  {name} {time:9.1}");
        }
        println!();
    });
    benches();
    Criterion::default().configure_from_args().final_summary();
}
