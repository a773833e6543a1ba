//! The numbers in a structure of pairs and vectors: replaced, or met with those of another.
//!
//! They come in the order in which the structure is written. Other leaves stay as they are. Both walks
//! keep their own stack, so that neither a long list nor a deep one touches the host's; a part that is
//! shared is walked once for each mention, within the budget.

use super::{Fault, Machine};
use crate::value::{Value, View};
use scheme_core::diag::Code;

/// What is left to do of a structure.
enum Task {
    /// To replace its numbers.
    Visit(Value),
    /// To put a pair together from its replaced halves.
    Pair(Value),
    /// To put a vector together from its replaced items.
    Vector(Value),
}

impl Machine {
    /// The structure with every number replaced. What holds none is the same object as before.
    pub(super) fn map_numbers(
        &mut self,
        value: Value,
        at: u32,
        replace: &mut dyn FnMut(&mut Self, Value) -> Result<Value, Box<Fault>>,
    ) -> Result<Value, Box<Fault>> {
        let mut tasks = vec![Task::Visit(value)];
        let mut done = Vec::new();
        while let Some(task) = tasks.pop() {
            match task {
                Task::Visit(value) => {
                    self.charge(1)?;
                    match value.view() {
                        View::Num { .. } => done.push(replace(self, value)?),
                        View::Pair { at: pair, .. } => {
                            let (car, cdr) = (self.heap.car(pair), self.heap.cdr(pair));
                            tasks.extend([Task::Pair(value), Task::Visit(cdr), Task::Visit(car)]);
                        }
                        View::Vector(row) => {
                            tasks.push(Task::Vector(value));
                            let items = (0..self.heap.row_len(row)).rev();
                            tasks.extend(items.map(|i| Task::Visit(self.heap.item(row, i))));
                        }
                        _ => done.push(value),
                    }
                }
                Task::Pair(value) => {
                    let (cdr, car) = (done.pop(), done.pop());
                    let (car, cdr) = (car.unwrap_or(Value::NIL), cdr.unwrap_or(Value::NIL));
                    let (old_car, old_cdr) = (self.heap.car(value.index()), self.heap.cdr(value.index()));
                    let same = car.is_identical(old_car) && cdr.is_identical(old_cdr);
                    done.push(if same { value } else { self.cons(car, cdr, value.place(), at)? });
                }
                Task::Vector(value) => {
                    let n = self.heap.row_len(value.index());
                    let items = done.split_off(done.len().saturating_sub(n as usize));
                    let old = |i: u32| self.heap.item(value.index(), i);
                    let same = items.iter().zip(0..n).all(|(item, i)| item.is_identical(old(i)));
                    let vector = if same { Ok(value) } else { self.heap.vector(&items) };
                    done.push(vector.map_err(|full| self.memory(full, at))?);
                }
            }
        }
        Ok(done.pop().unwrap_or(Value::UNSPECIFIED))
    }

    /// Meets each number of a structure with the one in the same place of another, shaped as it.
    /// `what` is the other in messages, `of` the structure.
    pub(super) fn zip_numbers(
        &mut self,
        (value, of): (Value, &str),
        (other, what): (Value, &str),
        at: u32,
        meet: &mut dyn FnMut(&mut Self, Value, Value),
    ) -> Result<(), Box<Fault>> {
        let mut left = vec![(value, other)];
        while let Some((a, b)) = left.pop() {
            self.charge(1)?;
            match (a.view(), b.view()) {
                (View::Num { .. }, View::Num { .. }) => meet(self, a, b),
                (View::Pair { at: a, .. }, View::Pair { at: b, .. }) => {
                    left.push((self.heap.cdr(a), self.heap.cdr(b)));
                    left.push((self.heap.car(a), self.heap.car(b)));
                }
                (View::Vector(a), View::Vector(b)) if self.heap.row_len(a) == self.heap.row_len(b) => {
                    let items = (0..self.heap.row_len(a)).rev();
                    left.extend(items.map(|i| (self.heap.item(a, i), self.heap.item(b, i))));
                }
                (View::Nil, View::Nil) => {}
                (View::Num { .. } | View::Pair { .. } | View::Vector(_) | View::Nil, _)
                | (_, View::Pair { .. } | View::Vector(_)) => {
                    let (value, other) = (self.write(value), self.write(other));
                    let message = format!("{what} must have the shape of {of}, {value}, but is {other}");
                    return Err(self.fault(Code::Shape, message, at));
                }
                // What is no number does not move.
                _ => {}
            }
        }
        Ok(())
    }
}
