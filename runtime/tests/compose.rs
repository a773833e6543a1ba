//! Programs as data: put in place of inputs of others, definitions exchanged. Values and gradients are those of the
//! composite written by hand.

use scheme_runtime::{Code, Interpreter, Limits, LoadError, StringProgram};

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The same values and gradients, to the bit, at numbers for all inputs.
#[track_caller]
fn same(made: &StringProgram, text: &str) {
    let by_hand = load(text);
    let mut names: Vec<&str> = made.inputs().collect();
    let mut expected: Vec<&str> = by_hand.inputs().collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    let inputs: Vec<(&str, f64)> = names.iter().copied().zip([0.7, 1.3, 0.4, 2.1, 0.9]).collect();
    let by: Vec<&str> = names.iter().copied().chain(made.params().map(|param| &*param.name)).collect();
    assert_eq!(
        made.value_and_grad(&by, &inputs),
        by_hand.value_and_grad(&by, &inputs),
        "{}",
        made.source().text()
    );
}

#[test]
fn substitution() {
    for (outer, input, inner, by_hand) in [
        ("(* a x)", "x", "(+ a b)", "(* a (+ a b))"),
        // Definitions of neither are seen by the other.
        ("(define (f t) (* t x)) (f y)", "x", "(define (f t) (+ t 1)) (f f0)", "(* y (+ f0 1))"),
        ("(define b 3) (* b x)", "x", "(sin b)", "(* 3 (sin b))"),
        ("(* x y)", "x", "(define y 2) (* y z)", "(* (* 2 z) y)"),
        // Procedures of the inputs.
        ("(lambda (x y) (- x y))", "x", "(lambda (y) (* 2 y))", "(- (* 2 y) y)"),
        ("(define y 5) (lambda (x y) (- x y))", "x", "z", "(- z y)"),
        ("(define (x2) 1) (lambda (x) (* x (x2)))", "x", "(define z 2) (lambda (w) (* w z))", "(* w 2)"),
        // Definitions of what composition itself is written with.
        ("(* 2 x)", "x", "(define values 3) (list 1) (+ values t)", "(* 2 (+ 3 t))"),
        ("(* 2 x)", "x", "(define (begin y) (* 5 y)) (list 1) (* 3 (begin t))", "(* 2 (* 3 (* 5 t)))"),
        ("(* 2 x)", "x", "(define (define-values . l) 5) (list 1) (* t (define-values))", "(* 2 (* t 5))"),
        ("(* 2 x)", "x", "(define define 3) (list 1) (define lambda 4) (* t (vsum [define lambda]))", "(* 2 (* t 7))"),
        ("(* 2 x)", "x", "(define let 3) (define if 4) (list 1) (* t let if)", "(* 2 (* t 12))"),
        ("(define value-1 2) (values 1 2) (* value-1 x)", "x", "(define value-2 3) (list t) (* t value-2)", "(* 2 t 3)"),
        ("(define (lambda a b) (+ a b)) (: g (-> real real)) (lambda (g x) 5)", "g", "sin", "(+ (sin x) 5)"),
        // Declarations, parameters, expressions before definitions, comments.
        ("(: v real) (: x real) (* v x) ; done", "x", "(: v real) (exp v) ; too", "(* v (exp v))"),
        ("(* (param k 2) x)", "x", "(param c 3 0 9)", "(* (param k 2) (param c 3 0 9))"),
        ("(list 1) (define a 2) (* a x)", "x", "(list 2) (define q 3) (list 3) (* q b)", "(* 2 (* 3 b))"),
        // Names that are forms elsewhere, and names that need bars.
        ("(* |a b| 2)", "a b", "(let ((list 3)) (* list t))", "(* (* 3 t) 2)"),
        // Inputs with names of the language; definitions outside of the procedure mean the language's.
        (
            "(lambda (scale x) (* scale x))",
            "x",
            "(lambda (list if) (- list if))",
            "(lambda (scale list if) (* scale (- list if)))",
        ),
        ("(define (f v) (list v)) (lambda (list x) (+ list (car (f x))))", "x", "t", "(lambda (t list) (+ list t))"),
        ("program", "program", "(* operand operand)", "(* operand operand)"),
        ("(* program program*)", "program*", "(* operand* operand)", "(* program (* operand* operand))"),
        // Definitions in `begin`.
        (
            "(begin (define a 2) (* a x))",
            "x",
            "(begin (list 1) (begin (define b 3) (* b t)))",
            "(* 2 (* 3 t))",
        ),
        // A recursion through the composite.
        (
            "(define (power n) (if (= n 0) 1 (* x (power (- n 1))))) (power 5)",
            "x",
            "(let loop ((i 0) (s 0)) (if (= i 3) s (loop (+ i 1) (+ s (sin (* i t))))))",
            "(define (power n) (if (= n 0) 1 (* (let loop ((i 0) (s 0)) (if (= i 3) s (loop (+ i 1) (+ s (sin (* i t)))))) (power (- n 1)))))
             (power 5)",
        ),
    ] {
        let (outer, inner) = (load(outer), load(inner));
        let made = outer.substitute(input, &inner).unwrap_or_else(|error| panic!("{error}"));
        if by_hand.starts_with("(define (power") {
            // Written by hand the input is computed anew at each mention.
            let inputs = [("t", 0.7)];
            let (value, gradient) = made.value_and_grad(&["t"], &inputs).unwrap();
            let (expected, slope) = load(by_hand).value_and_grad(&["t"], &inputs).unwrap();
            assert_eq!(value, expected);
            assert!((gradient[0] - slope[0]).abs() < 1e-13 * slope[0].abs());
        } else {
            same(&made, by_hand);
        }
    }
}

