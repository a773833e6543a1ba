//! Values as answers, which outlive the machine.

use super::Machine;
use crate::{
    answer::Answer,
    stack,
    value::{Value, View},
};
use scheme_core::prim::Prim;

/// How deep an answer nests, and how many items it has, before it is given as text. Parts that are shared count for
/// each mention; no more items are read than cells may be kept alive.
const MOST_NESTED: usize = 500;
const MOST_ITEMS: usize = 1 << 22;

/// How many bytes the text of such an answer may have.
const LONGEST_TEXT: usize = 1 << 20;

impl Machine {
    /// A value as it is outside of the machine.
    pub(crate) fn answer(&self, value: Value) -> Answer {
        self.reading(None).answer(value)
    }

    /// The same with the numbers and truth values in it, in the order in which they are written.
    pub(super) fn answer_and_leaves(&self, value: Value) -> (Answer, Vec<Value>) {
        let mut reading = self.reading(Some(Vec::new()));
        (reading.answer(value), reading.leaves.unwrap_or_default())
    }

    fn reading(&self, leaves: Option<Vec<Value>>) -> Reading<'_> {
        Reading { machine: self, left: MOST_ITEMS.min(self.heap.limit()), leaves }
    }
}

/// The value is too large.
struct TooMuch;

struct Reading<'a> {
    machine: &'a Machine,
    left: usize,
    /// The numbers and truth values, if they are asked for.
    leaves: Option<Vec<Value>>,
}

impl Reading<'_> {
    fn answer(&mut self, value: Value) -> Answer {
        self.read(value, 0).unwrap_or_else(|_| Answer::Text(self.machine.text(value, LONGEST_TEXT)))
    }

    fn read(&mut self, value: Value, depth: usize) -> Result<Answer, TooMuch> {
        self.take(1)?;
        if depth > MOST_NESTED {
            return Err(TooMuch);
        }
        stack::for_a_level(|| self.begin(value, depth))
    }

    /// Takes items off those that may come.
    fn take(&mut self, items: usize) -> Result<(), TooMuch> {
        self.left = self.left.checked_sub(items).ok_or(TooMuch)?;
        Ok(())
    }

    /// Notes leaves, if they are asked for.
    fn note(&mut self, leaves: &[Value]) {
        if let Some(all) = &mut self.leaves {
            all.extend_from_slice(leaves);
        }
    }

    /// A text, that counts as items of its size.
    fn text(&mut self, text: String) -> Result<String, TooMuch> {
        self.take(text.len() / size_of::<Answer>())?;
        Ok(text)
    }

    fn begin(&mut self, value: Value, depth: usize) -> Result<Answer, TooMuch> {
        Ok(match value.view() {
            View::Num { v, .. } => {
                self.note(&[value]);
                Answer::Number(v)
            }
            View::Bool(b) => {
                self.note(&[value]);
                Answer::Bool(b)
            }
            View::Nil => Answer::List(Vec::new()),
            View::Unspecified => Answer::Unspecified,
            View::Char(c) => Answer::Char(c),
            View::Symbol(i) => Answer::Symbol(self.text(self.machine.symbols.name(i).to_string())?),
            View::Prim(prim) => Answer::Procedure(Prim::name(prim)),
            View::Closure { .. } => match self.machine.procedure_name(value) {
                Some(name) => Answer::Lambda(Some(self.text(name.to_string())?)),
                None => Answer::Lambda(None),
            },
            View::Str(at) => Answer::String(self.text(self.machine.heap.text(at))?),
            View::Pair { .. } => return self.pairs(value, depth),
            View::Vector(at) => Answer::Vector(self.row(at, depth)?),
            View::Values(at) => Answer::Values(self.row(at, depth)?),
            View::Numbers(at) => {
                let items = self.machine.heap.items(at);
                self.take(items.len())?;
                self.note(items);
                Answer::Numbers(primals(items))
            }
            View::Matrix(at) => {
                let (rows, columns) = self.machine.heap.matrix_shape(at);
                let items = self.machine.heap.matrix_items(at);
                self.take(items.len() + rows as usize)?;
                self.note(items);
                let row = |i| items.get(i * columns as usize..(i + 1) * columns as usize).unwrap_or_default();
                Answer::Matrix((0..rows as usize).map(|i| primals(row(i))).collect())
            }
        })
    }

    fn row(&mut self, at: u32, depth: usize) -> Result<Vec<Answer>, TooMuch> {
        let items = self.machine.heap.items(at);
        self.take(items.len())?;
        items.iter().map(|item| self.read(*item, depth + 1)).collect()
    }

    fn pairs(&mut self, value: Value, depth: usize) -> Result<Answer, TooMuch> {
        let mut items = Vec::new();
        let mut rest = value;
        while let View::Pair { at, .. } = rest.view() {
            items.push(self.read(self.machine.heap.car(at), depth + 1)?);
            rest = self.machine.heap.cdr(at);
        }
        if rest.is_null() {
            return Ok(Answer::List(items));
        }
        Ok(Answer::Dotted(items, self.read(rest, depth + 1)?.into()))
    }
}

fn primals(items: &[Value]) -> Vec<f64> {
    items.iter().map(|item| item.primal()).collect()
}
