//! Random traces of all rows: what they give is what the trace gives, whatever order they run in.

use super::{EXTREMES, all_same, support::Samples, tape::Tape};
use scheme_core::{
    prim::{Numeric, Scalar},
    trace::{Bits, Must, Slot, Trace},
};
use scheme_runtime::replay::{Broken, Replay, Scratch};

struct Generator {
    samples: Samples,
    trace: Trace,
    /// Slots by whether they hold truth values.
    reals: Vec<Slot>,
    truths: Vec<Slot>,
}

impl Generator {
    /// A trace of so many operations on 3 inputs.
    fn run(seed: u64, operations: usize, extreme: bool) -> Trace {
        let mut trace = Trace::new(3);
        let truths = vec![trace.constant(1.0), trace.constant(0.0)];
        let mut g =
            Self { samples: Samples::new(seed), reals: (0..3).map(Slot::value).collect(), truths, trace };
        for _ in 0..operations {
            if g.below(8) == 0 {
                let x =
                    if extreme { EXTREMES[g.below(EXTREMES.len())] } else { g.samples.between(-2.0, 2.0) };
                let x = g.trace.constant(x);
                g.reals.push(x);
            }
            let row = Numeric::ALL[g.below(Numeric::ALL.len())];
            let arity = match row {
                Numeric::Min | Numeric::Max => 1 + g.below(4),
                row => row.row().operands.len(),
            };
            let operands: Vec<Slot> = (0..arity).map(|i| g.operand(row.row().operands.get(i))).collect();
            let y = g.trace.push(row, &operands, 0);
            if row.row().result == Scalar::Bool { g.truths.push(y) } else { g.reals.push(y) }
        }
        let mut results: Vec<Slot> = (0..3).map(|_| g.operand(None)).collect();
        results.extend(g.reals.last());
        g.trace.give(results);
        g.trace
    }

    fn below(&mut self, n: usize) -> usize {
        self.samples.between(0.0, n as f64) as usize
    }

    /// What was computed last is taken more often; sometimes a truth value is counted.
    fn operand(&mut self, ty: Option<&Scalar>) -> Slot {
        let truth = ty == Some(&Scalar::Bool) || self.below(20) == 0;
        let n = if truth { self.truths.len() } else { self.reals.len() };
        let back = self.below(n).min(self.below(n));
        if truth { self.truths[n - 1 - back] } else { self.reals[n - 1 - back] }
    }

    fn point(samples: &mut Samples, extreme: bool) -> [f64; 3] {
        [(); 3].map(|()| {
            let any = samples.between(0.0, EXTREMES.len() as f64) as usize;
            if extreme { EXTREMES[any] } else { samples.between(-2.0, 2.0) }
        })
    }
}

#[test]
fn values_are_those_of_the_trace() {
    let mut scratch = Scratch::new();
    let mut samples = Samples::new(5);
    for seed in 0..300 {
        let trace = Generator::run(seed, 3 + seed as usize % 200, seed % 2 == 0);
        let replay = Replay::new(&trace, &[0, 2]);
        let alone = Replay::new(&trace, &[]);
        for i in 0..6 {
            let x = Generator::point(&mut samples, i % 2 == 0);
            let wanted = trace.evaluate(&x).unwrap();
            let what = || format!("seed {seed} at {x:?}:\n{trace}");
            all_same(replay.value(&x, &mut scratch).unwrap(), &wanted, what);
            all_same(alone.value(&x, &mut scratch).unwrap(), &wanted, what);
            all_same(replay.vjp(&x, &[1.0; 4], &mut scratch).unwrap().0, &wanted, what);
            all_same(replay.jvp(&x, &[1.0; 2], &mut scratch).unwrap().0, &wanted, what);
            let x = x.map(|x| f64::from(x as f32));
            let wanted: Vec<f64> =
                trace.evaluate(&x.map(|x| x as f32)).unwrap().into_iter().map(f64::from).collect();
            // A result that is no operation's is as it was given.
            let single = replay.clone().single();
            let found: Vec<f64> =
                single.value(&x, &mut scratch).unwrap().iter().map(|y| f64::from(*y as f32)).collect();
            all_same(&found, &wanted, what);
        }
    }
}

