//! The invariants of a graph, checked.
//!
//! 1. There are as many parameter names as parameters.
//! 2. Every variable is bound at most once, by a parameter or one instruction.
//! 3. An operand or result is a literal or a variable bound earlier in the same or an enclosing block.
//! 4. A row has as many operands as its table row (`min` and `max`: at least one) of its types;
//!    operands that are not literals have one shape, which its result has as well.
//! 5. A broadcast or sum names an axis in range and its result has the axes that follow.
//! 6. A choice has one truth value as operand; both blocks give as many results as it binds, of the
//!    same types (a literal fits any shape); the condition's axes are a prefix of every result's.

use super::{Atom, Block, Graph, Inst, Op, Type, Var};
use crate::prim::{Calls, Scalar};
use std::fmt;

/// What is wrong, and the instruction where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The number of the invariant in the module's list.
    pub invariant: u8,
    /// The place: an instruction's first result, or the graph's header or result.
    pub at: Option<Var>,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}", self.invariant)?;
        if let Some(at) = self.at {
            write!(f, " at {at}")?;
        }
        write!(f, ": {}", self.found)
    }
}

/// Checks every invariant.
///
/// # Errors
/// The first violation.
pub fn verify(graph: &Graph) -> Result<(), Violation> {
    let mut scope =
        Scope { graph, bound: vec![false; graph.vars.len()], visible: vec![false; graph.vars.len()] };
    if graph.names.len() != graph.params.len() {
        return Err(violation(1, None, "names and parameters differ in number"));
    }
    for param in &graph.params {
        scope.bind(*param)?;
    }
    scope.block(&graph.body)
}

fn violation(invariant: u8, at: Option<Var>, found: impl Into<String>) -> Violation {
    Violation { invariant, at, found: found.into() }
}

struct Scope<'g> {
    graph: &'g Graph,
    bound: Vec<bool>,
    visible: Vec<bool>,
}

impl Scope<'_> {
    fn bind(&mut self, var: Var) -> Result<(), Violation> {
        match self.bound.get_mut(var.0 as usize) {
            None => Err(violation(2, Some(var), "no such variable")),
            Some(bound) if *bound => Err(violation(2, Some(var), "bound twice")),
            Some(bound) => {
                *bound = true;
                self.visible[var.0 as usize] = true;
                Ok(())
            }
        }
    }

    fn see(&self, atom: Atom, at: Option<Var>) -> Result<(), Violation> {
        match atom {
            Atom::Var(v) if !self.visible.get(v.0 as usize).copied().unwrap_or(false) => {
                Err(violation(3, at, format!("{v} is not in scope")))
            }
            _ => Ok(()),
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), Violation> {
        let mut mine = Vec::new();
        for inst in &block.insts {
            self.inst(inst)?;
            for result in &inst.results {
                self.bind(*result)?;
                mine.push(*result);
            }
        }
        block.results.iter().try_for_each(|r| self.see(*r, None))?;
        for var in mine {
            self.visible[var.0 as usize] = false;
        }
        Ok(())
    }

    fn inst(&mut self, inst: &Inst) -> Result<(), Violation> {
        let at = inst.results.first().copied();
        inst.args.iter().try_for_each(|a| self.see(*a, at))?;
        let ty = |atom: &Atom| self.graph.ty(*atom);
        let result = inst.results.first().map(|v| ty(&Atom::Var(*v)));
        match &inst.op {
            Op::Row(row) => {
                let row = row.row();
                let counted = match row.calls {
                    Calls::All => !inst.args.is_empty(),
                    _ => inst.args.len() == row.operands.len(),
                };
                let mut wanted = row.operands.iter().chain(row.operands.last().into_iter().cycle());
                let typed = inst.args.iter().all(|a| wanted.next() == Some(&ty(a).scalar));
                let shapes: Vec<_> =
                    inst.args.iter().filter(|a| a.var().is_some()).map(|a| ty(a).dims).collect();
                let dims = shapes.first().copied().unwrap_or_default();
                let shaped = shapes.iter().all(|s| *s == dims);
                if !(counted && typed && shaped && inst.results.len() == 1) {
                    return Err(violation(
                        4,
                        at,
                        format!("operands {:?} of `{}`", types(self.graph, &inst.args), row.ident),
                    ));
                }
                if result != Some(Type { scalar: row.result, dims }) {
                    return Err(violation(4, at, format!("result type of `{}`", row.ident)));
                }
            }
            Op::Broadcast { axis, size } => {
                let want = self.axes(inst, |ty| ty.dims.insert(*axis as usize, *size))?;
                if result != Some(want) {
                    return Err(violation(5, at, "result type of `broadcast`"));
                }
            }
            Op::Sum { axis } => {
                let want = self.axes(inst, |ty| ty.dims.remove(*axis as usize))?;
                if result != Some(want) || want.scalar != Scalar::Real {
                    return Err(violation(5, at, "result type of `sum`"));
                }
            }
            // What a callee takes and gives is the module's to know.
            Op::Call(_) | Op::Forward(_) | Op::Reverse(_) | Op::Fail(_) => {}
            Op::If { then, els } => {
                let [condition] = inst.args[..] else { return Err(violation(6, at, "not one operand")) };
                let condition = ty(&condition);
                if condition.scalar != Scalar::Bool {
                    return Err(violation(6, at, "the condition is not a truth value"));
                }
                for block in [then, els] {
                    self.block(block)?;
                    let fits = |(atom, var): (&Atom, &Var)| {
                        let (given, wanted) = (ty(atom), ty(&Atom::Var(*var)));
                        given == wanted || (atom.var().is_none() && given.scalar == wanted.scalar)
                    };
                    if block.results.len() != inst.results.len()
                        || !block.results.iter().zip(&inst.results).all(fits)
                    {
                        return Err(violation(6, at, "results of a block"));
                    }
                }
                let prefix = |v: &Var| ty(&Atom::Var(*v)).dims.axes().starts_with(condition.dims.axes());
                if !inst.results.iter().all(prefix) {
                    return Err(violation(6, at, "axes of the condition"));
                }
            }
        }
        Ok(())
    }

    fn axes(&self, inst: &Inst, change: impl Fn(Type) -> Option<super::Dims>) -> Result<Type, Violation> {
        let at = inst.results.first().copied();
        let [arg] = inst.args[..] else { return Err(violation(5, at, "not one operand")) };
        let ty = self.graph.ty(arg);
        let dims = change(ty).ok_or_else(|| violation(5, at, "axis out of range"))?;
        Ok(Type { dims, ..ty })
    }
}

fn types(graph: &Graph, atoms: &[Atom]) -> Vec<Type> {
    atoms.iter().map(|a| graph.ty(*a)).collect()
}
