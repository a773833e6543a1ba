//! Forward mode.
//!
//! `jvp : (a -> b) -> (a, T a) -> (b, T b)`. Each instruction is followed by its tangent, the sum of
//! the operands' tangents times the table's partial derivatives, which come from running the table's
//! formulas on a tracer. A tangent known to be zero is no instruction at all: `None`. Several
//! directions may go through at once and share the partials, as a Jacobian wants.
//!
//! The tangent of a call is an [`Op::Tangent`] of the record that it leaves. A graph alone does not know what
//! it calls: there the tangents of all numbers go in and come out. Records and what reads them have no
//! further derivative: tangents there are nan.
//!
//! In forward mode of modules a tangent may be a number on one path and known to be zero on another. What does
//! not move is no reason for an infinite partial to make a nan, so each such tangent goes with a truth value,
//! whether it *moves*, which is asked where a partial can be infinite. A tangent that is computed and happens
//! to be 0 does move.

mod whole;

use super::{chosen, finished, real_params, shape, tame};
use crate::{
    anf::{Atom, Block, Builder, Dims, FnId, Graph, Inst, Op, Tracer, Type, Var},
    prim::{Numeric, Scalar},
};

/// `jvp : (a -> b) -> (a, T a) -> (b, T b)`.
///
/// Parameters: those of `graph`, then `d_name` for each that is a number or array of numbers.
/// Results: those of `graph`, then the tangent of each that is.
pub fn jvp(graph: &Graph) -> Graph {
    finished(graph, &jvp_by(graph, &real_params(graph), Calls::All))
}

/// Which parameters' tangents a function takes, and which results' it gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Passage {
    /// By parameter.
    pub(super) active: Vec<bool>,
    /// By result.
    pub(super) useful: Vec<bool>,
    /// By parameter, whether its cotangent is reached on every path from the sure results; in forward mode of
    /// modules, whether it moves in every call.
    pub(super) sure_params: Vec<bool>,
    /// By result, whether every call reaches its cotangent; in forward mode of modules, whether it moves.
    pub(super) sure_results: Vec<bool>,
    /// In reverse mode of modules, by parameter, whether its cotangent goes with a truth value, whether it is
    /// reached; in forward mode all that is not sure does.
    pub(super) tells: Vec<bool>,
    /// The same by result.
    pub(super) asks: Vec<bool>,
}

impl Passage {
    /// All is taken to be reached, or to move.
    pub(super) fn new(active: Vec<bool>, useful: Vec<bool>) -> Self {
        let (sure_params, sure_results) = (vec![true; active.len()], vec![true; useful.len()]);
        let (tells, asks) = (vec![false; active.len()], vec![false; useful.len()]);
        Self { active, useful, sure_params, sure_results, tells, asks }
    }
}

/// Where the tangents of calls come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Calls<'a> {
    /// From records, those of all numbers from those of all numbers.
    All,
    /// From records, by function; of the others none comes.
    Records(&'a [Passage]),
    /// From functions that give values, then tangents, by function; of the others none comes.
    Duals(&'a [Option<DualFn>]),
}

/// A function with tangents: from values, then for each direction the tangents of the active parameters and
/// whether those that are not sure move, to the same of the results.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DualFn {
    pub(super) id: FnId,
    /// By direction; *sure* is what moves in every call.
    pub(super) passages: Vec<Passage>,
}

impl Passage {
    /// The parameters that go with a truth value, whether they move.
    pub(super) fn unsure_params(&self) -> Vec<bool> {
        unsure(&self.active, &self.sure_params)
    }

    /// The results that go with one.
    pub(super) fn unsure_results(&self) -> Vec<bool> {
        unsure(&self.useful, &self.sure_results)
    }
}

fn unsure(passes: &[bool], sure: &[bool]) -> Vec<bool> {
    passes.iter().zip(sure).map(|(passes, sure)| *passes && !sure).collect()
}

/// [`jvp`] with tangents for the `active` parameters only; the others are constants. Dead code is
/// left to the caller.
pub(super) fn jvp_by(graph: &Graph, active: &[bool], calls: Calls<'_>) -> Graph {
    let builder = Builder::new();
    let values = params(graph, &builder);
    let mut forward = Forward::new(graph, &builder, 1, calls);
    for ((i, value), active) in values.into_iter().enumerate().zip(active) {
        let tangents = if *active {
            let ty = builder.ty(value);
            vec![Some(builder.param(format!("d_{}", graph.names[i]), ty))]
        } else {
            Vec::new()
        };
        forward.bind(i, Dual::new(value, tangents));
    }
    let duals = forward.body();
    let mut results: Vec<Atom> = duals.iter().map(|dual| dual.value).collect();
    for (dual, ty) in duals.iter().zip(graph.result_types()).filter(|(_, ty)| ty.scalar == Scalar::Real) {
        results.push(dual.tangent(0).unwrap_or_else(|| shape::zeros(&builder, ty)));
    }
    builder.finish(format!("jvp.{}", graph.name), results)
}

