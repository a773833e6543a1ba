//! A graph's operations one by one, through dfdx's own tape.
//!
//! This is the other way to run a program on tensors: [`Tensors::forward`](super::Tensors::forward) is one fused operation,
//! [`by_operations`](super::Tensors::by_operations) as many as the program has, each on the device, with every value in a tensor and
//! every derivative on dfdx's tape. It runs on any dfdx device, and is slower where the fused way runs at all.
//!
//! Values and gradients are those of the fused way within 10⁻¹² relative in `f64` and 10⁻⁵ in `f32`, scaled by conditioning:
//! dfdx has its own elementary functions, and sums in its own order. At edges and kinks they are the language's. A row that dfdx has
//! no operations for passes through the host, element by element, and so do operations on whole matrices;
//! [`describe`](Operations::describe) says which those are.
//!
//! The batch comes first, and a number of the graph is a tensor of one axis, a row each. Vectors and matrices are their
//! elements, as they are in the graphs of compiled programs, so that every array row is applications of numeric rows, in
//! the order that the language fixes, or an operation on whole matrices. Choices, loops and calls divide the rows by the way that each takes (`run`). What needs
//! general values, such as pairs and closures in them, has no graph on numbers: that is an error before anything runs, which
//! names it. A program from a string may need all that: its rows run by the traces
//! that it leaves ([`StringProgram::by_operations`](crate::StringProgram::by_operations)).

mod accumulate;
mod describe;
mod formulas;
mod reached;
mod recorder;
mod results;
mod run;
mod split;
mod strings;
mod taping;
mod value;
mod ways;
mod whole;

pub(super) use accumulate::add_product;
pub use describe::Described;
pub use strings::StringOperations;

use super::{Append, Argument, Backend, Batch, Places, TensorError, argument::Gather, host, join::Tapes};
use crate::{
    describe::Regime,
    function::{Function, Program},
    outcome::{Failure, Outcome},
    shape::Shape as _,
    vmap::Element,
};
use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{NoneTape, PutTape, Tape, Tensor},
    tensor_ops::ReshapeTo,
};
use recorder::Recorder;
use run::{Run, Stop};
use scheme_core::{
    anf::{Graph, Module, Op, verify_module},
    diag::{Code, Family},
};
use std::{borrow::Cow, rc::Rc};
use value::Value;

/// A graph to be run operation by operation, through dfdx's own tape, on any dfdx device.
///
/// Values and gradients are the language's within 10⁻¹² relative in `f64` and 10⁻⁵ in `f32`, scaled by conditioning, at edges and
/// kinks too. Rows go the way that each takes: no side that a row does not take poisons it, fails for it, or recurs for it.
#[derive(Clone, Debug)]
pub struct Operations {
    module: Rc<Module>,
    budget: usize,
}

impl Operations {
    /// How many operations a run may take, unless [`budget`](Self::budget) says otherwise: 2²⁰.
    pub const BUDGET: usize = 1 << 20;

    /// Of a compiled program.
    ///
    /// # Errors
    /// If the program needs the machine: what for, at its place.
    pub fn new(program: &impl Program) -> Result<Self, Failure> {
        let about = program.describe();
        if let (Regime::Machine, Some(why)) = (about.regime, about.why) {
            let message = format!("{}, which has no operations on tensors", why.message);
            return Err(refused(message, why.line, why.column));
        }
        let text = program.graph_text();
        let module = Graph::parse(text).map(Module::single).or_else(|_| Module::parse(text));
        Self::of(module.map_err(|error| refused(format!("the program's graph: {error}"), 1, 1))?)
    }

