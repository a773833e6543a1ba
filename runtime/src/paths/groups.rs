//! Rows by the paths that they take.
//!
//! All rows follow the first known path, in blocks; those that leave it follow the path that their decision leads to,
//! and so on. Where none does, the first of several rows is recorded and the others follow it. A few rows that are
//! alone on their way, or whose path cannot be recorded, are left to the machine. So the cost of interpretation is one run
//! for each path, and rows come out in their order, each as a single call gives it. A few short paths are joined to one
//! ([`Trace::either`](scheme_core::trace::Trace::either)), which all rows follow that take one of them.

use super::{
    form::Form,
    path::{Path, Unfit, read},
    trie::{MOST, Miss},
};
use crate::{
    blocks::{Blocks, Broken, Column, Number, Output, Rows},
    machine::Limits,
    replay,
};
use std::{collections::BTreeMap, sync::Arc};

/// The trace's inputs over rows.
#[derive(Debug)]
pub(crate) struct Table<'a, S = f64> {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Column<'a, S>>,
    /// Whether the numbers are computed with in single precision, as they always are where columns have no more.
    pub(crate) single: bool,
    /// On how many threads at most they run, 0 for as many as the machine has.
    pub(crate) threads: usize,
}

impl<S: Number> Table<'_, S> {
    /// The inputs of one row.
    pub(crate) fn row(&self, row: usize) -> Vec<f64> {
        let number = |column: &Column<'_, S>| match column {
            Column::Each(column) => column.get(row).map_or(f64::NAN, |x| (*x).into()),
            Column::All(x) => (*x).into(),
        };
        let rounded = |x: f64| if self.single { f64::from(x as f32) } else { x };
        self.columns.iter().map(|column| rounded(number(column))).collect()
    }

    fn uniform(&self) -> Vec<bool> {
        self.columns.iter().map(|column| matches!(column, Column::All(_))).collect()
    }

    /// Runs a path's code over rows; nothing if the code is for another table.
    fn run_into(&self, blocks: &Blocks, rows: Rows<'_>, outputs: Vec<Output<'_, S>>) -> Option<Broken> {
        let ran = if self.single {
            blocks.run_single(rows, &self.columns, outputs, self.threads)
        } else {
            blocks.run(rows, &self.columns, outputs, self.threads)
        };
        ran.ok()
    }

    /// The results of a path's code over rows, and the rows that left it; nothing if the code is for another table.
    fn run(&self, blocks: &Blocks, rows: Rows<'_>) -> Option<(Vec<Vec<S>>, Broken)> {
        let mut results = vec![vec![S::lit(0.0); rows.count()]; blocks.results()];
        let outputs = results.iter_mut().map(|column| Output::Each(column)).collect();
        let broken = self.run_into(blocks, rows, outputs)?;
        Some((results, broken))
    }

    /// The results of a path over so many rows, one after the other, and those that left it.
    fn row_by_row(
        &self,
        path: impl Fn(&[f64]) -> Result<Vec<f64>, replay::Broken>,
        rows: Option<&[usize]>,
        count: usize,
    ) -> (Vec<Vec<S>>, Leaving) {
        let (mut columns, mut left) = (Vec::new(), Leaving::new());
        for position in 0..count {
            let row = which(rows, position);
            match path(&self.row(row)) {
                Ok(results) => {
                    columns.resize_with(results.len(), || vec![S::lit(f64::NAN); count]);
                    let places = columns.iter_mut().filter_map(|column| column.get_mut(position));
                    places.zip(results).for_each(|(to, y)| *to = S::lit(y));
                }
                Err(replay::Broken { guard }) => left.entry(guard as u32).or_default().push(row),
            }
        }
        (columns, left)
    }
}

/// Rows that followed one path. Those that left it follow a later one.
#[derive(Debug)]
pub(crate) struct Group<S = f64> {
    pub(crate) path: Arc<Path>,
    /// Which, in rising order; all where there is nothing.
    pub(crate) rows: Option<Vec<usize>>,
    /// The results of the trace and what was asked for behind them, each over these rows.
    pub(crate) columns: Vec<Vec<S>>,
}

impl<S> Group<S> {
    /// Its rows, of so many.
    pub(crate) fn rows(&self, all: usize) -> impl Iterator<Item = usize> {
        let count = self.rows.as_ref().map_or(all, Vec::len);
        (0..count).map(move |position| which(self.rows.as_deref(), position))
    }
}

/// The row at a position among some, or among all.
fn which(rows: Option<&[usize]>, position: usize) -> usize {
    rows.map_or(position, |rows| rows[position])
}

/// The rows that left a path, in rising order, by the guard that they broke.
type Leaving = BTreeMap<u32, Vec<usize>>;

fn leaving(broken: &Broken, rows: Option<&[usize]>, count: usize) -> Leaving {
    let mut leaving = Leaving::new();
    let mut leave = |position: usize, guard: u32| {
        leaving.entry(guard).or_default().push(which(rows, position));
    };
    let mut found = broken.rows().iter().copied().peekable();
    match broken.all() {
        None => found.for_each(|(position, guard)| leave(position, guard)),
        Some(all) => (0..count).for_each(|position| {
            let own = found.next_if(|(at, _)| *at == position);
            leave(position, own.map_or(all, |(_, guard)| guard));
        }),
    }
    leaving
}

