//! A trace as code for blocks: steps on places.
//!
//! Inputs and constants are only read; results and slots are written, and a slot serves one number after the other. A step
//! costs some dozens of instructions besides what it does to its numbers, and each of these goes through memory. So an
//! operation of arithmetic becomes a step with what reads it ([`fusion`](super::fusion)), a comparison with its guard, and the sine of an
//! angle with the cosine.

use super::{
    fusion::{Fusion, reads},
    pairs::Pair,
};
use scheme_core::{
    prim::Numeric,
    trace::{Must, Operation, Slot, Trace},
};
use std::collections::HashMap;

/// Where a step finds a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Among the inputs, and behind them the constants.
    Read(u32),
    /// Among the results, and behind them the slots.
    Written(u32),
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Action {
    /// Writes the row's value.
    Row(Numeric),
    /// Writes the value of a few rows, one of the others.
    Pair(Pair),
    /// Writes the sine, and here the cosine.
    Angle(u32),
    /// Writes what it reads.
    Copy,
    /// Notes the lanes where the guard of this number does not hold of what it reads.
    Guard(Must, u32),
    /// Notes the lanes where the row does not give what the guard of this number wants.
    Test(Numeric, bool, u32),
}

/// One dispatch.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Step {
    pub(super) action: Action,
    /// What it writes, which is none of its operands.
    pub(super) to: u32,
    /// The operands; those that the action does not have are the first again.
    pub(super) operands: [Place; 5],
}

/// See the [module](self).
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Code {
    pub(super) constants: Vec<f64>,
    pub(super) steps: Vec<Step>,
    pub(super) results: usize,
    /// How many slots there are behind the results.
    pub(super) slots: usize,
    /// For each step the least number of a guard behind it.
    pub(super) least: Vec<u32>,
}

impl Action {
    /// The number of the guard that it is.
    fn guard(self) -> Option<u32> {
        match self {
            Self::Guard(_, guard) | Self::Test(_, _, guard) => Some(guard),
            _ => None,
        }
    }
}

impl Code {
    /// The code of a trace, whose guards are known by these numbers.
    pub(super) fn new(trace: &Trace, guards: &[u32]) -> Self {
        let units = Units::of(trace, guards);
        let mut builder = Builder {
            last: units.last_reads(),
            places: vec![None; units.numbers as usize],
            inputs: trace.inputs() as u32,
            constants: HashMap::new(),
            code: Self {
                constants: Vec::new(),
                steps: Vec::new(),
                results: units.results.len(),
                slots: 0,
                least: Vec::new(),
            },
            free: Vec::new(),
        };
        builder.all(&units);
        let mut code = builder.code;
        let mut least = u32::MAX;
        code.least = vec![least; code.steps.len()];
        for (i, step) in code.steps.iter().enumerate().rev() {
            code.least[i] = least;
            least = least.min(step.action.guard().unwrap_or(least));
        }
        code
    }

    /// The steps that guards before this one need, as far as they are none of its own.
    pub(super) fn before(&self, guard: u32) -> &[Step] {
        let is_before = |step: &Step| step.action.guard().is_some_and(|other| other < guard);
        &self.steps[..self.steps.iter().rposition(is_before).map_or(0, |last| last + 1)]
    }

    /// How many places are written.
    pub(super) fn written(&self) -> usize {
        self.results + self.slots
    }
}

/// What a step is to read.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// A number of the trace, by its index; or behind these one between the operands of a row that has many.
    Number(u32),
    /// A constant, by its bits.
    Constant(u64),
}

/// A step to be, on numbers.
struct Unit {
    action: Action,
    /// The number that it gives, and a second one.
    gives: [Option<u32>; 2],
    operands: [Source; 5],
}

/// The steps in order.
struct Units {
    all: Vec<Unit>,
    results: Vec<Source>,
    /// How many numbers there are.
    numbers: u32,
}

