//! Habits of other notations: `a = 1`, `x ** 2`, `(a + b)`, `f(x)`.
//!
//! Each is an error anyway, or cannot be meant: no program that has a value on some run is refused
//! here, save for bare names that would be evaluated for nothing, and for a name that touches a vector of one item among operands.

use super::{
    Expr, ExprKind, elsewhere,
    infix::{self, FOREIGN, Infix, Order, applied, short},
    known::{self, Form, Known},
    state::Desugar,
    statement::{MOST_PARAMS, names},
    suggest,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::Prim,
    span::Span,
};

/// What is longer is no help.
const LONGEST_HINT: usize = 200;

/// The error of using an operator of another language by its name.
pub(super) fn foreign(name: &str, span: Span) -> Option<Diagnostic> {
    let name = if name.is_empty() { "||" } else { name };
    let (_, written) = FOREIGN.iter().find(|(foreign, _)| *foreign == name)?;
    let message = format!("`{name}` is not an operator of the language");
    Some(Diagnostic::new(Code::Habit, span, message).hint(format!("write {written}")))
}

/// The error of a habit, with what to do instead.
pub(super) fn habit(span: Span, message: &str, hint: String) -> Option<Diagnostic> {
    Some(Diagnostic::new(Code::Habit, span, message).hint(hint))
}

impl Desugar {
    /// Reads infix notation here.
    fn infix_of<T>(&self, read: impl FnOnce(&Infix<'_>) -> T) -> T {
        read(&Infix::new(self.options.touching, &|name| self.scope.get(name).is_some()))
    }

    /// What infix notation comes to that data begin with.
    pub(super) fn first(&self, data: &[Datum]) -> Option<Order> {
        self.infix_of(|infix| infix.first(data)).filter(|order| is_short(&order.text))
    }

    /// The same if nothing else stands in the line where it ends.
    pub(super) fn line(&self, data: &[Datum]) -> Option<Order> {
        self.first(data).filter(|order| self.ends(data, order.length))
    }

    /// Whether the line ends before the datum at `at`.
    fn ends(&self, data: &[Datum], at: usize) -> bool {
        match (at.checked_sub(1).and_then(|last| data.get(last)), data.get(at)) {
            (Some(last), Some(next)) => !self.beside(last, next),
            _ => true,
        }
    }

    /// Whether one datum follows another in its line.
    pub(super) fn beside(&self, datum: &Datum, next: &Datum) -> bool {
        self.breaks.as_ref().is_some_and(|breaks| {
            let end = breaks.partition_point(|at| *at < datum.span.end);
            breaks.get(end).is_none_or(|at| *at >= next.span.start)
        })
    }

    /// Whether something stands in the line before the datum at `at` that is no definition.
    pub(super) fn follows(&self, data: &[Datum], at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| data.get(before));
        let beside = before.zip(data.get(at)).filter(|(before, datum)| self.beside(before, datum));
        beside.is_some_and(|(before, _)| !matches!(self.form_of(before), Some(Form::Define | Form::Declare)))
    }

    /// Infix in order, if that is possible and short.
    pub(super) fn written(&self, data: &[Datum]) -> Option<String> {
        self.infix_of(|infix| infix.whole(data)).map(|order| order.text).filter(|text| is_short(text))
    }

    /// `f(x)` in order.
    fn called(&self, pair: &[Datum]) -> String {
        let call = self.infix_of(|infix| infix.call(pair));
        if is_short(&call) { call } else { "(name operand …)".to_owned() }
    }

    /// The expression that data begin with, in order if that is possible.
    pub(super) fn meaning(&self, data: &[Datum]) -> String {
        if let [word, rest @ ..] = data
            && self.is_word(word, "lambda")
        {
            return self.lambda_of(rest);
        }
        if let [word, params, body @ ..] = data
            && word.symbol().is_some_and(|name| matches!(name, "function" | "fn" | "func" | "fun"))
            && self.touches(word, params)
        {
            return format!("(lambda ({}) {})", names(params), self.foreign_body(body));
        }
        let order = self.line(data).map(|order| order.text);
        let alone = || data.first().filter(|_| self.ends(data, 1)).map(short);
        order.or_else(alone).unwrap_or_else(|| "…".to_owned())
    }

