//! Rust tokens as a source for the reader.
//!
//! Tokens that touch are one atom, which the reader's own function reads, so that a program means
//! the same here and as a text. The differences are those that Rust's tokens force, each decided here:
//!
//! - A `- * ! &` glued to a name at the head of a round list is the operator, since rustfmt writes
//!   `(- x)` as `(-x)`. Before a number it is split off only where the list has no other element and
//!   is no data (`quote`, `quasiquote`, a clause of `case`): there `(-3)` is a list of a number. What
//!   else rustfmt does to a program in parentheses, such as `(a.b)` for `(a . b)`, `(f - 3)` for
//!   `(f -3)` and `(a - b)` for `(a-b)`, cannot be told from what a programmer may have written;
//!   braces keep programs as they are.
//! - Outside a quasiquote `,name` and `,{…}` splice; inside one they unquote.
//! - Comments of Rust are comments too, also where a name holds `//` or `/*`: Rust drops them first.
//! - Strings have Scheme's escapes, and Rust's where Scheme cannot read them.
//!
//! Positions of spans are indices into [`TokenProgram::spans`].

mod pieces;
#[cfg(test)]
mod tests;

use pieces::{Piece, PieceKind};
use proc_macro2::{Delimiter, TokenStream};
use quote::ToTokens as _;
use scheme_core::datum::{Bracket, Datum, Kind};
use scheme_core::diag::{Code, Diagnostic};
use scheme_core::reader::{self, Findings, Limits, Mark, Open, Token, TokenKind, Tokens};
use scheme_core::span::{Place, Span};

/// A program read from tokens.
pub(crate) struct TokenProgram {
    /// Its data.
    pub(crate) data: Vec<Datum>,
    /// What is wrong with it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The tokens' spans, by position.
    pub(crate) spans: Vec<proc_macro2::Span>,
    /// The Rust expressions that [`Kind::Splice`] numbers.
    pub(crate) splices: Vec<TokenStream>,
    /// Whether the tokens came without places, as some editors give them: then neither data nor
    /// findings are given, and the caller should expand to something harmless.
    pub(crate) uncertain: bool,
}

impl TokenProgram {
    /// The spans of the first and the last token of a place.
    pub(crate) fn ends(&self, span: Span) -> (proc_macro2::Span, proc_macro2::Span) {
        let at = |position: u32| self.spans.get(position as usize).or(self.spans.last()).copied();
        let or_call = |span: Option<_>| span.unwrap_or_else(proc_macro2::Span::call_site);
        (or_call(at(span.start)), or_call(at(span.end.saturating_sub(1).max(span.start))))
    }
}

/// Reads the program that a stream of tokens holds.
pub(crate) fn read(stream: TokenStream) -> TokenProgram {
    let (pieces, certain) = pieces::lay_out(stream);
    let spans = pieces.iter().map(|piece| piece.span).collect();
    if !certain {
        let splices = pieces.into_iter().filter_map(Piece::into_rust).collect();
        return TokenProgram { data: Vec::new(), diagnostics: Vec::new(), spans, splices, uncertain: true };
    }
    let mut source = RustTokens { pieces, ..RustTokens::default() };
    let (data, diagnostics) = reader::read_tokens(&mut source, Limits::default());
    TokenProgram { data, diagnostics, spans, splices: source.splices, uncertain: false }
}

#[derive(Default)]
struct RustTokens {
    pieces: Vec<Piece>,
    at: usize,
    /// The list being read.
    list: List,
    /// The lists around it.
    outer: Vec<List>,
    /// Whether an unquote was the last token.
    unquoted: bool,
    splices: Vec<TokenStream>,
}

/// What is known of a list being read, or of the whole program.
#[derive(Default)]
struct List {
    /// Whether it is a round list, whose head may be an operator.
    round: bool,
    /// Whether its head is `case`.
    case: bool,
    /// Whether it is a clause of `case`, whose first item is data.
    clause: bool,
    /// How many quasiquotes are around its items.
    quasi: u32,
    /// Whether its items are data rather than expressions.
    data: bool,
    /// How many items have begun.
    items: usize,
}

