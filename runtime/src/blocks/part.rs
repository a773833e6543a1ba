//! A part of the rows, on one thread: stretches of whole vectors, each in blocks.
//!
//! Columns are read, and results written, in place. Where rows are no whole number of vectors the last stretch begins before the one
//! before it ends, and gives the rows of both twice, to the same bits. Rows that are listed, or fewer than a vector
//! has lanes, go by way of copies. Parts end where leaves of sums do, so that nothing depends on how many there are.

use super::{
    Column, Number,
    ahead::is_far,
    memory::Memory,
    program::Program,
    sums::{LEAF, Sum},
    sweep::{Found, Sweep},
};
use crate::simd::{self, Level};
use scheme_core::{math::Lanes, real::Real};

/// Which rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen<'r> {
    /// So many from this one on.
    All(usize, usize),
    /// These, the first of which is this one of the list.
    Listed(usize, &'r [usize]),
}

impl Chosen<'_> {
    fn rows(self) -> usize {
        match self {
            Self::All(_, rows) => rows,
            Self::Listed(_, rows) => rows.len(),
        }
    }

    /// The number of the first among those that are chosen.
    fn start(self) -> usize {
        match self {
            Self::All(start, _) | Self::Listed(start, _) => start,
        }
    }
}

/// See the [module](self).
#[doc(hidden)]
pub struct Part<'p, E> {
    pub(super) program: &'p Program,
    pub(super) level: Level,
    pub(super) columns: &'p [Column<'p, E>],
    /// For each result the memory of this part, or none if it is summed.
    pub(super) outputs: Vec<Option<&'p mut [E]>>,
    pub(super) chosen: Chosen<'p>,
}

/// What a part has found.
#[doc(hidden)]
pub struct Outcome {
    /// The first guard of a uniform number that is broken.
    pub(super) broken: Option<u32>,
    pub(super) found: Found,
}

/// Rows of whole vectors, or fewer rows than a vector has.
struct Stretch {
    start: usize,
    rows: usize,
    /// How many of the first the stretch before has too.
    again: usize,
}

impl Stretch {
    /// The stretches of rows in blocks of so many.
    fn of(rows: usize, lanes: usize, block: usize) -> (Self, Option<Self>) {
        let rest = rows % block;
        if rows < lanes || rest.is_multiple_of(lanes) {
            return (Self { start: 0, rows, again: 0 }, None);
        }
        let whole = rest.next_multiple_of(lanes);
        let (before, last) = if whole <= rows { (rows - rest, whole) } else { (rows - rows % lanes, lanes) };
        let start = rows - last;
        (Self { start: 0, rows: before, again: 0 }, Some(Self { start, rows: last, again: before - start }))
    }
}

