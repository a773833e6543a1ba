//! What every run evaluates, and the errors in it that every run has.
//!
//! Arity and type errors are errors of a run, so a program is refused for one only if every run that
//! gets to its end meets it: in operands, bindings, sequences and tests, not in the branches of `if`,
//! and in the body of a lambda only where it is called in such a place. What stays may still fail.

use super::{Expr, ExprKind, Lambda, Local, infix::short, state::Desugar, statement::MOST_PARAMS};
use crate::{
    datum::Kind,
    diag::{Code, Diagnostic},
    prim::{Arity, Numeric, Prim, Scalar, Structural},
};
use std::collections::{HashMap, HashSet};

/// What a local is bound to, if that is known.
#[derive(Clone, Copy)]
pub(super) enum Bound<'a> {
    Procedure(&'a Lambda),
    Value(&'a Expr),
}

/// A walk through what is evaluated in any case. Each lambda is entered once in its life.
#[derive(Default)]
pub(super) struct Reach<'a> {
    bound: HashMap<Local, Bound<'a>>,
    entered: HashSet<*const Expr>,
}

impl<'a> Reach<'a> {
    /// Tells that a local is a procedure.
    pub(super) fn know(&mut self, local: Local, lambda: &'a Lambda) {
        self.bound.insert(local, Bound::Procedure(lambda));
    }

