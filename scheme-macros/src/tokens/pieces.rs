//! Rust tokens laid out in a row, as the text they were written as.
//!
//! Groups become an opening and a closing piece, so that a comment may hold either alone; comments of
//! Scheme and doc comments of Rust are taken out. Each piece knows whether it touches the one before it.
//! The expressions of `,{…}` stay whole.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree, token_stream};

/// A token in the row.
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    pub(super) span: Span,
    /// Whether there is nothing between it and the piece before.
    pub(super) glued: bool,
}

#[derive(Debug)]
pub(super) enum PieceKind {
    Open(Delimiter),
    Close(Delimiter),
    /// An identifier or keyword.
    Word(Ident),
    Punct(char),
    /// A literal as it was written.
    Literal(String),
    /// A Rust expression: what braces or a macro's variable hold after a comma.
    Rust(TokenStream),
    /// The opening of a block comment that is never closed; always the last piece.
    Unclosed,
}

impl Piece {
    pub(super) fn is_punct(&self, punct: char) -> bool {
        matches!(self.kind, PieceKind::Punct(c) if c == punct)
    }

    /// Whether it can be part of an atom together with what it touches.
    pub(super) fn is_atomic(&self) -> bool {
        match &self.kind {
            PieceKind::Word(_) => true,
            PieceKind::Punct(c) => !matches!(c, '\'' | ',' | ';'),
            PieceKind::Literal(text) => text.starts_with(|c: char| c.is_ascii_digit()),
            PieceKind::Open(_) | PieceKind::Close(_) | PieceKind::Rust(_) | PieceKind::Unclosed => false,
        }
    }

    /// The Rust expression, if it is one.
    pub(super) fn into_rust(self) -> Option<TokenStream> {
        match self.kind {
            PieceKind::Rust(expression) => Some(expression),
            _ => None,
        }
    }

    /// Its text in an atom.
    pub(super) fn push_to(&self, text: &mut String) {
        match &self.kind {
            PieceKind::Word(word) => text.push_str(&word.to_string()),
            PieceKind::Literal(literal) => text.push_str(literal),
            PieceKind::Punct(c) => text.push(*c),
            PieceKind::Open(_) | PieceKind::Close(_) | PieceKind::Rust(_) | PieceKind::Unclosed => {}
        }
    }
}

/// The pieces of a stream, and whether their places are known; without places, comments stay in and
/// nothing is glued.
pub(super) fn lay_out(stream: TokenStream) -> (Vec<Piece>, bool) {
    let mut row = Row { pieces: Vec::new(), apart: false };
    let mut open: Vec<(Option<Group>, token_stream::IntoIter)> = vec![(None, stream.into_iter())];
    while let Some((group, tokens)) = open.last_mut() {
        match tokens.next() {
            Some(TokenTree::Ident(ident)) => {
                let span = ident.span();
                row.push(PieceKind::Word(ident), span);
            }
            Some(TokenTree::Literal(literal)) => {
                row.push(PieceKind::Literal(literal.to_string()), literal.span())
            }
            Some(TokenTree::Punct(punct)) => row.push(PieceKind::Punct(punct.as_char()), punct.span()),
            Some(TokenTree::Group(group)) => {
                let is_rust = matches!(group.delimiter(), Delimiter::Brace | Delimiter::None)
                    && row.pieces.last().is_some_and(|piece| piece.is_punct(','));
                match group.delimiter() {
                    _ if is_rust => {
                        row.push(PieceKind::Rust(group.stream()), group.span());
                        continue;
                    }
                    // What a macro's variable stands for touches nothing around it.
                    Delimiter::None => row.apart = true,
                    delimiter => row.push(PieceKind::Open(delimiter), group.span_open()),
                }
                let tokens = group.stream().into_iter();
                open.push((Some(group), tokens));
            }
            None => {
                match group {
                    Some(group) if group.delimiter() != Delimiter::None => {
                        row.push(PieceKind::Close(group.delimiter()), group.span_close());
                    }
                    _ => row.apart = true,
                }
                open.pop();
            }
        }
    }
    if row.places_differ() { (without_comments(row.pieces), true) } else { (row.pieces, false) }
}

