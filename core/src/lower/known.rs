//! Calls of which all is known are run.
//!
//! A program may make its data before it goes along them, as `map` of a list of literals does. A procedure that refers to
//! itself is a function for each shape of what it is called with, and making a list it is called with as many shapes as there are
//! items. Where a program is not lowered so, calls with lists in which all is literal are run, one after the other where
//! they are in tail position; what they compute is exact in every precision, or becomes instructions, after which
//! the rest is a call as any other. Where a run is too long, or needs general values, lowering begins again without it.

use super::{
    Lowering,
    expr::Tail,
    join::Out,
    stop::Stop,
    value::{Closure, Val},
};
use std::rc::Rc;

/// The most calls of a run.
const MAX_CALLS: usize = 20_000;

/// A call of which all is known.
#[derive(Clone, Debug)]
pub(super) struct KnownCall<'p> {
    closure: Rc<Closure<'p>>,
    values: Vec<Val<'p>>,
}

impl<'p> Lowering<'p> {
    /// What the call of a function gives, if all is known of it: its value, or in the tail of another the call itself.
    pub(super) fn known_call(
        &mut self,
        closure: &Rc<Closure<'p>>,
        values: &[Val<'p>],
        tail: Tail,
    ) -> Result<Option<Out<'p>>, Stop<'p>> {
        let code = closure.code;
        // Within its own function it is a step, or a call of that.
        let is_open = self.active.iter().any(|frame| frame.at.as_ref().is_some_and(|(at, _)| *at == code));
        let takes_lists = values.iter().any(|value| matches!(value, Val::Pair(_) | Val::Nil));
        let is_tried =
            self.knowledge.seen > 0 && takes_lists && !is_open && !self.knowledge.unknown.contains(&code);
        if !is_tried || !closure.captured.iter().chain(values).all(|value| self.is_known(value)) {
            return Ok(None);
        }
        let call = KnownCall { closure: closure.clone(), values: values.to_vec() };
        if tail == Tail::Known {
            return Ok(Some(Out::Again(call)));
        }
        let around = std::mem::replace(&mut self.running, true);
        let made = self.run_known(call);
        self.running = around;
        if let Err(Stop::General(_)) = made {
            self.knowledge.unknown.insert(code);
            // What it has left among the functions is no part of the program.
            if !around {
                return Err(Stop::Restart);
            }
        }
        made.map(Some)
    }

    fn run_known(&mut self, mut call: KnownCall<'p>) -> Result<Out<'p>, Stop<'p>> {
        let body = &call.closure.code.0.body;
        for _ in 0..MAX_CALLS {
            let KnownCall { closure, values } = call;
            let mut env = self.environment(&closure, values);
            match self.expr(&closure.code.0.body, &mut env, Tail::Known)? {
                Out::Again(next) => call = next,
                out => return Ok(out),
            }
        }
        Err(self.general(body.span, format!("more than {MAX_CALLS} calls")))
    }

    /// Whether a value has literals for leaves.
    fn is_known(&mut self, value: &Val<'p>) -> bool {
        match value {
            Val::Atom(atom) => atom.var().is_none(),
            Val::Array(array) => array.items().iter().all(|atom| atom.var().is_none()),
            Val::Closure(closure) => closure.captured.iter().all(|value| self.is_known(value)),
            Val::Vector(items) | Val::Values(items) => items.iter().all(|item| self.is_known(item)),
            Val::Cursor(_) | Val::Pullback(..) => false,
            Val::Nil | Val::Symbol(_) | Val::Str(_) | Val::Char(_) | Val::Prim(_) | Val::Unspecified => true,
            Val::Pair(first) => {
                let (mut cell, mut cells) = (first, Vec::new());
                // From a cell on that is known to be.
                while !self.lists.is_known(cell) {
                    if !self.is_known(&cell.0) {
                        return false;
                    }
                    cells.push(cell);
                    match &cell.1 {
                        Val::Pair(next) => cell = next,
                        end if self.is_known(end) => break,
                        _ => return false,
                    }
                }
                self.lists.know(&cells, value);
                true
            }
        }
    }
}
