//! Traces as graphs, and back.

use super::{Guard, Must, Slot, Trace};
use crate::{
    anf::{Atom, Block, Graph, Inst, Op, Type, Var, VarInfo},
    prim::Scalar,
    span::Span,
    transform::simplify,
};
use std::collections::{HashMap, HashSet};

impl Trace {
    /// The operations as a graph: its parameters are the inputs, its results those of the trace and after them, in
    /// order, what the guards look at. `span` gives the place of the text by an operation's.
    pub fn graph(&self, name: &str, inputs: &[String], span: impl Fn(u32) -> Option<Span>) -> Graph {
        let types = self.operations().map(|operation| match operation.row.row().result {
            Scalar::Bool => (Type::BOOL, span(operation.place)),
            _ => (Type::REAL, span(operation.place)),
        });
        let params = (0..self.inputs()).map(|_| (Type::REAL, None));
        let vars = params.chain(types).map(|(ty, span)| VarInfo { ty, span }).collect();
        let insts = self.operations().map(|operation| {
            let args = operation.operands.iter().enumerate().map(|(i, slot)| {
                match (operation.row.row().operands.get(i), self.constant_at(*slot)) {
                    (Some(Scalar::Bool), Some(x)) => Atom::Bool(x != 0.0),
                    _ => self.atom(*slot),
                }
            });
            Inst {
                results: vec![Var(operation.result.index() as u32)],
                op: Op::Row(operation.row),
                args: args.collect(),
            }
        });
        let looked_at = self.guards.iter().map(|guard| match (guard.must, self.constant_at(guard.slot)) {
            (Must::Be(_), Some(x)) => Atom::Bool(x != 0.0),
            _ => self.atom(guard.slot),
        });
        let results = self.results.iter().map(|slot| self.atom(*slot)).chain(looked_at).collect();
        let names = (0..self.inputs()).map(|i| inputs.get(i).cloned().unwrap_or_else(|| format!("v{i}")));
        Graph {
            name: name.to_string(),
            params: (0..self.inputs).map(Var).collect(),
            names: names.collect(),
            body: Block { insts: insts.collect(), results },
            vars,
        }
    }

    fn atom(&self, slot: Slot) -> Atom {
        self.constant_at(slot).map_or_else(|| Atom::Var(Var(slot.index() as u32)), Atom::Real)
    }

    /// The trace of a straight graph of numbers and truth values: the first of its results are the trace's, the
    /// others are what `guards` look at, in order. A guard that always holds is left out, and of guards alike all but the first.
    /// `None` for a graph with choices, calls or axes, and where a guard never holds. Places are those that the
    /// spans begin at.
    pub fn from_graph(graph: &Graph, results: usize, guards: &[Guard]) -> Option<Self> {
        let mut trace = Self::new(graph.params.len() as u32);
        let mut slots: HashMap<Var, Slot> =
            graph.params.iter().zip(0..).map(|(var, i)| (*var, Slot::value(i))).collect();
        let scalar = |info: &VarInfo| info.ty.dims.axes().is_empty();
        if !graph.vars.iter().all(scalar) {
            return None;
        }
        let read = |trace: &mut Self, slots: &HashMap<Var, Slot>, atom: &Atom| match atom {
            Atom::Var(var) => slots.get(var).copied(),
            Atom::Real(x) => Some(trace.constant(*x)),
            Atom::Bool(b) => Some(trace.constant(f64::from(*b))),
        };
        for inst in &graph.body.insts {
            let (Op::Row(row), [result]) = (&inst.op, &inst.results[..]) else { return None };
            let operands = inst.args.iter().map(|arg| read(&mut trace, &slots, arg));
            let operands: Vec<Slot> = operands.collect::<Option<_>>()?;
            let place = graph.vars.get(result.0 as usize)?.span.map_or(0, |span| span.start);
            let slot = trace.push(*row, &operands, place);
            slots.insert(*result, slot);
        }
        let (given, looked_at) = graph.body.results.split_at_checked(results)?;
        let given = given.iter().map(|atom| read(&mut trace, &slots, atom)).collect::<Option<_>>()?;
        let mut seen = HashSet::new();
        for (guard, atom) in guards.iter().zip(looked_at) {
            let slot = read(&mut trace, &slots, atom)?;
            if let Some(x) = trace.constant_at(slot) {
                if !guard.must.holds(x) {
                    return None;
                }
            } else if seen.insert((slot, guard.must)) {
                let after = (slot.index() + 1).saturating_sub(trace.inputs()) as u32;
                trace.guards.push(Guard { slot, after, ..*guard });
            }
        }
        trace.guards.sort_by_key(|guard| guard.after);
        trace.give(given);
        Some(trace)
    }

    /// What simplification leaves of it: shared operations once, and none that neither a result nor a guard needs.
    /// Values keep their bits. Gradients are of the same functions, their sums in another order: derive first.
    pub fn simplified(&self) -> Self {
        let places = |place| (place != 0).then(|| Span::new(place, place));
        let graph = simplify(&self.graph("trace", &[], places));
        Self::from_graph(&graph, self.results.len(), &self.guards).unwrap_or_else(|| self.clone())
    }
}
