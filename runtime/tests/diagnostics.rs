//! What people are shown of programs that go wrong, by data: `diagnostics/*.txt` hold texts and what is drawn of
//! them, which `BLESS=1` writes.

#[path = "../../core/tests/golden/mod.rs"]
mod golden;

use scheme_runtime::{Interpreter, Limits};

/// What is drawn of a program that is loaded, and run with every input 1.
fn drawn(text: &str) -> String {
    let limits = Limits { steps: 1_000_000, depth: 1000, ..Limits::default() };
    let program = match Interpreter::with_limits(limits).load(text) {
        Ok(program) => program,
        Err(errors) => return format!("{errors}\n"),
    };
    let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
    match program.call(&inputs) {
        Ok(value) => format!("{value}\n"),
        Err(error) => format!("{}\n", error.render(program.source())),
    }
}

#[test]
fn the_calls_that_waited() {
    golden::check("diagnostics/calls.txt", drawn);
}
