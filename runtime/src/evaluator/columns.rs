//! Rows as columns of numbers, for who runs the paths that they take elsewhere: on a device.
//!
//! Inputs are checked as those of [`vmap`](StringProgram::vmap), whatever is known of paths, and a path is given only
//! where the evaluator would come through within the limits.

use super::{
    CallError, StringProgram,
    rows::{Asked, row},
};
use crate::{
    blocks::Column,
    paths::{Unfit, Work},
};
use scheme_core::trace::Record;

/// Rows, their inputs checked, and what derivatives are taken by.
pub(crate) struct Columns<'a> {
    program: &'a StringProgram,
    asked: Asked<'a>,
}

impl StringProgram {
    /// Rows for values with derivatives by the inputs named.
    ///
    /// # Errors
    /// Those of [`value_and_grad_columns`](Self::value_and_grad_columns) that no row has to run for.
    pub(crate) fn in_columns<'a>(
        &'a self,
        by: &[&str],
        columns: &'a [(&'a str, &'a [f64])],
        constants: &'a [(&'a str, f64)],
    ) -> Result<Columns<'a>, CallError> {
        Ok(Columns { program: self, asked: self.asked(Some(by), columns, constants)? })
    }
}

impl Columns<'_> {
    pub(crate) fn rows(&self) -> usize {
        self.asked.table.rows
    }

    /// The inputs of records, not yet rounded to the program's precision.
    pub(crate) fn inputs(&self) -> &[Column<'_, f64>] {
        &self.asked.table.columns
    }

    /// The inputs of records that derivatives are taken by, each once.
    pub(crate) fn wrt(&self) -> &[usize] {
        self.asked.wrt.as_deref().unwrap_or_default()
    }

    /// Of each input named, which of those it is.
    pub(crate) fn order(&self) -> &[usize] {
        &self.asked.order
    }

    /// The record of a row; or why the evaluator has to run the row and all that go its way.
    pub(crate) fn record(&self, at: usize) -> Result<Record, String> {
        let Asked { columns, constants, table, .. } = &self.asked;
        let (program, here) = (self.program, row(columns, constants, at));
        let recorded = program.given(&here, &[]).and_then(|given| program.recorded(&given, &table.row(at)));
        let path = match recorded {
            Ok(Ok(path)) => path,
            Ok(Err(Unfit::Long | Unfit::Heavy)) => return Err("a run's trace is too long".to_string()),
            Ok(Err(Unfit::Formless)) => return Err("the value is no number".to_string()),
            // What the row fails with is the evaluator's to say.
            Err(error) => return Err(error.message.clone()),
        };
        if !path.gives_a_number() {
            return Err("the value is no number".to_string());
        }
        if !path.is_within(&program.interpreter.limits, Work::ONCE) {
            return Err("a run may exceed the interpreter's limits".to_string());
        }
        path.into_record().ok_or_else(|| "a run's trace is too long".to_string())
    }
}
