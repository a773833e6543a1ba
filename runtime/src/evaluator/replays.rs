//! Runs of a program replayed, where they take a path that is known.
//!
//! The first run of a path goes through the evaluator alone, the second one is recorded, and those after it replay
//! its trace: the same values to the bit, and the same derivatives, without interpretation. A run that leaves the paths which
//! are known goes through the evaluator again. So do runs that fail, whose errors are the evaluator's; those whose
//! trace outgrows its limit; and those whose value has no form of its own, being cut off as text.
//!
//! Paths belong to the form of the inputs, all that is no number in them included. Clones of a program share them, and threads do.

use super::{
    CallError, StringProgram,
    describe::Replayed,
    inputs::Given,
    paths::{Miss, Paths},
};
use crate::{
    answer::Answer,
    blocks::Blocks,
    machine::Limits,
    replay::{Broken, Replay, Scratch},
    tape::Tapes,
};
use scheme_core::{diag::Code, trace::Trace};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// For how many forms of inputs paths are kept.
const MOST_FORMS: usize = 8;

/// For how many choices of inputs to differentiate by a path keeps code.
const MOST_CHOICES: usize = 4;

/// What is known of a program's runs.
#[derive(Debug, Default)]
pub(super) struct Traces(RwLock<Vec<Arc<Form>>>);

/// The runs on inputs of one form.
#[derive(Debug)]
pub(super) struct Form {
    /// Inputs of the form.
    inputs: Vec<Answer>,
    pub(super) paths: RwLock<Paths<Arc<Path>>>,
    /// Why the last run that had no path of its own had none.
    unfit: RwLock<Option<Unfit>>,
}

/// Why a run is no path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unfit {
    /// Its trace outgrew its limit.
    Long,
    /// Its value is cut off as text.
    Formless,
}

/// A way that runs take.
#[derive(Debug)]
pub(super) struct Path {
    trace: Trace,
    /// A value of the form that it gives.
    answer: Answer,
    /// How many steps the evaluator took.
    steps: u64,
    /// Whether its numbers are rounded as `f32`: constants are where they are read.
    single: bool,
    replays: RwLock<Vec<Arc<Replay>>>,
    blocks: RwLock<Vec<(Choice, Arc<Blocks>)>>,
}

/// What the evaluator does for derivatives after a run: sweeps through its tape, and how many numbers they give.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) sweeps: u64,
    pub(super) numbers: u64,
}

impl Work {
    /// One sweep for one derivative.
    pub(super) fn once(_results: usize) -> Self {
        Self { sweeps: 1, numbers: 1 }
    }
}

/// What blocks are made for: the inputs to differentiate by, if there are any, and which are the same in every row.
type Choice = (Option<Vec<usize>>, Vec<bool>);

pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Traces {
    /// What is known of runs on such inputs, unless there are too many forms.
    pub(super) fn form(&self, given: &Given<'_>) -> Option<Arc<Form>> {
        let is_it = |form: &&Arc<Form>| {
            let pairs = form.inputs.iter().zip(&given.all);
            pairs.into_iter().all(|(known, (given, _))| known.is_alike(given))
        };
        if let Some(form) = read(&self.0).iter().find(is_it) {
            return Some(form.clone());
        }
        let mut forms = write(&self.0);
        if forms.len() >= MOST_FORMS {
            return None;
        }
        let form = Form {
            inputs: given.all.iter().map(|(given, _)| (*given).clone()).collect(),
            paths: RwLock::default(),
            unfit: RwLock::default(),
        };
        forms.push(Arc::new(form));
        forms.last().cloned()
    }
}

impl Traces {
    /// All of it in numbers.
    pub(super) fn described(&self) -> Replayed {
        let mut replayed = Replayed::default();
        for form in read(&self.0).iter() {
            for [operations, guards, bytes] in read(&form.paths).iter().map(|path| path.size()) {
                replayed.paths += 1;
                replayed.operations += operations;
                replayed.guards += guards;
                replayed.bytes += bytes;
            }
            match *read(&form.unfit) {
                Some(Unfit::Long) => replayed.outgrown = true,
                Some(Unfit::Formless) => replayed.formless = true,
                None => {}
            }
        }
        replayed
    }
}

impl Form {
    /// The path that a decision leads to, with its number.
    pub(super) fn known(&self, miss: Miss) -> Option<(u32, Arc<Path>)> {
        let paths = read(&self.paths);
        let node = paths.after(miss)?;
        Some((node, paths.path(node)?.clone()))
    }

    /// What `follow` makes of the path that holds, if one does.
    pub(super) fn find<T>(&self, follow: impl FnMut(&Arc<Path>) -> Result<T, usize>) -> Option<T> {
        read(&self.paths).find(follow).ok()
    }

