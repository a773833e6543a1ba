//! Runs of a program replayed, where they take a path that is known.
//!
//! The first run of a path goes through the evaluator alone, the second one is recorded, and those after it replay
//! its trace: the same values to the bit, and the same derivatives, without interpretation. A run that leaves the paths which
//! are known goes through the evaluator again. So do runs that fail, whose errors are the evaluator's; those that may not
//! be within the limits; those whose trace outgrows its own; and those whose value has no form of its own, being cut off as text.
//!
//! Paths belong to the form of the inputs, all that is no number in them included. Clones of a program share them, and threads do.

use super::{
    CallError, StringProgram,
    describe::Replayed,
    inputs::Given,
    paths::{MOST, Miss, Paths, SEVERAL},
};
use crate::{
    answer::Answer,
    blocks::Blocks,
    machine::Limits,
    replay::{Broken, Gradient, Replay, Scratch},
    tape::{MOST_OPERATIONS, Tapes},
};
use scheme_core::{
    prim::Whole,
    trace::{Record, Step, Trace},
};
use std::{
    borrow::Cow,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

/// For how many forms of inputs paths are kept.
pub(super) const MOST_FORMS: usize = 8;

/// How many paths are joined, and how many operations they may have together.
const MOST_JOINED: usize = 4;
const MOST_TOGETHER: usize = 512;

/// How many bytes the paths of all forms take at most.
const MOST_BYTES: u64 = 1 << 29;

/// How far from its limits a run must be to be replayed: so many times what it takes.
const MARGIN: u64 = 4;

/// For how many choices of inputs to differentiate by a path keeps code.
const MOST_CHOICES: usize = 16;

/// A few values by their keys; the oldest makes room.
#[derive(Debug)]
struct Few<K, V>(RwLock<Vec<(K, V)>>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K, V: Clone> Few<K, V> {
    fn find(&self, is_it: impl Fn(&K) -> bool) -> Option<V> {
        read(&self.0).iter().find(|(key, _)| is_it(key)).map(|(_, value)| value.clone())
    }

    fn keep(&self, key: K, value: V) -> V {
        let mut known = write(&self.0);
        if known.len() == MOST_CHOICES {
            known.remove(0);
        }
        known.push((key, value.clone()));
        value
    }
}

/// What is known of a program's runs.
#[derive(Debug, Default)]
pub(super) struct Traces(RwLock<Forms>);

/// The forms that inputs had.
#[derive(Debug, Default)]
struct Forms {
    kept: Vec<Arc<Form>>,
    /// How often forms were met.
    clock: AtomicU64,
    /// How many made room.
    dropped: usize,
}

/// The runs on inputs of one form.
#[derive(Debug)]
pub(super) struct Form {
    /// Inputs of the form.
    inputs: Vec<Answer>,
    /// When it was met last.
    met: AtomicU64,
    pub(super) paths: RwLock<Paths<Arc<Path>>>,
    /// Code for rows of a few paths together, or that there is none, by how many paths had been kept.
    joined: Few<(Choice, u32), Option<Arc<Blocks>>>,
    /// Why the last run that had no path of its own had none.
    unfit: RwLock<Option<Unfit>>,
}

/// Why a run is no path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unfit {
    /// Its trace outgrew its limit.
    Long,
    /// There was no room to keep it.
    Heavy,
    /// Its value is cut off as text.
    Formless,
}

/// A way that runs take.
#[derive(Debug)]
pub(super) struct Path {
    record: Arc<Record>,
    /// A value of the form that it gives.
    answer: Answer,
    /// How many steps the evaluator took.
    steps: u64,
    /// How many entries its derivatives may take on the evaluator's tape.
    entries: u64,
    /// Whether its numbers are rounded as `f32`: constants are where they are read.
    single: bool,
    /// By the inputs to differentiate by.
    replays: Few<Vec<usize>, Arc<Replay>>,
    gradients: Few<Vec<usize>, Arc<Gradient>>,
    blocks: Few<Choice, Arc<Blocks>>,
}

/// What the evaluator does for derivatives after a run: sweeps through its tape, and how many numbers they give.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) sweeps: u64,
    pub(super) numbers: u64,
}

