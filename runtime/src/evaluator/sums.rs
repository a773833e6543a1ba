//! Sums over rows: losses with their gradients, of one choice of parameters or of a population of them.

use super::{CallError, StringProgram, rows::Widened};
use crate::blocks::{Number, Output, sum};

/// How many rows are run together of members that have few.
const TOGETHER: usize = 1 << 14;

/// With how many rows of its own a member is run alone.
const ALONE: usize = 1 << 6;

impl StringProgram {
    /// The sum of its values over rows, and the gradient of the sum by the inputs named: a loss, where each row has its
    /// own, of parameters that rows share. What depends on these alone is computed once. The sums are those of
    /// [`blocks::sum`](crate::blocks::sum), whatever the paths of rows and the number of processors. Columns are of `f64` or `f32`, as of
    /// [`value_and_grad_into`](Self::value_and_grad_into).
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let square = Interpreter::new().load("(square (- y (* k x)))")?;
    /// let data: [(&str, &[f64]); 2] = [("x", &[1.0, 2.0]), ("y", &[3.0, 5.0])];
    /// assert_eq!(square.sum_value_and_grad(&["k"], &data, &[("k", 2.0)])?, (2.0, vec![-6.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`vmap_value_and_grad`](Self::vmap_value_and_grad).
    pub fn sum_value_and_grad<S: Number>(
        &self,
        by: &[&str],
        columns: &[(&str, &[S])],
        constants: &[(&str, f64)],
    ) -> Result<(f64, Vec<f64>), CallError> {
        if !self.computes_in::<S>() {
            return self.sum_value_and_grad(by, &Widened::of(columns).borrowed(), constants);
        }
        let asked = self.asked(Some(by), columns, constants)?;
        if let Some(form) = &asked.form {
            let mut sums = vec![0.0; 1 + asked.width()];
            let outputs = sums.iter_mut().map(Output::Sum).collect();
            let left = form.straight(&self.interpreter.limits, &asked.table, asked.wrt.as_deref(), outputs);
            if left.is_some_and(|left| left.is_empty()) {
                return Ok((sums[0], asked.order.iter().map(|column| sums[1 + column]).collect()));
            }
        }
        let (values, gradient) = self.partials(&asked, |left| self.over_rows(&asked, by, left))?;
        Ok((sum(&values), gradient.iter().map(|column| sum(column)).collect()))
    }

    /// The same for each member of a population: `members` have a number for each, `columns` one for each row, and
    /// every member meets every row. Each has the bits of a [`sum_value_and_grad`](Self::sum_value_and_grad) of its own.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let square = Interpreter::new().load("(square (- y (* k x)))")?;
    /// let data: [(&str, &[f64]); 2] = [("x", &[1.0, 2.0]), ("y", &[3.0, 5.0])];
    /// let losses = square.sum_value_and_grad_each(&["k"], &[("k", &[2.0, 2.5])], &data, &[])?;
    /// assert_eq!(losses, [(2.0, vec![-6.0]), (0.25, vec![-1.0])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As of sums for one member after another: of the first that fails, which is named, counted from 1.
    pub fn sum_value_and_grad_each(
        &self,
        by: &[&str],
        members: &[(&str, &[f64])],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<Vec<(f64, Vec<f64>)>, CallError> {
        // Members are rows themselves: what is wrong with their columns is found before any runs.
        let known = members.iter().map(|(name, _)| (*name, 0.0));
        self.asked(Some(by), columns, &known.chain(constants.iter().copied()).collect::<Vec<_>>())?;
        let known = columns.iter().map(|(name, _)| (*name, 0.0));
        self.asked(Some(by), members, &known.chain(constants.iter().copied()).collect::<Vec<_>>())?;
        let count = members.first().map_or(0, |(_, column)| column.len());
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        let alone = |member: usize| {
            let own = members.iter().map(|(name, column)| (*name, column[member]));
            let constants: Vec<_> = own.chain(constants.iter().copied()).collect();
            let sums = self.sum_value_and_grad(by, columns, &constants);
            sums.map_err(|error: CallError| error.of("member", member))
        };
        if rows == 0 || rows >= ALONE {
            return (0..count).map(alone).collect();
        }
        let mut sums = Vec::with_capacity(count);
        while sums.len() < count {
            let some = sums.len()..count.min(sums.len() + TOGETHER / rows);
            match self.together(by, members, columns, constants, some.clone()) {
                Ok(together) => sums.extend(together),
                // The error is then that of a member's own row.
                Err(_) => sums.extend(some.map(alone).collect::<Result<Vec<_>, _>>()?),
            }
        }
        Ok(sums)
    }

    /// The sums of some members, whose rows are run as one table.
    fn together(
        &self,
        by: &[&str],
        members: &[(&str, &[f64])],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
        some: std::ops::Range<usize>,
    ) -> Result<Vec<(f64, Vec<f64>)>, CallError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        let own = members.iter().map(|(name, column)| {
            let each = column[some.clone()].iter().flat_map(|x| std::iter::repeat_n(*x, rows));
            (*name, each.collect::<Vec<f64>>())
        });
        let shared = columns.iter().map(|(name, column)| (*name, column.repeat(some.len())));
        let all: Vec<(&str, Vec<f64>)> = own.chain(shared).collect();
        let all: Vec<(&str, &[f64])> = all.iter().map(|(name, column)| (*name, &column[..])).collect();
        let (values, gradient) = self.value_and_grad_columns(by, &all, constants)?;
        let member = |at: usize| {
            let own = at * rows..(at + 1) * rows;
            let gradient = gradient.iter().map(|column| sum(&column[own.clone()])).collect();
            (sum(&values[own.clone()]), gradient)
        };
        Ok((0..some.len()).map(member).collect())
    }
}
