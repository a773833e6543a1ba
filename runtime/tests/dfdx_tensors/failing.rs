//! Layers of programs that fail in many rows: what it costs, and which pass tells of which row.

use dfdx::prelude::*;
use scheme_runtime::{
    __private::OverRows,
    Function, Gives, Of, Real,
    prelude::*,
    tensors::{Layer, TensorError},
};
use std::cell::Cell;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

/// A function whose calls are counted: one of a block of rows is one.
#[derive(Clone, Copy, Debug)]
struct Counted<F>(F);

impl<F: Function> Function for Counted<F> {
    type In = F::In;
    type Out = F::Out;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    fn names(&self) -> F::Names {
        self.0.names()
    }

    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<F::Out, T> {
        CALLS.set(CALLS.get() + 1);
        self.0.call(x)
    }
}

/// The calls of `run`.
fn calls<V>(run: impl FnOnce() -> V) -> (V, usize) {
    CALLS.set(0);
    (run(), CALLS.get())
}

/// Every second row fails. Values, partial derivatives and the backward pass take some calls a row, however many fail.
#[test]
fn calls_are_as_many_as_rows() {
    let dev = Cpu::default();
    let straight = scheme! { (begin (assert (>= x 0)) (* x x)) };
    let two = scheme! { (begin (assert (>= x 0)) (vec (* x x) x)) };
    let looped = scheme! { (let loop ((i 0) (y 1.0)) (if (< i 2) (loop (+ i 1) (* x y)) (begin (assert (>= x 0)) y))) };
    let listed =
        scheme! { (lambda (x) (apply + (map (lambda (y) (* x y)) (list-tail (list x) (if (< x 0) 2 0))))) };
    let few = 700;
    for rows in [few, 4 * few] {
        let xs: Vec<f64> = (0..rows).map(|i| if i % 2 == 1 { -1.0 } else { i as f64 }).collect();
        let x: Tensor<(usize, Const<1>), f64, Cpu> = dev.tensor_from_vec(xs.clone(), (rows, Const));
        macro_rules! check {
            ($($program:ident)*) => {$(
                let layer = Layer::new(Counted($program), &dev, []).unwrap();
                let (y, values) = calls(|| layer.forward(x.clone()));
                let (z, partials) = calls(|| layer.forward(x.leaky_trace()));
                assert_eq!(format!("{:?}", y.as_vec()), format!("{:?}", z.as_vec()));
                let (gradients, pulled) = calls(|| z.sum().backward());
                assert_eq!(layer.failure().map(|failure| failure.row), Some(1));
                for passes in [values, partials + pulled] {
                    assert!(passes <= 4 * rows, "{}: {passes} calls for {rows} rows", stringify!($program));
                }
                let slopes = gradients.get(&x).as_vec();
                let y = y.as_vec();
                for ((row, x), slope) in xs.iter().enumerate().zip(slopes) {
                    let y = y[row * y.len() / rows];
                    let right = if *x < 0.0 { y.is_nan() && slope.is_nan() } else { y == x * x && slope >= 2.0 * x };
                    assert!(right, "{}: {y} and {slope} at {x}", stringify!($program));
                }
            )*};
        }
        check! { straight two looped listed }
    }
}

/// A value that is known to be no number only when it is there fails its row.
#[test]
fn values_that_are_no_numbers() {
    let layer = Layer::new(
        scheme! { (lambda (n) (apply vec (map (lambda (i) (* n i)) (iota n)))) },
        &Cpu::default(),
        [],
    )
    .unwrap();
    let x = Cpu::default().tensor([[1.0], [2.0]]);
    assert!(layer.forward(x.clone()).as_vec().iter().all(|y: &f64| y.is_nan()));
    let error = layer.try_rows(x).unwrap_err();
    assert!(matches!(error, TensorError::Failed { row: 0, .. }), "{error}");
    assert!(error.to_string().contains("not a number"), "{error}");
}

/// What one pass meets is not what another says that goes through the same layer.
#[test]
fn passes_at_once_tell_of_their_own_rows() {
    let layer = Layer::new(scheme! { (begin (assert (>= x 0)) (* x x)) }, &Cpu::default(), []).unwrap();
    std::thread::scope(|threads| {
        for failing in [Some(3), None, Some(11)] {
            let layer = &layer;
            threads.spawn(move || {
                let dev = Cpu::default();
                let xs = (0..20).map(|i| if Some(i) == failing { -1.0 } else { 2.0 }).collect();
                let x: Tensor<(usize, Const<1>), f64, Cpu> = dev.tensor_from_vec(xs, (20, Const));
                for _ in 0..2000 {
                    match layer.try_rows(x.clone()) {
                        Ok(y) => assert!(failing.is_none() && y.as_vec() == [4.0; 20]),
                        Err(TensorError::Failed { row, .. }) => assert_eq!(Some(row), failing),
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
}
