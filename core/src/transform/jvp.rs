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

use super::{finished, real_params, shape};
use crate::{
    anf::{Atom, Block, Builder, FnId, Graph, Inst, Op, Tracer, Type, Var},
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
    /// By parameter, whether its cotangent is reached on every path from the sure results.
    pub(super) sure_params: Vec<bool>,
    /// By result, whether every call reaches its cotangent.
    pub(super) sure_results: Vec<bool>,
}

impl Passage {
    /// All is taken to be reached.
    pub(super) fn new(active: Vec<bool>, useful: Vec<bool>) -> Self {
        let (sure_params, sure_results) = (vec![true; active.len()], vec![true; useful.len()]);
        Self { active, useful, sure_params, sure_results }
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
    Duals(&'a [Option<(FnId, Passage)>]),
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
        forward.bind(i, Dual { value, tangents });
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
}

impl Dual {
    /// A value that does not move.
    pub(super) fn constant(value: Atom) -> Self {
        Self { value, tangents: Vec::new() }
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
}

impl<'g, 'b> Forward<'g, 'b> {
    /// Nothing is bound yet.
    pub(super) fn new(graph: &'g Graph, builder: &'b Builder, directions: usize, calls: Calls<'g>) -> Self {
        Self { graph, builder, directions, calls, duals: vec![None; graph.vars.len()] }
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
                (Op::Row(row), Some(info)) => vec![self.row(*row, &args, info.ty)],
                (Op::If { then, els }, _) => self.choice(inst, args[0].value, then, els),
                (Op::Call(id), _) => self.call(*id, inst, &args),
                (op @ (Op::Broadcast { .. } | Op::Sum { .. }), Some(info)) => {
                    let apply = |atom| self.builder.push(op.clone(), vec![atom], &[info.ty])[0];
                    let value = apply(args[0].value);
                    vec![Dual { value, tangents: args[0].tangents.iter().map(|t| t.map(apply)).collect() }]
                }
                (op, _) => {
                    let values = args.iter().map(|a| a.value).collect();
                    let moves = args.iter().any(Dual::moves);
                    let unknown =
                        |ty: &Type| (moves && ty.scalar == Scalar::Real).then_some(Atom::Real(f64::NAN));
                    let types = self.types(inst);
                    let results = self.builder.push(op.clone(), values, &types).into_iter().zip(&types);
                    results
                        .map(|(value, ty)| Dual { value, tangents: vec![unknown(ty); self.directions] })
                        .collect()
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
        let mut types = self.types(inst);
        let values: Vec<Atom> = args.iter().map(|a| a.value).collect();
        let real = |ty: Type| ty.scalar == Scalar::Real;
        let passage = match self.calls {
            Calls::All => {
                let active = inst.args.iter().map(|a| real(self.graph.ty(*a))).collect();
                Some((id, Passage::new(active, types.iter().map(|ty| real(*ty)).collect())))
            }
            Calls::Records(passages) => passages.get(id.0 as usize).map(|p| (id, p.clone())),
            Calls::Duals(duals) => duals.get(id.0 as usize).cloned().flatten(),
        };
        let active = |passage: &Passage, direction| -> Option<Vec<Atom>> {
            let active = args.iter().zip(&passage.active).filter(|(_, active)| **active);
            let tangents: Vec<Option<Atom>> = active.map(|(dual, _)| dual.tangent(direction)).collect();
            let moves = tangents.iter().any(Option::is_some);
            moves.then(|| tangents.into_iter().map(|t| t.unwrap_or(Atom::Real(0.0))).collect())
        };
        let moves = |passage: &Passage| (0..self.directions).any(|k| active(passage, k).is_some());
        let Some((callee, passage)) = passage.filter(|(_, p)| p.useful.contains(&true) && moves(p)) else {
            let values = self.builder.push(inst.op.clone(), values, &types);
            return values.into_iter().map(Dual::constant).collect();
        };
        let count = types.len();
        let useful: Vec<usize> = (0..count).filter(|i| passage.useful[*i]).collect();
        let tangent_types: Vec<Type> = useful.iter().map(|i| types[*i]).collect();
        let record = if let Calls::Duals(_) = self.calls {
            None
        } else {
            types.push(Type::RECORD);
            Some(self.builder.push(Op::Forward(id), values.clone(), &types))
        };
        let mut duals: Vec<Dual> = record.iter().flatten().take(count).map(|v| Dual::constant(*v)).collect();
        for direction in 0..self.directions {
            let Some(tangents) = active(&passage, direction) else { continue };
            let results = match &record {
                Some(given) => {
                    let operands = [&given[count..], &tangents].concat();
                    self.builder.push(Op::Tangent(callee), operands, &tangent_types)
                }
                None => {
                    let (operands, types) =
                        ([&values[..], &tangents].concat(), [&types[..], &tangent_types].concat());
                    let mut given = self.builder.call(callee, operands, &types);
                    let tangents = given.split_off(count);
                    if duals.is_empty() {
                        duals = given.into_iter().map(Dual::constant).collect();
                    }
                    tangents
                }
            };
            for (result, tangent) in useful.iter().zip(results) {
                duals[*result].tangents.resize(self.directions, None);
                duals[*result].tangents[direction] = Some(tangent);
            }
        }
        duals
    }

    fn row(&self, row: Numeric, args: &[Dual], ty: Type) -> Dual {
        let builder = self.builder;
        let values: Vec<Atom> = args.iter().map(|a| a.value).collect();
        let value = builder.shaped(builder.row(row, &values), ty.dims);
        if ty.scalar == Scalar::Bool || !args.iter().any(Dual::moves) {
            return Dual::constant(value);
        }
        let directions = 0..self.directions;
        if row == Numeric::Select {
            let or_zero = |dual: &Dual, k| dual.tangent(k).unwrap_or(Atom::Real(0.0));
            let tangent = |k| {
                let moves = args.iter().any(|a| a.tangent(k).is_some());
                let select = || builder.row(row, &[values[0], or_zero(&args[1], k), or_zero(&args[2], k)]);
                moves.then(select).and_then(nonzero)
            };
            return Dual { value, tangents: directions.map(tangent).collect() };
        }
        let partials = shape::lifted(builder, ty.dims, || {
            let operands: Vec<Tracer<'_>> = values.iter().map(|x| builder.real(*x)).collect();
            row.partials(&operands, builder.real(value)).into_iter().map(Tracer::atom).collect::<Vec<_>>()
        });
        let tangent = |k| {
            let passes = |i: &usize| !row.declared_zeros().get(*i).copied().unwrap_or(false);
            let indices = (0..partials.len().min(args.len())).filter(passes);
            let terms = indices.filter_map(|i| Some((partials[i], args[i].tangent(k)?)));
            terms.fold(None, |sum, (partial, tangent)| plus(builder, sum, partial, tangent))
        };
        Dual { value, tangents: directions.map(tangent).collect() }
    }

    fn choice(&mut self, inst: &Inst, condition: Atom, then: &Block, els: &Block) -> Vec<Dual> {
        let builder = self.builder;
        let (then_insts, then) = builder.scoped(|| self.block(then));
        let (els_insts, els) = builder.scoped(|| self.block(els));
        let mut types = self.types(inst);
        let mut sides = [&then, &els].map(|duals| duals.iter().map(|d| d.value).collect::<Vec<_>>());
        let mut moving = Vec::new();
        for direction in 0..self.directions {
            for result in 0..inst.results.len() {
                let tangents = [then[result].tangent(direction), els[result].tangent(direction)];
                if tangents.iter().any(Option::is_some) {
                    moving.push((direction, result));
                    types.push(types[result]);
                    for (side, tangent) in sides.iter_mut().zip(tangents) {
                        side.push(tangent.unwrap_or(Atom::Real(0.0)));
                    }
                }
            }
        }
        let [then, els] = sides;
        let (then, els) =
            (Block { insts: then_insts, results: then }, Block { insts: els_insts, results: els });
        let atoms = builder.choose(condition, then, els, &types);
        let (values, tangents) = atoms.split_at(inst.results.len());
        let mut duals: Vec<Dual> = values.iter().map(|value| Dual::constant(*value)).collect();
        for ((direction, result), tangent) in moving.into_iter().zip(tangents) {
            duals[result].tangents.resize(self.directions, None);
            duals[result].tangents[direction] = Some(*tangent);
        }
        duals
    }
}

/// `sum + partial·tangent`, where a partial that is literally 1 or −1 costs no product. Declared zeros do
/// not come here; any other zero is multiplied, since 0·∞ is nan in every way of differentiating.
fn plus(builder: &Builder, sum: Option<Atom>, partial: Atom, tangent: Atom) -> Option<Atom> {
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
    Some(total.atom())
}

/// `None` for the literal zero.
fn nonzero(atom: Atom) -> Option<Atom> {
    match atom {
        Atom::Real(0.0) => None,
        atom => Some(atom),
    }
}
