//! What must hold for any bytes: no panic, no hang, and errors that have a code and a place.
//!
//! The fuzzing targets and the replay of their corpus share these checks; each panics on what breaks a promise.

use scheme_core::{
    diag::{Code, Diagnostic, Family},
    reader,
    span::SourceMap,
};
use scheme_runtime::{Answer, Interpreter, Limits, LoadError, StringProgram};
use std::time::Duration;

/// Small budgets. Steps are to end a run long before the clock does.
pub(crate) const LIMITS: Limits = Limits {
    source: 100_000,
    nesting: 500,
    steps: 20_000,
    depth: 1_000,
    cells: 50_000,
    string: 50_000,
    trace: 10_000,
    trace_bytes: 400_000,
    deadline: Some(Duration::from_secs(60)),
};

/// The reader: findings have places, and what is read without an error reads back from how it is written.
pub(crate) fn reader(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let source = SourceMap::new("text", &*text);
    let (data, findings) = reader::read(&text);
    findings.iter().for_each(|finding| sound(finding, &source));
    let mut end = 0;
    for datum in &data {
        assert!(datum.span.start >= end && datum.span.start <= datum.span.end, "{:?}", datum.span);
        end = datum.span.end;
    }
    assert!(end as usize <= text.len());
    if findings.iter().all(Diagnostic::is_warning) {
        let written: Vec<String> = data.iter().map(ToString::to_string).collect();
        let (again, findings) = reader::read(&written.join("\n"));
        assert!(findings.is_empty(), "{findings:?}");
        assert!(data.len() == again.len() && data.iter().zip(&again).all(|(a, b)| a.same(b)), "{written:?}");
    }
}

/// Loading and running: errors have places, and a run gives the same twice.
pub(crate) fn load(bytes: &[u8]) {
    let Some(program) = loaded(bytes) else { return };
    let inputs = inputs(&program);
    let first = program.call_with(&inputs);
    let second = program.call_with(&inputs);
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
    match first {
        Ok(answer) => drop(answer.to_string()),
        Err(error) => sound(&error, program.source()),
    }
}

/// Derivatives: they come with the value's bits, or end by a budget.
pub(crate) fn gradient(bytes: &[u8]) {
    let Some(program) = loaded(bytes) else { return };
    let inputs = inputs(&program);
    let by: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let Ok(Answer::Number(value)) = program.call_with(&inputs) else { return };
    let same = |x: f64| x.to_bits() == value.to_bits() || x.is_nan() && value.is_nan();
    match program.value_and_grad_with(&by, &inputs) {
        Ok((x, gradient)) => assert!(same(x) && gradient.len() == by.len(), "{x} {value}"),
        Err(error) => in_budget(&error, &program),
    }
    match program.hessian_with(&by, &inputs) {
        Ok(all) => assert!(same(all.value) && all.hessian.len() == by.len(), "{} {value}", all.value),
        Err(error) => in_budget(&error, &program),
    }
    match program.jvp_with(&inputs, &inputs) {
        Ok((answer, _)) => assert!(answer.number().is_some_and(same), "{answer} {value}"),
        Err(error) => in_budget(&error, &program),
    }
}

pub(crate) fn loaded(bytes: &[u8]) -> Option<StringProgram> {
    match Interpreter::with_limits(LIMITS).load_bytes(bytes) {
        Ok(program) => {
            program.warnings().iter().for_each(|warning| sound(warning, program.source()));
            Some(program)
        }
        Err(error) => {
            refused(&error);
            None
        }
    }
}

/// Values for the inputs, of the types that are declared, as far as they are small.
fn inputs(program: &StringProgram) -> Vec<(&str, Answer)> {
    program.inputs().zip(1..).map(|(name, i)| (name, Answer::from(f64::from(i) * 0.75))).collect()
}

pub(crate) fn refused(error: &LoadError) {
    assert!(!error.is_empty());
    error.iter().for_each(|finding| sound(finding, error.text()));
    drop(error.to_string());
}

pub(crate) fn in_budget(error: &Diagnostic, program: &StringProgram) {
    sound(error, program.source());
    assert_eq!(error.code.family(), Family::Budget, "{error}");
}

/// That a finding says something, at a place of its text.
pub(crate) fn sound(finding: &Diagnostic, source: &SourceMap) {
    assert!(!finding.message.is_empty(), "{finding:?}");
    assert!(finding.code != Code::Deadline, "the clock ended a run before the steps did: {finding:?}");
    let place = finding.span.start as usize..finding.span.end as usize;
    assert!(source.text().get(place).is_some(), "{finding:?}");
    assert!(finding.render(source).contains(finding.code.as_str()));
}
