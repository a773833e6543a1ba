//! Functions over rows are stacks of calls, to the bit.

mod support;

use scheme_runtime::{Failure, jacobian, prelude::*};
use support::{Asserted, Form, Samples};

/// Numbers that are equal or both nan.
trait SameBits {
    fn same(&self, other: &Self) -> bool;
}

impl SameBits for f64 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl SameBits for f32 {
    fn same(&self, other: &Self) -> bool {
        self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
    }
}

impl<S: SameBits, const N: usize> SameBits for [S; N] {
    fn same(&self, other: &Self) -> bool {
        self.iter().zip(other).all(|(a, b)| a.same(b))
    }
}

impl<A: SameBits, B: SameBits> SameBits for (A, B) {
    fn same(&self, other: &Self) -> bool {
        self.0.same(&other.0) && self.1.same(&other.1)
    }
}

/// For lengths around those of a block, against single calls; numbers of both signs, so that the programs
/// meet nan and both sides of their branches.
macro_rules! stack_of_calls {
    ($number:ty, $function:expr) => {
        for rows in (0..20).chain([31, 32, 33, 100]) {
            let function = $function;
            let mut samples = Samples::new(rows as u64);
            let columns: [Vec<$number>; 3] =
                std::array::from_fn(|_| (0..rows).map(|_| samples.between(-2.0, 2.0) as $number).collect());
            let [a, b, c] = &columns;
            let found = vmap(function).call((a, b, c)).expect("columns of one length");
            assert_eq!(found.len(), rows);
            for i in 0..rows {
                let single = function.call([a[i], b[i], c[i]]);
                assert!(found[i].same(&single), "{function:?}, row {i} of {rows}: {:?} {single:?}", found[i]);
            }
        }
    };
}

#[test]
fn smooth_programs() {
    let f = scheme! { (+ (* a (exp (- (square b)))) (sin (* b c)) (tanh (* a c))) };
    stack_of_calls!(f64, f);
    stack_of_calls!(f32, f);
    stack_of_calls!(f64, value_and_grad(f).wrt(|v| [v.c, v.a]));
    stack_of_calls!(f64, hessian(f));
    stack_of_calls!(f64, grad(grad(f).wrt(|v| v.a)).wrt(|v| v.b));
}

/// Of operands at which both sides, nan and infinities occur.
#[test]
fn branching_programs() {
    let f = scheme! {
        (let ((d (- (* b b) (* 4 a c))))
          (if (< d 0) (* a (sqrt (- d))) (/ (- (sqrt d) b) (* 2 a))))
    };
    stack_of_calls!(f64, f);
    stack_of_calls!(f32, grad(f));
    stack_of_calls!(f64, hessian(f).wrt(|v| [v.a, v.b]));
}

#[test]
fn programs_that_round_and_choose() {
    let f = scheme! { (+ (* a (floor b)) (modulo b c) (max a b c) (log c)) };
    stack_of_calls!(f64, value_and_grad(f));
    stack_of_calls!(f32, jacobian(grad(f)));
    stack_of_calls!(f64, scheme! { (+ (expt (abs c) a) b) });
}

#[test]
fn one_input_takes_one_column() {
    let f = scheme! { (* x x) };
    let x: Vec<f64> = (0..11).map(f64::from).collect();
    let squares = vmap(f).call(&x).expect("one column");
    assert!(x.iter().zip(&squares).all(|(x, y)| x * x == *y));
    assert_eq!(vmap(grad(f)).call(&x[2..5]), Ok(vec![4.0, 6.0, 8.0]));
    assert_eq!(vmap(grad(f)).call(&[1.0, 2.0]), Ok(vec![2.0, 4.0]));
    assert_eq!(vmap(f).call(&Vec::<f64>::new()), Ok(vec![]));
}

#[test]
fn columns_come_in_many_forms() {
    let f = scheme! { (- (* a b) c) };
    let a: Vec<f64> = (0..20).map(f64::from).collect();
    let wanted: Vec<f64> = a.iter().map(|a| a * a - 1.0).collect();
    assert_eq!(vmap(f).call((&a, &a, 1.0)), Ok(wanted.clone()));
    assert_eq!(vmap(f).call([&a, &a, &vec![1.0; 20]]), Ok(wanted.clone()));
    assert_eq!(vmap(f).call([&a[..], &a, &[1.0; 20]]), Ok(wanted.clone()));
    let points: Vec<[f64; 3]> = a.iter().map(|a| [*a, *a, 1.0]).collect();
    assert_eq!(vmap(f).call(&points), Ok(wanted.clone()));
    assert_eq!(vmap(f).call(&points[..]), Ok(wanted));
}

