//! Programs with the texts that their diagnostics are drawn in.

use crate::{
    args,
    failure::{self, Failure, Wrong},
    inputs::Values,
    known::Known,
    source::{self, Source},
};
use scheme_core::{diag::Code, reader::number_text, span::SourceMap};
use scheme_runtime::{Answer, Interpreter, StringParam, StringProgram};

/// A loaded program.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// Its text; of an artefact, that of its forms.
    pub(crate) source: SourceMap,
    pub(crate) program: StringProgram,
}

/// Loads the program that a call is about.
pub(crate) fn load(args: &args::Program) -> Result<Loaded, Failure> {
    let interpreter = args.budgets.interpreter();
    Ok(Loaded::of(&interpreter, &source::read(&args.text)?)?)
}

impl Loaded {
    /// Loads a text, or the artefact that it is.
    pub(crate) fn of(interpreter: &Interpreter, source: &Source) -> Result<Self, Wrong> {
        let named = |text: &SourceMap| SourceMap::new(&*source.name, text.text());
        let loaded = match str::from_utf8(&source.bytes) {
            Ok(text) if is_artefact(text) => interpreter.load_artefact(text),
            _ => interpreter.load_bytes(&source.bytes),
        };
        match loaded {
            Ok(program) => Ok(Self { source: named(program.source()), program }),
            Err(error) => Err(Wrong::new(named(error.text()), error.into_findings())),
        }
    }

    /// What is known of it before it runs.
    pub(crate) fn known(&self) -> Known {
        Known::of(self.source.text())
    }

    /// Tells what is worth warning of; where no derivative is taken, nothing of derivatives.
    pub(crate) fn warn(&self, differentiated: bool) {
        let mut warnings = self.program.warnings().to_vec();
        warnings.retain(|warning| differentiated || warning.code != Code::ZeroGradient);
        failure::draw(&warnings, &self.source);
    }

    /// Tells of parameters that are set to what lies outside of their ranges.
    pub(crate) fn warn_of_ranges(&self, set: &Values) {
        for StringParam { name, lo, hi, .. } in self.program.params() {
            let Some(x) = set.get(name.as_str()).and_then(Answer::number) else { continue };
            let wrong = lo.filter(|lo| x < *lo).map(|lo| ("below", lo));
            if let Some((side, bound)) = wrong.or(hi.filter(|hi| x > *hi).map(|hi| ("above", hi))) {
                let (x, bound) = (number_text(x), number_text(bound));
                failure::say(&format!("warning: the parameter `{name}` is {x}, {side} its bound {bound}"));
            }
        }
    }
}

/// Whether a text is an object of JSON, and so no program.
fn is_artefact(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artefacts_are_known_by_their_text() {
        assert!(is_artefact("{\"format\": 1}") && is_artefact(" {\n  \"format\""));
        assert!(
            !is_artefact("{+ 1 2}") && !is_artefact("\"a\"") && !is_artefact("(+ 1 2)") && !is_artefact("")
        );
    }
}
