//! The text of a file of rows on its way to be taken apart.
//!
//! An empty line is no row in a file of several columns. In a file of one column it is a row whose cell is empty, and
//! stands as `""` from here on; but those that end the file are nothing. It is also known here how much of the text was
//! given, and whether it ends within a quotation.

use std::io::{self, Read};

/// How much of a file is taken at once.
const BUFFER: usize = 1 << 16;

/// An empty cell that is a row.
const EMPTY: &[u8] = b"\"\"\n";

/// A text, line by line.
pub(super) struct Lines<R> {
    from: R,
    given: u64,
    at: At,
    /// How many cells the first line has, once something of it has come, and whether it has ended.
    cells: u64,
    is_named: bool,
    /// Whether the byte before ends a line to which a `\n` still belongs.
    is_return: bool,
    /// Empty lines of which it is not known yet whether they end the file, and the bytes to be given for others.
    blank: usize,
    owed: usize,
    /// What has been taken, and how much of it was looked at.
    taken: Vec<u8>,
    next: usize,
    has_ended: bool,
}

/// What the next byte is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// The start of a line, or of another cell.
    Line,
    Cell,
    Plain,
    Quoted,
    /// What follows a quotation mark in a quotation.
    Closing,
}

impl At {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::Closing,
            (Self::Line | Self::Cell | Self::Closing, b'"') | (Self::Quoted, _) => Self::Quoted,
            (_, b'\n' | b'\r') => Self::Line,
            (_, b',') => Self::Cell,
            _ => Self::Plain,
        }
    }
}

impl<R: Read> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Self {
            from,
            given: 0,
            at: At::Line,
            cells: 0,
            is_named: false,
            is_return: false,
            blank: 0,
            owed: 0,
            taken: Vec::new(),
            next: 0,
            has_ended: false,
        }
    }

    /// How many bytes have been given.
    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// Whether the text has ended, and within a quotation.
    pub(super) fn ends_quoted(&self) -> bool {
        self.has_ended && self.at == At::Quoted
    }

    /// Whether an empty line is nothing, whatever follows.
    fn is_wide(&self) -> bool {
        self.is_named && self.cells > 1
    }

    /// Goes past a piece of a text of several columns.
    fn pass(&mut self, piece: &[u8]) {
        let Some(last) = piece.last() else { return };
        let is_plain = !matches!(self.at, At::Quoted | At::Closing) && !piece.contains(&b'"');
        self.at = match is_plain {
            true => At::Plain.after(*last),
            false => piece.iter().fold(self.at, |at, byte| at.after(*byte)),
        };
    }

    /// Goes past a byte.
    fn step(&mut self, byte: u8) {
        let (before, is_end) = (self.at, matches!(byte, b'\n' | b'\r'));
        let is_second = byte == b'\n' && std::mem::take(&mut self.is_return);
        self.is_return = byte == b'\r' && before != At::Quoted;
        self.at = before.after(byte);
        if before == At::Line && is_end {
            self.blank += usize::from(self.is_named && !is_second && !self.is_wide());
        } else if !self.is_named {
            self.is_named = self.at == At::Line;
            self.cells = self.cells.max(1) + u64::from(self.at == At::Cell);
        }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut n = 0;
        if self.next == self.taken.len() && self.is_wide() {
            n = self.from.read(buffer)?;
            self.has_ended |= n == 0;
            self.pass(&buffer[..n]);
            self.given += n as u64;
            return Ok(n);
        }
        while !self.has_ended && n < buffer.len() {
            if self.owed > 0 {
                buffer[n] = EMPTY[(EMPTY.len() - self.owed % EMPTY.len()) % EMPTY.len()];
                (n, self.owed) = (n + 1, self.owed - 1);
                continue;
            }
            let Some(byte) = self.taken.get(self.next).copied() else {
                // What has come is given before more is waited for.
                if n > 0 {
                    break;
                }
                self.taken.resize(BUFFER, 0);
                self.next = 0;
                let taken = self.from.read(&mut self.taken);
                self.taken.truncate(*taken.as_ref().unwrap_or(&0));
                self.has_ended |= taken? == 0;
                continue;
            };
            let blank = self.blank;
            if blank > 0 && !matches!(byte, b'\n' | b'\r') {
                (self.owed, self.blank) = (EMPTY.len() * blank, 0);
                continue;
            }
            self.step(byte);
            self.next += 1;
            if self.blank == blank {
                buffer[n] = byte;
                n += 1;
            }
        }
        self.given += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that comes in pieces.
    struct Pieces<'t>(&'t [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            let (piece, rest) = self.0.split_at(n);
            buffer[..n].copy_from_slice(piece);
            self.0 = rest;
            Ok(n)
        }
    }

    #[test]
    fn empty_lines_of_one_column_are_rows() {
        for (text, rows, quoted) in [
            ("x\n1\n\n3\n", &["1", "", "3"][..], false),
            ("x\r\n1\r\n\r\n\r\n3", &["1", "", "", "3"], false),
            ("\n\nx\n\n1\n\n\n", &["", "1"], false),
            ("\"x\"\n\"a\n\nb\"\n\n2\n", &["a\n\nb", "", "2"], false),
            ("\"a,b\"\n\n2", &["", "2"], false),
            ("x\n\"a\"\"\n\n\"\n\n1\n", &["a\"\n\n", "", "1"], false),
            ("x,y\n1,2\n\n3,\"4\"\n", &["1", "3"], false),
            ("x\n1\n\"2\n\n3\n", &["1", "2\n\n3\n"], true),
            ("x,y\n1,2\n3,\"4\n5,6", &["1", "3"], true),
            ("x\n5\"\n\n1", &["5\"", "", "1"], false),
            ("x", &[], false),
            ("", &[], false),
        ] {
            for size in [1, 2, 3, 1000] {
                let mut reader = csv::ReaderBuilder::new()
                    .flexible(true)
                    .from_reader(Lines::new(Pieces(text.as_bytes(), size)));
                let found: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_string()).collect();
                assert_eq!(found, rows, "{text:?} by {size}");
                assert_eq!(reader.get_ref().ends_quoted(), quoted, "{text:?} by {size}");
                assert_eq!(reader.get_ref().given(), reader.position().byte(), "{text:?} by {size}");
            }
        }
    }
}
