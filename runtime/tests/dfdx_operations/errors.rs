//! What has no operations on tensors, and what fails, is an error and not a panic.

use dfdx::prelude::*;
use scheme_core::anf::Module;
use scheme_runtime::{
    prelude::*,
    tensors::{Operations, TensorError},
};

type Batch = Tensor<(usize,), f64, Cpu>;

fn batch(numbers: &[f64]) -> Batch {
    Cpu::default().tensor((numbers.to_vec(), (numbers.len(),)))
}

#[test]
fn what_needs_general_values() {
    #[expect(deprecated, reason = "a count has no gradient")]
    let f = scheme! { (apply + x (iota n)) };
    let error = f.by_operations().map(|_| ()).unwrap_err();
    let wanted = "`iota` of a computed number, which has no operations on tensors";
    assert_eq!(error.message, wanted);
    assert!(error.line > 1 && error.column > 1, "{error}");
}

#[test]
fn batches_that_do_not_go_together() {
    let f = scheme! { (lambda (x y) (* x y)) }.by_operations().unwrap();
    let error = f.forward((&batch(&[1.0, 2.0]), &batch(&[1.0, 2.0, 3.0]))).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Shapes { input: 1, expected: 2, found: 3 }), "{error}");
    let none: Batch = Cpu::default().zeros_like(&(0,));
    assert!(matches!(f.forward((&none, &none)), Err(TensorError::Empty)));

    let operations: &Operations = f.operations();
    let error = operations.forward(vec![batch(&[1.0, 2.0]), batch(&[1.0; 3])]).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Shapes { input: 1, expected: 2, found: 3 }), "{error}");
    let error = operations.forward(vec![batch(&[1.0])]).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "1 arguments are given for 2 parameters");
    assert!(matches!(operations.forward(vec![none.clone(), none]), Err(TensorError::Empty)));
}

#[test]
fn a_program_that_fails_in_some_rows() {
    let f = scheme! { (lambda (x) (if (< x 0) (error "below" x) (if (> x 9) (error "above" x) (sqrt x)))) };
    let g = f.by_operations().unwrap();
    let y = g.forward(batch(&[1.0, 4.0, 9.0]).leaky_trace()).unwrap();
    assert_eq!(y.as_vec(), [1.0, 2.0, 3.0]);
    // The first row that fails, at its place, as the fused way says it.
    let rows = batch(&[1.0, 10.0, 4.0, -1.0]);
    let error = g.forward(&rows).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), f.forward(&rows).map(|_| ()).unwrap_err().to_string());
    assert!(matches!(error, TensorError::Failed { row: 1, .. }), "{error}");
}

#[test]
fn the_first_row_that_fails() {
    let f = scheme! {
        (lambda (x)
          (let loop ((i x))
            (cond ((> i 5) (error "above" x)) ((< i 0) (error "below" x)) ((= i 2) x) (else (loop (+ i 1))))))
    };
    let g = f.by_operations().unwrap();
    for (rows, first) in
        [(vec![2.0, 1.0, 4.0, -1.0, 9.0], 2), (vec![1.0, 3.0, -1.0, 7.0], 1), (vec![-3.0], 0)]
    {
        let error = g.forward(&batch(&rows)).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), f.forward(&batch(&rows)).map(|_| ()).unwrap_err().to_string());
        assert!(matches!(error, TensorError::Failed { row, .. } if row == first), "{rows:?}: {error}");
        let again = g.operations().forward(vec![batch(&rows)]).map(|_| ()).unwrap_err();
        assert!(matches!(again, TensorError::Failed { row, .. } if row == first), "{rows:?}: {again}");
    }
}

#[test]
fn a_run_that_does_not_end() {
    let f = scheme! { (lambda (x) (let loop ((i x)) (if (> i 0) (loop (+ i 1)) i))) };
    let g = f.by_operations().unwrap().budget(10_000);
    assert_eq!(g.forward(&batch(&[-1.0, -2.0])).unwrap().as_vec(), [-1.0, -2.0]);
    let error = g.forward(&batch(&[-1.0, 1.0])).map(|_| ()).unwrap_err();
    let TensorError::Failed { row: 1, failure } = error else { panic!("{error}") };
    assert_eq!(failure.code.as_str(), "E0802");

    let spin = "f0: once graph main(x: v0 real) {\n  v1: real = call f1 v0\n  give v1\n}
f1: loop graph spin(x: v0 real) {\n  give true v0 v0\n}";
    let spin = Operations::of(Module::parse(spin).unwrap()).unwrap();
    assert!(matches!(spin.forward(vec![batch(&[1.0])]), Err(TensorError::Failed { row: 0, .. })));

    let f = scheme! { (define (f n) (if (> n 0) (* 2 (f (+ n 1))) n)) (lambda (x) (f x)) };
    let g = f.by_operations().unwrap();
    let error = g.forward(&batch(&[1.0])).map(|_| ()).unwrap_err();
    let TensorError::Failed { row: 0, failure } = error else { panic!("{error}") };
    assert_eq!(failure.code.as_str(), "E0803");
}
