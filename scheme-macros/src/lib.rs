//! The `scheme!` macro: a thin shell over ordinary functions.
//!
//! It knows the language through `scheme-core` only.
#![forbid(unsafe_code)]

mod tokens;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use scheme_core::diag::Diagnostic;
use tokens::TokenProgram;

/// Reads a program and gives the text of its data; what cannot be read is a compile error.
#[proc_macro]
pub fn scheme(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

fn expand(input: TokenStream) -> TokenStream {
    let program = tokens::read(input);
    if program.uncertain {
        return quote!("");
    }
    if !program.diagnostics.is_empty() {
        return program.diagnostics.iter().map(|finding| compile_error(&program, finding)).collect();
    }
    let splices = &program.splices;
    let text: Vec<_> = program.data.iter().map(ToString::to_string).collect();
    let text = text.join(" ").into_token_stream();
    quote!({ #(let _: f64 = #splices;)* #text })
}

/// A compile error on the tokens that a finding names.
fn compile_error(program: &TokenProgram, finding: &Diagnostic) -> TokenStream {
    let (first, last) = program.ends(finding.span);
    let mut message = finding.message.clone();
    if let Some(hint) = &finding.hint {
        message.push_str(&format!("\n  = hint: {hint}"));
    }
    // The compiler draws the place from the first to the last token of the invocation.
    let body = quote_spanned!(last => { #message });
    quote_spanned!(first => ::core::compile_error! #body)
}
