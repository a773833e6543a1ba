//! Programs with loops, recursion, failures and arrays: native code and its adjoints.
#![allow(deprecated, reason = "the compiler warns of counts, by which there is no derivative")]

mod support;

use scheme_runtime::{Code, Failure, Foreign, Function, OneNumber, RowsError, Shape, jacobian, prelude::*};
use scheme_runtime::{Kind, Outcome, Regime};
use support::close;

/// The adjoint gives the value to the bit, and the gradient that dual numbers give.
#[track_caller]
fn agrees<F: Function<Out: OneNumber>>(f: F, x: Of<F::In, f64>) -> Of<F::In, f64> {
    let result = <F::Out as Outcome>::Kind::result(value_and_grad(f).call(x));
    let (y, gradient) = result.unwrap_or_else(|failure| panic!("{f:?}: {failure}"));
    for k in 0..F::In::LEN {
        let mut dx = F::In::fill(0.0);
        *F::In::get_mut(&mut dx, k).unwrap() = 1.0;
        let forward = <F::Out as Outcome>::Kind::result(jvp(f).call((x, dx)));
        let (z, d) = forward.unwrap_or_else(|failure| panic!("{f:?}: {failure}"));
        assert_eq!(y.to_bits(), z.to_bits(), "{f:?}");
        close(*F::In::get(&gradient, k).unwrap(), d, 1e-11, &format!("{f:?} by number {k}"));
    }
    gradient
}

#[test]
fn a_loop_is_a_power() {
    let power = scheme! {
        (lambda (x n) (loop ((y 1) (i 0)) (if (< i n) (recur (* x y) (+ i 1)) y)))
    };
    assert_eq!(power.call([2.0, 10.0]), 1024.0);
    assert_eq!(agrees(power, [2.0, 10.0]), [5120.0, 0.0]);
    assert_eq!(hessian(power).call([2.0, 10.0])[0][0], 90.0 * 256.0);
    assert_eq!(
        grad(grad(grad(power).wrt(|v| v.x)).wrt(|v| v.x)).wrt(|v| v.x).call([2.0, 10.0]),
        720.0 * 128.0
    );
    assert_eq!(power.call([2.0_f32, 10.0]), 1024.0);
    assert_eq!(grad(power).call([2.0_f32, 10.0]), [5120.0, 0.0]);
}

/// A cotangent that is 0 where it is reached has tangents, also in a step whose other cotangents no exit reads.
#[test]
fn zeros_on_the_way_back_have_tangents() {
    let close = |found: [[f64; 2]; 2], wanted: [[f64; 2]; 2]| {
        let pairs = found.as_flattened().iter().zip(wanted.as_flattened());
        assert!(pairs.clone().all(|(a, b)| (a - b).abs() < 1e-14), "{found:?}, not {wanted:?}");
    };
    // y times the square root of x.
    let product = scheme! {
        (lambda (x y) (loop ((i 0) (a x) (b 0)) (if (< i 2) (recur (+ i 1) (sqrt a) a) (* y b))))
    };
    for (x, y) in [(4.0, 0.0), (4.0, 3.0), (0.25, 0.0)] {
        let mixed = 0.5 / f64::sqrt(x);
        close(hessian(product).call([x, y]), [[-0.25 * y / (x * f64::sqrt(x)), mixed], [mixed, 0.0]]);
    }
    // The sine of y times log x, from what a step before left.
    let called = scheme! {
        (lambda (x y)
          (define (f k a b) (if (< k 1) (* (sin y) b) (f (- k 1) (log a) a)))
          (f 2 x 1))
    };
    close(hessian(called).call([2.0, 0.0]), [[0.0, 0.5], [0.5, 0.0]]);
    assert_eq!(grad(product).call([0.0, 0.0])[1], 0.0);
}

/// Items of literals at a computed index are read from a table, however many there are.
#[test]
fn items_by_a_counter() {
    let sum = scheme! {
        (define v (list->vector (iota 300 1 3)))
        (let go ((i 0) (s 0)) (if (< i n) (go (+ i 1) (+ (* 0.5 s) (* x (vector-ref v i)))) s))
    };
    // One by one from the first.
    let expected = |count: usize| (0..count).fold(0.0, |s, i| 0.5 * s + (1.0 + 3.0 * i as f64));
    for count in [0, 1, 7, 300] {
        assert_eq!(sum.call([count as f64, 2.0]), Ok(2.0 * expected(count)));
        close(agrees(sum, [count as f64, 2.0])[1], expected(count), 1e-14, "its derivative");
    }
    let failure = sum.call([301.0, 1.0]).unwrap_err();
    assert_eq!(failure.message, "`vector-ref` takes a whole number from 0 below 300 as index, not 300");
    let pair = scheme! { (let ((row (list-ref (list (cons 1 2.5) (cons 1 -3) (cons 1 4)) n))) (* x (car row) (cdr row))) };
    assert_eq!(agrees(pair, [1.0, 5.0]), [0.0, -3.0]);
    assert_eq!(pair.call([2.0_f32, 0.5]), Ok(2.0));
    assert_eq!(pair.call([0.5, 1.0]).unwrap_err().code, Code::OutOfDomain);
}

