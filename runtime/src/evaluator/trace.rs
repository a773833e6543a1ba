//! The trace of a run of a program from a string, with the places of its text.

use super::{
    CallError, StringProgram,
    describe::WHOLE,
    inputs::{Input, StringParam},
    plain::values,
};
use crate::{
    answer::Answer,
    machine::Limits,
    paths::{Path, Unfit},
    tape::MOST_OPERATIONS,
};
use scheme_core::{
    diag::{Code, Diagnostic},
    span::{SourceMap, Span},
    trace::Trace,
};
use std::sync::{Arc, OnceLock};

/// What a run did with the numbers that it was given: the operations and decisions that depend on them.
#[derive(Clone, Debug)]
pub struct RunTrace {
    recorded: Trace,
    /// The same, once it was asked for.
    simplified: OnceLock<Trace>,
    value: Answer,
    of: Inputs,
    /// Their names, once they were asked for.
    inputs: OnceLock<Vec<String>>,
    /// By place numbers, from 1.
    spans: Arc<[Span]>,
}

impl RunTrace {
    /// The trace, simplified when it is first asked for. Its inputs are the numbers of the program's inputs and then of its parameters, its results
    /// those of the value, in the order in which they are written.
    pub fn trace(&self) -> &Trace {
        self.simplified.get_or_init(|| self.recorded.simplified())
    }

    /// The value of the run.
    pub fn value(&self) -> &Answer {
        &self.value
    }

    /// What the inputs of the trace are: an input or parameter that is a number, by its name, or of another one its numbers, as
    /// `v[0]`, counted from 0.
    pub fn inputs(&self) -> &[String] {
        self.inputs.get_or_init(|| self.of.names())
    }

    /// The part of the text that asked for an operation or a decision, by its place; none for 0.
    pub fn span(&self, place: u32) -> Option<Span> {
        (place as usize).checked_sub(1).and_then(|i| self.spans.get(i)).copied()
    }

    /// The trace as text, with the names of its inputs, and behind each operation and guard the line and column that asked for it.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(if (< x 1) (* k x x) 0)")?;
    /// let run = program.trace(&[("k", 2.0), ("x", 0.5)])?;
    /// assert_eq!(run.value().number(), Some(0.5));
    /// assert_eq!(run.text(program.source()), "\
    /// trace(x: v0, k: v1) {
    ///   v2: bool = less v0 1.0  ; 1:5
    ///   guard v2 is true        ; 1:5
    ///   v3: real = mul v1 v0    ; 1:13
    ///   v4: real = mul v3 v0    ; 1:13
    ///   give v4
    /// }
    /// ");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn text(&self, source: &SourceMap) -> String {
        let place = |place| {
            let place = source.place(self.span(place)?.start);
            Some(format!("{}:{}", place.line, place.column))
        };
        self.trace().text(self.inputs(), place)
    }
}

impl StringProgram {
    /// The trace of its run at inputs: while the guards hold, at other inputs too, the trace gives the numbers of the
    /// program's value, to the bit, without interpretation; those of an interpreter of single precision if it is evaluated
    /// on `f32`. A guard that does not hold says that the program goes another way there.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(let loop ((i 0) (s x)) (if (< i n) (loop (+ i 1) (* s s)) s))")?;
    /// let run = program.trace(&[("x", 3.0), ("n", 2.0)])?;
    /// assert_eq!(run.inputs(), ["x", "n"]);
    /// assert_eq!(run.trace().evaluate(&[10.0, 2.0]), Ok(vec![1e4]));
    /// // The third guard is that 2 is not below n.
    /// assert_eq!(run.trace().evaluate(&[10.0, 5.0]), Err(2));
    /// let span = run.span(run.trace().guards()[2].place).expect("a place");
    /// assert_eq!(&program.source().text()[span.start as usize..span.end as usize], "(< i n)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`call_with`](Self::call_with); a trace of more than 2²⁰ operations, or larger than [`Limits::trace`] and
    /// [`Limits::trace_bytes`] allow; and a value so large, or nested so deep, that an [`Answer`] has part of it as text.
    pub fn trace(&self, inputs: &[(&str, f64)]) -> Result<RunTrace, CallError> {
        self.trace_with(&values(inputs))
    }

    /// The same at inputs of any form.
    ///
    /// # Errors
    /// As [`trace`](Self::trace).
    pub fn trace_with(&self, inputs: &[(&str, Answer)]) -> Result<RunTrace, CallError> {
        let (path, of) = self.path_at(inputs)?;
        if path.is_whole() {
            return Err(self.whole_matrices());
        }
        let (recorded, value) = path.into_parts().ok_or_else(|| self.outgrown())?;
        let spans = self.spans.clone();
        Ok(RunTrace { recorded, simplified: OnceLock::new(), value, of, inputs: OnceLock::new(), spans })
    }

