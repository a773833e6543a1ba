//! Numbers that carry derivatives forward, nested by levels.
//!
//! What the reference evaluation of programs computes with. A [`Nested`] number is a constant or, at
//! some level, a primal with a tangent, both nested numbers of lower levels. An operation happens at the
//! highest level among its operands; operands of lower levels are constants there, so no perturbation is
//! taken for another. Partial derivatives are the table's, on nested numbers. Forward mode is all there
//! is; gradients are taken one direction at a time.
//!
//! Nodes are never freed, which is what makes the numbers `Copy`: for tests only.

use crate::{
    prim::{Numeric, Operand},
    real::Real,
};

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
    tangent: Nested<A>,
}

impl<A: Real<Mask = bool> + 'static> Nested<A> {
    /// A number that moves by `tangent` at `level`; levels grow inwards.
    pub fn moving(level: u32, primal: Self, tangent: Self) -> Self {
        Self::Moving(Box::leak(Box::new(Moving { level, primal, tangent })))
    }

    /// The number without any derivative.
    pub fn value(self) -> A {
        match self {
            Self::Constant(x) => x,
            Self::Moving(moving) => moving.primal.value(),
        }
    }

    /// Primal and, if it moves there, tangent at a level.
    pub fn at(self, level: u32) -> (Self, Option<Self>) {
        match self {
            Self::Moving(moving) if moving.level == level => (moving.primal, Some(moving.tangent)),
            other => (other, None),
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
    let (primals, tangents): (Vec<_>, Vec<_>) = operands.iter().map(|x| x.at(level)).unzip();
    let y = real(row, &primals);
    let zeros = row.declared_zeros();
    let mut total: Option<Nested<A>> = None;
    for (i, (partial, tangent)) in row.partials(&primals, y).into_iter().zip(tangents).enumerate() {
        if let (Some(tangent), false) = (tangent, zeros.get(i).copied().unwrap_or(false)) {
            let term = partial * tangent;
            total = Some(total.map_or(term, |sum| sum + term));
        }
    }
    match total {
        Some(tangent) => Nested::moving(level, y, tangent),
        None => y,
    }
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
