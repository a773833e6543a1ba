//! Building graphs: a [`Builder`] collects instructions, a [`Tracer`] is a number that records.
//!
//! A tracer is a [`Real`], so the formulas of the table, or any generic code, build a graph when run
//! on it. Literal operands are folded where the result is exact in every precision, and the
//! identities that keep IEEE bits are applied (`x*1`, `x/1`, `x-0`, `--x`); nothing else is rewritten
//! here.

use super::{Atom, Block, Dims, Failure, FnId, Graph, Inst, Op, Table, Type, Var, VarInfo};
use crate::{
    anf,
    prim::{Numeric, Operand, Scalar, Whole},
    real::{Mask, Real},
    span::Span,
};
use std::{cell::RefCell, fmt};

/// Collects the instructions of one graph. Blocks nest: instructions go into the innermost one.
#[derive(Default)]
pub struct Builder {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    vars: Vec<VarInfo>,
    params: Vec<Var>,
    names: Vec<String>,
    open: Vec<Inst>,
    /// What each variable is the negation of, for `--x`.
    negated: Vec<(Var, Atom)>,
    span: Option<Span>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Builder")
    }
}

impl Builder {
    /// An empty graph's builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    pub fn param(&self, name: impl Into<String>, ty: Type) -> Atom {
        let var = self.fresh(ty);
        let mut state = self.state.borrow_mut();
        state.params.push(var);
        state.names.push(name.into());
        Atom::Var(var)
    }

    /// The finished graph. Instructions so far are its body.
    pub fn finish(self, name: impl Into<String>, results: Vec<Atom>) -> Graph {
        let State { vars, params, names, open, .. } = self.state.into_inner();
        Graph { name: name.into(), params, names, body: Block { insts: open, results }, vars }
    }

    /// The place that new instructions come from, until changed; gives the one before.
    pub fn at(&self, span: Option<Span>) -> Option<Span> {
        std::mem::replace(&mut self.state.borrow_mut().span, span)
    }

    /// The type of an atom; a literal's has no axes.
    pub fn ty(&self, atom: Atom) -> Type {
        match atom {
            Atom::Var(v) => self.state.borrow().vars[v.0 as usize].ty,
            Atom::Real(_) => Type::REAL,
            Atom::Bool(_) => Type::BOOL,
        }
    }

    fn fresh(&self, ty: Type) -> Var {
        let mut state = self.state.borrow_mut();
        let span = state.span;
        state.vars.push(VarInfo { ty, span });
        Var(state.vars.len() as u32 - 1)
    }

    /// Appends an instruction as it is and gives its results.
    pub fn push(&self, op: Op, args: Vec<Atom>, types: &[Type]) -> Vec<Atom> {
        let results: Vec<Var> = types.iter().map(|ty| self.fresh(*ty)).collect();
        let atoms = results.iter().map(|v| Atom::Var(*v)).collect();
        self.state.borrow_mut().open.push(Inst { results, op, args });
        atoms
    }

    /// Applies a row: folded, an operand where an identity holds, else a new instruction.
    pub fn row(&self, row: Numeric, args: &[Atom]) -> Atom {
        if let Some(atom) =
            identity(row, args).or_else(|| fold(row, args)).or_else(|| self.double_negation(row, args))
        {
            return atom;
        }
        let dims = args.iter().find(|a| a.var().is_some()).map_or(Dims::SCALAR, |a| self.ty(*a).dims);
        let ty = Type { scalar: row.row().result, dims };
        let result = self.push(Op::Row(row), args.to_vec(), &[ty])[0];
        if let (Numeric::Neg, Some(var)) = (row, result.var()) {
            self.state.borrow_mut().negated.push((var, args[0]));
        }
        result
    }

    fn double_negation(&self, row: Numeric, args: &[Atom]) -> Option<Atom> {
        let (Numeric::Neg, Some(var)) = (row, args.first()?.var()) else { return None };
        let state = self.state.borrow();
        let at = state.negated.binary_search_by_key(&var, |(v, _)| *v).ok()?;
        Some(state.negated[at].1)
    }

    /// Copies `atom` along a new axis.
    pub fn broadcast(&self, atom: Atom, axis: usize, size: u32) -> Option<Atom> {
        let ty = self.ty(atom);
        let dims = ty.dims.insert(axis, size)?;
        let op = Op::Broadcast { axis: axis as u32, size };
        Some(self.push(op, vec![atom], &[Type { dims, ..ty }])[0])
    }

    /// `atom` with axes `dims`: an atom without axes is copied along them.
    pub fn shaped(&self, atom: Atom, dims: Dims) -> Atom {
        if self.ty(atom).dims == dims {
            return atom;
        }
        // From the first axis on, so that rows are rows all the way.
        let axes = dims.axes().iter().enumerate();
        axes.fold(atom, |atom, (axis, size)| self.broadcast(atom, axis, *size).unwrap_or(atom))
    }

    /// Sums over an axis.
    pub fn sum(&self, atom: Atom, axis: usize) -> Option<Atom> {
        let ty = self.ty(atom);
        let dims = ty.dims.remove(axis)?;
        Some(self.push(Op::Sum { axis: axis as u32 }, vec![atom], &[Type { dims, ..ty }])[0])
    }

    /// Collects what `body` builds as a block of its own, left to [`Builder::choose`].
    pub fn scoped<R>(&self, body: impl FnOnce() -> R) -> (Vec<Inst>, R) {
        let outer = self.enter();
        let result = body();
        (self.leave(outer), result)
    }

    /// Begins a block of its own, to be ended by [`leave`](Builder::leave) with what this gives.
    pub(crate) fn enter(&self) -> Vec<Inst> {
        std::mem::take(&mut self.state.borrow_mut().open)
    }

    /// Ends a block and gives its instructions.
    pub(crate) fn leave(&self, outer: Vec<Inst>) -> Vec<Inst> {
        std::mem::replace(&mut self.state.borrow_mut().open, outer)
    }

    /// Appends what [`Builder::scoped`] collected.
    pub(crate) fn splice(&self, insts: Vec<Inst>) {
        self.state.borrow_mut().open.extend(insts);
    }

    /// Applies an operation on whole matrices; gives the elements of its result.
    pub fn whole(&self, whole: Whole, args: &[Atom]) -> Vec<Atom> {
        let dims = args.iter().find(|a| a.var().is_some()).map_or(Dims::SCALAR, |a| self.ty(*a).dims);
        let types = vec![Type { scalar: Scalar::Real, dims }; whole.results()];
        self.push(Op::Whole(whole), args.to_vec(), &types)
    }

    /// Reads a table of constants; at a literal that is the item.
    pub fn table(&self, table: &Table, index: Atom) -> Atom {
        match index {
            Atom::Real(index) => Atom::Real(table.at(index)),
            index => {
                let ty = Type { scalar: Scalar::Real, ..self.ty(index) };
                self.push(Op::Table(table.clone()), vec![index], &[ty])[0]
            }
        }
    }

    /// Appends a lazy choice between two blocks, whose results have these types.
    pub fn choose(&self, condition: Atom, then: Block, els: Block, types: &[Type]) -> Vec<Atom> {
        self.push(Op::If { then, els }, vec![condition], types)
    }

    /// Appends a call of a function of the module, whose results have these types.
    pub fn call(&self, id: FnId, args: Vec<Atom>, types: &[Type]) -> Vec<Atom> {
        self.push(Op::Call(id), args, types)
    }

    /// Appends the end of the run with an error and its irritants. What follows in the block is not run.
    pub fn fail(&self, failure: Failure, irritants: Vec<Atom>) {
        self.push(Op::Fail(failure), irritants, &[]);
    }

    /// The tracer of an atom that is a number.
    pub fn real(&self, atom: Atom) -> Tracer<'_> {
        Tracer::Atom(self, atom)
    }

    /// Inlines `graph`, its parameters bound to `args`; gives its results.
    pub fn inline(&self, graph: &Graph, args: &[Atom]) -> Vec<Atom> {
        let mut map = vec![None; graph.vars.len()];
        for (param, arg) in graph.params.iter().zip(args) {
            map[param.0 as usize] = Some(*arg);
        }
        self.inline_block(graph, &graph.body, &mut map)
    }

    /// Inlines a block of `graph` where `map` says what its variables are here.
    pub fn inline_block(&self, graph: &Graph, block: &Block, map: &mut [Option<Atom>]) -> Vec<Atom> {
        block.insts.iter().for_each(|inst| self.inline_inst(graph, inst, map));
        block.results.iter().map(|a| renamed(*a, map)).collect()
    }

    /// Inlines an instruction of `graph` and enters its results into `map`.
    pub fn inline_inst(&self, graph: &Graph, inst: &Inst, map: &mut [Option<Atom>]) {
        let before = self.at(inst.results.first().and_then(|v| graph.vars[v.0 as usize].span));
        let args: Vec<Atom> = inst.args.iter().map(|a| renamed(*a, map)).collect();
        let types = || -> Vec<Type> { inst.results.iter().map(|v| graph.ty(Atom::Var(*v))).collect() };
        let results = match &inst.op {
            Op::Row(row) => vec![self.row(*row, &args)],
            Op::If { then, els } => {
                let mut side = |block: &Block| {
                    let (insts, results) = self.scoped(|| self.inline_block(graph, block, map));
                    Block { insts, results }
                };
                let (then, els) = (side(then), side(els));
                self.choose(args[0], then, els, &types())
            }
            Op::Whole(whole) => self.whole(*whole, &args),
            Op::Table(table) => vec![self.table(table, args[0])],
            op => self.push(op.clone(), args, &types()),
        };
        for (var, atom) in inst.results.iter().zip(results) {
            // What folds to a literal keeps its axes.
            map[var.0 as usize] = Some(self.shaped(atom, graph.ty(Atom::Var(*var)).dims));
        }
        self.at(before);
    }
}

