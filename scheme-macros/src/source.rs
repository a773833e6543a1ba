//! Where a program comes from: Rust tokens, a string literal, a file.
//!
//! A [`Source`] has data and findings, and knows how to say a place to the Rust compiler. What Rust
//! knows better than the reader of tokens is added here: which tokens touch, that brackets are balanced,
//! what an expression is.

use crate::tokens::{self, TokenProgram};
use proc_macro2::{Span as RustSpan, TokenStream};
use quote::{quote, quote_spanned};
use scheme_core::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    reader,
    span::{Place, SourceMap, Span},
};
use std::{
    mem::take,
    path::{Path, PathBuf},
};
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
    /// Positions are token indices, moved apart where the tokens do not touch.
    Tokens { read: TokenProgram, apart: Apart },
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
        let (mut data, mut findings) = (take(&mut read.data), take(&mut read.diagnostics));
        let splices = take(&mut read.splices);
        findings.iter_mut().for_each(explain_brackets);
        check_splices(&data, &splices, &mut findings);
        let apart = Apart::new(&read.spans);
        data.iter_mut().for_each(|datum| apart.place(datum));
        findings.iter_mut().for_each(|finding| finding.span = apart.span(finding.span));
        let text: Vec<String> = data.iter().map(Datum::to_string).collect();
        Self {
            data,
            findings,
            splices,
            text: text.join(" "),
            watch: TokenStream::new(),
            places: Places::Tokens { read, apart },
        }
    }

    /// The program in the file that a literal names, relative to the file of the call.
    pub(crate) fn file(stream: TokenStream) -> Result<Self, TokenStream> {
        let literal = parse2::<LitStr>(stream.clone()).map_err(|_| {
            let message =
                "`scheme_file!` takes one string: the path of a program, as in scheme_file!(\"model.scm\")";
            let mut ends = stream.into_iter().map(|token| token.span());
            let first = ends.next().unwrap_or_else(RustSpan::call_site);
            let message = quote_spanned!(ends.last().unwrap_or(first)=> { #message });
            quote_spanned!(first=> ::core::compile_error! #message)
        })?;
        Self::read(&literal.value(), &resolve(&literal), literal.span())
    }

    fn read(name: &str, path: &Path, literal: RustSpan) -> Result<Self, TokenStream> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("cannot read `{}`: {error} [E1101]", path.display());
            quote_spanned!(literal=> ::core::compile_error!(#message))
        })?;
        let path = path.to_string_lossy();
        let watch = quote!(
            const _: &::core::primitive::str = ::core::include_str!(#path);
        );
        Ok(Self::text(name, text, literal, watch))
    }

    fn text(name: &str, text: String, literal: RustSpan, watch: TokenStream) -> Self {
        let (data, findings) = reader::read(&text);
        let map = SourceMap::new(name, text.clone());
        Self { data, findings, splices: Vec::new(), text, watch, places: Places::Text { map, literal } }
    }

    /// The Rust spans of the first and the last token of a place.
    pub(crate) fn rust_spans(&self, span: Span) -> (RustSpan, RustSpan) {
        match &self.places {
            Places::Tokens { read, apart } => read.ends(apart.tokens(span)),
            Places::Text { literal, .. } => (*literal, *literal),
        }
    }

    /// The message of a finding, with its place drawn where Rust's own caret cannot point at it.
    pub(crate) fn message(&self, finding: &Diagnostic) -> String {
        match &self.places {
            Places::Tokens { .. } => {
                let hint = finding.hint.as_ref().map(|h| format!("\n  hint: {h}")).unwrap_or_default();
                format!("{} [{}]{hint}", finding.message, finding.code.as_str())
            }
            Places::Text { map, .. } => finding.render(map),
        }
    }

    /// Whether the tokens came without places, so that the program cannot be read.
    pub(crate) fn is_uncertain(&self) -> bool {
        matches!(&self.places, Places::Tokens { read, .. } if read.uncertain)
    }

    /// The line and column of a place: of the program's text, or of the Rust file.
    pub(crate) fn place(&self, span: Span) -> Place {
        match &self.places {
            Places::Tokens { .. } => {
                let start = self.rust_spans(span).0.start();
                Place { line: start.line as u32, column: start.column as u32 + 1 }
            }
            Places::Text { map, .. } => map.place(span.start),
        }
    }
}

/// Positions of tokens with one left out wherever two do not touch, so that data touch where they do in
/// the text: `f(x)` is recognised by it.
struct Apart(Vec<u32>);

impl Apart {
    fn new(spans: &[RustSpan]) -> Self {
        let mut positions = Vec::with_capacity(spans.len());
        let mut next = 0;
        for (i, span) in spans.iter().enumerate() {
            let touches = i > 0 && spans[i - 1].end() == span.start();
            next += u32::from(!touches);
            positions.push(next);
            next += 1;
        }
        Self(positions)
    }

    /// The positions of a range of tokens.
    fn span(&self, tokens: Span) -> Span {
        let position = |token: u32| self.0.get(token as usize).copied().unwrap_or_default();
        let start = position(tokens.start);
        let end = if tokens.end > tokens.start { position(tokens.end - 1) + 1 } else { start };
        Span::new(start, end.max(start))
    }

    /// The tokens of a range of positions.
    fn tokens(&self, span: Span) -> Span {
        let token = |position: u32| self.0.partition_point(|at| *at < position) as u32;
        Span::new(token(span.start), token(span.end))
    }

    /// Moves a datum and all in it.
    fn place(&self, datum: &mut Datum) {
        let mut todo = vec![datum];
        while let Some(datum) = todo.pop() {
            datum.span = self.span(datum.span);
            match &mut datum.kind {
                Kind::List { items, tail, .. } => {
                    todo.extend(items);
                    todo.extend(tail.as_deref_mut());
                }
                Kind::Vector(items) => todo.extend(items),
                _ => {}
            }
        }
    }
}

/// Brackets of Rust are balanced, so what closes one that seems unbalanced is in a comment.
fn explain_brackets(finding: &mut Diagnostic) {
    let other = match finding.code {
        Code::Unclosed => "closing",
        Code::Unopened => "opening",
        _ => return,
    };
    finding.hint =
        Some(format!("the {other} bracket is in a comment, which goes from `;` to the end of the line"));
}

/// Notes what is spliced and is no expression: the compiler could not say where it is.
fn check_splices(data: &[Datum], splices: &[TokenStream], findings: &mut Vec<Diagnostic>) {
    let mut todo: Vec<&Datum> = data.iter().collect();
    while let Some(datum) = todo.pop() {
        match &datum.kind {
            Kind::List { items, tail, .. } => {
                todo.extend(items);
                todo.extend(tail.as_deref());
            }
            Kind::Vector(items) => todo.extend(items),
            Kind::Splice(n) => {
                let Some(splice) = splices.get(*n as usize) else { continue };
                let wrong = match expression(splice) {
                    _ if splice.is_empty() => "there is no expression in `,{}`".to_string(),
                    Err(error) => format!("this is not an expression of Rust: {error}"),
                    Ok(_) => continue,
                };
                let finding = Diagnostic::new(Code::BadToken, datum.span, wrong);
                findings.push(finding.hint("`,name` and `,{expression}` splice a number of Rust"));
            }
            _ => {}
        }
    }
}

/// Rust tokens as an expression.
pub(crate) fn expression(splice: &TokenStream) -> syn::Result<syn::Expr> {
    parse2(splice.clone())
}

fn resolve(literal: &LitStr) -> PathBuf {
    let here = literal.span().unwrap().local_file().and_then(|file| Some(file.parent()?.to_owned()));
    let base = here.or_else(|| std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)).unwrap_or_default();
    let path = base.join(literal.value());
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_core::kernel;

    fn source(text: &str) -> Source {
        Source::inline(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")))
    }

    /// The codes found in a program, with the text's columns of their first and last token.
    #[track_caller]
    fn check(text: &str, expect: &[(Code, usize, usize)]) {
        let source = source(text);
        let (_, findings) = kernel::desugar(&source.data);
        let found = source.findings.iter().chain(&findings).map(|finding| {
            let (first, last) = source.rust_spans(finding.span);
            (finding.code, first.start().column, last.end().column)
        });
        assert_eq!(found.collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn data_touch_where_tokens_do() {
        check("(define (f x) x) y (f 2)", &[]);
        check("(begin x (sqrt y))", &[]);
        check("(+ x /* a comment */(f y))", &[(Code::UnknownProcedure, 21, 22)]);
        check("(+ sin(x) 1)", &[(Code::Habit, 3, 9)]);
        check("f->g(x)", &[(Code::Habit, 0, 7)]);
        check("f (g x)", &[(Code::UnknownProcedure, 3, 4)]);
    }

    #[test]
    fn places_are_those_of_the_tokens() {
        check("(x->y-z 1 ,k)", &[(Code::UnknownProcedure, 1, 7)]);
        check("(* 2 1.2.3)", &[(Code::BadNumber, 5, 10)]);
        check("((lambda (x) x) 1 2)", &[(Code::Arity, 1, 15)]);
        check("", &[(Code::Empty, 0, 0)]);
    }

    #[test]
    fn splices_are_expressions() {
        check("(* ,{a + b} ,c ,{f(1)?.x as f64} x)", &[]);
        check("(* ,{1 +} x)", &[(Code::BadToken, 4, 9)]);
        check("(* ,{} x)", &[(Code::BadToken, 4, 6)]);
        check("(* ,{a; b} x)", &[(Code::BadToken, 4, 10)]);
    }

    /// The compiler tracks what `include_str!` names, so that editing a program's file rebuilds.
    #[test]
    fn files_are_watched() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let read = |path| Source::read("model.scm", path, RustSpan::call_site());
        let Ok(source) = read(&path) else { panic!("{}", path.display()) };
        let watch = source.watch.to_string().replace(' ', "");
        assert!(
            watch.contains(&format!("::core::include_str!({:?})", path.display().to_string())),
            "{watch}"
        );
        let Err(error) = read(Path::new("/no/such/file.scm")) else { panic!("no error") };
        let error = error.to_string();
        assert!(error.contains("compile_error") && error.contains("/no/such/file.scm"), "{error}");
    }

    #[test]
    fn brackets_are_lost_in_comments() {
        let source = source("(f ; x)\n");
        assert!(source.findings[0].hint.as_deref().is_some_and(|hint| hint.contains("comment")));
    }
}
