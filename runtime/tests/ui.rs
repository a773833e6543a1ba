//! What a user is told of a program that is wrong: messages, carets, hints.

#[test]
fn programs() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/program/*.rs");
}
