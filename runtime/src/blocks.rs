//! A trace over columns, in blocks of lanes.
//!
//! [`Blocks`] runs a [`Trace`] on many rows: what depends on *uniform* inputs alone, the same in every row, is computed
//! once by each thread; the rest step by step, one to four operations at a time, on a block of rows that stays in a cache, with the
//! widest vector instructions of the machine, on as many threads as are asked for. Columns are read, and results
//! written, in place, or rounded and widened block by block, and memory is kept from call to call. Every row has the bits of [`Trace::evaluate`], whatever the instructions and threads.
//!
//! Guards are checked in every row. What stands for a row that breaks one is unspecified, and [`Broken`] says which
//! those are. A result may be [summed](Output::Sum) over rows instead, in a tree that depends on the number of rows
//! alone; see [`sum`]. A gradient is a result as any other: [`Trace::with_gradient`].
//!
//! ```
//! use scheme_core::{prim::Numeric, trace::{Must, Slot, Trace}};
//! use scheme_runtime::blocks::{Blocks, Column, Output, Rows};
//!
//! // (if (< x limit) (* x x) …)
//! let mut trace = Trace::new(2);
//! let (x, limit) = (Slot::value(0), Slot::value(1));
//! let test = trace.push(Numeric::Less, &[x, limit], 0);
//! trace.guard(test, Must::Be(true), 0);
//! let y = trace.push(Numeric::Mul, &[x, x], 0);
//! trace.give(vec![y]);
//!
//! let blocks = Blocks::new(&trace, &[false, true]);
//! let (x, mut y) = ([1.0, 2.0, 3.0, 4.0], [0.0; 4]);
//! let columns = [Column::Each(&x), Column::All(3.5)];
//! let broken = blocks.run(Rows::All(4), &columns, vec![Output::Each(&mut y)], 1)?;
//! assert_eq!((y[..3].to_vec(), broken.rows()), (vec![1.0, 4.0, 9.0], &[(3, 0)][..]));
//!
//! let mut total = 0.0;
//! blocks.run(Rows::These(&[0, 2]), &columns, vec![Output::Sum(&mut total)], 1)?;
//! assert_eq!(total, 10.0);
//! # Ok::<(), scheme_runtime::blocks::Mismatch>(())
//! ```

mod again;
mod ahead;
mod code;
mod fusion;
mod memory;
mod pairs;
mod part;
mod program;
mod rows;
mod split;
mod stored;
pub(crate) mod sums;
mod sweep;

pub use part::{Outcome, Part};
pub use sums::sum;

use crate::{simd::Level, vmap::Element};
use memory::Memory;
use part::Chosen;
use program::Program;
use scheme_core::{real::Real, trace::Trace};
use std::{cell::Cell, fmt};
use stored::Stored;
use sums::tree;

/// A number that traces run on in blocks: `f64` or `f32`.
pub trait Number: Element + Real<Mask = bool> + PartialEq + Stored<f32> + 'static {
    /// Runs a trace over a part of the rows.
    #[doc(hidden)]
    fn run_part<S: Stored<Self>>(part: Part<'_, S>) -> Outcome;
}

macro_rules! number {
    ($number:ident) => {
        impl Number for $number {
            fn run_part<S: Stored<Self>>(part: Part<'_, S>) -> Outcome {
                const LANES: usize = <$number as Element>::WIDTH;
                thread_local! {
                    static KEPT: Cell<Option<Box<Memory<$number, LANES>>>> = const { Cell::new(None) };
                }
                let mut memory = KEPT.take().unwrap_or_default();
                let outcome = part.run(&mut memory);
                KEPT.set(memory.is_small().then_some(memory));
                outcome
            }
        }
    };
}

number! { f64 }
number! { f32 }

/// A trace, ready to run over rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Blocks {
    program: Program,
}

/// What an input is in the rows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Column<'c, E> {
    /// One number a row.
    Each(&'c [E]),
    /// The same number in every row.
    All(E),
}

