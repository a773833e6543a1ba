//! Walking expressions without recursion: children, free names, depth, dismantling.
//!
//! Derived forms over long texts nest deeper than a stack allows before the limit is checked, so
//! nothing here recurses.

use super::{Expr, ExprKind, Lambda, Local};
use crate::span::Span;
use std::collections::HashSet;

impl Expr {
    /// Calls `visit` on each direct part, in the order of evaluation; the body of a lambda is a part.
    pub fn each_child<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Local(_) | ExprKind::Prim(_) => {}
            ExprKind::If(test, then, els) => [test, then, els].into_iter().for_each(|part| visit(part)),
            ExprKind::Lambda(lambda) => visit(&lambda.body),
            ExprKind::Let(bindings, body) => {
                bindings.iter().for_each(|(_, value)| visit(value));
                visit(body);
            }
            ExprKind::Fix(bindings, body) => {
                bindings.iter().for_each(|(_, lambda)| visit(&lambda.body));
                visit(body);
            }
            ExprKind::Begin(parts) => parts.iter().for_each(visit),
            ExprKind::Call(head, operands) => {
                visit(head);
                operands.iter().for_each(visit);
            }
        }
    }
}

/// The bindings of the surroundings that a lambda refers to, in the order of first use.
pub fn free_locals(lambda: &Lambda) -> Vec<Local> {
    let (mut used, mut seen) = (Vec::new(), HashSet::new());
    let mut bound: HashSet<Local> = lambda.params.iter().copied().chain(lambda.rest).collect();
    let mut todo: Vec<&Expr> = vec![&lambda.body];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Local(local) if seen.insert(*local) => used.push(*local),
            ExprKind::Lambda(inner) => bound.extend(inner.params.iter().copied().chain(inner.rest)),
            ExprKind::Let(bindings, _) => bound.extend(bindings.iter().map(|(local, _)| *local)),
            ExprKind::Fix(bindings, _) => {
                for (local, inner) in bindings {
                    bound.insert(*local);
                    bound.extend(inner.params.iter().copied().chain(inner.rest));
                }
            }
            _ => {}
        }
        let first = todo.len();
        expr.each_child(&mut |child| todo.push(child));
        todo[first..].reverse();
    }
    // No two bindings share a local, so what is bound anywhere inside is not free anywhere inside.
    used.retain(|local| !bound.contains(local));
    used
}

/// The place of a part that nests deeper than `limit`; an expression itself has depth 1.
pub(super) fn too_deep(expr: &Expr, limit: usize) -> Option<Span> {
    let mut todo = vec![(expr, 1)];
    while let Some((expr, depth)) = todo.pop() {
        if depth > limit {
            return Some(expr.span);
        }
        let first = todo.len();
        expr.each_child(&mut |child| todo.push((child, depth + 1)));
        todo[first..].reverse();
    }
    None
}

/// Drops an expression of any depth.
pub(super) fn dismantle(expr: Expr) {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        match expr.kind {
            ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Local(_) | ExprKind::Prim(_) => {}
            ExprKind::If(test, then, els) => todo.extend([*test, *then, *els]),
            ExprKind::Lambda(lambda) => todo.push(*lambda.body),
            ExprKind::Let(bindings, body) => {
                todo.extend(bindings.into_iter().map(|(_, value)| value));
                todo.push(*body);
            }
            ExprKind::Fix(bindings, body) => {
                todo.extend(bindings.into_iter().map(|(_, lambda)| *lambda.body));
                todo.push(*body);
            }
            ExprKind::Begin(parts) => todo.extend(parts),
            ExprKind::Call(head, operands) => {
                todo.push(*head);
                todo.extend(operands);
            }
        }
    }
}
