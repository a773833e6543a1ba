//! The states that a loop went through.
//!
//! Forwards, every state before a step is a checkpoint; where memory is used up, every second one of the
//! run is dropped and half as many are made from there on. Its first stays, and where segments grow long
//! some more do whatever is left, so that segments need little memory too. Backwards, the states between two checkpoints are
//! computed again, one such segment at a time.

use super::{FEWEST, Memory, Record};

/// A stack with the states of each run of one loop: `S` is what changes from step to step, `I` what does not.
#[derive(Debug)]
pub struct Runs<S, I> {
    /// The checkpoints of all runs.
    states: Vec<S>,
    /// The states up to which a run need not ask for room for one more.
    room: usize,
    runs: Vec<Run<I>>,
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
    /// Steps until the next checkpoint.
    wait: usize,
}

/// A run that is swept backwards.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    start: usize,
    stride: usize,
    /// Checkpoints whose segments are to come, and the steps of the last of them.
    checkpoints: usize,
    last: usize,
    /// Where in the segments, or with stride 1 in the checkpoints, the states to be given begin and end.
    low: usize,
    high: usize,
    /// Where in the segments this sweep's begin.
    base: usize,
}

impl<S: Copy, I: Copy> Runs<S, I> {
    /// No runs.
    #[inline(always)]
    pub const fn new() -> Self {
        Self { states: Vec::new(), room: 0, runs: Vec::new(), segments: Vec::new() }
    }

    /// How many runs there are.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Forgets all runs but the first `len`.
    #[inline(always)]
    pub fn truncate(&mut self, len: usize) {
        if let Some(run) = self.runs.get(len) {
            self.states.truncate(run.start);
            self.runs.truncate(len);
        }
    }

    /// Starts a run.
    #[inline(always)]
    pub fn begin(&self) -> Recorder {
        Recorder { start: self.states.len(), stride: 1, wait: 0 }
    }

    /// Notes the state before a step.
    #[inline(always)]
    pub fn step(&mut self, memory: &mut Memory, recorder: &mut Recorder, state: S) {
        if recorder.wait > 0 {
            recorder.wait -= 1;
        } else if self.states.len() < self.room || self.make_room(memory, recorder) {
            self.states.push(state);
            recorder.wait = recorder.stride - 1;
        }
    }