impl Work {
    /// One sweep for one derivative.
    pub(super) const ONCE: Self = Self { sweeps: 1, numbers: 1 };

    /// That of a row, with its gradient or without.
    fn of_row(wrt: Option<&[usize]>) -> Self {
        if wrt.is_some() { Self::ONCE } else { Self::default() }
    }
}

/// The results at a row, or the guard that it breaks.
type RowResult = Result<Vec<f64>, Broken>;

/// What blocks are made for: the inputs to differentiate by, if that is asked for, and which are the same in every row.
type Choice = (Option<Vec<usize>>, Vec<bool>);

fn is_choice((by, same): &Choice, wrt: Option<&[usize]>, uniform: &[bool]) -> bool {
    by.as_deref() == wrt && same == uniform
}

fn choice(wrt: Option<&[usize]>, uniform: &[bool]) -> Choice {
    (wrt.map(<[usize]>::to_vec), uniform.to_vec())
}

pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Traces {
    /// What is known of runs on such inputs. The form that was not met for the longest time makes room.
    pub(super) fn form(&self, given: &Given<'_>, limits: &Limits) -> Arc<Form> {
        let is_it = |form: &&Arc<Form>| {
            let pairs = form.inputs.iter().zip(&given.all);
            pairs.into_iter().all(|(known, (given, _))| known.is_alike(given))
        };
        let known = |forms: &Forms| {
            let form = forms.kept.iter().find(is_it)?;
            // Threads that meet one form again and again write nothing.
            if form.met.load(Relaxed) + 1 != forms.clock.load(Relaxed) {
                form.met.store(forms.clock.fetch_add(1, Relaxed), Relaxed);
            }
            Some(form.clone())
        };
        if let Some(form) = known(&read(&self.0)) {
            return form;
        }
        let mut forms = write(&self.0);
        // Another thread may have met it meanwhile.
        if let Some(form) = known(&forms) {
            return form;
        }
        // All forms together take no more than the record of one run may.
        let bytes = limits.trace_bytes.min(MOST_BYTES) as usize / MOST_FORMS;
        let form = Arc::new(Form {
            inputs: given.all.iter().map(|(given, _)| (*given).clone()).collect(),
            paths: RwLock::new(Paths::new(bytes)),
            joined: Few::default(),
            unfit: RwLock::default(),
            met: AtomicU64::new(forms.clock.fetch_add(1, Relaxed)),
        });
        if forms.kept.len() >= MOST_FORMS
            && let Some(oldest) = (0..forms.kept.len()).min_by_key(|i| forms.kept[*i].met.load(Relaxed))
        {
            forms.kept.remove(oldest);
            forms.dropped += 1;
        }
        forms.kept.push(form.clone());
        form
    }

    /// All of it in numbers.
    pub(super) fn described(&self) -> Replayed {
        let forms = read(&self.0);
        let mut replayed = Replayed { forms_dropped: forms.dropped, ..Replayed::default() };
        for form in &forms.kept {
            for path in read(&form.paths).iter() {
                let [operations, guards, bytes] = path.size();
                replayed.whole |= path.is_whole();
                replayed.paths += 1;
                replayed.operations += operations;
                replayed.guards += guards;
                replayed.bytes += bytes;
            }
            match *read(&form.unfit) {
                Some(Unfit::Long) => replayed.outgrown = true,
                Some(Unfit::Heavy) => replayed.heavy = true,
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
        paths.after(miss).map(|(node, path)| (node, path.clone()))
    }

    /// What `follow` makes of the path that holds, if one does, or the decision that leads to none.
    pub(super) fn find<T>(&self, mut follow: impl FnMut(&Arc<Path>) -> Result<T, usize>) -> Result<T, Miss> {
        let mut miss = Miss::START;
        // Each step is further along the run's decisions; paths that are replaced meanwhile have an end, too.
        for _ in 0..=MOST {
            let Some((node, path)) = self.known(miss) else { break };
            match follow(&path) {
                Ok(value) => {
                    read(&self.paths).followed(node, true);
                    return Ok(value);
                }
                Err(guard) => miss = Miss::broken(node, guard),
            }
        }
        Err(miss)
    }

    /// One of a few short paths that give numbers, and code that serves the rows of all of them.
    pub(super) fn joined(
        &self,
        wrt: Option<&[usize]>,
        uniform: &[bool],
        limits: &Limits,
    ) -> Option<(Arc<Path>, Arc<Blocks>)> {
        let (kept, paths) = {
            let paths = read(&self.paths);
            let few = (2..=MOST_JOINED).contains(&paths.iter().count());
            (paths.kept_ever(), few.then(|| paths.iter().cloned().collect::<Vec<_>>())?)
        };
        let first = paths.first()?.clone();
        if let Some(blocks) = self.joined.find(|(choice, at)| *at == kept && is_choice(choice, wrt, uniform))
        {
            return Some((first, blocks?));
        }
        let work = Work::of_row(wrt);
        let fits = |path: &Arc<Path>| path.gives_a_number() && path.is_within(limits, work);
        let blocks = if paths.iter().all(fits) {
            let traces: Option<Vec<Trace>> = paths.iter().map(|path| path.asked(wrt)).collect();
            let short = traces.filter(|traces| traces.iter().map(Trace::len).sum::<usize>() <= MOST_TOGETHER);
            let joined = short.and_then(|traces| Trace::either(&traces));
            joined.map(|joined| Arc::new(Blocks::new(&joined, uniform)))
        } else {
            None
        };
        let blocks = self.joined.keep((choice(wrt, uniform), kept), blocks);
        Some((first, blocks?))
    }

    /// The path that `record` gives, if it is worth keeping for so many runs or wanted `anyway`, with its number if it is
    /// kept. The evaluator is to say how a run fails.
    pub(super) fn made(
        &self,
        miss: Miss,
        runs: usize,
        anyway: bool,
        record: impl FnOnce() -> Result<Result<Path, Unfit>, CallError>,
    ) -> Option<(Option<u32>, Arc<Path>)> {
        let worth = write(&self.paths).is_worth_keeping(miss, runs);
        // What is too large to keep still serves several rows at once.
        let serves = runs >= SEVERAL && *read(&self.unfit) == Some(Unfit::Heavy);
        if !worth && !anyway && !serves {
            return None;
        }
        let recorded = record();
        if let Ok(Err(unfit)) = recorded {
            *write(&self.unfit) = Some(unfit);
        }
        let Ok(Ok(path)) = recorded else {
            write(&self.paths).failed(miss);
            return None;
        };
        let path = Arc::new(path);
        if !worth {
            return Some((None, path));
        }
        let mut paths = write(&self.paths);
        let node = paths.keep(miss, path.clone(), path.weight());
        if node.is_none() {
            paths.failed(miss);
            *write(&self.unfit) = Some(Unfit::Heavy);
        }
        Some((node, path))
    }
}

impl Path {
    /// The bytes that it takes, with the code that is made of it, roughly.
    fn weight(&self) -> usize {
        let mut items = 0;
        self.answer.each_number(&mut |_| items += 1);
        4 * self.record.bytes() + items * size_of::<Answer>() + size_of::<Self>()
    }

    /// How many operations and guards it has, and its weight.
    fn size(&self) -> [usize; 3] {
        [self.record.len(), self.record.guards().len(), self.weight()]
    }

    /// Its code for derivatives by some of the trace's inputs.
    pub(super) fn replay(&self, wrt: &[usize]) -> Arc<Replay> {
        if let Some(replay) = self.replays.find(|by| by == wrt) {
            return replay;
        }
        // Values are those of the merged trace; sums of derivatives are not.
        let replay =
            if wrt.is_empty() { Replay::of(&self.merged(), wrt) } else { Replay::of(&self.record, wrt) };
        self.replays.keep(wrt.to_vec(), Arc::new(if self.single { replay.single() } else { replay }))
    }

    /// Its code for its value, a number, and the gradient by some of the trace's inputs.
    pub(super) fn gradient(&self, wrt: &[usize]) -> Arc<Gradient> {
        if let Some(gradient) = self.gradients.find(|by| by == wrt) {
            return gradient;
        }
        let gradient = Gradient::new(self.record.clone(), self.replay(wrt));
        self.gradients.keep(wrt.to_vec(), Arc::new(gradient))
    }

    /// Its code for rows: the value, and the gradient by some of the trace's inputs, if it is asked for and there is one.
    /// Nothing if the evaluator may not come through within the limits.
    pub(super) fn blocks(
        &self,
        wrt: Option<&[usize]>,
        uniform: &[bool],
        limits: &Limits,
    ) -> Option<Arc<Blocks>> {
        if !self.is_within(limits, Work::of_row(wrt)) {
            return None;
        }
        if let Some(blocks) = self.blocks.find(|choice| is_choice(choice, wrt, uniform)) {
            return Some(blocks);
        }
        let blocks = Arc::new(Blocks::new(&self.asked(wrt)?, uniform));
        Some(self.blocks.keep(choice(wrt, uniform), blocks))
    }

    /// Its results at a row, and the gradient by some of its inputs behind them, if it is asked for; for a path that has no
    /// code for rows, as it has operations on whole matrices. Nothing where it has not what is asked for, or the evaluator may
    /// not come through within the limits.
    pub(super) fn row(&self, wrt: Option<&[usize]>, limits: &Limits) -> Option<impl Fn(&[f64]) -> RowResult> {
        let serves = self.is_whole() && (wrt.is_none() || self.gives_a_number());
        if !serves || !self.is_within(limits, Work::of_row(wrt)) {
            return None;
        }
        let (value, gradient) = match wrt {
            None => (Some(self.replay(&[])), None),
            Some(wrt) => (None, Some(self.gradient(wrt))),
        };
        let single = self.single;
        let rounded = move |x: &f64| if single { f64::from(*x as f32) } else { *x };
        Some(move |x: &[f64]| {
            Scratch::with(|scratch| match (&value, &gradient) {
                (_, Some(gradient)) => {
                    let (value, gradient) = gradient.value_and_grad(x, scratch)?;
                    Ok(std::iter::once(&value).chain(gradient).map(rounded).collect())
                }
                (Some(value), None) => Ok(value.value(x, scratch)?.iter().map(rounded).collect()),
                (None, None) => Ok(Vec::new()),
            })
        })
    }

    /// The record, merged if it is a trace.
    fn merged(&self) -> Cow<'_, Record> {
        match self.record.trace() {
            Some(trace) if self.record.wholes().len() == 0 => Cow::Owned(trace.merged().into()),
            _ => Cow::Borrowed(&self.record),
        }
    }

    /// Whether it has a trace, products written out, that is not too long.
    fn has_trace(&self) -> bool {
        self.record.has_trace() && self.is_short()
    }

    /// Whether it is not too long, products written out.
    fn is_short(&self) -> bool {
        self.record.written_out() as u64 <= MOST_OPERATIONS
    }

    /// Whether it has operations on whole matrices that no trace has.
    pub(super) fn is_whole(&self) -> bool {
        !self.record.has_trace()
    }

    /// The trace, if there is one that is not too long.
    fn trace(&self) -> Option<Cow<'_, Trace>> {
        if self.has_trace() { self.record.trace() } else { None }
    }

    /// The trace of the value, and of the gradient by some inputs behind it, if it is asked for and there is one.
    fn asked(&self, wrt: Option<&[usize]>) -> Option<Trace> {
        match wrt {
            Some(wrt) if self.gives_a_number() => self.trace()?.with_gradient(0, wrt),
            Some(_) => None,
            None => Some(self.trace()?.merged()),
        }
    }

    /// Whether the evaluator would surely come through, with so many sweeps through its tape that give so many numbers.
    pub(super) fn is_within(&self, limits: &Limits, Work { sweeps, numbers }: Work) -> bool {
        let entries = self.entries;
        let steps = self.steps.saturating_add(entries.saturating_mul(sweeps));
        let bytes = entries.saturating_mul(Tapes::ENTRY_BYTES as u64);
        let tape = sweeps == 0 || entries <= limits.trace && bytes <= limits.trace_bytes;
        steps <= limits.steps && tape && numbers <= u64::from(limits.cells)
    }

    /// The record, if it is not too long.
    pub(super) fn into_record(self) -> Option<Record> {
        let fits = self.is_short();
        Some(Arc::unwrap_or_clone(self.record)).filter(|_| fits)
    }

    /// The trace, if there is one that is not too long, and the value of the run that it is of.
    pub(super) fn into_parts(self) -> Option<(Trace, Answer)> {
        let fits = self.has_trace();
        let trace = Arc::unwrap_or_clone(self.record).into_trace().filter(|_| fits)?;
        Some((trace, self.answer))
    }

    /// How many numbers its value has.
    pub(super) fn results(&self) -> usize {
        self.record.results().len()
    }

    /// So much work, if its value is a number.
    pub(super) fn of_a_number(&self, work: Work) -> Option<Work> {
        self.gives_a_number().then_some(work)
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

/// How many entries of the evaluator's tape the derivatives of a run may take.
fn entries(record: &Record) -> u64 {
    let of = |step: Step<'_>| match step {
        // An operation of many operands takes several, and one that inner derivatives see takes more bytes.
        Step::Operation(operation) => MARGIN * (1 + operation.operands.len() as u64),
        Step::Whole(whole, _) => MARGIN * entries_of(whole),
    };
    MARGIN * record.inputs() as u64 + record.steps().map(of).sum::<u64>()
}

/// How many terms the sums of an operation's derivatives have, at most.
fn entries_of(whole: Whole) -> u64 {
    let (operands, results) = (whole.operands() as u64, whole.results() as u64);
    let terms = match whole {
        Whole::Product { n, .. } => results.saturating_mul(u64::from(n)),
        Whole::Det(_) | Whole::Logdet(_) => operands,
        Whole::Inv(n) | Whole::Solve { n, .. } => results.saturating_mul(2 * u64::from(n)),
        Whole::Cholesky(n) => results.saturating_mul(3 * u64::from(n)),
        Whole::Cofactors(_) => results.saturating_mul(operands),
    };
    terms.saturating_add(results.saturating_mul(4))
}

impl StringProgram {
    /// What `make` reads from a path that is known, by some of its inputs, at these, or recorded if that is worth it. Nothing where the
    /// evaluator may not do the `work` for it within the limits, or where that is none since it is to say what is wrong.
    pub(super) fn replayed<T>(
        &self,
        given: &Given<'_>,
        work: impl Fn(&Path) -> Option<Work>,
        make: impl FnMut(&Path, &[usize], &[f64], &mut Scratch) -> Result<T, Broken>,
    ) -> Option<T> {
        self.replayed_or_recorded(given, false, work, make)
    }

    /// The same, of a path that is recorded `anyway`, kept or not.
    pub(super) fn replayed_or_recorded<T>(
        &self,
        given: &Given<'_>,
        anyway: bool,
        work: impl Fn(&Path) -> Option<Work>,
        mut make: impl FnMut(&Path, &[usize], &[f64], &mut Scratch) -> Result<T, Broken>,
    ) -> Option<T> {
        let limits = &self.interpreter.limits;
        let form = self.traces.form(given, limits);
        let (x, wrt) = self.numbers(given);
        let mut follow = |path: &Arc<Path>| {
            let serves = work(path).is_some_and(|work| path.is_within(limits, work));
            let made = Scratch::with(|scratch| {
                if serves {
                    return make(path, &wrt, &x, scratch).map(Some);
                }
                // That another path does not serve says nothing of this run.
                path.replay(&[]).value(&x, scratch).map(|_| None)
            });
            made.map_err(|broken| broken.guard)
        };
        match form.find(&mut follow) {
            Ok(made) => made,
            Err(miss) => {
                let (_, path) = form.made(miss, 1, anyway, || self.recorded(given, &x))?;
                follow(&path).ok().flatten()
            }
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
        let (answer, record) = machine.traced(value);
        if answer.is_cut() {
            return Ok(Err(Unfit::Formless));
        }
        let Some(record) = record else {
            return Ok(Err(Unfit::Long));
        };
        Ok(Ok(Path {
            entries: entries(&record),
            record: Arc::new(record),
            answer,
            steps: machine.steps(),
            single: self.interpreter.single,
            replays: Few::default(),
            gradients: Few::default(),
            blocks: Few::default(),
        }))
    }
}
