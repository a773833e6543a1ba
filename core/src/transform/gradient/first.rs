//! The first step of a loop, apart from the others.
//!
//! Whether something moves is known of the first step, by what the loop is called with, and of all others, by what every
//! step gives: where these differ the first step goes before the loop, in which nothing is left to ask.

use super::literals::next;
use crate::{
    anf::{Atom, Block, Builder, FnId, Function, Graph, Kind, Module, Op},
    transform::{finished, jvp::params, optimize::with_bodies, reverse::going_on},
};

/// Steps of more instructions are not written twice.
const MAX_SIZE: usize = 500;

/// Takes out the first steps of loops that are called from one place with other truth values than all further steps begin with.
pub(super) fn first(module: &Module) -> Module {
    let fallible = module.fallible();
    let calls = calls(module);
    let mut bodies: Vec<(FnId, Graph)> = Vec::new();
    for (of, function) in module.functions.iter().enumerate() {
        let id = FnId(of as u32);
        let [args] = &calls[of][..] else { continue };
        let differs = |(arg, next): (&Atom, &Option<Atom>)| matches!((arg, next), (Atom::Bool(a), Some(Atom::Bool(b))) if a != b);
        let is = function.kind == Kind::Loop && !fallible[of] && function.graph.size() <= MAX_SIZE;
        if is && args.iter().zip(&next(function)).any(differs) {
            bodies.push((id, apart(id, function)));
        }
    }
    let functions = module.functions.iter().map(|function| {
        let graph = finished(&function.graph, &with_bodies(&function.graph, &bodies));
        Function { graph, ..*function }
    });
    Module { functions: functions.collect() }
}

/// What each function is called with, in each place.
fn calls(module: &Module) -> Vec<Vec<Vec<Atom>>> {
    let mut calls = vec![Vec::new(); module.functions.len()];
    for function in &module.functions {
        function.graph.body.each(&mut |inst| {
            if let Op::Call(id) = inst.op {
                calls.get_mut(id.0 as usize).into_iter().for_each(|calls| calls.push(inst.args.clone()));
            }
        });
    }
    calls
}

/// A loop as its first step, and then the loop.
fn apart(id: FnId, function: &Function) -> Graph {
    let graph = &function.graph;
    let giving = |mut of: Graph, results: std::ops::Range<usize>| {
        of.body.results = of.body.results.get(results).unwrap_or_default().to_vec();
        finished(graph, &of)
    };
    let (count, all) = (graph.params.len(), graph.body.results.len());
    let builder = Builder::new();
    let args = params(graph, &builder);
    let goes_on = builder.inline(&giving(graph.clone(), 0..1), &args)[0];
    let types = function.exit_types();
    let (insts, results) = builder.scoped(|| {
        let next = builder.inline(&giving(going_on(graph, true), 1..1 + count), &args);
        builder.call(id, next, &types)
    });
    let then = Block { insts, results };
    let (insts, results) =
        builder.scoped(|| builder.inline(&giving(going_on(graph, false), 1 + count..all), &args));
    let results = builder.choose(goes_on, then, Block { insts, results }, &types);
    builder.finish(format!("first.{}", graph.name), results)
}
