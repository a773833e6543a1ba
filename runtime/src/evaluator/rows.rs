//! Programs from strings over rows.

use super::{
    CallError, StringProgram,
    groups::{Group, Table},
    names::Role,
    replays::Form,
};
use crate::{answer::Answer, blocks::Column};
use scheme_core::diag::{Code, Diagnostic};
use std::sync::Arc;

/// What is asked of rows.
pub(super) struct Asked<'a> {
    columns: &'a [(&'a str, &'a [f64])],
    constants: &'a [(&'a str, f64)],
    pub(super) table: Table<'a>,
    /// Which of the table's columns the gradient is taken by, if it is asked for.
    pub(super) wrt: Option<Vec<usize>>,
    /// Of each input that derivatives are taken by, which column of the gradient is its.
    pub(super) order: Vec<usize>,
    pub(super) form: Option<Arc<Form>>,
}

/// What there is to tell of rows: the groups, and those that the evaluator ran.
struct Ran {
    rows: usize,
    groups: Vec<Group>,
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
        let ran = self.over_rows(&self.asked(None, columns, constants)?, &[])?;
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
        let asked = self.asked(Some(by), columns, constants)?;
        let Ran { rows, mut groups, others } = self.over_rows(&asked, by)?;
        let order = asked.order;
        let mut all = match (&groups[..], &others[..]) {
            ([Group { rows: None, .. }], []) => groups.remove(0).columns,
            _ => {
                let width = 1 + order.iter().map(|column| column + 1).max().unwrap_or(0);
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
        if order.iter().copied().eq(0..gradient.len()) {
            return Ok((values, gradient));
        }
        Ok((values, order.iter().map(|column| gradient.get(*column).cloned().unwrap_or_default()).collect()))
    }

    /// What is asked of rows.
    pub(super) fn asked<'a>(
        &self,
        by: Option<&[&str]>,
        columns: &'a [(&'a str, &'a [f64])],
        constants: &'a [(&'a str, f64)],
    ) -> Result<Asked<'a>, CallError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        if let Some((name, column)) = columns.iter().find(|(_, column)| column.len() != rows) {
            let first = columns.first().map_or("", |(name, _)| name);
            let message =
                format!("the column `{first}` has {rows} rows, but the column `{name}` has {}", column.len());
            return Err(self.error(Diagnostic::new(Code::Shape, self.whole(), message)));
        }
        // What is wrong with the names is no fault of a row, nor of there being rows.
        let first = row(columns, constants, 0);
        let given = self.given(&first, by.unwrap_or_default())?;
        let (x, wrt) = self.numbers(&given);
        let single = self.interpreter.single;
        let mut table = Table { rows, columns: x.iter().map(|x| Column::All(*x)).collect(), single };
        for (name, column) in columns {
            let place = match self.names.role(name) {
                Some(Role::Input(place)) => place,
                Some(Role::Param(place)) => self.inputs.len() + place,
                None => continue,
            };
            table.columns[place] = Column::Each(column);
        }
        Ok(Asked {
            columns,
            constants,
            table,
            wrt: by.map(|_| wrt),
            order: given.by.iter().map(|input| input.first).collect(),
            form: self.traces.form(&given).filter(|_| rows > 0),
        })
    }

    /// Runs the rows, with the gradient by inputs, if it is asked for.
    fn over_rows(&self, asked: &Asked<'_>, by: &[&str]) -> Result<Ran, CallError> {
        let Asked { columns, constants, table, wrt, form, .. } = asked;
        let (groups, left) = match form {
            Some(form) => self.groups(form, table, wrt.as_deref(), |at| {
                let here = row(columns, constants, at);
                let given = self.given(&here, &[])?;
                self.recorded(&given, &table.row(at))
            }),
            None => (Vec::new(), (0..table.rows).collect()),
        };
        let alone = |at: usize| {
            let here = row(columns, constants, at);
            let given = self.given(&here, by)?;
            if wrt.is_none() {
                return Ok((at, self.interpreted(&given)?, Vec::new()));
            }
            let (value, orders) = self.interpreted_partials(&given, 1)?;
            Ok((at, value.into(), orders.into_iter().nth(1).unwrap_or_default()))
        };
        let others = left.into_iter().map(|at| alone(at).map_err(|error: CallError| error.in_row(at + 1)));
        let others = others.collect::<Result<_, _>>()?;
        Ok(Ran { rows: table.rows, groups, others })
    }
}

/// The inputs of one row.
fn row<'a>(columns: &[(&'a str, &[f64])], constants: &[(&'a str, f64)], at: usize) -> Vec<(&'a str, Answer)> {
    let here = columns.iter().map(|(name, column)| (*name, column.get(at).copied().unwrap_or(0.0)));
    here.chain(constants.iter().copied()).map(|(name, x)| (name, Answer::from(x))).collect()
}
