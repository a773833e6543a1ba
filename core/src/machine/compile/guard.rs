//! The entry of a procedure that has an island: direct code where all is numbers, else its blocks.
//!
//! The procedure becomes two. The *guard* is what all names outside of the procedure mean, and what every closure
//! of it is: it tries the island, and calls the other where that gives no value. The other has the blocks, in
//! which the procedure's own calls of itself go on, so that a loop whose island gave up tries it once and not in
//! every step.

use super::{Body, Known, SELF, Slot};
use crate::{
    kernel::{Lambda, Local},
    machine::{
        Callee, End, Op, ProcId, Var,
        build::{Cursor, Pools},
        live::set_params,
    },
};
use std::{collections::HashMap, rc::Rc};

impl Body<'_> {
    /// The island of a procedure, if all that it needs is at hand here: its number and its inputs.
    pub(super) fn island(&self, local: Local) -> Option<(u32, Rc<[Local]>)> {
        let found = self.pools.islands.get(&local).cloned();
        let at_hand = |local: &Local| matches!(self.scope.get(local), Some(Known::At(_)));
        found.filter(|(_, inputs)| inputs.iter().all(at_hand))
    }

    /// The guard of a procedure, reserved.
    pub(super) fn reserve_guard(&mut self, id: ProcId, lambda: &Lambda) -> ProcId {
        let guard = self.reserve(lambda, lambda.body.span);
        self.pools.guards.insert(id, guard);
        guard
    }

    /// What a closure of a procedure is.
    pub(super) fn guarded(&self, id: ProcId) -> ProcId {
        self.pools.guards.get(&id).copied().unwrap_or(id)
    }
}

/// Compiles the guard of a procedure whose scope is `scope`.
pub(super) fn guard(
    pools: &mut Pools,
    [guard, id]: [ProcId; 2],
    (island, inputs): &(u32, Rc<[Local]>),
    lambda: &Lambda,
    scope: &HashMap<Local, Known>,
) {
    let span = lambda.body.span;
    let mut cursor = Cursor::new(pools);
    let entry = cursor.blocks[0];
    pools.module.procedures[guard.0 as usize].entry = entry;
    let params: Vec<Var> = (0..=lambda.params.len()).map(|_| cursor.var()).collect();
    let arguments = params[1..].to_vec();
    pools.block(entry).params = params;
    let mut operands = Vec::with_capacity(inputs.len() + arguments.len());
    for input in inputs.iter() {
        if let Some(Known::At(Slot::Captured(i))) = scope.get(input) {
            operands.push(cursor.step(pools, Op::Captured(SELF, *i), span));
        }
    }
    operands.extend(&arguments);
    let value = cursor.step(pools, Op::Island(*island, operands), span);
    let (given, not) = (cursor.reserve(pools), cursor.reserve(pools));
    cursor.end(pools, End::Branch(value, given, not), span);
    cursor.enter(given);
    cursor.end(pools, End::Return(value), span);
    cursor.enter(not);
    let captures = scope.values().any(|known| matches!(known, Known::Member(of, _) if *of == id));
    let callee = if captures { Callee::Known(id, SELF) } else { Callee::Static(id) };
    cursor.end(pools, End::Call(callee, arguments, None), span);
    set_params(&mut pools.module.blocks, &cursor.blocks);
}
