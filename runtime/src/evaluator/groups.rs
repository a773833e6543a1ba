//! Rows by the paths that they take.
//!
//! All rows follow the first known path, in blocks; those that leave it follow the path that their decision leads to,
//! and so on. Where none does, the first of two rows or more is recorded and the others follow it. A row that is
//! alone on its way, or whose path cannot be recorded, is left to the evaluator. So the cost of interpretation is one run
//! for each path, and rows come out in their order, each as a single call gives it.

use super::{
    CallError, StringProgram,
    paths::{MOST, Miss, Paths},
    replays::{Form, Path, Unfit, read},
};
use crate::blocks::{Blocks, Broken, Column, Number, Output, Rows};
use std::{collections::BTreeMap, sync::Arc};

/// The trace's inputs over rows.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) rows: usize,
    pub(super) columns: Vec<Column<'a, f64>>,
    pub(super) single: bool,
}

impl Table<'_> {
    /// The inputs of one row.
    pub(super) fn row(&self, row: usize) -> Vec<f64> {
        let number = |column: &Column<'_, f64>| match column {
            Column::Each(column) => column.get(row).copied().unwrap_or(f64::NAN),
            Column::All(x) => *x,
        };
        self.columns.iter().map(number).collect()
    }

    fn uniform(&self) -> Vec<bool> {
        self.columns.iter().map(|column| matches!(column, Column::All(_))).collect()
    }

    /// Its columns in single precision, if that is what programs run in.
    fn narrowed(&self) -> Option<Vec<Vec<f32>>> {
        let narrow = |column: &Column<'_, f64>| match column {
            Column::Each(column) => column.iter().map(|x| *x as f32).collect(),
            Column::All(x) => vec![*x as f32],
        };
        self.single.then(|| self.columns.iter().map(narrow).collect())
    }

    /// Runs a path's code over rows, and gives those that left it; nothing if the code is for another table.
    fn run(
        &self,
        narrowed: Option<&[Vec<f32>]>,
        blocks: &Blocks,
        rows: Rows<'_>,
    ) -> Option<(Vec<Vec<f64>>, Broken)> {
        let Some(narrowed) = narrowed else { return run(blocks, rows, &self.columns) };
        let columns = self.columns.iter().zip(narrowed).map(|(column, narrow)| as_narrow(column, narrow));
        let columns = columns.collect::<Option<Vec<_>>>()?;
        run(blocks, rows, &columns)
    }
}

fn as_narrow<'n>(column: &Column<'_, f64>, narrow: &'n [f32]) -> Option<Column<'n, f32>> {
    match column {
        Column::Each(_) => Some(Column::Each(narrow)),
        Column::All(_) => narrow.first().map(|x| Column::All(*x)),
    }
}

/// The results over rows, and the rows that left the path.
fn run<E: Number>(
    blocks: &Blocks,
    rows: Rows<'_>,
    columns: &[Column<'_, E>],
) -> Option<(Vec<Vec<f64>>, Broken)> {
    let mut results = vec![vec![E::lit(0.0); rows.count()]; blocks.results()];
    let outputs = results.iter_mut().map(|column| Output::Each(column)).collect();
    let broken = blocks.run(rows, columns, outputs, 0).ok()?;
    let wide = |column: Vec<E>| column.into_iter().map(Into::into).collect();
    Some((results.into_iter().map(wide).collect(), broken))
}

/// Rows that took one path.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) path: Arc<Path>,
    /// Which, in rising order; all where there is nothing.
    pub(super) rows: Option<Vec<usize>>,
    /// How many.
    pub(super) count: usize,
    /// The results of the trace and what was asked for behind them, each over these rows.
    pub(super) columns: Vec<Vec<f64>>,
}