    /// Of a module of graphs on numbers and truth values.
    ///
    /// # Errors
    /// If the module does not verify, or has axes or records of derivatives in it, which no compiled program has.
    pub fn of(module: Module) -> Result<Self, Failure> {
        verify_module(&module).map_err(|violation| refused(violation.to_string(), 1, 1))?;
        for function in &module.functions {
            let axes = function.graph.vars.iter().any(|var| !var.ty.dims.axes().is_empty());
            let mut misfit = axes.then_some("a variable with axes");
            function.graph.body.each(&mut |inst| match inst.op {
                Op::Row(_) | Op::Whole(_) | Op::Table(_) | Op::If { .. } | Op::Call(_) | Op::Fail(_) => {}
                Op::Broadcast { .. } => misfit = Some("`broadcast`"),
                Op::Sum { .. } => misfit = Some("`sum`"),
                Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) => misfit = Some("a record of a call"),
            });
            if let Some(misfit) = misfit {
                return Err(refused(format!("{misfit} has no operations on tensors"), 1, 1));
            }
        }
        Ok(Self { module: Rc::new(module), budget: Self::BUDGET })
    }

    /// How many operations a run may take; each step of a loop, and each way that rows divide into, counts its own.
    #[must_use]
    pub fn budget(self, operations: usize) -> Self {
        Self { budget: operations, ..self }
    }

    /// What the operations are, and which of them pass through the host.
    pub fn describe(&self) -> Described {
        describe::describe(&self.module)
    }

    /// The results over batches of numbers, one argument for each parameter: tensors of one length, save for those of one
    /// element, which are the same in every row. The results have as many elements, and belong to the tape beside them.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::{prelude::*, tensors::Operations};
    ///
    /// let decay = scheme! { (* a (exp (- t))) };
    /// let dev = Cpu::default();
    /// let a: Tensor<(usize,), f64, Cpu> = dev.tensor((vec![2.0], (1,)));
    /// let t = dev.tensor((vec![0.0, 1.0, 2.0], (3,)));
    /// let (results, tape) = Operations::new(&decay)?.forward(vec![a.leaky_trace(), t.leaky_trace()])?;
    /// let gradients = results[0].clone().put_tape(tape).sum().backward();
    /// assert_eq!(gradients.get(&t).as_vec()[0], -2.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Tensors::forward`](super::Tensors::forward); if there are not as many arguments as parameters; and if the run takes
    /// more operations than it may. A failure of the program has no line.
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
        let parameters = self.module.functions.first().map_or(0, |program| program.graph.params.len());
        if arguments.len() != parameters {
            return Err(TensorError::Arguments { expected: parameters, found: arguments.len() });
        }
        let mut gather = Gather::default();
        let rows = gather.columns(arguments)?;
        let Gather { device, inputs, tape, .. } = gather;
        let tape = T::OWNS_TAPE.then(|| tape.unwrap_or_default());
        let mut recorder = Recorder::new(device.ok_or(TensorError::NoTensor)?, tape);
        let results = self.run(&mut recorder, &inputs, rows)?;
        let tensors = recorder.tensors(&results, rows).map_err(TensorError::Device)?;
        Ok((tensors, T::from_owned(recorder.into_tape())))
    }

    /// The results over so many rows.
    fn run<E, D>(
        &self,
        recorder: &mut Recorder<E, D>,
        inputs: &Places<E, D>,
        rows: usize,
    ) -> Result<Vec<Value<E, D>>, TensorError<D::Err>>
    where
        E: Element + Dtype,
        D: Backend<E>,
    {
        let arguments = recorder.inputs(inputs, rows).map_err(TensorError::Device)?;
        match Run::new(&self.module, recorder, self.budget).program(arguments.clone(), rows) {
            Ok(results) => Ok(results),
            Err(stop) => Err(self.first_failure(stop, &mut recorder.aside(), &arguments)),
        }
    }

    /// The failure in the first row that fails, given one in some row: rows are not run in their order.
    fn first_failure<E, D>(
        &self,
        mut stop: Stop<D::Err>,
        recorder: &mut Recorder<E, D>,
        arguments: &[Value<E, D>],
    ) -> TensorError<D::Err>
    where
        E: Element + Dtype,
        D: Backend<E>,
    {
        loop {
            let (row, failure) = match stop {
                Stop::Device(error) => return TensorError::Device(error),
                Stop::Failed { row, failure } => (row, failure),
            };
            if row == 0 {
                return TensorError::Failed { row, failure };
            }
            let before = recorder.indices((0..row).collect());
            let before = before.and_then(|before| recorder.gather_all(arguments, &before));
            stop = match before {
                Err(error) => Stop::Device(error),
                Ok(before) => match Run::new(&self.module, recorder, self.budget).program(before, row) {
                    Ok(_) => return TensorError::Failed { row, failure },
                    Err(stop) => stop,
                },
            };
        }
    }
}

