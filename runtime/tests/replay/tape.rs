//! The oracle: a tape as the evaluator keeps it, in the order of the trace, and forward mode along it.

use scheme_core::{
    prim::{Numeric, Operand, Scalar},
    trace::{Slot, Trace},
};
use scheme_runtime::Real;

/// Operands and partials of an operation; entry 0 is no part in it.
#[derive(Clone, Copy)]
struct Entry<A> {
    operands: [usize; 2],
    partials: [A; 2],
}

/// The tape of a run.
pub(crate) struct Tape<A> {
    entries: Vec<Entry<A>>,
    /// Of each result, value and entry.
    results: Vec<(A, usize)>,
    wrt: Vec<usize>,
}

impl<A: Real<Mask = bool>> Tape<A> {
    /// Runs a trace, whatever its guards say.
    pub(crate) fn of(trace: &Trace, x: &[A], wrt: &[usize]) -> Self {
        let none = Entry { operands: [0; 2], partials: [A::lit(0.0); 2] };
        let mut tape = Self { entries: vec![none], results: Vec::new(), wrt: Vec::new() };
        let mut numbers: Vec<(A, usize)> = x.iter().map(|x| (*x, 0)).collect();
        for i in wrt {
            tape.entries.push(none);
            numbers[*i].1 = tape.entries.len() - 1;
            tape.wrt.push(numbers[*i].1);
        }
        let read = |numbers: &[(A, usize)], slot: Slot| match trace.constant_at(slot) {
            Some(x) => (A::lit(x), 0),
            None => numbers[slot.index()],
        };
        for operation in trace.operations() {
            let operands: Vec<(A, usize)> =
                operation.operands.iter().map(|slot| read(&numbers, *slot)).collect();
            numbers.push(tape.apply(operation.row, &operands));
        }
        tape.results = trace.results().iter().map(|slot| read(&numbers, *slot)).collect();
        tape
    }

    fn apply(&mut self, row: Numeric, operands: &[(A, usize)]) -> (A, usize) {
        let types = row.row().operands;
        let operand = |(i, (x, _)): (usize, &(A, usize))| match types.get(i) {
            Some(Scalar::Bool) => Operand::Bool(x.primal() != 0.0),
            _ => Operand::Real(*x),
        };
        let typed: Vec<Operand<A>> = operands.iter().enumerate().map(operand).collect();
        let y = match row.apply(&typed) {
            Some(Operand::Real(y)) => y,
            Some(Operand::Bool(b)) => return (A::indicator(b), 0),
            None => return (A::lit(f64::NAN), 0),
        };
        if row == Numeric::Select {
            // What is taken is the number.
            return (y, operands[if operands[0].0.primal() != 0.0 { 1 } else { 2 }].1);
        }
        let x: Vec<A> = operands.iter().map(|(x, _)| *x).collect();
        let zeros = row.declared_zeros();
        let (mut sum, mut used) = (0, 0);
        let mut entry = Entry { operands: [0; 2], partials: [A::lit(0.0); 2] };
        for (i, partial) in row.partials(&x, y).into_iter().enumerate() {
            if operands[i].1 == 0 || zeros.get(i) == Some(&true) {
                continue;
            }
            if used == 2 {
                self.entries.push(entry);
                sum = self.entries.len() - 1;
                entry = Entry { operands: [sum, 0], partials: [A::lit(1.0), A::lit(0.0)] };
                used = 1;
            }
            (entry.operands[used], entry.partials[used]) = (operands[i].1, partial);
            used += 1;
        }
        if used > 0 {
            self.entries.push(entry);
            sum = self.entries.len() - 1;
        }
        (y, sum)
    }

    pub(crate) fn values(&self) -> Vec<A> {
        self.results.iter().map(|(y, _)| *y).collect()
    }

    /// Derivatives of the sum of results by their seeds.
    pub(crate) fn backward(&self, seeds: &[Option<A>]) -> Vec<A> {
        let mut sums: Vec<Option<A>> = vec![None; self.entries.len()];
        let add = |sums: &mut [Option<A>], entry: usize, share: A| {
            if entry != 0 {
                sums[entry] = Some(sums[entry].map_or(share, |sum| sum + share));
            }
        };
        for ((_, entry), seed) in self.results.iter().zip(seeds) {
            seed.iter().for_each(|seed| add(&mut sums, *entry, *seed));
        }
        for n in (1..self.entries.len()).rev() {
            let (Some(cotangent), Entry { operands, partials }) = (sums[n], self.entries[n]) else {
                continue;
            };
            for (operand, partial) in operands.into_iter().zip(partials) {
                if operand != 0 {
                    add(&mut sums, operand, cotangent * partial);
                }
            }
        }
        self.wrt.iter().map(|entry| sums[*entry].unwrap_or(A::lit(0.0))).collect()
    }

    /// Tangents of the results, for inputs that move or do not.
    pub(crate) fn forward(&self, direction: &[Option<A>]) -> Vec<A> {
        let mut sums: Vec<Option<A>> = vec![None; self.entries.len()];
        for (entry, tangent) in self.wrt.iter().zip(direction) {
            sums[*entry] = *tangent;
        }
        for n in self.wrt.len() + 1..self.entries.len() {
            let Entry { operands, partials } = self.entries[n];
            for (operand, partial) in operands.into_iter().zip(partials) {
                if let (true, Some(tangent)) = (operand != 0, sums[operand]) {
                    let share = tangent * partial;
                    sums[n] = Some(sums[n].map_or(share, |sum| sum + share));
                }
            }
        }
        self.results.iter().map(|(_, entry)| sums[*entry].unwrap_or(A::lit(0.0))).collect()
    }
}
