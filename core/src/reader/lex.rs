//! Tokens of a text.
//!
//! Comments and blanks are skipped here. What cannot be a token is reported with its repair where
//! that is known: habits of those who write many languages (code fences, typeset quotes, commas
//! between arguments) are met once each, so that they do not drown a program in findings.

use super::atom::{comma_after, look_alike, quote_after, read_atom};
use super::quoted;
use super::token::{Findings, Mark, Open, Token, TokenKind, Tokens};
use crate::datum::{Bracket, Kind};
use crate::diag::{Code, Diagnostic};
use crate::span::{Place, SourceMap, Span};
use std::cell::OnceCell;

/// The tokens of a text of less than 4 GiB; positions are byte offsets.
pub(super) struct TextTokens<'t> {
    text: &'t str,
    at: usize,
    /// Whether a code fence was reported.
    fenced: bool,
    /// Whether no typeset closing quote is left, so that nobody searches for one again.
    no_more_curly: bool,
    /// Lines and columns, indexed when first asked for.
    lines: OnceCell<SourceMap>,
}

impl<'t> TextTokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Self { text, at, fenced: false, no_more_curly: false, lines: OnceCell::new() }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    /// Skips blanks and comments; in an unclosed comment, gives where it opened.
    fn skip_blanks(&mut self) -> Result<(), usize> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                self.at += blank;
            } else if rest.starts_with(';') {
                self.skip_line();
            } else if rest.starts_with("#|") {
                self.skip_block()?;
            } else {
                return Ok(());
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
    }

    /// Skips a block comment and those inside it.
    fn skip_block(&mut self) -> Result<(), usize> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut open = 0usize;
        while let Some(pair) = bytes.get(self.at..self.at + 2) {
            match pair {
                b"#|" => open += 1,
                b"|#" => open -= 1,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            self.at += 2;
            if open == 0 {
                return Ok(());
            }
        }
        self.at = self.text.len();
        Err(start)
    }

    /// Whether only blanks stand before `start` on its line.
    fn starts_line(&self, start: usize) -> bool {
        self.text[..start]
            .trim_end_matches([' ', '\t'])
            .bytes()
            .next_back()
            .is_none_or(|b| b == b'\n' || b == b'\r')
    }

    /// The token at a character that is neither blank nor begins a comment; none if it was reported
    /// and nothing stands for it.
    fn lex(&mut self, first: char, findings: &mut Findings) -> Option<TokenKind> {
        let start = self.at;
        let rest = self.rest();
        let (kind, length) = match first {
            '(' => (TokenKind::Open(Open::List(Bracket::Round)), 1),
            '[' => (TokenKind::Open(Open::List(Bracket::Square)), 1),
            ')' => (TokenKind::Close(Bracket::Round), 1),
            ']' => (TokenKind::Close(Bracket::Square), 1),
            '{' | '}' => {
                self.at += 1;
                if first == '}' {
                    return Some(TokenKind::CloseBrace);
                }
                let message = "braces do not group in Scheme";
                let finding = Diagnostic::new(Code::BadToken, self.span_from(start), message);
                findings.push(finding.hint(brace(self.text.get(..start).unwrap_or_default(), rest)));
                return Some(TokenKind::Open(Open::Brace));
            }
            '\'' => (TokenKind::Mark(Mark::Quote), 1),
            '`' if rest.starts_with("```") && self.starts_line(start) => {
                self.fence(findings);
                return None;
            }
            '`' => (TokenKind::Mark(Mark::Quasiquote), 1),
            ',' if rest.starts_with(",@") => (TokenKind::Mark(Mark::UnquoteSplicing), 2),
            ',' => (TokenKind::Mark(Mark::Unquote), 1),
            '#' if rest.starts_with("#(") => (TokenKind::Open(Open::Vector), 2),
            '#' if rest.starts_with("#;") => (TokenKind::DatumComment, 2),
            '#' if rest.starts_with("#\\") => return Some(self.character(findings)),
            '"' => return Some(self.quoted('"', findings)),
            '|' => return Some(self.quoted('|', findings)),
            _ if look_alike(first).is_some_and(|c| c != '-') => return self.typeset(first, findings),
            _ => return self.atom(findings),
        };
        self.at += length;
        Some(kind)
    }

    /// An atom, with what may not follow one.
    fn atom(&mut self, findings: &mut Findings) -> Option<TokenKind> {
        let start = self.at;
        self.at += run(self.rest());
        let text = &self.text[start..self.at];
        match self.rest().chars().next() {
            Some(mark @ ('\'' | '`')) => {
                // The quote and what is glued to it are part of the mistake: `x'`, `don't`.
                while self.rest().starts_with(['\'', '`']) {
                    self.at += 1;
                    self.at += run(self.rest());
                }
                findings.push(quote_after(text, mark, self.span_from(start)));
                return Some(TokenKind::Bad);
            }
            Some(',') => {
                let token = self.read(text, start, findings);
                let comma = self.at;
                self.at += if self.rest().starts_with(",@") { 2 } else { 1 };
                findings.push(comma_after(text, self.span_from(comma)));
                return token;
            }
            _ => {}
        }
        self.read(text, start, findings)
    }

    /// What an atom's text stands for.
    fn read(&self, text: &str, start: usize, findings: &mut Findings) -> Option<TokenKind> {
        if text == "." {
            return Some(TokenKind::Dot);
        }
        match read_atom(text, self.span_from(start)) {
            Ok(kind) => Some(TokenKind::Atom(kind)),
            Err(finding) => {
                findings.push(finding);
                // In `#0=(a)` and `#u8(1)` the mistake is part of the datum after it.
                (!self.rest().starts_with(['(', '['])).then_some(TokenKind::Bad)
            }
        }
    }

    fn character(&mut self, findings: &mut Findings) -> TokenKind {
        let start = self.at;
        self.at += 2;
        let Some(first) = self.rest().chars().next() else {
            let message = "`#\\` with no character after it";
            findings.push(Diagnostic::new(Code::BadChar, self.span_from(start), message));
            return TokenKind::Bad;
        };
        let more = if is_delimiter(first) { 0 } else { run(self.rest()) };
        self.at += more.max(first.len_utf8());
        match quoted::character(&self.text[start + 2..self.at], self.span_from(start)) {
            Ok(c) => TokenKind::Atom(Kind::Char(c)),
            Err(finding) => {
                findings.push(finding);
                TokenKind::Bad
            }
        }
    }

    /// A string or a symbol between bars.
    fn quoted(&mut self, quote: char, findings: &mut Findings) -> TokenKind {
        let start = self.at;
        self.at += 1;
        match quoted::delimited(self.text, self.at, quote, findings) {
            Some((value, end)) => {
                self.at = end;
                let value = value.into();
                TokenKind::Atom(if quote == '"' { Kind::Str(value) } else { Kind::Symbol(value) })
            }
            None => {
                let opened = self.span_from(start);
                self.at = self.text.len();
                findings.push(if quote == '"' {
                    Diagnostic::new(Code::BadString, opened, "a string that is never closed")
                        .hint("add a closing `\"`")
                } else {
                    Diagnostic::new(Code::UnclosedComment, opened, "a `|symbol|` that is never closed")
                        .hint("add a closing `|`; alternatives are written `(or a b)`")
                });
                TokenKind::Cut
            }
        }
    }

    /// A line of three backquotes, which text copied from a Markdown page begins and ends with.
    fn fence(&mut self, findings: &mut Findings) {
        let start = self.at;
        self.skip_line();
        if !self.fenced {
            self.fenced = true;
            let finding = Diagnostic::new(
                Code::BadToken,
                self.span_from(start),
                "a code fence is not part of a program",
            );
            findings.push(finding.hint("delete the lines that begin with three backquotes"));
        }
    }

    /// A typeset quotation mark, bracket or comma where a token begins.
    fn typeset(&mut self, first: char, findings: &mut Findings) -> Option<TokenKind> {
        let start = self.at;
        let plain = look_alike(first)?;
        self.at += first.len_utf8();
        let after = self.rest();
        let token = match plain {
            '"' => match self.curly_string() {
                Some(value) => Some(TokenKind::Atom(Kind::Str(value.into()))),
                None => Some(TokenKind::Bad),
            },
            // `‘x’` is one mistake, and so is `‘(1 2)`.
            '\'' if run(after) > 0 => {
                self.at += run(after);
                Some(TokenKind::Bad)
            }
            '\'' => Some(TokenKind::Mark(Mark::Quote)),
            '(' => Some(TokenKind::Open(Open::List(Bracket::Round))),
            ')' => Some(TokenKind::Close(Bracket::Round)),
            _ => None,
        };
        let message =
            format!("`{first}` (U+{:04X}) is not the character `{plain}` that it looks like", first as u32);
        let finding = Diagnostic::new(Code::BadToken, self.span_from(start), message);
        findings.push(match plain {
            '"' => finding.hint("write strings between straight quotes, `\"…\"`"),
            '\'' => finding.hint("write the straight quote, `'`"),
            ',' => finding.hint("nothing but space goes between arguments"),
            _ => finding.hint(format!("write `{plain}`")),
        });
        token
    }

    /// The string up to a typeset closing quote.
    fn curly_string(&mut self) -> Option<&'t str> {
        if self.no_more_curly {
            return None;
        }
        let rest = self.rest();
        let Some(end) = rest.find(|c| look_alike(c) == Some('"')) else {
            self.no_more_curly = true;
            return None;
        };
        let closing = rest[end..].chars().next().map_or(0, char::len_utf8);
        self.at += end + closing;
        Some(&rest[..end])
    }
}

