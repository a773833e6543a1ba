//! What emitted blocks call.
//!
//! A block starts with [`Machine::take`] and ends with exactly one of the methods that give a
//! [`Flow`]. `at` is always the number of a place in the module.

use super::{Fault, Flow, Frame, Machine, structural};
use crate::value::{Value, View};
use scheme_core::{
    diag::Code,
    prim::{Arity, Numeric, Prim, Structural, rules},
};
use std::fmt::Display;

impl Machine {
    /// The block's parameters, off the stack.
    #[inline(always)]
    pub fn take<const N: usize>(&mut self) -> [Value; N] {
        let params = self.stack.last_chunk().copied().unwrap_or([Value::UNSPECIFIED; N]);
        self.stack.truncate(self.stack.len().saturating_sub(N));
        params
    }

    /// Ends a block: goes to another of the same procedure.
    #[inline(always)]
    pub fn go<const N: usize>(&mut self, block: u32, params: [Value; N]) -> Flow {
        self.push(params);
        Ok(block)
    }

    /// Ends a block: gives the procedure's value to what waits for it.
    #[inline(always)]
    pub fn give(&mut self, value: Value) -> Flow {
        let Some(Frame { block, place }) = self.frames.pop() else { return Ok(super::HALT) };
        self.place = place;
        self.stack.push(value);
        Ok(block)
    }

    /// Leaves a frame, so that the value of the call that ends this block comes to `block`, after
    /// its parameters.
    #[inline(always)]
    pub fn wait<const N: usize>(
        &mut self,
        block: u32,
        params: [Value; N],
        at: u32,
    ) -> Result<(), Box<Fault>> {
        // The outermost frame is that of the host, and no call.
        if self.frames.len() > self.limits.depth as usize {
            return Err(self.too_deep(at));
        }
        self.frames.push(Frame { block, place: self.place });
        self.push(params);
        Ok(())
    }

    /// Ends a block: calls a known procedure of the module with as many arguments as it takes, a
    /// list of the further ones included.
    #[inline(always)]
    pub fn enter<const N: usize>(&mut self, entry: u32, closure: Value, arguments: [Value; N]) -> Flow {
        self.stack.push(closure);
        self.push(arguments);
        Ok(entry)
    }

    /// Puts values on the stack one by one: copied as a block they would be read back in other
    /// pieces than they were written in.
    #[inline(always)]
    fn push<const N: usize>(&mut self, values: [Value; N]) {
        self.stack.reserve(N);
        for value in values {
            self.stack.push(value);
        }
    }

    /// The same for a procedure known at run time only, which takes that many.
    #[inline(always)]
    fn enter_with(&mut self, entry: u32, closure: Value, arguments: &[Value]) -> Flow {
        self.stack.reserve(1 + arguments.len());
        self.stack.push(closure);
        for argument in arguments {
            self.stack.push(*argument);
        }
        Ok(entry)
    }

    /// Ends a block: calls any value.
    #[inline]
    pub fn call(&mut self, callee: Value, arguments: &[Value], at: u32) -> Flow {
        match callee.view() {
            View::Closure { code, .. } => self.call_closure(code, callee, arguments, at),
            _ => self.call_other(callee, arguments.to_vec(), at),
        }
    }

    /// Ends a block: calls any value; the last argument is a list of further arguments.
    pub fn spread(&mut self, callee: Value, arguments: &[Value], at: u32) -> Flow {
        let [first @ .., list] = arguments else { return self.call(callee, arguments, at) };
        if self.module.interprets
            && let View::Closure { code, .. } = callee.view()
            && let Some(procedure) = self.module.procedures.get(code as usize)
            && procedure.rest
            && procedure.params == 0
            && first.is_empty()
        {
            // An evaluator calls with a list made for the call, so that it need not be made again.
            let entry = procedure.entry;
            self.walk(*list, "apply", at)?;
            return self.enter(entry, callee, [*list]);
        }
        if let (View::Prim(prim), [], Some((few, n))) = (callee.view(), first, self.few_items(*list))
            && !calls(prim)
        {
            // The common case of what follows, without a list of the arguments.
            self.charge(1)?;
            let arguments = &few[..n];
            self.check_arity(prim, n, at)?;
            let value = self.applied(prim, arguments, at)?;
            return self.give(value);
        }
        let mut all = first.to_vec();
        self.items_into(*list, &mut all, "apply", at)?;
        self.call_other(callee, all, at)
    }

