//! What a tangent makes of itself in one step of a loop.
//!
//! Where nothing else goes around the loop, the tangent of a step is a multiple of that of the step before, and the rest. Both are of numbers of the primal, which is
//! ahead of it: so a step waits for one product and one sum, whatever the step computes.

use crate::{
    anf::{Atom, Builder, Effects, Graph, Inst, Op, Var},
    prim::{Numeric, Scalar},
    transform::{
        jvp::params,
        simplify::{primal_of, simplify_by},
    },
};
use std::collections::HashMap;

/// A straight graph whose first `count` results are the primal's; the others may say which parameter, by its place, they are one step later. Given back
/// as it is where that takes more operations.
pub(super) fn affine(graph: &Graph, count: usize, own: &[Option<usize>], effects: Effects<'_>) -> Graph {
    let steps = Steps::of(graph, count, effects);
    let builder = Builder::new();
    let mut map = vec![None; graph.vars.len()];
    for (param, atom) in graph.params.iter().zip(params(graph, &builder)) {
        map[param.0 as usize] = Some(atom);
    }
    graph.body.insts.iter().for_each(|inst| builder.inline_inst(graph, inst, &mut map));
    let here = |atom: Atom| atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(atom);
    let given = |(atom, own): (&Atom, &Option<usize>)| {
        let (var, param) = (atom.var()?, graph.params[(*own)?]);
        if param == var || steps.made[var.0 as usize] != Made::Only(param) {
            return None;
        }
        let (times, rest) = steps.parts(var, param, &builder, &here, &mut HashMap::new())?;
        let product = builder.row(Numeric::Mul, &[here(Atom::Var(param)), times?]);
        Some(rest.map_or(product, |rest| builder.row(Numeric::Add, &[rest, product])))
    };
    let results = graph.body.results.iter().zip(own);
    let results: Vec<Atom> = results.map(|pair| given(pair).unwrap_or_else(|| here(*pair.0))).collect();
    let better = simplify_by(&builder.finish(graph.name.clone(), results), effects);
    if better.size() <= graph.size() { better } else { graph.clone() }
}

/// Of which tangents a variable is made.
#[derive(Clone, Copy, PartialEq)]
enum Made {
    /// Of none.
    Primal,
    /// Of this parameter.
    Only(Var),
    /// Of several.
    Several,
}

struct Steps<'g> {
    /// What binds each variable, unless it is in a choice.
    insts: HashMap<Var, &'g Inst>,
    made: Vec<Made>,
}

/// The factor of a tangent, and what is added to its multiple; nothing for 0.
type Parts = (Option<Atom>, Option<Atom>);

impl<'g> Steps<'g> {
    fn of(graph: &'g Graph, count: usize, effects: Effects<'_>) -> Self {
        let primal = primal_of(graph, count, effects);
        let mut made = vec![Made::Primal; graph.vars.len()];
        for var in graph.params.iter().filter(|v| !primal[v.0 as usize]) {
            let real = graph.ty(Atom::Var(*var)).scalar == Scalar::Real;
            made[var.0 as usize] = if real { Made::Only(*var) } else { Made::Several };
        }
        for inst in &graph.body.insts {
            let mut of = Made::Primal;
            let mut reads = inst.args.clone();
            if let Op::If { then, els } = &inst.op {
                reads.extend(crate::transform::captured(&[then, els]).into_iter().map(Atom::Var));
            }
            for var in reads.iter().filter_map(|a| a.var()) {
                of = match (of, made[var.0 as usize]) {
                    (of, Made::Primal) => of,
                    (Made::Primal, other) => other,
                    (a, b) if a == b => a,
                    _ => Made::Several,
                };
            }
            inst.results.iter().for_each(|v| made[v.0 as usize] = of);
        }
        let insts = graph.body.insts.iter().flat_map(|inst| inst.results.iter().map(move |v| (*v, inst)));
        Self { insts: insts.collect(), made }
    }

    /// The parts of a variable that is made of no tangent but `param`; none if it is not affine.
    fn parts(
        &self,
        var: Var,
        param: Var,
        builder: &Builder,
        here: &dyn Fn(Atom) -> Atom,
        known: &mut HashMap<Var, Parts>,
    ) -> Option<Parts> {
        if var == param {
            return Some((Some(Atom::Real(1.0)), None));
        }
        if let Some(parts) = known.get(&var) {
            return Some(*parts);
        }
        let Inst { op: Op::Row(row), args, .. } = self.insts.get(&var)? else { return None };
        let is_primal = |atom: Atom| atom.var().is_none_or(|v| self.made[v.0 as usize] == Made::Primal);
        let mut of = |atom: Atom| match atom {
            Atom::Var(v) if !is_primal(atom) => self.parts(v, param, builder, here, known),
            atom => Some((None, Some(here(atom)))),
        };
        let each =
            |(times, rest): Parts, change: &dyn Fn(Atom) -> Atom| (times.map(change), rest.map(change));
        let both = |row: Numeric, a: Option<Atom>, b: Option<Atom>| match (a, b) {
            (Some(a), Some(b)) => Some(builder.row(row, &[a, b])),
            (None, Some(b)) if row == Numeric::Sub => Some(builder.row(Numeric::Neg, &[b])),
            (a, b) => a.or(b),
        };
        let parts = match (row, &args[..]) {
            (Numeric::Add | Numeric::Sub, [a, b]) => {
                let (a, b) = (of(*a)?, of(*b)?);
                (both(*row, a.0, b.0), both(*row, a.1, b.1))
            }
            (Numeric::Neg, [a]) => each(of(*a)?, &|x| builder.row(Numeric::Neg, &[x])),
            (Numeric::Mul, [a, b]) if is_primal(*a) => {
                each(of(*b)?, &|x| builder.row(Numeric::Mul, &[x, here(*a)]))
            }
            (Numeric::Mul | Numeric::Div, [a, b]) if is_primal(*b) => {
                each(of(*a)?, &|x| builder.row(*row, &[x, here(*b)]))
            }
            _ => return None,
        };
        known.insert(var, parts);
        Some(parts)
    }
}
