//! Choices in a row, each within the one before it, as many as a text has.
//!
//! Stages recurse into expressions, so a row does not become one nest: every few choices those that are left
//! are the body of a procedure without parameters, which is called in their place, in tail position. All of
//! these procedures are bound together around the first choice.

use super::{
    Expr, ExprKind, Lambda,
    node::{call, local},
    state::Desugar,
};
use crate::span::Span;

/// How many choices nest before the others are a procedure.
const MAX_NEST: usize = 16;

impl Desugar {
    /// Builds a row from its last part to its first: `step` puts a part before those that are built. No part
    /// binds anything that the parts after it refer to.
    pub(super) fn chain<T>(
        &mut self,
        parts: Vec<T>,
        end: Expr,
        span: Span,
        mut step: impl FnMut(&mut Self, T, Expr) -> Expr,
    ) -> Expr {
        let (mut rest, mut procedures) = (end, Vec::new());
        for (built, part) in parts.into_iter().rev().enumerate() {
            if built > 0 && built.is_multiple_of(MAX_NEST) {
                let at = rest.span;
                let others = self.fresh("others", at);
                let lambda = Lambda { name: None, params: Vec::new(), rest: None, body: rest.into() };
                procedures.push((others, lambda));
                rest = call(local(others, at), Vec::new(), at);
            }
            rest = step(self, part, rest);
        }
        if procedures.is_empty() {
            return rest;
        }
        Expr { kind: ExprKind::Fix(procedures, rest.into()), span }
    }
}
