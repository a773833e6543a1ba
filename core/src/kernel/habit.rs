//! Habits of other notations: `a = 1`, `x ** 2`, `(a + b)`, `f(x)`.
//!
//! Each is an error anyway, or cannot be meant: no program that has a value on some run is refused
//! here, save for bare names that would be evaluated for nothing.

use super::{
    Expr, ExprKind,
    known::{self, Known},
    state::Desugar,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    prim::Prim,
    span::Span,
};
use std::fmt::{self, Write};

/// Operators of the language.
const OPERATORS: &[&str] = &["+", "-", "*", "/", "=", "<", ">", "<=", ">="];

/// Operators of other languages, with what they are written as here.
const FOREIGN: &[(&str, &str)] = &[
    ("**", "(expt a b)"),
    ("^", "(expt a b)"),
    ("%", "(modulo a b)"),
    ("//", "(quotient a b)"),
    ("==", "(= a b)"),
    ("!=", "(not (= a b))"),
    ("&&", "(and a b)"),
    ("||", "(or a b)"),
    ("!", "(not a)"),
    (":=", "(define a b)"),
    ("<-", "(define a b)"),
    ("+=", "(let ((new (+ a b))) …)"),
    ("-=", "(let ((new (- a b))) …)"),
    ("*=", "(let ((new (* a b))) …)"),
    ("/=", "(let ((new (/ a b))) …)"),
];

/// The error of using an operator of another language by its name.
pub(super) fn foreign(name: &str, span: Span) -> Option<Diagnostic> {
    let (_, written) = FOREIGN.iter().find(|(foreign, _)| *foreign == name)?;
    let message = format!("`{name}` is not an operator of the language");
    Some(Diagnostic::new(Code::Habit, span, message).hint(format!("write {written}")))
}

/// What a name that is an operation without spaces, such as `a*b` or `-x`, would be written as.
///
/// `-` and `/` are common in names, so there all parts have to be numbers or known.
pub(crate) fn infix_name(name: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    let is_sign = |c: char| "+-*/^%=<>!&".contains(c);
    let is_word = |word: &str| word.starts_with(char::is_alphanumeric) && !word.contains(is_sign);
    if let Some(negated) = name.strip_prefix('-').filter(|rest| is_word(rest)) {
        return Some(format!("(- {negated})"));
    }
    if let Some(denied) = name.strip_prefix('!').filter(|rest| is_word(rest)) {
        return Some(format!("(not {denied})"));
    }
    let start = name.find(is_sign)?;
    let (before, rest) = name.split_at(start);
    let end = rest.find(|c: char| !is_sign(c))?;
    let (operator, after) = rest.split_at(end);
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let meant = match operator {
        "-" | "/" => (known(before) || number(before)) && (known(after) || number(after)),
        _ => is_word(before) && is_word(after),
    };
    if !meant {
        return None;
    }
    if operator == "=" {
        return Some(format!("(define {before} {after}), or (= {before} {after}) to compare"));
    }
    let known = OPERATORS.contains(&operator) || FOREIGN.iter().any(|(foreign, _)| *foreign == operator);
    known.then(|| applied(operator, before, after))
}

impl Desugar {
    /// Operators between expressions, and calls with the name outside, in a sequence of expressions.
    pub(super) fn sequence_habit(&self, data: &[Datum]) -> Option<Diagnostic> {
        let pairs = data.windows(2).enumerate();
        let mut habits = pairs.filter_map(|(at, pair)| {
            self.header(data, at).or_else(|| self.call_habit(pair)).or_else(|| self.between(data, at + 1))
        });
        habits.next()
    }

    /// `f(x) =` at `at`.
    fn header(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let [name, list, equals] = data.get(at..at + 3)? else { return None };
        if !self.touches(name, list) || !self.is_word(equals, "=") {
            return None;
        }
        let message = "a procedure gets its body by define";
        let finding = Diagnostic::new(Code::Habit, name.span.to(equals.span), message);
        Some(finding.hint(format!("write (define ({}) …)", call_text(name, list))))
    }

    /// An operator at `at` between two data.
    fn between(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (before, operator, after) = (data.get(at.checked_sub(1)?)?, data.get(at)?, data.get(at + 1)?);
        let name = operator.symbol().filter(|name| self.is_operator(name))?;
        if name != "=" {
            // The operators after it belong to it.
            let run = data[at..].chunks(2).take_while(|pair| match pair {
                [sign, _] => sign.symbol().is_some_and(|name| precedence(name).is_some()),
                _ => false,
            });
            let end = at + 2 * run.count();
            return infix(&data[at - 1..end.max(at + 2)]);
        }
        let (before, after) = (short(before), short(after));
        let finding = Diagnostic::new(Code::Habit, operator.span, "a name gets its value by define");
        Some(finding.hint(format!("write (define {before} {after}), or (= {before} {after}) to compare")))
    }

    /// `(a + b)` where `a` cannot be called.
    pub(super) fn infix(&self, head: &Datum, operands: &[Datum]) -> Option<Diagnostic> {
        let [operator, _, ..] = operands else { return None };
        let name = operator.symbol().filter(|name| self.is_operator(name))?;
        let foreign = FOREIGN.iter().any(|(foreign, _)| *foreign == name);
        let meant = match &head.kind {
            Kind::Number(_) => false,
            Kind::Symbol(head) if self.scope.get(head).is_some() => !foreign,
            Kind::Symbol(head) => self.known(head).is_some() || !foreign && self.nearest(head).is_some(),
            _ => !foreign,
        };
        if meant || !operands.len().is_multiple_of(2) {
            return None;
        }
        let all: Vec<Datum> = std::iter::once(head).chain(operands).take(MOST_TERMS + 1).cloned().collect();
        infix(&all)
    }

