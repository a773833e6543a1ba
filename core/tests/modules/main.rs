//! Modules of functions: their texts, invariants, transforms and derivatives.

#[path = "../laws/big.rs"]
mod big;
mod cases;
mod generate;
#[path = "../golden/mod.rs"]
mod golden;
#[path = "../graphs/generate.rs"]
mod graphs;
mod laws;
mod programs;
mod random;
mod text;
mod unreached;

use scheme_core::anf::{Module, verify_module};

/// Reads a module, which must verify.
fn parse(text: &str) -> Module {
    let module = Module::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    verify_module(&module).unwrap_or_else(|violation| panic!("{violation}\n{text}"));
    module
}
