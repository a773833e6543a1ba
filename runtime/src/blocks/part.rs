//! A part of the rows, on one thread: those of whole vectors in place, the others by way of copies.
//!
//! Columns of the number that is computed with are read, and results written, where they are, in blocks of whole vectors. Rows
//! that are listed, columns of another precision, and the last rows, fewer than a vector has lanes, are copied block by
//! block. Parts end where leaves of sums do, so that nothing depends on how many there are.

use super::{
    Column, Number,
    ahead::{Ahead, ask, is_far, lines},
    code::{Code, Step},
    memory::{Memory, Tables},
    program::Program,
    stored::{self, Stored},
    sums::Sum,
    sweep::{Found, Sweep},
};
use crate::simd::{self, Level};
use scheme_core::{math::Lanes, real::Real};
use std::ops::Range;

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
pub struct Part<'p, S> {
    pub(super) program: &'p Program,
    pub(super) level: Level,
    pub(super) columns: &'p [Column<'p, S>],
    /// For each result the memory of this part, or none if it is summed.
    pub(super) outputs: Vec<Option<&'p mut [S]>>,
    pub(super) chosen: Chosen<'p>,
}

/// What a part has found.
#[doc(hidden)]
pub struct Outcome {
    /// The first guard of a uniform number that is broken.
    pub(super) broken: Option<u32>,
    pub(super) found: Found,
}

impl<S> Part<'_, S> {
    /// Runs the program in vectors of so many lanes.
    pub(super) fn run<E: Number, const W: usize>(mut self, memory: &mut Memory<E, W>) -> Outcome
    where
        S: Stored<E>,
        Lanes<E, W>: Real,
    {
        let Self { program: Program { once, each, uniforms, columns, vectors: most, .. }, chosen, .. } = self;
        let rows = chosen.rows();
        let is_in_place = matches!(chosen, Chosen::All(..)) && S::whole(&[]).is_some();
        let whole = if is_in_place { rows - rows % W } else { 0 };
        let is_far = is_far(self.columns, self.outputs.iter().flatten().count());
        // What is asked for ahead has half of the cache.
        let most = if is_far { most / 2 } else { *most };
        // No more than there are rows for.
        let most = most.min(rows.div_ceil(W)).max(1);
        let copied = most.min((rows - whole).div_ceil(W));

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
        let mut run = Run {
            level: self.level,
            code: once,
            steps: &once.steps,
            stops: false,
            most,
            is_far,
            found: &mut found,
            first,
        };
        run.block(&kept.reads, &mut kept.written, 0..1, 0, None);
        let broken = run.found.broken.pop().map(|(_, guard)| guard);
        // Then every row leaves, be it by a guard before that one.
        let steps = broken.map_or(&each.steps[..], |guard| each.before(guard));
        run = Run { code: each, steps, stops: true, ..run };
        let mut kept = kept.emptied();

        let summed = self.outputs.iter().enumerate().filter(|(_, output)| output.is_none());
        run.found.sums = summed.map(|(result, _)| (result, Sum::default())).collect();
        fill(constant, columns.iter().map(number), &each.constants);
        let (one, constant) = constant.split_at(columns.len());
        let same = || one.chunks(1).chain(uniform[..once.results].chunks(1)).chain(constant.chunks(1));
        if whole > 0 {
            kept.reads.extend(same());
            kept = self.in_place(whole, &mut run, kept, blocks);
        }
        for start in (whole..rows).step_by(most * W) {
            let mut now = kept.emptied();
            now.reads.extend(same());
            kept = self.copied(start..rows.min(start + most * W), &mut run, now, [copies, blocks]);
        }
        memory.tables = kept.emptied();
        Outcome { broken, found }
    }

    /// Runs the first rows, of whole vectors, where they are. Gives the tables back, empty.
    fn in_place<'t, E: Number, const W: usize>(
        &'t mut self,
        whole: usize,
        run: &mut Run<'_>,
        mut tables: Tables<'t, E, W>,
        blocks: &'t mut [[E; W]],
    ) -> Tables<'static, E, W>
    where
        S: Stored<E>,
        Lanes<E, W>: Real,
    {
        let (first, inputs, columns) = (self.chosen.start(), &self.program.columns, self.columns);
        let rows_of = |input: &usize, start: usize| match columns[*input] {
            Column::Each(column) => S::whole(&column[start..]),
            Column::All(_) => None,
        };
        tables.written.extend(blocks.chunks_mut(run.most));
        tables.columns.extend(self.outputs.iter_mut().map(|output| {
            output.as_mut().and_then(|column| S::whole_mut(&mut column[..whole])).unwrap_or_default()
        }));
        for block in (0..whole).step_by(run.most * W) {
            let (lanes, start) = ((whole - block).min(run.most * W), first + block);
            for (read, input) in tables.reads.iter_mut().zip(inputs) {
                if let Some(column) = rows_of(input, start) {
                    *read = column[..lanes].as_chunks().0;
                }
            }
            for (written, column) in tables.written.iter_mut().zip(&mut tables.columns) {
                if let Some((block, rest)) = std::mem::take(column).split_at_mut_checked(lanes) {
                    (*written, *column) = (block.as_chunks_mut().0, rest);
                }
            }
            let outputs = &tables.columns;
            let ask = |line| {
                inputs
                    .iter()
                    .filter_map(|input| rows_of(input, start + lanes))
                    .for_each(|column| ask(column, line));
                outputs.iter().for_each(|column| ask(column, line));
            };
            let ahead = run.ahead(lines::<E>(lanes), &ask);
            run.block(&tables.reads, &mut tables.written, 0..lanes, start, ahead);
        }
        tables.emptied()
    }

    /// Runs a block of rows by way of copies, for which there is memory and for what it writes. Gives the tables back, empty.
    fn copied<'t, E: Number, const W: usize>(
        &mut self,
        rows: Range<usize>,
        run: &mut Run<'_>,
        mut tables: Tables<'t, E, W>,
        [copies, blocks]: [&'t mut [[E; W]]; 2],
    ) -> Tables<'static, E, W>
    where
        S: Stored<E>,
        Lanes<E, W>: Real,
    {
        let (lanes, first) = (rows.len(), self.chosen.start());
        let (inputs, columns) = (&self.program.columns, self.columns);
        let each = copies.len() / inputs.len().max(1);
        let copies = copies.chunks_mut(each.max(1));
        for ((read, input), copy) in tables.reads.iter_mut().zip(inputs).zip(copies) {
            if let Column::Each(column) = columns[*input] {
                let copy = &mut copy[..lanes.div_ceil(W)];
                gather(column, copy.as_flattened_mut(), self.chosen, rows.clone(), self.level);
                *read = copy;
            }
        }
        tables.written.extend(blocks.chunks_mut(run.most));
        let (outputs, chosen) = (&self.outputs, self.chosen);
        let ask = |line| {
            for input in inputs {
                // Rows that are listed lie anywhere.
                if let (Column::Each(column), Chosen::All(first, _)) = (columns[*input], chosen) {
                    ask(column.get(first + rows.end..).unwrap_or_default(), line);
                }
            }
            outputs.iter().flatten().for_each(|column| ask(&column[rows.start..], line));
        };
        let ahead = run.ahead(lines::<S>(lanes), &ask);
        run.block(&tables.reads, &mut tables.written, 0..lanes, first + rows.start, ahead);
        for (output, block) in self.outputs.iter_mut().zip(&tables.written) {
            if let Some(column) = output {
                stored::write(self.level, &block.as_flattened()[..lanes], &mut column[rows.clone()]);
            }
        }
        tables.emptied()
    }
}