fn renamed(atom: Atom, map: &[Option<Atom>]) -> Atom {
    atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(atom)
}

/// Rewrites that keep the bits of every value.
fn identity(row: Numeric, args: &[Atom]) -> Option<Atom> {
    match (row, args) {
        (Numeric::Mul, [x, one]) | (Numeric::Mul, [one, x]) if one.is(1.0) => Some(*x),
        (Numeric::Div, [x, one]) if one.is(1.0) => Some(*x),
        (Numeric::Sub, [x, zero]) if zero.is(0.0) => Some(*x),
        (Numeric::Identity, [x]) => Some(*x),
        (Numeric::Min | Numeric::Max, [x]) => Some(*x),
        (Numeric::Select, [Atom::Bool(mask), then, els]) => Some(if *mask { *then } else { *els }),
        (Numeric::Indicator, [Atom::Bool(mask)]) => Some(Atom::Real(f64::from(u8::from(*mask)))),
        (Numeric::And, [Atom::Bool(true), x] | [x, Atom::Bool(true)]) => Some(*x),
        (Numeric::Or, [Atom::Bool(false), x] | [x, Atom::Bool(false)]) => Some(*x),
        (Numeric::Not, [Atom::Bool(x)]) => Some(Atom::Bool(!x)),
        _ => None,
    }
}

