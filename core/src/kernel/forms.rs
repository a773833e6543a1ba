//! The forms that bind and group: `quote if lambda let let* letrec begin assert`.

use super::{
    Expr, ExprKind, Lambda, Local,
    fixing::Item,
    known::Form,
    node::{bindings, branch, constant, prim_call, sequence, unspecified},
    several::Formals,
    state::{Desugar, Loop, Position, Syntax},
};
use crate::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    prim::{Prim, Structural},
    span::Span,
};
use std::{collections::HashSet, rc::Rc};

/// `(name value)` of a list of bindings.
pub(super) struct Pair<'a> {
    pub(super) name: &'a Rc<str>,
    pub(super) span: Span,
    /// Missing where that is an error already noted.
    pub(super) value: Option<&'a Datum>,
    /// The step of `do`.
    pub(super) step: Option<&'a Datum>,
}

impl Desugar {
    /// `(quote datum)`.
    pub(super) fn quoted(&mut self, syntax: &Syntax<'_>) -> Expr {
        match syntax.operands {
            [datum] => Expr { span: syntax.span, ..self.quote(datum) },
            [] => self.bad(syntax.form, syntax.head.span, "`quote` has nothing to quote"),
            [_, more, ..] => self.bad(syntax.form, more.span, "`quote` takes one datum"),
        }
    }

    /// A datum as a constant.
    pub(super) fn quote(&mut self, datum: &Datum) -> Expr {
        let mut todo = vec![datum];
        while let Some(datum) = todo.pop() {
            match &datum.kind {
                Kind::List { items, tail, .. } => {
                    todo.extend(items);
                    todo.extend(tail.as_deref());
                }
                Kind::Vector(items) => todo.extend(items),
                Kind::Splice(_) => {
                    let message = "a spliced value cannot stand in quoted data";
                    let finding = Diagnostic::new(Code::BadForm, datum.span, message);
                    return self.fail(finding.hint("use quasiquote instead of quote, or (list …)"));
                }
                _ => {}
            }
        }
        constant(datum.clone())
    }

    /// `(if test then else)`.
    pub(super) fn if_(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let (test, then, els) = match syntax.operands {
            [test, then] => (test, then, None),
            [test, then, els] => (test, then, Some(els)),
            [] => return self.bad(syntax.form, syntax.head.span, "`if` has no test"),
            [test] => return self.bad(syntax.form, test.span, "`if` has nothing to do after its test"),
            [_, word, ..] | [_, _, word, ..] if matches!(word.symbol(), Some("then" | "else")) => {
                let message = "the parts of `if` stand without words between them";
                let finding = Diagnostic::new(Code::Habit, word.span, message);
                return self.fail(finding.hint(self.choice(syntax.operands)));
            }
            [.., word, _] | [.., word, _, _, _]
                if matches!(word.symbol(), Some("elif" | "else" | "elseif")) =>
            {
                let finding = Diagnostic::new(Code::Habit, word.span, "several tests in a row are a `cond`");
                return self.fail(finding.hint(Form::Cond.grammar()));
            }
            operands if let Some((sign, hint)) = self.tested(operands) => {
                let message = "an operator stands before its operands";
                return self.fail(Diagnostic::new(Code::Habit, sign.span, message).hint(hint));
            }
            [_, _, _, more, ..] => return self.bad(syntax.form, more.span, "`if` has at most three parts"),
        };
        let test = self.operand(test);
        let then = self.expr(then, position);
        let els = match els {
            Some(els) => self.expr(els, position),
            None => unspecified(syntax.span),
        };
        branch(test, then, els, syntax.span)
    }

    /// `(lambda parameters body …)`.
    pub(super) fn lambda(&mut self, syntax: &Syntax<'_>) -> Expr {
        let Some((parameters, body)) = syntax.operands.split_first() else {
            return self.bad(syntax.form, syntax.head.span, "`lambda` has no parameters and no body");
        };
        let Formals { fixed, rest } = Formals::of(parameters);
        let lambda = self.procedure(syntax, None, fixed, rest, body);
        Expr { kind: ExprKind::Lambda(lambda), span: syntax.span }
    }

    /// A procedure from its parameters and body.
    pub(super) fn procedure(
        &mut self,
        syntax: &Syntax<'_>,
        name: Option<Rc<str>>,
        fixed: &[Datum],
        rest: Option<&Datum>,
        body: &[Datum],
    ) -> Lambda {
        let mark = self.scope.mark();
        let (params, rest) = self.parameters(syntax.form, fixed, rest);
        let target = self.enter_lambda();
        let body = self.body(syntax, body, Position::Operand);
        self.leave_lambda(target);
        self.scope.close(mark);
        Lambda { name, params, rest, body: body.into() }
    }

