//! `compile`: a checked program, saved as an artefact.

use crate::{args::Compile, failure::Failure, json, loaded};
use scheme_core::{
    diag::{Code, Diagnostic},
    span::Span,
};
use std::fs;

/// Saves the program; its artefact is the answer where no file is given.
pub(crate) fn compile(args: &Compile) -> Result<String, Failure> {
    let loaded = loaded::load(&args.program)?;
    loaded.warn(false);
    let artefact = loaded.program.to_artefact();
    let Some(file) = &args.output else { return Ok(artefact.trim_end().to_string()) };
    match fs::write(file, artefact) {
        Ok(()) if args.program.json => {
            let file = json::text(&file.display().to_string());
            Ok(json::object([("ok", "true".into()), ("file", file)]))
        }
        Ok(()) => Ok(String::new()),
        Err(error) => {
            let message = format!("`{}` cannot be written: {error}", file.display());
            let error = Diagnostic::new(Code::File, Span::default(), message);
            Err(Failure::program(loaded.source, vec![error]))
        }
    }
}
