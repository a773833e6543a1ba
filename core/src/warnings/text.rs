//! How the constants of a program reach its value, as far as its text shows.
//!
//! For programs that have no graph. What the value is computed from is followed back from it, once along paths
//! without a derivative (tests, operands of comparisons, rounding, indices, lengths) and once along the others;
//! procedures are followed once for all their calls, and what is called without being known may use its operands
//! in any way. So the answer errs to one side: a constant that may have a derivative is not said to have none.
//! Time is linear in the text.

use super::reach::Reach;
use crate::{
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    prim::{Array, Numeric, Prim, Scalar, Structural},
};
use std::{collections::HashMap, ptr};

/// How each local reaches the value.
pub(super) fn reach(program: &Program) -> Vec<Reach> {
    let none = program.locals.iter().map(|_| Reach::None).collect();
    let mut walk = Walk {
        reach: none,
        bound: vec![None; program.locals.len()],
        arguments: HashMap::new(),
        seen: HashMap::new(),
        todo: vec![(&program.body, Reach::Open)],
    };
    while let Some((expr, reach)) = walk.todo.pop() {
        walk.expr(expr, reach);
    }
    walk.reach
}

/// What a local is bound to.
#[derive(Clone, Copy)]
enum Bound<'p> {
    Value(&'p Expr),
    Procedure(&'p Lambda),
}

struct Walk<'p> {
    reach: Vec<Reach>,
    /// By local.
    bound: Vec<Option<Bound<'p>>>,
    /// What parameters are given where their procedures are called by name.
    arguments: HashMap<Local, Vec<&'p Expr>>,
    /// How arguments were followed.
    seen: HashMap<*const Expr, Reach>,
    /// Expressions whose values reach the program's.
    todo: Vec<(&'p Expr, Reach)>,
}

impl<'p> Walk<'p> {
    fn expr(&mut self, expr: &'p Expr, reach: Reach) {
        match &expr.kind {
            ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Prim(_) => {}
            ExprKind::Local(local) => self.mention(*local, reach),
            ExprKind::If(test, then, els) => {
                self.todo.extend([(&**test, Reach::Flat), (then, reach), (els, reach)]);
            }
            ExprKind::Lambda(lambda) => self.todo.push((&lambda.body, reach)),
            ExprKind::Let(bindings, body) => {
                bindings.iter().for_each(|(local, value)| self.bind(*local, Bound::Value(value)));
                self.todo.push((body, reach));
            }
            ExprKind::Fix(bindings, body) => {
                bindings.iter().for_each(|(local, lambda)| self.bind(*local, Bound::Procedure(lambda)));
                self.todo.push((body, reach));
            }
            ExprKind::Begin(parts) => {
                let Some((last, dropped)) = parts.split_last() else { return };
                // What is dropped may still end the run.
                let dropped = dropped.iter().filter(|part| !matches!(part.kind, ExprKind::Local(_)));
                self.todo.extend(dropped.map(|part| (part, Reach::Flat)));
                self.todo.push((last, reach));
            }
            ExprKind::Call(head, operands) => self.call(head, operands, reach),
        }
    }

    fn call(&mut self, head: &'p Expr, operands: &'p [Expr], reach: Reach) {
        let lambda = match &head.kind {
            ExprKind::Prim(prim) => {
                let through = operands.iter().enumerate().map(|(i, x)| (x, through(*prim, i).min(reach)));
                self.todo.extend(through);
                return;
            }
            ExprKind::Lambda(lambda) => Some(lambda),
            ExprKind::Local(local) => match self.bound(*local) {
                Some(Bound::Procedure(lambda)) => Some(lambda),
                Some(Bound::Value(Expr { kind: ExprKind::Lambda(lambda), .. })) => Some(lambda),
                _ => None,
            },
            _ => None,
        };
        self.todo.push((head, reach));
        let Some(lambda) = lambda else {
            self.todo.extend(operands.iter().map(|operand| (operand, reach)));
            return;
        };
        for (i, operand) in operands.iter().enumerate() {
            let Some(param) = lambda.params.get(i).copied().or(lambda.rest) else { continue };
            let arguments = self.arguments.entry(param).or_default();
            if arguments.last().is_none_or(|last| !ptr::eq(*last, operand)) {
                arguments.push(operand);
            }
            self.argument(operand, self.of(param));
        }
    }

    fn bind(&mut self, local: Local, to: Bound<'p>) {
        if let Some(bound) = self.bound.get_mut(local.0 as usize) {
            *bound = Some(to);
        }
    }

    fn bound(&self, local: Local) -> Option<Bound<'p>> {
        self.bound.get(local.0 as usize).copied().flatten()
    }

    fn of(&self, local: Local) -> Reach {
        self.reach.get(local.0 as usize).copied().unwrap_or(Reach::None)
    }

    fn argument(&mut self, argument: &'p Expr, reach: Reach) {
        let seen = self.seen.entry(argument).or_insert(Reach::None);
        if *seen < reach {
            *seen = reach;
            self.todo.push((argument, reach));
        }
    }

    fn mention(&mut self, local: Local, reach: Reach) {
        let Some(known) = self.reach.get_mut(local.0 as usize) else { return };
        if *known >= reach {
            return;
        }
        *known = reach;
        match self.bound(local) {
            Some(Bound::Value(value)) => self.todo.push((value, reach)),
            Some(Bound::Procedure(lambda)) => self.todo.push((&lambda.body, reach)),
            None => {
                let arguments = self.arguments.get(&local).cloned().unwrap_or_default();
                arguments.into_iter().for_each(|argument| self.argument(argument, reach));
            }
        }
    }
}

/// How a constant that is an operand of a primitive reaches what it gives.
fn through(prim: Prim, operand: usize) -> Reach {
    let flat = match prim {
        // It has no derivative on purpose.
        Prim::Numeric(Numeric::StopGradient) => false,
        Prim::Numeric(row) => {
            let zeros = row.declared_zeros();
            row.row().result == Scalar::Bool || zeros.get(operand.min(zeros.len().max(1) - 1)) == Some(&true)
        }
        Prim::Array(row) => match row {
            Array::Ref => operand > 0,
            Array::Linspace => operand == 2,
            Array::Vlen | Array::Rows | Array::Cols | Array::Eye | Array::Zeros | Array::Ones => true,
            _ => false,
        },
        Prim::Structural(Structural::Error) => true,
        Prim::Structural(row) => match row.row().name {
            "list-ref" | "list-tail" | "vector-ref" | "string-ref" | "substring" => operand > 0,
            "make-list" | "make-vector" | "iota" | "memq" | "memv" | "assq" | "assv" => operand == 0,
            "length" | "vector-length" | "number->string" => true,
            // What is a text has no derivative to miss.
            name => {
                name.ends_with('?') && !["string", "char", "symbol"].iter().any(|text| name.starts_with(text))
            }
        },
    };
    if flat { Reach::Flat } else { Reach::Open }
}
