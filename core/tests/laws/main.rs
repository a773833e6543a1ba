//! The laws that every row of the table obeys, driven by the table alone.
//!
//! Values and derivatives are held against the same rows on numbers of 90 digits, where a finite
//! difference tells 30 digits of a derivative.

mod arrays;
mod batches;
mod big;
mod derivatives;
mod edges;
mod table;

use scheme_core::{
    anf::{Builder, Graph, Op, Type},
    prim::{Calls, Domain, Numeric, Operand, Scalar},
    reference::Array,
};

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

/// What the laws are checked of: a graph of one result, and where its parameters are sampled.
struct Subject {
    name: String,
    graph: Graph,
    operands: Vec<(Scalar, Domain)>,
    /// How many digits of a derivative are right.
    digits: i32,
    /// Whether it stops derivatives.
    constant: bool,
}

/// Every row on numbers, and every row on arrays at several sizes.
fn subjects() -> impl Iterator<Item = Subject> {
    let numeric = rows().map(|(row, arity)| Subject {
        name: row.row().ident.to_string(),
        graph: graph(row, arity),
        operands: (0..arity).map(|i| (scalar(row, i), domain(row, i))).collect(),
        // All, unless a formula has a constant of 16.
        digits: if row == Numeric::Erf { 15 } else { 30 },
        constant: row == Numeric::StopGradient,
    });
    numeric.chain(arrays::subjects())
}

/// The type of operand `i`.
fn scalar(row: Numeric, i: usize) -> Scalar {
    let operands = row.row().operands;
    operands[i.min(operands.len() - 1)]
}

/// The domain of operand `i`.
fn domain(row: Numeric, i: usize) -> Domain {
    let domain = row.row().domain;
    domain[i.min(domain.len() - 1)]
}

/// A graph that applies the row to its parameters.
fn graph(row: Numeric, arity: usize) -> Graph {
    let builder = Builder::new();
    let ty = |scalar| Type { scalar, ..Type::REAL };
    let args = (0..arity).map(|i| builder.param(format!("x{i}"), ty(scalar(row, i)))).collect();
    let results = builder.push(Op::Row(row), args, &[ty(row.row().result)]);
    builder.finish(row.row().ident, results)
}

/// A generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn new(name: &str) -> Self {
        Self(
            name.bytes().fold(0x9e37_79b9_7f4a_7c15, |s, b| (s ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)),
        )
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Between `low` and `high`.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// A number of the domain, off its kinks.
    fn within(&mut self, domain: Domain) -> f64 {
        loop {
            let x = self.between(domain.low, domain.high);
            if domain.kinks.iter().all(|kink| (x - kink).abs() > 1e-3) {
                return x;
            }
        }
    }

    /// Operands for a subject.
    fn operands(&mut self, subject: &Subject) -> Vec<Operand<f64>> {
        let operand = |(scalar, domain): &(Scalar, Domain)| match scalar {
            Scalar::Real => Operand::Real(self.within(*domain)),
            Scalar::Bool | Scalar::Record => Operand::Bool(self.bits().is_multiple_of(2)),
        };
        subject.operands.iter().map(operand).collect()
    }
}

/// Operands as arguments of a graph.
fn arguments(operands: &[Operand<f64>]) -> Vec<Array<f64>> {
    let argument = |x: &Operand<f64>| match x {
        Operand::Real(x) => Array::real(*x),
        Operand::Bool(b) => Array::bool(*b),
    };
    operands.iter().map(argument).collect()
}