impl<E: Number> Part<'_, E> {
    /// Runs the program in vectors of so many lanes.
    pub(super) fn run<const W: usize>(mut self, memory: &mut Memory<E, W>) -> Outcome
    where
        Lanes<E, W>: Real,
    {
        let Self {
            program: Program { once, each, uniforms, columns, vectors: most, .. }, level, chosen, ..
        } = self;
        let rows = chosen.rows();
        let is_copied = matches!(chosen, Chosen::Listed(..)) || rows < W;
        let written = self.outputs.iter().flatten().count();
        let is_far = !is_copied && is_far(self.columns, written);
        // What is asked for ahead has half of the cache.
        let most = if is_far { (most / 2).max(1) } else { *most };
        let length = if is_copied { LEAF.min(rows) } else { rows }.max(1);
        let copied = if is_copied { length.div_ceil(W) } else { 0 };

        let Memory { numbers, tables, first } = memory;
        let given = uniforms.len() + once.constants.len();
        let constant = each.constants.len() + columns.len();
        let all = given + once.written() + constant + copied * columns.len() + most * each.written();
        let (given, all) = numbers.vectors(all).split_at_mut(given);
        let (uniform, all) = all.split_at_mut(once.written());
        let (constant, all) = all.split_at_mut(constant);
        let (copies, blocks) = all.split_at_mut(copied * columns.len());
        let number = |input: &usize| self.columns[*input].number();
        let mut found = Found::default();

        // What is uniform, as a block of one vector.
        fill(given, uniforms.iter().map(number), &once.constants);
        let mut kept = std::mem::take(tables).emptied();
        kept.reads.extend(given.chunks(1));
        kept.written.extend(uniform.chunks_mut(1));
        let (lanes, start) = (0..1, 0);
        let first_of_all = Sweep {
            level,
            code: once,
            steps: &once.steps,
            stops: false,
            tables: &mut kept,
            vectors: 1,
            is_far: false,
            lanes,
            start,
            found: &mut found,
            first,
        };
        simd::at_most(level, first_of_all);
        let broken = found.broken.pop().map(|(_, guard)| guard);
        // Then every row leaves, be it by a guard before that one.
        let steps = broken.map_or(&each.steps[..], |guard| each.before(guard));
        let mut kept = kept.emptied();

        let summed = self.outputs.iter().enumerate().filter(|(_, output)| output.is_none());
        found.sums = summed.map(|(result, _)| (result, Sum::default())).collect();
        fill(constant, columns.iter().map(number), &each.constants);
        let (one, constant) = constant.split_at(columns.len());
        for leaf in (0..rows).step_by(length) {
            let (stretch, after) = Stretch::of(length.min(rows - leaf), W, most * W);
            for Stretch { start, rows, again } in [Some(stretch), after].into_iter().flatten() {
                let start = leaf + start;
                for (copy, input) in copies.chunks_mut(copied.max(1)).zip(columns) {
                    self.columns[*input].gather(copy.as_flattened_mut(), chosen, start, rows);
                }
                let mut now = kept.emptied();
                now.reads.extend(one.chunks(1));
                now.reads.extend(uniform[..once.results].chunks(1));
                now.reads.extend(constant.chunks(1));
                now.written.extend(blocks.chunks_mut(most));
                now.columns.extend(self.outputs.iter_mut().map(|output| match output {
                    Some(column) if rows >= W => &mut column[start..start + rows],
                    _ => &mut [],
                }));
                for block in (0..rows).step_by(most * W) {
                    let lanes = (rows - block).min(most * W);
                    let vectors = lanes.div_ceil(W);
                    for (k, (read, input)) in now.reads.iter_mut().zip(columns).enumerate() {
                        match self.columns[*input] {
                            Column::All(_) => {}
                            Column::Each(_) if is_copied => {
                                *read = &copies[k * copied + block / W..][..vectors]
                            }
                            Column::Each(column) => {
                                *read = column[chosen.start() + start + block..][..lanes].as_chunks().0;
                            }
                        }
                    }
                    now.next.clear();
                    if is_far {
                        let behind = chosen.start() + start + block + lanes;
                        now.next.extend(columns.iter().filter_map(|input| match self.columns[*input] {
                            Column::Each(column) => column.get(behind..),
                            Column::All(_) => None,
                        }));
                    }
                    for (written, column) in now.written.iter_mut().zip(&mut now.columns) {
                        if let Some((block, rest)) = std::mem::take(column).split_at_mut_checked(lanes) {
                            (*written, *column) = (block.as_chunks_mut().0, rest);
                        }
                    }
                    let lanes = if block == 0 { again } else { 0 }..lanes;
                    let start = chosen.start() + start + block;
                    let (code, tables, found) = (each, &mut now, &mut found);
                    let sweep = Sweep {
                        level,
                        code,
                        steps,
                        stops: true,
                        tables,
                        vectors,
                        is_far,
                        lanes,
                        start,
                        found,
                        first: &mut *first,
                    };
                    simd::at_most(level, sweep);
                }
                kept = now.emptied();
                if rows < W {
                    for (output, block) in self.outputs.iter_mut().zip(blocks.chunks(most)) {
                        if let Some(column) = output {
                            column[start..start + rows].copy_from_slice(&block.as_flattened()[..rows]);
                        }
                    }
                }
            }
        }
        memory.tables = kept.emptied();
        Outcome { broken, found }
    }
}

