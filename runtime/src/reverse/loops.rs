//! The states that a loop went through.
//!
//! Forwards, every state before a step is a checkpoint; where memory is used up, every second one of the
//! run is dropped and half as many are made from there on. Its first stays, and where segments grow long
//! some more do whatever is left, so that segments need little memory too. Backwards, the states between two checkpoints are
//! computed again, one such segment at a time.
//!
//! Both ways the loop over steps is within one over stretches of them, and whatever asks for memory is in the outer one: a
//! loop that calls nothing keeps its variables in registers, those of vectors too.

use super::{FEWEST, Memory, Record};
use std::ops::Range;

/// A stack with the states of each run of one loop: `S` is what changes from step to step, `I` what does not.
#[derive(Debug)]
pub struct Runs<S, I> {
    /// The checkpoints of all runs, and beyond them places for more, in which anything may be.
    states: Vec<S>,
    /// How many are checkpoints.
    kept: usize,
    /// The states up to which a run need not ask for room for one more.
    room: usize,
    /// The first run, for which no memory is asked: of vectors it takes longer to get than a short loop to run.
    first: Option<Run<I>>,
    later: Vec<Run<I>>,
    /// The states of the segments being swept.
    segments: Vec<S>,
}

#[derive(Clone, Copy, Debug)]
struct Run<I> {
    /// Its first checkpoint.
    start: usize,
    /// Steps from one checkpoint to the next.
    stride: usize,
    steps: usize,
    fixed: I,
}

/// A run that goes on.
#[derive(Clone, Copy, Debug)]
pub struct Recorder {
    start: usize,
    stride: usize,
    /// The steps before the stretch at hand, and in it.
    steps: usize,
    stretch: usize,
}

impl Recorder {
    /// The run ends with the step `k` of the stretch at hand, from 0.
    #[inline(always)]
    pub fn stop(&mut self, k: usize) {
        self.stretch = k + 1;
    }
}

/// A run that is swept backwards.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    start: usize,
    stride: usize,
    /// Checkpoints whose segments are to come, and the steps of the last of them.
    checkpoints: usize,
    last: usize,
    /// Where in the segments this sweep's begin.
    base: usize,
}

/// The fewest and the most places for states that are made at a time: each is written twice.
const PLACES: (usize, usize) = (8, 64);

impl<S: Copy, I: Copy> Runs<S, I> {
    /// No runs.
    #[inline(always)]
    pub const fn new() -> Self {
        // States without variables take none.
        let room = if size_of::<S>() == 0 { usize::MAX } else { 0 };
        Self { states: Vec::new(), kept: 0, room, first: None, later: Vec::new(), segments: Vec::new() }
    }

    /// How many runs there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.later.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Forgets all runs but the first `len`.
    #[inline(always)]
    pub fn truncate(&mut self, len: usize) {
        let forgotten = match len.checked_sub(1) {
            None => self.first.take(),
            Some(later) => self.later.get(later).copied(),
        };
        if let Some(run) = forgotten {
            self.kept = run.start;
            self.later.truncate(len.saturating_sub(1));
        }
    }

    /// Starts a run.
    #[inline(always)]
    pub fn begin(&self) -> Recorder {
        Recorder { start: self.kept, stride: 1, steps: 0, stretch: 0 }
    }

    /// How many steps come next in a run, and the places for the states before them, `state` being that before the first:
    /// as many as there are steps, or fewer, and then the other states are not kept.
    #[inline(always)]
    pub fn stretch(&mut self, memory: &mut Memory, recorder: &mut Recorder, state: S) -> (usize, &mut [S]) {
        recorder.steps += recorder.stretch;
        let stride = recorder.stride;
        if self.kept >= self.room && !self.make_room(memory, recorder) {
            recorder.stretch = stride;
            return (stride, &mut []);
        }
        let first = self.kept;
        let room = if recorder.stride == 1 { self.room.saturating_sub(first).max(1) } else { 1 };
        if self.states.len() == first {
            let (fewest, most) = PLACES;
            self.states.resize(first + room.min((first - recorder.start).clamp(fewest, most)), state);
        }
        let end = self.states.len().min(first + room);
        self.kept = end;
        let places = &mut self.states[first..end];
        recorder.stretch = if recorder.stride == 1 { places.len() } else { recorder.stride };
        (recorder.stretch, places)
    }

