//! A loop's step where it is known how it went.
//!
//! When a derivative is taken the run is over: it did not fail, and which step went on is known. So choices
//! between failing and not are none, and what the step's first result being true or false says of conditions is
//! put in their place. What does not follow stays as it is.

use crate::{
    anf::{Atom, Block, Effects, Function, Graph, Inst, Kind, Op, Var},
    prim::Numeric,
    transform::simplify::simplify_by,
};
use std::collections::HashMap;

/// The steps of a loop.
pub(super) struct Steps {
    /// That went on.
    pub(super) on: Graph,
    /// That ended it.
    pub(super) off: Graph,
}

impl Steps {
    /// Of a function, if it is a loop.
    pub(super) fn of(function: &Function) -> Option<Self> {
        let on = |on| going_on(&function.graph, on);
        (function.kind == Kind::Loop).then(|| Self { on: on(true), off: on(false) })
    }
}

/// The step of a loop that did not fail and went on, or did not.
pub(in crate::transform) fn going_on(graph: &Graph, on: bool) -> Graph {
    let mut known = Known { definitions: HashMap::new(), facts: HashMap::new() };
    known.define(&graph.body);
    if let Some(first) = graph.body.results.first() {
        known.learn(*first, on);
    }
    let mut graph = graph.clone();
    known.apply(&mut graph.body);
    simplify_by(&graph, Effects::Nothing)
}

/// Which parameters a step that goes on leaves as they are.
pub(super) fn invariant(on: &Graph) -> Vec<bool> {
    let next = on.body.results.iter().skip(1);
    on.params.iter().zip(next).map(|(param, next)| *next == Atom::Var(*param)).collect()
}

struct Known<'g> {
    definitions: HashMap<Var, &'g Inst>,
    facts: HashMap<Var, bool>,
}

impl<'g> Known<'g> {
    fn define(&mut self, block: &'g Block) {
        for inst in &block.insts {
            self.definitions.extend(inst.results.iter().map(|v| (*v, inst)));
            if let Op::If { then, els } = &inst.op {
                self.define(then);
                self.define(els);
            }
        }
    }

    /// The value of a truth value, if it is known.
    fn value(&self, atom: Atom) -> Option<bool> {
        match atom {
            Atom::Bool(b) => Some(b),
            Atom::Var(v) => self.facts.get(&v).copied(),
            Atom::Real(_) => None,
        }
    }

    /// Notes that a truth value is `is`, and what follows from that.
    fn learn(&mut self, atom: Atom, is: bool) {
        let Atom::Var(var) = atom else { return };
        self.facts.insert(var, is);
        let Some(inst) = self.definitions.get(&var).copied() else { return };
        match (&inst.op, &inst.args[..]) {
            (Op::Row(Numeric::Not), [x]) => self.learn(*x, !is),
            (Op::Row(Numeric::And), [a, b]) => self.junction(*a, *b, is, true),
            (Op::Row(Numeric::Or), [a, b]) => self.junction(*a, *b, is, false),
            (Op::If { then, els }, [condition]) => {
                let Some(at) = inst.results.iter().position(|v| *v == var) else { return };
                // A side that fails, or gives the other answer, was not taken.
                let excluded = |side: &Block| fails(side) || self.value(side.results[at]) == Some(!is);
                let (side, taken) = match (excluded(then), excluded(els)) {
                    (true, false) => (els, false),
                    (false, true) => (then, true),
                    _ => return,
                };
                self.learn(*condition, taken);
                self.learn(side.results[at], is);
            }
            _ => {}
        }
    }

    /// What `a and b`, or `a or b`, being `is` says of both; all of them being `unit` is that result.
    fn junction(&mut self, a: Atom, b: Atom, is: bool, unit: bool) {
        if is == unit {
            self.learn(a, unit);
            self.learn(b, unit);
        } else if self.value(a) == Some(unit) {
            self.learn(b, is);
        } else if self.value(b) == Some(unit) {
            self.learn(a, is);
        }
    }

    fn apply(&self, block: &mut Block) {
        let replace = |atom: &mut Atom| {
            if let Some(b) = self.value(*atom) {
                *atom = Atom::Bool(b);
            }
        };
        for inst in &mut block.insts {
            inst.args.iter_mut().for_each(replace);
            if let Op::If { then, els } = &mut inst.op {
                match (fails(then), fails(els)) {
                    (true, false) => inst.args = vec![Atom::Bool(false)],
                    (false, true) => inst.args = vec![Atom::Bool(true)],
                    _ => {}
                }
                self.apply(then);
                self.apply(els);
            }
        }
        block.results.iter_mut().for_each(replace);
    }
}

/// Whether a block ends the run.
fn fails(block: &Block) -> bool {
    block.insts.iter().any(|inst| match &inst.op {
        Op::Fail(_) => true,
        Op::If { then, els } => fails(then) && fails(els),
        _ => false,
    })
}
