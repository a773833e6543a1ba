//! The forms that repeat: named `let`, `do`, `loop` and `recur`. Each is a procedure in a `Fix`.

use super::{
    Expr, ExprKind, Lambda, Local,
    desugar::{Desugar, Loop, Position, Syntax, branch, call, sequence, unspecified},
    forms::Pair,
};
use crate::{
    datum::Datum,
    diag::{Code, Diagnostic},
    span::Span,
};
use std::{collections::HashSet, rc::Rc};

impl Desugar {
    /// `(let name ((name start) …) body …)`.
    pub(super) fn named_let(&mut self, syntax: Syntax<'_>, name: &Rc<str>, at: Span, rest: &[Datum]) -> Expr {
        let Some((first, body)) = rest.split_first() else {
            return self.bad(syntax.form, at, format!("the loop `{name}` has no bindings and no body"));
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.starts(&pairs);
        let mark = self.scope.mark();
        let local = self.bind(name, at);
        let repeat = self
            .repeat(syntax, local, &pairs, starts, |desugar| desugar.body(syntax, body, Position::Operand));
        self.scope.close(mark);
        repeat
    }

    /// `(do ((name start step) …) (test result …) body …)`.
    pub(super) fn do_(&mut self, syntax: Syntax<'_>) -> Expr {
        let (first, end, body) = match syntax.operands {
            [] => return self.bad(syntax.form, syntax.head.span, "`do` has no bindings"),
            [first] => return self.bad(syntax.form, first.span, "`do` has no test to end by"),
            [first, end, body @ ..] => (first, end, body),
        };
        let Some((test, results)) = end.list().and_then(<[Datum]>::split_first) else {
            return self.bad(syntax.form, end.span, "the end of `do` is a list of a test and results");
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.starts(&pairs);
        let local = self.fresh("do", syntax.head.span);
        self.repeat(syntax, local, &pairs, starts, |desugar| {
            let test = desugar.operand(test);
            let results = desugar.expressions(results, Position::Operand);
            let mut parts = desugar.expressions(body, Position::Operand);
            let mut steps = Vec::new();
            for pair in &pairs {
                steps.push(match (pair.step, desugar.scope.get(pair.name)) {
                    (Some(step), _) => desugar.operand(step),
                    (None, Some(kept)) => desugar.refer(kept, pair.span),
                    (None, None) => unspecified(pair.span),
                });
            }
            let again = Expr { kind: ExprKind::Local(local), span: syntax.head.span };
            parts.push(call(again, steps, syntax.span));
            branch(test, sequence(results, end.span), sequence(parts, syntax.span), syntax.span)
        })
    }

    /// `(loop ((name start) …) body …)`.
    pub(super) fn loop_(&mut self, syntax: Syntax<'_>) -> Expr {
        let Some((first, body)) = syntax.operands.split_first() else {
            return self.bad(syntax.form, syntax.head.span, "`loop` has no bindings and no body");
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.starts(&pairs);
        let local = self.fresh("loop", syntax.head.span);
        let size = first.list().map(<[Datum]>::len).filter(|size| *size == pairs.len());
        self.repeat(syntax, local, &pairs, starts, |desugar| {
            desugar.target = Some(Loop { local, size });
            desugar.body(syntax, body, Position::Tail)
        })
    }

    /// `(recur value …)`.
    pub(super) fn recur(&mut self, syntax: Syntax<'_>, position: Position) -> Expr {
        let at = syntax.head.span;
        let values: Vec<_> = syntax.operands.iter().map(|value| self.operand(value)).collect();
        let Some(target) = self.target else {
            let finding = Diagnostic::new(Code::BadForm, at, "`recur` stands in no `loop`");
            return self.fail(
                finding.hint("a lambda inside a loop is not part of it: (loop ((name start) …) body …)"),
            );
        };
        if position != Position::Tail {
            let finding = Diagnostic::new(Code::BadForm, at, "`recur` is not the last thing its loop does");
            return self.fail(finding.hint("carry what is still to be done in a variable of the loop"));
        }
        if let Some(size) = target.size.filter(|size| *size != values.len()) {
            let count = |n: usize| format!("{n} value{}", if n == 1 { "" } else { "s" });
            let message = format!("`recur` gives {} to a loop of {}", count(values.len()), count(size));
            return self.bad(syntax.form, at, message);
        }
        call(Expr { kind: ExprKind::Local(target.local), span: at }, values, syntax.span)
    }

    fn starts(&mut self, pairs: &[Pair<'_>]) -> Vec<Expr> {
        pairs.iter().map(|pair| self.value(pair)).collect()
    }

    /// A procedure of the pairs' names, called with their starting values.
    fn repeat(
        &mut self,
        syntax: Syntax<'_>,
        local: Local,
        pairs: &[Pair<'_>],
        starts: Vec<Expr>,
        body: impl FnOnce(&mut Self) -> Expr,
    ) -> Expr {
        let mark = self.scope.mark();
        let mut seen = HashSet::new();
        let mut params = Vec::new();
        for pair in pairs {
            self.distinct(&mut seen, pair.name, pair.span);
            params.push(self.bind(pair.name, pair.span));
        }
        let body = self.inside_lambda(body).into();
        self.scope.close(mark);
        let lambda = Lambda { name: Some(self.name_of(local)), params, rest: None, body };
        let head = Expr { kind: ExprKind::Local(local), span: syntax.head.span };
        let start = call(head, starts, syntax.span);
        Expr { kind: ExprKind::Fix(vec![(local, lambda)], start.into()), span: syntax.span }
    }
}
