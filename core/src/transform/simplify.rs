//! Smaller graphs with the same values.
//!
//! `simplify : (a -> b) -> (a -> b)` keeps every bit: dead code goes, common subexpressions are
//! shared, literals are folded where that is exact, and the builder's identities apply. Differentiate
//! first, simplify after.
//!
//! [`adjoint`] then rewrites what only derivatives use, where the last bits are free: see there.

mod adjoint;
mod products;

pub use adjoint::adjoint;

use crate::{
    anf::{Atom, Block, Builder, Graph, Inst, Op, Type, Var},
    prim::Numeric,
};
use std::collections::HashMap;

/// The same function without dead code and repeated work.
pub fn simplify(graph: &Graph) -> Graph {
    let mut live = vec![false; graph.vars.len()];
    mark(&graph.body, &graph.body.results, &mut live);
    let builder = Builder::new();
    let mut rebuild = Rebuild {
        graph,
        builder: &builder,
        live,
        map: vec![None; graph.vars.len()],
        seen: vec![HashMap::new()],
    };
    for (param, name) in graph.params.iter().zip(&graph.names) {
        let info = graph.vars[param.0 as usize];
        builder.at(info.span);
        rebuild.map[param.0 as usize] = Some(builder.param(name, info.ty));
    }
    let results = rebuild.block(&graph.body, &graph.body.results);
    builder.finish(&*graph.name, results)
}

/// Marks what `results` of a block depend on.
pub(super) fn mark(block: &Block, results: &[Atom], live: &mut [bool]) {
    let need = |atoms: &[Atom], live: &mut [bool]| {
        for var in atoms.iter().filter_map(|a| a.var()) {
            live[var.0 as usize] = true;
        }
    };
    need(results, live);
    for inst in block.insts.iter().rev().filter(|i| !i.results.is_empty()) {
        let used: Vec<bool> = inst.results.iter().map(|v| live[v.0 as usize]).collect();
        if !used.contains(&true) {
            continue;
        }
        need(&inst.args, live);
        if let Op::If { then, els } = &inst.op {
            for side in [then, els] {
                mark(side, &chosen(&side.results, &used), live);
            }
        }
    }
}

fn chosen<T: Clone>(items: &[T], used: &[bool]) -> Vec<T> {
    items.iter().zip(used).filter(|(_, used)| **used).map(|(item, _)| item.clone()).collect()
}

struct Rebuild<'g, 'b> {
    graph: &'g Graph,
    builder: &'b Builder,
    live: Vec<bool>,
    map: Vec<Option<Atom>>,
    /// What is already computed, in each enclosing block.
    seen: Vec<HashMap<(Key, Vec<Atom>), Atom>>,
}

/// An operation up to its operands.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Row(Numeric),
    Broadcast(u32, u32),
    Sum(u32),
}

impl Rebuild<'_, '_> {
    fn block(&mut self, block: &Block, results: &[Atom]) -> Vec<Atom> {
        for inst in &block.insts {
            if inst.results.iter().any(|v| self.live[v.0 as usize]) {
                self.inst(inst);
            }
        }
        results.iter().map(|a| self.atom(*a)).collect()
    }

    fn atom(&self, atom: Atom) -> Atom {
        atom.var().and_then(|v| self.map[v.0 as usize]).unwrap_or(atom)
    }

    fn bind(&mut self, var: Var, atom: Atom) {
        // What folds to a literal keeps its axes.
        self.map[var.0 as usize] = Some(self.builder.shaped(atom, self.graph.ty(Atom::Var(var)).dims));
    }

    fn inst(&mut self, inst: &Inst) {
        let before = self.builder.at(inst.results.first().and_then(|v| self.graph.vars[v.0 as usize].span));
        let args: Vec<Atom> = inst.args.iter().map(|a| self.atom(*a)).collect();
        match &inst.op {
            Op::Row(row) => {
                let key = (Key::Row(*row), ordered(*row, args.clone()));
                let atom = self.shared(key, |builder| Some(builder.row(*row, &args)));
                self.bind(inst.results[0], atom);
            }
            Op::Broadcast { axis, size } => {
                let atom = self.shared((Key::Broadcast(*axis, *size), args.clone()), |builder| {
                    builder.broadcast(args[0], *axis as usize, *size)
                });
                self.bind(inst.results[0], atom);
            }
            Op::Sum { axis } => {
                let atom = self.shared((Key::Sum(*axis), args.clone()), |b| b.sum(args[0], *axis as usize));
                self.bind(inst.results[0], atom);
            }
            Op::Call(_) | Op::Forward(_) | Op::Reverse(_) | Op::Fail(_) => {
                let types: Vec<Type> = inst.results.iter().map(|v| self.graph.ty(Atom::Var(*v))).collect();
                let atoms = self.builder.push(inst.op.clone(), args, &types);
                inst.results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
            }
            Op::If { then, els } => self.choice(inst, args[0], then, els),
        }
        self.builder.at(before);
    }

    fn shared(&mut self, key: (Key, Vec<Atom>), make: impl FnOnce(&Builder) -> Option<Atom>) -> Atom {
        if let Some(atom) = self.seen.iter().rev().find_map(|seen| seen.get(&key)) {
            return *atom;
        }
        let atom = make(self.builder).unwrap_or(key.1[0]);
        if let Some(seen) = self.seen.last_mut() {
            seen.insert(key, atom);
        }
        atom
    }

    fn choice(&mut self, inst: &Inst, condition: Atom, then: &Block, els: &Block) {
        let used: Vec<bool> = inst.results.iter().map(|v| self.live[v.0 as usize]).collect();
        let results = chosen(&inst.results, &used);
        if let Atom::Bool(taken) = condition {
            let side = if taken { then } else { els };
            let atoms = self.block(side, &chosen(&side.results, &used));
            results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
            return;
        }
        let mut side = |block: &Block| {
            self.seen.push(HashMap::new());
            let (insts, results) = self.builder.scoped(|| self.block(block, &chosen(&block.results, &used)));
            self.seen.pop();
            Block { insts, results }
        };
        let (then, els) = (side(then), side(els));
        let types: Vec<Type> = results.iter().map(|v| self.graph.ty(Atom::Var(*v))).collect();
        let atoms = self.builder.choose(condition, then, els, &types);
        results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
    }
}

/// Operands in one order where the order changes no bit.
fn ordered(row: Numeric, mut args: Vec<Atom>) -> Vec<Atom> {
    if matches!(row, Numeric::Add | Numeric::Mul | Numeric::Equal | Numeric::Eqv | Numeric::And | Numeric::Or)
    {
        args.sort_by_key(|a| match a {
            Atom::Bool(b) => (0, u64::from(*b)),
            Atom::Real(x) => (1, x.to_bits()),
            Atom::Var(v) => (2, u64::from(v.0)),
        });
    }
    args
}