/// Gives `builder` the parameters of `graph`.
pub(super) fn params(graph: &Graph, builder: &Builder) -> Vec<Atom> {
    let add = |(var, name): (&Var, &String)| {
        let info = graph.vars[var.0 as usize];
        builder.at(info.span);
        builder.param(name.clone(), info.ty)
    };
    let atoms = graph.params.iter().zip(&graph.names).map(add).collect();
    builder.at(None);
    atoms
}

/// A value and its tangent in each direction; none for all that are beyond the list's end.
#[derive(Clone)]
pub(super) struct Dual {
    pub(super) value: Atom,
    pub(super) tangents: Vec<Option<Atom>>,
    /// Whether it moves in each direction that it has a tangent in; it does in all beyond the list's end.
    pub(super) moving: Vec<Atom>,
}

impl Dual {
    /// A value that moves by these tangents.
    pub(super) fn new(value: Atom, tangents: Vec<Option<Atom>>) -> Self {
        Self { value, tangents, moving: Vec::new() }
    }

    /// A value that does not move.
    pub(super) fn constant(value: Atom) -> Self {
        Self::new(value, Vec::new())
    }

    /// Gives it a tangent, and whether it moves by that.
    pub(super) fn set(&mut self, direction: usize, tangent: Atom, moving: Atom) {
        if self.tangents.len() <= direction {
            self.tangents.resize(direction + 1, None);
        }
        self.tangents[direction] = Some(tangent);
        if moving != Atom::Bool(true) {
            self.moving.resize(self.moving.len().max(direction + 1), Atom::Bool(true));
            self.moving[direction] = moving;
        }
    }

    /// Whether it moves in a direction.
    pub(super) fn moving(&self, direction: usize) -> Atom {
        match self.tangent(direction) {
            Some(_) => self.moving.get(direction).copied().unwrap_or(Atom::Bool(true)),
            None => Atom::Bool(false),
        }
    }

    /// The tangent in a direction; `None` is zero.
    pub(super) fn tangent(&self, direction: usize) -> Option<Atom> {
        self.tangents.get(direction).copied().flatten()
    }

    fn moves(&self) -> bool {
        self.tangents.iter().any(Option::is_some)
    }
}

/// Builds values and tangents side by side.
pub(super) struct Forward<'g, 'b> {
    graph: &'g Graph,
    builder: &'b Builder,
    directions: usize,
    calls: Calls<'g>,
    duals: Vec<Option<Dual>>,
    /// By variable, whether a partial that gives it may be infinite; empty where all that has a tangent moves.
    wild: Vec<bool>,
}

impl<'g, 'b> Forward<'g, 'b> {
    /// Nothing is bound yet.
    pub(super) fn new(graph: &'g Graph, builder: &'b Builder, directions: usize, calls: Calls<'g>) -> Self {
        let wild = if let Calls::Duals(_) = calls { tame::wild(graph) } else { Vec::new() };
        Self { graph, builder, directions, calls, duals: vec![None; graph.vars.len()], wild }
    }

    /// What the graph's parameter `index` is.
    pub(super) fn bind(&mut self, index: usize, dual: Dual) {
        let var = self.graph.params[index];
        self.duals[var.0 as usize] = Some(dual);
    }

    /// The graph's results.
    pub(super) fn body(&mut self) -> Vec<Dual> {
        let graph = self.graph;
        self.block(&graph.body)
    }

    fn dual(&self, atom: Atom) -> Dual {
        let bound = atom.var().and_then(|v| self.duals[v.0 as usize].clone());
        bound.unwrap_or_else(|| Dual::constant(atom))
    }

