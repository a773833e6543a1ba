//! R7RS-small, section by section: each case of `cases` as a string, compiled, and lowered to a graph where its
//! structure is known, with equal results. `check_others.sh` holds the same expectations against other Schemes.
//!
//! The compiled form of all cases is the file `compiled.scm`, which `BLESS=1` writes and the next build compiles.

mod case;
mod names;
#[path = "../support/thunks.rs"]
mod thunks;

use case::{Case, cases, file};
use scheme_core::{
    kernel,
    lower::{Lowered, lower},
    prim::Operand,
    reader,
    reference::{Array, Fault as Stopped, call},
};
use scheme_runtime::Interpreter;
use std::fs;

/// What a program gives as a string: its value as `write` shows it, or the code of its first error and the text blamed.
fn string(interpreter: &Interpreter, text: &str) -> String {
    let failed = |d: &scheme_core::diag::Diagnostic| {
        let blamed = text.get(d.span.start as usize..d.span.end as usize).unwrap_or("nothing");
        format!("{} at {}", d.code.as_str(), blamed.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    match interpreter.load(text) {
        Ok(program) => program.call(&[]).map_or_else(|error| failed(&error), |answer| answer.to_string()),
        Err(findings) => failed(&findings[0]),
    }
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with a case, if what was given is not what it expects.
fn compare(case: &Case, given: &str, expected: &str) -> Option<String> {
    (given != expected)
        .then(|| format!("{}: {}\n  gives    {given}\n  expected {expected}", case.place, case.program))
}

#[test]
fn as_strings() {
    let interpreter = Interpreter::new();
    let check = |case: &Case| compare(case, &string(&interpreter, &case.program), &case.expected);
    none(&cases().iter().filter_map(check).collect::<Vec<_>>());
}

#[test]
fn collecting_the_heap_at_every_block() {
    let interpreter = Interpreter::new().stress(true);
    let check = |case: &Case| compare(case, &string(&interpreter, &case.program), &case.expected);
    // Section 3 has long loops, which would take minutes.
    let short = cases().into_iter().filter(|case| !case.place.starts_with("3.scm"));
    none(&short.filter_map(|case| check(&case)).collect::<Vec<_>>());
}

#[test]
fn compiled() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| !case.is_refused()).collect();
    let thunks: String = cases.iter().map(|case| format!("  (lambda ()\n{}\n)\n", case.program)).collect();
    let given = format!("(list\n{thunks})\n");
    if std::env::var_os("BLESS").is_some() {
        fs::write(file("compiled.scm"), given).expect("the file can be written");
        return;
    }
    assert_eq!(include_str!("compiled.scm"), given, "BLESS=1 writes the file");
    let image = thunks::compiled(scheme_macros::scheme_module!("compiled.scm"));
    let mut wrong = Vec::new();
    for (i, case) in cases.iter().enumerate() {
        let given = match thunks::outcome(&image, i) {
            Ok(text) => text,
            Err(fault) => fault.code.as_str().to_string(),
        };
        wrong.extend(compare(case, &given, case.code().unwrap_or(&case.expected)));
    }
    none(&wrong);
}

/// The direct way: lowered to a graph, where nothing else is needed, whose value says whether the program's value is
/// the one expected.
#[test]
fn lowered() {
    let mut wrong = Vec::new();
    let mut direct = 0;
    let cases: Vec<Case> = cases().into_iter().filter(|case| !case.is_refused()).collect();
    for case in &cases {
        match (lowered_outcome(case), case.code()) {
            (None, _) => continue,
            (Some(Ok(true)), None) => {}
            (Some(Err(code)), Some(expected)) if code == expected => {}
            (Some(found), _) => wrong.push(format!(
                "{}: {}\n  found {found:?}, expected {}",
                case.place, case.program, case.expected
            )),
        }
        direct += 1;
    }
    none(&wrong);
    assert!(direct * 3 > cases.len(), "only {direct} of {} were direct", cases.len());
}

/// Whether the program gives what is expected, or the code of its error; `None`, if it is not direct.
fn lowered_outcome(case: &Case) -> Option<Result<bool, String>> {
    let text = match case.code() {
        Some(_) => format!("(begin ((lambda ()\n{}\n)) 0)", case.program),
        None if case.expected.starts_with("#<") => return None,
        None => format!("(equal? ((lambda ()\n{}\n)) '{})", case.program, case.expected),
    };
    let (program, findings) = kernel::desugar(&reader::read(&text).0);
    // An error that every run meets may be found before.
    let Some(program) = program else { return Some(Err(findings[0].code.as_str().to_string())) };
    match lower("case", &program) {
        Ok(Lowered::Direct(direct)) => match call::<f64>(&direct.module, &[]) {
            Ok(values) => Some(Ok(
                matches!(&values[..], [Array { data, .. }] if matches!(data[..], [Operand::Bool(true)])),
            )),
            Err(Stopped::Failed { code }) => Some(Err(code.as_str().to_string())),
            // The reference evaluation recurs on the host's stack and counts steps.
            Err(Stopped::Depth | Stopped::Steps) => None,
            Err(other) => Some(Err(other.to_string())),
        },
        Ok(Lowered::General { .. }) => None,
        Err(findings) => Some(Err(findings[0].code.as_str().to_string())),
    }
}
