//! What the cotangents reach on every path.
//!
//! A cotangent that some path does not reach is the number 0 there, which times an infinite partial would be
//! nan. Which parameters and results are reached always is a greatest fixed point over all calls and all steps
//! of loops: all are, until a path is found on which one is not.

use super::{Passage, Steps, activity::passes};
use crate::anf::{Block, FnId, Graph, Module, Op, Var};
use std::collections::HashMap;

/// Enters into the passages which parameters are reached on every path from the results that are, and which
/// results are by every call.
pub(super) fn reached(module: &Module, steps: &[Option<Steps>], passages: &mut [Passage]) {
    loop {
        let before = passages.to_vec();
        for (of, function) in module.functions.iter().enumerate() {
            let count = function.graph.params.len();
            let Passage { sure_params, sure_results, .. } = passages[of].clone();
            let seeds = seeds(&before[of].useful, &sure_results);
            let given = match &steps[of] {
                None => vec![given(&function.graph, 0, &seeds, passages)],
                Some(Steps { on, off }) => {
                    let next = self::seeds(&before[of].active, &sure_params);
                    vec![given(on, 1, &next, passages), given(off, count + 1, &seeds, passages)]
                }
            };
            for (i, sure) in passages[of].sure_params.iter_mut().enumerate() {
                *sure &= given.iter().all(|given| given[i] == Some(true));
            }
        }
        if before == passages {
            return;
        }
    }
}

/// For what a derivative goes through, whether it is reached always.
pub(super) fn seeds(passes: &[bool], sure: &[bool]) -> Vec<Option<bool>> {
    passes.iter().zip(sure).map(|(passes, sure)| passes.then_some(*sure)).collect()
}

/// What cotangents reach, and whether on every path of the block.
type Found = HashMap<Var, bool>;

/// Which parameters are reached, and whether always, where the results from `first` on have cotangents like `seeds`.
pub(super) fn given(
    graph: &Graph,
    first: usize,
    seeds: &[Option<bool>],
    passages: &mut [Passage],
) -> Vec<Option<bool>> {
    let results = graph.body.results.get(first..).unwrap_or_default();
    let seeds = seeds.iter().copied().chain(std::iter::repeat(None));
    let mut found: Found = HashMap::new();
    results.iter().zip(seeds).for_each(|(result, seed)| add(&mut found, result.var(), seed));
    block(&graph.body, &mut found, passages);
    graph.params.iter().map(|param| found.get(param).copied()).collect()
}

fn add(found: &mut Found, var: Option<Var>, sure: Option<bool>) {
    if let (Some(var), Some(sure)) = (var, sure) {
        *found.entry(var).or_default() |= sure;
    }
}

fn block(block: &Block, found: &mut Found, passages: &mut [Passage]) {
    for inst in block.insts.iter().rev() {
        let seeds: Vec<Option<bool>> = inst.results.iter().map(|v| found.get(v).copied()).collect();
        let Some(any) = seeds.iter().copied().flatten().reduce(|a, b| a || b) else { continue };
        match &inst.op {
            Op::Row(row) => {
                let args = inst.args.iter().enumerate().filter(|(i, _)| passes(*row, *i));
                args.for_each(|(_, arg)| add(found, arg.var(), Some(any)));
            }
            Op::Whole(_) => inst.args.iter().for_each(|arg| add(found, arg.var(), Some(any))),
            Op::Broadcast { .. } | Op::Sum { .. } => add(found, inst.args[0].var(), Some(any)),
            Op::If { then, els } => {
                let [then, els] = [then, els].map(|side| {
                    let mut found: Found = HashMap::new();
                    side.results.iter().zip(&seeds).for_each(|(r, seed)| add(&mut found, r.var(), *seed));
                    self::block(side, &mut found, passages);
                    found
                });
                for (var, sure) in &then {
                    add(found, Some(*var), Some(*sure && els.get(var) == Some(&true)));
                }
                els.keys().for_each(|var| add(found, Some(*var), Some(false)));
            }
            Op::Call(FnId(id)) => {
                let Some(callee) = passages.get_mut(*id as usize) else { continue };
                for (sure, seed) in callee.sure_results.iter_mut().zip(&seeds) {
                    *sure &= *seed == Some(true);
                }
                for (i, arg) in inst.args.iter().enumerate().filter(|(i, _)| callee.active[*i]) {
                    add(found, arg.var(), Some(any && callee.sure_params[i]));
                }
            }
            Op::Table(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => {}
        }
    }
}
