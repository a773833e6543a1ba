//! Lines, strands and rounds in code that takes no derivatives, where numbers go from one operation to the next in registers.
//!
//! Runs of the deep order are broken up: a long one to lines and what is between them, and short ones together to rounds and strands. Whether
//! that is better than the wide order is estimated ([`Code::cost`]), by what was measured: to begin a run takes 3.2 ns, an
//! operation of it 0.5, of a line or of rounds 0.8, of a strand 1.5, and 2.5 more where it waits for memory.

use super::{
    code::{Act, Code, Op, Run},
    strand::{Round, Step},
};

/// Runs shorter than this are parts of a strand.
const SHORT: u32 = 8;

/// How many operations make a line in a run.
const LINE: usize = 8;

/// How often steps are repeated to be rounds.
const TIMES: usize = 4;

impl Code {
    /// Breaks up its runs, of which none passes derivatives.
    pub(super) fn break_up(&mut self) {
        let mut to = Pieces { runs: Vec::new(), steps: Vec::new(), at: self.first as u32 };
        let (mut runs, mut ops) = (&self.runs[..], &mut self.ops[..]);
        while !runs.is_empty() {
            let shorts = runs.iter().take_while(|run| run.len < SHORT && bits(run.act).is_some());
            let n = shorts.count().max(1);
            let (these, those) = runs.split_at(n);
            let (of_these, rest) = ops.split_at_mut(these.iter().map(|run| run.len as usize).sum());
            match these {
                [run] => to.run(*run, of_these),
                _ => to.strand(these, of_these),
            }
            (runs, ops) = (those, rest);
        }
        (self.runs, self.steps) = (to.runs, to.steps);
        self.chains = self.runs.iter().any(|run| matches!(run.act, Act::Strand | Act::Round(_)));
        self.runs.shrink_to_fit();
        self.steps.shrink_to_fit();
    }

    /// About how long it takes to run, in tenths of nanoseconds, apart from what its rows take.
    pub(super) fn cost(&self) -> usize {
        let (mut at, mut rest) = (self.first as u32, &self.ops[..]);
        let costs = self.runs.iter().map(|run| {
            let (ops, later) = rest.split_at(run.len as usize);
            rest = later;
            let first = at;
            if !run.act.is_guard() {
                at += run.len;
            }
            // What waits for an operation of its run waits for memory.
            let waits = |([a, b], at): &(&Op, u32)| (*a).max(*b) >= first.max(at.saturating_sub(4));
            32 + match run.act {
                Act::Strand => 15 * ops.len(),
                Act::Row(_) if !run.line => {
                    5 * ops.len() + 25 * ops.iter().zip(first..).filter(waits).count()
                }
                _ => 8 * ops.len(),
            }
        });
        costs.sum()
    }
}

/// The bits of what runs do, if it may be part of a strand.
fn bits(act: Act) -> Option<u8> {
    match act {
        Act::Row(row) => Step::bits(row),
        _ => None,
    }
}

/// What runs are broken up to.
struct Pieces {
    runs: Vec<Run>,
    steps: Vec<Step>,
    /// The slot of the next result.
    at: u32,
}

impl Pieces {
    fn push(&mut self, act: Act, line: bool, len: usize) {
        if len > 0 {
            self.runs.push(Run { act, passes: 0, line, len: len as u32 });
        }
    }

    /// A run, and the lines in it on their own.
    fn run(&mut self, run: Run, ops: &mut [Op]) {
        let Some(bits) = bits(run.act) else {
            self.runs.push(run);
            self.at += if run.act.is_guard() { 0 } else { run.len };
            return;
        };
        for (op, at) in ops.iter_mut().zip(self.at..) {
            // So that sums and products go on by their first operand.
            Step::new(bits, op, at);
        }
        let (mut from, mut k) = (0, 0);
        while k < ops.len() {
            let line =
                1 + ops[k + 1..].iter().zip(self.at + k as u32..).take_while(|([a, _], at)| a == at).count();
            if line >= LINE {
                self.push(run.act, false, k - from);
                self.push(run.act, true, line);
                from = k + line;
            }
            k += line;
        }
        self.push(run.act, false, ops.len() - from);
        self.at += run.len;
    }

