//! Array rows as subjects of the laws: taken apart into numbers, at several sizes, and weighed into one.

use crate::{Random, Subject};
use scheme_core::{
    anf::{Atom, Builder, Graph, Type},
    prim::{
        Array, Domain, Numeric, Operand, Prim, Scalar,
        arrays::{Pattern, Shape, Shaped},
    },
    reference::{self, evaluate, samples, scalars},
    transform::{grad, jvp},
};

fn parameters(shape: Shape) -> Shaped<Option<f64>> {
    Shaped::filled(shape, None)
}

/// Numeric rows element by element.
fn broadcasts() -> Vec<(Prim, Vec<Shaped<Option<f64>>>)> {
    let [number, vector, matrix] = [Shape::Number, Shape::Vector(2), Shape::Matrix(2, 1)].map(parameters);
    let mut all = Vec::new();
    for row in [Numeric::Add, Numeric::Mul, Numeric::Div, Numeric::Expt, Numeric::Max] {
        for pair in [[&number, &vector], [&matrix, &number], [&vector, &vector]] {
            all.push((Prim::Numeric(row), pair.map(Clone::clone).to_vec()));
        }
    }
    all.extend([Numeric::Sin, Numeric::Log].map(|row| (Prim::Numeric(row), vec![vector.clone()])));
    all
}

/// Every array row at several sizes, and broadcasts.
fn all() -> impl Iterator<Item = (Prim, Vec<Shaped<Option<f64>>>)> {
    let rows =
        Array::ALL.iter().flat_map(|row| samples(*row).into_iter().map(|call| (Prim::Array(*row), call)));
    rows.chain(broadcasts())
}

/// The subjects of the laws.
pub(crate) fn subjects() -> impl Iterator<Item = Subject> {
    all().map(|(prim, call)| {
        let shapes: Vec<String> = call.iter().map(|arg| arg.shape().to_string()).collect();
        let name = format!("{} of {}", prim.name(), shapes.join(" and "));
        let graph = weighed(&name, &scalars(prim, &call).unwrap().0);
        let domain = |at: usize| match (prim, call.first().map(Shaped::shape)) {
            // The diagonal of a matrix that is positive definite.
            (Prim::Array(Array::Cholesky), Some(Shape::Matrix(_, cols))) if at.is_multiple_of(cols + 1) => {
                Domain { low: 20.0, high: 30.0, ..Domain::ANY }
            }
            (Prim::Array(_), _) => Domain::ANY,
            _ => Domain::POSITIVE,
        };
        let operands = (0..graph.params.len()).map(|at| (Scalar::Real, domain(at))).collect();
        Subject { name, graph, operands, digits: 30, constant: false }
    })
}

/// The sum of the graph's results times weights.
fn weighed(name: &str, graph: &Graph) -> Graph {
    let mut random = Random::new(name);
    let builder = Builder::new();
    let params: Vec<Atom> = graph.names.iter().map(|name| builder.param(name, Type::REAL)).collect();
    let mut sum = builder.row(Numeric::Mul, &[Atom::Real(0.0), Atom::Real(0.0)]);
    for result in builder.inline(graph, &params) {
        let weight = Atom::Real((random.between(1.0, 9.0) * 8.0).round() / 8.0);
        let term = builder.row(Numeric::Mul, &[result, weight]);
        sum = builder.row(Numeric::Add, &[sum, term]);
    }
    builder.finish(name, vec![sum])
}

#[test]
fn every_row_is_taken_at_several_sizes_and_gives_what_its_rule_says() {
    for row in Array::ALL {
        let calls = samples(*row);
        let least = match row {
            Array::Cross => 1,
            _ => 3,
        };
        assert!(calls.len() >= least, "{row:?}: {calls:?}");
        for call in calls {
            let (graph, shape) = scalars(Prim::Array(*row), &call).unwrap();
            assert_eq!(scheme_core::anf::verify(&graph), Ok(()), "{graph}");
            let fits = match row.row().gives {
                Pattern::Number => shape == Shape::Number,
                Pattern::Vector(_) => matches!(shape, Shape::Vector(_)),
                Pattern::Matrix(..) => matches!(shape, Shape::Matrix(..)),
                Pattern::Array => shape != Shape::Number,
                Pattern::Any => true,
            };
            assert!(fits, "{row:?} of {call:?}: {shape}");
        }
    }
}

