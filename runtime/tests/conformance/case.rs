//! A case of the suite: a program and what it gives.
//!
//! ```text
//! ; a comment
//! (define (twice x) (* 2 x))
//! (twice 4)
//! => 8
//! r7rs => 8
//! ```
//!
//! What stands after `=>` is the value as `write` shows it, or `E0502 at (car 5)`: the code of the error and the
//! text that it blames. The line `r7rs =>` stands only where the language differs by its own decision: it is
//! what R7RS-small gives, `-` where R7RS-small has no such program or leaves the value open.

use std::{fs, path::PathBuf};

/// A program and what it gives.
pub(crate) struct Case {
    /// The file and the line of the expectation.
    pub(crate) place: String,
    pub(crate) program: String,
    pub(crate) expected: String,
}

impl Case {
    /// The code, if an error is expected.
    pub(crate) fn code(&self) -> Option<&str> {
        self.expected.split_once(" at ").map(|(code, _)| code).filter(|code| is_code(code))
    }

    /// Whether the program is refused when it is read and checked, so that none of it runs.
    pub(crate) fn is_refused(&self) -> bool {
        self.code().is_some_and(|code| code < "E04")
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 5 && text.starts_with('E') && text[1..].bytes().all(|b| b.is_ascii_digit())
}

/// A file of this test's folder.
pub(crate) fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "conformance", name].iter().collect()
}

/// All cases, in the order of their sections.
pub(crate) fn cases() -> Vec<Case> {
    let folder = fs::read_dir(file("cases")).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a file of cases");
        parse(&path.file_name().expect("a name").to_string_lossy(), &text)
    };
    paths.into_iter().flat_map(read).collect()
}

fn parse(file: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut program = String::new();
    for (number, line) in text.lines().enumerate() {
        let place = || format!("{file}:{}", number + 1);
        if let Some(expected) = line.strip_prefix("=> ") {
            let program = std::mem::take(&mut program).trim().to_string();
            assert!(!program.is_empty(), "{}: no program", place());
            cases.push(Case { place: place(), program, expected: expected.to_string() });
        } else if line.starts_with("r7rs => ") {
            assert!(program.trim().is_empty(), "{}: no expectation", place());
        } else if !(program.is_empty() && (line.starts_with(';') || line.is_empty())) {
            program.push_str(line);
            program.push('\n');
        }
    }
    assert!(program.trim().is_empty(), "{file}: no expectation at the end: {program}");
    cases
}
