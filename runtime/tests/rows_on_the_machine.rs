//! Rows of programs that run on the machine, whatever paths they take: each is a single call, to the bit, and so is the
//! first failure; by every transform, in both precisions, on one thread and two.

#![allow(deprecated, reason = "a size has no derivative")]

mod support;

use scheme_runtime::{
    __private::OverRows, Code, Element, Limits, Of, R, Real, Regime, Try, Wrapped, open, prelude::*,
};
use std::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};
use support::rows;

/// Numbers of rows around those that are worth a record.
const MANY: [usize; 7] = [0, 1, 2, 3, 5, 40, 300];

fn xs(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.618_033_988_749).fract() * 1.8 - 0.9).collect()
}

/// Programs of `x`, one a row, and `k`, the same in all.
macro_rules! laws {
    ($($name:ident $program:literal)+) => {$(
        #[test]
        fn $name() {
            let f = scheme!($program);
            assert_eq!(f.describe().regime, Regime::Machine);
            for n in MANY {
                let x = xs(n);
                let points: Vec<[f64; 2]> = x.iter().map(|x| [*x, 1.25]).collect();
                rows::are_single_calls(f, (&x, 1.25), &points);
                rows::are_single_calls(value_and_grad(f), (&x, 1.25), &points);
                rows::are_single_calls(grad(f).wrt(|v| v.k), &points[..], &points);
                let x: Vec<f32> = x.iter().map(|x| *x as f32).collect();
                let points: Vec<[f32; 2]> = x.iter().map(|x| [*x, 1.25]).collect();
                rows::are_single_calls(f, (&x, 1.25), &points);
                rows::are_single_calls(value_and_grad(f), (&x, 1.25), &points);
            }
        }
    )+};
}

// A list of a length that only a run tells keeps each of them on the machine.
laws! {
    a_list "(lambda (x k) (apply + (append (iota (- k k)) (map (lambda (f) (f x)) (list sin exp (lambda (y) (* y k)))))))"
    one_of_two_lists "(lambda (x k) (apply * (append (iota (- k k)) (if (> x 0.3) (list x k x) (list k x)))))"
    an_index "(lambda (x k) (list-ref (append (iota (- k k)) (list 1 x k)) (modulo (floor (* 10 (abs x))) 3)))"
    halvings "(lambda (x k) (let count ((y (* 40 (abs x))) (l (list k))) (if (< y 1) (apply + y l) (count (/ y 2) (cons (* k y) l)))))"
    each_row_a_way_of_its_own "(lambda (x k) (let step ((i 0) (y x) (l (list k)))
        (if (= i 30) (fold + y l) (step (+ i 1) (if (> (sin (* 99 y)) 0) (+ y 0.31) (- y 0.17)) (if (> y 1) (cons (* x y) l) l)))))"
    a_constant "(lambda (x k) (car (append (iota (- k k)) (if (< x 0.5) (list 0.1) (list (* x k))))))"
    an_input "(lambda (x k) (car (append (iota (- k k)) (if (< x 0.5) (list k) (list x)))))"
    edges "(lambda (x k) (apply / (append (iota (- k k)) (list (max 0 x) (floor (* 3 x)) k))))"
    text "(lambda (x k) (* x (string-length (number->string (floor (* 9 (+ x k)))))))"
    of_k_alone "(lambda (x k) (let ((s (apply + (append (iota (- k k)) (map exp (list k k)))))) (* s (+ x (log s)))))"
    a_derivative_inside "(lambda (x k)
        (define (f y) (apply * y y (append (iota (- k k)) (if (< y 0.4) (list k) (list x k)))))
        (* k ((grad f) x)))"
    products "(lambda (x k)
        (define n (+ 9 (- k k)))
        (define v (linspace x k n))
        (define a (outer v (sin v)))
        (vsum (matvec (matmul a a) v)))"
    determinants "(lambda (x k) (apply + (append (iota (- k k)) (map (lambda (y) (det (mat [y 1] [k (+ 2 y)]))) (list x (* x x))))))"
    fails_in_a_row "(lambda (x k) (if (< x 0.88) (apply * (append (iota (- k k)) (list x k))) (car (iota (- k k)))))"
    is_no_number_in_a_row "(lambda (x k) (if (< x 0.88) (apply * (append (iota (- k k)) (list x k))) (iota k)))"
}

#[test]
fn every_transform() {
    let f = scheme! { (lambda (x k) (apply + (append (iota (- k k)) (map (lambda (g) (g x)) (if (> x 0) (list sin (lambda (y) (* y k k))) (list exp)))))) };
    let x = xs(60);
    let points: Vec<[f64; 2]> = x.iter().map(|x| [*x, 1.25]).collect();
    rows::are_single_calls(jacobian(f), &points[..], &points);
    rows::are_single_calls(hessian(f), &points[..], &points);
    rows::are_single_calls(grad(grad(f).wrt(|v| v.x)), &points[..], &points);
    let moved: Vec<([f64; 2], [f64; 2])> = points.iter().map(|x| (*x, [0.5, x[0]])).collect();
    rows::are_single_calls(jvp(f), &moved[..], &moved);
    rows::are_single_calls(jvp(grad(f)), &moved[..], &moved);
    let pulled: Vec<([f64; 2], f64)> = points.iter().map(|x| (*x, x[0] - 1.0)).collect();
    rows::are_single_calls(vjp(f), &pulled[..], &pulled);
}

/// More rows than are run together.
#[test]
fn many_rows() {
    let f = scheme! { (lambda (x k) (apply + (append (iota (- k k)) (if (> x 0.899) (list k x) (list x (* x k)))))) };
    let x = xs(9001);
    let points: Vec<[f64; 2]> = x.iter().map(|x| [*x, 1.25]).collect();
    rows::are_single_calls(value_and_grad(f), (&x, 1.25), &points);
}