fn numbers(graph: &Graph, at: &[f64]) -> Vec<f64> {
    let at: Vec<reference::Array<f64>> = at.iter().copied().map(reference::Array::real).collect();
    let results = evaluate(graph, &at).unwrap_or_else(|fault| panic!("{fault}\n{graph}"));
    results.iter().flat_map(|result| result.numbers()).collect()
}

/// The derivatives by each operand, and their derivatives along a direction.
#[track_caller]
fn check_edge(row: Array, result: usize, at: &[f64], want: &[f64], second: &[f64]) {
    let (mut graph, _) = scalars(Prim::Array(row), &[parameters(Shape::Vector(at.len()))]).unwrap();
    graph.body.results = vec![graph.body.results[result]];
    let by: Vec<usize> = (0..at.len()).collect();
    let gradient = grad(&graph, &by).unwrap();
    let same = |a: &[f64], b: &[f64]| {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-15;
        a.len() == b.len() && a.iter().zip(b).all(same)
    };
    let found = numbers(&gradient, at);
    assert!(same(&found, want), "{row:?} {at:?}: {found:?}, not {want:?}");
    let along = [at, &vec![1.0; at.len()]].concat();
    let found = &numbers(&jvp(&gradient), &along)[want.len()..];
    assert!(same(found, second), "{row:?} {at:?}, second: {found:?}, not {second:?}");
    let forward = numbers(&jvp(&graph), &along)[1];
    assert!(same(&[forward], &[want.iter().sum()]), "{row:?} {at:?} forward: {forward}");
}

#[test]
fn chosen_derivatives() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    check_edge(Array::Norm, 0, &[0.0, 0.0], &[0.0, 0.0], &[0.0, 0.0]);
    check_edge(Array::Norm, 0, &[-0.0], &[0.0], &[0.0]);
    check_edge(Array::Norm, 0, &[3.0, 4.0], &[0.6, 0.8], &[0.032, -0.024]);
    check_edge(Array::Norm, 0, &[-2.0], &[-1.0], &[0.0]);
    check_edge(Array::Norm, 0, &[1e200, 1.0], &[0.0, 0.0], &[0.0, 0.0]);
    check_edge(Array::Norm, 0, &[NAN, 1.0], &[NAN, NAN], &[NAN, NAN]);
    check_edge(Array::Normalize, 0, &[0.0, 0.0], &[0.0, 0.0], &[0.0, 0.0]);
    check_edge(Array::Normalize, 1, &[0.0, -0.0, 0.0], &[0.0, 0.0, 0.0], &[0.0, 0.0, 0.0]);
    check_edge(Array::Normalize, 0, &[0.5], &[0.0], &[0.0]);
    check_edge(Array::Normalize, 0, &[INF], &[NAN], &[NAN]);
    check_edge(Array::Vsum, 0, &[INF, -INF], &[1.0, 1.0], &[0.0, 0.0]);
    check_edge(Array::Vlen, 0, &[NAN, 1.0], &[0.0, 0.0], &[0.0, 0.0]);
}

/// Values at numbers that are no ordinary ones, element by element as the rows on numbers give them.
#[test]
fn broadcasts_are_the_rows_of_the_elements() {
    let special = [0.0, -0.0, 1.5, -2.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-310];
    let named =
        Numeric::ALL.iter().filter(|row| row.row().name.is_some() && row.row().result == Scalar::Real);
    let (mut rows, n) = (0, special.len());
    for row in named {
        let arity = row.row().operands.len();
        let call = vec![parameters(Shape::Vector(n)); arity];
        let (graph, shape) = scalars(Prim::Numeric(*row), &call).unwrap();
        assert_eq!(shape, Shape::Vector(n));
        let at: Vec<f64> = (0..arity).flat_map(|i| (0..n).map(move |k| special[(k + 3 * i) % n])).collect();
        for (k, found) in numbers(&graph, &at).into_iter().enumerate() {
            let operands: Vec<Operand<f64>> = (0..arity).map(|i| Operand::Real(at[i * n + k])).collect();
            let Some(Operand::Real(want)) = row.apply(&operands) else { panic!("{row:?}") };
            assert!(
                found.to_bits() == want.to_bits() || (found.is_nan() && want.is_nan()),
                "{row:?} {operands:?}"
            );
        }
        rows += 1;
    }
    assert!(rows > 30, "{rows}");
}
