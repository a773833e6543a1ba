//! The values of inputs, from `--set` and from a file.

use crate::{args::Inputs, failure::Failure};
use scheme_core::{
    prim::Prim,
    reader::{number_text, parse_number},
};
use scheme_runtime::{Answer, json};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs, path::Path};

/// Values by the names of inputs.
pub(crate) type Values = BTreeMap<String, Answer>;

/// The values by name; one that is set goes before one of the file.
pub(crate) fn values(args: &Inputs) -> Result<Values, Failure> {
    let mut values = match &args.inputs {
        Some(file) => from_file(file).map_err(Failure::Usage)?,
        None => Values::new(),
    };
    let mut seen = Values::new();
    for setting in &args.set {
        let (name, value) = setting_of(setting).map_err(Failure::Usage)?;
        if seen.insert(name.to_string(), value).is_some() {
            return Err(Failure::Usage(format!("`{name}` is set twice")));
        }
    }
    values.append(&mut seen);
    Ok(values)
}

/// Whether `--set` gives a value of that name.
pub(crate) fn sets(args: &Inputs, name: &str) -> bool {
    args.set.iter().any(|setting| setting_of(setting).is_ok_and(|(set, _)| set == name))
}

/// `name=value`. The name may hold `=`, as `a>=b` does, and so may a value of JSON: of the ways to part them, the one
/// with the longest name that leaves a value.
fn setting_of(setting: &str) -> Result<(&str, Answer), String> {
    let mut failed = None;
    for (at, _) in setting.rmatch_indices('=') {
        let (name, text) = (setting[..at].trim(), setting[at + 1..].trim());
        if name.is_empty() {
            break;
        }
        match written(name, text) {
            Ok(value) => return Ok((name, value)),
            // What begins as JSON tells best what is wrong with it.
            Err(error) if failed.is_none() || text.starts_with(['{', '[', '"']) => failed = Some(error),
            Err(_) => {}
        }
    }
    Err(failed.unwrap_or_else(|| format!("`--set {setting}` is not of the form NAME=VALUE")))
}

/// A value as it is written after `--set`: a number of the language, or JSON.
fn written(name: &str, text: &str) -> Result<Answer, String> {
    if let Ok(number) = parse_number(text, 10) {
        return Ok(number.into());
    }
    let wrong = || format!("the value of `{name}` is not a number or an array: {text}");
    if text.ends_with(|c: char| c.is_ascii_digit()) && text.parse().is_ok_and(f64::is_infinite) {
        return Err(format!("the value of `{name}` is larger than any number: {text}"));
    }
    match json::read(text) {
        Ok(json) => value(name, &json),
        Err(error) if error.is_data() => Err(format!("the value of `{name}` is not JSON: {error}")),
        // Of numbers that are too large the reader of JSON tells no more than its words.
        Err(error) if error.to_string().starts_with("number out of range") => {
            Err(format!("the value of `{name}` has a number that is larger than any number: {text}"))
        }
        Err(_) => match not_finite(text) {
            Some(x) => Err(format!("{}; write {}", wrong(), number_text(x))),
            None => Err(wrong()),
        },
    }
}

/// What the names that other programs have for infinities and what is no number stand for, in any case.
fn not_finite(text: &str) -> Option<f64> {
    text.ends_with(char::is_alphabetic).then(|| text.parse().ok())?
}

/// A value in a cell of a file of rows: what `--set` takes, and the names that other programs have for
/// infinities and what is no number.
pub(crate) fn cell(name: &str, text: &str) -> Result<Answer, String> {
    if text.is_empty() {
        return Err(format!("the cell of `{name}` is empty"));
    }
    written(name, text).or_else(|error| not_finite(text).map(Answer::Number).ok_or(error))
}

fn from_file(file: &Path) -> Result<Values, String> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
    let json = json::read(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| format!("`{shown}` is not JSON: {error}"))?;
    let Value::Object(fields) = json else {
        return Err(format!("`{shown}` must hold a JSON object of inputs, such as {{\"k\": 1.5}}"));
    };
    values_of(&fields)
}

