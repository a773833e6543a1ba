//! What is taken as a program's text: its size and its encoding, and what is told of one that cannot be read.

use super::LoadError;
use scheme_core::{
    diag::{Code, Diagnostic},
    reader,
    span::{SourceMap, Span},
};

/// The longest text whatever the limit: places in what is left of it, when bytes are replaced, have 32 bits.
const LONGEST: usize = 1 << 30;

/// How many places of bytes that are not UTF-8 are told.
const MOST_FINDINGS: usize = 100;

/// How many bytes before the place where a text gets too long are kept, to show it.
const SHOWN: usize = 100;

/// Refuses more bytes than the limit.
pub(super) fn within(bytes: &[u8], limit: u64) -> Result<(), LoadError> {
    let most = usize::try_from(limit).map_or(LONGEST, |limit| limit.min(LONGEST));
    let Some((taken, _)) = bytes.split_at_checked(most).filter(|(_, more)| !more.is_empty()) else {
        return Ok(());
    };
    let message = format!("the text has {} bytes, and may have {most}", bytes.len());
    let shown = taken.get(most.saturating_sub(SHOWN)..).unwrap_or_default();
    let source = SourceMap::new("program", String::from_utf8_lossy(shown));
    let end = source.text().len() as u32;
    let finding = Diagnostic::new(Code::SourceSize, Span::new(end, end), message);
    Err(LoadError { source, findings: vec![finding.hint("a program needs no data: give those as inputs")] })
}

/// The text that bytes are, of as many as are taken.
pub(super) fn decoded(bytes: &[u8]) -> Result<&str, LoadError> {
    str::from_utf8(bytes).map_err(|_| {
        let mut text = String::with_capacity(bytes.len());
        let mut findings = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if chunk.invalid().is_empty() {
                continue;
            }
            let start = text.len() as u32;
            text.push(char::REPLACEMENT_CHARACTER);
            if findings.len() < MOST_FINDINGS {
                let written: Vec<String> = chunk.invalid().iter().map(|b| format!("{b:02x}")).collect();
                let message = format!("the bytes {} are no character in UTF-8", written.join(" "));
                let finding = Diagnostic::new(Code::NotUtf8, Span::new(start, text.len() as u32), message);
                findings.push(finding.hint("save the text as UTF-8"));
            }
        }
        LoadError { source: SourceMap::new("program", text), findings }
    })
}

/// What the reader found in a text, and what the next stage finds in it: only where mistakes leave no doubt what
/// belongs together, and not in their lines, save for a comma too many.
pub(super) fn with_later(
    text: &str,
    mut findings: Vec<Diagnostic>,
    later: impl FnOnce() -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let of_one_token = |finding: &Diagnostic| {
        let token = text.get(finding.span.start as usize..).unwrap_or_default();
        matches!(finding.code, Code::BadNumber | Code::NumberRange | Code::BadChar | Code::BadToken)
            && !token.starts_with(['{', '`'])
    };
    if !findings.iter().all(of_one_token) {
        return findings;
    }
    let is_comma = |span: Span| text.get(span.start as usize..span.end as usize) == Some(",");
    let source = SourceMap::new("", text);
    let line = |finding: &Diagnostic| source.place(finding.span.start).line;
    let unsure: Vec<u32> = findings.iter().filter(|read| !is_comma(read.span)).map(line).collect();
    let later =
        later().into_iter().filter(|finding| !finding.is_warning() && !unsure.contains(&line(finding)));
    findings.extend(later);
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    findings.truncate(MOST_FINDINGS);
    findings
}

/// The reader's limits, of data that may nest so deep. Later stages recurse over them, which the default bounds.
pub(super) fn nesting(limit: u32) -> reader::Limits {
    let standard = reader::Limits::default();
    reader::Limits { depth: standard.depth.min(limit as usize), ..standard }
}
