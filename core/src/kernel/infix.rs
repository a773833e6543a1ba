//! Infix notation put into order, as text for hints.

use crate::datum::{Bracket, Datum, Kind};
use std::fmt::{self, Write};

/// Operators of the language.
const OPERATORS: &[&str] = &["+", "-", "*", "/", "=", "<", ">", "<=", ">="];

/// Operators of other languages, with what they are written as here.
pub(super) const FOREIGN: &[(&str, &str)] = &[
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
    ("×", "(* a b)"),
    ("·", "(* a b)"),
    ("∙", "(* a b)"),
    ("÷", "(/ a b)"),
    ("≤", "(<= a b)"),
    ("≥", "(>= a b)"),
    ("≠", "(not (= a b))"),
    ("√", "(sqrt a)"),
];

/// Modules of other languages whose functions are called `module.name`.
const MODULES: &str =
    "math cmath Math np numpy jnp jax torch tf scipy special F sympy sp mpmath mp statistics";

/// How many data of an infix expression are put into order.
pub(super) const MOST_TERMS: usize = 16;
/// How deep lists in it are.
const MOST_DEEP: usize = 4;

/// Whether a name is an operator, here or elsewhere.
pub(super) fn is_operator(name: &str) -> bool {
    OPERATORS.contains(&name) || is_foreign(name)
}

