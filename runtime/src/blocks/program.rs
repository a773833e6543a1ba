//! A trace as a program for blocks: what is computed once, and what in every block and where.
//!
//! A number that depends on constants and uniform inputs alone is *uniform*: a trace of its own computes these once a
//! call. The others are *varying* and become steps on places: columns and uniform numbers are only read; results and
//! slots are written, and a slot serves one number after the other. What nothing asks for is left out.

use scheme_core::{
    prim::Numeric,
    trace::{Must, Operation, Slot, Trace},
};
use std::collections::HashMap;

/// What a core's first cache holds, in bytes. Columns and results pass through it; half as much for slots, or shorter
/// blocks, took longer: a step costs some twenty cycles besides what it does to its numbers.
const ROOM: usize = 32 * 1024;
/// The bytes of a vector of lanes, whatever they are made of.
const VECTOR: usize = 64;
/// How many vectors a block has at least and at most; powers of two.
const VECTORS: [usize; 2] = [8, 32];

/// Where a step finds a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Among the columns, and behind them the uniform numbers.
    Read(u32),
    /// Among the results, and behind them the slots.
    Written(u32),
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Action {
    /// Writes the row's value.
    Row(Numeric),
    /// Writes what it reads.
    Copy,
    /// Notes the lanes where the guard of this number does not hold of what it reads.
    Guard(Must, u32),
}

/// One dispatch.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Step {
    pub(super) action: Action,
    /// What it writes, which is none of its operands.
    pub(super) to: u32,
    /// The operands; one that the action does not have is the first again.
    pub(super) operands: [Place; 3],
}

/// See the [module](self).
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Program {
    /// For each input whether it is uniform.
    pub(super) uniform_inputs: Vec<bool>,
    /// The uniform numbers that steps read and guards look at, by the uniform inputs.
    pub(super) uniform: Trace,
    /// The guards of uniform numbers: which, what, and the index of the number.
    pub(super) uniform_guards: Vec<(u32, Must, usize)>,
    /// The inputs that are columns, in the order of their places.
    pub(super) columns: Vec<usize>,
    pub(super) steps: Vec<Step>,
    pub(super) results: usize,
    /// How many slots there are behind the results.
    pub(super) slots: usize,
    /// How many vectors a block has.
    pub(super) vectors: usize,
}

impl Program {
    pub(super) fn new(trace: &Trace, uniform_inputs: &[bool]) -> Self {
        let kinds = kinds(trace, uniform_inputs);
        let last_use = last_uses(trace, &kinds);
        let varying = |i: &usize| kinds[*i] == Kind::Varying && last_use[*i].is_some();
        let columns: Vec<usize> = (0..trace.inputs()).filter(varying).collect();
        let mut places = vec![None; kinds.len()];
        columns.iter().zip(0..).for_each(|(input, i)| places[*input] = Some(Place::Read(i)));
        let mut builder = Builder {
            trace,
            places,
            constants: HashMap::new(),
            uniforms: Uniforms::new(trace, &kinds, &last_use),
            columns: columns.len() as u32,
            steps: Vec::new(),
            free: Vec::new(),
            slots: 0,
            uniform_guards: Vec::new(),
            kinds,
            last_use,
        };
        builder.all();
        let Builder { kinds, uniforms, uniform_guards, steps, slots, .. } = builder;
        let Uniforms { trace: mut uniform, read, .. } = uniforms;
        uniform.give(read);
        let results = trace.results().len();
        Self {
            uniform_inputs: (0..trace.inputs()).map(|i| kinds[i] == Kind::Uniform).collect(),
            uniform,
            uniform_guards,
            vectors: vectors(slots),
            columns,
            steps,
            results,
            slots,
        }
    }
}

/// How many vectors a block has where there are so many slots: a power of two, so that leaves of sums end where blocks
/// do.
fn vectors(slots: usize) -> usize {
    let [least, most] = VECTORS;
    (ROOM / VECTOR / slots.max(1)).checked_ilog2().map_or(least, |power| 1 << power).clamp(least, most)
}

/// What a number of the trace, by its index, is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Uniform,
    Varying,
    /// The same as another number, which is varying.
    Same(Slot),
}

