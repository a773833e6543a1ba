//! Programs of general values: compiled, they give what they give as strings, to the bit, with the same
//! gradients; in rows, what single calls give. So do those along lists of literals, which are direct code, though other than
//! strings do they sum derivatives.

#![allow(deprecated, reason = "a size has no derivative")]

mod support;

use scheme_runtime::{Answer, Interpreter, Regime, Try, prelude::*};
use support::rows;

/// Each evaluation of a `lambda` makes a procedure of its own, where that is known when the program is compiled, on
/// the machine, and as a string.
#[test]
fn identities_of_procedures() {
    macro_rules! same {
        ($regime:ident $($program:literal => $value:literal)+) => {$(
            let f = scheme!($program);
            assert_eq!(f.describe().regime, Regime::$regime, "{}", $program);
            same!(@value $regime f.call(2.0), $value, $program);
            let string = Interpreter::new().load($program).unwrap();
            assert_eq!(string.call(&[("x", 2.0)]), Ok(Answer::Number($value)), "{}", $program);
        )+};
        (@value Straight $call:expr, $value:literal, $program:literal) => { assert_eq!($call, $value, "{}", $program) };
        (@value Machine $call:expr, $value:literal, $program:literal) => {
            assert_eq!($call, Ok($value), "{}", $program)
        };
    }
    same! { Straight
        "(define (f y) (* y x)) (define (g y) (f y)) (+ (if (eq? f f) 1 0) (if (eq? f g) 10 0) (g 1))" => 3.0
        "(let ((f (lambda (y) y)) (g (lambda (y) y))) (+ x (if (eq? f f) 1 0) (if (eq? f g) 10 0)))" => 3.0
        "(let* ((mk (lambda () (lambda (y) y))) (f (mk))) (+ x (if (eq? f f) 1 0)))" => 3.0
    }
    same! { Machine
        "(define (mk) (lambda (y) y)) (+ x (if (eq? (mk) (mk)) 1 0))" => 2.0
        "(define (mk n) (lambda () n)) (+ x (if (eq? (mk x) (mk x)) 1 0))" => 2.0
        "(define (mk) (define (f) x) f) (define g (mk)) (+ x (if (eq? g g) 1 0) (if (eq? g (mk)) 10 0))" => 3.0
        "(define (mk) (define (f) (list f f)) (f)) (define l (mk)) (if (eq? (car l) (cadr l)) x 0)" => 2.0
        "(define (mk) (define (f) (list f f)) (f)) (if (eq? (car (mk)) (cadr (mk))) x 0)" => 0.0
    }
}

#[track_caller]
fn check<const N: usize>(
    f: impl Function<In = [R; N], Out = Try<R>> + Program + Sync,
    text: &str,
    regime: Regime,
    points: &[[f64; N]],
) {
    assert_eq!(f.describe().regime, regime, "{text}");
    in_rows(f, points);
    let string = Interpreter::new().load(text).unwrap();
    let names = f.input_names();
    for point in points {
        let inputs: Vec<(&str, f64)> = names.iter().copied().zip(*point).collect();
        match string.value_and_grad(names, &inputs) {
            Ok((value, gradient)) => {
                let (y, dy) = value_and_grad(f).call(*point).unwrap();
                assert_eq!(y.to_bits(), value.to_bits(), "{text} at {point:?}");
                assert_eq!(f.call(*point).map(f64::to_bits), Ok(value.to_bits()), "{text} at {point:?}");
                if regime == Regime::Machine {
                    let bits = |all: &[f64]| all.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                    assert_eq!(bits(&dy), bits(&gradient), "{text} at {point:?}");
                }
                for (found, expected) in dy.iter().zip(&gradient) {
                    let near = (found - expected).abs() <= 1e-13 * expected.abs().max(1.0);
                    assert!(
                        near || found.is_nan() && expected.is_nan(),
                        "{text} at {point:?}: {dy:?} and {gradient:?}"
                    );
                }
            }
            Err(error) => {
                let failure = f.call(*point).unwrap_err();
                assert_eq!((failure.code, &*failure.message), (error.code, &*error.message), "{text}");
                let place = string.source().place(error.span.start);
                assert_eq!((failure.line, failure.column), (place.line, place.column), "{text}");
            }
        }
    }
}