    /// Room for one checkpoint more; or none, if the state at hand is one of those that are dropped.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, memory: &mut Memory, recorder: &mut Recorder) -> bool {
        let kept = self.states.len() - recorder.start;
        if self.states.len() == self.states.capacity() && memory.double(&mut self.states) {
            self.room = self.states.capacity();
            return true;
        }
        if kept * FEWEST < recorder.stride {
            // Only for this state: `room` stays, so that the next has to ask again.
            if self.states.len() == self.states.capacity() {
                memory.grow(&mut self.states, 1);
            }
            return true;
        }
        let run = &mut self.states[recorder.start..];
        for k in 1..kept.div_ceil(2) {
            run[k] = run[2 * k];
        }
        self.states.truncate(recorder.start + kept.div_ceil(2));
        let stride = recorder.stride;
        recorder.stride = 2 * stride;
        let dropped = !kept.is_multiple_of(2);
        if dropped {
            recorder.wait = stride - 1;
        }
        !dropped
    }

    /// Ends a run.
    #[inline(always)]
    pub fn end(&mut self, memory: &mut Memory, recorder: Recorder, fixed: I) -> Record {
        let Recorder { start, stride, wait } = recorder;
        let record = Record(self.runs.len() as u32);
        let steps = (self.states.len() - start) * stride - wait;
        memory.push(&mut self.runs, Run { start, stride, steps, fixed });
        record
    }

    /// Starts to sweep a run, and what did not change in it.
    #[inline(always)]
    pub fn sweep(&self, record: Record) -> (Sweep, I) {
        let Run { start, stride, steps, fixed } = self.runs[record.0 as usize];
        let base = self.segments.len();
        let sweep = if stride == 1 {
            Sweep { start, stride, checkpoints: 0, last: 0, low: start, high: start + steps, base }
        } else {
            let checkpoints = steps.div_ceil(stride);
            let last = steps - (checkpoints - 1) * stride;
            Sweep { start, stride, checkpoints, last, low: base, high: base, base }
        };
        (sweep, fixed)
    }

    /// The state before the step that comes next backwards; none before the first. `next` takes a step.
    ///
    /// # Errors
    /// Those of `next`.
    #[inline(always)]
    pub fn back<E>(
        &mut self,
        memory: &mut Memory,
        sweep: &mut Sweep,
        next: impl FnMut(S) -> Result<S, E>,
    ) -> Result<Option<S>, E> {
        if sweep.low == sweep.high && !self.segment(memory, sweep, next)? {
            self.segments.truncate(sweep.base);
            return Ok(None);
        }
        sweep.high -= 1;
        let states = if sweep.stride == 1 { &self.states } else { &self.segments };
        Ok(Some(states[sweep.high]))
    }

    /// Computes the states of the segment before, if there is one.
    #[cold]
    #[inline(never)]
    fn segment<E>(
        &mut self,
        memory: &mut Memory,
        sweep: &mut Sweep,
        mut next: impl FnMut(S) -> Result<S, E>,
    ) -> Result<bool, E> {
        if sweep.checkpoints == 0 {
            return Ok(false);
        }
        sweep.checkpoints -= 1;
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
        (sweep.low, sweep.high) = (sweep.base, self.segments.len());
        Ok(true)
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

    /// The states of a run of so many steps, forwards, as a sweep gives them, and how many were kept.
    fn swept(steps: usize, bytes: usize) -> (Vec<u64>, usize) {
        let mut runs: Runs<u64, ()> = Runs::new();
        let mut memory = Memory::new((bytes, 1 << 30));
        let mut recorder = runs.begin();
        for state in 0..steps as u64 {
            runs.step(&mut memory, &mut recorder, state);
        }
        let record = runs.end(&mut memory, recorder, ());
        let (mut sweep, ()) = runs.sweep(record);
        let mut states = Vec::new();
        while let Ok(Some(state)) = runs.back(&mut memory, &mut sweep, |state| Ok::<_, ()>(state + 1)) {
            states.push(state);
        }
        states.reverse();
        (states, runs.states.len())
    }

    #[test]
    fn every_state_is_given_whatever_is_kept() {
        for bytes in [0, 1 << 10, 1 << 20] {
            for steps in (1..200).chain([1000, 4096, 4097, 99_999]) {
                let (states, kept) = swept(steps, bytes);
                assert!(states.iter().copied().eq(0..steps as u64), "{steps} steps in {bytes} bytes");
                assert!(kept <= (bytes / 8).max(2 * FEWEST), "{kept} kept of {steps} in {bytes} bytes");
            }
        }
    }

    #[test]
    fn runs_after_one_another_keep_apart() {
        let mut runs: Runs<u64, u64> = Runs::new();
        let mut memory = Memory::new((0, 0));
        let records: Vec<Record> = (0..3)
            .map(|run| {
                let mut recorder = runs.begin();
                (0..1000).for_each(|k| runs.step(&mut memory, &mut recorder, 10_000 * run + k));
                runs.end(&mut memory, recorder, run)
            })
            .collect();
        for (run, record) in records.iter().enumerate().rev() {
            let (mut sweep, fixed) = runs.sweep(*record);
            assert_eq!(fixed, run as u64);
            for k in (0..1000).rev() {
                assert_eq!(
                    runs.back(&mut memory, &mut sweep, |s| Ok::<_, ()>(s + 1)),
                    Ok(Some(10_000 * fixed + k))
                );
            }
            assert_eq!(runs.back(&mut memory, &mut sweep, |s| Ok::<_, ()>(s + 1)), Ok(None));
            runs.truncate(run);
        }
        assert!(runs.is_empty() && runs.states.is_empty());
    }
}