    fn block(&mut self, block: &Block) -> Vec<Dual> {
        for inst in &block.insts {
            let info = inst.results.first().map(|v| self.graph.vars[v.0 as usize]);
            let before = self.builder.at(info.and_then(|info| info.span));
            let args: Vec<Dual> = inst.args.iter().map(|a| self.dual(*a)).collect();
            let duals = match (&inst.op, info) {
                (Op::Row(row), Some(info)) => vec![self.row(*row, inst, &args, info.ty)],
                (Op::Whole(whole), Some(info)) => self.whole(*whole, &args, info.ty),
                (Op::Table(table), _) => vec![Dual::constant(self.builder.table(table, args[0].value))],
                (Op::If { then, els }, _) => self.choice(inst, args[0].value, then, els),
                (Op::Call(id), _) => self.call(*id, inst, &args),
                (op @ (Op::Broadcast { .. } | Op::Sum { .. }), Some(info)) => {
                    let apply = |atom| self.builder.push(op.clone(), vec![atom], &[info.ty])[0];
                    let value = apply(args[0].value);
                    let tangents = args[0].tangents.iter().map(|t| t.map(apply)).collect();
                    vec![Dual { value, tangents, moving: args[0].moving.clone() }]
                }
                (op, _) => {
                    let values = args.iter().map(|a| a.value).collect();
                    let moves = args.iter().any(Dual::moves);
                    let unknown =
                        |ty: &Type| (moves && ty.scalar == Scalar::Real).then_some(Atom::Real(f64::NAN));
                    let types = self.types(inst);
                    let results = self.builder.push(op.clone(), values, &types).into_iter().zip(&types);
                    results.map(|(value, ty)| Dual::new(value, vec![unknown(ty); self.directions])).collect()
                }
            };
            for (var, dual) in inst.results.iter().zip(duals) {
                self.duals[var.0 as usize] = Some(dual);
            }
            self.builder.at(before);
        }
        block.results.iter().map(|a| self.dual(*a)).collect()
    }

    fn types(&self, inst: &Inst) -> Vec<Type> {
        inst.results.iter().map(|v| self.graph.ty(Atom::Var(*v))).collect()
    }

    fn call(&self, id: FnId, inst: &Inst, args: &[Dual]) -> Vec<Dual> {
        if let Calls::Duals(duals) = self.calls {
            return self.call_dual(duals.get(id.0 as usize).and_then(Option::as_ref), inst, args);
        }
        let mut types = self.types(inst);
        let values: Vec<Atom> = args.iter().map(|a| a.value).collect();
        let real = |ty: Type| ty.scalar == Scalar::Real;
        let passage = match self.calls {
            Calls::Records(passages) => passages.get(id.0 as usize).cloned(),
            _ => {
                let active = inst.args.iter().map(|a| real(self.graph.ty(*a))).collect();
                Some(Passage::new(active, types.iter().map(|ty| real(*ty)).collect()))
            }
        };
        let active = |passage: &Passage, direction| -> Option<Vec<Atom>> {
            let active = args.iter().zip(&passage.active).filter(|(_, active)| **active);
            let tangents: Vec<Option<Atom>> = active.map(|(dual, _)| dual.tangent(direction)).collect();
            let moves = tangents.iter().any(Option::is_some);
            moves.then(|| tangents.into_iter().map(|t| t.unwrap_or(Atom::Real(0.0))).collect())
        };
        let moves = |passage: &Passage| (0..self.directions).any(|k| active(passage, k).is_some());
        let Some(passage) = passage.filter(|p| p.useful.contains(&true) && moves(p)) else {
            return self.call_plainly(inst, values, &types);
        };
        let count = types.len();
        let useful: Vec<usize> = (0..count).filter(|i| passage.useful[*i]).collect();
        let tangent_types: Vec<Type> = useful.iter().map(|i| types[*i]).collect();
        types.push(Type::RECORD);
        let given = self.builder.push(Op::Forward(id), values, &types);
        let mut duals: Vec<Dual> = given.iter().take(count).map(|v| Dual::constant(*v)).collect();
        for direction in 0..self.directions {
            let Some(tangents) = active(&passage, direction) else { continue };
            let operands = [&given[count..], &tangents].concat();
            let results = self.builder.push(Op::Tangent(id), operands, &tangent_types);
            for (result, tangent) in useful.iter().zip(results) {
                duals[*result].set(direction, tangent, Atom::Bool(true));
            }
        }
        duals
    }

    fn call_plainly(&self, inst: &Inst, values: Vec<Atom>, types: &[Type]) -> Vec<Dual> {
        let values = self.builder.push(inst.op.clone(), values, types);
        values.into_iter().map(Dual::constant).collect()
    }

