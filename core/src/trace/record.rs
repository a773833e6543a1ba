//! The record of a run: a trace whose operations on matrices are whole.
//!
//! What a run does is recorded number by number, but a product of matrices has `2mnp` operations on `mn + np` numbers, and what an
//! elimination does depends on its numbers. A [`Record`] has such an operation as one: its results take a place each, its
//! operands are listed once. The record knows two forms of itself: [`steps`](Record::steps), for what runs whole
//! operations as such; and, if products are all of them, [`trace`](Record::trace), in which they are the multiplications and
//! additions that they are defined as, in that order, for whatever works number by number. What is written of a trace, less
//! repeated work or with a gradient, is written of a record by the same code, which reads both as a [`View`].

use super::{Guard, Must, Operation, Slot, Trace};
use crate::{
    anf::{Graph, Op},
    prim::{Numeric, Whole},
    real::Real,
    span::Span,
};
use std::borrow::Cow;

/// What a record does next.
#[derive(Clone, Copy, Debug)]
pub enum Step<'r> {
    /// An operation.
    Operation(Operation<'r>),
    /// An operation on whole matrices: its result is the first of as many slots as it gives elements.
    Whole(Whole, Operation<'r>),
}

/// A trace whose operations on matrices are whole; see the module.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Record {
    /// A whole operation is as many entries as it has results, all of the row `identity`, and all but the first without operands.
    pub(super) trace: Trace,
    /// The entries that whole operations begin at, rising.
    wholes: Vec<(u32, Whole)>,
}

/// A record, or a trace, that is read.
#[derive(Clone, Copy)]
pub(super) struct View<'r> {
    pub(super) trace: &'r Trace,
    wholes: &'r [(u32, Whole)],
}

impl Trace {
    /// As a record without operations on whole matrices.
    pub(super) fn view(&self) -> View<'_> {
        View { trace: self, wholes: &[] }
    }
}

impl<'r> View<'r> {
    /// What it does, in the order of the run.
    pub(super) fn steps(self) -> impl Iterator<Item = Step<'r>> {
        let Self { trace, wholes } = self;
        let mut wholes = wholes.iter().peekable();
        let mut at = 0;
        std::iter::from_fn(move || {
            let operation = (at < trace.len()).then(|| trace.operation(at))?;
            if let Some((_, whole)) = wholes.next_if(|(first, _)| *first as usize == at) {
                at += whole.results();
                return Some(Step::Whole(*whole, operation));
            }
            at += 1;
            Some(Step::Operation(operation))
        })
    }

    /// Its results at inputs, as [`Trace::evaluate`] has them.
    pub(super) fn evaluate<A: Real<Mask = bool>>(self, inputs: &[A]) -> Result<Vec<A>, usize> {
        let trace = self.trace;
        let given = inputs.iter().copied().chain(std::iter::repeat(A::lit(f64::NAN)));
        let mut values: Vec<A> = given.take(trace.inputs()).collect();
        let read = |values: &[A], slot: Slot| match trace.constant_at(slot) {
            Some(x) => A::lit(x),
            None => values[slot.index()],
        };
        let mut guards = trace.guards().iter().enumerate().peekable();
        for step in self.steps() {
            let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
            let operands: Vec<A> = operation.operands.iter().map(|slot| read(&values, *slot)).collect();
            match step {
                Step::Operation(_) => values.push(operation.row.on(&operands)),
                Step::Whole(whole, _) => values.extend(whole.on(&operands)),
            }
            let done = values.len() - trace.inputs();
            while let Some((i, guard)) = guards.next_if(|(_, guard)| guard.after as usize <= done) {
                if !guard.must.holds(read(&values, guard.slot).primal()) {
                    return Err(i);
                }
            }
        }
        match guards.find(|(_, guard)| !guard.must.holds(read(&values, guard.slot).primal())) {
            Some((i, _)) => Err(i),
            None => Ok(trace.results().iter().map(|slot| read(&values, *slot)).collect()),
        }
    }
}

impl From<Trace> for Record {
    fn from(trace: Trace) -> Self {
        Self { trace, wholes: Vec::new() }
    }
}

impl Record {
    /// An empty one, of that many inputs.
    pub fn new(inputs: u32) -> Self {
        Trace::new(inputs).into()
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        self.trace.inputs()
    }

    /// How many numbers it computes: results of operations, and elements of those on matrices.
    pub fn len(&self) -> usize {
        self.trace.len()
    }

