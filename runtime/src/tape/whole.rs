//! Operations on whole matrices, on numbers of several levels.
//!
//! As with rows, one happens at the highest level among its operands, and its primals are what it gives on the lower
//! ones. What it records are the sums of the table's rule of its tangents (`scheme_core::prim::whole`): an entry of the level for each
//! tangent that the rule computes, by partials that are numbers of lower levels, so that outer derivatives see what inner ones
//! compute.

use super::{
    Full, Node, Number, Tapes,
    nested::{GROWTH, RED_ZONE},
    rounding,
};
use scheme_core::prim::{
    Numeric, Operand, Whole,
    whole::{self, Rule},
};
use std::cell::RefCell;

impl Tapes {
    /// The numbers that an operation gives. What cannot be recorded is [noted](Tapes::take_full) and a constant.
    pub fn whole(cell: &RefCell<Self>, whole: Whole, operands: &[Number]) -> Vec<Number> {
        let level = operands.iter().map(|x| x.node.level).max().unwrap_or(0);
        if level == 0 {
            return plain(cell, whole, operands);
        }
        if level == 1 && cell.borrow().is_recording() {
            return recorded(cell, whole, operands);
        }
        if !cell.borrow_mut().descend() {
            return plain(cell, whole, operands);
        }
        let lower: Vec<Number> = operands.iter().map(|x| cell.borrow().below(level, *x)).collect();
        let results = stacker::maybe_grow(RED_ZONE, GROWTH, || {
            let results = Self::whole(cell, whole, &lower);
            let here = |x: &Number| (x.node.level == level).then_some(x.node.entry);
            let given: Vec<Option<u32>> = operands.iter().map(here).collect();
            let mut on = OnTape { cell, level };
            match whole::tangents(whole, &lower, &results, &given, &mut on) {
                Ok(tangents) => results.iter().zip(tangents).map(|(y, by)| on.number(*y, by)).collect(),
                Err(full) => Err(full),
            }
            .unwrap_or_else(|full| {
                cell.borrow_mut().fill(full);
                results.iter().map(|y| Number::constant(y.v)).collect()
            })
        });
        cell.borrow_mut().ascend();
        results
    }
}

/// The values, as numbers of the record.
fn recorded(cell: &RefCell<Tapes>, whole: Whole, operands: &[Number]) -> Vec<Number> {
    let values = plain(cell, whole, operands);
    // Of no elements there is nothing to record.
    let first = if values.is_empty() { None } else { cell.borrow_mut().recorded_whole(whole, operands) };
    match first {
        Some(first) => {
            values.iter().zip(first..).map(|(y, entry)| Tapes::recorded_number(y.v, entry)).collect()
        }
        None => values,
    }
}

/// The values.
fn plain(cell: &RefCell<Tapes>, whole: Whole, operands: &[Number]) -> Vec<Number> {
    let operands = operands.iter().map(|x| x.v);
    if cell.borrow().is_single() {
        let results = whole.on(&operands.map(|x| x as f32).collect::<Vec<_>>());
        return results.into_iter().map(|y| Number::constant(y.into())).collect();
    }
    whole.on(&operands.collect::<Vec<_>>()).into_iter().map(Number::constant).collect()
}

/// Tangents as entries of a level, numbers as those of the levels below.
struct OnTape<'t> {
    cell: &'t RefCell<Tapes>,
    level: u32,
}

impl OnTape<'_> {
    fn entry(&self, terms: impl IntoIterator<Item = (u32, Number)>, primal: Node) -> Result<u32, Full> {
        self.cell.borrow_mut().record_linked(self.level, terms, primal)
    }

    /// A number of the level: its value below, and its tangent.
    fn number(&self, y: Number, tangent: Option<u32>) -> Result<Number, Full> {
        let Some(tangent) = tangent else { return Ok(y) };
        let entry = self.entry([(tangent, Number::constant(1.0))], y.node)?;
        Ok(Number { v: y.v, node: Node { level: self.level, entry } })
    }
}

impl Rule for OnTape<'_> {
    type Number = Number;
    type Tangent = u32;
    type Error = Full;

    fn literal(&mut self, x: f64) -> Number {
        Number::constant(x)
    }

    fn row(&mut self, row: Numeric, operands: &[Number]) -> Result<Number, Full> {
        let values: Vec<Operand<f64>> = operands.iter().map(|x| Operand::Real(x.v)).collect();
        let y = match rounding::value(row, &values, self.cell.borrow().is_single()) {
            Some(Operand::Real(y)) => y,
            _ => f64::NAN,
        };
        Ok(Tapes::derived(self.cell, row, operands, y))
    }

    fn whole(&mut self, whole: Whole, operands: &[Number]) -> Result<Vec<Number>, Full> {
        Ok(Tapes::whole(self.cell, whole, operands))
    }

    fn sum(&mut self, a: &u32, b: &u32) -> Result<u32, Full> {
        self.entry([*a, *b].map(|tangent| (tangent, Number::constant(1.0))), Node::NONE)
    }

    fn scaled(&mut self, by: &Number, tangent: &u32) -> Result<u32, Full> {
        self.entry([(*tangent, *by)], Node::NONE)
    }

    fn terms<'a>(&mut self, terms: impl Iterator<Item = (&'a Number, &'a u32)>) -> Result<Option<u32>, Full> {
        let entry = self.entry(terms.map(|(by, tangent)| (*tangent, *by)), Node::NONE)?;
        Ok((entry != 0).then_some(entry))
    }
}