/// The values in a JSON object.
pub(crate) fn values_of(fields: &Map<String, Value>) -> Result<Values, String> {
    fields.iter().map(|(name, json)| Ok((name.clone(), value(name, json)?))).collect()
}

/// The value that JSON stands for, as answers are written: arrays are numeric vectors and matrices, and
/// an object names its type.
fn value(name: &str, json: &Value) -> Result<Answer, String> {
    match json {
        Value::Null => Ok(Answer::Unspecified),
        Value::Bool(b) => Ok(Answer::Bool(*b)),
        Value::Number(_) | Value::String(_) => number(name, json).map(Answer::Number),
        Value::Array(items) if items.iter().any(Value::is_array) => matrix(name, items),
        Value::Array(items) => {
            items.iter().map(|item| number(name, item)).collect::<Result<_, _>>().map(Answer::Numbers)
        }
        Value::Object(fields) => object(name, fields),
    }
}

/// Rows of one length.
fn matrix(name: &str, rows: &[Value]) -> Result<Answer, String> {
    let mut all: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for row in rows {
        let row = row.as_array().ok_or(format!("the value of `{name}` has rows and numbers in one array"))?;
        let row = row.iter().map(|item| number(name, item)).collect::<Result<Vec<_>, _>>()?;
        match all.first().map(Vec::len) {
            Some(cols) if cols != row.len() => {
                return Err(format!("the value of `{name}` has a row of {cols} and a row of {}", row.len()));
            }
            _ => all.push(row),
        }
    }
    Ok(Answer::Matrix(all))
}

/// A value with its type: `{"symbol": "a"}`, `{"list": [1, 2]}`.
fn object(name: &str, fields: &Map<String, Value>) -> Result<Answer, String> {
    let unknown = || {
        let kinds = "symbol, string, char, list, pair, vector or procedure";
        format!("the value of `{name}` is an object, but not one of a {kinds}, such as {{\"symbol\": \"a\"}}")
    };
    let mut fields = fields.iter();
    let (Some((kind, json)), None) = (fields.next(), fields.next()) else { return Err(unknown()) };
    let all = |items: &[Value]| items.iter().map(|item| value(name, item)).collect::<Result<Vec<_>, _>>();
    match (kind.as_str(), json) {
        ("symbol", Value::String(text)) => Ok(Answer::Symbol(text.clone())),
        ("string", Value::String(text)) => Ok(Answer::String(text.clone())),
        ("char", Value::String(text)) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Answer::Char(c)),
                _ => Err(format!("the value of `{name}` has a char that is not one character: {json}")),
            }
        }
        ("list", Value::Array(items)) => all(items).map(Answer::List),
        ("vector", Value::Array(items)) => all(items).map(Answer::Vector),
        ("pair", Value::Array(halves)) => match &halves[..] {
            [car, cdr] => Ok(match (value(name, car)?, value(name, cdr)?) {
                (car, Answer::List(mut items)) => {
                    items.insert(0, car);
                    Answer::List(items)
                }
                (car, Answer::Dotted(mut items, end)) => {
                    items.insert(0, car);
                    Answer::Dotted(items, end)
                }
                (car, end) => Answer::Dotted(vec![car], end.into()),
            }),
            _ => Err(format!("the value of `{name}` has a pair that is not of two values")),
        },
        ("procedure", Value::String(text)) => match Prim::find(text) {
            Some(prim) => Ok(Answer::Procedure(prim.name())),
            None => {
                Err(format!("the value of `{name}` is a procedure, of which only primitives can be given"))
            }
        },
        _ => Err(unknown()),
    }
}

