//! Where a program's text comes from.

use crate::{args::Text, failure::Failure};
use scheme_core::{
    diag::{Code, Diagnostic},
    span::{SourceMap, Span},
};
use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// Reads the program.
pub(crate) fn read(program: &Text) -> Result<SourceMap, Failure> {
    let Some(file) = &program.file else {
        return Ok(SourceMap::new("<text>", program.text.clone().unwrap_or_default()));
    };
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        return decode("<stdin>", read.map(|_| bytes));
    }
    decode(&file.display().to_string(), fs::read(file)).map_err(|failure| hint(failure, file))
}

fn decode(name: &str, bytes: io::Result<Vec<u8>>) -> Result<SourceMap, Failure> {
    let wrong = |source, span, message: String| {
        Err(Failure::program(source, vec![Diagnostic::new(Code::File, span, message)]))
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("`{name}` cannot be read: {error}");
            return wrong(SourceMap::new(name, ""), Span::default(), message);
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceMap::new(name, text)),
        Err(error) => {
            // Up to the first bad byte the repaired text has the same offsets; there it has U+FFFD.
            let at = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
            let text = String::from_utf8_lossy(error.as_bytes());
            let span = Span::new(at, at.saturating_add(3));
            wrong(SourceMap::new(name, text), span, format!("`{name}` is not UTF-8 text"))
        }
    }
}

/// Helps those who gave a text where a file is expected.
fn hint(failure: Failure, file: &Path) -> Failure {
    match failure {
        Failure::Program(mut wrong) if file.to_string_lossy().trim_start().starts_with('(') => {
            for error in &mut wrong.errors {
                error.hint = Some("a text is given with -e".into());
            }
            Failure::Program(wrong)
        }
        failure => failure,
    }
}
