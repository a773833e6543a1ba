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
