//! Linear functions backward.
//!
//! `transpose : (c, a -o b) -> (c, CT b -o CT a)`. What does not depend on the linear parameters runs
//! forward, the rest backward: each instruction hands its result's cotangent on to its operands, by
//! the table's rule. Cotangents add up; one known to be zero is no instruction at all: `None`. A
//! choice becomes a choice on the same condition of what its blocks hand to the variables around.
//!
//! What only one side of a choice uses has the cotangent 0 where the other is taken. Times an infinite partial, or
//! one that overflowed, that would be nan, and a derivative of nothing: it is handed on only if the side
//! that uses it was taken. Other functions and steps take and give a truth value beside a cotangent, whether it
//! is reached, where that matters (`reverse/asked.rs`); where functions give none, a cotangent of 0 is taken for one that is not, and
//! where steps give none, partials that overflow are not looked for.

use super::{
    Error, by_rows, captured, chosen, finished,
    jvp::{Calls, Passage, jvp_by},
    shape,
    split::{Split, split},
    tame::{overflowing, wild},
};
use crate::{
    anf::{Atom, Block, Builder, Dims, FnId, Graph, Inst, Op, TracedMask, Tracer, Type, Var},
    prim::{Numeric, Operand, Scalar},
};
use std::cell::RefCell;

/// `transpose : (c, a -o b) -> (c, CT b -o CT a)`, where `linear` tells the parameters of `a`.
///
/// Parameters: those that are not linear, then `ct_i` for each result. Results: the cotangents of
/// the linear parameters. A result that does not depend on these counts as zero.
///
/// # Errors
/// [`Error::NotLinear`] if an instruction is not, [`Error::Parameter`] and [`Error::Results`] if a
/// linear parameter or a result is not made of numbers, [`Error::MixesRows`].
pub fn transpose(graph: &Graph, linear: &[bool]) -> Result<Graph, Error> {
    by_rows::check(graph)?;
    let is_linear = |i: usize| linear.get(i) == Some(&true);
    let mut types = graph.param_types().into_iter().enumerate();
    if let Some((index, _)) = types.find(|(i, ty)| is_linear(*i) && ty.scalar != Scalar::Real) {
        return Err(Error::Parameter { index, expected: "numbers" });
    }
    if graph.result_types().iter().any(|ty| ty.scalar != Scalar::Real) {
        return Err(Error::Results { expected: "numbers" });
    }
    let builder = Builder::new();
    let mut constants = Vec::new();
    for (i, param) in graph.params.iter().enumerate().filter(|(i, _)| !is_linear(*i)) {
        let info = graph.vars[param.0 as usize];
        constants.push(builder.param(graph.names[i].clone(), info.ty));
    }
    let seeds: Vec<_> = cotangents(&builder, graph.result_types()).into_iter().map(Some).collect();
    let backward = Backward::new(graph.clone(), linear, &builder, &constants);
    let results = backward.filled(&backward.pull(&always(&seeds))?);
    Ok(finished(graph, &builder.finish(format!("transpose.{}", graph.name), results)))
}

/// A parameter for each cotangent.
pub(super) fn cotangents(builder: &Builder, types: impl IntoIterator<Item = Type>) -> Vec<Atom> {
    types.into_iter().enumerate().map(|(i, ty)| builder.param(format!("ct_{i}"), ty)).collect()
}

/// Cotangents that are reached always.
pub(super) fn always(cotangents: &[Option<Atom>]) -> Vec<Option<Cotangent>> {
    cotangents.iter().map(|ct| ct.map(|atom| Cotangent { atom, reached: Reached::Always })).collect()
}

/// A function's value, built, and its derivative, ready to pull cotangents back, once or often.
///
/// Linearizing and transposing in one: the linear half of the cut that partial evaluation makes is
/// transposed where it stands, and what would be residuals are variables of the same builder.
pub(super) struct Pullback<'b> {
    backward: Backward<'b>,
    /// How many results the function has.
    outputs: usize,
}

