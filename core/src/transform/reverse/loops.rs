//! The adjoint of a loop: its steps run again, and pulled back.
//!
//! The cotangents of all active parameters go from step to step as numbers, 0 where the exits are not reached
//! yet: a parameter that only the last step's exits read is not reached by the steps before. Times an infinite
//! partial that would be nan, so where it can be, what such a cotangent gives is computed only if it is not 0.

use super::{AdjointBody, Passage, assume};
use crate::{
    anf::{Atom, Block, Builder, Effects, Function, Graph, Type},
    prim::Numeric,
    transform::{
        Error, captured, chosen, finished,
        jvp::{Calls, params},
        prune::prune,
        simplify::{adjoint_by, simplify_by},
        tame::tame,
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
    let guarded = guarded(&step, passage, calls)?;
    let sure = chosen(&passage.sure_results, &passage.useful);
    let step = pulled(&step, "step", &passage.active, calls, [&guarded, &[]])?;
    let last = pulled(&last, "last", &passage.active, calls, [&[], &sure])?;
    let read = |graph: &Graph| -> Vec<bool> {
        let used = captured(&[&graph.body]);
        graph.params[..count].iter().map(|v| used.contains(v)).collect()
    };
    let reads = read(&step).iter().zip(read(&last)).map(|(a, b)| *a || b).collect();
    Ok(AdjointBody::Loop { step, last, invariant: assume::invariant(&on), reads })
}

/// From the parameters and the results' cotangents to those of the active parameters. What the `guarded`
/// results' cotangents give is computed apart, unless they are 0; those that are not `sure` may be 0 too.
fn pulled(
    graph: &Graph,
    name: &str,
    active: &[bool],
    calls: Calls<'_>,
    [guarded, sure]: [&[bool]; 2],
) -> Result<Graph, Error> {
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, active, &builder, &inputs, calls)?;
    let types = graph.result_types();
    let seeds: Vec<Atom> =
        types.iter().enumerate().map(|(i, ty)| builder.param(format!("ct_{i}"), *ty)).collect();
    let apart = |i: usize| guarded.get(i) == Some(&true);
    let together: Vec<Option<Atom>> =
        seeds.iter().enumerate().map(|(i, seed)| (!apart(i)).then_some(*seed)).collect();
    let mut cotangents = pullback.pull_where(&together, sure)?;
    for (i, seed) in seeds.iter().enumerate().filter(|(i, _)| apart(*i)) {
        let alone: Vec<Option<Atom>> = (0..seeds.len()).map(|k| (k == i).then_some(*seed)).collect();
        let (insts, given) = builder.scoped(|| pullback.pull(&alone));
        let given = given?;
        let reached: Vec<usize> = (0..given.len()).filter(|k| given[*k].is_some()).collect();
        let zeros = Block { insts: Vec::new(), results: vec![Atom::Real(0.0); reached.len()] };
        let rest = Block { insts, results: given.iter().flatten().copied().collect() };
        let types: Vec<Type> = rest.results.iter().map(|atom| builder.ty(*atom)).collect();
        let none = builder.row(Numeric::IsZero, &[*seed]);
        for (k, atom) in reached.into_iter().zip(builder.choose(none, zeros, rest, &types)) {
            cotangents[k] = Some(match cotangents[k] {
                Some(sum) => builder.row(Numeric::Add, &[sum, atom]),
                None => atom,
            });
        }
    }
    let values = pullback.values();
    let count = values.len();
    let results = [values, pullback.filled(cotangents)].concat();
    let pulled = finished(graph, &builder.finish(format!("{name}.{}", graph.name), results));
    // The values are computed as they were, and stay where the cotangents read them.
    let mut pulled = adjoint_by(&pulled, count, Effects::Nothing);
    pulled.body.results.drain(..count);
    Ok(simplify_by(&pulled, Effects::Nothing))
}

/// Which active parameters' cotangents are not reached at every step and may meet an infinite partial.
fn guarded(step: &Graph, passage: &Passage, calls: Calls<'_>) -> Result<Vec<bool>, Error> {
    let builder = Builder::new();
    let inputs = params(step, &builder);
    let pullback = Pullback::new(step, &passage.active, &builder, &inputs, calls)?;
    let count = step.body.results.len();
    let mut given = Vec::new();
    for i in 0..count {
        let seed = builder.param("ct", Type::REAL);
        let alone: Vec<Option<Atom>> = (0..count).map(|k| (k == i).then_some(seed)).collect();
        given.push(pullback.pull(&alone)?);
    }
    let mut all = builder.finish("alone", Vec::new());
    let mut wild = |given: &Vec<Option<Atom>>| {
        all.body.results = given.iter().flatten().copied().collect();
        let mut wild = false;
        prune(&all, Effects::Nothing).body.each(&mut |inst| wild |= !tame(&inst.op));
        wild
    };
    let sure = chosen(&passage.sure_params, &passage.active);
    Ok(given.iter().zip(sure).map(|(given, sure)| !sure && wild(given)).collect())
}
