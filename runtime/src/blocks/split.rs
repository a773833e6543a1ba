//! What of a trace is the same in every row, and what is not: two traces.
//!
//! A number that depends on constants and uniform inputs alone is *uniform*: the first trace computes these, once a call.
//! The second computes the others, which *vary*; what it reads of the uniform ones are inputs of it, behind the columns. What
//! is computed twice is in them once, and what nothing asks for is not there, nor what is one of its operands to the bit.

use scheme_core::{
    prim::Numeric,
    trace::{Operation, Slot, Trace},
};
use std::collections::HashMap;

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
        let same = Same::of(trace);
        let asked = same.asked(trace);
        let varies = same.varies(trace, uniform);
        let varying = |slot: Slot| !slot.is_constant() && varies[slot.index()];
        let inputs = (0..trace.inputs()).filter(|i| asked[*i]);
        let (columns, uniforms): (Vec<usize>, Vec<usize>) = inputs.partition(|i| varies[*i]);
        let operations = || trace.operations().filter(|operation| same.is_computed(&asked, operation));

        // What is uniform and read where it is not.
        let mut read: Vec<usize> = Vec::new();
        let mut is_read = vec![false; asked.len()];
        let operands = operations().filter(|operation| varying(operation.result));
        for slot in operands.flat_map(|operation| operation.operands).chain(trace.results()) {
            let slot = same.slot(*slot);
            let new = !slot.is_constant() && !varying(slot) && !is_read[slot.index()];
            if new {
                is_read[slot.index()] = true;
                read.push(slot.index());
            }
        }

        let mut once = Half::new(asked.len(), &uniforms);
        let mut each = Half::new(asked.len(), &[&columns[..], &read].concat());
        for operation in operations() {
            let half = if varying(operation.result) { &mut each } else { &mut once };
            let operands: Vec<Slot> =
                operation.operands.iter().map(|slot| half.slot(trace, same.slot(*slot))).collect();
            let result = half.trace.push(operation.row, &operands, operation.place);
            half.at[operation.result.index()] = Some(result);
        }
        for (guard, i) in trace.guards().iter().zip(0..) {
            let slot = same.slot(guard.slot);
            let half = if varying(slot) { &mut each } else { &mut once };
            let slot = half.slot(trace, slot);
            half.trace.guard(slot, guard.must, guard.place);
            half.guards.push(i);
        }
        let given = read.iter().map(|i| once.slot(trace, Slot::value(*i as u32))).collect();
        once.trace.give(given);
        let given = trace.results().iter().map(|slot| each.slot(trace, same.slot(*slot))).collect();
        each.trace.give(given);
        Self { uniforms, columns, once, each }
    }
}

impl Half {
    fn new(numbers: usize, inputs: &[usize]) -> Self {
        let mut at = vec![None; numbers];
        inputs.iter().zip(0..).for_each(|(input, i)| at[*input] = Some(Slot::value(i)));
        Self { trace: Trace::new(inputs.len() as u32), guards: Vec::new(), at }
    }

    fn slot(&mut self, whole: &Trace, slot: Slot) -> Slot {
        match whole.constant_at(slot) {
            Some(x) => self.trace.constant(x),
            None => self.at[slot.index()].unwrap_or(slot),
        }
    }
}

/// For each number, by its index, the one that it is to the bit: itself, or an earlier one.
struct Same(Vec<Slot>);

impl Same {
    fn of(trace: &Trace) -> Self {
        let mut same = Self((0..trace.inputs()).map(|i| Slot::value(i as u32)).collect());
        let mut computed: HashMap<(Numeric, [Slot; 3]), Slot> = HashMap::new();
        for operation in trace.operations() {
            let at = |i: usize| operation.operands.get(i).map(|slot| same.slot(*slot));
            let known = same.operand(trace, &operation).unwrap_or_else(|| {
                let Some(first) = at(0).filter(|_| operation.operands.len() <= 3) else {
                    return operation.result;
                };
                let mut operands = [first, at(1).unwrap_or(first), at(2).unwrap_or(first)];
                if matches!(operation.row, Numeric::Add | Numeric::Mul) {
                    operands[..2].sort_unstable();
                    operands[2] = operands[0];
                }
                *computed.entry((operation.row, operands)).or_insert(operation.result)
            });
            same.0.push(known);
        }
        same
    }

    /// The operand that an operation gives, if it does.
    fn operand(&self, trace: &Trace, operation: &Operation<'_>) -> Option<Slot> {
        let is = |slot: Slot, x: f64| trace.constant_at(slot).is_some_and(|c| c.to_bits() == x.to_bits());
        let slot = match (operation.row, operation.operands) {
            (Numeric::Identity | Numeric::StopGradient | Numeric::Min | Numeric::Max, [x]) => *x,
            (Numeric::Mul | Numeric::Div, [x, one]) | (Numeric::Mul, [one, x]) if is(*one, 1.0) => *x,
            (Numeric::Add, [x, zero] | [zero, x]) if is(*zero, -0.0) => *x,
            (Numeric::Sub, [x, zero]) if is(*zero, 0.0) => *x,
            _ => return None,
        };
        Some(self.slot(slot))
    }

    fn slot(&self, slot: Slot) -> Slot {
        if slot.is_constant() { slot } else { self.0[slot.index()] }
    }

    fn is_computed(&self, asked: &[bool], operation: &Operation<'_>) -> bool {
        asked[operation.result.index()] && self.slot(operation.result) == operation.result
    }

    /// Whether a result or guard depends on each number.
    fn asked(&self, trace: &Trace) -> Vec<bool> {
        let mut asked = vec![false; self.0.len()];
        let ask = |asked: &mut [bool], slot: Slot| {
            let slot = self.slot(slot);
            if !slot.is_constant() {
                asked[slot.index()] = true;
            }
        };
        trace.results().iter().for_each(|slot| ask(&mut asked, *slot));
        trace.guards().iter().for_each(|guard| ask(&mut asked, guard.slot));
        for operation in trace.operations().rev() {
            if self.is_computed(&asked, &operation) {
                operation.operands.iter().for_each(|slot| ask(&mut asked, *slot));
            }
        }
        asked
    }

    /// Whether each number may differ from row to row.
    fn varies(&self, trace: &Trace, uniform: &[bool]) -> Vec<bool> {
        let mut varies: Vec<bool> =
            (0..trace.inputs()).map(|i| !uniform.get(i).copied().unwrap_or(false)).collect();
        for operation in trace.operations() {
            let mut operands = operation.operands.iter().map(|slot| self.slot(*slot));
            let varying = operands.any(|slot| !slot.is_constant() && varies[slot.index()]);
            varies.push(varying);
        }
        varies
    }
}
