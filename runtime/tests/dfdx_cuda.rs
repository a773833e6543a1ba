//! Compiled functions on dfdx's CUDA device: to the bit what they are on its CPU; operation by operation, close to it.
//!
//! Without the feature `dfdx-cuda` there is nothing here; with it a binary starts only where the CUDA driver is.
//! Rows of the table, control flow, programs, equations, elementwise checks and layers are the cases of the suites `dfdx_operations`
//! and `dfdx_tensors`.
#![cfg(feature = "dfdx-cuda")]
#![allow(unreachable_pub, reason = "modules of a test")]
// Numbers that are to be equal to the bit.
#![allow(clippy::float_cmp)]

#[path = "../../core/tests/laws/big.rs"]
#[expect(dead_code, reason = "the laws of the table use the rest")]
mod big;
#[path = "dfdx_tensors/by_hand.rs"]
#[allow(dead_code, reason = "the suite of tensors uses the rest")]
mod by_hand;
#[path = "programs/case.rs"]
#[expect(dead_code, reason = "the suite of programs uses the rest")]
mod case;
#[path = "dfdx_tensors/check.rs"]
mod check;
#[path = "dfdx_operations/close.rs"]
mod close;
#[path = "dfdx_operations/control.rs"]
mod control;
#[path = "dfdx_tensors/elementwise.rs"]
mod elementwise;
#[path = "dfdx_tensors/equations.rs"]
mod equations;
#[path = "dfdx_tensors/layers.rs"]
mod layers;
#[path = "dfdx_operations/matrices.rs"]
mod matrices;
#[path = "dfdx_operations/programs.rs"]
mod programs;
#[path = "dfdx_operations/rows.rs"]
mod rows;

use dfdx::{prelude::*, tensor::Cuda};
use scheme_runtime::{prelude::*, tensors::Layer};

/// What the shared checks run on.
type On = Cuda;

/// The device; nothing, which is said, where there is none.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn on() -> Option<On> {
    Cuda::try_build(0, 0).map_err(|why| println!("skipped: {why}")).ok()
}

#[test]
fn every_row_operation_by_operation() {
    let Some(cuda) = on() else { return };
    rows::check::<f64, On>(&cuda);
    rows::check::<f32, On>(&cuda);
}

#[test]
fn whole_matrices() {
    let Some(cuda) = on() else { return };
    matrices::check::<f64, On>(&cuda);
    matrices::check::<f32, On>(&cuda);
}

#[test]
fn rows_that_go_different_ways() {
    let Some(cuda) = on() else { return };
    control::check::<f64, On>(&cuda);
    control::check::<f32, On>(&cuda);
}

#[test]
fn whole_programs() {
    let Some(cuda) = on() else { return };
    let count = programs::check(&cuda);
    assert!(count >= 80, "only {count} programs");
}

/// Layers with and without constants, of both kinds, give what they give on the CPU.
#[test]
fn layers_with_and_without_constants() {
    let Some(cuda) = on() else { return };
    let turn = scheme! { (lambda (a b) (vec (* a (cos b)) (* a (sin b)) (expt a b))) };
    macro_rules! given {
        ($dev:expr, $layer:expr, $columns:literal) => {{
            let x: Tensor<Rank2<2, $columns>, f64, _> = $dev.tensor([[0.5; $columns], [1.5; $columns]]);
            let y = $layer.forward(x.leaky_trace());
            (y.as_vec(), y.sum().backward().get(&x).as_vec())
        }};
    }
    macro_rules! all {
        ($dev:expr) => {{
            let dev = $dev;
            let none = Layer::new(turn, &dev, []).expect("no constants");
            let frozen = Layer::new(turn, &dev, []).expect("none to train").with_frozen([0.25]).expect("one");
            let trained = Layer::new(turn, &dev, [0.75]).expect("one to train");
            [given!(dev, none, 2), given!(dev, frozen, 1), given!(dev, trained, 1)]
        }};
    }
    assert_eq!(all!(cuda), all!(Cpu::default()));
}

/// How many rows.
const ROWS: usize = 2501;

/// Numbers over the rows.
fn spread(low: f64, high: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..ROWS).map(move |row| low + (high - low) * (row as f64 * step).fract())
}

/// What a device gives: values, gradients by batches, by what all rows share, by a matrix; and operation by operation.
macro_rules! results {
    ($dev:expr, $element:ident, $device:ty) => {{
        let dev: $device = $dev;
        let numbers = |low: f64, high: f64, step: f64| -> Vec<$element> {
            spread(low, high, step).map(|x| x as $element).collect()
        };
        let batch = |numbers: Vec<$element>| -> Tensor<(usize,), $element, $device> {
            dev.tensor((numbers, (ROWS,)))
        };
        let (x, t) = (batch(numbers(-2.0, 3.0, 0.618)), batch(numbers(0.5, 2.0, 0.414)));
        let k: Tensor<Rank0, $element, $device> = dev.tensor(1.5);
        let mut exact: Vec<Vec<$element>> = Vec::new();

        let choice = scheme! { (if (< x 0) (* k x t) (* k (sqrt x) (erf t))) };
        let y = choice.forward((x.leaky_trace(), &k, &t)).expect("it runs");
        exact.push(y.as_vec());
        let gradients = y.sum().backward();
        exact.extend([gradients.get(&x).as_vec(), gradients.get(&t).as_vec(), gradients.get(&k).as_vec()]);

        let turn = scheme! { (vec (* a (cos b)) (* a (sin b)) (expt a b)) };
        let flat: Vec<$element> = numbers(0.5, 2.0, 0.7)
            .into_iter()
            .zip(numbers(-3.0, 3.0, 0.3))
            .flat_map(<[_; 2]>::from)
            .collect();
        let matrix: Tensor<(usize, Const<2>), $element, $device> = dev.tensor((flat, (ROWS, Const)));
        let y = turn.forward(matrix.leaky_trace()).expect("it runs");
        exact.push(y.as_vec());
        exact.push(y.sum().backward().get(&matrix).as_vec());

        let failing = scheme! { (if (< x 3) x (assert (< x 2))) };
        let above = batch(numbers(3.0, 4.0, 0.1));
        let error = failing.forward(above.leaky_trace()).map(|_| ()).expect_err("it fails").to_string();

        let steps = scheme! { (if (< x 0) (erf x) (* x x (exp (- x)))) }.by_operations().expect("a graph");
        let y = steps.forward(x.leaky_trace()).expect("it runs");
        let mut close = vec![y.as_vec()];
        close.push(y.sum().backward().get(&x).as_vec());
        (exact, error, close)
    }};
}

macro_rules! same {
    ($cuda:expr, $element:ident, $within:expr) => {
        let (exact, error, close) = results!($cuda, $element, Cuda);
        let (exact_on_cpu, error_on_cpu, close_on_cpu) = results!(Cpu::default(), $element, Cpu);
        assert_eq!((exact, error), (exact_on_cpu, error_on_cpu));
        for (found, expected) in close.iter().flatten().zip(close_on_cpu.iter().flatten()) {
            assert!((found - expected).abs() <= $within * (1.0 + expected.abs()), "{found}, not {expected}");
        }
    };
}

#[test]
fn values_and_gradients_are_those_of_the_cpu() {
    let Some(cuda) = on() else { return };
    same!(cuda.clone(), f64, 1e-12);
    same!(cuda, f32, 1e-5);
}