    /// Operators between expressions, words of other languages, and calls with the name outside, in a sequence
    /// of expressions.
    pub(super) fn sequence_habit(&self, data: &[Datum]) -> Option<Diagnostic> {
        if let [equals, body, ..] = data
            && self.is_word(equals, "=")
        {
            let hint = format!("leave it out, and write {}", self.meaning(std::slice::from_ref(body)));
            return habit(equals.span, "a body stands without `=`", hint);
        }
        if let [operator, _, ..] = data
            && operator.symbol().is_some_and(|name| self.is_operator(name))
            && self.statement(data, 0).is_none()
        {
            let name = operator.symbol().unwrap_or_default();
            let hint = format!("write {}", applied(name, "a", "b"));
            return habit(operator.span, "an operator stands in parentheses with its operands", hint);
        }
        let pairs = data.windows(2).enumerate();
        let mut habits = pairs.filter_map(|(at, pair)| {
            let habit = self.header(data, at).or_else(|| self.statement(data, at));
            let habit = habit.or_else(|| self.arrow(data, at)).or_else(|| self.ternary(data, at));
            // `f(x) + 1` is an operation first.
            let operation = || {
                let called = self.touches(&pair[0], &pair[1]) || self.called_apart(&pair[0], &pair[1]);
                self.between(data, at + 2).filter(|_| called)
            };
            let habit = habit.or_else(operation).or_else(|| self.call_habit(data, at));
            habit.or_else(|| self.power(pair)).or_else(|| self.between(data, at + 1))
        });
        habits.next()
    }

    /// An operator at `at` between two data.
    fn between(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (before, operator) = (data.get(at.checked_sub(1)?)?, data.get(at)?);
        data.get(at + 1)?;
        let name = operator.symbol().filter(|name| self.is_operator(name))?;
        if name == "=" || name == ":=" || name == "<-" {
            // `var x = 1` gives `x` its value.
            let word = at.checked_sub(2).and_then(|at| data.get(at)).and_then(Datum::symbol);
            if self.follows(data, at - 1) && !word.is_some_and(elsewhere::is_form) {
                let hint = "write (define name value)".to_owned();
                return habit(operator.span, "a name gets its value by define", hint);
            }
            let before = short(before);
            let value = self.meaning(&data[at + 1..]);
            let compared = if value.starts_with(['(', '…']) || name != "=" {
                String::new()
            } else {
                format!(", or (= {before} {value}) to compare")
            };
            let hint = format!("write (define {before} {value}){compared}");
            return habit(operator.span, "a name gets its value by define", hint);
        }
        if name.ends_with('=') && infix::precedence(name).is_none() {
            // `x += 1`
            let value = (!self.follows(data, at - 1)).then(|| self.line(&data[at + 1..])).flatten();
            let written = value.map(|value| applied(name, &short(before), &value.text));
            return self.out_of_order(operator, written);
        }
        let start = self.start(data, at);
        let order = (!self.follows(data, start)).then(|| self.line(&data[start..])).flatten();
        self.out_of_order(operator, order.filter(|order| order.length > at - start).map(|order| order.text))
    }

    /// Where the operand before the operator at `at` begins, perhaps with the name of what is called.
    fn start(&self, data: &[Datum], at: usize) -> usize {
        let before = at.saturating_sub(2);
        let Some([callee, operand]) = data.get(before..at) else { return at.saturating_sub(1) };
        if self.touches(callee, operand) || self.takes_one(callee) && self.beside(callee, operand) {
            before
        } else {
            at - 1
        }
    }

    /// Whether a datum is the name of a procedure of the language such as `sin`.
    fn takes_one(&self, datum: &Datum) -> bool {
        datum.symbol().is_some_and(|name| self.scope.get(name).is_none() && infix::takes_one(name))
    }

    /// The error of an operator between its operands, with all that belongs to it in order, if that is known.
    fn out_of_order(&self, operator: &Datum, written: Option<String>) -> Option<Diagnostic> {
        let hint = written.map_or_else(
            || {
                let pattern = applied(operator.symbol().unwrap_or_default(), "a", "b");
                format!("each operator and procedure stands first in parentheses of its own, as in {pattern}")
            },
            |written| format!("write {written}"),
        );
        habit(operator.span, "an operator stands before its operands", hint)
    }

