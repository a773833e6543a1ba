//! `graph`: what a program is on its way to code, as text, for Graphviz, or as a picture.

mod dot;
mod drawing;
mod layout;
mod stage;
mod svg;
mod traced;

use crate::{
    args::{Format, Graph, Stage},
    failure::{Failure, Wrong},
    inputs, json,
    known::on_ample_stack,
    loaded,
};
use scheme_core::{
    diag::{Code, Diagnostic},
    span::{SourceMap, Span},
};
use stage::{Staged, staged};
use traced::traced;

/// A stage of the program.
pub(crate) fn graph(args: &Graph) -> Result<String, Failure> {
    let name = match args.stage {
        Stage::Kernel => "kernel",
        Stage::Anf => "anf",
        Stage::Graph => "graph",
        Stage::Grad => "grad",
        Stage::Trace => "trace",
    };
    let loaded = loaded::load(&args.program)?;
    let values = inputs::values(&args.inputs)?;
    if args.stage != Stage::Trace && !values.is_empty() {
        let message = format!("the stage `{name}` is that of every run; inputs are for `--stage trace`");
        return Err(Failure::Usage(message));
    }
    let made = on_ample_stack(|| {
        let staged = match args.stage {
            Stage::Trace => traced(&loaded, &values).map_err(|error| vec![error])?,
            stage => staged(loaded.source.text(), stage)?,
        };
        let text = match args.format {
            Format::Text => told(&staged, &loaded.source),
            Format::Dot => dot::dot(&staged.drawing),
            Format::Svg => svg::svg(&staged.drawing),
        };
        Ok((text, staged.drawing.size()))
    });
    let (text, nodes) = match made.unwrap_or_else(|| Err(vec![no_stack()])) {
        Ok(made) => made,
        Err(errors) => return Err(Failure::program(loaded.source, errors)),
    };
    if !args.program.json {
        return Ok(text);
    }
    Ok(json::object([("stage", json::text(name)), ("text", json::text(&text)), ("nodes", nodes.to_string())]))
}

/// A text that loads in A-normal form, with what `place` makes of errors and reasons in it.
///
/// # Errors
/// What every run of it meets.
pub(crate) fn anf(text: &str, place: impl Fn(Vec<Diagnostic>) -> Wrong) -> Result<String, Wrong> {
    let made = on_ample_stack(|| staged(text, Stage::Anf)).unwrap_or_else(|| Err(vec![no_stack()]));
    let mut staged = made.map_err(&place)?;
    let Some(why) = staged.why.take() else { return Ok(staged.text) };
    let Wrong { source, mut errors, .. } = place(vec![why]);
    staged.why = errors.pop();
    Ok(told(&staged, &source))
}

/// The text of a stage, after the reason why it is the machine's.
fn told(staged: &Staged, source: &SourceMap) -> String {
    let Some(why) = &staged.why else { return staged.text.clone() };
    let place = source.place(why.span.start);
    format!("; runs on the machine: {} ({}:{})\n{}", why.message, place.line, place.column, staged.text)
}

fn no_stack() -> Diagnostic {
    Diagnostic::new(Code::TooLarge, Span::default(), "there is no memory for the compiler's stack")
}