#[test]
fn newton_stops_by_itself() {
    let root = scheme! {
        (lambda (a)
          (let next ((x 1))
            (let ((y (* 0.5 (+ x (/ a x)))))
              (if (< (abs (- x y)) 1e-14) y (next y)))))
    };
    for a in [0.25, 2.0, 9.0, 1e6] {
        close(root.call(a), f64::sqrt(a), 1e-15, "root");
        close(agrees(root, a), 0.5 / f64::sqrt(a), 1e-12, "its derivative");
        close(hessian(root).call(a), -0.25 / (a * f64::sqrt(a)), 1e-10, "and the second");
    }
}

/// A call that never gives a value does not matter to the runs that do not come to it.
#[test]
fn calls_that_never_give_a_value() {
    let falls = scheme! {
        (define (f n) (if (< n 0) (error "below" n) (f (- n 1))))
        (if (> x 1) (f n) (* x x))
    };
    assert_eq!(falls.describe().regime, Regime::Control);
    assert_eq!(agrees(falls, [0.5, 3.0]), [1.0, 0.0]);
    assert_eq!(falls.call([2.0, 3.0]).unwrap_err().message, "below -1");
    assert_eq!(grad(falls).call([2.0, 3.0]).unwrap_err().message, "below -1");
    let climbs = scheme! {
        (define (f n) (if (< n 0) (error "below" n) (+ 1 (f (- n 1)))))
        (if (> x 1) (f n) (* x x))
    };
    assert_eq!(agrees(climbs, [0.5, 3.0]), [1.0, 0.0]);
    assert_eq!(climbs.call([2.0, 3.0]).unwrap_err().message, "below -1");
    assert_eq!(grad(climbs).call([2.0, 3.0]).unwrap_err().message, "below -1");
    let endless = scheme! { (if (> x 1) (let loop ((i x)) (loop (+ i 1))) (* x x)) };
    assert_eq!(agrees(endless, 0.5), 1.0);
    let deep = scheme! { (define (f n) (+ 1 (f n))) (if (> x 1) (f x) (* x x)) };
    assert_eq!(agrees(deep, 0.5), 1.0);
    assert_eq!(deep.call(2.0).unwrap_err().code, Code::Depth);
}

