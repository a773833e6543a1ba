//! `scheme!`: Scheme in Rust, compiled when Rust is.
//!
//! A thin shell: Rust tokens, a string or a file come in ([`source`]), `scheme-core` reads, resolves,
//! lowers and differentiates them ([`compile`]), Rust goes out ([`emit`]). Users depend on
//! `scheme-runtime`, which re-exports the macros and holds what the emitted code names.
#![forbid(unsafe_code)]

mod angle;
mod compile;
mod emit;
mod report;
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

/// Lets `scheme!<…>` stand for `scheme! { … }` in the Rust code in its braces.
///
/// A macro of Rust is called with `()`, `[]` or `{}` alone; inside another macro's braces the angle
/// brackets arrive as they are.
#[proc_macro]
pub fn angle(input: TokenStream) -> TokenStream {
    angle::rewrite(input.into()).into()
}
