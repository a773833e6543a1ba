//! The macros of scheme-runtime.
#![forbid(unsafe_code)]

mod emit_machine;
mod module;

use proc_macro::TokenStream;

/// Compiles a file, given relative to the package's folder, for the explicit machine.
#[proc_macro]
pub fn scheme_module(input: TokenStream) -> TokenStream {
    module::expand(input.into()).into()
}
