//! Warnings about a program that compiles: what it says is probably not what was meant.
//!
//! All of them are about inputs, since any name that nothing binds is one: an input that the result
//! does not depend on, an input without a derivative, a name that looks like a slip of the keyboard.

mod mentions;
mod reach;

use crate::{
    diag::{Code, Diagnostic},
    kernel::{ExprKind, Local, LocalInfo, Program, infix_name, misspelt},
    lower::{Arrangement, Direct},
};
use reach::Reach;

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
    let mentions = mentions::mentions(program);
    let constants = program.inputs.iter().copied().chain(program.params.iter().map(|param| param.local));
    let reach = |local: &Local| mentions.get(local).copied().unwrap_or(Reach::None);
    about_all(program, constants.map(|local| (local, reach(&local))), number)
}

fn about_all(
    program: &Program,
    constants: impl Iterator<Item = (Local, Reach)>,
    number: bool,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (local, reach) in constants {
        let info = &program.locals[local.0 as usize];
        // Where the program binds its inputs itself they are called so on purpose.
        let slip = slip(program, info).filter(|_| is_free(program, local));
        // What gives no number has no gradient either.
        let reach = if reach == Reach::Flat && !number { Reach::Open } else { reach };
        // A slip explains the rest.
        warnings.extend(slip.or_else(|| about(info, reach)));
    }
    warnings.sort_by_key(|warning| (warning.span.start, warning.span.end));
    warnings
}

fn about(info: &LocalInfo, reach: Reach) -> Option<Diagnostic> {
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

/// Whether nothing binds an input: then its place is that of its first use.
fn is_free(program: &Program, input: Local) -> bool {
    let place = program.locals[input.0 as usize].span;
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if expr.span == place && matches!(expr.kind, ExprKind::Local(local) if local == input) {
            return true;
        }
        expr.each_child(&mut |child| todo.push(child));
    }
    false
}

/// An input by mistake.
fn slip(program: &Program, info: &LocalInfo) -> Option<Diagnostic> {
    let others = || {
        let others = program.locals.iter().filter(|other| !other.prelude && other.name != info.name);
        others.map(|other| &*other.name)
    };
    let finding = |message: String, hint| Diagnostic::new(Code::NearName, info.span, message).hint(hint);
    let name = &info.name;
    if let Some(written) = infix_name(name, |part| others().any(|other| other == part)) {
        return Some(finding(format!("`{name}` is one name, and so an input"), format!("write {written}")));
    }
    let bound = program.locals.iter().enumerate().filter(|(at, other)| {
        !other.prelude && program.inputs.iter().chain(&program.captures).all(|input| input.0 as usize != *at)
    });
    let near = misspelt(name, bound.map(|(_, other)| &*other.name))?;
    Some(finding(format!("nothing binds `{name}`, and so it is an input"), format!("did you mean `{near}`?")))
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
