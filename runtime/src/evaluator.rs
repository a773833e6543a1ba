//! Programs from strings, run by the evaluator that is itself written in Scheme.
//!
//! A text is read, checked and brought to kernel forms by the same code as an inline program; the
//! forms become data, and `evaluator.scm`, compiled into this crate by its own macro, analyses the
//! data once, when the program is loaded. What it gives, a procedure of the inputs, is kept as an
//! image of the heap, from which every call starts a fresh machine. Nothing here computes: strings
//! run through compiled Scheme and nothing else.

mod data;
mod error;
mod inputs;
mod place;

pub use error::LoadError;
pub use inputs::{Numbers, StringParam};

use crate::{
    answer::Answer,
    machine::{Fault, Image, Limits, Machine, Module},
    value::{Value, View},
};
use inputs::Input;
use place::Places;
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::{self, Options},
    prim::arrays::Shaped,
    reader,
    span::{SourceMap, Span},
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
        Self { evaluator: evaluator(), limits: Limits::default(), stress: false, internal: false }
    }

    /// The same with limits on what loading, and each call of its programs, may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
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
        let source = SourceMap::new("program", text);
        self.read(&source).map_err(|findings| LoadError { source, findings })
    }

    fn read(&self, source: &SourceMap) -> Result<StringProgram, Vec<Diagnostic>> {
        let text = source.text();
        let (data, findings) = reader::read(text);
        if findings.iter().any(|d| !d.is_warning()) {
            return Err(findings);
        }
        let options = Options { internal: self.internal, ..Options::default() };
        let (program, findings) = kernel::desugar_with(&data, options);
        let Some(program) = program else { return Err(findings) };
        let inputs = inputs::inputs(&program);
        let params = inputs::params(&program);
        let datum = data::data(&program);
        let (mut places, symbols) = Places::new(self.evaluator.symbols, &datum);
        let symbols = symbols.iter().map(|name| Arc::from(&**name));
        let whole = Span::new(0, text.len() as u32);
        let image = (|| {
            let mut machine = Machine::new(self.evaluator, self.limits, symbols)?;
            machine.set_stress(self.stress);
            let datum = match places.value(&datum, machine.heap()) {
                Ok(datum) => datum,
                Err(full) => return Err(machine.memory(full, u32::MAX)),
            };
            let procedure = machine.start(&[datum])?;
            machine.into_image(procedure)
        })();
        let image = image.map_err(|fault| vec![diagnostic(&fault, &places.spans, whole)])?;
        Ok(StringProgram {
            source: source.clone(),
            inputs,
            params,
            warnings: findings,
            spans: places.spans,
            image,
            limits: self.limits,
            stress: self.stress,
        })
    }
}

/// A fault at its place in the text.
fn diagnostic(fault: &Fault, spans: &[Span], whole: Span) -> Diagnostic {
    let span = (fault.place as usize).checked_sub(1).and_then(|i| spans.get(i)).copied().unwrap_or(whole);
    Diagnostic { code: fault.code, span, message: fault.message.clone(), hint: fault.hint.clone() }
}

/// A loaded program: immutable, and shared by threads.
#[derive(Clone, Debug)]
pub struct StringProgram {
    source: SourceMap,
    inputs: Vec<Input>,
    params: Vec<StringParam>,
    warnings: Vec<Diagnostic>,
    /// Spans of the text by place numbers, from 1.
    spans: Vec<Span>,
    image: Image,
    limits: Limits,
    stress: bool,
}

impl StringProgram {
    /// The names of its inputs, in order of first appearance.
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = &str> {
        self.inputs.iter().map(|input| input.name.as_str())
    }