/// Code on its way over blocks.
struct Run<'r> {
    level: Level,
    code: &'r Code,
    steps: &'r [Step],
    stops: bool,
    /// How many vectors a block has at most.
    most: usize,
    /// Whether columns are in no cache.
    is_far: bool,
    found: &'r mut Found,
    first: &'r mut Vec<u32>,
}

impl Run<'_> {
    /// Asks for columns of so many lines while a block is run, if they are far.
    fn ahead<'f>(&self, lines: usize, ask: &'f dyn Fn(usize)) -> Option<Ahead<'f>> {
        self.is_far.then(|| Ahead::new(lines, self.steps.len(), ask))
    }

    fn block<'t, E: Number, const W: usize>(
        &mut self,
        reads: &[&'t [[E; W]]],
        written: &mut [&'t mut [[E; W]]],
        lanes: Range<usize>,
        start: usize,
        ahead: Option<Ahead<'_>>,
    ) where
        Lanes<E, W>: Real,
    {
        let Self { level, code, steps, stops, found, first, .. } = self;
        let (level, stops, vectors) = (*level, *stops, lanes.len().div_ceil(W));
        simd::at_most(
            level,
            Sweep { level, code, steps, stops, reads, written, vectors, ahead, lanes, start, found, first },
        );
    }
}

/// Writes numbers, and behind them constants, each in all lanes of a vector.
fn fill<E: Number, const W: usize>(to: &mut [[E; W]], numbers: impl Iterator<Item = E>, constants: &[f64]) {
    let all = numbers.chain(constants.iter().map(|x| E::lit(*x)));
    to.iter_mut().zip(all).for_each(|(to, x)| *to = [x; W]);
}

impl<S> Column<'_, S> {
    /// The number of every row.
    fn number<E: Number>(&self) -> E
    where
        S: Stored<E>,
    {
        match self {
            Self::All(x) => x.read(),
            Self::Each(column) => column.first().map_or(E::lit(f64::NAN), |x| x.read()),
        }
    }
}

/// Copies rows of those that are chosen, the last one again and again to the end of the last vector.
fn gather<E: Number, S: Stored<E>>(
    column: &[S],
    to: &mut [E],
    chosen: Chosen<'_>,
    rows: Range<usize>,
    level: Level,
) {
    let (to, behind) = to.split_at_mut(rows.len());
    match chosen {
        Chosen::All(first, _) => stored::read(level, &column[first..][rows], to),
        Chosen::Listed(_, list) => {
            to.iter_mut().zip(&list[rows]).for_each(|(to, row)| *to = column[*row].read());
        }
    }
    behind.fill(to.last().copied().unwrap_or(E::lit(0.0)));
}

/// The fewest leaves that are worth a thread, and how many they are of a single step: some tens of microseconds.
#[cfg(feature = "threads")]
const WORTH: [usize; 2] = [4, 256];

impl<S: Send + Sync> Part<'_, S> {
    /// Runs it in parts on at most so many threads, 0 for as many as there are; what they find, in order.
    #[cfg(feature = "threads")]
    pub(super) fn on_threads<E: Number>(self, threads: usize) -> Vec<Outcome>
    where
        S: Stored<E>,
    {
        use super::sums::LEAF;
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
    pub(super) fn on_threads<E: Number>(self, _: usize) -> Vec<Outcome>
    where
        S: Stored<E>,
    {
        vec![E::run_part(self)]
    }
}

#[cfg(feature = "threads")]
impl<S> Part<'_, S> {
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
