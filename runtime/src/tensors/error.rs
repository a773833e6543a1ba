//! Why a function on tensors gave no result.

use crate::{
    evaluator::{CallError, RowFailure},
    outcome::Failure,
    vmap::RowsError,
};
use std::fmt;

/// Why a function on tensors gave no result; `Err` is the device's own error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TensorError<Err = dfdx::tensor::CpuError> {
    /// Two batches differ in a dimension.
    Shapes {
        /// The first number of the argument that differs, counted through all inputs: here from 0, in messages from 1.
        input: usize,
        /// The size of the dimension in the batches before it.
        expected: usize,
        /// Its size.
        found: usize,
    },
    /// A batch has no rows, which dfdx does not compute with.
    Empty,
    /// No argument is a tensor.
    NoTensor,
    /// There are not as many arguments as parameters.
    Arguments {
        /// How many parameters there are.
        expected: usize,
        /// How many arguments.
        found: usize,
    },
    /// The program failed.
    Failed {
        /// The first row that it failed in.
        row: usize,
        /// Why.
        failure: Failure,
    },
    /// A program from a string does not fit its layer: other names of inputs, or a value of another form.
    Program(CallError),
    /// A program from a string failed in a row.
    Row(RowFailure),
    /// The device failed.
    Device(Err),
}

/// A row that a compiled program has no value in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FailedRow {
    /// Which, counted from 0.
    pub row: usize,
    /// Why.
    pub failure: Failure,
}

impl fmt::Display for FailedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in row {}: {}", self.row + 1, self.failure)
    }
}

impl std::error::Error for FailedRow {}

impl<Err> TensorError<Err> {
    /// From the loop over rows, which has nothing else to complain of.
    pub(super) fn rows(error: RowsError) -> Self {
        match error {
            RowsError::Failed { row, failure } => Self::Failed { row, failure },
            RowsError::Columns { column, expected, found } => Self::Shapes { input: column, expected, found },
            RowsError::Outputs { expected, found } => Self::Shapes { input: 0, expected, found },
            RowsError::NoSlice => Self::NoTensor,
        }
    }
}

impl<Err: fmt::Display> fmt::Display for TensorError<Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shapes { input, expected, found } => {
                write!(
                    f,
                    "the batch given for input {} has size {found} where those before it have {expected}",
                    input + 1
                )
            }
            Self::Empty => f.write_str("the batch is empty"),
            Self::NoTensor => f.write_str("all arguments are numbers: at least one must be a tensor"),
            Self::Arguments { expected, found } => {
                write!(f, "{found} arguments are given for {expected} parameters")
            }
            Self::Failed { row, failure } => write!(f, "in row {}: {failure}", row + 1),
            Self::Program(error) => error.fmt(f),
            Self::Row(failure) => failure.fmt(f),
            Self::Device(error) => write!(f, "the device: {error}"),
        }
    }
}

impl<Err: fmt::Debug + fmt::Display> std::error::Error for TensorError<Err> {}