    /// The learnable constants, `(param name init lo hi)`, in order of declaration. Each may be given a value as an
    /// input is, and has its initial one otherwise; the derivative by it is asked for by its name, too.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let decay = Interpreter::new().load("(* (param a 2 0 10) (exp (- (* (param rate 0.5) t))))")?;
    /// let names: Vec<&str> = decay.params().map(|param| param.name.as_str()).collect();
    /// assert_eq!(names, ["a", "rate"]);
    /// assert_eq!(decay.value_and_grad(&["a", "rate"], &[("t", 0.0)]), Ok((2.0, vec![1.0, 0.0])));
    /// assert_eq!(decay.value_and_grad(&["a"], &[("t", 0.0), ("a", 3.0)]), Ok((3.0, vec![1.0])));
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    pub fn params(&self) -> impl ExactSizeIterator<Item = &StringParam> {
        self.params.iter()
    }

    /// What is worth saying of the text, though it is no error.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The text, to draw diagnostics with.
    pub fn source(&self) -> &SourceMap {
        &self.source
    }

    /// Its value at the inputs.
    ///
    /// # Errors
    /// An input that has no value, a value that has no input, and what ends the run early.
    pub fn call(&self, inputs: &[(&str, f64)]) -> Result<Answer, Diagnostic> {
        self.call_with(&inputs::plain(inputs))
    }

    /// Its value, a number, and the derivatives of it by the inputs named.
    ///
    /// # Errors
    /// As [`call`](Self::call); also a value that is not a number.
    pub fn value_and_grad(&self, by: &[&str], inputs: &[(&str, f64)]) -> Result<(f64, Vec<f64>), Diagnostic> {
        let (value, gradient) = self.value_and_grad_with(by, &inputs::plain(inputs))?;
        Ok((value, gradient.iter().flat_map(Numbers::items).copied().collect()))
    }

