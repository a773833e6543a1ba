//! The ways of running a program, and what they must agree on.
//!
//! The value is the reference evaluation's to the bit. Gradients are the big floats' and one another's, to
//! the error of summing in another order.

use super::{
    case::{self, Case, Point, close},
    shape::{flat, shaped},
};
use scheme_core::{
    kernel,
    real::Real,
    reference::program::{Value, evaluate},
};
use scheme_runtime::{All, Interpreter, Kind, Of, OneNumber, Outcome, StringProgram, prelude::*};

/// Relative error of a gradient, from summing in another order.
const TOLERANCE: f64 = 1e-11;

/// What a program gives at a point: its value, and its gradient by name.
pub(crate) struct Given {
    way: &'static str,
    value: f64,
    gradient: Vec<(&'static str, f64)>,
}

impl Given {
    pub(crate) fn new(way: &'static str, value: f64, gradient: Vec<(&'static str, f64)>) -> Self {
        Self { way, value, gradient }
    }
}

/// The compiled program at each point: called, by the adjoint, and by forward mode.
pub(crate) fn compiled<F: Function + Program>(f: F, case: &Case) -> Result<Vec<Vec<Given>>, String>
where
    F::Out: OneNumber,
{
    let names = f.input_names();
    let at = |point: &Point| {
        let inputs = point.inputs(names.iter().copied());
        let x: Of<F::In, f64> = shaped::<F::In>(&inputs);
        let called = <F::Out as Outcome>::Kind::result(f.call(x))?;
        let (value, gradient) = <F::Out as Outcome>::Kind::result(f.differentiate(x, All))?;
        let mut given = vec![
            Given::new("call", called, Vec::new()),
            Given::new("adjoint", value, named(names, &flat::<F::In>(&gradient))),
        ];
        for (i, name) in names.iter().enumerate() {
            let mut unit = vec![0.0; inputs.len()];
            unit[i] = 1.0;
            let both = jvp(f).call((x, shaped::<F::In>(&unit)));
            let (value, tangent): (f64, f64) = <F::Out as Outcome>::Kind::result(both)?;
            given.push(Given::new("forward", value, vec![(name, tangent)]));
        }
        Ok(given)
    };
    case.points.iter().map(at).collect::<Result<_, Failure>>().map_err(|e| format!("{}: {e}", case.path))
}

/// Every way at every point against the reference evaluation and the case, and against one another.
pub(crate) fn agree(case: &Case, compiled: &[Vec<Given>]) -> Result<(), String> {
    let program = Interpreter::new().load(case.text).map_err(|e| format!("{}: {e}", case.path))?;
    let kernel = case.program()?;
    for (i, point) in case.points.iter().enumerate() {
        let failed = |error: String| format!("{} at {:?}: {error}", case.path, point.at);
        let want = reference(&kernel, point).map_err(failed)?;
        let string = string(&program, point).map_err(failed)?;
        let given: Vec<&Given> = string.iter().chain(compiled.get(i).into_iter().flatten()).collect();
        for (i, one) in given.iter().enumerate() {
            against(case, want, &point.gradient, one).map_err(failed)?;
            for other in &given[..i] {
                against(case, other.value, &other.gradient, one)
                    .map_err(|error| failed(format!("{error} {}", other.way)))?;
            }
        }
    }
    Ok(())
}

/// Whether what one way gives is what is wanted, as far as both have it.
pub(crate) fn against(case: &Case, value: f64, wanted: &[(&str, f64)], given: &Given) -> Result<(), String> {
    let way = given.way;
    if !same(case, given.value, value) {
        return Err(format!("{way}: value {:?}, expected {value:?}", given.value));
    }
    for (name, slope) in &given.gradient {
        if let Some((_, wanted)) = wanted.iter().find(|(other, _)| other == name)
            && !close(*wanted, *slope, TOLERANCE)
        {
            return Err(format!("{way}: gradient by {name} {slope:?}, expected {wanted:?}"));
        }
    }
    Ok(())
}

/// Whether a program takes derivatives inside.
pub(crate) fn derives(case: &Case) -> bool {
    let forms = ["grad", "jvp", "vjp", "derivative", "jacobian", "hessian"];
    let mut code = case.text.lines().filter(|line| !line.starts_with(';'));
    code.any(|line| forms.iter().any(|form| line.contains(form)))
}

/// Whether two values of a program are the same. A derivative taken inside it may be summed in another order.
fn same(case: &Case, a: f64, b: f64) -> bool {
    if derives(case) { close(a, b, 1e-13) } else { a.to_bits() == b.to_bits() }
}

/// The value of the reference evaluation.
fn reference(program: &kernel::Program, point: &Point) -> Result<f64, String> {
    let names = case::names(program);
    let inputs: Vec<Value<f64>> =
        point.inputs(names.iter().map(|n| &**n)).into_iter().map(|x| Value::Number(Real::lit(x))).collect();
    match evaluate(program, &inputs) {
        Ok(Value::Number(x)) => Ok(x.value()),
        other => Err(format!("{other:?}")),
    }
}

/// The string at a point: called, and with its gradient.
fn string(program: &StringProgram, point: &Point) -> Result<[Given; 2], String> {
    let called = program.call(&point.at).map_err(|e| e.to_string())?;
    let called = called.number().ok_or_else(|| format!("{called} is not a number"))?;
    let names: Vec<&'static str> = point.at.iter().map(|(name, _)| *name).collect();
    let (value, gradient) = program.value_and_grad(&names, &point.at).map_err(|e| e.to_string())?;
    let gradient = names.into_iter().zip(gradient).collect();
    Ok([Given::new("string", called, Vec::new()), Given::new("string with gradient", value, gradient)])
}

fn named(names: &[&'static str], numbers: &[f64]) -> Vec<(&'static str, f64)> {
    names.iter().copied().zip(numbers.iter().copied()).collect()
}