fn kinds(trace: &Trace, uniform_inputs: &[bool]) -> Vec<Kind> {
    let input = |i| if uniform_inputs.get(i) == Some(&true) { Kind::Uniform } else { Kind::Varying };
    let mut kinds: Vec<Kind> = (0..trace.inputs()).map(input).collect();
    for Operation { row, operands, .. } in trace.operations() {
        let varies = |slot: &Slot| !slot.is_constant() && kinds[slot.index()] != Kind::Uniform;
        let kind = match (row, operands) {
            _ if !operands.iter().any(varies) => Kind::Uniform,
            (Numeric::Identity | Numeric::StopGradient | Numeric::Min | Numeric::Max, [x]) => {
                Kind::Same(same(&kinds, *x))
            }
            _ => Kind::Varying,
        };
        kinds.push(kind);
    }
    kinds
}

/// What a slot stands for.
fn same(kinds: &[Kind], slot: Slot) -> Slot {
    match kinds.get(slot.index()) {
        Some(Kind::Same(other)) if !slot.is_constant() => *other,
        _ => slot,
    }
}

/// For each number, by its index, the operation after which nothing reads it, counted as numbers are; none where
/// nothing asks for it.
fn last_uses(trace: &Trace, kinds: &[Kind]) -> Vec<Option<usize>> {
    let mut last: Vec<Option<usize>> = vec![None; kinds.len()];
    let read = |last: &mut Vec<Option<usize>>, slot: Slot, by: usize| {
        let slot = same(kinds, slot);
        if !slot.is_constant() {
            last[slot.index()].get_or_insert(by);
        }
    };
    trace.results().iter().for_each(|slot| read(&mut last, *slot, usize::MAX));
    let mut guards: Vec<Slot> = trace.guards().iter().map(|guard| same(kinds, guard.slot)).collect();
    guards.sort_unstable();
    guards.dedup();
    for operation in trace.operations().rev() {
        let i = operation.result.index();
        let looked_at = guards.binary_search(&operation.result).is_ok();
        if looked_at {
            last[i].get_or_insert(i);
        }
        if last[i].is_some() {
            operation.operands.iter().for_each(|slot| read(&mut last, *slot, i));
        }
    }
    guards.iter().for_each(|slot| read(&mut last, *slot, slot.index()));
    last
}

/// The uniform numbers, as a trace.
struct Uniforms {
    trace: Trace,
    /// Where each number of the whole trace is here.
    slots: Vec<Option<Slot>>,
    /// Those that are read outside.
    read: Vec<Slot>,
}

impl Uniforms {
    fn new(whole: &Trace, kinds: &[Kind], last_use: &[Option<usize>]) -> Self {
        let uniform: Vec<usize> = (0..whole.inputs()).filter(|i| kinds[*i] == Kind::Uniform).collect();
        let mut uniforms = Self {
            trace: Trace::new(uniform.len() as u32),
            slots: vec![None; kinds.len()],
            read: Vec::new(),
        };
        uniform.iter().zip(0..).for_each(|(i, input)| uniforms.slots[*i] = Some(Slot::value(input)));
        for operation in whole.operations() {
            let i = operation.result.index();
            if kinds[i] == Kind::Uniform && last_use[i].is_some() {
                let operands: Vec<Slot> =
                    operation.operands.iter().map(|x| uniforms.slot(whole, *x)).collect();
                uniforms.slots[i] = Some(uniforms.trace.push(operation.row, &operands, operation.place));
            }
        }
        uniforms
    }

    fn slot(&mut self, whole: &Trace, slot: Slot) -> Slot {
        match whole.constant_at(slot) {
            Some(x) => self.trace.constant(x),
            None => self.slots[slot.index()].unwrap_or(slot),
        }
    }

    /// The index of a number among those that are read.
    fn read(&mut self, whole: &Trace, slot: Slot) -> usize {
        let slot = self.slot(whole, slot);
        self.read.push(slot);
        self.read.len() - 1
    }
}

struct Builder<'t> {
    trace: &'t Trace,
    kinds: Vec<Kind>,
    last_use: Vec<Option<usize>>,
    /// Where each number is, so far.
    places: Vec<Option<Place>>,
    /// Where each constant is, by its bits.
    constants: HashMap<u64, Place>,
    uniforms: Uniforms,
    uniform_guards: Vec<(u32, Must, usize)>,
    columns: u32,
    steps: Vec<Step>,
    /// The slots that hold nothing, the last written behind.
    free: Vec<u32>,
    slots: usize,
}