/// Rows on their way, in rising order, or all: the decision that they took last, and how many before it.
pub(crate) struct Waiting {
    miss: Miss,
    depth: usize,
    rows: Option<Vec<usize>>,
}

impl Waiting {
    /// All rows at the start.
    pub(crate) const ALL: Self = Self { miss: Miss::START, depth: 0, rows: None };
}

impl Form {
    /// Rows by paths, with the gradient by some of the trace's inputs, if it is asked for; and those that
    /// are left to the machine, in rising order. A later group has the last word on a row. A row is recorded for so many,
    /// itself among them.
    pub(crate) fn groups<S: Number, E>(
        &self,
        limits: &Limits,
        table: &Table<'_, S>,
        wrt: Option<&[usize]>,
        mut waiting: Vec<Waiting>,
        record: impl Fn(usize, usize) -> Result<Result<Path, Unfit>, E>,
    ) -> (Vec<Group<S>>, Vec<usize>) {
        let uniform = table.uniform();
        let (mut groups, mut left) = (Vec::new(), Vec::new());
        if let [Waiting { rows: None, .. }] = waiting[..]
            && let Some((path, blocks)) = self.joined(wrt, &uniform, limits)
            && let Some((columns, broken)) = table.run(&blocks, Rows::All(table.rows))
        {
            groups.push(Group { path, rows: None, columns });
            waiting = unserved(leaving(&broken, None, table.rows), None);
        }
        while let Some(Waiting { miss, depth, rows }) = waiting.pop() {
            let count = rows.as_ref().map_or(table.rows, Vec::len);
            let found = match self.known(miss) {
                _ if depth > MOST => None,
                Some((node, path)) => Some((Some(node), path)),
                None => self.made(miss, count, false, || record(which(rows.as_deref(), 0), count)),
            };
            let ran = found.and_then(|(node, path)| {
                let (columns, leaving) = match path.blocks(wrt, &uniform, limits) {
                    Some(blocks) => {
                        let chosen = rows.as_ref().map_or(Rows::All(count), |rows| Rows::These(rows));
                        let (columns, broken) = table.run(&blocks, chosen)?;
                        (columns, leaving(&broken, rows.as_deref(), count))
                    }
                    None => table.row_by_row(path.row(wrt, limits)?, rows.as_deref(), count),
                };
                Some((node, path, columns, leaving))
            });
            let Some((node, path, columns, leaving)) = ran else {
                left.extend(rows.unwrap_or_else(|| (0..table.rows).collect()));
                continue;
            };
            let mut staying = count;
            for (guard, rows) in leaving {
                staying -= rows.len();
                match node {
                    Some(node) => {
                        let miss = Miss::broken(node, guard as usize);
                        waiting.push(Waiting { miss, depth: depth + 1, rows: Some(rows) });
                    }
                    None => left.extend(rows),
                }
            }
            if staying > 0 {
                if let Some(node) = node {
                    read(&self.paths).followed(node, staying > 1);
                }
                groups.push(Group { path, rows, columns });
            }
        }
        left.sort_unstable();
        (groups, left)
    }

    /// Runs code that may serve every row, results and what was asked for behind them into `outputs`. Gives the rows that it
    /// does not serve, on their way to other paths; nothing if there is no such code.
    pub(crate) fn straight<S: Number>(
        &self,
        limits: &Limits,
        table: &Table<'_, S>,
        wrt: Option<&[usize]>,
        outputs: Vec<Output<'_, S>>,
    ) -> Option<Vec<Waiting>> {
        let (node, blocks) = self.for_all(limits, table, wrt)?;
        let broken = table.run_into(&blocks, Rows::All(table.rows), outputs)?;
        Some(unserved(leaving(&broken, None, table.rows), node))
    }

    /// The code that may serve every row: of the only path, which is named, or of a few joined.
    fn for_all<S: Number>(
        &self,
        limits: &Limits,
        table: &Table<'_, S>,
        wrt: Option<&[usize]>,
    ) -> Option<(Option<u32>, Arc<Blocks>)> {
        let uniform = table.uniform();
        let paths = read(&self.paths).iter().count();
        if paths > 1 {
            return Some((None, self.joined(wrt, &uniform, limits)?.1));
        }
        let (node, path) = self.known(Miss::START)?;
        read(&self.paths).followed(node, true);
        Some((Some(node), path.blocks(wrt, &uniform, limits)?))
    }
}

/// The rows that code for all does not serve: they left the path that it is of, or are to begin anew.
fn unserved(leaving: Leaving, node: Option<u32>) -> Vec<Waiting> {
    if let Some(node) = node {
        let left =
            |(guard, rows)| Waiting { miss: Miss::broken(node, guard as usize), depth: 1, rows: Some(rows) };
        return leaving.into_iter().map(left).collect();
    }
    let mut rows: Vec<usize> = leaving.into_values().flatten().collect();
    rows.sort_unstable();
    if rows.is_empty() { Vec::new() } else { vec![Waiting { rows: Some(rows), ..Waiting::ALL }] }
}
