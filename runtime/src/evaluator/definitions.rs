//! Which definition of a text a place stands in, to tell the way that led to an error.

use scheme_core::{
    diag::Waiting,
    excerpt::bounded,
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    span::Span,
};

/// The most waiting calls that an error tells.
const MOST_CALLS: usize = 16;

/// The named procedures of a text.
#[derive(Clone, Debug)]
pub(super) struct Definitions {
    /// Their bodies, and what they are called; those of the prelude stand nowhere in it.
    named: Vec<(Span, String)>,
}

impl Definitions {
    pub(super) fn new(program: &Program) -> Self {
        let mut named = Vec::new();
        let mut name = |lambda: &Lambda| {
            named.extend(lambda.name.as_ref().map(|name| (lambda.body.span, name.to_string())));
        };
        let written = |local: &Local| program.locals.get(local.0 as usize).is_some_and(|info| !info.prelude);
        let mut todo = vec![&program.body];
        while let Some(expr) = todo.pop() {
            match &expr.kind {
                ExprKind::Lambda(lambda) => {
                    name(lambda);
                    todo.push(&lambda.body);
                }
                ExprKind::Fix(bindings, body) => {
                    for (_, lambda) in bindings.iter().filter(|(local, _)| written(local)) {
                        name(lambda);
                        todo.push(&lambda.body);
                    }
                    todo.push(body);
                }
                ExprKind::Let(bindings, body) => {
                    let values = bindings.iter().filter(|(local, _)| written(local));
                    todo.extend(values.map(|(_, value)| value));
                    todo.push(body);
                }
                _ => expr.each_child(&mut |child: &Expr| todo.push(child)),
            }
        }
        Self { named }
    }

    /// The innermost definition around a place.
    pub(super) fn around(&self, place: Span) -> Option<String> {
        let holds = |body: Span| body.start <= place.start && place.end <= body.end;
        let around = self.named.iter().filter(|(body, _)| holds(*body));
        around.min_by_key(|(body, _)| body.end - body.start).map(|(_, name)| bounded(name.clone()))
    }

    /// The calls at some places, innermost first, that waited for what happened at `inner`: each once, and not
    /// too many.
    pub(super) fn calls(&self, inner: Option<Span>, places: impl Iterator<Item = Span>) -> Vec<Waiting> {
        let mut calls: Vec<Waiting> = Vec::new();
        for span in places {
            if calls.len() < MOST_CALLS && Some(span) != inner && calls.iter().all(|call| call.span != span) {
                calls.push(Waiting { span, within: self.around(span) });
            }
        }
        calls
    }
}
