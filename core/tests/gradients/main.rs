//! Gradients of traces are those of the evaluator's tape, to the bit: of every row on numbers at edges, and of random
//! traces of all rows and operations on whole matrices, in double and in single precision. What is written for some programs is in `written.txt`, so that
//! it is seen if it becomes longer.

mod random;
mod tape;

use random::{EDGES, Random};
use scheme_core::{
    kernel::desugar,
    lower::{Lowered, lower},
    prim::{Numeric, Scalar, Whole},
    reader::read,
    real::Real,
    trace::{Record, Slot, Step, Trace},
};
use std::fmt::Debug;

trait Number: Real<Mask = bool> + Into<f64> + Debug {}
impl Number for f64 {}
impl Number for f32 {}

fn same<A: Number>(a: A, b: A) -> bool {
    let (a, b): (f64, f64) = (a.into(), b.into());
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// The record less its guards, so that it has results everywhere.
fn unguarded(record: &Record) -> Record {
    let mut free = Record::new(record.inputs() as u32);
    let slot = |free: &mut Record, slot| record.constant_at(slot).map_or(slot, |x| free.constant(x));
    for step in record.steps() {
        let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
        let operands: Vec<Slot> = operation.operands.iter().map(|x| slot(&mut free, *x)).collect();
        match step {
            Step::Operation(_) => free.push(operation.row, &operands, operation.place),
            Step::Whole(whole, _) => free.push_whole(whole, &operands, operation.place),
        };
    }
    let results = record.results().iter().map(|x| slot(&mut free, *x)).collect();
    free.give(results);
    free
}

/// Holds a gradient against the tape's at a point; gives how many derivatives are neither 0 nor nan.
#[track_caller]
fn check<A: Number>(trace: &Record, derived: &Record, x: &[f64], result: usize, wrt: &[usize]) -> usize {
    let x: Vec<A> = x.iter().map(|x| A::lit(*x)).collect();
    let expected = tape::value_and_grad(trace, &x, result, wrt);
    let found = derived.evaluate(&x).expect("there are no guards");
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert!(
            same(*found, *expected),
            "at {x:?}, result {i} of which {result} is derived by {wrt:?}: {found:?}, not {expected:?}\n{trace:?}\n{derived:?}"
        );
    }
    let numbers = expected[trace.results().len()..].iter().map(|x| (*x).into());
    numbers.filter(|x: &f64| *x != 0.0 && !x.is_nan()).count()
}

#[test]
fn every_row_alone() {
    for row in Numeric::ALL.iter().filter(|row| row.row().result == Scalar::Real) {
        let types = row.row().operands;
        let counts = match row {
            Numeric::Min | Numeric::Max => 1..=2,
            _ => types.len()..=types.len(),
        };
        for (count, constants) in counts.flat_map(|count| (0..1 << count).map(move |bits| (count, bits))) {
            every_point(*row, types, count, constants);
        }
    }
}

/// A row on inputs, and on the constants that are at those points where the bits say so.
fn every_point(row: Numeric, types: &[Scalar], count: usize, constants: usize) {
    let all: Vec<usize> = (0..count).collect();
    let mut known: Option<(Record, Record)> = None;
    for point in 0..EDGES.len().pow(count as u32) {
        let x: Vec<f64> =
            all.iter().map(|i| EDGES[point / EDGES.len().pow(*i as u32) % EDGES.len()]).collect();
        if constants != 0 || known.is_none() {
            let mut trace = Record::new(count as u32);
            let operand = |i: &usize| {
                let x = if constants >> i & 1 == 1 { trace.constant(x[*i]) } else { Slot::value(*i as u32) };
                match types.get(*i) {
                    Some(Scalar::Bool) => trace.push(Numeric::IsPositive, &[x], 0),
                    _ => x,
                }
            };
            let operands: Vec<Slot> = all.iter().map(operand).collect();
            let y = trace.push(row, &operands, 0);
            // A cotangent that is no constant, and a sum with a share of another operation.
            let y = trace.push(Numeric::Square, &[y], 0);
            let y = trace.push(Numeric::Sub, &[Slot::value(0), y], 0);
            trace.give(vec![y]);
            let derived = trace.with_gradient(0, &all).expect("a number");
            known = Some((trace, derived));
        }
        let Some((trace, derived)) = &known else { continue };
        check::<f64>(trace, derived, &x, 0, &all);
        check::<f32>(trace, derived, &x, 0, &all);
    }
}

/// Random records of rows and operations on matrices, at points of which some are at edges.
fn random_traces(seed: u64, rows: &[Numeric], wholes: &[Whole], longest: usize) {
    let mut random = Random(seed);
    let (mut found, mut asked) = (0, 0);
    for _ in 0..2000 {
        let inputs = 1 + random.below(4);
        let operations = 1 + random.below(longest);
        let trace = unguarded(&random.record(rows, wholes, inputs as u32, operations));
        let wrt: Vec<usize> = (0..inputs).filter(|_| random.below(4) > 0).collect();
        let result = trace.results().len() - 1 - random.below(3).min(trace.results().len() - 1);
        let derived = trace.with_gradient(result, &wrt).expect("a number");
        for edges in [2, 5, 50, 50, 50] {
            let x: Vec<f64> = (0..inputs).map(|_| random.number(edges)).collect();
            found += check::<f64>(&trace, &derived, &x, result, &wrt);
            check::<f32>(&trace, &derived, &x, result, &wrt);
            asked += wrt.len();
        }
    }
    assert!(found > asked / 7, "only {found} of {asked} derivatives say anything");
}

