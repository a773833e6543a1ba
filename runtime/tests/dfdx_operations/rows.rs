//! Every numeric row of the table, on numbers of its domain and at edges, against the reference evaluation.

use crate::close::{close, tolerance};
use dfdx::{prelude::*, shapes::Dtype, tensor::TensorFromVec};
use scheme_core::{
    anf::{Builder, Graph, Module, Op, Type},
    prim::{Calls, Domain, Numeric, Operand, Scalar},
    reference::{Array, evaluate},
    transform::grad,
};
use scheme_runtime::{
    Element, Real,
    tensors::{Backend, Operations},
};

/// Batches of these sizes are run.
const SIZES: [usize; 3] = [1, 7, 1000];

/// Numbers where formulas break down.
const EDGES: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    2.0,
    -2.0,
    3.0,
    -7.0,
    2.5,
    1e-9,
    -1e-20,
    30.0,
    -1000.0,
    1e17,
    1e30,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Checks every row on a device.
///
/// - Values and gradients in batches of several sizes, and at edges, are those of the reference evaluation.
/// - An operand that is the same in every row has the sum of the rows' gradients.
pub fn check<E, D>(device: &D)
where
    E: Element + Dtype + Real<Mask = bool>,
    D: Backend<E>,
{
    let mut wrong = Vec::new();
    for (row, arity) in rows() {
        let subject = Subject::<E, D>::new(row, arity, device);
        for size in SIZES {
            let columns = (0..arity).map(|i| samples(domain(row, i), scalar(row, i), size, i)).collect();
            subject.together(columns, &mut wrong);
        }
        subject.together(edges(row, arity), &mut wrong);
        for shared in 0..arity {
            let columns = (0..arity).map(|i| samples(domain(row, i), scalar(row, i), 7, i)).collect();
            subject.shared(columns, shared, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

/// Every row with the numbers of operands it is tested with.
fn rows() -> impl Iterator<Item = (Numeric, usize)> {
    Numeric::ALL.iter().flat_map(|row| {
        let arities = match row.row().calls {
            Calls::All => vec![1, 2, 3],
            _ => vec![row.row().operands.len()],
        };
        arities.into_iter().map(|n| (*row, n))
    })
}

fn scalar(row: Numeric, i: usize) -> Scalar {
    let operands = row.row().operands;
    operands[i.min(operands.len() - 1)]
}

fn domain(row: Numeric, i: usize) -> Domain {
    let domain = row.row().domain;
    domain[i.min(domain.len() - 1)]
}

/// `count` numbers of a domain, off its kinks; truth values by turns.
fn samples(domain: Domain, scalar: Scalar, count: usize, turn: usize) -> Vec<f64> {
    let sample = |i: usize| {
        let place = ((i + 1) as f64 * (0.618_033_988_749_895 + 0.2 * turn as f64)).fract();
        let x = domain.low + (domain.high - domain.low) * place;
        let kink = domain.kinks.iter().any(|kink| (x - kink).abs() < 1e-3);
        if scalar == Scalar::Bool {
            ((i >> turn) % 2) as f64
        } else if kink && domain.low < domain.high {
            x + 0.01
        } else {
            x
        }
    };
    (0..count).map(sample).collect()
}

/// Every edge with every other; of three operands, some.
fn edges(row: Numeric, arity: usize) -> Vec<Vec<f64>> {
    let some = if arity > 2 { 2 } else { 1 };
    let edges: Vec<f64> = EDGES.into_iter().step_by(some).collect();
    let count = edges.len().pow(arity as u32);
    let column = |i: usize| {
        let at = move |k: usize| k / EDGES.len().div_ceil(some).pow(i as u32) % EDGES.len().div_ceil(some);
        let number = |k: usize| match scalar(row, i) {
            Scalar::Bool => (at(k) % 2) as f64,
            _ => edges[at(k)],
        };
        (0..count).map(number).collect()
    };
    (0..arity).map(column).collect()
}

/// A row, to be checked.
struct Subject<'d, E, D> {
    row: Numeric,
    graph: Graph,
    derivative: Option<Graph>,
    /// The operands that are numbers.
    reals: Vec<usize>,
    operations: Operations,
    device: &'d D,
    element: std::marker::PhantomData<E>,
}

impl<'d, E, D> Subject<'d, E, D>
where
    E: Element + Dtype + Real<Mask = bool>,
    D: Backend<E>,
{
    fn new(row: Numeric, arity: usize, device: &'d D) -> Self {
        let builder = Builder::new();
        let ty = |scalar| Type { scalar, ..Type::REAL };
        let args = (0..arity).map(|i| builder.param(format!("x{i}"), ty(scalar(row, i)))).collect();
        let results = builder.push(Op::Row(row), args, &[ty(row.row().result)]);
        let graph = builder.finish(row.row().ident, results);
        let reals: Vec<usize> = (0..arity).filter(|i| scalar(row, *i) == Scalar::Real).collect();
        let smooth = row.row().result == Scalar::Real && !reals.is_empty();
        let derivative = smooth.then(|| grad(&graph, &reals).expect("a row has a gradient"));
        let operations = Operations::of(Module::single(graph.clone())).expect("a row is a graph");
        Self { row, graph, derivative, reals, operations, device, element: std::marker::PhantomData }
    }

    fn tensor(&self, numbers: &[f64]) -> Tensor<(usize,), E, D> {
        let elements: Vec<E> = numbers.iter().map(|x| E::lit(*x)).collect();
        TensorFromVec::<E>::try_tensor_from_vec(self.device, elements, (numbers.len(),)).expect("a tensor")
    }

    /// The numbers of a graph's results at a point.
    fn reference(&self, graph: &Graph, at: &[f64]) -> Vec<f64> {
        let argument = |(i, x): (usize, &f64)| match scalar(self.row, i) {
            Scalar::Bool => Array::bool(*x != 0.0),
            _ => Array::real(E::lit(*x)),
        };
        let arguments: Vec<Array<E>> = at.iter().enumerate().map(argument).collect();
        let number = |array: Array<E>| match array.data[..] {
            [Operand::Real(x)] => x.into(),
            [Operand::Bool(b)] => f64::from(b),
            _ => panic!("not a number"),
        };
        evaluate(graph, &arguments).expect("a value").into_iter().map(number).collect()
    }

    /// Result `k` of a graph at points near one.
    fn nearby(&self, graph: &Graph, k: usize, at: &[f64]) -> Vec<f64> {
        let mut near = Vec::new();
        for i in self.reals.iter().copied() {
            for factor in [1.0 + tolerance::<E>(), 1.0 - tolerance::<E>()] {
                let mut moved = at.to_vec();
                moved[i] *= factor;
                near.push(self.reference(graph, &moved)[k]);
            }
        }
        near
    }

    /// What is said of a result that is not the reference's.
    fn compare(&self, what: &str, graph: &Graph, at: &[f64], found: &[f64]) -> Vec<String> {
        let wanted = self.reference(graph, at);
        let results = found.iter().zip(wanted).enumerate();
        let wrong = results
            .filter(|(k, (found, wanted))| !close::<E>(**found, *wanted, || self.nearby(graph, *k, at)));
        let name = self.row.row().ident;
        wrong
            .map(|(k, (found, wanted))| format!("{name} at {at:?}: {what} {k} {found:?}, not {wanted:?}"))
            .collect()
    }

    /// All rows of the columns as one batch.
    fn together(&self, columns: Vec<Vec<f64>>, wrong: &mut Vec<String>) {
        let rows = columns[0].len();
        let point = |i: usize| -> Vec<f64> { columns.iter().map(|column| column[i]).collect() };
        let tensors: Vec<_> = columns.iter().map(|column| self.tensor(column)).collect();
        let plain = self.operations.forward(tensors.clone()).expect("values").0;
        let taped = tensors.iter().map(|x| x.leaky_trace()).collect();
        let (results, tape) = self.operations.forward(taped).expect("values on a tape");
        let values: Vec<f64> = results[0].as_vec().into_iter().map(Into::into).collect();
        let without: Vec<f64> = plain[0].as_vec().into_iter().map(Into::into).collect();
        for i in 0..rows {
            wrong.extend(self.compare("value", &self.graph, &point(i), &[values[i]]));
            wrong.extend(self.compare("value without a tape", &self.graph, &point(i), &[without[i]]));
        }
        let Some(derivative) = &self.derivative else { return };
        let gradients = results[0].clone().put_tape(tape).sum().backward();
        let columns: Vec<Vec<f64>> =
            self.reals.iter().map(|i| numbers(gradients.get(&tensors[*i]))).collect();
        for i in 0..rows {
            let found: Vec<f64> = columns.iter().map(|column| column[i]).collect();
            wrong.extend(self.compare("derivative", derivative, &point(i), &found));
        }
    }

    /// An operand that is the same in every row.
    fn shared(&self, mut columns: Vec<Vec<f64>>, shared: usize, wrong: &mut Vec<String>) {
        let rows = columns[0].len();
        columns[shared] = vec![columns[shared][0]];
        let point = |i: usize| -> Vec<f64> {
            columns.iter().map(|column| *column.get(i).unwrap_or(&column[0])).collect()
        };
        let rows = if columns.len() == 1 { 1 } else { rows };
        let tensors: Vec<_> = columns.iter().map(|column| self.tensor(column)).collect();
        let (results, tape) =
            self.operations.forward(tensors.iter().map(|x| x.leaky_trace()).collect()).expect("values");
        assert_eq!(results[0].shape().0, rows);
        let values = numbers(results[0].clone());
        for (i, value) in values.iter().enumerate() {
            let what = "value with one operand shared";
            wrong.extend(self.compare(what, &self.graph, &point(i), &[*value]));
        }
        let Some(derivative) = &self.derivative else { return };
        let Some(k) = self.reals.iter().position(|real| *real == shared) else { return };
        let gradients = results[0].clone().put_tape(tape).sum().backward();
        let terms: Vec<f64> = (0..rows).map(|i| self.reference(derivative, &point(i))[k]).collect();
        let (sum, size) = terms.iter().fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()));
        let found = numbers(gradients.get(&tensors[shared]))[0];
        let near = (found - sum).abs() <= 2.0 * tolerance::<E>() * size;
        if !(near || found.is_nan() && sum.is_nan()) {
            wrong
                .push(format!("{} by shared operand {shared}: {found:?}, not {sum:?}", self.row.row().ident));
        }
    }
}

/// The elements of a tensor.
fn numbers<E: Element + Dtype, D: Backend<E>>(tensor: Tensor<(usize,), E, D>) -> Vec<f64> {
    tensor.as_vec().into_iter().map(Into::into).collect()
}
