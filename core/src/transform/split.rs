//! Partial evaluation: what depends on some parameters, apart from what does not.
//!
//! `split : ((a, b) -> c) -> (a -> r, (r, b) -> c)`, as two halves of one list of instructions. Those
//! of the first half are *known*: they read nothing of `b`. A choice with results in both halves is
//! split in two on the same condition: the known one also gives the numbers that the other's blocks
//! read of its own. Of the side not taken these are literal zeros, so that its numbers never cross.

use super::captured;
use crate::anf::{Atom, Block, Effects, Graph, Inst, Op, Var, VarInfo, unread};
use std::collections::{HashMap, HashSet};

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
        let block = Block { insts: self.unknown().to_vec(), results: results.to_vec() };
        let mut read = captured(&[&block]);
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
    let mut splitter = Splitter { vars: std::mem::take(&mut graph.vars), unknown };
    let Halves { known: mut insts, unknown: rest } = splitter.halves(std::mem::take(&mut graph.body.insts));
    let known = insts.len();
    insts.extend(rest);
    let Splitter { vars, unknown } = splitter;
    let body = Block { insts, results: graph.body.results };
    Split { graph: Graph { body, vars, ..graph }, known, unknown }
}

struct Splitter {
    vars: Vec<VarInfo>,
    unknown: Vec<bool>,
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
        let sides = sides.map(|block| Side { halves: self.halves(block.insts), results: block.results });
        let late: Vec<bool> =
            (0..bound.len()).map(|i| sides.iter().any(|s| self.is_unknown(s.results[i]))).collect();
        for (var, late) in bound.iter().zip(&late) {
            self.unknown[var.0 as usize] = *late;
        }
        let mut results = select(&bound, &late, false);
        let mut given = sides.each_ref().map(|side| select(&side.results, &late, false));
        let renamings = self.export(&sides, &late, &mut results, &mut given);
        let [then, els] = sides;
        let later = |side: Side, renaming: &HashMap<Var, Var>| {
            let mut block = Block { insts: side.halves.unknown, results: select(&side.results, &late, true) };
            rename(&mut block, renaming);
            (side.halves.known, block)
        };
        let (then_known, then) = later(then, &renamings[0]);
        let (els_known, els) = later(els, &renamings[1]);
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
    /// results of one type.
    fn export(
        &mut self,
        sides: &[Side; 2],
        late: &[bool],
        results: &mut Vec<Var>,
        given: &mut [Vec<Atom>; 2],
    ) -> [HashMap<Var, Var>; 2] {
        let settled = results.len();
        [0, 1].map(|this| {
            let side = &sides[this];
            let bound: HashSet<Var> =
                side.halves.known.iter().flat_map(|i| i.results.iter().copied()).collect();
            let rest =
                Block { insts: side.halves.unknown.clone(), results: select(&side.results, late, true) };
            let mut renaming = HashMap::new();
            let free = settled..results.len();
            for var in captured(&[&rest]).into_iter().filter(|v| bound.contains(v)) {
                if let Some(at) = given[this][..settled].iter().position(|a| *a == Atom::Var(var)) {
                    renaming.insert(var, results[at]);
                    continue;
                }
                let info = self.vars[var.0 as usize];
                let vars = &self.vars;
                let slot = free.clone().find(|i| {
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
            renaming
        })
    }
}

fn select<T: Clone>(items: &[T], late: &[bool], wanted: bool) -> Vec<T> {
    items.iter().zip(late).filter(|(_, late)| **late == wanted).map(|(item, _)| item.clone()).collect()
}

fn rename(block: &mut Block, names: &HashMap<Var, Var>) {
    let rename_atoms = |atoms: &mut Vec<Atom>| {
        for atom in atoms {
            if let Some(new) = atom.var().and_then(|v| names.get(&v)) {
                *atom = Atom::Var(*new);
            }
        }
    };
    rename_atoms(&mut block.results);
    for inst in &mut block.insts {
        rename_atoms(&mut inst.args);
        if let Op::If { then, els } = &mut inst.op {
            rename(then, names);
            rename(els, names);
        }
    }
}
