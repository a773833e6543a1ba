//! Programs from strings over rows.

use super::{
    CallError, StringProgram,
    groups::{Group, Table},
    names::Role,
};
use crate::{
    answer::Answer,
    blocks::{self, Column},
};
use scheme_core::diag::{Code, Diagnostic};

/// What there is to tell of rows: the groups, and those that the evaluator ran.
struct Ran {
    rows: usize,
    groups: Vec<Group>,
    /// Of each input that derivatives are taken by, which column of the gradient is its.
    by: Vec<usize>,
    /// The row, its value, and its gradient.
    others: Vec<(usize, Answer, Vec<f64>)>,
}

impl StringProgram {
    /// Its values over rows: `columns` have a number for each row, `constants` are the same in every row. Each row
    /// is to the bit what a single call gives.
    ///
    /// Rows that take the same path through the program are run together, in blocks of vector instructions and on all
    /// processors; interpretation is paid once for each path.
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
    /// Columns of different lengths, and those of the first row that fails.
    pub fn vmap(
        &self,
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<Vec<Answer>, CallError> {
        let ran = self.over_rows(None, columns, constants)?;
        let mut answers = vec![Answer::Unspecified; ran.rows];
        for group in &ran.groups {
            for (position, row) in group.positions() {
                let numbers: Vec<f64> = group.columns.iter().map(|column| column[position]).collect();
                answers[row] = group.path.answer(&numbers);
            }
        }
        for (row, answer, _) in ran.others {
            answers[row] = answer;
        }
        Ok(answers)
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
        let (values, gradient) = self.value_and_grad_columns(by, columns, constants)?;
        let row = |(row, value)| (value, gradient.iter().map(|column| column[row]).collect());
        Ok(values.into_iter().enumerate().map(row).collect())
    }

    /// The same by column: the values, and for each input named the derivatives by it.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* k x x)")?;
    /// let columns = f.value_and_grad_columns(&["k", "x"], &[("x", &[1.0, 2.0])], &[("k", 10.0)])?;
    /// assert_eq!(columns, (vec![10.0, 40.0], vec![vec![1.0, 4.0], vec![20.0, 40.0]]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`vmap_value_and_grad`](Self::vmap_value_and_grad).
    pub fn value_and_grad_columns(
        &self,
        by: &[&str],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<(Vec<f64>, Vec<Vec<f64>>), CallError> {
        let Ran { rows, mut groups, by, others } = self.over_rows(Some(by), columns, constants)?;
        let mut all = match (&groups[..], &others[..]) {
            ([Group { rows: None, .. }], []) => groups.remove(0).columns,
            _ => {
                let width = 1 + by.iter().map(|column| column + 1).max().unwrap_or(0);
                let mut all = vec![vec![f64::NAN; rows]; width];
                for group in &groups {
                    for (position, row) in group.positions() {
                        all.iter_mut().zip(&group.columns).for_each(|(to, from)| to[row] = from[position]);
                    }
                }
                for (row, answer, gradient) in others {
                    let numbers = answer.number().into_iter().chain(gradient);
                    all.iter_mut().zip(numbers).for_each(|(column, x)| column[row] = x);
                }
                all
            }
        };
        let gradient = all.split_off(1.min(all.len()));
        let values = all.pop().unwrap_or_default();
        if by.iter().copied().eq(0..gradient.len()) {
            return Ok((values, gradient));
        }
        Ok((values, by.iter().map(|column| gradient.get(*column).cloned().unwrap_or_default()).collect()))
    }

    /// The sum of its values over rows, and the gradient of the sum by the inputs named: a loss, where each row has its
    /// own, of parameters that rows share. What depends on these alone is computed once. The sums are those of
    /// [`blocks::sum`], whatever the paths of rows and the number of processors.
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
    pub fn sum_value_and_grad(
        &self,
        by: &[&str],
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<(f64, Vec<f64>), CallError> {
        let (values, gradient) = self.value_and_grad_columns(by, columns, constants)?;
        Ok((blocks::sum(&values), gradient.iter().map(|column| blocks::sum(column)).collect()))
    }

    /// Runs the rows, with the gradient by inputs, if it is asked for.
    fn over_rows(
        &self,
        by: Option<&[&str]>,
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<Ran, CallError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        if let Some((name, column)) = columns.iter().find(|(_, column)| column.len() != rows) {
            let first = columns.first().map_or("", |(name, _)| name);
            let message =
                format!("the column `{first}` has {rows} rows, but the column `{name}` has {}", column.len());
            return Err(self.error(Diagnostic::new(Code::Shape, self.whole(), message)));
        }
        let at = |row: usize| {
            let row = columns.iter().map(|(name, column)| (*name, column.get(row).copied().unwrap_or(0.0)));
            row.chain(constants.iter().copied()).map(|(name, x)| (name, Answer::from(x))).collect::<Vec<_>>()
        };
        let first = at(0);
        // What is wrong with the names is no fault of a row, nor of there being rows.
        let given = self.given(&first, by.unwrap_or_default())?;
        if rows == 0 {
            return Ok(Ran {
                rows,
                groups: Vec::new(),
                by: vec![0; by.unwrap_or_default().len()],
                others: Vec::new(),
            });
        }
        let (x, wrt) = self.numbers(&given);
        let mut table = Table { rows, columns: x.iter().map(|x| Column::All(*x)).collect() };
        for (name, column) in columns {
            let place = match self.names.role(name) {
                Some(Role::Input(place)) => place,
                Some(Role::Param(place)) => self.inputs.len() + place,
                None => continue,
            };
            table.columns[place] = Column::Each(column);
        }
        let (groups, left) = match self.traces.form(&given) {
            Some(form) => self.groups(&form, &table, by.map(|_| &wrt[..]), |row| {
                let here = at(row);
                let given = self.given(&here, &[])?;
                self.recorded(&given, &table.row(row))
            }),
            None => (Vec::new(), (0..rows).collect()),
        };
        let alone = |row: usize| {
            let here = at(row);
            let given = self.given(&here, by.unwrap_or_default())?;
            if by.is_none() {
                return Ok((row, self.interpreted(&given)?, Vec::new()));
            }
            let (value, orders) = self.interpreted_partials(&given, 1)?;
            Ok((row, value.into(), orders.into_iter().nth(1).unwrap_or_default()))
        };
        let others = left.into_iter().map(|row| alone(row).map_err(|error: CallError| error.in_row(row + 1)));
        let others = others.collect::<Result<_, _>>()?;
        Ok(Ran { rows, groups, by: given.by.iter().map(|input| input.first).collect(), others })
    }
}
