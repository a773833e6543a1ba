//! What is answered about a program, on the command line and to requests: its text and its JSON.

use crate::{
    inputs::Values,
    json,
    known::Known,
    written::{self, has_numbers},
};
use scheme_core::{reader::number_text, span::SourceMap};
use scheme_runtime::{Answer, CallError, Derivatives, StringProgram};
use std::collections::HashSet;

/// An answer.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Of `run`.
    Value(Answer),
    /// Of `grad`: the value, and the derivative by each name.
    Gradient(f64, Vec<(String, Answer)>),
    /// Of `hessian`: the names, and the derivatives by them.
    Hessian(Vec<String>, Derivatives),
}

/// Values as a program takes them.
pub(crate) fn given(values: &Values) -> Vec<(&str, Answer)> {
    values.iter().map(|(name, x)| (name.as_str(), x.clone())).collect()
}

/// The names that derivatives are taken by: those asked for, each once, or else all inputs and parameters but those
/// that are given what has no numbers.
pub(crate) fn names<'a>(
    program: &'a StringProgram,
    values: &Values,
    asked: Option<&'a [String]>,
) -> Vec<&'a str> {
    let Some(asked) = asked else {
        let moves = |name: &&str| values.get(*name).is_none_or(has_numbers);
        let params = program.params().map(|param| param.name.as_str());
        return program.inputs().chain(params).filter(moves).collect();
    };
    let mut seen = HashSet::new();
    asked.iter().map(|name| name.trim()).filter(|name| seen.insert(*name)).collect()
}

/// The program's value.
pub(crate) fn run(program: &StringProgram, values: &Values) -> Result<Reply, CallError> {
    program.call_with(&given(values)).map(Reply::Value)
}

/// The program's value and gradient.
pub(crate) fn grad(
    program: &StringProgram,
    values: &Values,
    wrt: Option<&[String]>,
) -> Result<Reply, CallError> {
    let by = names(program, values, wrt);
    let (value, gradient) = program.value_and_grad_with(&by, &given(values))?;
    Ok(Reply::Gradient(value, by.into_iter().map(String::from).zip(gradient).collect()))
}

/// The program's value, gradient and second derivatives.
pub(crate) fn hessian(
    program: &StringProgram,
    values: &Values,
    wrt: Option<&[String]>,
) -> Result<Reply, CallError> {
    let by = names(program, values, wrt);
    let derivatives = program.hessian_with(&by, &given(values))?;
    Ok(Reply::Hessian(by.into_iter().map(String::from).collect(), derivatives))
}

impl Reply {
    /// The fields of its JSON.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let by_name = |names: &[String], answers: &[Answer]| {
            let fields = names.iter().zip(answers).map(|(name, d)| (name.as_str(), written::value(d)));
            json::object(fields)
        };
        match self {
            Self::Value(answer) => vec![("value", written::value(answer))],
            Self::Gradient(value, gradient) => {
                let partials = gradient.iter().map(|(name, d)| (name.as_str(), written::value(d)));
                vec![("value", json::number(*value)), ("grad", json::object(partials))]
            }
            Self::Hessian(names, Derivatives { value, gradient, hessian }) => {
                let rows = names.iter().zip(hessian).map(|(name, row)| (name.as_str(), by_name(names, row)));
                vec![
                    ("value", json::number(*value)),
                    ("grad", by_name(names, gradient)),
                    ("hessian", json::object(rows)),
                ]
            }
        }
    }

    /// Its text.
    pub(crate) fn text(&self) -> String {
        let gradient = |value: f64, partials: &mut dyn Iterator<Item = (&String, &Answer)>| {
            let mut lines = vec![format!("value {}", number_text(value))];
            lines.extend(partials.map(|(name, d)| format!("d_{name} {d}")));
            lines
        };
        match self {
            Self::Value(answer) => answer.to_string(),
            Self::Gradient(value, partials) => {
                gradient(*value, &mut partials.iter().map(|(name, d)| (name, d))).join("\n")
            }
            Self::Hessian(names, all) => {
                let mut lines = gradient(all.value, &mut names.iter().zip(&all.gradient));
                for (a, row) in names.iter().zip(&all.hessian) {
                    lines.extend(names.iter().zip(row).map(|(b, d)| format!("d_{a}_{b} {d}")));
                }
                lines.join("\n")
            }
        }
    }
}

/// The fields of the JSON of `check`.
pub(crate) fn checked(
    program: &StringProgram,
    known: &Known,
    source: &SourceMap,
) -> Vec<(&'static str, String)> {
    let bound = |bound: Option<f64>| bound.map_or("null".into(), json::number);
    let params = program.params().map(|param| {
        json::object([
            ("name", json::text(&param.name)),
            ("init", json::number(param.init)),
            ("lo", bound(param.lo)),
            ("hi", bound(param.hi)),
        ])
    });
    let warnings = program.warnings().iter();
    vec![
        ("ok", "true".into()),
        ("inputs", json::array(program.inputs().map(json::text))),
        ("params", json::array(params)),
        ("type", json::text(&known.ty(program))),
        ("warnings", json::array(warnings.map(|warning| json::diagnostic(warning, source)))),
    ]
}
