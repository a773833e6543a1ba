//! Kernel to module: programs on numbers whose structure is known when they are compiled.
//!
//! `lower : program -> module`. An online specialiser: it runs the program on values of which only numbers
//! and truth values are unknown. Pairs, symbols and procedures are known and cost nothing; procedures that
//! do not refer to themselves are inlined; the others become functions, one for each shape of what they are
//! called with, and calls in tail position become loops. A program that is not so known, since it makes
//! lists of unknown length or chooses between procedures by a number, is [`Lowered::General`].
//!
//! An error that every run meets is an error of the program; one that some runs meet ends those. Nothing
//! is differentiated here unless the program says so, and no operation on numbers is done here but for
//! those whose value is exact in every precision.

mod arrays;
mod assemble;
mod cursors;
mod derivatives;
mod expr;
mod identity;
mod join;
mod known;
mod lists;
mod loops;
mod numeric;
mod scope;
mod skeleton;
mod specialise;
mod stop;
mod structural;
mod uses;
mod value;

use crate::{
    anf::{Atom, Builder, Module},
    diag::{Code, Diagnostic},
    kernel::{Declared, Local, LocalInfo, Program},
    span::Span,
};
use cursors::{Lists, Places};
use scope::Facts;
use specialise::{Frame, Functions, Key, Knowledge};
use std::{collections::HashMap, rc::Rc};
use stop::Stop;
use value::{Closure, Val};

/// What became of a program.
#[derive(Debug)]
pub enum Lowered {
    /// All that is not a number or truth value is known.
    Direct(Direct),
    /// The program needs general values.
    General {
        /// For what, a noun, and where.
        why: Diagnostic,
        /// The types of inputs that were found to be arrays by their use and are not declared.
        inputs: Vec<(Local, Declared)>,
    },
}

/// A program as functions on numbers and truth values.
#[derive(Clone, Debug)]
pub struct Direct {
    /// The functions. The parameters of the first, the program, are the leaves of the inputs, in order, then
    /// the learnable constants, then the captures; its results are the leaves of its value.
    pub module: Module,
    /// What each input is.
    pub inputs: Vec<Arrangement>,
    /// How many learnable constants there are.
    pub params: usize,
    /// What the value is.
    pub result: Arrangement,
}

/// How the leaves of an input or result are arranged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arrangement {
    /// A number.
    Real,
    /// A truth value.
    Bool,
    /// A numeric vector of so many numbers.
    Vector(u32),
    /// A matrix of so many rows and columns, row by row.
    Matrix(u32, u32),
    /// A list of so many numbers.
    List(u32),
}

impl Arrangement {
    /// How many leaves there are.
    pub fn leaves(self) -> usize {
        match self {
            Self::Real | Self::Bool => 1,
            Self::Vector(n) | Self::List(n) => n as usize,
            Self::Matrix(rows, columns) => rows as usize * columns as usize,
        }
    }
}

/// Lowering stops at so many instructions, of which some may go again.
const MAX_SIZE: usize = 100_000;

/// The most instructions of a module: what a dev build compiles in seconds, with its derivatives. As lowering
/// runs what is known, and leaves no instruction for it, [`MAX_SIZE`] is far more.
const MAX_MODULE: usize = 5_000;

/// The most choices within one another: deeper, rustc exhausts its stack on the blocks that are written for them.
const MAX_CHOICES: usize = 200;

/// Expressions within expressions, inlined bodies and functions, at most: a little more than a program
/// nests, so that lowering and what follows it leave 2 MiB of stack unexhausted.
const MAX_DEPTH: usize = 600;

/// How many expressions a function within functions counts for.
const FUNCTION_DEPTH: usize = 8;

/// The most shapes that one procedure is lowered for.
const MAX_KEYS: usize = 300;

/// The most instructions of a function that is inlined.
const MAX_INLINE: usize = 1000;

/// How often lowering may begin again.
const MAX_RESTARTS: usize = 100;

/// How often it may, with other procedures that go along lists by cursors, and after how many instructions of such
/// attempts no further one is made.
const MAX_ATTEMPTS: usize = 16;
const MAX_ATTEMPTED: usize = 4 * MAX_SIZE;

