//! Structural rows on the machine: one exhaustive match.

use super::{Fault, Machine};
use crate::value::{Value, View};
use scheme_core::{
    diag::Code,
    prim::{Arity, Prim, Structural},
};

/// Applies a row to as many arguments as it takes, which callers have checked.
pub(super) fn apply(
    machine: &mut Machine,
    row: Structural,
    arguments: &[Value],
    at: u32,
) -> Result<Value, Box<Fault>> {
    use Structural as S;
    let who = row.row().name;
    let x = |i: usize| arguments.get(i).copied().unwrap_or(Value::UNSPECIFIED);
    let truth = |b: bool| Ok(Value::bool(b));
    match row {
        S::Cons => machine.cons(x(0), x(1), 0, at),
        S::Car | S::Cdr | S::Cadr | S::Cddr | S::Caddr | S::Cdddr | S::Cadddr => machine.path(who, x(0), at),
        S::List => machine.list(arguments, Value::NIL, at),
        S::Length => Ok(Value::num(machine.walk(x(0), who, at)? as f64)),
        S::ListRef => machine.item(x(0), x(1), who, at),
        S::ListTail => machine.tail(x(0), x(1), who, at),
        S::Append => {
            let Some((last, lists)) = arguments.split_last() else { return Ok(Value::NIL) };
            let mut items = Vec::new();
            for list in lists {
                machine.items_into(*list, &mut items, who, at)?;
            }
            machine.list(&items, *last, at)
        }
        S::Reverse => {
            let mut items = Vec::new();
            machine.items_into(x(0), &mut items, who, at)?;
            items.reverse();
            machine.list(&items, Value::NIL, at)
        }
        S::Memq | S::Assq => machine.find(row, x(0), x(1), at),
        S::Error => Err(machine.raised(x(0), arguments.get(1..).unwrap_or_default(), at)),
        S::Not => truth(!x(0).is_true()),
        S::Eq | S::Eqv => truth(machine.is_same(x(0), x(1))?),
        S::Equal => truth(machine.equal(x(0), x(1))?),
        S::IsPair => truth(x(0).is_pair()),
        S::IsNull => truth(x(0).is_null()),
        S::IsList => truth(machine.is_list(x(0))?),
        S::IsSymbol => truth(matches!(x(0).view(), View::Symbol(_))),
        S::IsVec => truth(matches!(x(0).view(), View::Numbers(_))),
        S::IsMat => truth(matches!(x(0).view(), View::Matrix(_))),
        S::IsString => truth(matches!(x(0).view(), View::Str(_))),
        S::IsChar => truth(matches!(x(0).view(), View::Char(_))),
        S::IsProcedure => truth(x(0).is_procedure()),
        S::IsBoolean => truth(matches!(x(0).view(), View::Bool(_))),
        S::IsNumber | S::IsReal => truth(x(0).is_number()),
        S::Primitive => {
            let View::Symbol(symbol) = x(0).view() else {
                return Err(machine.not_a(who, "a symbol", x(0), at));
            };
            let prim = machine.symbols.get(symbol as usize).and_then(|name| Prim::find(name));
            Ok(prim.map_or(Value::bool(false), Value::prim))
        }
        S::WrongArity => {
            let given = machine.walk(x(3), who, at)? as usize;
            let n = x(1).primal() as u32;
            let arity = Arity { min: n, max: (!x(2).is_true()).then_some(n) };
            let name = if let View::Symbol(_) = x(0).view() { machine.write(x(0)) } else { String::new() };
            Err(machine.wrong_arity(&name, arity, given, at))
        }
        S::WrongType => {
            let expected =
                if let View::Str(text) = x(1).view() { machine.heap.text(text) } else { String::new() };
            Err(machine.not_a(&machine.write(x(0)), &expected, x(2), at))
        }
        // These call: the machine makes the calls before it comes here.
        S::Apply | S::ApplyAt => Err(machine.wrong_arity(who, row.row().arity, arguments.len(), at)),
    }
}

impl Machine {
    /// `car`, `cdr` and their compositions, by the letters of the name.
    #[inline]
    fn path(&mut self, name: &'static str, pair: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut value = pair;
        for letter in name.bytes().rev().filter(|b| matches!(b, b'a' | b'd')) {
            let View::Pair { at: pair_at, .. } = value.view() else {
                let expected = if name.len() == 3 { "a pair" } else { "a longer list" };
                return Err(self.not_a(name, expected, pair, at));
            };
            value = if letter == b'a' { self.heap.car(pair_at) } else { self.heap.cdr(pair_at) };
        }
        Ok(value)
    }

    /// `memq` and `assq`.
    fn find(&mut self, row: Structural, x: Value, list: Value, at: u32) -> Result<Value, Box<Fault>> {
        let mut rest = list;
        while let View::Pair { at: pair, .. } = rest.view() {
            self.charge(1)?;
            let item = self.heap.car(pair);
            match (row, item.view()) {
                (Structural::Memq, _) if self.is_same(x, item)? => return Ok(rest),
                (Structural::Memq, _) => {}
                (_, View::Pair { at: entry, .. }) => {
                    if self.is_same(x, self.heap.car(entry))? {
                        return Ok(item);
                    }
                }
                _ => return Err(self.not_a(row.row().name, "a list of pairs", list, at)),
            }
            rest = self.heap.cdr(pair);
        }
        if rest.is_null() {
            Ok(Value::bool(false))
        } else {
            Err(self.not_a(row.row().name, "a list", list, at))
        }
    }

    fn is_list(&mut self, value: Value) -> Result<bool, Box<Fault>> {
        let mut rest = value;
        while let View::Pair { at, .. } = rest.view() {
            self.charge(1)?;
            rest = self.heap.cdr(at);
        }
        Ok(rest.is_null())
    }

    /// Equal structure. Each comparison is a step, as shared parts are compared again.
    fn equal(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        let mut left = vec![(a, b)];
        while let Some((a, b)) = left.pop() {
            self.charge(1)?;
            match (a.view(), b.view()) {
                _ if self.is_same(a, b)? => {}
                (View::Pair { at: a, .. }, View::Pair { at: b, .. }) => {
                    left.push((self.heap.cdr(a), self.heap.cdr(b)));
                    left.push((self.heap.car(a), self.heap.car(b)));
                }
                (View::Vector(a), View::Vector(b)) if self.heap.row_len(a) == self.heap.row_len(b) => {
                    let items = (0..self.heap.row_len(a)).rev();
                    left.extend(items.map(|i| (self.heap.item(a, i), self.heap.item(b, i))));
                }
                (View::Str(a), View::Str(b)) => {
                    self.charge(u64::from(self.heap.row_len(a)))?;
                    if self.heap.text(a) != self.heap.text(b) {
                        return Ok(false);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The program's own error.
    #[cold]
    fn raised(&self, message: Value, irritants: &[Value], at: u32) -> Box<Fault> {
        let mut text = match message.view() {
            View::Str(at) => self.heap.text(at),
            _ => self.write(message),
        };
        for irritant in irritants {
            text.push(' ');
            text.push_str(&self.write(*irritant));
        }
        self.fault(Code::Raised, text, at)
    }
}