/// The value of a row on literals where it is exact in every precision, so that folding changes no
/// bit of any run.
fn fold(row: Numeric, args: &[Atom]) -> Option<Atom> {
    let operands: Option<Vec<Operand<f64>>> = args
        .iter()
        .map(|a| match a {
            // Literals that a single-precision run would round are left to it.
            Atom::Real(x) => ((*x as f32) as f64 == *x).then_some(Operand::Real(*x)),
            Atom::Bool(b) => Some(Operand::Bool(*b)),
            Atom::Var(_) => None,
        })
        .collect();
    let operands = operands?;
    match (row.apply(&operands)?, &operands[..]) {
        (Operand::Bool(b), _) => Some(Atom::Bool(b)),
        (Operand::Real(y), operands) => {
            // Products and sums of two singles are exact in double, unless a sum's digits are too far
            // apart; a quotient is exact if it multiplies back.
            let exact = match (row, operands) {
                (Numeric::Neg | Numeric::Abs | Numeric::Min | Numeric::Max, _) => true,
                (Numeric::Floor | Numeric::Ceiling | Numeric::Round | Numeric::Truncate, _) => true,
                (Numeric::Remainder, _) => true,
                (Numeric::Modulo, [Operand::Real(a), Operand::Real(b)]) => {
                    let r = a % b;
                    y == r || (y - r == *b && y - b == r)
                }
                (Numeric::Add, [Operand::Real(a), Operand::Real(b)]) => y - a == *b && y - b == *a,
                (Numeric::Sub, [Operand::Real(a), Operand::Real(b)]) => y + b == *a && a - y == *b,
                (Numeric::Mul | Numeric::Square, _) => true,
                (Numeric::Div, [Operand::Real(a), Operand::Real(b)]) => y * b == *a,
                (Numeric::Recip, [Operand::Real(a)]) => y * a == 1.0,
                _ => false,
            };
            (exact && (y as f32) as f64 == y).then_some(Atom::Real(y))
        }
    }
}

