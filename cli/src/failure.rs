//! How a call ends without a result, and how that is told.

use crate::json;
use scheme_core::{
    diag::{Code, Diagnostic, Family},
    span::{SourceMap, Span},
};
use std::io::{self, Write};

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program is wrong or failed.
    Program(Wrong),
    /// The call is wrong, or asks for what is not there yet.
    Usage(String),
}

/// What is wrong in a text.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) source: SourceMap,
    /// At least one.
    pub(crate) errors: Vec<Diagnostic>,
    /// What else the answer has: fields of its JSON.
    pub(crate) more: Vec<(&'static str, String)>,
}

impl Wrong {
    /// Findings, of which the warnings are dropped.
    pub(crate) fn new(source: SourceMap, findings: Vec<Diagnostic>) -> Self {
        let (errors, warnings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|d| !d.is_warning());
        let errors = if errors.is_empty() { warnings } else { errors };
        Self { source, errors, more: Vec::new() }
    }

    /// The fields of an answer that says so.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        [json::errors(&self.errors, &self.source), self.more.clone()].concat()
    }
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Self::Program(wrong)
    }
}

impl Failure {
    /// Findings of a program, of which the warnings are dropped.
    pub(crate) fn program(source: SourceMap, findings: Vec<Diagnostic>) -> Self {
        Self::Program(Wrong::new(source, findings))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Program(wrong) => wrong.errors.first().map_or(1, exit_code),
            Self::Usage(_) => 2,
        }
    }

    /// Tells people on standard error, or gives what programs get on standard output.
    pub(crate) fn report(&self, json: bool) -> String {
        match self {
            Self::Program(wrong) if json => json::object(wrong.fields()),
            Self::Program(wrong) => {
                draw(&wrong.errors, &wrong.source);
                String::new()
            }
            Self::Usage(message) if json => {
                let error = Diagnostic::new(Code::Request, Span::default(), message.as_str());
                json::object(json::errors(&[error], &SourceMap::new("", "")))
            }
            Self::Usage(message) => {
                say(&format!("scheme-grad: {message}"));
                String::new()
            }
        }
    }
}

/// The exit code of a call that ends with an error.
pub(crate) fn exit_code(error: &Diagnostic) -> u8 {
    match error.code.family() {
        Family::Budget => 4,
        _ => 1,
    }
}

/// Draws findings with their lines and carets on standard error.
pub(crate) fn draw(findings: &[Diagnostic], source: &SourceMap) {
    let drawn: Vec<String> = findings.iter().map(|finding| finding.render(source)).collect();
    if !drawn.is_empty() {
        say(&drawn.join("\n\n"));
    }
}

/// A line on standard error. If that is closed there is nobody to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
