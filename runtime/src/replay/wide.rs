//! Operations on any number of operands: `select`, and `min` and `max` of more than two.

use super::{
    code::{Op, Wide},
    precision::{NOTHING, Precision, is_some},
    sweep::add,
};
use crate::Real;
use scheme_core::prim::{Numeric, rules};

/// The operands of an operation.
pub(super) fn of(all: &[Wide], [start, len]: Op) -> &[Wide] {
    &all[start as usize..][..len as usize]
}

/// Their values, from slot `at` on.
pub(super) fn values<P: Precision>(row: Numeric, values: &mut [f64], all: &[Wide], ops: &[Op], at: usize) {
    for (op, at) in ops.iter().zip(at..) {
        let value = |x: &Wide| values[x.slot as usize];
        values[at] = match (row, of(all, *op)) {
            (Numeric::Select, [test, then, els]) => {
                P::read(value(if P::is_true(value(test)) { then } else { els })).write()
            }
            (Numeric::Min | Numeric::Max, [first, rest @ ..]) => {
                let pick = |a: P, b: P| if row == Numeric::Min { a.min(b) } else { a.max(b) };
                rest.iter().map(|x| P::read(value(x))).fold(P::read(value(first)), pick).write()
            }
            // What is no operation of the row.
            _ => f64::NAN,
        };
    }
}

/// The operands that an operation passes derivatives to, in order, and its partials by them.
pub(super) fn passing<A: Real>(
    row: Numeric,
    operands: &[Wide],
    read: impl Fn(usize) -> A,
    is_true: impl Fn(usize) -> bool,
    y: A,
) -> Vec<(u32, A)> {
    if let (Numeric::Select, [test, then, els]) = (row, operands) {
        let taken = if is_true(test.slot as usize) { then } else { els };
        return taken.passes.then_some((taken.slot, A::lit(1.0))).into_iter().collect();
    }
    let x: Vec<A> = operands.iter().map(|x| read(x.slot as usize)).collect();
    let mut shares = vec![y; x.len()];
    rules::share(&x, y, &mut shares);
    operands.iter().zip(shares).filter(|(x, _)| x.passes).map(|(x, share)| (x.slot, share)).collect()
}

/// The order that the tape adds in: it has two operands an entry, of which the first is the sum of those before, so
/// that the first two come last.
pub(super) fn backward_order<A>(shares: &[(u32, A)]) -> impl Iterator<Item = &(u32, A)> {
    let (first, later) = shares.split_at(shares.len().min(2));
    later.iter().rev().chain(first)
}

/// Their cotangents, the last operation's first.
pub(super) fn backward<P: Precision, const CAREFUL: bool>(
    row: Numeric,
    values: &[f64],
    cotangents: &mut [f64],
    (all, ops, at): (&[Wide], &[Op], usize),
) {
    for (op, at) in ops.iter().zip(at..at + ops.len()).rev() {
        let cotangent = cotangents[at];
        if CAREFUL && !is_some(cotangent) {
            continue;
        }
        for (slot, share) in backward_order(&partials::<P>(row, values, of(all, *op), at)) {
            add::<P, CAREFUL>(cotangents, *slot, P::read(cotangent) * *share);
        }
    }
}

/// Their tangents.
pub(super) fn tangents<P: Precision>(
    row: Numeric,
    values: &[f64],
    tangents: &mut [f64],
    (all, ops, at): (&[Wide], &[Op], usize),
) {
    for (op, at) in ops.iter().zip(at..) {
        let shares = partials::<P>(row, values, of(all, *op), at);
        let moving = shares.iter().filter(|(slot, _)| is_some(tangents[*slot as usize]));
        let sum = moving
            .map(|(slot, share)| P::read(tangents[*slot as usize]) * *share)
            .reduce(|sum, share| sum + share);
        tangents[at] = sum.map_or(NOTHING, P::write);
    }
}

fn partials<P: Precision>(row: Numeric, values: &[f64], operands: &[Wide], at: usize) -> Vec<(u32, P)> {
    let read = |slot: usize| P::read(values[slot]);
    passing(row, operands, read, |slot| P::is_true(values[slot]), read(at))
}
