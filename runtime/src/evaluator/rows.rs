//! Programs from strings over rows.

use super::{CallError, StringProgram, names::Role};
use crate::{
    answer::Answer,
    blocks::{Column, Number, Output},
    paths::{
        Form,
        groups::{Group, Table, Waiting},
    },
};
use scheme_core::diag::{Code, Diagnostic};
use std::sync::Arc;

/// What is asked of rows.
pub(super) struct Asked<'a, S = f64> {
    pub(super) columns: &'a [(&'a str, &'a [S])],
    pub(super) constants: &'a [(&'a str, f64)],
    pub(super) table: Table<'a, S>,
    /// Which of the table's columns the gradient is taken by, if it is asked for.
    pub(super) wrt: Option<Vec<usize>>,
    /// Of each input that derivatives are taken by, which column of the gradient is its.
    pub(super) order: Vec<usize>,
    pub(super) form: Option<Arc<Form>>,
}

impl<S> Asked<'_, S> {
    /// How many columns the gradient has.
    pub(super) fn width(&self) -> usize {
        self.wrt.as_ref().map_or(0, Vec::len)
    }
}

/// What there is to tell of rows: the groups, and those that the evaluator ran.
pub(super) struct Ran<S = f64> {
    pub(super) groups: Vec<Group<S>>,
    /// The row, its value, and its gradient.
    pub(super) others: Vec<(usize, Answer, Vec<f64>)>,
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
        let asked = self.asked(None, columns, constants)?;
        let Ran { groups, others } = self.over_rows(&asked, &[], vec![Waiting::ALL])?;
        // By row, the group that has the last word, and where in it.
        let mut owners = vec![(usize::MAX, 0); asked.table.rows];
        for (owner, group) in groups.iter().enumerate() {
            let rows = group.rows(owners.len()).enumerate();
            rows.for_each(|(position, row)| owners[row] = (owner, position));
        }
        let mut numbers = Vec::new();
        let answer = |(owner, position): (usize, usize)| match groups.get(owner) {
            Some(group) => {
                numbers.clear();
                numbers.extend(group.columns.iter().map(|column| column[position]));
                group.path.answer(&numbers)
            }
            None => Answer::Unspecified,
        };
        let mut answers: Vec<Answer> = owners.into_iter().map(answer).collect();
        for (row, answer, _) in others {
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
        self.partials(&asked, |left| self.over_rows(&asked, by, left))
    }

    /// The same into slices of the caller's, one for the values and one for each input named: nothing of the size of the
    /// rows is allocated where few short paths serve all of them. What an error leaves there is unspecified.
    ///
    /// Columns and slices are of `f64` or `f32`. A program in [single precision](super::Interpreter::single_precision) computes in
    /// the latter as they are; the results of another are rounded to them.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(* k x x)")?;
    /// let (mut values, mut by_x) = ([0.0; 2], [0.0; 2]);
    /// f.value_and_grad_into(&["x"], &[("x", &[1.0, 2.0])], &[("k", 10.0)], &mut values, &mut [&mut by_x])?;
    /// assert_eq!((values, by_x), ([10.0, 40.0], [20.0, 40.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`vmap_value_and_grad`](Self::vmap_value_and_grad), and slices that are not as many, or as long.
    pub fn value_and_grad_into<S: Number>(
        &self,
        by: &[&str],
        columns: &[(&str, &[S])],
        constants: &[(&str, f64)],
        values: &mut [S],
        gradient: &mut [&mut [S]],
    ) -> Result<(), CallError> {
        if !self.computes_in::<S>() {
            let columns = Widened::of(columns);
            let (wide, slopes) = self.value_and_grad_columns(by, &columns.borrowed(), constants)?;
            self.check_outputs(wide.len(), by, values, gradient)?;
            round(&wide, values);
            slopes.iter().zip(gradient).for_each(|(from, to)| round(from, to));
            return Ok(());
        }
        let asked = self.asked(Some(by), columns, constants)?;
        self.check_outputs(asked.table.rows, by, values, gradient)?;
        self.partials_into(&asked, values, gradient, |left| self.over_rows(&asked, by, left))
    }

    /// Whether columns of such numbers are what its code for rows takes: `f32` where it computes in single precision, and doubles always.
    pub(super) fn computes_in<S: Number>(&self) -> bool {
        self.interpreter.single || size_of::<S>() == size_of::<f64>()
    }

