//! The steps of a program on one block of rows.

use super::{
    Number,
    ahead::Ahead,
    code::{Action, Code, Place, Step},
    pairs, rows,
    sums::Sum,
};
use crate::simd::{Kernel, Level};
use scheme_core::{
    math::Lanes,
    real::Real,
    trace::{Bits, Must},
};
use std::ops::Range;

/// No guard is broken.
const HOLDS: u32 = u32::MAX;

/// A block.
pub(super) struct Sweep<'s, 't, E, const W: usize> {
    /// The instruction set that it runs with, at most.
    pub(super) level: Level,
    pub(super) code: &'s Code,
    /// The first of its steps, which are run.
    pub(super) steps: &'s [Step],
    /// Whether it ends where all rows have left: nothing else reads what it gives.
    pub(super) stops: bool,
    pub(super) reads: &'s [&'t [[E; W]]],
    pub(super) written: &'s mut [&'t mut [[E; W]]],
    pub(super) vectors: usize,
    /// How the columns of the next block are asked for, if they are.
    pub(super) ahead: Option<Ahead<'s>>,
    /// The lanes that count.
    pub(super) lanes: Range<usize>,
    /// The number of the row in the first lane.
    pub(super) start: usize,
    pub(super) found: &'s mut Found,
    /// For each lane the first guard that is broken, while the steps run.
    pub(super) first: &'s mut Vec<u32>,
}

/// What has been found in rows.
#[derive(Default, Debug)]
pub(super) struct Found {
    /// Those where a guard is broken, and the first one that is.
    pub(super) broken: Vec<(usize, u32)>,
    /// The sums of results, by their numbers.
    pub(super) sums: Vec<(usize, Sum)>,
}

impl<E, const W: usize> Kernel for Sweep<'_, '_, E, W>
where
    E: Number,
    Lanes<E, W>: Real,
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Sweep {
            level,
            code,
            steps,
            stops,
            reads,
            written,
            vectors,
            mut ahead,
            lanes,
            start,
            found,
            first,
        } = self;
        let mut dirty = false;
        for (Step { action, to, operands: [a, b, c, d, e] }, least) in steps.iter().zip(&code.least) {
            if let Some(ahead) = &mut ahead {
                ahead.step();
            }
            match action {
                Action::Guard(must, guard) => {
                    let x = part(at(*a, reads, written), vectors);
                    if !all_hold(*must, x) {
                        dirty = true;
                        note(first, vectors * W, *guard, x, x, |x, _| must.holds(x.into()));
                        if stops && all_left(&first[..lanes.end], *least) {
                            break;
                        }
                    }
                    continue;
                }
                Action::Test(row, expected, guard) => {
                    let [x, y] = [a, b].map(|place| part(at(*place, reads, written), vectors));
                    if !rows::all_give(*row, *expected, x, y) {
                        dirty = true;
                        note(first, vectors * W, *guard, x, y, |x, y| rows::gives(*row, *expected, x, y));
                        if stops && all_left(&first[..lanes.end], *least) {
                            break;
                        }
                    }
                    continue;
                }
                _ => {}
            }
            let place = std::mem::take(&mut written[*to as usize]);
            let (x, y) = (at(*a, reads, written), at(*b, reads, written));
            match action {
                Action::Row(row) => {
                    rows::apply(level, *row, x, y, at(*c, reads, written), &mut place[..vectors])
                }
                Action::Pair(pair) => {
                    let z = at(*c, reads, written);
                    let more = || [d, e].map(|place| at(*place, reads, written));
                    pairs::apply(*pair, [x, y, z], more, &mut place[..vectors])
                }
                Action::Angle(cos) => {
                    let other = std::mem::take(&mut written[*cos as usize]);
                    rows::angle(level, at(*a, reads, written), &mut place[..vectors], &mut other[..vectors]);
                    written[*cos as usize] = other;
                }
                _ => rows::copy(x, &mut place[..vectors]),
            }
            written[*to as usize] = place;
        }
        if dirty {
            for (lane, guard) in first.iter_mut().enumerate().filter(|(_, guard)| **guard != HOLDS) {
                if lanes.contains(&lane) {
                    found.broken.push((start + lane, *guard));
                    for (result, _) in &found.sums {
                        written[*result].as_flattened_mut()[lane] = E::lit(0.0);
                    }
                }
                *guard = HOLDS;
            }
        }
        for (result, sum) in &mut found.sums {
            sum.add(&written[*result].as_flattened()[lanes.clone()]);
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

/// The vectors of this block.
#[inline(always)]
fn part<T>(place: &[T], vectors: usize) -> &[T] {
    place.get(..vectors).unwrap_or(place)
}

/// Whether a guard holds in all lanes.
#[inline(always)]
fn all_hold<E: Number, const W: usize>(must: Must, x: &[[E; W]]) -> bool {
    let mut broken = false;
    match must {
        Must::Be(expected) => {
            for x in x.as_flattened() {
                broken |= (*x != E::lit(0.0)) != expected;
            }
        }
        Must::Equal(bits) => {
            for x in x.as_flattened() {
                broken |= Bits::of((*x).into()) != bits;
            }
        }
    }
    !broken
}

/// Whether in all lanes a guard is broken that comes before what is left of them.
fn all_left(first: &[u32], least: u32) -> bool {
    first.iter().all(|guard| *guard < least)
}

/// Notes the lanes where a guard does not hold of two numbers.
#[inline(never)]
fn note<E: Number, const W: usize>(
    first: &mut Vec<u32>,
    lanes: usize,
    guard: u32,
    x: &[[E; W]],
    y: &[[E; W]],
    holds: impl Fn(E, E) -> bool,
) {
    if first.len() < lanes {
        first.resize(lanes, HOLDS);
    }
    for (lane, first) in first[..lanes].iter_mut().enumerate() {
        let [x, y] = [x, y].map(|numbers| numbers[(lane / W).min(numbers.len() - 1)][lane % W]);
        if !holds(x, y) {
            *first = guard.min(*first);
        }
    }
}
