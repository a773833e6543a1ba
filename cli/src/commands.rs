//! `run`, `grad`, `hessian` and `check`.

use crate::{
    args::{Grad, Program, Run},
    failure::{self, Failure, Wrong},
    inputs::{self, Values},
    json,
    loaded::{self, Loaded},
    nonfinite,
    reply::{self, Reply},
};
use scheme_core::reader::number_text;
use scheme_runtime::{CallError, NonFinite, StringParam, StringProgram};

/// The program's value.
pub(crate) fn run(args: &Run) -> Result<String, Failure> {
    let loaded = loaded::load(&args.program)?;
    let values = inputs::values(&args.inputs)?;
    loaded.warn(false);
    loaded.warn_of_ranges(&values);
    let reply = reply::run(&loaded.program, &values);
    let traced = args.trace.trace_nonfinite.then(|| nonfinite::find(&loaded.program, &values, &[], false));
    told(loaded, reply, traced, args.program.json)
}

/// What gives value and derivatives by names.
type Differentiate = fn(&StringProgram, &Values, Option<&[String]>) -> Result<Reply, CallError>;

/// The program's value and gradient.
pub(crate) fn grad(args: &Grad) -> Result<String, Failure> {
    differentiated(args, reply::grad, false)
}

/// The program's value, gradient and second derivatives.
pub(crate) fn hessian(args: &Grad) -> Result<String, Failure> {
    differentiated(args, reply::hessian, true)
}

fn differentiated(args: &Grad, differentiate: Differentiate, twice: bool) -> Result<String, Failure> {
    let loaded = loaded::load(&args.run.program)?;
    let values = inputs::values(&args.run.inputs)?;
    loaded.warn(true);
    loaded.warn_of_ranges(&values);
    let reply = differentiate(&loaded.program, &values, args.by.wrt.as_deref());
    let by = || reply::names(&loaded.program, &values, args.by.wrt.as_deref());
    let trace = args.run.trace.trace_nonfinite;
    let traced = trace.then(|| nonfinite::find(&loaded.program, &values, &by(), twice));
    told(loaded, reply, traced, args.run.program.json)
}

/// What is known of a program before it runs.
pub(crate) fn check(args: &Program) -> Result<String, Failure> {
    let loaded = loaded::load(args)?;
    let known = loaded.known();
    let Loaded { source, program } = loaded;
    if !known.errors.is_empty() {
        return Err(Failure::program(source, known.errors));
    }
    if args.json {
        return Ok(json::object(reply::checked(&program, &known, &source)));
    }
    failure::draw(program.warnings(), &source);
    let list = |items: Vec<String>| if items.is_empty() { "none".into() } else { items.join(" ") };
    let inputs = list(program.inputs().map(String::from).collect());
    let params: String = program.params().map(|param| format!("\nparam: {}", param_text(param))).collect();
    Ok(format!("ok\ninputs: {inputs}{params}\ntype: {}", known.ty(&program)))
}

fn param_text(param: &StringParam) -> String {
    let StringParam { name, init, lo, hi } = param;
    let bound = |bound: Option<f64>, none: &str| bound.map_or(none.into(), number_text);
    let range = match (lo, hi) {
        (None, None) => String::new(),
        _ => format!(" in {} to {}", bound(*lo, "-inf.0"), bound(*hi, "+inf.0")),
    };
    format!("{name} = {}{range}", number_text(*init))
}

/// A reply, with where a number first turned nan or infinite, if that was asked.
fn told(
    loaded: Loaded,
    reply: Result<Reply, CallError>,
    traced: Option<Option<NonFinite>>,
    as_json: bool,
) -> Result<String, Failure> {
    let source = loaded.source;
    let traced = traced.as_ref();
    if !as_json && let Some(Some(found)) = traced {
        failure::draw(&[nonfinite::finding(found)], &source);
    }
    let field = traced.map(|found| nonfinite::field(found.as_ref(), &source));
    match reply {
        Ok(reply) if as_json => Ok(json::object(reply.fields().into_iter().chain(field))),
        Ok(reply) => Ok(reply.text()),
        Err(error) => {
            let mut wrong = Wrong::new(source, vec![error.into()]);
            wrong.more.extend(field);
            Err(wrong.into())
        }
    }
}