    /// The call of a function that gives tangents in all directions.
    fn call_dual(&self, dual: Option<&DualFn>, inst: &Inst, args: &[Dual]) -> Vec<Dual> {
        let mut types = self.types(inst);
        let mut operands: Vec<Atom> = args.iter().map(|a| a.value).collect();
        let moves = |(k, passage): (usize, &Passage)| {
            let passes = |(arg, active): (&Dual, &bool)| *active && arg.tangent(k).is_some();
            passage.useful.contains(&true) && args.iter().zip(&passage.active).any(passes)
        };
        let moving: Vec<bool> =
            dual.map_or_else(Vec::new, |dual| dual.passages.iter().enumerate().map(moves).collect());
        let Some(dual) = dual.filter(|_| moving.contains(&true)) else {
            return self.call_plainly(inst, operands, &types);
        };
        let count = types.len();
        for (k, passage) in dual.passages.iter().enumerate() {
            let tangents = chosen(args, &passage.active);
            operands.extend(tangents.iter().map(|arg| arg.tangent(k).unwrap_or(Atom::Real(0.0))));
            operands.extend(chosen(args, &passage.unsure_params()).iter().map(|arg| arg.moving(k)));
            types.extend(chosen(&types[..count], &passage.useful));
            types.extend(chosen(&types[..count], &passage.unsure_results()).iter().map(|_| Type::BOOL));
        }
        let given = self.builder.call(dual.id, operands, &types);
        let (values, given) = given.split_at(count);
        let mut given = given.iter().copied();
        let mut duals: Vec<Dual> = values.iter().map(|value| Dual::constant(*value)).collect();
        for (k, passage) in dual.passages.iter().enumerate() {
            let mut of = |which: &[bool]| -> Vec<Option<Atom>> {
                which.iter().map(|marked| if *marked { given.next() } else { None }).collect()
            };
            let (tangents, flags) = (of(&passage.useful), of(&passage.unsure_results()));
            for (i, (tangent, flag)) in tangents.into_iter().zip(flags).enumerate() {
                if let Some(tangent) = tangent.filter(|_| moving[k]) {
                    duals[i].set(k, tangent, flag.unwrap_or(Atom::Bool(true)));
                }
            }
        }
        duals
    }

    fn row(&self, row: Numeric, inst: &Inst, args: &[Dual], ty: Type) -> Dual {
        let builder = self.builder;
        let values: Vec<Atom> = args.iter().map(|a| a.value).collect();
        let mut dual = Dual::constant(builder.shaped(builder.row(row, &values), ty.dims));
        if ty.scalar == Scalar::Bool || !args.iter().any(Dual::moves) {
            return dual;
        }
        if row == Numeric::Select {
            let or_zero = |dual: &Dual, k| dual.tangent(k).unwrap_or(Atom::Real(0.0));
            for k in 0..self.directions {
                let sides = [&args[1], &args[2]];
                if sides.iter().any(|side| side.tangent(k).is_some()) {
                    let [then, els] = sides.map(|side| or_zero(side, k));
                    let flags = sides.map(|side| side.moving(k));
                    if let Some(tangent) = nonzero(builder.row(row, &[values[0], then, els])) {
                        dual.set(k, tangent, self.selected(values[0], flags));
                    }
                }
            }
            return dual;
        }
        let partials = shape::lifted(builder, ty.dims, || {
            let operands: Vec<Tracer<'_>> = values.iter().map(|x| builder.real(*x)).collect();
            let value = builder.real(dual.value);
            row.partials(&operands, value).into_iter().map(Tracer::atom).collect::<Vec<_>>()
        });
        let passes = |i: &usize| !row.declared_zeros().get(*i).copied().unwrap_or(false);
        let is_wild = |var: Var| self.wild.get(var.0 as usize) == Some(&true);
        // The partials of a product are its operands.
        let wild = |i: usize| match row {
            Numeric::Mul => inst.args.get(1 - i).and_then(|other| other.var()).is_some_and(is_wild),
            _ => inst.results.first().is_some_and(|var| is_wild(*var)),
        };
        for k in 0..self.directions {
            let (mut sum, mut moving) = (None, Atom::Bool(false));
            for i in (0..partials.len().min(args.len())).filter(passes) {
                let Some(tangent) = args[i].tangent(k) else { continue };
                let flag = args[i].moving(k);
                let infinite = wild(i) && matches!(partials[i], Atom::Var(_)) && ty.dims == Dims::SCALAR;
                sum = Some(match infinite && flag != Atom::Bool(true) {
                    false => plus(builder, sum, partials[i], tangent),
                    true => {
                        let term = guarded(builder, flag, partials[i], tangent);
                        plus(builder, sum, Atom::Real(1.0), term)
                    }
                });
                moving = either(builder, moving, flag);
            }
            if let Some(tangent) = sum {
                dual.set(k, tangent, moving);
            }
        }
        dual
    }