/// A number that records what is done with it.
#[derive(Clone, Copy, Debug)]
pub enum Tracer<'b> {
    /// A literal of a formula.
    Lit(f64),
    /// An atom of the graph that is being built.
    Atom(&'b Builder, Atom),
}

/// A truth value that records what is done with it.
#[derive(Clone, Copy, Debug)]
pub enum TracedMask<'b> {
    /// A literal.
    Lit(bool),
    /// An atom of the graph that is being built.
    Atom(&'b Builder, Atom),
}

impl Tracer<'_> {
    /// The atom it stands for.
    pub fn atom(self) -> Atom {
        match self {
            Self::Lit(x) => Atom::Real(x),
            Self::Atom(_, atom) => atom,
        }
    }
}

impl TracedMask<'_> {
    /// The atom it stands for.
    pub fn atom(self) -> Atom {
        match self {
            Self::Lit(b) => Atom::Bool(b),
            Self::Atom(_, atom) => atom,
        }
    }
}

impl<'b> Operand<Tracer<'b>> {
    /// The operand that an atom is.
    pub fn traced(builder: &'b Builder, atom: Atom) -> Self {
        match builder.ty(atom).scalar {
            Scalar::Real => Self::Real(Tracer::Atom(builder, atom)),
            Scalar::Bool | Scalar::Record => Self::Bool(TracedMask::Atom(builder, atom)),
        }
    }

    /// The atom it stands for.
    pub fn atom(self) -> Atom {
        match self {
            Self::Real(x) => x.atom(),
            Self::Bool(m) => m.atom(),
        }
    }

    fn builder(self) -> Option<&'b Builder> {
        match self {
            Self::Real(Tracer::Atom(b, _)) | Self::Bool(TracedMask::Atom(b, _)) => Some(b),
            _ => None,
        }
    }
}

/// Records a row, or, if all operands are literals of a formula, computes it.
fn record<'b>(row: Numeric, operands: &[Operand<Tracer<'b>>]) -> Atom {
    let atoms: Vec<Atom> = operands.iter().map(|o| o.atom()).collect();
    if let Some(builder) = operands.iter().find_map(|o| o.builder()) {
        return builder.row(row, &atoms);
    }
    let literal = |a: &Atom| match a {
        Atom::Bool(b) => Operand::Bool(*b),
        Atom::Real(x) => Operand::Real(*x),
        Atom::Var(_) => Operand::Real(f64::NAN),
    };
    let literals: Vec<Operand<f64>> = atoms.iter().map(literal).collect();
    match row.apply(&literals) {
        Some(Operand::Real(x)) => Atom::Real(x),
        Some(Operand::Bool(b)) => Atom::Bool(b),
        None => Atom::Real(f64::NAN),
    }
}

fn real<'b>(row: Numeric, operands: &[Operand<Tracer<'b>>]) -> Tracer<'b> {
    let atom = record(row, operands);
    match (operands.iter().find_map(|o| o.builder()), atom) {
        (Some(builder), atom) => Tracer::Atom(builder, atom),
        (None, Atom::Real(x)) => Tracer::Lit(x),
        (None, _) => Tracer::Lit(f64::NAN),
    }
}

fn by_row<'b, const K: usize>(row: Numeric, operands: [Tracer<'b>; K]) -> Tracer<'b> {
    real(row, &operands.map(Operand::Real))
}

fn truth_by_row<'b, const K: usize>(row: Numeric, operands: [Tracer<'b>; K]) -> TracedMask<'b> {
    mask(row, &operands.map(Operand::Real))
}

fn mask<'b>(row: Numeric, operands: &[Operand<Tracer<'b>>]) -> TracedMask<'b> {
    let atom = record(row, operands);
    match (operands.iter().find_map(|o| o.builder()), atom) {
        (Some(builder), atom) => TracedMask::Atom(builder, atom),
        (None, atom) => TracedMask::Lit(atom == Atom::Bool(true)),
    }
}

