//! The fifteen equations of the Neural Compiler paper's Table 7 (arXiv 2605.22498) on tensors.

use crate::check::{check, spread};
use scheme_runtime::prelude::*;

/// Checks an equation on batches around a point.
fn around<const N: usize>(f: impl Function<In = [R; N], Out = R> + 'static, point: [f64; N]) {
    // Each input in an order of its own.
    let mut turn = 0;
    let columns = point.map(|x| {
        let mut column = spread(43, 0.8 * x, 1.2 * x);
        turn += 5;
        column.rotate_left(turn);
        column
    });
    check(f, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn planck() {
    let f = scheme! { (/ (* 2 h (cube nu)) (* (square c) (expm1 (/ (* h nu) (* k T))))) };
    around(f, [1.1, 0.9, 1.3, 0.8, 1.2]);
}

#[test]
fn hooke() {
    let f = scheme! { (- (* k x)) };
    around(f, [2.5, 0.3]);
}

#[test]
fn kinetic() {
    let f = scheme! { (* 1/2 m (square v)) };
    around(f, [3.0, 1.5]);
}

#[test]
fn gravity() {
    let f = scheme! { (/ (* G m1 m2) (square r)) };
    around(f, [6.674e-11, 5.972e24, 7.348e22, 3.844e8]);
}

#[test]
fn ideal_gas() {
    let f = scheme! { (/ (* n R T) V) };
    around(f, [2.0, 8.314, 300.0, 0.05]);
}

#[test]
fn pendulum() {
    let f = scheme! { (* 2 3.141592653589793 (sqrt (/ L g))) };
    around(f, [1.2, 9.81]);
}

#[test]
fn heat() {
    let f = scheme! { (/ (* k A (- hot cold)) d) };
    around(f, [0.8, 12.0, 293.0, 268.0, 0.3]);
}

#[test]
fn coulomb() {
    let f = scheme! { (* k (/ (* q1 q2) (* r r))) };
    around(f, [8.99, 1.0, 2.0, 0.5]);
}

#[test]
fn gaussian() {
    let f = scheme! {
        (/ (exp (- (/ (square (- x mu)) (* 2 (square s)))))
           (* s (sqrt (* 2 3.141592653589793))))
    };
    around(f, [0.7, 0.2, 1.3]);
}

#[test]
fn relativistic_energy() {
    let f = scheme! { (sqrt (+ (square (* p c)) (square (* m (square c))))) };
    around(f, [1.5, 2.0, 0.7]);
}

#[test]
fn sound() {
    let f = scheme! { (sqrt (/ (* gamma R T) M)) };
    around(f, [1.4, 8.314, 293.0, 0.02896]);
}

#[test]
fn barometric() {
    let f = scheme! { (* P0 (exp (- (/ (* M g h) (* R T))))) };
    around(f, [101.325, 0.02896, 9.81, 1200.0, 8.314, 288.0]);
}

#[test]
fn electric_field_energy() {
    let f = scheme! { (* 1/2 epsilon (square E)) };
    around(f, [8.854e-12, 3.0e4]);
}

#[test]
fn oscillator() {
    let f = scheme! { (* A (exp (- (* gamma t))) (cos (+ (* omega t) phi))) };
    around(f, [1.2, 0.3, 1.7, 2.1, 0.4]);
}

#[test]
fn lorentz() {
    let f = scheme! { (* q (+ E (* v B (sin theta)))) };
    around(f, [1.6, 2.0, 3.0, 0.5, 0.9]);
}
