//! Expressions without effect: values that nothing uses, tests that choose nothing, text that stands around a program, and programs of definitions alone.
//!
//! The language is pure, so an expression whose value is dropped does nothing, unless it may refuse to go on: one that
//! calls `error`, or a procedure of the program, which may.

use crate::{
    datum::Kind,
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Program},
    prim::{Prim, Structural},
};

/// From how many dropped names on, one after the other, they are text.
const TEXT: usize = 2;

/// The warnings about them.
pub(super) fn warnings(program: &Program) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::Begin(parts) = &expr.kind
            && let Some((_, dropped)) = parts.split_last()
        {
            let values = dropped.iter().filter(|part| does_nothing(part)).map(|part| {
                let message = "the value of this expression is not used";
                let hint = "a body gives the value of its last expression: take this one out, or move a parenthesis so that it is part of another";
                Diagnostic::new(Code::NoEffect, part.span, message).hint(hint)
            });
            found.extend(values);
            let names = dropped.chunk_by(|a, b| is_name(a) && is_name(b));
            let text = names.filter(|run| run.len() >= TEXT && is_name(&run[0])).map(|run| {
                let message = "these names do nothing, and read as text around a program";
                let hint = "give the program alone, with `;` before each line that is commentary";
                Diagnostic::new(Code::NoEffect, run[0].span.to(run[run.len() - 1].span), message).hint(hint)
            });
            found.extend(text);
        }
        if let ExprKind::If(test, ..) = &expr.kind
            && matches!(test.kind, ExprKind::Prim(_))
        {
            let message = "this test is a procedure itself, and so always true";
            let hint =
                "a call stands in parentheses of its own, in `do` too: (do ((i 0 (+ i 1))) ((>= i 5) i))";
            found.push(Diagnostic::new(Code::NoEffect, test.span, message).hint(hint));
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    found.extend(valueless(program));
    found
}

fn is_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Local(_))
}

/// Whether it computes something, and cannot refuse to.
fn does_nothing(expr: &Expr) -> bool {
    let is_text =
        |expr: &Expr| matches!(&expr.kind, ExprKind::Quote(datum) if matches!(datum.kind, Kind::Str(_)));
    if is_name(expr) || is_text(expr) || matches!(expr.kind, ExprKind::Unspecified) {
        return false;
    }
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Lambda(_) => continue,
            ExprKind::Call(head, _) => match head.kind {
                ExprKind::Prim(Prim::Structural(row)) if row == Structural::Error || row.calls() => {
                    return false;
                }
                ExprKind::Prim(_) => {}
                _ => return false,
            },
            _ => {}
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    true
}

/// A program that ends with a definition.
fn valueless(program: &Program) -> Option<Diagnostic> {
    let mut last = &program.body;
    let mut defines = false;
    loop {
        match &last.kind {
            ExprKind::Let(_, body) | ExprKind::Fix(_, body) => {
                (last, defines) = (body, true);
            }
            ExprKind::Begin(parts) => last = parts.last()?,
            ExprKind::Unspecified if defines => break,
            _ => return None,
        }
    }
    let message = "the program ends with a definition, and has no value";
    let hint = "after the definitions, write the expression whose value is wanted, such as a call";
    Some(Diagnostic::new(Code::NoEffect, program.body.span, message).hint(hint))
}
