//! The reader: text or tokens in, datums out.
//!
//! One parser ([`read_tokens`]) runs over a trait of [`Tokens`]; the text's source is here, the one
//! for Rust tokens lives with the macro. Atoms of both are read by [`read_atom`], so that the two ways
//! in mean the same. Reading gives data *and* findings: after a mistake it goes on, so that one pass
//! reports all of them, and tries to report each once.
//!
//! Nothing here panics on input. Time is linear in the text, and the only recursion is by the
//! depth of a datum, which [`Limits`] bounds. Names are not resolved and forms are not checked;
//! a datum of a text with errors is a best guess, good for tools but not to be run.

mod atom;
mod lex;
mod number;
mod parse;
mod quoted;
mod ratio;
mod token;
mod write;

pub use atom::{comma_after, quote_after, read_atom};
pub use number::{NumberError, parse as parse_number};
pub use parse::read_tokens;
pub use token::{Findings, Mark, Open, Token, TokenKind, Tokens};
pub use write::{char_text, number_text, string_text, symbol_text, write};

use crate::datum::Datum;
use crate::diag::{Code, Diagnostic};
use crate::span::Span;

/// What the reader takes at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep data may nest, quotation marks included. Later passes recurse over data: the default
    /// leaves each level 4 KiB of a thread with a 2 MiB stack.
    pub depth: usize,
    /// How many findings are kept; reading stops when there are that many.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 500, findings: 100 }
    }
}

/// Reads every datum of a text, with the findings in the order of their places.
pub fn read(text: &str) -> (Vec<Datum>, Vec<Diagnostic>) {
    read_with(text, Limits::default())
}

/// [`read`] within given limits.
pub fn read_with(text: &str, limits: Limits) -> (Vec<Datum>, Vec<Diagnostic>) {
    if u32::try_from(text.len()).is_err() {
        let message = "the text is longer than 4 GiB";
        return (Vec::new(), vec![Diagnostic::new(Code::TooLarge, Span::new(0, 0), message)]);
    }
    read_tokens(&mut lex::TextTokens::new(text), limits)
}