/// A recurrence of two numbers, so many steps of so many operations, and the sums of all that each step computes.
fn recurrence(seed: u64, steps: usize, operations: usize) -> Trace {
    let mut samples = Samples::new(seed);
    let mut below = |n: usize| samples.between(0.0, n as f64) as usize;
    let rows =
        [Numeric::Add, Numeric::Sub, Numeric::Mul, Numeric::Div, Numeric::Mul, Numeric::Neg, Numeric::Sqrt];
    let n = if seed.is_multiple_of(4) { rows.len() } else { 4 };
    // Of what each step goes on from and gave, and of the inputs and two constants, one for each operand.
    let body: Vec<(Numeric, [usize; 2])> =
        (0..operations).map(|k| (rows[below(n)], [below(3 + k), below(5 + k)])).collect();
    let mut trace = Trace::new(3);
    let known = [Slot::value(2), trace.constant(-0.0), trace.constant(0.75)];
    let mut state = [0, 1].map(Slot::value);
    let mut sums = state;
    for _ in 0..steps {
        let mut at_hand = vec![state[0], state[1]];
        for (row, operands) in &body {
            let operands =
                operands.map(|i| *known.get(i).unwrap_or(&at_hand[(i.max(3) - 3).min(at_hand.len() - 1)]));
            let arity = row.row().operands.len();
            at_hand.push(trace.push(*row, &operands[2 - arity..], 0));
        }
        let n = at_hand.len();
        state = [at_hand[n - 1], at_hand[n - 2]];
        for (sum, part) in sums.iter_mut().zip(&at_hand[2..]) {
            *sum = trace.push(Numeric::Add, &[*sum, *part], 0);
        }
    }
    trace.give([state, sums].concat());
    trace
}

#[test]
fn arithmetic_that_is_repeated_is_that_of_the_trace() {
    let mut scratch = Scratch::new();
    let mut samples = Samples::new(9);
    for seed in 0..400 {
        let trace = recurrence(seed, 3 + seed as usize % 50, 1 + seed as usize % 7);
        // Code without derivatives has lines, strands and rounds, that with them runs of one row.
        let [alone, derives] = [&[][..], &[0, 1, 2]].map(|wrt| Replay::new(&trace, wrt));
        for i in 0..6 {
            let x = Generator::point(&mut samples, i % 2 == 0);
            let wanted = trace.evaluate(&x).unwrap();
            let what = || format!("seed {seed} at {x:?}:\n{trace}");
            all_same(alone.value(&x, &mut scratch).unwrap(), &wanted, what);
            all_same(derives.value(&x, &mut scratch).unwrap(), &wanted, what);
            let x = x.map(|x| f64::from(x as f32));
            let wanted = trace.evaluate(&x.map(|x| x as f32)).unwrap();
            let wanted: Vec<f64> = wanted.into_iter().map(f64::from).collect();
            for code in [&alone, &derives] {
                all_same(code.clone().single().value(&x, &mut scratch).unwrap(), &wanted, what);
            }
            if i < 2 && seed % 4 == 1 {
                let written = trace.with_gradient(0, &[0, 1, 2]).unwrap();
                let written = Replay::new(&written, &[]);
                let (_, gradient) = derives.value_and_grad(&x, 0, &mut scratch).unwrap();
                let gradient = gradient.to_vec();
                all_same(&written.value(&x, &mut scratch).unwrap()[4..], &gradient, what);
            }
        }
    }
}

#[test]
fn derivatives_are_those_of_the_tape_to_the_bit() {
    const WRT: [usize; 2] = [2, 0];
    let mut scratch = Scratch::new();
    let mut samples = Samples::new(6);
    for seed in 0..300 {
        let n = 3 + seed as usize % 60;
        let trace = Generator::run(seed, n, seed % 2 == 0);
        let replay = Replay::new(&trace, &WRT);
        for i in 0..6 {
            let x = Generator::point(&mut samples, i % 2 == 0);
            let tape = Tape::of(&trace, &x, &WRT);
            let (_, tangents) = replay.jvp(&x, &[1.0, -0.5], &mut scratch).unwrap();
            let what = || format!("seed {seed} at {x:?}:\n{trace}");
            all_same(tangents, &tape.forward(&[Some(1.0), Some(-0.5)]), what);
            for (seeds, found) in [
                (
                    vec![None, None, None, Some(1.0)],
                    replay.value_and_grad(&x, 3, &mut scratch).unwrap().1.to_vec(),
                ),
                (
                    [1.0, -2.0, 0.5, 3.0].map(Some).to_vec(),
                    replay.vjp(&x, &[1.0, -2.0, 0.5, 3.0], &mut scratch).unwrap().1.to_vec(),
                ),
            ] {
                all_same(&found, &tape.backward(&seeds), what);
            }
        }
    }
}

