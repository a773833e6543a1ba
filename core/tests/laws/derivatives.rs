//! Values, first and second derivatives of every row, forward and backward.

use crate::{
    Random, arguments,
    big::{Big, agree},
    domain, graph, rows, scalar,
};
use scheme_core::{
    anf::Graph,
    prim::{Numeric, Operand, Scalar},
    real::Real,
    reference::{Array, evaluate},
    transform::{jvp, vjp},
};

/// The numbers among the results.
fn run<A: Real<Mask = bool>>(graph: &Graph, args: &[Operand<A>]) -> Vec<A> {
    let argument = |x: &Operand<A>| match x {
        Operand::Real(x) => Array::real(*x),
        Operand::Bool(b) => Array::bool(*b),
    };
    let args: Vec<Array<A>> = args.iter().map(argument).collect();
    let results = evaluate(graph, &args).unwrap_or_else(|fault| panic!("{fault}\n{graph}"));
    results.iter().flat_map(Array::numbers).collect()
}

fn big(operands: &[Operand<f64>]) -> Vec<Operand<Big>> {
    let lift = |x: &Operand<f64>| match x {
        Operand::Real(x) => Operand::Real(Big::lit(*x)),
        Operand::Bool(b) => Operand::Bool(*b),
    };
    operands.iter().map(lift).collect()
}

/// A direction for the numbers among the operands; none along an operand with one value only.
fn direction(random: &mut Random, row: Numeric, arity: usize) -> Vec<f64> {
    let reals = (0..arity).filter(|i| scalar(row, *i) == Scalar::Real);
    reals
        .map(|i| if domain(row, i).low == domain(row, i).high { 0.0 } else { random.between(-1.0, 1.0) })
        .collect()
}

fn reals(xs: &[f64]) -> Vec<Operand<Big>> {
    xs.iter().map(|x| Operand::Real(Big::lit(*x))).collect()
}

/// `(f(x + h·d) − f(x − h·d))/2h`, the first numbers of `x` moved.
fn difference(f: impl Fn(&[Operand<Big>]) -> Big, x: &[Operand<Big>], d: &[f64]) -> Big {
    let step = Big::ten(-20);
    let at = |h: Big| {
        let mut d = d.iter();
        let moved = |x: &Operand<Big>| match x {
            Operand::Real(x) => Operand::Real(*x + h * Big::lit(d.next().copied().unwrap_or(0.0))),
            Operand::Bool(b) => Operand::Bool(*b),
        };
        f(&x.iter().map(moved).collect::<Vec<_>>())
    };
    (at(step) - at(-step)) / (step + step)
}

/// What the derivative is told to be, where the true one is this.
fn wanted(row: Numeric, derivative: Big) -> Big {
    if row == Numeric::StopGradient { Big::lit(0.0) } else { derivative }
}

/// How many digits of a derivative are right: all, unless a formula has a constant of 16.
fn digits(row: Numeric) -> i32 {
    if row == Numeric::Erf { 15 } else { 30 }
}

fn each(mut law: impl FnMut(Numeric, usize, &mut Random)) {
    for (row, arity) in rows().filter(|(row, _)| row.row().result == Scalar::Real) {
        let mut random = Random::new(row);
        for _ in 0..8 {
            law(row, arity, &mut random);
        }
    }
}

#[test]
fn values() {
    each(|row, arity, random| {
        let x = random.operands(row, arity);
        let got = run(&graph(row, arity), &x)[0];
        let want = run(&graph(row, arity), &big(&x))[0];
        agree(Big::lit(got), want, 14, || format!("{row:?} {x:?}"));
    });
}

#[test]
fn first_derivatives() {
    each(|row, arity, random| {
        let (x, d) = (random.operands(row, arity), direction(random, row, arity));
        let (f, df) = (graph(row, arity), jvp(&graph(row, arity)));
        let xd = [big(&x), reals(&d)].concat();
        let got = run(&df, &xd)[1];
        let what = || format!("{row:?} {x:?} along {d:?}");
        agree(got, wanted(row, difference(|x| run(&f, x)[0], &big(&x), &d)), digits(row), what);
        let single: Vec<Operand<f64>> =
            x.iter().copied().chain(d.iter().map(|d| Operand::Real(*d))).collect();
        agree(Big::lit(run(&df, &single)[1]), got, 12, what);
    });
}

#[test]
fn second_derivatives() {
    each(|row, arity, random| {
        let x = random.operands(row, arity);
        let (d, e) = (direction(random, row, arity), direction(random, row, arity));
        let df = jvp(&graph(row, arity));
        let at = [big(&x), reals(&d)].concat();
        let args = [at.clone(), reals(&e), reals(&vec![0.0; d.len()])].concat();
        let got = run(&jvp(&df), &args)[3];
        let want = difference(|x| run(&df, x)[1], &at, &e);
        agree(got, want, digits(row), || format!("{row:?} {x:?} along {d:?} and {e:?}"));
    });
}

#[test]
fn backward_is_forward_transposed() {
    each(|row, arity, random| {
        let (x, d) = (random.operands(row, arity), direction(random, row, arity));
        let ct = random.between(-1.0, 1.0);
        let (forward, backward) = (jvp(&graph(row, arity)), vjp(&graph(row, arity)).unwrap());
        let tangent = run(&forward, &[big(&x), reals(&d)].concat())[1];
        let cotangents = run(&backward, &[big(&x), reals(&[ct])].concat());
        let dot =
            cotangents[1..].iter().zip(&d).map(|(a, d)| *a * Big::lit(*d)).fold(Big::lit(0.0), |a, b| a + b);
        agree(dot, tangent * Big::lit(ct), 80, || format!("{row:?} {x:?} along {d:?}"));
    });
}

#[test]
fn second_derivatives_forward_over_reverse() {
    each(|row, arity, random| {
        let (x, d) = (random.operands(row, arity), direction(random, row, arity));
        let ct = random.between(-1.0, 1.0);
        let backward = vjp(&graph(row, arity)).unwrap();
        let at = [big(&x), reals(&[ct])].concat();
        let tangents = reals(&[&d[..], &[0.0]].concat());
        let both = run(&jvp(&backward), &[at.clone(), tangents].concat());
        for i in 1..=d.len() {
            let want = difference(|x| run(&backward, x)[i], &at, &d);
            agree(both[1 + d.len() + i], want, digits(row), || {
                format!("{row:?} {x:?} along {d:?}, cotangent {i}")
            });
        }
    });
}

#[test]
fn predicates_and_truth_values_have_no_tangents() {
    for (row, arity) in rows().filter(|(row, _)| row.row().result == Scalar::Bool) {
        let mut random = Random::new(row);
        let args = arguments(&random.operands(row, arity));
        let tangents = direction(&mut random, row, arity).into_iter().map(Array::real);
        let df = jvp(&graph(row, arity));
        let results = evaluate(&df, &args.into_iter().chain(tangents).collect::<Vec<_>>()).unwrap();
        assert_eq!(results.len(), 1, "{row:?}");
        assert!(vjp(&graph(row, arity)).is_ok(), "{row:?}");
    }
}