/// Where a result goes.
#[derive(PartialEq, Debug)]
pub enum Output<'o, E> {
    /// One number a row, in the order of the rows that are run.
    Each(&'o mut [E]),
    /// The [`sum`] over these rows, of which those that break a guard count as 0.
    Sum(&'o mut f64),
}

/// The rows to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows<'r> {
    /// All of so many.
    All(usize),
    /// Those with these numbers, in this order.
    These(&'r [usize]),
}

/// The rows that break a guard.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Broken {
    all: Option<u32>,
    rows: Vec<(usize, u32)>,
}

impl Broken {
    /// Whether all guards hold in all rows.
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.rows.is_empty()
    }

    /// The first guard that every row breaks, by its index in the trace, since it is of a uniform number.
    pub fn all(&self) -> Option<u32> {
        self.all
    }

    /// The rows that break a guard of a varying number, and the first that they break: the positions, in rising order,
    /// among the rows that were run. Where [all](Self::all) rows break a guard, only those that break one before it.
    pub fn rows(&self) -> &[(usize, u32)] {
        &self.rows
    }

    /// The first guard that a row breaks, by the row's position among those that were run.
    pub fn first(&self, row: usize) -> Option<u32> {
        let found = self.rows.binary_search_by_key(&row, |(row, _)| *row);
        found.map_or(self.all, |i| Some(self.rows[i].1))
    }
}

impl Blocks {
    /// Makes a trace ready to run, as it is: [merge](Trace::merged) it before. `uniform` says of each input whether it is
    /// the same in every row of a run; those past its end are not.
    pub fn new(trace: &Trace, uniform: &[bool]) -> Self {
        Self { program: Program::new(trace, uniform) }
    }

    /// How many inputs the trace has.
    pub fn inputs(&self) -> usize {
        self.program.is_uniform.len()
    }

    /// How many results the trace has.
    pub fn results(&self) -> usize {
        self.program.each.results
    }

