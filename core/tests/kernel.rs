//! The kernel by its data: programs with the kernel text or the findings they give, and laws over any.
//!
//! The cases stand in `tests/kernel/*.txt`, each as a title, a text and what desugaring gives: the
//! kernel program, if there is one, then a line per finding with its hint. `BLESS=1` writes what is
//! given into the files.

use scheme_core::diag::Diagnostic;
use scheme_core::kernel::{self, Program};
use scheme_core::reader;
use scheme_core::span::SourceMap;
use std::fmt::Write as _;
use std::path::Path;

fn desugar(text: &str) -> (Option<Program>, Vec<Diagnostic>) {
    let (data, findings) = reader::read(text);
    assert_eq!(findings, [], "{text}");
    kernel::desugar(&data)
}

/// What desugaring a text gives, as the case files write it.
fn outcome(text: &str) -> String {
    let (program, findings) = desugar(text);
    let source = SourceMap::new("", text);
    let mut lines = String::new();
    if let Some(program) = program {
        writeln!(lines, "{program}").unwrap();
    }
    for Diagnostic { code, span, message, hint } in findings {
        let place = source.place(span.start);
        let token = &text[span.start as usize..span.end as usize];
        writeln!(lines, "{}@{}:{} `{token}` {message}", code.as_str(), place.line, place.column).unwrap();
        if let Some(hint) = hint {
            writeln!(lines, "    {hint}").unwrap();
        }
    }
    lines
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kernel").join(file);
    let written = std::fs::read_to_string(&path).unwrap();
    let mut blessed = String::new();
    for case in written.split_terminator("====\n") {
        let (title, rest) = case.split_once('\n').unwrap();
        let text = rest.split_once("----\n").unwrap().0;
        write!(blessed, "{title}\n{text}----\n{}====\n", outcome(text.trim_end())).unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, blessed).unwrap();
    } else {
        assert_eq!(written, blessed, "{file}: BLESS=1 accepts what is given");
    }
}

#[test]
fn core_forms() {
    check("core.txt");
}

#[test]
fn derived_forms() {
    check("derived.txt");
}

#[test]
fn definitions() {
    check("definitions.txt");
}

#[test]
fn programs_and_inputs() {
    check("programs.txt");
}

#[test]
fn malformed_forms() {
    check("malformed.txt");
}

#[test]
fn habits() {
    check("habits.txt");
}

#[test]
fn calls_that_fail_in_every_run() {
    check("calls.txt");
}

#[test]
fn quasiquotes() {
    check("quasiquote.txt");
}
