//! Vector-Jacobian products, gradients, Jacobians, Hessians: compositions of the other transforms.
//!
//! Unit tangents and cotangents are literals and zeros are no instructions, so that what is built is
//! what one would write by hand, before [simplification](super).

use super::{
    Error, finished,
    jvp::{Calls, Dual, Forward, params},
    transpose::{Pullback, always, cotangents},
};
use crate::{
    anf::{Atom, Builder, Graph, Type},
    prim::Scalar,
};

/// `grad : (a -> real) -> a -> CT a`, by the parameters `wrt`, in that order.
///
/// # Errors
/// [`Error::Results`] unless the graph gives one number; [`Error::Parameter`] if one of `wrt` is
/// missing or not made of numbers; [`Error::MixesRows`].
pub fn grad(graph: &Graph, wrt: &[usize]) -> Result<Graph, Error> {
    let mut both = value_and_grad(graph, wrt)?;
    both.body.results.remove(0);
    both.name = format!("grad.{}", graph.name);
    Ok(finished(graph, &both))
}

/// `value_and_grad : (a -> real) -> a -> (real, CT a)`: the value, then the gradient by `wrt`.
///
/// # Errors
/// Those of [`grad`].
pub fn value_and_grad(graph: &Graph, wrt: &[usize]) -> Result<Graph, Error> {
    value_and_grad_calling(graph, wrt, Calls::All)
}

/// [`value_and_grad`] where it is known what calls pass.
pub(super) fn value_and_grad_calling(graph: &Graph, wrt: &[usize], calls: Calls<'_>) -> Result<Graph, Error> {
    active(graph, wrt)?;
    if graph.result_types() != [Type::REAL] {
        return Err(Error::Results { expected: "one number" });
    }
    pulled("value_and_grad", graph, wrt, calls, |_| vec![Some(Atom::Real(1.0))])
}

/// `vjp : (a -> b) -> (a, CT b) -> (b, CT a)`: [`linearize`](super::linearize()), then [`transpose`](super::transpose()).
///
/// Parameters: those of `graph`, then `ct_i` for each result that is a number or array of numbers.
/// Results: those of `graph`, then the cotangent of each parameter that is.
///
/// # Errors
/// [`Error::MixesRows`].
pub fn vjp(graph: &Graph) -> Result<Graph, Error> {
    let real = super::real_params(graph).into_iter().enumerate();
    vjp_by(graph, &real.filter(|(_, real)| *real).map(|(i, _)| i).collect::<Vec<_>>())
}

/// [`vjp`] by the parameters `wrt`, in that order.
///
/// # Errors
/// [`Error::Parameter`] if one of `wrt` is missing or not made of numbers; [`Error::MixesRows`].
pub fn vjp_by(graph: &Graph, wrt: &[usize]) -> Result<Graph, Error> {
    vjp_calling(graph, wrt, Calls::All)
}

/// [`vjp_by`] where it is known what calls pass.
pub(super) fn vjp_calling(graph: &Graph, wrt: &[usize], calls: Calls<'_>) -> Result<Graph, Error> {
    let reals = graph.result_types().into_iter().filter(|ty| ty.scalar == Scalar::Real);
    pulled("vjp", graph, wrt, calls, |builder| cotangents(builder, reals).into_iter().map(Some).collect())
}

/// The results, then what is pulled back from `seeds` of those that are numbers, by the parameters `wrt`.
fn pulled(
    what: &str,
    graph: &Graph,
    wrt: &[usize],
    calls: Calls<'_>,
    seeds: impl FnOnce(&Builder) -> Vec<Option<Atom>>,
) -> Result<Graph, Error> {
    let active = active(graph, wrt)?;
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, &active, &builder, &inputs, calls)?;
    let seeds = seeds(&builder);
    let pulled = pullback.filled(&pullback.pull_where(&always(&seeds))?);
    let mut results = pullback.values();
    results.extend(wrt.iter().map(|i| pulled[position(&active, *i)]));
    Ok(finished(graph, &builder.finish(format!("{what}.{}", graph.name), results)))
}