impl Tokens for RustTokens {
    fn token(&mut self, findings: &mut Findings) -> Option<Token> {
        while self.at < self.pieces.len() {
            let start = self.at;
            if let Some(kind) = self.lex(findings) {
                return Some(Token { kind, span: self.span_from(start), at_margin: false });
            }
        }
        None
    }

    fn place(&self, position: u32) -> Option<Place> {
        let at = self.pieces.get(position as usize)?.span.start();
        Some(Place { line: u32::try_from(at.line).ok()?, column: u32::try_from(at.column + 1).ok()? })
    }
}

impl RustTokens {
    fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    /// The kind of the piece at a position, if it touches the one before.
    fn glued(&self, at: usize) -> Option<&PieceKind> {
        self.pieces.get(at).filter(|piece| piece.glued).map(|piece| &piece.kind)
    }

    /// Takes pieces as a token.
    fn take(&mut self, count: usize, kind: TokenKind) -> Option<TokenKind> {
        self.at += count;
        Some(kind)
    }

    /// The token at the next piece; none if it was reported and nothing stands for it.
    fn lex(&mut self, findings: &mut Findings) -> Option<TokenKind> {
        let unquoted = std::mem::take(&mut self.unquoted);
        let piece = &self.pieces[self.at];
        match &piece.kind {
            PieceKind::Open(Delimiter::Bracket) => self.open(1, Open::List(Bracket::Square), unquoted),
            PieceKind::Open(Delimiter::Brace) => {
                let token = self.open(1, Open::Brace, unquoted);
                let message = "braces do not group in Scheme";
                let finding = Diagnostic::new(Code::BadToken, self.span_from(self.at - 1), message);
                findings.push(finding.hint("write `( )`; a Rust expression is spliced in as `,{…}`"));
                token
            }
            PieceKind::Open(_) => self.open(1, Open::List(Bracket::Round), unquoted),
            PieceKind::Close(delimiter) => {
                let token = match delimiter {
                    Delimiter::Bracket => TokenKind::Close(Bracket::Square),
                    Delimiter::Brace => TokenKind::CloseBrace,
                    Delimiter::Parenthesis | Delimiter::None => TokenKind::Close(Bracket::Round),
                };
                self.list = self.outer.pop().unwrap_or_default();
                self.take(1, token)
            }
            PieceKind::Rust(expression) => {
                let splice = expression.clone();
                self.at += 1;
                self.list.items += 1;
                Some(self.splice(splice))
            }
            PieceKind::Unclosed => {
                let token = self.take(1, TokenKind::Cut);
                let message = "a block comment that is never closed";
                let finding = Diagnostic::new(Code::UnclosedComment, self.span_from(self.at - 1), message);
                findings.push(finding.hint("add `|#`; block comments nest"));
                token
            }
            PieceKind::Literal(text) if !piece.is_atomic() => {
                let read = literal(text, Span::new(self.at as u32, self.at as u32 + 1));
                self.list.items += 1;
                self.take(1, or_report(read, findings))
            }
            PieceKind::Punct('\'') => self.take(1, TokenKind::Mark(Mark::Quote)),
            PieceKind::Punct(',') => self.comma(findings),
            PieceKind::Punct('#') => match self.glued(self.at + 1) {
                Some(PieceKind::Punct(';')) => self.take(2, TokenKind::DatumComment),
                Some(PieceKind::Open(Delimiter::Parenthesis)) => self.open(2, Open::Vector, unquoted),
                _ => self.atom(findings),
            },
            PieceKind::Punct(_) | PieceKind::Word(_) | PieceKind::Literal(_) => self.atom(findings),
        }
    }