impl<'b> Pullback<'b> {
    /// Builds the value of `graph` at `inputs`, to be differentiated by the `active` parameters.
    pub(super) fn new(
        graph: &Graph,
        active: &[bool],
        builder: &'b Builder,
        inputs: &[Atom],
        calls: Calls<'b>,
    ) -> Result<Self, Error> {
        by_rows::check(graph)?;
        let both = jvp_by(graph, active, calls);
        let linear: Vec<bool> = (0..both.params.len()).map(|i| i >= inputs.len()).collect();
        let mut backward = Backward::new(both, &linear, builder, inputs);
        if let Calls::Records(passages) = calls {
            backward.passages = passages;
        }
        Ok(Self { backward, outputs: graph.body.results.len() })
    }

    /// Of a function that others call: its parameters may have overflowed, as states of a loop do that have been through many steps.
    pub(super) fn of_called(mut self) -> Self {
        self.backward.overflowing = overflowing(&self.backward.cut.graph, true);
        self
    }

    /// The function's results.
    pub(super) fn values(&self) -> Vec<Atom> {
        let results = &self.backward.cut.graph.body.results[..self.outputs];
        results.iter().map(|a| self.backward.constant(*a)).collect()
    }

    /// The active parameters' cotangents from those of the results that are numbers.
    pub(super) fn pull(&self, seeds: &[Option<Atom>]) -> Result<Vec<Option<Atom>>, Error> {
        let pulled = self.pull_where(&always(seeds))?;
        Ok(pulled.into_iter().map(|ct| ct.map(|ct| ct.atom)).collect())
    }

    /// [`Self::pull`] where the seeds may be reached on some paths only, and 0 on others.
    pub(super) fn pull_where(&self, seeds: &[Option<Cotangent>]) -> Result<Vec<Option<Cotangent>>, Error> {
        self.backward.pull(&[&vec![None; self.outputs], seeds].concat())
    }

    /// [`Self::pull_where`]'s answer with zeros for what is missing.
    pub(super) fn filled(&self, cotangents: &[Option<Cotangent>]) -> Vec<Atom> {
        self.backward.filled(cotangents)
    }

    /// Whether they are reached, of those that `tells` says.
    pub(super) fn told(&self, cotangents: &[Option<Cotangent>], tells: &[bool]) -> Vec<Atom> {
        let told = cotangents.iter().zip(tells).filter(|(_, tells)| **tells);
        told.map(|(ct, _)| self.backward.is_reached(*ct)).collect()
    }
}

/// A linear graph whose constant part is built.
struct Backward<'b> {
    builder: &'b Builder,
    cut: Split,
    /// What the constant variables are in the builder, those of the linear half as far as it is pulled.
    map: RefCell<Vec<Option<Atom>>>,
    /// The linear parameters.
    linear: Vec<Var>,
    /// The variables that can be infinite or nan where the parameters are finite.
    wild: Vec<bool>,
    /// Those that can have overflowed.
    overflowing: Vec<bool>,
    /// What is known of the functions that are called.
    passages: &'b [Passage],
}

/// A cotangent so far.
#[derive(Clone, Copy)]
pub(super) struct Cotangent {
    pub(super) atom: Atom,
    pub(super) reached: Reached,
}

/// Whether anything uses what a cotangent is of; elsewhere it is 0.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reached {
    Always,
    Never,
    /// Where this variable is true.
    Where(Atom),
    /// On some paths of other functions, or for some elements, of which nothing is known here.
    Perhaps,
    /// On some paths of the steps after this one. Each step would pay for asking where a partial has overflowed: only those
    /// are asked that are infinite or nan else.
    InSteps,
}

/// Cotangents so far, by variable.
type Cotangents = Vec<Option<Cotangent>>;

impl<'b> Backward<'b> {
    /// Builds the constant part from the parameters that are not linear.
    fn new(graph: Graph, linear: &[bool], builder: &'b Builder, constants: &[Atom]) -> Self {
        let cut = split(graph, linear);
        let mut map = vec![None; cut.graph.vars.len()];
        let (linear, rest): (Vec<Var>, Vec<Var>) =
            cut.graph.params.iter().partition(|v| cut.unknown[v.0 as usize]);
        for (param, atom) in rest.iter().zip(constants) {
            map[param.0 as usize] = Some(*atom);
        }
        for inst in cut.known() {
            builder.inline_inst(&cut.graph, inst, &mut map);
        }
        let (wild, overflowing) = (wild(&cut.graph), overflowing(&cut.graph, false));
        Self { builder, cut, map: RefCell::new(map), linear, wild, overflowing, passages: &[] }
    }

