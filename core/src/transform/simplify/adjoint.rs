//! The adjoint as an expert writes it.
//!
//! What the derivatives alone use may change in its last bits, so products there are multiplied out
//! and put together again with as few operations as possible: like terms are added, the primal's
//! products and quotients are used again, one reciprocal serves all divisions by a number, and
//! products of the primal are taken apart where that leaves fewer operations. Sums are not expanded; `a·b - a`
//! becomes `a·(b - 1)`, which has less to wait for `a`. The primal's results keep every bit.
//!
//! This is done once, on the graph that the macro and all others share.

use super::{
    super::captured,
    mark,
    products::{Available, Factor, Monomial, Products},
    simplify_by,
};
use crate::{
    anf::{Atom, Builder, Effects, Graph, Inst, Op},
    prim::{Numeric, Operand, Scalar},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Products of a higher degree are not multiplied out, so that long chains stay linear in size.
const MAX_DEGREE: u32 = 12;

/// Simplifies a graph whose first `primal` results are values and whose others are derivatives.
pub fn adjoint(graph: &Graph, primal: usize) -> Graph {
    adjoint_by(graph, primal, Effects::AnyCall)
}

/// [`adjoint`] where it is known what may fail.
pub(in super::super) fn adjoint_by(graph: &Graph, primal: usize, effects: Effects<'_>) -> Graph {
    let graph = simplify_by(graph, effects);
    let mut needed = primal_of(&graph, primal, effects);
    graph.params.iter().for_each(|v| needed[v.0 as usize] = true);
    let mut terms = Terms::collect(&graph, &needed, effects);
    terms.take_apart();
    terms.settle_sums();
    simplify_by(&terms.rebuild(), effects)
}

/// What keeps its bits: what the first results are made of and what may fail, and what decides.
pub(in super::super) fn primal_of(graph: &Graph, primal: usize, effects: Effects<'_>) -> Vec<bool> {
    let mut needed = vec![false; graph.vars.len()];
    let primal = primal.min(graph.body.results.len());
    mark(&graph.body, &graph.body.results[..primal], effects, &mut needed);
    exact(graph, &mut needed);
    close(graph, effects, &mut needed);
    needed
}

/// Adds to the primal what rows that are not linear read, and calls: rounding and comparisons would magnify
/// last bits. Of the operands of a call's reverse only the record is exact, and that no row computes.
fn exact(graph: &Graph, needed: &mut [bool]) {
    for inst in graph.body.insts.iter().rev() {
        use Numeric::{Add, Div, Identity, Mul, Neg, Recip, Select, Square, Sub};
        let free =
            matches!(inst.op, Op::Row(Add | Sub | Mul | Div | Neg | Recip | Square | Select | Identity));
        let read = match &inst.op {
            Op::Row(_) if !free || inst.results.iter().any(|v| needed[v.0 as usize]) => &inst.args[..],
            Op::Whole(_) | Op::Table(_) | Op::Call(_) | Op::Forward(_) => &inst.args[..],
            _ => &[],
        };
        for var in read.iter().filter_map(|a| a.var()) {
            needed[var.0 as usize] = true;
        }
    }
}

/// Adds to the primal what its choices read, for their other results too: the primal is built first.
fn close(graph: &Graph, effects: Effects<'_>, needed: &mut [bool]) {
    for inst in graph.body.insts.iter().rev() {
        if !effects.has(&inst.op) && !inst.results.iter().any(|v| needed[v.0 as usize]) {
            continue;
        }
        let read = match &inst.op {
            Op::If { then, els } => captured(&[then, els]),
            _ => Vec::new(),
        };
        let args = inst.args.iter().filter_map(|a| a.var());
        for var in read.into_iter().chain(args).chain(inst.results.iter().copied()) {
            needed[var.0 as usize] = true;
        }
    }
}

/// The value of an adjoint variable: a sum of monomials, most often of one.
type Sum = Vec<Monomial>;

struct Terms<'g> {
    graph: &'g Graph,
    primal: &'g [bool],
    effects: Effects<'g>,
    /// The primal's products and quotients.
    available: Available,
    /// The factors of the primal's products.
    parts: HashMap<u32, Monomial>,
    /// What may cancel or be divided by twice: constants, and what the primal itself divides by, so that it
    /// is 0 or infinite only where the primal has met with that already.
    divisors: HashSet<Factor>,
    /// The adjoint variables that are products of others, or sums of such.
    sums: HashMap<u32, Sum>,
    /// Those of `sums` that something other than a product uses.
    roots: BTreeSet<u32>,
}

