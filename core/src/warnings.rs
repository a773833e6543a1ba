//! Warnings about a program that compiles: what it says is probably not what was meant.
//!
//! Most are about inputs, since any name that nothing binds is one: an input that the result does not depend
//! on, an input without a derivative, a name that looks like a slip of the keyboard. A string is also told of
//! constants that the language does not bind and of names that hide others, in a time that is linear in its text.

mod constants;
mod idle;
mod reach;
mod shadow;
mod slips;
mod text;

use crate::{
    diag::{Code, Diagnostic},
    gives::gives,
    kernel::{Declared, Local, LocalInfo, Program},
    lower::{Arrangement, Direct},
};
use reach::Reach;
use slips::Slips;

/// The warnings about a program and what it was lowered to, in the order of their places.
///
/// An input that starts with `_` is unused on purpose; one that goes through `stop-gradient` has no
/// derivative on purpose.
pub fn warnings(program: &Program, direct: &Direct) -> Vec<Diagnostic> {
    let leaves = reach::reach(&direct.module);
    let mut leaves = leaves.as_slice();
    let mut reach = Vec::new();
    for input in &direct.inputs {
        let (of_input, rest) = leaves.split_at(input.leaves().min(leaves.len()));
        leaves = rest;
        reach.push(of_input.iter().copied().max().unwrap_or(Reach::None));
    }
    let number = direct.result != Arrangement::Bool;
    let inputs = program.inputs.iter().copied().zip(reach);
    about_all(program, inputs, number)
}

/// The warnings about a program that runs on general values, as far as its text shows them; `number` says
/// whether it may give something that has a derivative.
pub fn general_warnings(program: &Program, number: bool) -> Vec<Diagnostic> {
    about_all(program, constants(program), number)
}

/// The warnings about a program from a string, as far as its text shows them, in the order of their places: those
/// of [`general_warnings`], names of constants that the language does not have, and names that hide others.
pub fn text_warnings(program: &Program) -> Vec<Diagnostic> {
    let constants = constants(program);
    // Few programs need to be asked what they give.
    let number = constants.iter().all(|(_, reach)| *reach != Reach::Flat) || gives(program).is_number();
    let mut slips = Slips::new(program, true);
    let mut warnings = about(program, constants, number, &mut slips);
    warnings.extend(shadow::warnings(program));
    warnings.extend(idle::warnings(program));
    sorted(warnings)
}

/// The inputs and parameters, and how they reach the value as far as the text shows.
fn constants(program: &Program) -> Vec<(Local, Reach)> {
    let reach = text::reach(program);
    let constants = program.inputs.iter().copied().chain(program.params.iter().map(|param| param.local));
    constants.map(|local| (local, reach.get(local.0 as usize).copied().unwrap_or(Reach::None))).collect()
}

fn about_all(
    program: &Program,
    constants: impl IntoIterator<Item = (Local, Reach)>,
    number: bool,
) -> Vec<Diagnostic> {
    sorted(about(program, constants, number, &mut Slips::new(program, false)))
}

/// How many warnings are given of a program, the first in its text: more tell nothing new.
const MOST: usize = 100;

fn sorted(mut warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    warnings.sort_by_key(|warning| (warning.span.start, warning.span.end));
    warnings.truncate(MOST);
    warnings
}

fn about(
    program: &Program,
    constants: impl IntoIterator<Item = (Local, Reach)>,
    number: bool,
    slips: &mut Slips<'_>,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (local, reach) in constants {
        let Some(info) = program.locals.get(local.0 as usize) else { continue };
        // What gives no number has no gradient either, nor is there one by a truth value.
        let truth = || program.declared.contains(&(local, Declared::Bool));
        let reach = if reach == Reach::Flat && (!number || truth()) { Reach::Open } else { reach };
        // A slip explains the rest.
        warnings.extend(slips.slip(local, info).or_else(|| without_effect(info, reach)));
    }
    warnings
}

