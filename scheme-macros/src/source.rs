//! Where a program comes from: Rust tokens, a string literal, a file.
//!
//! A [`Source`] has data and findings, and knows how to say a place to the Rust compiler.

use crate::tokens::{self, TokenProgram};
use proc_macro2::{Span as RustSpan, TokenStream};
use quote::{quote, quote_spanned};
use scheme_core::{
    datum::Datum,
    diag::Diagnostic,
    reader,
    span::{Place, SourceMap, Span},
};
use std::{mem::take, path::PathBuf};
use syn::{LitStr, parse2};

/// A program as read, with its places.
pub(crate) struct Source {
    /// The data.
    pub(crate) data: Vec<Datum>,
    /// What the reader found wrong.
    pub(crate) findings: Vec<Diagnostic>,
    /// The Rust expressions spliced in.
    pub(crate) splices: Vec<TokenStream>,
    /// The program's text.
    pub(crate) text: String,
    /// Items that make the compiler watch the program's file.
    pub(crate) watch: TokenStream,
    places: Places,
}

enum Places {
    /// Positions are token indices.
    Tokens(TokenProgram),
    /// Positions are bytes of a text that stands in, or is named by, a literal.
    Text { map: SourceMap, literal: RustSpan },
}

impl Source {
    /// The program in the brackets of `scheme!`: a lone string literal holds its text.
    pub(crate) fn inline(stream: TokenStream) -> Self {
        if let Ok(literal) = parse2::<LitStr>(stream.clone()) {
            return Self::text("scheme!", literal.value(), literal.span(), TokenStream::new());
        }
        let mut read = tokens::read(stream);
        let text: Vec<String> = read.data.iter().map(Datum::to_string).collect();
        Self {
            data: take(&mut read.data),
            findings: take(&mut read.diagnostics),
            splices: take(&mut read.splices),
            text: text.join(" "),
            watch: TokenStream::new(),
            places: Places::Tokens(read),
        }
    }

    /// The program in the file that a literal names, relative to the file of the call.
    pub(crate) fn file(stream: TokenStream) -> Result<Self, TokenStream> {
        let literal = parse2::<LitStr>(stream.clone()).map_err(|_| {
            let message = "`scheme_file!` takes one string: the path of a program, as in scheme_file!(\"model.scm\")";
            let mut ends = stream.into_iter().map(|token| token.span());
            let first = ends.next().unwrap_or_else(RustSpan::call_site);
            let message = quote_spanned!(ends.last().unwrap_or(first)=> { #message });
            quote_spanned!(first=> ::core::compile_error! #message)
        })?;
        let path = resolve(&literal);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let message = format!("cannot read `{}`: {error} [E1101]", path.display());
            quote_spanned!(literal.span()=> ::core::compile_error!(#message))
        })?;
        let absolute = path.to_string_lossy().into_owned();
        let watch = quote!(
            const _: &::core::primitive::str = ::core::include_str!(#absolute);
        );
        Ok(Self::text(&literal.value(), text, literal.span(), watch))
    }

    fn text(name: &str, text: String, literal: RustSpan, watch: TokenStream) -> Self {
        let (data, findings) = reader::read(&text);
        let map = SourceMap::new(name, text.clone());
        Self { data, findings, splices: Vec::new(), text, watch, places: Places::Text { map, literal } }
    }

    /// The Rust spans of the first and the last token of a place.
    pub(crate) fn rust_spans(&self, span: Span) -> (RustSpan, RustSpan) {
        match &self.places {
            Places::Tokens(read) => read.ends(span),
            Places::Text { literal, .. } => (*literal, *literal),
        }
    }

    /// The message of a finding, with its place drawn where Rust's own caret cannot point at it.
    pub(crate) fn message(&self, finding: &Diagnostic) -> String {
        match &self.places {
            Places::Tokens(_) => {
                let hint = finding.hint.as_ref().map(|h| format!("\n  hint: {h}")).unwrap_or_default();
                format!("{} [{}]{hint}", finding.message, finding.code.as_str())
            }
            Places::Text { map, .. } => finding.render(map),
        }
    }

    /// Whether the tokens came without places, so that the program cannot be read.
    pub(crate) fn is_uncertain(&self) -> bool {
        matches!(&self.places, Places::Tokens(read) if read.uncertain)
    }

    /// The line and column of a place: of the program's text, or of the Rust file.
    pub(crate) fn place(&self, span: Span) -> Place {
        match &self.places {
            Places::Tokens(_) => {
                let start = self.rust_spans(span).0.start();
                Place { line: start.line as u32, column: start.column as u32 + 1 }
            }
            Places::Text { map, .. } => map.place(span.start),
        }
    }
}

fn resolve(literal: &LitStr) -> PathBuf {
    let here = literal.span().unwrap().local_file().and_then(|file| Some(file.parent()?.to_owned()));
    let base = here.or_else(|| std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)).unwrap_or_default();
    let path = base.join(literal.value());
    std::path::absolute(&path).unwrap_or(path)
}