    fn open(&mut self, pieces: usize, open: Open, unquoted: bool) -> Option<TokenKind> {
        let list = &mut self.list;
        let quasi = list.quasi - u32::from(unquoted && list.quasi > 0);
        let inner = List {
            round: open == Open::List(Bracket::Round),
            clause: list.case && list.items >= 2,
            data: quasi > 0 || list.data && !unquoted || list.clause && list.items == 0,
            quasi,
            ..List::default()
        };
        list.items += 1;
        self.outer.push(std::mem::replace(list, inner));
        self.take(pieces, TokenKind::Open(open))
    }

    /// A comma: a splice, or an unquote inside a quasiquote.
    fn comma(&mut self, findings: &mut Findings) -> Option<TokenKind> {
        let start = self.at;
        let next = start + 1;
        self.unquoted = true;
        if matches!(self.glued(next), Some(PieceKind::Punct('@'))) {
            return self.take(2, TokenKind::Mark(Mark::UnquoteSplicing));
        }
        self.at += 1;
        if self.list.quasi > 0 {
            return Some(TokenKind::Mark(Mark::Unquote));
        }
        match self.pieces.get(next).map(|piece| &piece.kind) {
            // The expression is the next token.
            Some(PieceKind::Rust(_)) => None,
            Some(PieceKind::Word(name)) if self.is_spliced(next) => {
                let end = self.atom_end(next);
                let is_name = end == next + 1 && syn::parse2::<syn::Ident>(name.to_token_stream()).is_ok();
                let name = name.to_token_stream();
                self.at = end;
                self.list.items += 1;
                self.unquoted = false;
                if is_name {
                    return Some(self.splice(name));
                }
                let text = self.text(next, end);
                let message = format!("`,{text}` does not splice, since `{text}` is not a Rust variable");
                let finding = Diagnostic::new(Code::BadToken, self.span_from(start), message);
                findings.push(finding.hint("`,name` splices a variable, `,{expression}` any expression"));
                Some(TokenKind::Bad)
            }
            _ => Some(TokenKind::Mark(Mark::Unquote)),
        }
    }

    /// Whether the name at a piece belongs to the comma before it: it touches it, or a macro's variable
    /// has brought it there from somewhere else.
    fn is_spliced(&self, at: usize) -> bool {
        let (comma, name) = (self.pieces[at - 1].span.end(), self.pieces[at].span.start());
        self.pieces[at].glued || comma.line != name.line || name < comma
    }

    fn splice(&mut self, expression: TokenStream) -> TokenKind {
        self.splices.push(expression);
        TokenKind::Splice(self.splices.len() as u32 - 1)
    }

    /// Where the atom that begins at a piece ends.
    fn atom_end(&self, start: usize) -> usize {
        let more = self.pieces[start + 1..].iter().take_while(|piece| piece.glued && piece.is_atomic());
        start + 1 + more.count()
    }

    fn text(&self, start: usize, end: usize) -> String {
        let mut text = String::new();
        self.pieces[start..end].iter().for_each(|piece| piece.push_to(&mut text));
        text
    }

