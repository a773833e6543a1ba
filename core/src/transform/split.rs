//! Partial evaluation: what depends on some parameters, apart from what does not.
//!
//! `split : ((a, b) -> c) -> (a -> r, (r, b) -> c)`, as two halves of one list of instructions. Those
//! of the first half are *known*: they read nothing of `b`. A choice with results in both halves is
//! split in two on the same condition: the known one also gives the numbers that the other's blocks
//! read of its own. Of the side not taken these are literal zeros, so that its numbers never cross.
//!
//! Where choices nest deep, an inner condition that takes a few operations is no such number, which every level
//! around would hand on: it is computed again where it is read, or a nest would grow as the square of its depth.
//! So the unknown half has instructions that are known.

use super::free;
use crate::{
    anf::{Atom, Block, Effects, Graph, Inst, Op, Type, Var, VarInfo, unread},
    prim::Numeric,
};
use std::collections::{HashMap, HashSet};

/// Choices nest deep where more than these are within one another.
const DEEP: usize = 8;

/// The most operations that are done again for a condition.
const AGAIN: usize = 4;

/// A graph cut in two.
pub(super) struct Split {
    /// The same function: its body is the known half, then the unknown one.
    pub(super) graph: Graph,
    /// The length of the known half.
    pub(super) known: usize,
    /// What depends on the unknown parameters, by variable.
    pub(super) unknown: Vec<bool>,
}

impl Split {
    /// The half that the unknown parameters do not reach.
    pub(super) fn known(&self) -> &[Inst] {
        &self.graph.body.insts[..self.known]
    }

    /// The half that they reach.
    pub(super) fn unknown(&self) -> &[Inst] {
        &self.graph.body.insts[self.known..]
    }

    /// The known variables that the unknown half and `results` read, in order of first use.
    pub(super) fn residuals(&self, results: &[Atom]) -> Vec<Var> {
        let mut read = free([(self.unknown(), results)].into_iter());
        read.retain(|v| !self.unknown[v.0 as usize]);
        read
    }
}

/// Cuts `graph` by its parameters.
pub(super) fn split(mut graph: Graph, unknown_params: &[bool]) -> Split {
    let mut unknown = vec![false; graph.vars.len()];
    for (param, is_unknown) in graph.params.iter().zip(unknown_params) {
        unknown[param.0 as usize] = *is_unknown;
    }
    let mut splitter = Splitter { vars: std::mem::take(&mut graph.vars), unknown, deep: false };
    let Halves { known: mut insts, unknown: rest } = splitter.halves(std::mem::take(&mut graph.body.insts));
    let known = insts.len();
    insts.extend(rest);
    let Splitter { vars, unknown, .. } = splitter;
    let body = Block { insts, results: graph.body.results };
    Split { graph: Graph { body, vars, ..graph }, known, unknown }
}

struct Splitter {
    vars: Vec<VarInfo>,
    unknown: Vec<bool>,
    /// Within a choice in which others nest deep.
    deep: bool,
}

struct Halves {
    known: Vec<Inst>,
    unknown: Vec<Inst>,
}

/// One side of a choice, cut.
struct Side {
    halves: Halves,
    results: Vec<Atom>,
}

impl Splitter {
    fn is_unknown(&self, atom: Atom) -> bool {
        atom.var().is_some_and(|v| self.unknown[v.0 as usize])
    }

    fn halves(&mut self, insts: Vec<Inst>) -> Halves {
        let mut halves = Halves { known: Vec::new(), unknown: Vec::new() };
        for inst in insts {
            if inst.args.iter().any(|a| self.is_unknown(*a)) {
                inst.results.iter().for_each(|v| self.unknown[v.0 as usize] = true);
                halves.unknown.push(inst);
                continue;
            }
            match inst.op {
                Op::If { then, els } => self.choice(inst.results, inst.args, [then, els], &mut halves),
                op => halves.known.push(Inst { op, ..inst }),
            }
        }
        halves
    }

    fn choice(&mut self, bound: Vec<Var>, args: Vec<Atom>, sides: [Block; 2], into: &mut Halves) {
        let around = self.deep;
        self.deep = around || sides.iter().any(|block| block.depth() >= DEEP);
        let deep = self.deep;
        let sides = sides.map(|block| Side { halves: self.halves(block.insts), results: block.results });
        self.deep = around;
        let late: Vec<bool> =
            (0..bound.len()).map(|i| sides.iter().any(|s| self.is_unknown(s.results[i]))).collect();
        for (var, late) in bound.iter().zip(&late) {
            self.unknown[var.0 as usize] = *late;
        }
        let mut results = select(&bound, &late, false);
        let mut given = sides.each_ref().map(|side| select(&side.results, &late, false));
        let renamings = self.export(&sides, &late, deep, &mut results, &mut given);
        let [then, els] = sides;
        let later = |side: Side, (renaming, again): (HashMap<Var, Var>, Vec<Inst>)| {
            let mut block = Block { insts: side.halves.unknown, results: select(&side.results, &late, true) };
            rename(&mut block, &renaming);
            block.insts.splice(0..0, again);
            (side.halves.known, block)
        };
        let [then_names, els_names] = renamings;
        let (then_known, then) = later(then, then_names);
        let (els_known, els) = later(els, els_names);
        let [then_given, els_given] = given;
        let early = Op::If {
            then: Block { insts: then_known, results: then_given },
            els: Block { insts: els_known, results: els_given },
        };
        if !results.is_empty() || Effects::AnyCall.has(&early) {
            into.known.push(Inst { results, op: early, args: args.clone() });
        }
        let results = select(&bound, &late, true);
        if !results.is_empty() {
            into.unknown.push(Inst { results, op: Op::If { then, els }, args });
        }
    }

