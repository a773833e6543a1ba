//! What kinds of programs the cases are, by their kernel forms.

use scheme_core::kernel::{Expr, ExprKind, Lambda, Local, Program};

/// Whether a procedure of the text calls itself otherwise than as a loop does, perhaps through others, or one
/// is passed or returned.
pub(crate) fn recursive_or_higher_order(program: &Program) -> bool {
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        let found = match &expr.kind {
            ExprKind::Lambda(lambda) => is_lambda(&lambda.body),
            ExprKind::Call(_, operands) => operands.iter().any(is_lambda),
            ExprKind::Fix(bindings, _) => bindings.iter().any(|(local, lambda)| {
                !of_the_prelude(program, *local)
                    && (is_lambda(&lambda.body) || recurs(*local, lambda, bindings))
            }),
            _ => false,
        };
        if found {
            return true;
        }
        match &expr.kind {
            // What the prelude defines is no part of the text.
            ExprKind::Fix(bindings, body) => {
                let of_the_text = bindings.iter().filter(|(local, _)| !of_the_prelude(program, *local));
                todo.extend(of_the_text.map(|(_, lambda)| &*lambda.body));
                todo.push(body);
            }
            ExprKind::Let(bindings, body) => {
                let of_the_text = bindings.iter().filter(|(local, _)| !of_the_prelude(program, *local));
                todo.extend(of_the_text.map(|(_, value)| value));
                todo.push(body);
            }
            _ => expr.each_child(&mut |child| todo.push(child)),
        }
    }
    false
}

fn is_lambda(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Lambda(_))
}

fn of_the_prelude(program: &Program, local: Local) -> bool {
    program.locals.get(local.0 as usize).is_some_and(|info| info.prelude)
}

/// Whether a procedure refers to another of its group, or to itself other than in calls that end it.
fn recurs(own: Local, lambda: &Lambda, group: &[(Local, Lambda)]) -> bool {
    let other = |local: &Local| *local != own && refers(&lambda.body, *local);
    group.iter().any(|(local, _)| other(local)) || !at_the_end(&lambda.body, own)
}

/// Whether an expression refers to a procedure only in calls that end it.
fn at_the_end(expr: &Expr, local: Local) -> bool {
    match &expr.kind {
        ExprKind::If(test, then, els) => {
            !refers(test, local) && at_the_end(then, local) && at_the_end(els, local)
        }
        ExprKind::Let(bindings, body) => {
            !bindings.iter().any(|(_, value)| refers(value, local)) && at_the_end(body, local)
        }
        ExprKind::Fix(bindings, body) => {
            bindings.iter().all(|(_, lambda)| at_the_end(&lambda.body, local)) && at_the_end(body, local)
        }
        ExprKind::Begin(parts) => parts.split_last().is_none_or(|(last, before)| {
            !before.iter().any(|part| refers(part, local)) && at_the_end(last, local)
        }),
        ExprKind::Call(head, operands) => {
            let called = matches!(head.kind, ExprKind::Local(_)) || !refers(head, local);
            called && !operands.iter().any(|operand| refers(operand, local))
        }
        _ => !refers(expr, local),
    }
}

fn refers(expr: &Expr, local: Local) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if matches!(expr.kind, ExprKind::Local(other) if other == local) {
            return true;
        }
        expr.each_child(&mut |child| todo.push(child));
    }
    false
}