    fn atom(&mut self, findings: &mut Findings) -> Option<TokenKind> {
        let start = self.at;
        let end = if self.is_operator(start) { start + 1 } else { self.atom_end(start) };
        let text = self.text(start, end);
        self.at = end;
        self.list.items += 1;
        match self.glued(end) {
            Some(PieceKind::Punct('\'')) => {
                while matches!(self.glued(self.at), Some(PieceKind::Punct('\''))) {
                    self.at = self.atom_end(self.at);
                }
                findings.push(reader::quote_after(&text, '\'', self.span_from(start)));
                return Some(TokenKind::Bad);
            }
            Some(PieceKind::Punct(',')) => {
                let splicing = matches!(self.glued(end + 1), Some(PieceKind::Punct('@')));
                self.at += if splicing { 2 } else { 1 };
                findings.push(reader::comma_after(&text, self.span_from(end)));
            }
            _ => {}
        }
        let span = Span::new(start as u32, end as u32);
        if text == "." {
            return Some(TokenKind::Dot);
        }
        if text == "||" && !self.list.data {
            // No name here: the kernel says how it is written.
            return Some(TokenKind::Atom(Kind::Symbol(text.into())));
        }
        if text.contains('|') {
            let finding = Diagnostic::new(Code::BadToken, span, "a `|` cannot stand among Rust tokens");
            findings.push(finding.hint(
                "a procedure is `(lambda (x) …)`; for `|symbols|` pass the program as a string, `scheme!(\"…\")`",
            ));
            return Some(TokenKind::Bad);
        }
        let read = reader::read_atom(&text, span).map(TokenKind::Atom);
        if let Ok(TokenKind::Atom(Kind::Symbol(name))) = &read {
            self.list.note_head(name);
        } else if read.is_err() && matches!(self.glued(end), Some(PieceKind::Open(_))) {
            // As in a text: the mistake in `#u8(1)` is part of the datum after it.
            or_report(read, findings);
            return None;
        }
        Some(or_report(read, findings))
    }

    /// Whether a mark at the head of a list is an operator, whatever it touches.
    fn is_operator(&self, at: usize) -> bool {
        let PieceKind::Punct(mark @ ('-' | '*' | '!' | '&')) = self.pieces[at].kind else { return false };
        if !self.list.round || self.list.items > 0 {
            return false;
        }
        match self.glued(at + 1) {
            Some(PieceKind::Word(_)) => true,
            Some(_) if mark == '-' && !self.list.data => {
                let end = self.atom_end(at);
                let only = matches!(self.pieces.get(end).map(|piece| &piece.kind), Some(PieceKind::Close(_)));
                only && reader::parse_number(&self.text(at, end), 10).is_ok()
            }
            _ => false,
        }
    }
}

impl List {
    /// Takes note of the symbol that was just read, if it is the head.
    fn note_head(&mut self, name: &str) {
        if !self.round || self.items != 1 {
            return;
        }
        match name {
            "quote" => self.data = true,
            "quasiquote" => (self.quasi, self.data) = (self.quasi + 1, true),
            "unquote" | "unquote-splicing" if self.quasi > 0 => {
                self.quasi -= 1;
                self.data = self.quasi > 0;
            }
            "case" => self.case = !self.data,
            _ => {}
        }
    }
}

fn or_report(read: Result<TokenKind, Diagnostic>, findings: &mut Findings) -> TokenKind {
    read.unwrap_or_else(|finding| {
        findings.push(finding);
        TokenKind::Bad
    })
}

/// A literal of Rust that is no number.
fn literal(text: &str, span: Span) -> Result<TokenKind, Diagnostic> {
    let new = |code, message: String| Diagnostic::new(code, span, message);
    if text.starts_with('"') {
        let (data, findings) = reader::read(text);
        if let ([Datum { kind: kind @ Kind::Str(_), .. }], []) = (data.as_slice(), findings.as_slice()) {
            return Ok(TokenKind::Atom(kind.clone()));
        }
    }
    if text.starts_with(['"', 'r']) {
        return match syn::parse_str::<syn::LitStr>(text) {
            Ok(string) if string.suffix().is_empty() => Ok(TokenKind::Atom(Kind::Str(string.value().into()))),
            _ => Err(new(Code::BadString, "a string runs into what follows it".into())
                .hint("put a space after it")),
        };
    }
    if text.starts_with('\'') {
        return Err(new(Code::BadChar, format!("{text} is a character of Rust and not of Scheme"))
            .hint("`#\\a` cannot stand among Rust tokens: pass the program as a string, `scheme!(\"…\")`"));
    }
    Err(new(Code::BadToken, format!("{text} is a literal of Rust that Scheme has none for")))
}
