//! A function and its adjoint, cut in two where the adjoint begins.
//!
//! `cut : ((a, CT b) -> (b, CT a)) -> (a -> (b, r), (r, CT b) -> CT a)`. What does not need cotangents is in
//! the first half; the residuals `r` are what the second reads of it, none of them a literal, none twice. What one
//! operation gives from other residuals is none either: the second half does it again.

use crate::{
    anf::{Atom, Block, Builder, Effects, Graph, Inst, Op, Var},
    prim::Numeric,
    transform::{simplify::simplify_by, split::split},
};
use std::collections::{HashMap, HashSet};

/// Cuts what `of` and its adjoint are, fused.
pub(super) fn cut(fused: Graph, of: &Graph, effects: Effects<'_>) -> (Graph, Graph) {
    let (inputs, outputs) = (of.params.len(), of.body.results.len());
    let unknown: Vec<bool> = (0..fused.params.len()).map(|i| i >= inputs).collect();
    let cut = split(fused, &unknown);
    let (values, cotangents) = cut.graph.body.results.split_at(outputs);
    let residuals = cut.residuals(cotangents);
    let (residuals, again) = repeated(residuals, cut.known());
    let atoms = |vars: &[Var]| vars.iter().map(|v| Atom::Var(*v)).collect::<Vec<_>>();
    let forward = Graph {
        name: format!("forward.{}", of.name),
        params: cut.graph.params[..inputs].to_vec(),
        names: cut.graph.names[..inputs].to_vec(),
        body: Block { insts: cut.known().to_vec(), results: [values, &atoms(&residuals)].concat() },
        vars: cut.graph.vars.clone(),
    };
    let reverse = Graph {
        name: format!("reverse.{}", of.name),
        params: [&residuals, &cut.graph.params[inputs..]].concat(),
        names: cut.graph.names[inputs..].to_vec(),
        body: Block { insts: [&again, cut.unknown()].concat(), results: cotangents.to_vec() },
        vars: cut.graph.vars.clone(),
    };
    tidy(&simplify_by(&forward, effects), reverse, outputs)
}

/// Drops the residuals that are literals or another residual.
fn tidy(forward: &Graph, reverse: Graph, outputs: usize) -> (Graph, Graph) {
    let builder = Builder::new();
    let (values, residuals) = forward.body.results.split_at(outputs);
    let mut kept: Vec<Atom> = Vec::new();
    let mut params: HashMap<Atom, Atom> = HashMap::new();
    let mut args = Vec::new();
    for (atom, param) in residuals.iter().zip(&reverse.params) {
        if atom.var().is_none() {
            args.push(*atom);
            continue;
        }
        args.push(*params.entry(*atom).or_insert_with(|| {
            kept.push(*atom);
            builder.param(format!("r{}", kept.len() - 1), reverse.ty(Atom::Var(*param)))
        }));
    }
    for (param, name) in reverse.params[residuals.len()..].iter().zip(&reverse.names) {
        args.push(builder.param(name.clone(), reverse.ty(Atom::Var(*param))));
    }
    let results = builder.inline(&reverse, &args);
    let body = Block { results: [values, &kept].concat(), ..forward.body.clone() };
    let reverse = simplify_by(&builder.finish(&*reverse.name, results), Effects::Nothing);
    (Graph { body, ..forward.clone() }, reverse)
}

/// The residuals without those that a cheap row gives from others or literals, and these rows.
fn repeated(mut residuals: Vec<Var>, known: &[Inst]) -> (Vec<Var>, Vec<Inst>) {
    let mut again = Vec::new();
    for inst in known.iter().rev() {
        let (Op::Row(row), [result]) = (&inst.op, &inst.results[..]) else { continue };
        let kept: HashSet<Var> = residuals.iter().copied().filter(|v| v != result).collect();
        let given = inst.args.iter().filter_map(|a| a.var()).all(|v| kept.contains(&v));
        if cheap(*row) && given && residuals.contains(result) {
            residuals.retain(|v| v != result);
            again.push(inst.clone());
        }
    }
    again.reverse();
    (residuals, again)
}

/// Whether doing it again costs less than keeping its result.
fn cheap(row: Numeric) -> bool {
    use Numeric::{Add, And, Less, LessEq, Mul, Neg, Not, Or, Select, Square, Sub};
    matches!(row, Add | Sub | Mul | Neg | Square | Select | Less | LessEq | And | Or | Not)
}
