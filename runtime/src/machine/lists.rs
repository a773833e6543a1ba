//! Lists in the heap, walked within the budget.

use super::{Fault, Machine};
use crate::value::Value;
use scheme_core::diag::Code;

impl Machine {
    /// A fresh pair.
    #[inline]
    pub(super) fn cons(&mut self, car: Value, cdr: Value, place: u32, at: u32) -> Result<Value, Box<Fault>> {
        self.heap.pair(car, cdr, place).map_err(|full| self.memory(full, at))
    }

    /// A fresh list of the items before a tail.
    pub(super) fn list(&mut self, items: &[Value], tail: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut list = tail;
        for item in items.iter().rev() {
            list = self.cons(*item, list, 0, at)?;
        }
        Ok(list)
    }

    /// The number of items of a proper list.
    pub(super) fn walk(&mut self, list: Value, who: &str, at: u32) -> Result<u64, Box<Fault>> {
        let mut n = 0;
        let mut rest = list;
        while let Value::Pair { at, .. } = rest {
            n += 1;
            rest = self.heap.cdr(at);
        }
        // Lists have no cycles, so that the walk ends; the steps are taken off afterwards.
        self.charge(n)?;
        if matches!(rest, Value::Nil) { Ok(n) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    /// Appends the items of a proper list.
    pub(super) fn items_into(
        &mut self,
        list: Value,
        items: &mut Vec<Value>,
        who: &str,
        at: u32,
    ) -> Result<(), Box<Fault>> {
        let mut rest = list;
        while let Value::Pair { at: pair, .. } = rest {
            if items.len() > self.limits.cells as usize {
                return Err(self.memory(crate::heap::Full, at));
            }
            items.push(self.heap.car(pair));
            rest = self.heap.cdr(pair);
        }
        self.charge(items.len() as u64)?;
        if matches!(rest, Value::Nil) { Ok(()) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    /// The tail of a list after `k` items.
    pub(super) fn tail(&mut self, list: Value, k: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let Value::Num { v: k, .. } = k else { return Err(self.not_a(who, "a number", k, at)) };
        if k.trunc() != k || k < 0.0 {
            let index = self.write(Value::num(k));
            return Err(self.fault(
                Code::OutOfDomain,
                format!("`{who}` takes a whole number from 0, not {index}"),
                at,
            ));
        }
        let (mut rest, mut left) = (list, k);
        while left > 0.0 {
            let Value::Pair { at: pair, .. } = rest else {
                let index = self.write(Value::num(k));
                let message =
                    format!("`{who}` goes past the end of the list: index {index}, length {}", k - left);
                return Err(self.fault(Code::OutOfDomain, message, at));
            };
            rest = self.heap.cdr(pair);
            left -= 1.0;
        }
        self.charge(k as u64)?;
        Ok(rest)
    }

    /// The error for an operand of the wrong type.
    #[cold]
    pub(super) fn not_a(&self, who: &str, expected: &str, found: Value, at: u32) -> Box<Fault> {
        let what = self.write(found);
        let kind = found.type_name();
        let found = if matches!(found, Value::Nil) { kind.to_string() } else { format!("{kind}: {what}") };
        self.fault(Code::WrongType, format!("`{who}` takes {expected}, but was given {found}"), at)
    }
}
