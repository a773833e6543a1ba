//! Habits of other notations: `a = 1`, `x ** 2`, `(a + b)`, `f(x)`, `return x`.
//!
//! Each is an error anyway, or cannot be meant: no program that has a value on some run is refused
//! here, save for bare names that would be evaluated for nothing.

use super::{
    Expr, ExprKind,
    infix::{self, FOREIGN, Infix, MOST_TERMS, applied, short},
    known::{self, Known},
    state::Desugar,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::Prim,
    span::Span,
};

/// What is longer is no help.
const LONGEST_HINT: usize = 80;

/// The error of using an operator of another language by its name.
pub(super) fn foreign(name: &str, span: Span) -> Option<Diagnostic> {
    let (_, written) = FOREIGN.iter().find(|(foreign, _)| *foreign == name)?;
    let message = format!("`{name}` is not an operator of the language");
    Some(Diagnostic::new(Code::Habit, span, message).hint(format!("write {written}")))
}

fn habit(span: Span, message: &str, hint: String) -> Option<Diagnostic> {
    Some(Diagnostic::new(Code::Habit, span, message).hint(hint))
}

impl Desugar {
    fn notation(&self) -> Infix {
        Infix { touching: self.options.touching }
    }

    /// Operators between expressions, words of other languages, and calls with the name outside, in a sequence
    /// of expressions.
    pub(super) fn sequence_habit(&self, data: &[Datum]) -> Option<Diagnostic> {
        let pairs = data.windows(2).enumerate();
        let mut habits = pairs.filter_map(|(at, pair)| {
            let habit = self.header(data, at).or_else(|| self.statement(data, at));
            // `f(x) + 1` is an operation first.
            let operation = || self.between(data, at + 2).filter(|_| self.touches(&pair[0], &pair[1]));
            let habit = habit.or_else(operation).or_else(|| self.call_habit(pair));
            habit.or_else(|| self.power(pair)).or_else(|| self.between(data, at + 1))
        });
        habits.next()
    }

    /// `f(x) =` at `at`.
    fn header(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let [name, list, equals] = data.get(at..at + 3)? else { return None };
        if !self.touches(name, list) || !self.is_word(equals, "=") {
            return None;
        }
        let hint = format!("write (define {} …)", self.notation().call(name, list));
        habit(name.span.to(equals.span), "a procedure gets its body by define", hint)
    }

    /// A word at `at` that begins a statement elsewhere, and here would be evaluated for nothing.
    fn statement(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (word, rest) = data.get(at..)?.split_first()?;
        let name = word.symbol().filter(|name| self.scope.get(name).is_none())?;
        let next = rest.first()?;
        let is_name = next.symbol().is_some();
        match name {
            "return" => {
                let value = self.written(&rest[..self.terms(rest)]).unwrap_or_else(|| short(next));
                habit(word.span, "a body gives the value of its last expression", format!("write {value}"))
            }
            "def" | "function" | "func" | "fun" | "fn" | "defun" | "sub" if is_name => {
                let header = match rest.get(1) {
                    Some(list) if list.list().is_some() => self.notation().call(next, list),
                    _ => format!("({} …)", short(next)),
                };
                habit(word.span, "a procedure is made by define", format!("write (define {header} …)"))
            }
            "lambda" if is_name => {
                let name = short(next);
                let hint = format!("write (lambda ({}) …)", name.trim_end_matches(':'));
                habit(word.span, "`lambda` stands in parentheses", hint)
            }
            "if" => habit(word.span, "`if` stands in parentheses", self.choice(rest)),
            "for" | "while" => {
                let hint = "write (let loop ((i 0)) (if (< i n) (loop (+ i 1)) result))".to_owned();
                habit(word.span, "a loop is written as one that is called again", hint)
            }
            "//" | "/*" if at == 0 || name == "/*" => {
                habit(word.span, "a comment begins with `;`", "write ; before it".to_owned())
            }
            ">" | "$" | ">>>" if at == 0 && next.list().is_some() => {
                habit(word.span, "a prompt is not part of a program", "leave it out".to_owned())
            }
            _ => None,
        }
    }

    /// The hint at what `test then a else b`, or without `then`, is written as.
    pub(super) fn choice(&self, data: &[Datum]) -> String {
        let is = |datum: &Datum, words: &[&str]| datum.symbol().is_some_and(|name| words.contains(&name));
        let parts: Vec<_> = data.split(|datum| is(datum, &["then", "else", ":"])).collect();
        let written: Option<Vec<String>> = parts.iter().map(|part| self.written(part)).collect();
        match written {
            Some(parts) if (2..=3).contains(&parts.len()) => format!("write (if {})", parts.join(" ")),
            _ => "write (if test then else)".to_owned(),
        }
    }

    /// Infix in order, if that is possible and short.
    fn written(&self, data: &[Datum]) -> Option<String> {
        self.notation().prefix(data).filter(|text| text.chars().count() <= LONGEST_HINT)
    }

    /// An operator at `at` between two data.
    fn between(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (before, operator, after) = (data.get(at.checked_sub(1)?)?, data.get(at)?, data.get(at + 1)?);
        let name = operator.symbol().filter(|name| self.is_operator(name))?;
        if name != "=" {
            let callee = at.checked_sub(2).and_then(|at| data.get(at));
            let start =
                if callee.is_some_and(|callee| self.touches(callee, before)) { at - 2 } else { at - 1 };
            return self.out_of_order(&data[start..], at - start);
        }
        let before = short(before);
        let value = &data[at + 1..at + 1 + self.terms(&data[at + 1..])];
        let value = self.written(value).unwrap_or_else(|| short(after));
        let compared = if value.starts_with('(') {
            String::new()
        } else {
            format!(", or (= {before} {value}) to compare")
        };
        habit(
            operator.span,
            "a name gets its value by define",
            format!("write (define {before} {value}){compared}"),
        )
    }

