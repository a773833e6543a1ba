//! Code for the explicit machine: a kernel program as blocks.
//!
//! Programs that can hold heap values run on a machine with its own stack. Their code is a
//! [`Module`]: procedures with flat closures, cut into [`Block`]s, each a straight line of primitive
//! applications and one [`End`]. A block takes all it needs as parameters, which are exactly the
//! variables live at its start, and reads no others; so a frame keeps nothing alive that the
//! program cannot reach, and every root of the heap is on the stack between two blocks.
//!
//! Promises: calls and returns only at ends of blocks; operands left to right; tail calls leave no
//! frame; blocks of a procedure jump forward only, every loop is a call; no closure is reachable
//! from what it captured, as procedures of one [`Fix`](crate::kernel::ExprKind::Fix) share one
//! record of captures that holds none of them. What runs a module is not here, nor is any Rust text.

mod build;
mod compile;
mod islands;
mod live;
mod print;

pub use compile::{compile, compile_with};
pub use islands::{Island, islands};

use crate::{datum::Datum, prim::Prim, span::Span};
use std::rc::Rc;

/// A variable of a procedure: a parameter or the result of a step or call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Var(pub u32);

/// An index into [`Module::blocks`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BlockId(pub u32);

/// An index into [`Module::procedures`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ProcId(pub u32);

/// A whole program. Its text form ([`Display`](std::fmt::Display)) is stable.
#[derive(Clone, Debug)]
pub struct Module {
    /// The names of the symbols it quotes; a symbol is its index here.
    pub symbols: Vec<Rc<str>>,
    /// Quoted lists, vectors and strings.
    pub constants: Vec<Datum>,
    /// The procedures; the first is the program itself, which takes the inputs.
    pub procedures: Vec<Procedure>,
    /// The blocks of all procedures.
    pub blocks: Vec<Block>,
}

impl Module {
    /// Whether a procedure is entered through the island with this index.
    pub fn enters(&self, island: u32) -> bool {
        let mut steps = self.blocks.iter().flat_map(|block| &block.steps);
        steps.any(|step| matches!(step.op, Op::Island(i, _) if i == island))
    }
}

/// A procedure's code.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// What messages call it.
    pub name: Option<Rc<str>>,
    /// How many fixed parameters it takes.
    pub params: u32,
    /// Whether further arguments come as a list.
    pub rest: bool,
    /// Its first block, whose parameters are the closure itself, then the arguments.
    pub entry: BlockId,
    /// Where it was written.
    pub span: Span,
}

/// A straight line of steps and an end.
#[derive(Clone, Debug)]
pub struct Block {
    /// The variables it is given.
    pub params: Vec<Var>,
    /// One more, last, given by what comes before it: a call's value or a branch's.
    pub result: Option<Var>,
    /// What it computes.
    pub steps: Vec<Step>,
    /// Where it goes.
    pub end: End,
    /// The place of its end.
    pub span: Span,
}

/// One variable's value.
#[derive(Clone, Debug)]
pub struct Step {
    /// The variable.
    pub var: Var,
    /// Its value.
    pub op: Op,
    /// Where it was written.
    pub span: Span,
}

/// How a step computes.
#[derive(Clone, Debug)]
pub enum Op {
    /// A number.
    Number(f64),
    /// `#t` or `#f`.
    Bool(bool),
    /// A character.
    Char(char),
    /// The empty list.
    Nil,
    /// The unspecified value.
    Unspecified,
    /// A symbol, by its index in [`Module::symbols`].
    Symbol(u32),
    /// A quoted datum, by its index in [`Module::constants`].
    Constant(u32),
    /// A primitive as a value.
    Primitive(Prim),
    /// A value that a closure captured.
    Captured(Var, u32),
    /// A closure on a fresh record of captures, which tells it from others of the procedure even if it is empty.
    Closure(ProcId, Vec<Var>),
    /// The closure without a record, of a procedure that captures nothing and that is made once, or not known apart.
    Static(ProcId),
    /// A closure on the record of another.
    Sibling(ProcId, Var),
    /// The number that an [`Island`] gives on numbers, by its index; `#f` if it gives none.
    Island(u32, Vec<Var>),
    /// A primitive that needs no call, applied.
    Apply(Prim, Vec<Var>),
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Gives the procedure's value.
    Return(Var),
    /// Goes to a block of the same procedure, with its result if it takes one.
    Jump(BlockId, Option<Var>),
    /// Goes to the first block unless the variable is `#f`, else to the second.
    Branch(Var, BlockId, BlockId),
    /// Calls; with a block to go on at, which takes the value as result, or else in tail position.
    Call(Callee, Vec<Var>, Option<BlockId>),
}

/// What is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callee {
    /// Any value.
    Value(Var),
    /// A known procedure with the right number of arguments, on the record of a closure.
    Known(ProcId, Var),
    /// A known procedure without captures, with the right number of arguments.
    Static(ProcId),
    /// A value, with the last argument a list of further arguments.
    Spread(Var),
    /// The second variable with a list of arguments, at the place of the datum in the first.
    At(Var, Var),
}
