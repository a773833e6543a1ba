//! What the methods of interpreters and programs say when they are given what they do not expect, by data:
//! `methods/*.txt` hold texts, what is done with them, and what comes of it, which `BLESS=1` writes.
//!
//! The first lines of a text say what is done. Values are expressions of the language:
//! ```text
//! ; limits steps=100 depth=10        what is other than by default
//! ; x = [1 2]                        an input
//! ; along x = [0 1]                  a direction of it
//! ; column x = 1 2 3                 its numbers over rows; none without `=`
//! ; cotangent = 1                    what `vjp` pulls back
//! ; by x v                           what derivatives are taken by, all inputs and parameters else
//! ; param k = 2                      a value of a parameter, for `params`
//! ; substitute x (sin t)             other programs that it is put together with, and then used
//! ; do call gradient                 the methods that are called
//! ```

#[path = "../../core/tests/golden/mod.rs"]
mod golden;

use scheme_runtime::{Answer, CallError, Diagnostic, Interpreter, Limits, LoadError, StringProgram};
use std::{fmt::Write as _, time::Duration};

/// What the first lines of a text say.
#[derive(Default)]
struct Orders<'t> {
    limits: Limits,
    inputs: Vec<(&'t str, Answer)>,
    directions: Vec<(&'t str, Answer)>,
    columns: Vec<(&'t str, Vec<f64>)>,
    cotangent: Option<Answer>,
    by: Option<Vec<&'t str>>,
    params: Vec<(&'t str, f64)>,
    /// Words with what follows them.
    made: Vec<(&'t str, &'t str)>,
    methods: Vec<&'t str>,
}

impl<'t> Orders<'t> {
    /// The orders of a text, and the program after them.
    fn of(text: &'t str) -> (Self, &'t str) {
        let mut orders = Self::default();
        let mut rest = text;
        while let Some(line) = rest.strip_prefix("; ") {
            let (line, after) = line.split_once('\n').unwrap_or((line, ""));
            orders.take(line);
            rest = after;
        }
        (orders, rest)
    }

    fn take(&mut self, line: &'t str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let named = || rest.split_once(" = ").unwrap_or((rest, ""));
        match word {
            "limits" => rest.split(' ').for_each(|limit| self.limit(limit)),
            "along" => self.directions.push((named().0, value(named().1))),
            "column" => {
                let numbers = value(&format!("(list {})", named().1));
                self.columns.push((named().0, numbers.numbers().expect("numbers")));
            }
            "cotangent" => self.cotangent = rest.strip_prefix("= ").map(value),
            "by" => self.by = Some(rest.split_whitespace().collect()),
            "param" => self.params.push((named().0, value(named().1).number().expect("a number"))),
            "substitute" | "compose" | "redefine" => self.made.push((word, rest)),
            "do" => self.methods = rest.split(' ').collect(),
            _ => {
                let (name, text) = line.split_once(" = ").expect("name = value");
                self.inputs.push((name, value(text)));
            }
        }
    }

    fn limit(&mut self, limit: &str) {
        let (name, number) = limit.split_once('=').expect("name=number");
        let number: u64 = number.parse().expect("a number");
        let small = u32::try_from(number).unwrap_or(u32::MAX);
        match name {
            "source" => self.limits.source = number,
            "nesting" => self.limits.nesting = small,
            "steps" => self.limits.steps = number,
            "depth" => self.limits.depth = small,
            "cells" => self.limits.cells = small,
            "string" => self.limits.string = number,
            "trace" => self.limits.trace = number,
            "trace_bytes" => self.limits.trace_bytes = number,
            "deadline" => self.limits.deadline = Some(Duration::from_secs(number)),
            other => panic!("no limit {other}"),
        }
    }
}

/// The value of an expression.
fn value(text: &str) -> Answer {
    let program = Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"));
    program.call(&[]).unwrap_or_else(|error| panic!("{error}"))
}

/// What comes of a text, a line for each method.
fn outcome(text: &str) -> String {
    let (orders, text) = Orders::of(text);
    match made(&orders, text) {
        Ok(program) => {
            let lines = orders.methods.iter().map(|method| {
                let result = called(method, &program, &orders);
                format!(
                    "{method}: {}\n",
                    result.unwrap_or_else(|error| told(&error, program.source().text()))
                )
            });
            lines.collect()
        }
        Err(error) => {
            let text = error.text().text();
            error.iter().map(|finding| told(finding, text) + "\n").collect()
        }
    }
}

/// An error with the part of the text that it blames.
fn told(error: &Diagnostic, text: &str) -> String {
    let blamed = text.get(error.span.start as usize..error.span.end as usize).expect("a place in the text");
    let mut told = format!("{} {}", error.code.as_str(), error.message);
    error.within.iter().for_each(|name| write!(told, " in `{name}`").expect("text"));
    write!(told, " [{}]", blamed.split_whitespace().collect::<Vec<_>>().join(" ")).expect("text");
    error.hint.iter().for_each(|hint| write!(told, " ({hint})").expect("text"));
    told
}

fn made(orders: &Orders<'_>, text: &str) -> Result<StringProgram, LoadError> {
    let interpreter = Interpreter::with_limits(orders.limits);
    let mut program = interpreter.load(text)?;
    for (word, rest) in &orders.made {
        program = match *word {
            "compose" => program.compose(&interpreter.load(rest)?)?,
            "redefine" => program.redefine(rest)?,
            "substitute" => {
                let (input, by) = rest.split_once(' ').expect("an input and a program");
                program.substitute(input, &interpreter.load(by)?)?
            }
            other => panic!("nothing is made by {other}"),
        };
    }
    Ok(program)
}

fn called(method: &str, program: &StringProgram, orders: &Orders<'_>) -> Result<String, CallError> {
    let all = program.inputs().chain(program.params().map(|param| &*param.name)).collect();
    let by = orders.by.clone().unwrap_or(all);
    let list = |answers: Vec<Answer>| Answer::List(answers);
    let inputs = &orders.inputs;
    let columns: Vec<(&str, &[f64])> = orders.columns.iter().map(|(name, x)| (*name, &x[..])).collect();
    let constants: Vec<(&str, f64)> =
        inputs.iter().filter_map(|(name, value)| Some((*name, value.number()?))).collect();
    Ok(match method {
        "call" => program.call_with(inputs)?.to_string(),
        "gradient" => {
            let (value, gradient) = program.value_and_grad_with(&by, inputs)?;
            Answer::List(vec![value.into(), list(gradient)]).to_string()
        }
        "hessian" => {
            let all = program.hessian_with(&by, inputs)?;
            list(all.hessian.into_iter().map(list).collect()).to_string()
        }
        "jacobian" => {
            let (value, jacobian) = program.jacobian_with(&by, inputs)?;
            Answer::List(vec![value, list(jacobian)]).to_string()
        }
        "jvp" => {
            let (value, tangent) = program.jvp_with(inputs, &orders.directions)?;
            Answer::List(vec![value, tangent]).to_string()
        }
        "vjp" => {
            let cotangent = orders.cotangent.clone().expect("a cotangent");
            list(program.vjp_with(&by, inputs, &cotangent)?.1).to_string()
        }
        "vmap" => list(program.vmap(&columns, &constants)?).to_string(),
        "vmap-gradient" => {
            let rows = program.vmap_value_and_grad(&by, &columns, &constants)?;
            let row = |(value, gradient): (f64, Vec<f64>)| list(vec![value.into(), gradient.into()]);
            list(rows.into_iter().map(row).collect()).to_string()
        }
        "params" => {
            let program = program.with_params(&orders.params)?;
            let text = program.params().map(|param| format!("{} {}", param.name, Answer::from(param.init)));
            text.collect::<Vec<_>>().join(", ")
        }
        "nonfinite" => match program.first_nonfinite_with(&by, inputs)? {
            None => "none".to_string(),
            Some(found) => {
                let place = found.span.start as usize..found.span.end as usize;
                let text = program.source().text().get(place).expect("a place in the text");
                let part = if found.order > 0 { "gradient" } else { "value" };
                format!("{} in the {part} at {text}", Answer::from(found.value))
            }
        },
        other => panic!("no method {other}"),
    })
}

#[test]
fn inputs() {
    golden::check("methods/inputs.txt", outcome);
}

#[test]
fn derivatives() {
    golden::check("methods/derivatives.txt", outcome);
}

#[test]
fn rows() {
    golden::check("methods/rows.txt", outcome);
}

#[test]
fn limits() {
    golden::check("methods/limits.txt", outcome);
}

#[test]
fn composition() {
    golden::check("methods/composition.txt", outcome);
}