/// Whether a name is an operator elsewhere only.
pub(super) fn is_foreign(name: &str) -> bool {
    FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

/// How tightly an operator binds where it stands between its operands.
pub(super) fn precedence(operator: &str) -> Option<u8> {
    Some(match operator {
        "**" | "^" => 6,
        "*" | "/" | "%" | "//" | "×" | "·" | "∙" | "÷" => 5,
        "+" | "-" => 4,
        "==" | "!=" | "<" | ">" | "<=" | ">=" | "≤" | "≥" | "≠" => 3,
        "&&" | "and" => 2,
        // `||` is read as the symbol without a letter.
        "||" | "" | "or" => 1,
        _ => return None,
    })
}

fn is_sign(c: char) -> bool {
    "+-*/^%=<>!&".contains(c)
}

fn is_word(word: &str) -> bool {
    word.starts_with(char::is_alphanumeric) && !word.contains(is_sign)
}

/// What a name that is an operation without spaces, such as `a*b` or `-x`, would be written as.
///
/// `-` and `/` are common in names, so there all parts have to be numbers or known.
pub(crate) fn infix_name(name: &str, known: impl Fn(&str) -> bool) -> Option<String> {
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
    is_operator(operator).then(|| applied(operator, before, after))
}

/// Infix notation as text in order.
#[derive(Clone, Copy)]
pub(super) struct Infix {
    /// Whether data that touch have touching places.
    pub(super) touching: bool,
}

impl Infix {
    /// `a + b * c` as `(+ a (* b c))`, if it is of that kind and not long; one datum is itself.
    pub(super) fn prefix(self, data: &[Datum]) -> Option<String> {
        self.prefix_at(data, 0)
    }

    fn prefix_at(self, data: &[Datum], depth: usize) -> Option<String> {
        if data.len() > MOST_TERMS || depth > MOST_DEEP {
            return None;
        }
        let mut rest = data;
        let text = self.climb(&mut rest, 0, depth)?;
        rest.is_empty().then_some(text)
    }

    /// The text of operands whose operators bind at least so tightly; takes them off.
    fn climb(self, rest: &mut &[Datum], least: u8, depth: usize) -> Option<String> {
        let mut left = self.term(rest, depth)?;
        // The operator that `left` is a call of, if it can take one more operand.
        let mut open = None;
        while let Some((operator, after)) = rest.split_first() {
            let name = operator.symbol()?;
            let binds = precedence(name)?;
            if binds < least {
                break;
            }
            *rest = after;
            let right = self.climb(rest, if binds == 6 { binds } else { binds + 1 }, depth)?;
            left = match left.strip_suffix(')') {
                Some(call) if open == Some(name) => format!("{call} {right})"),
                _ => applied(name, &left, &right),
            };
            open = matches!(name, "+" | "*" | "-" | "/").then_some(name);
        }
        Some(left)
    }

    /// The text of one operand; takes it off.
    fn term(self, rest: &mut &[Datum], depth: usize) -> Option<String> {
        let (first, after) = rest.split_first()?;
        *rest = after;
        if let ("-", false) = (first.symbol().unwrap_or_default(), after.is_empty()) {
            return Some(format!("(- {})", self.term(rest, depth)?));
        }
        if let Some((list, after)) = after.split_first()
            && self.touches(first, list)
        {
            *rest = after;
            return Some(self.call_at(first, list, depth));
        }
        Some(self.group(first, depth))
    }

    /// A list that may be in infix, or any other datum.
    fn group(self, datum: &Datum, depth: usize) -> String {
        let inner = datum.list().filter(|list| self.is_infix(list));
        inner.and_then(|list| self.prefix_at(list, depth + 1)).unwrap_or_else(|| spelled(datum))
    }

    fn is_infix(self, list: &[Datum]) -> bool {
        let operator = |datum: &Datum| datum.symbol().is_some_and(|name| precedence(name).is_some());
        let second = match list {
            [name, call, ..] if self.touches(name, call) => 2,
            _ => 1,
        };
        list.get(second).is_some_and(operator) || list.len() == 1
    }

    /// `f(x)`, or `e^(x)`, as it is written.
    pub(super) fn call(self, name: &Datum, list: &Datum) -> String {
        self.call_at(name, list, 0)
    }

    fn call_at(self, name: &Datum, list: &Datum, depth: usize) -> String {
        let written = name.symbol().unwrap_or_default();
        let parts = || format!("({})", self.words(written, list, depth).join(" "));
        let Some((end, sign)) = written.char_indices().rfind(|(_, c)| is_sign(*c)) else { return parts() };
        let (before, callee) = written.split_at(end + sign.len_utf8());
        let left = before.trim_end_matches(is_sign);
        let operator = &before[left.len()..];
        let right = match callee {
            "" => self.group(list, depth),
            _ => format!("({})", self.words(callee, list, depth).join(" ")),
        };
        match (left, operator, callee) {
            ("", "-", callee) if !callee.is_empty() => format!("(- {right})"),
            (_, "-" | "/", callee) if !callee.is_empty() => parts(),
            (left, ..) if is_word(left) && is_operator(operator) => applied(operator, left, &right),
            _ => parts(),
        }
    }

    /// The words of a call, without parentheses.
    pub(super) fn words(self, name: &str, list: &Datum, depth: usize) -> Vec<String> {
        let method = name.rsplit_once('.').filter(|(receiver, name)| {
            receiver.starts_with(char::is_alphabetic) && name.starts_with(char::is_alphabetic)
        });
        let mut words = match method {
            Some((receiver, name)) if is_module(receiver) => vec![name.to_owned()],
            // `x.sqrt()` is Rust's.
            Some((receiver, name)) => vec![name.to_owned(), receiver.to_owned()],
            None => vec![name.to_owned()],
        };
        let operands = list.list().unwrap_or_default();
        match self.prefix_at(operands, depth + 1).filter(|_| self.is_infix(operands)) {
            Some(operand) => words.push(operand),
            None => words.extend(operands.iter().map(|operand| self.group_of_call(operand, depth))),
        }
        words.truncate(8);
        words
    }

    /// An operand of a call: a list in it is a call, unless it is in infix.
    fn group_of_call(self, datum: &Datum, depth: usize) -> String {
        match datum.list() {
            Some([_]) => spelled(datum),
            _ => self.group(datum, depth),
        }
    }

    fn touches(self, name: &Datum, list: &Datum) -> bool {
        let round = matches!(list.kind, Kind::List { bracket: Bracket::Round, .. });
        self.touching && name.symbol().is_some() && round && name.span.end == list.span.start
    }
}

/// Whether a name is that of a module whose functions are in the language.
pub(super) fn is_module(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    MODULES.split(' ').any(|module| module == first)
}

/// The call of an operator, perhaps another language's.
pub(super) fn applied(operator: &str, a: &str, b: &str) -> String {
    let euler = a == "e" || a.strip_suffix(".e").is_some_and(is_module);
    if euler && matches!(operator, "^" | "**") {
        return format!("(exp {b})");
    }
    let operator = if operator.is_empty() { "||" } else { operator };
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

/// The text of a datum, a name like `-x` as the operation that it looks like.
pub(super) fn spelled(datum: &Datum) -> String {
    let name = datum.symbol().filter(|name| !name.contains('='));
    name.and_then(|name| infix_name(name, |_| false)).unwrap_or_else(|| short(datum))
}

/// The text of a datum, cut where it is long.
pub(super) fn short(datum: &Datum) -> String {
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
