//! A path: the record of one run, and the code that follows it, at a point or over rows.
//!
//! It serves wherever its guards hold and the machine would come through, by a margin, within its limits. Code is made when it is asked for
//! the first time, for the inputs to differentiate by, and kept.

use crate::{
    answer::Answer,
    blocks::Blocks,
    machine::{Limits, Machine},
    replay::{Broken, Gradient, Replay, Scratch},
    tape::{MOST_OPERATIONS, Tapes},
    value::Value,
};
use scheme_core::{
    prim::Whole,
    trace::{Record, Step, Trace},
};
use std::{
    borrow::Cow,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

/// How far from its limits a run must be to be replayed: so many times what it takes.
const MARGIN: u64 = 4;

/// For how many choices of inputs to differentiate by a path keeps code.
const MOST_CHOICES: usize = 16;

/// A few values by their keys; the oldest makes room.
#[derive(Debug)]
pub(super) struct Few<K, V>(RwLock<Vec<(K, V)>>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K, V: Clone> Few<K, V> {
    pub(super) fn find(&self, is_it: impl Fn(&K) -> bool) -> Option<V> {
        read(&self.0).iter().find(|(key, _)| is_it(key)).map(|(_, value)| value.clone())
    }

    pub(super) fn keep(&self, key: K, value: V) -> V {
        let mut known = write(&self.0);
        if known.len() == MOST_CHOICES {
            known.remove(0);
        }
        known.push((key, value.clone()));
        value
    }
}

/// Why a run is no path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    /// Its trace outgrew its limit.
    Long,
    /// There was no room to keep it.
    Heavy,
    /// Its value is cut off as text.
    Formless,
}

/// A way that runs take.
#[derive(Debug)]
pub(crate) struct Path {
    record: Arc<Record>,
    /// A value of the form that it gives.
    answer: Answer,
    /// How many steps the machine took.
    steps: u64,
    /// How many entries its derivatives may take on the machine's tape.
    entries: u64,
    /// Whether its numbers are rounded as `f32`: constants are where they are read.
    single: bool,
    /// Whether its derivatives are summed otherwise than the record's are.
    direct: bool,
    /// By the inputs to differentiate by.
    replays: Few<Vec<usize>, Arc<Replay>>,
    gradients: Few<Vec<usize>, Arc<Gradient>>,
    blocks: Few<Choice, Arc<Blocks>>,
}

/// What the machine does for derivatives after a run: sweeps through its tape, and how many numbers they give.
#[derive(Clone, Copy, Default)]
pub(crate) struct Work {
    pub(crate) sweeps: u64,
    pub(crate) numbers: u64,
}

impl Work {
    /// One sweep for one derivative.
    pub(crate) const ONCE: Self = Self { sweeps: 1, numbers: 1 };

    /// That of a row, with its gradient or without.
    pub(super) fn of_row(wrt: Option<&[usize]>) -> Self {
        if wrt.is_some() { Self::ONCE } else { Self::default() }
    }
}

/// The results at a row, or the guard that it breaks.
type RowResult = Result<Vec<f64>, Broken>;

/// What blocks are made for: the inputs to differentiate by, if that is asked for, and which are the same in every row.
pub(super) type Choice = (Option<Vec<usize>>, Vec<bool>);

pub(super) fn is_choice((by, same): &Choice, wrt: Option<&[usize]>, uniform: &[bool]) -> bool {
    by.as_deref() == wrt && same == uniform
}

pub(super) fn choice(wrt: Option<&[usize]>, uniform: &[bool]) -> Choice {
    (wrt.map(<[usize]>::to_vec), uniform.to_vec())
}

pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

impl Path {
    /// The path of a run that was recorded on this machine and gave a value; whether runs that are not take derivatives
    /// through direct code.
    pub(crate) fn of(machine: &mut Machine, value: Value, single: bool, direct: bool) -> Result<Self, Unfit> {
        let (answer, record) = machine.traced(value);
        if answer.is_cut() {
            return Err(Unfit::Formless);
        }
        let record = record.ok_or(Unfit::Long)?;
        Ok(Self {
            entries: entries(&record),
            record: Arc::new(record),
            answer,
            steps: machine.steps(),
            single,
            direct,
            replays: Few::default(),
            gradients: Few::default(),
            blocks: Few::default(),
        })
    }

    /// The bytes that it takes, with the code that is made of it, roughly.
    pub(super) fn weight(&self) -> usize {
        let mut items = 0;
        self.answer.each_number(&mut |_| items += 1);
        4 * self.record.bytes() + items * size_of::<Answer>() + size_of::<Self>()
    }

    /// How many operations and guards it has, and its weight.
    pub(super) fn size(&self) -> [usize; 3] {
        [self.record.len(), self.record.guards().len(), self.weight()]
    }

    /// Its code for derivatives by some of the trace's inputs.
    pub(crate) fn replay(&self, wrt: &[usize]) -> Arc<Replay> {
        if let Some(replay) = self.replays.find(|by| by == wrt) {
            return replay;
        }
        // Values are those of the merged trace; sums of derivatives are not.
        let replay =
            if wrt.is_empty() { Replay::of(&self.merged(), wrt) } else { Replay::of(&self.record, wrt) };
        self.replays.keep(wrt.to_vec(), Arc::new(if self.single { replay.single() } else { replay }))
    }

    /// Its code for its value, a number, and the gradient by some of the trace's inputs.
    pub(crate) fn gradient(&self, wrt: &[usize]) -> Arc<Gradient> {
        if let Some(gradient) = self.gradients.find(|by| by == wrt) {
            return gradient;
        }
        let gradient = Gradient::new(self.record.clone(), self.replay(wrt));
        self.gradients.keep(wrt.to_vec(), Arc::new(gradient))
    }

    /// Its code for rows: the value, and the gradient by some of the trace's inputs, if it is asked for and there is one.
    /// Nothing if the machine may not come through within the limits.
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
    /// code for rows, as it has operations on whole matrices. Nothing where it has not what is asked for, or the machine may
    /// not come through within the limits.
    pub(super) fn row(&self, wrt: Option<&[usize]>, limits: &Limits) -> Option<impl Fn(&[f64]) -> RowResult> {
        let serves = self.is_whole() && (wrt.is_none() || self.gives_a_number() && !self.direct);
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
    pub(crate) fn is_whole(&self) -> bool {
        !self.record.has_trace()
    }

    /// The trace, if there is one that is not too long.
    fn trace(&self) -> Option<Cow<'_, Trace>> {
        if self.has_trace() { self.record.trace() } else { None }
    }

    /// The trace of the value, and of the gradient by some inputs behind it, if it is asked for and there is one.
    pub(super) fn asked(&self, wrt: Option<&[usize]>) -> Option<Trace> {
        match wrt {
            Some(wrt) if self.gives_a_number() && !self.direct => self.trace()?.with_gradient(0, wrt),
            Some(_) => None,
            None => Some(self.trace()?.merged()),
        }
    }

    /// Whether the machine would surely come through, with so many sweeps through its tape that give so many numbers.
    pub(crate) fn is_within(&self, limits: &Limits, Work { sweeps, numbers }: Work) -> bool {
        let entries = self.entries;
        let steps = self.steps.saturating_add(entries.saturating_mul(sweeps));
        let bytes = entries.saturating_mul(Tapes::ENTRY_BYTES as u64);
        let tape = sweeps == 0 || entries <= limits.trace && bytes <= limits.trace_bytes;
        steps <= limits.steps && tape && numbers <= u64::from(limits.cells)
    }

    /// The record, if it is not too long.
    pub(crate) fn into_record(self) -> Option<Record> {
        let fits = self.is_short();
        Some(Arc::unwrap_or_clone(self.record)).filter(|_| fits)
    }

    /// The trace, if there is one that is not too long, and the value of the run that it is of.
    pub(crate) fn into_parts(self) -> Option<(Trace, Answer)> {
        let fits = self.has_trace();
        let trace = Arc::unwrap_or_clone(self.record).into_trace().filter(|_| fits)?;
        Some((trace, self.answer))
    }

    /// How many numbers its value has.
    pub(crate) fn results(&self) -> usize {
        self.record.results().len()
    }

    /// So much work, if its value is a number.
    pub(crate) fn of_a_number(&self, work: Work) -> Option<Work> {
        self.gives_a_number().then_some(work)
    }

    /// Whether its value is a number.
    pub(crate) fn gives_a_number(&self) -> bool {
        self.answer.number().is_some()
    }

    /// Its value, of these numbers.
    pub(crate) fn answer(&self, numbers: &[f64]) -> Answer {
        let mut numbers = numbers.iter();
        let rounded = |x: f64| if self.single { f64::from(x as f32) } else { x };
        self.answer.replaced(&mut || rounded(numbers.next().copied().unwrap_or(f64::NAN)).into())
    }
}

/// How many entries of the machine's tape the derivatives of a run may take.
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
