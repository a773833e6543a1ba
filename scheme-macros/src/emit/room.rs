//! How much stack functions take.
//!
//! A frame has room for every variable of its function, in a dev build several times. Of a long body that is
//! more than a check of the stack leaves to those that do not check, and a check within such a frame comes too
//! late. So the stack is checked for as many variables as a function has, with what it calls that checks
//! nothing, before the function's frame is there.

use scheme_core::{
    anf::{FnId, Graph, Module},
    transform::{Adjoint, Reverse},
};

/// The variables up to which a function's frame is small.
pub(super) const SMALL: usize = 32;

/// By function, the variables of its frames, by value or in its adjoint, and of those that it calls without
/// that `checks` says that they look at the stack.
pub(super) fn rooms(
    module: &Module,
    reverse: Option<&Reverse>,
    checks: &dyn Fn(usize) -> bool,
) -> Vec<usize> {
    let own: Vec<usize> = (0..module.functions.len()).map(|of| own(module, reverse, of)).collect();
    let calls = module.callees();
    let mut rooms = own.clone();
    // Who calls itself checks, so this ends.
    loop {
        let with_calls = |of: usize| {
            let called = calls[of].iter().map(|FnId(id)| *id as usize).filter(|id| !checks(*id));
            own[of] + called.filter_map(|id| rooms.get(id)).max().unwrap_or(&0)
        };
        let next: Vec<usize> = (0..own.len()).map(with_calls).collect();
        if next == rooms {
            return rooms;
        }
        rooms = next;
    }
}

/// The functions, and the variables of all of them and their adjoints, up to which they join their callers: each may be
/// there several times.
const JOINED: (usize, usize) = (4, 1024);

/// Whether functions of which none recurs are few and small enough to join their callers.
pub(super) fn joins(module: &Module, reverse: Option<&Reverse>) -> bool {
    let (functions, most) = JOINED;
    let of = 0..module.functions.len();
    of.len() <= functions && of.map(|of| own(module, reverse, of)).sum::<usize>() <= most
}

/// The variables of a function's largest frame.
fn own(module: &Module, reverse: Option<&Reverse>, of: usize) -> usize {
    let adjoint = reverse.and_then(|reverse| reverse.functions.get(of)?.as_ref());
    let program = reverse.map(|reverse| &reverse.program).filter(|_| of == 0);
    let value = module.functions.get(of).map(|function| &function.graph);
    let once = value.into_iter().chain(program).map(variables).max();
    // A loop's sweep has both graphs in one frame.
    let both = adjoint.map(|adjoint: &Adjoint| adjoint.graphs().into_iter().map(variables).sum());
    once.max(both).unwrap_or(0)
}

/// What a graph takes, binds and gives.
pub(super) fn variables(graph: &Graph) -> usize {
    let mut count = graph.params.len() + graph.body.results.len();
    graph.body.each(&mut |inst| count += inst.results.len());
    count
}
