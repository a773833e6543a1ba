//! What must hold of features together: every method of a loaded program, at inputs that nobody expects; programs
//! put into one another; programs saved, damaged and read back.

#[cfg(feature = "artefact")]
use super::checks::LIMITS;
use super::checks::{in_budget, loaded, refused, sound};
#[cfg(feature = "artefact")]
use scheme_core::diag::Family;
#[cfg(feature = "artefact")]
use scheme_runtime::Interpreter;
use scheme_runtime::{Answer, CallError, StringProgram};

/// Values at the ends of what there is.
fn extremes() -> [Answer; 20] {
    [
        0.0.into(),
        (-0.0).into(),
        f64::NAN.into(),
        f64::INFINITY.into(),
        f64::NEG_INFINITY.into(),
        1e308.into(),
        5e-324.into(),
        9_007_199_254_740_992.0.into(),
        (-1.0).into(),
        [f64::NAN, -0.0].into(),
        Vec::new().into(),
        [[0.0, f64::INFINITY], [5e-324, -1e308]].into(),
        Answer::Matrix(vec![Vec::new(), Vec::new()]),
        Answer::Matrix(vec![vec![1.0], Vec::new()]),
        Answer::List(Vec::new()),
        Answer::from_iter([f64::NAN, 1e308]),
        Answer::Dotted(Vec::new(), Box::new(2.0.into())),
        Answer::Procedure("grad"),
        "\0λ".into(),
        Answer::Unspecified,
    ]
}

/// A value for an input, the same whichever program has it.
fn moderate(name: &str) -> Answer {
    Answer::from(0.75 * (1 + name.len() % 3) as f64)
}

/// Inputs for all names of a program.
fn inputs(program: &StringProgram, value: impl Fn(usize, &str) -> Answer) -> Vec<(&str, Answer)> {
    program.inputs().enumerate().map(|(i, name)| (name, value(i, name))).collect()
}

/// Every method: values are those of a call, errors have places in the text.
pub(crate) fn methods(bytes: &[u8]) {
    let Some(program) = loaded(bytes) else { return };
    let extremes = extremes();
    let extreme = |i: usize| extremes[(bytes.len() + 7 * i) % extremes.len()].clone();
    for inputs in [inputs(&program, |_, name| moderate(name)), inputs(&program, |i, _| extreme(i))] {
        at(&program, &inputs);
    }
    for param in program.params() {
        let given = program.with_params(&[(&param.name, extreme(0).number().unwrap_or(-1.0))]);
        given.map_or_else(|error| sound(&error, program.source()), drop);
    }
    rows(&program);
}

fn at(program: &StringProgram, inputs: &[(&str, Answer)]) {
    let by: Vec<&str> =
        inputs.iter().map(|(name, _)| *name).chain(inputs.first().map(|(name, _)| *name)).collect();
    let called = program.call_with(inputs);
    let value = called.as_ref().map(|answer| format!("{answer:?}")).map_err(|error| error.code);
    let same = |name: &str, result: Result<Answer, CallError>| match result {
        Ok(answer) => assert_eq!(Ok(format!("{answer:?}")), value, "{name}"),
        Err(error) => sound(&error, program.source()),
    };
    same(
        "jacobian",
        program.jacobian_with(&by, inputs).map(|(value, by)| {
            assert_eq!(by.len(), inputs.len() + usize::from(!inputs.is_empty()));
            value
        }),
    );
    same("gradient", program.value_and_grad_with(&by, inputs).map(|(value, _)| value.into()));
    same("hessian", program.hessian_with(&by, inputs).map(|all| all.value.into()));
    same("jvp", program.jvp_with(inputs, inputs).map(|(value, _)| value));
    if let Ok(cotangent) = &called {
        same("vjp", program.vjp_with(&by, inputs, cotangent).map(|(value, _)| value));
    }
    match program.first_nonfinite_with(&by, inputs) {
        Ok(None) => {}
        Ok(Some(found)) => {
            assert!(!found.value.is_finite());
            let place = found.span.start as usize..found.span.end as usize;
            assert!(program.source().text().get(place).is_some(), "{found:?}");
        }
        Err(error) => sound(&error, program.source()),
    }
}