impl Builder<'_> {
    fn all(&mut self) {
        let trace = self.trace;
        let mut guards: Vec<(Slot, Must, u32)> = Vec::new();
        for (guard, i) in trace.guards().iter().zip(0..) {
            let slot = same(&self.kinds, guard.slot);
            if slot.is_constant() || self.kinds[slot.index()] == Kind::Uniform {
                let number = self.uniforms.read(trace, slot);
                self.uniform_guards.push((i, guard.must, number));
            } else {
                guards.push((slot, guard.must, i));
            }
        }
        guards.sort_by_key(|(slot, ..)| *slot);
        let mut guards = guards.into_iter().peekable();
        let mut guards_up_to = |builder: &mut Self, slot: Slot| {
            while let Some((slot, must, i)) = guards.next_if(|(guarded, ..)| *guarded <= slot) {
                let operand = builder.place(slot);
                builder.step(Action::Guard(must, i), 0, &[operand]);
            }
        };
        // A result that an operation gives is written where it is wanted.
        let mut given: HashMap<Slot, u32> = HashMap::new();
        for (slot, k) in trace.results().iter().zip(0..) {
            given.entry(same(&self.kinds, *slot)).or_insert(k);
        }
        for operation in trace.operations() {
            let i = operation.result.index();
            if self.kinds[i] != Kind::Varying || self.last_use[i].is_none() {
                continue;
            }
            guards_up_to(self, Slot::value(trace.inputs().saturating_sub(1) as u32));
            self.operation(&operation, given.get(&operation.result).copied());
            guards_up_to(self, operation.result);
            if self.last_use[i] == Some(i) {
                self.release(operation.result);
            }
        }
        guards_up_to(self, Slot::constant(0));
        for (slot, k) in trace.results().iter().zip(0..) {
            let from = self.place(same(&self.kinds, *slot));
            if from != Place::Written(k) {
                self.step(Action::Copy, k, &[from]);
            }
        }
    }

    /// The steps of a varying operation, the last of which writes to that result, or else to a slot.
    fn operation(&mut self, operation: &Operation<'_>, result: Option<u32>) {
        let i = operation.result.index();
        let operands: Vec<Slot> = operation.operands.iter().map(|slot| same(&self.kinds, *slot)).collect();
        let places: Vec<Place> = operands.iter().map(|slot| self.place(*slot)).collect();
        let action = Action::Row(operation.row);
        let to = match (operation.row, &places[..]) {
            // From the left, two by two.
            (Numeric::Min | Numeric::Max, [first, rest @ .., last]) => {
                let mut best = *first;
                let mut held = None;
                for place in rest {
                    let to = self.slot();
                    self.step(action, to, &[best, *place]);
                    self.free.extend(held.replace(to));
                    best = Place::Written(to);
                }
                let to = result.unwrap_or_else(|| self.slot());
                self.step(action, to, &[best, *last]);
                self.free.extend(held);
                to
            }
            (_, places) => {
                let to = result.unwrap_or_else(|| self.slot());
                self.step(action, to, places);
                to
            }
        };
        self.places[i] = Some(Place::Written(to));
        for slot in operands.iter().filter(|slot| !slot.is_constant()) {
            if self.last_use[slot.index()] == Some(i) {
                self.release(*slot);
            }
        }
    }

    fn step(&mut self, action: Action, to: u32, operands: &[Place]) {
        let first = operands.first().copied().unwrap_or(Place::Read(0));
        let operand = |k: usize| operands.get(k).copied().unwrap_or(first);
        self.steps.push(Step { action, to, operands: [operand(0), operand(1), operand(2)] });
    }

    /// Where a number is.
    fn place(&mut self, slot: Slot) -> Place {
        let known = match self.trace.constant_at(slot) {
            Some(x) => self.constants.get(&x.to_bits()).copied(),
            None => self.places[slot.index()],
        };
        known.unwrap_or_else(|| {
            let place = Place::Read(self.columns + self.uniforms.read(self.trace, slot) as u32);
            match self.trace.constant_at(slot) {
                Some(x) => _ = self.constants.insert(x.to_bits(), place),
                None => self.places[slot.index()] = Some(place),
            }
            place
        })
    }

    /// A slot that holds nothing.
    fn slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            (self.trace.results().len() + self.slots - 1) as u32
        })
    }

    /// Nothing reads the number any more.
    fn release(&mut self, slot: Slot) {
        // Taken, as an operand may be there twice.
        if let Some(Place::Written(at)) = self.places[slot.index()].take() {
            self.free.extend((at >= self.trace.results().len() as u32).then_some(at));
        }
    }
}
