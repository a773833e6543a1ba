//! The explicit machine: runs compiled blocks on its own stack.
//!
//! A block is a Rust function that takes its parameters from the top of the stack, computes, and
//! names the next block; [`Machine::run`] is the loop around it. A call that must come back leaves a
//! `Frame` and, under the arguments, the variables that its continuation needs; a tail call leaves
//! nothing. So neither depth nor length of a run touches the host's stack, and between two blocks
//! the stack holds every root: there the heap is collected and the budget checked.
//!
//! Emitted code uses the methods in `emitted`, which say what they promise to it. A run ends with a
//! value or a [`Fault`]; nothing panics on what a program does. Values stay inside: they mean
//! nothing without the machine's heap, except in an [`Image`] of it.

mod answer;
mod arrays;
mod budget;
mod chars;
mod derivatives;
mod emitted;
mod fault;
mod host;
mod identity;
mod index;
mod islands;
mod leaves;
mod lists;
mod module;
mod numbers;
mod numeric;
mod recording;
mod strings;
mod structural;
mod symbols;
mod unicode;
mod vectors;
mod watch;
mod write;

pub use budget::Limits;
pub use fault::Fault;
pub use islands::Island;
pub use module::{Code, Module, Procedure, Quoted};
pub(crate) use watch::Turned;

use crate::{
    heap::Heap,
    tape::{Node, Tapes},
    value::Value,
};
use budget::Budget;
use std::{cell::RefCell, sync::Arc};
use symbols::Symbols;
use watch::Watch;

/// How many values of stack a machine keeps from one run to the next.
const MOST_KEPT: usize = 1 << 18;

/// What a block, or a call, goes to next.
pub type Flow = Result<u32, Box<Fault>>;

/// The block number that ends a run. Those just below it are the machine's own.
const HALT: u32 = u32::MAX;

/// A call that waits: where to go on, and at which place of the interpreted text it was made.
#[derive(Clone, Copy, Debug)]
struct Frame {
    block: u32,
    place: u32,
}

/// A module's program in the middle of nothing: between runs, or in one.
#[derive(Debug)]
pub struct Machine {
    module: &'static Module,
    heap: Heap,
    tapes: RefCell<Tapes>,
    stack: Vec<Value>,
    frames: Vec<Frame>,
    /// The module's quoted data, in the heap.
    constants: Vec<Value>,
    symbols: Symbols,
    /// The place in the interpreted text of the innermost application, 0 for none.
    place: u32,
    budget: Budget,
    limits: Limits,
    stress: bool,
    /// Whether a run that is recorded came by direct code that others may enter.
    met_island: bool,
    /// What is noted of a run that is watched.
    watch: Option<Box<Watch>>,
}

/// A value with the heap it lives in, to start machines from: immutable, and shared by threads.
#[derive(Clone, Debug)]
pub struct Image {
    module: &'static Module,
    heap: Heap,
    constants: Vec<Value>,
    symbols: Arc<[Arc<str>]>,
    value: Value,
}

impl Image {
    /// The value.
    pub(crate) fn value(&self) -> Value {
        self.value
    }
}

impl Machine {
    /// A machine for a module.
    ///
    /// # Errors
    /// The module's quoted data alone pass the limit.
    pub fn new(module: &'static Module, limits: Limits) -> Result<Self, Box<Fault>> {
        let mut machine = Self {
            module,
            heap: Heap::new(limits.cells),
            tapes: Tapes::new(limits.trace, limits.trace_bytes).into(),
            stack: Vec::new(),
            frames: Vec::new(),
            constants: Vec::new(),
            symbols: Symbols::new(module.symbols.iter().map(|name| Arc::from(*name)).collect()),
            place: 0,
            budget: Budget::new(&limits),
            limits,
            stress: false,
            met_island: false,
            watch: None,
        };
        for quoted in module.constants {
            let constant = machine.quoted(quoted)?;
            machine.constants.push(constant);
        }
        Ok(machine)
    }

    /// Names of symbols that the module does not quote, but data that are built in the heap do.
    pub(crate) fn add_symbols(&mut self, names: Vec<Arc<str>>) {
        self.symbols.add(names);
    }

    /// A machine that goes on from an image, and the image's value in it.
    pub fn from_image(image: &Image, limits: Limits) -> (Self, Value) {
        let mut heap = image.heap.clone();
        heap.set_limit(limits.cells);
        let machine = Self {
            module: image.module,
            heap,
            tapes: Tapes::new(limits.trace, limits.trace_bytes).into(),
            stack: Vec::new(),
            frames: Vec::new(),
            constants: image.constants.clone(),
            symbols: Symbols::new(image.symbols.clone()),
            place: 0,
            budget: Budget::new(&limits),
            limits,
            stress: false,
            met_island: false,
            watch: None,
        };
        (machine, image.value)
    }

