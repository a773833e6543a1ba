//! The adjoint of a loop: its steps run again, and pulled back.
//!
//! The cotangents of all active parameters go from step to step as numbers, 0 where the exits are not reached
//! yet: a parameter that only the last step's exits read is not reached by the steps before. Times an infinite
//! partial that would be nan, and is 0: where such a partial comes, a truth value beside the cotangent goes from
//! step to step as well, whether it is reached. One that is 0 where it is reached is pulled back as any other.
//!
//! The first steps back have code of their own where that keeps such a 0 from partials that overflowed (`turns`).

use super::{AdjointBody, Passage, Steps, Turns, assume, reached, replay::replay, seeds};
use crate::{
    anf::{Atom, Builder, Effects, Graph, Type},
    transform::{
        Error, captured, chosen, finished,
        jvp::{Calls, params},
        simplify::{adjoint_by, simplify_by},
        transpose::{Pullback, Reached},
    },
};

/// The adjoint of a loop that passes what `passage` says.
pub(super) fn adjoint(
    Steps { on, off }: &Steps,
    turns: &Turns,
    passage: &Passage,
    calls: Calls<'_>,
) -> Result<AdjointBody, Error> {
    let count = on.params.len();
    let giving = |graph: &Graph, results: &[Atom], which: &[bool]| {
        let mut graph = graph.clone();
        graph.body.results = chosen(results, which);
        graph
    };
    let step = giving(on, on.body.results.get(1..=count).unwrap_or_default(), &passage.active);
    let last = giving(off, off.body.results.get(count + 1..).unwrap_or_default(), &passage.useful);
    let tells = chosen(&passage.tells, &passage.active);
    let back = |name, has: &[Option<bool>]| {
        let given = Given { has: &chosen(has, &passage.active), asks: &tells, untold: Reached::InSteps };
        pulled(&step, name, passage, calls, given)
    };
    let first = turns.first.iter().map(|turn| back("first", turn)).collect::<Result<Vec<_>, _>>()?;
    let rest = turns.rest.clone();
    let step = back("step", &rest.unwrap_or_else(|| reached::seeds(&passage.active, &passage.sure_params)))?;
    let exits = reached::seeds(&passage.useful, &passage.sure_results);
    let asks = chosen(&passage.asks, &passage.useful);
    let given = Given { has: &chosen(&exits, &passage.useful), asks: &asks, untold: Reached::Perhaps };
    let last = pulled(&last, "last", passage, calls, given)?;
    let mut reads = vec![false; count];
    for graph in first.iter().chain([&step, &last]) {
        let used = captured(&[&graph.body]);
        reads.iter_mut().zip(&graph.params).for_each(|(reads, v)| *reads |= used.contains(v));
    }
    let invariant = assume::invariant(on);
    let (keeps, next) = replay(on.clone(), reads);
    let next = Box::new(next);
    Ok(AdjointBody::Loop { first, step, last, next, invariant, keeps })
}

/// The results' cotangents.
struct Given<'a> {
    /// What there is of each.
    has: &'a [Option<bool>],
    /// Of which it is told whether they are reached.
    asks: &'a [bool],
    /// What is known of those of which it is not.
    untold: Reached,
}

/// From the parameters and the results' cotangents, as they are `given`, to those of the active parameters and what it tells.
fn pulled(
    graph: &Graph,
    name: &str,
    passage: &Passage,
    calls: Calls<'_>,
    Given { has, asks, untold }: Given<'_>,
) -> Result<Graph, Error> {
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, &passage.active, &builder, &inputs, calls)?.of_called();
    let types: Vec<(usize, Type)> = graph.result_types().into_iter().enumerate().collect();
    let cotangents = pullback.pull_where(&seeds(&builder, &types, has, asks, untold))?;
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
