//! Modules and their reverse mode as data, and the laws on them.

use crate::{laws, parse};
use scheme_core::{
    anf::{Atom, FnId, Module, Var},
    reference::{Array, call_reverse},
    transform::{
        AdjointBody, Error, Gradient, Reverse, Uniform, gradient, jvp, jvp_module, optimize, reverse, vjp,
        vmap,
    },
};
use std::fmt::Write as _;

/// Where the laws are tried, for all parameters.
const POINTS: &[f64] = &[0.31, 0.87, 1.73, 2.42];

/// The text of a reverse mode.
fn text(reverse: &Reverse) -> String {
    let mut out = format!("{}\n", reverse.program);
    for (id, adjoint) in reverse.functions.iter().enumerate() {
        let Some(adjoint) = adjoint else { continue };
        writeln!(out, "f{id}: active {:?}, useful {:?}", adjoint.active, adjoint.useful).unwrap();
        if adjoint.tells.contains(&true) || adjoint.asks.contains(&true) {
            writeln!(out, "tells {:?}, asks {:?}", adjoint.tells, adjoint.asks).unwrap();
        }
        if let AdjointBody::Loop { invariant, keeps, .. } = &adjoint.body {
            writeln!(out, "invariant {invariant:?}, keeps {keeps:?}").unwrap();
        }
        adjoint.graphs().iter().for_each(|graph| writeln!(out, "{graph}").unwrap());
    }
    out
}

fn all(module: &Module) -> Vec<usize> {
    (0..module.functions[0].graph.params.len()).collect()
}

#[test]
fn texts_of_reverse_mode() {
    crate::golden::check("modules/reverse.txt", |source| {
        let module = parse(source);
        let both = reverse(&module, &all(&module)).unwrap();
        laws::sound(&module, &both);
        text(&both)
    });
}

#[test]
fn texts_of_optimized_modules() {
    crate::golden::check("modules/optimize.txt", |source| {
        let module = parse(source);
        let better = optimize(&module);
        for x in POINTS {
            laws::same(&module, &better, &vec![*x; all(&module).len()]);
        }
        format!("{better}\n")
    });
}

#[test]
fn texts_of_forward_mode() {
    crate::golden::check("modules/forward.txt", |source| {
        let module = parse(source);
        format!("{}\n", optimize(&jvp_module(&module, &[0]).unwrap()))
    });
}

#[test]
fn texts_of_gradients() {
    crate::golden::check("modules/gradient.txt", |source| {
        let module = parse(source);
        for x in POINTS {
            laws::forward(&module, &vec![*x; all(&module).len()]);
        }
        match gradient(&module, &all(&module)).unwrap() {
            Gradient::Forward { both, .. } => format!("forward\n{both}\n"),
            Gradient::Reverse(both) => format!("reverse\n{}\n", both.program),
        }
    });
}

#[test]
fn texts_of_what_is_uniform() {
    crate::golden::check("modules/uniform.txt", |source| {
        let module = parse(source);
        let both = reverse(&module, &all(&module)).unwrap();
        let uniform = Uniform::of(&module, Some(&both));
        let mut out = String::new();
        for (function, id) in module.functions.iter().zip((0..).map(FnId)) {
            let vars = uniform.within(&function.graph, uniform.params(id));
            let all = (0..function.graph.vars.len() as u32).map(Var);
            let all: Vec<Var> = all.filter(|var| vars.has(Atom::Var(*var))).collect();
            let (params, exits, residuals) = (uniform.params(id), uniform.exits(id), uniform.residuals(id));
            writeln!(out, "f{}: params {params:?}, exits {exits:?}, residuals {residuals:?}", id.0).unwrap();
            writeln!(out, "{all:?}").unwrap();
        }
        out
    });
}

/// Where a derivative is infinite that the result does not depend on.
#[test]
fn what_is_not_reached_does_not_poison() {
    for (title, at, want) in [
        ("a cotangent that only the last step has", 0.0, 0.5 / 2f64.sqrt()),
        ("infinite partials of what is not reached", 0.0, 1.25f64.powi(3)),
    ] {
        let module = case(title);
        let wrt = all(&module);
        let both = reverse(&module, &wrt).unwrap();
        let args: Vec<Array<f64>> = wrt.iter().map(|_| Array::real(at)).collect();
        let got = call_reverse(&module, &both, &args).unwrap()[1].numbers()[0];
        assert!((got - want).abs() < 1e-12, "{title}: {got} rather than {want}");
    }
}

/// A graph alone calls for records, which have no further derivative: never a silent zero.
#[test]
fn graphs_alone_differentiate_calls() {
    let graph = &case("tree recursion").functions[0].graph;
    let pulled = vjp(graph).unwrap();
    let text = pulled.to_string();
    assert!(text.contains("forward f1 7.0 v0") && text.contains("reverse f1"), "{text}");
    let tangents = jvp(&pulled).body.results.split_off(2);
    assert!(matches!(tangents[..], [_, Atom::Real(x)] if x.is_nan()), "{tangents:?}");
    assert!(matches!(vmap(graph, &[true], 3), Err(Error::MixesRows { .. })));
}

/// The module of a case by its title.
fn case(title: &str) -> Module {
    let mut cases = include_str!("reverse.txt").split_terminator("====\n");
    let text = cases.find_map(|case| case.strip_prefix(&format!("{title}\n"))).unwrap();
    parse(text.split_once("----\n").unwrap().0)
}

#[test]
fn laws_hold_of_every_case() {
    let cases = include_str!("reverse.txt").split_terminator("====\n");
    for case in cases {
        let (_, rest) = case.split_once('\n').unwrap();
        let module = parse(rest.split_once("----\n").unwrap().0);
        for (i, x) in POINTS.iter().enumerate() {
            let point: Vec<f64> = all(&module).iter().map(|k| x + 0.1 * (*k + i) as f64).collect();
            laws::check(&module, &point);
            laws::forward(&module, &point);
            laws::twice(&module, &point);
            let better = optimize(&module);
            laws::same(&module, &better, &point);
            laws::check(&better, &point);
        }
    }
}
