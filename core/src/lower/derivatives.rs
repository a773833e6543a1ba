//! Derivatives inside the language: `jvp` and `vjp` of procedures whose code is straight-line.
//!
//! The procedure is lowered to a graph of its own, whose parameters are the leaves of its arguments and
//! what it captured, the graph is transformed by the arguments alone, and what comes of it is inlined:
//! derivatives nest, and what an outer one moves is a constant to an inner one. A pullback is known as
//! other procedures are; its leaves are the residuals.

use super::{
    Lowering,
    expr::Site,
    skeleton::{Literals, Skeleton, flatten},
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Block, Graph, Op, Type},
    transform,
};
use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

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
    /// Its parameters are what was captured, then the leaves of the arguments.
    graph: Graph,
    value: Skeleton<'p>,
    arguments: Vec<Skeleton<'p>>,
    /// What the parameters are here.
    atoms: Vec<Atom>,
    /// Which are arguments.
    active: Vec<bool>,
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
        let both = transform::simplify(&transform::jvp_by(&applied.graph, &applied.active));
        self.grow(both.size(), site.span)?;
        let results = self.builder.inline(&both, &[applied.atoms, tangents].concat());
        let (values, tangents) = results.split_at(results.len() / 2);
        let parts = [values, tangents].map(|leaves| applied.value.rebuild(leaves).swap_remove(0));
        Ok(Val::list(parts, Val::Nil))
    }

    /// `(vjp f x …)`.
    pub(super) fn vjp(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let Some((procedure, at)) = values.split_first() else { return Ok(Val::Nil) };
        let applied = self.applied(site, "vjp", procedure, at)?;
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
            let value = lowering.call(Site { args: &[], ..site }, procedure, values, false)?.value()?;
            Ok(flatten(&lowering.builder, &[value], Literals::Leaves))
        });
        let (value, results) = match results {
            Err(Stop::Never) => {
                return Err(self.general(site.span, format!("`{name}` of a procedure that fails")));
            }
            results => results?,
        };
        let graph = transform::sink(&inner.finish(name, results));
        if !is_straight(&graph.body) {
            return Err(
                self.general(site.span, format!("`{name}` of a procedure that loops, recurs or fails"))
            );
        }
        if !value.is_of_numbers() {
            return Err(self.general(site.span, format!("`{name}` of a value that is not made of numbers")));
        }
        Ok(Applied { graph, value, arguments, atoms, active })
    }
}

fn is_straight(block: &Block) -> bool {
    block.insts.iter().all(|inst| match &inst.op {
        Op::If { then, els } => is_straight(then) && is_straight(els),
        Op::Row(_) => true,
        _ => false,
    })
}
