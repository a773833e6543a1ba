//! Names that hide others.
//!
//! A binding inside another of its name is pointed out unless its value is made from the one it hides, as in
//! `(let ((x (+ x 1))) …)`; one of a name of the language where it is called like that, but is no procedure.

use crate::{
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Lambda, Local, Program, Shadow},
    span::Span,
};
use std::{collections::HashMap, ops::Range, ptr};

/// What is known of a binding that hides another.
#[derive(Clone, Default)]
struct Found {
    /// Where its value stands in the walk, first if it is of a loop; empty before that is known.
    value: Range<usize>,
    is_procedure: bool,
    /// Where it is called first.
    called: Option<Span>,
}

/// The warnings about them.
pub(super) fn warnings(program: &Program) -> Vec<Diagnostic> {
    if program.shadows.is_empty() {
        return Vec::new();
    }
    let walk = Walk::of(program);
    let about = |shadow: &Shadow| {
        let found = walk.found.get(shadow.inner.0 as usize)?.as_ref()?;
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
        if walk.mentions(&found.value, outer) {
            return None;
        }
        let message = format!("`{name}` hides the `{name}` that is bound around it");
        let hint = "give one of them another name";
        Some(Diagnostic::new(Code::Shadowed, info.span, message).hint(hint))
    };
    program.shadows.iter().filter_map(about).collect()
}

/// One walk through a program, which counts its expressions: those inside another follow it without a gap.
struct Walk {
    /// By local, of those that hide others.
    found: Vec<Option<Found>>,
    /// Where what is hidden is mentioned, in order, by local.
    mentions: Vec<Option<Vec<usize>>>,
}

/// What is kept of a local, if it is one of those.
fn kept<T>(by_local: &mut [Option<T>], local: Local) -> Option<&mut T> {
    by_local.get_mut(local.0 as usize)?.as_mut()
}

/// What a walk is to do next.
enum Step<'p> {
    /// Goes through an expression.
    Enter(&'p Expr),
    /// Has come to the end of the value of a binding, which began there.
    Leave(Local, usize),
}

impl Walk {
    fn of(program: &Program) -> Self {
        let count = program.locals.len();
        let mut walk = Self { found: vec![None; count], mentions: vec![None; count] };
        for Shadow { inner, outer } in &program.shadows {
            if let Some(found) = walk.found.get_mut(inner.0 as usize) {
                *found = Some(Found::default());
            }
            if let Some(mentions) = outer.and_then(|outer| walk.mentions.get_mut(outer.0 as usize)) {
                *mentions = Some(Vec::new());
            }
        }
        // The values of bindings that hide others, from where those are bound on.
        let mut values: HashMap<*const Expr, Local> = HashMap::new();
        let mut todo = vec![Step::Enter(&program.body)];
        let mut count = 0;
        while let Some(step) = todo.pop() {
            let expr = match step {
                Step::Enter(expr) => expr,
                Step::Leave(local, start) => {
                    if let Some(found) = kept(&mut walk.found, local) {
                        found.value = start..count;
                    }
                    continue;
                }
            };
            if let Some(local) = values.remove(&ptr::from_ref(expr)) {
                todo.push(Step::Leave(local, count));
            }
            walk.bindings(expr, &mut |local, value| {
                values.insert(value, local);
            });
            if let ExprKind::Local(local) = expr.kind
                && let Some(places) = kept(&mut walk.mentions, local)
            {
                places.push(count);
            }
            count += 1;
            let first = todo.len();
            expr.each_child(&mut |child| todo.push(Step::Enter(child)));
            todo[first..].reverse();
        }
        walk
    }

    /// Notes what an expression itself tells of bindings that hide others, and gives the values that it binds them
    /// to.
    fn bindings<'p>(&mut self, expr: &'p Expr, value_of: &mut impl FnMut(Local, &'p Expr)) {
        let mut start = |found: &[Option<Found>], lambda: &Lambda, values: &'p [Expr]| {
            let hides = |param: &Local| matches!(found.get(param.0 as usize), Some(Some(_)));
            let pairs = lambda.params.iter().zip(values);
            pairs.filter(|(param, _)| hides(param)).for_each(|(param, value)| value_of(*param, value));
        };
        match &expr.kind {
            ExprKind::Let(bindings, _) => {
                for (local, value) in bindings {
                    if let Some(found) = kept(&mut self.found, *local) {
                        found.is_procedure = matches!(value.kind, ExprKind::Lambda(_));
                        value_of(*local, value);
                    }
                }
            }
            ExprKind::Fix(bindings, body) => {
                for (local, lambda) in bindings {
                    if let Some(found) = kept(&mut self.found, *local) {
                        found.is_procedure = true;
                    }
                    // A loop starts where it is bound.
                    if let ExprKind::Call(head, starts) = &body.kind
                        && matches!(head.kind, ExprKind::Local(called) if called == *local)
                    {
                        start(&self.found, lambda, starts);
                    }
                }
            }
            ExprKind::Call(head, operands) => match &head.kind {
                ExprKind::Local(local) => {
                    if let Some(found) = kept(&mut self.found, *local) {
                        found.called.get_or_insert(head.span);
                    }
                }
                ExprKind::Lambda(lambda) => start(&self.found, lambda, operands),
                _ => {}
            },
            _ => {}
        }
    }

    /// Whether what stands there in the walk mentions a local.
    fn mentions(&self, place: &Range<usize>, local: Local) -> bool {
        let Some(Some(places)) = self.mentions.get(local.0 as usize) else { return false };
        let first = places.partition_point(|at| *at < place.start);
        places.get(first).is_some_and(|at| *at < place.end)
    }
}
