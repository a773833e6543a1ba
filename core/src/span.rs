//! Places in sources.
//!
//! A [`Span`] is a half-open range of *positions* in one source. The positions of a text are byte
//! offsets; those of a token source are token indices, which only that source can draw. A
//! [`SourceMap`] keeps texts and turns positions into lines and columns.

use std::fmt;

/// A half-open range `start..end` of positions in the source at hand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// First position.
    pub start: u32,
    /// One past the last position.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One named text with an index of its lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceMap {
    name: String,
    text: String,
    /// Byte offset of the start of each line.
    lines: Vec<u32>,
}

impl SourceMap {
    /// Indexes `text`, which messages call `name`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(i, _)| i as u32 + 1)).collect();
        Self { name: name.into(), text, lines }
    }

    /// The name given to the text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte offset; past the end, the end's.
    pub fn place(&self, offset: u32) -> Place {
        let offset = (offset as usize).min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= offset);
        let start = self.lines[line - 1] as usize;
        let column = self.text.as_bytes()[start..offset].iter().filter(|b| **b & 0xC0 != 0x80).count();
        Place { line: line as u32, column: column as u32 + 1 }
    }

    /// The text of an offset's line before it and from it on, without the line break; past the end, the end's. An
    /// offset inside a character is that of the character.
    pub fn around(&self, offset: u32) -> (&str, &str) {
        let at = self.text.floor_char_boundary(offset as usize);
        let line = self.lines.partition_point(|start| *start as usize <= at);
        let (start, end) = (self.lines[line - 1], self.lines.get(line));
        let end = end.map_or(self.text.len(), |next| *next as usize - 1);
        let text = &self.text[..end];
        let text = text.strip_suffix('\r').filter(|text| text.len() >= at).unwrap_or(text);
        (&text[start as usize..at], &text[at..])
    }
}
