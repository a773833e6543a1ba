//! Strings: Unicode scalar values, counted from 0.
//!
//! A string lies in the heap as UTF-8 and is read as a whole, so that each operation takes steps in
//! proportion to its operands' lengths.

use super::{Fault, Machine, unicode};
use crate::{
    heap::{Full, Heap},
    value::{Value, View},
};
use std::cmp::Ordering;

impl Machine {
    /// A fresh string.
    pub(super) fn new_string(&mut self, text: &str, at: u32) -> Result<Value, Box<Fault>> {
        self.reserve_text(text.len(), at)?;
        self.kept(text, at)
    }

    /// Refuses a text of that many bytes before it is built, or takes its steps.
    fn reserve_text(&mut self, bytes: usize, at: u32) -> Result<(), Box<Fault>> {
        self.has_room(bytes, at)?;
        self.charge(Heap::cells_of_text(bytes) as u64)
    }

    /// The string of a text that there is room for.
    fn kept(&mut self, text: &str, at: u32) -> Result<Value, Box<Fault>> {
        self.heap.string(text).map_err(|full| self.memory(full, at))
    }

    /// The text of a string.
    pub(super) fn text_of(&mut self, string: Value, who: &str, at: u32) -> Result<String, Box<Fault>> {
        let View::Str(row) = string.view() else { return Err(self.not_a(who, "a string", string, at)) };
        self.charge(u64::from(self.heap.row_len(row)))?;
        Ok(self.heap.text(row))
    }

    /// The characters from an optional start to before an optional end.
    pub(super) fn part_of_text(
        &mut self,
        string: Value,
        bounds: &[Value],
        who: &str,
        at: u32,
    ) -> Result<String, Box<Fault>> {
        let text = self.text_of(string, who, at)?;
        let range = self.range(bounds, text.chars().count(), "string", who, at)?;
        Ok(text.chars().skip(range.start).take(range.len()).collect())
    }

    /// The same as values.
    pub(super) fn chars_of(
        &mut self,
        string: Value,
        bounds: &[Value],
        who: &str,
        at: u32,
    ) -> Result<Vec<Value>, Box<Fault>> {
        let items: Vec<_> = self.part_of_text(string, bounds, who, at)?.chars().map(Value::char).collect();
        self.charge(items.len() as u64)?;
        Ok(items)
    }

    /// The string of characters.
    pub(super) fn string(&mut self, items: &[Value], who: &str, at: u32) -> Result<Value, Box<Fault>> {
        let chars: Result<String, _> = items.iter().map(|item| self.char_of(*item, who, at)).collect();
        self.new_string(&chars?, at)
    }

    pub(super) fn make_string(
        &mut self,
        n: Value,
        c: Option<&Value>,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let c = c.map_or(Ok(' '), |c| self.char_of(*c, who, at))?;
        let n = self.size(n, who, at)?;
        self.reserve_text(n.saturating_mul(c.len_utf8()), at)?;
        self.kept(&c.to_string().repeat(n), at)
    }

    /// Refuses a text of that many bytes before it is built, if it may not be that long or cannot be kept.
    fn has_room(&self, bytes: usize, at: u32) -> Result<(), Box<Fault>> {
        if bytes as u64 > self.limits.string {
            return Err(self.too_long(bytes, at));
        }
        let cells = Heap::cells_of_text(bytes);
        if cells > self.heap.limit() { Err(self.memory(Full { cells }, at)) } else { Ok(()) }
    }

    pub(super) fn string_ref(
        &mut self,
        string: Value,
        k: Value,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let text = self.text_of(string, who, at)?;
        let length = text.chars().count();
        let k = self.position(k, length, "string", who, at)?;
        let found = text.chars().nth(k).map(Value::char);
        found.ok_or_else(|| self.past_the_end(Value::num(k as f64), "string", length, who, at))
    }

    pub(super) fn string_append(
        &mut self,
        strings: &[Value],
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut all = String::new();
        for string in strings {
            all.push_str(&self.text_of(*string, who, at)?);
            self.has_room(all.len(), at)?;
        }
        self.new_string(&all, at)
    }

    /// Whether each neighbouring pair is in the order that `holds` wants.
    pub(super) fn compare_strings(
        &mut self,
        arguments: &[Value],
        fold: bool,
        holds: fn(Ordering) -> bool,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let mut all = true;
        let mut before: Option<String> = None;
        for argument in arguments {
            let text = self.text_of(*argument, who, at)?;
            let text = if fold { unicode::fold_text(&text) } else { text };
            // The order of UTF-8 is that of the scalar values.
            all &= before.is_none_or(|before| holds(before.cmp(&text)));
            before = Some(text);
        }
        Ok(Value::bool(all))
    }

    pub(super) fn recase(
        &mut self,
        string: Value,
        case: impl Fn(&str) -> String,
        who: &str,
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        let text = case(&self.text_of(string, who, at)?);
        self.new_string(&text, at)
    }
}