    /// Whether there is a slice of so many rows for the values, and one for the derivatives by each input.
    fn check_outputs<S>(
        &self,
        rows: usize,
        by: &[&str],
        values: &[S],
        gradient: &[&mut [S]],
    ) -> Result<(), CallError> {
        let fits = values.len() == rows && gradient.iter().all(|column| column.len() == rows);
        if !fits || gradient.len() != by.len() {
            let given: Vec<usize> = gradient.iter().map(|column| column.len()).collect();
            let (by, values) = (by.len(), values.len());
            let message = format!(
                "values and {by} derivatives over {rows} rows need slices of that length, but those given have {values} and {given:?}"
            );
            return Err(self.error(Diagnostic::new(Code::Shape, self.whole(), message)));
        }
        Ok(())
    }

    /// Values, and derivatives by each input named, in memory of their own; `rest` as of [`partials_into`](Self::partials_into).
    pub(super) fn partials<S: Number>(
        &self,
        asked: &Asked<'_, S>,
        rest: impl FnOnce(Vec<Waiting>) -> Result<Ran<S>, CallError>,
    ) -> Result<(Vec<S>, Vec<Vec<S>>), CallError> {
        let zeros = vec![S::lit(0.0); asked.table.rows];
        let (mut values, mut gradient) = (zeros.clone(), vec![zeros; asked.order.len()]);
        let mut to: Vec<&mut [S]> = gradient.iter_mut().map(|column| &mut column[..]).collect();
        self.partials_into(asked, &mut values, &mut to, rest)?;
        Ok((values, gradient))
    }

    /// Values and derivatives into slices that fit; `rest` runs the rows that straight code does not serve.
    fn partials_into<S: Number>(
        &self,
        asked: &Asked<'_, S>,
        values: &mut [S],
        gradient: &mut [&mut [S]],
        rest: impl FnOnce(Vec<Waiting>) -> Result<Ran<S>, CallError>,
    ) -> Result<(), CallError> {
        let rows = asked.table.rows;
        let distinct = asked.order.iter().copied().eq(0..asked.width());
        let mut left = vec![Waiting::ALL];
        if let Some(form) = asked.form.as_ref().filter(|_| distinct) {
            let outputs = gradient.iter_mut().map(|column| Output::Each(column));
            let outputs = std::iter::once(Output::Each(&mut *values)).chain(outputs).collect();
            left = form
                .straight(&self.interpreter.limits, &asked.table, asked.wrt.as_deref(), outputs)
                .unwrap_or(left);
        }
        if left.is_empty() {
            return Ok(());
        }
        let Ran { groups, others } = rest(left)?;
        for group in &groups {
            let Some((value, slopes)) = group.columns.split_first() else { continue };
            group.rows(rows).zip(value).for_each(|(row, x)| values[row] = *x);
            for (to, from) in gradient.iter_mut().zip(&asked.order) {
                group.rows(rows).zip(&slopes[*from]).for_each(|(row, x)| to[row] = *x);
            }
        }
        for (row, value, slopes) in others {
            values[row] = S::lit(value.number().unwrap_or(f64::NAN));
            for (to, from) in gradient.iter_mut().zip(&asked.order) {
                to[row] = S::lit(slopes.get(*from).copied().unwrap_or(0.0));
            }
        }
        Ok(())
    }