    /// Room for one checkpoint more; or none, if the state at hand is one of those that are dropped.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, memory: &mut Memory, recorder: &mut Recorder) -> bool {
        let kept = self.kept - recorder.start;
        if self.kept == self.states.capacity() && memory.double(&mut self.states) {
            self.room = self.states.capacity();
            return true;
        }
        if kept * FEWEST < recorder.stride {
            // Only for this state: `room` stays, so that the next has to ask again.
            if self.kept == self.states.capacity() {
                memory.grow(&mut self.states, 1);
            }
            return true;
        }
        let run = &mut self.states[recorder.start..self.kept];
        for k in 1..kept.div_ceil(2) {
            run[k] = run[2 * k];
        }
        self.kept = recorder.start + kept.div_ceil(2);
        recorder.stride *= 2;
        kept.is_multiple_of(2)
    }

    /// Ends a run.
    #[inline(always)]
    pub fn end(&mut self, memory: &mut Memory, recorder: Recorder, fixed: I) -> Record {
        let Recorder { start, stride, steps, stretch } = recorder;
        let steps = steps + stretch;
        if stride == 1 {
            // There may have been places for more.
            self.kept = start + steps;
        }
        let record = Record(self.len() as u32);
        let run = Run { start, stride, steps, fixed };
        match self.first {
            None => self.first = Some(run),
            Some(_) => memory.push(&mut self.later, run),
        }
        record
    }

    /// Starts to sweep a run, and what did not change in it.
    #[inline(always)]
    pub fn sweep(&self, record: Record) -> (Sweep, I) {
        let Run { start, stride, steps, fixed } = match (self.first, record.0.checked_sub(1)) {
            (Some(first), None) => first,
            (_, later) => self.later[later.unwrap_or(0) as usize],
        };
        let base = self.segments.len();
        // With stride 1 the run is one segment, which is there.
        let checkpoints = if stride == 1 { 1 } else { steps.div_ceil(stride) };
        let last = if stride == 1 { steps } else { steps - (checkpoints - 1) * stride };
        (Sweep { start, stride, checkpoints, last, base }, fixed)
    }

    /// The segment that comes next backwards, as the numbers that [`state`](Runs::state) takes; none before the first. `next`
    /// takes a step.
    ///
    /// # Errors
    /// Those of `next`.
    #[inline(always)]
    pub fn back<E>(
        &mut self,
        memory: &mut Memory,
        sweep: &mut Sweep,
        mut next: impl FnMut(S) -> Result<S, E>,
    ) -> Result<Option<Range<usize>>, E> {
        if sweep.checkpoints == 0 {
            self.segments.truncate(sweep.base);
            return Ok(None);
        }
        sweep.checkpoints -= 1;
        if sweep.stride == 1 {
            return Ok(Some(sweep.start..sweep.start + sweep.last));
        }
        self.segment(memory, sweep, &mut next)?;
        Ok(Some(sweep.base..self.segments.len()))
    }

    /// A state of the segment that came last.
    #[inline(always)]
    pub fn state(&self, sweep: &Sweep, number: usize) -> S {
        let states = if sweep.stride == 1 { &self.states } else { &self.segments };
        states[number]
    }

    /// Computes the states of a segment. It is compiled once for all loops with such states.
    #[cold]
    #[inline(never)]
    fn segment<E>(
        &mut self,
        memory: &mut Memory,
        sweep: &mut Sweep,
        next: &mut dyn FnMut(S) -> Result<S, E>,
    ) -> Result<(), E> {
        self.segments.truncate(sweep.base);
        if self.segments.capacity() - self.segments.len() < sweep.last {
            memory.grow(&mut self.segments, sweep.last);
        }
        let mut state = self.states[sweep.start + sweep.checkpoints];
        self.segments.push(state);
        for _ in 1..sweep.last {
            state = next(state)?;
            self.segments.push(state);
        }
        sweep.last = sweep.stride;
        Ok(())
    }
}

impl<S: Copy, I: Copy> Default for Runs<S, I> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of so many steps from a state, each of which adds 1.
    fn run(runs: &mut Runs<u64, u64>, memory: &mut Memory, from: u64, steps: u64, fixed: u64) -> Record {
        let mut recorder = runs.begin();
        let mut state = from;
        'run: loop {
            let (count, places) = runs.stretch(memory, &mut recorder, state);
            assert!(count > 0 && places.len() <= count);
            for k in 0..count {
                if let Some(place) = places.get_mut(k) {
                    *place = state;
                }
                state += 1;
                if state == from + steps {
                    recorder.stop(k);
                    break 'run;
                }
            }
        }
        runs.end(memory, recorder, fixed)
    }

    /// Its states, in their order, as a sweep gives them, and what is fixed.
    fn swept(runs: &mut Runs<u64, u64>, memory: &mut Memory, record: Record) -> (Vec<u64>, u64) {
        let (mut sweep, fixed) = runs.sweep(record);
        let mut states = Vec::new();
        while let Ok(Some(segment)) = runs.back(memory, &mut sweep, |state| Ok::<_, ()>(state + 1)) {
            states.extend(segment.rev().map(|k| runs.state(&sweep, k)));
        }
        states.reverse();
        (states, fixed)
    }

    #[test]
    fn every_state_is_given_whatever_is_kept() {
        for bytes in [0, 1 << 10, 1 << 20] {
            for steps in (1..200).chain([1000, 4096, 4097, 99_999]) {
                let (mut runs, mut memory) = (Runs::new(), Memory::new((bytes, 1 << 30)));
                let record = run(&mut runs, &mut memory, 0, steps, 0);
                let (states, _) = swept(&mut runs, &mut memory, record);
                assert!(states.iter().copied().eq(0..steps), "{steps} steps in {bytes} bytes");
                let most = (bytes / 8).max(2 * FEWEST);
                assert!(runs.kept <= most, "{} kept of {steps} in {bytes} bytes", runs.kept);
                assert!(
                    runs.states.len() <= runs.states.capacity().min(most),
                    "{steps} steps in {bytes} bytes"
                );
            }
        }
    }

    #[test]
    fn runs_after_one_another_keep_apart() {
        for bytes in [0, 1 << 14, 1 << 20] {
            let (mut runs, mut memory) = (Runs::new(), Memory::new((bytes, bytes)));
            // The second time in places that are there.
            for _ in 0..2 {
                let records: Vec<Record> =
                    (0..3).map(|k| run(&mut runs, &mut memory, 10_000 * k, 1000 - k, k)).collect();
                for (at, record) in records.iter().enumerate().rev() {
                    let (states, k) = swept(&mut runs, &mut memory, *record);
                    assert!(k == at as u64 && states.into_iter().eq(10_000 * k..10_000 * k + 1000 - k));
                    runs.truncate(at);
                }
                assert!(runs.is_empty() && runs.kept == 0);
            }
        }
    }
}
