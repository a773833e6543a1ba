//! Programs from strings, operation by operation.
//!
//! The first row is interpreted and leaves its [`Record`](scheme_core::trace::Record): the operations that the program did
//! there, those on whole matrices among them, and the decisions that depended on numbers. All rows that decide likewise go with it, the first of the others leaves the next
//! trace, and at the end rows are put together. What a row decides is told by the device's numbers, which may differ from
//! the language's in the last digits; the row that was interpreted goes with its own trace whatever they say.

use super::{
    Described,
    describe::describe,
    recorder::{Recorder, elements},
    split::Batch,
    value::{Made, Value},
};
use crate::{
    evaluator::{CallError, StringProgram},
    outcome::Failure,
    tensors::{Backend, TensorError, argument::Gather, join::Tapes},
    vmap::Element,
};
use dfdx::{shapes::Dtype, tensor::Tensor};
use scheme_core::{
    anf::{Atom, Graph, Module},
    diag::Code,
    trace::{Must, Record},
    transform::simplify,
};
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

/// A program from a string that is run operation by operation; see [`StringProgram::by_operations`].
#[derive(Clone, Debug)]
pub struct StringOperations {
    program: StringProgram,
    inputs: Vec<String>,
    paths: usize,
}

impl StringProgram {
    /// The program as a function of these numbers, in this order, operation by operation on tensors: as
    /// [`Tensors::by_operations`](crate::tensors::Tensors::by_operations) of a compiled one. Parameters that are not named have
    /// their initial values.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::Interpreter;
    ///
    /// let program = Interpreter::new().load("(if (< x 1) (* k x x) (* k (log x)))")?;
    /// let dev = Cpu::default();
    /// let k: Tensor<(usize,), f64, Cpu> = dev.tensor((vec![2.0], (1,)));
    /// let x = dev.tensor((vec![0.5, 3.0], (2,)));
    /// let operations = program.by_operations(&["k", "x"])?;
    /// let (results, tape) = operations.forward(vec![k.leaky_trace(), x.leaky_trace()])?;
    /// let gradients = results[0].clone().put_tape(tape).sum().backward();
    /// assert_eq!(gradients.get(&x).as_vec(), [2.0, 2.0 / 3.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Inputs that are missing, twice there, unknown, or declared to be no number.
    pub fn by_operations(&self, inputs: &[&str]) -> Result<StringOperations, CallError> {
        self.prepare(inputs, &[])?;
        let inputs = inputs.iter().map(ToString::to_string).collect();
        Ok(StringOperations { program: self.clone(), inputs, paths: StringOperations::PATHS })
    }
}

impl StringOperations {
    /// How many paths the rows of a call may take, unless [`paths`](Self::paths) says otherwise.
    pub const PATHS: usize = 1000;

    /// How many paths the rows of a call may take, each of which is interpreted once.
    #[must_use]
    pub fn paths(self, paths: usize) -> Self {
        Self { paths, ..self }
    }

    /// What the operations are of the path that the program takes at a point.
    ///
    /// # Errors
    /// As [`StringProgram::trace`].
    pub fn describe(&self, at: &[f64]) -> Result<Described, CallError> {
        let path = self.path(at)?;
        let divides = !path.musts.is_empty();
        Ok(Described { divides, ..describe(&Module::single(path.graph)) })
    }