impl<'g> Terms<'g> {
    fn collect(graph: &'g Graph, primal: &'g [bool], effects: Effects<'g>) -> Self {
        let available = available(graph, primal);
        let parts = parts(graph, primal);
        let divisors = divisors(graph, primal, &parts);
        let (sums, roots) = (HashMap::new(), BTreeSet::new());
        let mut terms = Self { graph, primal, effects, available, parts, divisors, sums, roots };
        for inst in &graph.body.insts {
            let sum = match inst.results[..] {
                [result] if !primal[result.0 as usize] => terms.sum(inst),
                _ => None,
            };
            match sum {
                Some(sum) => {
                    terms.sums.insert(inst.results[0].0, sum);
                }
                None => terms.use_all(inst),
            }
        }
        for atom in &graph.body.results {
            terms.root(*atom);
        }
        terms
    }

    fn root(&mut self, atom: Atom) {
        if let Some(v) = atom.var().filter(|v| self.sums.contains_key(&v.0)) {
            self.roots.insert(v.0);
        }
    }

    /// Everything an opaque instruction or its blocks mention has to exist.
    fn use_all(&mut self, inst: &Inst) {
        inst.args.iter().for_each(|a| self.root(*a));
        if let Op::If { then, els } = &inst.op {
            for block in [then, els] {
                block.insts.iter().for_each(|i| self.use_all(i));
                block.results.iter().for_each(|a| self.root(*a));
            }
        }
    }

    /// The sum that an adjoint instruction is, if it is one of numbers without axes.
    fn sum(&mut self, inst: &Inst) -> Option<Sum> {
        let Op::Row(row) = inst.op else { return None };
        let scalar =
            |a: &Atom| self.graph.ty(*a).scalar == Scalar::Real && self.graph.ty(*a).dims.axes().is_empty();
        if !inst.args.iter().all(scalar) {
            return None;
        }
        match (row, &inst.args[..]) {
            (Numeric::Neg, [a]) => Some(vec![scaled(self.monomial(*a), -1.0)]),
            (Numeric::Add, [a, b]) => self.sum_of(*a, *b, 1.0),
            (Numeric::Sub, [a, b]) => self.sum_of(*a, *b, -1.0),
            (Numeric::Mul, [a, b]) => {
                let (a, b) = (self.monomial(*a), self.monomial(*b));
                self.bounded(a.times(&b, &self.divisors)?)
            }
            (Numeric::Square, [a]) => {
                let a = self.monomial(*a);
                self.bounded(a.clone().times(&a, &self.divisors)?)
            }
            (Numeric::Recip, [a]) => {
                let divisor = self.monomial(*a).recip()?;
                self.bounded(divisor)
            }
            (Numeric::Div, [a, b]) => {
                let (a, b) = (self.monomial(*a), self.monomial(*b).recip()?);
                self.bounded(a.times(&b, &self.divisors)?)
            }
            _ => None,
        }
    }

    fn bounded(&self, monomial: Monomial) -> Option<Sum> {
        let monomial = self.available.reduce(monomial);
        (monomial.degree() <= MAX_DEGREE).then(|| vec![monomial])
    }

