//! Rows are single calls: values and gradients over rows are what the evaluator gives at each alone, to the bit.

use super::{
    CallError, Interpreter, StringProgram,
    again::{MATRICES, WHOLES},
    tower::{cases, generate},
    traces::Chance,
};
use crate::{Answer, Limits};

/// How many rows are made; those where the evaluator fails are not run.
const ROWS: usize = 16;

type Row = (Vec<f64>, f64, Vec<f64>);

/// What the evaluator gives at a row, if its value is a number.
fn interpreted(program: &StringProgram, names: &[&str], x: &[f64]) -> Result<Row, CallError> {
    let answers: Vec<(&str, Answer)> = names.iter().zip(x).map(|(name, x)| (*name, (*x).into())).collect();
    let (value, orders) = program.interpreted_partials(&program.given(&answers, names)?, 1)?;
    Ok((x.to_vec(), value, orders.into_iter().nth(1).unwrap_or_default()))
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Runs a program over rows about its inputs, of which one may be the same in all; gives how many rows there were.
#[track_caller]
fn check(
    program: &StringProgram,
    inputs: &[(&str, f64)],
    shared: Option<usize>,
    chance: &mut Chance,
) -> usize {
    let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let mut row = || {
        let number = |(i, (_, x)): (usize, &(&str, f64))| match Some(i) == shared {
            true => *x,
            false => chance.number(*x),
        };
        inputs.iter().enumerate().map(number).collect::<Vec<f64>>()
    };
    let rows: Vec<Vec<f64>> = (0..ROWS).map(|_| row()).collect();
    let alone = rows.iter().filter_map(|x| interpreted(program, &names, x).ok());
    let alone: Vec<Row> = alone.collect();
    let columns: Vec<Vec<f64>> =
        (0..inputs.len()).map(|i| alone.iter().map(|(x, ..)| x[i]).collect()).collect();
    let columns: Vec<(&str, &[f64])> =
        (0..inputs.len()).filter(|i| Some(*i) != shared).map(|i| (names[i], &columns[i][..])).collect();
    let constants: Vec<(&str, f64)> = shared.map(|i| inputs[i]).into_iter().collect();
    if alone.is_empty() || columns.is_empty() {
        return 0;
    }
    let text = program.source().text();
    let (values, gradient) = program
        .value_and_grad_columns(&names, &columns, &constants)
        .unwrap_or_else(|error| panic!("{text}\nonly in rows it fails: {error}"));
    let answers = program.vmap(&columns, &constants).expect("as with the gradient");
    let numbers = answers.iter().map(|answer| answer.number().expect("a number"));
    assert!(numbers.zip(&values).all(|(a, b)| same(a, *b)), "{text}\n{answers:?}, not {values:?}");
    for (row, (x, value, partials)) in alone.iter().enumerate() {
        let found: Vec<f64> = gradient.iter().map(|column| column[row]).collect();
        assert!(
            same(values[row], *value) && found.iter().zip(partials).all(|(a, b)| same(*a, *b)),
            "{text}\nrow {row}, {x:?}: {:?} {found:?}, not {value:?} {partials:?}",
            values[row]
        );
    }
    alone.len()
}

#[test]
fn rows_of_programs() {
    let mut chance = Chance(41);
    let limits = Limits { steps: 50_000, ..Limits::default() };
    let mut rows = 0;
    let cases = cases();
    for single in [false, true] {
        let interpreter = Interpreter::with_limits(limits).single_precision(single);
        for (_, text, inputs) in &cases {
            let program = interpreter.load(text).expect("it loads");
            let inputs: Vec<(&str, f64)> = inputs.iter().map(|(name, x)| (&**name, *x)).collect();
            rows += check(&program, &inputs, (inputs.len() > 1 && single).then_some(0), &mut chance);
        }
    }
    assert!(rows > 5 * cases.len(), "{rows}");
}

#[test]
fn rows_of_operations_on_matrices() {
    let mut chance = Chance(47);
    let mut rows = 0;
    for single in [false, true] {
        let interpreter = Interpreter::new().single_precision(single);
        for whole in WHOLES {
            let program = interpreter.load(&format!("{MATRICES}\n{whole}")).expect("it loads");
            rows += check(&program, &[("x", 0.5), ("y", 2.0)], single.then_some(0), &mut chance);
        }
    }
    assert!(rows > 30 * ROWS, "{rows}");
}

#[test]
fn rows_of_random_programs() {
    let mut chance = Chance(43);
    let interpreter = Interpreter::new();
    let mut rows = 0;
    for seed in 9000..9060 {
        let program = interpreter.load(&generate::Generator::new(seed).program()).expect("it loads");
        let known: Vec<&str> = program.inputs().collect();
        let inputs: Vec<(&str, f64)> =
            generate::INPUTS.iter().copied().filter(|(name, _)| known.contains(name)).collect();
        let shared = (inputs.len() > 1 && seed % 2 == 0).then_some(1);
        rows += check(&program, &inputs, shared, &mut chance);
    }
    assert!(rows > 300, "{rows}");
}