    /// Goes back to the image that the machine was made from, keeping its memory for the next run.
    pub fn rewind(&mut self, image: &Image, limits: Limits) -> Value {
        self.heap.rewind(&image.heap);
        self.heap.set_limit(limits.cells);
        self.tapes.get_mut().clear(limits.trace, limits.trace_bytes);
        self.stack.clear();
        self.frames.clear();
        self.stack.shrink_to(MOST_KEPT);
        self.frames.shrink_to(MOST_KEPT);
        self.constants.clone_from(&image.constants);
        self.symbols = Symbols::new(image.symbols.clone());
        self.place = 0;
        self.budget = Budget::new(&limits);
        self.limits = limits;
        self.met_island = false;
        self.watch = None;
        image.value
    }

    /// What the value reaches, for machines to start from.
    ///
    /// # Errors
    /// It passes the limit.
    pub fn into_image(mut self, value: Value) -> Result<Image, Box<Fault>> {
        let mut root = [value];
        let kept = self.heap.collect(&mut [&mut root, &mut self.constants]);
        kept.map_err(|full| self.memory(full, u32::MAX))?;
        self.heap.fit();
        let Self { module, heap, constants, symbols, .. } = self;
        Ok(Image { module, heap, constants, symbols: symbols.into_shared(), value: root[0] })
    }

    /// Collects at every block, to test that no root is missed.
    pub fn set_stress(&mut self, stress: bool) {
        self.stress = stress;
    }

    /// The machine's heap, to build arguments in; what is built is lost at the end of the next run.
    pub fn heap(&mut self) -> &mut Heap {
        &mut self.heap
    }

    /// Runs the module's program on values for its inputs.
    ///
    /// # Errors
    /// What ends the program early.
    pub fn start(&mut self, inputs: &[Value]) -> Result<Value, Box<Fault>> {
        self.run(Value::closure(0, 0), inputs)
    }

    /// Calls a procedure and runs until it gives its value.
    ///
    /// # Errors
    /// What ends the program early.
    pub fn run(&mut self, procedure: Value, arguments: &[Value]) -> Result<Value, Box<Fault>> {
        self.stack.clear();
        self.frames.clear();
        self.place = 0;
        self.frames.push(Frame { block: HALT, place: 0 });
        self.budget.start();
        let blocks = self.module.blocks;
        let mut next = self.call(procedure, arguments, 0)?;
        while next != HALT {
            next = match self.one(blocks, next) {
                Ok(next) => next,
                Err(fault) => return Err(self.in_block(fault, next)),
            };
        }
        Ok(self.stack.pop().unwrap_or(Value::UNSPECIFIED))
    }

    /// Runs a block.
    #[inline(always)]
    fn one(&mut self, blocks: &[Code], block: u32) -> Flow {
        if self.heap.is_due() || self.stress {
            self.collect()?;
        }
        self.charge(1)?;
        match blocks.get(block as usize) {
            Some(code) => code(self),
            None => self.carry_on(block),
        }
    }

    /// A limit that is met between two operations is met at the block at hand.
    #[cold]
    fn in_block(&self, mut fault: Box<Fault>, block: u32) -> Box<Fault> {
        let at = self.module.at.get(block as usize).and_then(|at| self.module.places.get(*at as usize));
        fault.own = fault.own.or(at.copied());
        fault
    }

    #[cold]
    fn collect(&mut self) -> Result<(), Box<Fault>> {
        let kept = self.heap.collect(&mut [&mut self.stack, &mut self.constants]);
        kept.map_err(|full| self.memory(full, u32::MAX))?;
        let tapes = self.tapes.get_mut();
        if tapes.has_levels() {
            let reached = self.stack.iter().map(|value| value.node().level);
            let renumbered = tapes.retain(reached.chain(self.heap.active_numbers().map(|x| x.node().level)));
            let on_the_stack = self.stack.iter_mut().filter(|value| value.is_active());
            for value in on_the_stack.chain(self.heap.active_numbers()) {
                let Node { level, entry } = value.node();
                let level = renumbered.get(level as usize).copied().unwrap_or(0);
                *value = Value::dual(value.primal(), Node { level, entry });
            }
        }
        Ok(())
    }

    /// A module's quoted datum in the heap.
    fn quoted(&mut self, quoted: &Quoted) -> Result<Value, Box<Fault>> {
        Ok(match quoted {
            Quoted::Number(bits) => Value::num(f64::from_bits(*bits)),
            Quoted::Bool(b) => Value::bool(*b),
            Quoted::Char(c) => Value::char(*c),
            Quoted::Symbol(i) => Value::symbol(*i),
            Quoted::Str(text) => self.heap.string(text).map_err(|full| self.memory(full, u32::MAX))?,
            Quoted::List(items, tail) => {
                let mut list = tail.map_or(Ok(Value::NIL), |tail| self.quoted(tail))?;
                for item in items.iter().rev() {
                    let item = self.quoted(item)?;
                    list = self.cons(item, list, 0, 0)?;
                }
                list
            }
            Quoted::Vector(items) => {
                let items = items.iter().map(|item| self.quoted(item)).collect::<Result<Vec<_>, _>>()?;
                self.heap.vector(&items).map_err(|full| self.memory(full, u32::MAX))?
            }
        })
    }
}
