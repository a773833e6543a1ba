//! What is wrong with rows. Fields count them from 0, as slices do; messages from 1, as people and the evaluator's errors.

use crate::outcome::Failure;
use std::{error, fmt};

/// Why a function over rows gave no results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowsError {
    /// A column has another length than those before it.
    Columns {
        /// Which column, counted from 0 through all inputs.
        column: usize,
        /// The rows of the columns before it.
        expected: usize,
        /// Its rows.
        found: usize,
    },
    /// All columns are numbers, so that the number of rows is unknown.
    NoSlice,
    /// An output has not one place for every row.
    Outputs {
        /// The rows of the columns.
        expected: usize,
        /// The places of the output.
        found: usize,
    },
    /// The program failed.
    Failed {
        /// The first row that it failed in, counted from 0.
        row: usize,
        /// Why.
        failure: Failure,
    },
}

impl fmt::Display for RowsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { column, expected, found } => {
                write!(f, "column {} has {found} rows, the columns before it have {expected}", column + 1)
            }
            Self::NoSlice => f.write_str("all columns are numbers: at least one must be a slice"),
            Self::Outputs { expected, found } => {
                write!(f, "an output has {found} places for the results of {expected} rows")
            }
            Self::Failed { row, failure } => write!(f, "in row {}: {failure}", row + 1),
        }
    }
}

impl error::Error for RowsError {}

/// Why a function over the rows of a population gave no results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberError {
    /// The first member that has none, counted from 0.
    pub member: usize,
    /// Why.
    pub error: RowsError,
}

impl fmt::Display for MemberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in member {}: {}", self.member + 1, self.error)
    }
}

impl error::Error for MemberError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.error)
    }
}
