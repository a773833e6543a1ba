//! Findings as messages of the Rust compiler: errors on the offending tokens, warnings likewise.

use crate::source::{Source, expression};
use proc_macro2::{Ident, Span as RustSpan, TokenStream};
use quote::{quote, quote_spanned};
use scheme_core::diag::Diagnostic;

/// An expression that is all the errors at once. It has the type that fits anywhere, so nothing else
/// is reported for it. The Rust expressions stay: they are used, checked, and completed in an editor.
pub(crate) fn errors(source: &Source, findings: &[Diagnostic]) -> TokenStream {
    let errors = findings.iter().filter(|f| !f.is_warning()).map(|finding| {
        let message = source.message(finding);
        let (start, end) = source.rust_spans(finding.span);
        // The error is drawn from the first span of these tokens to the last.
        let body = quote_spanned!(end=> { #message });
        quote_spanned!(start=> ::core::compile_error! #body)
    });
    let splices = sound(&source.splices);
    quote!({ #(let _ = #splices;)* #(#errors)* })
}

/// Statements that warn, by using deprecated items: the one way a stable macro has.
pub(crate) fn warnings(source: &Source, findings: &[Diagnostic]) -> TokenStream {
    let warnings = findings.iter().filter(|f| f.is_warning()).map(|finding| {
        let message = source.message(finding);
        let (start, _) = source.rust_spans(finding.span);
        let name = Ident::new("scheme_warning", start);
        quote! {{
            #[deprecated(note = #message)]
            const fn #name() {}
            #name();
        }}
    });
    quote!(#(#warnings)*)
}

/// What stands for a program whose tokens came without places. An editor is shown nothing wrong and
/// still sees the Rust expressions; rustc, which has lost the places only where another macro made
/// the tokens, is told.
pub(crate) fn uncertain(splices: &[TokenStream]) -> TokenStream {
    if RustSpan::call_site().source_text().is_none() {
        let splices = sound(splices);
        return quote!({ #(let _ = #splices;)* ::core::panic!("a program without places") });
    }
    let message = "the tokens of this program have no places, so its names cannot be told apart: write it as scheme!(\"…\")";
    quote!(::core::compile_error!(#message))
}

/// The splices that Rust can parse: the others have been reported, or are being typed.
fn sound(splices: &[TokenStream]) -> impl Iterator<Item = &TokenStream> {
    splices.iter().filter(|splice| expression(splice).is_ok())
}
