//! Strands: sums, differences, products and quotients as they come, and rounds, which are a few of them again and again.
//!
//! What an operation gives goes to the next two in registers; through memory it takes three times as long as a sum. What an
//! operation of a strand does is chosen by branches, which processors foresee over hundreds of operations, where of jumps to
//! one of many places they foresee few. A round has a loop of its own ([`Round::ALL`]), in which nothing is chosen and the third
//! last result is in a register, too.

use super::code::Op;
use scheme_core::prim::Numeric;

/// Where an operand of a step is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Place {
    /// What the operation before gave.
    Last,
    /// What the one before that gave.
    Before,
    /// What the one before these two gave, which rounds have at hand.
    Third,
    /// Anything else.
    Slot,
}

/// What an operation of a strand does, and where its operands are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step(u8);

impl Step {
    /// The bits of a row: a sum or difference, rather than a product or quotient, and the inverse of the two.
    const ADDS: u8 = 1;
    const INVERTS: u8 = 2;
    /// The bits of the places, none of which is for the last result and a slot.
    const OTHER: u8 = 4;
    const FAR: u8 = 8;
    const TURNED: u8 = 16;
    const THIRD: u8 = 32;

    const MUL: u8 = 0;
    const ADD: u8 = Self::ADDS;
    const DIV: u8 = Self::INVERTS;
    const SUB: u8 = Self::ADDS | Self::INVERTS;

    const LAST_SLOT: u8 = 0;
    const SLOT_SLOT: u8 = Self::FAR;
    const THIRD_SLOT: u8 = Self::FAR | Self::THIRD;
    const BEFORE_SLOT: u8 = Self::OTHER;
    const SLOT_LAST: u8 = Self::OTHER | Self::TURNED;
    const LAST_BEFORE: u8 = Self::OTHER | Self::FAR;
    const BEFORE_LAST: u8 = Self::OTHER | Self::FAR | Self::TURNED;

    /// The bits of a row, if it is one of the four.
    pub(super) fn bits(row: Numeric) -> Option<u8> {
        match row {
            Numeric::Add => Some(Self::ADD),
            Numeric::Sub => Some(Self::SUB),
            Numeric::Mul => Some(Self::MUL),
            Numeric::Div => Some(Self::DIV),
            _ => None,
        }
    }

    /// The step of a row with these bits that writes a slot. Operands of sums and products may change places, which
    /// changes no bit.
    pub(super) fn new(bits: u8, op: &mut Op, at: u32) -> Self {
        let place = |slot: u32| match at - slot {
            1 => Place::Last,
            2 => Place::Before,
            3 => Place::Third,
            _ => Place::Slot,
        };
        if bits & Self::INVERTS == 0 && place(op[0]) > place(op[1]) {
            op.swap(0, 1);
        }
        let places = match op.map(place) {
            [Place::Last, Place::Before] => Self::LAST_BEFORE,
            [Place::Before, Place::Last] => Self::BEFORE_LAST,
            [Place::Last, _] => Self::LAST_SLOT,
            [_, Place::Last] => Self::SLOT_LAST,
            [Place::Before, _] => Self::BEFORE_SLOT,
            [Place::Third, Place::Slot] => Self::THIRD_SLOT,
            [Place::Third | Place::Slot, _] => Self::SLOT_SLOT,
        };
        Self(bits | places)
    }

    /// Its row.
    pub(super) fn row(self) -> Numeric {
        match (self.has(Self::ADDS), self.has(Self::INVERTS)) {
            (false, false) => Numeric::Mul,
            (false, true) => Numeric::Div,
            (true, false) => Numeric::Add,
            (true, true) => Numeric::Sub,
        }
    }

    #[inline(always)]
    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// Reads the operands where it is known what is done with them, so that fewer branches are taken.
    #[inline(always)]
    fn apply(self, a: impl FnOnce() -> f64, b: impl FnOnce() -> f64) -> f64 {
        if !self.has(Self::ADDS) {
            if !self.has(Self::INVERTS) { a() * b() } else { a() / b() }
        } else if !self.has(Self::INVERTS) {
            a() + b()
        } else {
            a() - b()
        }
    }

    /// The result, where the last two are at hand.
    #[inline(always)]
    fn result(self, values: &[f64], [a, b]: Op, Results { last, before }: Results) -> f64 {
        let (a, b) = (|| values[a as usize], || values[b as usize]);
        let (last, before) = (|| last, || before);
        if !self.has(Self::OTHER) {
            if !self.has(Self::FAR) { self.apply(last, b) } else { self.apply(a, b) }
        } else if !self.has(Self::FAR) {
            if !self.has(Self::TURNED) { self.apply(before, b) } else { self.apply(a, last) }
        } else if !self.has(Self::TURNED) {
            self.apply(last, before)
        } else {
            self.apply(before, last)
        }
    }

