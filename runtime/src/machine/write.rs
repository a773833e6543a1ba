//! Values as text, shortened where they are long.

use super::Machine;
use crate::value::{Value, View};
use scheme_core::reader::{char_text, number_text, string_text, symbol_text};

/// About how many bytes a value's text in a message has at most.
const MESSAGE: usize = 80;

/// How many times as long as asked for a text may be before it is cut inside of a string or name.
const LONGER: usize = 2;

/// What is still to be written.
enum Part {
    Value(Value),
    Tail(Value),
    /// The items of a row from an index on.
    Items(u32, usize),
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
                Part::Items(row, i) => {
                    if let Some(item) = self.heap.items(row).get(i) {
                        text.push_str(if i > 0 { " " } else { "" });
                        parts.extend([Part::Items(row, i + 1), Part::Value(*item)]);
                    }
                }
                Part::Value(value) => self.begin(value, most, &mut text, &mut parts),
                Part::Tail(value) => match value.view() {
                    View::Nil => text.push(')'),
                    View::Pair { at, .. } => {
                        text.push(' ');
                        parts.push(Part::Tail(self.heap.cdr(at)));
                        parts.push(Part::Value(self.heap.car(at)));
                    }
                    _ => {
                        text.push_str(" . ");
                        parts.push(Part::Text(")"));
                        parts.push(Part::Value(value));
                    }
                },
            }
        }
        if text.len() > LONGER * most {
            text.truncate(text.floor_char_boundary(most));
            text.push('…');
        }
        text
    }

    fn begin(&self, value: Value, most: usize, text: &mut String, parts: &mut Vec<Part>) {
        match value.view() {
            View::Num { v, .. } => text.push_str(&number_text(v)),
            View::Bool(b) => text.push_str(if b { "#t" } else { "#f" }),
            View::Nil => text.push_str("()"),
            View::Unspecified => text.push_str("#<unspecified>"),
            View::Char(c) => text.push_str(&char_text(c)),
            View::Symbol(i) => text.push_str(&symbol_text(shown(self.symbols.name(i), most))),
            View::Prim(prim) => text.push_str(&format!("#<procedure {}>", prim.name())),
            View::Closure { .. } => match self.procedure_name(value) {
                Some(name) => text.push_str(&format!("#<procedure {}>", symbol_text(shown(name, most)))),
                None => text.push_str("#<procedure>"),
            },
            View::Str(at) => {
                let start = self.heap.start_of_text(at, LONGER * most + 1);
                text.push_str(&string_text(shown(&start, most)));
            }
            View::Pair { at, .. } => {
                text.push('(');
                parts.push(Part::Tail(self.heap.cdr(at)));
                parts.push(Part::Value(self.heap.car(at)));
            }
            View::Vector(at) => {
                text.push_str("#(");
                parts.extend([Part::Text(")"), Part::Items(at, 0)]);
            }
            View::Values(at) => {
                text.push_str(if self.heap.row_len(at) == 0 { "#<values" } else { "#<values " });
                parts.extend([Part::Text(">"), Part::Items(at, 0)]);
            }
            View::Numbers(at) => numbers(self.heap.items(at), most, text),
            View::Matrix(at) => {
                text.push_str("(mat");
                let (rows, cols) = self.heap.matrix_shape(at);
                let items = self.heap.matrix_items(at);
                for row in 0..rows as usize {
                    if text.len() > most {
                        return;
                    }
                    text.push(' ');
                    let first = row * cols as usize;
                    numbers(items.get(first..first + cols as usize).unwrap_or_default(), most, text);
                }
                text.push(')');
            }
        }
    }
}

/// As much of a string or name as may be shown: more makes a text be cut, and is not looked at.
fn shown(text: &str, most: usize) -> &str {
    text.get(..text.ceil_char_boundary(LONGER * most + 1)).unwrap_or(text)
}

/// Numbers between brackets, until the text is too long.
fn numbers(items: &[Value], most: usize, text: &mut String) {
    text.push('[');
    for (i, item) in items.iter().enumerate() {
        if text.len() > most {
            return;
        }
        if i > 0 {
            text.push(' ');
        }
        text.push_str(&number_text(item.primal()));
    }
    text.push(']');
}
