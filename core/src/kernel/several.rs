//! The forms that take several values, or arguments, apart: `case-lambda let-values let*-values
//! define-values`.
//!
//! Each comes down to a list whose length is checked and whose items are bound, for several values are
//! one value that holds them. `(values …)` itself, written where the values are taken apart, is no call.

use super::{
    Expr, ExprKind, Lambda, Local,
    body::{Definition, Part, Value},
    forms::named,
    known::{Form, Known},
    node::{bindings, branch, call, constant, local, prim_call, unspecified},
    state::{Desugar, Position, Syntax},
};
use crate::{
    datum::{Datum, Kind},
    prim::{Numeric, Prim, Structural},
    span::Span,
};
use std::{collections::HashSet, rc::Rc};

/// The names that values are bound to.
#[derive(Clone, Copy)]
pub(super) struct Formals<'a> {
    pub(super) fixed: &'a [Datum],
    pub(super) rest: Option<&'a Datum>,
}

impl<'a> Formals<'a> {
    /// A list of names, perhaps dotted, or one name for all values.
    pub(super) fn of(datum: &'a Datum) -> Self {
        match &datum.kind {
            Kind::List { items, tail, .. } => Self { fixed: items, rest: tail.as_deref() },
            _ => Self { fixed: &[], rest: Some(datum) },
        }
    }

    fn count(&self) -> Count {
        Count { fixed: self.fixed.len(), rest: self.rest.is_some() }
    }
}

/// How many values are taken.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub(super) fixed: usize,
    pub(super) rest: bool,
}

impl Count {
    /// Whether a number of values is this many.
    fn test(self, number: Expr, span: Span) -> Expr {
        let row = if self.rest { Numeric::GreaterEq } else { Numeric::Equal };
        prim_call(Prim::Numeric(row), vec![number, self.literal(span)], span)
    }

    fn literal(self, span: Span) -> Expr {
        constant(Datum { kind: Kind::Number(self.fixed as f64), span })
    }
}

/// The counts as words: `1 or at least 3 arguments`.
fn words(counts: &[Count], noun: &str) -> String {
    let each = counts.iter().map(|count| match count.rest {
        true => format!("at least {}", count.fixed),
        false => count.fixed.to_string(),
    });
    let each: Vec<String> = each.collect();
    let plural = if matches!(counts.last(), Some(Count { fixed: 1, .. })) { "" } else { "s" };
    match each.split_last() {
        Some((last, [])) => format!("{last} {noun}{plural}"),
        Some((last, before)) => format!("{} or {last} {noun}{plural}", before.join(", ")),
        None => format!("no {noun}"),
    }
}

fn text(kind: Kind, span: Span) -> Expr {
    constant(Datum { kind, span })
}

/// The error of a list of the wrong length.
fn wrong_count(who: Kind, words: String, list: Local, span: Span) -> Expr {
    let operands = vec![text(who, span), text(Kind::Str(words.into()), span), local(list, span)];
    prim_call(Prim::Structural(Structural::WrongCount), operands, span)
}

impl Desugar {
    /// `(case-lambda (parameters body …) …)`: a procedure of any arguments, which binds those of the first
    /// clause that takes as many.
    pub(super) fn case_lambda(&mut self, syntax: &Syntax<'_>) -> Expr {
        let (span, name) = (syntax.span, self.naming.take());
        if syntax.operands.is_empty() {
            return self.bad(syntax.form, syntax.head.span, "`case-lambda` has no clause");
        }
        let list = self.fresh("arguments", syntax.head.span);
        let count = self.fresh("count", syntax.head.span);
        let target = self.enter_lambda();
        let mut clauses = Vec::new();
        for datum in syntax.operands {
            clauses.extend(self.case_clause_of(syntax, datum, list));
        }
        self.leave_lambda(target);
        let counts: Vec<Count> = clauses.iter().map(|(count, _)| *count).collect();
        let who = name.as_ref().map_or(Kind::Bool(false), |name| Kind::Symbol(name.clone()));
        let none = wrong_count(who, words(&counts, "argument"), list, span);
        let chosen = self.chain(clauses, none, span, |_, (takes, body), rest| {
            if takes.rest && takes.fixed == 0 {
                return body;
            }
            let at = body.span;
            branch(takes.test(local(count, at), at), body, rest, at)
        });
        let length = prim_call(Prim::Structural(Structural::Length), vec![local(list, span)], span);
        let body = bindings(vec![(count, length)], chosen, span);
        let lambda = Lambda { name, params: Vec::new(), rest: Some(list), body: body.into() };
        Expr { kind: ExprKind::Lambda(lambda), span }
    }