    /// `(a + b)` where `a` cannot be called, `(f(x) + 1)`, `(a*b)`, `(f(x))`, and `(a if test else b)`.
    pub(super) fn infix(&self, items: &[Datum]) -> Option<Diagnostic> {
        let (head, operands) = items.split_first()?;
        let name = head.symbol();
        let bound = name.is_some_and(|name| self.scope.get(name).is_some());
        let known = !bound && name.is_some_and(|name| self.find(name).is_some());
        let touches = operands.first().is_some_and(|next| self.touches(head, next));
        if (bound || known) && !touches {
            let is_foreign = |operator: &Datum| {
                let sign = operator.symbol().filter(|name| self.scope.get(name).is_none());
                sign.is_some_and(|sign| infix::is_foreign(sign) || sign == "?" || sign == "if")
            };
            if known || !operands.first().is_some_and(is_foreign) {
                return None;
            }
        }
        match operands {
            [list] if touches && !self.may_be_called(list) => return Some(self.outside(items)),
            [] | [_] if name.is_none() || bound || known => return None,
            _ => {}
        }
        // The name itself may be an operation, or the operator is the first operand, or the one after `f(x)`.
        let at = if touches { 2 } else { 1 };
        let sign = items.get(at).and_then(Datum::symbol).filter(|name| self.scope.get(name).is_none());
        let is_sign = sign.is_some_and(|sign| infix::is_operator(sign) || sign == "?" || sign == "if");
        let foreign = sign.is_some_and(|sign| infix::is_foreign(sign) || sign == "?");
        let meant = match &head.kind {
            _ if foreign || touches => false,
            Kind::Number(_) => false,
            Kind::Symbol(name) => is_sign && suggest::nearly_calls(name),
            Kind::List { items, .. } => {
                let inner = items.first().and_then(Datum::symbol);
                inner.is_some_and(|name| self.scope.get(name).is_some() || self.find(name).is_some())
                    || self.infix_of(|infix| infix.whole(items)).is_none_or(|order| order.signs == 0)
            }
            _ => true,
        };
        // `exp*` is a name that ends in a sign, as many do.
        let ends = |name: &str| self.find(name.trim_end_matches(infix::is_sign)).is_some();
        let glued = name
            .is_some_and(|name| name.contains(infix::is_sign) && !infix::is_operator(name) && !ends(name));
        if meant || !is_sign && !glued && !touches {
            return None;
        }
        match self
            .infix_of(|infix| infix.whole(items))
            .filter(|order| order.signs > 0 && is_short(&order.text))
        {
            Some(order) if is_sign => {
                let message = match sign {
                    Some("if" | "?") => "`if` stands before its test",
                    _ => "an operator stands before its operands",
                };
                habit(items.get(at)?.span, message, format!("write {}", order.text))
            }
            Some(order) => {
                let span = items.get(at - 1).map_or(head.span, |last| head.span.to(last.span));
                habit(span, "an operator stands before its operands", format!("write {}", order.text))
            }
            None if sign == Some("if") && items.iter().any(|item| self.is_word(item, "else")) => habit(
                items.get(at)?.span,
                "`if` stands before its test",
                "write (if test value other)".to_owned(),
            ),
            None if is_sign && sign != Some("if") && items.len() % 2 == at % 2 && items.len() > at + 1 => {
                self.out_of_order(items.get(at)?, None)
            }
            None => None,
        }
    }

    /// Whether a list may be a call that gives a value.
    fn may_be_called(&self, list: &Datum) -> bool {
        match list.list().and_then(<[Datum]>::first).map(|head| &head.kind) {
            Some(Kind::Symbol(head)) => self.scope.get(head).is_some() || known::find(head).is_some(),
            Some(Kind::Number(_)) | None => false,
            Some(_) => true,
        }
    }

    pub(super) fn is_operator(&self, name: &str) -> bool {
        infix::is_operator(name) && self.scope.get(name).is_none()
    }