    /// The items of a proper list of at most four.
    #[inline]
    fn few_items(&self, list: Value) -> Option<([Value; 4], usize)> {
        let mut items = [Value::UNSPECIFIED; 4];
        let mut rest = list;
        for n in 0..=items.len() {
            match rest.view() {
                View::Nil => return Some((items, n)),
                View::Pair { at, .. } => {
                    *items.get_mut(n)? = self.heap.car(at);
                    rest = self.heap.cdr(at);
                }
                _ => return None,
            }
        }
        None
    }

    /// Ends a block: calls any value with a list of arguments, at the place of a datum of the
    /// interpreted text, if it has one.
    #[inline]
    pub fn call_at(&mut self, datum: Value, callee: Value, list: Value, at: u32) -> Flow {
        let before = self.place;
        self.stand_at(datum);
        match self.spread(callee, &[list], at) {
            Ok(block) => Ok(block),
            Err(fault) => Err(fault.within(before)),
        }
    }

    fn stand_at(&mut self, datum: Value) {
        if datum.place() != 0 {
            self.place = datum.place();
        }
    }

    #[inline]
    fn call_closure(&mut self, code: u32, callee: Value, arguments: &[Value], at: u32) -> Flow {
        let Some(procedure) = self.module.procedures.get(code as usize) else {
            return self.call_pullback(callee, arguments, at);
        };
        let fixed = procedure.params as usize;
        if !procedure.rest && arguments.len() == fixed {
            return self.enter_with(procedure.entry, callee, arguments);
        }
        if !procedure.rest || arguments.len() < fixed {
            let arity = Arity { min: procedure.params, max: (!procedure.rest).then_some(procedure.params) };
            return Err(self.wrong_arity(procedure.name, arity, arguments.len(), at));
        }
        let rest = self.list(&arguments[fixed..], Value::NIL, at)?;
        self.enter_with(procedure.entry, callee, &arguments[..fixed])?;
        self.stack.push(rest);
        Ok(procedure.entry)
    }

    /// Calls any value. Primitives that call are a loop here, so that none of them nests.
    fn call_other(&mut self, mut callee: Value, mut arguments: Vec<Value>, at: u32) -> Flow {
        loop {
            self.charge(1)?;
            match callee.view() {
                View::Closure { code, .. } => return self.call_closure(code, callee, &arguments, at),
                View::Prim(prim) => {
                    self.check_arity(prim, arguments.len(), at)?;
                    match (prim, arguments.as_slice()) {
                        (Prim::Structural(Structural::Apply), [f, first @ .., list]) => {
                            let mut all = first.to_vec();
                            self.items_into(*list, &mut all, "apply", at)?;
                            (callee, arguments) = (*f, all);
                        }
                        (Prim::Structural(Structural::ApplyAt), [datum, f, list]) => {
                            let mut all = Vec::new();
                            self.stand_at(*datum);
                            self.items_into(*list, &mut all, "apply", at)?;
                            (callee, arguments) = (*f, all);
                        }
                        (Prim::Structural(Structural::Jvp), [f, moved @ ..]) => {
                            (callee, arguments) = (*f, self.begin_jvp(moved, at)?);
                        }
                        (Prim::Structural(Structural::Vjp), [f, by @ ..]) => {
                            (callee, arguments) = (*f, self.begin_vjp(by, at)?);
                        }
                        _ => {
                            let value = self.applied(prim, &arguments, at)?;
                            return self.give(value);
                        }
                    }
                }
                _ => {
                    let what = self.write(callee);
                    let message =
                        format!("{what} is {}, not a procedure, and cannot be called", callee.type_name());
                    return Err(self.fault(Code::NotAProcedure, message, at));
                }
            }
        }
    }

    fn check_arity(&self, prim: Prim, found: usize, at: u32) -> Result<(), Box<Fault>> {
        let arity = prim.arity();
        if arity.accepts(found) { Ok(()) } else { Err(self.wrong_arity(prim.name(), arity, found, at)) }
    }

    #[cold]
    pub(super) fn wrong_arity(&self, name: &str, arity: impl Display, found: usize, at: u32) -> Box<Fault> {
        let name = if name.is_empty() { "this procedure".to_string() } else { format!("`{name}`") };
        self.fault(Code::Arity, format!("{name} takes {arity}, given {found}"), at)
    }

    /// `(cons a b)`.
    #[inline(always)]
    pub fn pair(&mut self, [car, cdr]: [Value; 2], at: u32) -> Result<Value, Box<Fault>> {
        self.cons(car, cdr, 0, at)
    }