#[test]
fn what_is_made_is_a_program_again() {
    let f = load("(* 2 (exp x))");
    let mut tower = f.clone();
    for _ in 0..5 {
        tower = load("(sin x)").compose(&tower).unwrap();
    }
    same(&tower, "(sin (sin (sin (sin (sin (* 2 (exp x)))))))");
}

#[test]
fn exchanged_definitions() {
    let model =
        load("(define (rate t) ; slow\n  (* k t))\n(define scale (param s 2))\n(* scale (exp (- (rate t))))");
    let model = model.with_params(&[("s", 4.0)]).unwrap();
    same(&model.redefine("(define (rate t) (square t))").unwrap(), "(* (param s 4) (exp (- (square t))))");
    let other = model.redefine("(define (rate t) (* 3 t (param c 2)))").unwrap();
    same(&other, "(* (param s 4) (exp (- (* 3 t (param c 2)))))");
    // What the definition says of a parameter holds, bounds included; what stands elsewhere stays.
    let other = model.redefine("(define scale (* 3 (param s 1)))").unwrap();
    same(&other, "(* (* 3 (param s 1)) (exp (- (* k t))))");
    same(&model.redefine("(define scale (param s 7 5 9))").unwrap(), "(* (param s 7 5 9) (exp (- (* k t))))");
    let shared = load("(define (f t) (* t (param s))) (define (g t) (* (param s 2) t)) (+ (f x) (g x))");
    let shared = shared.with_params(&[("s", 4.0)]).unwrap();
    same(&shared.redefine("(define (f t) (- t (param s)))").unwrap(), "(+ (- x (param s 4)) (* s x))");
    same(&shared.redefine("(define (f t) '(param s 9) (- t s))").unwrap(), "(+ (- x (param s 4)) (* s x))");
    // In `begin`, several values.
    let nested = "(begin (define a 2) (begin (define-values (b . c) (values x 1)))) (define (f y z) (* a b y z)) (f x 3)";
    for (definition, by_hand) in [
        ("(define a 5)", "(* 5 x x 3)"),
        ("(begin (define a 5))", "(* 5 x x 3)"),
        ("(define-values (b . c) (values (* 2 x) 1))", "(* 2 2 x x 3)"),
        ("(define-values (c b) (values 1 (exp x)))", "(* 2 (exp x) x 3)"),
        ("(define f -)", "(- x 3)"),
    ] {
        same(&load(nested).redefine(definition).unwrap(), by_hand);
    }
}

#[track_caller]
fn refused(result: Result<StringProgram, LoadError>, code: Code, says: &str) {
    let error = result.unwrap_err();
    assert_eq!(error[0].code, code, "{error}");
    assert!(error.to_string().contains(says), "{error}");
}

#[test]
fn what_does_not_go_together() {
    let f = load("(define (g t) (* t x)) (* (g y) (param k 1))");
    refused(f.substitute("z", &f), Code::Unbound, "no input `z`");
    refused(f.compose(&f), Code::Arity, "this one has 2");
    refused(f.substitute("x", &load("(param k 2)")), Code::Duplicate, "has a value already");
    refused(f.redefine("(define (h t) t)"), Code::Unbound, "its definitions are: g");
    refused(f.redefine("(define (g t) t) 1"), Code::BadForm, "one definition");
    refused(f.redefine("(g 1)"), Code::BadForm, "not a definition");
    refused(f.redefine("(define (g t) (* t"), Code::Unclosed, "");
    refused(f.redefine("(define (g a b) 1) "), Code::Arity, "");
    refused(f.redefine("(begin (define (g t) t) (define h 1))"), Code::BadForm, "one definition");
    let pair = load("(define-values (p q) (values x 1)) (* p q)");
    refused(pair.redefine("(define p 1)"), Code::BadForm, "p, q at once");
    refused(pair.redefine("(define-values (p r) (values 1 2))"), Code::BadForm, "p, q at once");
    // A program without inputs.
    refused(load("(+ 1 2)").substitute("x", &f), Code::Unbound, "it has no inputs");
    refused(load("(+ 1 2)").compose(&f), Code::Arity, "it has no inputs");
    // An input of one that is a parameter of the other.
    let (a, b) = (load("(* x k)"), load("(* y (param k 2))"));
    refused(
        a.substitute("x", &b),
        Code::Duplicate,
        "`k` is an input of one program and a parameter of the other",
    );
    refused(
        b.substitute("y", &a),
        Code::Duplicate,
        "`k` is an input of one program and a parameter of the other",
    );
    same(&a.substitute("k", &b).unwrap(), "(* x (* y (param k 2)))");
}

#[test]
fn a_definition_is_within_the_limits_of_a_text() {
    let limits = Limits { source: 100, nesting: 20, ..Limits::default() };
    let model = Interpreter::with_limits(limits).load("(define k 1) (* k x)").unwrap();
    refused(model.redefine(&format!("(define k {}1)", " ".repeat(200))), Code::SourceSize, "may have 100");
    refused(
        model.redefine(&format!("(define k {}1{})", "(- ".repeat(21), ")".repeat(21))),
        Code::TooDeep,
        "",
    );
}

#[test]
fn names_in_texts_are_no_names() {
    // As many stars as there are, the names of the parts are found at once.
    let stars = format!("(begin \"program{}\" (* 2 x))", "*".repeat(500_000));
    let made = load(&stars).substitute("x", &load("(+ program 1)")).unwrap();
    assert_eq!(made.call(&[("program", 2.0)]).unwrap().number(), Some(6.0));
}
