//! The file of rows, and whether its next row is there yet.
//!
//! A program on the other side of a pipe may wait for the answers to the rows that it wrote before it writes more. So
//! before a read that might block it can be asked whether all that has come is read.

use super::unreadable;
use crate::failure::Failure;
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// What a pipe of Linux holds.
const BUFFER: usize = 1 << 16;

/// A file of rows.
pub(super) struct Data {
    rows: Reader<Counted>,
    /// As it is named to the user.
    pub(super) name: String,
}

impl Data {
    /// Opens a file, or standard input for `-`.
    pub(super) fn open(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let from: Box<dyn Read> = if super::is_stdin(file) {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(file).map_err(|error| unreadable(&name, &error.to_string()))?)
        };
        let mut reader = ReaderBuilder::new();
        let rows = reader.flexible(true).buffer_capacity(BUFFER).from_reader(Counted { from, given: 0 });
        Ok(Self { rows, name })
    }

    /// Its first line.
    pub(super) fn header(&mut self) -> Result<StringRecord, Failure> {
        self.rows.headers().cloned().map_err(|error| unreadable(&self.name, &error.to_string()))
    }

    /// Reads the next row; false if there is none.
    pub(super) fn read(&mut self, record: &mut ByteRecord) -> csv::Result<bool> {
        self.rows.read_byte_record(record)
    }

    /// Whether the next row would have to be waited for. The start of a row that has come is not looked for: who wrote it
    /// is still writing.
    pub(super) fn waits(&self) -> bool {
        // The second half of `\r\n` is read with the next row.
        self.rows.get_ref().given.saturating_sub(self.rows.position().byte()) <= 1
    }
}

/// A file of which it is known how much has been read.
struct Counted {
    from: Box<dyn Read>,
    given: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.given += read as u64;
        Ok(read)
    }
}