    /// Binds parameters from here on.
    pub(super) fn parameters(
        &mut self,
        form: Form,
        fixed: &[Datum],
        rest: Option<&Datum>,
    ) -> (Vec<Local>, Option<Local>) {
        let mut seen = HashSet::new();
        let mut bind = |datum: &Datum| match &datum.kind {
            Kind::Symbol(name) => {
                self.distinct(&mut seen, name, datum.span);
                Some(self.bind(name, datum.span))
            }
            _ => {
                self.bad(form, datum.span, "a parameter is a name");
                // A default or a type was tried: the name is bound all the same.
                let name = datum.list().and_then(<[Datum]>::first)?;
                let Kind::Symbol(written) = &name.kind else { return None };
                Some(self.bind(written, name.span))
            }
        };
        let params = fixed.iter().filter_map(&mut bind).collect();
        (params, rest.and_then(bind))
    }

    /// Notes a name that its list already has.
    pub(super) fn distinct(&mut self, seen: &mut HashSet<Rc<str>>, name: &Rc<str>, span: Span) {
        if !seen.insert(name.clone()) {
            self.note(Diagnostic::new(Code::Duplicate, span, format!("`{name}` is bound twice in one list")));
        }
    }

    /// Goes to where a lambda's body is: `recur` does not reach out of it. Gives the loop outside.
    pub(super) fn enter_lambda(&mut self) -> Option<Loop> {
        self.lambdas += 1;
        self.target.take()
    }

    /// Comes back from a lambda's body to the loop outside.
    pub(super) fn leave_lambda(&mut self, target: Option<Loop>) {
        self.lambdas -= 1;
        self.target = target;
    }