fn refused(message: impl Into<Cow<'static, str>>, line: u32, column: u32) -> Failure {
    Failure { code: Code::NotYet, message: message.into(), hint: None, line, column }
}

/// A compiled function that is run operation by operation, as [`Operations`].
#[derive(Clone, Debug)]
pub struct ByOperations<F> {
    function: F,
    operations: Operations,
}

impl<F: Function + Program> ByOperations<F> {
    pub(super) fn new(function: F) -> Result<Self, Failure> {
        Ok(Self { function, operations: Operations::new(&function)? })
    }

    /// Its operations.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// As [`Operations::budget`].
    #[must_use]
    pub fn budget(self, operations: usize) -> Self {
        Self { operations: self.operations.budget(operations), ..self }
    }

    /// As [`Operations::describe`].
    pub fn describe(&self) -> Described {
        self.operations.describe()
    }

    /// The function elementwise over tensors, with the arguments and the result of [`Tensors::forward`](super::Tensors::forward).
    ///
    /// # Errors
    /// As there; and if the run takes more operations than it may.
    #[expect(clippy::type_complexity, reason = "a tensor of the results' shape and the arguments' tape")]
    pub fn forward<E, D, A>(
        &self,
        arguments: A,
    ) -> Result<Tensor<Batch<F::Out, A::Batch>, E, D, A::Joined>, TensorError<D::Err>>
    where
        E: Element + Dtype,
        D: Backend<E>,
        A: Argument<F::In, E, D, (), NoneTape, Batch: Append<<F::Out as Outcome>::Shape>>,
    {
        let mut gather = Gather::default();
        let batch = arguments.gather((), &mut gather)?;
        let (rows, shape) = (batch.num_elements(), batch.append());
        if shape.num_elements() == 0 {
            return Err(TensorError::Empty);
        }
        let Gather { device, inputs, tape, .. } = gather;
        let device = device.ok_or(TensorError::NoTensor)?;
        let tape = A::Joined::OWNS_TAPE.then(|| tape.unwrap_or_default());
        let mut recorder = Recorder::new(device.clone(), tape);
        let results = match self.operations.run(&mut recorder, &inputs, rows) {
            Ok(results) => results,
            Err(error) => return Err(self.placed(error, &device, &inputs)),
        };
        // One for each number that a row gives, as the type says.
        let together = recorder.side_by_side(&results, rows);
        let result = together.and_then(|all| all.try_reshape_like(&shape)).map_err(TensorError::Device)?;
        Ok(result.put_tape(A::Joined::from_owned(recorder.into_tape())))
    }

    /// The program's failure with its place, which the compiled function tells when it is called on that row.
    fn placed<E, D>(
        &self,
        error: TensorError<D::Err>,
        device: &D,
        inputs: &Places<E, D>,
    ) -> TensorError<D::Err>
    where
        E: Element + Dtype,
        D: Backend<E>,
    {
        let TensorError::Failed { row, failure } = error else { return error };
        // A run that does not end would not end here either.
        if failure.code.family() == Family::Budget {
            return TensorError::Failed { row, failure };
        }
        let numbers = <F::Out as Outcome>::Shape::LEN;
        let mut place = |row, failure| Err(TensorError::Failed { row, failure });
        match host::forward(device, self.function, &inputs.row(row), (numbers,), false, &mut place) {
            Err(TensorError::Failed { failure, .. }) => TensorError::Failed { row, failure },
            Ok(_) => TensorError::Failed { row, failure },
            Err(error) => error,
        }
    }
}
