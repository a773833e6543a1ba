//! What is the same, and what is equal; and what procedures are called.

use super::{Fault, Machine};
use crate::value::{Value, View};
use scheme_core::prim::Numeric;

impl Machine {
    /// What `eq?` and `eqv?` say. Numeric vectors and matrices are compared by their elements. Closures
    /// are the same on one record: each evaluation of a `lambda` makes one.
    #[inline(always)]
    pub(super) fn same_value(&mut self, a: Value, b: Value) -> Result<Value, Box<Fault>> {
        if self.is_data(&[a, b]) {
            Ok(self.same_data(a, b))
        } else if a.is_same(b) {
            Ok(Value::bool(true))
        } else {
            Ok(Value::bool(self.is_same_object(a, b)?))
        }
    }

    /// The same where the run goes on by it.
    pub(super) fn is_same(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        let same = self.same_value(a, b)?;
        Ok(self.decides(same))
    }

    /// Whether leaves are the same, where the run goes on by it.
    fn is_same_leaf(&mut self, a: Value, b: Value) -> bool {
        let same = if self.is_data(&[a, b]) { self.same_data(a, b) } else { Value::bool(a.is_same(b)) };
        self.decides(same)
    }

    /// Whether pairs of leaves are the same, as far as the first that is not.
    pub(super) fn same_leaves(&mut self, mut pairs: impl Iterator<Item = (Value, Value)>) -> bool {
        pairs.all(|(a, b)| self.is_same_leaf(a, b))
    }

    /// Of two values of which the trace has one: numbers leave a comparison, and truth values are decided.
    #[cold]
    fn same_data(&mut self, a: Value, b: Value) -> Value {
        let same = a.is_same(b);
        match (a.view(), b.view()) {
            (View::Num { .. }, View::Num { .. }) => self.tested(Numeric::Eqv, &[a, b], same),
            (View::Bool(_), View::Bool(_)) => {
                self.decides(a);
                self.decides(b);
                Value::bool(same)
            }
            _ => Value::bool(same),
        }
    }

    #[inline]
    fn is_same_object(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        if a.is_closure() && b.is_closure() {
            Ok(self.same_closures(a, b))
        } else if a.is_array() && b.is_array() {
            self.same_arrays(a, b)
        } else {
            Ok(false)
        }
    }

    /// Whether closures on two records stand for one procedure. An evaluator makes interpreted procedures that know
    /// each other anew wherever they are mentioned, on a record of the same values; among them is the
    /// environment, of which each call makes one.
    #[cold]
    fn same_closures(&mut self, a: Value, b: Value) -> bool {
        if !self.module.interprets || a.code() != b.code() || a.index() == 0 || b.index() == 0 {
            return false;
        }
        let length = self.heap.row_len(a.index());
        let items = |machine: &Self, i| [a, b].map(|closure| machine.heap.item(closure.index(), i));
        length == self.heap.row_len(b.index())
            && (0..length).all(|i| {
                let [a, b] = items(self, i);
                self.is_same_leaf(a, b)
            })
    }

    /// The name that a compiled procedure was defined under. That of an interpreted one is the symbol which it
    /// captured: the evaluator needs it for messages.
    pub(super) fn procedure_name(&self, closure: Value) -> Option<&str> {
        // A pullback has none.
        let procedure = self.module.procedures.get(closure.code() as usize)?;
        if !self.module.interprets {
            return Some(procedure.name).filter(|name| !name.is_empty());
        }
        self.heap.items(closure.index()).iter().find_map(|value| match value.view() {
            View::Symbol(i) => Some(self.symbols.name(i)),
            _ => None,
        })
    }

    /// What `equal?` says where the run goes on by it.
    pub(super) fn is_equal(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        let equal = self.equal_value(a, b)?;
        Ok(self.decides(equal))
    }

    /// What `equal?` says: equal structure. Each comparison is a step, taken before it is put down, as shared parts
    /// are compared again.
    pub(super) fn equal_value(&mut self, a: Value, b: Value) -> Result<Value, Box<Fault>> {
        if self.is_data(&[a, b]) {
            let same = self.same_data(a, b);
            self.charge(u64::from(!same.is_true()))?;
            return Ok(same);
        }
        Ok(Value::bool(self.is_equal_structure(a, b)?))
    }

    fn is_equal_structure(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        if a.is_same(b) {
            return Ok(true);
        }
        self.charge(1)?;
        let mut left = vec![(a, b)];
        while let Some((a, b)) = left.pop() {
            match (a.view(), b.view()) {
                _ if self.is_same(a, b)? => {}
                (View::Pair { at: a, .. }, View::Pair { at: b, .. }) => {
                    self.charge(2)?;
                    left.push((self.heap.cdr(a), self.heap.cdr(b)));
                    left.push((self.heap.car(a), self.heap.car(b)));
                }
                (View::Vector(a), View::Vector(b)) => {
                    let items = self.heap.row_len(a);
                    if items != self.heap.row_len(b) {
                        return Ok(false);
                    }
                    self.charge(u64::from(items))?;
                    let (a, b) = (self.heap.items(a), self.heap.items(b));
                    left.extend(a.iter().copied().zip(b.iter().copied()).rev());
                }
                (View::Str(a), View::Str(b)) => {
                    let cells = self.heap.row_len(a);
                    if cells != self.heap.row_len(b) {
                        return Ok(false);
                    }
                    self.charge(u64::from(cells))?;
                    if !self.heap.same_text(a, b) {
                        return Ok(false);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// `boolean=?` and `symbol=?`.
    pub(super) fn all_same(
        &mut self,
        arguments: &[Value],
        is_one: fn(View) -> bool,
        expected: &str,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        if let Some(other) = arguments.iter().find(|x| !is_one(x.view())) {
            return Err(self.not_a(who, expected, *other, at));
        }
        let pairs = arguments.iter().copied().zip(arguments.iter().copied().skip(1));
        Ok(Value::bool(self.same_leaves(pairs)))
    }
}
