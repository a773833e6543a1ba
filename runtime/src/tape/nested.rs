//! Numbers of several levels: what an operation on them records.
//!
//! It happens at the highest level among its operands. Operands of lower levels are constants there;
//! its primal is what the same row gives on the lower primals, and so on down; its partials are numbers
//! of lower levels, so that outer derivatives see what inner ones compute. The value is the same at
//! every level, so that comparisons look through all of them.
//!
//! Partials are the formulas of the one table, run on [`Nested`], which records what is done with it,
//! as the tracer of graphs does.

use super::{Full, Node, Number, Tapes, rounding};
use scheme_core::{
    prim::{Numeric, Operand},
    real::Real,
};
use std::{cell::RefCell, fmt, ops};

/// How many levels deep primals and partials may nest.
const MOST_NESTED: u32 = 1000;

/// Stack that one level of nesting takes at most.
const RED_ZONE: usize = 128 << 10;

/// Stack that is added when there is less.
const GROWTH: usize = 4 << 20;

impl Tapes {
    /// The number that a row gives on operands, its value being `y`. What cannot be recorded is
    /// [noted](Tapes::take_full) and a constant.
    pub fn derived(cell: &RefCell<Self>, row: Numeric, operands: &[Number], y: f64) -> Number {
        let level = operands.iter().map(|x| x.node.level).max().unwrap_or(0);
        if level == 0 {
            return Number::constant(y);
        }
        let mut few = [Number::default(); 2];
        let mut many = Vec::new();
        let lower = match few.get_mut(..operands.len()) {
            Some(few) => few,
            None => {
                many.resize(operands.len(), Number::default());
                &mut many[..]
            }
        };
        {
            let tapes = cell.borrow();
            lower.iter_mut().zip(operands).for_each(|(lower, x)| *lower = tapes.below(level, *x));
        }
        if lower.iter().all(|x| !x.node.is_some()) {
            let single = cell.borrow().is_single();
            let constant = |partial| Number::constant(partial);
            return rounding::partials(row, lower.iter().map(|x| x.v), y, single, |partials| {
                record(
                    cell,
                    row,
                    (level, operands),
                    partials.iter().copied().map(constant),
                    Number::constant(y),
                )
            });
        }
        if !cell.borrow_mut().descend() {
            return Number::constant(y);
        }
        let y = stacker::maybe_grow(RED_ZONE, GROWTH, || {
            let lower_y = Self::derived(cell, row, lower, y);
            let x: Vec<Nested<'_>> = lower.iter().map(|x| Nested::new(cell, *x)).collect();
            let partials = row.partials(&x, Nested::new(cell, lower_y));
            record(cell, row, (level, operands), partials.into_iter().map(Nested::number), lower_y)
        });
        cell.borrow_mut().depth -= 1;
        y
    }

    /// Goes a level down, unless nothing can be recorded any more.
    fn descend(&mut self) -> bool {
        if self.depth >= MOST_NESTED {
            self.fill(Full::Nested);
        }
        if self.is_full() {
            return false;
        }
        self.depth += 1;
        true
    }
}

/// Records an operation of a level on operands, by its partials and its value below.
fn record(
    cell: &RefCell<Tapes>,
    row: Numeric,
    (level, operands): (u32, &[Number]),
    partials: impl Iterator<Item = Number>,
    y: Number,
) -> Number {
    let zeros = row.declared_zeros();
    let passing = operands.iter().zip(partials).enumerate().map(|(i, (x, partial))| {
        let here = x.node.level == level && !zeros.get(i).copied().unwrap_or(false);
        (if here { x.node.entry } else { 0 }, partial)
    });
    let mut tapes = cell.borrow_mut();
    match tapes.record_linked(level, passing, y.node) {
        Ok(0) => y,
        Ok(entry) => Number { v: y.v, node: Node { level, entry } },
        Err(full) => {
            tapes.fill(full);
            Number::constant(y.v)
        }
    }
}

/// A number that records what is done with it, on the tapes of its levels.
#[derive(Clone, Copy)]
pub(super) struct Nested<'t> {
    number: Number,
    /// None for a literal of a formula.
    tapes: Option<&'t RefCell<Tapes>>,
}

impl<'t> Nested<'t> {
    pub(super) fn new(tapes: &'t RefCell<Tapes>, number: Number) -> Self {
        Self { number, tapes: Some(tapes) }
    }

    pub(super) fn number(self) -> Number {
        self.number
    }

    fn apply<const K: usize>(row: Numeric, operands: [Self; K]) -> Self {
        let tapes = operands.iter().find_map(|x| x.tapes);
        let single = tapes.is_some_and(|tapes| tapes.borrow().is_single());
        let y = match rounding::value(row, &operands.map(|x| Operand::Real(x.number.v)), single) {
            Some(Operand::Real(y)) => y,
            _ => f64::NAN,
        };
        let number = match tapes {
            Some(tapes) => Tapes::derived(tapes, row, &operands.map(Self::number), y),
            None => Number::constant(y),
        };
        Self { number, tapes }
    }

    fn test<const K: usize>(row: Numeric, operands: [Self; K]) -> bool {
        let single = operands.iter().find_map(|x| x.tapes).is_some_and(|tapes| tapes.borrow().is_single());
        let operands = operands.map(|x| Operand::Real(x.number.v));
        matches!(rounding::value(row, &operands, single), Some(Operand::Bool(true)))
    }
}

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $row:ident;)+) => {$(
        impl ops::$trait for Nested<'_> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self::apply(Numeric::$row, [self, other])
            }
        }
    )+};
}

operators! { Add add Add; Sub sub Sub; Mul mul Mul; Div div Div; }

impl ops::Neg for Nested<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::apply(Numeric::Neg, [self])
    }
}

macro_rules! methods {
    (unary {$($u:ident $urow:ident;)+} binary {$($b:ident $brow:ident;)+} test {$($t:ident $trow:ident;)+} compare {$($c:ident $crow:ident;)+}) => {
        $(fn $u(self) -> Self {
            Self::apply(Numeric::$urow, [self])
        })+
        $(fn $b(self, other: Self) -> Self {
            Self::apply(Numeric::$brow, [self, other])
        })+
        $(fn $t(self) -> bool {
            Self::test(Numeric::$trow, [self])
        })+
        $(fn $c(self, other: Self) -> bool {
            Self::test(Numeric::$crow, [self, other])
        })+
    };
}

impl Real for Nested<'_> {
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
        self.number.v
    }

    /// A function of machine numbers has no levels: its derivatives are constants here.
    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&[f64], u32, bool) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let x: Vec<f64> = x.iter().map(|x| x.number.v).collect();
        let orders = partials(&x, order, false)?;
        Ok(orders.into_iter().map(|all| all.into_iter().map(Self::lit).collect()).collect())
    }

    fn lit(x: f64) -> Self {
        Self { number: Number::constant(x), tapes: None }
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

    methods! {
        unary {
            stop_gradient StopGradient; recip Recip; square Square; cube Cube; relu Relu; sign Sign; abs Abs; sqrt Sqrt; floor Floor;
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
