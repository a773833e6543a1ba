//! Parameters and results that no one needs, over all calls and steps of loops.
//!
//! A result is needed if it is the program's, or a call's that is read. A parameter is needed if what is needed
//! of its function reads it; handed on as itself, around a loop or a recursion, is not yet needed. Both are least
//! fixed points.

use crate::{
    anf::{Atom, Block, Effects, FnId, Function, Inst, Kind, Module, Op, Var},
    transform::chosen,
};

/// Drops the parameters and results that are not needed.
pub(super) fn needed(module: &Module) -> Module {
    let fallible = module.fallible();
    let exits = vec![true; module.functions.first().map_or(0, |program| program.exits().len())];
    let need = Need::of(module, Effects::Of(&fallible), &exits);
    let functions = module.functions.iter().enumerate();
    let functions = functions.map(|(id, f)| need.without(id, f)).collect();
    Module { functions }
}

/// Of each function the results of its graph that are needed for the first result of the program.
pub(in crate::transform) fn values(module: &Module) -> Vec<Vec<bool>> {
    let fallible = module.fallible();
    let need = Need::of(module, Effects::Of(&fallible), &[true]);
    let of = |(id, function): (usize, &Function)| match function.kind {
        Kind::Once => need.exits[id].clone(),
        Kind::Loop => [&[true], &need.params(FnId(id as u32))[..], &need.exits[id]].concat(),
    };
    module.functions.iter().enumerate().map(of).collect()
}

struct Need<'m> {
    module: &'m Module,
    effects: Effects<'m>,
    /// By function and variable.
    vars: Vec<Vec<bool>>,
    /// By function and result.
    exits: Vec<Vec<bool>>,
    changed: bool,
}

impl<'m> Need<'m> {
    /// What is needed for these results of the program.
    fn of(module: &'m Module, effects: Effects<'m>, exits: &[bool]) -> Self {
        let mut need = Need {
            vars: module.functions.iter().map(|f| vec![false; f.graph.vars.len()]).collect(),
            exits: module.functions.iter().map(|f| vec![false; f.exits().len()]).collect(),
            module,
            effects,
            changed: true,
        };
        let program = module.functions.first().into_iter();
        let of_program = need.exits.first_mut().into_iter().flatten();
        of_program.zip(exits).for_each(|(exit, needed)| *exit = *needed);
        for param in program.flat_map(|f| &f.graph.params) {
            need.vars[0][param.0 as usize] = true;
        }
        while std::mem::take(&mut need.changed) {
            (0..module.functions.len()).for_each(|id| need.function(id));
        }
        need
    }

    fn need(&mut self, of: usize, atom: Atom) {
        if let Some(needed) = atom.var().and_then(|v| self.vars[of].get_mut(v.0 as usize)) {
            self.changed |= !*needed;
            *needed = true;
        }
    }

    fn is(&self, of: usize, var: Var) -> bool {
        self.vars[of][var.0 as usize]
    }

    /// Which parameters a function needs.
    fn params(&self, id: FnId) -> Vec<bool> {
        let function = self.module.get(id);
        let params = function.into_iter().flat_map(|f| &f.graph.params);
        params.map(|v| self.is(id.0 as usize, *v)).collect()
    }

    fn function(&mut self, of: usize) {
        let module = self.module;
        let function = &module.functions[of];
        if function.kind == Kind::Loop {
            function.graph.body.results.first().into_iter().for_each(|go_on| self.need(of, *go_on));
        }
        for (param, next) in function.graph.params.iter().zip(function.next()) {
            if self.is(of, *param) {
                self.need(of, *next);
            }
        }
        for (i, exit) in function.exits().iter().enumerate() {
            if self.exits[of][i] {
                self.need(of, *exit);
            }
        }
        self.block(of, &function.graph.body);
    }

    fn block(&mut self, of: usize, block: &Block) {
        for inst in block.insts.iter().rev() {
            let used: Vec<bool> = inst.results.iter().map(|v| self.is(of, *v)).collect();
            if !used.contains(&true) && !self.effects.has(&inst.op) {
                continue;
            }
            match &inst.op {
                Op::Call(id) => {
                    for (exit, used) in self.exits[id.0 as usize].iter_mut().zip(&used) {
                        self.changed |= *used && !*exit;
                        *exit |= *used;
                    }
                    for (arg, needed) in inst.args.iter().zip(self.params(*id)) {
                        if needed {
                            self.need(of, *arg);
                        }
                    }
                }
                op => {
                    inst.args.iter().for_each(|arg| self.need(of, *arg));
                    if let Op::If { then, els } = op {
                        for side in [then, els] {
                            let results = side.results.iter().zip(&used).filter(|(_, used)| **used);
                            results.for_each(|(result, _)| self.need(of, *result));
                            self.block(of, side);
                        }
                    }
                }
            }
        }
    }

    /// The function without what is not needed. Its calls lose what their functions lose.
    fn without(&self, of: usize, function: &Function) -> Function {
        let mut graph = function.graph.clone();
        let params = self.params(FnId(of as u32));
        let exits = chosen(function.exits(), &self.exits[of]);
        let next = chosen(function.next(), &params);
        let go_on = if function.kind == Kind::Loop { &graph.body.results[..1] } else { &[] };
        graph.body.results = [go_on, &next, &exits].concat();
        graph.params = chosen(&graph.params, &params);
        graph.names = chosen(&graph.names, &params);
        self.calls(of, &mut graph.body);
        Function { graph, ..*function }
    }

    fn calls(&self, of: usize, block: &mut Block) {
        // What is not needed may read parameters that are gone.
        block.insts.retain(|i| self.effects.has(&i.op) || i.results.iter().any(|v| self.is(of, *v)));
        for Inst { results, op, args } in &mut block.insts {
            match op {
                Op::Call(id) => {
                    *args = chosen(args, &self.params(*id));
                    *results = chosen(results, &self.exits[id.0 as usize]);
                }
                Op::If { then, els } => {
                    let used: Vec<bool> = results.iter().map(|v| self.is(of, *v)).collect();
                    *results = chosen(results, &used);
                    for side in [then, els] {
                        side.results = chosen(&side.results, &used);
                        self.calls(of, side);
                    }
                }
                _ => {}
            }
        }
    }
}