    /// The linear parameters' cotangents from those of the results.
    fn pull(&self, seeds: &[Option<Cotangent>]) -> Result<Cotangents, Error> {
        let mut cts = vec![None; self.cut.graph.vars.len()];
        self.block(self.cut.unknown(), &self.cut.graph.body.results, seeds, &mut cts)?;
        Ok(self.linear.iter().map(|v| cts[v.0 as usize]).collect())
    }

    /// [`Self::pull`]'s answer with zeros for what is missing.
    fn filled(&self, cotangents: &[Option<Cotangent>]) -> Vec<Atom> {
        let zeros = |v: &Var| shape::zeros(self.builder, self.ty(*v));
        let fill = |(v, ct): (&Var, &Option<Cotangent>)| ct.map_or_else(|| zeros(v), |ct| ct.atom);
        self.linear.iter().zip(cotangents).map(fill).collect()
    }

    /// Whether a cotangent is reached, as a truth value; where that is not known, whether it is not 0.
    fn is_reached(&self, cotangent: Option<Cotangent>) -> Atom {
        let Some(Cotangent { atom, reached }) = cotangent else { return Atom::Bool(false) };
        match reached {
            Reached::Always => Atom::Bool(true),
            Reached::Never => Atom::Bool(false),
            Reached::Where(mask) if self.builder.ty(mask) == Type::BOOL => mask,
            Reached::Where(_) | Reached::Perhaps | Reached::InSteps => {
                let none = self.builder.row(Numeric::IsZero, &[atom]);
                self.builder.row(Numeric::Not, &[none])
            }
        }
    }

    fn ty(&self, var: Var) -> Type {
        self.cut.graph.ty(Atom::Var(var))
    }

    /// The variable, if the atom is one that depends on the linear parameters.
    fn linear(&self, atom: Atom) -> Option<Var> {
        atom.var().filter(|v| self.cut.unknown[v.0 as usize])
    }

    fn constant(&self, atom: Atom) -> Atom {
        atom.var().and_then(|v| self.map.borrow()[v.0 as usize]).unwrap_or(atom)
    }

    fn add(&self, cts: &mut Cotangents, var: Var, ct: Cotangent) {
        let total = &mut cts[var.0 as usize];
        *total = Some(total.map_or(ct, |sum| Cotangent {
            atom: self.builder.row(Numeric::Add, &[sum.atom, ct.atom]),
            reached: self.either(sum.reached, ct.reached),
        }));
    }

    /// Where one of two is reached.
    fn either(&self, a: Reached, b: Reached) -> Reached {
        match (a, b) {
            (Reached::Always, _) | (_, Reached::Always) => Reached::Always,
            (Reached::Never, other) | (other, Reached::Never) => other,
            (a, b) if a == b => a,
            (Reached::Where(a), Reached::Where(b)) if self.builder.ty(a) == self.builder.ty(b) => {
                Reached::Where(self.builder.row(Numeric::Or, &[a, b]))
            }
            (a, b) => unknown(a, b),
        }
    }

    fn block(
        &self,
        insts: &[Inst],
        results: &[Atom],
        seeds: &[Option<Cotangent>],
        cts: &mut Cotangents,
    ) -> Result<(), Error> {
        for (result, seed) in results.iter().zip(seeds) {
            if let (Some(var), Some(ct)) = (self.linear(*result), seed) {
                self.add(cts, var, *ct);
            }
        }
        // What the linear half computes again is constant.
        let is_constant = |var: &Var| !self.cut.unknown[var.0 as usize];
        for inst in insts.iter().filter(|inst| inst.results.first().is_some_and(is_constant)) {
            self.builder.inline_inst(&self.cut.graph, inst, &mut self.map.borrow_mut());
        }
        for inst in insts.iter().rev() {
            let seeds: Vec<Option<Cotangent>> =
                inst.results.iter().map(|v| cts[v.0 as usize].take()).collect();
            let Some(first) = inst.results.first().filter(|_| seeds.iter().any(Option::is_some)) else {
                continue;
            };
            let before = self.builder.at(self.cut.graph.vars[first.0 as usize].span);
            match (&inst.op, seeds[0]) {
                (Op::If { then, els }, _) => self.choice(inst, [then, els], &seeds, cts)?,
                (Op::Row(row), Some(ct)) => self.row(*row, inst, ct, cts)?,
                (Op::Broadcast { axis, .. }, Some(ct)) => self.axes(inst, Op::Sum { axis: *axis }, ct, cts),
                (Op::Sum { axis }, Some(ct)) => {
                    let size = self.cut.graph.ty(inst.args[0]).dims.axes()[*axis as usize];
                    self.axes(inst, Op::Broadcast { axis: *axis, size }, ct, cts);
                }
                (Op::Tangent(id), _) => self.tangent(*id, inst, &seeds, cts)?,
                (
                    Op::Whole(_) | Op::Table(_) | Op::Call(_) | Op::Forward(_) | Op::Reverse(_) | Op::Fail(_),
                    _,
                ) => {
                    return Err(Error::NotLinear { at: Some(*first) });
                }
                (_, None) => {}
            }
            self.builder.at(before);
        }
        Ok(())
    }