    /// How many data are operands and the operators between them.
    fn terms(&self, data: &[Datum]) -> usize {
        let mut end = 0;
        loop {
            end += match data.get(end..) {
                Some([name, list, ..]) if self.touches(name, list) => 2,
                Some([_, ..]) => 1,
                _ => return end,
            };
            let sign = data.get(end).and_then(Datum::symbol);
            if end > MOST_TERMS
                || data.len() < end + 2
                || sign.is_none_or(|name| infix::precedence(name).is_none())
            {
                return end;
            }
            end += 1;
        }
    }

    /// The error of the operator at `at` among data that begin with its first operand.
    fn out_of_order(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (before, operator, after) = (data.get(at - 1)?, data.get(at)?, data.get(at + 1)?);
        let name = operator.symbol().unwrap_or_default();
        let message = match name {
            ":=" | "<-" => "a name gets its value by define",
            _ => "an operator stands before its operands",
        };
        let written = self.written(&data[..self.terms(data)]).filter(|_| infix::precedence(name).is_some());
        let written = written.unwrap_or_else(|| applied(name, &short(before), &short(after)));
        habit(operator.span, message, format!("write {written}"))
    }

    /// `(a + b)` where `a` cannot be called, `(f(x) + 1)`, and `(a if test else b)`.
    pub(super) fn infix(&self, items: &[Datum]) -> Option<Diagnostic> {
        let (head, operands) = items.split_first()?;
        let [operator, _, ..] = operands else { return None };
        let is_bound = |name: &str| self.scope.get(name).is_some() || self.known(name).is_some();
        if self.is_word(operator, "if")
            && !head.symbol().is_some_and(is_bound)
            && let Some(els) = operands.iter().position(|datum| self.is_word(datum, "else"))
        {
            let hint = match (self.written(&operands[1..els]), self.written(&operands[els + 1..])) {
                (Some(test), Some(els)) => format!("write (if {test} {} {els})", short(head)),
                _ => "write (if test then else)".to_owned(),
            };
            return habit(operator.span, "`if` stands before its test", hint);
        }
        if self.touches(head, operator)
            && operands.get(1).and_then(Datum::symbol).is_some_and(|name| self.is_operator(name))
        {
            return self.out_of_order(items, 2);
        }
        let name = operator.symbol().filter(|name| self.is_operator(name))?;
        let foreign = infix::is_foreign(name);
        let meant = match &head.kind {
            Kind::Number(_) => false,
            Kind::Symbol(head) if self.scope.get(head).is_some() => !foreign,
            Kind::Symbol(head) => self.known(head).is_some() || !foreign && self.nearest(head).is_some(),
            _ => !foreign,
        };
        let whole = || self.terms(items) == items.len() || operands.len().is_multiple_of(2);
        if meant || !whole() { None } else { self.out_of_order(items, 1) }
    }

    fn is_operator(&self, name: &str) -> bool {
        infix::is_operator(name) && self.scope.get(name).is_none()
    }

    /// A name that touches the list after it, where a sequence has no use for the name.
    fn call_habit(&self, pair: &[Datum]) -> Option<Diagnostic> {
        let [name, list] = pair else { return None };
        if let (Some(element), Kind::List { items, bracket: Bracket::Square, .. }) =
            (name.symbol(), &list.kind)
            && self.options.touching
            && name.span.end == list.span.start
        {
            let items: Vec<String> = items.iter().map(short).collect();
            let hint = format!("write (ref {element} {})", items.join(" "));
            return habit(name.span.to(list.span), "an element is taken by ref", hint);
        }
        self.touches(name, list).then(|| self.outside(name, list))
    }

    /// `^2` and the like directly after a list.
    pub(super) fn power(&self, pair: &[Datum]) -> Option<Diagnostic> {
        let [list, power] = pair else { return None };
        let written = power.symbol().filter(|name| self.scope.get(name).is_none())?;
        let sign = ["**", "^"].into_iter().find(|sign| written.starts_with(sign))?;
        let exponent = &written[sign.len()..];
        if !self.options.touching
            || list.list().is_none()
            || list.span.end != power.span.start
            || exponent.is_empty()
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
            if numeric
                && matches!(procedure, Some(Known::Prim(_) | Known::Prelude(_) | Known::LaterProcedure))
            {
                return false;
            }
            match pair[1].list().and_then(<[Datum]>::first).map(|head| &head.kind) {
                Some(Kind::Symbol(head)) => self.scope.get(head).is_some() || known::find(head).is_some(),
                Some(Kind::Number(_)) | None => false,
                Some(_) => true,
            }
        };
        let mut pairs = operands.windows(2).enumerate();
        let (index, pair) = pairs.find(|(_, pair)| self.touches(&pair[0], &pair[1]) && !meant(pair))?;
        Some((index, self.outside(&pair[0], &pair[1])))
    }

    fn touches(&self, name: &Datum, list: &Datum) -> bool {
        let round = matches!(list.kind, Kind::List { bracket: Bracket::Round, .. });
        self.options.touching && name.symbol().is_some() && round && name.span.end == list.span.start
    }

    /// The error of `f(x)`.
    fn outside(&self, name: &Datum, list: &Datum) -> Diagnostic {
        let message = "a call has its name inside the parentheses";
        let hint = format!("write {}", self.notation().call(name, list));
        Diagnostic::new(Code::Habit, name.span.to(list.span), message).hint(hint)
    }
}