    /// What an atom is, multiplied out.
    fn term(&self, atom: Atom) -> Sum {
        match atom.var().and_then(|v| self.sums.get(&v.0)) {
            Some(sum) => sum.clone(),
            None => vec![Monomial::atom(atom)],
        }
    }

    /// What an atom is as a factor: a sum of several terms stays whole.
    fn monomial(&mut self, atom: Atom) -> Monomial {
        match &self.term(atom)[..] {
            [one] => one.clone(),
            _ => {
                self.root(atom);
                Monomial::atom(atom)
            }
        }
    }

    /// Takes the primal's products apart, those divided by or all, where that leaves fewer divisions, or
    /// as many and fewer multiplications.
    fn take_apart(&mut self) {
        let apart = |divisors_only: bool| -> HashMap<u32, Sum> {
            let apart = |m: &Monomial| self.apart(m, divisors_only);
            self.roots.iter().map(|v| (*v, self.sums[v].iter().map(apart).collect())).collect()
        };
        let cost = |sums: &HashMap<u32, Sum>| {
            Products::plan(self.roots.iter().flat_map(|v| sums[v].clone()), &self.available).cost()
        };
        let mut least = cost(&self.sums);
        let mut best = None;
        for candidate in [apart(true), apart(false)] {
            let cost = cost(&candidate);
            if cost < least {
                (least, best) = (cost, Some(candidate));
            }
        }
        self.sums.extend(best.into_iter().flatten());
    }

    fn apart(&self, monomial: &Monomial, divisors_only: bool) -> Monomial {
        let taken = monomial.factors.iter().try_fold(
            Monomial { factors: BTreeMap::new(), ..*monomial },
            |mut out, (factor, exponent)| {
                let whole = Monomial { coefficient: 1.0, factors: BTreeMap::from([(*factor, 1)]) };
                let part = match factor {
                    Factor::Var(v) if *exponent < 0 || !divisors_only => self.parts.get(v).cloned(),
                    _ => None,
                };
                let part = part.unwrap_or(whole);
                let part = if *exponent < 0 { part.recip()? } else { part };
                for _ in 0..exponent.unsigned_abs() {
                    out = out.times(&part, &self.divisors)?;
                }
                Some(out)
            },
        );
        taken.filter(|m| m.degree() <= MAX_DEGREE).unwrap_or_else(|| monomial.clone())
    }

    /// Leaves as they are the sums that nothing is taken out of.
    fn settle_sums(&mut self) {
        for inst in &self.graph.body.insts {
            let Some(result) = inst.results.first().filter(|v| self.roots.contains(&v.0)) else { continue };
            let [x, y] = &self.sums[&result.0][..] else { continue };
            if factored(x, y).is_some() {
                continue;
            }
            let sign = if matches!(inst.op, Op::Row(Numeric::Sub)) { -1.0 } else { 1.0 };
            let terms = [x.clone(), scaled(y.clone(), sign)];
            self.roots.remove(&result.0);
            self.sums.remove(&result.0);
            for (atom, term) in inst.args.iter().zip(terms) {
                if let Some(v) = atom.var().filter(|v| self.sums.contains_key(&v.0)) {
                    self.roots.insert(v.0);
                    self.sums.insert(v.0, vec![term]);
                }
            }
        }
    }

    /// `a + sign·b` of products: one product where both are multiples of one.
    fn sum_of(&mut self, a: Atom, b: Atom, sign: f64) -> Option<Sum> {
        let (x, mut y) = (self.term(a), self.term(b));
        y.iter_mut().for_each(|y| y.coefficient *= sign);
        match (&x[..], &y[..]) {
            ([x], [y]) if x.factors == y.factors => {
                let coefficient = x.coefficient + y.coefficient;
                let exact = coefficient - x.coefficient == y.coefficient
                    && coefficient - y.coefficient == x.coefficient;
                let single = f64::from(coefficient as f32) == coefficient;
                (exact && single && coefficient != 0.0)
                    .then(|| vec![Monomial { coefficient, factors: x.factors.clone() }])
            }
            ([x], [y]) => Some(vec![x.clone(), y.clone()]),
            _ => None,
        }
    }

