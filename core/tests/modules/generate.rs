//! Random modules: functions that call, loop and recur, around random graphs.
//!
//! Every loop and recursion counts, so that every run ends. The bodies come from the generator of graphs, less what
//! has axes.

use crate::graphs;
pub(crate) use crate::graphs::Random;
use scheme_core::{
    anf::{Atom, Block, Builder, Failure, FnId, Function, Graph, Kind, Module, Type},
    diag::Code,
    prim::Numeric,
    span::Span,
};

/// A module of a program and one to four functions, each of which calls those before it.
pub(crate) fn module(seed: u64) -> Module {
    let mut random = Random::new(seed ^ 0x51);
    let count = 1 + random.below(4);
    let mut functions: Vec<Function> = Vec::new();
    // Later numbers first, so that callees are known.
    for id in (1..=count).rev() {
        let callees: Vec<(FnId, Function)> =
            functions.iter().rev().enumerate().map(|(i, f)| (FnId((id + 1 + i) as u32), f.clone())).collect();
        let body = Body { callees: &callees, seed: seed * 31 + id as u64 };
        let function = match random.below(3) {
            0 => body.iterated(&mut random),
            1 => body.recursive(FnId(id as u32), &mut random),
            _ => body.once(&mut random),
        };
        functions.push(function);
    }
    let callees: Vec<(FnId, Function)> =
        functions.iter().rev().enumerate().map(|(i, f)| (FnId(1 + i as u32), f.clone())).collect();
    let body = Body { callees: &callees, seed: seed * 31 };
    let builder = Builder::new();
    let params = ["x", "y"].map(|name| builder.param(name, Type::REAL));
    let mut pool = body.given(&builder, &params, &mut random);
    let calls = 1 + random.below(2);
    for _ in 0..calls {
        let more = body.called(&builder, &pool, 3, &mut random);
        pool.extend(more);
    }
    let result = sum(&builder, &pool);
    let mut all =
        vec![Function { graph: builder.finish(format!("main_{seed}"), vec![result]), kind: Kind::Once }];
    all.extend(functions.into_iter().rev());
    Module { functions: all }
}

struct Body<'f> {
    callees: &'f [(FnId, Function)],
    seed: u64,
}

fn sum(builder: &Builder, pool: &[Atom]) -> Atom {
    let sum = pool.iter().copied().reduce(|a, b| builder.row(Numeric::Add, &[a, b]));
    sum.unwrap_or(Atom::Real(0.0))
}

