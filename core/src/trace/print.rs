//! The text of traces: that of graphs, with a line for each guard where the run decided.

use super::{Slot, Trace};
use std::fmt;

/// Places stand in one column behind lines that are no longer.
const WIDEST: usize = 60;

/// A line, and the place of what it says.
type Line = (String, u32);

impl Trace {
    /// Its text with names for its inputs, and behind operations and guards what `place` says of their places.
    ///
    /// ```
    /// use scheme_core::{prim::Numeric, trace::{Slot, Trace}};
    ///
    /// let mut trace = Trace::new(1);
    /// let y = trace.push(Numeric::Sin, &[Slot::value(0)], 7);
    /// trace.give(vec![y]);
    /// let text = trace.text(&["x".to_string()], |place| Some(format!("at {place}")));
    /// assert_eq!(text, "trace(x: v0) {\n  v1: real = sin v0  ; at 7\n  give v1\n}\n");
    /// ```
    pub fn text(&self, names: &[String], place: impl Fn(u32) -> Option<String>) -> String {
        let input = |i| names.get(i).map_or_else(|| format!("v{i}"), |name| format!("{name}: v{i}"));
        let inputs: Vec<String> = (0..self.inputs()).map(input).collect();
        let lines = self.lines();
        let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|n| *n <= WIDEST).max();
        let mut text = format!("trace({}) {{\n", inputs.join(", "));
        for (line, at) in &lines {
            text += &match place(*at).filter(|_| *at != 0) {
                Some(at) => format!("  {line:width$}  ; {at}\n", width = width.unwrap_or(0)),
                None => format!("  {line}\n"),
            };
        }
        text + "}\n"
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::with_capacity(self.len() + self.guards().len() + 1);
        let mut guards = self.guards().iter().peekable();
        for done in 0..=self.len() {
            while let Some(guard) = guards.next_if(|guard| guard.after as usize <= done) {
                let line = format!("guard {} is {}", self.show(guard.slot), guard.must);
                lines.push((line, guard.place));
            }
            if done < self.len() {
                let operation = self.operation(done);
                let row = operation.row.row();
                let result = format!("{}: {}", self.show(operation.result), row.result);
                let line = format!("{result} = {}{}", row.ident, self.shown(operation.operands));
                lines.push((line, operation.place));
            }
        }
        lines.push((format!("give{}", self.shown(self.results())), 0));
        lines
    }

    fn shown(&self, slots: &[Slot]) -> String {
        slots.iter().map(|slot| format!(" {}", self.show(*slot))).collect()
    }

    fn show(&self, slot: Slot) -> String {
        match self.constant_at(slot) {
            Some(x) => format!("{x:?}"),
            None => format!("v{}", slot.index()),
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&[], |_| None))
    }
}