    /// The graph with every root built from shared products.
    fn rebuild(self) -> Graph {
        let graph = self.graph;
        let mut products =
            Products::plan(self.roots.iter().flat_map(|v| summands(&self.sums[v])), &self.available);
        let builder = Builder::new();
        let mut map: Vec<Option<Atom>> = vec![None; graph.vars.len()];
        for (param, name) in graph.params.iter().zip(&graph.names) {
            let info = graph.vars[param.0 as usize];
            builder.at(info.span);
            map[param.0 as usize] = Some(builder.param(name, info.ty));
        }
        // The primal first, so that all it computes can be used again.
        let (primal, adjoint): (Vec<&Inst>, Vec<&Inst>) =
            graph.body.insts.iter().partition(|i| {
                self.effects.has(&i.op) || i.results.iter().any(|v| self.primal[v.0 as usize])
            });
        for inst in primal {
            builder.inline_inst(graph, inst, &mut map);
        }
        for inst in adjoint {
            let Some(sum) = inst.results.first().and_then(|v| self.sums.get(&v.0)) else {
                builder.inline_inst(graph, inst, &mut map);
                continue;
            };
            let result = inst.results[0];
            if !self.roots.contains(&result.0) {
                continue;
            }
            builder.at(graph.vars[result.0 as usize].span);
            let here = |atom: Atom| atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(atom);
            let mut build = |monomial: &Monomial| products.build(&builder, monomial, &here);
            let built = match &sum[..] {
                [one] => Some(build(one)),
                [x, y] => factored(x, y).map(|(common, [x, y])| {
                    let rest = builder.row(Numeric::Add, &[build(&x), build(&y)]);
                    builder.row(Numeric::Mul, &[rest, build(&common)])
                }),
                _ => None,
            };
            map[result.0 as usize] = built;
        }
        let results =
            graph.body.results.iter().map(|a| a.var().and_then(|v| map[v.0 as usize]).unwrap_or(*a));
        let results = results.collect();
        builder.finish(&*graph.name, results)
    }
}

/// The primal's products and quotients.
fn available(graph: &Graph, primal: &[bool]) -> Available {
    let mut available = Available { ready: ready(graph), ..Available::default() };
    for inst in graph.body.insts.iter().filter(|i| i.results.iter().all(|v| primal[v.0 as usize])) {
        let factor = |a: &Atom| a.var().map(|v| Factor::Var(v.0));
        let (Op::Row(row), [result]) = (&inst.op, &inst.results[..]) else { continue };
        let operands: Option<Vec<Factor>> = inst.args.iter().map(factor).collect();
        let result = Factor::Var(result.0);
        match (row, operands.as_deref()) {
            (Numeric::Mul, Some([a, b])) => available.products.insert([*a.min(b), *a.max(b)], result),
            (Numeric::Square, Some([a])) => available.products.insert([*a, *a], result),
            (Numeric::Div, Some([a, b])) => available.quotients.insert([*a, *b], result),
            _ => None,
        };
    }
    available
}

/// The factors of each of the primal's products that has not too many.
fn parts(graph: &Graph, primal: &[bool]) -> HashMap<u32, Monomial> {
    let mut parts: HashMap<u32, Monomial> = HashMap::new();
    for inst in &graph.body.insts {
        let ([result], Op::Row(row)) = (&inst.results[..], &inst.op) else { continue };
        let of = |atom: &Atom| {
            let known = atom.var().and_then(|v| parts.get(&v.0)).cloned();
            known.unwrap_or_else(|| Monomial::atom(*atom))
        };
        let product = match (row, &inst.args[..]) {
            (Numeric::Mul, [a, b]) => of(a).joined(&of(b)),
            (Numeric::Square, [a]) => of(a).joined(&of(a)),
            (Numeric::Neg, [a]) => of(a).joined(&Monomial::literal(-1.0)),
            _ => continue,
        };
        if primal[result.0 as usize] && product.degree() <= MAX_DEGREE {
            parts.insert(result.0, product);
        }
    }
    parts
}