impl Mask for TracedMask<'_> {
    /// What is traced is not known yet: `false`, but for literals.
    fn lane(self, _: usize) -> bool {
        self.atom() == Atom::Bool(true)
    }

    fn from_lanes(mut lane: impl FnMut(usize) -> bool) -> Self {
        Self::Lit(lane(0))
    }

    fn splat(b: bool) -> Self {
        Self::Lit(b)
    }
    fn and(self, other: Self) -> Self {
        mask(Numeric::And, &[Operand::Bool(self), Operand::Bool(other)])
    }
    fn or(self, other: Self) -> Self {
        mask(Numeric::Or, &[Operand::Bool(self), Operand::Bool(other)])
    }
    fn not(self) -> Self {
        mask(Numeric::Not, &[Operand::Bool(self)])
    }
}

crate::operators_by_rows! { impl ['b] Tracer<'b>, by_row }

impl<'b> Real for Tracer<'b> {
    type Mask = TracedMask<'b>;
    /// What is traced has no value yet: nan, but for literals.
    type Lane = f64;
    type Uniform = f64;
    const LANES: usize = 1;

    fn splat(x: f64) -> Self {
        Self::Lit(x)
    }

    fn lane(self, _: usize) -> f64 {
        self.primal()
    }

    fn from_lanes(mut lane: impl FnMut(usize) -> f64) -> Self {
        Self::Lit(lane(0))
    }

    fn primal(self) -> f64 {
        match self.atom() {
            Atom::Real(x) => x,
            _ => f64::NAN,
        }
    }

    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let builder = operands.iter().find_map(|x| match x {
            Self::Atom(builder, _) => Some(*builder),
            Self::Lit(_) => None,
        });
        let given: Vec<Self> = match builder {
            Some(builder) => {
                let atoms: Vec<Atom> = operands.iter().map(|x| x.atom()).collect();
                builder.whole(whole, &atoms).into_iter().map(|y| Self::Atom(builder, y)).collect()
            }
            None => {
                let operands: Vec<f64> = operands.iter().map(|x| x.primal()).collect();
                whole.on(&operands).into_iter().map(Self::Lit).collect()
            }
        };
        results.iter_mut().zip(given).for_each(|(to, y)| *to = y);
    }

    fn item(items: &'static [f64], index: Self) -> Self {
        match index {
            Self::Atom(builder, index) => {
                Self::Atom(builder, builder.table(&Table::new(items.iter().copied()), index))
            }
            Self::Lit(index) => Self::Lit(anf::item(items, index)),
        }
    }

    fn lit(x: f64) -> Self {
        Self::Lit(x)
    }

    fn select(mask: Self::Mask, then: Self, els: Self) -> Self {
        real(Numeric::Select, &[Operand::Bool(mask), Operand::Real(then), Operand::Real(els)])
    }

    fn branch<const K: usize>(
        mask: Self::Mask,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        let (builder, condition) = match mask {
            TracedMask::Lit(true) | TracedMask::Atom(_, Atom::Bool(true)) => return then(),
            TracedMask::Lit(false) | TracedMask::Atom(_, Atom::Bool(false)) => return els(),
            TracedMask::Atom(builder, condition) => (builder, condition),
        };
        let block = |(insts, results): (Vec<Inst>, [Self; K])| Block {
            insts,
            results: results.map(Self::atom).to_vec(),
        };
        let then = block(builder.scoped(then));
        let els = block(builder.scoped(els));
        let dims = |i: usize| {
            let of = |b: &Block| b.results[i].var().map(|v| builder.ty(Atom::Var(v)));
            of(&then).or_else(|| of(&els)).unwrap_or(Type::REAL)
        };
        let types: Vec<Type> = (0..K).map(dims).collect();
        let results = builder.choose(condition, then, els, &types);
        std::array::from_fn(|i| Tracer::Atom(builder, results[i]))
    }

    fn indicator(mask: Self::Mask) -> Self {
        real(Numeric::Indicator, &[Operand::Bool(mask)])
    }

    crate::real_by_rows! { by_row, truth_by_row }
}