    /// `(car x)`.
    #[inline(always)]
    pub fn car(&mut self, [x]: [Value; 1], at: u32) -> Result<Value, Box<Fault>> {
        if x.is_pair() {
            Ok(self.heap.car(x.index()))
        } else {
            structural::apply(self, Structural::Car, &[x], at)
        }
    }

    /// `(cdr x)`.
    #[inline(always)]
    pub fn cdr(&mut self, [x]: [Value; 1], at: u32) -> Result<Value, Box<Fault>> {
        if x.is_pair() {
            Ok(self.heap.cdr(x.index()))
        } else {
            structural::apply(self, Structural::Cdr, &[x], at)
        }
    }

    /// `(eq? a b)`.
    #[inline(always)]
    pub fn same(&mut self, [a, b]: [Value; 2]) -> Result<Value, Box<Fault>> {
        self.same_value(a, b)
    }

    /// `(list-ref l k)`.
    #[inline]
    pub fn list_ref(&mut self, [list, k]: [Value; 2], at: u32) -> Result<Value, Box<Fault>> {
        self.item(list, k, "list-ref", at)
    }

    /// A call of a numeric row with two arguments. The row is known where this is emitted, so that of
    /// the choice here one side is left: on numbers, the operation itself.
    #[inline(always)]
    pub fn binary(&mut self, row: Numeric, operands: [Value; 2], at: u32) -> Result<Value, Box<Fault>> {
        let [a, b] = operands;
        if !(a.is_number() && b.is_number()) || self.tapes.get_mut().is_single() {
            return self.prim(Prim::Numeric(row), &operands, at);
        }
        let x = [a.primal(), b.primal()];
        let moves = !(a.is_constant() && b.is_constant());
        let data = moves && self.is_recording();
        let y = match row {
            Numeric::Add => x[0] + x[1],
            Numeric::Sub => x[0] - x[1],
            Numeric::Mul => x[0] * x[1],
            Numeric::Less if !data => return Ok(Value::bool(x[0] < x[1])),
            Numeric::LessEq if !data => return Ok(Value::bool(x[0] <= x[1])),
            Numeric::Greater if !data => return Ok(Value::bool(x[0] > x[1])),
            Numeric::GreaterEq if !data => return Ok(Value::bool(x[0] >= x[1])),
            Numeric::Equal if !data => return Ok(Value::bool(x[0] == x[1])),
            _ => return self.prim(Prim::Numeric(row), &operands, at),
        };
        if !moves {
            return Ok(Value::num(y));
        }
        let partials = match row {
            Numeric::Add => rules::add(x, y),
            Numeric::Sub => rules::sub(x, y),
            _ => rules::mul(x, y),
        };
        self.record_pair(row, operands, y, partials, at)
    }

    /// A primitive that calls nothing, applied to as many arguments as it takes.
    #[inline]
    pub fn prim(&mut self, prim: Prim, arguments: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        match prim {
            Prim::Numeric(row) => self.numeric(row, arguments, at),
            Prim::Array(row) => self.array(row, arguments, at),
            Prim::Structural(row) => structural::apply(self, row, arguments, at),
        }
    }

    /// The same where a program chose the primitive.
    #[inline]
    fn applied(&mut self, prim: Prim, arguments: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        let value = self.prim(prim, arguments, at)?;
        if self.is_watched() && !matches!(prim, Prim::Structural(_)) {
            self.look(arguments, value);
        }
        Ok(value)
    }

    /// A closure on a fresh record of captures.
    #[inline]
    pub fn closure(&mut self, code: u32, captures: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        match self.heap.row(captures) {
            Ok(record) => Ok(Value::closure(code, record)),
            Err(full) => Err(self.memory(full, at)),
        }
    }

    /// A closure on the record of another.
    #[inline(always)]
    pub fn sibling(&self, code: u32, closure: Value) -> Value {
        Value::closure(code, closure.index())
    }

    /// A value that a closure captured.
    #[inline(always)]
    pub fn captured(&self, closure: Value, index: u32) -> Value {
        self.heap.item(closure.index(), index)
    }

    /// A quoted datum of the module.
    #[inline(always)]
    pub fn constant(&self, index: u32) -> Value {
        self.constants.get(index as usize).copied().unwrap_or(Value::UNSPECIFIED)
    }
}

/// Whether a primitive calls procedures, and so needs the machine.
fn calls(prim: Prim) -> bool {
    matches!(prim, Prim::Structural(row) if row.calls())
}