    /// What an expression's value is known to be. What names are bound to is resolved when it becomes
    /// known, so there is no chain of names to follow.
    fn resolve(&self, expr: &'a Expr) -> Bound<'a> {
        match &expr.kind {
            ExprKind::Local(local) => self.bound.get(local).copied().unwrap_or(Bound::Value(expr)),
            ExprKind::Lambda(lambda) => Bound::Procedure(lambda),
            _ => Bound::Value(expr),
        }
    }

    /// Calls `visit` on everything that evaluating `start` evaluates in any case, with the head of the
    /// call in `start` that led into a lambda.
    pub(super) fn each(&mut self, start: &'a Expr, visit: &mut impl FnMut(&'a Expr, Option<&'a Expr>)) {
        self.walk(start, &mut |_, expr, via| visit(expr, via));
    }

    fn walk(&mut self, start: &'a Expr, visit: &mut impl FnMut(&Self, &'a Expr, Option<&'a Expr>)) {
        let mut todo: Vec<(&'a Expr, Option<&'a Expr>)> = vec![(start, None)];
        while let Some((expr, via)) = todo.pop() {
            let first = todo.len();
            match &expr.kind {
                ExprKind::If(test, ..) => todo.push((test, via)),
                ExprKind::Lambda(_) => {}
                ExprKind::Fix(bindings, body) => {
                    bindings.iter().for_each(|(local, lambda)| self.know(*local, lambda));
                    todo.push((body, via));
                }
                ExprKind::Let(bindings, _) => {
                    for (local, value) in bindings {
                        let known = self.resolve(value);
                        self.bound.insert(*local, known);
                    }
                    expr.each_child(&mut |child| todo.push((child, via)));
                }
                ExprKind::Call(head, operands) => {
                    todo.push((head, via));
                    todo.extend(operands.iter().map(|operand| (operand, via)));
                    if let Bound::Procedure(lambda) = self.resolve(head)
                        && arity(lambda).accepts(operands.len())
                        && self.entered.insert(&raw const *lambda.body)
                    {
                        todo.push((&lambda.body, via.or(Some(head))));
                    }
                }
                _ => expr.each_child(&mut |child| todo.push((child, via))),
            }
            todo[first..].reverse();
            visit(self, expr, via);
        }
    }
}

/// How many arguments a lambda takes.
fn arity(lambda: &Lambda) -> Arity {
    let min = lambda.params.len() as u32;
    if lambda.rest.is_some() { Arity::at_least(min) } else { Arity::exactly(min) }
}

/// Notes calls that fail in every run: of what is no procedure, or with a wrong number of arguments.
pub(super) fn check(body: &Expr, desugar: &mut Desugar) {
    Reach::default().walk(body, &mut |reach, expr, _| {
        let ExprKind::Call(head, operands) = &expr.kind else { return };
        if let Some(finding) = check_call(desugar, reach, head, operands) {
            desugar.note(finding);
        }
    });
}

/// What `(grad f 3)` is written as: the procedures that transform others give procedures.
fn transformed_hint(desugar: &Desugar, head: &Expr, operands: &[Expr]) -> Option<String> {
    const TRANSFORM: &str = "grad derivative value-and-grad hessian jacobian vmap";
    let ExprKind::Local(local) = head.kind else { return None };
    let name = desugar.name_of(local);
    let of_prelude = desugar.locals.get(local.0 as usize).is_some_and(|info| info.prelude);
    let [of, at, rest @ ..] = operands else { return None };
    if !of_prelude || !TRANSFORM.split(' ').any(|other| other == &*name) {
        return None;
    }
    let shown = |operand: &Expr| match &operand.kind {
        ExprKind::Local(local) => desugar.name_of(*local).to_string(),
        ExprKind::Prim(prim) => prim.name().to_owned(),
        ExprKind::Quote(datum) if matches!(datum.kind, Kind::Number(_)) => short(datum),
        _ => "…".to_owned(),
    };
    let operands: Vec<String> = std::iter::once(at).chain(rest).take(MOST_PARAMS).map(shown).collect();
    Some(format!("it gives a procedure: write (({name} {}) {})", shown(of), operands.join(" ")))
}

fn check_call(desugar: &Desugar, reach: &Reach<'_>, head: &Expr, operands: &[Expr]) -> Option<Diagnostic> {
    let given = operands.len();
    let written = match &head.kind {
        ExprKind::Local(local) => format!("`{}`", desugar.name_of(*local)),
        ExprKind::Prim(prim) => format!("`{}`", prim.name()),
        _ => "this procedure".to_owned(),
    };
    let value = match reach.resolve(head) {
        Bound::Procedure(lambda) => {
            if arity(lambda).accepts(given) {
                return None;
            }
            let name = |local: &Local| desugar.name_of(*local).to_string();
            let mut parts: Vec<_> = lambda.name.iter().map(ToString::to_string).collect();
            parts.extend(lambda.params.iter().map(name));
            parts.extend(lambda.rest.iter().map(|rest| format!(". {}", name(rest))));
            let message = format!("{written} takes {}, given {given}", arity(lambda));
            let finding = Diagnostic::new(Code::Arity, head.span, message);
            if let Some(hint) = transformed_hint(desugar, head, operands) {
                return Some(finding.hint(hint));
            }
            return Some(match lambda.name {
                Some(_) => finding.hint(format!("it is defined as ({})", parts.join(" "))),
                None => finding,
            });
        }
        Bound::Value(value) => value,
    };
    let what = match &value.kind {
        ExprKind::Prim(prim) if prim.arity().accepts(given) => return None,
        ExprKind::Prim(prim) => {
            let message = format!("{written} takes {}, given {given}", prim.arity());
            let finding = Diagnostic::new(Code::Arity, head.span, message);
            return Some(match prim.call() {
                Some(call) => finding.hint(format!("it is called as {call}")),
                None => finding,
            });
        }
        ExprKind::Quote(datum) => match &datum.kind {
            Kind::Number(_) => "a number",
            Kind::Bool(_) => "a truth value",
            Kind::Symbol(_) => "a symbol",
            Kind::Str(_) => "a string",
            Kind::Char(_) => "a character",
            Kind::List { .. } => "a list",
            Kind::Vector(_) => "a vector",
            Kind::Splice(_) => return None,
        },
        ExprKind::Call(inner, _) => match &inner.kind {
            ExprKind::Prim(Prim::Numeric(row)) if row.row().result == Scalar::Bool => "a truth value",
            ExprKind::Prim(Prim::Numeric(_)) => "a number",
            ExprKind::Prim(Prim::Structural(Structural::Cons | Structural::List)) => "a list",
            _ => return None,
        },
        _ => return None,
    };
    let message = match &head.kind {
        ExprKind::Local(_) => format!("{written} is {what}, not a procedure"),
        _ => format!("{what} is not a procedure"),
    };
    let finding = Diagnostic::new(Code::NotAProcedure, head.span, message);
    Some(match operands {
        [Expr { kind: ExprKind::Prim(Prim::Numeric(operator)), .. }, _] if is_operator(*operator) => {
            let operator = Prim::Numeric(*operator).name();
            finding.hint(format!("the operator comes first: ({operator} a b)"))
        }
        _ => finding.hint("a list starts with what is called; data are quoted, or made by (list …)"),
    })
}

fn is_operator(row: Numeric) -> bool {
    row.row().name.is_some_and(|name| !name.contains(|c: char| c.is_alphanumeric()))
}
