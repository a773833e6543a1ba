//! Derivatives inside the language, of procedures that loop, recur or may fail: direct code.
#![allow(deprecated, reason = "the compiler warns of counts, by which there is no derivative")]

mod support;

use scheme_core::{
    kernel, reader,
    real::Real,
    reference::program::{Value, evaluate},
};
use scheme_runtime::{Code, Interpreter, Regime, prelude::*};
use support::close;

/// The place is that of the text, which a program from a string counts from its own begin.
fn of_string(text: &str, x: f64) -> String {
    let failure = Interpreter::new().load(text).unwrap().call(&[("x", x)]).unwrap_err();
    format!("{} {}", failure.code.as_str(), failure.message)
}

/// What a derivative is not of, and no shape of one: the string refuses it at its place, and so does the reference.
#[test]
fn what_has_no_derivative() {
    for (code, at, text) in [
        ("E0502", "(jvp f x 1)", "(define (f u) (lambda (y) (* u u y))) ((cadr (jvp f x 1)) 5)"),
        ("E0502", "(vjp f x)", "(define (f u) (lambda (y) (* u u y))) ((cadr (vjp f x)) 1)"),
        ("E0502", "(jvp f x 1)", "(define (f u) (vector u (cons 'a (lambda (y) (* u y))))) (jvp f x 1)"),
        ("E0502", "(jvp vjp sin x sin 1)", "(jvp vjp sin x sin 1)"),
        ("E0502", "derivative f", "(define (f u) (list u (lambda (y) (* u y)))) ((derivative f) x)"),
        ("E0502", "hessian f", "(define (f u) (list u u)) ((hessian f) x)"),
        ("E0601", "((cadr (vjp f x)) 1)", "(define (f u) (if (> u 0) 'a u)) ((cadr (vjp f x)) 1)"),
        ("E0601", "(jvp f 'a x 1 1)", "(define (f s u) u) (jvp f 'a x 1 1)"),
    ] {
        let place = text.find(at).unwrap();
        let program = Interpreter::new().load(text).unwrap();
        let failure = program.call(&[("x", 3.0)]).unwrap_err();
        assert_eq!((failure.code.as_str(), failure.span.start as usize), (code, place), "{text}: {failure}");
        let (program, _) = kernel::desugar(&reader::read(text).0);
        let fault = evaluate::<f64>(&program.unwrap(), &[Value::Number(Real::lit(3.0))]).unwrap_err();
        assert_eq!(fault.code, failure.code, "{text}");
    }
}

/// Newton's method on a loop: the derivative of the root by a parameter, from the equation it solves.
#[test]
fn newton_of_a_loop() {
    let root = scheme! {
        (define (f x) (let grow ((i 0) (y x)) (if (= i 20) (- y a) (grow (+ i 1) (+ y (* 0.01 y y))))))
        (let newton ((n 0) (x 1)) (if (= n 8) x (newton (+ n 1) (- x (/ (f x) ((grad f) x))))))
    };
    assert_eq!(root.describe().regime, Regime::Control);
    let grown = |x: f64| (0..20).fold((x, 1.0), |(y, dy), _| (y + 0.01 * y * y, dy * (1.0 + 0.02 * y)));
    let x = root.call(2.0);
    let (y, slope) = grown(x);
    close(y, 2.0, 1e-14, "it is the root");
    close(grad(root).call(2.0), 1.0 / slope, 1e-12, "the implicit function's derivative");
    let around = (grad(root).call(2.0 + 1e-5) - grad(root).call(2.0 - 1e-5)) / 2e-5;
    close(hessian(root).call(2.0), around, 1e-7, "and its second");
}

/// Functions that call one another in tail position are one loop in the derivative too: it takes no stack.
#[test]
fn long_loops_of_several_procedures() {
    let slope = scheme! {
        (define (left n x) (if (< n 1) x (right (- n 1) (* x 0.999))))
        (define (right n x) (if (< n 1) (sin x) (left (- n 1) (+ x 0.001))))
        (lambda (n x) ((derivative (lambda (x) (left n x))) x))
    };
    assert_eq!(slope.describe().regime, Regime::Control);
    close(slope.call([2000.0, 0.3]), 0.999_f64.powi(1000), 1e-11, "a thousand factors");
    let far: f64 = slope.call([3e5, 0.3]);
    assert!(far.abs() < 1e-30);
}