impl Units {
    fn of(trace: &Trace, guards: &[u32]) -> Self {
        let operations: Vec<Operation<'_>> = trace.operations().collect();
        let source = |slot: Slot| match trace.constant_at(slot) {
            Some(x) => Source::Constant(x.to_bits()),
            None => Source::Number(slot.index() as u32),
        };
        let mut units = Self {
            all: Vec::with_capacity(operations.len() + guards.len()),
            results: trace.results().iter().map(|slot| source(*slot)).collect(),
            numbers: (trace.inputs() + operations.len()) as u32,
        };
        let reads = reads(trace);
        let angles = angles(&operations);
        let Fusion { pairs, is_within } = Fusion::of(trace, &operations, &reads, source);

        let guards = trace.guards().iter().zip(guards).map(|(guard, i)| (guard.slot, guard.must, *i));
        let is_computed = |slot: Slot| !slot.is_constant() && slot.index() >= trace.inputs();
        let (mut guarded, others): (Vec<_>, Vec<_>) = guards.partition(|(slot, ..)| is_computed(*slot));
        for (slot, must, guard) in others {
            units.push(Action::Guard(must, guard), [None; 2], &[source(slot)]);
        }
        guarded.sort_by_key(|(slot, ..)| *slot);
        let mut guarded = guarded.into_iter().peekable();
        for (i, operation) in operations.iter().enumerate().filter(|(i, _)| !is_within[*i]) {
            let number = operation.result.index() as u32;
            let operands: Vec<Source> = operation.operands.iter().map(|slot| source(*slot)).collect();
            let compares = reads[number as usize].times == 1 && COMPARISONS.contains(&operation.row);
            let tests = |(slot, must, _): &(Slot, Must, u32)| {
                compares && *slot == operation.result && matches!(must, Must::Be(_))
            };
            match (guarded.next_if(tests), pairs[i], angles[i]) {
                (Some((_, must, guard)), ..) => {
                    let expected = must == Must::Be(true);
                    units.push(Action::Test(operation.row, expected, guard), [None; 2], &operands);
                }
                (None, Some((pair, operands)), _) => {
                    units.push(Action::Pair(pair), [Some(number), None], &operands);
                }
                (None, None, Some([sin, cos])) if i == sin.min(cos) => {
                    let numbers = [sin, cos].map(|i| Some(operations[i].result.index() as u32));
                    units.push(Action::Angle(0), numbers, &operands);
                }
                (None, None, Some(_)) => {}
                (None, None, None) => units.row(operation.row, number, &operands),
            }
            while let Some((_, must, guard)) = guarded.next_if(|(slot, ..)| *slot == operation.result) {
                units.push(Action::Guard(must, guard), [None; 2], &[Source::Number(number)]);
            }
        }
        units
    }

    fn row(&mut self, row: Numeric, number: u32, operands: &[Source]) {
        match (row, operands) {
            // From the left, two by two.
            (Numeric::Min | Numeric::Max, [first, rest @ .., last]) => {
                let mut best = *first;
                for operand in rest {
                    self.push(Action::Row(row), [Some(self.numbers), None], &[best, *operand]);
                    best = Source::Number(self.numbers);
                    self.numbers += 1;
                }
                self.push(Action::Row(row), [Some(number), None], &[best, *last]);
            }
            _ => self.push(Action::Row(row), [Some(number), None], operands),
        }
    }

    fn push(&mut self, action: Action, gives: [Option<u32>; 2], operands: &[Source]) {
        let first = operands.first().copied().unwrap_or(Source::Constant(0));
        let operand = |k: usize| operands.get(k).copied().unwrap_or(first);
        self.all.push(Unit { action, gives, operands: [0, 1, 2, 3, 4].map(operand) });
    }

    /// For each number the step after which nothing reads it.
    fn last_reads(&self) -> Vec<usize> {
        let mut last = vec![usize::MAX; self.numbers as usize];
        for (i, unit) in self.all.iter().enumerate() {
            let given = unit.gives.into_iter().flatten().map(Source::Number);
            for operand in given.chain(unit.operands) {
                if let Source::Number(number) = operand {
                    last[number as usize] = i;
                }
            }
        }
        for result in &self.results {
            if let Source::Number(number) = result {
                last[*number as usize] = usize::MAX;
            }
        }
        last
    }
}

