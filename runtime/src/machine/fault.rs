//! What ends a run early.

use super::Machine;
use scheme_core::{diag::Code, span::Span};

/// How many waiting calls a fault remembers.
const MOST_CALLS: usize = 48;

/// An error of a running program.
#[derive(Clone, PartialEq, Debug)]
pub struct Fault {
    /// The stable code.
    pub code: Code,
    /// What is wrong, in plain words.
    pub message: String,
    /// How to mend it, where that is known.
    pub hint: Option<String>,
    /// The place in the interpreted text, 0 if none is interpreted.
    pub place: u32,
    /// The place in the module's own source, if that is known.
    pub own: Option<Span>,
    /// The places in the interpreted text of calls that waited, innermost first, each once.
    pub calls: Vec<u32>,
}

impl Fault {
    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hint = Some(hint.into());
        self
    }

    /// The same inside the call at a place, which waited last.
    #[cold]
    pub(super) fn within(mut self: Box<Self>, call: u32) -> Box<Self> {
        if call != 0 && call != self.place && !self.calls.contains(&call) {
            self.calls.insert(0, call);
        }
        self
    }
}

impl Machine {
    /// An error at the present place, `at` being its number in the module.
    #[cold]
    pub(super) fn fault(&self, code: Code, message: impl Into<String>, at: u32) -> Box<Fault> {
        let own = self.module.places.get(at as usize).copied();
        Box::new(Fault {
            code,
            message: message.into(),
            hint: None,
            place: self.place,
            own,
            calls: self.waiting(),
        })
    }

    /// The places of calls that wait, innermost first, each once.
    #[cold]
    pub(super) fn waiting(&self) -> Vec<u32> {
        let mut calls: Vec<u32> = Vec::new();
        for frame in self.frames.iter().rev() {
            if calls.len() == MOST_CALLS {
                break;
            }
            if frame.place != 0 && frame.place != self.place && !calls.contains(&frame.place) {
                calls.push(frame.place);
            }
        }
        calls
    }
}