    /// The path that `record` gives, if it is worth keeping for so many runs, with its number if it is kept. No path is
    /// recorded for a while when it gives none.
    pub(super) fn made(
        &self,
        miss: Miss,
        runs: usize,
        record: impl FnOnce() -> Result<Result<Path, Unfit>, CallError>,
    ) -> Result<Option<(Option<u32>, Arc<Path>)>, CallError> {
        if !write(&self.paths).is_worth_keeping(miss, runs) {
            return Ok(None);
        }
        match record()? {
            Ok(path) => {
                let path = Arc::new(path);
                Ok(Some((self.keep(miss, &path), path)))
            }
            Err(unfit) => {
                *write(&self.unfit) = Some(unfit);
                write(&self.paths).pause();
                Ok(None)
            }
        }
    }

    fn keep(&self, miss: Miss, path: &Arc<Path>) -> Option<u32> {
        write(&self.paths).keep(miss, path.clone(), path.trace.len())
    }
}

impl Path {
    /// How many operations and guards it has, and the bytes of all that is kept for it but code for rows.
    fn size(&self) -> [usize; 3] {
        let code: usize = read(&self.replays).iter().map(|replay| replay.bytes()).sum();
        [self.trace.len(), self.trace.guards().len(), self.trace.bytes() + code]
    }

    /// Its code for derivatives by some of the trace's inputs.
    pub(super) fn replay(&self, wrt: &[usize]) -> Arc<Replay> {
        if let Some(replay) = read(&self.replays).iter().find(|replay| replay.wrt() == wrt) {
            return replay.clone();
        }
        // Values are those of the merged trace; sums of derivatives are not.
        let replay = if wrt.is_empty() {
            Replay::new(&self.trace.merged(), wrt)
        } else {
            Replay::new(&self.trace, wrt)
        };
        let replay = Arc::new(if self.single { replay.single() } else { replay });
        let mut replays = write(&self.replays);
        if replays.len() == MOST_CHOICES {
            replays.remove(0);
        }
        replays.push(replay.clone());
        replay
    }

    /// Its code for rows: the value, and the gradient by some of the trace's inputs, if it is asked for and there is one.
    pub(super) fn blocks(&self, wrt: Option<&[usize]>, uniform: &[bool]) -> Option<Arc<Blocks>> {
        let is_it = |((by, same), _): &&(Choice, Arc<Blocks>)| by.as_deref() == wrt && same == uniform;
        if let Some((_, blocks)) = read(&self.blocks).iter().find(is_it) {
            return Some(blocks.clone());
        }
        let blocks = Arc::new(match wrt {
            Some(_) if !self.gives_a_number() => return None,
            Some(wrt) => Blocks::new(&self.trace.with_gradient(0, wrt)?, uniform),
            None => Blocks::new(&self.trace.merged(), uniform),
        });
        let mut known = write(&self.blocks);
        if known.len() == MOST_CHOICES {
            known.remove(0);
        }
        known.push(((wrt.map(<[usize]>::to_vec), uniform.to_vec()), blocks.clone()));
        Some(blocks)
    }

    /// Whether the evaluator would surely come through, with so many sweeps through its tape that give so many numbers.
    pub(super) fn is_within(&self, limits: &Limits, Work { sweeps, numbers }: Work) -> bool {
        // An operation of many operands takes several entries.
        let entries = (2 * self.trace.len() + self.trace.inputs()) as u64;
        let steps = self.steps.saturating_add(entries.saturating_mul(sweeps));
        let tape = sweeps == 0
            || entries <= limits.trace
                && entries.saturating_mul(Tapes::ENTRY_BYTES as u64) <= limits.trace_bytes;
        steps <= limits.steps && tape && numbers <= limits.cells as u64
    }

    /// The trace, and the value of the run that it is of.
    pub(super) fn into_parts(self) -> (Trace, Answer) {
        (self.trace, self.answer)
    }

    /// Whether its value is a number.
    pub(super) fn gives_a_number(&self) -> bool {
        self.answer.number().is_some()
    }

    /// Its value, of these numbers.
    pub(super) fn answer(&self, numbers: &[f64]) -> Answer {
        let mut numbers = numbers.iter();
        let rounded = |x: f64| if self.single { f64::from(x as f32) } else { x };
        self.answer.replaced(&mut || rounded(numbers.next().copied().unwrap_or(f64::NAN)).into())
    }
}

