//! The forms and the prelude inline: the same values, to the bit, and derivatives as in strings.

use scheme_runtime::{Interpreter, prelude::*};
use std::fmt::Debug;

/// What a program gives, whether it may fail or not.
trait Given {
    fn given(self) -> (f64, [f64; 2]);
}

impl Given for (f64, [f64; 2]) {
    fn given(self) -> (f64, [f64; 2]) {
        self
    }
}

impl<E: Debug> Given for Result<(f64, [f64; 2]), E> {
    fn given(self) -> (f64, [f64; 2]) {
        self.unwrap_or_else(|failure| panic!("{failure:?}"))
    }
}

/// Checks inline programs of `x` and `y` against their texts as strings.
macro_rules! agree {
    ($($text:literal)+) => {$({
        let (value, gradient) = value_and_grad(scheme!($text)).call([0.75, -1.5]).given();
        let string = Interpreter::new().load($text).unwrap_or_else(|error| panic!("{error}"));
        let expected = string.value_and_grad(&["x", "y"], &[("x", 0.75), ("y", -1.5)]);
        let (v, g) = expected.unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!(value.to_bits(), v.to_bits(), "{}: {value}, not {v}", $text);
        for (a, b) in gradient.iter().zip(&g) {
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{}: {gradient:?}, not {g:?}", $text);
        }
    })+};
}

#[test]
fn forms_agree_with_strings() {
    agree! {
        "(let-values (((a b) (values x y)) ((c . d) (values 1 x))) (+ a (* b c (car d))))"
        "(define-values (a b) (values (* x y) (+ x y))) (- a b)"
        "(define f (case-lambda ((a) (* a a)) ((a b) (* a b)))) (+ (f x) (f x y))"
        "(soft-if (< x y) (* x 2) (* y 3) 0.5)"
        "(soft-choice (x y (* x y)) (list 1 x y) 0.5)"
        "(define (f a b) (values (+ a b) (* a b))) (call-with-values (lambda () (f x y)) -)"
        "(define (f a b) (values (+ a b) (* a b))) (let-values (((s p) (f x y))) (/ s p))"
        "(fold + 0 (map * (list x y 2) (list y x x)))"
    }
}

#[test]
fn steppers_agree_with_strings() {
    agree! {
        "(rk4 (lambda (t s) (* (- x) s t)) y 0 0.1)"
        "(rk4 (lambda (t s) (* (- x) s t)) y 0 0.1 5)"
        "(apply + (rk4 (lambda (t s) (list (cadr s) (* (- x) (car s)))) (list y 1) 0 0.1 5))"
        "(dopri5 (lambda (t s) (* (- x) s)) y 0 2)"
    }
}
