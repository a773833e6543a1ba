//! What a gradient costs, roughly.

use crate::{
    anf::{Block, FnId, Graph, Inst, Kind, Module, Op},
    prim::Numeric,
    transform::{AdjointBody, Reverse},
};

/// How often what a loop or a recursion runs is taken to run.
const TIMES: u64 = 64;

/// Deeper nests cost no more.
const DEEPEST: u32 = 6;

/// To write a number to the record and to read it again, beside additions.
const RECORDED: u64 = 4;

/// The cost of a module that gives values and tangents.
pub(super) fn of_forward(module: &Module) -> u64 {
    let each = module.functions.iter().zip(levels(module));
    each.map(|(function, times)| times.saturating_mul(of_graph(&function.graph))).fold(0, u64::saturating_add)
}

/// To leave a step or call to the record and to take it up again.
const TURN: u64 = 60;

/// The cost of a reverse mode of a module: 7/5 of its operations, since it goes twice where each operation waits for the one before.
/// Measured on eleven programs of four to eight parameters: where both modes come to the same, forward mode takes about as long over rows, and
/// half as long at one point.
pub(super) fn of_reverse(module: &Module, reverse: &Reverse) -> u64 {
    let kept = |count: usize| RECORDED * count as u64;
    let each = module.functions.iter().zip(&reverse.functions).zip(levels(module)).enumerate();
    let each = each.map(|(of, ((function, adjoint), times))| {
        let value = || of_graph(&function.graph);
        let cost = match adjoint.as_ref().map(|adjoint| &adjoint.body) {
            Some(AdjointBody::Once { forward, reverse }) => {
                let residuals = forward.body.results.len().saturating_sub(function.exits().len());
                of_graph(forward) + of_graph(reverse) + kept(residuals) + TURN
            }
            Some(AdjointBody::Loop { step, invariant, keeps, .. }) => {
                let states = keeps.iter().zip(invariant).filter(|(kept, fixed)| **kept && !**fixed).count();
                value() + of_graph(step) + kept(states) + TURN
            }
            None if of == 0 => of_graph(&reverse.program),
            None => value(),
        };
        times.saturating_mul(cost)
    });
    let all = each.fold(0, u64::saturating_add);
    all.saturating_mul(7) / 5
}

/// How often each function runs.
fn levels(module: &Module) -> Vec<u64> {
    let recursive = module.recursive();
    let callees = module.callees();
    let own = |of: usize| u32::from(recursive[of] || module.functions[of].kind == Kind::Loop);
    let mut levels: Vec<u32> = (0..callees.len()).map(own).collect();
    for _ in 0..DEEPEST {
        for (caller, callees) in callees.iter().enumerate() {
            for FnId(id) in callees {
                let callee = *id as usize;
                // Those that call one another are on one level.
                if !(recursive[caller] && recursive.get(callee) == Some(&true)) && callee < levels.len() {
                    levels[callee] = levels[callee].max(levels[caller] + own(callee));
                }
            }
        }
    }
    levels.into_iter().map(|level| TIMES.pow(level.min(DEEPEST))).collect()
}

fn of_graph(graph: &Graph) -> u64 {
    of_block(&graph.body)
}

fn of_block(block: &Block) -> u64 {
    block.insts.iter().map(of_inst).fold(0, u64::saturating_add)
}

fn of_inst(inst: &Inst) -> u64 {
    use Numeric::{Div, Recip, Sqrt};
    match &inst.op {
        Op::Row(row) if is_simple(*row) => 1,
        Op::Row(Div | Recip | Sqrt) => 5,
        Op::Row(_) => 20,
        Op::Table(_) => 1,
        Op::Whole(whole) => whole.written_out() as u64,
        Op::If { then, els } => 1 + of_block(then) + of_block(els),
        Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) => {
            (inst.args.len() + inst.results.len()) as u64
        }
        Op::Broadcast { .. } | Op::Sum { .. } => 1,
        Op::Fail(_) => 0,
    }
}

/// Whether a row takes about as long as an addition.
fn is_simple(row: Numeric) -> bool {
    use Numeric::{
        Abs, Add, And, Equal, Greater, GreaterEq, Identity, Indicator, Less, LessEq, Max, Min, Mul, Neg, Not,
        Or, Select, Square, StopGradient, Sub,
    };
    matches!(
        row,
        Abs | Add
            | And
            | Equal
            | Greater
            | GreaterEq
            | Identity
            | Indicator
            | Less
            | LessEq
            | Max
            | Min
            | Mul
            | Neg
            | Not
            | Or
            | Select
            | Square
            | StopGradient
            | Sub
    )
}
