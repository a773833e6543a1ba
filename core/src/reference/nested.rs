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
use std::ops;

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
fn truth<A: Real<Mask = bool> + 'static>(row: Numeric, operands: &[Nested<A>]) -> bool {
    let operands: Vec<Operand<A>> = operands.iter().map(|x| Operand::Real(x.value())).collect();
    matches!(row.apply(&operands), Some(Operand::Bool(true)))
}

macro_rules! operators {
    ($($trait:ident $method:ident $row:ident;)+) => {$(
        impl<A: Real<Mask = bool> + 'static> ops::$trait for Nested<A> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                real(Numeric::$row, &[self, other])
            }
        }
    )+};
}

operators! { Add add Add; Sub sub Sub; Mul mul Mul; Div div Div; }

impl<A: Real<Mask = bool> + 'static> ops::Neg for Nested<A> {
    type Output = Self;
    fn neg(self) -> Self {
        real(Numeric::Neg, &[self])
    }
}

macro_rules! methods {
    (unary {$($u:ident $urow:ident;)+} binary {$($b:ident $brow:ident;)+} test {$($t:ident $trow:ident;)+} compare {$($c:ident $crow:ident;)+}) => {
        $(fn $u(self) -> Self {
            real(Numeric::$urow, &[self])
        })+
        $(fn $b(self, other: Self) -> Self {
            real(Numeric::$brow, &[self, other])
        })+
        $(fn $t(self) -> bool {
            truth(Numeric::$trow, &[self])
        })+
        $(fn $c(self, other: Self) -> bool {
            truth(Numeric::$crow, &[self, other])
        })+
    };
}

impl<A: Real<Mask = bool> + 'static> Real for Nested<A> {
    type Mask = bool;
    type Lane = Self;
    const LANES: usize = 1;

    fn lane(self, _: usize) -> Self {
        self
    }

    fn from_lanes(mut lane: impl FnMut(usize) -> Self) -> Self {
        lane(0)
    }

    fn primal(self) -> f64 {
        self.value().primal()
    }

    /// Constants: what the function's derivatives depend on is not followed.
    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&[f64], u32, bool) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let x: Vec<f64> = x.iter().map(|x| x.primal()).collect();
        let orders = partials(&x, order, false)?;
        Ok(orders.into_iter().map(|all| all.into_iter().map(Self::lit).collect()).collect())
    }

    fn lit(x: f64) -> Self {
        Self::Constant(A::lit(x))
    }

    fn two_over_sqrt_pi() -> Self {
        Self::Constant(A::two_over_sqrt_pi())
    }

    fn select(mask: bool, then: Self, els: Self) -> Self {
        if mask { then } else { els }
    }

    fn branch<const K: usize>(
        mask: bool,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        if mask { then() } else { els() }
    }

    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    fn stop_gradient(self) -> Self {
        Self::Constant(self.value())
    }

    fn min_of<const K: usize>(xs: [Self; K]) -> Self {
        real(Numeric::Min, &xs)
    }

    fn max_of<const K: usize>(xs: [Self; K]) -> Self {
        real(Numeric::Max, &xs)
    }

    methods! {
        unary {
            recip Recip; square Square; cube Cube; relu Relu; sign Sign; abs Abs; sqrt Sqrt; floor Floor;
            ceiling Ceiling; round Round; truncate Truncate; exp Exp; expm1 Expm1; log Log; log1p Log1p;
            sin Sin; cos Cos; tan Tan; asin Asin; acos Acos; atan Atan; sinh Sinh; cosh Cosh; tanh Tanh;
            sigmoid Sigmoid; softplus Softplus; erf Erf; lgamma Lgamma;
        }
        binary {
            min Min; max Max; quotient Quotient; remainder Remainder; modulo Modulo; expt Expt;
            atan2 Atan2; log_base LogBase; polygamma Polygamma;
        }
        test {
            is_zero IsZero; is_positive IsPositive; is_negative IsNegative; is_nan IsNan;
            is_finite IsFinite; is_integer IsInteger; is_even IsEven; is_odd IsOdd;
        }
        compare {
            less Less; less_eq LessEq; greater Greater; greater_eq GreaterEq; equal Equal; eqv Eqv;
        }
    }
}
