//! The adjoint of a loop: its steps run again, and pulled back.
//!
//! The cotangents of all active parameters go from step to step as numbers, 0 where the exits are not reached
//! yet: a parameter that only the last step's exits read is not reached by the steps before. Times an infinite
//! partial that would be nan, and is 0: where such a partial comes, a truth value beside the cotangent goes from
//! step to step as well, whether it is reached. One that is 0 where it is reached is pulled back as any other.

use super::{AdjointBody, Passage, assume, replay::replay, seeds};
use crate::{
    anf::{Atom, Builder, Effects, Function, Graph, Type},
    transform::{
        Error, captured, chosen, finished,
        jvp::{Calls, params},
        simplify::{adjoint_by, simplify_by},
        transpose::Pullback,
    },
};

/// The adjoint of a loop that passes what `passage` says.
pub(super) fn adjoint(
    function: &Function,
    passage: &Passage,
    calls: Calls<'_>,
) -> Result<AdjointBody, Error> {
    let of = &function.graph;
    let (on, off) = (assume::going_on(of, true), assume::going_on(of, false));
    let count = of.params.len();
    let giving = |graph: &Graph, results: &[Atom], which: &[bool]| {
        let mut graph = graph.clone();
        graph.body.results = chosen(results, which);
        graph
    };
    let step = giving(&on, on.body.results.get(1..=count).unwrap_or_default(), &passage.active);
    let last = giving(&off, off.body.results.get(count + 1..).unwrap_or_default(), &passage.useful);
    let next = [&passage.sure_params, &passage.tells].map(|of| chosen(of, &passage.active));
    let exits = [&passage.sure_results, &passage.asks].map(|of| chosen(of, &passage.useful));
    let step = pulled(&step, "step", passage, calls, &next)?;
    let last = pulled(&last, "last", passage, calls, &exits)?;
    let read = |graph: &Graph| -> Vec<bool> {
        let used = captured(&[&graph.body]);
        graph.params[..count].iter().map(|v| used.contains(v)).collect()
    };
    let reads: Vec<bool> = read(&step).iter().zip(read(&last)).map(|(a, b)| *a || b).collect();
    let invariant = assume::invariant(&on);
    let (keeps, next) = replay(on, reads);
    Ok(AdjointBody::Loop { step, last, next, invariant, keeps })
}

/// From the parameters and the results' cotangents, some of which are not `sure` to be reached, and what it
/// `asks` of them, to those of the active parameters and what it tells.
fn pulled(
    graph: &Graph,
    name: &str,
    passage: &Passage,
    calls: Calls<'_>,
    [sure, asks]: &[Vec<bool>; 2],
) -> Result<Graph, Error> {
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, &passage.active, &builder, &inputs, calls)?;
    let types: Vec<(usize, Type)> = graph.result_types().into_iter().enumerate().collect();
    let seeds: Vec<_> = seeds(&builder, &types, sure, asks).into_iter().map(Some).collect();
    let cotangents = pullback.pull_where(&seeds)?;
    let told = pullback.told(&cotangents, &chosen(&passage.tells, &passage.active));
    let values = pullback.values();
    let count = values.len();
    let results = [values, pullback.filled(&cotangents), told].concat();
    let pulled = finished(graph, &builder.finish(format!("{name}.{}", graph.name), results));
    // The values are computed as they were, and stay where the cotangents read them.
    let mut pulled = adjoint_by(&pulled, count, Effects::Nothing);
    pulled.body.results.drain(..count);
    Ok(simplify_by(&pulled, Effects::Nothing))
}
