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
pub(super) use adjoint::{adjoint_by, primal_of};

use super::chosen;
use crate::{
    anf::{Atom, Block, Builder, Effects, FnId, Graph, Inst, Op, Table, Type, Var, unread},
    prim::{Numeric, Whole},
};
use std::{collections::HashMap, hash::Hash};

/// The same function without dead code and repeated work. Any call may fail, so that calls stay.
pub fn simplify(graph: &Graph) -> Graph {
    simplify_by(graph, Effects::AnyCall)
}

/// [`simplify`] where it is known what may fail.
pub(super) fn simplify_by(graph: &Graph, effects: Effects<'_>) -> Graph {
    let mut live = vec![false; graph.vars.len()];
    mark(&graph.body, &graph.body.results, effects, &mut live);
    let builder = Builder::new();
    let mut rebuild = Rebuild {
        graph,
        builder: &builder,
        effects,
        live,
        map: vec![None; graph.vars.len()],
        seen: Scoped::default(),
        called: Scoped::default(),
    };
    for (param, name) in graph.params.iter().zip(&graph.names) {
        let info = graph.vars[param.0 as usize];
        builder.at(info.span);
        rebuild.map[param.0 as usize] = Some(builder.param(name, info.ty));
    }
    let (results, _) = rebuild.block(&graph.body, &graph.body.results, &graph.result_types());
    builder.finish(&*graph.name, results)
}

/// Marks what `results` of a block, and what may fail in it, depend on.
pub(super) fn mark(block: &Block, results: &[Atom], effects: Effects<'_>, live: &mut [bool]) {
    let need = |atoms: &[Atom], live: &mut [bool]| {
        for var in atoms.iter().filter_map(|a| a.var()) {
            live[var.0 as usize] = true;
        }
    };
    need(results, live);
    for inst in block.insts.iter().rev() {
        let used: Vec<bool> = inst.results.iter().map(|v| live[v.0 as usize]).collect();
        if !used.contains(&true) && !effects.has(&inst.op) {
            continue;
        }
        need(&inst.args, live);
        if let Op::If { then, els } = &inst.op {
            for side in [then, els] {
                mark(side, &chosen(&side.results, &used), effects, live);
            }
        }
    }
}

struct Rebuild<'g, 'b> {
    graph: &'g Graph,
    builder: &'b Builder,
    effects: Effects<'g>,
    live: Vec<bool>,
    map: Vec<Option<Atom>>,
    /// What is already computed, and called, in this block and those around.
    seen: Seen,
    called: Called,
}

/// An operation up to its operands.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Row(Numeric),
    Broadcast(u32, u32),
    Sum(u32),
    Table(Table),
}

/// An operation of several results, up to its operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Many {
    Call(FnId),
    Whole(Whole),
}

type Seen = Scoped<(Key, Vec<Atom>), Atom>;
type Called = Scoped<(Many, Vec<Atom>), Vec<Atom>>;

/// What is known in a block and those around, found in one look however deep they nest.
struct Scoped<K, V> {
    all: HashMap<K, V>,
    /// What was entered in each block, innermost last.
    entered: Vec<Vec<K>>,
}