    /// Hands `ct` on through the transpose of a broadcast or sum.
    fn axes(&self, inst: &Inst, op: Op, ct: Cotangent, cts: &mut Cotangents) {
        if let Some(var) = self.linear(inst.args[0]) {
            let atom = self.builder.push(op, vec![ct.atom], &[self.ty(var)])[0];
            // What is reached element by element is not told apart with other axes.
            let by_element = |mask: Atom| self.builder.ty(mask).dims != Dims::SCALAR;
            let reached = match ct.reached {
                Reached::Where(mask) if by_element(mask) => Reached::Perhaps,
                reached => reached,
            };
            self.add(cts, var, Cotangent { atom, reached });
        }
    }

    /// Hands cotangents on through a call, whose tangents come from the record, the first operand.
    fn tangent(
        &self,
        id: FnId,
        inst: &Inst,
        seeds: &[Option<Cotangent>],
        cts: &mut Cotangents,
    ) -> Result<(), Error> {
        let Some((record, tangents)) = inst.args.split_first().filter(|(r, _)| self.linear(**r).is_none())
        else {
            return Err(Error::NotLinear { at: inst.results.first().copied() });
        };
        let [sure, tells] = self.by_active(id, |passage| [&passage.sure_params, &passage.tells]);
        let asks = self.passage(id).map_or_else(Vec::new, |p| chosen(&p.asks, &p.useful));
        let mut types: Vec<Type> = tangents.iter().map(|a| self.cut.graph.ty(*a)).collect();
        types.extend(tells.iter().filter(|tells| **tells).map(|_| Type::BOOL));
        let mut operands = vec![self.constant(*record)];
        operands.extend(seeds.iter().map(|seed| seed.map_or(Atom::Real(0.0), |ct| ct.atom)));
        let asked = seeds.iter().zip(&asks).filter(|(_, asks)| **asks);
        operands.extend(asked.map(|(seed, _)| self.is_reached(*seed)));
        let given = self.builder.push(Op::Reverse(id), operands, &types);
        let (given, told) = given.split_at(tangents.len());
        let mut told = told.iter();
        let reaches = seeds.iter().flatten().map(|ct| ct.reached);
        let reached = reaches.fold(Reached::Never, |all, one| self.either(all, one));
        for (i, (arg, atom)) in tangents.iter().zip(given).enumerate() {
            let told = if tells.get(i) == Some(&true) { told.next() } else { None };
            let reached = match told {
                Some(mask) => Reached::Where(*mask),
                None if sure.get(i) == Some(&false) => Reached::Perhaps,
                None => reached,
            };
            if let Some(var) = self.linear(*arg) {
                self.add(cts, var, Cotangent { atom: *atom, reached });
            }
        }
        Ok(())
    }

    /// What is known of a function.
    fn passage(&self, FnId(id): FnId) -> Option<&Passage> {
        self.passages.get(id as usize)
    }

    /// What is known of the active parameters of a function; nothing if nothing is.
    fn by_active(&self, id: FnId, of: fn(&Passage) -> [&Vec<bool>; 2]) -> [Vec<bool>; 2] {
        let Some(passage) = self.passage(id) else { return Default::default() };
        of(passage).map(|which| chosen(which, &passage.active))
    }