/// A procedure fails in a derivative where it fails and as it fails.
#[test]
fn failures_stay() {
    let slope = scheme!(
        "(define (root x) (if (< x 0) (error \"no root of\" x) (sqrt x)))
(define (sum n x) (if (= n 0) (root x) (+ (root x) (sum (- n 1) (- x 1)))))
((grad (lambda (x) (sum 3 x))) x)"
    );
    assert_ne!(slope.describe().regime, Regime::Machine);
    let exact = [4.0, 3.0, 2.0, 1.0].map(|x| 0.5 / f64::sqrt(x)).iter().sum();
    close(slope.call(4.0).unwrap(), exact, 1e-14, "the sum of four");
    let failure = slope.call(2.5).unwrap_err();
    assert_eq!((failure.code, &*failure.message), (Code::Raised, "no root of -0.5"));
    assert_eq!((failure.line, failure.column), (1, 30));
    let text = "(define (root x) (if (< x 0) (error \"no root of\" x) (sqrt x)))
        (define (sum n x) (if (= n 0) (root x) (+ (root x) (sum (- n 1) (- x 1)))))
        ((grad (lambda (x) (sum 3 x))) x)";
    assert_eq!(of_string(text, 2.5), "E0901 no root of -0.5");
    assert_eq!(grad(slope).call(2.5), Err(failure));
    // On a path that is always an error there is no value to differentiate.
    let f = scheme! { (if (> x 0) ((grad (lambda (y) (error "never" y))) x) x) };
    assert_eq!(f.describe().regime, Regime::Control);
    assert_eq!(f.call(-1.0), Ok(-1.0));
    assert_eq!(&*f.call(1.0).unwrap_err().message, "never 1");
}

/// What does not move is no reason for an infinite partial to make a nan, however it comes there.
#[test]
fn what_does_not_move() {
    let steps = scheme! {
        (define (f x) (let loop ((i 0) (s 0)) (if (= i n) s (loop (+ i 1) (+ x (sqrt s))))))
        (+ ((grad f) x) (cadr (jvp f x 1)))
    };
    assert_eq!(steps.call([1.0, 4.0]), 2.0);
    assert_eq!(steps.call([2.0, 4.0]), 2.0 + 2.0 * 0.25);
    let side = scheme! {
        (define (f x y) (* y (sqrt (let loop ((i 0) (s 0)) (if (= i 2) s (loop (+ i 1) (if (> x 0) (* x x) s)))))))
        (lambda (x y) (cadr ((grad f) x y)))
    };
    assert_eq!(side.call([3.0, 5.0]), 3.0);
    assert_eq!(side.call([0.0, 5.0]), 0.0);
    // A tangent that happens to be 0 does move: its own derivative is there.
    let bent = scheme! {
        (define (f x) (let loop ((i 0) (s (* x x))) (if (= i 2) s (loop (+ i 1) (log (+ 1 s))))))
        (lambda (x) ((grad (grad f)) x))
    };
    assert_eq!(bent.call(0.0), 2.0);
    assert_eq!(
        hessian(
            scheme! { (lambda (x) (loop ((i 0) (s (* x x))) (if (= i 2) s (recur (+ i 1) (log (+ 1 s)))))) }
        )
        .call(0.0),
        2.0
    );
}

/// What stays on the machine says why, at its place.
#[test]
fn what_is_not_direct_says_why() {
    let many = scheme!(
        "
        (define (f v) (let loop ((i 0) (s 0)) (if (> s 9) s (loop (+ i 1) (+ s 1 (dot v v))))))
        (: v (vec 17))
        (vsum ((grad f) v))"
    );
    let about = many.describe();
    assert_eq!(about.regime, Regime::Machine);
    let why = about.why.unwrap();
    assert_eq!((why.line, why.column), (4, 17));
    assert_eq!(
        why.message,
        "the gradient, by more than 16 numbers, of a procedure that loops, recurs or may fail"
    );
    let tower = scheme!(
        "(define (f n x) (if (= n 0) (sin x) ((derivative (lambda (y) (f (- n 1) y))) x)))
(f n x)"
    );
    let why = tower.describe().why.unwrap();
    assert_eq!((why.line, why.column), (1, 39));
    assert_eq!(why.message, "`jvp` of a procedure that takes its own derivative");
    close(tower.call([3.0, 0.5]).unwrap(), -f64::cos(0.5), 1e-14, "the third derivative of the sine");
}

