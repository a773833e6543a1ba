//! As if the untaken side had never been evaluated: values and gradients at poison points, one by
//! one, in rows, and to second order.

use scheme_runtime::prelude::*;

/// One input: value, gradient and second derivative at points, alone and in vector lanes.
#[track_caller]
fn check(f: impl Function<In = R, Out = R>, points: &[(f64, f64, f64)]) {
    let xs: Vec<f64> = points.iter().map(|(x, ..)| *x).cycle().take(41).collect();
    let rows = vmap(value_and_grad(f)).call(&xs[..]).expect("rows");
    for (i, (x, value, slope)) in points.iter().cycle().take(41).enumerate() {
        let both = value_and_grad(f).call(*x);
        assert_eq!((f.call(*x), both), (*value, (*value, *slope)), "{f:?} at {x}");
        assert_eq!(rows[i], both, "{f:?} in row {i}");
        assert!(grad(grad(f)).call(*x).is_finite(), "{f:?} twice at {x}");
        assert_eq!(jvp(f).call((*x, 1.0)), both, "{f:?} forward at {x}");
    }
}

#[test]
fn the_untaken_side_is_not_there() {
    check(scheme! { (if (= x 0) 0 (/ 1 x)) }, &[(0.0, 0.0, 0.0), (2.0, 0.5, -0.25)]);
    check(scheme! { (if (> x 0) (sqrt x) 0) }, &[(-1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (4.0, 2.0, 0.25)]);
    check(scheme! { (if (> x 0) (log x) (* 2 x)) }, &[(-1.0, -2.0, 2.0), (1.0, 0.0, 1.0)]);
    check(scheme! { (cond ((= x 0) 1) (else (/ (sin x) x))) }, &[(0.0, 1.0, 0.0)]);
}

#[test]
fn nested_choices() {
    let f = scheme! {
        (if (= x 0)
            0
            (if (< x 0)
                (- (sqrt (- x)))
                (if (> x 100) (/ 1 (- x 100)) (sqrt x))))
    };
    check(f, &[(0.0, 0.0, 0.0), (-4.0, -2.0, 0.25), (4.0, 2.0, 0.25), (102.0, 0.5, -0.25)]);
    // A choice in a test, and one whose value the untaken side of another uses.
    let f = scheme! {
        (let ((y (if (= x 0) 0 (/ 1 x))))
          (if (> (if (> x 0) (log x) -1) 0) (* y y) y))
    };
    check(f, &[(0.0, 0.0, 0.0), (2.0, 0.25, -0.25), (0.5, 2.0, -4.0), (-1.0, -1.0, -1.0)]);
}

#[test]
fn logic_is_lazy() {
    check(scheme! { (if (and (> x 0) (> (/ 1 x) 2)) (log x) x) }, &[(0.0, 0.0, 1.0), (4.0, 4.0, 1.0)]);
    check(scheme! { (if (or (<= x 0) (< (log x) 0)) x (* x x)) }, &[(-1.0, -1.0, 1.0), (2.0, 4.0, 4.0)]);
    check(scheme! { (when #t (if (= x 0) 1 (/ x x))) }, &[(0.0, 1.0, 0.0), (2.0, 1.0, 0.0)]);
    check(scheme! { (unless #f (case x ((0) 5) (else (/ 5 x)))) }, &[(0.0, 5.0, 0.0), (1.0, 5.0, -5.0)]);
}

#[test]
fn poison_of_several_inputs() {
    let f = scheme! { (lambda (x y) (if (> y 0) (/ x (sqrt y)) (* x y))) };
    let points =
        [([3.0, 0.0], 0.0, [0.0, 3.0]), ([3.0, -4.0], -12.0, [-4.0, 3.0]), ([3.0, 4.0], 1.5, [0.5, -0.1875])];
    for (x, value, slopes) in points {
        assert_eq!(value_and_grad(f).call(x), (value, slopes));
    }
    let xs: Vec<f64> = (0..33).map(|i| points[i % 3].0[0]).collect();
    let ys: Vec<f64> = (0..33).map(|i| points[i % 3].0[1]).collect();
    for (i, row) in vmap(value_and_grad(f)).call((&xs[..], &ys[..])).expect("rows").into_iter().enumerate() {
        assert_eq!(row, (points[i % 3].1, points[i % 3].2), "row {i}");
    }
    let h = hessian(f).call([3.0, 0.0]);
    assert_eq!(h, [[0.0, 1.0], [1.0, 0.0]]);
}

/// A procedure is inlined into a branch with all that it does.
#[test]
fn procedures_in_branches() {
    let f = scheme! {
        (define (safe-log x) (if (> x 0) (log x) 0))
        (define (half x) (/ (safe-log x) 2))
        (+ (half x) (if (> x 0) (half (- x)) 1))
    };
    check(f, &[(-1.0, 1.0, 0.0), (1.0, 0.0, 0.5)]);
}