    fn row(&self, row: Numeric, inst: &Inst, ct: Cotangent, cts: &mut Cotangents) -> Result<(), Error> {
        let not_linear = || Error::NotLinear { at: inst.results.first().copied() };
        let ty = self.ty(inst.results[0]);
        // The rule must not read what it is linear in: nan there would show.
        let probes: Vec<Operand<f64>> = inst.args.iter().map(|a| self.probe(*a)).collect();
        let operands: Vec<Operand<Tracer<'b>>> = inst.args.iter().map(|a| self.operand(*a)).collect();
        for (i, arg) in inst.args.iter().enumerate() {
            let Some(var) = self.linear(*arg) else { continue };
            if row.transpose(i, &probes, 1.0).is_none_or(f64::is_nan) {
                return Err(not_linear());
            }
            let rule = || Some(row.transpose(i, &operands, self.builder.real(ct.atom))?.atom());
            let atom = shape::lifted(self.builder, ty.dims, rule).ok_or_else(not_linear)?;
            let guards = match ct.reached {
                Reached::Where(_) | Reached::Perhaps => self.is_wild(row, inst) || self.overflows(inst),
                Reached::Always | Reached::Never | Reached::InSteps => self.is_wild(row, inst),
            };
            let atom = if guards { self.guarded(atom, ct, ty) } else { atom };
            self.add(cts, var, Cotangent { atom, ..ct });
        }
        Ok(())
    }

    /// Whether what a row multiplies by may have overflowed.
    fn overflows(&self, inst: &Inst) -> bool {
        let mut constants = inst.args.iter().filter(|a| self.linear(**a).is_none());
        constants.any(|a| a.var().is_some_and(|v| self.overflowing[v.0 as usize]))
    }

    /// Whether what a row multiplies or divides by may be infinite or nan but for overflow, or divides by 0.
    fn is_wild(&self, row: Numeric, inst: &Inst) -> bool {
        let wild = |var: Var| self.wild[var.0 as usize];
        let mut constants = inst.args.iter().filter(|a| self.linear(**a).is_none());
        constants.any(|a| match a {
            Atom::Var(var) => row == Numeric::Div || wild(*var),
            Atom::Real(x) => row == Numeric::Div && *x == 0.0,
            Atom::Bool(_) => false,
        })
    }

    /// What a cotangent gives where it is reached, else 0. Where that is not known it is what a cotangent of 0
    /// gives that would be nan; other zeros may have tangents.
    fn guarded(&self, atom: Atom, ct: Cotangent, ty: Type) -> Atom {
        let shaped = |atom: Atom| self.builder.shaped(atom, ty.dims);
        let fits = |mask: Atom| [Dims::SCALAR, ty.dims].contains(&self.builder.ty(mask).dims);
        let (zero, atom) = (Atom::Real(0.0), shaped(atom));
        match ct.reached {
            Reached::Always => atom,
            Reached::Never => shaped(zero),
            Reached::Where(mask) if fits(mask) => {
                self.builder.row(Numeric::Select, &[shaped(mask), atom, zero])
            }
            Reached::Where(_) | Reached::Perhaps | Reached::InSteps => {
                let none = self.builder.row(Numeric::IsZero, &[shaped(ct.atom)]);
                let nan = self.builder.row(Numeric::IsNan, &[atom]);
                let unreached = self.builder.row(Numeric::And, &[none, nan]);
                self.builder.row(Numeric::Select, &[unreached, zero, atom])
            }
        }
    }

    fn probe(&self, atom: Atom) -> Operand<f64> {
        match (self.linear(atom), self.cut.graph.ty(atom).scalar) {
            (Some(_), Scalar::Real) => Operand::Real(f64::NAN),
            (None, Scalar::Real) => Operand::Real(1.0),
            (_, Scalar::Bool | Scalar::Record) => Operand::Bool(true),
        }
    }