    /// Whether it computes nothing.
    pub fn is_empty(&self) -> bool {
        self.trace.is_empty()
    }

    /// The constants.
    pub fn constants(&self) -> &[f64] {
        self.trace.constants()
    }

    /// The guards, in the order of the run; `after` counts numbers, as [`len`](Self::len).
    pub fn guards(&self) -> &[Guard] {
        self.trace.guards()
    }

    /// The constant, if it is one.
    pub fn constant_at(&self, slot: Slot) -> Option<f64> {
        self.trace.constant_at(slot)
    }

    /// Where the results are.
    pub fn results(&self) -> &[Slot] {
        self.trace.results()
    }

    /// Where the program asked for what a slot holds, as of operations; 0 for inputs and constants.
    pub fn place(&self, slot: Slot) -> u32 {
        self.trace.place(slot)
    }

    /// The operations on whole matrices in it.
    pub fn wholes(&self) -> impl ExactSizeIterator<Item = Whole> {
        self.wholes.iter().map(|(_, whole)| *whole)
    }

    /// How many operations it has where products are written out.
    pub fn written_out(&self) -> usize {
        self.wholes().fold(self.len(), |sum, whole| sum - whole.results() + operations(whole))
    }

    /// Whether it has a trace: no operations on whole matrices but products.
    pub fn has_trace(&self) -> bool {
        self.wholes().all(|whole| matches!(whole, Whole::Product { .. }))
    }

    /// The slot of a constant.
    #[inline]
    pub fn constant(&mut self, x: f64) -> Slot {
        self.trace.constant(x)
    }

    /// Adds an operation and gives the slot of its result.
    #[inline]
    pub fn push(&mut self, row: Numeric, operands: &[Slot], place: u32) -> Slot {
        self.trace.push(row, operands, place)
    }

    /// Adds an operation on whole matrices, given as their elements, row by row; gives the first slot of the elements of its
    /// result, of which there are some.
    pub fn push_whole(&mut self, whole: Whole, operands: &[Slot], place: u32) -> Slot {
        let first = self.trace.push(Numeric::Identity, operands, place);
        self.wholes.push((self.trace.len() as u32 - 1, whole));
        for _ in 1..whole.results() {
            self.trace.push(Numeric::Identity, &[], place);
        }
        first
    }

    /// Adds a guard: the run decided by what is at `slot`.
    #[inline]
    pub fn guard(&mut self, slot: Slot, must: Must, place: u32) {
        self.trace.guard(slot, must, place);
    }

    /// Ends the record: says where the results are.
    pub fn give(&mut self, results: Vec<Slot>) {
        self.trace.give(results);
        self.wholes.shrink_to_fit();
    }

    /// The bytes that it takes, places included, and while it is not ended the room for more.
    pub fn bytes(&self) -> usize {
        self.trace.bytes() + self.wholes.capacity() * size_of::<(u32, Whole)>()
    }

