//! What a user is told of a program that is wrong: messages, carets, hints.

#[test]
fn programs() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/program/*.rs");
}

/// The example of the page on angle brackets is one of the cases.
#[test]
fn the_page_on_brackets_runs() {
    let page = include_str!("../../scheme-macros/src/angle.md");
    let code = page.split("```").nth(1).and_then(|block| block.strip_prefix("rust\n"));
    assert_eq!(code, Some(include_str!("ui/pass/angle.rs")));
}
