//! Programs from strings over rows.

use super::{CallError, StringProgram};
use crate::answer::Answer;
use scheme_core::diag::{Code, Diagnostic};

impl StringProgram {
    /// Its values over rows: `columns` have a number for each row, `constants` are the same in every row. Each row
    /// is to the bit what a single call gives.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(if (> x 0) (* k x) 0)")?;
    /// let values = f.vmap(&[("x", &[-1.0, 2.0, 3.0])], &[("k", 10.0)])?;
    /// assert_eq!(values, [0.0.into(), 20.0.into(), 30.0.into()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Columns of different lengths, inputs that have no value or several, names that are no inputs, and the error
    /// of the first row that fails.
    pub fn vmap(
        &self,
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<Vec<Answer>, CallError> {
        self.over_rows(&[], columns, constants, |inputs| self.call_with(inputs))
    }

    /// Its values, which are numbers, and the derivatives of each by the inputs named, over rows as in
    /// [`vmap`](Self::vmap).
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* k x x)")?;
    /// let rows = f.vmap_value_and_grad(&["k"], &[("x", &[1.0, 2.0])], &[("k", 10.0)])?;
    /// assert_eq!(rows, [(10.0, vec![1.0]), (40.0, vec![4.0])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`vmap`](Self::vmap) and [`value_and_grad`](Self::value_and_grad).
    pub fn vmap_value_and_grad(
        &self,
        by: &[&str],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<Vec<(f64, Vec<f64>)>, CallError> {
        self.over_rows(by, columns, constants, |inputs| {
            let (value, gradient) = self.value_and_grad_with(by, inputs)?;
            Ok((value, gradient.iter().filter_map(Answer::number).collect()))
        })
    }

    fn over_rows<R>(
        &self,
        by: &[&str],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
        row: impl Fn(&[(&str, Answer)]) -> Result<R, CallError>,
    ) -> Result<Vec<R>, CallError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        if let Some((name, column)) = columns.iter().find(|(_, column)| column.len() != rows) {
            let first = columns.first().map_or("", |(name, _)| name);
            let message =
                format!("the column `{first}` has {rows} rows, but the column `{name}` has {}", column.len());
            return Err(self.error(Diagnostic::new(Code::Shape, self.whole(), message)));
        }
        let inputs = |row: usize| -> Vec<(&str, Answer)> {
            let row = columns.iter().map(|(name, column)| (*name, column.get(row).copied().unwrap_or(0.0)));
            row.chain(constants.iter().copied()).map(|(name, x)| (name, x.into())).collect()
        };
        // What is wrong with the names is no fault of a row, nor of there being rows.
        self.given(&inputs(0), by)?;
        (0..rows).map(|i| row(&inputs(i)).map_err(|error| error.in_row(i + 1))).collect()
    }
}