/// Rows are calls, one after the other.
fn rows(program: &StringProgram) {
    let column = [0.75, -1.0, 0.0, f64::NAN];
    let columns: Vec<(&str, &[f64])> = program.inputs().map(|name| (name, &column[..])).collect();
    match program.vmap(&columns, &[]) {
        Ok(values) => {
            assert_eq!(values.len(), if columns.is_empty() { 0 } else { column.len() });
            for (x, value) in column.iter().zip(values) {
                let called = program.call_with(&inputs(program, |_, _| (*x).into()));
                assert_eq!(format!("{called:?}"), format!("Ok({value:?})"));
            }
        }
        Err(error) => sound(&error, program.source()),
    }
}

/// Two programs: one in the place of an input of the other gives what they give one after the other; a definition
/// of one in the place of one of the other.
pub(crate) fn together(outer: &[u8], inner: &[u8]) {
    let (Some(outer), Some(inner)) = (loaded(outer), loaded(inner)) else { return };
    for input in outer.inputs() {
        match outer.substitute(input, &inner) {
            Ok(whole) => composed(&whole, &outer, input, &inner),
            Err(error) => refused(&error),
        }
    }
    for made in [outer.compose(&inner), outer.redefine(inner.source().text())] {
        match made {
            Ok(program) => ran(&program),
            Err(error) => refused(&error),
        }
    }
}

fn ran(program: &StringProgram) {
    let given = inputs(program, |_, name| moderate(name));
    program.call_with(&given).map_or_else(|error| sound(&error, program.source()), drop);
    let by: Vec<&str> = program.inputs().collect();
    program.value_and_grad_with(&by, &given).map_or_else(|error| sound(&error, program.source()), drop);
}

fn composed(whole: &StringProgram, outer: &StringProgram, input: &str, inner: &StringProgram) {
    ran(whole);
    let moderate_inputs = |program| inputs(program, |_, name| moderate(name));
    let Ok(value) = inner.call_with(&moderate_inputs(inner)) else { return };
    if is_of_its_run(&value) {
        return;
    }
    let given = inputs(outer, |_, name| if name == input { value.clone() } else { moderate(name) });
    let Ok(expected) = outer.call_with(&given) else { return };
    match whole.call_with(&moderate_inputs(whole)) {
        Ok(found) => assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{}", whole.source().text()),
        Err(error) => in_budget(&error, whole),
    }
}

/// Whether a value has parts that only the run that made it has, or that are no operands.
fn is_of_its_run(value: &Answer) -> bool {
    match value {
        Answer::Procedure(_)
        | Answer::Lambda(_)
        | Answer::Text(_)
        | Answer::Values(_)
        | Answer::Unspecified => true,
        Answer::List(items) | Answer::Vector(items) => items.iter().any(is_of_its_run),
        Answer::Dotted(items, tail) => items.iter().chain([&**tail]).any(is_of_its_run),
        _ => false,
    }
}

/// A program saved comes back; gives what was saved.
#[cfg(feature = "artefact")]
pub(crate) fn saved(bytes: &[u8]) -> Option<String> {
    let program = loaded(bytes)?;
    let text = program.to_artefact();
    match Interpreter::with_limits(LIMITS).load_artefact(&text) {
        Ok(again) => {
            let called = |program: &StringProgram| {
                let called = program.call_with(&inputs(program, |_, name| moderate(name)));
                called
                    .map(|answer| format!("{answer:?}"))
                    .map_err(|error| (error.code, error.message.clone()))
            };
            assert_eq!(called(&again), called(&program));
            assert_eq!(again.to_artefact(), text);
        }
        // It is longer than the text.
        Err(error) => {
            assert!(error.iter().all(|finding| finding.code.family() == Family::Budget), "{error}");
        }
    }
    Some(text)
}

/// What was saved and is damaged is refused, or else a program as any other.
#[cfg(feature = "artefact")]
pub(crate) fn damaged(bytes: &[u8]) {
    match Interpreter::with_limits(LIMITS).load_artefact(&String::from_utf8_lossy(bytes)) {
        Ok(program) => ran(&program),
        Err(error) => refused(&error),
    }
}