#[test]
fn random_traces_of_all_rows() {
    random_traces(0x9e37_79b9_7f4a_7c15, Numeric::ALL, &[], 12);
}

#[test]
fn random_traces_of_arithmetic_and_choices() {
    use Numeric::{Abs, Add, Div, Exp, Expt, Less, Max, Min, Mul, Neg, Not, Recip, Select, Sin, Square, Sub};
    let rows =
        [Add, Sub, Mul, Div, Neg, Square, Recip, Sin, Exp, Abs, Min, Max, Expt, Less, Not, Select, Select];
    random_traces(0xd1b5_4a32_d192_ed03, &rows, &[], 40);
}

#[test]
fn random_records_with_matrices() {
    let rows = [Numeric::Add, Numeric::Mul, Numeric::Div, Numeric::Sin, Numeric::Less, Numeric::Select];
    let wholes: Vec<Whole> = (1..=4)
        .flat_map(|n| {
            [
                Whole::Det(n),
                Whole::Logdet(n),
                Whole::Inv(n),
                Whole::Solve { n, columns: 1 },
                Whole::Solve { n, columns: 2 },
                Whole::Cholesky(n),
                Whole::Cofactors(n.min(3)),
                Whole::Product { m: 2, n, p: 1 },
            ]
        })
        .collect();
    random_traces(0x5851_f42d_4c95_7f2d, &rows, &wholes, 20);
}

const WHOLES: [Whole; 3] = [Whole::Det(2), Whole::Inv(2), Whole::Cholesky(2)];

/// What a trace gives at a point, or the guard that fails, bits told apart.
fn told<A: Number>(trace: &Record, x: &[f64]) -> Result<Vec<String>, usize> {
    let bits = |x: A| {
        let x: f64 = x.into();
        if x.is_nan() { "nan".to_string() } else { format!("{x:?}") }
    };
    let x: Vec<A> = x.iter().map(|x| A::lit(*x)).collect();
    trace.evaluate(&x).map(|found| found.into_iter().map(bits).collect())
}

#[test]
fn merged_traces_are_the_traces() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let (mut held, mut all, mut left) = (0, 0, 0);
    for _ in 0..1000 {
        let inputs = 1 + random.below(2);
        let operations = 1 + random.below(30);
        let wholes: &[Whole] = if random.below(2) == 0 { &[] } else { &WHOLES };
        let trace = random.record(Numeric::ALL, wholes, inputs as u32, operations);
        let merged = trace.merged();
        (all, left) = (all + trace.len(), left + merged.len());
        for _ in 0..5 {
            let x: Vec<f64> = (0..inputs).map(|_| random.number(3)).collect();
            let expected = told::<f64>(&trace, &x);
            assert_eq!(told::<f64>(&merged, &x), expected, "at {x:?}\n{trace:?}\n{merged:?}");
            assert_eq!(told::<f32>(&merged, &x), told::<f32>(&trace, &x), "at {x:?}\n{trace:?}\n{merged:?}");
            held += usize::from(expected.is_ok());
        }
    }
    assert!(held > 1000 && left < all * 4 / 5, "{held}, {left} of {all}");
}

#[test]
fn guards_are_those_of_the_trace() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut held, mut broken) = (0, 0);
    for _ in 0..500 {
        let inputs = 1 + random.below(3);
        let operations = 1 + random.below(25);
        let wholes: &[Whole] = if random.below(2) == 0 { &[] } else { &WHOLES };
        let trace = random.record(Numeric::ALL, wholes, inputs as u32, operations);
        let all: Vec<usize> = (0..inputs).collect();
        let derived = trace.with_gradient(trace.results().len() - 1, &all).expect("a number");
        assert_eq!(derived.guards().len(), trace.guards().len());
        for _ in 0..10 {
            let x: Vec<f64> = all.iter().map(|_| random.number(3)).collect();
            let (found, expected) = (derived.evaluate(&x), trace.evaluate(&x));
            assert_eq!(found.as_ref().err(), expected.as_ref().err(), "at {x:?}\n{trace:?}\n{derived:?}");
            *(if expected.is_ok() { &mut held } else { &mut broken }) += 1;
        }
    }
    assert!(held > 1000 && broken > 1000, "{held} {broken}");
}

/// A program on a line, and below it its trace with the gradient by all inputs.
#[test]
fn written_are_these() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gradients/written.txt");
    let written = std::fs::read_to_string(path).expect("the cases are there");
    let mut blessed = String::new();
    for case in written.split("\n\n") {
        let text = case.lines().next().expect("a program");
        let program = desugar(&read(text).0).0.expect("a program");
        let Ok(Lowered::Direct(lowered)) = lower("program", &program) else {
            panic!("{text} is not straight")
        };
        let trace = Trace::from_graph(&lowered.module.functions[0].graph, 1, &[]).expect("straight");
        let all: Vec<usize> = (0..trace.inputs()).collect();
        let derived = trace.with_gradient(0, &all).expect("a number");
        blessed.push_str(&format!("{text}\n{derived}\n"));
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, blessed.trim_end().to_string() + "\n").expect("it can be written");
        return;
    }
    assert_eq!(blessed.trim_end(), written.trim_end(), "BLESS=1 writes it anew");
}