/// Rows that take the ways of the points, some of which may fail, by turns; and all those of one point.
#[track_caller]
fn in_rows<const N: usize>(
    f: impl Function<In = [R; N], Out = Try<R>> + Program + Sync,
    points: &[[f64; N]],
) {
    let runs = |point: &[f64; N]| f.call(*point).is_ok();
    let turns: Vec<[f64; N]> = points.iter().copied().filter(runs).cycle().take(27).collect();
    rows::are_single_calls(f, &turns[..], &turns);
    rows::are_single_calls(value_and_grad(f), &turns[..], &turns);
    let narrow: Vec<[f32; N]> = turns.iter().map(|point| point.map(|x| x as f32)).collect();
    rows::are_single_calls(value_and_grad(f), &narrow[..], &narrow);
    let failing: Vec<[f64; N]> =
        turns.iter().copied().chain(points.iter().copied().cycle().take(27)).collect();
    rows::are_single_calls(value_and_grad(f), &failing[..], &failing);
    for point in points {
        let same = [*point; 6];
        rows::are_single_calls(f, same.as_slice(), &same);
    }
}

/// A table of programs of two inputs.
macro_rules! agree {
    ($regime:ident $($name:ident $program:literal)+) => {$(
        #[test]
        #[allow(deprecated, reason = "an input may have no derivative")]
        fn $name() {
            check(scheme!($program), $program, Regime::$regime, &[[1.5, 3.0], [0.25, 5.0], [-2.0, 0.0], [2.0, -1.0]]);
        }
    )+};
}

