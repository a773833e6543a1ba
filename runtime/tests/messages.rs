//! What rustc says on misuse. `TRYBUILD=overwrite cargo test --test messages` accepts new texts.

#[test]
fn misuse_is_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/api/*.rs");
}
