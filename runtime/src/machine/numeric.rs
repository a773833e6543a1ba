//! Numeric rows on the machine: values by the table, and entries on the tape.

use super::{Fault, Machine};
use crate::{
    tape::{Node, Number, Tapes, rounding},
    value::{Value, View},
};
use scheme_core::{
    diag::Code,
    prim::{
        Numeric, Operand, Prim,
        calls::{self, Rows},
    },
    real::Real,
};

impl Machine {
    /// A call of a numeric row.
    #[inline]
    pub(super) fn numeric(
        &mut self,
        row: Numeric,
        arguments: &[Value],
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let numbers = arguments.iter().all(|a| a.is_number());
        match calls::direct(row, arguments.len()) {
            // What `call` would do, without its lists of operands.
            Some(row) if numbers => self.apply_row(row, arguments, at),
            Some(Numeric::StopGradient) => {
                let [x, ..] = arguments else { return Ok(Value::UNSPECIFIED) };
                self.map_numbers(*x, at, &mut |machine, x| {
                    if machine.is_recording() {
                        machine.apply_row(Numeric::StopGradient, &[x], at)
                    } else {
                        Ok(Value::num(x.primal()))
                    }
                })
            }
            _ => calls::call(&mut At { machine: self, at }, row, arguments),
        }
    }

    /// One application of the row itself to operands of its types.
    pub(super) fn apply_row(
        &mut self,
        row: Numeric,
        operands: &[Value],
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let operand = |value: &Value| {
            if value.is_number() { Operand::Real(value.primal()) } else { Operand::Bool(value.is_true()) }
        };
        let single = self.tapes.get_mut().is_single();
        let value = match operands {
            [a] => rounding::value(row, &[operand(a)], single),
            [a, b] => rounding::value(row, &[operand(a), operand(b)], single),
            all => rounding::value(row, &all.iter().map(operand).collect::<Vec<_>>(), single),
        };
        let open = operands.iter().any(|x| x.is_open());
        match value {
            Some(Operand::Real(y)) if open => self.record_row(row, operands, y, at),
            Some(Operand::Real(y)) => Ok(Value::num(y)),
            Some(Operand::Bool(b)) => {
                if let (false, [x]) = (row.row().total, operands) {
                    if !x.primal().is_integer() {
                        return Err(self.not_an_integer(row, *x, at));
                    }
                    self.is_integral(*x);
                }
                let data = open && self.is_recording();
                Ok(if data { self.tested(row, operands, b) } else { Value::bool(b) })
            }
            None => Err(self.not_a(Prim::Numeric(row).name(), "other operands", Value::UNSPECIFIED, at)),
        }
    }

    #[cold]
    fn not_an_integer(&self, row: Numeric, x: Value, at: u32) -> Box<Fault> {
        let who = Prim::Numeric(row).name();
        let what = self.write(x);
        self.fault(Code::OutOfDomain, format!("`{who}` takes an integer, but was given {what}"), at)
    }

    /// The number that a row gives from two numbers of which some move, its value and partials at hand.
    pub(super) fn record_pair(
        &mut self,
        row: Numeric,
        operands: [Value; 2],
        y: f64,
        partials: [f64; 2],
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let [a, b] = operands.map(Value::node);
        let level = a.level.max(b.level);
        let tapes = self.tapes.get_mut();
        let elsewhere = |node: Node| node != Node::NONE && node.level != level;
        if !tapes.is_flat(level) || elsewhere(a) || elsewhere(b) {
            return self.record_nested(row, &operands, y, at);
        }
        match tapes.record(level, [(a.entry, partials[0]), (b.entry, partials[1])]) {
            Ok(0) => Ok(Value::num(y)),
            Ok(entry) => Ok(Value::dual(y, Node { level, entry })),
            Err(full) => Err(self.tape_full(full, at)),
        }
    }

    /// The number that a row gives, its value being `y`, on its tape.
    fn record_row(&mut self, row: Numeric, operands: &[Value], y: f64, at: u32) -> Result<Value, Box<Fault>> {
        let level = operands.iter().map(|x| x.node().level).max().unwrap_or(0);
        if level == 0 {
            return Ok(self.counted(row, operands, y));
        }
        let tapes = self.tapes.get_mut();
        if !tapes.is_flat(level) || operands.iter().any(|x| x.is_active() && x.node().level != level) {
            return self.record_nested(row, operands, y, at);
        }
        let zeros = row.declared_zeros();
        let single = tapes.is_single();
        let entry = rounding::partials(row, operands.iter().map(|x| x.primal()), y, single, |partials| {
            let passing = operands.iter().zip(partials).enumerate().map(|(i, (operand, partial))| {
                let declared = zeros.get(i).copied().unwrap_or(false);
                (if declared { 0 } else { operand.node().entry }, *partial)
            });
            tapes.record(level, passing)
        });
        match entry {
            Ok(0) => Ok(Value::num(y)),
            Ok(entry) => Ok(Value::dual(y, Node { level, entry })),
            Err(full) => Err(self.tape_full(full, at)),
        }
    }

    /// The same where numbers of several levels meet.
    #[cold]
    fn record_nested(
        &mut self,
        row: Numeric,
        operands: &[Value],
        y: f64,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let operands: Vec<Number> = operands.iter().map(|x| x.number()).collect();
        self.tapes.get_mut().stand_at(self.place);
        let number = Tapes::derived(&self.tapes, row, &operands, y);
        self.check_tapes(at)?;
        Ok(Value::from(number))
    }
}

/// The machine as what applies rows, at a place.
struct At<'a> {
    machine: &'a mut Machine,
    at: u32,
}

impl Rows for At<'_> {
    type Value = Value;
    type Error = Box<Fault>;

    fn literal(&mut self, x: f64) -> Value {
        Value::num(x)
    }

    fn truth(&mut self, b: bool) -> Value {
        Value::bool(b)
    }

    fn operand(&mut self, row: Numeric, _: usize, value: &Value) -> Result<Value, Box<Fault>> {
        match value.view() {
            View::Num { .. } => Ok(*value),
            View::Bool(_) if calls::counts_truth(row) => {
                self.machine.apply_row(Numeric::Indicator, &[*value], self.at)
            }
            View::Numbers(_) | View::Matrix(_) if calls::broadcasts(row) => Ok(*value),
            _ => Err(self.machine.not_a(Prim::Numeric(row).name(), "numbers", *value, self.at)),
        }
    }

    fn apply(&mut self, row: Numeric, operands: &[Value]) -> Result<Value, Box<Fault>> {
        if operands.iter().any(|operand| operand.is_array()) {
            return self.machine.broadcast(row, operands, self.at);
        }
        self.machine.apply_row(row, operands, self.at)
    }

    fn wrong_arity(&mut self, row: Numeric, found: usize) -> Box<Fault> {
        let prim = Prim::Numeric(row);
        self.machine.wrong_arity(prim.name(), prim.arity(), found, self.at)
    }
}
