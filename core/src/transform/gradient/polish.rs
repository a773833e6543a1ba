//! Tangents as an expert writes them.
//!
//! What [`adjoint`](super::super::adjoint()) does for reverse mode is done for each block of instructions that leads to results: the sides of a
//! last choice, one by one. Then sums of several terms are added up in the order in which these are waited for: in a loop
//! last what comes of the sum itself, one step before.

use super::affine::affine;
use crate::{
    anf::{Atom, Block, Builder, Effects, Function, Graph, Inst, Kind, Module, Op, Var},
    prim::Numeric,
    transform::{
        captured, chosen, finished,
        jvp::params,
        optimize::values,
        simplify::{adjoint_by, primal_of},
    },
};
use std::collections::HashMap;

/// The module, with other last bits in all but the program's first result and what decides whether it fails.
pub(super) fn polish(module: &Module) -> Module {
    let fallible = module.fallible();
    let functions = module.functions.iter().zip(values(module)).map(|(function, primal)| {
        let own = own(function);
        let graph = polished(&function.graph, &primal, &own, Effects::Of(&fallible));
        Function { graph, ..*function }
    });
    Module { functions: functions.collect() }
}

/// For each result of a graph, the parameter that it is one step later.
fn own(function: &Function) -> Vec<Option<Var>> {
    let params = function.graph.params.iter().map(|v| Some(*v));
    match function.kind {
        Kind::Once => Vec::new(),
        Kind::Loop => std::iter::once(None).chain(params).collect(),
    }
}

fn polished(graph: &Graph, primal: &[bool], own: &[Option<Var>], effects: Effects<'_>) -> Graph {
    let builder = Builder::new();
    let mut map = vec![None; graph.vars.len()];
    for (param, atom) in graph.params.iter().zip(params(graph, &builder)) {
        map[param.0 as usize] = Some(atom);
    }
    let own = (0..graph.body.results.len()).map(|i| own.get(i).copied().flatten());
    let given: Vec<Given> = primal.iter().copied().zip(own).collect();
    let results = Polish { graph, builder: &builder, effects }.block(&graph.body, &given, &mut map);
    finished(graph, &builder.finish(graph.name.clone(), results))
}

/// Whether a result is the primal's, and which parameter it is one step later.
type Given = (bool, Option<Var>);

struct Polish<'g> {
    graph: &'g Graph,
    builder: &'g Builder,
    effects: Effects<'g>,
}

impl Polish<'_> {
    /// A block in tail position.
    fn block(&self, block: &Block, given: &[Given], map: &mut [Option<Atom>]) -> Vec<Atom> {
        let Self { graph, builder, .. } = self;
        let renamed =
            |atom: &Atom, map: &[Option<Atom>]| atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(*atom);
        let Some((Inst { results, op: Op::If { then, els }, args }, before)) = block.insts.split_last()
        else {
            return self.straight(block, given, map);
        };
        before.iter().for_each(|inst| builder.inline_inst(graph, inst, map));
        let of = |var: &Var| {
            let as_result = block.results.iter().zip(given).filter(|(atom, _)| **atom == Atom::Var(*var));
            as_result
                .map(|(_, given)| *given)
                .reduce(|a, b| (a.0 || b.0, a.1.or(b.1)))
                .unwrap_or((true, None))
        };
        let inner: Vec<Given> = results.iter().map(of).collect();
        let mut side = |side: &Block| {
            let (insts, results) = builder.scoped(|| self.block(side, &inner, map));
            Block { insts, results }
        };
        let (then, els) = (side(then), side(els));
        let types: Vec<_> = results.iter().map(|v| graph.ty(Atom::Var(*v))).collect();
        let atoms = builder.choose(renamed(&args[0], map), then, els, &types);
        results.iter().zip(atoms).for_each(|(var, atom)| map[var.0 as usize] = Some(atom));
        block.results.iter().map(|atom| renamed(atom, map)).collect()
    }

    /// A block that does not end in a choice.
    fn straight(&self, block: &Block, given: &[Given], map: &mut [Option<Atom>]) -> Vec<Atom> {
        let Self { graph, builder, effects } = self;
        let primal: Vec<bool> = given.iter().map(|(primal, _)| *primal).collect();
        if !primal.contains(&false) {
            return builder.inline_block(graph, block, map);
        }
        let derived: Vec<bool> = primal.iter().map(|primal| !primal).collect();
        let results = [chosen(&block.results, &primal), chosen(&block.results, &derived)];
        let count = results[0].len();
        let vars = captured(&[block]);
        let apart = Graph {
            name: graph.name.clone(),
            names: vars.iter().map(ToString::to_string).collect(),
            params: vars.clone(),
            body: Block { insts: block.insts.clone(), results: results.concat() },
            vars: graph.vars.clone(),
        };
        let tidied = adjoint_by(&apart, count, *effects);
        let param = |own: Option<Var>| vars.iter().position(|v| Some(*v) == own);
        let own = chosen(given, &derived).into_iter().map(|(_, own)| param(own));
        let own: Vec<Option<usize>> = std::iter::repeat_n(None, count).chain(own).collect();
        let ordered = Sums::of(&affine(&tidied, count, &own, *effects), count, &own, *effects).ordered();
        let args: Vec<Atom> = vars.iter().map(|v| map[v.0 as usize].unwrap_or(Atom::Var(*v))).collect();
        let results = builder.inline(&ordered, &args);
        let (mut values, mut tangents) = (results[..count].iter(), results[count..].iter());
        let next = |primal: &bool| if *primal { values.next() } else { tangents.next() };
        primal.iter().map(next).map(|atom| atom.copied().unwrap_or(Atom::Real(0.0))).collect()
    }
}

