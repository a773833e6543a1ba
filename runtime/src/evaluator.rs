//! Programs from strings, run by the evaluator that is itself written in Scheme.
//!
//! A text is read, checked and brought to kernel forms by the same code as an inline program; the
//! forms become data, and `evaluator.scm`, compiled into this crate by its own macro, analyses the
//! data once, when the program is loaded. What it gives, a procedure of the inputs, is kept as an
//! image of the heap, from which every call starts a fresh machine. Nothing here computes: strings
//! run through compiled Scheme and nothing else.

#[cfg(test)]
mod again;
#[cfg(test)]
mod alone;
#[cfg(feature = "artefact")]
mod artefact;
#[cfg(test)]
mod collapse;
mod columns;
mod compose;
mod data;
mod definitions;
mod derivatives;
mod describe;
mod error;
#[cfg(feature = "dfdx")]
mod failing;
mod inputs;
mod names;
mod nonfinite;
mod place;
mod plain;
mod prepared;
mod program;
mod replays;
mod rows;
mod second;
mod sums;
mod text;
#[cfg(test)]
mod tower;
mod trace;
#[cfg(test)]
mod traces;

pub(crate) use columns::Columns;
pub use describe::Replayed;
pub use error::{CallError, LoadError};
#[cfg(feature = "dfdx")]
pub use failing::RowFailure;
#[cfg(feature = "dfdx")]
pub(crate) use failing::{Form, Named};
pub use inputs::StringParam;
pub use nonfinite::NonFinite;
pub use prepared::Prepared;
pub use program::StringProgram;
pub use second::Derivatives;
pub use trace::RunTrace;

use crate::{
    machine::{Limits, Machine, Module},
    stack,
};
use definitions::Definitions;
use names::Names;
use scheme_core::{
    diag::Diagnostic,
    kernel::{self, Options, Program},
    reader,
    span::SourceMap,
    warnings::text_warnings,
};
use std::sync::Arc;

/// The evaluator in Scheme, compiled.
fn evaluator() -> &'static Module {
    scheme_macros::scheme_module!("evaluator.scm")
}

/// Loads programs from strings.
#[derive(Clone, Debug)]
pub struct Interpreter {
    evaluator: &'static Module,
    limits: Limits,
    single: bool,
    stress: bool,
    internal: bool,
}

impl Default for Interpreter {
    fn default() -> Self {
        Self::new()
    }
}

impl Interpreter {
    /// An interpreter with the default limits.
    pub fn new() -> Self {
        Self {
            evaluator: evaluator(),
            limits: Limits::default(),
            single: false,
            stress: false,
            internal: false,
        }
    }

    /// An interpreter with limits on what loading, and each call of its programs, may use.
    ///
    /// ```
    /// use scheme_runtime::{Code, Interpreter, Limits};
    ///
    /// let careful = Interpreter::with_limits(Limits { steps: 10_000, ..Limits::default() });
    /// let endless = careful.load("(let loop ((i 0)) (loop (+ i 1)))")?;
    /// assert_eq!(endless.call(&[]).unwrap_err().code, Code::Steps);
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    pub fn with_limits(limits: Limits) -> Self {
        Self::new().limits(limits)
    }

