//! `run`, `grad` and `check`.

use crate::{
    args::{Grad, Program, Run},
    failure::{self, Failure},
    inputs, json, source, written,
};
use scheme_core::{
    diag::{Diagnostic, Family},
    kernel,
    lower::{Arrangement, Lowered, lower},
    reader::{self, number_text},
    span::SourceMap,
    warnings::warnings,
};
use scheme_runtime::{Answer, Interpreter, StringProgram};

/// What an answer is called where its type is only known when it runs.
const ANY: &str = "any";

/// The longest text, in bytes, that is looked at before it runs.
const LONGEST_KNOWN: usize = 16 << 10;
/// The stack on which it is compiled, in bytes.
const STACK: usize = 32 << 20;

/// The program's value.
pub(crate) fn run(args: &Run) -> Result<String, Failure> {
    let (source, program) = load(&args.program)?;
    let values = inputs::values(&args.set, args.inputs.as_deref())?;
    failure::draw(program.warnings(), &source);
    let values: Vec<(&str, Answer)> = values.iter().map(|(name, x)| (name.as_str(), x.clone())).collect();
    let answer = match program.call_with(&values) {
        Ok(answer) => answer,
        Err(error) => return Err(Failure::program(source, vec![error])),
    };
    if !args.program.json {
        return Ok(answer.to_string());
    }
    let value = written::value(&answer);
    Ok(json::object([("value", value)]))
}

/// The program's value and gradient.
pub(crate) fn grad(args: &Grad) -> Result<String, Failure> {
    let Run { program, set, inputs } = &args.run;
    let as_json = program.json;
    let (source, program) = load(program)?;
    let values = inputs::values(set, inputs.as_deref())?;
    failure::draw(&[program.warnings(), &known(source.text()).warnings].concat(), &source);
    let values: Vec<(&str, Answer)> = values.iter().map(|(name, x)| (name.as_str(), x.clone())).collect();
    let mut by: Vec<&str> = Vec::new();
    for name in args.wrt.iter().flatten().map(|name| name.trim()) {
        if !by.contains(&name) {
            by.push(name);
        }
    }
    if args.wrt.is_none() {
        by.extend(program.inputs());
    }
    let (value, gradient) = match program.value_and_grad_with(&by, &values) {
        Ok(result) => result,
        Err(error) => return Err(Failure::program(source, vec![error])),
    };
    let partials = by.iter().copied().zip(gradient);
    if as_json {
        let partials = json::object(partials.map(|(name, d)| (name, written::value(&d))));
        return Ok(json::object([("value", json::number(value)), ("grad", partials)]));
    }
    let mut lines = vec![format!("value {}", number_text(value))];
    lines.extend(partials.map(|(name, d)| format!("d_{name} {d}")));
    Ok(lines.join("\n"))
}

/// What is known of a program before it runs.
pub(crate) fn check(args: &Program) -> Result<String, Failure> {
    let (source, program) = load(args)?;
    let known = known(source.text());
    if !known.errors.is_empty() {
        return Err(Failure::program(source, known.errors));
    }
    let warnings = [program.warnings(), &known.warnings].concat();
    if args.json {
        let warnings = warnings.iter().map(|warning| json::diagnostic(warning, &source));
        return Ok(json::object([
            ("ok", "true".into()),
            ("inputs", json::array(program.inputs().map(json::text))),
            // `param` is not in the language of the interpreter yet, so that no program has any.
            ("params", json::array([])),
            ("type", json::text(known.ty)),
            ("warnings", json::array(warnings)),
        ]));
    }
    failure::draw(&warnings, &source);
    let inputs: Vec<&str> = program.inputs().collect();
    let inputs = if inputs.is_empty() { "none".to_string() } else { inputs.join(" ") };
    Ok(format!("ok\ninputs: {inputs}\ntype: {}", known.ty))
}

fn load(args: &Program) -> Result<(SourceMap, StringProgram), Failure> {
    if let Some(option) = args.budgets.planned() {
        return Err(Failure::planned(&format!("`{option}` is")));
    }
    let source = source::read(&args.text)?;
    match Interpreter::new().limits(args.budgets.limits()).load(source.text()) {
        Ok(program) => Ok((source, program)),
        Err(error) => Err(Failure::program(source, error.into_findings())),
    }
}

/// What the compiler of inline programs knows of a program that loads.
pub(crate) struct Known {
    /// The type of its value.
    ty: &'static str,
    /// What is probably not meant.
    pub(crate) warnings: Vec<Diagnostic>,
    /// What every run of it meets.
    errors: Vec<Diagnostic>,
}

/// Only programs on numbers alone are known today. That compiler recurses as deep as their inlined
/// procedures nest, which it bounds: it has a stack of its own that is ample for that on every system.
pub(crate) fn known(text: &str) -> Known {
    let nothing = || Known { ty: ANY, warnings: Vec::new(), errors: Vec::new() };
    if text.len() > LONGEST_KNOWN {
        return nothing();
    }
    let look = || {
        let Some(program) = kernel::desugar(&reader::read(text).0).0 else { return nothing() };
        match lower("program", &program) {
            Ok(Lowered::Direct(direct)) => {
                let ty = if direct.result == Arrangement::Real { "real" } else { ANY };
                Known { ty, warnings: warnings(&program, &direct), errors: Vec::new() }
            }
            Ok(Lowered::General { .. }) => nothing(),
            // The others are limits of that compiler, or rules of inline programs alone.
            Err(mut errors) => {
                errors.retain(|error| matches!(error.code.family(), Family::Arity | Family::Type));
                Known { errors, ..nothing() }
            }
        }
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        // Without such a stack nothing is known.
        thread.spawn_scoped(scope, look).ok().and_then(|thread| thread.join().ok()).unwrap_or_else(nothing)
    })
}
