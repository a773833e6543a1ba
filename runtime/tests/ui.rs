//! What a user is told of a program that is wrong, and of a wrong use of the Rust face: messages, carets, hints; and what nothing is
//! said of.
//!
//! `TRYBUILD=overwrite cargo test --test ui` accepts new texts. Programs that are right are modules here, since with one to be built
//! trybuild would build all that it only checks.

use std::process::Command;

#[path = "ui/pass/no_prelude.rs"]
mod no_prelude;
#[path = "ui/pass/quiet.rs"]
mod quiet;
#[path = "ui/pass/warnings.rs"]
mod warnings;

/// The release of rustc whose wording the stored messages have.
const WORDING: &str = "rustc 1.95.";

#[test]
fn messages() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    if version.starts_with(WORDING.as_bytes()) {
        let cases = trybuild::TestCases::new();
        cases.compile_fail("tests/ui/program/*.rs");
        cases.compile_fail("tests/ui/api/*.rs");
    }
}

mod angle {
    include!("ui/pass/angle.rs");

    /// It is the example of the page on angle brackets.
    #[test]
    fn the_page_on_brackets_runs() {
        main();
        let page = include_str!("../../scheme-macros/src/angle.md");
        let code = page.split("```").nth(1).and_then(|block| block.strip_prefix("rust\n"));
        assert_eq!(code, Some(include_str!("ui/pass/angle.rs")));
    }
}