    /// An operator of another language between operands of a call.
    pub(super) fn foreign_between(&self, callee: &Expr, operands: &[Datum]) -> Option<Diagnostic> {
        let foreign = |datum: &Datum| {
            let name =
                datum.symbol().filter(|name| infix::is_foreign(name) && infix::precedence(name).is_some());
            name.is_some_and(|name| self.scope.get(name).is_none())
        };
        let at = operands.iter().position(foreign).filter(|at| *at > 0 && at + 1 < operands.len())?;
        let start = self.start(operands, at);
        // What stands before may be an operand of its own, but not the name of what is called.
        let called = start.checked_sub(1).and_then(|before| operands.get(before));
        let called = called.is_some_and(|datum| self.takes_one(datum));
        let numeric = matches!(callee.kind, ExprKind::Prim(Prim::Numeric(_)));
        let joined = operands.get(start).is_some_and(|datum| start + 1 < at && self.takes_one(datum));
        let data = operands.get(start..).filter(|_| !called && (numeric || !joined));
        let order = data.and_then(|data| self.first(data)).filter(|order| order.length > at - start);
        let whole = |order: &Order| {
            // `f (x)` is a call by a name that is not known.
            let end = start + order.length;
            operands.get(end).is_none_or(|next| {
                next.list().is_none()
                    || operands.get(end - 1).is_none_or(|last| last.symbol().is_none())
                    || self.may_be_called(next)
            })
        };
        self.out_of_order(operands.get(at)?, order.filter(whole).map(|order| order.text))
    }

    /// A call of an operator of another language.
    pub(super) fn foreign_call(&self, head: &Datum, operands: &[Datum]) -> Option<Diagnostic> {
        let name = head.symbol().filter(|name| infix::is_foreign(name) && self.scope.get(name).is_none())?;
        let texts: Vec<String> = operands.iter().take(3).map(short).collect();
        let unclear = |text: &String| {
            let mut words = text.split([' ', '(', ')']);
            words.any(|word| !word.is_empty() && infix::is_foreign(word) || word == "…")
        };
        let finding = foreign(name, head.span)?;
        let is_prefix = matches!(name, "!" | "¬" | "√");
        let written = match texts.as_slice() {
            _ if texts.iter().any(unclear) => return Some(finding),
            [a] if is_prefix => applied(name, a, ""),
            // Lisp compares by it, C divides.
            [a, b] if name == "/=" => {
                format!("(not (= {a} {b})) to compare, or {} to divide", applied(name, a, b))
            }
            [a, b] if !is_prefix => applied(name, a, b),
            _ => return Some(finding),
        };
        Some(finding.hint(format!("write {written}")))
    }

    /// What to write instead of a call by a name of elsewhere, with the operands that stand there.
    pub(super) fn called_elsewhere(&self, name: &str, operands: &[Datum]) -> Option<String> {
        if self.full() || operands.len() > MOST_PARAMS {
            return None;
        }
        let texts: Vec<String> = operands.iter().map(short).collect();
        if elsewhere::renamed(name) == Some("define") {
            return match (operands, texts.as_slice()) {
                ([called, params, body @ ..], [shown, ..])
                    if called.symbol().is_some() && params.list().is_some() =>
                {
                    let header = format!("{shown} {}", names(params));
                    let body = if let [body] = body { short(body) } else { "…".to_owned() };
                    Some(format!("write (define ({}) {body})", header.trim_end()))
                }
                ([called, _], [shown, value]) if called.symbol().is_some() => {
                    Some(format!("write (define {shown} {value})"))
                }
                _ => None,
            };
        }
        let is_plain = |text: &String| {
            let mut words = text.split([' ', '(', ')']);
            words.all(|word| word.is_empty() || word != "…" && !infix::is_foreign(word))
        };
        let hint = texts.iter().all(is_plain).then(|| elsewhere::hint_of_call(name, &texts))?;
        hint.filter(|hint| is_short(hint))
    }

