//! Rows of numbers that wait to be run together.
//!
//! Rows run together are run in blocks, and each gives to the bit what it gives alone. One that fails stops the others, so
//! that all have to be run again one by one: a chunk grows while its rows succeed and are quick, and shrinks, down to
//! one row, where they fail or take long. What the rows give does not depend on it.

use super::cell;
use crate::inputs::Values;
use scheme_core::reader::number_text;
use scheme_runtime::{Answer, StringProgram};
use std::time::Duration;

/// The most rows that wait.
const MOST: usize = 4096;
/// The fewest that are run together: where so few succeed in a row, it would mostly be in vain.
const LEAST: usize = 16;
/// What a chunk may take and still grow.
const QUICK: Duration = Duration::from_millis(100);

/// Rows that wait.
pub(super) struct Chunk<'a> {
    /// What is the same in every row.
    set: &'a Values,
    /// The same as numbers; nothing if it is none, or if rows must not wait.
    constants: Option<Vec<(&'a str, f64)>>,
    columns: Vec<(&'a str, Vec<f64>)>,
    /// The number of the first row, how many there are, and how many there may be.
    first: u64,
    len: usize,
    size: usize,
}

impl<'a> Chunk<'a> {
    /// No rows yet; unless they may wait, there will be none.
    pub(super) fn new(names: impl Iterator<Item = &'a str>, set: &'a Values, may_wait: bool) -> Self {
        let columns: Vec<_> = names.map(|name| (name, Vec::new())).collect();
        let number = |(name, x): (&'a String, &Answer)| x.number().map(|x| (name.as_str(), x));
        let constants = set.iter().map(number).collect();
        let may_wait = may_wait && !columns.is_empty();
        Self { set, constants: if may_wait { constants } else { None }, columns, first: 0, len: 0, size: 1 }
    }

    /// Adds a row; false, and nothing is added, unless it is of numbers and rows may wait.
    pub(super) fn push(&mut self, number: u64, values: &Values) -> bool {
        let numbers = self.columns.iter().map(|(name, _)| values.get(*name).and_then(Answer::number));
        let Some(numbers) = self.constants.as_ref().and_then(|_| numbers.collect::<Option<Vec<f64>>>())
        else {
            return false;
        };
        if self.len == 0 {
            self.first = number;
        }
        self.columns.iter_mut().zip(numbers).for_each(|((_, column), x)| column.push(x));
        self.len += 1;
        true
    }

    pub(super) fn is_full(&self) -> bool {
        self.len >= self.size
    }

    /// How many rows wait.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The cells of each row, with the gradient if it is asked for; nothing if some row fails, or if they are few.
    pub(super) fn run(&self, program: &StringProgram, by: Option<&[&str]>) -> Option<Vec<Vec<String>>> {
        let constants = self.constants.as_ref().filter(|_| self.len >= LEAST)?;
        let columns: Vec<(&str, &[f64])> = self.columns.iter().map(|(name, x)| (*name, &x[..])).collect();
        let Some(by) = by else {
            let values = program.vmap(&columns, constants).ok()?;
            return Some(values.iter().map(|value| vec![cell(value)]).collect());
        };
        let (values, gradient) = program.value_and_grad_columns(by, &columns, constants).ok()?;
        let mut rows: Vec<Vec<String>> = values.into_iter().map(|value| vec![number_text(value)]).collect();
        for column in gradient {
            rows.iter_mut().zip(column).for_each(|(row, x)| row.push(number_text(x)));
        }
        Some(rows)
    }

    /// The rows with their numbers, each with all its values.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, Values)> {
        (self.first..).zip(0..self.len).map(|(number, at)| {
            let mut values = self.set.clone();
            let cells = self.columns.iter().filter_map(|(name, column)| Some((*name, *column.get(at)?)));
            values.extend(cells.map(|(name, x)| (name.to_string(), Answer::Number(x))));
            (number, values)
        })
    }

    /// Takes the rows away, after it is known whether all succeeded and how long they took.
    pub(super) fn done(&mut self, well: bool, took: Duration) {
        self.size = if well && took < QUICK { (2 * self.size).min(MOST) } else { (self.size / 2).max(1) };
        self.columns.iter_mut().for_each(|(_, column)| column.clear());
        self.len = 0;
    }
}
