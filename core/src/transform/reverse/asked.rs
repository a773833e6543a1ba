//! Of which cotangents it is told whether they are reached.
//!
//! A cotangent that some path does not reach is the number 0 there. Where an infinite partial may meet it, it goes
//! with a truth value that says so: times that partial it is 0 where it is not reached, and nan where it is reached
//! and happens to be 0. It meets one where what it is of depends on a row with such a partial: a least fixed point
//! over all calls and all steps of loops. Where the first turns of a loop are told apart, an overflow is an infinite
//! partial, too. All other cotangents go alone.

use super::{Passage, Steps, Turns, activity::passes};
use crate::{
    anf::{Atom, Block, Dims, FnId, Graph, Inst, Module, Op, Type},
    prim::Numeric,
    transform::tame::wild,
};

/// Whether the cotangent of something meets an infinite partial; none has no cotangent.
type Meets = Option<bool>;

/// Enters into the passages which parameters and results go with a truth value.
pub(super) fn asked(module: &Module, steps: &[Option<Steps>], turns: &[Turns], passages: &mut [Passage]) {
    let parts = module.functions.iter().zip(steps).map(|(function, steps)| {
        let graphs = match steps {
            None => vec![&function.graph],
            Some(Steps { on, off }) => vec![on, off],
        };
        graphs.into_iter().map(|graph| (wild(graph), graph)).collect::<Vec<_>>()
    });
    let parts: Vec<_> = parts.collect();
    loop {
        let before = passages.to_vec();
        for of in 0..parts.len() {
            let Passage { active, tells, .. } = &before[of];
            let params: Vec<Meets> =
                active.iter().zip(tells).map(|(active, meets)| active.then_some(*meets)).collect();
            let mut given = |part: &(Vec<bool>, &Graph)| results(part.1, &part.0, &params, passages);
            let (next, exits): (Vec<Meets>, Vec<Meets>) = match &parts[of][..] {
                [on, off] => {
                    let next = given(on).into_iter().skip(1).take(params.len());
                    let exits = given(off).into_iter().skip(1 + params.len());
                    (next.collect(), exits.collect())
                }
                once => (Vec::new(), once.iter().flat_map(given).collect()),
            };
            mark(&mut passages[of].tells, &next);
            mark(&mut passages[of].asks, &exits);
        }
        if before == passages {
            break;
        }
    }
    // What is reached always needs no telling; and elements are not told apart.
    for ((function, passage), turns) in module.functions.iter().zip(passages).zip(turns) {
        let Passage { active, useful, sure_params, sure_results, tells, asks } = passage;
        tells.iter_mut().enumerate().for_each(|(i, tells)| *tells |= turns.tells(i));
        asks.iter_mut().for_each(|asks| *asks |= turns.rest.is_some());
        only(tells, &function.graph.param_types(), active, sure_params);
        only(asks, &function.exit_types(), useful, sure_results);
    }
}

/// Of the parameters of a loop's step that goes `on`, whether the cotangents of their next values meet a partial that is no
/// literal, and may have overflowed.
pub(super) fn overflows(on: &Graph, passage: &Passage, passages: &[Passage]) -> Vec<bool> {
    let mut passages = passages.to_vec();
    passages.iter_mut().for_each(|passage| passage.asks.fill(true));
    let params: Vec<Meets> = passage.active.iter().map(|active| active.then_some(false)).collect();
    let next = results(on, &vec![true; on.vars.len()], &params, &mut passages);
    next.into_iter().skip(1).take(params.len()).map(|meets| meets == Some(true)).collect()
}

fn only(told: &mut [bool], types: &[Type], passes: &[bool], sure: &[bool]) {
    for (i, told) in told.iter_mut().enumerate() {
        *told &= passes[i] && !sure[i] && types[i].dims == Dims::SCALAR;
    }
}

fn mark(told: &mut [bool], meets: &[Meets]) {
    told.iter_mut().zip(meets).for_each(|(told, meets)| *told |= *meets == Some(true));
}

/// What the results of a graph meet; what its calls are given is entered into the passages.
fn results(graph: &Graph, wild: &[bool], params: &[Meets], passages: &mut [Passage]) -> Vec<Meets> {
    let mut found = vec![None; graph.vars.len()];
    graph.params.iter().zip(params).for_each(|(var, meets)| found[var.0 as usize] = *meets);
    block(&graph.body, wild, &mut found, passages)
}

fn block(block: &Block, wild: &[bool], found: &mut [Meets], passages: &mut [Passage]) -> Vec<Meets> {
    let read = |found: &[Meets], atom: &Atom| atom.var().and_then(|v| found[v.0 as usize]);
    for inst in &block.insts {
        let args: Vec<Meets> = inst.args.iter().map(|a| read(found, a)).collect();
        let given: Vec<Meets> = match &inst.op {
            Op::Row(row) => {
                let through: Vec<Meets> =
                    (0..args.len()).map(|i| args[i].filter(|_| passes(*row, i))).collect();
                let meets = through.iter().flatten().copied().reduce(|a, b| a || b);
                vec![meets.map(|meets| meets || infinite(*row, inst, &through, wild))]
            }
            Op::Whole(_) => {
                // An inverse is infinite or nan next to where there is none.
                let any = args.iter().any(Option::is_some).then_some(true);
                vec![any; inst.results.len()]
            }
            Op::Table(_) => vec![None],
            Op::Broadcast { .. } | Op::Sum { .. } => args,
            Op::If { then, els } => {
                let then = self::block(then, wild, found, passages);
                let els = self::block(els, wild, found, passages);
                let either = |(a, b): (Meets, Meets)| a.into_iter().chain(b).reduce(|a, b| a || b);
                then.into_iter().zip(els).map(either).collect()
            }
            Op::Call(FnId(id)) => call(passages.get_mut(*id as usize), &args),
            Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => Vec::new(),
        };
        for (var, meets) in inst.results.iter().zip(given) {
            found[var.0 as usize] = meets;
        }
    }
    block.results.iter().map(|a| read(found, a)).collect()
}

/// Whether a row has a partial by what a derivative goes `through` that can be infinite or nan.
fn infinite(row: Numeric, inst: &Inst, through: &[Meets], wild: &[bool]) -> bool {
    let is_wild = |atom: &Atom| atom.var().is_some_and(|v| wild[v.0 as usize]);
    let constant = |i: usize| inst.args.get(i).is_some_and(|a| a.var().is_none());
    match row {
        Numeric::Add | Numeric::Sub | Numeric::Neg | Numeric::Identity | Numeric::Select => false,
        Numeric::Div if constant(1) => inst.args[1].is(0.0),
        Numeric::Mul => {
            let others = |i: usize| inst.args.iter().enumerate().filter(move |(j, _)| *j != i);
            (0..through.len()).any(|i| through[i].is_some() && others(i).any(|(_, a)| is_wild(a)))
        }
        _ => inst.results.iter().any(|v| is_wild(&Atom::Var(*v))),
    }
}

fn call(callee: Option<&mut Passage>, args: &[Meets]) -> Vec<Meets> {
    let Some(callee) = callee else { return Vec::new() };
    // Where nothing varies it is called plainly.
    if !args.iter().zip(&callee.active).any(|(meets, active)| *active && meets.is_some()) {
        return vec![None; callee.useful.len()];
    }
    mark(&mut callee.tells, args);
    callee.useful.iter().zip(&callee.asks).map(|(useful, meets)| useful.then_some(*meets)).collect()
}
