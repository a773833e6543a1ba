//! The parser: tokens to datums, on a stack of its own.
//!
//! Recovery aims at one finding per mistake. A closing bracket of the wrong kind closes the open
//! one, and what that leaves unbalanced afterwards is not reported again; of brackets that are
//! never closed the innermost is named, with all that is missing at the end.

use super::Limits;
use super::token::{Findings, Mark, Open, Token, TokenKind, Tokens};
use crate::datum::{Bracket, Datum, Kind};
use crate::diag::{Code, Diagnostic};
use crate::span::Span;

/// Reads every datum of a source, with the findings in the order of their places.
pub fn read_tokens(source: &mut impl Tokens, limits: Limits) -> (Vec<Datum>, Vec<Diagnostic>) {
    let mut parser = Parser {
        source,
        depth: limits.depth,
        findings: Findings::new(limits.findings),
        stack: Vec::new(),
        data: Vec::new(),
        forgiven: 0,
        stray: false,
        margin: None,
        too_deep: false,
        skipped: None,
    };
    parser.run();
    (parser.data, parser.findings.into_sorted())
}

struct Parser<'s, T> {
    source: &'s mut T,
    depth: usize,
    findings: Findings,
    stack: Vec<Frame>,
    data: Vec<Datum>,
    /// How many mismatched closing brackets have not yet explained an unbalanced one.
    forgiven: usize,
    /// Whether the token before was a stray closing bracket, so that a run of them is one finding.
    stray: bool,
    /// The first opening bracket at the margin inside the outermost open one.
    margin: Option<Span>,
    /// Whether the limit of depth was passed and reported.
    too_deep: bool,
    /// Past that limit: where it was passed, and how many brackets are open beyond it.
    skipped: Option<(Span, usize)>,
}

/// A datum begun.
struct Frame {
    begun: Begun,
    span: Span,
    items: Vec<Datum>,
    /// How many of the items are the parent's, whose dotted tail this list is.
    inherited: Option<usize>,
    dot: Dot,
}

#[derive(Clone, Copy, PartialEq)]
enum Begun {
    Bracket(Open),
    Mark(Mark),
    Comment,
}

/// How far the dotted tail of a list has come.
enum Dot {
    No,
    Seen(Span),
    /// The tail is complete; none if its items have joined the list's.
    Done(Option<Box<Datum>>),
    /// A mistake in it was reported.
    Broken,
}

impl Begun {
    fn closer(self) -> Option<char> {
        Some(match self {
            Begun::Bracket(Open::List(Bracket::Round) | Open::Vector) => ')',
            Begun::Bracket(Open::List(Bracket::Square)) => ']',
            Begun::Bracket(Open::Brace) => '}',
            Begun::Mark(_) | Begun::Comment => return None,
        })
    }

    fn text(self) -> &'static str {
        match self {
            Begun::Bracket(Open::List(Bracket::Round)) => "(",
            Begun::Bracket(Open::List(Bracket::Square)) => "[",
            Begun::Bracket(Open::Vector) => "#(",
            Begun::Bracket(Open::Brace) => "{",
            Begun::Mark(mark) => mark.text(),
            Begun::Comment => "#;",
        }
    }
}

