//! The file of rows, and whether its next row is there yet.
//!
//! A program on the other side of a pipe may wait for the answers to the rows that it wrote before it writes more. So
//! before a read that might block it can be asked whether all that has come is read.

use super::{lines::Lines, unreadable};
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
    rows: Reader<Lines<Box<dyn Read>>>,
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
        let rows = reader.flexible(true).buffer_capacity(BUFFER).from_reader(Lines::new(from));
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
        self.left() <= 1
    }

    /// Whether the row that was read is the rest of the file, from a quotation mark on that none closes.
    pub(super) fn is_open(&self) -> bool {
        self.left() == 0 && self.rows.get_ref().ends_quoted()
    }

    /// How much has come and is not read.
    fn left(&self) -> u64 {
        self.rows.get_ref().given().saturating_sub(self.rows.position().byte())
    }
}
