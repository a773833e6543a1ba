//! Statements of other languages: `return x`, `def f(x): …`, `let x = 1`, `x => x + 1`, `test ? x : y`.
//!
//! Where a sequence of expressions has one, what it is written as here is a best guess, as text for a hint.

use super::{habit::habit, infix::short, state::Desugar};
use crate::{datum::Datum, diag::Diagnostic};

/// How many parameters of a procedure are repeated.
pub(super) const MOST_PARAMS: usize = 12;

impl Desugar {
    /// `f(x) =` at `at`, or with a space, or with another sign.
    pub(super) fn header(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let [name, list, equals] = data.get(at..at + 3)? else { return None };
        let apart = name.symbol().is_some() && list.list().is_some() && self.beside(name, list);
        let gives = ["=", ":=", "<-"].iter().any(|word| self.is_word(equals, word));
        if !gives || !apart && !self.touches(name, list) {
            return None;
        }
        if self.follows(data, at) {
            let hint = "write (define (name parameter …) …)".to_owned();
            return habit(name.span.to(equals.span), "a procedure gets its body by define", hint);
        }
        let header = format!("({} {})", short(name), names(list));
        let hint = format!("write (define {header} {})", self.meaning(&data[at + 3..]));
        habit(name.span.to(equals.span), "a procedure gets its body by define", hint)
    }

    /// `x => x + 1`, or with parentheses, or `->`.
    pub(super) fn arrow(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let [params, arrow, ..] = data.get(at..)? else { return None };
        if !self.is_word(arrow, "=>") && !self.is_word(arrow, "->") {
            return None;
        }
        let names = if params.symbol().is_some() { short(params) } else { names(params) };
        let hint = if self.follows(data, at) {
            "write (lambda (name …) …)".to_owned()
        } else {
            format!("write (lambda ({names}) {})", self.meaning(&data[at + 2..]))
        };
        habit(arrow.span, "a procedure without a name is a lambda", hint)
    }

    /// `x if test else y` and `test ? x : y` at `at`.
    pub(super) fn ternary(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let sign = data.get(at + 1).filter(|sign| self.is_word(sign, "if") || self.is_word(sign, "?"))?;
        let order = self.first(&data[at..]).filter(|order| order.foreign && order.length > 2)?;
        let whole = self.line(&data[at..]).filter(|_| !self.follows(data, at)).is_some();
        let written = if whole { order.text } else { "(if test value other)".to_owned() };
        habit(sign.span, "`if` stands before its test", format!("write {written}"))
    }

    /// A word at `at` that begins a statement elsewhere, and here would be evaluated for nothing.
    pub(super) fn statement(&self, data: &[Datum], at: usize) -> Option<Diagnostic> {
        let (word, rest) = data.get(at..)?.split_first()?;
        let name = word.symbol().filter(|name| self.scope.get(name).is_none())?;
        let next = rest.first()?;
        let is_name = next.symbol().is_some();
        match name {
            "return" => {
                let hint = format!("write {}", self.meaning(rest));
                habit(word.span, "a body gives the value of its last expression", hint)
            }
            "def" | "function" | "func" | "fun" | "fn" | "defun" | "sub" if is_name => {
                let listed = rest.get(1).filter(|list| list.list().is_some());
                let header = listed.map_or_else(String::new, names);
                let header = format!("({} {header}", short(next)).trim_end().to_owned() + ")";
                let body = rest.get(if listed.is_some() { 2 } else { 1 }..).unwrap_or_default();
                habit(
                    word.span,
                    "a procedure is made by define",
                    format!("write (define {header} {})", self.foreign_body(body)),
                )
            }
            "lambda" if is_name => {
                habit(word.span, "`lambda` stands in parentheses", format!("write {}", self.lambda_of(rest)))
            }
            "let" if is_name && rest.get(1).is_some_and(|equals| self.is_word(equals, "=")) => {
                let (name, value) = (short(next), &rest[2..]);
                let order = self
                    .first(value)
                    .filter(|order| value.get(order.length).is_some_and(|next| self.is_word(next, "in")));
                let hint = match order {
                    Some(order) => {
                        format!(
                            "write (let (({name} {})) {})",
                            order.text,
                            self.meaning(&value[order.length + 1..])
                        )
                    }
                    None => format!("write (define {name} {})", self.meaning(value)),
                };
                habit(word.span, "a name gets its value by define, or by let with parentheses", hint)
            }
            "if" => habit(word.span, "`if` stands in parentheses", self.choice(rest)),
            "for" | "while" => {
                let hint = "write (let loop ((i 0)) (if (< i n) (loop (+ i 1)) result))".to_owned();
                habit(word.span, "a loop is written as one that is called again", hint)
            }
            "//" | "/*" if at == 0 || name == "/*" => {
                habit(word.span, "a comment begins with `;`", "put ; before it".to_owned())
            }
            ">" | "$" | ">>>" if at == 0 && next.list().is_some() => {
                habit(word.span, "a prompt is not part of a program", "leave it out".to_owned())
            }
            _ => None,
        }
    }

