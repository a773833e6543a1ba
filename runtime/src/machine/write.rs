//! Values as text, shortened where they are long.

use super::Machine;
use crate::value::Value;
use scheme_core::reader::number_text;

/// About how many bytes a value's text in a message has at most.
const MESSAGE: usize = 80;

/// What is still to be written.
enum Part {
    Value(Value),
    Tail(Value),
    Text(&'static str),
}

impl Machine {
    /// The value as messages show it.
    pub(super) fn write(&self, value: Value) -> String {
        self.text(value, MESSAGE)
    }

    /// The value as `write` shows it, cut off with an ellipsis after about `most` bytes.
    pub fn text(&self, value: Value, most: usize) -> String {
        let mut text = String::new();
        let mut parts = vec![Part::Value(value)];
        while let Some(part) = parts.pop() {
            if text.len() > most {
                text.push('…');
                break;
            }
            match part {
                Part::Text(s) => text.push_str(s),
                Part::Value(value) => self.begin(value, &mut text, &mut parts),
                Part::Tail(Value::Nil) => text.push(')'),
                Part::Tail(Value::Pair { at, .. }) => {
                    text.push(' ');
                    parts.push(Part::Tail(self.heap.cdr(at)));
                    parts.push(Part::Value(self.heap.car(at)));
                }
                Part::Tail(value) => {
                    text.push_str(" . ");
                    parts.push(Part::Text(")"));
                    parts.push(Part::Value(value));
                }
            }
        }
        text
    }

    fn begin(&self, value: Value, text: &mut String, parts: &mut Vec<Part>) {
        match value {
            Value::Num { v, .. } => text.push_str(&number_text(v)),
            Value::Bool(b) => text.push_str(if b { "#t" } else { "#f" }),
            Value::Nil => text.push_str("()"),
            Value::Unspecified => text.push_str("#<unspecified>"),
            Value::Char(c) => text.push_str(&format!("#\\{c}")),
            Value::Symbol(i) => text.push_str(self.symbols.get(i as usize).map_or("", |name| name)),
            Value::Prim(prim) => text.push_str(&format!("#<procedure {}>", prim.name())),
            Value::Closure { code, .. } => {
                let name = self.module.procedures.get(code as usize).map_or("", |p| p.name);
                let space = if name.is_empty() { "" } else { " " };
                text.push_str(&format!("#<procedure{space}{name}>"));
            }
            Value::Str(at) => text.push_str(&format!("{:?}", self.heap.text(at))),
            Value::Pair { at, .. } => {
                text.push('(');
                parts.push(Part::Tail(self.heap.cdr(at)));
                parts.push(Part::Value(self.heap.car(at)));
            }
            Value::Vector(at) => {
                text.push_str("#(");
                parts.push(Part::Text(")"));
                for i in (0..self.heap.row_len(at)).rev() {
                    parts.push(Part::Value(self.heap.item(at, i)));
                    if i > 0 {
                        parts.push(Part::Text(" "));
                    }
                }
            }
        }
    }
}
