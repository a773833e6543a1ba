//! Where a program comes from.

use crate::{args::Text, failure::Failure};
use scheme_core::{
    diag::{Code, Diagnostic},
    span::{SourceMap, Span},
};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// The most bytes that are read; a program of so many is refused, whatever it is.
const MOST: u64 = 1 << 28;

/// A program as it was given.
#[derive(Debug)]
pub(crate) struct Source {
    /// What messages call it.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Source {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// Reads the program.
pub(crate) fn read(program: &Text) -> Result<Source, Failure> {
    match &program.file {
        None => Ok(Source::new("<text>", program.text.as_deref().unwrap_or_default())),
        Some(file) if file.as_os_str() == "-" => all("<stdin>".into(), None, Ok(io::stdin().lock())),
        Some(file) => all(file.display().to_string(), hint(file), File::open(file)),
    }
}

fn all(name: String, hint: Option<&str>, from: io::Result<impl Read>) -> Result<Source, Failure> {
    let mut bytes = Vec::new();
    match from.and_then(|from| from.take(MOST).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Source { name, bytes }),
        Err(error) => {
            let message = format!("`{name}` cannot be read: {error}");
            let mut error = Diagnostic::new(Code::File, Span::default(), message);
            error.hint = hint.map(String::from);
            Err(Failure::program(SourceMap::new(name, ""), vec![error]))
        }
    }
}

/// Helps those who gave a text where a file is expected.
fn hint(file: &Path) -> Option<&'static str> {
    file.to_string_lossy().trim_start().starts_with('(').then_some("a text is given with -e")
}