    /// The pairs of a list of bindings; what is no pair is noted.
    pub(super) fn pairs<'a>(&mut self, form: Form, datum: &'a Datum) -> Vec<Pair<'a>> {
        let Some(items) = datum.list() else {
            self.bad(form, datum.span, "the bindings are a list");
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for item in items {
            let Some(parts) = item.list() else {
                let flat = items.len() > 1 && items.len().is_multiple_of(2) && items[0].symbol().is_some();
                let message = if flat {
                    "each binding has parentheses of its own"
                } else {
                    "a binding is a list of a name and a value"
                };
                self.bad(form, item.span, message);
                break;
            };
            let Some(Datum { kind: Kind::Symbol(name), span }) = parts.first() else {
                let at = parts.first().unwrap_or(item).span;
                self.bad(form, at, "a binding starts with a name");
                continue;
            };
            match parts.get(1) {
                None => {
                    self.bad(form, item.span, format!("`{name}` has no value"));
                }
                Some(_) => {
                    if let Some(more) = parts.get(if form == Form::Do { 3 } else { 2 }) {
                        self.bad(
                            form,
                            more.span,
                            format!("the binding of `{name}` has more parts than it can"),
                        );
                    }
                }
            }
            pairs.push(Pair { name, span: *span, value: parts.get(1), step: parts.get(2) });
        }
        pairs
    }

    /// The value of a pair, knowing its name.
    pub(super) fn value(&mut self, pair: &Pair<'_>) -> Expr {
        match pair.value {
            Some(datum) => self.named_operand(pair.name, datum),
            None => unspecified(pair.span),
        }
    }

    /// The values of pairs.
    pub(super) fn values(&mut self, pairs: &[Pair<'_>]) -> Vec<Expr> {
        let mut values = Vec::with_capacity(pairs.len());
        for pair in pairs {
            values.push(self.value(pair));
        }
        values
    }

    /// Binds the names of pairs, which are distinct.
    pub(super) fn bind_all(&mut self, pairs: &[Pair<'_>]) -> Vec<Local> {
        let mut seen = HashSet::new();
        let mut bind = |pair: &Pair<'_>| {
            self.distinct(&mut seen, pair.name, pair.span);
            self.bind(pair.name, pair.span)
        };
        pairs.iter().map(&mut bind).collect()
    }

    /// The list of bindings and the body of a form.
    pub(super) fn split<'a>(&mut self, syntax: &Syntax<'a>) -> Option<(&'a Datum, &'a [Datum])> {
        let split = syntax.operands.split_first();
        if split.is_none() {
            let message = format!("`{}` has no bindings and no body", syntax.form.name());
            self.bad(syntax.form, syntax.head.span, message);
        }
        split
    }

    /// `(let ((name value) …) body …)` and named `let`.
    pub(super) fn let_(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let Some((first, body)) = self.split(syntax) else { return unspecified(syntax.span) };
        if let Kind::Symbol(name) = &first.kind {
            return self.named_let(syntax, name, first.span, body);
        }
        let pairs = self.pairs(syntax.form, first);
        let values = self.values(&pairs);
        let mark = self.scope.mark();
        let locals = self.bind_all(&pairs);
        let body = self.body(syntax, body, position);
        self.scope.close(mark);
        bindings(locals.into_iter().zip(values).collect(), body, syntax.span)
    }

    /// `(let* ((name value) …) body …)`.
    pub(super) fn let_star(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let Some((first, body)) = self.split(syntax) else { return unspecified(syntax.span) };
        let mark = self.scope.mark();
        let mut bound = Vec::new();
        for pair in self.pairs(syntax.form, first) {
            let value = self.value(&pair);
            bound.push((self.bind(pair.name, pair.span), value));
        }
        let body = self.body(syntax, body, position);
        self.scope.close(mark);
        bindings(bound, body, syntax.span)
    }

    /// `letrec` and `letrec*`, which are one here.
    pub(super) fn letrec(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let Some((first, body)) = self.split(syntax) else { return unspecified(syntax.span) };
        let pairs = self.pairs(syntax.form, first);
        let mark = self.scope.mark();
        let locals = self.bind_all(&pairs);
        locals.iter().for_each(|local| self.watch(*local));
        let mut items = Vec::new();
        for (pair, local) in pairs.iter().zip(locals) {
            let start = self.time();
            let value = self.value(pair);
            items.push(Item { local: Some(local), value, times: start..self.time() });
        }
        let body = self.body(syntax, body, position);
        self.scope.close(mark);
        self.arrange(items, body, syntax.span)
    }

    /// `(begin expression …)` where an expression stands.
    pub(super) fn begin(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        if syntax.operands.is_empty() {
            return self.bad(syntax.form, syntax.head.span, "`begin` has no expression");
        }
        let parts = self.expressions(syntax.operands, position);
        sequence(parts, syntax.span)
    }

    /// Expressions of which the last gives the value.
    pub(super) fn expressions(&mut self, data: &[Datum], position: Position) -> Vec<Expr> {
        if let Some(finding) = self.sequence_habit(data) {
            return vec![self.fail(finding)];
        }
        self.in_order(data, position)
    }

    /// Expressions of which the last stands in the position given.
    pub(super) fn in_order(&mut self, data: &[Datum], position: Position) -> Vec<Expr> {
        let mut exprs = Vec::with_capacity(data.len());
        // `(+ v[0] 1)` would take the name and the vector after it for two; `(dot v[1 2])` may be meant so.
        let is_one =
            |at: &usize| data.get(at + 1).and_then(Datum::list).is_some_and(|items| items.len() == 1);
        if let Some(finding) = (0..data.len()).filter(is_one).find_map(|at| self.element(&data[at..], None)) {
            self.note(finding);
        }
        for datum in data {
            let is_last = exprs.len() + 1 == data.len();
            exprs.push(self.expr(datum, if is_last { position } else { Position::Operand }));
        }
        exprs
    }

    /// `(assert test)`.
    pub(super) fn assert(&mut self, syntax: &Syntax<'_>) -> Expr {
        let test = match syntax.operands {
            [test] => test,
            [] => return self.bad(syntax.form, syntax.head.span, "`assert` has no test"),
            [_, more, ..] => return self.bad(syntax.form, more.span, "`assert` takes one test"),
        };
        let text = Kind::Str(format!("assertion failed: {test}").into());
        let message = constant(Datum { kind: text, span: test.span });
        let failure = prim_call(Prim::Structural(Structural::Error), vec![message], syntax.span);
        let test = self.operand(test);
        branch(test, unspecified(syntax.span), failure, syntax.span)
    }
}

/// Tells a lambda the name it is bound to.
pub(super) fn named(name: &Rc<str>, mut expr: Expr) -> Expr {
    if let ExprKind::Lambda(lambda @ Lambda { name: None, .. }) = &mut expr.kind {
        lambda.name = Some(name.clone());
    }
    expr
}
