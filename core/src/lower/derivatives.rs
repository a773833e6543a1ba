//! Derivatives inside the language: `jvp` and `vjp` of procedures.
//!
//! The procedure is lowered to a module of its own, whose parameters are the leaves of its arguments and
//! what it captured, the module is transformed by the arguments alone, and what comes of it is inlined, the
//! functions that it calls being functions of the program: derivatives nest, and what an outer one moves is
//! a constant to an inner one. A pullback is known as other procedures are; its leaves are the residuals.
//!
//! Reverse mode of a loop leaves a record, which is no number. So where a procedure calls or may fail, `vjp`
//! is forward mode in as many directions as its arguments have leaves, of which there may be
//! [`MAX_DIRECTIONS`]; the residuals are the Jacobian.

use super::{
    Lowering,
    expr::{Site, Tail},
    skeleton::{Literals, Skeleton, flatten},
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Block, Builder, FnId, Function, Graph, Kind, Module, Op, Type, renumber},
    prim::Numeric,
    transform,
};
use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

/// The most numbers by which forward mode takes a gradient.
const MAX_DIRECTIONS: usize = 16;

/// A pullback: a function of residuals and a cotangent.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pullback<'p> {
    /// From residuals, then the cotangents of the value's leaves, to those of the arguments' leaves.
    transposed: Graph,
    /// The shape of the value.
    value: Skeleton<'p>,
    /// The shape of each argument.
    arguments: Vec<Skeleton<'p>>,
}

impl Eq for Pullback<'_> {}

impl Hash for Pullback<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
        self.arguments.hash(state);
        self.transposed.size().hash(state);
    }
}

/// A procedure's value at some arguments, as a graph.
struct Applied<'p> {
    /// Its parameters are what was captured, then the leaves of the arguments; its calls are the program's.
    graph: Graph,
    value: Skeleton<'p>,
    arguments: Vec<Skeleton<'p>>,
    /// What the parameters are here.
    atoms: Vec<Atom>,
    /// Which are arguments.
    active: Vec<bool>,
}

impl Applied<'_> {
    /// The parameters that are arguments.
    fn moved(&self) -> Vec<usize> {
        (0..self.active.len()).filter(|i| self.active[*i]).collect()
    }
}

impl<'p> Lowering<'p> {
    /// `(jvp f x … dx …)`.
    pub(super) fn jvp(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let Some((procedure, moved)) = values.split_first() else { return Ok(Val::Nil) };
        let (at, directions) = moved.split_at(moved.len() / 2);
        let shape = |lowering: &Self, values| flatten(&lowering.builder, values, Literals::Leaves);
        let (there, tangents) = shape(self, directions);
        if at.len() != directions.len() || shape(self, at).0 != there {
            return Err(self.general(site.span, "a direction of another shape than what it moves"));
        }
        let applied = self.applied(site, "jvp", procedure, at)?;
        let results = self.forward(site, "jvp", &applied, &[applied.moved()], &tangents)?;
        let (values, tangents) = results.split_at(results.len() / 2);
        let parts = [values, tangents].map(|leaves| applied.value.rebuild(leaves).swap_remove(0));
        Ok(Val::list(parts, Val::Nil))
    }

    /// `(vjp f x …)`.
    pub(super) fn vjp(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let Some((procedure, at)) = values.split_first() else { return Ok(Val::Nil) };
        let applied = self.applied(site, "vjp", procedure, at)?;
        if !is_straight(&applied.graph.body) {
            return self.vjp_forward(site, applied);
        }
        let refused = |error: transform::Error| self.general(site.span, format!("`vjp`: {error},"));
        let linear = transform::linearize_by(&applied.graph, &applied.active).map_err(refused)?;
        let count = applied.active.iter().filter(|active| **active).count();
        let residuals = linear.tangent.params.len() - count;
        let is_linear: Vec<bool> = (0..linear.tangent.params.len()).map(|i| i >= residuals).collect();
        let transposed = transform::transpose(&linear.tangent, &is_linear).map_err(refused)?;
        let transposed = transform::simplify(&transposed);
        self.grow(linear.primal.size(), site.span)?;
        let mut results = self.builder.inline(&linear.primal, &applied.atoms);
        let residuals = results.split_off(linear.outputs);
        let value = applied.value.rebuild(&results).swap_remove(0);
        let pullback = Pullback { transposed, value: applied.value, arguments: applied.arguments };
        Ok(Val::list([value, Val::Pullback(pullback.into(), residuals.into())], Val::Nil))
    }

