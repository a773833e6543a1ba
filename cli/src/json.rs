//! The JSON of answers.
//!
//! Text is composed directly: a value may nest deeper than a tree of JSON could be built or dropped
//! on the host's stack.

use scheme_core::{
    diag::{Diagnostic, Waiting},
    excerpt::Excerpt,
    reader::number_text,
    span::{SourceMap, Span},
};

/// The most characters of a source line that are given.
const LINE: usize = 1000;

/// A string with its quotation marks.
pub(crate) fn text(s: &str) -> String {
    serde_json::Value::from(s).to_string()
}

/// A number in the shortest digits that read back; what JSON has no number for is a string.
pub(crate) fn number(x: f64) -> String {
    let shown = number_text(x);
    if x.is_finite() { shown } else { text(&shown) }
}

/// An array of items that are JSON already.
pub(crate) fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// An object of values that are JSON already.
pub(crate) fn object<'k>(fields: impl IntoIterator<Item = (&'k str, String)>) -> String {
    let fields = fields.into_iter().map(|(key, value)| format!("{}: {value}", text(key)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

/// A finding.
pub(crate) fn diagnostic(finding: &Diagnostic, source: &SourceMap) -> String {
    let mut fields = vec![
        ("code", text(finding.code.as_str())),
        ("family", text(&finding.code.family().to_string())),
        ("message", text(&finding.message)),
    ];
    fields.extend(places(finding.span, source));
    fields.extend(line(finding.span, source));
    fields.push(("hint", finding.hint.as_deref().map_or("null".into(), text)));
    if let Some(within) = &finding.within {
        fields.push(("in", text(within)));
    }
    if !finding.calls.is_empty() {
        fields.push(("calls", array(finding.calls.iter().map(|call| waiting(call, source)))));
    }
    object(fields)
}

/// A place with its line.
pub(crate) fn place(span: Span, source: &SourceMap) -> String {
    object(places(span, source).into_iter().chain(line(span, source)))
}

/// A call that waited for what failed, and the definition that it stands in.
fn waiting(call: &Waiting, source: &SourceMap) -> String {
    let within = call.within.as_deref().map_or("null".into(), text);
    object(places(call.span, source).into_iter().chain([("in", within)]))
}

/// Where something is. The end is the place after its last character.
fn places(span: Span, source: &SourceMap) -> [(&'static str, String); 4] {
    let (start, end) = (source.place(span.start), source.place(span.end));
    [
        ("line", start.line.to_string()),
        ("column", start.column.to_string()),
        ("end_line", end.line.to_string()),
        ("end_column", end.column.to_string()),
    ]
}

/// The line where something begins. Of a long one it is the part around the place, and the column there is told.
fn line(span: Span, source: &SourceMap) -> impl Iterator<Item = (&'static str, String)> {
    let shown = Excerpt::of(source, span, LINE);
    let column = (shown.cut != (false, false)).then(|| ("source_column", shown.column.to_string()));
    [("source", text(&shown.text))].into_iter().chain(column)
}

/// The fields of an answer that is an error: the first one, and all of them if there are several.
pub(crate) fn errors(errors: &[Diagnostic], source: &SourceMap) -> Vec<(&'static str, String)> {
    let all: Vec<String> = errors.iter().map(|error| diagnostic(error, source)).collect();
    let mut fields = Vec::new();
    fields.extend(all.first().map(|first| ("error", first.clone())));
    if all.len() > 1 {
        fields.push(("errors", array(all)));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for x in [0.0, -0.0, 0.1 + 0.2, 1e-7, 9.9e-8, 1e20, 1e21, -1.5e300, 5e-324, f64::MAX, 6.0] {
            let read: f64 = serde_json::from_str(&number(x)).unwrap();
            assert_eq!(read.to_bits(), x.to_bits(), "{x}");
        }
        assert_eq!(number(f64::NAN), "\"+nan.0\"");
        assert_eq!(number(f64::NEG_INFINITY), "\"-inf.0\"");
        assert_eq!(number(6.0), "6");
    }

    #[test]
    fn a_long_line_is_given_around_the_place() {
        let text = format!("(list{} (sqr x){})", " (foo)".repeat(100_000), " 1".repeat(100_000));
        let at = text.find("sqr").unwrap() as u32;
        let finding = Diagnostic::new(scheme_core::diag::Code::UnknownProcedure, Span::new(at, at + 3), "no");
        let shown = diagnostic(&finding, &SourceMap::new("", text.clone()));
        assert!(shown.len() < 2 * LINE, "{}", shown.len());
        let told: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(told["column"], at + 1);
        let (source, column) = (told["source"].as_str().unwrap(), told["source_column"].as_u64().unwrap());
        assert!(source.starts_with('…') && source.ends_with('…'), "{source}");
        assert_eq!(source.chars().skip(column as usize - 1).take(3).collect::<String>(), "sqr");
    }

    #[test]
    fn calls_that_waited_are_told() {
        let source = SourceMap::new("", "(define (f x)\n  (+ 1 (car x)))\n(f 5)");
        let error = scheme_runtime::Interpreter::new().load(source.text()).unwrap().call(&[]).unwrap_err();
        let told: serde_json::Value = serde_json::from_str(&diagnostic(&error, &source)).unwrap();
        assert_eq!((&told["column"], &told["in"]), (&8.into(), &"f".into()));
        let call = serde_json::json!({"line": 3, "column": 1, "end_line": 3, "end_column": 6, "in": null});
        assert_eq!(told["calls"], serde_json::json!([call]));
    }
}
