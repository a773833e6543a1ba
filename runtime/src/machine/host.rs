//! Values of the host in a machine's heap.

use super::{Fault, Machine};
use crate::{answer::Answer, heap::Full, value::Value};
use scheme_core::{diag::Code, prim::Prim};

/// How deep a value may nest.
const MOST_NESTED: usize = 500;

impl Machine {
    /// A value in the heap; `number` gives the values of its numbers, in the order in which it is written.
    ///
    /// # Errors
    /// It passes the limit of memory, nests deeper than 500, or holds what only a run can make: a procedure that
    /// is no primitive.
    pub(crate) fn take_in(
        &mut self,
        answer: &Answer,
        number: &mut dyn FnMut(f64) -> Value,
    ) -> Result<Value, Box<Fault>> {
        self.taken_at(answer, number, 0)
    }

    fn taken_at(
        &mut self,
        answer: &Answer,
        number: &mut dyn FnMut(f64) -> Value,
        depth: usize,
    ) -> Result<Value, Box<Fault>> {
        if depth > MOST_NESTED {
            let message = format!("a value that nests deeper than {MOST_NESTED} was given");
            return Err(self.fault(Code::TooDeep, message, u32::MAX));
        }
        let made = match answer {
            Answer::Number(x) => return Ok(number(*x)),
            Answer::Bool(b) => return Ok(Value::bool(*b)),
            Answer::Char(c) => return Ok(Value::char(*c)),
            Answer::Unspecified => return Ok(Value::UNSPECIFIED),
            Answer::Symbol(name) => return self.intern(name, u32::MAX),
            Answer::String(text) => self.heap.string(text),
            Answer::List(items) => {
                let items = self.all_taken(items, number, depth)?;
                return self.list(&items, Value::NIL, u32::MAX);
            }
            Answer::Dotted(items, tail) => {
                let items = self.all_taken(items, number, depth)?;
                let tail = self.taken_at(tail, number, depth + 1)?;
                return self.list(&items, tail, u32::MAX);
            }
            Answer::Vector(items) => {
                let items = self.all_taken(items, number, depth)?;
                self.heap.vector(&items)
            }
            Answer::Values(items) => {
                let items = self.all_taken(items, number, depth)?;
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
        depth: usize,
    ) -> Result<Vec<Value>, Box<Fault>> {
        items.iter().map(|item| self.taken_at(item, number, depth + 1)).collect()
    }

    #[cold]
    fn not_given(&self, what: &str) -> Box<Fault> {
        let message = format!("{what} was given, which only the run that made it has");
        self.fault(Code::WrongType, message, u32::MAX)
    }
}