/// Comparisons that become a step with a guard.
const COMPARISONS: [Numeric; 5] =
    [Numeric::Less, Numeric::LessEq, Numeric::Greater, Numeric::GreaterEq, Numeric::Equal];

/// For each sine and cosine of an angle that has both, which operations these are.
fn angles(operations: &[Operation<'_>]) -> Vec<Option<[usize; 2]>> {
    let mut of_angle: HashMap<Slot, [Option<usize>; 2]> = HashMap::new();
    for (i, operation) in operations.iter().enumerate() {
        match (operation.row, operation.operands) {
            (Numeric::Sin, [x]) => of_angle.entry(*x).or_default()[0] = Some(i),
            (Numeric::Cos, [x]) => of_angle.entry(*x).or_default()[1] = Some(i),
            _ => {}
        }
    }
    let mut angles = vec![None; operations.len()];
    for both in of_angle.values() {
        if let [Some(sin), Some(cos)] = *both {
            (angles[sin], angles[cos]) = (Some([sin, cos]), Some([sin, cos]));
        }
    }
    angles
}

struct Builder {
    /// For each number the step after which nothing reads it.
    last: Vec<usize>,
    /// Where each number is, so far.
    places: Vec<Option<Place>>,
    inputs: u32,
    /// Which constant is behind the inputs, by its bits.
    constants: HashMap<u64, u32>,
    code: Code,
    /// The slots that hold nothing, the last written behind.
    free: Vec<u32>,
}

impl Builder {
    fn all(&mut self, units: &Units) {
        (0..self.inputs).for_each(|i| self.places[i as usize] = Some(Place::Read(i)));
        // A result that a step gives is written where it is wanted.
        let mut wanted: HashMap<Source, u32> = HashMap::new();
        for (result, k) in units.results.iter().zip(0..) {
            wanted.entry(*result).or_insert(k);
        }
        for (i, unit) in units.all.iter().enumerate() {
            let operands = unit.operands.map(|operand| self.place(operand));
            let [to, also] = unit.gives.map(|number| {
                let number = number?;
                let to = wanted.get(&Source::Number(number)).copied().unwrap_or_else(|| self.slot());
                self.places[number as usize] = Some(Place::Written(to));
                Some(to)
            });
            let action = match (unit.action, also) {
                (Action::Angle(_), Some(also)) => Action::Angle(also),
                (action, _) => action,
            };
            self.code.steps.push(Step { action, to: to.unwrap_or(0), operands });
            let given = unit.gives.into_iter().flatten().map(Source::Number);
            given.chain(unit.operands).for_each(|number| self.release(number, i));
        }
        for (result, k) in units.results.iter().zip(0..) {
            let from = self.place(*result);
            if from != Place::Written(k) {
                self.code.steps.push(Step { action: Action::Copy, to: k, operands: [from; 5] });
            }
        }
    }

    /// Where a number is.
    fn place(&mut self, source: Source) -> Place {
        match source {
            Source::Number(number) => self.places[number as usize].unwrap_or(Place::Read(0)),
            Source::Constant(bits) => {
                let constants = &mut self.code.constants;
                let i = *self.constants.entry(bits).or_insert_with(|| {
                    constants.push(f64::from_bits(bits));
                    constants.len() as u32 - 1
                });
                Place::Read(self.inputs + i)
            }
        }
    }

    /// A slot that holds nothing.
    fn slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.code.slots += 1;
            self.code.written() as u32 - 1
        })
    }

    /// Frees the slot of a number that no step after this one reads.
    fn release(&mut self, source: Source, step: usize) {
        let Source::Number(number) = source else { return };
        if self.last[number as usize] != step {
            return;
        }
        // Taken, as an operand may be there twice.
        if let Some(Place::Written(at)) = self.places[number as usize].take() {
            self.free.extend((at as usize >= self.code.results).then_some(at));
        }
    }
}
