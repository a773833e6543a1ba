//! What is written between quotes: strings, `|symbols|` and characters, with R7RS escapes.
//!
//! Line ends in a string are one newline each, however the file writes them.

use super::atom::shown;
use super::token::Findings;
use crate::diag::{Code, Diagnostic};
use crate::span::Span;

/// The characters with a name of their own, R7RS 6.6.
pub(super) const NAMED_CHARS: [(&str, char); 9] = [
    ("alarm", '\u{7}'),
    ("backspace", '\u{8}'),
    ("delete", '\u{7F}'),
    ("escape", '\u{1B}'),
    ("newline", '\n'),
    ("null", '\0'),
    ("return", '\r'),
    ("space", ' '),
    ("tab", '\t'),
];

/// Reads from after the opening `close` character to the closing one; gives the value and where the
/// text goes on, or nothing if it is not closed. Unknown escapes are reported and skipped.
pub(super) fn delimited(
    text: &str,
    start: usize,
    close: char,
    findings: &mut Findings,
) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut at = start;
    loop {
        let c = text[at..].chars().next()?;
        match c {
            _ if c == close => return Some((value, at + 1)),
            '\\' => {
                at = match escape(text, at, close, &mut value) {
                    Ok(end) => end,
                    Err((end, message)) => {
                        let span = Span::new(at as u32, end as u32);
                        let hint =
                            r#"the escapes are `\n`, `\t`, `\r`, `\a`, `\b`, `\"`, `\\`, `\|` and `\x41;`"#;
                        findings.push(Diagnostic::new(Code::BadString, span, message).hint(hint));
                        end
                    }
                };
            }
            '\r' => {
                value.push('\n');
                at = line_end(text, at);
            }
            _ => {
                value.push(c);
                at += c.len_utf8();
            }
        }
    }
}

/// Reads the escape at `at`; gives where it ends, in an error too.
fn escape(text: &str, at: usize, close: char, value: &mut String) -> Result<usize, (usize, String)> {
    let Some(c) = text[at + 1..].chars().next() else { return Ok(text.len()) };
    let end = at + 1 + c.len_utf8();
    value.push(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        '"' | '\\' | '|' => c,
        'x' | 'X' => {
            let digits = text[end..].bytes().take_while(u8::is_ascii_hexdigit).count();
            let after = end + digits;
            if digits == 0 || !text[after..].starts_with(';') {
                return Err((after, format!("the escape {} does not end in `;`", shown(&text[at..after]))));
            }
            let Some(c) = scalar(&text[end..after]) else {
                return Err((after + 1, format!("{} is not a character", shown(&text[at..=after]))));
            };
            value.push(c);
            return Ok(after + 1);
        }
        ' ' | '\t' | '\n' | '\r' if close == '"' => {
            // A line continuation: blanks, one line end, blanks.
            let blanks =
                |from: usize| from + text[from..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let line_end_at = blanks(at + 1);
            if !text[line_end_at..].starts_with(['\n', '\r']) {
                return Err((end, "a `\\` before a blank that does not end the line".into()));
            }
            return Ok(blanks(line_end(text, line_end_at)));
        }
        _ => return Err((end, format!("unknown escape {}", shown(&text[at..end])))),
    });
    Ok(end)
}

/// Where the text goes on after the line end at `at`.
fn line_end(text: &str, at: usize) -> usize {
    at + if text[at..].starts_with("\r\n") { 2 } else { 1 }
}

/// The character of a hexadecimal code.
fn scalar(digits: &str) -> Option<char> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { Some('\0') } else { u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) }
}

/// The character that stands after `#\`, from its whole text.
pub(super) fn character(text: &str, span: Span) -> Result<char, Diagnostic> {
    let mut chars = text.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) {
        return Ok(only);
    }
    if let Some((_, c)) = NAMED_CHARS.iter().find(|(name, _)| *name == text) {
        return Ok(*c);
    }
    let shown = shown(&format!("#\\{text}"));
    let new = |message: String| Diagnostic::new(Code::BadChar, span, message);
    match text.strip_prefix(['x', 'X']).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())) {
        Some(digits) => scalar(digits).ok_or_else(|| new(format!("{shown} is not the code of a character"))),
        None => {
            let names: Vec<_> = NAMED_CHARS.iter().map(|(name, _)| *name).collect();
            let hint = format!("the names are {}; a code is written `#\\x41`", names.join(", "));
            Err(new(format!("{shown} is not a character")).hint(hint))
        }
    }
}
