//! What cannot be computed is an error, not a panic.

use crate::{by_hand::distance, check::batch};
use dfdx::prelude::*;
use scheme_runtime::{
    prelude::*,
    tensors::{TensorError, columns},
};

type Batch = Tensor<(usize,), f32, Cpu>;

#[test]
fn batches_of_two_lengths() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let dev = Cpu::default();
    let (a, b): (Batch, Batch) = (dev.zeros_like(&(3,)), dev.zeros_like(&(4,)));
    let error = coulomb.forward((1.0, &a, 2.0, b.leaky_trace())).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Shapes { input: 3, expected: 3, found: 4 }), "{error}");
    assert_eq!(error.to_string(), "the batch given for input 4 has size 4 where those before it have 3");

    let fixed: Tensor<Rank1<5>, f32, Cpu> = dev.zeros();
    let error = gaussian.forward((&a, &fixed, 1.0)).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Shapes { input: 1, expected: 3, found: 5 }), "{error}");
}

#[test]
fn empty_batches() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let cube = scheme! { (* x (* x x)) };
    let dev = Cpu::default();
    let none: Batch = dev.zeros_like(&(0,));
    assert!(matches!(cube.forward(none.leaky_trace()), Err(TensorError::Empty)));
    let matrix: Tensor<(usize, Const<4>), f32, Cpu> = dev.zeros_like(&(0, Const));
    assert!(matches!(coulomb.forward(matrix.clone()), Err(TensorError::Empty)));
    assert!(matches!(columns(matrix), Err(TensorError::Empty)));
}

#[test]
fn a_program_that_fails_in_a_row() {
    let dev = Cpu::default();
    let mut x = vec![1.0_f32; 40];
    let y = distance::Program.forward(batch(&dev, x.clone()).leaky_trace()).unwrap();
    assert_eq!(y.as_vec(), [2.0; 40]);
    x[29] = -1.0;
    let error = distance::Program.forward(batch(&dev, x).leaky_trace()).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Failed { row: 29, .. }), "{error}");
}
