//! The values of inputs, from `--set` and from a file.

use crate::failure::Failure;
use scheme_core::reader::parse_number;
use scheme_runtime::Numbers;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// The values by name; one that is set goes before one of the file.
pub(crate) fn values(set: &[String], file: Option<&Path>) -> Result<BTreeMap<String, Numbers>, Failure> {
    let mut values = match file {
        Some(file) => from_file(file).map_err(Failure::Usage)?,
        None => BTreeMap::new(),
    };
    let mut seen = BTreeMap::new();
    for setting in set {
        let (name, value) = setting_of(setting).map_err(Failure::Usage)?;
        if seen.insert(name.to_string(), value).is_some() {
            return Err(Failure::Usage(format!("`{name}` is set twice")));
        }
    }
    values.append(&mut seen);
    Ok(values)
}

/// `name=value`. The last `=` ends the name, which may hold others: `a>=b=1`.
fn setting_of(setting: &str) -> Result<(&str, Numbers), String> {
    let Some((name, text)) = setting.rsplit_once('=').filter(|(name, _)| !name.trim().is_empty()) else {
        return Err(format!("`--set {setting}` is not of the form NAME=VALUE"));
    };
    let (name, text) = (name.trim(), text.trim());
    if let Ok(number) = parse_number(text, 10) {
        return Ok((name, number.into()));
    }
    match serde_json::from_str(text) {
        Ok(value) => Ok((name, numbers(name, &value)?)),
        Err(_) => Err(format!("the value of `{name}` is not a number or an array: {text}")),
    }
}

fn from_file(file: &Path) -> Result<BTreeMap<String, Numbers>, String> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| format!("`{shown}` is not JSON: {error}"))?;
    let Value::Object(fields) = value else {
        return Err(format!("`{shown}` must hold a JSON object of inputs, such as {{\"k\": 1.5}}"));
    };
    fields.iter().map(|(name, value)| Ok((name.clone(), numbers(name, value)?))).collect()
}

/// The number, vector or matrix that JSON stands for.
fn numbers(name: &str, value: &Value) -> Result<Numbers, String> {
    let Value::Array(items) = value else { return number(name, value).map(Numbers::Number) };
    if !items.iter().any(Value::is_array) {
        return items.iter().map(|item| number(name, item)).collect::<Result<_, _>>().map(Numbers::Vector);
    }
    let mut flat = Vec::new();
    for row in items {
        let row = row.as_array().ok_or(format!("the value of `{name}` has rows and numbers in one array"))?;
        for item in row {
            flat.push(number(name, item)?);
        }
    }
    let lengths = || items.iter().filter_map(|row| row.as_array().map(Vec::len));
    let cols = lengths().next().unwrap_or(0);
    if let Some(other) = lengths().find(|length| *length != cols) {
        return Err(format!("the value of `{name}` has a row of {cols} and a row of {other}"));
    }
    Ok(Numbers::Matrix { rows: items.len(), cols, items: flat })
}

/// The number that JSON stands for; those that JSON lacks are strings.
fn number(name: &str, value: &Value) -> Result<f64, String> {
    let kind = match value {
        Value::Number(number) => match number.as_f64() {
            Some(x) => return Ok(x),
            None => return Err(format!("the value of `{name}` is out of range: {number}")),
        },
        Value::String(text) => {
            let special = ["+nan.0", "+inf.0", "-inf.0"].contains(&text.as_str());
            match parse_number(text, 10) {
                Ok(x) if special => return Ok(x),
                _ => return Err(format!("the value of `{name}` is not a number: {value}")),
            }
        }
        Value::Array(_) => "an array of more than two axes",
        Value::Object(_) => "an object",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
    };
    Err(format!(
        "the value of `{name}` holds {kind}: inputs other than numbers, vectors and matrices are not there yet"
    ))
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
            ("v=[]", Numbers::Vector(Vec::new())),
            ("v=[\"+inf.0\"]", [f64::INFINITY].into()),
            ("v=[[1, 2, 3], [4, 5, 6]]", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into()),
            ("v=[[], []]", [[], []].into()),
        ] {
            assert_eq!(setting_of(text), Ok(("v", expect)), "{text}");
        }
        for (text, says) in [
            ("k", "NAME=VALUE"),
            ("=1", "NAME=VALUE"),
            ("k=", "not a number"),
            ("k=one", "not a number"),
            ("k=\"1\"", "not a number"),
            ("k=1e999", "not a number"),
            ("k=[[1], 2]", "rows and numbers"),
            ("k=[[1, 2], [3]]", "a row of 2 and a row of 1"),
            ("k=[[[1]]]", "more than two axes"),
            ("k=[true]", "not there yet"),
            ("k=true", "not there yet"),
        ] {
            let error = setting_of(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