    /// The numbers of the program's value over batches of numbers, one for each input, with their tape; as
    /// [`Operations::forward`](super::Operations::forward).
    ///
    /// # Errors
    /// As there. A failure of the program is that of the first row that fails, with its place in the text.
    #[expect(clippy::type_complexity, reason = "results, and their tape")]
    pub fn forward<E, D, T>(
        &self,
        arguments: Vec<Tensor<(usize,), E, D, T>>,
    ) -> Result<(Vec<Tensor<(usize,), E, D>>, T), TensorError<D::Err>>
    where
        E: Element + Dtype,
        D: Backend<E>,
        T: Tapes<E, D>,
    {
        if arguments.len() != self.inputs.len() {
            return Err(TensorError::Arguments { expected: self.inputs.len(), found: arguments.len() });
        }
        let mut gather = Gather::default();
        let rows = gather.columns(arguments)?;
        let Gather { device, inputs, tape, .. } = gather;
        let device = device.ok_or(TensorError::NoTensor)?;
        let tape = T::OWNS_TAPE.then(|| tape.unwrap_or_default());
        let mut recorder = Recorder::new(device, tape);
        let values = recorder.inputs(&inputs, rows).map_err(TensorError::Device)?;
        let results = self.paths_of(&mut recorder, &values, rows)?;
        let tensors = recorder.tensors(&results, rows).map_err(TensorError::Device)?;
        Ok((tensors, T::from_owned(recorder.into_tape())))
    }

    /// The results in every row.
    fn paths_of<E, D>(
        &self,
        recorder: &mut Recorder<E, D>,
        inputs: &[Value<E, D>],
        rows: usize,
    ) -> Result<Vec<Value<E, D>>, TensorError<D::Err>>
    where
        E: Element + Dtype,
        D: Backend<E>,
    {
        let host: Vec<Vec<E>> = inputs.iter().map(elements).collect();
        let point = |row: usize| -> Vec<f64> {
            host.iter().filter_map(|column| column.get(row).or(column.first())).map(|x| (*x).into()).collect()
        };
        let mut batch: Batch = (0..rows).collect();
        let mut inputs = inputs.to_vec();
        let mut ways = Vec::new();
        let mut results = loop {
            let first = batch.first().copied().unwrap_or(0);
            let failed = |failure| TensorError::Failed { row: first, failure };
            if ways.len() >= self.paths {
                return Err(failed(too_many()));
            }
            let path = self.path(&point(first)).map_err(|error| failed(raised(&error)))?;
            let arguments = self.arguments(&path, &inputs);
            let stay =
                decided_likewise(recorder, &path, &arguments, batch.len()).map_err(TensorError::Device)?;
            let path = path.results();
            if stay.iter().all(|stays| *stays) {
                break recorder.straight(&path, &arguments).map_err(TensorError::Device)?;
            }
            let test = recorder.truths(&stay).map_err(TensorError::Device)?;
            let [on, off] = recorder.divide(&stay, &batch).map_err(TensorError::Device)?;
            let with = recorder.gather_all(&arguments, &on.from).map_err(TensorError::Device)?;
            let given = recorder.straight(&path, &with).map_err(TensorError::Device)?;
            inputs = recorder.gather_all(&inputs, &off.from).map_err(TensorError::Device)?;
            batch = off.batch.clone();
            ways.push((test, on, off, given));
        };
        while let Some((test, on, off, given)) = ways.pop() {
            if given.len() != results.len() {
                let row = off.batch.first().copied().unwrap_or(0);
                return Err(TensorError::Failed { row, failure: other_form() });
            }
            let sides = [(&on, &given[..]), (&off, &results[..])];
            results = recorder.together(&test, sides).map_err(TensorError::Device)?;
        }
        match results.is_empty() {
            true => Err(TensorError::Failed { row: 0, failure: no_number() }),
            false => Ok(results),
        }
    }

    /// The path that the program takes at a point.
    fn path(&self, at: &[f64]) -> Result<Path, CallError> {
        let inputs: Vec<(&str, f64)> =
            self.inputs.iter().map(String::as_str).zip(at.iter().copied()).collect();
        let (record, inputs) = self.program.record_at(&inputs)?;
        Ok(Path::new(&record, inputs))
    }

    /// The inputs of a trace, in its order: those given, and the initial values of the other parameters.
    fn arguments<E: Element + Dtype, D: Backend<E>>(
        &self,
        path: &Path,
        inputs: &[Value<E, D>],
    ) -> Vec<Value<E, D>> {
        let value = |name: &String| {
            let given = self.inputs.iter().position(|input| input == name).and_then(|i| inputs.get(i));
            let initial = || self.program.param(name).map_or(f64::NAN, |param| param.init);
            given.cloned().unwrap_or_else(|| Value::Number(E::lit(initial())))
        };
        path.inputs.iter().map(value).collect()
    }
}

