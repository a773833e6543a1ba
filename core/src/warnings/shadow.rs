//! Names that hide others.
//!
//! A binding inside another of its name is pointed out unless its value is made from the one it hides, as in
//! `(let ((x (+ x 1))) …)`; one of a name of the language where it is called like that, but is no procedure.

use crate::{
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Lambda, Local, Program, Shadow},
    span::Span,
};
use std::collections::HashMap;

/// What is known of a binding that hides another.
#[derive(Clone, Copy, Default)]
struct Found<'p> {
    /// What it is bound to, first if it is of a loop.
    value: Option<&'p Expr>,
    is_procedure: bool,
    /// Where it is called first.
    called: Option<Span>,
}

/// The warnings about them.
pub(super) fn warnings(program: &Program) -> Vec<Diagnostic> {
    if program.shadows.is_empty() {
        return Vec::new();
    }
    let found = find(program);
    let about = |shadow: &Shadow| {
        let found = found.get(&shadow.inner).copied().unwrap_or_default();
        let info = program.locals.get(shadow.inner.0 as usize)?;
        let name = &info.name;
        if name.starts_with('_') {
            return None;
        }
        let Some(outer) = shadow.outer else {
            let at = found.called.filter(|_| !found.is_procedure)?;
            let message =
                format!("`{name}` is called here, but is bound to something else inside the program");
            let hint = format!("give what hides the procedure `{name}` another name");
            return Some(Diagnostic::new(Code::Shadowed, at, message).hint(hint));
        };
        if found.value.is_some_and(|value| mentions(value, outer)) {
            return None;
        }
        let message = format!("`{name}` hides the `{name}` that is bound around it");
        let hint = "give one of them another name";
        Some(Diagnostic::new(Code::Shadowed, info.span, message).hint(hint))
    };
    program.shadows.iter().filter_map(about).collect()
}

fn find(program: &Program) -> HashMap<Local, Found<'_>> {
    let mut found: HashMap<Local, Found<'_>> =
        program.shadows.iter().map(|shadow| (shadow.inner, Found::default())).collect();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Let(bindings, _) => {
                for (local, value) in bindings {
                    if let Some(found) = found.get_mut(local) {
                        found.value = Some(value);
                        found.is_procedure = matches!(value.kind, ExprKind::Lambda(_));
                    }
                }
            }
            ExprKind::Fix(bindings, body) => {
                for (local, lambda) in bindings {
                    if let Some(found) = found.get_mut(local) {
                        found.is_procedure = true;
                    }
                    // A loop starts where it is bound.
                    if let ExprKind::Call(head, starts) = &body.kind
                        && matches!(head.kind, ExprKind::Local(called) if called == *local)
                    {
                        start(&mut found, lambda, starts);
                    }
                }
            }
            ExprKind::Call(head, operands) => match &head.kind {
                ExprKind::Local(local) => {
                    if let Some(found) = found.get_mut(local) {
                        found.called.get_or_insert(head.span);
                    }
                }
                ExprKind::Lambda(lambda) => start(&mut found, lambda, operands),
                _ => {}
            },
            _ => {}
        }
        let first = todo.len();
        expr.each_child(&mut |child: &Expr| todo.push(child));
        todo[first..].reverse();
    }
    found
}

/// Parameters that get their values at once.
fn start<'p>(found: &mut HashMap<Local, Found<'p>>, lambda: &Lambda, values: &'p [Expr]) {
    for (param, value) in lambda.params.iter().zip(values) {
        if let Some(found) = found.get_mut(param) {
            found.value = Some(value);
        }
    }
}

fn mentions(expr: &Expr, local: Local) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        if matches!(expr.kind, ExprKind::Local(found) if found == local) {
            return true;
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    false
}