    fn case_clause_of(&mut self, syntax: &Syntax<'_>, datum: &Datum, list: Local) -> Option<(Count, Expr)> {
        let Some((parameters, body)) = datum.list().and_then(<[Datum]>::split_first) else {
            self.bad(syntax.form, datum.span, "a clause is a list of parameters and a body");
            return None;
        };
        let formals = Formals::of(parameters);
        let mark = self.scope.mark();
        let (fixed, rest) = self.parameters(syntax.form, formals.fixed, formals.rest);
        let taken = self.taken(&fixed, rest, list, parameters.span);
        let body = self.body(syntax, body, Position::Operand);
        self.scope.close(mark);
        Some((formals.count(), bindings(taken, body, datum.span)))
    }

    /// The items of a list that is long enough, one for each local, and what is left.
    fn taken(&mut self, fixed: &[Local], rest: Option<Local>, list: Local, span: Span) -> Vec<(Local, Expr)> {
        let part = |row, list| prim_call(Prim::Structural(row), vec![local(list, span)], span);
        let (mut bound, mut left) = (Vec::new(), list);
        for (index, item) in fixed.iter().enumerate() {
            bound.push((*item, part(Structural::Car, left)));
            if index + 1 < fixed.len() {
                let tail = self.fresh("tail", span);
                bound.push((tail, part(Structural::Cdr, left)));
                left = tail;
            }
        }
        bound.extend(rest.map(|rest| {
            let tail = if fixed.is_empty() { local(left, span) } else { part(Structural::Cdr, left) };
            (rest, tail)
        }));
        bound
    }

    /// The list of the values of an expression, if they are as many as there are names.
    pub(super) fn values_of(&mut self, form: Form, expression: &Datum, count: Count) -> Expr {
        let span = expression.span;
        let value = self.operand(expression);
        let several = Prim::Structural(Structural::Values);
        let value = match value.kind {
            ExprKind::Call(head, operands) if matches!(&head.kind, ExprKind::Prim(prim) if *prim == several) =>
            {
                if operands.len() == count.fixed || count.rest && operands.len() > count.fixed {
                    return prim_call(Prim::Structural(Structural::List), operands, span);
                }
                call(*head, operands, value.span)
            }
            kind => Expr { kind, span: value.span },
        };
        let list = prim_call(Prim::Structural(Structural::ValuesList), vec![value], span);
        if count.rest && count.fixed == 0 {
            return list;
        }
        let kept = self.fresh("values", span);
        let length = prim_call(Prim::Structural(Structural::Length), vec![local(kept, span)], span);
        let wrong = wrong_count(Kind::Symbol(form.name().into()), words(&[count], "value"), kept, span);
        let checked = branch(count.test(length, span), local(kept, span), wrong, span);
        bindings(vec![(kept, list)], checked, span)
    }

