//! The forms that repeat: named `let`, `do`, `loop` and `recur`. Each is a procedure in a `Fix`.

use super::{
    Expr, ExprKind, Lambda, Local,
    forms::Pair,
    node::{branch, call, sequence},
    scope::Mark,
    state::{Desugar, Loop, Position, Syntax},
};
use crate::{
    datum::Datum,
    diag::{Code, Diagnostic},
    span::Span,
};
use std::rc::Rc;

/// A loop whose body is being desugared.
struct Open {
    local: Local,
    params: Vec<Local>,
    mark: Mark,
    /// The loop that `recur` continues outside.
    outside: Option<Loop>,
}

impl Desugar {
    /// `(let name ((name start) …) body …)`.
    pub(super) fn named_let(
        &mut self,
        syntax: &Syntax<'_>,
        name: &Rc<str>,
        at: Span,
        rest: &[Datum],
    ) -> Expr {
        let Some((first, body)) = rest.split_first() else {
            return self.bad(syntax.form, at, format!("the loop `{name}` has no bindings and no body"));
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.values(&pairs);
        let mark = self.scope.mark();
        let local = self.bind(name, at);
        let open = self.open_loop(local, mark, &pairs);
        let body = self.body(syntax, body, Position::Operand);
        self.close_loop(syntax, open, starts, body)
    }

    /// `(loop ((name start) …) body …)`.
    pub(super) fn loop_(&mut self, syntax: &Syntax<'_>) -> Expr {
        let Some((first, body)) = syntax.operands.split_first() else {
            return self.bad(syntax.form, syntax.head.span, "`loop` has no bindings and no body");
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.values(&pairs);
        let local = self.fresh("loop", syntax.head.span);
        let open = self.open_loop(local, self.scope.mark(), &pairs);
        let size = first.list().map(<[Datum]>::len).filter(|size| *size == pairs.len());
        self.target = Some(Loop { local, size });
        let body = self.body(syntax, body, Position::Tail);
        self.close_loop(syntax, open, starts, body)
    }

    /// `(do ((name start step) …) (test result …) body …)`.
    pub(super) fn do_(&mut self, syntax: &Syntax<'_>) -> Expr {
        let (first, end, body) = match syntax.operands {
            [] => return self.bad(syntax.form, syntax.head.span, "`do` has no bindings"),
            [first] => return self.bad(syntax.form, first.span, "`do` has no test to end by"),
            [first, end, body @ ..] => (first, end, body),
        };
        let Some((test, results)) = end.list().and_then(<[Datum]>::split_first) else {
            return self.bad(syntax.form, end.span, "the end of `do` is a list of a test and results");
        };
        let pairs = self.pairs(syntax.form, first);
        let starts = self.values(&pairs);
        let local = self.fresh("do", syntax.head.span);
        let open = self.open_loop(local, self.scope.mark(), &pairs);
        let test = self.operand(test);
        let results = self.expressions(results, Position::Operand);
        let mut parts = self.expressions(body, Position::Operand);
        let steps = self.steps(&pairs, &open.params);
        let again = Expr { kind: ExprKind::Local(local), span: syntax.head.span };
        parts.push(call(again, steps, syntax.span));
        let body = branch(test, sequence(results, end.span), sequence(parts, syntax.span), syntax.span);
        self.close_loop(syntax, open, starts, body)
    }

    /// What the variables of `do` become: their steps, or what they are.
    fn steps(&mut self, pairs: &[Pair<'_>], params: &[Local]) -> Vec<Expr> {
        let mut steps = Vec::with_capacity(pairs.len());
        for (pair, local) in pairs.iter().zip(params) {
            steps.push(match pair.step {
                Some(step) => self.operand(step),
                None => Expr { kind: ExprKind::Local(*local), span: pair.span },
            });
        }
        steps
    }

    /// `(recur value …)`.
    pub(super) fn recur(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let at = syntax.head.span;
        let values = self.in_order(syntax.operands, Position::Operand);
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

    /// Binds the variables of a loop and goes into its body.
    fn open_loop(&mut self, local: Local, mark: Mark, pairs: &[Pair<'_>]) -> Open {
        let params = self.bind_all(pairs);
        Open { local, params, mark, outside: self.enter_lambda() }
    }

    /// The loop: a procedure of its variables, called with their starting values.
    fn close_loop(&mut self, syntax: &Syntax<'_>, open: Open, starts: Vec<Expr>, body: Expr) -> Expr {
        self.leave_lambda(open.outside);
        self.scope.close(open.mark);
        let name = Some(self.name_of(open.local));
        let lambda = Lambda { name, params: open.params, rest: None, body: body.into() };
        let head = Expr { kind: ExprKind::Local(open.local), span: syntax.head.span };
        let start = call(head, starts, syntax.span);
        Expr { kind: ExprKind::Fix(vec![(open.local, lambda)], start.into()), span: syntax.span }
    }
}
