//! The form of choices whose condition has axes.
//!
//! Each element of such a condition chooses for its own row, so nothing in the blocks may mix rows:
//! what they read from outside and what inner conditions say has the condition's axes, and sums and
//! broadcasts are along later ones. [`vmap`](super::vmap()) gives this form; cutting and transposing
//! need it, since a sum over rows inside the choice would count those that chose the other side.

use super::{Error, captured};
use crate::anf::{Atom, Block, Graph, Inst, Op};

/// Checks the form.
pub(super) fn check(graph: &Graph) -> Result<(), Error> {
    block(graph, &graph.body, &[])
}

fn block(graph: &Graph, block: &Block, rows: &[u32]) -> Result<(), Error> {
    block.insts.iter().try_for_each(|i| inst(graph, i, rows))
}

fn inst(graph: &Graph, inst: &Inst, rows: &[u32]) -> Result<(), Error> {
    let by_row = |atom: Atom, rows: &[u32]| graph.ty(atom).dims.axes().starts_with(rows);
    let keep = |holds: bool| {
        if holds { Ok(()) } else { Err(Error::MixesRows { at: inst.results.first().copied() }) }
    };
    let operand = inst.args.first().copied().unwrap_or(Atom::Bool(true));
    match &inst.op {
        Op::Row(_)
        | Op::Whole(_)
        | Op::Table(_)
        | Op::Call(_)
        | Op::Forward(_)
        | Op::Tangent(_)
        | Op::Reverse(_)
        | Op::Fail(_) => Ok(()),
        // What has no rows, or not all their axes yet, comes from literals.
        Op::Broadcast { axis, .. } | Op::Sum { axis } => {
            keep(*axis as usize >= rows.len() || !by_row(operand, rows))
        }
        Op::If { then, els } => {
            let literal = operand.var().is_none();
            keep(literal || by_row(operand, rows))?;
            let condition = graph.ty(operand).dims;
            let inner = if condition.axes().len() > rows.len() { condition.axes() } else { rows };
            if inner.len() > rows.len() {
                keep(captured(&[then, els]).into_iter().all(|v| by_row(Atom::Var(v), inner)))?;
            }
            block(graph, then, inner)?;
            block(graph, els, inner)
        }
    }
}
