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
        let which = |position: usize| self.rows.as_ref().map_or(position, |rows| rows[position]);
        (0..self.count).map(move |position| (position, which(position)))
    }
}

/// Rows on their way: the decision that they took last, and how many before it.
struct Waiting {
    miss: Miss,
    depth: usize,
    rows: Option<Vec<usize>>,
}

impl StringProgram {
    /// The rows by paths, with the gradient by some of the trace's inputs, if it is asked for; and those that are
    /// left to the evaluator.
    pub(super) fn groups(
        &self,
        form: &Form,
        table: &Table<'_>,
        wrt: Option<&[usize]>,
        record: impl Fn(usize) -> Result<Result<Path, Unfit>, CallError>,
    ) -> (Vec<Group>, Vec<usize>) {
        let single: Vec<Vec<f32>> = if self.interpreter.single {
            let narrow = |column: &Column<'_, f64>| match column {
                Column::Each(column) => column.iter().map(|x| *x as f32).collect(),
                Column::All(_) => Vec::new(),
            };
            table.columns.iter().map(narrow).collect()
        } else {
            Vec::new()
        };
        let narrowed = table.columns.iter().zip(&single).map(|(column, narrow)| match *column {
            Column::Each(_) => Column::Each(&narrow[..]),
            Column::All(x) => Column::All(x as f32),
        });
        let single: Vec<Column<'_, f32>> = narrowed.collect();

        let (mut groups, mut left) = (Vec::new(), Vec::new());
        let mut waiting = vec![Waiting { miss: Paths::<Arc<Path>>::START, depth: 0, rows: None }];
        while let Some(Waiting { miss, depth, rows }) = waiting.pop() {
            let count = rows.as_ref().map_or(table.rows, Vec::len);
            let first = rows.as_ref().map_or(0, |rows| rows.first().copied().unwrap_or(0));
            let found = match form.known(miss) {
                _ if depth > MOST => None,
                Some((node, path)) => Some((Some(node), path)),
                // The evaluator says of each row how it fails.
                None => form.made(miss, count, || record(first)).unwrap_or(None),
            };
            let derived = found.and_then(|(node, path)| {
                let blocks = path.blocks(wrt, &table.uniform())?;
                Some((node, path, blocks))
            });
            let Some((node, path, blocks)) = derived else {
                left.extend(rows.unwrap_or_else(|| (0..table.rows).collect()));
                continue;
            };
            let chosen = rows.as_ref().map_or(Rows::All(count), |rows| Rows::These(rows));
            let ran = if self.interpreter.single {
                run(&blocks, chosen, &single)
            } else {
                run(&blocks, chosen, &table.columns)
            };
            let Some((mut columns, broken)) = ran else {
                left.extend(rows.unwrap_or_else(|| (0..table.rows).collect()));
                continue;
            };
            let all = |position: usize| rows.as_ref().map_or(position, |rows| rows[position]);
            let mut leaving: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
            let mut kept = rows.clone();
            if !broken.is_empty() {
                let mut staying = Vec::new();
                for position in 0..count {
                    match broken.first(position) {
                        Some(guard) => leaving.entry(guard).or_default().push(all(position)),
                        None => staying.push(position),
                    }
                }
                for column in &mut columns {
                    *column = staying.iter().map(|position| column[*position]).collect();
                }
                kept = Some(staying.into_iter().map(all).collect());
            }
            let count = kept.as_ref().map_or(table.rows, Vec::len);
            if let (Some(node), true) = (node, count > 0) {
                read(&form.paths).followed(node, count > 1);
            }
            if count > 0 {
                groups.push(Group { path, rows: kept, count, columns });
            }
            for (guard, rows) in leaving {
                match node {
                    Some(node) => {
                        let miss = Paths::<Arc<Path>>::broken(node, guard as usize);
                        waiting.push(Waiting { miss, depth: depth + 1, rows: Some(rows) });
                    }
                    None => left.extend(rows),
                }
            }
        }
        left.sort_unstable();
        (groups, left)
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
