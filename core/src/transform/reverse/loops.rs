//! The adjoint of a loop: its steps run again, and pulled back.
//!
//! The cotangents of all active parameters go from step to step as numbers, 0 where the exits are not reached
//! yet: a parameter that only the last step's exits read is not reached by the steps before. Times an infinite
//! partial that would be nan, and is 0. A cotangent that is 0 where it is reached is pulled back as any other: its
//! tangents, in code of higher order, need not be 0.

use super::{AdjointBody, Passage, assume};
use crate::{
    anf::{Atom, Builder, Effects, Function, Graph},
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
    let next = chosen(&passage.sure_params, &passage.active);
    let exits = chosen(&passage.sure_results, &passage.useful);
    let step = pulled(&step, "step", &passage.active, calls, &next)?;
    let last = pulled(&last, "last", &passage.active, calls, &exits)?;
    let read = |graph: &Graph| -> Vec<bool> {
        let used = captured(&[&graph.body]);
        graph.params[..count].iter().map(|v| used.contains(v)).collect()
    };
    let reads = read(&step).iter().zip(read(&last)).map(|(a, b)| *a || b).collect();
    Ok(AdjointBody::Loop { step, last, invariant: assume::invariant(&on), reads })
}

/// From the parameters and the results' cotangents, some of which are not `sure` to be reached, to those of the
/// active parameters.
fn pulled(
    graph: &Graph,
    name: &str,
    active: &[bool],
    calls: Calls<'_>,
    sure: &[bool],
) -> Result<Graph, Error> {
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, active, &builder, &inputs, calls)?;
    let types = graph.result_types().into_iter().enumerate();
    let seeds: Vec<Option<Atom>> = types.map(|(i, ty)| Some(builder.param(format!("ct_{i}"), ty))).collect();
    let cotangents = pullback.pull_where(&seeds, sure)?;
    let values = pullback.values();
    let count = values.len();
    let results = [values, pullback.filled(cotangents)].concat();
    let pulled = finished(graph, &builder.finish(format!("{name}.{}", graph.name), results));
    // The values are computed as they were, and stay where the cotangents read them.
    let mut pulled = adjoint_by(&pulled, count, Effects::Nothing);
    pulled.body.results.drain(..count);
    Ok(simplify_by(&pulled, Effects::Nothing))
}