    fn operand(&self, atom: Atom) -> Operand<Tracer<'b>> {
        match (self.linear(atom), self.cut.graph.ty(atom).scalar) {
            (Some(_), Scalar::Real) => Operand::Real(Tracer::Lit(f64::NAN)),
            (None, Scalar::Real) => Operand::Real(self.builder.real(self.constant(atom))),
            (_, Scalar::Bool | Scalar::Record) => {
                Operand::Bool(TracedMask::Atom(self.builder, self.constant(atom)))
            }
        }
    }

    fn choice(
        &self,
        inst: &Inst,
        sides: [&Block; 2],
        seeds: &[Option<Cotangent>],
        cts: &mut Cotangents,
    ) -> Result<(), Error> {
        if self.linear(inst.args[0]).is_some() {
            return Err(Error::NotLinear { at: inst.results.first().copied() });
        }
        // Meanwhile what is around has no cotangents but those that the block gives.
        let mut reached = captured(&sides);
        reached.retain(|v| self.cut.unknown[v.0 as usize]);
        let take = |cts: &mut Cotangents| -> Cotangents {
            reached.iter().map(|v| cts[v.0 as usize].take()).collect()
        };
        let around = take(cts);
        let mut pull = |block: &Block| {
            let (insts, done) = self.builder.scoped(|| self.block(&block.insts, &block.results, seeds, cts));
            done.map(|()| (insts, take(cts)))
        };
        let [then, els] = [pull(sides[0])?, pull(sides[1])?];
        for (var, ct) in reached.iter().zip(around) {
            cts[var.0 as usize] = ct;
        }
        let touched: Vec<bool> = then.1.iter().zip(&els.1).map(|(a, b)| a.is_some() || b.is_some()).collect();
        let touches = |cts: &[Option<Cotangent>]| -> Vec<Cotangent> {
            let touched = cts.iter().zip(&touched).filter(|(_, touched)| **touched);
            let untouched = Cotangent { atom: Atom::Real(0.0), reached: Reached::Never };
            touched.map(|(ct, _)| ct.unwrap_or(untouched)).collect()
        };
        let mut kept = touched.iter();
        reached.retain(|_| kept.next() == Some(&true));
        if reached.is_empty() {
            return Ok(());
        }
        let condition = self.constant(inst.args[0]);
        let told_by = Type { scalar: Scalar::Bool, ..self.builder.ty(condition) };
        let mut types: Vec<Type> = reached.iter().map(|v| self.ty(*v)).collect();
        let given = [touches(&then.1), touches(&els.1)];
        let mut results = given.each_ref().map(|cts| cts.iter().map(|ct| ct.atom).collect::<Vec<_>>());
        // Where a side reaches something on some paths only, it says whether it did.
        let path = |ct: &Cotangent| match ct.reached {
            Reached::Where(mask) if self.builder.ty(mask) != told_by => Reached::Perhaps,
            reached => reached,
        };
        let paths: Vec<[Reached; 2]> =
            given[0].iter().zip(&given[1]).map(|(a, b)| [path(a), path(b)]).collect();
        for sides in &paths {
            if let Some(masks) = told(*sides) {
                types.push(told_by);
                results.iter_mut().zip(masks).for_each(|(results, mask)| results.push(mask));
            }
        }
        let [then, els] = [(then.0, &results[0]), (els.0, &results[1])]
            .map(|(insts, results)| Block { insts, results: results.clone() });
        let given = self.builder.choose(condition, then, els, &types);
        let (given, mut masks) = (&given[..reached.len()], given[reached.len()..].iter());
        for ((var, atom), sides) in reached.into_iter().zip(given).zip(paths) {
            let reached = match sides {
                [a, b] if a == b => a,
                [Reached::Always, Reached::Never] => Reached::Where(condition),
                [Reached::Never, Reached::Always] => {
                    Reached::Where(self.builder.row(Numeric::Not, &[condition]))
                }
                _ if told(sides).is_some() => masks.next().map_or(Reached::Perhaps, |m| Reached::Where(*m)),
                [a, b] => unknown(a, b),
            };
            self.add(cts, var, Cotangent { atom: *atom, reached });
        }
        Ok(())
    }
}

/// What is reached where one of two is, or on one of two sides, and there is no truth value that says so.
fn unknown(a: Reached, b: Reached) -> Reached {
    let perhaps = [a, b].contains(&Reached::Perhaps);
    if !perhaps && [a, b].contains(&Reached::InSteps) { Reached::InSteps } else { Reached::Perhaps }
}

/// What the sides of a choice tell of whether they reach a variable, if the condition alone does not tell it.
fn told(sides: [Reached; 2]) -> Option<[Atom; 2]> {
    let mask = |side| match side {
        Reached::Always => Some(Atom::Bool(true)),
        Reached::Never => Some(Atom::Bool(false)),
        Reached::Where(mask) => Some(mask),
        Reached::Perhaps | Reached::InSteps => None,
    };
    let [a, b] = sides.map(mask);
    let masks = [a?, b?];
    (masks[0] != masks[1] && masks.iter().any(|mask| mask.var().is_some())).then_some(masks)
}
