//! Replay: values to the bit as the trace evaluates, derivatives as the evaluator's tape has them.

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod guards;
mod random;
mod rows;
mod scale;
mod tape;

use scheme_core::{
    prim::Numeric,
    trace::{Slot, Trace},
};
use scheme_runtime::replay::{Replay, Scratch};

/// What is at the edge of numbers.
const EXTREMES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -0.5,
    3.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    1e308,
    -1e308,
    5e-324,
    -5e-324,
    1e-200,
    9_007_199_254_740_993.0,
];

/// The same number to the bit, nan being nan.
#[track_caller]
fn same(found: f64, wanted: f64, what: impl Fn() -> String) {
    let equal = found.to_bits() == wanted.to_bits() || (found.is_nan() && wanted.is_nan());
    assert!(equal, "{}: {found:e}, not {wanted:e}", what());
}

/// Each number the same to the bit.
#[track_caller]
fn all_same(found: &[f64], wanted: &[f64], what: impl Fn() -> String) {
    assert_eq!(found.len(), wanted.len(), "{}", what());
    for (found, wanted) in found.iter().zip(wanted) {
        same(*found, *wanted, &what);
    }
}

/// One row on so many inputs.
fn row(row: Numeric, operands: u32) -> Trace {
    let mut trace = Trace::new(operands);
    let operands: Vec<Slot> = (0..operands).map(Slot::value).collect();
    let y = trace.push(row, &operands, 0);
    trace.give(vec![y]);
    trace
}

/// The gradient of the only result, owned.
fn gradient(replay: &Replay, x: &[f64]) -> Vec<f64> {
    Scratch::with(|scratch| replay.value_and_grad(x, 0, scratch).expect("no guard").1.to_vec())
}
