//! Forward mode.
//!
//! `jvp : (a -> b) -> (a, T a) -> (b, T b)`. Each instruction is followed by its tangent, the sum of
//! the operands' tangents times the table's partial derivatives, which come from running the table's
//! formulas on a tracer. A tangent known to be zero is no instruction at all: `None`. Several
//! directions may go through at once and share the partials, as a Jacobian wants.

use super::{finished, real_params, shape};
use crate::{
    anf::{Atom, Block, Builder, Graph, Inst, Op, Tracer, Type, Var},
    prim::{Numeric, Scalar},
};

/// `jvp : (a -> b) -> (a, T a) -> (b, T b)`.
///
/// Parameters: those of `graph`, then `d_name` for each that is a number or array of numbers.
/// Results: those of `graph`, then the tangent of each that is.
pub fn jvp(graph: &Graph) -> Graph {
    finished(graph, &jvp_by(graph, &real_params(graph)))
}

/// [`jvp`] with tangents for the `active` parameters only; the others are constants. Dead code is
/// left to the caller.
pub(super) fn jvp_by(graph: &Graph, active: &[bool]) -> Graph {
    let builder = Builder::new();
    let values = params(graph, &builder);
    let mut forward = Forward::new(graph, &builder, 1);
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
    duals: Vec<Option<Dual>>,
}

impl<'g, 'b> Forward<'g, 'b> {
    /// Nothing is bound yet.
    pub(super) fn new(graph: &'g Graph, builder: &'b Builder, directions: usize) -> Self {
        Self { graph, builder, directions, duals: vec![None; graph.vars.len()] }
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
            let Some(first) = inst.results.first() else { continue };
            let info = self.graph.vars[first.0 as usize];
            let before = self.builder.at(info.span);
            let args: Vec<Dual> = inst.args.iter().map(|a| self.dual(*a)).collect();
            let duals = match &inst.op {
                Op::Row(row) => vec![self.row(*row, &args, info.ty)],
                Op::If { then, els } => self.choice(inst, args[0].value, then, els),
                op => {
                    let apply = |atom| self.builder.push(op.clone(), vec![atom], &[info.ty])[0];
                    let value = apply(args[0].value);
                    vec![Dual { value, tangents: args[0].tangents.iter().map(|t| t.map(apply)).collect() }]
                }
            };
            for (var, dual) in inst.results.iter().zip(duals) {
                self.duals[var.0 as usize] = Some(dual);
            }
            self.builder.at(before);
        }
        block.results.iter().map(|a| self.dual(*a)).collect()
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
        let mut types: Vec<Type> = inst.results.iter().map(|v| self.graph.ty(Atom::Var(*v))).collect();
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