impl<T: Tokens> Parser<'_, T> {
    fn run(&mut self) {
        while !self.findings.is_full() {
            let Some(token) = self.source.token(&mut self.findings) else {
                return self.end(false);
            };
            let after_stray = std::mem::take(&mut self.stray);
            match token.kind {
                TokenKind::Cut => return self.end(true),
                _ if self.skipped.is_some() => self.skip(&token),
                TokenKind::Open(open) => {
                    if self.stack.is_empty() {
                        self.margin = None;
                    } else if token.at_margin {
                        self.margin.get_or_insert(token.span);
                    }
                    self.begin(Begun::Bracket(open), token.span);
                }
                TokenKind::Mark(mark) => self.begin(Begun::Mark(mark), token.span),
                TokenKind::DatumComment => self.begin(Begun::Comment, token.span),
                TokenKind::Close(Bracket::Round) => self.close(')', token.span, after_stray),
                TokenKind::Close(Bracket::Square) => self.close(']', token.span, after_stray),
                TokenKind::CloseBrace => self.close('}', token.span, after_stray),
                TokenKind::Dot => self.dot(token.span),
                TokenKind::Atom(kind) => self.complete(Datum { kind, span: token.span }),
                TokenKind::Splice(n) => self.complete(Datum { kind: Kind::Splice(n), span: token.span }),
                TokenKind::Bad => self.complete(placeholder(token.span)),
            }
        }
        self.end(true);
    }

    fn begin(&mut self, begun: Begun, span: Span) {
        if self.stack.len() >= self.depth {
            if !std::mem::replace(&mut self.too_deep, true) {
                let message = format!("data nest deeper than {} levels", self.depth);
                let hint = "name inner parts with `define` or `let`";
                self.findings.push(Diagnostic::new(Code::TooDeep, span, message).hint(hint));
            }
            // A mark has no end of its own: it is left out.
            if matches!(begun, Begun::Bracket(_)) {
                self.skipped = Some((span, 1));
            }
            return;
        }
        let mut frame = Frame { begun, span, items: Vec::new(), inherited: None, dot: Dot::No };
        if let Some(parent) = self.stack.last_mut() {
            // The list after a dot goes on the list before it: `(a . (b c))` is `(a b c)`. Its items
            // are added there at once, so that a chain of dots takes linear time.
            if begun == Begun::Bracket(Open::List(Bracket::Round)) && matches!(parent.dot, Dot::Seen(_)) {
                frame.items = std::mem::take(&mut parent.items);
                frame.inherited = Some(frame.items.len());
            }
        }
        self.stack.push(frame);
    }

    /// A token inside what nests too deep.
    fn skip(&mut self, token: &Token) {
        let Some((span, open)) = &mut self.skipped else { return };
        match token.kind {
            TokenKind::Open(_) => *open += 1,
            TokenKind::Close(_) | TokenKind::CloseBrace => *open -= 1,
            _ => {}
        }
        if *open == 0 {
            let span = span.to(token.span);
            self.skipped = None;
            self.complete(placeholder(span));
        }
    }

    fn close(&mut self, closer: char, span: Span, after_stray: bool) {
        self.drop_marks();
        let Some(frame) = self.stack.pop() else {
            self.stray = true;
            if self.forgiven > 0 {
                self.forgiven -= 1;
            } else if !after_stray {
                let message = format!("`{closer}` closes nothing");
                let hint = "delete it, or add the opening bracket";
                self.findings.push(Diagnostic::new(Code::Unopened, span, message).hint(hint));
            }
            return;
        };
        if let Some(expected) = frame.begun.closer().filter(|expected| *expected != closer) {
            self.forgiven += 1;
            let opened = self.source.place(frame.span.start);
            let place = opened.map(|at| format!(" at line {}, column {}", at.line, at.column));
            let message = format!(
                "`{closer}` cannot close the `{}` opened{}",
                frame.begun.text(),
                place.unwrap_or_default()
            );
            let hint = format!("write `{expected}` here, or close the inner bracket first");
            self.findings.push(Diagnostic::new(Code::Unopened, span, message).hint(hint));
        }
        self.finish(frame, span);
    }

    /// Makes the datum of brackets that close at `end`.
    fn finish(&mut self, frame: Frame, end: Span) {
        let Frame { begun, span: start, items, inherited, dot } = frame;
        let tail = match dot {
            Dot::No | Dot::Broken => None,
            Dot::Done(tail) => tail,
            Dot::Seen(dot) => {
                let message = "nothing follows the dot";
                self.findings
                    .push(Diagnostic::new(Code::BadDot, dot, message).hint("one datum goes after a dot"));
                None
            }
        };
        if let (Some(parent), Some(_)) = (self.stack.last_mut(), inherited) {
            parent.items = items;
            parent.dot = Dot::Done(tail);
            return;
        }
        let bracket = match begun {
            Begun::Bracket(Open::List(bracket)) => bracket,
            _ => Bracket::Round,
        };
        let kind = match begun {
            Begun::Bracket(Open::Vector) => Kind::Vector(items),
            _ => Kind::List { items, tail, bracket },
        };
        self.complete(Datum { kind, span: start.to(end) });
    }

    /// Puts a datum where it belongs.
    fn complete(&mut self, mut datum: Datum) {
        loop {
            let Some(frame) = self.stack.last_mut() else { return self.data.push(datum) };
            match frame.begun {
                Begun::Comment => {
                    self.stack.pop();
                    return;
                }
                Begun::Mark(mark) => {
                    let form = Datum { kind: Kind::Symbol(mark.form().into()), span: frame.span };
                    let span = frame.span.to(datum.span);
                    let kind = Kind::List { items: vec![form, datum], tail: None, bracket: Bracket::Round };
                    datum = Datum { kind, span };
                    self.stack.pop();
                }
                Begun::Bracket(_) => {
                    match &frame.dot {
                        Dot::No => frame.items.push(datum),
                        Dot::Seen(_) => {
                            frame.dot = Dot::Done(match datum.kind {
                                // A marked datum is a list too: `(a . 'b)` is `(a quote b)`.
                                Kind::List { items, tail: None, bracket: Bracket::Round } => {
                                    frame.items.extend(items);
                                    None
                                }
                                _ => Some(Box::new(datum)),
                            });
                        }
                        Dot::Done(_) => {
                            frame.dot = Dot::Broken;
                            let message = "a second datum follows the dot";
                            let finding = Diagnostic::new(Code::BadDot, datum.span, message);
                            self.findings.push(finding.hint("one datum goes after a dot, as in `(a . b)`"));
                        }
                        Dot::Broken => {}
                    }
                    return;
                }
            }
        }
    }

    fn dot(&mut self, span: Span) {
        self.drop_marks();
        let message = match self.stack.last_mut() {
            Some(frame) if matches!(frame.begun, Begun::Bracket(Open::List(_) | Open::Brace)) => {
                match frame.dot {
                    Dot::No if frame.items.len() > frame.inherited.unwrap_or(0) => {
                        frame.dot = Dot::Seen(span);
                        return;
                    }
                    Dot::No => "a dot with nothing before it",
                    Dot::Broken => return,
                    Dot::Seen(_) | Dot::Done(_) => {
                        frame.dot = Dot::Broken;
                        "a second dot in one list"
                    }
                }
            }
            Some(_) => "a dot in a vector",
            None => "a dot outside a list",
        };
        let hint = "a dot stands before the last datum of a list, as in `(a . b)`, with space on both sides";
        self.findings.push(Diagnostic::new(Code::BadDot, span, message).hint(hint));
    }

    /// Takes away marks that a closing bracket, a dot or the end leaves with nothing to mark.
    fn drop_marks(&mut self) {
        if let Some(last) = self.take_marks() {
            let message = format!("nothing follows `{}`", last.begun.text());
            let finding = Diagnostic::new(Code::NothingQuoted, last.span, message);
            self.findings.push(match last.begun {
                Begun::Mark(Mark::Quasiquote) => {
                    finding.hint("a program stands without backquotes around it")
                }
                _ => finding,
            });
        }
    }

    fn take_marks(&mut self) -> Option<Frame> {
        let bracket = self.stack.iter().rposition(|frame| matches!(frame.begun, Begun::Bracket(_)));
        self.stack.drain(bracket.map_or(0, |last| last + 1)..).next_back()
    }

    /// The source has ended: closes what is open, and reports it unless something before explains it.
    fn end(&mut self, explained: bool) {
        if let Some((span, _)) = self.skipped.take() {
            self.complete(placeholder(span));
        } else if !explained {
            self.drop_marks();
            self.report_unclosed();
        }
        loop {
            self.take_marks();
            let Some(mut frame) = self.stack.pop() else { return };
            if matches!(frame.dot, Dot::Seen(_)) {
                frame.dot = Dot::Broken;
            }
            let end = frame.items.last().map_or(frame.span, |last| last.span);
            self.finish(frame, end);
        }
    }

    fn report_unclosed(&mut self) {
        let brackets = || self.stack.iter().rev().filter(|frame| matches!(frame.begun, Begun::Bracket(_)));
        let Some(innermost) = brackets().next().filter(|_| self.forgiven == 0) else { return };
        let open = brackets().count();
        let mut hint = if open > 8 {
            format!("{open} brackets are open at the end")
        } else {
            let closers: String = brackets().filter_map(|frame| frame.begun.closer()).collect();
            format!("add `{closers}` at the end")
        };
        if let Some(at) = self.margin.and_then(|margin| self.source.place(margin.start)) {
            hint.push_str(&format!(
                "; or is one missing before line {}, where a form begins at the margin?",
                at.line
            ));
        }
        let message = format!("`{}` is never closed", innermost.begun.text());
        self.findings.push(Diagnostic::new(Code::Unclosed, innermost.span, message).hint(hint));
    }
}

/// What stands for an atom that could not be read.
fn placeholder(span: Span) -> Datum {
    Datum { kind: Kind::Number(f64::NAN), span }
}
