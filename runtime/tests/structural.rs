//! Every structural row on data: files of `expression => value` or `=> code message`, by family, run
//! as strings. `BLESS=1` writes what is given; a reader of R7RS decides whether that is right.

use scheme_core::prim::Structural;
use scheme_runtime::Interpreter;
use std::{collections::HashSet, fmt::Write as _, fs, path::PathBuf};

const FAMILIES: [&str; 6] = ["chars", "identity", "lists", "numbers", "strings", "vectors"];

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

fn file(family: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "structural", &format!("{family}.txt")].iter().collect()
}

/// The expressions of a family's file.
fn cases(written: &str) -> impl Iterator<Item = &str> {
    let lines = written.lines().filter(|line| line.starts_with('(') || line.starts_with('\''));
    lines.map(|line| line.split_once(" => ").map_or(line, |(expression, _)| expression))
}

#[track_caller]
fn check(family: &str) {
    let interpreter = Interpreter::new();
    let written = fs::read_to_string(file(family)).unwrap();
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
    if std::env::var_os("BLESS").is_some() {
        fs::write(file(family), blessed).unwrap();
    } else {
        assert_eq!(written, blessed, "{family}: BLESS=1 accepts what is given");
    }
}

#[test]
fn chars() {
    check("chars");
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
fn every_row_has_a_case() {
    let files = FAMILIES.map(|family| fs::read_to_string(file(family)).unwrap());
    let words: HashSet<&str> = files
        .iter()
        .flat_map(|written| cases(written))
        .flat_map(|case| case.split(|c: char| c.is_whitespace() || "()'".contains(c)))
        .collect();
    for row in Structural::ALL {
        let name = row.row().name;
        assert!(name.starts_with('%') || words.contains(name), "{name} has no case");
    }
}
