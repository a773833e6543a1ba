//! The symbols of a run: those that the program began with, shared, and those that it made.

use super::{Fault, Machine};
use crate::{
    heap::Full,
    value::{Value, View},
};
use std::{collections::HashMap, sync::Arc};

/// Names by number, each once.
#[derive(Clone, Debug)]
pub(super) struct Symbols {
    shared: Arc<[Arc<str>]>,
    made: Vec<Arc<str>>,
    /// What the names made take, in cells.
    cells: usize,
    /// The numbers by name, from the first time that one is asked for.
    numbers: HashMap<Arc<str>, u32>,
}

impl Symbols {
    pub(super) fn new(shared: Arc<[Arc<str>]>) -> Self {
        Self { shared, made: Vec::new(), cells: 0, numbers: HashMap::new() }
    }

    /// Adds names that it does not have.
    pub(super) fn add(&mut self, names: Vec<Arc<str>>) {
        self.shared = self.shared.iter().cloned().chain(names).collect();
    }

    /// The name of a number.
    pub(super) fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let made = || number.checked_sub(self.shared.len()).and_then(|i| self.made.get(i));
        self.shared.get(number).or_else(made).map_or("", |name| name)
    }

    /// All names, to start other runs from.
    pub(super) fn into_shared(self) -> Arc<[Arc<str>]> {
        if self.made.is_empty() {
            self.shared
        } else {
            self.shared.iter().cloned().chain(self.made).collect()
        }
    }

    /// The number of a name, a new one if need be and if names take no more than `most` cells.
    fn intern(&mut self, name: &str, most: usize) -> Result<u32, Full> {
        if self.numbers.is_empty() {
            self.numbers.extend(self.shared.iter().cloned().zip(0..));
        }
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        // A name is also a key of the table.
        self.cells += 8 + name.len() / 16;
        if self.cells > most {
            return Err(Full { cells: self.cells });
        }
        let number = (self.shared.len() + self.made.len()) as u32;
        let name: Arc<str> = name.into();
        self.made.push(name.clone());
        self.numbers.insert(name, number);
        Ok(number)
    }
}

impl Machine {
    /// The symbol with a name.
    pub(super) fn intern(&mut self, name: &str, at: u32) -> Result<Value, Box<Fault>> {
        let number = self.symbols.intern(name, self.heap.limit());
        number.map(Value::symbol).map_err(|full| self.memory(full, at))
    }

    /// The name of a symbol.
    pub(super) fn symbol_name(&self, symbol: Value, who: &str, at: u32) -> Result<String, Box<Fault>> {
        match symbol.view() {
            View::Symbol(number) => Ok(self.symbols.name(number).to_string()),
            _ => Err(self.not_a(who, "a symbol", symbol, at)),
        }
    }
}