impl Body<'_> {
    /// Numbers that a random graph gives of others, within bounds.
    fn given(&self, builder: &Builder, args: &[Atom], random: &mut Random) -> Vec<Atom> {
        let graph: Graph = graphs::scalars(self.seed * 7 + random.below(1000) as u64);
        let args: Vec<Atom> = graph.params.iter().enumerate().map(|(i, _)| args[i % args.len()]).collect();
        let given = builder.inline(&graph, &args);
        let bounded = |x: Atom| builder.row(Numeric::Tanh, &[x]);
        given.into_iter().map(bounded).collect()
    }

    /// The numbers that a call of some callee gives; loops and recursions run `times`.
    fn called(&self, builder: &Builder, args: &[Atom], times: u32, random: &mut Random) -> Vec<Atom> {
        if self.callees.is_empty() {
            return Vec::new();
        }
        let (id, callee) = &self.callees[random.below(self.callees.len())];
        let types = callee.exit_types();
        let mut operands: Vec<Atom> =
            callee.graph.params.iter().map(|_| args[random.below(args.len())]).collect();
        // The first parameter counts.
        operands[0] = Atom::Real(f64::from(times));
        let given = builder.call(*id, operands, &types);
        given.into_iter().zip(types).filter(|(_, ty)| *ty == Type::REAL).map(|(atom, _)| atom).collect()
    }

    fn params(&self, builder: &Builder, random: &mut Random) -> Vec<Atom> {
        let count = 1 + random.below(3);
        let mut params = vec![builder.param("n", Type::REAL)];
        params.extend((0..count).map(|i| builder.param(format!("x{i}"), Type::REAL)));
        params
    }

    /// Sometimes, an end of the run where a number is large.
    fn check(&self, builder: &Builder, x: Atom, random: &mut Random) {
        if random.below(4) > 0 {
            return;
        }
        let large = builder.row(Numeric::Less, &[Atom::Real(0.95), x]);
        let failure = Failure { code: Code::Raised, message: "large".into(), span: Span::default() };
        let (insts, ()) = builder.scoped(|| builder.fail(failure, vec![x]));
        let side = |insts| Block { insts, results: Vec::new() };
        builder.choose(large, side(insts), side(Vec::new()), &[]);
    }

    fn once(&self, random: &mut Random) -> Function {
        let builder = Builder::new();
        let params = self.params(&builder, random);
        let mut pool = self.given(&builder, &params[1..], random);
        self.check(&builder, pool[0], random);
        pool.extend(self.called(&builder, &pool, 2, random));
        let all = sum(&builder, &pool);
        let graph = builder.finish(format!("once_{}", self.seed), vec![all, pool[0]]);
        Function { graph, kind: Kind::Once }
    }

    /// A step for each count, in one of two forms: a choice between going on and not, or both computed.
    fn iterated(&self, random: &mut Random) -> Function {
        let builder = Builder::new();
        let params = self.params(&builder, random);
        let (n, state) = (params[0], &params[1..]);
        let go_on = builder.row(Numeric::Less, &[Atom::Real(0.0), n]);
        let next = |random: &mut Random| {
            let mut pool = self.given(&builder, state, random);
            self.check(&builder, pool[0], random);
            pool.extend(self.called(&builder, &pool, 2, random));
            let all = sum(&builder, &pool);
            let mut next = vec![builder.row(Numeric::Sub, &[n, Atom::Real(1.0)])];
            // Some parameters stay as they are.
            next.extend(state.iter().enumerate().map(|(i, x)| match (i + pool.len()) % 3 {
                0 => *x,
                1 => all,
                _ => pool[i % pool.len()],
            }));
            next
        };
        let exit = |random: &mut Random| {
            let given = self.given(&builder, state, random);
            vec![sum(&builder, &given), state[0]]
        };
        let mut results = vec![go_on];
        if random.below(2) == 0 {
            results.extend(next(random));
            results.extend(exit(random));
        } else {
            let (insts, mut given) = builder.scoped(|| next(random));
            given.insert(0, Atom::Bool(true));
            given.extend([Atom::Real(0.0), Atom::Real(0.0)]);
            let then = Block { insts, results: given };
            let (insts, given) = builder.scoped(|| exit(random));
            let mut all = vec![Atom::Bool(false)];
            all.extend(params.iter().map(|_| Atom::Real(0.0)));
            all.extend(given);
            let types: Vec<Type> =
                all.iter().enumerate().map(|(i, _)| if i == 0 { Type::BOOL } else { Type::REAL }).collect();
            results = builder.choose(go_on, then, Block { insts, results: all }, &types);
        }
        Function { graph: builder.finish(format!("loop_{}", self.seed), results), kind: Kind::Loop }
    }

    /// One or two calls of itself.
    fn recursive(&self, id: FnId, random: &mut Random) -> Function {
        let builder = Builder::new();
        let params = self.params(&builder, random);
        let (n, state) = (params[0], &params[1..]);
        let done = builder.row(Numeric::Less, &[n, Atom::Real(1.0)]);
        let (insts, results) = builder.scoped(|| {
            let given = self.given(&builder, state, random);
            vec![sum(&builder, &given), state[0]]
        });
        let then = Block { insts, results };
        let (insts, results) = builder.scoped(|| {
            let mut pool = self.given(&builder, state, random);
            let fewer = builder.row(Numeric::Sub, &[n, Atom::Real(1.0)]);
            for i in 0..1 + random.below(2) {
                let args: Vec<Atom> = (0..state.len()).map(|k| pool[(i + k) % pool.len()]).collect();
                pool.extend(builder.call(id, [&[fewer], &args[..]].concat(), &[Type::REAL; 2]));
            }
            self.check(&builder, pool[0], random);
            pool.extend(self.called(&builder, &pool, 1, random));
            let last = builder.row(Numeric::Sin, &[pool[pool.len() - 1]]);
            vec![sum(&builder, &pool), last]
        });
        let results = builder.choose(done, then, Block { insts, results }, &[Type::REAL; 2]);
        Function { graph: builder.finish(format!("recursive_{}", self.seed), results), kind: Kind::Once }
    }
}