/// What the program does in rows that decide alike.
struct Path {
    /// The operations: first of the results are those of the program, and behind them is what it decides by.
    graph: Graph,
    /// How many results the program has.
    count: usize,
    /// What must hold of what it decides by.
    musts: Vec<Must>,
    inputs: Vec<String>,
}

impl Path {
    /// Without what is computed twice, and decisions that are none or that are made twice.
    fn new(record: &Record, inputs: Vec<String>) -> Self {
        let mut graph = simplify(&record.graph("path", &inputs, |_| None));
        let count = record.results().len().min(graph.body.results.len());
        let (mut seen, mut musts) = (HashSet::new(), Vec::new());
        for (guard, atom) in record.guards().iter().zip(graph.body.results.split_off(count)) {
            if atom.var().is_some() && seen.insert((atom, guard.must)) {
                graph.body.results.push(atom);
                musts.push(guard.must);
            }
        }
        Self { graph, count, musts, inputs }
    }

    /// The operations that the results need.
    fn results(&self) -> Graph {
        reduced(&self.graph, |results| results.drain(..self.count).collect())
    }

    /// Those that decisions need.
    fn looked_at(&self) -> Graph {
        reduced(&self.graph, |results| results.split_off(self.count))
    }
}

/// Which of so many rows decide as the first one did, which was interpreted.
fn decided_likewise<E: Element + Dtype, D: Backend<E>>(
    recorder: &Recorder<E, D>,
    path: &Path,
    arguments: &[Value<E, D>],
    rows: usize,
) -> Made<Vec<bool>, D> {
    let mut stay = vec![true; rows];
    if path.musts.is_empty() || rows < 2 {
        return Ok(stay);
    }
    // Beside the tape: nothing is differentiated that only decides.
    let looked_at = recorder.aside().straight(&path.looked_at(), arguments)?;
    for (must, value) in path.musts.iter().zip(looked_at) {
        let numbers = elements(&value);
        for (row, stays) in stay.iter_mut().enumerate().skip(1) {
            let number = numbers.get(row).or(numbers.first());
            *stays &= number.is_some_and(|x| must.holds((*x).into()));
        }
    }
    Ok(stay)
}

/// A straight graph for some of its results, without the operations that these do not need.
fn reduced(graph: &Graph, choose: impl FnOnce(&mut Vec<Atom>) -> Vec<Atom>) -> Graph {
    let mut graph = graph.clone();
    graph.body.results = choose(&mut graph.body.results);
    let mut needed: BTreeSet<_> = graph.body.results.iter().filter_map(|atom| atom.var()).collect();
    let mut insts = Vec::new();
    for inst in std::mem::take(&mut graph.body.insts).into_iter().rev() {
        if inst.results.iter().any(|var| needed.contains(var)) {
            needed.extend(inst.args.iter().filter_map(|atom| atom.var()));
            insts.push(inst);
        }
    }
    insts.reverse();
    graph.body.insts = insts;
    graph
}

/// An error of the program, at its place in the text.
fn raised(error: &CallError) -> Failure {
    let place = error.text().place(error.span.start);
    Failure {
        code: error.code,
        message: Cow::Owned(error.message.clone()),
        hint: error.hint.clone().map(Cow::Owned),
        line: place.line,
        column: place.column,
    }
}

fn too_many() -> Failure {
    Failure::new(Code::Trace, "rows take more paths than they may", 1, 1)
}

fn no_number() -> Failure {
    Failure::new(Code::WrongType, "the program's value has no number", 1, 1)
}

fn other_form() -> Failure {
    Failure::new(Code::Shape, "the program gives not as many numbers as in the rows before", 1, 1)
}
