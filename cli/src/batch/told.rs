//! What is told of rows, on standard error.

use crate::{failure, json, nonfinite};
use scheme_core::{diag::Diagnostic, span::SourceMap};
use scheme_runtime::NonFinite;

/// The most rows of which it is told why they fail, and in which a number turned.
const MAX_TOLD: u64 = 20;

/// What is told of rows.
#[derive(Default)]
pub(super) struct Told {
    json: bool,
    /// How many rows failed, and in how many a number turned.
    failed: u64,
    turned: u64,
    /// The exit code of the first that failed.
    code: u8,
}

impl Told {
    /// As JSON, or drawn.
    pub(super) fn new(json: bool) -> Self {
        Self { json, ..Self::default() }
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        self.code
    }

    /// A row that failed.
    pub(super) fn error(&mut self, row: u64, error: &Diagnostic, source: &SourceMap) {
        self.failed += 1;
        if self.failed == 1 {
            self.code = failure::exit_code(error);
        }
        if self.failed <= MAX_TOLD {
            self.tell(row, ("error", json::diagnostic(error, source)), error, source);
        }
    }

    /// A row in which a number turned nan or infinite.
    pub(super) fn nonfinite(&mut self, row: u64, found: &NonFinite, source: &SourceMap) {
        self.turned += 1;
        if self.turned <= MAX_TOLD {
            let mut finding = nonfinite::finding(found);
            finding.message = format!("in row {row}: {}", finding.message);
            self.tell(row, nonfinite::field(Some(found), source), &finding, source);
        }
    }

    fn tell(&self, row: u64, field: (&str, String), finding: &Diagnostic, source: &SourceMap) {
        match self.json {
            true => failure::say(&json::object([("row", row.to_string()), field])),
            false => failure::draw(std::slice::from_ref(finding), source),
        }
    }

    /// How many rows were not told of.
    pub(super) fn sum_up(&self) {
        for (rows, what) in [(self.failed, "rows failed"), (self.turned, "rows have a number that turned")] {
            if rows > MAX_TOLD && !self.json {
                failure::say(&format!("… and {} more {what}", rows - MAX_TOLD));
            }
        }
    }
}
