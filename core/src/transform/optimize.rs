//! Smaller modules with the same values.
//!
//! `optimize : module -> module` keeps every bit and every failure. Functions that run once and are in no cycle
//! are inlined where they are small or called from one place; parameters and results that no one needs go, be
//! they handed on around a loop, and so do functions that no one calls; a loop whose step never goes on is none;
//! what only a side of a choice uses is computed there; and each function is
//! [simplified](super::simplify()). A program that calls nothing is left as it is: its derivative is simplified
//! with it.

mod inline;
mod needed;

pub(super) use inline::with_bodies;
pub(super) use needed::values;

use super::{simplify::simplify_by, sink::sink_by};
use crate::anf::{Atom, Effects, FnId, Function, Kind, Module, renumber, verify_module};

/// Rounds of all that, at the most; each makes work for the next.
const MAX_ROUNDS: usize = 4;

/// The same program of fewer and smaller functions.
pub fn optimize(module: &Module) -> Module {
    if module.callees().first().is_none_or(Vec::is_empty) {
        return Module { functions: module.functions.iter().take(1).cloned().collect() };
    }
    let mut best = simplified(module);
    for _ in 0..MAX_ROUNDS {
        let next = simplified(&compact(&needed::needed(&inline::inline(&unlooped(&best)))));
        if next == best {
            break;
        }
        best = next;
    }
    if cfg!(debug_assertions) && verify_module(module).is_ok() {
        let verdict = verify_module(&best);
        debug_assert!(verdict.is_ok(), "{verdict:?}\n{best}\nfrom\n{module}");
    }
    best
}

fn simplified(module: &Module) -> Module {
    let fallible = module.fallible();
    let effects = Effects::Of(&fallible);
    let simplified = |f: &Function| {
        let graph = simplify_by(&sink_by(&simplify_by(&f.graph, effects), effects), effects);
        Function { graph, ..*f }
    };
    Module { functions: module.functions.iter().map(simplified).collect() }
}

/// Loops whose step never goes on, as functions that run once.
fn unlooped(module: &Module) -> Module {
    let mut module = module.clone();
    for function in &mut module.functions {
        let ends = function.graph.body.results.first() == Some(&Atom::Bool(false));
        if function.kind == Kind::Loop && ends {
            function.graph.body.results = function.exits().to_vec();
            function.kind = Kind::Once;
        }
    }
    module
}

/// Only the functions that the program calls, through whatever others, numbered anew.
pub(super) fn compact(module: &Module) -> Module {
    let callees = module.callees();
    let mut order = Vec::new();
    let mut open = vec![FnId(0)];
    while let Some(id) = open.pop() {
        if !order.contains(&id) {
            order.push(id);
            open.extend(callees.get(id.0 as usize).into_iter().flatten().rev());
        }
    }
    let number = |id: FnId| FnId(order.iter().position(|known| *known == id).unwrap_or(0) as u32);
    let functions = order.iter().filter_map(|id| module.get(*id).cloned());
    let mut functions: Vec<Function> = functions.collect();
    functions.iter_mut().for_each(|f| renumber(&mut f.graph.body, &number));
    Module { functions }
}