    /// The same, where the third last is, too.
    #[inline(always)]
    fn result_in_round(self, values: &[f64], op: Op, results: Results, third: f64) -> f64 {
        if self.has(Self::THIRD) {
            self.apply(|| third, || values[op[1] as usize])
        } else {
            self.result(values, op, results)
        }
    }
}

/// The result so many slots before one.
#[inline(always)]
fn back(values: &[f64], at: usize, n: usize) -> f64 {
    at.checked_sub(n).and_then(|at| values.get(at)).copied().unwrap_or(0.0)
}

/// The last two results.
#[derive(Clone, Copy)]
struct Results {
    last: f64,
    before: f64,
}

impl Results {
    /// Those in the slots before one.
    #[inline(always)]
    fn before(values: &[f64], at: usize) -> Self {
        Self { last: back(values, at, 1), before: back(values, at, 2) }
    }

    #[inline(always)]
    fn then(self, y: f64) -> Self {
        Self { last: y, before: self.last }
    }
}

/// Computes a strand, from slot `at` on.
#[inline(never)]
pub(super) fn strand(steps: &[Step], values: &mut [f64], ops: &[Op], at: usize) {
    let mut results = Results::before(values, at);
    for ((op, step), at) in ops.iter().zip(steps).zip(at..) {
        let y = step.result(values, *op, results);
        values[at] = y;
        results = results.then(y);
    }
}

/// Steps that are repeated.
#[derive(Clone, Copy)]
pub(super) struct Round {
    steps: &'static [Step],
    run: fn(&mut [f64], &[Op], usize),
}

/// The rounds of these steps, each with a loop in which they are written out.
macro_rules! rounds {
    ($([$($row:ident $places:ident),*])*) => {
        &[$({
            const STEPS: &[Step] = &[$(Step(Step::$row | Step::$places)),*];
            let run = |values: &mut [f64], ops: &[Op], at: usize| {
                let (rounds, _) = ops.as_chunks::<{ STEPS.len() }>();
                let (mut results, mut third) = (Results::before(values, at), back(values, at, 3));
                for (ops, at) in rounds.iter().zip((at..).step_by(STEPS.len())) {
                    let mut k = 0;
                    $(
                        let y = Step(Step::$row | Step::$places).result_in_round(values, ops[k], results, third);
                        values[at + k] = y;
                        third = results.before;
                        results = results.then(y);
                        k += 1;
                    )*
                    debug_assert_eq!(k, STEPS.len());
                }
            };
            Round { steps: STEPS, run }
        }),*]
    };
}

impl Round {
    /// All that have a loop: of two steps sums, differences and products that go on from the last result with a number, since a
    /// division waits for longer than a choice takes, and of more what recurrences and their derivatives were seen to be made of.
    const ALL: &[Self] = rounds! {
        [MUL LAST_SLOT, ADD LAST_SLOT]
        [MUL LAST_SLOT, SUB LAST_SLOT]
        [MUL LAST_SLOT, SUB SLOT_LAST]
        [ADD LAST_SLOT, SUB LAST_SLOT]
        [ADD LAST_SLOT, SUB SLOT_LAST]
        [SUB LAST_SLOT, SUB SLOT_LAST]
        // Sums of products.
        [MUL SLOT_SLOT, ADD LAST_BEFORE]
        [MUL SLOT_SLOT, SUB BEFORE_LAST]
        [MUL SLOT_SLOT, ADD LAST_BEFORE, MUL SLOT_SLOT, SUB BEFORE_LAST]
        // x + g (a - x), which filters do.
        [SUB SLOT_LAST, MUL LAST_SLOT, ADD LAST_SLOT]
        // x + h (k x).
        [MUL LAST_SLOT, MUL LAST_SLOT, ADD LAST_SLOT]
        // (r x) (a - x), and its adjoint.
        [SUB SLOT_LAST, MUL BEFORE_SLOT, MUL LAST_BEFORE]
        [MUL LAST_SLOT, MUL LAST_SLOT, MUL THIRD_SLOT, SUB BEFORE_LAST]
        // The variance of a filter of one state, and what goes back along it.
        [ADD LAST_SLOT, ADD LAST_SLOT, DIV BEFORE_LAST, SUB SLOT_LAST, MUL LAST_SLOT]
        [MUL SLOT_SLOT, ADD LAST_BEFORE, MUL SLOT_SLOT, ADD LAST_SLOT, SUB SLOT_LAST, MUL LAST_SLOT,
         MUL SLOT_SLOT, SUB SLOT_LAST, ADD LAST_SLOT, MUL LAST_SLOT, SUB SLOT_LAST, MUL LAST_SLOT]
    };

