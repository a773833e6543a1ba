//! Gradients of modules, in forward or in reverse mode.
//!
//! Reverse mode goes back over a record of the run, at a cost that hardly depends on the number of parameters. Forward mode keeps nothing and
//! carries one tangent for each parameter along with the value, so that loops wait for values and tangents at once. [`gradient`] takes the one that
//! is estimated to cost less; the gradient is the same but for its last bits, and where numbers overflow: a tangent that is infinite makes nan of a
//! factor 0 that comes after it, a cotangent of one before it. So forward mode comes with the reverse, and a partial derivative that is not finite
//! in the one is what it is in the other.

mod affine;
mod cost;
mod first;
mod literals;
mod polish;

use super::{Error, Reverse, finished, forward::jvp_in, jvp::params, optimize::optimize, reverse};
use crate::anf::{Atom, Builder, FnId, Module, Type, verify_module};

/// Forward mode is tried for so many parameters at the most.
const MAX_DIRECTIONS: usize = 8;

/// And for so many instructions: it takes time that grows as their square.
const MAX_INSTRUCTIONS: usize = 256;

/// A module's value and gradient.
#[derive(Clone, PartialEq, Debug)]
pub enum Gradient {
    /// Forward mode, and for what is not finite there reverse mode.
    Forward {
        /// A module from the parameters to the value, then the gradient.
        both: Module,
        /// As of the other variant.
        reverse: Reverse,
    },
    /// A program that leaves records of its calls, and adjoints that read them.
    Reverse(Reverse),
}

/// `value_and_grad : (a -> real) -> a -> (real, CT a)` of a module, by the parameters `wrt` of its program, in that order.
///
/// # Errors
/// Those of [`reverse`](super::reverse()).
pub fn gradient(module: &Module, wrt: &[usize]) -> Result<Gradient, Error> {
    let reverse = reverse(module, wrt)?;
    let back = reverse.functions.iter().any(Option::is_some);
    let mut instructions = 0;
    module.functions.iter().for_each(|function| function.graph.body.each(&mut |_| instructions += 1));
    if !back || wrt.len() > MAX_DIRECTIONS || instructions > MAX_INSTRUCTIONS {
        return Ok(Gradient::Reverse(reverse));
    }
    let both = forward_gradient(module, wrt)?;
    let is_forward = cost::of_forward(&both) <= cost::of_reverse(module, &reverse);
    Ok(if is_forward { Gradient::Forward { both, reverse } } else { Gradient::Reverse(reverse) })
}

/// [`gradient`] in forward mode: each parameter moves in a direction of its own.
///
/// # Errors
/// [`Error::Results`] unless the program gives one number; [`Error::Parameter`] if one of `wrt` is missing or not a number.
pub fn forward_gradient(module: &Module, wrt: &[usize]) -> Result<Module, Error> {
    if module.get(FnId(0)).is_none_or(|program| program.exit_types() != [Type::REAL]) {
        return Err(Error::Results { expected: "one number" });
    }
    let directions: Vec<Vec<usize>> = wrt.iter().map(|i| vec![*i]).collect();
    let mut both = jvp_in(module, &directions)?;
    if let Some(program) = both.functions.first_mut() {
        let mut graph = program.graph.clone();
        let tangents = graph.params.split_off(graph.params.len().saturating_sub(wrt.len()));
        let builder = Builder::new();
        let units = [params(&graph, &builder), vec![Atom::Real(1.0); tangents.len()]].concat();
        graph.params.extend(tangents);
        let results = builder.inline(&graph, &units);
        let name = graph.name.strip_prefix("jvp.").unwrap_or(&graph.name);
        program.graph = finished(&graph, &builder.finish(format!("value_and_grad.{name}"), results));
    }
    let both = literals::literals(&first::first(&optimize(&both)));
    let both = optimize(&polish::polish(&optimize(&both)));
    if cfg!(debug_assertions) && verify_module(module).is_ok() {
        let verdict = verify_module(&both);
        debug_assert!(verdict.is_ok(), "{verdict:?}\n{both}\nfrom\n{module}");
    }
    Ok(both)
}
