//! The text of traces: that of graphs, with a line for each guard where the run decided.

use super::{Must, Slot, Trace};
use crate::reader::number_text;
use std::fmt;

impl Trace {
    fn show(&self, slot: Slot) -> String {
        match self.constant_at(slot) {
            Some(x) => format!("{x:?}"),
            None => format!("v{}", slot.index()),
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: Vec<String> = (0..self.inputs()).map(|i| format!("v{i}")).collect();
        writeln!(f, "trace({}) {{", inputs.join(", "))?;
        let mut guards = self.guards().iter().peekable();
        for done in 0..=self.len() {
            while let Some(guard) = guards.next_if(|guard| guard.after as usize <= done) {
                let slot = self.show(guard.slot);
                match guard.must {
                    Must::Be(b) => writeln!(f, "  guard {slot} is {b}")?,
                    Must::Equal(bits) => {
                        writeln!(f, "  guard {slot} is {}", number_text(f64::from_bits(bits)))?;
                    }
                }
            }
            if done < self.len() {
                let operation = self.operation(done);
                let row = operation.row.row();
                write!(f, "  {}: {} = {}", self.show(operation.result), row.result, row.ident)?;
                for slot in operation.operands {
                    write!(f, " {}", self.show(*slot))?;
                }
                writeln!(f)?;
            }
        }
        let results: Vec<String> = self.results().iter().map(|slot| self.show(*slot)).collect();
        writeln!(f, "  give {}\n}}", results.join(" "))
    }
}
