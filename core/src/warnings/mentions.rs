//! How the constants of a program reach its value, as far as its text shows.
//!
//! For programs that have no graph. Only mentions are looked at: a constant that stands nowhere but as an
//! operand of comparisons, rounding, and indices, or as a test, has no derivative. One that goes through
//! anything else may have one.

use super::reach::Reach;
use crate::{
    kernel::{Expr, ExprKind, Local, Program},
    prim::{Array, Numeric, Prim, Scalar},
};
use std::collections::HashMap;

/// How each local that is mentioned reaches the value.
pub(super) fn mentions(program: &Program) -> HashMap<Local, Reach> {
    let mut found = HashMap::new();
    let mut todo = vec![(&program.body, Reach::Open)];
    while let Some((expr, reach)) = todo.pop() {
        match &expr.kind {
            ExprKind::Local(local) => {
                let known = found.entry(*local).or_insert(Reach::None);
                *known = reach.max(*known);
            }
            ExprKind::Call(head, operands) if let ExprKind::Prim(prim) = head.kind => {
                todo.extend(operands.iter().enumerate().map(|(i, operand)| (operand, through(prim, i))));
            }
            ExprKind::If(test, then, els) => {
                todo.extend([(&**test, Reach::Flat), (then, Reach::Open), (els, Reach::Open)]);
            }
            _ => expr.each_child(&mut |child: &Expr| todo.push((child, Reach::Open))),
        }
    }
    found
}

/// How a constant that is an operand of a primitive reaches what it gives.
fn through(prim: Prim, operand: usize) -> Reach {
    let flat = match prim {
        Prim::Numeric(Numeric::StopGradient) => false,
        Prim::Numeric(row) => {
            let zeros = row.declared_zeros();
            row.row().result == Scalar::Bool || zeros.get(operand.min(zeros.len().max(1) - 1)) == Some(&true)
        }
        Prim::Array(row) => match row {
            Array::Ref => operand > 0,
            Array::Linspace => operand == 2,
            _ => false,
        },
        Prim::Structural(row) => match row.row().name {
            "list-ref" | "list-tail" | "vector-ref" | "string-ref" | "substring" => operand > 0,
            "make-list" | "make-vector" | "iota" => operand == 0,
            "number->string" => true,
            _ => false,
        },
    };
    if flat { Reach::Flat } else { Reach::Open }
}