    /// One by its number.
    pub(super) fn numbered(number: u8) -> Self {
        Self::ALL[usize::from(number)]
    }

    /// That which steps begin with at least so many times, by its number, and how many steps are of it.
    pub(super) fn at_first(steps: &[Step], times: usize) -> Option<(u8, usize)> {
        let goes_on = |round: &Self| {
            let steps = steps.iter().enumerate();
            let len = steps.take_while(|(k, step)| **step == round.step(*k)).count();
            len / round.steps.len() * round.steps.len()
        };
        let number = Self::ALL.iter().position(|round| goes_on(round) >= times * round.steps.len())?;
        Some((number as u8, goes_on(&Self::ALL[number])))
    }

    /// Its step number `k`, where it is repeated.
    pub(super) fn step(&self, k: usize) -> Step {
        self.steps[k % self.steps.len()]
    }

    /// Computes rounds, from slot `at` on.
    #[inline(always)]
    pub(super) fn run(self, values: &mut [f64], ops: &[Op], at: usize) {
        (self.run)(values, ops, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::precision::Precision;
    use std::slice::from_ref;

    /// Numbers at edges, so many times as slots that are given.
    const NUMBERS: [f64; 8] = [1.5, -0.0, 0.0, -2.25, f64::INFINITY, 5e-324, -1e308, 0.1];

    /// What steps read if each that reads a slot reads the next of those that are given.
    fn ops(steps: &[Step]) -> Vec<Op> {
        let first = NUMBERS.len() as u32;
        let ops = (first..).zip(steps).map(|(at, step)| {
            let slot = (at * at + 3 * at) / 2 % (first - 3);
            let places = step.0 & !Step::SUB;
            match places {
                Step::LAST_SLOT => [at - 1, slot],
                Step::BEFORE_SLOT => [at - 2, slot],
                Step::THIRD_SLOT => [at - 3, slot],
                Step::SLOT_LAST => [slot, at - 1],
                Step::LAST_BEFORE => [at - 1, at - 2],
                Step::BEFORE_LAST => [at - 2, at - 1],
                _ => [slot, at % 3],
            }
        });
        ops.collect()
    }

    /// Compares `run` with one operation after the other.
    fn compare(steps: &[Step], run: impl Fn(&mut [f64], &[Op], usize), what: &str) {
        let first = NUMBERS.len();
        for turn in 0..first {
            let mut ops = ops(steps);
            for ((op, step), at) in ops.iter_mut().zip(steps).zip(first..) {
                assert_eq!(Step::new(step.0 & Step::SUB, op, at as u32), *step, "{what}");
            }
            let mut one = [&NUMBERS[turn..], &NUMBERS[..turn], &vec![0.0; ops.len()]].concat();
            let mut all = one.clone();
            for ((op, step), at) in ops.iter().zip(steps).zip(first..) {
                f64::values(step.row(), &mut one, from_ref(op), at);
            }
            run(&mut all, &ops, first);
            let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
            assert!(one.iter().zip(&all).all(same), "{what}, turned by {turn}: {all:?}, not {one:?}");
        }
    }

    #[test]
    fn a_strand_is_its_operations() {
        let rows = [Step::ADD, Step::SUB, Step::MUL, Step::DIV];
        let places = [
            Step::LAST_SLOT,
            Step::SLOT_SLOT,
            Step::THIRD_SLOT,
            Step::BEFORE_SLOT,
            Step::SLOT_LAST,
            Step::LAST_BEFORE,
            Step::BEFORE_LAST,
        ];
        let all = places.iter().flat_map(|places| rows.map(|row| Step(row | places)));
        // Sums and products read their operands in one order.
        let turns = |step: &Step| step.has(Step::INVERTS) || !step.has(Step::TURNED);
        let all: Vec<Step> = all.filter(turns).collect();
        for stride in [1, 3, 5, 7] {
            let steps: Vec<Step> = (0..60).map(|i| all[i * stride % all.len()]).collect();
            compare(&steps, |values, ops, at| strand(&steps, values, ops, at), "a strand");
        }
    }

    #[test]
    fn rounds_are_their_operations() {
        for (number, round) in (0..).zip(Round::ALL) {
            let steps: Vec<Step> = (0..5 * round.steps.len()).map(|k| round.step(k)).collect();
            compare(&steps, |values, ops, at| round.run(values, ops, at), &format!("round {number}"));
            assert_eq!(Round::at_first(&steps, 5), Some((number, steps.len())));
            assert!(Round::at_first(&steps, 6).is_none_or(|(other, _)| other != number));
        }
    }
}
