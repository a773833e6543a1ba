//! Free variables of procedures, in order of first appearance.

use crate::kernel::{Expr, ExprKind, Lambda, Local};
use std::collections::HashSet;

/// The locals that the lambdas mention and do not bind.
pub(super) fn free<'a>(lambdas: impl IntoIterator<Item = &'a Lambda>) -> Vec<Local> {
    let mut found = Found::default();
    for lambda in lambdas {
        found.lambda(lambda);
    }
    // Bindings are unique in a program, so that one bound anywhere inside is free nowhere inside.
    found.order.retain(|local| !found.bound.contains(local));
    found.order
}

#[derive(Default)]
struct Found {
    seen: HashSet<Local>,
    order: Vec<Local>,
    bound: HashSet<Local>,
}

impl Found {
    fn lambda(&mut self, lambda: &Lambda) {
        self.bound.extend(lambda.params.iter().chain(&lambda.rest));
        self.expr(&lambda.body);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Prim(_) => {}
            ExprKind::Local(local) => {
                if self.seen.insert(*local) {
                    self.order.push(*local);
                }
            }
            ExprKind::If(test, then, els) => {
                self.expr(test);
                self.expr(then);
                self.expr(els);
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Let(bindings, body) => {
                for (local, value) in bindings {
                    self.bound.insert(*local);
                    self.expr(value);
                }
                self.expr(body);
            }
            ExprKind::Fix(bindings, body) => {
                for (local, lambda) in bindings {
                    self.bound.insert(*local);
                    self.lambda(lambda);
                }
                self.expr(body);
            }
            ExprKind::Begin(exprs) => exprs.iter().for_each(|e| self.expr(e)),
            ExprKind::Call(head, arguments) => {
                self.expr(head);
                arguments.iter().for_each(|e| self.expr(e));
            }
        }
    }
}
