//! What programs mean: every form, compiled, against Rust written by hand with the same functions.

mod common;

use common::{check, gradient};
use scheme_runtime::{Real, prelude::*};

/// Bits of the value, and of the gradient where it is given.
macro_rules! same {
    ($program:tt, $text:literal, [$($x:expr),*], $value:expr) => {{
        let (tokens, text) = (scheme! $program, scheme!($text));
        let value: f64 = $value;
        check(tokens, [$($x),*], value);
        check(text, [$($x),*], value);
        assert_eq!(tokens.graph_text(), text.graph_text());
    }};
}

const PARTS: [f64; 4] = [8.99, 1.25, -2.5, 0.3];

#[test]
#[allow(deprecated)]
fn arithmetic_is_that_of_rust_with_the_same_functions() {
    let [a, b, c, d] = PARTS;
    same!({ (+ a b c d) }, "(+ a b c d)", [a, b, c, d], a + b + c + d);
    same!({ (- a b c d) }, "(- a b c d)", [a, b, c, d], a - b - c - d);
    same!({ (* a b c d) }, "(* a b c d)", [a, b, c, d], a * b * c * d);
    same!({ (/ a b c d) }, "(/ a b c d)", [a, b, c, d], a / b / c / d);
    same!(
        { (* a (exp (- (/ b d))) (sin c)) },
        "(* a (exp (- (/ b d))) (sin c))",
        [a, b, d, c],
        a * Real::exp(-(b / d)) * Real::sin(c)
    );
    same!(
        { (+ (sqrt a) (log b a) (expt a b) (atan b c)) },
        "(+ (sqrt a) (log b a) (expt a b) (atan b c))",
        [a, b, c],
        Real::sqrt(a) + Real::log_base(b, a) + Real::expt(a, b) + Real::atan2(b, c)
    );
    same!(
        { (+ (modulo a d) (remainder c d) (quotient a b) (floor c) (round a)) },
        "(+ (modulo a d) (remainder c d) (quotient a b) (floor c) (round a))",
        [a, d, c, b],
        Real::modulo(a, d) + Real::remainder(c, d) + Real::quotient(a, b) + Real::floor(c) + Real::round(a)
    );
    same!(
        { (- (min a b c) (max b c d)) },
        "(- (min a b c) (max b c d))",
        [a, b, c, d],
        Real::min_of([a, b, c]) - Real::max_of([b, c, d])
    );
    same!({ (+ (- x) (/ x)) }, "(+ (- x) (/ x))", [0.7], -0.7 + 1.0 / 0.7);
}

