//! Derivatives where there are none, or where formulas break down: the values that we chose.

use crate::graph;
use scheme_core::{
    prim::{Numeric, Operand, Prim},
    reference::{Array, evaluate},
    transform::{grad, jvp},
};

const INF: f64 = f64::INFINITY;

/// Programs' names of rows, operands, derivatives by each.
const EDGES: &[(&str, &[f64], &[f64])] = &[
    ("abs", &[0.0], &[0.0]),
    ("abs", &[-0.0], &[0.0]),
    ("abs", &[-2.0], &[-1.0]),
    ("relu", &[0.0], &[0.0]),
    ("relu", &[-0.0], &[0.0]),
    ("min", &[1.0], &[1.0]),
    ("min", &[2.0, 2.0], &[0.5, 0.5]),
    ("max", &[2.0, 2.0], &[0.5, 0.5]),
    ("min", &[0.0, -0.0], &[0.5, 0.5]),
    ("min", &[3.0, 2.0, 2.0], &[0.0, 0.5, 0.5]),
    ("max", &[3.0, 2.0, 2.0], &[1.0, 0.0, 0.0]),
    ("max", &[2.0, 2.0, 2.0], &[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]),
    ("max", &[INF, 1.0], &[1.0, 0.0]),
    ("floor", &[2.0], &[0.0]),
    ("ceiling", &[2.0], &[0.0]),
    ("round", &[0.5], &[0.0]),
    ("truncate", &[-3.0], &[0.0]),
    ("quotient", &[6.0, 3.0], &[0.0, 0.0]),
    ("modulo", &[7.0, 2.0], &[1.0, -3.0]),
    ("modulo", &[-7.0, 2.0], &[1.0, 4.0]),
    ("modulo", &[7.0, -2.0], &[1.0, 4.0]),
    ("modulo", &[6.0, 3.0], &[1.0, -2.0]),
    ("remainder", &[7.0, 2.0], &[1.0, -3.0]),
    ("remainder", &[-7.0, 2.0], &[1.0, 3.0]),
    ("remainder", &[7.0, -2.0], &[1.0, 3.0]),
    ("sqrt", &[0.0], &[INF]),
    ("log", &[0.0], &[INF]),
    ("pow", &[0.0, 0.0], &[0.0, -INF]),
    ("pow", &[0.0, 1.0], &[1.0, 0.0]),
    ("pow", &[0.0, 2.0], &[0.0, 0.0]),
    ("pow", &[0.0, 0.5], &[INF, 0.0]),
    ("pow", &[3.0, 0.0], &[0.0, 1.0986122886681098]),
    ("pow", &[-3.0, 0.0], &[0.0, f64::NAN]),
    ("pow", &[-2.0, 3.0], &[12.0, f64::NAN]),
    ("exp", &[-INF], &[0.0]),
    ("sigmoid", &[1000.0], &[0.0]),
    ("sigmoid", &[-1000.0], &[0.0]),
    ("softplus", &[1000.0], &[1.0]),
    ("tanh", &[1000.0], &[0.0]),
    ("stop-gradient", &[5.0], &[0.0]),
];

/// Names, operands, the second derivatives by each and each, row by row, where formulas that are right elsewhere are 0·∞.
const SECOND: &[(&str, &[f64], &[f64])] = &[
    ("cube", &[1e155], &[6e155]),
    ("tanh", &[1000.0], &[0.0]),
    ("pow", &[1e-160, 0.0], &[0.0, 1e160, 1e160, 135728.591628247]),
    ("pow", &[1e-300, -0.0], &[0.0, 1e300, 1e300, 477170.8299430558]),
    ("pow", &[-1e-300, 1.0], &[0.0]),
    ("pow", &[1e300, 0.0], &[0.0, 1e-300, 1e-300, 477170.8299430558]),
    ("pow", &[1e155, 3.0], &[6e155]),
    ("pow", &[0.0, 2.0], &[2.0, 0.0, 0.0, 0.0]),
    ("pow", &[-0.0, 3.0], &[0.0, 0.0, 0.0, 0.0]),
    ("pow", &[0.0, 1.5], &[INF, 0.0, 0.0, 0.0]),
];