impl Group {
    /// Where each of its rows is in the columns, and which row it is.
    pub(super) fn positions(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.count).map(move |position| (position, which(self.rows.as_deref(), position)))
    }

    /// Takes rows away, and gives them by the guard that they broke.
    fn part(&mut self, broken: &Broken) -> BTreeMap<u32, Vec<usize>> {
        let mut leaving: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        if broken.is_empty() {
            return leaving;
        }
        let mut staying = Vec::new();
        for position in 0..self.count {
            match broken.first(position) {
                Some(guard) => {
                    leaving.entry(guard).or_default().push(which(self.rows.as_deref(), position));
                }
                None => staying.push(position),
            }
        }
        for column in &mut self.columns {
            *column = staying.iter().map(|position| column[*position]).collect();
        }
        self.count = staying.len();
        self.rows = Some(staying.into_iter().map(|at| which(self.rows.as_deref(), at)).collect());
        leaving
    }
}

/// The row at a position among some, or among all.
fn which(rows: Option<&[usize]>, position: usize) -> usize {
    rows.map_or(position, |rows| rows[position])
}

/// Rows on their way: the decision that they took last, and how many before it.
struct Waiting {
    miss: Miss,
    depth: usize,
    rows: Option<Vec<usize>>,
}

impl StringProgram {
    /// The rows by paths, with the gradient by some of the trace's inputs, if it is asked for; and those that are
    /// left to the evaluator, in rising order.
    pub(super) fn groups(
        &self,
        form: &Form,
        table: &Table<'_>,
        wrt: Option<&[usize]>,
        record: impl Fn(usize) -> Result<Result<Path, Unfit>, CallError>,
    ) -> (Vec<Group>, Vec<usize>) {
        let (narrowed, uniform) = (table.narrowed(), table.uniform());
        let (mut groups, mut left) = (Vec::new(), Vec::new());
        let mut waiting = vec![Waiting { miss: Paths::<Arc<Path>>::START, depth: 0, rows: None }];
        while let Some(Waiting { miss, depth, rows }) = waiting.pop() {
            let count = rows.as_ref().map_or(table.rows, Vec::len);
            let found = match form.known(miss) {
                _ if depth > MOST => None,
                Some((node, path)) => Some((Some(node), path)),
                // The evaluator says of each row how it fails.
                None => form.made(miss, count, || record(which(rows.as_deref(), 0))).unwrap_or(None),
            };
            let ran = found.and_then(|(node, path)| {
                let blocks = path.blocks(wrt, &uniform)?;
                let chosen = rows.as_ref().map_or(Rows::All(count), |rows| Rows::These(rows));
                let (columns, broken) = table.run(narrowed.as_deref(), &blocks, chosen)?;
                Some((node, Group { path, rows: rows.clone(), count, columns }, broken))
            });
            let Some((node, mut group, broken)) = ran else {
                left.extend(rows.unwrap_or_else(|| (0..table.rows).collect()));
                continue;
            };
            for (guard, rows) in group.part(&broken) {
                match node {
                    Some(node) => {
                        let miss = Paths::<Arc<Path>>::broken(node, guard as usize);
                        waiting.push(Waiting { miss, depth: depth + 1, rows: Some(rows) });
                    }
                    None => left.extend(rows),
                }
            }
            if group.count > 0 {
                if let Some(node) = node {
                    read(&form.paths).followed(node, group.count > 1);
                }
                groups.push(group);
            }
        }
        left.sort_unstable();
        (groups, left)
    }

    /// The sums of a path's results over all rows, and of what was asked for behind them, if the first known path is
    /// that of every row.
    pub(super) fn sums(&self, form: &Form, table: &Table<'_>, wrt: Option<&[usize]>) -> Option<Vec<f64>> {
        let (node, path) = form.known(Paths::<Arc<Path>>::START)?;
        // Where rows are known to part, it would be tried in vain.
        if table.single || read(&form.paths).iter().count() > 1 {
            return None;
        }
        let blocks = path.blocks(wrt, &table.uniform())?;
        let mut sums = vec![0.0; blocks.results()];
        let outputs = sums.iter_mut().map(Output::Sum).collect();
        let broken = blocks.run(Rows::All(table.rows), &table.columns, outputs, 0).ok()?;
        read(&form.paths).followed(node, true);
        broken.is_empty().then_some(sums)
    }
}