    /// `(let-values ((formals expression) …) body …)` and `let*-values`.
    pub(super) fn let_values(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let Some((first, body)) = self.split(syntax) else { return unspecified(syntax.span) };
        let Some(items) = first.list() else {
            return self.bad(syntax.form, first.span, "the bindings are a list");
        };
        let sequential = syntax.form == Form::LetStarValues;
        let mark = self.scope.mark();
        let (mut bound, mut waiting, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for item in items {
            let Some([names, expression]) = item.list() else {
                self.bad(
                    syntax.form,
                    item.span,
                    "a binding is a list of names in parentheses and an expression",
                );
                continue;
            };
            let formals = Formals::of(names);
            let list = self.fresh("values", names.span);
            bound.push((list, self.values_of(syntax.form, expression, formals.count())));
            if sequential {
                seen.clear();
                bound.extend(self.formals(syntax.form, formals, list, names.span, &mut seen));
            } else {
                waiting.push((formals, list, names.span));
            }
        }
        for (formals, list, span) in waiting {
            bound.extend(self.formals(syntax.form, formals, list, span, &mut seen));
        }
        let body = self.body(syntax, body, position);
        self.scope.close(mark);
        bindings(bound, body, syntax.span)
    }

    /// Binds names, which are distinct from those seen, to the items of a list from here on.
    fn formals(
        &mut self,
        form: Form,
        formals: Formals<'_>,
        list: Local,
        span: Span,
        seen: &mut HashSet<Rc<str>>,
    ) -> Vec<(Local, Expr)> {
        let mut locals = Vec::new();
        for datum in formals.fixed.iter().chain(formals.rest) {
            match &datum.kind {
                Kind::Symbol(name) => {
                    self.distinct(seen, name, datum.span);
                    locals.push(self.bind(name, datum.span));
                }
                _ => {
                    self.bad(form, datum.span, "values are bound to names");
                    locals.push(self.fresh("", datum.span));
                }
            }
        }
        let rest = if formals.rest.is_some() { locals.pop() } else { None };
        self.taken(&locals, rest, list, span)
    }

    /// `(define-values formals expression)`: the list of the values, and the name of each.
    pub(super) fn several<'a>(&mut self, syntax: Syntax<'a>) -> Vec<Part<'a>> {
        let (names, expression) = match syntax.operands {
            [names, expression] => (names, expression),
            [] => {
                self.bad(syntax.form, syntax.head.span, "`define-values` has no names and no values");
                return Vec::new();
            }
            [names] => {
                self.bad(syntax.form, names.span, "the names have no values");
                return Vec::new();
            }
            [_, _, more, ..] => {
                self.bad(syntax.form, more.span, "`define-values` has more than one expression");
                return Vec::new();
            }
        };
        let formals = Formals::of(names);
        let count = formals.count();
        let part = |name, at, value| Part::Definition(Definition { syntax, name, at, value });
        let mut parts = vec![part(None, names.span, Value::Several { expression, count })];
        for (index, datum) in formals.fixed.iter().chain(formals.rest).enumerate() {
            let Kind::Symbol(name) = &datum.kind else {
                self.bad(syntax.form, datum.span, "values are bound to names");
                continue;
            };
            parts.push(part(Some(name), datum.span, Value::OneOf { expression, count, index }));
        }
        parts
    }

    /// The expressions of `(values expression …)`, if it is that and they are as many as the names.
    pub(super) fn spelled<'a>(&self, datum: &'a Datum, count: Count) -> Option<&'a [Datum]> {
        let (head, operands) = datum.list()?.split_first()?;
        match self.known(head.symbol()?)? {
            Known::Prim(Prim::Structural(Structural::Values))
                if operands.len() == count.fixed && !count.rest =>
            {
                Some(operands)
            }
            _ => None,
        }
    }

    /// The value of the name at `index` of those bound to the values in a list.
    pub(super) fn one_of_several(
        &mut self,
        name: &Rc<str>,
        expression: &Datum,
        count: Count,
        index: usize,
    ) -> Expr {
        if let Some(operand) = self.spelled(expression, count).and_then(|operands| operands.get(index)) {
            return named(name, self.named_operand(name, operand));
        }
        let span = expression.span;
        let Some(list) = self.latest else { return unspecified(span) };
        let mut value = self.refer(list, span);
        for _ in 0..index {
            value = prim_call(Prim::Structural(Structural::Cdr), vec![value], span);
        }
        if index == count.fixed {
            return value;
        }
        prim_call(Prim::Structural(Structural::Car), vec![value], span)
    }

    /// An expression that is bound to a name, which messages of a `case-lambda` tell.
    pub(super) fn named_operand(&mut self, name: &Rc<str>, datum: &Datum) -> Expr {
        if self.form_of(datum) == Some(Form::CaseLambda) {
            self.naming = Some(name.clone());
        }
        named(name, self.operand(datum))
    }
}