fn find(name: &str) -> Numeric {
    match Prim::find(name) {
        Some(Prim::Numeric(row)) => row,
        _ => panic!("no row is called {name}"),
    }
}

fn number(array: &Array<f64>) -> f64 {
    match array.data[..] {
        [Operand::Real(x)] => x,
        _ => panic!("not a number"),
    }
}

#[track_caller]
fn check(row: Numeric, at: &[f64], want: &[f64]) {
    let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-15 * b.abs();
    let graph = graph(row, at.len());
    let args: Vec<Array<f64>> = at.iter().copied().map(Array::real).collect();
    let all: Vec<usize> = (0..at.len()).collect();
    let backward = evaluate(&grad(&graph, &all).unwrap(), &args).unwrap();
    for (i, want) in want.iter().enumerate() {
        let alone = evaluate(&grad(&graph, &[i]).unwrap(), &args).unwrap();
        assert!(same(number(&backward[i]), *want), "{row:?} {at:?}: {backward:?}, not {want} by operand {i}");
        assert!(same(number(&alone[0]), *want), "{row:?} {at:?}: {alone:?}, not {want} by operand {i} alone");
    }
    if let ([_], [want]) = (at, want) {
        let args = [args[0].clone(), Array::real(1.0)];
        let forward = evaluate(&jvp(&graph), &args).unwrap();
        assert!(same(number(&forward[1]), *want), "{row:?} {at:?} forward: {forward:?}");
    }
}

#[test]
fn chosen_derivatives() {
    for (name, at, want) in EDGES {
        check(find(name), at, want);
    }
}

/// Backward twice.
#[test]
fn second_derivatives_are_finite_where_they_exist() {
    let same = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-13 * b.abs();
    for (name, at, want) in SECOND {
        let graph = graph(find(name), at.len());
        let args: Vec<Array<f64>> = at.iter().copied().map(Array::real).collect();
        let wanted = |i: usize, j: usize| want.get(i * at.len() + j);
        for i in 0..at.len() {
            let gradient = grad(&graph, &[i]).unwrap();
            for j in 0..at.len() {
                let Some(want) = wanted(i, j) else { continue };
                let found = number(&evaluate(&grad(&gradient, &[j]).unwrap(), &args).unwrap()[0]);
                assert!(same(found, *want), "{name} {at:?} by {i} and {j}: {found:?}, not {want}");
            }
        }
    }
}

#[test]
fn chosen_derivatives_of_inner_rows() {
    check(Numeric::Atan2, &[0.0, 0.0], &[0.0, 0.0]);
    check(Numeric::Atan2, &[-0.0, 0.0], &[0.0, 0.0]);
    check(Numeric::Atan2, &[0.0, 1.0], &[1.0, 0.0]);
    check(Numeric::Atan2, &[1e300, 1e300], &[0.5e-300, -0.5e-300]);
    check(Numeric::Atan2, &[1e-300, 0.0], &[0.0, -1e300]);
    check(Numeric::NormRoot, &[0.0], &[0.0]);
    check(Numeric::NormRoot, &[INF], &[0.0]);
    check(Numeric::NormRatio, &[0.0, 0.0], &[0.0, 0.0]);
    check(Numeric::NormRatio, &[1.0, INF], &[0.0, 0.0]);
    check(Numeric::NormRatio, &[-3.0, 2.0], &[0.5, 0.75]);
    check(Numeric::Sign, &[0.0], &[0.0]);
    check(Numeric::Recip, &[0.0], &[-INF]);
    check(Numeric::Div, &[1.0, 0.0], &[INF, -INF]);
}
