//! Numbers that carry derivatives forward, nested by levels.
//!
//! What the reference evaluation of programs computes with. A [`Nested`] number is a constant or, at
//! some level, a primal with a tangent, both nested numbers of lower levels. An operation happens at the
//! highest level among its operands; operands of lower levels are constants there, so no perturbation is
//! taken for another. Partial derivatives are the table's, on nested numbers. A level is forward, its numbers
//! having tangents, or reverse: its numbers know what they were made of, and [`gradient`] goes back from them.
//!
//! Nodes are never freed, which is what makes the numbers `Copy`: for tests only.

use crate::{
    prim::{Numeric, Operand},
    real::Real,
};
use std::{cell::Cell, collections::BTreeMap};

/// A number, with derivatives at any number of levels.
#[derive(Clone, Copy, Debug)]
pub enum Nested<A: Real + 'static> {
    /// A number that does not move.
    Constant(A),
    /// A number that moves.
    Moving(&'static Moving<A>),
}

/// A number that moves at a level.
#[derive(Debug)]
pub struct Moving<A: Real + 'static> {
    level: u32,
    primal: Nested<A>,
    motion: Motion<A>,
}

/// How a number moves.
#[derive(Debug)]
enum Motion<A: Real + 'static> {
    /// Forward: by this.
    Tangent(Nested<A>),
    /// In reverse: as these do, by the partial derivative of each. They were made before it and have smaller numbers.
    Made { number: u64, of: Vec<(&'static Moving<A>, Nested<A>)> },
}

thread_local! {
    static MADE: Cell<u64> = const { Cell::new(0) };
}

impl<A: Real<Mask = bool> + 'static> Nested<A> {
    /// A number that moves by `tangent` at `level`; levels grow inwards.
    pub fn moving(level: u32, primal: Self, tangent: Self) -> Self {
        Self::leak(level, primal, Motion::Tangent(tangent))
    }

    /// A number of a level whose derivatives are taken in reverse.
    pub fn watched(level: u32, primal: Self) -> Self {
        Self::made(level, primal, Vec::new())
    }

    fn made(level: u32, primal: Self, of: Vec<(&'static Moving<A>, Self)>) -> Self {
        let number = MADE.replace(MADE.get() + 1);
        Self::leak(level, primal, Motion::Made { number, of })
    }

    fn leak(level: u32, primal: Self, motion: Motion<A>) -> Self {
        Self::Moving(Box::leak(Box::new(Moving { level, primal, motion })))
    }

    /// The number without any derivative.
    pub fn value(self) -> A {
        match self {
            Self::Constant(x) => x,
            Self::Moving(moving) => moving.primal.value(),
        }
    }

    /// Primal and, if it has one there, tangent at a level.
    pub fn at(self, level: u32) -> (Self, Option<Self>) {
        match self.moves(level) {
            Some(Moving { primal, motion: Motion::Tangent(tangent), .. }) => (*primal, Some(*tangent)),
            Some(Moving { primal, .. }) => (*primal, None),
            None => (self, None),
        }
    }

    /// What moves at a level.
    fn moves(self, level: u32) -> Option<&'static Moving<A>> {
        match self {
            Self::Moving(moving) if moving.level == level => Some(moving),
            _ => None,
        }
    }

    fn level(self) -> u32 {
        match self {
            Self::Constant(_) => 0,
            Self::Moving(moving) => moving.level,
        }
    }
}

