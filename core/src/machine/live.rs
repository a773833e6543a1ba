//! Parameters of blocks: the variables live at their start.

use super::{Block, BlockId, Callee, End, Op, Var};
use std::collections::{BTreeSet, HashMap};

/// Gives each block of a procedure, but the entry, its live variables as parameters.
pub(super) fn set_params(blocks: &mut [Block], procedure: &[BlockId]) {
    let at = |id: BlockId| id.0 as usize;
    let mut live: Vec<BTreeSet<Var>> = vec![BTreeSet::new(); procedure.len()];
    let index: HashMap<BlockId, usize> = procedure.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    // Blocks only jump forward, if not always to a higher number: few rounds reach the fixed point.
    let mut changed = true;
    while changed {
        changed = false;
        for i in (0..procedure.len()).rev() {
            let block = &blocks[at(procedure[i])];
            let mut now = BTreeSet::new();
            for id in successors(&block.end) {
                now.extend(live[index[&id]].iter().filter(|v| Some(**v) != blocks[at(id)].result));
            }
            now.extend(end_uses(&block.end));
            for step in block.steps.iter().rev() {
                now.remove(&step.var);
                now.extend(op_uses(&step.op));
            }
            if now != live[i] {
                live[i] = now;
                changed = true;
            }
        }
    }
    for (id, live) in procedure.iter().zip(live).skip(1) {
        let block = &mut blocks[at(*id)];
        block.params = live.into_iter().filter(|v| Some(*v) != block.result).collect();
    }
}

fn successors(end: &End) -> impl Iterator<Item = BlockId> {
    let (a, b) = match *end {
        End::Return(_) => (None, None),
        End::Jump(to, _) => (Some(to), None),
        End::Branch(_, then, els) => (Some(then), Some(els)),
        End::Call(_, _, then) => (then, None),
    };
    a.into_iter().chain(b)
}

fn end_uses(end: &End) -> Vec<Var> {
    match end {
        End::Return(var) | End::Branch(var, ..) => vec![*var],
        End::Jump(_, var) => var.iter().copied().collect(),
        End::Call(callee, arguments, _) => {
            let (a, b) = match *callee {
                Callee::Static(_) => (None, None),
                Callee::Value(f) | Callee::Known(_, f) | Callee::Spread(f) => (Some(f), None),
                Callee::At(place, f) => (Some(place), Some(f)),
            };
            a.into_iter().chain(b).chain(arguments.iter().copied()).collect()
        }
    }
}

fn op_uses(op: &Op) -> &[Var] {
    match op {
        Op::Number(_) | Op::Bool(_) | Op::Char(_) | Op::Nil | Op::Unspecified => &[],
        Op::Symbol(_) | Op::Constant(_) | Op::Primitive(_) | Op::Static(_) => &[],
        Op::Captured(var, _) | Op::Sibling(_, var) => std::slice::from_ref(var),
        Op::Closure(_, vars) | Op::Apply(_, vars) | Op::Island(_, vars) => vars,
    }
}
