//! Derivatives of what some rows compute and do not use: there it has none, and elsewhere 0 times infinity is nan.

use crate::control::agree;
use dfdx::shapes::Dtype;
use scheme_runtime::{Element, prelude::*, tensors::Backend};

/// Checks every program on a device, at its points as one batch and at each alone.
#[expect(deprecated, reason = "some programs have inputs without a gradient")]
pub fn check<E, D>(device: &D)
where
    E: Element + Dtype,
    D: Backend<E>,
{
    macro_rules! each {
        ($($program:literal $points:expr;)+) => {$({
            let points = $points.map(|point| point.map(E::lit));
            agree(device, scheme!($program), $program, &points);
            points.iter().for_each(|point| agree(device, scheme!($program), $program, &[*point]));
        })+};
    }
    each! {
        // Where a factor is 0 and another infinite the derivative is nan.
        "(* (sqrt x) (sqrt x) y)" [[0.0, 1.0], [4.0, 1.0]];
        "(+ (* 0 (sqrt x)) y)" [[0.0, 1.0], [4.0, 1.0]];
        "(log (/ x y))" [[0.0, 2.0], [1.0, 2.0]];
        "(sqrt (+ (* x x) (* 0 y)))" [[0.0, 1.0], [2.0, 1.0]];
        "(if (= x 0) y (/ y x))" [[0.0, 1.0], [2.0, 1.0]];
        "(+ (abs x) (relu y) (max x y) (min x y y))" [[0.0, 0.0], [1.0, 1.0], [-1.0, 2.0]];
        "(+ (expt x 2) (expt 2 y) (expt x 0))" [[0.0, 1.0], [-3.0, 0.0]];
        "(let ((r (/ (sin x) x))) (if (= x 0) y r))" [[0.0, 1.0], [2.0, 1.0]];
        "(define r (sqrt x)) (cond ((<= x 0) (* 3 x y)) (else (* r 2)))" [[0.0, 1.0], [2.0, 1.0]];
        "(atan y x)" [[0.0, 0.0], [3.0, 4.0]];
        "(+ (modulo x y) (remainder x y))" [[-0.0, 1e-30], [7.5, 2.0]];
        // What a side uses and its condition too has no derivative where the other side is taken.
        "(let ((r (sqrt (+ (* x x) (* y y))))) (if (= r 0) 0 (/ (* x y) r)))" [[0.0, 0.0], [3.0, 4.0]];
        "(let ((r (sqrt x))) (if (= r 0) y (if (< r 2) (* r y) (+ r y))))"
            [[0.0, 1.0], [1.0, 2.0], [9.0, 2.0]];
        "(let ((r (sqrt x))) (if (> y 0) (if (= r 0) y (* r y)) (if (= r 0) 1 (- r))))"
            [[0.0, 1.0], [0.0, -1.0], [4.0, 2.0], [4.0, -2.0]];
        // Where it is used the product of 0 and an infinite number is not a number.
        "(let ((r (sqrt x))) (if (> r 1) y (* r y)))" [[0.0, 0.0], [0.0, 1.0], [4.0, 1.0]];
        // What only a condition uses has none either, nor what is infinite itself.
        "(let ((r (sqrt x))) (if (= r 0) y (* 2 y)))" [[0.0, 1.0], [4.0, 1.0]];
        "(let* ((r (/ 1 x)) (q (* r y))) (if (= x 0) (* 3 y) (sin q)))" [[0.0, 1.0], [4.0, 1.0]];
        "(let* ((r (/ -1 x)) (q (exp (square (* r y))))) (if (= x 0) (+ x y) q))" [[0.0, 1.0], [4.0, 1.0]];
        // Steps and calls that use nothing.
        "(lambda (x n) (let loop ((i 0) (e 0)) (if (< i n) (loop (+ i 1) (let ((r (sqrt (* x x)))) (if (> r 0) (+ e (/ 1 r)) e))) e)))"
            [[0.0, 3.0], [2.0, 3.0]];
        "(lambda (x n) (let loop ((i 0) (s (sqrt x))) (if (< i n) (loop (+ i 1) 2) s)))"
            [[0.0, 3.0], [4.0, 3.0], [4.0, 0.0]];
        "(lambda (x n) (let ((r (let loop ((i 0) (s x)) (if (< i n) (loop (+ i 1) (* 2 s)) (sqrt s))))) (if (= r 0) 0 (/ x r))))"
            [[0.0, 3.0], [4.0, 3.0], [4.0, 0.0]];
        "(lambda (x y n) (define (f k s) (if (< k 1) (if (> n 100) s y) (+ 1 (f (- k 1) s)))) (f n (sqrt x)))"
            [[0.0, 1.0, 3.0], [4.0, 1.0, 101.0], [0.0, 2.0, 101.0]];
        "(lambda (x n) (define (f k s) (if (< k 1) (sqrt s) (* 2 (f (- k 1) s)))) (let ((r (f n x))) (if (= r 0) x (* r x))))"
            [[0.0, 3.0], [4.0, 1.0]];
    }
}
