//! Values, first and second derivatives of every row, forward and backward.

use crate::{
    Random, Subject, arguments,
    big::{Big, agree},
    subjects,
};
use scheme_core::{
    anf::Graph,
    prim::{Operand, Scalar},
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
fn direction(random: &mut Random, subject: &Subject) -> Vec<f64> {
    let reals = subject.operands.iter().filter(|(scalar, _)| *scalar == Scalar::Real);
    reals.map(|(_, domain)| if domain.low == domain.high { 0.0 } else { random.between(-1.0, 1.0) }).collect()
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
fn wanted(subject: &Subject, derivative: Big) -> Big {
    if subject.constant { Big::lit(0.0) } else { derivative }
}

fn each(mut law: impl FnMut(&Subject, &mut Random)) {
    for subject in subjects().filter(|subject| gives(subject) == Scalar::Real) {
        let mut random = Random::new(&subject.name);
        for _ in 0..8 {
            law(&subject, &mut random);
        }
    }
}

fn gives(subject: &Subject) -> Scalar {
    subject.graph.ty(subject.graph.body.results[0]).scalar
}

#[test]
fn values() {
    each(|subject, random| {
        let x = random.operands(subject);
        let got = run(&subject.graph, &x)[0];
        let want = run(&subject.graph, &big(&x))[0];
        agree(Big::lit(got), want, 14, || format!("{} {x:?}", subject.name));
    });
}

#[test]
fn first_derivatives() {
    each(|subject, random| {
        let (x, d) = (random.operands(subject), direction(random, subject));
        let (f, df) = (&subject.graph, jvp(&subject.graph));
        let xd = [big(&x), reals(&d)].concat();
        let got = run(&df, &xd)[1];
        let what = || format!("{} {x:?} along {d:?}", subject.name);
        let want = wanted(subject, difference(|x| run(f, x)[0], &big(&x), &d));
        agree(got, want, subject.digits, what);
        let single: Vec<Operand<f64>> =
            x.iter().copied().chain(d.iter().map(|d| Operand::Real(*d))).collect();
        agree(Big::lit(run(&df, &single)[1]), got, 12, what);
    });
}

fn forward_over_forward(subject: &Subject, x: &[Operand<f64>], random: &mut Random) {
    let (d, e) = (direction(random, subject), direction(random, subject));
    let df = jvp(&subject.graph);
    let at = [big(x), reals(&d)].concat();
    let args = [at.clone(), reals(&e), reals(&vec![0.0; d.len()])].concat();
    let got = run(&jvp(&df), &args)[3];
    let want = difference(|x| run(&df, x)[1], &at, &e);
    agree(got, want, subject.digits, || format!("{} {x:?} along {d:?} and {e:?}", subject.name));
}

fn forward_over_reverse(subject: &Subject, x: &[Operand<f64>], random: &mut Random) {
    let d = direction(random, subject);
    let ct = random.between(-1.0, 1.0);
    let backward = vjp(&subject.graph).unwrap();
    let at = [big(x), reals(&[ct])].concat();
    let tangents = reals(&[&d[..], &[0.0]].concat());
    let both = run(&jvp(&backward), &[at.clone(), tangents].concat());
    for i in 1..=d.len() {
        let want = difference(|x| run(&backward, x)[i], &at, &d);
        agree(both[1 + d.len() + i], want, subject.digits, || {
            format!("{} {x:?} along {d:?}, cotangent {i}", subject.name)
        });
    }
}

#[test]
fn second_derivatives() {
    each(|subject, random| {
        let x = random.operands(subject);
        forward_over_forward(subject, &x, random);
    });
}

/// Exponents at which the power's derivatives are written otherwise than between them.
#[test]
fn second_derivatives_of_powers_with_whole_exponents() {
    let power = subjects().find(|subject| subject.name == "expt").unwrap();
    let mut random = Random::new(&power.name);
    for x in [[2.0, 0.0], [1.0, 0.0], [0.3, 0.0], [1.0, 1.0], [3.0, 1.0], [3.0, 2.0], [2.0, -1.0]] {
        let x = x.map(Operand::Real);
        forward_over_forward(&power, &x, &mut random);
        forward_over_reverse(&power, &x, &mut random);
    }
}

#[test]
fn backward_is_forward_transposed() {
    each(|subject, random| {
        let (x, d) = (random.operands(subject), direction(random, subject));
        let ct = random.between(-1.0, 1.0);
        let (forward, backward) = (jvp(&subject.graph), vjp(&subject.graph).unwrap());
        let tangent = run(&forward, &[big(&x), reals(&d)].concat())[1];
        let cotangents = run(&backward, &[big(&x), reals(&[ct])].concat());
        let dot =
            cotangents[1..].iter().zip(&d).map(|(a, d)| *a * Big::lit(*d)).fold(Big::lit(0.0), |a, b| a + b);
        agree(dot, tangent * Big::lit(ct), 80, || format!("{} {x:?} along {d:?}", subject.name));
    });
}

#[test]
fn second_derivatives_forward_over_reverse() {
    each(|subject, random| {
        let x = random.operands(subject);
        forward_over_reverse(subject, &x, random);
    });
}

#[test]
fn predicates_and_truth_values_have_no_tangents() {
    for subject in subjects().filter(|subject| gives(subject) == Scalar::Bool) {
        let mut random = Random::new(&subject.name);
        let args = arguments(&random.operands(&subject));
        let tangents = direction(&mut random, &subject).into_iter().map(Array::real);
        let df = jvp(&subject.graph);
        let results = evaluate(&df, &args.into_iter().chain(tangents).collect::<Vec<_>>()).unwrap();
        assert_eq!(results.len(), 1, "{}", subject.name);
        assert!(vjp(&subject.graph).is_ok(), "{}", subject.name);
    }
}