    fn is_operator(&self, name: &str) -> bool {
        let listed = OPERATORS.contains(&name) || FOREIGN.iter().any(|(foreign, _)| *foreign == name);
        listed && self.scope.get(name).is_none()
    }

    /// A name that touches the list after it, where a sequence has no use for the name.
    fn call_habit(&self, pair: &[Datum]) -> Option<Diagnostic> {
        let [name, list] = pair else { return None };
        self.touches(name, list).then(|| outside(name, list))
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
        Some((index, outside(&pair[0], &pair[1])))
    }

    fn touches(&self, name: &Datum, list: &Datum) -> bool {
        let round = matches!(list.kind, Kind::List { bracket: Bracket::Round, .. });
        self.options.touching && name.symbol().is_some() && round && name.span.end == list.span.start
    }
}

/// The error of `a + b`, and perhaps more.
fn infix(data: &[Datum]) -> Option<Diagnostic> {
    let [before, operator, after, ..] = data else { return None };
    let name = operator.symbol().unwrap_or_default();
    let message = match name {
        ":=" | "<-" => "a name gets its value by define",
        _ => "an operator stands before its operands",
    };
    let finding = Diagnostic::new(Code::Habit, operator.span, message);
    let written = prefix(data, 0).filter(|text| text.chars().count() <= LONGEST_HINT);
    let written = written.unwrap_or_else(|| applied(name, &short(before), &short(after)));
    Some(finding.hint(format!("write {written}")))
}

/// How many data of an infix expression are put into order.
const MOST_TERMS: usize = 16;
/// How deep lists in it are.
const MOST_DEEP: usize = 4;
/// What is longer is no help.
const LONGEST_HINT: usize = 80;

/// How tightly an operator binds where it stands between its operands.
fn precedence(operator: &str) -> Option<u8> {
    Some(match operator {
        "**" | "^" => 6,
        "*" | "/" | "%" | "//" => 5,
        "+" | "-" => 4,
        "==" | "!=" | "<" | ">" | "<=" | ">=" => 3,
        "&&" => 2,
        "||" => 1,
        _ => return None,
    })
}

/// `a + b * c` as `(+ a (* b c))`, if it is of that kind and not long.
fn prefix(data: &[Datum], depth: usize) -> Option<String> {
    if data.len() > MOST_TERMS || depth > MOST_DEEP || data.len().is_multiple_of(2) {
        return None;
    }
    let mut rest = data;
    let text = climb(&mut rest, 0, depth)?;
    rest.is_empty().then_some(text)
}

/// The text of operands whose operators bind at least so tightly; takes them off.
fn climb(rest: &mut &[Datum], least: u8, depth: usize) -> Option<String> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    let inner = first
        .list()
        .filter(|list| list.get(1).and_then(Datum::symbol).is_some_and(|name| precedence(name).is_some()));
    let mut left = inner.and_then(|list| prefix(list, depth + 1)).unwrap_or_else(|| short(first));
    // The operator that `left` is a call of, if it can take one more operand.
    let mut open = None;
    while let Some((operator, after)) = rest.split_first() {
        let name = operator.symbol()?;
        let binds = precedence(name)?;
        if binds < least {
            break;
        }
        *rest = after;
        let right = climb(rest, if binds == 6 { binds } else { binds + 1 }, depth)?;
        left = match left.strip_suffix(')') {
            Some(call) if open == Some(name) => format!("{call} {right})"),
            _ => applied(name, &left, &right),
        };
        open = matches!(name, "+" | "*" | "-" | "/").then_some(name);
    }
    Some(left)
}

/// The call of an operator, perhaps another language's.
fn applied(operator: &str, a: &str, b: &str) -> String {
    match FOREIGN.iter().find(|(foreign, _)| *foreign == operator) {
        Some((_, written)) => fill(written, a, b),
        None => format!("({operator} {a} {b})"),
    }
}

/// The pattern with its `a` and `b` replaced.
fn fill(pattern: &str, a: &str, b: &str) -> String {
    let words = pattern.split_inclusive([' ', '(', ')']);
    words
        .map(|word| match word.trim_end_matches([' ', '(', ')']) {
            "a" => format!("{a}{}", &word[1..]),
            "b" => format!("{b}{}", &word[1..]),
            _ => word.to_owned(),
        })
        .collect()
}

/// `f(x)`.
fn outside(name: &Datum, list: &Datum) -> Diagnostic {
    let finding =
        Diagnostic::new(Code::Habit, name.span.to(list.span), "a call has its name inside the parentheses");
    finding.hint(format!("write ({})", call_text(name, list)))
}

/// The words of a call, without parentheses.
fn call_text(name: &Datum, list: &Datum) -> String {
    let operands = list.list().unwrap_or_default().iter().map(short);
    let method = name.symbol().and_then(|name| name.rsplit_once('.')).filter(|(receiver, name)| {
        receiver.starts_with(char::is_alphabetic) && name.starts_with(char::is_alphabetic)
    });
    // `x.sqrt()` is Rust's.
    let words = match method {
        Some((receiver, name)) => vec![name.to_owned(), receiver.to_owned()],
        None => vec![short(name)],
    };
    words.into_iter().chain(operands).take(8).collect::<Vec<_>>().join(" ")
}

/// The text of a datum, cut where it is long.
fn short(datum: &Datum) -> String {
    struct Cut(String);
    impl Write for Cut {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            if self.0.len() + text.len() > 40 {
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }
    let mut cut = Cut(String::new());
    match write!(cut, "{datum}") {
        Ok(()) => cut.0,
        Err(_) => "…".to_owned(),
    }
}
