//! Direct islands of machine programs: the bits and errors of blocks, gradients alike, and fewer steps.
//!
//! The same program runs in three ways: with islands, without (limits are set that nothing meets), and as a string.

#![allow(deprecated, reason = "a size has no derivative")]

mod support;

use scheme_runtime::{Code, Dynamic, Interpreter, Limits, Regime, Try, prelude::*};
use std::time::Duration;
use support::rows;

/// Limits that nothing here meets, with which every procedure runs its blocks.
const ENOUGH: Limits = Limits { steps: u64::MAX - 1, ..Limits::NONE };

#[track_caller]
fn close(a: f64, b: f64, what: &str) {
    let equal = a == b || a.is_nan() && b.is_nan();
    assert!(equal || (a - b).abs() <= 1e-11 * a.abs().max(b.abs()).max(1.0), "{what}: {a} and {b}");
}

#[track_caller]
fn check<const N: usize>(
    f: impl Function<In = [R; N], Out = Try<R>> + Dynamic<In = [R; N]> + Sync,
    text: &str,
    direct: &[&str],
    points: &[[f64; N]],
) {
    let about = f.describe();
    let names: Vec<&str> = about.direct.iter().map(|procedure| procedure.name).collect();
    assert_eq!((about.regime, &names[..]), (Regime::Machine, direct), "{text}");
    let blocks = f.with_limits(ENOUGH);
    let turns: Vec<[f64; N]> = points.iter().copied().cycle().take(21).collect();
    rows::are_single_calls(f, &turns[..], &turns);
    rows::are_single_calls(value_and_grad(f), &turns[..], &turns);
    rows::are_single_calls(value_and_grad(blocks), &turns[..], &turns);
    let string = Interpreter::new().load(text).unwrap();
    for point in points {
        let inputs: Vec<(&str, f64)> = f.input_names().iter().copied().zip(*point).collect();
        let (with, without) = (f.call(*point), blocks.call(*point));
        assert_eq!(with.clone().map(f64::to_bits), without.map(f64::to_bits), "{text} at {point:?}");
        match string.value_and_grad(f.input_names(), &inputs) {
            Ok((value, gradient)) => {
                assert_eq!(with.map(f64::to_bits), Ok(value.to_bits()), "{text} at {point:?}");
                let (y, dy) = value_and_grad(f).call(*point).unwrap();
                let (_, of_blocks) = value_and_grad(blocks).call(*point).unwrap();
                assert_eq!(y.to_bits(), value.to_bits(), "{text} at {point:?}");
                for i in 0..N {
                    close(dy[i], gradient[i], text);
                    close(dy[i], of_blocks[i], text);
                }
            }
            Err(error) => {
                let (failure, place) = (with.unwrap_err(), string.source().place(error.span.start));
                assert_eq!((failure.code, &*failure.message), (error.code, &*error.message), "{text}");
                assert_eq!((failure.line, failure.column), (place.line, place.column), "{text}");
                assert_eq!(grad(f).call(*point).unwrap_err(), failure, "{text}");
                assert_eq!(blocks.call(*point).unwrap_err(), failure, "{text}");
            }
        }
        let single =
            |f: &dyn Fn([f32; N]) -> Result<f32, Failure>| f(point.map(|x| x as f32)).map(f32::to_bits);
        assert_eq!(single(&|x| f.call(x)), single(&|x| blocks.call(x)), "{text} at {point:?}");
    }
}

/// A table of programs: the islands that each has, and where it is looked at.
macro_rules! agree {
    ($($name:ident $direct:tt $program:literal $points:expr;)+) => {$(
        #[test]
        fn $name() {
            check(scheme!($program), $program, &$direct, &$points);
        }
    )+};
}

