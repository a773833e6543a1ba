//! What of a trace is the same in every row, and what is not: two traces.
//!
//! A number that depends on constants and uniform inputs alone is *uniform*: the first trace computes these, once.
//! The second computes the others, which *vary*; what it reads of the uniform ones are inputs of it, behind the columns.

use scheme_core::trace::{Operation, Slot, Trace};

/// See the [module](self).
pub(super) struct Split {
    /// The inputs of the trace that are inputs of each half.
    pub(super) uniforms: Vec<usize>,
    pub(super) columns: Vec<usize>,
    pub(super) once: Half,
    pub(super) each: Half,
}

/// One of the two traces.
pub(super) struct Half {
    pub(super) trace: Trace,
    /// For each guard which one it is of the whole trace.
    pub(super) guards: Vec<u32>,
    /// Where each number of the whole trace is here, by its index.
    at: Vec<Option<Slot>>,
}

impl Split {
    pub(super) fn new(trace: &Trace, uniform: &[bool]) -> Self {
        let inputs = 0..trace.inputs();
        let mut varies: Vec<bool> = inputs.clone().map(|i| uniform.get(i) != Some(&true)).collect();
        for Operation { operands, .. } in trace.operations() {
            let varying = operands.iter().any(|slot| !slot.is_constant() && varies[slot.index()]);
            varies.push(varying);
        }
        let varying = |slot: &Slot| !slot.is_constant() && varies[slot.index()];

        // What is uniform and read where it is not.
        let mut read: Vec<Slot> = trace.results().to_vec();
        for Operation { operands, .. } in trace.operations().filter(|operation| varying(&operation.result)) {
            read.extend(operands);
        }
        read.retain(|slot| !slot.is_constant() && !varying(slot));
        read.sort_unstable();
        read.dedup();

        let (columns, uniforms): (Vec<usize>, Vec<usize>) = inputs.partition(|i| varies[*i]);
        let mut once = Half::new(varies.len(), uniforms.iter().copied());
        let mut each =
            Half::new(varies.len(), columns.iter().copied().chain(read.iter().map(|slot| slot.index())));
        for operation in trace.operations() {
            let half = if varying(&operation.result) { &mut each } else { &mut once };
            let operands: Vec<Slot> = operation.operands.iter().map(|slot| half.slot(trace, *slot)).collect();
            let result = half.trace.push(operation.row, &operands, operation.place);
            half.at[operation.result.index()] = Some(result);
        }
        for (guard, i) in trace.guards().iter().zip(0..) {
            let half = if varying(&guard.slot) { &mut each } else { &mut once };
            let slot = half.slot(trace, guard.slot);
            half.trace.guard(slot, guard.must, guard.place);
            half.guards.push(i);
        }
        once.give(trace, &read);
        each.give(trace, trace.results());
        Self { uniforms, columns, once, each }
    }
}

impl Half {
    /// One with some numbers of the whole trace as its inputs.
    fn new(numbers: usize, inputs: impl Iterator<Item = usize>) -> Self {
        let mut at = vec![None; numbers];
        let count = inputs.zip(0..).map(|(input, i)| at[input] = Some(Slot::value(i))).count();
        Self { trace: Trace::new(count as u32), guards: Vec::new(), at }
    }

    fn slot(&mut self, whole: &Trace, slot: Slot) -> Slot {
        match whole.constant_at(slot) {
            Some(x) => self.trace.constant(x),
            None => self.at[slot.index()].unwrap_or(slot),
        }
    }

    fn give(&mut self, whole: &Trace, results: &[Slot]) {
        let results = results.iter().map(|slot| self.slot(whole, *slot)).collect();
        self.trace.give(results);
    }
}
