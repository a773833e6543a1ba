//! Every row of the table, and every procedure of the prelude, on data: files of `expression => value` or `=> code message`, by family, run
//! as strings and compiled. `BLESS=1` writes what is given; a reader of R7RS decides whether that is
//! right. The compiled form of all cases is the file `all.scm`, which is blessed too, and takes effect in
//! the next build.

#[path = "support/thunks.rs"]
mod thunks;

use scheme_core::prim::Prim;
use scheme_runtime::{Interpreter, machine::Fault};
use std::{collections::HashSet, fmt::Write as _, fs, path::PathBuf};

const FAMILIES: [&str; 10] = [
    "arithmetic",
    "arrays",
    "chars",
    "derivatives",
    "identity",
    "lists",
    "numbers",
    "random",
    "strings",
    "vectors",
];

/// The value as `write` shows it, or the code of the error and its message.
fn outcome(interpreter: &Interpreter, text: &str) -> String {
    let failed = |d: &scheme_core::diag::Diagnostic| format!("{} {}", d.code.as_str(), d.message);
    let program = match interpreter.load(text) {
        Ok(program) => program,
        Err(findings) => return failed(&findings[0]),
    };
    match program.call(&[]) {
        Ok(answer) => answer.to_string(),
        Err(error) => failed(&error),
    }
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "structural", name].iter().collect()
}

fn family(name: &str) -> String {
    fs::read_to_string(file(&format!("{name}.txt"))).unwrap()
}

/// The expressions of a family's file.
fn cases(written: &str) -> impl Iterator<Item = &str> {
    let lines = written.lines().filter(|line| line.starts_with('(') || line.starts_with('\''));
    lines.map(|line| line.split_once(" => ").map_or(line, |(expression, _)| expression))
}

/// Compares a file with what it should be, or writes that.
#[track_caller]
fn settle(name: &str, written: &str, given: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(file(name), given).unwrap();
    } else {
        assert_eq!(written, given, "{name}: BLESS=1 accepts what is given");
    }
}

#[track_caller]
fn check(name: &str) {
    let interpreter = Interpreter::new();
    let written = family(name);
    let mut blessed = String::new();
    for line in written.lines() {
        match cases(line).next() {
            Some(expression) => {
                let given = outcome(&interpreter, expression);
                assert_eq!(outcome(&Interpreter::new().stress(true), expression), given, "{expression}");
                writeln!(blessed, "{expression} => {given}").unwrap();
            }
            None => writeln!(blessed, "{line}").unwrap(),
        }
    }
    settle(&format!("{name}.txt"), &written, &blessed);
}

#[test]
fn arithmetic() {
    check("arithmetic");
}

#[test]
fn arrays() {
    check("arrays");
}

#[test]
fn chars() {
    check("chars");
}

#[test]
fn derivatives() {
    check("derivatives");
}

#[test]
fn identity() {
    check("identity");
}

#[test]
fn lists() {
    check("lists");
}

#[test]
fn numbers() {
    check("numbers");
}

#[test]
fn strings() {
    check("strings");
}

#[test]
fn vectors() {
    check("vectors");
}

#[test]
fn random() {
    check("random");
}

#[test]
fn compiled_cases_give_the_same() {
    let families = FAMILIES.map(family);
    let all: Vec<&str> = families.iter().flat_map(|written| cases(written)).collect();
    let thunks: String = all.iter().map(|case| format!("  (lambda () {case})\n")).collect();
    settle("all.scm", include_str!("structural/all.scm"), &format!("(list\n{thunks})\n"));
    let image = thunks::compiled(scheme_macros::scheme_module!("structural/all.scm"));
    let lines = families.iter().flat_map(|written| written.lines());
    let expected = lines.filter_map(|line| line.split_once(" => "));
    for (i, (case, expected)) in expected.enumerate() {
        let given = match thunks::outcome(&image, i) {
            Ok(text) => text,
            Err(fault) => {
                let Fault { code, message, .. } = *fault;
                format!("{} {message}", code.as_str())
            }
        };
        assert_eq!(given, expected, "{case}");
    }
}

/// Here, or in the suites of R7RS and of programs, which run their cases in both engines too.
#[test]
fn every_row_has_a_case() {
    let mut texts: Vec<String> =
        FAMILIES.map(|name| cases(&family(name)).collect::<Vec<_>>().join(" ")).into();
    for folder in ["../conformance/cases", "../programs/cases"] {
        for entry in fs::read_dir(file(folder)).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let code = text.lines().filter(|line| !line.contains("=>") && !line.starts_with(';'));
            texts.extend(code.map(String::from));
        }
    }
    let delimited = |c: char| c.is_whitespace() || "()[]'`,\"".contains(c);
    let words: HashSet<&str> = texts.iter().flat_map(|text| text.split(delimited)).collect();
    let prelude = include_str!("../../core/src/kernel/prelude.scm").lines();
    let defined = prelude
        .filter_map(|line| line.strip_prefix("(define "))
        .map(|rest| rest.trim_start_matches('(').split([' ', ')']).next().expect("a split has a first part"));
    let names: HashSet<&str> = Prim::names().chain(defined).filter(|name| !name.starts_with('%')).collect();
    assert!(names.len() > 200, "{}", names.len());
    let mut without: Vec<&&str> = names.difference(&words).collect();
    without.sort_unstable();
    assert!(without.is_empty(), "no case of {without:?}");
}
