//! Pairs and lists, walked within the budget.
//!
//! Lists have no cycles, so that every walk ends.

use super::{Fault, Machine};
use crate::{
    heap::Full,
    value::{Value, View},
};
use scheme_core::{
    diag::Code,
    kernel::call_it_or_first,
    prim::{Numeric, kinds},
};

/// A comparison of two values.
type Same = fn(&mut Machine, Value, Value) -> Result<bool, Box<Fault>>;

impl Machine {
    /// A fresh pair.
    #[inline]
    pub(super) fn cons(&mut self, car: Value, cdr: Value, place: u32, at: u32) -> Result<Value, Box<Fault>> {
        self.heap.pair(car, cdr, place).map_err(|full| self.memory(full, at))
    }

    /// `car`, `cdr` and their compositions, by the letters of the name.
    #[inline]
    pub(super) fn path(&mut self, name: &'static str, pair: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut value = pair;
        for letter in name.bytes().rev().filter(|b| matches!(b, b'a' | b'd')) {
            let View::Pair { at: pair_at, .. } = value.view() else {
                let expected = match name {
                    "car" | "cdr" => "a pair",
                    _ if name[2..].trim_end_matches('r').bytes().all(|b| b == b'd') => "a longer list",
                    _ => "pairs nested deeper",
                };
                return Err(self.not_a(name, expected, pair, at));
            };
            value = if letter == b'a' { self.heap.car(pair_at) } else { self.heap.cdr(pair_at) };
        }
        Ok(value)
    }

    /// A fresh list of the items before a tail.
    pub(super) fn list(&mut self, items: &[Value], tail: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut list = tail;
        for item in items.iter().rev() {
            list = self.cons(*item, list, 0, at)?;
        }
        Ok(list)
    }

    pub(super) fn make_list(
        &mut self,
        n: Value,
        item: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let n = self.count(n, who, at)?;
        let mut list = Value::NIL;
        for _ in 0..n {
            list = self.cons(item, list, 0, at)?;
        }
        Ok(list)
    }

    /// The number of items of a proper list.
    pub(super) fn walk(&mut self, list: Value, who: &str, at: u32) -> Result<u64, Box<Fault>> {
        let mut n = 0;
        let mut rest = list;
        while let View::Pair { at, .. } = rest.view() {
            self.charge(1)?;
            n += 1;
            rest = self.heap.cdr(at);
        }
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
        let rest = self.pairs_into(list, items, at)?;
        if rest.is_null() { Ok(()) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    /// Appends the items of a list, and gives what its last pair ends with.
    fn pairs_into(&mut self, list: Value, items: &mut Vec<Value>, at: u32) -> Result<Value, Box<Fault>> {
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            self.charge(1)?;
            if items.len() > self.heap.limit() {
                return Err(self.memory(Full { cells: items.len() }, at));
            }
            items.push(self.heap.car(pair));
            rest = self.heap.cdr(pair);
        }
        Ok(rest)
    }

    pub(super) fn append(&mut self, lists: &[Value], who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let Some((last, lists)) = lists.split_last() else { return Ok(Value::NIL) };
        let mut items = Vec::new();
        for list in lists {
            self.items_into(*list, &mut items, who, at)?;
        }
        self.list(&items, *last, at)
    }

    pub(super) fn reverse(&mut self, list: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let mut items = Vec::new();
        self.items_into(list, &mut items, who, at)?;
        items.reverse();
        self.list(&items, Value::NIL, at)
    }

    pub(super) fn list_copy(&mut self, list: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut items = Vec::new();
        let end = self.pairs_into(list, &mut items, at)?;
        self.list(&items, end, at)
    }

    pub(super) fn last(&mut self, list: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let mut last = None;
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            self.charge(1)?;
            last = Some(self.heap.car(pair));
            rest = self.heap.cdr(pair);
        }
        match last {
            Some(item) if rest.is_null() => Ok(item),
            _ => Err(self.not_a(who, "a list of at least one item", list, at)),
        }
    }

