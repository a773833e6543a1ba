//! What is wrong with a text, and why a program from one gave nothing: findings with the text they are about.
//!
//! Displayed, an error is told in a line: code, line and column, message, hint. Its debug form is what people are
//! drawn, with the line of the text and a caret, so that a `main` that ends with `?` shows that.

use scheme_core::{
    diag::{Diagnostic, inside},
    span::SourceMap,
};
use std::{error, fmt, ops::Deref, sync::Arc};

/// All that is wrong with a text that was to be loaded; a slice of [`Diagnostic`]s.
///
/// Displayed, each is a line with its place; [`drawn`](Self::drawn), or in the debug form, each has the line of the
/// text and a caret.
///
/// ```
/// use scheme_runtime::Interpreter;
///
/// let error = Interpreter::new().load("(define (area r)\n  (* pi (sqare r)))\n(area 2)").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "E0301 at 2:10: there is no procedure called `sqare` (hint: did you mean `square`?)"
/// );
/// assert_eq!(error.drawn(), "\
/// E0301: there is no procedure called `sqare`
///  --> program:2:10
/// 2 |   (* pi (sqare r)))
///   |          ^^^^^
///   = hint: did you mean `square`?");
/// assert_eq!(format!("{error:?}"), error.drawn());
/// ```
#[derive(Clone)]
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

    /// Each finding with the line of the text and a caret.
    pub fn drawn(&self) -> String {
        let drawn: Vec<String> = self.findings.iter().map(|finding| finding.render(&self.source)).collect();
        drawn.join("\n\n")
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
        for (i, finding) in self.findings.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            told(finding, &self.source, f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.drawn())
    }
}

impl error::Error for LoadError {}

/// Why a program from a string gave nothing: the [`Diagnostic`] of a call, or of what it was given, with the text.
///
/// Displayed, it is a line with the place and the definition; [`drawn`](Self::drawn), or in the debug form, it has the line of the text,
/// a caret, and the calls that waited.
///
/// ```
/// use scheme_runtime::Interpreter;
///
/// let program = Interpreter::new().load("(define (second l) (cadr l))\n(+ 1 (second (list x)))")?;
/// let error = program.call(&[("x", 1.0)]).unwrap_err();
/// assert!(error.to_string().starts_with("E0502 at 1:20 in `second`: `cadr` "));
/// // What a `main` that ends with this error tells, after `Error: `.
/// let told: Vec<String> = format!("{error:?}").lines().map(String::from).collect();
/// assert_eq!(told[1..], [
///     " --> program:1:20 in `second`",
///     "1 | (define (second l) (cadr l))",
///     "  |                    ^^^^^^^^",
///     "  = in (second (list x)) at 2:6",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct CallError(Box<Located>);

#[derive(Clone, PartialEq)]
struct Located {
    finding: Diagnostic,
    source: Arc<SourceMap>,
}

impl CallError {
    pub(super) fn new(finding: Diagnostic, source: &Arc<SourceMap>) -> Self {
        Self(Box::new(Located { finding, source: source.clone() }))
    }

    /// The text, with which places become lines and columns.
    pub fn text(&self) -> &SourceMap {
        &self.0.source
    }

    /// The finding alone.
    pub fn into_finding(self) -> Diagnostic {
        self.0.finding
    }

    /// The finding with the line of the text and a caret.
    pub fn drawn(&self) -> String {
        self.render(self.text())
    }

    /// The same error, said to be of a `row` or a `member`, the first of which is 0 here and 1 in words.
    pub(super) fn of(mut self, what: &str, index: usize) -> Self {
        self.0.finding.message = format!("in {what} {}: {}", index + 1, self.0.finding.message);
        self
    }
}

impl Deref for CallError {
    type Target = Diagnostic;

    fn deref(&self) -> &Diagnostic {
        &self.0.finding
    }
}

impl From<CallError> for Diagnostic {
    fn from(error: CallError) -> Self {
        error.into_finding()
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        told(self, self.text(), f)
    }
}

impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.drawn())
    }
}

impl error::Error for CallError {}

/// A finding in a line.
fn told(finding: &Diagnostic, source: &SourceMap, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let at = source.place(finding.span.start);
    let within = inside(finding.within.as_deref());
    write!(f, "{} at {}:{}{within}: {}", finding.code.as_str(), at.line, at.column, finding.message)?;
    finding.hint.iter().try_for_each(|hint| write!(f, " (hint: {hint})"))
}