    /// What follows the word `lambda` of another language, as it is written here.
    pub(super) fn lambda_of(&self, data: &[Datum]) -> String {
        let ends = |datum: &Datum| datum.symbol().is_some_and(|name| name.ends_with(':'));
        let end = data.iter().take(MOST_PARAMS).position(ends);
        let params: Vec<String> = data.iter().take(end.map_or(1, |end| end + 1)).map(short).collect();
        let body = end.map_or("…".to_owned(), |end| self.foreign_body(&data[end + 1..]));
        format!("(lambda ({}) {body})", params.join(" ").trim_end_matches([':', ' ']))
    }

    /// The body of a procedure of another language.
    pub(super) fn foreign_body(&self, data: &[Datum]) -> String {
        let noise = |datum: &&Datum| {
            datum.symbol().is_some_and(|name| matches!(name, ":" | "return" | "->" | "=>" | "="))
        };
        let start = data.iter().take_while(noise).count();
        let assigns = data.get(start + 1).is_some_and(|next| self.is_word(next, "="));
        if assigns { "…".to_owned() } else { self.meaning(&data[start..]) }
    }

    /// The hint at what `test then a else b`, or without `then`, is written as.
    pub(super) fn choice(&self, data: &[Datum]) -> String {
        let is = |datum: &Datum, words: &[&str]| datum.symbol().is_some_and(|name| words.contains(&name));
        let parts: Vec<_> = data.split(|datum| is(datum, &["then", "else", ":"])).collect();
        let written: Option<Vec<String>> = match parts.split_last() {
            // What follows on other lines is no part of it.
            Some((last, parts)) if !parts.is_empty() => parts
                .iter()
                .map(|part| self.written(part))
                .chain([self.line(last).map(|order| order.text)])
                .collect(),
            _ => None,
        };
        match written {
            Some(parts) if (2..=3).contains(&parts.len()) => format!("write (if {})", parts.join(" ")),
            _ => "write (if test value other)".to_owned(),
        }
    }

    /// The operator of an infix test at the beginning of the parts of `if`.
    pub(super) fn tested<'d>(&self, parts: &'d [Datum]) -> Option<(&'d Datum, String)> {
        let sign = parts.get(1).filter(|sign| sign.symbol().is_some_and(|name| self.is_operator(name)))?;
        let (test, rest) =
            self.first(parts).and_then(|order| Some((order.text, parts.get(order.length..)?)))?;
        let values: Vec<String> = rest.iter().take(2).map(short).collect();
        (rest.len() == values.len() && !rest.is_empty())
            .then(|| (sign, format!("write (if {test} {})", values.join(" "))))
    }
}

/// The names that a list of parameters has in another language, without their types.
pub(super) fn names(list: &Datum) -> String {
    let items = list.list().unwrap_or_default().iter().take(MOST_PARAMS);
    let names: Vec<String> = items.map(|item| short(item).trim_end_matches(':').to_owned()).collect();
    names.join(" ")
}
