//! A part of the rows, on one thread: whole vectors in place, the rest and rows that are listed by way of copies.
//!
//! Parts end where leaves of sums do, so that nothing depends on how many there are.

use super::{
    Number,
    program::Program,
    sums::{LEAF, Sum},
    sweep::{Column, State, Sweep},
};
use crate::simd::{self, Level};
use scheme_core::{math::Lanes, real::Real};

/// Where a varying input comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'c, E> {
    /// One number a row of all rows.
    Column(&'c [E]),
    /// The same number in every row.
    Number(E),
}

/// Which rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen<'r> {
    /// So many from this one on.
    All(usize, usize),
    /// These, the first of which is this one of the list.
    Listed(usize, &'r [usize]),
}

#[cfg(feature = "threads")]
impl Chosen<'_> {
    fn rows(self) -> usize {
        match self {
            Self::All(_, rows) => rows,
            Self::Listed(_, rows) => rows.len(),
        }
    }
}

/// See the [module](self).
#[doc(hidden)]
pub struct Part<'p, E> {
    pub(super) program: &'p Program,
    pub(super) level: Level,
    pub(super) uniforms: &'p [E],
    pub(super) sources: &'p [Source<'p, E>],
    /// For each result the memory of this part, or none if it is summed.
    pub(super) outputs: Vec<Option<&'p mut [E]>>,
    pub(super) chosen: Chosen<'p>,
}

/// What a part has found.
#[doc(hidden)]
#[derive(Default)]
pub struct Found {
    /// The rows, counted as they are chosen, where a guard is broken, and the first that is.
    pub(super) broken: Vec<(usize, u32)>,
    /// For each result that is summed the sums of the leaves.
    pub(super) leaves: Vec<Vec<f64>>,
}

impl<E: Number> Part<'_, E> {
    /// Runs the program in vectors of so many lanes.
    pub(crate) fn run<const W: usize>(mut self) -> Found
    where
        Lanes<E, W>: Real,
    {
        let sums = self.outputs.iter().map(|output| output.is_none().then(Sum::default)).collect();
        let mut state: State<E, W> = State::new(self.program, sums);
        let uniforms: Vec<[E; W]> = self.uniforms.iter().map(|x| [*x; W]).collect();
        match self.chosen {
            Chosen::All(start, rows) => {
                let whole = rows - rows % W;
                let blocks = self.blocks();
                let columns = self.sources.iter().zip(&blocks).map(|(source, block)| match source {
                    Source::Column(all) => {
                        Column::Each(all.get(start..start + whole).unwrap_or_default().as_chunks().0)
                    }
                    Source::Number(_) => Column::All(block),
                });
                let columns: Vec<_> = columns.collect();
                self.sweep(&columns, &uniforms, start, whole, &mut state);
                let rest: Vec<usize> = (start + whole..start + rows).collect();
                self.gathered(&rest, &uniforms, start + whole, &mut state);
            }
            Chosen::Listed(start, rows) => {
                for (rows, leaf) in rows.chunks(LEAF).zip(0..) {
                    self.gathered(rows, &uniforms, start + leaf * LEAF, &mut state);
                }
            }
        }
        let leaves = state.sums.into_iter().map(|sum| sum.map(Sum::leaves).unwrap_or_default());
        Found { leaves: leaves.collect(), broken: state.broken }
    }

    /// For each source that is a number a block of it.
    fn blocks<const W: usize>(&self) -> Vec<Vec<[E; W]>> {
        let block = |source: &Source<'_, E>| match source {
            Source::Number(x) => vec![[*x; W]; self.program.vectors],
            Source::Column(_) => Vec::new(),
        };
        self.sources.iter().map(block).collect()
    }

    /// Copies of rows, the last one again and again to the end of the last vector.
    fn gathered<const W: usize>(
        &mut self,
        rows: &[usize],
        uniforms: &[[E; W]],
        start: usize,
        state: &mut State<E, W>,
    ) where
        Lanes<E, W>: Real,
    {
        let Some(last) = rows.last() else { return };
        let zero = E::lit(0.0);
        let vectors = rows.len().div_ceil(W);
        let copy = |source: &Source<'_, E>| {
            let mut copy = vec![[zero; W]; vectors];
            let number = |row: &usize| match source {
                Source::Column(all) => all.get(*row).copied().unwrap_or(zero),
                Source::Number(x) => *x,
            };
            let places = copy.as_flattened_mut().iter_mut();
            places.zip(rows.iter().chain(std::iter::repeat(last))).for_each(|(to, row)| *to = number(row));
            copy
        };
        let copies: Vec<Vec<[E; W]>> = self.sources.iter().map(copy).collect();
        let whole = rows.len() - rows.len() % W;
        let columns: Vec<_> = copies.iter().map(|copy| Column::Each(&copy[..whole / W])).collect();
        self.sweep(&columns, uniforms, start, whole, state);
        if whole == rows.len() {
            return;
        }
        let columns: Vec<_> = copies.iter().map(|copy| Column::Each(&copy[whole / W..])).collect();
        let mut padded = vec![[[zero; W]; 1]; self.outputs.len()];
        let wanted = self.outputs.iter().map(Option::is_some);
        let outputs = padded.iter_mut().zip(wanted).map(|(padded, wanted)| wanted.then_some(&mut padded[..]));
        let sweep = Sweep {
            program: self.program,
            level: self.level,
            columns: &columns,
            uniforms,
            outputs: outputs.collect(),
            start: start + whole,
            rows: rows.len() - whole,
            state,
        };
        simd::at_most(self.level, sweep);
        for (output, padded) in self.outputs.iter_mut().zip(&padded) {
            let places = output.take().and_then(|all| all.split_at_mut_checked(rows.len() - whole));
            if let Some((to, rest)) = places {
                to.copy_from_slice(&padded.as_flattened()[..to.len()]);
                *output = Some(rest);
            }
        }
    }

    /// Rows of whole vectors, the results of which go to the next places of the outputs.
    fn sweep<const W: usize>(
        &mut self,
        columns: &[Column<'_, E, W>],
        uniforms: &[[E; W]],
        start: usize,
        rows: usize,
        state: &mut State<E, W>,
    ) where
        Lanes<E, W>: Real,
    {
        if rows == 0 {
            return;
        }
        let mut outputs = Vec::with_capacity(self.outputs.len());
        for output in &mut self.outputs {
            let places = output.take().and_then(|all| all.split_at_mut_checked(rows));
            outputs.push(places.map(|(now, rest)| {
                *output = Some(rest);
                now.as_chunks_mut().0
            }));
        }
        let Self { program, level, .. } = *self;
        simd::at_most(level, Sweep { program, level, columns, uniforms, outputs, start, rows, state });
    }
}

/// The fewest leaves that are worth a thread, and how many they are of a single step: some tens of microseconds.
#[cfg(feature = "threads")]
const WORTH: [usize; 2] = [4, 256];

impl<E: Number> Part<'_, E> {
    /// Runs it in parts on at most so many threads, 0 for as many as there are; what they find, in order.
    #[cfg(feature = "threads")]
    pub(super) fn on_threads(self, threads: usize) -> Vec<Found> {
        use rayon::prelude::*;
        let leaves = self.chosen.rows().div_ceil(LEAF);
        let most = leaves / (WORTH[1] / self.program.steps.len().max(1)).max(WORTH[0]);
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
    pub(super) fn on_threads(self, _: usize) -> Vec<Found> {
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
