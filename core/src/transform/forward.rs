//! Forward mode of modules.
//!
//! `jvp_module : (a -> b) -> (a, T a) -> (b, T b)`, for functions that call, loop and recur: each function that a
//! derivative goes through gets a second one, which takes and gives tangents as well. It is a module as any other.

use super::{
    Error, finished,
    jvp::{Calls, Dual, DualFn, Forward, Passage, params},
    moving::moving,
    optimize::compact,
    reverse::activity,
    shape,
};
use crate::{
    anf::{Atom, Builder, FnId, Function, Graph, Kind, Module, Type, renumber},
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
    jvp_in(module, &[wrt.to_vec()])
}

/// [`jvp_module`] in several directions at once, each with the parameters that move in it. Tangents come after
/// the values, direction by direction.
///
/// # Errors
/// Those of [`jvp_module`].
pub(crate) fn jvp_in(module: &Module, directions: &[Vec<usize>]) -> Result<Module, Error> {
    let program = module.get(FnId(0)).ok_or(Error::Results { expected: "a program" })?;
    let real = super::real_params(&program.graph);
    if let Some(index) = directions.iter().flatten().find(|i| real.get(**i) != Some(&true)) {
        return Err(Error::Parameter { index: *index, expected: "numbers" });
    }
    let passages: Vec<Vec<Passage>> = directions
        .iter()
        .map(|wrt| {
            let mut passages = activity(module, wrt);
            moving(module, wrt, &mut passages);
            passages
        })
        .collect();
    // The program with tangents comes first, then the functions as they are, then those with tangents.
    let count = module.functions.len();
    let mut dual_ids = (count as u32 + 1..).map(FnId);
    let dual = |of: usize| {
        let passages: Vec<Passage> = passages.iter().filter_map(|by| by.get(of).cloned()).collect();
        let passes = passages.iter().any(|p| p.useful.contains(&true));
        passes.then(|| dual_ids.next().map(|id| DualFn { id, passages })).flatten()
    };
    let duals: Vec<Option<DualFn>> = (0..count).map(dual).collect();
    let values = |id: FnId| if id.0 < count as u32 { FnId(id.0 + 1) } else { id };
    let renumbered = |mut graph: Graph| {
        renumber(&mut graph.body, &values);
        graph
    };
    let program = renumbered(of_program(&program.graph, directions, &duals));
    let mut functions = vec![Function { graph: program, kind: Kind::Once }];
    functions.extend(module.functions.iter().map(|f| Function { graph: renumbered(f.graph.clone()), ..*f }));
    for (function, dual) in module.functions.iter().zip(&duals) {
        if let Some(dual) = dual {
            let graph = renumbered(of_function(function, &dual.passages, &duals));
            functions.push(Function { graph, ..*function });
        }
    }
    let module = compact(&Module { functions });
    let pruned = |f: &Function| Function { graph: finished(&f.graph, &f.graph), ..*f };
    Ok(Module { functions: module.functions.iter().map(pruned).collect() })
}

/// The name of a parameter's tangent.
fn named(prefix: &str, direction: usize, name: &str) -> String {
    match direction {
        0 => format!("{prefix}_{name}"),
        k => format!("{prefix}{k}_{name}"),
    }
}

/// The program with tangents.
fn of_program(graph: &Graph, directions: &[Vec<usize>], duals: &[Option<DualFn>]) -> Graph {
    let builder = Builder::new();
    let mut inputs: Vec<Dual> = params(graph, &builder).into_iter().map(Dual::constant).collect();
    for (k, wrt) in directions.iter().enumerate() {
        for (i, input) in inputs.iter_mut().enumerate().filter(|(i, _)| wrt.contains(i)) {
            let tangent = builder.param(named("d", k, &graph.names[i]), builder.ty(input.value));
            input.set(k, tangent, Atom::Bool(true));
        }
    }
    let outputs = outputs(graph, &builder, inputs, directions.len(), duals);
    let mut results: Vec<Atom> = outputs.iter().map(|dual| dual.value).collect();
    for k in 0..directions.len() {
        let reals = outputs.iter().zip(graph.result_types()).filter(|(_, ty)| ty.scalar == Scalar::Real);
        results.extend(reals.map(|(dual, ty)| dual.tangent(k).unwrap_or_else(|| shape::zeros(&builder, ty))));
    }
    builder.finish(format!("jvp.{}", graph.name), results)
}

/// A function with tangents, and whether what is not sure moves: of a loop, the parameters' after the
/// parameters.
fn of_function(function: &Function, passages: &[Passage], duals: &[Option<DualFn>]) -> Graph {
    let graph = &function.graph;
    let builder = Builder::new();
    let mut inputs: Vec<Dual> = params(graph, &builder).into_iter().map(Dual::constant).collect();
    for (k, passage) in passages.iter().enumerate() {
        let param = |prefix: &str, i: usize, ty| builder.param(named(prefix, k, &graph.names[i]), ty);
        let of = |which: Vec<bool>| (0..which.len()).filter(move |i| which[*i]);
        for i in of(passage.active.clone()) {
            let tangent = param("d", i, builder.ty(inputs[i].value));
            inputs[i].set(k, tangent, Atom::Bool(true));
        }
        for i in of(passage.unsure_params()) {
            if let Some(tangent) = inputs[i].tangent(k) {
                let flag = param("moves", i, Type::BOOL);
                inputs[i].set(k, tangent, flag);
            }
        }
    }
    let types = graph.result_types();
    let outputs = outputs(graph, &builder, inputs, passages.len(), duals);
    // The tangents of the results from `from` on that are marked, and which of them move.
    let tangents = |from: usize, marks: &dyn Fn(&Passage) -> [Vec<bool>; 2]| -> Vec<Atom> {
        let mut atoms = Vec::new();
        for (k, passage) in passages.iter().enumerate() {
            let [passes, unsure] = marks(passage);
            let outputs = || outputs[from..].iter().zip(&types[from..]);
            let marked = outputs().zip(passes).filter(|(_, marked)| *marked);
            atoms.extend(
                marked.map(|((dual, ty), _)| dual.tangent(k).unwrap_or_else(|| shape::zeros(&builder, *ty))),
            );
            let marked = outputs().zip(unsure).filter(|(_, marked)| *marked);
            atoms.extend(marked.map(|((dual, _), _)| dual.moving(k)));
        }
        atoms
    };
    let useful = |p: &Passage| [p.useful.clone(), p.unsure_results()];
    let active = |p: &Passage| [p.active.clone(), p.unsure_params()];
    let values: Vec<Atom> = outputs.iter().map(|dual| dual.value).collect();
    let results = match function.kind {
        Kind::Once => [values, tangents(0, &useful)].concat(),
        Kind::Loop => {
            let params = graph.params.len();
            let (state, exits) = values.split_at(1 + params);
            [state, &tangents(1, &active), exits, &tangents(1 + params, &useful)].concat()
        }
    };
    builder.finish(format!("jvp.{}", graph.name), results)
}

/// A graph's results where its parameters are these.
fn outputs(
    graph: &Graph,
    builder: &Builder,
    inputs: Vec<Dual>,
    directions: usize,
    duals: &[Option<DualFn>],
) -> Vec<Dual> {
    let mut forward = Forward::new(graph, builder, directions, Calls::Duals(duals));
    inputs.into_iter().enumerate().for_each(|(i, dual)| forward.bind(i, dual));
    forward.body()
}