/// A term of a sum, and whether it is taken away.
type Term = (Atom, bool);

/// The sums of a graph without choices that only derivatives use.
struct Sums<'g> {
    graph: &'g Graph,
    /// What binds each variable, unless it is in a choice.
    made: HashMap<Var, &'g Inst>,
    /// How often each is used.
    uses: Vec<usize>,
    /// What the primal's results and failures are made of.
    primal: Vec<bool>,
    /// By variable, what it is in the next step.
    own: HashMap<Var, Var>,
}

impl<'g> Sums<'g> {
    fn of(graph: &'g Graph, count: usize, own: &[Option<usize>], effects: Effects<'_>) -> Self {
        let made =
            graph.body.insts.iter().flat_map(|inst| inst.results.iter().map(move |v| (*v, inst))).collect();
        let mut sums = Self {
            graph,
            made,
            uses: vec![0; graph.vars.len()],
            primal: primal_of(graph, count, effects),
            own: HashMap::new(),
        };
        let mut used = |atoms: &[Atom]| {
            atoms.iter().filter_map(|a| a.var()).for_each(|v| sums.uses[v.0 as usize] += 1);
        };
        graph.body.each(&mut |inst| {
            used(&inst.args);
            if let Op::If { then, els } = &inst.op {
                used(&then.results);
                used(&els.results);
            }
        });
        used(&graph.body.results);
        for (atom, own) in graph.body.results.iter().zip(own) {
            if let (Atom::Var(var), Some(own)) = (atom, own) {
                sums.own.insert(*var, graph.params[*own]);
            }
        }
        sums
    }

    /// The operands of a sum that only derivatives use, and whether the second is taken away.
    fn sum(&self, var: Var) -> Option<Vec<Term>> {
        let inst = self.made.get(&var).filter(|_| !self.primal[var.0 as usize])?;
        match (&inst.op, &inst.args[..]) {
            (Op::Row(Numeric::Add), [a, b]) => Some(vec![(*a, false), (*b, false)]),
            (Op::Row(Numeric::Sub), [a, b]) => Some(vec![(*a, false), (*b, true)]),
            (Op::Row(Numeric::Neg), [a]) => Some(vec![(*a, true)]),
            _ => None,
        }
    }

    /// The terms of a sum, those of what it alone uses among them.
    fn terms(&self, var: Var, minus: bool, terms: &mut Vec<Term>) -> bool {
        let Some(operands) = self.sum(var) else { return false };
        for (atom, taken) in operands {
            let inner = atom.var().filter(|v| self.uses[v.0 as usize] == 1);
            if !inner.is_some_and(|v| self.terms(v, minus ^ taken, terms)) {
                terms.push((atom, minus ^ taken));
            }
        }
        true
    }

    /// Whether each variable is made of `from`, and after how many operations it is there that are made of any tangent.
    fn reach(&self, from: Option<Var>) -> Vec<(bool, u32)> {
        let mut reach = vec![(false, 0); self.graph.vars.len()];
        for var in &self.graph.params {
            reach[var.0 as usize] = (from == Some(*var), u32::from(!self.primal[var.0 as usize]));
        }
        for inst in &self.graph.body.insts {
            let args = inst.args.iter().filter_map(|a| a.var()).map(|v| reach[v.0 as usize]);
            let (own, depth) = args.fold((false, 0), |a, b| (a.0 || b.0, a.1.max(b.1)));
            let depth = if depth == 0 { 0 } else { depth + 1 };
            inst.results.iter().for_each(|v| reach[v.0 as usize] = (own, depth));
        }
        reach
    }

    /// The graph with terms in the order in which they are there.
    fn ordered(&self) -> Graph {
        let graph = self.graph;
        let builder = Builder::new();
        let mut map = vec![None; graph.vars.len()];
        for (param, atom) in graph.params.iter().zip(params(graph, &builder)) {
            map[param.0 as usize] = Some(atom);
        }
        for inst in &graph.body.insts {
            let mut terms = Vec::new();
            let several = match inst.results[..] {
                [var] => self.terms(var, false, &mut terms) && terms.len() > 2,
                _ => false,
            };
            if !several {
                builder.inline_inst(graph, inst, &mut map);
                continue;
            }
            let var = inst.results[0];
            let reach = self.reach(self.own.get(&var).copied());
            terms.sort_by_key(|(atom, minus)| (atom.var().map(|v| reach[v.0 as usize]), *minus));
            let here = |atom: Atom| builder.real(atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(atom));
            let sum = terms.iter().fold(None, |sum, (atom, minus)| {
                Some(match (sum, minus) {
                    (None, false) => here(*atom),
                    (None, true) => -here(*atom),
                    (Some(sum), false) => sum + here(*atom),
                    (Some(sum), true) => sum - here(*atom),
                })
            });
            map[var.0 as usize] = sum.map(crate::anf::Tracer::atom);
        }
        let results = graph.body.results.iter();
        let results = results.map(|a| a.var().and_then(|v| map[v.0 as usize]).unwrap_or(*a)).collect();
        finished(graph, &builder.finish(graph.name.clone(), results))
    }
}
