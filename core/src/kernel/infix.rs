//! Operators and names of other notations, and what they are written as, as text for hints.

mod order;
mod split;

pub(super) use order::{Infix, Order};
pub(super) use split::is_sign;

use super::elsewhere;
use crate::{datum::Datum, prim::Prim};
use split::{Part, split};
use std::fmt::{self, Write};

/// Operators of the language.
const OPERATORS: &[&str] = &["+", "-", "*", "/", "=", "<", ">", "<=", ">="];

/// Operators of other languages, with what they are written as here.
pub(super) const FOREIGN: &[(&str, &str)] = &[
    ("**", "(expt a b)"),
    ("^", "(expt a b)"),
    ("%", "(modulo a b)"),
    ("//", "(floor-quotient a b)"),
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
    ("<>", "(not (= a b))"),
    ("¬", "(not a)"),
    ("√", "(sqrt a)"),
];

/// Modules of other languages whose functions are called `module.name`.
const MODULES: &str =
    "math cmath Math np numpy jnp jax torch tf scipy special F sympy sp mpmath mp statistics";

/// Whether a name is an operator, here or elsewhere.
pub(super) fn is_operator(name: &str) -> bool {
    OPERATORS.contains(&name) || is_foreign(name)
}

/// Whether a name is an operator elsewhere only.
pub(super) fn is_foreign(name: &str) -> bool {
    // `||` is read as the symbol without a letter.
    name.is_empty()
        || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && FOREIGN.iter().any(|(foreign, _)| *foreign == name)
}

/// How tightly an operator binds where it stands between its operands.
pub(super) fn precedence(operator: &str) -> Option<u8> {
    Some(match operator {
        "**" | "^" => 6,
        "*" | "/" | "%" | "//" | "×" | "·" | "∙" | "÷" => 5,
        "+" | "-" => 4,
        "==" | "!=" | "<" | ">" | "<=" | ">=" | "≤" | "≥" | "≠" | "<>" => 3,
        "&&" | "and" => 2,
        "||" | "" | "or" => 1,
        _ => return None,
    })
}

/// What a name that is an operation without spaces, such as `a*b` or `-x`, would be written as.
///
/// `-` and `/` are common in names, so there all parts have to be numbers or known.
pub(crate) fn infix_name(name: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    if let Some((before, after)) = name.split_once('=')
        && split::is_word(before)
        && split::is_word(after)
    {
        return Some(format!("(define {before} {after}), or (= {before} {after}) to compare"));
    }
    let meant = |part: &str| split::is_number(part) || known(part);
    let parts = split(name, &meant, &known)?;
    if parts.first() == Some(&Part::Sign("+")) {
        return None;
    }
    let bound = |_: &str| false;
    Infix::new(true, &bound).name(parts)
}

/// What a name is written as that holds a mark of its own: `√x`, `c²`.
pub(crate) fn marked(name: &str) -> Option<String> {
    let marks = [
        ("square", name.strip_suffix('²')),
        ("cube", name.strip_suffix('³')),
        ("sqrt", name.strip_prefix('√')),
    ];
    let (procedure, of) = marks.into_iter().find_map(|(procedure, rest)| Some((procedure, rest?)))?;
    (!of.is_empty()).then(|| format!("({procedure} {of})"))
}

/// The call of a procedure by a name of here or elsewhere.
fn call(name: &str, operands: &[String]) -> String {
    elsewhere::translated(name, operands).unwrap_or_else(|| {
        let words: Vec<&str> = std::iter::once(name).chain(operands.iter().map(String::as_str)).collect();
        format!("({})", words.join(" "))
    })
}

/// A procedure by its name here or elsewhere, if the language has it.
pub(super) fn procedure(name: &str) -> Option<Prim> {
    let name = name.rsplit_once('.').filter(|(module, _)| is_module(module)).map_or(name, |(_, name)| name);
    Prim::find(elsewhere::renamed(name).unwrap_or(name)).filter(|_| !is_operator(name))
}

/// Whether a name is that of a procedure such as `sin`, which is elsewhere called without parentheses.
pub(super) fn takes_one(name: &str) -> bool {
    let arity = procedure(name).map(Prim::arity);
    arity.is_some_and(|arity| arity.accepts(1) && arity.max.is_some_and(|most| most <= 2))
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
        Some((_, written)) => fill(written, &[("a", a), ("b", b)]),
        None => format!("({operator} {a} {b})"),
    }
}

/// The pattern with some of its words replaced.
pub(super) fn fill(pattern: &str, words: &[(&str, &str)]) -> String {
    let parts = pattern.split_inclusive([' ', '(', ')']);
    let filled = parts.map(|part| {
        let word = part.trim_end_matches([' ', '(', ')']);
        let found = words.iter().find(|(name, _)| *name == word);
        found.map_or_else(|| part.to_owned(), |(_, text)| format!("{text}{}", &part[word.len()..]))
    });
    filled.collect()
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