/// See [`Terms::divisors`].
fn divisors(graph: &Graph, primal: &[bool], parts: &HashMap<u32, Monomial>) -> HashSet<Factor> {
    let mut divisors = HashSet::new();
    let mut constants: HashMap<u32, f64> = HashMap::new();
    for inst in &graph.body.insts {
        let ([result], Op::Row(row)) = (&inst.results[..], &inst.op) else { continue };
        let divisor = match (row, &inst.args[..]) {
            (Numeric::Div, [_, divisor]) | (Numeric::Recip, [divisor]) => divisor.var(),
            _ => None,
        };
        if let Some(v) = divisor.filter(|_| primal[result.0 as usize]) {
            divisors.insert(Factor::Var(v.0));
            divisors.extend(parts.get(&v.0).into_iter().flat_map(|m| m.factors.keys()));
        }
        let constant = |atom: &Atom| match atom {
            Atom::Var(v) => constants.get(&v.0).map(|x| Operand::Real(*x)),
            Atom::Real(x) => Some(Operand::Real(*x)),
            Atom::Bool(b) => Some(Operand::Bool(*b)),
        };
        let operands: Option<Vec<Operand<f64>>> = inst.args.iter().map(constant).collect();
        if let Some(Operand::Real(x)) = operands.and_then(|operands| row.apply(&operands)) {
            constants.insert(result.0, x);
            if x.is_normal() {
                divisors.insert(Factor::Var(result.0));
            }
        }
    }
    divisors
}

/// When each variable is known if all that can be is computed at once: cycles of current processors.
fn ready(graph: &Graph) -> Vec<u32> {
    let mut ready = vec![0; graph.vars.len()];
    for inst in &graph.body.insts {
        let cycles = match inst.op {
            Op::Row(Numeric::Add | Numeric::Sub | Numeric::Mul | Numeric::Square | Numeric::Neg) => 4,
            Op::Row(Numeric::Div | Numeric::Recip | Numeric::Sqrt) => 14,
            _ => 40,
        };
        let start = inst.args.iter().filter_map(|a| a.var()).map(|v| ready[v.0 as usize]).max().unwrap_or(0);
        inst.results.iter().for_each(|v| ready[v.0 as usize] = start + cycles);
    }
    ready
}

/// `x + y` as a product and the sum that it multiplies, where one of the two is a multiple of the other, which
/// would have to be scaled: of that a literal remains.
fn factored(x: &Monomial, y: &Monomial) -> Option<(Monomial, [Monomial; 2])> {
    let (least, most) = if x.degree() < y.degree() { (x, y) } else { (y, x) };
    let within = |(factor, exponent): (&Factor, &i32)| {
        most.factors.get(factor).is_some_and(|e| e.signum() == exponent.signum() && e.abs() >= exponent.abs())
    };
    if least.factors.is_empty() || least.coefficient == 1.0 || !least.factors.iter().all(within) {
        return None;
    }
    let common = Monomial { coefficient: 1.0, ..least.clone() };
    let inverse = common.recip()?;
    Some((common, [x.clone().joined(&inverse), y.clone().joined(&inverse)]))
}

/// The products that a sum is built from.
fn summands(sum: &[Monomial]) -> Vec<Monomial> {
    match sum {
        [x, y] => factored(x, y).map_or_else(Vec::new, |(common, [x, y])| vec![common, x, y]),
        one => one.to_vec(),
    }
}

fn scaled(monomial: Monomial, by: f64) -> Monomial {
    Monomial { coefficient: monomial.coefficient * by, ..monomial }
}
