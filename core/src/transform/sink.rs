//! Computations into the sides of choices that alone use them.
//!
//! `sink : (a -> b) -> (a -> b)`, to the same bits. A program may name a value before it chooses whether to
//! use it, as in `(let ((r (/ (sin x) x))) (if (= x 0) 1 r))`. Where the choice goes the other way the value
//! reaches nothing, and its derivative is no derivative of the result, be it infinite; but a cotangent of 0
//! times an infinite partial is nan. So the value is moved to where it is used, once for each side that uses
//! it, and is not computed elsewhere.
//!
//! What a side and something else use stays, and so does what may fail. Conditions with axes are left alone.

use crate::anf::{Atom, Block, Dims, Effects, Graph, Inst, Op, Var};
use std::collections::{HashMap, HashSet};

/// Copies for several sides stop when there are this many for each instruction.
const MAX_COPIES: usize = 4;

/// Moves what only sides of choices use into those sides.
pub fn sink(graph: &Graph) -> Graph {
    sink_by(graph, Effects::AnyCall)
}

/// [`sink`] where it is known what may fail.
pub(super) fn sink_by(graph: &Graph, effects: Effects<'_>) -> Graph {
    let mut graph = graph.clone();
    let mut body = std::mem::take(&mut graph.body);
    let mut copies = MAX_COPIES * (body.size() + 16);
    block(&mut graph, &mut body, effects, &mut copies);
    graph.body = body;
    graph
}

/// A side of a choice: the instruction, and whether it is the side where the condition holds.
type Side = (usize, bool);

fn block(graph: &mut Graph, block: &mut Block, effects: Effects<'_>, copies: &mut usize) {
    let mut here: HashSet<Var> = block.results.iter().filter_map(|a| a.var()).collect();
    let mut inside: HashMap<Var, Vec<Side>> = HashMap::new();
    let mut moved = HashSet::new();
    for i in (0..block.insts.len()).rev() {
        let inst = &block.insts[i];
        let computes = matches!(inst.op, Op::Row(_) | Op::Whole(_) | Op::Table(_) | Op::Call(_));
        let movable = computes && !effects.has(&inst.op);
        let mut sides: Vec<Side> = Vec::new();
        if movable && !inst.results.iter().any(|v| here.contains(v)) {
            for side in inst.results.iter().filter_map(|v| inside.get(v)).flatten() {
                if !sides.contains(side) {
                    sides.push(*side);
                }
            }
        }
        if sides.is_empty() || sides.len() > *copies {
            note(graph, inst, i, &mut here, &mut inside);
            continue;
        }
        *copies -= sides.len();
        let inst = block.insts[i].clone();
        moved.insert(i);
        for side in sides {
            let first = graph.vars.len() as u32;
            let results: Vec<Var> = (first..).take(inst.results.len()).map(Var).collect();
            graph.vars.extend(inst.results.iter().map(|v| graph.vars[v.0 as usize]).collect::<Vec<_>>());
            if let Op::If { then, els } = &mut block.insts[side.0].op {
                let target = if side.1 { then } else { els };
                inst.results.iter().zip(&results).for_each(|(old, new)| rename(target, *old, *new));
                target.insts.insert(0, Inst { results, ..inst.clone() });
            }
            for var in inst.args.iter().filter_map(|a| a.var()) {
                let uses = inside.entry(var).or_default();
                if !uses.contains(&side) {
                    uses.push(side);
                }
            }
        }
    }
    let mut index = 0..;
    block.insts.retain(|_| index.next().is_some_and(|i| !moved.contains(&i)));
    for inst in &mut block.insts {
        if let Op::If { then, els } = &mut inst.op {
            self::block(graph, then, effects, copies);
            self::block(graph, els, effects, copies);
        }
    }
}

/// Enters what an instruction that stays uses.
fn note(graph: &Graph, inst: &Inst, i: usize, here: &mut HashSet<Var>, inside: &mut HashMap<Var, Vec<Side>>) {
    here.extend(inst.args.iter().filter_map(|a| a.var()));
    if let Op::If { then, els } = &inst.op {
        let by_rows = inst.args.iter().any(|a| graph.ty(*a).dims != Dims::SCALAR);
        for (side, taken) in [(then, true), (els, false)] {
            for var in super::captured(&[side]) {
                if by_rows {
                    here.insert(var);
                } else {
                    inside.entry(var).or_default().push((i, taken));
                }
            }
        }
    }
}

fn rename(block: &mut Block, from: Var, to: Var) {
    let change = |atom: &mut Atom| {
        if *atom == Atom::Var(from) {
            *atom = Atom::Var(to);
        }
    };
    for inst in &mut block.insts {
        inst.args.iter_mut().for_each(change);
        if let Op::If { then, els } = &mut inst.op {
            rename(then, from, to);
            rename(els, from, to);
        }
    }
    block.results.iter_mut().for_each(change);
}