#[test]
fn hessian_products_are_slopes_of_gradients() {
    let mut scratch = Scratch::new();
    let mut samples = Samples::new(7);
    let mut compared = 0;
    for seed in 0..100 {
        let trace = Generator::run(seed, 12, false);
        let replay = Replay::new(&trace, &[0, 1, 2]);
        for _ in 0..4 {
            let x = Generator::point(&mut samples, false);
            let hessian = replay.hessian(&x, 3, &mut scratch).unwrap();
            let by_tape = Tape::of(&trace, &x, &[0, 1, 2]).backward(&[None, None, None, Some(1.0)]);
            let (gradient, product) = replay.hvp(&x, 3, &[1.0, 2.0, -1.0], &mut scratch).unwrap();
            for (i, (found, wanted)) in gradient.iter().zip(&by_tape).enumerate() {
                let finite = hessian.iter().chain(&by_tape).all(|x| x.abs() < 1e6);
                if finite {
                    compared += 1;
                    let what = || format!("seed {seed} at {x:?}:\n{trace}");
                    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{}", what());
                    let sum = hessian[3 * i] + 2.0 * hessian[3 * i + 1] - hessian[3 * i + 2];
                    assert!((product[i] - sum).abs() <= 1e-7, "{} {sum}: {}", product[i], what());
                    for j in 0..i {
                        let (a, b) = (hessian[3 * i + j], hessian[3 * j + i]);
                        assert!((a - b).abs() <= 1e-7, "{a} {b}: {}", what());
                    }
                }
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

/// Guards where the run at `x` went, after operations at random.
fn guarded(seed: u64, x: &[f64]) -> Trace {
    let plain = Generator::run(seed, 80, seed.is_multiple_of(3));
    let mut samples = Samples::new(seed + 1);
    let mut seen = plain.clone();
    let slots: Vec<Slot> = plain.operations().map(|operation| operation.result).collect();
    seen.give(slots.clone());
    let values = seen.evaluate(x).unwrap();
    let mut trace = Trace::new(plain.inputs() as u32);
    plain.constants().iter().for_each(|c| _ = trace.constant(*c));
    for (operation, y) in plain.operations().zip(values) {
        trace.push(operation.row, operation.operands, 0);
        match samples.between(0.0, 6.0) as u32 {
            0 if !y.is_nan() => trace.guard(operation.result, Must::Equal(Bits::of(y)), 0),
            1 | 2 if plain.scalar(operation.result) == Scalar::Bool => {
                trace.guard(operation.result, Must::Be(y != 0.0), 0);
            }
            _ => {}
        }
    }
    trace.give(plain.results().to_vec());
    trace
}

#[test]
fn guards_break_where_the_trace_says() {
    let mut scratch = Scratch::new();
    let mut samples = Samples::new(8);
    let (mut held, mut broken) = (0, 0);
    for seed in 0..200 {
        let x = Generator::point(&mut samples, false);
        let trace = guarded(seed, &x);
        let replay = Replay::new(&trace, &[0]);
        let alone = Replay::new(&trace, &[]);
        // The run itself, then others; nan is not compared by its bits.
        for i in 0..10 {
            let x = if i < 2 { x } else { Generator::point(&mut samples, i < 4) };
            let found = if i % 2 == 0 { &replay } else { &alone }.value(&x, &mut scratch);
            match trace.evaluate(&x) {
                Ok(wanted) => {
                    held += 1;
                    all_same(found.unwrap(), &wanted, || format!("seed {seed}"));
                }
                Err(guard) => {
                    broken += 1;
                    assert_eq!(found, Err(Broken { guard }), "seed {seed} at {x:?}:\n{trace}");
                }
            }
        }
    }
    assert!(held > 100 && broken > 100, "{held} {broken}");
}