    /// Whether what is selected moves.
    fn selected(&self, mask: Atom, [then, els]: [Atom; 2]) -> Atom {
        let builder = self.builder;
        if self.wild.is_empty() || builder.ty(mask) != Type::BOOL {
            return Atom::Bool(true);
        }
        if then == els {
            return then;
        }
        let not = builder.row(Numeric::Not, &[mask]);
        let [then, els] = [(mask, then), (not, els)].map(|(taken, moving)| match moving {
            Atom::Bool(false) => Atom::Bool(false),
            moving => builder.row(Numeric::And, &[taken, moving]),
        });
        either(builder, then, els)
    }

    fn choice(&mut self, inst: &Inst, condition: Atom, then: &Block, els: &Block) -> Vec<Dual> {
        let builder = self.builder;
        let (then_insts, then) = builder.scoped(|| self.block(then));
        let (els_insts, els) = builder.scoped(|| self.block(els));
        let mut types = self.types(inst);
        let mut sides = [&then, &els].map(|duals| duals.iter().map(|d| d.value).collect::<Vec<_>>());
        // Where there is a choice between moving and not, it is a result as well.
        let by_rows = builder.ty(condition) != Type::BOOL;
        let mut moving = Vec::new();
        for direction in 0..self.directions {
            for result in 0..inst.results.len() {
                let tangents = [then[result].tangent(direction), els[result].tangent(direction)];
                if tangents.iter().all(Option::is_none) {
                    continue;
                }
                types.push(types[result]);
                for (side, tangent) in sides.iter_mut().zip(tangents) {
                    side.push(tangent.unwrap_or(Atom::Real(0.0)));
                }
                let flags = [then[result].moving(direction), els[result].moving(direction)];
                let chosen = flags[0] != flags[1] && !self.wild.is_empty() && !by_rows;
                if chosen {
                    types.push(Type::BOOL);
                    sides.iter_mut().zip(flags).for_each(|(side, flag)| side.push(flag));
                }
                let known = if flags[0] == flags[1] { flags[0] } else { Atom::Bool(true) };
                moving.push((direction, result, (!chosen).then_some(known)));
            }
        }
        let [then, els] = sides;
        let (then, els) =
            (Block { insts: then_insts, results: then }, Block { insts: els_insts, results: els });
        let atoms = builder.choose(condition, then, els, &types);
        let (values, rest) = atoms.split_at(inst.results.len());
        let mut duals: Vec<Dual> = values.iter().map(|value| Dual::constant(*value)).collect();
        let mut rest = rest.iter().copied();
        for (direction, result, known) in moving {
            let Some(tangent) = rest.next() else { break };
            let Some(flag) = known.or_else(|| rest.next()) else { break };
            duals[result].set(direction, tangent, flag);
        }
        duals
    }
}

/// Whether either of two moves.
fn either(builder: &Builder, a: Atom, b: Atom) -> Atom {
    match (a, b) {
        (Atom::Bool(true), _) | (_, Atom::Bool(true)) => Atom::Bool(true),
        (a, b) if a == b => a,
        (a, b) => builder.row(Numeric::Or, &[a, b]),
    }
}

/// `partial·tangent` of what moves, else 0.
fn guarded(builder: &Builder, moving: Atom, partial: Atom, tangent: Atom) -> Atom {
    let (insts, product) = builder.scoped(|| plus(builder, None, partial, tangent));
    let ty = builder.ty(product);
    let then = Block { insts, results: vec![product] };
    let els = Block { insts: Vec::new(), results: vec![Atom::Real(0.0)] };
    builder.choose(moving, then, els, &[ty])[0]
}

/// `sum + partial·tangent`, where a partial that is literally 1 or −1 costs no product. Declared zeros do
/// not come here; any other zero is multiplied, since 0·∞ is nan in every way of differentiating.
fn plus(builder: &Builder, sum: Option<Atom>, partial: Atom, tangent: Atom) -> Atom {
    let negative = partial.is(-1.0);
    let term = match partial {
        p if p.is(1.0) || negative => tangent,
        p => (builder.real(p) * builder.real(tangent)).atom(),
    };
    let tracer = builder.real(term);
    let total = match (sum, negative) {
        (None, false) => tracer,
        (None, true) => -tracer,
        (Some(sum), false) => builder.real(sum) + tracer,
        (Some(sum), true) => builder.real(sum) - tracer,
    };
    total.atom()
}

/// `None` for the literal zero.
fn nonzero(atom: Atom) -> Option<Atom> {
    match atom {
        Atom::Real(0.0) => None,
        atom => Some(atom),
    }
}
