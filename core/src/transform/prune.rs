//! Dead code goes, variables are numbered anew. Nothing else changes.

use super::simplify::mark;
use crate::anf::{Atom, Block, Graph, Inst, Op, Var, VarInfo};

/// `prune : (a -> b) -> (a -> b)`: the instructions that the results depend on, results of choices
/// included, in their order.
pub(super) fn prune(graph: &Graph) -> Graph {
    let mut live = vec![false; graph.vars.len()];
    mark(&graph.body, &graph.body.results, &mut live);
    let mut copy = Copy { graph, live, vars: Vec::new(), map: vec![Var(0); graph.vars.len()] };
    let params = graph.params.iter().map(|v| copy.bind(*v)).collect();
    let keep_all = vec![true; graph.body.results.len()];
    let body = copy.block(&graph.body, &keep_all);
    Graph { name: graph.name.clone(), params, names: graph.names.clone(), body, vars: copy.vars }
}

fn kept<T: Clone>(items: &[T], keep: &[bool]) -> Vec<T> {
    items.iter().zip(keep).filter(|(_, keep)| **keep).map(|(item, _)| item.clone()).collect()
}

struct Copy<'g> {
    graph: &'g Graph,
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
            let wanted: Vec<bool> = inst.results.iter().map(|v| self.live[v.0 as usize]).collect();
            if !wanted.contains(&true) {
                continue;
            }
            let args = self.atoms(&inst.args);
            let op = match &inst.op {
                Op::If { then, els } => {
                    Op::If { then: self.block(then, &wanted), els: self.block(els, &wanted) }
                }
                op => op.clone(),
            };
            let results = kept(&inst.results, &wanted).iter().map(|v| self.bind(*v)).collect();
            insts.push(Inst { results, op, args });
        }
        Block { insts, results: self.atoms(&kept(&block.results, keep)) }
    }
}