fn without_effect(info: &LocalInfo, reach: Reach) -> Option<Diagnostic> {
    let name = &info.name;
    match reach {
        Reach::None if !name.starts_with('_') => Some(
            Diagnostic::new(
                Code::Unused,
                info.span,
                format!("the result does not depend on the input `{name}`"),
            )
            .hint(format!("take it out, or call it `_{name}`")),
        ),
        Reach::Flat => Some(
            Diagnostic::new(
                Code::ZeroGradient,
                info.span,
                format!(
                    "the gradient by `{name}` is always 0: it reaches the result only through conditions, comparisons or rounding"
                ),
            )
            .hint(format!("make the step smooth with sigmoid, or write (stop-gradient {name}) if that is meant")),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel, lower::Lowered, reader};

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let (data, _) = reader::read(text);
        let (program, findings) = kernel::desugar(&data);
        let program = program.unwrap_or_else(|| panic!("{findings:?}"));
        let Ok(Lowered::Direct(direct)) = crate::lower::lower("test", &program) else { panic!("{text}") };
        let found = warnings(&program, &direct).into_iter().map(|warning| {
            let hint = warning.hint.unwrap_or_default();
            let place = &text[warning.span.start as usize..warning.span.end as usize];
            format!("{} {place}: {hint}", warning.code.as_str())
        });
        assert_eq!(found.collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn operations_without_spaces() {
        check("(+ x**2 a*b)", &["W0301 x**2: write (expt x 2)", "W0301 a*b: write (* a b)"]);
        check("(* -x !y)", &["W0301 -x: write (- x)", "W0301 !y: write (not y)"]);
        check(
            "(+ a=1 b<c)",
            &["W0301 a=1: write (define a 1), or (= a 1) to compare", "W0301 b<c: write (< b c)"],
        );
        // Signs that are common in names count only between names of the program.
        check("(+ g/L mass-1 k-b x->y c* <limit> a^ +b)", &[]);
        check("(+ a b a-b a/2)", &["W0301 a-b: write (- a b)", "W0301 a/2: write (/ a 2)"]);
    }

    #[test]
    fn mentions_tell_of_general_programs() {
        #[track_caller]
        fn check(text: &str, number: bool, expect: &[&str]) {
            let (program, findings) = kernel::desugar(&reader::read(text).0);
            let program = program.unwrap_or_else(|| panic!("{findings:?}"));
            let found = general_warnings(&program, number).into_iter().map(|warning| {
                let place = &text[warning.span.start as usize..warning.span.end as usize];
                format!("{} {place}", warning.code.as_str())
            });
            assert_eq!(found.collect::<Vec<_>>(), expect, "{text}");
        }
        check("(apply + (map (lambda (i) (if (> i t) i x)) (iota n)))", true, &["W0501 t", "W0501 n"]);
        check("(> (length (iota n)) t)", false, &[]);
        check("(lambda (x unused) (apply + (list x)))", true, &["W0201 unused"]);
        check("(list-ref (list x y) (floor i))", true, &["W0501 i"]);
        check("(apply + (list x (stop-gradient y)))", true, &[]);
        check("(list-ref (list (param k 1) x) (round (param m 0)))", true, &["W0501 m"]);
        check("(if (> (apply + (list x)) (* 2 k)) (apply + (list x)) 0)", true, &["W0501 k"]);
        check("(let ((edge (* 2 k))) (if (> x edge) (apply + (list x)) 0))", true, &["W0501 k"]);
        check("(define (f a b) (if (> a b) a 0)) (apply + (list (f x k)))", true, &["W0501 k"]);
        check("(define (f a b) (if (> a b) a (f b a))) (apply + (list (f x k)))", true, &[]);
        check("(apply + (map (lambda (n) (if (> n k) n 0)) (list x)))", true, &["W0501 k"]);
        check("(define (unused a) (* a k)) (apply + (list x))", true, &["W0201 k"]);
        check("(assert (> k 0)) (apply + (list x))", true, &["W0501 k"]);
        check("(if (> x 0) (apply + (list x)) (error \"negative\" x k))", true, &["W0501 k"]);
        check("(vsum (linspace 0 x n))", true, &["W0501 n"]);
        check("((car (list (lambda (a b) (if (> a b) a 0)))) x k)", true, &[]);
    }

    #[test]
    fn texts_are_told_of_more() {
        #[track_caller]
        fn check(text: &str, expect: &[&str]) {
            let (program, findings) = kernel::desugar(&reader::read(text).0);
            let program = program.unwrap_or_else(|| panic!("{findings:?}"));
            let found = text_warnings(&program).into_iter().map(|warning| {
                let place = &text[warning.span.start as usize..warning.span.end as usize];
                format!("{} {place}: {}", warning.code.as_str(), warning.hint.unwrap_or_default())
            });
            assert_eq!(found.collect::<Vec<_>>(), expect, "{text}");
        }
        check("(* 2 pi r)", &["W0301 pi: write (define pi 3.141592653589793)"]);
        check(
            "(* pii math.pi r)",
            &[
                "W0301 pii: write (define pi 3.141592653589793)",
                "W0301 math.pi: write (define pi 3.141592653589793)",
            ],
        );
        check("(lambda (pi) (* 2 pi))", &[]);
        check("(define pi 3) (* 2 pi)", &[]);
        check("(expt e x)", &["W0301 e: write (exp 1), and (exp x) for its powers"]);
        check("(if true x 0)", &["W0301 true: write #t"]);
        check("(map sqaure (list x))", &["W0301 sqaure: did you mean `square`?"]);
        check("(apply sqaure (list x))", &["W0301 sqaure: did you mean `square`?"]);
        check("(define (law v) (* v dist)) (+ bound (law vmax))", &[]);
        check("(* scales floors sines)", &[]);
        check("(let ((x 1)) (let ((x 2)) (* x y)))", &["W0202 x: give one of them another name"]);
        check("(define k 2) (define (f k) (* k y)) (f 3)", &["W0202 k: give one of them another name"]);
        check("(define (f x) (let ((x (* 2 x))) x)) (f y)", &[]);
        check("(define (f n) (let loop ((n n) (s 0)) (if (> n 0) (loop (- n 1) (+ s y)) s))) (f 3)", &[]);
        check("(let* ((x 1) (x (+ x 1))) (* x y))", &[]);
        check("(define (square x) (* x x)) (square y)", &[]);
        check("(define (f list) (car list)) (f (cons y 1))", &[]);
        check(
            "(define (f list) (list list 1)) (f y)",
            &["W0202 list: give what hides the procedure `list` another name"],
        );
        check("(map (lambda (x) (* x x)) (list y))", &[]);
    }

    #[test]
    fn slips_of_the_keyboard() {
        check("(define velocity 3) (* velocty m)", &["W0301 velocty: did you mean `velocity`?"]);
        check("(let ((alpha 1)) (* alhpa alpha))", &["W0301 alhpa: did you mean `alpha`?"]);
        check("(define rate1 3) (* rate2 rate1)", &[]);
        check("(* rates ratez)", &[]);
        check("(define beta 2) (* bet beta)", &[]);
        check("(lambda (alpha) (let ((alphb alpha)) alphb))", &[]);
    }

    #[test]
    fn inputs_without_effect() {
        check("(lambda (x y _z) x)", &["W0201 y: take it out, or call it `_y`"]);
        check(
            "(floor x)",
            &["W0501 x: make the step smooth with sigmoid, or write (stop-gradient x) if that is meant"],
        );
    }
}
