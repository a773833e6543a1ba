//! What is shown of texts that are as long as a program likes: a part of a line, a message with its long words cut.
//!
//! The work is by what is shown, not by what is cut away, save that a message is looked through once.

use crate::span::{SourceMap, Span};
use unicode_width::UnicodeWidthStr;

/// The part of a source line that is shown around a place.
///
/// ```
/// use scheme_core::{excerpt::Excerpt, span::{SourceMap, Span}};
///
/// let source = SourceMap::new("program", "(+ 1 (sqr x))");
/// let whole = Excerpt::of(&source, Span::new(6, 9), 80);
/// assert_eq!((whole.text.as_str(), whole.column, whole.length), ("(+ 1 (sqr x))", 7, 3));
/// let cut = Excerpt::of(&source, Span::new(6, 9), 8);
/// assert_eq!((cut.text.as_str(), cut.column, cut.length), ("… 1 (sqr …", 6, 3));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The line without its break; of a long one the part around the place, with `…` at each end that is cut.
    pub text: String,
    /// The column of `text` where the place begins, in characters from 1.
    pub column: usize,
    /// How many characters of `text` from there on belong to the place.
    pub length: usize,
    /// Whether the line has more before what is shown, and after it.
    pub cut: (bool, bool),
}

impl Excerpt {
    /// What is shown of the line where a place begins: `most` characters at most and the dots, half of them before
    /// the place unless the line is shorter on one side.
    pub fn of(source: &SourceMap, span: Span, most: usize) -> Self {
        let (before, after) = source.around(span.start);
        let lead = before.chars().rev().take(most).count();
        let follow = after.chars().take(most + 1).count();
        let lead = lead.min((most / 2).max(most.saturating_sub(follow)));
        let follow = follow.min(most - lead);
        let first = before.char_indices().rev().take(lead).last().map_or(before.len(), |(at, _)| at);
        let last = after.char_indices().nth(follow).map_or(after.len(), |(at, _)| at);
        let cut = (first > 0, last < after.len());
        let dots = |cut: bool| if cut { "…" } else { "" };
        let text = format!("{}{}{}{}", dots(cut.0), &before[first..], &after[..last], dots(cut.1));
        let covered = (span.end.saturating_sub(span.start) as usize).min(last);
        let column = before[first..].chars().count() + usize::from(cut.0) + 1;
        let length = after.char_indices().take_while(|(at, _)| *at < covered).count();
        Self { text, column, length, cut }
    }

    /// Two lines as a terminal draws them: the text, and carets under the place.
    ///
    /// Tabs are kept above the carets, so that these stand where the terminal draws the characters; what a terminal
    /// would obey is drawn as `�`.
    pub fn drawn(&self) -> [String; 2] {
        let shown: String =
            self.text.chars().map(|c| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c }).collect();
        let start = shown.char_indices().nth(self.column.saturating_sub(1)).map_or(shown.len(), |(at, _)| at);
        let (lead, rest) = shown.split_at(start);
        let end = rest.char_indices().nth(self.length).map_or(rest.len(), |(at, _)| at);
        let blank: Vec<String> = lead.split('\t').map(|part| " ".repeat(part.width())).collect();
        let carets = "^".repeat(rest[..end].width().max(1));
        let line = blank.join("\t") + &carets;
        [shown, line]
    }
}

/// The longest message that is shown as it is.
const MESSAGE: usize = 200;
/// The longest word in a longer one, in characters, and how much of each end is left of those that are cut.
const WORD: (usize, usize, usize) = (60, 40, 12);
/// The most of a message, in characters.
const MOST: usize = 2000;

/// A message whose length does not depend on that of a program's names: of words that are long only the ends stay.
///
/// ```
/// let message = format!("there is no procedure called `{}`", "long-name-".repeat(1000));
/// assert_eq!(
///     scheme_core::excerpt::bounded(message),
///     "there is no procedure called `long-name-long-name-long-name-long-name…-long-name-`",
/// );
/// ```
pub fn bounded(message: String) -> String {
    if message.len() <= MESSAGE {
        return message;
    }
    let (longest, head, tail) = WORD;
    let mut shown = String::new();
    let mut left = MOST;
    for word in message.split_inclusive(char::is_whitespace) {
        let long = word.char_indices().nth(longest).is_some();
        let cut = if long {
            let head = word.char_indices().nth(head).map_or(word, |(at, _)| &word[..at]);
            let tail = word.char_indices().rev().nth(tail - 1).map_or(word, |(at, _)| &word[at..]);
            &format!("{head}…{tail}")
        } else {
            word
        };
        left = left.saturating_sub(cut.chars().count());
        if left == 0 {
            shown.push('…');
            break;
        }
        shown.push_str(cut);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn of the first `x` of a text.
    fn drawn(text: &str) -> [String; 2] {
        let at = text.find('x').unwrap() as u32;
        Excerpt::of(&SourceMap::new("", text), Span::new(at, at + 1), 20).drawn()
    }

    #[test]
    fn carets_stand_where_a_terminal_draws_the_place() {
        assert_eq!(drawn("(f 5)\n(+ 1 x)\n"), ["(+ 1 x)", "     ^"]);
        assert_eq!(drawn("\t(+\t1 x)"), ["\t(+\t1 x)", "\t  \t  ^"]);
        assert_eq!(drawn("(+ \"速度\" x)"), ["(+ \"速度\" x)", "          ^"]);
        assert_eq!(drawn("(+ e\u{301} x)"), ["(+ e\u{301} x)", "     ^"]);
        assert_eq!(drawn("(+ \u{1b}[2J x)\r\n1"), ["(+ \u{FFFD}[2J x)", "        ^"]);
    }

    #[test]
    fn wide_characters_get_wide_carets() {
        let source = SourceMap::new("", "(速度 1)");
        assert_eq!(Excerpt::of(&source, Span::new(1, 7), 20).drawn(), ["(速度 1)", " ^^^^"]);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let (left, right) = ("a".repeat(100), "b".repeat(100));
        assert_eq!(
            drawn(&format!("{left}x{right}")),
            ["…aaaaaaaaaaxbbbbbbbbb…", "           ^"].map(String::from)
        );
        assert_eq!(drawn(&format!("{left}xb")), ["…aaaaaaaaaaaaaaaaaaxb", "                   ^"]);
        assert_eq!(drawn(&format!("aax{right}")), ["aaxbbbbbbbbbbbbbbbbb…", "  ^"]);
        let source = SourceMap::new("", format!("((({left}"));
        let all = Excerpt::of(&source, Span::new(3, 103), 20).drawn();
        assert_eq!(all, ["(((aaaaaaaaaaaaaaaaa…", "   ^^^^^^^^^^^^^^^^^"]);
    }

    #[test]
    fn any_place_of_any_text_is_shown() {
        for text in ["", "\n", "\r\n", "a\r\nb", "é", "\r", "a\n\nb"] {
            for (start, end) in [(0, 0), (0, 9), (1, 1), (1, 2), (3, 1), (9, 9)] {
                let [line, carets] = Excerpt::of(&SourceMap::new("", text), Span::new(start, end), 4).drawn();
                assert!(!line.contains('\n') && carets.contains('^'), "{text:?} {start}..{end}");
            }
        }
    }

    #[test]
    fn messages_have_an_end() {
        let words = "word ".repeat(10_000);
        assert!(bounded(words).chars().count() <= MOST + 1);
        let spaces = " ".repeat(10_000);
        assert!(bounded(spaces).chars().count() <= MOST + 1);
        let kept = "(fail) ".repeat(20);
        assert_eq!(bounded(kept.clone()), kept);
    }
}
