//! Dead code goes, variables are numbered anew. Nothing else changes.

use super::{chosen, simplify::mark};
use crate::anf::{Atom, Block, Effects, Graph, Inst, Op, Var, VarInfo};

/// `prune : (a -> b) -> (a -> b)`: the instructions that the results depend on, results of choices
/// included, and those that may fail, in their order. Where no one reads the record of a call there is a
/// plain call.
pub(super) fn prune(graph: &Graph, effects: Effects<'_>) -> Graph {
    let mut live = vec![false; graph.vars.len()];
    mark(&graph.body, &graph.body.results, effects, &mut live);
    let mut copy = Copy { graph, effects, live, vars: Vec::new(), map: vec![Var(0); graph.vars.len()] };
    let params = graph.params.iter().map(|v| copy.bind(*v)).collect();
    let keep_all = vec![true; graph.body.results.len()];
    let body = copy.block(&graph.body, &keep_all);
    Graph { name: graph.name.clone(), params, names: graph.names.clone(), body, vars: copy.vars }
}

struct Copy<'g> {
    graph: &'g Graph,
    effects: Effects<'g>,
    live: Vec<bool>,
    vars: Vec<VarInfo>,
    map: Vec<Var>,
}

impl Copy<'_> {
    fn bind(&mut self, var: Var) -> Var {
        let fresh = Var(self.vars.len() as u32);
        self.vars.push(self.graph.vars[var.0 as usize]);
        self.map[var.0 as usize] = fresh;
        fresh
    }

    fn atoms(&self, atoms: &[Atom]) -> Vec<Atom> {
        atoms.iter().map(|a| a.var().map_or(*a, |v| Atom::Var(self.map[v.0 as usize]))).collect()
    }

    fn block(&mut self, block: &Block, keep: &[bool]) -> Block {
        let mut insts = Vec::new();
        for inst in &block.insts {
            let mut wanted: Vec<bool> = inst.results.iter().map(|v| self.live[v.0 as usize]).collect();
            if !wanted.contains(&true) && !self.effects.has(&inst.op) {
                continue;
            }
            let args = self.atoms(&inst.args);
            let op = match &inst.op {
                Op::If { then, els } => {
                    Op::If { then: self.block(then, &wanted), els: self.block(els, &wanted) }
                }
                op => {
                    // All results of a call stay, but for the record.
                    let unrecorded = matches!(op, Op::Forward(_)) && wanted.last() == Some(&false);
                    let (all, call) = (wanted.len() - usize::from(unrecorded), op);
                    wanted[..all].fill(true);
                    match call {
                        Op::Forward(id) if unrecorded => Op::Call(*id),
                        op => op.clone(),
                    }
                }
            };
            let results = chosen(&inst.results, &wanted).iter().map(|v| self.bind(*v)).collect();
            insts.push(Inst { results, op, args });
        }
        Block { insts, results: self.atoms(&chosen(&block.results, keep)) }
    }
}
