//! Derivatives inside the language, nested in each other.

use scheme_core::diag::Diagnostic;
use scheme_runtime::{Answer, Interpreter};

/// The answer of a program without inputs as text, or the code, line and column of what ends it and the message.
fn answer(interpreter: &Interpreter, text: &str) -> String {
    let program = interpreter.load(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let located = |d: &Diagnostic| {
        let at = program.source().place(d.span.start);
        format!("{} {}:{} {}", d.code.as_str(), at.line, at.column, d.message)
    };
    match program.call(&[]) {
        Ok(Answer::Number(x)) => x.to_string(),
        Ok(Answer::Bool(b)) => b.to_string(),
        Ok(Answer::Text(text)) => text,
        Err(error) => located(&error),
    }
}

/// The same with the heap collected at every block.
#[track_caller]
fn check(text: &str, expect: &str) {
    for stress in [false, true] {
        assert_eq!(answer(&Interpreter::new().stress(stress), text), expect, "{text}, stress: {stress}");
    }
}

#[test]
fn jvp_has_value_and_tangent() {
    check("(jvp (lambda (x) (* x x x)) 2 1)", "(8 12)");
    check("(jvp (lambda (x y) (* x y)) 2 3 10 100)", "(6 230)");
    check("(jvp (lambda (x) (list x 'a (* x x) \"s\" #t)) 3 2)", "((3 a 9 \"s\" #t) (2 a 12 \"s\" #t))");
    check("(jvp (lambda (p) (+ (car p) (* 2 (cdr p)))) '(1 . 2) '(10 . 100))", "(5 210)");
    check("(jvp (lambda (x) 5) 2 1)", "(5 0)");
    check("(jvp sin 0 3)", "(0 3)");
    check("(apply jvp (list * 2 3 1 0))", "(6 3)");
}

#[test]
fn vjp_has_value_and_pullback() {
    check("((cadr (vjp (lambda (x) (* x x x)) 2)) 1)", "12");
    check("((cadr (vjp (lambda (x y) (* x y)) 2 3)) 10)", "(30 20)");
    check("((cadr (vjp (lambda (l) (list (* (car l) (cadr l)) (car l))) '(2 3))) '(1 10))", "(13 2)");
    check("(car (vjp (lambda (x) (list x (* x x))) 3))", "(3 9)");
    check("((cadr (vjp (lambda (x) 5) 2)) 1)", "0");
}

/// Derivatives of a number by a number, in forward mode and in reverse.
const D: &str = "(define (fwd f) (lambda (x) (cadr (jvp f x 1))))
    (define (rev f) (lambda (x) ((cadr (vjp f x)) 1)))";

/// Checks the program with the two derivatives that it calls `inner` and `outer` in each mode.
#[track_caller]
fn in_all_modes(text: &str, expect: &str) {
    for outer in ["fwd", "rev"] {
        for inner in ["fwd", "rev"] {
            check(&format!("{D} (define outer {outer}) (define inner {inner}) {text}"), expect);
        }
    }
}

#[test]
fn perturbations_are_not_confused() {
    in_all_modes("((outer (lambda (x) (* x ((inner (lambda (y) (+ x y))) 1)))) 1)", "1");
    in_all_modes("((outer (lambda (x) (* x ((inner (lambda (y) (* x y))) 2)))) 3)", "6");
    in_all_modes("((outer (lambda (x) ((inner (lambda (y) (* x x y y y))) x))) 2)", "96");
    in_all_modes("((outer (inner (lambda (x) (* x x x x)))) 2)", "48");
    in_all_modes("(define (f x) (lambda (y) (* x (sin y)))) ((outer (lambda (x) ((inner (f x)) 0))) 5)", "1");
}