#[test]
fn columns_of_arrays_and_of_tangents() {
    let (n, matrix) = (21, [[1.0, 0.5], [0.25, 2.0]]);
    let scales: Vec<f64> = (0..n).map(f64::from).collect();
    let vectors: Vec<[f64; 2]> = scales.iter().map(|s| [1.0 + s, 2.0 - s]).collect();
    let found = vmap(value_and_grad(Form)).call((&scales, &vectors, matrix)).expect("columns of one length");
    for (i, found) in found.iter().enumerate() {
        assert_eq!(*found, value_and_grad(Form).call((scales[i], vectors[i], matrix)));
    }
    // A vector by parts: a column and a number.
    let parts = vmap(Form).call((&scales, (&scales, 2.0), matrix)).expect("columns of one length");
    assert_eq!(parts[20], Form.call((20.0, [20.0, 2.0], matrix)));
    let f = scheme! { (* x y) };
    let found = vmap(jvp(f)).call(((&scales, 2.0), (1.0, &scales))).expect("columns of one length");
    assert_eq!(found[9], jvp(f).call(([9.0, 2.0], [1.0, 9.0])));
}

#[test]
fn outputs_are_rows_or_columns() {
    let f = scheme! { (* x (exp y)) };
    let x: Vec<f64> = (0..19).map(|i| f64::from(i) * 0.25).collect();
    let wanted = vmap(value_and_grad(f)).call((&x, &x)).expect("columns of one length");
    let (mut y, mut dx, mut dy) = (vec![0.0; 19], vec![0.0; 19], [0.0; 19]);
    vmap(value_and_grad(f))
        .into_slices((&x, &x), (&mut y, [&mut dx[..], &mut dy]))
        .expect("outputs that fit");
    let mut gradients = vec![[0.0; 2]; 19];
    vmap(grad(f)).into_slices((&x, &x), &mut gradients[..]).expect("outputs that fit");
    let mut hessians: [[Vec<f64>; 2]; 2] = std::array::from_fn(|_| std::array::from_fn(|_| vec![0.0; 19]));
    let [[xx, xy], [yx, yy]] = &mut hessians;
    vmap(hessian(f)).into_slices((&x, &x), [[xx, xy], [yx, yy]]).expect("outputs that fit");
    for (i, (value, gradient)) in wanted.into_iter().enumerate() {
        assert_eq!((y[i], [dx[i], dy[i]], gradients[i]), (value, gradient, gradient));
        let columns = [[hessians[0][0][i], hessians[0][1][i]], [hessians[1][0][i], hessians[1][1][i]]];
        assert_eq!(columns, hessian(f).call([x[i], x[i]]));
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let f = scheme! { (* x (* y z)) };
    let (long, short) = (vec![1.0; 12], vec![1.0; 9]);
    let unequal = RowsError::Columns { column: 2, expected: 12, found: 9 };
    assert_eq!(vmap(f).call((&long, 2.0, &short)), Err(unequal.clone()));
    assert_eq!(unequal.to_string(), "column 3 has 9 rows, the columns before it have 12");
    assert_eq!(vmap(f).call((1.0, 2.0, 3.0)), Err(RowsError::NoSlice));
    let mut y = vec![0.0; 11];
    let outputs = RowsError::Outputs { expected: 12, found: 11 };
    assert_eq!(vmap(f).into_slices((&long, 2.0, &long), &mut y), Err(outputs));
    let (mut a, mut b, mut c) = (vec![0.0; 12], vec![0.0; 12], vec![0.0; 13]);
    let outputs = RowsError::Outputs { expected: 12, found: 13 };
    assert_eq!(vmap(grad(f)).into_slices((&long, 2.0, &long), [&mut a, &mut b, &mut c]), Err(outputs));
}

#[test]
fn a_failure_says_in_which_row() {
    let x = vec![1.0; 20];
    assert_eq!(vmap(grad(Asserted { fails: false })).call(&x), Ok(vec![2.0; 20]));
    let failed = RowsError::Failed { row: 0, failure: Asserted::FAILURE };
    assert_eq!(vmap(grad(Asserted { fails: true })).call(&x), Err(failed.clone()));
    assert_eq!(vmap(Asserted { fails: true }).call(&x[..2]), Err(failed.clone()));
    let looped = scheme! { (let step ((y x) (i 0)) (if (< i 3) (step (+ y 1) (+ i 1)) (if (> y 9) (error "past" y) y))) };
    let mut rows = vec![1.0; 40];
    (rows[19], rows[21]) = (7.5, 8.5);
    let failed_at = |result: Result<Vec<f64>, RowsError>| match result {
        Err(RowsError::Failed { row, failure }) => (row, failure.message.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(failed_at(vmap(looped).call(&rows)), (19, "past 10.5".into()));
    assert_eq!(failed_at(vmap(looped).threads(2).call(&rows)), (19, "past 10.5".into()));
    assert_eq!(vmap(looped).call(&rows[22..]), Ok(vec![4.0; 18]));
    let Failure { line, column, .. } = Asserted::FAILURE;
    assert_eq!(failed.to_string(), format!("in row 1: E0502 at {line}:{column}: assertion failed"));
}
