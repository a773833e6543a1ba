//! A compiled program as emitted: static data and the functions of its blocks.

use super::{Flow, Machine};
use scheme_core::span::Span;
use std::fmt;

/// The function of a block.
pub type Code = fn(&mut Machine) -> Flow;

/// A compiled program.
pub struct Module {
    /// The symbols it quotes; they come first among a machine's.
    pub symbols: &'static [&'static str],
    /// Its quoted lists, vectors and strings.
    pub constants: &'static [Quoted],
    /// Its procedures, the program itself first.
    pub procedures: &'static [Procedure],
    /// Its blocks.
    pub blocks: &'static [Code],
    /// The number of each block's place, where it starts.
    pub at: &'static [u32],
    /// Places in its source, by the numbers that its blocks give to what may fail.
    pub places: &'static [Span],
    /// Whether it interprets other programs: its calls have places in their texts.
    pub interprets: bool,
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Module({} procedures, {} blocks)", self.procedures.len(), self.blocks.len())
    }
}

/// A procedure of a module.
#[derive(Clone, Copy, Debug)]
pub struct Procedure {
    /// What messages call it; empty, if it has no name.
    pub name: &'static str,
    /// How many fixed parameters it takes.
    pub params: u32,
    /// Whether further arguments come as a list.
    pub rest: bool,
    /// Its first block.
    pub entry: u32,
}

/// A quoted datum.
#[derive(Clone, Copy, Debug)]
pub enum Quoted {
    /// A number, by its bits.
    Number(u64),
    /// `#t` or `#f`.
    Bool(bool),
    /// A character.
    Char(char),
    /// A symbol of the module.
    Symbol(u32),
    /// A string.
    Str(&'static str),
    /// A list, with the tail of a dotted one.
    List(&'static [Quoted], Option<&'static Quoted>),
    /// A vector.
    Vector(&'static [Quoted]),
}