/// The number that JSON stands for; those that JSON lacks are strings.
fn number(name: &str, json: &Value) -> Result<f64, String> {
    let kind = match json {
        Value::Number(number) => match number.as_f64() {
            Some(x) => return Ok(x),
            None => return Err(format!("the value of `{name}` is out of range: {number}")),
        },
        Value::String(text) => {
            let special = ["+nan.0", "+inf.0", "-inf.0"].contains(&text.as_str());
            return match parse_number(text, 10) {
                Ok(x) if special => Ok(x),
                _ => Err(format!(
                    "the value of `{name}` is not a number: {json}; a string is written {{\"string\": {json}}}"
                )),
            };
        }
        Value::Array(_) => "an array of more than two axes",
        Value::Object(_) => "an object",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
    };
    Err(format!("the value of `{name}` holds {kind} in an array, which is of numbers alone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        for (text, expect) in [
            ("k=1.5", Ok(("k", 1.5))),
            (" k = -1e-3 ", Ok(("k", -1e-3))),
            ("k=1/4", Ok(("k", 0.25))),
            ("a>=b=-inf.0", Ok(("a>=b", f64::NEG_INFINITY))),
            ("k=\"+inf.0\"", Ok(("k", f64::INFINITY))),
        ] {
            assert_eq!(setting_of(text), expect.map(|(name, x): (_, f64)| (name, x.into())), "{text}");
        }
        for (text, expect) in [
            ("v=[1, -2.5]", [1.0, -2.5].into()),
            ("v=[]", Answer::Numbers(Vec::new())),
            ("v=[\"+inf.0\"]", [f64::INFINITY].into()),
            ("v=[[1, 2, 3], [4, 5, 6]]", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into()),
            ("v=[[], []]", [[], []].into()),
            ("v=true", true.into()),
            ("v={\"symbol\": \"a\"}", Answer::Symbol("a".into())),
            ("v={\"string\": \"a\"}", "a".into()),
            ("v={\"char\": \"é\"}", 'é'.into()),
            ("v={\"list\": [1, [2, 3]]}", Answer::List(vec![1.0.into(), [2.0, 3.0].into()])),
            ("v={\"vector\": []}", Answer::Vector(Vec::new())),
            ("v={\"pair\": [1, {\"list\": [2]}]}", Answer::from_iter([1.0, 2.0])),
            ("v={\"pair\": [1, 2]}", Answer::Dotted(vec![1.0.into()], Box::new(2.0.into()))),
            ("v={\"procedure\": \"sin\"}", Answer::Procedure("sin")),
        ] {
            assert_eq!(setting_of(text), Ok(("v", expect)), "{text}");
        }
        for (text, says) in [
            ("k", "NAME=VALUE"),
            ("=1", "NAME=VALUE"),
            ("k=", "not a number"),
            ("k=one", "not a number"),
            ("k=\"1\"", "not a number"),
            ("k=1e999", "larger than any number: 1e999"),
            ("k=-1e+999", "larger than any number"),
            ("k=[1, -1e999]", "has a number that is larger than any number: [1, -1e999]"),
            ("k={\"list\": [1e999]}", "has a number that is larger than any number"),
            ("k=nan", "write +nan.0"),
            ("k=-Infinity", "write -inf.0"),
            ("k={\"list\": [1], \"list\": [2]}", "the key \"list\" stands twice"),
            ("k=[[1], 2]", "rows and numbers"),
            ("k=[[1, 2], [3]]", "a row of 2 and a row of 1"),
            ("k=[[[1]]]", "more than two axes"),
            ("k=[true]", "a boolean in an array"),
            ("k={\"list\": 1}", "not one of a symbol"),
            ("k={\"char\": \"ab\"}", "not one character"),
            ("k={\"procedure\": \"lambda\"}", "only primitives"),
        ] {
            let error = setting_of(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn cells() {
        for (text, expect) in [
            ("1.5", Some(1.5)),
            ("-inf", Some(f64::NEG_INFINITY)),
            ("Infinity", Some(f64::INFINITY)),
            ("+inf.0", Some(f64::INFINITY)),
            ("1e999", None),
            ("one", None),
            ("", None),
        ] {
            assert_eq!(cell("k", text).ok(), expect.map(Answer::Number), "{text}");
        }
    }
}
