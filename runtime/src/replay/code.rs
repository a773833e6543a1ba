//! What a trace is compiled to: runs of operations of one row.
//!
//! Numbers lie in slots, `[inputs | constants | results]`, and an operation writes the next slot of the results, so
//! that it is its two operands and nothing else: 8 bytes. A [`Run`] says in 8 bytes what the next operations all do, and
//! is dispatched once. Guards are operations without a result, in whatever order; the number that each has in the trace is
//! kept beside.

use super::{strand::Step, whole::Whole};
use scheme_core::{prim::Numeric, trace::Bits};

/// An operation: what it reads, as its run says.
pub(super) type Op = [u32; 2];

/// What the operations of a run do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Act {
    /// A row on one or two slots.
    Row(Numeric),
    /// A row on so many operands as it has, in [`Code::wide`]: where they begin and how many they are.
    Wide(Numeric),
    /// An element of what an operation on matrices gives, in [`Code::wholes`]: which, and 0.
    Whole,
    /// Arithmetic of rows that change, in [`Code::steps`].
    Strand,
    /// The steps of a [`Round`](super::strand::Round), by its number.
    Round(u8),
    /// A guard that a predicate of one or two slots holds.
    Holds(Numeric),
    /// A guard that it does not.
    Fails(Numeric),
    /// A guard that a slot is true, or false.
    Truth(bool),
    /// A guard that a slot has the bits [`Code::bits`]: the slot, and which.
    Bits,
}

impl Act {
    /// Whether it is a guard, which has no result.
    pub(super) fn is_guard(self) -> bool {
        matches!(self, Self::Holds(_) | Self::Fails(_) | Self::Truth(_) | Self::Bits)
    }
}

/// What the partials of a row are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Partial {
    /// The other operand of each: of a product.
    Other,
    /// Those of a quotient, by the divisor and the result.
    Quotient,
    /// 1 by each: of a sum.
    One,
    /// 1 by the first operand, -1 by the second: of a difference.
    Signs,
    /// -1: of a negation.
    Minus,
    /// What the way forward keeps.
    Kept,
}

impl Partial {
    pub(super) fn of(row: Numeric) -> Self {
        match row {
            Numeric::Mul => Self::Other,
            Numeric::Div => Self::Quotient,
            Numeric::Add => Self::One,
            Numeric::Sub => Self::Signs,
            Numeric::Neg => Self::Minus,
            _ => Self::Kept,
        }
    }
}

/// How many operations make a line at least.
const SHORTEST: usize = 4;

/// How many guards that compare with one number are a run of their own.
const BESIDE: usize = 16;

/// Operations one after the other that do the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) act: Act,
    /// Which of two operands have a derivative that is asked for: bit 0 the first, bit 1 the second. Wide
    /// operations have bit 0 if any has.
    pub(super) passes: u8,
    /// Whether the first operand of each operation but the first is what the one before it gives; of guards, whether that of
    /// all is one number.
    pub(super) line: bool,
    pub(super) len: u32,
}

impl Run {
    /// How many of its operations have partials that are kept.
    pub(super) fn kept(self) -> usize {
        match self.act {
            Act::Row(row) if self.passes != 0 && Partial::of(row) == Partial::Kept => self.len as usize,
            _ => 0,
        }
    }
}

/// An operand of a wide operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wide {
    pub(super) slot: u32,
    /// Whether its derivative is asked for.
    pub(super) passes: bool,
}

/// A trace in the order it runs in.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) runs: Vec<Run>,
    pub(super) ops: Vec<Op>,
    pub(super) wide: Vec<Wide>,
    /// What the operations of strands do.
    pub(super) steps: Vec<Step>,
    pub(super) bits: Vec<Bits>,
    /// The numbers of the guards in the trace, in the order that they are asked in.
    pub(super) guards: Vec<u32>,
    pub(super) wholes: Vec<Whole>,
    /// Whether it has strands or rounds.
    pub(super) chains: bool,
    /// The slot of the first result.
    pub(super) first: usize,
    /// How many slots there are.
    pub(super) slots: usize,
    /// How many operations have partials that are kept.
    pub(super) kept: usize,
}

impl Code {
    /// Notes which runs are lines.
    pub(super) fn find_lines(&mut self) {
        let (mut at, mut rest) = (self.first as u32, &self.ops[..]);
        for run in &mut self.runs {
            let (ops, later) = rest.split_at(run.len as usize);
            rest = later;
            if !run.act.is_guard() {
                let given = at..;
                let is_line = ops.iter().skip(1).zip(given).all(|([a, _], given)| *a == given);
                run.line = ops.len() >= SHORTEST && is_line && matches!(run.act, Act::Row(_));
                at += run.len;
            }
        }
    }

    /// Puts guards of a run that compare with the same number one after the other, many of them in a run of their own.
    pub(super) fn sort_guards(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let (mut ops, mut numbers) = (&mut self.ops[..], &mut self.guards[..]);
        for run in runs {
            let (these, later) = std::mem::take(&mut ops).split_at_mut(run.len as usize);
            ops = later;
            if !matches!(run.act, Act::Holds(_) | Act::Fails(_)) {
                if run.act.is_guard() {
                    numbers = &mut std::mem::take(&mut numbers)[these.len()..];
                }
                self.runs.push(run);
                continue;
            }
            let (those, later) = std::mem::take(&mut numbers).split_at_mut(these.len());
            numbers = later;
            let mut guards: Vec<(Op, u32)> = these.iter().copied().zip(those.iter().copied()).collect();
            guards.sort_unstable();
            for ((op, number), guard) in these.iter_mut().zip(those).zip(guards) {
                (*op, *number) = guard;
            }
            let first = self.runs.len();
            for same in these.chunk_by(|[a, _], [b, _]| a == b) {
                let line = same.len() >= BESIDE;
                match self.runs[first..].last_mut() {
                    Some(last) if !last.line && !line => last.len += same.len() as u32,
                    _ => self.runs.push(Run { line, len: same.len() as u32, ..run }),
                }
            }
        }
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.runs[..])
            + size_of_val(&self.ops[..])
            + size_of_val(&self.wide[..])
            + size_of_val(&self.steps[..])
            + size_of_val(&self.bits[..])
            + size_of_val(&self.guards[..])
            + self.wholes.iter().map(Whole::bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::build::build;
    use scheme_core::trace::{Must, Slot, Trace};

    #[test]
    fn guards_that_compare_with_one_number_are_a_run() {
        let mut trace = Trace::new(80);
        let zero = trace.constant(0.0);
        for i in 0..40 {
            let [x, y] = [i, i + 40].map(Slot::value);
            let tests = [(Numeric::Greater, [x, zero]), (Numeric::Less, [zero, y]), (Numeric::Less, [x, y])];
            for (row, operands) in tests {
                let test = trace.push(row, &operands, 0);
                trace.guard(test, Must::Be(true), 0);
            }
        }
        let code = build(&trace.into(), &[]).code;
        let runs: Vec<_> = code.runs.iter().map(|run| (run.act, run.line, run.len)).collect();
        let less = Act::Holds(Numeric::Less);
        assert_eq!(runs, [(less, false, 40), (less, true, 80)]);
        assert_eq!(code.guards.iter().filter(|number| **number % 3 < 2).count(), 80);
    }

    #[test]
    fn an_operation_takes_16_bytes_at_most() {
        assert_eq!((size_of::<Op>(), size_of::<Run>()), (8, 8));
    }
}
