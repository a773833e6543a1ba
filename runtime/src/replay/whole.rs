//! Operations on whole matrices, as one operation each.
//!
//! Products have loops of their own ([`Product`]); the derivatives of the others are gone through as the table's rule writes
//! them down ([`Written`]). Which elements depend on which operands the rule says; before it has run they count as depending
//! on all of them, and the way back is careful.

use super::{
    code::{Op, Wide},
    precision::{NOTHING, Precision, is_some},
    product::Product,
    second::{self, Moving},
    sweep::add,
};
use scheme_core::{
    prim::{self, whole::Written},
    real::Real,
};

/// An operation and where its operands lie. It has an operation of the code for each element of its result, which says which it is.
#[derive(Clone, Debug)]
pub(super) enum Whole {
    Product(Product),
    Other {
        whole: prim::Whole,
        /// The elements of its matrices, row by row.
        operands: Vec<Wide>,
        /// Whether a derivative is asked for.
        passes: bool,
    },
}

impl Whole {
    /// `asked`: by element of the result, whether its cotangent may be reached and passes.
    pub(super) fn new(whole: prim::Whole, operands: Vec<Wide>, asked: Vec<bool>) -> Self {
        match whole {
            prim::Whole::Product { m, n, p } => Self::Product(Product::new([m, n, p], operands, asked)),
            _ => Self::Other { whole, operands, passes: asked.contains(&true) },
        }
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Product(product) => product.bytes(),
            Self::Other { operands, .. } => size_of_val(&operands[..]),
        }
    }

    /// Whether it may pass a cotangent to fewer operands than it is said to.
    pub(super) fn passes_less(&self) -> bool {
        matches!(self, Self::Other { passes: true, .. })
    }

    fn results(&self) -> usize {
        match self {
            Self::Product(product) => product.results(),
            Self::Other { whole, .. } => whole.results(),
        }
    }
}

/// The rule of an operation at the numbers that `read` gives of slots, where the results are from slot `at` on.
fn rule<A: Real>(whole: prim::Whole, operands: &[Wide], read: impl Fn(usize) -> A, at: usize) -> Written<A> {
    let x: Vec<A> = operands.iter().map(|x| read(x.slot as usize)).collect();
    let y: Vec<A> = (at..at + whole.results()).map(&read).collect();
    Written::of(whole, &x, &y, operands.iter().map(|x| x.passes))
}

/// The operations that elements are of, each with the slot of its first element, where that of the elements is `at`.
fn each<'c>(wholes: &'c [Whole], ops: &'c [Op], mut at: usize) -> impl Iterator<Item = (&'c Whole, usize)> {
    let mut ops = ops.iter();
    std::iter::from_fn(move || {
        let whole = &wholes[ops.next()?[0] as usize];
        let (here, elements) = (at, whole.results());
        at += elements;
        if elements > 1 {
            ops.nth(elements - 2);
        }
        Some((whole, here))
    })
}

/// Their values, from slot `at` on.
pub(super) fn values<P: Precision>(wholes: &[Whole], values: &mut [f64], ops: &[Op], at: usize) {
    for (whole, at) in each(wholes, ops, at) {
        match whole {
            Whole::Product(product) => product.values::<P>(values, at),
            Whole::Other { whole, operands, .. } => {
                let operands: Vec<P> = operands.iter().map(|x| P::read(values[x.slot as usize])).collect();
                let results = whole.on(&operands);
                values[at..].iter_mut().zip(results).for_each(|(to, y)| *to = y.write());
            }
        }
    }
}

/// Their cotangents, the last operation's first.
pub(super) fn backward<P: Precision, const CAREFUL: bool>(
    wholes: &[Whole],
    values: &[f64],
    cotangents: &mut [f64],
    (ops, at): (&[Op], usize),
) {
    let all: Vec<_> = each(wholes, ops, at).collect();
    for (whole, at) in all.into_iter().rev() {
        match whole {
            Whole::Product(product) => product.backward::<P, CAREFUL>(values, cotangents, at),
            Whole::Other { whole, operands, .. } => {
                let read = |slot: usize| P::read(values[slot]);
                let rule = rule(*whole, operands, read, at);
                let seeds = &cotangents[at..at + whole.results()];
                let sums = rule.seeded(seeds.iter().map(|ct| is_some(*ct).then(|| P::read(*ct))));
                rule.backward(sums, |i, share| add::<P, true>(cotangents, operands[i].slot, share));
            }
        }
    }
}

/// Their tangents.
pub(super) fn tangents<P: Precision>(
    wholes: &[Whole],
    values: &[f64],
    tangents: &mut [f64],
    (ops, at): (&[Op], usize),
) {
    for (whole, at) in each(wholes, ops, at) {
        match whole {
            Whole::Product(product) => product.tangents::<P>(values, tangents, at),
            Whole::Other { whole, operands, .. } => {
                let rule = rule(*whole, operands, |slot| P::read(values[slot]), at);
                let given = |i: usize| {
                    let tangent = tangents[operands[i].slot as usize];
                    is_some(tangent).then(|| P::read(tangent))
                };
                let moves = rule.forward(given);
                for (i, moves) in moves.into_iter().enumerate() {
                    tangents[at + i] = moves.map_or(NOTHING, P::write);
                }
            }
        }
    }
}

/// Their cotangents and how these move, the last operation's first.
pub(super) fn second<P: Precision>(
    wholes: &[Whole],
    run: Moving<'_>,
    cotangents: &mut [[f64; 2]],
    (ops, at): (&[Op], usize),
) {
    let all: Vec<_> = each(wholes, ops, at).collect();
    for (whole, at) in all.into_iter().rev() {
        match whole {
            Whole::Product(product) => product.second::<P>(run, cotangents, at),
            Whole::Other { whole, operands, .. } => {
                let rule = rule(*whole, operands, |slot| run.at::<P>(slot), at);
                let seeds = &cotangents[at..at + whole.results()];
                let sums = rule.seeded(seeds.iter().map(|ct| is_some(ct[0]).then(|| second::read::<P>(*ct))));
                rule.backward(sums, |i, share| second::add::<P>(cotangents, operands[i].slot, share));
            }
        }
    }
}