    /// Runs the trace over rows: a column for each input, an output for each result, on at most so many threads; 0 is
    /// for as many as the machine has. Small runs take fewer threads.
    ///
    /// # Errors
    /// If columns or outputs do not fit the trace or the rows. Nothing is run then.
    pub fn run<E: Number>(
        &self,
        rows: Rows<'_>,
        columns: &[Column<'_, E>],
        outputs: Vec<Output<'_, E>>,
        threads: usize,
    ) -> Result<Broken, Mismatch> {
        self.run_at::<E, E>(Level::WIDEST, rows, columns, outputs, threads)
    }

    /// The same in single precision, on columns of `f32` or of doubles, of which blocks round what they read and widen what they write.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    /// use scheme_runtime::blocks::{Blocks, Column, Output, Rows};
    ///
    /// let mut trace = Trace::new(1);
    /// let third = trace.constant(3.0);
    /// let y = trace.push(Numeric::Div, &[Slot::value(0), third], 0);
    /// trace.give(vec![y]);
    ///
    /// let (x, mut y) = ([1.0, 2.0], [0.0; 2]);
    /// let (columns, outputs) = ([Column::Each(&x[..])], vec![Output::Each(&mut y[..])]);
    /// Blocks::new(&trace, &[]).run_single(Rows::All(2), &columns, outputs, 1)?;
    /// assert_eq!(y, [f64::from(1.0f32 / 3.0), f64::from(2.0f32 / 3.0)]);
    /// # Ok::<(), scheme_runtime::blocks::Mismatch>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_single<S: Number>(
        &self,
        rows: Rows<'_>,
        columns: &[Column<'_, S>],
        outputs: Vec<Output<'_, S>>,
        threads: usize,
    ) -> Result<Broken, Mismatch> {
        self.run_at::<f32, S>(Level::WIDEST, rows, columns, outputs, threads)
    }

    fn run_at<E: Number, S: Stored<E>>(
        &self,
        level: Level,
        rows: Rows<'_>,
        columns: &[Column<'_, S>],
        outputs: Vec<Output<'_, S>>,
        threads: usize,
    ) -> Result<Broken, Mismatch> {
        self.check(rows, columns, &outputs)?;
        let mut totals = Vec::new();
        let outputs = outputs.into_iter().map(|output| match output {
            Output::Each(column) => Some(column),
            Output::Sum(total) => {
                totals.push((total, Vec::new()));
                None
            }
        });
        let outputs = outputs.collect();
        let whole = Part { program: &self.program, level, columns, outputs, chosen: rows.chosen() };
        let mut broken = Broken::default();
        for Outcome { broken: all, found } in whole.on_threads::<E>(threads) {
            broken.all = all;
            broken
                .rows
                .extend(found.broken.into_iter().filter(|(_, guard)| all.is_none_or(|all| *guard < all)));
            for ((_, leaves), (_, sum)) in totals.iter_mut().zip(found.sums) {
                leaves.extend(sum.leaves());
            }
        }
        for (total, leaves) in totals {
            *total = if broken.all.is_some() { 0.0 } else { tree(leaves) };
        }
        Ok(broken)
    }

    fn check<E>(
        &self,
        rows: Rows<'_>,
        columns: &[Column<'_, E>],
        outputs: &[Output<'_, E>],
    ) -> Result<(), Mismatch> {
        let (expected, found) = (self.inputs(), columns.len());
        if expected != found {
            return Err(Mismatch::Inputs { expected, found });
        }
        for (input, column) in columns.iter().enumerate() {
            let Column::Each(column) = column else { continue };
            if self.program.is_uniform[input] {
                return Err(Mismatch::NotUniform { input });
            }
            let missing = match rows {
                Rows::All(rows) => (rows != column.len()).then_some(rows),
                Rows::These(rows) => {
                    let last = rows.iter().max().filter(|row| **row >= column.len());
                    last.map(|row| row.saturating_add(1))
                }
            };
            if let Some(expected) = missing {
                return Err(Mismatch::Column { input, expected, found: column.len() });
            }
        }
        let (expected, found) = (self.results(), outputs.len());
        if expected != found {
            return Err(Mismatch::Results { expected, found });
        }
        let expected = rows.count();
        for (result, output) in outputs.iter().enumerate() {
            match output {
                Output::Each(column) if column.len() != expected => {
                    return Err(Mismatch::Output { result, expected, found: column.len() });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'r> Rows<'r> {
    /// How many.
    pub fn count(self) -> usize {
        match self {
            Self::All(rows) => rows,
            Self::These(rows) => rows.len(),
        }
    }

    fn chosen(self) -> Chosen<'r> {
        match self {
            Self::All(rows) => Chosen::All(0, rows),
            Self::These(rows) => Chosen::Listed(0, rows),
        }
    }
}

/// Why a run was not begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mismatch {
    /// There is not one column for each input.
    Inputs {
        /// The inputs of the trace.
        expected: usize,
        /// The columns.
        found: usize,
    },
    /// A column has not one number for every row.
    Column {
        /// The input that it is for.
        input: usize,
        /// The rows that it should have; at least these, where rows are listed.
        expected: usize,
        /// Its rows.
        found: usize,
    },
    /// A uniform input is not one number.
    NotUniform {
        /// Which one.
        input: usize,
    },
    /// There is not one output for each result.
    Results {
        /// The results of the trace.
        expected: usize,
        /// The outputs.
        found: usize,
    },
    /// An output has not one place for every row.
    Output {
        /// The result that it is for.
        result: usize,
        /// The rows that are run.
        expected: usize,
        /// Its places.
        found: usize,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inputs { expected, found } => write!(f, "{found} columns for {expected} inputs"),
            Self::Column { input, expected, found } => {
                write!(f, "the column of input {input} has {found} rows, {expected} are needed")
            }
            Self::NotUniform { input } => {
                write!(f, "input {input} is uniform: it takes a number, not a column")
            }
            Self::Results { expected, found } => write!(f, "{found} outputs for {expected} results"),
            Self::Output { result, expected, found } => {
                write!(f, "the output of result {result} has {found} places for {expected} rows")
            }
        }
    }
}

impl std::error::Error for Mismatch {}

#[cfg(test)]
mod tests;