#[test]
fn numbers_are_the_same_in_tokens_and_text() {
    #[rustfmt::skip]
    same!(
        { (+ x 42 -1.5 .5 1e-3 6.674e-11 1/3 -2/7 #xff #b101 #e1 -0.0) },
        "(+ x 42 -1.5 .5 1e-3 6.674e-11 1/3 -2/7 #xff #b101 #e1 -0.0)",
        [1.0],
        1.0 + 42.0 + -1.5 + 0.5 + 1e-3 + 6.674e-11 + 1.0 / 3.0 + -2.0 / 7.0 + 255.0 + 5.0 + 1.0 + -0.0
    );
    let infinite = scheme! { (* x (if (> x 0) +inf.0 -inf.0)) };
    assert_eq!([infinite.call(2.0), infinite.call(-2.0)], [f64::INFINITY; 2]);
    assert!(scheme! { (+ x +nan.0) }.call(1.0_f64).is_nan());
}

#[test]
fn bindings() {
    let (x, y) = (1.7, -0.4);
    same!({ (let ((a (* x y)) (b 2)) (+ a b)) }, "(let ((a (* x y)) (b 2)) (+ a b))", [x, y], x * y + 2.0);
    same!({ (let* ((a x) (b (* a y))) (- b a)) }, "(let* ((a x) (b (* a y))) (- b a))", [x, y], x * y - x);
    same!(
        { (letrec ((f (lambda (a) (* a y))) (g (lambda (a) (f (+ a 1))))) (g x)) },
        "(letrec ((f (lambda (a) (* a y))) (g (lambda (a) (f (+ a 1))))) (g x))",
        [y, x],
        (x + 1.0) * y
    );
    same!({ (begin 1 2 (* x y)) }, "(begin 1 2 (* x y))", [x, y], x * y);
    // Shadowing, of names, procedures and forms.
    same!(
        { (let ((x 3) (y x)) (let ((x (* x y))) (- x y))) },
        "(let ((x 3) (y x)) (let ((x (* x y))) (- x y)))",
        [x],
        3.0 * x - x
    );
    same!({ (let ((+ *) (sin cos)) (+ (sin x) y)) }, "(let ((+ *) (sin cos)) (+ (sin x) y))", [x, y], Real::cos(x) * y);
    same!({ (define (if a b c) (- a b c)) (if x y 1) }, "(define (if a b c) (- a b c)) (if x y 1)", [x, y], x - y - 1.0);
    // Brackets are parentheses where the grammar asks for a list.
    same!({ (let ([a x] [b y]) (cond [(> a b) a] [else b])) }, "(let ([a x] [b y]) (cond [(> a b) a] [else b]))", [x, y], x);
}

#[test]
fn definitions_come_before_the_expression() {
    let f = scheme! {
        ; The period of a pendulum, with a correction for its amplitude.
        (define two-pi 6.283185307179586)
        (define (series a)
          (define a2 (square a))
          (+ 1 (/ a2 16) (/ (* 11 (square a2)) 3072)))
        (* two-pi (sqrt (/ L g)) (series amplitude))
    };
    let [l, g, a] = [1.2, 9.81, 0.5];
    let series = 1.0 + a * a / 16.0 + 11.0 * ((a * a) * (a * a)) / 3072.0;
    check(f, [l, g, a], std::f64::consts::TAU * Real::sqrt(l / g) * series);
    assert_eq!(f.input_names(), ["L", "g", "amplitude"]);
}

#[test]
fn procedures_are_values() {
    let f = scheme! {
        (define (twice f) (lambda (x) (f (f x))))
        (define (apply-to x f) (f x))
        ((twice (lambda (x) (* k x))) (apply-to x sin))
    };
    check(f, [1.5, 0.7], 1.5 * (1.5 * Real::sin(0.7)));
}

#[test]
fn a_last_lambda_gives_the_inputs_their_order() {
    let f = scheme! {
        (define (over a b) (/ a b))
        (lambda (k q1 q2 r) (* k (over (* q1 q2) (* r r))))
    };
    assert_eq!(f.input_names(), ["k", "q1", "q2", "r"]);
    let [k, q1, q2, r] = [8.99, 1.0, 2.0, 0.5];
    check(f, [k, q1, q2, r], k * (q1 * q2 / (r * r)));
    let swapped = scheme! { (lambda (b a) (- a b)) };
    assert_eq!(swapped.call([1.0, 5.0]), 4.0);
    assert_eq!(swapped.names().b.name(), "b");
}

#[test]
#[allow(deprecated)]
fn conditions() {
    let sign = scheme! { (cond ((> x 0) x) ((< x 0) (- x)) (else 0)) };
    let case = scheme! { (case x ((1 2) 10) ((3) 20) (else x)) };
    let when = scheme! { (+ (if (and (> x 0) (< x 1)) 1 2) (if (or (< x 0) (> x 1)) 10 20)) };
    let not = scheme! { (define (unless-positive x) 1) (if (not (> x 0)) (unless-positive x) 2) };
    for (x, values) in [
        (0.5, [0.5, 0.5, 21.0, 2.0]),
        (-0.5, [0.5, -0.5, 12.0, 1.0]),
        (2.0, [2.0, 10.0, 12.0, 2.0]),
        (3.0, [3.0, 20.0, 12.0, 2.0]),
        (0.0, [0.0, 0.0, 22.0, 1.0]),
    ] {
        assert_eq!([sign.call(x), case.call(x), when.call(x), not.call(x)], values, "at {x}");
    }
    // Chains of comparisons.
    let between = scheme! { (if (< 0 x y 1) x y) };
    assert_eq!(
        [between.call([0.2, 0.3]), between.call([0.3, 0.2]), between.call([0.2, 2.0])],
        [0.2, 0.2, 2.0]
    );
    // The value of `and` and `or` is that of an operand.
    assert_eq!(scheme! { (+ (and #t x) (or #f y)) }.call([1.0, 2.0]), 3.0);
    // Only #f is false.
    assert_eq!(scheme! { (if 0 x y) }.call([1.0, 2.0]), 1.0);
    // Sequences run in branches, for their last value.
    assert_eq!(scheme! { (+ (when #t 1 x) (unless #f 2 x)) }.call(4.0), 8.0);
}

#[test]
#[allow(deprecated)]
fn truth_counts_in_arithmetic() {
    let gate = scheme! { (* (> t 0.5) a t) };
    assert_eq!(value_and_grad(gate).wrt(|v| [v.a, v.t]).call([2.0, 3.0]), (6.0, [2.0, 3.0]));
    assert_eq!(value_and_grad(gate).wrt(|v| [v.a, v.t]).call([0.1, 3.0]), (0.0, [0.0, 0.0]));
    assert_eq!(scheme! { (+ (> x 0) (> x 1) (> x 2) (= x x)) }.call(1.5), 3.0);
}

#[test]
fn ties_share_equally() {
    let max = scheme! { (max a b c) };
    let min = scheme! { (min a b c) };
    let third = 1.0 / 3.0;
    assert_eq!(gradient(max, [2.0, 2.0, 2.0]), [third; 3]);
    assert_eq!(gradient(min, [2.0, 2.0, 2.0]), [third; 3]);
    assert_eq!(gradient(max, [2.0, 2.0, 1.0]), [0.5, 0.5, 0.0]);
    assert_eq!(gradient(min, [2.0, 2.0, 1.0]), [0.0, 0.0, 1.0]);
    assert!(max.call([1.0, f64::NAN, 2.0]).is_nan() && min.call([f64::NAN, 1.0, 2.0]).is_nan());
    let kinks = scheme! { (+ (abs x) (relu x)) };
    assert_eq!([kinks.call(0.0), grad(kinks).call(0.0), grad(grad(kinks)).call(0.0)], [0.0; 3]);
}

#[test]
fn stopped_gradients() {
    let f = scheme! { (* x x (stop-gradient x)) };
    assert_eq!(value_and_grad(f).call(3.0), (27.0, 18.0));
    // The derivative is 2·x·s with s stopped: once more by x, 2·s.
    assert_eq!(grad(grad(f)).call(3.0), 6.0);
    assert_eq!(grad(grad(grad(f))).call(3.0), 0.0);
    let g = scheme! { (* x (stop-gradient (* x y)) y) };
    assert_eq!(gradient(g, [2.0, 5.0]), [50.0, 20.0]);
    assert_eq!(hessian(g).call([2.0, 5.0]), [[0.0, 10.0], [10.0, 0.0]]);
    assert_eq!(jvp(f).call((3.0, 1.0)), (27.0, 18.0));
}

#[test]
fn programs_of_no_and_of_one_input() {
    let none = scheme! { (let ((x 2)) (* x (exp 1))) };
    assert_eq!(none.call::<f64>([]).to_bits(), (2.0 * Real::exp(1.0_f64)).to_bits());
    assert_eq!(none.input_names().len(), 0);
    let (value, []) = value_and_grad(none).call::<f64>([]);
    assert_eq!(value.to_bits(), none.call::<f64>([]).to_bits());
    let procedure = scheme! { (lambda () 42) };
    assert_eq!(procedure.call::<f64>([]), 42.0);
    let one = scheme! { (* x x) };
    assert_eq!((one.call(3.0), grad(one).call(3.0), grad(grad(one)).call(3.0)), (9.0, 6.0, 2.0));
    let identity = scheme! { x };
    assert_eq!(value_and_grad(identity).call(5.0), (5.0, 1.0));
    let constant = scheme!("(define (f x) x) 7");
    assert_eq!(constant.call::<f64>([]), 7.0);
}

#[test]
fn single_precision() {
    let f = scheme! { (* k (/ (* q1 q2) (* r r)) (exp (- r))) };
    let [k, q1, q2, r] = [8.99_f32, 1.0, 2.0, 0.3];
    let value = k * (q1 * q2 / (r * r)) * Real::exp(-r);
    assert_eq!(f.call([k, q1, q2, r]).to_bits(), value.to_bits());
    let (same, gradient) = value_and_grad(f).call([k, q1, q2, r]);
    assert_eq!(same.to_bits(), value.to_bits());
    assert!((gradient[0] - value / k).abs() <= 4.0 * f32::EPSILON * (value / k));
    // Literals are rounded once, to the precision at hand.
    assert_eq!(scheme! { (* x 0.1) }.call(3.0_f32), 3.0 * 0.1_f32);
    assert_eq!(scheme! { (* x 1/3) }.call(1.0_f32), (1.0_f64 / 3.0) as f32);
}

#[test]
fn warnings_are_data() {
    #[allow(deprecated)]
    let f = scheme!("(define (gate t)\n  (if (> t start) 1 0))\n(* a (gate t))");
    let warned: Vec<_> = f.warnings().iter().map(ToString::to_string).collect();
    let text = "is always 0: it reaches the result only through conditions, comparisons or rounding";
    assert_eq!(
        warned,
        [
            format!("W0501 at 2:12: the gradient by `start` {text}"),
            format!("W0501 at 3:12: the gradient by `t` {text}"),
        ]
    );
    assert_eq!(scheme! { (* a b) }.warnings(), []);
}
