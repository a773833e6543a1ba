//! What can be infinite or nan where the parameters are finite, but for overflow, and what can have overflowed.

use crate::{
    anf::{Atom, Block, Graph, Inst, Op},
    prim::{Numeric, Scalar, Whole},
};

/// The variables of a graph that can be infinite or nan where its parameters are finite, but for overflow.
pub(super) fn wild(graph: &Graph) -> Vec<bool> {
    let mut wild = vec![false; graph.vars.len()];
    mark(&graph.body, &mut wild);
    wild
}

fn mark(block: &Block, wild: &mut [bool]) {
    for inst in &block.insts {
        let read = |wild: &[bool]| inst.args.iter().filter_map(|a| a.var()).any(|v| wild[v.0 as usize]);
        if let Op::If { then, els } = &inst.op {
            mark(then, wild);
            mark(els, wild);
            for (i, var) in inst.results.iter().enumerate() {
                let given = [then, els].map(|side| side.results[i].var());
                wild[var.0 as usize] = given.iter().flatten().any(|v| wild[v.0 as usize]);
            }
        } else if !(tame(&inst.op) || divides_by_literal(inst)) || read(wild) {
            inst.results.iter().for_each(|v| wild[v.0 as usize] = true);
        }
    }
}

fn divides_by_literal(inst: &Inst) -> bool {
    matches!((&inst.op, inst.args.get(1)), (Op::Row(Numeric::Div), Some(Atom::Real(x))) if *x != 0.0)
}

/// Whether an operation gives finite numbers of finite ones, but for overflow.
fn tame(op: &Op) -> bool {
    use Numeric::{
        Abs, Add, Cos, Cube, Exp, Identity, Indicator, Max, Min, Mul, Neg, Relu, Select, Sigmoid, Sign, Sin,
        Square, StopGradient, Sub, Tanh,
    };
    match op {
        Op::Row(row) => {
            row.row().result == Scalar::Bool
                || matches!(row, Abs | Add | Cos | Cube | Exp | Identity | Indicator | Max | Min | Mul)
                || matches!(
                    row,
                    Neg | Relu | Select | Sigmoid | Sign | Sin | Square | StopGradient | Sub | Tanh
                )
        }
        Op::If { .. } | Op::Broadcast { .. } | Op::Sum { .. } => true,
        // Of those that are sums of products only.
        Op::Whole(whole) => matches!(whole, Whole::Product { .. } | Whole::Det(_) | Whole::Cofactors(_)),
        Op::Table(table) => table.items().iter().all(|x| x.is_finite()),
        Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => false,
    }
}

/// The variables of a graph that can have overflowed: products of variables, powers and the like, and what is a few times one;
/// `given` says whether the parameters can have.
pub(super) fn overflowing(graph: &Graph, given: bool) -> Vec<bool> {
    let mut found = vec![false; graph.vars.len()];
    graph.params.iter().for_each(|param| found[param.0 as usize] = given);
    grow(&graph.body, &mut found);
    found
}

fn grow(block: &Block, found: &mut [bool]) {
    for inst in &block.insts {
        let read = |found: &[bool], atom: &Atom| atom.var().is_some_and(|v| found[v.0 as usize]);
        if let Op::If { then, els } = &inst.op {
            grow(then, found);
            grow(els, found);
            for (i, var) in inst.results.iter().enumerate() {
                found[var.0 as usize] = [then, els].iter().any(|side| read(found, &side.results[i]));
            }
            continue;
        }
        let any = inst.args.iter().any(|arg| read(found, arg));
        let grows = match growth(inst) {
            Growth::Bounded => false,
            Growth::Linear => any,
            Growth::Any => true,
        };
        inst.results.iter().for_each(|v| found[v.0 as usize] = grows);
    }
}

/// Whether a literal is a factor by which nothing overflows that is not near it.
fn is_modest(atom: Atom, factor: impl Fn(f64) -> f64) -> bool {
    matches!(atom, Atom::Real(x) if factor(x).abs() <= 1e6)
}

/// How large what an operation gives can be, or whether it is nan where an operand is infinite or nan.
enum Growth {
    Bounded,
    /// A few times its operands.
    Linear,
    Any,
}

fn growth(inst: &Inst) -> Growth {
    use Numeric::{
        Abs, Add, Cos, Div, Identity, Indicator, Max, Min, Mul, Neg, Relu, Select, Sigmoid, Sign, Sin,
        StopGradient, Sub, Tanh,
    };
    match &inst.op {
        Op::Row(row) if row.row().result == Scalar::Bool => Growth::Bounded,
        Op::Row(Indicator) | Op::Table(_) => Growth::Bounded,
        // The sine of infinity is nan.
        Op::Row(
            Abs | Add | Cos | Identity | Max | Min | Neg | Relu | Select | Sigmoid | Sign | Sin
            | StopGradient | Sub | Tanh,
        ) => Growth::Linear,
        Op::Row(Mul) if inst.args.iter().any(|arg| is_modest(*arg, |x| x)) => Growth::Linear,
        Op::Row(Div) if inst.args.get(1).is_some_and(|arg| is_modest(*arg, f64::recip)) => Growth::Linear,
        Op::Broadcast { .. } | Op::Sum { .. } => Growth::Linear,
        _ => Growth::Any,
    }
}
