//! Tokens: what the parser reads, wherever they come from.
//!
//! A source hands over tokens one by one and puts what it could not lex among the findings; the
//! parser sees such an atom as [`TokenKind::Bad`] and goes on.

use crate::datum::{Bracket, Kind};
use crate::diag::Diagnostic;
use crate::span::{Place, Span};

/// A token with its place.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands, in the source's positions.
    pub span: Span,
    /// Whether it is the first thing on its line and not indented: the parser takes an opening
    /// bracket there, inside an unclosed one, as a sign of where a closing one is missing.
    pub at_margin: bool,
}

/// The kinds of token.
#[derive(Clone, Debug)]
pub enum TokenKind {
    /// An opening bracket.
    Open(Open),
    /// A closing bracket.
    Close(Bracket),
    /// A closing brace.
    CloseBrace,
    /// A mark of the quotation family.
    Mark(Mark),
    /// The dot of a dotted pair.
    Dot,
    /// `#;`, which drops the datum after it.
    DatumComment,
    /// A datum of one token.
    Atom(Kind),
    /// A Rust expression spliced in: `,name` or `,{…}` in `scheme!`.
    Splice(u32),
    /// An atom that could not be read; the source has reported why.
    Bad,
    /// The source broke off inside a string or comment and has said so; what is open stays so
    /// without a further report. Always the last token.
    Cut,
}

/// The opening brackets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Open {
    /// `(` or `[`
    List(Bracket),
    /// `#(`
    Vector,
    /// `{`, which the source has reported; read as a round list.
    Brace,
}

/// The quotation marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// `'`
    Quote,
    /// `` ` ``
    Quasiquote,
    /// `,`
    Unquote,
    /// `,@`
    UnquoteSplicing,
}

impl Mark {
    /// The mark as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Mark::Quote => "'",
            Mark::Quasiquote => "`",
            Mark::Unquote => ",",
            Mark::UnquoteSplicing => ",@",
        }
    }

    /// The name of the form it stands for.
    pub fn form(self) -> &'static str {
        match self {
            Mark::Quote => "quote",
            Mark::Quasiquote => "quasiquote",
            Mark::Unquote => "unquote",
            Mark::UnquoteSplicing => "unquote-splicing",
        }
    }
}

/// A source of tokens.
pub trait Tokens {
    /// The next token, or none at the end. What could not be lexed goes among the findings.
    fn token(&mut self, findings: &mut Findings) -> Option<Token>;

    /// The line and column of a position, where the source knows them.
    fn place(&self, position: u32) -> Option<Place>;
}

/// The findings of a reading, up to a number.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Diagnostic>,
    most: usize,
}

impl Findings {
    /// None yet, with room for `most`.
    pub fn new(most: usize) -> Self {
        Self { list: Vec::new(), most }
    }

    /// Adds a finding, unless there are as many as are kept.
    pub fn push(&mut self, finding: Diagnostic) {
        if !self.is_full() {
            self.list.push(finding);
        }
    }

    /// Whether there are as many as are kept.
    pub fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    /// The findings in the order of their places.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| (d.span.start, d.span.end));
        self.list
    }
}
