//! A program loaded from a string: what is known of it, and its value.

use super::{
    CallError, Interpreter,
    definitions::Definitions,
    inputs::{Given, Input, StringParam},
    names::{Names, Role},
    place,
    replays::Traces,
};
use crate::{
    answer::Answer,
    machine::{Fault, Image, Machine},
    paths::Work,
    stack,
    value::Value,
};
use scheme_core::{
    diag::{Code, Diagnostic},
    gives::type_of,
    reader::number_text,
    span::{SourceMap, Span},
};
use std::sync::Arc;

/// A loaded program: immutable, and shared by threads.
///
/// Inputs are given by name, in any order; those that are parameters may be left out. Calls take plain numbers;
/// those whose names end in `_with` take any values, as [`Answer`]s, and give derivatives by them in their shape.
///
/// ```
/// use scheme_runtime::Interpreter;
///
/// let decay = Interpreter::new().load("(* a (exp (* (- b) x)))")?;
/// let inputs = [("x", 0.0), ("a", 2.5), ("b", 0.8)];
/// assert_eq!(decay.call(&inputs)?.number(), Some(2.5));
/// assert_eq!(decay.value_and_grad(&["a", "x"], &inputs)?, (2.5, vec![1.0, -2.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StringProgram {
    pub(super) source: Arc<SourceMap>,
    pub(super) names: Arc<Names>,
    pub(super) inputs: Arc<[Input]>,
    pub(super) params: Arc<[StringParam]>,
    /// The initial values of the parameters.
    pub(super) initial: Vec<Answer>,
    pub(super) warnings: Vec<Diagnostic>,
    /// Spans of the text by place numbers, from 1.
    pub(super) spans: Arc<[Span]>,
    pub(super) definitions: Definitions,
    pub(super) image: Image,
    /// What loaded it.
    pub(super) interpreter: Interpreter,
    /// What is known of its runs.
    pub(super) traces: Arc<Traces>,
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

    /// Whether it runs in single precision.
    pub(crate) fn is_single(&self) -> bool {
        self.interpreter.single
    }

    /// Whether a name is that of an input.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let model = Interpreter::new().load("(* (param k 2) x)")?;
    /// assert!(model.has_input("x") && !model.has_input("k"));
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    pub fn has_input(&self, name: &str) -> bool {
        matches!(self.names.role(name), Some(Role::Input(_)))
    }

    /// The parameter of a name.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let model = Interpreter::new().load("(* (param k 2 0 10) x)")?;
    /// assert_eq!(model.param("k").and_then(|k| k.hi), Some(10.0));
    /// assert_eq!(model.param("x"), None);
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    pub fn param(&self, name: &str) -> Option<&StringParam> {
        match self.names.role(name) {
            Some(Role::Param(at)) => self.params.get(at),
            _ => None,
        }
    }

    /// The program with other initial values of parameters, such as a fit found.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let model = Interpreter::new().load("(* (param k 1 0 10) x)")?;
    /// let fitted = model.with_params(&[("k", 2.5)])?;
    /// assert_eq!(fitted.call(&[("x", 2.0)])?.number(), Some(5.0));
    /// assert!(model.with_params(&[("k", 11.0)]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A name that is no parameter, and a value that is not a number or not within the bounds.
    pub fn with_params(&self, values: &[(&str, f64)]) -> Result<Self, CallError> {
        let mut changed = self.clone();
        for (name, value) in values {
            let at = match self.names.role(name) {
                Some(Role::Param(at)) => at,
                role => return Err(self.error(self.no_param(name, role.is_some()))),
            };
            let known = (Arc::make_mut(&mut changed.params).get_mut(at), changed.initial.get_mut(at));
            let (Some(param), Some(initial)) = known else { continue };
            if !(param.lo.is_none_or(|lo| lo <= *value) && param.hi.is_none_or(|hi| *value <= hi))
                || value.is_nan()
            {
                let bound = |bound: Option<f64>, none: &str| bound.map_or(none.to_string(), number_text);
                let (lo, hi) = (bound(param.lo, "-inf.0"), bound(param.hi, "+inf.0"));
                let message = format!(
                    "the parameter `{name}` is from {lo} to {hi}, but was given {}",
                    number_text(*value)
                );
                let error = Diagnostic::new(Code::OutOfDomain, self.whole(), message);
                return Err(self.error(error.hint("give another value, or widen its bounds in the program")));
            }
            param.init = *value;
            *initial = (*value).into();
        }
        Ok(changed)
    }

    /// The type of its value where its text tells, and inputs that are not declared are numbers: `real`, `bool`,
    /// `list`, `symbol`, `string`, `char`, `vector`, `array` (of numbers), `unspecified` or `procedure`.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let load = |text| Interpreter::new().load(text);
    /// assert_eq!(load("(* k x)")?.result_type(), Some("real"));
    /// assert_eq!(load("(map (lambda (t) (exp (- t))) (iota 3))")?.result_type(), Some("list"));
    /// assert_eq!(load("(if (> x 0) 1 'none)")?.result_type(), None);
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    pub fn result_type(&self) -> Option<&'static str> {
        stack::for_a_text(|| {
            let (program, _) = self.interpreter.kernel(self.source.text()).ok()?;
            type_of(&program)
        })
    }

    /// What is worth saying of the text, though it is no error.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The text, to draw diagnostics with.
    pub fn source(&self) -> &SourceMap {
        &self.source
    }

    /// Its value where inputs may be anything: vectors and matrices of numbers, lists, strings.
    ///
    /// ```
    /// use scheme_runtime::{Answer, Interpreter};
    ///
    /// let turned = Interpreter::new().load("(matvec A r)")?;
    /// let answer = turned.call_with(&[("A", [[0.0, -1.0], [1.0, 0.0]].into()), ("r", [2.0, 3.0].into())]);
    /// assert_eq!(answer, Ok([-3.0, 2.0].into()));
    ///
    /// let told = Interpreter::new().load("(string-append who (if (> n 1) \"s\" \"\"))")?;
    /// assert_eq!(told.call_with(&[("who", "model".into()), ("n", 3.0.into())]), Ok("models".into()));
    /// # Ok::<(), scheme_runtime::LoadError>(())
    /// ```
    ///
    /// # Errors
    /// An input that has no value or one that is not of its declared type, a value that has no input or that nests
    /// deeper than 500, and what ends the run early.
    pub fn call_with(&self, inputs: &[(&str, Answer)]) -> Result<Answer, CallError> {
        let given = self.given(inputs, &[])?;
        let replayed = self.replayed(
            &given,
            |_| Some(Work::default()),
            |path, by, x, scratch| Ok(path.answer(path.replay(by).value(x, scratch)?)),
        );
        replayed.map_or_else(|| self.interpreted(&given), Ok)
    }

    /// The same by the evaluator.
    pub(super) fn interpreted(&self, given: &Given<'_>) -> Result<Answer, CallError> {
        let (machine, value) = self.run(given, &mut |_| Ok(Vec::new()))?;
        Ok(self.answer(&machine, value))
    }

    /// A value of a run, outside of it.
    pub(super) fn answer(&self, machine: &Machine, value: Value) -> Answer {
        let answer = machine.answer(value);
        if !self.interpreter.single {
            return answer;
        }
        // Constants are rounded where they are read; a value may be one.
        let mut numbers = Vec::new();
        answer.each_number(&mut |x| numbers.push(self.interpreter.rounded(x)));
        let mut numbers = numbers.into_iter();
        answer.replaced(&mut || numbers.next().unwrap_or(f64::NAN).into())
    }

    /// Runs on a fresh machine, on which `moving` makes the values of the inputs that derivatives are taken by,
    /// one for each of their numbers.
    pub(super) fn run(
        &self,
        given: &Given<'_>,
        moving: &mut dyn FnMut(&mut Machine) -> Result<Vec<Value>, Box<Fault>>,
    ) -> Result<(Machine, Value), CallError> {
        let mut machine = self.machine();
        let value = self.run_on(&mut machine, given, moving)?;
        Ok((machine, value))
    }

    /// A fresh machine.
    pub(super) fn machine(&self) -> Machine {
        let (mut machine, _) = Machine::from_image(&self.image, self.interpreter.limits);
        machine.set_single(self.interpreter.single);
        machine.set_stress(self.interpreter.stress);
        machine
    }

    /// [`run`](Self::run) on such a machine.
    pub(super) fn run_on(
        &self,
        machine: &mut Machine,
        given: &Given<'_>,
        moving: &mut dyn FnMut(&mut Machine) -> Result<Vec<Value>, Box<Fault>>,
    ) -> Result<Value, CallError> {
        let value = (|| {
            let moving = moving(machine)?;
            let mut arguments = Vec::with_capacity(given.all.len());
            for (answer, first) in &given.all {
                let mut next = first.and_then(|first| moving.get(first..)).unwrap_or_default().iter();
                let mut number =
                    |x: f64| next.next().copied().unwrap_or(Value::num(self.interpreter.rounded(x)));
                arguments.push(machine.take_in(answer, &mut number)?);
            }
            machine.run(self.image.value(), &arguments)
        })();
        value.map_err(|fault| self.place(&fault))
    }

    pub(super) fn place(&self, fault: &Fault) -> CallError {
        self.error(place::diagnostic(fault, &self.spans, &self.definitions, self.source.text()))
    }

    /// A finding with the text that it is about.
    pub(super) fn error(&self, finding: Diagnostic) -> CallError {
        CallError::new(finding, &self.source)
    }

    pub(super) fn whole(&self) -> Span {
        Span::new(0, self.source.text().len() as u32)
    }
}
