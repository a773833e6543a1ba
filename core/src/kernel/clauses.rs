//! The forms that choose: `cond case and or when unless`.
//!
//! Clauses are built from the last to the first, without recursion over them, and nest little.

use super::{
    Expr, ExprKind, Local,
    known::Form,
    node::{bindings, boolean, branch, call, local, prim_call, sequence, unspecified},
    state::{Desugar, Position, Syntax},
};
use crate::{
    datum::Datum,
    prim::{Prim, Scalar, Structural},
    span::Span,
};

/// A clause after its parts have become expressions.
enum Clause {
    /// `(else value …)`
    Else(Expr),
    /// `(test value …)`
    Values(Expr, Expr),
    /// `(test)`
    Test(Expr),
    /// `(test => receiver)`
    Arrow(Expr, Expr),
}

impl Desugar {
    /// `(cond (test value …) … (else value …))`.
    pub(super) fn cond(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        if syntax.operands.is_empty() {
            return self.bad(syntax.form, syntax.head.span, "`cond` has no clause");
        }
        let mut clauses = Vec::new();
        for (index, datum) in syntax.operands.iter().enumerate() {
            let is_last = index + 1 == syntax.operands.len();
            let clause = self.cond_clause(syntax, datum, is_last, position);
            clauses.extend(clause.map(|clause| (clause, datum.span)));
        }
        self.choose(clauses, syntax.span)
    }

    /// The first clause that holds.
    fn choose(&mut self, clauses: Vec<(Clause, Span)>, span: Span) -> Expr {
        self.chain(clauses, unspecified(span), span, |desugar, (clause, span), rest| match clause {
            Clause::Else(value) => value,
            Clause::Values(test, value) => branch(test, value, rest, span),
            Clause::Test(test) => desugar.either(test, rest, span),
            Clause::Arrow(test, receiver) => {
                let (kept, value) = desugar.keep("cond", test);
                let then = call(receiver, vec![local(value, span)], span);
                bindings(kept.into_iter().collect(), branch(local(value, span), then, rest, span), span)
            }
        })
    }

    fn cond_clause(
        &mut self,
        syntax: &Syntax<'_>,
        datum: &Datum,
        is_last: bool,
        position: Position,
    ) -> Option<Clause> {
        let Some((test, values)) = datum.list().and_then(<[Datum]>::split_first) else {
            self.bad(syntax.form, datum.span, "a clause is a list of a test and values");
            return None;
        };
        if self.is_word(test, "else") {
            return self.else_clause(syntax, test, values, is_last, position).map(Clause::Else);
        }
        if let Some((arrow, receiver)) = values.split_first()
            && self.is_word(arrow, "=>")
        {
            let test = self.operand(test);
            return Some(Clause::Arrow(test, self.receiver(syntax, arrow, receiver)));
        }
        let test_position = if values.is_empty() && is_last { position } else { Position::Operand };
        let test = self.expr(test, test_position);
        Some(match values {
            [] => Clause::Test(test),
            _ => {
                let values = self.expressions(values, position);
                Clause::Values(test, sequence(values, datum.span))
            }
        })
    }

    /// The values of an `else` clause, which is the last.
    fn else_clause(
        &mut self,
        syntax: &Syntax<'_>,
        word: &Datum,
        values: &[Datum],
        is_last: bool,
        position: Position,
    ) -> Option<Expr> {
        if !is_last {
            self.bad(syntax.form, word.span, "`else` is not the last clause");
        }
        if values.is_empty() {
            self.bad(syntax.form, word.span, "`else` has no value");
            return None;
        }
        let values = self.expressions(values, position);
        Some(sequence(values, word.span))
    }

    /// What stands after `=>`.
    fn receiver(&mut self, syntax: &Syntax<'_>, arrow: &Datum, receiver: &[Datum]) -> Expr {
        match receiver {
            [receiver] => self.operand(receiver),
            [] => self.bad(syntax.form, arrow.span, "`=>` has no procedure after it"),
            [_, more, ..] => self.bad(syntax.form, more.span, "`=>` takes one procedure"),
        }
    }

    /// `(case key ((datum …) value …) … (else value …))`.
    pub(super) fn case(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let Some((key, data)) = syntax.operands.split_first() else {
            return self.bad(syntax.form, syntax.head.span, "`case` has no key");
        };
        if data.is_empty() {
            return self.bad(syntax.form, syntax.head.span, "`case` has no clause");
        }
        let key = self.operand(key);
        let (kept, key) = self.keep("case", key);
        let mut clauses = Vec::new();
        for (index, datum) in data.iter().enumerate() {
            let is_last = index + 1 == data.len();
            let clause = self.case_clause(syntax, datum, key, is_last, position);
            clauses.extend(clause.map(|clause| (clause, datum.span)));
        }
        bindings(kept.into_iter().collect(), self.choose(clauses, syntax.span), syntax.span)
    }

