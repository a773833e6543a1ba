//! Runs of a program on the machine over rows: along the paths that are known, each recorded once.
//!
//! A program that has direct code is recorded for many rows only, in a share of the steps that they take: recording is interpreting, which
//! direct code is far ahead of.
//!
//! Inputs and captures are the inputs of records, derivatives are by the inputs. Paths are known of a program for each of its limits and
//! precisions, by all threads. What is given has the bits of single runs; so where these take derivatives through
//! direct code, which sums in an order of its own, there is nothing to give.

use super::{General, Takes, ahead::Request};
use crate::{
    blocks::Column,
    machine::Limits,
    outcome::Failure,
    paths::{
        Form, Forms, Path, Unfit, Worth,
        groups::{Table, Waiting},
    },
    value::Value,
};
use scheme_core::diag::Code;
use std::{
    fmt,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// For how many limits, precisions counted apart, paths are kept.
const MOST_FORMS: usize = 4;

/// How many bytes the paths of all of them take at most, and the record of one, of which there are to be several.
const MOST_BYTES: u64 = 1 << 27;
const MOST_RECORD: u64 = MOST_BYTES / MOST_FORMS as u64 / 8;

/// How many steps a run may take that is recorded. One that has no end is for the machine to run, when its row's turn comes.
const MOST_STEPS: u64 = 1 << 22;

/// How many rows at once are worth the record of a run that may go through direct code otherwise; and to how many steps of
/// all of them one of the record's comes at least.
const FEWEST: usize = 64;
const SHARE: u64 = 8;

/// What is known of a program's runs.
pub struct Known {
    forms: Forms<(Limits, bool)>,
    /// How many steps a run through direct code took at most, so far.
    steps: AtomicU64,
}

impl Known {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { forms: Forms::new(MOST_FORMS), steps: AtomicU64::new(0) }
    }

    /// Notes how many steps a run took that no record was made of.
    pub(super) fn took(&self, steps: u64) {
        // Read first: threads then share the line.
        if self.steps.load(Relaxed) < steps {
            self.steps.fetch_max(steps, Relaxed);
        }
    }

    fn form(&self, limits: Limits, single: bool, direct: bool) -> Arc<Form> {
        let bytes = limits.trace_bytes.min(MOST_BYTES) as usize / MOST_FORMS;
        let worth = Worth { runs: if direct { FEWEST } else { 1 }, anew: false };
        self.forms.form(|known| *known == (limits, single), || ((limits, single), Form::new(bytes, worth)))
    }
}

impl Default for Known {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known")
    }
}

/// What rows give.
pub(super) struct Results {
    /// The values, then the derivatives by each input, if they were asked for.
    columns: Vec<Vec<f64>>,
    /// Which rows have some.
    known: Vec<bool>,
}

impl Results {
    /// Those of some rows, by their order, of each number those of all rows one after the other; nothing if the machine is
    /// to run.
    pub(super) fn partials(&self, rows: Range<usize>, order: u32) -> Option<Vec<Vec<f64>>> {
        if !self.known.get(rows.clone())?.iter().all(|known| *known) {
            return None;
        }
        let together = |columns: &[Vec<f64>]| {
            let mut all = Vec::with_capacity(columns.len() * rows.len());
            columns
                .iter()
                .filter_map(|column| column.get(rows.clone()))
                .for_each(|d| all.extend_from_slice(d));
            all
        };
        let (value, slopes) = self.columns.split_at_checked(1)?;
        let mut orders = vec![together(value)];
        if order > 0 {
            orders.push(together(slopes));
        }
        Some(orders)
    }
}

impl General {
    /// What is requested in rows, of which these are the inputs in columns.
    pub(super) fn over_rows(&self, request: &Request<'_>, inputs: &[Vec<f64>]) -> Results {
        let Request { captures, order, single, .. } = *request;
        let limits = request.limits.unwrap_or(Limits::NONE);
        let rows = inputs.first().map_or(0, Vec::len);
        let of_inputs = inputs.iter().map(|column| match column.split_first() {
            Some((first, others)) if others.iter().all(|x| x.to_bits() == first.to_bits()) => {
                Column::All(*first)
            }
            _ => Column::Each(column),
        });
        let columns = of_inputs.chain(captures.iter().map(|x| Column::All(*x))).collect();
        let table = Table { rows, columns, single, threads: 1 };
        let wrt: Option<Vec<usize>> = (order > 0).then(|| (0..inputs.len()).collect());
        let direct = self.is_direct(Some(limits));
        let record = |row: usize, rows: usize| {
            let steps = match direct {
                // What direct code takes is not known in steps, but that all rows together take longer than these.
                true => (self.known.steps.load(Relaxed).saturating_mul(rows as u64) / SHARE).min(MOST_STEPS),
                false => MOST_STEPS,
            };
            self.recorded(&table.row(row), limits, single, steps)
        };
        let form = self.known.form(limits, single, direct);
        let (groups, left) = form.groups(&limits, &table, wrt.as_deref(), vec![Waiting::ALL], record);
        let width = 1 + wrt.map_or(0, |wrt| wrt.len());
        let mut results = Results { columns: vec![vec![f64::NAN; rows]; width], known: vec![false; rows] };
        for group in &groups {
            let serves = group.path.gives_a_number();
            group.rows(rows).for_each(|row| results.known[row] = serves);
            for (to, from) in results.columns.iter_mut().zip(&group.columns) {
                group.rows(rows).zip(from).for_each(|(row, x)| to[row] = *x);
            }
        }
        left.into_iter().for_each(|row| results.known[row] = false);
        results
    }

    /// The path of a run at the numbers of inputs and captures, in so many steps.
    pub(super) fn recorded(
        &self,
        x: &[f64],
        limits: Limits,
        single: bool,
        steps: u64,
    ) -> Result<Result<Path, Unfit>, Failure> {
        let numbers: usize = self.takes.iter().map(Takes::numbers).sum();
        let trace_bytes = limits.trace_bytes.min(MOST_RECORD);
        let recording = Limits { steps: limits.steps.min(steps), trace_bytes, ..limits };
        self.with_machine(Some(recording), |machine| {
            machine.set_single(single);
            let x: Vec<Value> = machine.record(x);
            machine.end_with_recording();
            let (inputs, captures) = x.split_at(numbers.min(x.len()));
            let value = match self.run(machine, inputs, captures) {
                _ if machine.has_outgrown() => return Ok(Err(Unfit::Long)),
                // It failed by less than it may have.
                Err(failure) if recording != limits && matches!(failure.code, Code::Steps | Code::Tape) => {
                    return Ok(Err(Unfit::Long));
                }
                run => run?,
            };
            let direct = limits == Limits::NONE && machine.met_island();
            Ok(Path::of(machine, value, single, direct))
        })
    }
}
