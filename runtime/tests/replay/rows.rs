//! Every row by itself, at the edges of numbers too.

use super::{EXTREMES, all_same, gradient, row, same, support::Samples, tape::Tape};
use scheme_core::{
    prim::{Numeric, Scalar},
    reference::nested::{self, Nested},
};
use scheme_runtime::{
    Real,
    replay::{Replay, Scratch},
};

/// How many operands a row is tried with.
fn arities(row: Numeric) -> Vec<u32> {
    match row {
        Numeric::Min | Numeric::Max => vec![1, 2, 3, 5],
        row => vec![row.row().operands.len() as u32],
    }
}

/// All points of so many coordinates at the edges; of many operands, some.
fn points(operands: u32) -> Vec<Vec<f64>> {
    let n = EXTREMES.len();
    if operands <= 2 {
        return (0..n.pow(operands))
            .map(|i| (0..operands).map(|k| EXTREMES[i / n.pow(k) % n]).collect())
            .collect();
    }
    let mut samples = Samples::new(u64::from(operands));
    let mut pick = || EXTREMES[samples.between(0.0, n as f64) as usize];
    (0..500).map(|_| (0..operands).map(|_| pick()).collect()).collect()
}

#[test]
fn values_and_derivatives_are_the_tapes_to_the_bit() {
    let mut scratch = Scratch::new();
    for r in Numeric::ALL {
        for operands in arities(*r) {
            let trace = row(*r, operands);
            let all: Vec<usize> = (0..operands as usize).collect();
            for wrt in [&all[..], &all[..1], &all[1..]] {
                let replay = Replay::new(&trace, wrt);
                for x in points(operands) {
                    let what = || format!("{r:?} at {x:?} by {wrt:?}");
                    let tape = Tape::of(&trace, &x, wrt);
                    all_same(replay.value(&x, &mut scratch).expect("no guard"), &tape.values(), what);
                    let (y, dx) = replay.value_and_grad(&x, 0, &mut scratch).expect("no guard");
                    same(y, tape.values()[0], what);
                    all_same(dx, &tape.backward(&[Some(1.0)]), what);
                    let direction: Vec<f64> = (0..wrt.len()).map(|i| 1.5 - i as f64).collect();
                    let moving: Vec<Option<f64>> = direction.iter().copied().map(Some).collect();
                    let (_, dy) = replay.jvp(&x, &direction, &mut scratch).expect("no guard");
                    all_same(dy, &tape.forward(&moving), what);
                }
            }
        }
    }
}

#[test]
fn in_single_precision_every_operation_is_rounded() {
    let mut scratch = Scratch::new();
    for r in Numeric::ALL {
        for operands in arities(*r) {
            let trace = row(*r, operands);
            let wrt: Vec<usize> = (0..operands as usize).collect();
            let replay = Replay::new(&trace, &wrt).single();
            for x in points(operands) {
                let what = || format!("{r:?} at {x:?}");
                let x32: Vec<f32> = x.iter().map(|x| *x as f32).collect();
                let tape = Tape::of(&trace, &x32, &wrt);
                let wide = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<_>>();
                let (y, dx) = replay.value_and_grad(&x, 0, &mut scratch).expect("no guard");
                same(y, f64::from(tape.values()[0]), what);
                all_same(dx, &wide(tape.backward(&[Some(1.0)])), what);
                let ones = vec![1.0; wrt.len()];
                let moving = vec![Some(1.0); wrt.len()];
                let (_, dy) = replay.jvp(&x, &ones, &mut scratch).expect("no guard");
                all_same(dy, &wide(tape.forward(&moving)), what);
            }
        }
    }
}

/// Rows of numbers alone that give a number.
fn smooth() -> impl Iterator<Item = Numeric> {
    let numbers = |row: &Numeric| {
        row.row().result == Scalar::Real && row.row().operands.iter().all(|ty| *ty == Scalar::Real)
    };
    Numeric::ALL.iter().copied().filter(numbers)
}

#[test]
fn second_derivatives_are_those_of_nested_numbers() {
    let mut scratch = Scratch::new();
    for r in smooth() {
        for operands in arities(r) {
            let trace = row(r, operands);
            let n = operands as usize;
            let wrt: Vec<usize> = (0..n).collect();
            let replay = Replay::new(&trace, &wrt);
            let mut samples = Samples::new(r as u64 + 7);
            for _ in 0..20 {
                let x: Vec<f64> = (0..n)
                    .map(|i| r.row().domain[i.min(r.row().domain.len() - 1)])
                    .map(|domain| samples.between(domain.low, domain.high))
                    .collect();
                let wanted = hessian(r, &x);
                let found = replay.hessian(&x, 0, &mut scratch).expect("no guard");
                for (found, wanted) in found.iter().zip(&wanted) {
                    let close = (found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0);
                    assert!(
                        close || (found.is_nan() && wanted.is_nan()),
                        "{r:?} at {x:?}: {found}, not {wanted}"
                    );
                }
                let along: Vec<f64> = (0..n).map(|i| 0.5 + i as f64).collect();
                let (dx, product) = replay.hvp(&x, 0, &along, &mut scratch).expect("no guard");
                let product = product.to_vec();
                all_same(dx, &gradient(&replay, &x), || format!("{r:?} at {x:?}"));
                for (i, product) in product.iter().enumerate() {
                    let wanted: f64 = wanted[i * n..][..n].iter().zip(&along).map(|(h, d)| h * d).sum();
                    let close = (product - wanted).abs() <= 1e-11 * wanted.abs().max(1.0);
                    assert!(close || wanted.is_nan(), "{r:?} at {x:?}: {product}, not {wanted}");
                }
            }
        }
    }
}

/// By forward mode of two levels.
fn hessian(row: Numeric, x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let entry = |i: usize, j: usize| {
        let moving = |k: usize| {
            let inner = Nested::Constant(x[k]);
            let one = Nested::Constant(1.0);
            let inner = if k == j { Nested::moving(1, inner, one) } else { inner };
            if k == i { Nested::moving(2, inner, one) } else { inner }
        };
        let y = nested::real(row, &(0..n).map(moving).collect::<Vec<_>>());
        let tangent = |x: Option<Nested<f64>>| x.unwrap_or(Nested::Constant(0.0));
        tangent(tangent(y.at(2).1).at(1).1).primal()
    };
    (0..n * n).map(|i| entry(i / n, i % n)).collect()
}
