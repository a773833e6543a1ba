//! The loop over blocks: all steps of a program on one block of rows, then on the next.

use super::{
    Number,
    program::{Action, Place, Program, Step},
    rows::apply,
    sums::Sum,
};
use crate::simd::{Kernel, Level};
use scheme_core::{math::Lanes, prim::Numeric, real::Real, trace::Must};

/// No guard is broken.
const HOLDS: u32 = u32::MAX;

/// A column of vectors.
#[derive(Clone, Copy)]
pub(super) enum Column<'c, E, const W: usize> {
    /// One after the other.
    Each(&'c [[E; W]]),
    /// The vectors of one block, which stand in every block.
    All(&'c [[E; W]]),
}

/// What is kept from one run over rows to the next.
pub(super) struct State<E, const W: usize> {
    /// The vectors of slots, and of results that are summed.
    memory: Vec<[E; W]>,
    /// For each result its sum, if that is asked for.
    pub(super) sums: Vec<Option<Sum>>,
    /// The rows where a guard is broken, and the first one that is.
    pub(super) broken: Vec<(usize, u32)>,
    /// The same in this block, by lane.
    first: Vec<u32>,
    dirty: bool,
}

impl<E: Real, const W: usize> State<E, W> {
    pub(super) fn new(program: &Program, sums: Vec<Option<Sum>>) -> Self {
        let places = program.results + program.slots;
        Self {
            memory: vec![[E::lit(0.0); W]; places * program.vectors],
            sums,
            broken: Vec::new(),
            first: vec![HOLDS; program.vectors * W],
            dirty: false,
        }
    }
}

/// Rows of a whole number of vectors, the last of which may be padded.
pub(super) struct Sweep<'s, 'c, 'o, E, const W: usize> {
    pub(super) program: &'s Program,
    /// The instruction set that it runs with, at most.
    pub(super) level: Level,
    pub(super) columns: &'s [Column<'c, E, W>],
    pub(super) uniforms: &'s [[E; W]],
    /// For each result its column, unless it is summed.
    pub(super) outputs: Vec<Option<&'o mut [[E; W]]>>,
    /// The number of the first row, and how many there are.
    pub(super) start: usize,
    pub(super) rows: usize,
    pub(super) state: &'s mut State<E, W>,
}

impl<E, const W: usize> Kernel for Sweep<'_, '_, '_, E, W>
where
    E: Number,
    Lanes<E, W>: Real,
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Sweep { program, level, columns, uniforms, mut outputs, start, rows, state } = self;
        let most = program.vectors;
        let State { memory, sums, broken, first, dirty } = state;
        let mut reads: Vec<&[[E; W]]> = vec![&[]; columns.len()];
        reads.extend(uniforms.iter().map(std::slice::from_ref));
        let mut written: Vec<&mut [[E; W]]> = memory.chunks_mut(most).collect();
        let mut done = 0;
        while done < rows {
            let vectors = (rows - done).div_ceil(W).min(most);
            let now = (rows - done).min(vectors * W);
            for (read, column) in reads.iter_mut().zip(columns) {
                *read = match column {
                    Column::Each(all) => all.get(done / W..done / W + vectors).unwrap_or_default(),
                    Column::All(block) => block.get(..vectors).unwrap_or_default(),
                };
            }
            for (written, output) in written.iter_mut().zip(&mut outputs) {
                if let Some((block, rest)) = output.take().and_then(|all| all.split_at_mut_checked(vectors)) {
                    *written = block;
                    *output = Some(rest);
                }
            }
            for Step { action, to, operands } in &program.steps {
                if let Action::Guard(must, guard) = action {
                    let x = at(operands[0], &reads, &written).get(..vectors).unwrap_or_default();
                    if !all_hold(*must, x) {
                        *dirty = true;
                        note(*must, *guard, x, first);
                    }
                    continue;
                }
                let whole = std::mem::take(&mut written[*to as usize]);
                if let Some(to) = whole.get_mut(..vectors) {
                    let [a, b, c] = *operands;
                    let (a, b) = (at(a, &reads, &written), at(b, &reads, &written));
                    let c = if *action == Action::Row(Numeric::Select) { at(c, &reads, &written) } else { a };
                    match action {
                        Action::Row(row) => apply(level, *row, a, b, c, to),
                        _ => copy(a, to),
                    }
                }
                written[*to as usize] = whole;
            }
            if *dirty {
                *dirty = false;
                for (lane, guard) in first.iter_mut().enumerate().filter(|(_, guard)| **guard != HOLDS) {
                    if lane < now {
                        broken.push((start + done + lane, *guard));
                        let summed = written.iter_mut().zip(&*sums).filter(|(_, sum)| sum.is_some());
                        summed.for_each(|(block, _)| block.as_flattened_mut()[lane] = E::lit(0.0));
                    }
                    *guard = HOLDS;
                }
            }
            for (block, sum) in written.iter().zip(&mut *sums) {
                if let Some(sum) = sum {
                    sum.add(&block.as_flattened()[..now]);
                }
            }
            done += vectors * W;
        }
    }
}

/// What is at a place.
#[inline(always)]
fn at<'r, E, const W: usize>(
    place: Place,
    reads: &[&'r [[E; W]]],
    written: &'r [&mut [[E; W]]],
) -> &'r [[E; W]] {
    match place {
        Place::Read(i) => reads[i as usize],
        Place::Written(i) => &*written[i as usize],
    }
}

#[inline(always)]
fn copy<E: Copy, const W: usize>(from: &[[E; W]], to: &mut [[E; W]]) {
    match from {
        [one] => to.fill(*one),
        all => to.iter_mut().zip(all).for_each(|(to, from)| *to = *from),
    }
}

/// Whether a guard holds in all lanes.
#[inline(always)]
fn all_hold<E: Number, const W: usize>(must: Must, x: &[[E; W]]) -> bool {
    let mut broken = false;
    match must {
        Must::Be(expected) => {
            for vector in x {
                let mut i = 0;
                while i < W {
                    broken |= (vector[i] != E::lit(0.0)) != expected;
                    i += 1;
                }
            }
        }
        Must::Equal(bits) => {
            for vector in x {
                let mut i = 0;
                while i < W {
                    broken |= vector[i].into().to_bits() != bits;
                    i += 1;
                }
            }
        }
    }
    !broken
}

/// Notes the lanes where a guard does not hold.
#[inline(never)]
fn note<E: Number, const W: usize>(must: Must, guard: u32, x: &[[E; W]], first: &mut [u32]) {
    for (first, x) in first.iter_mut().zip(x.as_flattened()) {
        if !must.holds((*x).into()) {
            *first = guard.min(*first);
        }
    }
}
