//! Replay of traces, one point at a time: value and gradient beside the compiled program or the program by hand, and
//! the other calls beside that.
//!
//! `cargo bench -p scheme-benches --bench replay` checks the results, prints a table of nanoseconds and of ratios to the
//! native form, each from the fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

#[path = "replay/cases.rs"]
mod cases;

use criterion::{Criterion, criterion_group};
use programs::{ByHand, Chain, Coulomb, Form, Gaussian, Logistic, Lotka100, Model, Pendulum, Tree, fastest};
use scheme_core::trace::Trace;
use scheme_runtime::replay::{Replay, Scratch};
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
    let out = trace.with_gradient(0, &wrt).expect("a number");
    let written = Replay::new(&out, &[]);
    let mut memory = [(); 5].map(|()| Scratch::new());
    let [values, gradients, tangents, products, outs] = &mut memory;
    let wanted = native(x);
    let (y, dx) = replay.value_and_grad(&x, 0, gradients).expect("on the path");
    assert_eq!(y.to_bits(), wanted.0.to_bits(), "{name}: {y}, not {}", wanted.0);
    let size = wanted.1.iter().fold(y.abs(), |size, d| size.max(d.abs()));
    for (found, wanted) in dx.iter().zip(wanted.1) {
        assert!((found - wanted).abs() <= 1e-11 * size, "{name}: {found}, not {wanted}");
    }
    assert!(written.value(&x, outs).is_ok_and(|all| all[0] == y && all[1..] == *dx), "{name}");
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
            ("written out", each!(x => written.value(x, outs))),
            ("build", each!(_x => Replay::new(trace, &wrt))),
        ],
    );
}

/// A program of the other benches.
fn model<M: Model<N>, const N: usize>(measure: Measure<'_>, trace: &Trace) {
    forms(measure, M::NAME, trace, M::point(7), M::compiled_gradient);
}

/// The same operations with guards and without them.
fn guards(measure: Measure<'_>, x: [f64; 6]) {
    let all = [0, 1, 2, 3, 4, 5];
    let free = Replay::new(&cases::lotka(100, 0), &all);
    for (each, name) in [(1, "guards, 100"), (8, "guards, 800")] {
        let guarded = Replay::new(&cases::lotka(100, each), &all);
        let [mut one, mut other] = [(); 2].map(|()| Scratch::new());
        let both = [(&guarded, &mut one), (&free, &mut other)];
        let [with, without] = both.map(|(replay, scratch)| {
            let (y, dx) = replay.value_and_grad(&x, 0, scratch).expect("on the path");
            (y, dx.to_vec())
        });
        assert_eq!(with, without, "{name}");
        measure(
            &format!("{name}, value"),
            1,
            &mut [
                ("with", &mut || _ = black_box(guarded.value(black_box(&x), &mut one))),
                ("without", &mut || _ = black_box(free.value(black_box(&x), &mut other))),
            ],
        );
        measure(
            &format!("{name}, gradient"),
            1,
            &mut [
                ("with", &mut || _ = black_box(guarded.value_and_grad(black_box(&x), 0, &mut one))),
                ("without", &mut || _ = black_box(free.value_and_grad(black_box(&x), 0, &mut other))),
            ],
        );
    }
}

fn all(measure: Measure<'_>) {
    model::<Coulomb, 4>(measure, &cases::coulomb());
    model::<Gaussian, 3>(measure, &cases::gaussian());
    model::<Pendulum, 5>(measure, &cases::pendulum());
    let by_hand = Chain::value_and_gradient::<f64>;
    forms(measure, "chain of 250", &cases::chain(250), [1.5, 0.01], by_hand);
    let (trace, x) = (cases::logistic(1000), [0.3, 3.2]);
    forms(measure, "logistic, macro", &trace, x, Logistic::compiled_gradient);
    forms(measure, "logistic, hand", &trace, x, Logistic::value_and_gradient::<f64>);
    let x = [10.0, 5.0, 1.1, 0.4, 0.4, 0.1];
    forms(measure, "Lotka-Volterra", &cases::lotka(100, 0), x, Lotka100::compiled_gradient);
    guards(measure, x);
    let (trace, text) = cases::tree(cases::LEAVES);
    assert_eq!(Tree::TEXT, text, "write the text to benches/models/tree.scm");
    forms(measure, "tree", &trace, cases::TREE, Tree::compiled_gradient);
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
        print!("{program:21} {:5.2}", times[0] / times[1]);
        for ((name, _), time) in forms.iter().zip(&times) {
            print!("  {name} {time:9.1}");
        }
        println!();
    });
    benches();
    Criterion::default().configure_from_args().final_summary();
}
