//! Values of the host in a machine's heap.

use super::{Fault, Machine};
use crate::{answer::Answer, heap::Full, stack, value::Value};
use scheme_core::{diag::Code, prim::Prim};

impl Machine {
    /// A value in the heap; `number` gives the values of its numbers, in the order in which it is written.
    ///
    /// # Errors
    /// It passes the limit of memory, or holds what only a run can make: a procedure that is no primitive.
    pub(crate) fn take_in(
        &mut self,
        answer: &Answer,
        number: &mut dyn FnMut(f64) -> Value,
    ) -> Result<Value, Box<Fault>> {
        let made = match answer {
            Answer::Number(x) => return Ok(number(*x)),
            Answer::Bool(b) => return Ok(Value::bool(*b)),
            Answer::Char(c) => return Ok(Value::char(*c)),
            Answer::Unspecified => return Ok(Value::UNSPECIFIED),
            Answer::Symbol(name) => return self.intern(name, u32::MAX),
            Answer::String(text) => self.heap.string(text),
            Answer::List(items) => {
                let items = self.all_taken(items, number)?;
                return self.list(&items, Value::NIL, u32::MAX);
            }
            Answer::Dotted(items, tail) => {
                let items = self.all_taken(items, number)?;
                let tail = stack::for_a_level(|| self.take_in(tail, number))?;
                return self.list(&items, tail, u32::MAX);
            }
            Answer::Vector(items) => {
                let items = self.all_taken(items, number)?;
                self.heap.vector(&items)
            }
            Answer::Values(items) => {
                let items = self.all_taken(items, number)?;
                self.heap.values(&items)
            }
            Answer::Numbers(numbers) => {
                let items: Vec<Value> = numbers.iter().map(|x| number(*x)).collect();
                self.heap.numbers(&items)
            }
            Answer::Matrix(rows) => {
                let cols = rows.first().map_or(0, Vec::len);
                if let Some(other) = rows.iter().find(|row| row.len() != cols) {
                    let message = format!("a matrix has a row of {cols} and a row of {}", other.len());
                    return Err(self.fault(Code::Shape, message, u32::MAX));
                }
                let items: Vec<Value> = rows.iter().flatten().map(|x| number(*x)).collect();
                match (u32::try_from(rows.len()), u32::try_from(cols)) {
                    (Ok(rows), Ok(cols)) => self.heap.matrix(rows, cols, &items),
                    _ => Err(Full { cells: rows.len().saturating_mul(cols) }),
                }
            }
            Answer::Procedure(name) => {
                return match Prim::find(name).filter(|_| !name.starts_with('%')) {
                    Some(prim) => Ok(Value::prim(prim)),
                    None => Err(self.not_given("a procedure")),
                };
            }
            Answer::Lambda(_) => return Err(self.not_given("a procedure")),
            Answer::Text(_) => return Err(self.not_given("text in place of a value")),
        };
        made.map_err(|full| self.memory(full, u32::MAX))
    }

    fn all_taken(
        &mut self,
        items: &[Answer],
        number: &mut dyn FnMut(f64) -> Value,
    ) -> Result<Vec<Value>, Box<Fault>> {
        stack::for_a_level(|| items.iter().map(|item| self.take_in(item, number)).collect())
    }

    #[cold]
    fn not_given(&self, what: &str) -> Box<Fault> {
        let message = format!("{what} was given, which only the run that made it has");
        self.fault(Code::WrongType, message, u32::MAX)
    }
}