    /// The tail of a list after `k` items.
    #[inline]
    pub(super) fn tail(&mut self, list: Value, k: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        // No list is as long as a number that this cuts off.
        let n = self.whole(k, "index", who, at)? as usize;
        let mut rest = list;
        for passed in 0..n {
            let View::Pair { at: pair, .. } = rest.view() else {
                return Err(self.ended(rest, list, k, passed, who, at));
            };
            self.charge(1)?;
            rest = self.heap.cdr(pair);
        }
        Ok(rest)
    }

    /// The item of a list at index `k`.
    #[inline]
    pub(super) fn item(&mut self, list: Value, k: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let tail = self.tail(list, k, who, at)?;
        match tail.view() {
            View::Pair { at, .. } => Ok(self.heap.car(at)),
            _ => Err(self.ended(tail, list, k, k.primal() as usize, who, at)),
        }
    }

    /// The error for a list with no pair at index `k`, but `end` after as many as were passed.
    #[cold]
    fn ended(&self, end: Value, list: Value, k: Value, passed: usize, who: &str, at: u32) -> Box<Fault> {
        if end.is_null() {
            self.past_the_end(k, "list", passed, who, at)
        } else {
            self.not_a(who, "a list", list, at)
        }
    }

    /// `memq` and its kin.
    pub(super) fn find_item(
        &mut self,
        x: Value,
        list: Value,
        same: Same,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            self.charge(1)?;
            if same(self, x, self.heap.car(pair))? {
                return Ok(rest);
            }
            rest = self.heap.cdr(pair);
        }
        self.not_found(rest, list, who, at)
    }

    /// `assq` and its kin.
    pub(super) fn find_entry(
        &mut self,
        x: Value,
        list: Value,
        same: Same,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            self.charge(1)?;
            let item = self.heap.car(pair);
            let View::Pair { at: entry, .. } = item.view() else {
                return Err(self.not_a(who, "a list of pairs", list, at));
            };
            if same(self, x, self.heap.car(entry))? {
                return Ok(item);
            }
            rest = self.heap.cdr(pair);
        }
        self.not_found(rest, list, who, at)
    }

    fn not_found(&self, end: Value, list: Value, who: &str, at: u32) -> Result<Value, Box<Fault>> {
        if end.is_null() { Ok(Value::bool(false)) } else { Err(self.not_a(who, "a list", list, at)) }
    }

    pub(super) fn is_list(&mut self, value: Value) -> Result<bool, Box<Fault>> {
        let mut rest = value;
        while let View::Pair { at, .. } = rest.view() {
            self.charge(1)?;
            rest = self.heap.cdr(at);
        }
        Ok(rest.is_null())
    }

    /// `(iota n start step)`. Start and step are numbers like any other, so derivatives pass.
    pub(super) fn iota(&mut self, arguments: &[Value], who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let n = self.count(arguments.first().copied().unwrap_or(Value::UNSPECIFIED), who, at)?;
        let (start, step) = (arguments.get(1), arguments.get(2));
        for x in arguments {
            self.check_number(*x, who, at)?;
        }
        let mut list = Value::NIL;
        for i in (0..n).rev() {
            let mut item = Value::num(i as f64);
            if let Some(step) = step {
                item = self.numeric(Numeric::Mul, &[item, *step], at)?;
            }
            if let Some(start) = start {
                item = self.numeric(Numeric::Add, &[*start, item], at)?;
            }
            list = self.cons(item, list, 0, at)?;
        }
        Ok(list)
    }

    /// The error for an operand of the wrong type.
    #[cold]
    pub(super) fn not_a(&self, who: &str, expected: &str, found: Value, at: u32) -> Box<Fault> {
        let what = self.write(found);
        let kind = found.type_name();
        let given = if found.is_null() { kind.to_string() } else { format!("{kind}: {what}") };
        let fault =
            self.fault(Code::WrongType, format!("`{who}` takes {expected}, but was given {given}"), at);
        let of_procedure = (kind == "a procedure").then(|| call_it_or_first(who)).flatten();
        match (of_procedure, found.view()) {
            (Some(hint), _) => fault.hint(hint),
            (None, View::Prim(prim)) => fault.hint(format!(
                "`{}` is a procedure of the language: call it, or give what is meant another name",
                prim.name()
            )),
            _ => match kinds::hint(expected, kind) {
                Some(hint) => fault.hint(hint),
                None => fault,
            },
        }
    }
}