    /// What is asked of rows.
    pub(super) fn asked<'a, S: Number>(
        &self,
        by: Option<&[&str]>,
        columns: &'a [(&'a str, &'a [S])],
        constants: &'a [(&'a str, f64)],
    ) -> Result<Asked<'a, S>, CallError> {
        if columns.is_empty() {
            let message = "there is no column to tell how many rows there are".to_string();
            let finding = Diagnostic::new(Code::Shape, self.whole(), message);
            return Err(self.error(
                finding.hint("one input at least is a column; for a single point, call the program"),
            ));
        }
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
        let mut table =
            Table { rows, columns: x.iter().map(|x| Column::All(S::lit(*x))).collect(), single, threads: 0 };
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
            form: (rows > 0).then(|| self.traces.form(&given, &self.interpreter.limits)),
        })
    }

    /// Runs rows on their way, with the gradient by inputs, if it is asked for.
    pub(super) fn over_rows<S: Number>(
        &self,
        asked: &Asked<'_, S>,
        by: &[&str],
        waiting: Vec<Waiting>,
    ) -> Result<Ran<S>, CallError> {
        let (groups, left) = self.on_paths(asked, waiting);
        let others = in_waves(left, |at| {
            let (value, slopes) = self.alone(asked, by, at).map_err(|error| error.of("row", at))?;
            Ok((at, value, slopes))
        })?;
        Ok(Ran { groups, others })
    }

    /// Runs rows on their way along paths; the others are left to the evaluator.
    pub(super) fn on_paths<S: Number>(
        &self,
        asked: &Asked<'_, S>,
        waiting: Vec<Waiting>,
    ) -> (Vec<Group<S>>, Vec<usize>) {
        let Asked { columns, constants, table, wrt, form, .. } = asked;
        match form {
            Some(form) => form.groups(&self.interpreter.limits, table, wrt.as_deref(), waiting, |at, _| {
                let here = row(columns, constants, at);
                let given = self.given(&here, &[])?;
                self.recorded(&given, &table.row(at))
            }),
            None => (Vec::new(), (0..table.rows).collect()),
        }
    }

    /// The value of a row, and its gradient by inputs, if it is asked for, by the evaluator.
    pub(super) fn alone<S: Number>(
        &self,
        asked: &Asked<'_, S>,
        by: &[&str],
        at: usize,
    ) -> Result<(Answer, Vec<f64>), CallError> {
        let here = row(asked.columns, asked.constants, at);
        let given = self.given(&here, by)?;
        if asked.wrt.is_none() {
            return Ok((self.interpreted(&given)?, Vec::new()));
        }
        let (value, orders) = self.interpreted_partials(&given, 1)?;
        Ok((value.into(), orders.into_iter().nth(1).unwrap_or_default()))
    }
}

/// How many rows the evaluator runs before it looks whether one failed.
#[cfg(feature = "threads")]
const WAVE: usize = 256;

/// What runs of single rows give, in order, on all processors if they are many; or the error of the first that fails.
#[cfg(feature = "threads")]
pub(super) fn in_waves<T: Send>(
    rows: Vec<usize>,
    run: impl Fn(usize) -> Result<T, CallError> + Sync,
) -> Result<Vec<T>, CallError> {
    use rayon::prelude::*;
    // The first few tell whether rows fail at once, as all do where one does; a thread is worth some of them.
    const FEW: usize = 8;
    let (few, many) = rows.split_at(rows.len().min(FEW));
    let mut all = few.iter().map(|row| run(*row)).collect::<Result<Vec<T>, _>>()?;
    for wave in many.chunks(WAVE) {
        let ran: Vec<Result<T, CallError>> = wave.par_iter().map(|row| run(*row)).collect();
        for result in ran {
            all.push(result?);
        }
    }
    Ok(all)
}

/// What runs of single rows give, in order; or the error of the first that fails.
#[cfg(not(feature = "threads"))]
pub(super) fn in_waves<T>(
    rows: Vec<usize>,
    run: impl Fn(usize) -> Result<T, CallError>,
) -> Result<Vec<T>, CallError> {
    rows.into_iter().map(run).collect()
}

/// The inputs of one row.
pub(super) fn row<'a, S: Number>(
    columns: &[(&'a str, &[S])],
    constants: &[(&'a str, f64)],
    at: usize,
) -> Vec<(&'a str, Answer)> {
    let here = columns.iter().map(|(name, column)| (*name, column.get(at).map_or(0.0, |x| (*x).into())));
    here.chain(constants.iter().copied()).map(|(name, x)| (name, Answer::from(x))).collect()
}

/// Columns as doubles.
pub(super) struct Widened<'a>(Vec<(&'a str, Vec<f64>)>);

impl<'a> Widened<'a> {
    pub(super) fn of<S: Number>(columns: &[(&'a str, &[S])]) -> Self {
        let wide = |column: &[S]| column.iter().map(|x| (*x).into()).collect();
        Self(columns.iter().map(|(name, column)| (*name, wide(column))).collect())
    }

    pub(super) fn borrowed(&self) -> Vec<(&str, &[f64])> {
        self.0.iter().map(|(name, column)| (*name, &column[..])).collect()
    }
}

fn round<S: Number>(from: &[f64], to: &mut [S]) {
    to.iter_mut().zip(from).for_each(|(to, x)| *to = S::lit(*x));
}