/// Writes numbers, and behind them constants, each in all lanes of a vector.
fn fill<E: Number, const W: usize>(to: &mut [[E; W]], numbers: impl Iterator<Item = E>, constants: &[f64]) {
    let all = numbers.chain(constants.iter().map(|x| E::lit(*x)));
    to.iter_mut().zip(all).for_each(|(to, x)| *to = [x; W]);
}

impl<E: Number> Column<'_, E> {
    /// The number of every row.
    fn number(&self) -> E {
        match self {
            Self::All(x) => *x,
            Self::Each(column) => column.first().copied().unwrap_or(E::lit(f64::NAN)),
        }
    }

    /// Copies so many rows of those that are chosen, the last one again and again to the end of the last vector.
    fn gather(&self, to: &mut [E], chosen: Chosen<'_>, start: usize, rows: usize) {
        let Self::Each(column) = self else { return };
        for (i, to) in to.iter_mut().enumerate() {
            let i = start + i.min(rows - 1);
            *to = match chosen {
                Chosen::All(start, _) => column[start + i],
                Chosen::Listed(_, rows) => column[rows[i]],
            };
        }
    }
}

/// The fewest leaves that are worth a thread, and how many they are of a single step: some tens of microseconds.
#[cfg(feature = "threads")]
const WORTH: [usize; 2] = [4, 256];

impl<E: Number> Part<'_, E> {
    /// Runs it in parts on at most so many threads, 0 for as many as there are; what they find, in order.
    #[cfg(feature = "threads")]
    pub(super) fn on_threads(self, threads: usize) -> Vec<Outcome> {
        use rayon::prelude::*;
        let leaves = self.chosen.rows().div_ceil(LEAF);
        let most = leaves / (WORTH[1] / self.program.each.steps.len().max(1)).max(WORTH[0]);
        if most < 2 || threads == 1 {
            return vec![E::run_part(self)];
        }
        let threads = if threads == 0 { rayon::current_num_threads() } else { threads };
        let (parts, mut rest) = (threads.min(most), self);
        let mut all = Vec::with_capacity(parts);
        for i in 0..parts {
            let ends = |i: usize| leaves * i / parts;
            let (part, after) = rest.split((ends(i + 1) - ends(i)) * LEAF);
            all.push(part);
            rest = after;
        }
        all.into_par_iter().map(E::run_part).collect()
    }

    /// Runs it.
    #[cfg(not(feature = "threads"))]
    pub(super) fn on_threads(self, _: usize) -> Vec<Outcome> {
        vec![E::run_part(self)]
    }
}

#[cfg(feature = "threads")]
impl<E> Part<'_, E> {
    /// The first rows, or all if there are no more, and those after them.
    fn split(self, rows: usize) -> (Self, Self) {
        let rows = rows.min(self.chosen.rows());
        let (now, later) = match self.chosen {
            Chosen::All(start, all) => (Chosen::All(start, rows), Chosen::All(start + rows, all - rows)),
            Chosen::Listed(start, all) => {
                let (now, later) = all.split_at(rows);
                (Chosen::Listed(start, now), Chosen::Listed(start + rows, later))
            }
        };
        let outputs = self.outputs.into_iter().map(|output| match output {
            Some(all) => {
                let (now, later) = all.split_at_mut(rows);
                (Some(now), Some(later))
            }
            None => (None, None),
        });
        let (outputs, after): (Vec<_>, Vec<_>) = outputs.unzip();
        (Part { outputs, chosen: now, ..self }, Part { outputs: after, chosen: later, ..self })
    }
}