    /// Adds to the known choice's `results`, and to what its blocks have `given`, what the unknown
    /// halves of the blocks read of the known ones; gives the new names of that. The sides share
    /// results of one type. Where choices nest `deep`, conditions are given as what computes them again.
    fn export(
        &mut self,
        sides: &[Side; 2],
        late: &[bool],
        deep: bool,
        results: &mut Vec<Var>,
        given: &mut [Vec<Atom>; 2],
    ) -> [(HashMap<Var, Var>, Vec<Inst>); 2] {
        let settled = results.len();
        [0, 1].map(|this| {
            let side = &sides[this];
            let bound: HashSet<Var> =
                side.halves.known.iter().flat_map(|i| i.results.iter().copied()).collect();
            let given_later = select(&side.results, late, true);
            let rest = free([(&side.halves.unknown[..], &given_later[..])].into_iter());
            let (mut renaming, mut again) = (HashMap::new(), Vec::new());
            let shared = settled..results.len();
            for var in rest.into_iter().filter(|v| bound.contains(v)) {
                if let Some(at) = given[this][..settled].iter().position(|a| *a == Atom::Var(var)) {
                    renaming.insert(var, results[at]);
                    continue;
                }
                let info = self.vars[var.0 as usize];
                let condition = deep && info.ty == Type::BOOL;
                let insts = if condition { few(&side.halves.known, &bound, var) } else { None };
                if let Some(insts) = insts {
                    again.extend(insts.iter().map(|inst| self.copy(inst, &mut renaming)));
                    continue;
                }
                let vars = &self.vars;
                let slot = shared.clone().find(|i| {
                    vars[results[*i].0 as usize].ty == info.ty && given[this][*i] == unread(info.ty)
                });
                let slot = slot.unwrap_or_else(|| {
                    results.push(Var(self.vars.len() as u32));
                    self.vars.push(info);
                    self.unknown.push(false);
                    given.iter_mut().for_each(|atoms| atoms.push(unread(info.ty)));
                    results.len() - 1
                });
                given[this][slot] = Atom::Var(var);
                renaming.insert(var, results[slot]);
            }
            (renaming, again)
        })
    }

    /// An instruction with results of its own, which `names` has from then on.
    fn copy(&mut self, inst: &Inst, names: &mut HashMap<Var, Var>) -> Inst {
        let args = inst.args.iter().map(|atom| match atom.var().and_then(|v| names.get(&v)) {
            Some(new) => Atom::Var(*new),
            None => *atom,
        });
        let args = args.collect();
        let results = inst.results.iter().map(|var| {
            let new = Var(self.vars.len() as u32);
            self.vars.push(self.vars[var.0 as usize]);
            self.unknown.push(false);
            names.insert(*var, new);
            new
        });
        Inst { results: results.collect(), op: inst.op.clone(), args }
    }
}

/// The instructions that compute `var` from what is not `bound` among `insts`, if they are few and cheap.
fn few<'i>(insts: &'i [Inst], bound: &HashSet<Var>, var: Var) -> Option<Vec<&'i Inst>> {
    use Numeric::{
        Abs, Add, And, Equal, Greater, GreaterEq, IsNegative, IsPositive, IsZero, Less, LessEq, Mul, Neg,
        Not, Or, Square, Sub,
    };
    let (mut wanted, mut found) = (HashSet::from([var]), Vec::new());
    for inst in insts.iter().rev().filter(|inst| !inst.results.is_empty()) {
        if !inst.results.iter().any(|v| wanted.contains(v)) {
            continue;
        }
        let Op::Row(
            Abs | Add | And | Equal | Greater | GreaterEq | IsNegative | IsPositive | IsZero | Less | LessEq
            | Mul | Neg | Not | Or | Square | Sub,
        ) = inst.op
        else {
            return None;
        };
        if found.len() == AGAIN {
            return None;
        }
        wanted.extend(inst.args.iter().filter_map(|a| a.var()).filter(|v| bound.contains(v)));
        found.push(inst);
    }
    found.reverse();
    Some(found)
}

fn select<T: Clone>(items: &[T], late: &[bool], wanted: bool) -> Vec<T> {
    items.iter().zip(late).filter(|(_, late)| **late == wanted).map(|(item, _)| item.clone()).collect()
}

fn rename(block: &mut Block, names: &HashMap<Var, Var>) {
    /// `names` has the new name of each variable that has one.
    fn visit(block: &mut Block, names: &[Option<Var>]) {
        let rename = |atoms: &mut Vec<Atom>| {
            for atom in atoms {
                if let Some(new) = atom.var().and_then(|v| names.get(v.0 as usize).copied().flatten()) {
                    *atom = Atom::Var(new);
                }
            }
        };
        rename(&mut block.results);
        for inst in &mut block.insts {
            rename(&mut inst.args);
            if let Op::If { then, els } = &mut inst.op {
                visit(then, names);
                visit(els, names);
            }
        }
    }
    let Some(most) = names.keys().map(|var| var.0).max() else { return };
    let mut by_number = vec![None; most as usize + 1];
    names.iter().for_each(|(old, new)| by_number[old.0 as usize] = Some(*new));
    visit(block, &by_number);
}
