//! The reader takes any text.
#![no_main]

#[path = "../../tests/fuzz/checks.rs"]
#[expect(dead_code, reason = "other targets use the rest")]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::reader(bytes));
