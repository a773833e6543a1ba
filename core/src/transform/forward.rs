//! Forward mode of modules.
//!
//! `jvp_module : (a -> b) -> (a, T a) -> (b, T b)`, for functions that call, loop and recur: each function that a
//! derivative goes through gets a second one, which takes and gives tangents as well. It is a module as any other.

use super::{
    Error, finished,
    jvp::{Calls, Passage, jvp_by},
    optimize::compact,
    reverse::activity,
};
use crate::{
    anf::{Atom, FnId, Function, Graph, Kind, Module, renumber},
    prim::Scalar,
};

/// `jvp : (a -> b) -> (a, T a) -> (b, T b)` of a module, by the parameters `wrt` of its program.
///
/// Parameters: those of the program, then `d_name` for each of `wrt` in the order of the parameters. Results: those
/// of the program, then the tangent of each that is a number.
///
/// # Errors
/// [`Error::Parameter`] if one of `wrt` is missing or not a number; [`Error::Results`] if there is no program.
pub fn jvp_module(module: &Module, wrt: &[usize]) -> Result<Module, Error> {
    let program = module.get(FnId(0)).ok_or(Error::Results { expected: "a program" })?;
    let real = super::real_params(&program.graph);
    if let Some(index) = wrt.iter().find(|i| real.get(**i) != Some(&true)) {
        return Err(Error::Parameter { index: *index, expected: "numbers" });
    }
    let passages = activity(module, wrt);
    // The program with tangents comes first, then the functions as they are, then those with tangents.
    let count = module.functions.len() as u32;
    let mut dual_ids = (count + 1..).map(FnId);
    let passes = |p: &Passage| p.useful.contains(&true);
    let duals: Vec<Option<(FnId, Passage)>> = passages
        .iter()
        .map(|p| passes(p).then(|| dual_ids.next().map(|id| (id, p.clone()))).flatten())
        .collect();
    let active: Vec<bool> = (0..real.len()).map(|i| wrt.contains(&i)).collect();
    let values = |id: FnId| if id.0 < count { FnId(id.0 + 1) } else { id };
    let with_tangents = |graph: &Graph, active: &[bool]| {
        let mut both = jvp_by(graph, active, Calls::Duals(&duals));
        renumber(&mut both.body, &values);
        both
    };
    let mut functions = vec![Function { graph: with_tangents(&program.graph, &active), kind: Kind::Once }];
    for function in &module.functions {
        let mut graph = function.graph.clone();
        renumber(&mut graph.body, &values);
        functions.push(Function { graph, ..*function });
    }
    for (function, (_, passage)) in
        module.functions.iter().zip(&duals).filter_map(|(f, dual)| Some((f, dual.as_ref()?)))
    {
        let mut graph = with_tangents(&function.graph, &passage.active);
        graph.body.results = results(function, passage, &graph.body.results);
        functions.push(Function { graph, ..*function });
    }
    let module = compact(&Module { functions });
    let pruned = |f: &Function| Function { graph: finished(&f.graph, &f.graph), ..*f };
    Ok(Module { functions: module.functions.iter().map(pruned).collect() })
}

/// A function's results with the tangents in their places: of a loop, the parameters' after the parameters.
fn results(function: &Function, passage: &Passage, given: &[Atom]) -> Vec<Atom> {
    let (values, tangents) = given.split_at(function.graph.body.results.len());
    let mut tangents = tangents.iter();
    let types = function.graph.result_types();
    let tangent: Vec<Option<Atom>> = types
        .iter()
        .map(|ty| if ty.scalar == Scalar::Real { tangents.next().copied() } else { None })
        .collect();
    let marked = |from: usize, which: &[bool]| -> Vec<Atom> {
        let marked = tangent[from..].iter().zip(which).filter(|(_, marked)| **marked);
        marked.filter_map(|(tangent, _)| *tangent).collect()
    };
    let params = function.next().len();
    match function.kind {
        Kind::Once => [values, &marked(0, &passage.useful)].concat(),
        Kind::Loop => {
            let (state, exits) = values.split_at(1 + params);
            [state, &marked(1, &passage.active), exits, &marked(1 + params, &passage.useful)].concat()
        }
    }
}