/// The second derivative of `tanh`, −2·tanh·sech²: digits near 0, and numbers where `cosh` overflows; over rows too.
#[test]
fn second_derivative_of_tanh() {
    let f = scheme! { (tanh x) };
    let string = Interpreter::new().load("((derivative (derivative tanh)) x)").unwrap();
    let xs =
        [0.0, 1e-160, 1e-9, -0.3, 0.5, -0.75, 2.0, 19.0, -40.0, 200.0, 373.0, 700.0, 711.0, -800.0, 1e300];
    let rows = vmap(hessian(f)).call(&xs[..]).unwrap();
    for (x, row) in xs.into_iter().zip(rows) {
        let u = (-2.0 * x.abs()).exp();
        let wanted = -8.0 * x.tanh() * u / ((1.0 + u) * (1.0 + u));
        let one = hessian(f).call(x);
        let of_string = string.call(&[("x", x)]).unwrap().number().unwrap();
        for found in [one, row, of_string] {
            assert!((found - wanted).abs() <= 1e-14 * wanted.abs(), "at {x}: {found}, not {wanted}");
        }
    }
}

/// The second derivatives of a power at exponents and bases where it is written otherwise, or where powers of less exponents overflow:
/// compiled, of strings, and inside the language; over rows too.
#[test]
fn second_derivatives_of_powers() {
    let f = scheme! { (expt x n) };
    let string = Interpreter::new().load("(expt x n)").unwrap();
    let inside = scheme! {
        (define (twice f u) ((grad (grad f)) u))
        (list (twice (lambda (x) (expt x n)) x) (twice (lambda (n) (expt x n)) n))
    };
    let inside_string = Interpreter::new()
        .load(
            "(define (twice f u) ((grad (grad f)) u))
               (list (twice (lambda (x) (expt x n)) x) (twice (lambda (n) (expt x n)) n))",
        )
        .unwrap();
    let points = [
        ([1e-160, 0.0], [0.0, 135728.591628247]),
        ([1e-300, 0.0], [0.0, 477170.8299430558]),
        ([1e300, 0.0], [0.0, 477170.8299430558]),
        ([1e-160, 1.0], [0.0, 135728.591628247e-160]),
        ([0.0, 2.0], [2.0, 0.0]),
        ([0.0, 3.0], [0.0, 0.0]),
        ([1e155, 1.0], [0.0, 127378.10210424352e155]),
        ([2.0, 0.0], [0.0, std::f64::consts::LN_2 * std::f64::consts::LN_2]),
    ];
    let columns = [0, 1].map(|k| points.map(|(at, _)| at[k]));
    let rows = vmap(hessian(f)).call((&columns[0][..], &columns[1][..])).unwrap();
    for ((at @ [x, n], wanted), row) in points.into_iter().zip(rows) {
        let inputs = [("x", x), ("n", n)];
        let one = hessian(f).call(at);
        let of_string = string.hessian(&["x", "n"], &inputs).unwrap().hessian;
        let told = inside_string.call(&inputs).unwrap().to_string();
        let told: Vec<f64> = told.trim_matches(['(', ')']).split(' ').map(|x| x.parse().unwrap()).collect();
        let direct = inside.call([n, x]);
        for (i, wanted) in wanted.into_iter().enumerate() {
            for found in [one[i][i], row[i][i], of_string[i][i], told[i], direct[i]] {
                let near = (found - wanted).abs() <= 1e-13 * wanted.abs();
                assert!(near, "at {at:?}, {i}: {found}, not {wanted}");
            }
        }
    }
}