impl StringProgram {
    /// What `make` reads from the replay of a known path, if this run takes one, and the evaluator's `work` for so
    /// many results is within the limits. `make` gives nothing where the evaluator is to say what is wrong.
    pub(super) fn replayed<T>(
        &self,
        given: &Given<'_>,
        work: impl Fn(usize) -> Work,
        make: impl FnMut(&Path, &Replay, &[f64], &mut Scratch) -> Result<Option<T>, Broken>,
    ) -> Option<Result<T, CallError>> {
        let form = self.traces.form(given)?;
        let (x, wrt) = self.numbers(given);
        let mut follow = self.follower(&x, &wrt, work, make);
        let miss = match read(&form.paths).find(|path| follow(path)) {
            Ok(made) => return made.map(Ok),
            Err(miss) => miss,
        };
        let made = form.made(miss, 1, || self.recorded(given, &x)).transpose()?;
        match made {
            Ok((_, path)) => follow(&path).ok().flatten().map(Ok),
            Err(error) => outgrown(error),
        }
    }

    /// The same of a run that is recorded where its path is not known, kept or not.
    pub(super) fn recorded_and_replayed<T>(
        &self,
        given: &Given<'_>,
        work: impl Fn(usize) -> Work,
        make: impl FnMut(&Path, &Replay, &[f64], &mut Scratch) -> Result<Option<T>, Broken>,
    ) -> Option<Result<T, CallError>> {
        let (x, wrt) = self.numbers(given);
        let mut follow = self.follower(&x, &wrt, work, make);
        let form = self.traces.form(given);
        let miss = form.as_ref().map(|form| read(&form.paths).find(|path| follow(path)));
        let miss = match miss {
            Some(Ok(made)) => return made.map(Ok),
            Some(Err(miss)) => Some(miss),
            None => None,
        };
        let path = match self.recorded(given, &x) {
            Ok(path) => Arc::new(path.ok()?),
            Err(error) => return outgrown(error),
        };
        if let (Some(form), Some(miss)) = (form, miss)
            && write(&form.paths).is_worth_keeping(miss, 1)
        {
            form.keep(miss, &path);
        }
        follow(&path).ok().flatten().map(Ok)
    }

    /// Makes something of a path, unless a guard breaks.
    fn follower<T>(
        &self,
        x: &[f64],
        wrt: &[usize],
        work: impl Fn(usize) -> Work,
        mut make: impl FnMut(&Path, &Replay, &[f64], &mut Scratch) -> Result<Option<T>, Broken>,
    ) -> impl FnMut(&Arc<Path>) -> Result<Option<T>, usize> {
        move |path| {
            if !path.is_within(&self.interpreter.limits, work(path.trace.results().len())) {
                return Ok(None);
            }
            let replay = path.replay(wrt);
            Scratch::with(|scratch| make(path, &replay, x, scratch)).map_err(|broken| broken.guard)
        }
    }

    /// All numbers of the inputs, and which of them derivatives are taken by, in the order of `given.moving`.
    pub(super) fn numbers(&self, given: &Given<'_>) -> (Vec<f64>, Vec<usize>) {
        let (mut x, mut wrt) = (Vec::with_capacity(given.all.len()), vec![0; given.moving.len()]);
        for (value, first) in &given.all {
            let start = x.len();
            value.each_number(&mut |number| x.push(self.interpreter.rounded(number)));
            if let Some(places) = first.and_then(|first| wrt.get_mut(first..)) {
                places.iter_mut().zip(start..x.len()).for_each(|(place, i)| *place = i);
            }
        }
        (x, wrt)
    }

    /// The path of a run, recorded as the evaluator takes it.
    pub(super) fn recorded(&self, given: &Given<'_>, x: &[f64]) -> Result<Result<Path, Unfit>, CallError> {
        let mut first = 0;
        let moving = given.all.iter().map(|(value, _)| {
            let here = (*value, Some(first));
            value.each_number(&mut |_| first += 1);
            here
        });
        let moving = Given { all: moving.collect(), by: Vec::new(), moving: Vec::new() };
        let mut machine = self.machine();
        let value = self.run_on(&mut machine, &moving, &mut |machine| Ok(machine.record(x)))?;
        let (answer, trace) = machine.traced(value);
        if answer.is_cut() {
            return Ok(Err(Unfit::Formless));
        }
        let Some(trace) = trace else { return Ok(Err(Unfit::Long)) };
        Ok(Ok(Path {
            trace,
            answer,
            steps: machine.steps(),
            single: self.interpreter.single,
            replays: RwLock::default(),
            blocks: RwLock::default(),
        }))
    }
}

/// What an error of a recorded run says of the run itself: nothing where the record is what did not fit, since that
/// of a plain run is smaller.
fn outgrown<T>(error: CallError) -> Option<Result<T, CallError>> {
    (!matches!(error.code, Code::Trace | Code::Tape | Code::Memory)).then_some(Err(error))
}
