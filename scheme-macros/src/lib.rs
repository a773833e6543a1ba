//! `scheme!`: Scheme in Rust, compiled when Rust is.
//!
//! A thin shell: Rust tokens, a string or a file come in (`source`), `scheme-core` reads, resolves,
//! lowers and differentiates them (`compile`), Rust goes out (`emit`). Users depend on
//! `scheme-runtime`, which re-exports the macros and holds what the emitted code names.
#![forbid(unsafe_code)]

mod angle;
mod compile;
mod emit;
mod emit_general;
mod emit_machine;
#[cfg(test)]
mod formatting;
mod module;
mod report;
mod shell;
mod source;
mod tokens;

use proc_macro::TokenStream;

/// Compiles a Scheme program written in place.
///
/// The program stands in braces, which rustfmt leaves alone; other brackets work as well. Free names
/// are the inputs, in order of first appearance; `,name` and `,{expression}` splice a Rust number of
/// the surrounding scope. A single string literal is taken as the program's text, for what is not
/// made of Rust tokens.
///
/// The value is a compiled function: see the documentation of `scheme-runtime`.
///
/// Mistakes are errors on their tokens, all of them at once. What compiles and is probably not meant, such
/// as an input that has no derivative, is warned of as a deprecation, since that is the one warning that a
/// macro can give: `#[allow(deprecated)]` on the function or statement around silences it.
#[proc_macro]
pub fn scheme(input: TokenStream) -> TokenStream {
    compile::compile(source::Source::inline(input.into())).into()
}

/// Compiles a Scheme program from a file.
///
/// The path is relative to the file of the call, as for `include_str!`; editing the file rebuilds.
#[proc_macro]
pub fn scheme_file(input: TokenStream) -> TokenStream {
    match source::Source::file(input.into()) {
        Ok(source) => compile::compile(source).into(),
        Err(error) => error.into(),
    }
}

/// Compiles a Scheme program from a file for the explicit machine of `scheme-runtime`.
///
/// The path is relative to the file of the call, as for `include_str!`; editing the file rebuilds.
/// The value is the machine's `&'static Module`.
#[doc(hidden)]
#[proc_macro]
pub fn scheme_module(input: TokenStream) -> TokenStream {
    match source::Source::file(input.into()) {
        Ok(source) => module::module(&source).into(),
        Err(error) => error.into(),
    }
}

#[cfg_attr(not(doctest), doc = include_str!("angle.md"))]
#[proc_macro]
pub fn angle(input: TokenStream) -> TokenStream {
    angle::rewrite(input.into()).into()
}
