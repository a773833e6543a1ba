//! What is read long after it was computed, computed again.
//!
//! A gradient goes back over its program and reads last what was computed first. Of a long program more numbers wait than a
//! cache holds, and to bring them from further away takes longer than arithmetic. So what comes before the middle, where
//! most numbers wait, is cut into pieces, as many as each has operations. Of a piece is kept what others begin with and what takes long to
//! compute; where anything else of it is read behind the middle for the first time, all that is read of it there is computed again. The bits are
//! the same: it is the same arithmetic on the same numbers.

use scheme_core::{
    prim::Numeric,
    trace::{Operation, Slot, Trace},
};

/// What takes less time than to be brought from far away.
const CHEAP: [Numeric; 9] = [
    Numeric::Add,
    Numeric::Sub,
    Numeric::Mul,
    Numeric::Neg,
    Numeric::Square,
    Numeric::Cube,
    Numeric::Abs,
    Numeric::Identity,
    Numeric::Select,
];

/// The trace with operations in it again near where their results are read, under the same guards.
pub(super) fn again(trace: &Trace) -> Trace {
    let operations: Vec<Operation<'_>> = trace.operations().collect();
    let pieces = Pieces::of(trace, &operations);
    let again = pieces.again(trace, &operations);
    let out = Trace::new(trace.inputs() as u32);
    let mut written = Written { trace, operations: &operations, at: Vec::new(), out };
    let mut begun = vec![false; operations.len()];
    for (i, operation) in operations.iter().enumerate() {
        if i >= pieces.middle() {
            for j in computed(trace, operation.operands).filter(|j| again.get(*j) == Some(&true)) {
                let piece = pieces.around(j);
                if !std::mem::replace(&mut begun[piece.start], true) {
                    piece.filter(|k| again[*k]).for_each(|k| written.at[k] = written.operation(k));
                }
            }
        }
        let slot = written.operation(i);
        written.at.push(slot);
    }
    for guard in trace.guards() {
        // Where it is computed first: before the middle nothing is computed twice.
        let is_early = computed(trace, &[guard.slot]).next().is_some_and(|i| i < pieces.middle());
        let slot = if is_early { guard.slot } else { written.slot(guard.slot) };
        written.out.guard(slot, guard.must, guard.place);
    }
    let results = trace.results().iter().map(|slot| written.slot(*slot)).collect();
    written.out.give(results);
    written.out
}

/// The operations that give some of the numbers at slots.
fn computed(trace: &Trace, slots: &[Slot]) -> impl Iterator<Item = usize> {
    let inputs = trace.inputs();
    slots.iter().filter(|slot| !slot.is_constant()).filter_map(move |slot| slot.index().checked_sub(inputs))
}

struct Written<'t> {
    trace: &'t Trace,
    operations: &'t [Operation<'t>],
    /// Where the result of each operation is, that of its last time.
    at: Vec<Slot>,
    out: Trace,
}

impl Written<'_> {
    /// Writes an operation, once more or for the first time.
    fn operation(&mut self, i: usize) -> Slot {
        let Operation { row, operands, place, .. } = self.operations[i];
        let operands: Vec<Slot> = operands.iter().map(|slot| self.slot(*slot)).collect();
        self.out.push(row, &operands, place)
    }

    fn slot(&mut self, slot: Slot) -> Slot {
        match self.trace.constant_at(slot) {
            Some(x) => self.out.constant(x),
            None => computed(self.trace, &[slot]).next().map_or(slot, |i| self.at[i]),
        }
    }
}

/// What comes before the middle, in pieces of about as many operations as there are pieces.
struct Pieces(Vec<usize>);

impl Pieces {
    fn of(trace: &Trace, operations: &[Operation<'_>]) -> Self {
        // How many numbers wait before each operation, to be read by it or later.
        let waiting = |operations: &[Operation<'_>]| {
            let mut change = vec![0; operations.len() + 1];
            let mut last: Vec<usize> = (0..operations.len()).collect();
            for (i, operation) in operations.iter().enumerate() {
                computed(trace, operation.operands).for_each(|j| last[j] = i);
            }
            for (i, last) in last.into_iter().enumerate().filter(|(i, last)| last > i) {
                change[i + 1] += 1;
                change[last + 1] -= 1;
            }
            let mut sum = 0_i32;
            let sums = change.into_iter().map(move |change| {
                sum += change;
                sum
            });
            sums.collect::<Vec<i32>>()
        };
        let all = waiting(operations);
        let middle = (0..all.len()).max_by_key(|i| all[*i]).unwrap_or(0);
        // Cut where few numbers go on.
        let before = waiting(&operations[..middle]);
        let size = middle.isqrt().max(2);
        let mut ends = vec![0];
        while let Some(start) = ends.last().copied().filter(|start| *start < middle) {
            let near = start + size / 2 + 1..start + size + size / 2;
            let end = near.filter(|i| *i < middle).min_by_key(|i| before[*i]);
            ends.push(end.unwrap_or(middle));
        }
        Self(ends)
    }

    fn middle(&self) -> usize {
        self.0.last().copied().unwrap_or(0)
    }

    /// The piece that an operation is of.
    fn around(&self, i: usize) -> std::ops::Range<usize> {
        let end = self.0.partition_point(|end| *end <= i);
        self.0[end - 1]..self.0[end]
    }

    /// Of the operations before the middle, which are performed again.
    fn again(&self, trace: &Trace, operations: &[Operation<'_>]) -> Vec<bool> {
        let middle = self.middle();
        let (mut again, mut kept) = (vec![false; middle], vec![false; middle]);
        let late = operations[middle..].iter().flat_map(|operation| computed(trace, operation.operands));
        late.filter(|i| *i < middle).for_each(|i| again[i] = true);
        computed(trace, trace.results()).filter(|i| *i < middle).for_each(|i| kept[i] = true);
        // What comes last before the middle is still near.
        let far = self.0.iter().rev().nth(1).copied().unwrap_or(0);
        for i in (0..middle).rev() {
            again[i] &= !kept[i] && i < far && CHEAP.contains(&operations[i].row);
            if again[i] {
                let piece = self.around(i);
                for j in computed(trace, operations[i].operands) {
                    if piece.contains(&j) { again[j] = true } else { kept[j] = true }
                }
            }
        }
        again
    }
}