    /// The error of `v[0]`, whose parts stand at the beginning of data.
    pub(super) fn element(&self, data: &[Datum], written: Option<String>) -> Option<Diagnostic> {
        let [name, list, ..] = data else { return None };
        let (Some(element), Kind::List { items, bracket: Bracket::Square, .. }) = (name.symbol(), &list.kind)
        else {
            return None;
        };
        if !self.options.touching || name.span.end != list.span.start {
            return None;
        }
        let items: Vec<String> = items.iter().take(MOST_PARAMS).map(short).collect();
        let written = written.unwrap_or_else(|| format!("(ref {element} {})", items.join(" ")));
        habit(name.span.to(list.span), "an element is taken by ref", format!("write {written}"))
    }

    /// A name that touches the list after it at `at`, where a sequence has no use for the name.
    fn call_habit(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let [name, list, ..] = data.get(at..)? else { return None };
        let order = || self.line(&data[at..]).filter(|_| !self.follows(data, at)).map(|order| order.text);
        if let Some(finding) = self.element(&data[at..], None) {
            return self.element(&data[at..], order()).or(Some(finding));
        }
        // `exp (-b * x)` would give the value of the list alone.
        (self.called_apart(name, list) || self.touches(name, list)).then(|| self.outside(&data[at..]))
    }

    /// Whether a procedure of the language stands before a list that cannot be a call itself.
    fn called_apart(&self, name: &Datum, list: &Datum) -> bool {
        let round = matches!(list.kind, Kind::List { bracket: Bracket::Round, .. });
        round && !self.may_be_called(list) && self.takes_one(name) && self.beside(name, list)
    }

    /// `^2` and the like directly after a list.
    pub(super) fn power(&self, pair: &[Datum]) -> Option<Diagnostic> {
        let [list, power] = pair else { return None };
        let written = power.symbol()?;
        let sign = ["**", "^"].into_iter().find(|sign| written.starts_with(sign))?;
        let exponent = &written[sign.len()..];
        if !self.options.touching
            || list.list().is_none()
            || list.span.end != power.span.start
            || exponent.is_empty()
            || self.scope.get(written).is_some()
        {
            return None;
        }
        let hint = format!("write (expt {} {exponent})", short(list));
        habit(power.span, "an operator stands before its operands", hint)
    }

    /// A name that touches the list after it among operands, where that cannot be meant; with the
    /// index of the name.
    pub(super) fn glued(&self, callee: &Expr, operands: &[Datum]) -> Option<(usize, Diagnostic)> {
        let numeric = matches!(callee.kind, ExprKind::Prim(Prim::Numeric(_)));
        let meant = |pair: &[Datum]| {
            let procedure = pair[0].symbol().and_then(|name| self.known(name));
            if numeric && matches!(procedure, Some(Known::Prim(_) | Known::Prelude(_))) {
                return false;
            }
            self.may_be_called(&pair[1])
        };
        let mut pairs = operands.windows(2).enumerate();
        let (index, pair) = pairs.find(|(_, pair)| self.touches(&pair[0], &pair[1]) && !meant(pair))?;
        Some((index, self.outside(pair)))
    }

    pub(super) fn touches(&self, name: &Datum, list: &Datum) -> bool {
        let round = matches!(list.kind, Kind::List { bracket: Bracket::Round, .. });
        self.options.touching && name.symbol().is_some() && round && name.span.end == list.span.start
    }

    /// The error of `f(x)` at the beginning of data, with the operations that go on from it.
    fn outside(&self, data: &[Datum]) -> Diagnostic {
        let (pair, rest) = data.split_at(data.len().min(2));
        let span = pair.iter().map(|datum| datum.span).reduce(Span::to).unwrap_or_default();
        if pair
            .first()
            .and_then(Datum::symbol)
            .is_some_and(|name| name.starts_with('<') && name.ends_with('>'))
        {
            return Diagnostic::new(Code::Habit, span, "markup is not part of a program")
                .hint("leave it out");
        }
        let more = rest.first().is_some_and(|next| span.end == next.span.start);
        let order = self.first(data).filter(|order| more && order.length > 2);
        let written = order.map_or_else(|| self.called(pair), |order| order.text);
        let message = "a call has its name inside the parentheses";
        Diagnostic::new(Code::Habit, span, message).hint(format!("write {written}"))
    }
}

/// Whether a text is of help as a hint.
fn is_short(text: &str) -> bool {
    text.len() <= LONGEST_HINT || text.chars().count() <= LONGEST_HINT
}