impl Tokens for TextTokens<'_> {
    fn token(&mut self, findings: &mut Findings) -> Option<Token> {
        loop {
            if let Err(start) = self.skip_blanks() {
                let span = Span::new(start as u32, start as u32 + 2);
                let finding =
                    Diagnostic::new(Code::UnclosedComment, span, "a block comment that is never closed");
                findings.push(finding.hint("add `|#`; block comments nest"));
                return Some(Token { kind: TokenKind::Cut, span, at_margin: false });
            }
            let start = self.at;
            let first = self.rest().chars().next()?;
            let at_margin = start == 0 || matches!(self.text.as_bytes()[start - 1], b'\n' | b'\r');
            if let Some(kind) = self.lex(first, findings) {
                return Some(Token { kind, span: self.span_from(start), at_margin });
            }
        }
    }

    fn place(&self, position: u32) -> Option<Place> {
        Some(self.lines.get_or_init(|| SourceMap::new("", self.text)).place(position))
    }
}

/// What to write instead of a brace, by what stands around it.
fn brace(before: &str, from: &str) -> &'static str {
    let inner = from.trim_start_matches(['{', ' ', '\n', '\r', '\t']);
    if before.ends_with(['^', '_', '}'])
        || before.rsplit(is_delimiter).next().is_some_and(|word| word.starts_with('\\'))
    {
        "LaTeX is not read: write (expt x 2), (/ a b), (sqrt x), with a name such as x1 for an index"
    } else if inner.starts_with('"') && inner.trim_start_matches(|c| c != ':').starts_with(':') {
        "a program is not JSON: write its text alone, such as (* a x)"
    } else {
        "write `( )`, or `(begin …)` for several expressions"
    }
}

/// How many bytes of a text go by before a delimiter.
fn run(text: &str) -> usize {
    text.find(is_delimiter).unwrap_or(text.len())
}

/// Whether a character ends an atom. R7RS lets fewer do so and calls the rest an error; that they
/// do here keeps the error to its place.
fn is_delimiter(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '"' | ';' | '\'' | '`' | ',' | '|')
        || c.is_whitespace()
        || !c.is_ascii() && look_alike(c).is_some_and(|plain| !matches!(plain, '-' | '\''))
}
