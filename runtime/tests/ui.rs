//! What a user is told of a program that is wrong, and of a wrong use of the Rust face: messages, carets, hints.
//!
//! `TRYBUILD=overwrite cargo test --test ui` accepts new texts.

use std::process::Command;

/// The release of rustc whose wording the stored messages have.
const WORDING: &str = "rustc 1.95.";

#[test]
fn messages() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    if version.starts_with(WORDING.as_bytes()) {
        cases.compile_fail("tests/ui/program/*.rs");
        cases.compile_fail("tests/ui/api/*.rs");
    }
}

/// The example of the page on angle brackets is one of the cases.
#[test]
fn the_page_on_brackets_runs() {
    let page = include_str!("../../scheme-macros/src/angle.md");
    let code = page.split("```").nth(1).and_then(|block| block.strip_prefix("rust\n"));
    assert_eq!(code, Some(include_str!("ui/pass/angle.rs")));
}