    /// As [`call`](Self::call), where inputs may be vectors and matrices.
    ///
    /// ```
    /// use scheme_runtime::{Answer, Interpreter};
    ///
    /// let turned = Interpreter::new().load("(matvec A r)")?;
    /// let answer = turned.call_with(&[("A", [[0.0, -1.0], [1.0, 0.0]].into()), ("r", [2.0, 3.0].into())]);
    /// assert_eq!(answer, Ok(Answer::Numbers(vec![-3.0, 2.0])));
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`call`](Self::call); also an input whose shape is not the one declared.
    pub fn call_with(&self, inputs: &[(&str, Numbers)]) -> Result<Answer, Diagnostic> {
        let (machine, value, _) = self.run(inputs, &[])?;
        Ok(machine.answer(value))
    }

    /// As [`value_and_grad`](Self::value_and_grad), where inputs may be vectors and matrices; the
    /// derivative by an input has its shape.
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with); also a value that is not a number.
    pub fn value_and_grad_with(
        &self,
        by: &[&str],
        inputs: &[(&str, Numbers)],
    ) -> Result<(f64, Vec<Numbers>), Diagnostic> {
        let (mut machine, value, entries) = self.run(inputs, by)?;
        match value.view() {
            View::Num { v, .. } => {
                let orders = machine.partials(value, 1).map_err(|fault| self.place(&fault))?;
                let gradient = orders.get(1).map_or(&[][..], |gradient| gradient);
                // Inputs are the first entries of the record.
                let mut by =
                    |entry: &u32| gradient.get((*entry as usize).wrapping_sub(1)).copied().unwrap_or(0.0);
                Ok((v, entries.iter().map(|input| input.map(&mut by)).collect()))
            }
            _ => {
                let what = machine.text(value, 80);
                let message = format!("a gradient needs a number, but the program's value is {what}");
                Err(Diagnostic::new(Code::WrongType, self.whole(), message))
            }
        }
    }

    /// Runs on a fresh machine; gives also the entries of the inputs in `by`.
    fn run(
        &self,
        inputs: &[(&str, Numbers)],
        by: &[&str],
    ) -> Result<(Machine, Value, Vec<Shaped<u32>>), Diagnostic> {
        let numbers = self.numbers(inputs, by)?;
        let (mut machine, procedure) = Machine::from_image(&self.image, self.limits);
        machine.set_stress(self.stress);
        let mut arguments = Vec::new();
        let mut nodes = vec![Shaped::Vector(Vec::new()); by.len()];
        for (name, given) in numbers {
            let argument =
                machine.argument(&given, by.contains(&name)).map_err(|fault| self.place(&fault))?;
            for (_, slot) in by.iter().zip(&mut nodes).filter(|(wanted, _)| **wanted == name) {
                *slot = argument.map(|x| x.node().entry);
            }
            let value = machine.value_of(&argument, u32::MAX).map_err(|fault| self.place(&fault))?;
            arguments.push(value);
        }
        match machine.run(procedure, &arguments) {
            Ok(value) => Ok((machine, value, nodes)),
            Err(fault) => Err(self.place(&fault)),
        }
    }

    fn place(&self, fault: &Fault) -> Diagnostic {
        diagnostic(fault, &self.spans, self.whole())
    }

    fn whole(&self) -> Span {
        Span::new(0, self.source.text().len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_knows_the_calls_that_waited() {
        let text = "(define (f x) (* 2 (g x)))\n(define (g x) (+ 1 (car x)))\n(- (f 5))";
        let program = Interpreter::new().load(text).unwrap();
        let (mut machine, procedure) = Machine::from_image(&program.image, program.limits);
        let fault = machine.run(procedure, &[]).unwrap_err();
        let written = |place: &u32| {
            let span = program.spans[*place as usize - 1];
            &text[span.start as usize..span.end as usize]
        };
        assert_eq!(written(&fault.place), "(car x)");
        let calls: Vec<_> = fault.calls.iter().map(written).collect();
        assert_eq!(calls, ["(g x)", "(f 5)"]);
    }
    /// A program as the data that the evaluator takes, in text.
    fn as_data(text: &str) -> String {
        let options = Options { internal: true, ..Options::default() };
        let (program, findings) = kernel::desugar_with(&reader::read(text).0, options);
        data::data(&program.unwrap_or_else(|| panic!("{findings:?}"))).to_string()
    }

    #[test]
    fn the_tower_leaves_one_tape() {
        let source = include_str!("evaluator.scm");
        let last = "(lambda (program) ((analyze program '()) '()))";
        let definitions = source.strip_suffix(&format!("{last}\n")).unwrap();
        let inputs = [("k", 8.99), ("q1", 1.5), ("q2", -2.25), ("r", 0.7)];
        let names = inputs.map(|(name, _)| name);
        let mut text = "(* k (/ (* q1 q2) (if (< 0 r) (* r r) 0)))".to_string();
        let mut before = None;
        for level in 0..3 {
            let program =
                Interpreter::new().internal(true).load(&text).unwrap_or_else(|e| panic!("{level}: {e:?}"));
            let (machine, ..) = program.run(&inputs::plain(&inputs), &names).unwrap();
            let (value, gradient) = program.value_and_grad(&names, &inputs).unwrap();
            let now = (value.to_bits(), gradient, machine.recorded());
            assert_eq!(*before.get_or_insert(now.clone()), now, "level {level}");
            text = format!("{definitions} (({last} '{}) k q1 q2 r)", as_data(&text));
        }
        assert_eq!(before.map(|(_, _, entries)| entries), Some(4 + 4));
    }

    #[test]
    fn at_every_level_the_string_is_blamed() {
        let source = include_str!("evaluator.scm");
        let last = "(lambda (program) ((analyze program '()) '()))";
        let definitions = source.strip_suffix(&format!("{last}\n")).unwrap();
        let text = format!("{definitions} (({last} '{}))", as_data("(+ 1 (car 5))"));
        let error = Interpreter::new().internal(true).load(&text).unwrap().call(&[]).unwrap_err();
        assert_eq!(&text[error.span.start as usize..error.span.end as usize], "(car 5)");
    }
}
