//! Transforms on whole graphs: golden texts, random graphs, and choices whose other side is nan.

#[path = "../laws/big.rs"]
mod big;
mod errors;
mod evaluate;
mod generate;
mod golden;
mod lazy;
mod properties;

use big::Big;
use scheme_core::{
    anf::{Atom, Builder, Dims, Graph, verify},
    prim::{Operand, Scalar},
    real::Real,
    reference::{Array, evaluate},
};

/// Reads a graph, which must verify.
fn parse(text: &str) -> Graph {
    let graph = Graph::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    verify(&graph).unwrap_or_else(|violation| panic!("{violation}\n{text}"));
    graph
}

/// Checks what holds of every graph: the invariants, and that its text parses back.
#[track_caller]
fn sound(graph: &Graph) {
    if let Err(violation) = verify(graph) {
        panic!("{violation}\n{graph}");
    }
    let text = graph.to_string();
    let back = Graph::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(back.to_string(), text);
}

#[track_caller]
fn run<A: Real<Mask = bool>>(graph: &Graph, args: &[Array<A>]) -> Vec<Array<A>> {
    evaluate(graph, args).unwrap_or_else(|fault| panic!("{fault}\n{graph}"))
}

/// Numbers' arguments.
fn reals<A: Real<Mask = bool>>(xs: &[f64]) -> Vec<Array<A>> {
    xs.iter().map(|x| Array::real(A::lit(*x))).collect()
}

/// Arguments in 90 digits.
fn big(args: &[Array<f64>]) -> Vec<Array<Big>> {
    let lift = |x: &Operand<f64>| match x {
        Operand::Real(x) => Operand::Real(Big::lit(*x)),
        Operand::Bool(b) => Operand::Bool(*b),
    };
    args.iter().map(|a| Array { dims: a.dims, data: a.data.iter().map(lift).collect() }).collect()
}

/// Shape and bits, by which arrays are the same; nan is itself.
fn bits(arrays: &[Array<f64>]) -> Vec<(Dims, Vec<u64>)> {
    let bits = |x: &Operand<f64>| match x {
        Operand::Real(x) if x.is_nan() => f64::NAN.to_bits(),
        Operand::Real(x) => x.to_bits(),
        Operand::Bool(b) => u64::from(*b),
    };
    arrays.iter().map(|a| (a.dims, a.data.iter().map(bits).collect())).collect()
}

/// The sum of all numbers that a graph gives, as a graph of one result.
fn total(graph: &Graph) -> Graph {
    let builder = Builder::new();
    let params: Vec<Atom> = graph
        .params
        .iter()
        .zip(&graph.names)
        .map(|(v, name)| builder.param(name, graph.ty(Atom::Var(*v))))
        .collect();
    let mut sum = builder.real(Atom::Real(0.0));
    for mut atom in builder.inline(graph, &params) {
        if builder.ty(atom).scalar == Scalar::Bool {
            continue;
        }
        while !builder.ty(atom).dims.axes().is_empty() {
            atom = builder.sum(atom, 0).unwrap();
        }
        sum = sum + builder.real(atom);
    }
    let sum = sum.atom();
    builder.finish(format!("total.{}", graph.name), vec![sum])
}
