//! Random programs, as strings and lowered to modules.

use super::{
    case::{self, Case, Point},
    generate::{Generator, INPUTS},
    threads::each,
    ways::{self, Given},
};
use scheme_core::{
    kernel::Program,
    lower::{Lowered, lower},
    reference::{Array, call_reverse, program::value_and_gradient},
    transform::{optimize, reverse},
};
use std::sync::atomic::{AtomicUsize, Ordering};

/// As strings, against the reference evaluation.
#[test]
fn random_programs_as_strings() {
    let seeds: Vec<u64> = (0..300).collect();
    each(&seeds, |seed| {
        let (mut case, program) = random(*seed)?;
        case.points = vec![known(&program).map_err(|e| format!("{}: {e}", case.text))?];
        ways::agree(&case, &[])
    });
}

/// Lowered to modules, against the reference evaluation.
#[test]
fn random_programs_lowered() {
    let (seeds, direct): (Vec<u64>, _) = ((1000..1300).collect(), AtomicUsize::new(0));
    each(&seeds, |seed| {
        let (case, program) = random(*seed)?;
        let was_direct = lowered(&case, &program).map_err(|e| format!("{}: {e}", case.text))?;
        direct.fetch_add(usize::from(was_direct), Ordering::Relaxed);
        Ok(())
    });
    let direct = direct.into_inner();
    assert!(direct > 150, "only {direct} of 300 were direct");
}

/// A program whose path is its text.
fn random(seed: u64) -> Result<(Case, Program), String> {
    let text: &'static str = Generator::new(seed).program().leak();
    let case = Case { path: text, text, points: vec![] };
    let program = case.program()?;
    Ok((case, program))
}

/// What the reference evaluation gives.
fn known(program: &Program) -> Result<Point, String> {
    let point = Point::new(INPUTS.to_vec());
    let names = case::names(program);
    let inputs = point.inputs(names.iter().map(|n| &**n));
    let (value, gradient) = value_and_gradient(program, &inputs).map_err(|fault| format!("{fault:?}"))?;
    let place = |name: &str| names.iter().position(|n| n == name);
    let gradient = INPUTS.iter().filter_map(|(name, _)| Some((*name, *gradient.get(place(name)?)?)));
    Ok(Point { value, gradient: gradient.collect(), ..point })
}

/// Whether the program is direct, if it gives what it should.
fn lowered(case: &Case, program: &Program) -> Result<bool, String> {
    let Lowered::Direct(direct) = lower("random", program).map_err(|e| format!("{e:?}"))? else {
        return Ok(false);
    };
    let point = known(program)?;
    let names = case::names(program);
    let inputs = point.inputs(names.iter().map(|n| &**n));
    let arguments: Vec<Array<f64>> = inputs.iter().map(|x| Array::real(*x)).collect();
    let module = optimize(&direct.module);
    let wrt: Vec<usize> = (0..inputs.len()).collect();
    let adjoint = reverse(&module, &wrt).map_err(|e| e.to_string())?;
    let found = call_reverse(&module, &adjoint, &arguments).map_err(|e| e.to_string())?;
    let found: Vec<f64> = found.iter().flat_map(Array::numbers).collect();
    let (value, gradient) = found.split_first().ok_or("no value")?;
    let place = |name: &str| names.iter().position(|n| n == name);
    let gradient = INPUTS.iter().filter_map(|(name, _)| Some((*name, *gradient.get(place(name)?)?)));
    let given = Given::new("lowered", *value, gradient.collect());
    ways::against(case, point.value, &point.gradient, &given).map(|()| true)
}