/// The row at nested operands, of which there may be any number where the row takes any.
pub fn real<A: Real<Mask = bool> + 'static>(row: Numeric, operands: &[Nested<A>]) -> Nested<A> {
    let level = operands.iter().map(|x| x.level()).max().unwrap_or(0);
    if level == 0 {
        let operands: Vec<Operand<A>> = operands.iter().map(|x| Operand::Real(x.value())).collect();
        return match row.apply(&operands) {
            Some(Operand::Real(y)) => Nested::Constant(y),
            _ => Nested::Constant(A::lit(f64::NAN)),
        };
    }
    let primals: Vec<Nested<A>> = operands.iter().map(|x| x.at(level).0).collect();
    let y = real(row, &primals);
    let zeros = row.declared_zeros();
    let mut tangent: Option<Nested<A>> = None;
    let mut of = Vec::new();
    for (i, (partial, operand)) in row.partials(&primals, y).into_iter().zip(operands).enumerate() {
        let Some(moving) = operand.moves(level).filter(|_| !zeros.get(i).copied().unwrap_or(false)) else {
            continue;
        };
        match moving.motion {
            Motion::Tangent(by) => {
                let term = partial * by;
                tangent = Some(tangent.map_or(term, |sum| sum + term));
            }
            Motion::Made { .. } => of.push((moving, partial)),
        }
    }
    match tangent {
        Some(tangent) => Nested::moving(level, y, tangent),
        None if !of.is_empty() => Nested::made(level, y, of),
        None => y,
    }
}

/// The derivatives by some numbers that are watched at a level, from those by others: the last made goes first, and
/// passes on to what it was made of.
pub fn gradient<A: Real<Mask = bool> + 'static>(
    level: u32,
    by: &[Nested<A>],
    cotangents: impl IntoIterator<Item = (Nested<A>, Nested<A>)>,
) -> Vec<Nested<A>> {
    type Reached<A> = BTreeMap<u64, (&'static Moving<A>, Nested<A>)>;
    fn reach<A: Real<Mask = bool> + 'static>(
        all: &mut Reached<A>,
        moving: &'static Moving<A>,
        share: Nested<A>,
    ) {
        let Motion::Made { number, .. } = &moving.motion else { return };
        let sum = all.get(number).map_or(share, |(_, sum)| *sum + share);
        all.insert(*number, (moving, sum));
    }
    let (mut reached, mut done) = (Reached::new(), BTreeMap::new());
    for (x, cotangent) in cotangents {
        if let Some(moving) = x.moves(level) {
            reach(&mut reached, moving, cotangent);
        }
    }
    while let Some((number, (moving, cotangent))) = reached.pop_last() {
        done.insert(number, cotangent);
        if let Motion::Made { of, .. } = &moving.motion {
            of.iter().for_each(|(operand, partial)| reach(&mut reached, operand, cotangent * *partial));
        }
    }
    let of = |x: &Nested<A>| match x.moves(level)?.motion {
        Motion::Made { number, .. } => done.get(&number).copied(),
        Motion::Tangent(_) => None,
    };
    by.iter().map(|x| of(x).unwrap_or(Nested::lit(0.0))).collect()
}

/// The row at nested operands as a truth value, which derivatives do not matter to.
fn truth<A: Real<Mask = bool> + 'static, const K: usize>(row: Numeric, operands: [Nested<A>; K]) -> bool {
    matches!(row.apply(&operands.map(|x| Operand::Real(x.value()))), Some(Operand::Bool(true)))
}

fn by_row<A: Real<Mask = bool> + 'static, const K: usize>(
    row: Numeric,
    operands: [Nested<A>; K],
) -> Nested<A> {
    real(row, &operands)
}

crate::operators_by_rows! { impl [A: Real<Mask = bool> + 'static] Nested<A>, by_row }

impl<A: Real<Mask = bool> + 'static> Real for Nested<A> {
    crate::real_of_one! {}

    fn primal(self) -> f64 {
        self.value().primal()
    }

    fn lit(x: f64) -> Self {
        Self::Constant(A::lit(x))
    }

    fn two_over_sqrt_pi() -> Self {
        Self::Constant(A::two_over_sqrt_pi())
    }

    fn min_of<const K: usize>(xs: [Self; K]) -> Self {
        real(Numeric::Min, &xs)
    }

    fn max_of<const K: usize>(xs: [Self; K]) -> Self {
        real(Numeric::Max, &xs)
    }

    crate::real_by_rows! { by_row, truth }
}
