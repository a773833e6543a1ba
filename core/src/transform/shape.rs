//! Literals and rules written for numbers, given the axes around them.

use crate::anf::{Atom, Builder, Dims, Inst, Op, Type};
use std::collections::HashMap;

/// Zeros of a type.
pub(super) fn zeros(builder: &Builder, ty: Type) -> Atom {
    builder.shaped(Atom::Real(0.0), ty.dims)
}

/// What `rule` builds, on arrays with axes `dims`.
///
/// Rules are written for numbers. On arrays they are element by element, but what they compute from
/// literals alone has no axes until it meets an array.
pub(super) fn lifted<R>(builder: &Builder, dims: Dims, rule: impl FnOnce() -> R) -> R
where
    R: Atoms,
{
    if dims == Dims::SCALAR {
        return rule();
    }
    let (insts, results) = builder.scoped(rule);
    let mut map = HashMap::new();
    for inst in &insts {
        lift(builder, dims, inst, &mut map);
    }
    results.map(|atom| {
        let atom = map.get(&atom).copied().unwrap_or(atom);
        if atom.var().is_some() { builder.shaped(atom, dims) } else { atom }
    })
}

fn lift(builder: &Builder, dims: Dims, inst: &Inst, map: &mut HashMap<Atom, Atom>) {
    let mut args: Vec<Atom> = inst.args.iter().map(|a| map.get(a).copied().unwrap_or(*a)).collect();
    if args.iter().any(|a| builder.ty(*a).dims == dims) {
        for arg in args.iter_mut().filter(|a| a.var().is_some()) {
            *arg = builder.shaped(*arg, dims);
        }
    }
    let results = match &inst.op {
        Op::Row(row) => vec![builder.row(*row, &args)],
        Op::Whole(whole) => builder.whole(*whole, &args),
        Op::Table(table) => vec![builder.table(table, args[0])],
        op => {
            let types: Vec<Type> = inst.results.iter().map(|v| builder.ty(Atom::Var(*v))).collect();
            builder.push(op.clone(), args, &types)
        }
    };
    map.extend(inst.results.iter().map(|v| Atom::Var(*v)).zip(results));
}

/// The atoms that a rule gives.
pub(super) trait Atoms {
    /// Each replaced.
    fn map(self, change: impl FnMut(Atom) -> Atom) -> Self;
}

impl Atoms for Vec<Atom> {
    fn map(self, change: impl FnMut(Atom) -> Atom) -> Self {
        self.into_iter().map(change).collect()
    }
}

impl Atoms for Option<Atom> {
    fn map(self, change: impl FnMut(Atom) -> Atom) -> Self {
        Option::map(self, change)
    }
}
