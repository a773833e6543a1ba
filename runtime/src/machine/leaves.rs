//! The leaves of a structure of pairs, vectors and arrays: replaced, or its numbers met with those of another.
//!
//! They come in the order in which the structure is written. Both walks keep their own stack, so that neither a
//! long list nor a deep one touches the host's; a part that is shared is walked once for each mention, within
//! the budget, whose steps are taken before parts are put down.

use super::{Fault, Machine};
use crate::value::{Value, View};
use scheme_core::diag::Code;

/// What is left to do of a structure.
enum Task {
    /// To replace its leaves.
    Visit(Value),
    /// To put a pair together from its replaced halves.
    Pair(Value),
    /// To put a vector or an array together from its replaced items.
    Row(Value),
}

impl Machine {
    /// The structure with every number replaced. What holds none is the same object as before.
    pub(super) fn map_numbers(
        &mut self,
        value: Value,
        at: u32,
        replace: &mut dyn FnMut(&mut Self, Value) -> Result<Value, Box<Fault>>,
    ) -> Result<Value, Box<Fault>> {
        self.map_leaves(value, at, &mut |machine, leaf| match leaf.view() {
            View::Num { .. } => replace(machine, leaf),
            _ => Ok(leaf),
        })
    }

    /// The structure with every leaf replaced. What is as before is the same object.
    pub(super) fn map_leaves(
        &mut self,
        value: Value,
        at: u32,
        replace: &mut dyn FnMut(&mut Self, Value) -> Result<Value, Box<Fault>>,
    ) -> Result<Value, Box<Fault>> {
        self.charge(1)?;
        let mut tasks = vec![Task::Visit(value)];
        let mut done = Vec::new();
        while let Some(task) = tasks.pop() {
            match task {
                Task::Visit(value) => match value.view() {
                    View::Pair { at: pair, .. } => {
                        self.charge(2)?;
                        let (car, cdr) = (self.heap.car(pair), self.heap.cdr(pair));
                        tasks.extend([Task::Pair(value), Task::Visit(cdr), Task::Visit(car)]);
                    }
                    _ => match self.items_of(value).map(<[Value]>::len) {
                        Some(items) => {
                            self.charge(items as u64)?;
                            tasks.push(Task::Row(value));
                            let items = self.items_of(value).unwrap_or_default();
                            tasks.extend(items.iter().rev().map(|item| Task::Visit(*item)));
                        }
                        None => done.push(replace(self, value)?),
                    },
                },
                Task::Pair(value) => {
                    let (cdr, car) = (done.pop(), done.pop());
                    let (car, cdr) = (car.unwrap_or(Value::NIL), cdr.unwrap_or(Value::NIL));
                    let (old_car, old_cdr) = (self.heap.car(value.index()), self.heap.cdr(value.index()));
                    let same = car.is_identical(old_car) && cdr.is_identical(old_cdr);
                    done.push(if same { value } else { self.cons(car, cdr, value.place(), at)? });
                }
                Task::Row(value) => {
                    let old = self.items_of(value).unwrap_or_default();
                    let items = done.split_off(done.len().saturating_sub(old.len()));
                    let same = items.iter().zip(old).all(|(item, old)| item.is_identical(*old));
                    let row = if same { Ok(value) } else { self.heap.row_like(value, &items) };
                    done.push(row.map_err(|full| self.memory(full, at))?);
                }
            }
        }
        Ok(done.pop().unwrap_or(Value::UNSPECIFIED))
    }

    /// The numbers of a structure.
    pub(crate) fn numbers_of(&mut self, value: Value) -> Result<Vec<Value>, Box<Fault>> {
        let mut numbers = Vec::new();
        self.map_numbers(value, u32::MAX, &mut |machine, x| {
            machine.has_room_outside(numbers.len(), u32::MAX)?;
            numbers.push(x);
            Ok(x)
        })?;
        Ok(numbers)
    }

    /// Meets each number of a structure with the one in the same place of another, shaped as it.
    /// `what` is the other in messages, `of` the structure.
    pub(super) fn zip_numbers(
        &mut self,
        (value, of): (Value, &str),
        (other, what): (Value, &str),
        at: u32,
        meet: &mut dyn FnMut(&mut Self, Value, Value) -> Result<(), Box<Fault>>,
    ) -> Result<(), Box<Fault>> {
        self.charge(1)?;
        let mut left = vec![(value, other)];
        while let Some((a, b)) = left.pop() {
            match (a.view(), b.view()) {
                (View::Num { .. }, View::Num { .. }) => meet(self, a, b)?,
                (View::Pair { at: a, .. }, View::Pair { at: b, .. }) => {
                    self.charge(2)?;
                    left.push((self.heap.cdr(a), self.heap.cdr(b)));
                    left.push((self.heap.car(a), self.heap.car(b)));
                }
                (View::Nil, View::Nil) => {}
                (View::Num { .. } | View::Pair { .. } | View::Nil, _)
                | (_, View::Num { .. } | View::Pair { .. } | View::Nil) => {
                    return Err(self.misshapen((value, of), (other, what), at));
                }
                _ => match (self.items_of(a).map(<[Value]>::len), self.items_of(b)) {
                    (None, None) => {}
                    (Some(items), Some(_)) if self.heap.same_shape(a, b) => {
                        self.charge(items as u64)?;
                        let [x, y] = [a, b].map(|x| self.items_of(x).unwrap_or_default());
                        left.extend(x.iter().copied().zip(y.iter().copied()).rev());
                    }
                    _ => return Err(self.misshapen((value, of), (other, what), at)),
                },
            }
        }
        Ok(())
    }

    /// The items of a vector, several values or an array.
    pub(super) fn items_of(&self, value: Value) -> Option<&[Value]> {
        match value.view() {
            View::Vector(row) | View::Numbers(row) | View::Values(row) => Some(self.heap.items(row)),
            View::Matrix(row) => Some(self.heap.matrix_items(row)),
            _ => None,
        }
    }

    #[cold]
    fn misshapen(&self, (value, of): (Value, &str), (other, what): (Value, &str), at: u32) -> Box<Fault> {
        let (value, other) = (self.write(value), self.write(other));
        self.fault(Code::Shape, format!("{what} must have the shape of {of}, {value}, but is {other}"), at)
    }
}