    /// What it does, in the order of the run.
    ///
    /// ```
    /// use scheme_core::{prim::Whole, trace::{Record, Slot, Step}};
    ///
    /// let mut record = Record::new(3);
    /// let (v, two) = ([0, 1, 2].map(Slot::value), record.constant(2.0));
    /// let first = record.push_whole(Whole::Product { m: 1, n: 2, p: 1 }, &[v[0], v[1], two, v[2]], 0);
    /// record.give(vec![first]);
    /// assert!(matches!(record.steps().next(), Some(Step::Whole(..))));
    /// assert_eq!(record.trace().map(|trace| trace.to_string()).as_deref(), Some("trace(v0, v1, v2) {
    ///   v3: real = mul v0 2.0
    ///   v4: real = mul v1 v2
    ///   v5: real = add v3 v4
    ///   give v5
    /// }
    /// "));
    /// ```
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.view().steps()
    }

    pub(super) fn view(&self) -> View<'_> {
        View { trace: &self.trace, wholes: &self.wholes }
    }

    /// Its results at inputs, of which a missing one is nan, or the first guard that does not hold, by its index.
    ///
    /// # Errors
    /// The guard.
    pub fn evaluate<A: Real<Mask = bool>>(&self, inputs: &[A]) -> Result<Vec<A>, usize> {
        self.view().evaluate(inputs)
    }

    /// The trace, products written out; none if there are other operations on whole matrices.
    pub fn trace(&self) -> Option<Cow<'_, Trace>> {
        match self.without_products() {
            Cow::Borrowed(record) if record.wholes.is_empty() => Some(Cow::Borrowed(&record.trace)),
            Cow::Owned(record) if record.wholes.is_empty() => Some(Cow::Owned(record.trace)),
            _ => None,
        }
    }

    /// The trace, as [`trace`](Self::trace) has it.
    pub fn into_trace(self) -> Option<Trace> {
        if self.wholes.is_empty() { Some(self.trace) } else { self.trace().map(Cow::into_owned) }
    }

    /// What it does, products written out and other operations on whole matrices as one each, as a graph; parameters and
    /// results are those of [`Trace::graph`].
    pub fn graph(&self, name: &str, inputs: &[String], span: impl Fn(u32) -> Option<Span>) -> Graph {
        let record = self.without_products();
        let mut graph = record.trace.graph(name, inputs, span);
        let mut entries = std::mem::take(&mut graph.body.insts).into_iter();
        let mut wholes = record.wholes.iter().peekable();
        let mut at = 0;
        while let Some(mut inst) = entries.next() {
            if let Some((_, whole)) = wholes.next_if(|(first, _)| *first == at) {
                inst.op = Op::Whole(*whole);
                inst.results.extend(entries.by_ref().take(whole.results() - 1).flat_map(|rest| rest.results));
            }
            at += inst.results.len() as u32;
            graph.body.insts.push(inst);
        }
        graph
    }

    /// The same with products as the multiplications and additions that they are.
    pub fn without_products(&self) -> Cow<'_, Self> {
        if !self.wholes().any(|whole| matches!(whole, Whole::Product { .. })) {
            return Cow::Borrowed(self);
        }
        let mut out = Self::new(self.trace.inputs);
        let mut slots: Vec<Slot> = (0..self.trace.inputs).map(Slot::value).collect();
        let at = |out: &mut Self, slots: &[Slot], slot: Slot| match self.trace.constant_at(slot) {
            Some(x) => out.constant(x),
            None => slots[slot.index()],
        };
        // How many numbers are written for the first so many.
        let mut counts = vec![0];
        for step in self.steps() {
            let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
            let operands = operation.operands.iter().map(|slot| at(&mut out, &slots, *slot));
            let operands: Vec<Slot> = operands.collect();
            match step {
                Step::Operation(Operation { row, place, .. }) => slots.push(out.push(row, &operands, place)),
                Step::Whole(Whole::Product { m, n, p }, Operation { place, .. }) => {
                    write_out(&mut out.trace, [m, n, p], &operands, place, &mut slots);
                }
                Step::Whole(whole, Operation { place, .. }) => {
                    let first = out.push_whole(whole, &operands, place).index() as u32;
                    slots.extend((first..).take(whole.results()).map(Slot::value));
                }
            }
            counts.resize(slots.len() + 1 - self.inputs(), out.len() as u32);
        }
        for guard in self.guards() {
            let after = counts.get(guard.after as usize).copied().unwrap_or(guard.after);
            let slot = at(&mut out, &slots, guard.slot);
            out.trace.guards.push(Guard { slot, after, ..*guard });
        }
        let results = self.results().iter().map(|slot| at(&mut out, &slots, *slot)).collect();
        out.give(results);
        Cow::Owned(out)
    }
}

/// How many operations one on whole matrices is: a product its multiplications and additions.
fn operations(whole: Whole) -> usize {
    match whole {
        Whole::Product { n, .. } => whole.results() * (2 * n as usize).saturating_sub(1),
        Whole::Det(_)
        | Whole::Logdet(_)
        | Whole::Cofactors(_)
        | Whole::Inv(_)
        | Whole::Solve { .. }
        | Whole::Cholesky(_) => 1,
    }
}

/// Adds the multiplications and additions that a product is; puts the slots of its elements behind the others.
fn write_out(trace: &mut Trace, sizes: [u32; 3], operands: &[Slot], place: u32, slots: &mut Vec<Slot>) {
    let [m, n, p] = sizes.map(|size| size as usize);
    let (left, right) = operands.split_at(m * n);
    for row in left.chunks_exact(n) {
        for column in 0..p {
            let mut sum = None;
            for (x, y) in row.iter().zip(right.iter().skip(column).step_by(p)) {
                let term = trace.push(Numeric::Mul, &[*x, *y], place);
                sum = Some(match sum {
                    Some(sum) => trace.push(Numeric::Add, &[sum, term], place),
                    None => term,
                });
            }
            slots.extend(sum);
        }
    }
}