/// A program that gives a boolean is a predicate.
#[test]
fn truth_values() {
    let above = scheme! { (lambda (x y) (> x y)) };
    let about = above.describe();
    assert_eq!(
        (about.regime, about.gives, about.fails, about.why),
        (Regime::Straight, "a boolean", None, None)
    );
    assert!(above.call([2.0, 1.0]));
    assert!(!above.call([2.0_f32, 3.0]));
    let prime = scheme! {
        (let next ((i 2))
          (cond ((> (* i i) n) #t)
                ((= (* i (floor (/ n i))) n) #f)
                (else (next (+ i 1)))))
    };
    assert_eq!(prime.describe().regime, Regime::Control);
    let primes: Vec<u8> = (2..30).filter(|n| prime.call(f64::from(*n))).collect();
    assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
    let even = scheme! { (even? n) };
    assert_eq!((even.call(4.0), even.call(5.0)), (Ok(true), Ok(false)));
    assert_eq!(even.call(0.5).unwrap_err().code, Code::OutOfDomain);
    let least = 2;
    let within = scheme! { (: v (vec 2)) (< ,least (dot v v) (param most 9.0)) };
    assert!(within.call([1.0, 2.0]) && !within.call([1.0, 0.0]));
    assert!(!within.set("most", 4.0).unwrap().call([1.0, 2.0]));
    assert!(scheme! { (< 1 2) }.call::<f64>([]));
}

#[test]
fn loops_within_loops() {
    let sum = scheme! {
        (lambda (x)
          (do ((i 0 (+ i 1)) (total 0 (+ total (loop ((j 0) (p 1)) (if (= j i) p (recur (+ j 1) (* p x)))))))
              ((= i 5) total)))
    };
    let x = 1.5_f64;
    assert_eq!(sum.call(x), 1.0 + x + x.powi(2) + x.powi(3) + x.powi(4));
    close(agrees(sum, x), 1.0 + 2.0 * x + 3.0 * x.powi(2) + 4.0 * x.powi(3), 1e-15, "polynomial");
}

#[test]
fn recursion_as_a_tree_and_by_turns() {
    let fib = scheme! {
        (define (fib n x) (if (< n 2) (* n x) (+ (fib (- n 1) x) (* x (fib (- n 2) x)))))
        (lambda (n x) (fib n x))
    };
    assert_eq!(fib.call([20.0, 1.0]), Ok(6765.0));
    agrees(fib, [12.0, 0.7]);
    let turns = scheme! {
        (define (even n x) (if (= n 0) x (sin (odd (- n 1) x))))
        (define (odd n x) (if (= n 0) (* 2 x) (exp (- (even (- n 1) x)))))
        (lambda (n x) (even n x))
    };
    agrees(turns, [7.0, 0.3]);
    agrees(turns, [8.0, 0.3]);
    let tail = scheme! {
        (define (up n x) (if (<= n 0) x (down (- n 1) (* x 1.01))))
        (define (down n x) (if (<= n 0) (- x) (up (- n 1) (sin x))))
        (lambda (n x) (up n x))
    };
    agrees(tail, [9.0, 0.3]);
}

#[test]
fn a_fixed_point_combinator_needs_no_closures() {
    let power = scheme! {
        (lambda (x n)
          (define Y (lambda (f) ((lambda (g) (g g)) (lambda (g) (f (lambda (m) ((g g) m)))))))
          ((Y (lambda (self) (lambda (m) (if (<= m 0) 1 (* x (self (- m 1))))))) n))
    };
    assert_eq!(power.describe().regime, Regime::Control);
    assert_eq!(power.call([1.5, 3.0]), Ok(3.375));
    assert_eq!(agrees(power, [1.5, 3.0]), [6.75, 0.0]);
}

#[test]
fn arrays_come_in_and_go_out() {
    let length = scheme! { (: r (vec 3)) (sqrt (dot r r)) };
    assert_eq!(length.call([2.0, 3.0, 6.0]), 7.0);
    assert_eq!(grad(length).call([2.0, 3.0, 6.0]), [2.0 / 7.0, 3.0 / 7.0, 6.0 / 7.0]);
    let energy = scheme! { (: v (vec 2)) (* 0.5 m (dot v v)) };
    assert_eq!(energy.call((2.0, [3.0, 4.0])), 25.0);
    assert_eq!(grad(energy).wrt(|i| i.v).call((2.0, [3.0, 4.0])), [6.0, 8.0]);
    let product = scheme! { (: a (mat 2 2)) (: x (vec 2)) (lambda (a x) (matvec a x)) };
    let x = ([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]);
    assert_eq!(product.call(x), [17.0, 39.0]);
    assert_eq!(jacobian(product).wrt(|v| v.x).call(x), x.0);
}

#[test]
fn failures_have_a_message_and_a_place() {
    let root = scheme! {
        (define (root x) (if (< x 0) (error "no root of" x) (sqrt x)))
        (+ (root x) 1)
    };
    assert_eq!(root.call(4.0), Ok(3.0));
    assert_eq!(grad(root).call(4.0), Ok(0.25));
    let failure: Failure = root.call(-4.0).unwrap_err();
    assert_eq!((failure.code, &*failure.message), (Code::Raised, "no root of -4"));
    assert_eq!(grad(root).call(-4.0), Err(failure.clone()));
    let rows = [1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0, 64.0, 81.0, -1.0, 4.0];
    let RowsError::Failed { row, failure } = vmap(grad(root)).call(&rows).unwrap_err() else { panic!() };
    assert_eq!((row, &*failure.message), (9, "no root of -1"));
}

#[test]
fn every_row_is_what_a_single_call_gives() {
    let f = scheme! {
        (define (collatz n k x) (cond ((<= n 1) (+ k (sin x))) ((even? n) (collatz (/ n 2) (+ k x) x)) (else (collatz (+ 1 (* 3 n)) (* k x) x))))
        (lambda (n x) (collatz n 0 x))
    };
    let g = scheme! {
        (define (depth n x) (if (< n 1) x (* 1.001 (sin (depth (- n 1) (+ x 0.01))))))
        (lambda (n x) (depth n x))
    };
    let n: Vec<f64> = (1..30).map(f64::from).collect();
    let x: Vec<f64> = (1..30).map(|i| 0.1 + 0.03 * f64::from(i)).collect();
    let (values, gradients) = (vmap(f).call((&n, &x)).unwrap(), vmap(grad(f)).call((&n, &x)).unwrap());
    let hessians = vmap(hessian(f)).call((&n, &x)).unwrap();
    let deep = vmap(value_and_grad(g)).call((&n, &x)).unwrap();
    for i in 0..n.len() {
        let x = [n[i], x[i]];
        assert_eq!(Ok(values[i]), f.call(x));
        assert_eq!(Ok(gradients[i]), grad(f).call(x));
        assert_eq!(Ok(hessians[i]), hessian(f).call(x));
        assert_eq!(Ok(deep[i]), value_and_grad(g).call(x));
    }
}

#[test]
fn other_numbers_run_too() {
    let f = scheme! {
        (define (ladder n x) (if (< n 1) x (+ x (* 0.5 (ladder (- n 1) (* x 0.9))))))
        (lambda (x) (loop ((y x) (i 0)) (if (< i 4) (recur (* y (ladder 3 y)) (+ i 1)) y)))
    };
    let (y, dx) = value_and_grad(f).call(1.1).unwrap();
    assert_eq!(value_and_grad(f).call(Foreign(1.1)).unwrap(), (Foreign(y), Foreign(dx)));
    let (single, slope) = value_and_grad(f).call(1.1_f32).unwrap();
    close(f64::from(single), y, 1e-5, "in f32");
    close(f64::from(slope), dx, 1e-5, "its derivative in f32");
}
