//! The forms by what they give in strings: each line of a table is a program and its answer.

mod answers;

use answers::check;
use scheme_runtime::Interpreter;

#[test]
fn several_values() {
    check(&[
        ("(call-with-values (lambda () (values 1 2 3)) list)", "(1 2 3)"),
        ("(call-with-values (lambda () 5) list)", "(5)"),
        ("(call-with-values values list)", "()"),
        ("(let-values (((a b) (values 1 2)) ((c) 3)) (list a b c))", "(1 2 3)"),
        ("(define (f n) (values n (* 2 n))) (let-values (((a b) (f 1)) ((c . d) (f 2)) (e (f 3))) (list a b c d e))",
            "(1 2 2 (4) (3 6))"),
        ("(let ((a 1)) (let-values (((a) 2) ((b) a)) (list a b)))", "(2 1)"),
        ("(let ((a 1)) (let*-values (((a) 2) ((b) a)) (list a b)))", "(2 2)"),
        ("(let-values () 5)", "5"),
        ("(define (f) (values 1 2 3)) (let-values (((a b) (f))) a)",
            "E0401 at (f): `let-values` takes 2 values, given 3"),
        ("(define (f) (values)) (let-values (((a . b) (f))) a)",
            "E0401 at (f): `let-values` takes at least 1 value, given 0"),
        ("(define-values (a b . c) (apply values '(1 2 3 4))) (list a b c)", "(1 2 (3 4))"),
        ("(define-values all (values 1 2)) all", "(1 2)"),
        ("(define-values (a b) (values 1 (+ a 1))) (list a b)", "(1 2)"),
        ("(define (f) 1) (define-values (a b) (f)) a", "E0401 at (f): `define-values` takes 2 values, given 1"),
        ("(define (g x) (define-values (q r) (floor/ x 2)) (list q r)) (g 7)", "(3 1)"),
        ("(define-values (ev? od?) (values (lambda (n) (if (= n 0) #t (od? (- n 1)))) (lambda (n) (if (= n 0) #f (ev? (- n 1))))))
          (list (ev? 10) (od? 10))", "(#t #f)"),
        ("(receive-nothing)", "E0301: there is no procedure called `receive-nothing`"),
    ]);
}

#[test]
fn any_number_of_arguments() {
    let f = "(define f (case-lambda (() 'none) ((a) (list a)) ((a b . c) (list a b c))))";
    for (call, expected) in [
        ("(f)", "none"),
        ("(f 1)", "(1)"),
        ("(f 1 2)", "(1 2 ())"),
        ("(f 1 2 3 4)", "(1 2 (3 4))"),
        ("(map f '(1 2) '(3 4))", "((1 3 ()) (2 4 ()))"),
    ] {
        check(&[(&format!("{f} {call}"), expected)]);
    }
    check(&[
        (
            "(define g (case-lambda ((a) a) ((a b c) b))) (g 1 2)",
            "E0401 at (case-lambda ((a) a) ((a b c) b)): `g` takes 1 or 3 arguments, given 2",
        ),
        (
            "((case-lambda ((a) a) ((a b . c) b)))",
            "E0401 at (case-lambda ((a) a) ((a b . c) b)): this procedure takes 1 or at least 2 arguments, given 0",
        ),
        (
            "(define count (case-lambda ((n) (count n 0)) ((n done) (if (= n 0) done (count (- n 1) (+ done 1)))))) (count 10000)",
            "10000",
        ),
    ]);
}

#[test]
fn smooth_choices() {
    check(&[
        ("(soft-if (< 0 1) 10 20 1e-9)", "10"),
        ("(soft-if (> 0 1) 10 20 1e-9)", "20"),
        ("(soft-if (< 1 1) 10 20 1)", "15"),
        ("(= (soft-if (> 3 1) 10 20 4) (+ (* (sigmoid 0.5) 10) (* (- 1 (sigmoid 0.5)) 20)))", "#t"),
        ("(= (soft-if (negative? 2) 1 0 4) (sigmoid -0.5))", "#t"),
        ("(soft-choice (1 2 3) '(0 0 0))", "2"),
        ("(soft-choice (1 2 3) (vec 0 1000 0))", "2"),
        ("(soft-choice (1 3) '(0 0) 0.1)", "2"),
        ("(soft-choice (1 3) '(0 5) 0.01 '(5 0))", "2"),
        ("(< 2.99 (soft-choice (1 3) '(0 1) 0.1) 3)", "#t"),
        (
            "(soft-choice (1 2 3) '(0 0))",
            "E0502 at soft-choice: `soft-choice` takes as many logits, and as much noise, as alternatives, but was given a pair: (0 0)",
        ),
        (
            "(soft-choice (1 2) 5)",
            "E0502 at soft-choice: `soft-choice` takes as many logits, and as much noise, as alternatives, but was given a number: 5",
        ),
    ]);
}

#[test]
fn gradients_of_smooth_choices() {
    let load = |text: &str| Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"));
    let (x, w): (f64, f64) = (0.3, 0.5);
    let gate = 1.0 / (1.0 + (-(1.0 - x) / w).exp());
    let (value, gradient) = load("(soft-if (< x 1) a b w)")
        .value_and_grad(&["x", "a", "b"], &[("x", x), ("a", 2.0), ("b", 5.0), ("w", w)])
        .unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-14, "{a} {b}");
    close(value, gate * 2.0 + (1.0 - gate) * 5.0);
    close(gradient[0], -gate * (1.0 - gate) / w * (2.0 - 5.0));
    close(gradient[1], gate);
    close(gradient[2], 1.0 - gate);
    let (value, gradient) = load("(soft-choice (a b) (list p q) 0.5)")
        .value_and_grad(&["a", "b", "p", "q"], &[("a", 2.0), ("b", 5.0), ("p", 0.1), ("q", 0.4)])
        .unwrap();
    let weight = 1.0 / (1.0 + (0.3f64 / 0.5).exp());
    close(value, weight * 2.0 + (1.0 - weight) * 5.0);
    close(gradient[0], weight);
    close(gradient[1], 1.0 - weight);
    close(gradient[2], weight * (1.0 - weight) * (2.0 - 5.0) / 0.5);
    close(gradient[3], -gradient[2]);
}

#[test]
fn parameters() {
    let program =
        Interpreter::new().load("(define (f x) (* x (param k 2 0 10))) (+ (f y) k (param l -1))").unwrap();
    assert_eq!(program.inputs().collect::<Vec<_>>(), ["y"]);
    let params: Vec<_> =
        program.params().map(|param| (param.name.as_str(), param.init, param.lo, param.hi)).collect();
    assert_eq!(params, [("k", 2.0, Some(0.0), Some(10.0)), ("l", -1.0, None, None)]);
    let at = |given: &[(&str, f64)]| program.value_and_grad(&["k", "y", "l"], given);
    assert_eq!(at(&[("y", 3.0)]), Ok((7.0, vec![4.0, 2.0, 1.0])));
    assert_eq!(at(&[("y", 3.0), ("k", 5.0), ("l", 0.0)]), Ok((20.0, vec![4.0, 5.0, 1.0])));
    let error = program.call(&[("y", 1.0), ("m", 1.0)]).unwrap_err();
    assert_eq!(error.message, "the program has no input `m`");
    assert_eq!(error.hint.as_deref(), Some("its inputs are: y; its parameters are: k, l"));
    assert_eq!(program.call(&[("k", 1.0)]).unwrap_err().message, "the input `y` has no value");
}

#[test]
fn declared_types_are_checked() {
    let call = |text: &str, x: f64| {
        Interpreter::new().load(text).unwrap().call(&[("x", x)]).map_err(|error| error.into_finding().message)
    };
    assert!(call("(: x real) (+ x 1)", 1.0).is_ok());
    assert_eq!(
        call("(: x (vec 3)) (vsum x)", 1.5),
        Err("the input `x` is declared (vec 3), but was given a number: 1.5".to_owned())
    );
    assert_eq!(
        call("(: x bool) (if x 1 2)", 1.0),
        Err("the input `x` is declared bool, but was given a number: 1".to_owned())
    );
}
