//! Where derivatives go.
//!
//! A parameter or result is *varied* if it can depend differentiably on what the gradient is taken by, and
//! *useful* if the program's value can depend differentiably on it. Both are least fixed points over all calls
//! and all steps of loops, found by going through the functions until nothing changes. Comparisons, rounding and
//! what the table declares to have no derivative end both.

use super::Passage;
use crate::{
    anf::{Atom, Block, FnId, Inst, Module, Op, Var},
    prim::{Numeric, Scalar},
};

/// Of each function, the parameters and results that derivatives go through: those that are varied and useful.
pub(in crate::transform) fn activity(module: &Module, wrt: &[usize]) -> Vec<Passage> {
    let vars = || module.functions.iter().map(|f| vec![false; f.graph.vars.len()]).collect();
    let exits = module.functions.iter().map(|f| vec![false; f.exits().len()]).collect();
    let mut flow = Flow { module, varied: vars(), useful: vars(), exits, of: 0, changed: true };
    for index in wrt {
        if let Some(param) = module.get(FnId(0)).and_then(|f| f.graph.params.get(*index)) {
            flow.vary(Atom::Var(*param));
        }
    }
    flow.exits.first_mut().into_iter().flatten().for_each(|useful| *useful = true);
    while std::mem::take(&mut flow.changed) {
        for (of, function) in module.functions.iter().enumerate() {
            flow.of = of;
            flow.forward(&function.graph.body);
            flow.steps(Flow::is_varied, Flow::vary, |param, next| (next, param));
            flow.steps(Flow::is_useful, Flow::make_useful, |param, next| (param, next));
            for (i, exit) in function.exits().iter().enumerate() {
                if flow.exits[of][i] {
                    flow.make_useful(*exit);
                }
            }
            flow.backward(&function.graph.body);
        }
    }
    let mut passage = |(of, function): (usize, &crate::anf::Function)| {
        flow.of = of;
        let active = |v: &Var| flow.is_varied(Atom::Var(*v)) && flow.is_useful(Atom::Var(*v));
        let exits = function.exits().iter().zip(&flow.exits[of]);
        Passage::new(
            function.graph.params.iter().map(active).collect(),
            exits.map(|(exit, useful)| *useful && flow.is_varied(*exit)).collect(),
        )
    };
    module.functions.iter().enumerate().map(&mut passage).collect()
}

struct Flow<'m> {
    module: &'m Module,
    /// By function and variable.
    varied: Vec<Vec<bool>>,
    /// By function and variable.
    useful: Vec<Vec<bool>>,
    /// The useful results, by function and result.
    exits: Vec<Vec<bool>>,
    /// The function at hand.
    of: usize,
    /// Whether anything has been found since the last round.
    changed: bool,
}

impl<'m> Flow<'m> {
    fn is_varied(&self, atom: Atom) -> bool {
        atom.var().is_some_and(|v| self.varied[self.of][v.0 as usize])
    }

    fn is_useful(&self, atom: Atom) -> bool {
        atom.var().is_some_and(|v| self.useful[self.of][v.0 as usize])
    }

    fn vary(&mut self, atom: Atom) {
        let real = self.module.functions[self.of].graph.ty(atom).scalar == Scalar::Real;
        if let Some(varied) = atom.var().and_then(|v| self.varied[self.of].get_mut(v.0 as usize)) {
            self.changed |= real && !*varied;
            *varied |= real;
        }
    }

    fn make_useful(&mut self, atom: Atom) {
        let real = self.module.functions[self.of].graph.ty(atom).scalar == Scalar::Real;
        if let Some(useful) = atom.var().and_then(|v| self.useful[self.of].get_mut(v.0 as usize)) {
            self.changed |= real && !*useful;
            *useful |= real;
        }
    }

