//! The explicit machine: an exponential moving average over a list of 1000 numbers, compiled and as a string.
//!
//! `cargo bench -p scheme-benches --bench machine` checks values and derivatives against Rust, prints the
//! time per step of the machine, from the fastest of many runs, and then measures with criterion. A
//! step is a block entered, or an item that a primitive on lists walks over.
#![allow(clippy::print_stdout, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group};
use programs::{Form, fastest};
use scheme_runtime::{
    Answer, Interpreter, Limits, StringProgram,
    machine::{Image, Machine},
    value::{Value, View},
};
use std::hint::black_box;

/// Runs of which the fastest counts.
const RUNS: usize = 400;
/// The inputs `alpha` and `s0`.
const INPUTS: [(&str, f64); 2] = [("alpha", 0.35), ("s0", 0.5)];

/// The average by hand.
fn by_hand(alpha: f64, s0: f64) -> f64 {
    (0..1000).map(|i| 0.5 * f64::from(i)).fold(s0, |s, x| alpha * x + (1.0 - alpha) * s)
}

/// Value and derivatives by hand.
fn gradient_by_hand(alpha: f64, s0: f64) -> (f64, [f64; 2]) {
    let step = |(s, by_alpha, by_s0): (f64, f64, f64), x: f64| {
        let keep = 1.0 - alpha;
        (alpha * x + keep * s, x - s + keep * by_alpha, keep * by_s0)
    };
    let (s, by_alpha, by_s0) = (0..1000).map(|i| 0.5 * f64::from(i)).fold((s0, 0.0, 1.0), step);
    (s, [by_alpha, by_s0])
}

/// The program, compiled, on a machine that is used again.
struct Compiled {
    image: Image,
    machine: Machine,
}

impl Compiled {
    fn new() -> Self {
        let machine = Machine::new(scheme_macros::scheme_module!("ema.scm"), Limits::default());
        let image = machine.and_then(|machine| machine.into_image(Value::UNSPECIFIED)).expect("it is small");
        let (machine, _) = Machine::from_image(&image, Limits::default());
        Self { image, machine }
    }

    fn call(&mut self) -> f64 {
        self.machine.rewind(&self.image, Limits::default());
        self.run(&INPUTS.map(|(_, x)| Value::num(x)))
    }

    fn gradient(&mut self) -> (f64, Vec<f64>) {
        self.machine.rewind(&self.image, Limits::default());
        let inputs = self.machine.inputs(&INPUTS.map(|(_, x)| x), 1).expect("the record is empty");
        let value = self.machine.start(&inputs).expect("it has a value");
        let mut orders = self.machine.partials(value, 1).expect("the value is a number");
        (orders[0][0], orders.swap_remove(1))
    }

    fn run(&mut self, inputs: &[Value]) -> f64 {
        match self.machine.start(inputs).map(Value::view) {
            Ok(View::Num { v, .. }) => v,
            other => panic!("{other:?}"),
        }
    }
}

fn string(limits: Limits) -> StringProgram {
    Interpreter::new().limits(limits).load(include_str!("ema.scm")).expect("the program is well formed")
}

/// How many steps a call of the string takes: the fewest within which it ends.
fn steps_of_string() -> u64 {
    let (mut too_few, mut enough) = (1_000, 10_000_000);
    while too_few + 1 < enough {
        let steps = (too_few + enough) / 2;
        let ends = string(Limits { steps, ..Limits::default() }).call(&INPUTS).is_ok();
        (too_few, enough) = if ends { (too_few, steps) } else { (steps, enough) };
    }
    enough
}

fn machine(criterion: &mut Criterion) {
    let mut compiled = Compiled::new();
    let string = string(Limits::default());
    let names = INPUTS.map(|(name, _)| name);

    let (value, gradient) = gradient_by_hand(INPUTS[0].1, INPUTS[1].1);
    assert_eq!(compiled.call().to_bits(), by_hand(INPUTS[0].1, INPUTS[1].1).to_bits());
    assert_eq!(string.call(&INPUTS), Ok(Answer::Number(value)));
    let gradients = [compiled.gradient(), string.value_and_grad(&names, &INPUTS).expect("it has a value")];
    for (found, by) in gradients {
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-11 * b.abs();
        assert!(found == value && by.iter().zip(&gradient).all(close), "{by:?} {gradient:?}");
    }

    compiled.call();
    let (steps, in_string) = (compiled.machine.steps(), steps_of_string());
    let mut other = Compiled::new();
    let mut forms: [Form<'_>; 4] = [
        ("compiled, value", &mut || {
            black_box(compiled.call());
        }),
        ("compiled, value and gradient", &mut || {
            black_box(other.gradient());
        }),
        ("string, value", &mut || {
            black_box(string.call(&INPUTS)).ok();
        }),
        ("string, value and gradient", &mut || {
            black_box(string.value_and_grad(&names, &INPUTS)).ok();
        }),
    ];
    let times = fastest(RUNS, &mut forms);
    for (((name, _), time), steps) in forms.iter().zip(times).zip([steps, steps, in_string, in_string]) {
        println!(
            "{name:30} {:8.1} us, {steps:6} steps, {:5.1} ns a step",
            time * 1e6,
            time * 1e9 / steps as f64
        );
    }
    let mut group = criterion.benchmark_group("machine");
    for ((name, run), steps) in forms.iter_mut().zip([steps, steps, in_string, in_string]) {
        group.throughput(Throughput::Elements(steps));
        group.bench_function(*name, |bencher| bencher.iter(&mut **run));
    }
}

criterion_group!(benches, machine);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}
