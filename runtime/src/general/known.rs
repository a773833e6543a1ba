//! Runs of a program on the machine over rows: along the paths that are known, each recorded once.
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
        Form, Path, Unfit,
        groups::{Table, Waiting},
        read, write,
    },
    value::Value,
};
use std::{
    fmt,
    ops::Range,
    sync::{Arc, RwLock},
};

/// For how many limits, precisions counted apart, paths are kept.
const MOST_FORMS: usize = 8;

/// How many bytes the paths of each take at most.
const MOST_BYTES: u64 = 1 << 26;

/// How many steps a run may take that is recorded. One that has no end is for the machine to run, when its row's turn comes.
const MOST_STEPS: u64 = 1 << 22;

/// What is known of a program's runs.
pub struct Known(RwLock<Vec<((Limits, bool), Arc<Form>)>>);

impl Known {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(RwLock::new(Vec::new()))
    }

    fn form(&self, limits: Limits, single: bool) -> Arc<Form> {
        let key = (limits, single);
        let known = |forms: &[((Limits, bool), Arc<Form>)]| {
            forms.iter().find(|(known, _)| *known == key).map(|(_, form)| form.clone())
        };
        if let Some(form) = known(&read(&self.0)) {
            return form;
        }
        let mut forms = write(&self.0);
        // Another thread may have met it meanwhile.
        known(&forms).unwrap_or_else(|| {
            if forms.len() == MOST_FORMS {
                forms.remove(0);
            }
            let form = Arc::new(Form::new(limits.trace_bytes.min(MOST_BYTES) as usize));
            forms.push((key, form.clone()));
            form
        })
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
        let record = |row: usize| self.recorded(&table.row(row), limits, single);
        let form = self.known.form(limits, single);
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

    /// The path of a run at the numbers of inputs and captures.
    fn recorded(&self, x: &[f64], limits: Limits, single: bool) -> Result<Result<Path, Unfit>, Failure> {
        let numbers: usize = self.takes.iter().map(Takes::numbers).sum();
        let recording = Limits { steps: limits.steps.min(MOST_STEPS), ..limits };
        self.with_machine(Some(recording), |machine| {
            machine.set_single(single);
            let x: Vec<Value> = machine.record(x);
            let (inputs, captures) = x.split_at(numbers.min(x.len()));
            let value = self.run(machine, inputs, captures)?;
            let direct = limits == Limits::NONE && machine.met_island();
            Ok(Path::of(machine, value, single, direct))
        })
    }
}
