//! What surely moves.
//!
//! A tangent that is known to be zero on some path is the number 0 there, and goes with a truth value that says
//! so. Which parameters and results move in every call is a greatest fixed point over all calls and all steps
//! of loops: all do, until a path is found on which one does not.

use super::{
    jvp::Passage,
    reverse::{going_on, passes},
};
use crate::{
    anf::{Atom, Block, FnId, Graph, Kind, Module, Op},
    prim::Numeric,
};

/// Whether something moves: not at all, on some paths, on all.
type Moves = Option<bool>;

/// Enters into the passages of a direction which parameters and results move in every call, where the
/// program's parameters `seeds` do.
pub(super) fn moving(module: &Module, seeds: &[usize], passages: &mut [Passage]) {
    let split = |of: &Graph| [going_on(of, true), going_on(of, false)];
    let splits = module.functions.iter().map(|f| (f.kind == Kind::Loop).then(|| split(&f.graph)));
    let splits: Vec<_> = splits.collect();
    loop {
        let before = passages.to_vec();
        for (of, function) in module.functions.iter().enumerate() {
            let Passage { active, sure_params, .. } = &before[of];
            let params: Vec<Moves> = match of {
                0 => (0..active.len()).map(|i| seeds.contains(&i).then_some(true)).collect(),
                _ => active.iter().zip(sure_params).map(|(active, sure)| active.then_some(*sure)).collect(),
            };
            let (next, exits) = match &splits[of] {
                None => (Vec::new(), results(&function.graph, &params, passages)),
                Some([on, off]) => {
                    let next = results(on, &params, passages).into_iter().skip(1).take(params.len());
                    let exits = results(off, &params, passages).into_iter().skip(1 + params.len());
                    (next.collect(), exits.collect())
                }
            };
            keep(&mut passages[of].sure_params, next);
            keep(&mut passages[of].sure_results, exits);
        }
        if before == passages {
            return;
        }
    }
}

fn keep(sure: &mut [bool], moves: Vec<Moves>) {
    sure.iter_mut().zip(moves).for_each(|(sure, moves)| *sure &= moves == Some(true));
}

/// How the results of a graph move; what its calls are given is entered into the passages.
fn results(graph: &Graph, params: &[Moves], passages: &mut [Passage]) -> Vec<Moves> {
    let mut found = vec![None; graph.vars.len()];
    graph.params.iter().zip(params).for_each(|(var, moves)| found[var.0 as usize] = *moves);
    block(&graph.body, &mut found, passages)
}

fn block(block: &Block, found: &mut [Moves], passages: &mut [Passage]) -> Vec<Moves> {
    let read = |found: &[Moves], atom: &Atom| atom.var().and_then(|v| found[v.0 as usize]);
    for inst in &block.insts {
        let args: Vec<Moves> = inst.args.iter().map(|a| read(found, a)).collect();
        let given: Vec<Moves> = match &inst.op {
            Op::Row(Numeric::Select) => vec![join(args[1], args[2])],
            Op::Row(row) => {
                let args = args.iter().enumerate().filter(|(i, _)| passes(*row, *i));
                vec![args.filter_map(|(_, moves)| *moves).reduce(|a, b| a || b)]
            }
            Op::Whole(_) => {
                let any = args.iter().copied().flatten().reduce(|a, b| a || b);
                vec![any; inst.results.len()]
            }
            Op::Table(_) => vec![None],
            Op::Broadcast { .. } | Op::Sum { .. } => args,
            Op::If { then, els } => {
                let then = self::block(then, found, passages);
                let els = self::block(els, found, passages);
                then.into_iter().zip(els).map(|(a, b)| join(a, b)).collect()
            }
            Op::Call(FnId(id)) => call(passages.get_mut(*id as usize), &args),
            Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => Vec::new(),
        };
        for (var, moves) in inst.results.iter().zip(given) {
            found[var.0 as usize] = moves;
        }
    }
    block.results.iter().map(|a| read(found, a)).collect()
}

fn call(callee: Option<&mut Passage>, args: &[Moves]) -> Vec<Moves> {
    let Some(callee) = callee else { return Vec::new() };
    // Where nothing moves it is called without tangents.
    if !args.iter().zip(&callee.active).any(|(moves, active)| *active && moves.is_some()) {
        return vec![None; callee.useful.len()];
    }
    keep(&mut callee.sure_params, args.to_vec());
    callee.useful.iter().zip(&callee.sure_results).map(|(useful, sure)| useful.then_some(*sure)).collect()
}

fn join(a: Moves, b: Moves) -> Moves {
    if a == b { a } else { Some(false) }
}