struct Row {
    pieces: Vec<Piece>,
    /// Whether the next piece touches nothing, whatever the places say.
    apart: bool,
}

impl Row {
    fn push(&mut self, kind: PieceKind, span: Span) {
        let touches = self.pieces.last().is_some_and(|last| touch(last.span, span));
        let glued = touches && !std::mem::take(&mut self.apart);
        self.pieces.push(Piece { kind, span, glued });
    }

    /// Whether the compiler tells places apart; rust-analyzer may give one for all. One token by itself
    /// needs none, and a quoted name, which Rust reads as a lifetime, is one in two pieces.
    fn places_differ(&self) -> bool {
        let alone =
            matches!(&self.pieces[..], [_]) || matches!(&self.pieces[..], [quote, _] if quote.is_punct('\''));
        let mut places = self.pieces.iter().map(|piece| piece.span.start());
        places.next().is_none_or(|first| alone || places.any(|place| place != first))
    }
}

/// Whether the second begins where the first ends. A place without width is none.
fn touch(first: Span, second: Span) -> bool {
    first.start() != first.end() && first.end() == second.start()
}

/// Takes out `; …` to the end of its line, `#| … |#`, and what Rust makes of `/// …`.
fn without_comments(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    // Where a block comment opened, and how many are open.
    let mut block: Option<(Span, usize)> = None;
    let mut line = None;
    let mut after_comment = false;
    let mut pieces = pieces.into_iter().peekable();
    while let Some(mut piece) = pieces.next() {
        let here = Some(piece.span.start().line);
        let next = pieces.peek().filter(|next| next.glued);
        let in_atom = piece.glued && !after_comment && kept.last().is_some_and(Piece::is_atomic);
        let opens = piece.is_punct('#') && !in_atom && next.is_some_and(|next| next.is_punct('|'));
        let closes = piece.is_punct('|') && next.is_some_and(|next| next.is_punct('#'));
        let drops_datum = piece.glued && !after_comment && ends_in_mark(&kept);
        if line == here {
            after_comment = true;
        } else if opens || closes && block.is_some() {
            pieces.next();
            block = match (block, opens) {
                (Some((span, open)), true) => Some((span, open + 1)),
                (None, true) => Some((piece.span, 1)),
                (block, false) => block.filter(|(_, open)| *open > 1).map(|(span, open)| (span, open - 1)),
            };
            after_comment = true;
        } else if block.is_some() {
            after_comment = true;
        } else if piece.is_punct(';') && !drops_datum {
            line = here;
            after_comment = true;
        } else {
            piece.glued &= !std::mem::take(&mut after_comment);
            kept.push(piece);
            drop_doc_comment(&mut kept);
        }
    }
    kept.extend(block.map(|(span, _)| Piece { kind: PieceKind::Unclosed, span, glued: false }));
    kept
}

/// Whether a `#` that begins a token is the last piece.
fn ends_in_mark(kept: &[Piece]) -> bool {
    let [before @ .., mark] = kept else { return false };
    let in_atom = mark.glued && before.last().is_some_and(Piece::is_atomic);
    mark.is_punct('#') && !in_atom
}

/// `/// text` arrives as `#[doc = "text"]` and `//! text` with a `!`, with doc and text in one place, as
/// no one could write it.
fn drop_doc_comment(kept: &mut Vec<Piece>) {
    use PieceKind::{Close, Literal, Open, Word};
    let [before @ .., open, doc, equals, text, close] = kept.as_slice() else { return };
    let before = match before {
        [before @ .., bang] if bang.is_punct('!') => before,
        _ => before,
    };
    let [before @ .., hash] = before else { return };
    let kinds = (&open.kind, &doc.kind, &text.kind, &close.kind);
    let is_attribute = hash.is_punct('#')
        && equals.is_punct('=')
        && matches!(kinds, (Open(Delimiter::Bracket), Word(doc), Literal(_), Close(Delimiter::Bracket)) if *doc == "doc");
    if is_attribute && doc.span.start() == text.span.start() {
        let length = before.len();
        kept.truncate(length);
    }
}
