//! Lexical scope: which binding a name means here.
//!
//! One map from names to their open bindings, innermost last, and a trail to close them in order.
//! Inputs, primitives and forms are not in it: what is not bound here means those.

use super::Local;
use std::{collections::HashMap, rc::Rc};

/// The bindings open at the place being desugared.
#[derive(Default)]
pub(super) struct Scope {
    open: HashMap<Rc<str>, Vec<Local>>,
    trail: Vec<Rc<str>>,
}

/// A state of the scope to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark(usize);

impl Scope {
    /// The innermost binding of a name.
    pub(super) fn get(&self, name: &str) -> Option<Local> {
        self.open.get(name).and_then(|bindings| bindings.last().copied())
    }

    /// Opens a binding.
    pub(super) fn bind(&mut self, name: &Rc<str>, local: Local) {
        self.open.entry(name.clone()).or_default().push(local);
        self.trail.push(name.clone());
    }

    /// The state now.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    /// Closes all bindings opened since the mark.
    pub(super) fn close(&mut self, mark: Mark) {
        for name in self.trail.drain(mark.0.min(self.trail.len())..) {
            if let Some(bindings) = self.open.get_mut(&name) {
                bindings.pop();
            }
        }
    }

    /// The names with an open binding, innermost first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.trail.iter().rev().map(|name| &**name)
    }
}