    /// From one step of a loop to the next, or back.
    fn steps(
        &mut self,
        is: fn(&Self, Atom) -> bool,
        make: fn(&mut Self, Atom),
        order: fn(Atom, Atom) -> (Atom, Atom),
    ) {
        let module = self.module;
        let function = &module.functions[self.of];
        for (param, next) in function.graph.params.iter().zip(function.next()) {
            let (from, to) = order(Atom::Var(*param), *next);
            if is(self, from) {
                make(self, to);
            }
        }
    }

    fn callee(&self, id: FnId) -> Option<&'m crate::anf::Function> {
        self.module.get(id)
    }

    /// Does something in another function.
    fn within<R>(&mut self, id: FnId, act: impl FnOnce(&mut Self) -> R) -> R {
        let of = std::mem::replace(&mut self.of, id.0 as usize);
        let result = act(self);
        self.of = of;
        result
    }

    fn forward(&mut self, block: &Block) {
        for inst in &block.insts {
            match &inst.op {
                Op::Row(row) => {
                    if (0..inst.args.len()).any(|i| passes(*row, i) && self.is_varied(inst.args[i])) {
                        self.vary_all(inst);
                    }
                }
                Op::Whole(_) | Op::Broadcast { .. } | Op::Sum { .. } => {
                    if inst.args.iter().any(|arg| self.is_varied(*arg)) {
                        self.vary_all(inst);
                    }
                }
                Op::If { then, els } => {
                    for side in [then, els] {
                        self.forward(side);
                        for (var, result) in inst.results.iter().zip(&side.results) {
                            if self.is_varied(*result) {
                                self.vary(Atom::Var(*var));
                            }
                        }
                    }
                }
                Op::Call(id) => {
                    let Some(callee) = self.callee(*id) else { continue };
                    for (param, arg) in callee.graph.params.iter().zip(&inst.args) {
                        if self.is_varied(*arg) {
                            self.within(*id, |flow| flow.vary(Atom::Var(*param)));
                        }
                    }
                    for (var, exit) in inst.results.iter().zip(callee.exits()) {
                        if self.within(*id, |flow| flow.is_varied(*exit)) {
                            self.vary(Atom::Var(*var));
                        }
                    }
                }
                Op::Table(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => {}
            }
        }
    }

    fn vary_all(&mut self, inst: &Inst) {
        inst.results.iter().for_each(|v| self.vary(Atom::Var(*v)));
    }

    fn backward(&mut self, block: &Block) {
        for inst in block.insts.iter().rev() {
            let useful: Vec<bool> = inst.results.iter().map(|v| self.is_useful(Atom::Var(*v))).collect();
            if !useful.contains(&true) {
                continue;
            }
            match &inst.op {
                Op::Row(row) => {
                    let args = inst.args.iter().enumerate().filter(|(i, _)| passes(*row, *i));
                    args.for_each(|(_, arg)| self.make_useful(*arg));
                }
                Op::Whole(_) | Op::Broadcast { .. } | Op::Sum { .. } => {
                    inst.args.iter().for_each(|arg| self.make_useful(*arg));
                }
                Op::If { then, els } => {
                    for side in [then, els] {
                        let results = side.results.iter().zip(&useful).filter(|(_, useful)| **useful);
                        results.for_each(|(result, _)| self.make_useful(*result));
                        self.backward(side);
                    }
                }
                Op::Call(id) => {
                    let Some(callee) = self.callee(*id) else { continue };
                    for (exit, useful) in self.exits[id.0 as usize].iter_mut().zip(&useful) {
                        self.changed |= *useful && !*exit;
                        *exit |= *useful;
                    }
                    for (param, arg) in callee.graph.params.iter().zip(&inst.args) {
                        if self.within(*id, |flow| flow.is_useful(Atom::Var(*param))) {
                            self.make_useful(*arg);
                        }
                    }
                }
                Op::Table(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => {}
            }
        }
    }
}

/// Whether a derivative passes through operand `i` of a row.
pub(in crate::transform) fn passes(row: Numeric, i: usize) -> bool {
    !row.declared_zeros().get(i).copied().unwrap_or(false)
}
