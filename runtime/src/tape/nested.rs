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
    prim::{Numeric, Operand, Whole},
    real::Real,
};
use std::{cell::RefCell, fmt};

/// How many levels deep primals and partials may nest.
const MOST_NESTED: u32 = 1000;

/// As many operands as most rows have; more are put in a vector.
pub(super) const FEW: usize = 2;

/// Stack that one level of nesting takes at most.
pub(super) const RED_ZONE: usize = 128 << 10;

/// Stack that is added when there is less.
pub(super) const GROWTH: usize = 4 << 20;

impl Tapes {
    /// The number that a row gives on operands, its value being `y`. What cannot be recorded is
    /// [noted](Tapes::take_full) and a constant.
    pub fn derived(cell: &RefCell<Self>, row: Numeric, operands: &[Number], y: f64) -> Number {
        let level = operands.iter().map(|x| x.node.level).max().unwrap_or(0);
        if level == 0 {
            return Number::constant(y);
        }
        if level == 1 && cell.borrow().is_recording() {
            return cell.borrow_mut().recorded(row, operands, y);
        }
        let (mut few, mut many) = ([Number::default(); FEW], Vec::new());
        let lower = cell.borrow().all_below(level, operands, &mut few, &mut many);
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
        cell.borrow_mut().ascend();
        y
    }

    /// Operands as the levels below `level` see them, in one of the places given.
    pub(super) fn all_below<'b>(
        &self,
        level: u32,
        operands: &[Number],
        few: &'b mut [Number; FEW],
        many: &'b mut Vec<Number>,
    ) -> &'b [Number] {
        let lower = match few.get_mut(..operands.len()) {
            Some(few) => few,
            None => {
                many.resize(operands.len(), Number::default());
                &mut many[..]
            }
        };
        lower.iter_mut().zip(operands).for_each(|(lower, x)| *lower = self.below(level, *x));
        lower
    }

    /// Goes a level down, unless nothing can be recorded any more.
    pub(super) fn descend(&mut self) -> bool {
        if self.depth >= MOST_NESTED {
            self.fill(Full::Nested);
        }
        if self.is_full() {
            return false;
        }
        self.depth += 1;
        true
    }

    /// Comes back from there.
    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
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
        let tapes = operands.iter().find_map(|x| x.tapes);
        let single = tapes.is_some_and(|tapes| tapes.borrow().is_single());
        let values = operands.map(|x| Operand::Real(x.number.v));
        let holds = matches!(rounding::value(row, &values, single), Some(Operand::Bool(true)));
        if let Some(tapes) = tapes {
            Tapes::decide_by(tapes, row, &operands.map(Self::number), holds);
        }
        holds
    }
}

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

scheme_core::operators_by_rows! { impl ['t] Nested<'t>, Self::apply }

impl Real for Nested<'_> {
    scheme_core::real_of_one! {}

    fn primal(self) -> f64 {
        self.number.v
    }

    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let numbers: Vec<Number> = operands.iter().map(|x| x.number).collect();
        let tapes = operands.iter().find_map(|x| x.tapes);
        let given = match tapes {
            Some(tapes) => Tapes::whole(tapes, whole, &numbers),
            None => {
                let numbers: Vec<f64> = numbers.iter().map(|x| x.v).collect();
                whole.on(&numbers).into_iter().map(Number::constant).collect()
            }
        };
        results.iter_mut().zip(given).for_each(|(to, number)| *to = Self { number, tapes });
    }

    fn lit(x: f64) -> Self {
        Self { number: Number::constant(x), tapes: None }
    }

    scheme_core::real_by_rows! { Self::apply, Self::test }
}