    fn case_clause(
        &mut self,
        syntax: &Syntax<'_>,
        datum: &Datum,
        key: Local,
        is_last: bool,
        position: Position,
    ) -> Option<Clause> {
        let Some((choices, values)) = datum.list().and_then(<[Datum]>::split_first) else {
            self.bad(syntax.form, datum.span, "a clause is a list of data and values");
            return None;
        };
        let is_else = self.is_word(choices, "else");
        let value = match values {
            [arrow, receiver @ ..] if self.is_word(arrow, "=>") => {
                let receiver = self.receiver(syntax, arrow, receiver);
                call(receiver, vec![local(key, datum.span)], datum.span)
            }
            _ if is_else => {
                return self.else_clause(syntax, choices, values, is_last, position).map(Clause::Else);
            }
            [] => self.bad(syntax.form, datum.span, "the clause has no value"),
            _ => {
                let values = self.expressions(values, position);
                sequence(values, datum.span)
            }
        };
        if is_else {
            return Some(Clause::Else(value));
        }
        Some(Clause::Values(self.choices(syntax, choices, key), value))
    }

    /// Whether the key is one of the data of a clause.
    fn choices(&mut self, syntax: &Syntax<'_>, choices: &Datum, key: Local) -> Expr {
        let Some(data) = choices.list() else {
            return self.bad(syntax.form, choices.span, "the data of a clause are a list");
        };
        let data = data.iter().map(|choice| self.quote(choice)).collect();
        one_of(data, key, choices.span)
    }

    /// `(and test …)`.
    pub(super) fn and(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let mut tests = self.in_order(syntax.operands, position);
        let Some(last) = tests.pop() else { return boolean(true, syntax.span) };
        self.chain(tests, last, syntax.span, |_, test, rest| {
            let no = boolean(false, test.span);
            branch(test, rest, no, syntax.span)
        })
    }

    /// `(or test …)`.
    pub(super) fn or(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let mut tests = self.in_order(syntax.operands, position);
        let Some(last) = tests.pop() else { return boolean(false, syntax.span) };
        self.chain(tests, last, syntax.span, |desugar, test, rest| desugar.either(test, rest, syntax.span))
    }

    /// The test's value if that is true, else the rest's.
    fn either(&mut self, test: Expr, rest: Expr, span: Span) -> Expr {
        if is_truth(&test) {
            let yes = boolean(true, test.span);
            return branch(test, yes, rest, span);
        }
        let (kept, value) = self.keep("or", test);
        let either = branch(local(value, span), local(value, span), rest, span);
        bindings(kept.into_iter().collect(), either, span)
    }

    /// A local for a value that a form needs more than once, and its binding unless it is a name
    /// already. No text can refer to it.
    fn keep(&mut self, name: &str, value: Expr) -> (Option<(Local, Expr)>, Local) {
        if let ExprKind::Local(local) = value.kind {
            return (None, local);
        }
        let local = self.fresh(name, value.span);
        (Some((local, value)), local)
    }

    /// `(when test body …)` and `(unless test body …)`.
    pub(super) fn when(&mut self, syntax: &Syntax<'_>, position: Position) -> Expr {
        let (test, body) = match syntax.operands {
            [test, body @ ..] if !body.is_empty() => (test, body),
            operands => return self.incomplete(syntax, operands.first()),
        };
        let test = self.operand(test);
        let body = self.expressions(body, position);
        let (body, nothing) = (sequence(body, syntax.span), unspecified(syntax.span));
        let (then, els) = if syntax.form == Form::When { (body, nothing) } else { (nothing, body) };
        branch(test, then, els, syntax.span)
    }

    fn incomplete(&mut self, syntax: &Syntax<'_>, test: Option<&Datum>) -> Expr {
        let name = syntax.form.name();
        match test {
            None => self.bad(syntax.form, syntax.head.span, format!("`{name}` has no test")),
            Some(test) => {
                self.bad(syntax.form, test.span, format!("`{name}` has nothing to do after its test"))
            }
        }
    }
}

/// Whether an expression is `#t` or `#f` whenever it has a value.
fn is_truth(expr: &Expr) -> bool {
    let ExprKind::Call(head, _) = &expr.kind else { return false };
    match head.kind {
        ExprKind::Prim(Prim::Numeric(row)) => row.row().result == Scalar::Bool,
        ExprKind::Prim(Prim::Structural(row)) => row == Structural::Not || row.row().name.ends_with('?'),
        _ => false,
    }
}

/// Whether the key is one of the constants: a balanced tree of tests, in their order.
fn one_of(mut choices: Vec<Expr>, key: Local, span: Span) -> Expr {
    match choices.len() {
        0 => boolean(false, span),
        1 => {
            let choice = choices.swap_remove(0);
            let at = choice.span;
            prim_call(Prim::Structural(Structural::Eqv), vec![local(key, at), choice], at)
        }
        many => {
            let right = one_of(choices.split_off(many / 2), key, span);
            branch(one_of(choices, key, span), boolean(true, span), right, span)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{node::constant, walk};
    use super::*;
    use crate::datum::Kind;

    #[test]
    fn many_choices_nest_little() {
        let choice = |n| constant(Datum { kind: Kind::Number(f64::from(n)), span: Span::default() });
        let test = one_of((0..1000).map(choice).collect(), Local(0), Span::default());
        assert_eq!(walk::too_deep(&test, 13), None);
    }
}
