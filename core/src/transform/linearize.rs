//! A function's value, and its derivative as a linear function that remembers the point.

use super::{Error, by_rows, finished, real_params, split::split};
use crate::anf::{Atom, Block, Graph, Var};

/// What [`linearize`] gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Linearized {
    /// `a -> (b, r)`: the function's results, then the residuals, what its derivative remembers.
    pub primal: Graph,
    /// `(r, T a) -> T b`, linear in `T a`: from residuals and tangents to tangents.
    pub tangent: Graph,
    /// How many of the primal's results are the function's.
    pub outputs: usize,
}

/// `linearize : (a -> b) -> a -> (b, T a -o T b)`: [`jvp`](super::jvp()), then partial evaluation.
///
/// # Errors
/// [`Error::MixesRows`].
pub fn linearize(graph: &Graph) -> Result<Linearized, Error> {
    linearize_by(graph, &real_params(graph))
}

/// [`linearize`] by the `active` parameters, whose tangents alone the linear function takes.
pub(crate) fn linearize_by(graph: &Graph, active: &[bool]) -> Result<Linearized, Error> {
    by_rows::check(graph)?;
    let both = super::jvp_by(graph, active);
    let (inputs, outputs) = (graph.params.len(), graph.body.results.len());
    let is_tangent: Vec<bool> = (0..both.params.len()).map(|i| i >= inputs).collect();
    let cut = split(both, &is_tangent);
    let both = &cut.graph;
    let (values, tangents) = both.body.results.split_at(outputs);
    let residuals = cut.residuals(tangents);
    let atoms = |vars: &[Var]| vars.iter().map(|v| Atom::Var(*v)).collect::<Vec<_>>();
    let primal = Graph {
        name: format!("primal.{}", graph.name),
        params: both.params[..inputs].to_vec(),
        names: both.names[..inputs].to_vec(),
        body: Block { insts: cut.known().to_vec(), results: [values, &atoms(&residuals)].concat() },
        vars: both.vars.clone(),
    };
    let tangent = Graph {
        name: format!("tangent.{}", graph.name),
        params: [&residuals, &both.params[inputs..]].concat(),
        names: [residual_names(&residuals), both.names[inputs..].to_vec()].concat(),
        body: Block { insts: cut.unknown().to_vec(), results: tangents.to_vec() },
        vars: both.vars.clone(),
    };
    Ok(Linearized { primal: finished(graph, &primal), tangent: finished(graph, &tangent), outputs })
}

fn residual_names(residuals: &[Var]) -> Vec<String> {
    (0..residuals.len()).map(|i| format!("r{i}")).collect()
}