    /// `(vjp f x …)` by forward mode in the direction of each leaf.
    fn vjp_forward(&mut self, site: Site<'p>, applied: Applied<'p>) -> Result<Val<'p>, Stop<'p>> {
        let directions: Vec<Vec<usize>> = applied.moved().into_iter().map(|i| vec![i]).collect();
        if directions.len() > MAX_DIRECTIONS {
            let what = format!(
                "the gradient, by more than {MAX_DIRECTIONS} numbers, of a procedure that loops, recurs or may fail"
            );
            return Err(self.general(site.span, what));
        }
        let units = vec![Atom::Real(1.0); directions.len()];
        let mut results = self.forward(site, "vjp", &applied, &directions, &units)?;
        let jacobian = results.split_off(applied.value.types().len());
        let transposed = transposed(directions.len(), &jacobian);
        let residuals: Rc<[Atom]> = jacobian.into_iter().filter(|atom| atom.var().is_some()).collect();
        let value = applied.value.rebuild(&results).swap_remove(0);
        let pullback = Pullback { transposed, value: applied.value, arguments: applied.arguments };
        Ok(Val::list([value, Val::Pullback(pullback.into(), residuals)], Val::Nil))
    }

    /// The value's leaves, then in each direction their tangents. `tangents` are those of the parameters that
    /// move, direction by direction.
    fn forward(
        &mut self,
        site: Site<'p>,
        name: &str,
        applied: &Applied<'p>,
        directions: &[Vec<usize>],
        tangents: &[Atom],
    ) -> Result<Vec<Atom>, Stop<'p>> {
        let Some(module) = self.called(site, name, &applied.graph)? else {
            // What is built is not kept, but for the shape of the value.
            let unknown =
                || self.builder.push(Op::Row(Numeric::Identity), vec![Atom::Real(0.0)], &[Type::REAL]);
            let count = applied.value.types().len() * (1 + directions.len());
            return Ok((0..count).flat_map(|_| unknown()).collect());
        };
        let both = transform::jvp_in(&module, directions);
        let refused = |error: transform::Error| self.general(site.span, format!("`{name}`: {error},"));
        let both = transform::optimize(&both.map_err(refused)?);
        let size = both.functions.iter().map(|function| function.graph.size()).sum();
        self.grow(size, site.span)?;
        let Some(graph) = self.functions.adopt(both, site.span) else { return Err(Stop::Bottom) };
        let graph = transform::simplify(&graph);
        Ok(self.builder.inline(&graph, &[&applied.atoms, tangents].concat()))
    }

    /// A graph and the functions that it comes to call, as a module of their own; nothing if one of them cannot
    /// be lowered yet.
    fn called(&mut self, site: Site<'p>, name: &str, graph: &Graph) -> Result<Option<Module>, Stop<'p>> {
        let mut order: Vec<usize> = Vec::new();
        let mut todo = graph.called_by_value();
        while let Some(FnId(group)) = todo.pop() {
            let group = group as usize;
            if order.contains(&group) {
                continue;
            }
            if self.functions.groups[group].body.is_none() {
                if self.is_provisional() {
                    return Ok(None);
                }
                let here = &self.functions.groups[group];
                let key = here.members.first().cloned();
                let is_open = self.active.iter().any(|frame| frame.group == group);
                let Some(key) = key.filter(|_| !is_open) else {
                    let what = format!("`{name}` of a procedure that takes its own derivative");
                    return Err(self.general(site.span, what));
                };
                self.lower_group(group, &key)?;
            }
            let Some(function) = &self.functions.groups[group].body else {
                return Err(
                    self.general(site.span, format!("`{name}` of a procedure whose value is not found"))
                );
            };
            todo.extend(function.graph.called_by_value());
            order.push(group);
        }
        self.functions.differentiated.extend(&order);
        let number = |FnId(id): FnId| {
            let at = order.iter().position(|group| *group == id as usize);
            FnId(at.map_or(0, |at| at as u32 + 1))
        };
        let of_program = Function { graph: graph.clone(), kind: Kind::Once };
        let others = order.iter().filter_map(|group| self.functions.groups[*group].body.as_ref());
        let functions = std::iter::once(&of_program).chain(others).map(|function| {
            let mut graph = transform::sink(&function.graph);
            renumber(&mut graph.body, &number);
            Function { graph, kind: function.kind }
        });
        Ok(Some(Module { functions: functions.collect() }))
    }

    /// The call of a pullback with a cotangent.
    pub(super) fn pull(
        &mut self,
        site: Site<'p>,
        pullback: &Rc<Pullback<'p>>,
        residuals: &[Atom],
        values: &[Val<'p>],
    ) -> Result<Val<'p>, Stop<'p>> {
        let (shape, cotangents) = flatten(&self.builder, values, Literals::Leaves);
        if shape != pullback.value {
            return Err(self.general(site.span, "a cotangent of another shape than the value"));
        }
        self.grow(pullback.transposed.size(), site.span)?;
        let gradient = self.builder.inline(&pullback.transposed, &[residuals, &cotangents].concat());
        let mut leaves = gradient.as_slice();
        let mut gradients = Vec::new();
        for argument in &pullback.arguments {
            let (own, rest) = leaves.split_at(argument.types().len().min(leaves.len()));
            leaves = rest;
            gradients.extend(argument.rebuild(own));
        }
        Ok(if gradients.len() == 1 { gradients.swap_remove(0) } else { Val::list(gradients, Val::Nil) })
    }

    /// Lowers the call of a procedure with values to a graph of its own.
    fn applied(
        &mut self,
        site: Site<'p>,
        name: &str,
        procedure: &Val<'p>,
        at: &[Val<'p>],
    ) -> Result<Applied<'p>, Stop<'p>> {
        let (code, mut atoms) = flatten(&self.builder, std::slice::from_ref(procedure), Literals::Shape);
        let captured = atoms.len();
        let mut arguments = Vec::new();
        for value in at {
            let (shape, leaves) = flatten(&self.builder, std::slice::from_ref(value), Literals::Leaves);
            if !shape.is_of_numbers() {
                return Err(self.general(site.span, format!("`{name}` by what is not made of numbers")));
            }
            arguments.push(shape);
            atoms.extend(leaves);
        }
        let active = (0..atoms.len()).map(|i| i >= captured).collect();
        let types: Vec<Type> = atoms.iter().map(|atom| self.builder.ty(*atom)).collect();
        let (results, inner) = self.apart(|lowering| {
            let params: Vec<Atom> = types
                .iter()
                .enumerate()
                .map(|(i, ty)| lowering.builder.param(format!("x{i}"), *ty))
                .collect();
            let (captured, mut leaves) = params.split_at(captured);
            let procedure = code.rebuild(captured).swap_remove(0);
            let mut values = Vec::new();
            for argument in &arguments {
                let (own, rest) = leaves.split_at(argument.types().len());
                leaves = rest;
                values.extend(argument.rebuild(own));
            }
            let value = lowering.call(Site { args: &[], ..site }, procedure, values, Tail::No)?.value()?;
            Ok(flatten(&lowering.builder, &[value], Literals::Leaves))
        });
        let (value, results) = match results {
            Err(Stop::Never) => {
                // It fails here as it does where it is called.
                self.builder.inline(&inner.finish(name, Vec::new()), &atoms);
                return Err(Stop::Never);
            }
            results => results?,
        };
        let graph = transform::sink(&inner.finish(name, results));
        if !value.is_of_numbers() {
            return Err(self.general(site.span, format!("`{name}` of a value that is not made of numbers")));
        }
        Ok(Applied { graph, value, arguments, atoms, active })
    }
}

/// From the Jacobian's entries that are variables, direction by direction, then the value's cotangents, to the
/// cotangent of each direction.
fn transposed(directions: usize, jacobian: &[Atom]) -> Graph {
    let builder = Builder::new();
    let leaves = jacobian.len() / directions.max(1);
    let mut entry = |atom: &Atom| match atom {
        Atom::Var(_) => builder.param("r", Type::REAL),
        literal => *literal,
    };
    let entries: Vec<Atom> = jacobian.iter().map(&mut entry).collect();
    let cotangents: Vec<Atom> = (0..leaves).map(|i| builder.param(format!("ct_{i}"), Type::REAL)).collect();
    let pulled = |column: &[Atom]| {
        let moving = column.iter().zip(&cotangents).filter(|(entry, _)| !entry.is(0.0));
        let terms = moving.map(|(entry, cotangent)| builder.row(Numeric::Mul, &[*entry, *cotangent]));
        terms.reduce(|sum, term| builder.row(Numeric::Add, &[sum, term])).unwrap_or(Atom::Real(0.0))
    };
    let results = (0..directions).map(|k| pulled(&entries[k * leaves..(k + 1) * leaves])).collect();
    builder.finish("vjp", results)
}

fn is_straight(block: &Block) -> bool {
    block.insts.iter().all(|inst| match &inst.op {
        Op::If { then, els } => is_straight(then) && is_straight(els),
        Op::Row(_) | Op::Table(_) => true,
        _ => false,
    })
}
