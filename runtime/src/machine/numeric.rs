//! Numeric rows on the machine: values by the table, and entries on the tape.

use super::{Fault, Machine};
use crate::value::{Value, View};
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
        let value = match operands {
            [a] => row.apply(&[operand(a)]),
            [a, b] => row.apply(&[operand(a), operand(b)]),
            all => row.apply(&all.iter().map(operand).collect::<Vec<_>>()),
        };
        match value {
            Some(Operand::Real(y)) => {
                let node = if operands.iter().any(|x| x.node() != 0) {
                    self.record(row, operands, y, at)?
                } else {
                    0
                };
                Ok(Value::dual(y, node))
            }
            Some(Operand::Bool(b)) => {
                if let (false, [x]) = (row.row().total, operands)
                    && !x.primal().is_integer()
                {
                    return Err(self.not_an_integer(row, *x, at));
                }
                Ok(Value::bool(b))
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

    fn record(&mut self, row: Numeric, operands: &[Value], y: f64, at: u32) -> Result<u32, Box<Fault>> {
        let partials = match operands {
            [a] => row.partials(&[a.primal()], y),
            [a, b] => row.partials(&[a.primal(), b.primal()], y),
            all => row.partials(&all.iter().map(|x| x.primal()).collect::<Vec<_>>(), y),
        };
        let zeros = row.declared_zeros();
        let passing = operands.iter().zip(partials).enumerate().map(|(i, (operand, partial))| {
            let declared = zeros.get(i).copied().unwrap_or(false);
            (if declared { 0 } else { operand.node() }, partial)
        });
        self.tape.record(passing).map_err(|full| self.tape_full(full, at))
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
