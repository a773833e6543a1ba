//! Blocks under construction.

use super::{Block, BlockId, End, Island, Module, Op, ProcId, Step, Var};
use crate::{datum::Datum, kernel::Local, span::Span};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// A module under construction: the pools and the finished blocks.
pub(super) struct Pools {
    pub(super) module: Module,
    symbols: HashMap<Rc<str>, u32>,
    /// The islands by their procedures: their numbers, and the locals that must be numbers.
    pub(super) islands: HashMap<Local, (u32, Rc<[Local]>)>,
    /// The guards of procedures with islands.
    pub(super) guards: HashMap<ProcId, ProcId>,
    /// The locals that are mentioned elsewhere than at the head of a call.
    pub(super) values: HashSet<Local>,
}

impl Pools {
    pub(super) fn new(islands: &[Island], values: HashSet<Local>) -> Self {
        let of = |(island, i): (&Island, u32)| (island.local, (i, island.inputs.clone().into()));
        let islands = islands.iter().zip(0..).map(of).collect();
        let module = Module { symbols: vec![], constants: vec![], procedures: vec![], blocks: vec![] };
        Self { module, symbols: HashMap::new(), islands, guards: HashMap::new(), values }
    }

    /// The index of a symbol.
    pub(super) fn symbol(&mut self, name: &Rc<str>) -> u32 {
        let next = self.symbols.len() as u32;
        *self.symbols.entry(name.clone()).or_insert_with(|| {
            self.module.symbols.push(name.clone());
            next
        })
    }

    /// The index of a quoted datum; its symbols are known afterwards.
    pub(super) fn constant(&mut self, datum: &Datum) -> u32 {
        self.symbols_of(datum);
        self.module.constants.push(datum.clone());
        self.module.constants.len() as u32 - 1
    }

    fn symbols_of(&mut self, datum: &Datum) {
        use crate::datum::Kind;
        match &datum.kind {
            Kind::Symbol(name) => {
                self.symbol(name);
            }
            Kind::List { items, tail, .. } => {
                items.iter().chain(tail.as_deref()).for_each(|d| self.symbols_of(d));
            }
            Kind::Vector(items) => items.iter().for_each(|d| self.symbols_of(d)),
            Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) | Kind::Splice(_) => {}
        }
    }

    /// A block to be filled later.
    pub(super) fn reserve(&mut self, result: Option<Var>) -> BlockId {
        let end = End::Return(Var(0));
        self.module.blocks.push(Block { params: vec![], result, steps: vec![], end, span: Span::default() });
        BlockId(self.module.blocks.len() as u32 - 1)
    }

    /// The block with this identity.
    pub(super) fn block(&mut self, id: BlockId) -> &mut Block {
        &mut self.module.blocks[id.0 as usize]
    }
}

/// The procedure under construction: where the next step goes.
pub(super) struct Cursor {
    /// The blocks of the procedure, the entry first.
    pub(super) blocks: Vec<BlockId>,
    current: BlockId,
    vars: u32,
}

impl Cursor {
    /// Starts a procedure at a fresh entry block.
    pub(super) fn new(pools: &mut Pools) -> Self {
        let entry = pools.reserve(None);
        Self { blocks: vec![entry], current: entry, vars: 0 }
    }

    /// A fresh variable.
    pub(super) fn var(&mut self) -> Var {
        self.vars += 1;
        Var(self.vars - 1)
    }

    /// A fresh block of this procedure.
    pub(super) fn reserve(&mut self, pools: &mut Pools) -> BlockId {
        let id = pools.reserve(None);
        self.blocks.push(id);
        id
    }

    /// A fresh block of this procedure that takes a result.
    pub(super) fn reserve_join(&mut self, pools: &mut Pools) -> (BlockId, Var) {
        let result = self.var();
        let id = pools.reserve(Some(result));
        self.blocks.push(id);
        (id, result)
    }

    /// Adds a step to the current block.
    pub(super) fn step(&mut self, pools: &mut Pools, op: Op, span: Span) -> Var {
        let var = self.var();
        pools.block(self.current).steps.push(Step { var, op, span });
        var
    }

    /// Ends the current block.
    pub(super) fn end(&mut self, pools: &mut Pools, end: End, span: Span) {
        let block = pools.block(self.current);
        (block.end, block.span) = (end, span);
    }

    /// Goes on in another block.
    pub(super) fn enter(&mut self, block: BlockId) {
        self.current = block;
    }
}
