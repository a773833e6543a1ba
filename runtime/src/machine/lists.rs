//! Lists in the heap, walked within the budget.

use super::{Fault, Machine};
use crate::value::{Value, View};
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
        while let View::Pair { at, .. } = rest.view() {
            n += 1;
            rest = self.heap.cdr(at);
        }
        // Lists have no cycles, so that the walk ends; the steps are taken off afterwards.
        self.charge(n)?;
        if rest.is_null() { Ok(n) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    /// Appends the items of a proper list.
    pub(super) fn items_into(
        &mut self,
        list: Value,
        items: &mut Vec<Value>,
        who: &str,
        at: u32,
    ) -> Result<(), Box<Fault>> {
        let before = items.len();
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            if items.len() > self.limits.cells as usize {
                return Err(self.memory(crate::heap::Full, at));
            }
            items.push(self.heap.car(pair));
            rest = self.heap.cdr(pair);
        }
        self.charge((items.len() - before) as u64)?;
        if rest.is_null() { Ok(()) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    /// The tail of a list after `k` items.
    #[inline]
    pub(super) fn tail(&mut self, list: Value, k: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let n = match k.view() {
            View::Num { v, .. } if f64::from(v as u32) == v => v as u32,
            _ => return Err(self.no_index(k, who, at)),
        };
        let mut rest = list;
        for passed in 0..n {
            let View::Pair { at: pair, .. } = rest.view() else {
                return Err(self.past_the_end(n, passed, who, at));
            };
            rest = self.heap.cdr(pair);
        }
        self.charge(u64::from(n))?;
        Ok(rest)
    }

    /// The item of a list at index `k`.
    #[inline]
    pub(super) fn item(&mut self, list: Value, k: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        match (self.tail(list, k, who, at)?.view(), k.view()) {
            (View::Pair { at, .. }, _) => Ok(self.heap.car(at)),
            (_, View::Num { v, .. }) => Err(self.past_the_end(v as u32, v as u32, who, at)),
            _ => Err(self.no_index(k, who, at)),
        }
    }

    #[cold]
    fn no_index(&self, k: Value, who: &str, at: u32) -> Box<Fault> {
        if !k.is_number() {
            return self.not_a(who, "a number as index", k, at);
        }
        let message = format!("`{who}` takes a whole number from 0 as index, not {}", self.write(k));
        self.fault(Code::OutOfDomain, message, at)
    }

    #[cold]
    fn past_the_end(&self, index: u32, length: u32, who: &str, at: u32) -> Box<Fault> {
        let message = format!("`{who}` goes past the end of the list: index {index}, length {length}");
        self.fault(Code::OutOfDomain, message, at)
    }

    /// The error for an operand of the wrong type.
    #[cold]
    pub(super) fn not_a(&self, who: &str, expected: &str, found: Value, at: u32) -> Box<Fault> {
        let what = self.write(found);
        let kind = found.type_name();
        let found = if found.is_null() { kind.to_string() } else { format!("{kind}: {what}") };
        self.fault(Code::WrongType, format!("`{who}` takes {expected}, but was given {found}"), at)
    }
}