    /// Short runs, and the rounds in them on their own.
    fn strand(&mut self, runs: &[Run], ops: &mut [Op]) {
        let rows = runs.iter().flat_map(|run| std::iter::repeat_n(bits(run.act), run.len as usize));
        let steps = rows.flatten().zip(ops).zip(self.at..).map(|((bits, op), at)| Step::new(bits, op, at));
        let steps: Vec<Step> = steps.collect();
        let (mut from, mut k) = (0, 0);
        while k < steps.len() {
            let Some((round, len)) = Round::at_first(&steps[k..], TIMES) else {
                k += 1;
                continue;
            };
            self.steps.extend(&steps[from..k]);
            self.push(Act::Strand, false, k - from);
            self.push(Act::Round(round), false, len);
            k += len;
            from = k;
        }
        self.steps.extend(&steps[from..]);
        self.push(Act::Strand, false, steps.len() - from);
        self.at += steps.len() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::build::build;
    use scheme_core::{
        prim::Numeric,
        trace::{Slot, Trace},
    };

    /// The code of a trace of 2 inputs that goes on so many times from the last number.
    fn code(times: usize, step: impl Fn(&mut Trace, usize, Slot) -> Slot) -> Code {
        let mut trace = Trace::new(2);
        let y = (0..times).fold(Slot::value(0), |y, i| step(&mut trace, i, y));
        trace.give(vec![y]);
        build(&trace.into(), &[]).code
    }

    /// How many operations are in strands, in rounds, and in lines.
    fn counts(code: &Code) -> [u32; 3] {
        let mut counts = [0; 3];
        for run in &code.runs {
            match run.act {
                Act::Strand => counts[0] += run.len,
                Act::Round(_) => counts[1] += run.len,
                _ if run.line => counts[2] += run.len,
                _ => {}
            }
        }
        assert_eq!(code.runs.iter().map(|run| run.len as usize).sum::<usize>(), code.ops.len());
        assert_eq!(code.steps.len() as u32, counts[0]);
        counts
    }

    #[test]
    fn a_recurrence_is_rounds() {
        let r = Slot::value(1);
        let code = code(100, |trace, _, x| {
            let one = trace.constant(1.0);
            let rest = trace.push(Numeric::Sub, &[one, x], 0);
            let grown = trace.push(Numeric::Mul, &[r, x], 0);
            trace.push(Numeric::Mul, &[grown, rest], 0)
        });
        let [strands, rounds, lines] = counts(&code);
        assert!(strands < 10 && rounds > 290 && lines == 0, "{strands} {rounds}");
    }

    #[test]
    fn a_sum_of_products_is_rounds() {
        for add in [Numeric::Add, Numeric::Sub] {
            let mut trace = Trace::new(2);
            let mut x = Slot::value(0);
            let powers = (0..100).map(|_| {
                x = trace.push(Numeric::Mul, &[x, Slot::value(1)], 0);
                x
            });
            let powers: Vec<Slot> = powers.collect();
            let mut sum = trace.push(Numeric::Add, &[x, x], 0);
            for power in powers {
                let part = trace.push(Numeric::Mul, &[power, Slot::value(0)], 0);
                sum = trace.push(add, &[sum, part], 0);
            }
            trace.give(vec![sum]);
            let code = build(&trace.into(), &[]).code;
            let [strands, rounds, lines] = counts(&code);
            assert!(strands < 10 && rounds > 190 && lines > 90, "{strands} {rounds} {lines}");
        }
    }

    #[test]
    fn what_is_beside_a_line_is_a_run() {
        let r = Slot::value(1);
        let mut trace = Trace::new(2);
        let (mut x, mut sum) = (Slot::value(0), Slot::value(0));
        for _ in 0..100 {
            x = trace.push(Numeric::Mul, &[x, r], 0);
            let part = trace.push(Numeric::Div, &[x, r], 0);
            sum = trace.push(Numeric::Add, &[part, sum], 0);
        }
        trace.give(vec![sum, x]);
        let code = build(&trace.into(), &[]).code;
        let [strands, rounds, lines] = counts(&code);
        assert!(strands < 16 && rounds == 0 && lines > 190, "{strands} {rounds} {lines}");
    }

    #[test]
    fn what_changes_is_a_strand() {
        let rows = [Numeric::Add, Numeric::Mul, Numeric::Sub, Numeric::Div];
        let code = code(100, |trace, i, x| trace.push(rows[i * i / 3 % 4], &[x, Slot::value(1)], 0));
        let [strands, ..] = counts(&code);
        assert!(strands > 90, "{strands}");
    }

    #[test]
    fn what_does_not_wait_stays_in_runs() {
        let mut trace = Trace::new(2);
        let sums: Vec<Slot> =
            (0..300).map(|i| trace.push(Numeric::Add, &[Slot::value(i % 2); 2], 0)).collect();
        let products: Vec<Slot> = sums.iter().map(|sum| trace.push(Numeric::Mul, &[*sum, *sum], 0)).collect();
        trace.give(products);
        let code = build(&trace.into(), &[]).code;
        assert_eq!(counts(&code), [0; 3]);
    }
}