/// Lowers a program.
///
/// # Errors
/// What is wrong with it in every run.
pub fn lower(name: &str, program: &Program) -> Result<Lowered, Vec<Diagnostic>> {
    let mut lowering = Lowering::new(program);
    let why = match lowering.run(name) {
        Ok(direct) => return Ok(Lowered::Direct(direct)),
        Err(Stop::General(why)) => *why,
        Err(Stop::Error(error)) => return Err(vec![*error]),
        // These are answered before.
        Err(Stop::Never | Stop::Bottom | Stop::Restart | Stop::Later(_)) => {
            Diagnostic::new(Code::NotYet, program.body.span, "a program that never has a value")
        }
    };
    Ok(Lowered::General { why, inputs: uses::arrays(program, &lowering.knowledge.inputs) })
}

struct Lowering<'p> {
    program: &'p Program,
    facts: Facts<'p>,
    knowledge: Knowledge<'p>,
    functions: Functions<'p>,
    /// The function that is being built.
    builder: Builder,
    /// The functions that are being lowered, outermost first.
    active: Vec<Frame<'p>>,
    /// The procedures that are being inlined in the function at hand, with their arguments.
    inlined: Vec<(Rc<Closure<'p>>, Vec<Val<'p>>)>,
    depth: usize,
    size: usize,
    /// The instructions before lowering last began again.
    before: usize,
    /// The inputs that are numbers for want of a declaration, by what they are in the function at hand.
    origins: HashMap<Atom, Local>,
    /// What is known of indices into lists in the function at hand.
    places: Places,
    lists: Lists<'p>,
    /// Whether a call of which all is known is being run.
    running: bool,
    /// The condition around the place at hand, if not every run reaches it.
    conditional: Option<Span>,
}

impl<'p> Lowering<'p> {
    fn new(program: &'p Program) -> Self {
        Self {
            program,
            facts: Facts::of(program),
            knowledge: Knowledge::default(),
            functions: Functions::default(),
            builder: Builder::new(),
            active: Vec::new(),
            inlined: Vec::new(),
            depth: 0,
            size: 0,
            before: 0,
            origins: HashMap::new(),
            places: Places::default(),
            lists: Lists::default(),
            running: false,
            conditional: None,
        }
    }

    fn info(&self, local: Local) -> &'p LocalInfo {
        &self.program.locals[local.0 as usize]
    }

    /// Lowers the program as it is, or else with cursors along its lists. If neither does, the first says why.
    fn run(&mut self, name: &str) -> Result<Direct, Stop<'p>> {
        let mut first = match self.attempt(name) {
            Err(Stop::General(why)) => (why, self.knowledge.inputs.clone()),
            other => return other,
        };
        self.begin_again();
        let most = self.before.saturating_add(MAX_ATTEMPTED);
        for _ in 0..MAX_ATTEMPTS {
            if self.before > most || !self.knowledge.reconsider() {
                break;
            }
            let made = self.attempt(name);
            self.begin_again();
            match made {
                Ok(direct) => return Ok(direct),
                Err(Stop::General(_)) => {}
                Err(_) => break,
            }
        }
        self.knowledge.inputs = std::mem::take(&mut first.1);
        Err(Stop::General(first.0))
    }

    fn begin_again(&mut self) {
        self.functions = Functions::default();
        self.lists = Lists::default();
        self.before = self.before.saturating_add(std::mem::take(&mut self.size));
    }

    /// Lowers the program, again where what was learnt asks for it.
    fn attempt(&mut self, name: &str) -> Result<Direct, Stop<'p>> {
        // Functions to lower by themselves, the next one last.
        let mut first: Vec<Key<'p>> = Vec::new();
        let mut restarts = 0;
        loop {
            let made = match first.last().cloned() {
                None => self.module(name).map(Some),
                Some(key) => self.alone(&key).map(|()| None),
            };
            self.builder = Builder::new();
            self.active.clear();
            self.inlined.clear();
            self.origins.clear();
            self.places = Places::default();
            self.running = false;
            self.depth = 0;
            match made {
                Ok(Some(direct)) => return Ok(direct),
                Ok(None) => _ = first.pop(),
                Err(Stop::Later(key)) if !first.contains(&key) => first.push(*key),
                Err(Stop::Later(_)) => {
                    return Err(self.general(self.program.body.span, "too deep a nesting of procedures"));
                }
                Err(Stop::Restart) if restarts < MAX_RESTARTS => {
                    restarts += 1;
                    first.clear();
                    self.begin_again();
                }
                Err(Stop::Restart) => {
                    return Err(
                        self.general(self.program.body.span, "too many procedures that call themselves")
                    );
                }
                Err(other) => return Err(other),
            }
        }
    }
}