impl<K, V> Default for Scoped<K, V> {
    fn default() -> Self {
        Self { all: HashMap::new(), entered: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Scoped<K, V> {
    /// Enters what is not known yet.
    fn enter(&mut self, key: K, value: V) {
        if let Some(entered) = self.entered.last_mut() {
            entered.push(key.clone());
        }
        self.all.insert(key, value);
    }

    fn open(&mut self) {
        self.entered.push(Vec::new());
    }

    /// Forgets what was entered in the innermost block, and gives it.
    fn close(&mut self) -> Vec<(K, V)> {
        let keys = self.entered.pop().unwrap_or_default();
        keys.into_iter().filter_map(|key| self.all.remove_entry(&key)).collect()
    }

    /// Enters what another block gave.
    fn extend(&mut self, known: Vec<(K, V)>) {
        known.into_iter().for_each(|(key, value)| self.enter(key, value));
    }
}

/// A side of a choice, simplified.
#[derive(Default)]
struct Side {
    block: Block,
    /// Whether it ends the run, so that its results are not read.
    ends: bool,
    seen: Vec<((Key, Vec<Atom>), Atom)>,
    called: Vec<((Many, Vec<Atom>), Vec<Atom>)>,
}

impl Rebuild<'_, '_> {
    /// The results of a block, of which those that are not known here are literals of these types, and
    /// whether it gives them. What follows a failure is not run.
    fn block(&mut self, block: &Block, results: &[Atom], types: &[Type]) -> (Vec<Atom>, bool) {
        for inst in &block.insts {
            let wanted = self.effects.has(&inst.op) || inst.results.iter().any(|v| self.live[v.0 as usize]);
            if wanted && self.inst(inst) {
                return (types.iter().map(|ty| unread(*ty)).collect(), true);
            }
        }
        (results.iter().map(|a| self.atom(*a)).collect(), false)
    }

    fn atom(&self, atom: Atom) -> Atom {
        atom.var().and_then(|v| self.map[v.0 as usize]).unwrap_or(atom)
    }

    fn bind(&mut self, var: Var, atom: Atom) {
        // What folds to a literal keeps its axes.
        self.map[var.0 as usize] = Some(self.builder.shaped(atom, self.graph.ty(Atom::Var(var)).dims));
    }

    /// Whether the run ends with it.
    fn inst(&mut self, inst: &Inst) -> bool {
        let before = self.builder.at(inst.results.first().and_then(|v| self.graph.vars[v.0 as usize].span));
        let args: Vec<Atom> = inst.args.iter().map(|a| self.atom(*a)).collect();
        let mut ends = false;
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
            Op::Table(table) => {
                let key = (Key::Table(table.clone()), args.clone());
                let atom = self.shared(key, |builder| Some(builder.table(table, args[0])));
                self.bind(inst.results[0], atom);
            }
            Op::Whole(whole) => {
                let atoms = self.once((Many::Whole(*whole), args), |b, args| b.whole(*whole, args));
                inst.results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
            }
            // Where no one reads the record of a call there is a plain call.
            Op::Call(id) | Op::Forward(id) if !self.recorded(inst) => {
                let mut types = self.types(&inst.results);
                types.retain(|ty| *ty != Type::RECORD);
                let atoms = self.once((Many::Call(*id), args), |b, args| b.call(*id, args.to_vec(), &types));
                inst.results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
            }
            Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => {
                let atoms = self.builder.push(inst.op.clone(), args, &self.types(&inst.results));
                inst.results.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
                ends = matches!(inst.op, Op::Fail(_));
            }
            Op::If { then, els } => ends = self.choice(inst, args[0], then, els),
        }
        self.builder.at(before);
        ends
    }

    fn recorded(&self, inst: &Inst) -> bool {
        let record = inst.results.last().filter(|_| matches!(inst.op, Op::Forward(_)));
        record.is_some_and(|v| self.live[v.0 as usize])
    }

    fn types(&self, vars: &[Var]) -> Vec<Type> {
        vars.iter().map(|v| self.graph.ty(Atom::Var(*v))).collect()
    }

    fn shared(&mut self, key: (Key, Vec<Atom>), make: impl FnOnce(&Builder) -> Option<Atom>) -> Atom {
        if let Some(atom) = self.seen.all.get(&key) {
            return *atom;
        }
        let atom = make(self.builder).unwrap_or(key.1[0]);
        self.seen.enter(key, atom);
        atom
    }

    /// The same of what has several results.
    fn once(
        &mut self,
        key: (Many, Vec<Atom>),
        make: impl FnOnce(&Builder, &[Atom]) -> Vec<Atom>,
    ) -> Vec<Atom> {
        if let Some(atoms) = self.called.all.get(&key) {
            return atoms.clone();
        }
        let atoms = make(self.builder, &key.1);
        self.called.enter(key, atoms.clone());
        atoms
    }

    fn side(&mut self, block: &Block, used: &[bool], types: &[Type]) -> Side {
        self.seen.open();
        self.called.open();
        let builder = self.builder;
        let (insts, (results, ends)) =
            builder.scoped(|| self.block(block, &chosen(&block.results, used), types));
        let (seen, called) = (self.seen.close(), self.called.close());
        Side { block: Block { insts, results }, ends, seen, called }
    }

    /// Whether the run ends on either side.
    fn choice(&mut self, inst: &Inst, condition: Atom, then: &Block, els: &Block) -> bool {
        let used: Vec<bool> = inst.results.iter().map(|v| self.live[v.0 as usize]).collect();
        let vars = chosen(&inst.results, &used);
        let types = self.types(&vars);
        if let Atom::Bool(taken) = condition {
            let side = if taken { then } else { els };
            let (atoms, ends) = self.block(side, &chosen(&side.results, &used), &types);
            vars.iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
            return ends;
        }
        let (mut then, mut els) = (self.side(then, &used, &types), self.side(els, &used, &types));
        let ends = then.ends && els.ends;
        if then.ends != els.ends {
            // Past the choice there is only the side that does not end the run.
            let goes_on = if then.ends { &mut els } else { &mut then };
            let rest = std::mem::replace(goes_on, Side { ends: false, ..Side::default() });
            let ended = if then.ends { &mut then } else { &mut els };
            ended.block.results.clear();
            self.builder.choose(condition, then.block, els.block, &[]);
            self.builder.splice(rest.block.insts);
            self.seen.extend(rest.seen);
            self.called.extend(rest.called);
            vars.iter().zip(rest.block.results).for_each(|(var, atom)| self.bind(*var, atom));
            return false;
        }
        // What both sides give alike is no result of the choice, nor is anything twice.
        let pairs: Vec<(Atom, Atom)> = then.block.results.iter().copied().zip(els.block.results).collect();
        let settled = |i: usize| (pairs[i].0 == pairs[i].1).then_some(pairs[i].0);
        let first = |i: usize| (0..i).find(|j| pairs[*j] == pairs[i] && types[*j] == types[i]);
        let kept: Vec<bool> = (0..vars.len()).map(|i| settled(i).is_none() && first(i).is_none()).collect();
        (then.block.results, els.block.results) = chosen(&pairs, &kept).into_iter().unzip();
        if kept.contains(&true) || self.effects.within(&then.block) || self.effects.within(&els.block) {
            let atoms =
                self.builder.choose(condition, then.block, els.block, &chosen(&types, &kept)).into_iter();
            chosen(&vars, &kept).iter().zip(atoms).for_each(|(var, atom)| self.bind(*var, atom));
        }
        for (i, var) in vars.iter().enumerate().filter(|(i, _)| !kept[*i]) {
            let atom = settled(i).or_else(|| first(i).map(|j| self.atom(Atom::Var(vars[j]))));
            atom.into_iter().for_each(|atom| self.bind(*var, atom));
        }
        ends
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