/// `jacobian : ([real] -> [real]) -> [real] -> [[real]]`, one row for each result, one column for each
/// of the parameters `wrt`, flat. Forward mode, or reverse if there are fewer results than columns.
///
/// # Errors
/// [`Error::Results`] and [`Error::Parameter`] unless results and the parameters `wrt` are numbers
/// without axes; [`Error::MixesRows`].
pub fn jacobian(graph: &Graph, wrt: &[usize]) -> Result<Graph, Error> {
    let active = active(graph, wrt)?;
    if graph.result_types().iter().any(|ty| *ty != Type::REAL) {
        return Err(Error::Results { expected: "numbers without axes" });
    }
    if let Some(index) = wrt.iter().find(|i| graph.param_types()[**i] != Type::REAL) {
        return Err(Error::Parameter { index: *index, expected: "a number without axes" });
    }
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let results = if graph.body.results.len() < wrt.len() {
        by_rows(graph, &active, wrt, &builder, &inputs)?
    } else {
        by_columns(graph, wrt, &builder, &inputs)
    };
    Ok(finished(graph, &builder.finish(format!("jacobian.{}", graph.name), results)))
}

/// `hessian : ([real] -> real) -> [real] -> [[real]]`: the Jacobian of the gradient, forward over
/// reverse.
///
/// # Errors
/// Those of [`grad`] and [`jacobian`].
pub fn hessian(graph: &Graph, wrt: &[usize]) -> Result<Graph, Error> {
    let mut hessian = jacobian(&grad(graph, wrt)?, wrt)?;
    hessian.name = format!("hessian.{}", graph.name);
    Ok(hessian)
}

/// Which parameters `wrt` names.
fn active(graph: &Graph, wrt: &[usize]) -> Result<Vec<bool>, Error> {
    let real = super::real_params(graph);
    let mut active = vec![false; real.len()];
    for index in wrt {
        if real.get(*index) != Some(&true) {
            return Err(Error::Parameter { index: *index, expected: "numbers" });
        }
        active[*index] = true;
    }
    Ok(active)
}

/// Where the cotangent of parameter `index` is among those of the active ones.
fn position(active: &[bool], index: usize) -> usize {
    active[..index].iter().filter(|active| **active).count()
}

/// Forward in all directions at once.
fn by_columns(graph: &Graph, wrt: &[usize], builder: &Builder, inputs: &[Atom]) -> Vec<Atom> {
    let mut forward = Forward::new(graph, builder, wrt.len(), Calls::All);
    for (i, value) in inputs.iter().enumerate() {
        let unit = |column: &usize| (*column == i).then_some(Atom::Real(1.0));
        forward.bind(i, Dual::new(*value, wrt.iter().map(unit).collect()));
    }
    let duals = forward.body();
    let row =
        |dual: &Dual| (0..wrt.len()).map(|k| dual.tangent(k).unwrap_or(Atom::Real(0.0))).collect::<Vec<_>>();
    duals.iter().flat_map(row).collect()
}

/// Backward from each result.
fn by_rows(
    graph: &Graph,
    active: &[bool],
    wrt: &[usize],
    builder: &Builder,
    inputs: &[Atom],
) -> Result<Vec<Atom>, Error> {
    let pullback = Pullback::new(graph, active, builder, inputs, Calls::All)?;
    let rows = graph.body.results.len();
    let mut results = Vec::new();
    for row in 0..rows {
        let seeds: Vec<_> = (0..rows).map(|i| (i == row).then_some(Atom::Real(1.0))).collect();
        let pulled = pullback.pull(&seeds)?;
        results.extend(wrt.iter().map(|i| pulled[position(active, *i)].unwrap_or(Atom::Real(0.0))));
    }
    Ok(results)
}