    /// The same with limits on what loading, and each call of its programs, may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same in the precision of `f32`, or of `f64`: inputs, operations, derivatives and values are rounded so.
    ///
    /// ```
    /// use scheme_runtime::{Interpreter, prelude::*};
    ///
    /// let third = Interpreter::new().single_precision(true).load("(/ x 3)")?;
    /// let compiled = scheme! { (/ x 3) };
    /// assert_eq!(third.call(&[("x", 1.0)])?.number(), Some(f64::from(compiled.call(1.0_f32))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn single_precision(mut self, single: bool) -> Self {
        self.single = single;
        self
    }

    /// A number as programs have it.
    fn rounded(&self, x: f64) -> f64 {
        if self.single { f64::from(x as f32) } else { x }
    }

    /// The same on another evaluator, to test that it is the evaluator that runs programs.
    #[doc(hidden)]
    #[must_use]
    pub fn evaluator(mut self, module: &'static Module) -> Self {
        self.evaluator = module;
        self
    }

    /// The same, collecting the heap at every block, to test that no root is missed.
    #[doc(hidden)]
    #[must_use]
    pub fn stress(mut self, stress: bool) -> Self {
        self.stress = stress;
        self
    }

    /// The same for programs that are evaluators themselves and use the primitives that serve them.
    #[doc(hidden)]
    #[must_use]
    pub fn internal(mut self, internal: bool) -> Self {
        self.internal = internal;
        self
    }

    /// Reads, checks and analyses a program.
    ///
    /// # Errors
    /// Every read, syntax and unbound error of the text, or what passes a limit.
    pub fn load(&self, text: &str) -> Result<StringProgram, LoadError> {
        text::within(text.as_bytes(), self.limits.source)?;
        let source = SourceMap::new("program", text);
        stack::for_a_text(|| self.read(&source)).map_err(|findings| LoadError { source, findings })
    }

    /// The same from bytes, such as those of a file.
    ///
    /// ```
    /// use scheme_runtime::{Code, Interpreter};
    ///
    /// let program = Interpreter::new().load_bytes(b"(* 6 7)")?;
    /// assert_eq!(program.call(&[])?.number(), Some(42.0));
    /// let error = Interpreter::new().load_bytes(b"(* 6 \xff)").unwrap_err();
    /// assert_eq!((error[0].code, error[0].span.start), (Code::NotUtf8, 5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`load`](Self::load), and bytes that are not UTF-8; their places are those in the error's own
    /// [text](LoadError::text), which has a replacement character for each.
    pub fn load_bytes(&self, bytes: &[u8]) -> Result<StringProgram, LoadError> {
        text::within(bytes, self.limits.source)?;
        self.load(text::decoded(bytes)?)
    }

    /// A text as kernel forms, with what is worth saying of it though it is no error.
    fn kernel(&self, text: &str) -> Result<(Program, Vec<Diagnostic>), Vec<Diagnostic>> {
        let (data, findings) = reader::read_with(text, text::nesting(self.limits.nesting));
        let options = Options { internal: self.internal, ..Options::default() };
        if findings.iter().any(|d| !d.is_warning()) {
            return Err(text::with_later(text, findings, || kernel::desugar_text(&data, text, options).1));
        }
        match kernel::desugar_text(&data, text, options) {
            (Some(program), findings) => Ok((program, findings)),
            (None, findings) => Err(findings),
        }
    }

    fn read(&self, source: &SourceMap) -> Result<StringProgram, Vec<Diagnostic>> {
        let text = source.text();
        let (program, mut warnings) = self.kernel(text)?;
        let inputs = inputs::inputs(&program);
        let params = inputs::params(&program);
        warnings.extend(text_warnings(&program));
        let definitions = Definitions::new(&program);
        let mut spans = Vec::new();
        let image = (|| {
            // How deep the analysis goes follows from the text, whose size has a limit of its own.
            let limits = Limits { depth: Limits::NONE.depth, ..self.limits };
            let mut machine = Machine::new(self.evaluator, limits)?;
            machine.set_stress(self.stress);
            let written = match data::data(&program, self.evaluator.symbols, machine.heap()) {
                Ok(written) => written,
                Err(full) => return Err(machine.memory(full, u32::MAX)),
            };
            // What is no longer needed makes room for the machine.
            drop(program);
            machine.add_symbols(written.symbols);
            spans = written.spans;
            let procedure = machine.start(&[written.value])?;
            machine.into_image(procedure)
        })();
        let image = image.map_err(|fault| vec![place::diagnostic(&fault, &spans, &definitions, text)])?;
        Ok(StringProgram {
            source: source.clone().into(),
            names: Names::new(
                inputs.iter().map(|input| &*input.name),
                params.iter().map(|param| &*param.name),
            )
            .into(),
            inputs,
            initial: params.iter().map(|param| param.init.into()).collect(),
            params,
            warnings,
            spans: spans.into(),
            definitions,
            image,
            interpreter: self.clone(),
            traces: Arc::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_knows_the_calls_that_waited() {
        let text = "(define (f x) (* 2 (g x)))\n(define (g x) (+ 1 (car x)))\n(- (f 5))";
        let program = Interpreter::new().load(text).unwrap();
        let (mut machine, procedure) = Machine::from_image(&program.image, program.interpreter.limits);
        let fault = machine.run(procedure, &[]).unwrap_err();
        let written = |place: &u32| {
            let span = program.spans[*place as usize - 1];
            &text[span.start as usize..span.end as usize]
        };
        assert_eq!(written(&fault.place), "(car x)");
        let calls: Vec<_> = fault.calls.iter().map(written).collect();
        assert_eq!(calls, ["(g x)", "(f 5)"]);
    }
}