    /// The record of its run at numbers, with operations on whole matrices as such, and the names of its inputs, as
    /// [`RunTrace::inputs`] has them.
    ///
    /// # Errors
    /// As [`trace`](Self::trace).
    #[cfg(feature = "dfdx")]
    pub(crate) fn record_at(
        &self,
        inputs: &[(&str, f64)],
    ) -> Result<(scheme_core::trace::Record, Vec<String>), CallError> {
        let (path, of) = self.path_at(&values(inputs))?;
        Ok((path.into_record().ok_or_else(|| self.outgrown())?, of.names()))
    }

    /// The path of its run at inputs, and what these are.
    fn path_at(&self, inputs: &[(&str, Answer)]) -> Result<(Path, Inputs), CallError> {
        let given = self.given(inputs, &[])?;
        let (numbers, _) = self.numbers(&given);
        let path = match self.recorded(&given, &numbers)? {
            Ok(path) => path,
            Err(Unfit::Long | Unfit::Heavy) => return Err(self.outgrown()),
            Err(Unfit::Formless) => return Err(self.cut_off()),
        };
        let counts = given.all.iter().map(|(value, _)| count(value)).collect();
        let of = Inputs { inputs: self.inputs.clone(), params: self.params.clone(), counts };
        Ok((path, of))
    }

    fn outgrown(&self) -> CallError {
        let Limits { trace, trace_bytes, .. } = self.interpreter.limits;
        let operations = trace.min(MOST_OPERATIONS);
        let message = format!(
            "the run's trace takes more than the {operations} operations or {trace_bytes} bytes that it may"
        );
        self.error(Diagnostic::new(Code::Trace, self.whole(), message))
    }

    fn whole_matrices(&self) -> CallError {
        let message = format!("traces have no {WHOLE} of what depends on inputs");
        self.error(Diagnostic::new(Code::NotYet, self.whole(), message))
    }

    fn cut_off(&self) -> CallError {
        let message = "the value is too large, or nests too deep, for its numbers to be traced";
        self.error(Diagnostic::new(Code::TooLarge, self.whole(), message))
    }
}

/// What a run's inputs and parameters are, from which their numbers have names.
#[derive(Clone, Debug)]
struct Inputs {
    inputs: Arc<[Input]>,
    params: Arc<[StringParam]>,
    /// Of each how many numbers it has; none if it is a number.
    counts: Vec<Option<usize>>,
}

impl Inputs {
    fn names(&self) -> Vec<String> {
        let params = self.params.iter().map(|param| &param.name);
        let names = self.inputs.iter().map(|input| &input.name).chain(params);
        let numbered = |(name, count): (&String, &Option<usize>)| match count {
            None => vec![name.clone()],
            Some(count) => (0..*count).map(|k| format!("{name}[{k}]")).collect(),
        };
        names.zip(&self.counts).flat_map(numbered).collect()
    }
}

/// How many numbers a value has that is not one.
fn count(value: &Answer) -> Option<usize> {
    if value.number().is_some() {
        return None;
    }
    let mut count = 0;
    value.each_number(&mut |_| count += 1);
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interpreter;

    fn code(text: &str, limits: Limits) -> Option<Code> {
        let program = Interpreter::with_limits(limits).load(text).expect("it loads");
        program.trace(&[("x", 0.5)]).err().map(|error| error.code)
    }

    #[test]
    fn a_run_without_a_trace_says_why() {
        let long = "(let loop ((i 0) (s x)) (if (< i 100) (loop (+ i 1) (* s s)) s))";
        assert_eq!(code(long, Limits::default()), None);
        assert_eq!(code(long, Limits { trace: 99, ..Limits::default() }), Some(Code::Trace));
        let deep = |n: u32| format!("(let nest ((i 0) (l x)) (if (= i {n}) l (nest (+ i 1) (list l))))");
        assert_eq!(code(&deep(400), Limits::default()), None);
        assert_eq!(code(&deep(600), Limits::default()), Some(Code::TooLarge));
        let text = "(define (f x) (vector x (car x))) (f x)";
        assert_eq!(code(text, Limits::default()), Some(Code::WrongType));
    }

    #[test]
    fn inputs_of_any_form_are_numbered() {
        let program = Interpreter::new().load("(list (param k 2) (matvec m v) s)").expect("it loads");
        let inputs = [("v", [1.0, 2.0].into()), ("m", [[1.0, 0.0], [0.0, 1.0]].into()), ("s", "s".into())];
        let run = program.trace_with(&inputs).expect("a trace");
        assert_eq!(run.inputs(), ["m[0]", "m[1]", "m[2]", "m[3]", "v[0]", "v[1]", "k"]);
        assert_eq!(run.trace().evaluate(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), Ok(vec![7.0, 17.0, 39.0]));
        assert_eq!(run.value().to_string(), "(2 [1 2] \"s\")");
        assert_eq!(run.span(0), None);
    }
}