#[test]
fn inputs_of_every_kind() {
    let f = scheme! {
        (: b bool) (: v (vec 3)) (: m (mat 2 2))
        (define (all b v m x)
        (apply + (param size 2.0) (map (lambda (y) (* y (vsum (matvec m [1 2])) (if b x (vsum v)))) (append (iota (- x x)) (if b (list x) (list (ref v 0) x))))))
        (all b v m x)
    };
    let points: Vec<_> = (xs(50).into_iter().enumerate())
        .map(|(i, x)| (f64::from(u8::from(i % 3 == 0)), [x, 0.5, -x], [[1.0, x], [0.25, 2.0]], x))
        .collect();
    rows::are_single_calls(value_and_grad(f), &points[..], &points);
    let both: Vec<_> = points.iter().map(|x| (*x, 3.0)).collect();
    rows::are_single_calls(value_and_grad(open(f)), &both[..], &both);
}

/// What is captured is no constant of a path: it may say which way rows go, and be another one in the next call.
#[test]
fn captures() {
    let x = xs(30);
    for (scale, count) in [(0.1, 3_u8), (-2.5, 3), (0.1, 0), (7.0, 5)] {
        let f = scheme! { (lambda (x) (apply + x (map (lambda (i) (* ,scale i (if (> ,scale 0) x (sin x)))) (iota ,count)))) };
        rows::are_single_calls(value_and_grad(f), &x, &x);
        let narrow: Vec<f32> = x.iter().map(|x| *x as f32).collect();
        rows::are_single_calls(value_and_grad(f), &narrow, &narrow);
    }
}

/// Limits are those of single calls: what is known from runs within other limits serves none.
#[test]
fn limits() {
    let f = scheme! { (lambda (x n) (apply + (map (lambda (i) (* i x)) (iota n)))) };
    let x = xs(40);
    let n: Vec<f64> = (0..40).map(|i| f64::from(i / 8)).collect();
    let points: Vec<[f64; 2]> = x.iter().zip(&n).map(|(x, n)| [*x, *n]).collect();
    rows::are_single_calls(value_and_grad(f), &points[..], &points);
    let all = Limits::default();
    let mut ended = Vec::new();
    for limits in [
        Limits { steps: 10, ..all },
        Limits { steps: 30, ..all },
        Limits { steps: 60, ..all },
        Limits { depth: 1, ..all },
        Limits { cells: 4, ..all },
        Limits { trace: 2, ..all },
        Limits { trace: 8, ..all },
        Limits { trace_bytes: 50, ..all },
        Limits { deadline: Some(Duration::from_secs(60)), ..all },
        all,
    ] {
        let f = f.with_limits(limits);
        rows::are_single_calls(f, &points[..], &points);
        rows::are_single_calls(value_and_grad(f), &points[..], &points);
        ended.push(vmap(value_and_grad(f)).call(&points[..]).is_err());
    }
    assert_eq!(ended, [true, true, false, true, false, true, true, true, false, false]);
}

/// A run without end is not begun before its turn, which does not come after a row that fails.
#[test]
fn what_has_no_end_after_a_failure() {
    let f = scheme! { (lambda (x) (let wait ((l (iota (- x x)))) (if (> x 0) (wait (cons x (list))) (if (< x -1) (car l) x)))) };
    let mut x = vec![1.0; 20];
    (x[0], x[1]) = (-0.5, -2.0);
    let RowsError::Failed { row, failure } = vmap(f).call(&x).expect_err("the second row fails") else {
        panic!("it is the row that fails")
    };
    assert_eq!((row, failure.code), (1, Code::WrongType));
}

/// A function that asks two programs, the second for what depends on the first, and counts its calls.
#[derive(Clone, Copy, Debug)]
struct Both<F, G>(F, G);

static CALLS: AtomicUsize = AtomicUsize::new(0);

impl<F: Function<In = R, Out = Try<R>>, G: Function<In = R, Out = Try<R>>> Function for Both<F, G> {
    type In = R;
    type Out = Try<R>;
    type Names = ();
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    fn names(&self) {}

    fn call<T: Real>(&self, x: Of<R, T>) -> Wrapped<Try<R>, T> {
        CALLS.fetch_add(1, Relaxed);
        let y = self.0.call(x)?;
        Ok(self.1.call(y)? + self.0.call(x)?)
    }
}

#[test]
fn functions_of_functions() {
    let f = scheme! { (lambda (x) (if (> x 0.5) (car (iota (- x x))) (apply * (append (iota (- x x)) (list x x))))) };
    let g = scheme! { (lambda (x) (apply + (append (iota (- x x)) (list x (sin x))))) };
    let x = xs(60);
    rows::are_single_calls(Both(f, g), &x, &x);
    rows::are_single_calls(value_and_grad(Both(g, g)), &x, &x);
    // A row is heard and then run, the first alone.
    CALLS.store(0, Relaxed);
    assert!(vmap(Both(g, g)).call(&x).is_ok());
    let calls = |rows: usize| rows / f64::WIDTH + rows % f64::WIDTH;
    assert_eq!(CALLS.load(Relaxed), calls(1) + calls(59) + calls(60));
}

/// Each thread has its own rows, and all know the same paths.
#[test]
fn threads_at_once() {
    let f = scheme! { (lambda (x k) (apply + (append (iota (- k k)) (map (lambda (y) (* y k)) (if (> x 0) (list x x) (list (exp x))))))) };
    let x = xs(500);
    let wanted: Vec<_> = x.iter().map(|x| value_and_grad(f).call([*x, 0.5]).expect("a value")).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(vmap(value_and_grad(f)).call((&x, 0.5)).as_ref(), Ok(&wanted));
                }
            });
        }
    });
}