agree! { Machine
    // `n` is a number of items: every list has a length that only a run tells.
    sums "(lambda (x n) (let loop ((i 0) (l '())) (if (< i n) (loop (+ i 1) (cons (* x i) l)) (apply + l))))"
    association_lists "(lambda (x n)
        (define table (list (cons 'a x) (cons 'b (* x x)) (cons 'c n)))
        (define (look key) (cdr (assq key table)))
        (let loop ((keys (if (> n 1) '(a b) '(a c b))) (sum 0))
          (if (null? keys) sum (loop (cdr keys) (+ (* 2 sum) (look (car keys)))))))"
    procedures_in_lists "(lambda (x n)
        (define fs (append (if (> n 1) (list sin (lambda (y) (* y n))) (list cos)) (list (lambda (y) (+ y x)))))
        (fold (lambda (f acc) (f acc)) x fs))"
    derivatives_of_procedures "(lambda (x n)
        (define fs (map (lambda (k) (lambda (u) (if (> n 1) (lambda (y) (* k u u y)) (* k u)))) (iota (abs n))))
        (define slopes (map (lambda (f) ((derivative f) x)) fs))
        (apply + (map (lambda (slope) (if (procedure? slope) (slope n) slope)) slopes)))"
    derivatives_of_what_holds_procedures "(lambda (x n)
        (define (f u) (list (* u u) (if (> n 1) (list 'scaled \"by\" n) (lambda (y) (* u y)))))
        (+ (car (cadr (jvp f x 1))) (car ((derivative f) x))))"
    pullbacks_of_what_holds_procedures "(lambda (x n)
        (define (f u) (cons (* u u) (if (> n 1) 'a (lambda (y) (* u y)))))
        ((cadr (vjp f x)) (if (> n 4) '(1 . 1) '(2 . b))))"
    second_derivatives_of_lists "(lambda (x n)
        (define (f u) (if (> n 1) (* u u u) (list u u)))
        ((hessian f) x))"
    one_by_one_of_a_number "(lambda (x n) (vsum ((vmap sin) (if (> n 1) (vec x n) x))))"
    strings "(lambda (x n)
        (define name (if (> n 1) \"long\" \"short\"))
        (define s (string-append name \"-\" (number->string n)))
        (+ (* x (string-length s)) (if (string=? s \"long-3\") (square x) 0)))"
    general_vectors "(lambda (x n)
        (define v (list->vector (append (list x) (iota (abs n)) (list (* x x)))))
        (let loop ((i 0) (sum 0))
          (if (= i (vector-length v)) sum (loop (+ i 1) (+ (* 0.5 sum) (vector-ref v i))))))"
    quasiquote "(lambda (x n)
        (define (evaluate e)
          (cond ((number? e) e)
                ((eq? (car e) '+) (apply + (map evaluate (cdr e))))
                (else (apply * (map evaluate (cdr e))))))
        (define rest (if (> n 1) (list x x) '()))
        (evaluate `(+ 1 (* ,x ,n) (* ,@rest 2))))"
    rest_parameters "(lambda (x n)
        (define (f a . rest) (if (null? rest) a (* a (apply f rest))))
        (apply f x (if (> n 2) (list n x) (list x))))"
    church_numerals "(lambda (x n)
        (define zero (lambda (f) (lambda (y) y)))
        (define (succ m) (lambda (f) (lambda (y) (f ((m f) y)))))
        (define (church k) (if (<= k 0) zero (succ (church (- k 1)))))
        (((church n) (lambda (y) (* x y))) 1))"
    trees "(lambda (x n)
        (define (tree depth) (if (<= depth 0) x (cons (tree (- depth 1)) (tree (- depth 2)))))
        (define (total t) (if (pair? t) (+ (total (car t)) (* 0.5 (total (cdr t)))) t))
        (total (tree n)))"
    moving_average "(lambda (x n)
        (define (ema alpha l)
          (let loop ((l (cdr l)) (y (car l)))
            (if (null? l) y (loop (cdr l) (+ (* alpha (car l)) (* (- 1 alpha) y))))))
        (ema (sigmoid x) (cons x (map (lambda (i) (sin (* i x))) (iota (abs n))))))"
    several_values "(lambda (x n)
        (define (split l) (if (null? l) (values 0 1)
          (let-values (((s p) (split (cdr l)))) (values (+ s (car l)) (* p (car l))))))
        (call-with-values (lambda () (split (cons x (cons 2 (iota (abs n)))))) (lambda (s p) (- s p))))"
    failing_on_a_path "(lambda (x n)
        (define l (if (> n 2) (list x) '()))
        (if (< n 0) (error \"negative:\" n l) (* x (car l))))"
    assertions "(lambda (x n) (define l (iota (abs n))) (assert (> x 0)) (apply + x l))"
    indices "(lambda (x n) (list-ref (list x (* x x) (cons x x)) n))"
    numeric_arrays "(lambda (x n)
        (define v (let loop ((i n) (v (vec x 1))) (if (> i 1) (loop (- i 1) (* 2 v)) v)))
        (define l (append (iota (abs n)) (list v (scale x v))))
        (dot (list-ref l (abs n)) (list-ref l (+ 1 (abs n)))))"
    memo_tables "(lambda (x n)
        (define (fib k memo)
          (cond ((< k 2) (cons x memo))
                ((assv k memo) => (lambda (hit) (cons (cdr hit) memo)))
                (else (let* ((a (fib (- k 1) memo)) (b (fib (- k 2) (cdr a))) (s (+ (car a) (* x (car b)))))
                        (cons s (cons (cons k s) (cdr b)))))))
        (car (fib n '())))"
}

agree! { Control
    the_end_of_a_list "(lambda (x n)
        (let go ((l '(1 2.5 -3)) (i 0)) (if (< i n) (go (if (< i (* 3 x)) (cdr l) l) (+ i 1)) (* x (car l)))))"
    steps_past_the_end "(lambda (x n)
        (define (go l s) (if (< s n) (go (if (< s x) (cdr l) (cddr l)) (+ s 1 (car l))) (* x s)))
        (go '(0.5 1 -0.25 2 1) 0))"
    recursion_along_a_list "(lambda (x n)
        (define (f l) (if (null? l) x (+ (car l) (* 0.5 n (f (if (< x 1) (cdr l) (cddr l)))))))
        (f '(1 2.5 -3 0.5 2)))"
    the_shorter_of_two "(lambda (x n)
        (define (dot l m s) (if (pair? l) (dot (cdr l) (if (> n 1) (cddr m) (cdr m)) (+ (* s x) (* (car l) (car m)))) s))
        (dot '(1 2 3 4) '(0.5 0.25 -2 8 1) n))"
    the_last_and_the_length "(lambda (x n)
        (define (go l i) (if (< i n) (go (if (< x 1) (cdr l) l) (+ i 1)) (* x (length l) (last l))))
        (go '(1 2.5 -3) 0))"
}

#[test]
fn rows_are_single_calls() {
    let f = scheme!("(apply (if (> x 0) + *) (map (lambda (i) (sin (+ x i))) (iota (abs (round n)))))");
    let x: Vec<f64> = (0..19).map(|i| f64::from(i) * 0.4 - 4.0).collect();
    let n: Vec<f64> = (0..19).map(|i| f64::from(i % 5)).collect();
    let rows = vmap(value_and_grad(f)).call((&x, &n)).unwrap();
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(Ok(*row), value_and_grad(f).call([x[i], n[i]]));
    }
}

#[test]
fn files() {
    let f = scheme_file!("models/horner.scm");
    // 1 + 2x + 3x² at 2, and its derivative.
    assert_eq!(value_and_grad(f).wrt(|v| v.x).call([2.0, 2.0]), Ok((17.0, 14.0)));
}

#[test]
fn huge_lists_are_dropped_at_once() {
    let f =
        scheme!("(let loop ((i 0) (l '())) (if (< i n) (loop (+ i 1) (cons x l)) (+ (car l) (length l))))");
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(move || assert_eq!(grad(f).call([1e6, 2.0]), Ok([0.0, 1.0])))
        .unwrap()
        .join()
        .unwrap();
}

/// A call inside of a call of the same program has a machine of its own, and so has every thread.
#[test]
fn threads() {
    let f = scheme!("(apply + (map (lambda (i) (* i x)) (iota n)))");
    let sums = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=4).map(|n| scope.spawn(move || f.call([2.0, f64::from(n)]))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(sums, [0.0, 2.0, 6.0, 12.0]);
}