agree! {
    a_loop_over_a_list ["logistic"]
        "(define (logistic x0)
           (let loop ((x x0) (i 0)) (if (= i 20) x (loop (* r x (- 1 x)) (+ i 1)))))
         (apply + (map (lambda (k) (logistic (/ k n))) (iota n 1)))"
        [[2.5, 4.0], [3.1, 7.0], [0.0, 1.0]];
    a_recursion ["f"]
        "(define (f k) (if (< k 2) x (+ (f (- k 1)) (* y (f (- k 2))))))
         (apply + (map f (iota n)))"
        [[9.0, 0.5, 0.7], [3.0, -1.0, 2.0]];
    what_it_refers_to_is_part_of_it ["total"]
        "(define scale 2.5)
         (define (step x) (* scale (sin (* k x))))
         (define (total x n) (if (= n 0) x (total (+ x (step x)) (- n 1))))
         (fold-left (lambda (sum i) (+ sum (total i 5))) 0 (iota (abs n)))"
        [[0.5, 4.0], [1.5, 2.0]];
    literals_that_f32_rounds ["f"]
        "(define (f k s) (if (< k 0.1) (+ s 1e-3) (f (- k 0.3) (+ (* s 0.7) 0.1 (if (> s 1.1) 1.1 s)))))
         (fold-left (lambda (sum k) (+ (* 0.1 sum) (f (* 0.1 k) x))) 0.1 (iota m))"
        [[0.3, 6.0], [1.7, 9.0], [0.1, 2.0]];
    a_literal_comes_out ["f"]
        "(define (f k s) (if (< k 1) 0.1 (if (> s 0.7) 0.7 (f (- k 1) (* s 1.3)))))
         (apply + (map (lambda (k) (* 3 (f k x))) (iota m)))"
        [[0.3, 6.0], [0.7, 9.0]];
    literals_that_f32_has_not ["f"]
        "(define (f k s) (if (< k 1) (if (> s 1e300) 1e39 (* s 1e-50)) (f (- k 1) (* s 1e39))))
         (apply + (map (lambda (k) (f k x)) (iota m)))"
        [[0.3, 6.0], [0.7, 9.0]];
    what_passes_unrounded ["f"]
        "(define (f k s) (if (< k 1) s (f (- k 1) (if (> k 2) (* s 0.1) 0.7))))
         (apply + (map (lambda (k) (if (eqv? (f k 0.1) 0.7) x (if (eqv? (f k 0.1) 0.1) (* 2 x) 7))) (iota m)))"
        [[0.3, 6.0], [0.7, 9.0]];
    mutual_recursion ["down", "up"]
        "(define (down n x) (if (<= n 0) x (up (- n 1) (* 2 x))))
         (define (up n x) (if (<= n 0) (+ x y) (down (- n 2) (sqrt x))))
         (apply + (map (lambda (n) (down n x)) (iota m)))"
        [[0.3, 1.7, 6.0], [2.0, 0.2, 3.0]];
    two_of_a_program ["a", "b"]
        "(define (a n s) (if (= n 0) s (a (- n 1) (+ s (exp (- (* x n)))))))
         (define (b n s) (if (= n 0) s (b (- n 1) (/ s (+ 1 (* y y))))))
         (apply + (map (lambda (i) (* (a i 0) (b i 1))) (iota m)))"
        [[0.3, 1.7, 6.0], [2.0, 0.2, 3.0]];
    errors_have_their_places ["f"]
        "(define (f n s)
           (if (< n 0)
               (error \"below zero:\" n s)
               (if (= n 0) s (f (- n 2) (* x s)))))
         (apply + (map (lambda (i) (f (* 2 (round i)) 1)) (cons y (iota m))))"
        [[2.0, 3.0, 2.0], [2.0, -1.0, 3.0], [-1.0, 2.0, 0.0]];
    other_arguments_run_blocks ["f"]
        "(define (f n s) (if (= n 0) (if s 1 2) (f (- n 1) s)))
         (define (g b) (if b #f (car (iota m))))
         (+ (* x x) (apply + (map (lambda (i) (f i (g (> i 1)))) (iota m))))"
        [[0.5, 4.0], [0.5, 2.0]];
    derivatives_inside ["f", "slope"]
        "(define (f n s) (if (= n 0) s (f (- n 1) (* s (sin s)))))
         (define (slope i) ((grad (lambda (y) (f i y))) x))
         (+ (f 3 x) (apply + (map slope (iota m))))"
        [[0.5, 4.0], [1.5, 2.0]];
    derivatives_on_the_machine ["f"]
        "(define (f n s) (if (= n 0) s (f (- n 1) (* s (sin s)))))
         (define (slope i) ((grad (lambda (y) (apply + (map (lambda (k) (f k y)) (iota i))))) x))
         (+ (f 3 x) (apply + (map slope (iota m))))"
        [[0.5, 4.0], [1.5, 2.0]];
    derivatives_that_the_value_is_made_of ["f"]
        "(define (f x y)
           (let loop ((i 0) (s x) (t y)) (if (>= i 3) (* s t) (loop (+ i 1) (* s (sin (+ t a))) (/ (+ s t) 3)))))
         (define (up n) (if (= n 0) '() (cons n (up (- n 1)))))
         (apply + (map (lambda (k) (car ((grad f) (* k a) b))) (up (if (> b 0) 3 2))))"
        [[0.7, 0.4], [0.3, 1.9], [1.1, -0.6], [2.3, 0.8], [0.9, 0.1]];
    nothing_of_what_is_not_reached ["f"]
        "(define (f n a b) (if (= n 0) a (f (- n 1) a (* b b))))
         (sqrt (* 1 (apply + (map (lambda (i) (f i x y)) (iota m)))))"
        [[0.0, 1.0, 2.0], [4.0, 3.0, 2.0]];
    a_procedure_is_itself ["f"]
        "(define (f n s) (if (= n 0) (if s x f) (f (- n 1) s)))
         (define l (map (lambda (i) (f i (< i 1))) (iota m)))
         (+ (f m x) (if (eq? f (cadr l)) 10 20) (if (eq? (caddr l) (cadr l)) 100 200))"
        [[0.5, 4.0]];
}

#[test]
fn seconds_derivatives() {
    let f = scheme! {
        (define (f n s) (if (= n 0) s (f (- n 1) (* s (sin s)))))
        (apply + (map (lambda (i) (f i x)) (iota (+ 3 (* 0 x)))))
    };
    assert_eq!(f.describe().direct.len(), 1);
    assert_eq!(hessian(f).call(0.7), hessian(f.with_limits(ENOUGH)).call(0.7));
}

#[test]
fn limits_mean_what_they_did() {
    let f = scheme! {
        (define (f n s) (if (= n 0) s (f (- n 1) (* s x))))
        (apply + (map (lambda (i) (f i 1)) (cons 100000 (iota (round x)))))
    };
    assert_eq!(f.call(1.0), Ok(2.0));
    let few = f.with_limits(Limits { steps: 5000, ..Limits::default() });
    assert_eq!(few.call(1.0).unwrap_err().code, Code::Steps);
}

/// Direct code counts no steps and looks at no clock, so where there are limits blocks run, which stop.
#[test]
fn what_never_ends_is_stopped() {
    let f = scheme! {
        (define (f n s) (if (= n 0.5) s (f (+ n 1) (* s x))))
        (apply + (map (lambda (i) (f i 1)) (iota (round x))))
    };
    assert_eq!(f.describe().direct.len(), 1);
    let steps = f.with_limits(Limits { steps: 100_000, ..Limits::NONE });
    assert_eq!(steps.call(1.0).unwrap_err().code, Code::Steps);
    assert_eq!(grad(steps).call(1.0).unwrap_err().code, Code::Steps);
    let short = f.with_limits(Limits { deadline: Some(Duration::from_millis(50)), ..Limits::NONE });
    assert_eq!(short.call(1.0).unwrap_err().code, Code::Deadline);
    assert_eq!(grad(short).call(1.0).unwrap_err().code, Code::Deadline);
}

#[test]
fn an_island_is_one_step() {
    let f = scheme! {
        (define (f n s) (if (= n 0) s (f (- n 1) (* s x))))
        (apply + (map (lambda (i) (f 1000 i)) (iota (round x))))
    };
    let (with, without) = (f.steps(9.0).unwrap(), f.with_limits(ENOUGH).steps(9.0).unwrap());
    assert!(with < 200 && without > 9000, "{with} steps, {without} without");
}

/// What no number is lowered for stays blocks: loops over lists, and procedures without a loop.
#[test]
fn others_are_no_islands() {
    let f = scheme! {
        (define (square x) (* x x))
        (define (sum l) (if (null? l) 0 (+ (square (car l)) (sum (cdr l)))))
        (sum (iota n))
    };
    assert_eq!((f.call(4.0), f.describe().direct), (Ok(14.0), &[][..]));
}

#[test]
fn the_description_names_them() {
    let f = scheme!(
        "(define (f n s)\n  (if (= n 0) s (f (- n 1) (* s x))))\n(apply + (map (lambda (i) (f i 1)) (iota m)))"
    );
    assert!(f.describe().to_string().contains("\ndirect on numbers: f (2:3)"), "{}", f.describe());
}
