//! What is wrong with a text.

use scheme_core::{diag::Diagnostic, span::SourceMap};
use std::{error, fmt, ops::Deref};

/// All that is wrong with a text that was to be loaded; a slice of [`Diagnostic`]s.
///
/// Displayed, each is drawn with its line and a caret.
#[derive(Clone, Debug)]
pub struct LoadError {
    pub(super) source: SourceMap,
    pub(super) findings: Vec<Diagnostic>,
}

impl LoadError {
    pub(super) fn new(text: &str, findings: Vec<Diagnostic>) -> Self {
        Self { source: SourceMap::new("program", text), findings }
    }

    /// The text, with which places become lines and columns.
    pub fn text(&self) -> &SourceMap {
        &self.source
    }

    /// The findings alone.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }
}

impl Deref for LoadError {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.findings
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let drawn: Vec<String> = self.findings.iter().map(|finding| finding.render(&self.source)).collect();
        f.write_str(&drawn.join("\n\n"))
    }
}

impl error::Error for LoadError {}
