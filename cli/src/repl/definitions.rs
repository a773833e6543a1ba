//! What a text that is entered says of itself: what it defines, what it mentions, which constants it writes out.

use scheme_core::datum::{Bracket, Datum, Kind};
use scheme_runtime::Answer;
use std::collections::HashSet;

/// The definitions in a datum, with their names; whether it is made of definitions.
pub(super) fn definitions<'d>(datum: &'d Datum, found: &mut Vec<(&'d Datum, Vec<String>)>) -> bool {
    let Some([head, rest @ ..]) = datum.list() else { return false };
    let mut names = Vec::new();
    match (head.symbol(), rest) {
        (Some("define"), [target, ..]) => {
            let mut target = target;
            while let Kind::List { items, .. } = &target.kind {
                let Some(first) = items.first() else { return false };
                target = first;
            }
            names.extend(target.symbol().map(String::from));
        }
        (Some("define-values"), [targets, ..]) => {
            let mut all = HashSet::new();
            mentioned(targets, &mut all);
            names.extend(all);
        }
        (Some(":"), [name, _]) => names.extend(name.symbol().map(|name| format!(": {name}"))),
        (Some("begin"), [_, ..]) => {
            let before = found.len();
            let all = rest.iter().all(|part| definitions(part, found));
            if !all {
                found.truncate(before);
            }
            return all;
        }
        _ => {}
    }
    if names.is_empty() {
        return false;
    }
    found.push((datum, names));
    true
}

/// The symbols in a datum.
pub(super) fn mentioned(datum: &Datum, found: &mut HashSet<String>) {
    match &datum.kind {
        Kind::Symbol(name) => _ = found.insert(name.to_string()),
        Kind::List { items, tail, .. } => {
            items.iter().chain(tail.as_deref()).for_each(|item| mentioned(item, found));
        }
        Kind::Vector(items) => items.iter().for_each(|item| mentioned(item, found)),
        Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) | Kind::Splice(_) => {}
    }
}

/// The value of a number, or of a vector of numbers, that is written out.
pub(super) fn constant(datum: &Datum) -> Option<Answer> {
    let number = |datum: &Datum| match datum.kind {
        Kind::Number(x) => Some(x),
        _ => None,
    };
    match &datum.kind {
        Kind::Number(x) => Some(Answer::Number(*x)),
        Kind::List { items, tail: None, bracket: Bracket::Square } => {
            items.iter().map(number).collect::<Option<Vec<f64>>>().map(Answer::Numbers)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_core::reader;

    /// The names that the only datum of a text defines, in order; nothing if it is no definition.
    fn defined(text: &str) -> Option<Vec<String>> {
        let (data, _) = reader::read(text);
        let mut found = Vec::new();
        let is_definition = definitions(&data[0], &mut found);
        assert_eq!(is_definition, !found.is_empty(), "{text}");
        is_definition.then(|| found.into_iter().flat_map(|(_, names)| names).collect())
    }

    #[test]
    fn what_is_defined() {
        for (text, names) in [
            ("(define k 2)", &["k"][..]),
            ("(define (f x) x)", &["f"]),
            ("(define ((f x) y) x)", &["f"]),
            ("(define (f . rest) x)", &["f"]),
            ("(: v (vec 3))", &[": v"]),
            ("(begin (define a 1) (begin (define b 2)))", &["a", "b"]),
        ] {
            assert_eq!(
                defined(text).as_deref(),
                Some(&names.iter().map(ToString::to_string).collect::<Vec<_>>()[..])
            );
        }
        let mut both = defined("(define-values (p q) (values 1 2))").unwrap();
        both.sort();
        assert_eq!(both, ["p", "q"]);
        for text in [
            "1",
            "k",
            "()",
            "(define)",
            "(define 5 1)",
            "(define () 1)",
            "(f define)",
            "(begin)",
            "(begin (define a 1) a)",
        ] {
            assert_eq!(defined(text), None, "{text}");
        }
    }

    #[test]
    fn constants_are_written_out() {
        let of = |text: &str| constant(&reader::read(text).0[0]);
        assert_eq!(of("-1/2"), Some(Answer::Number(-0.5)));
        assert_eq!(of("[1 2]"), Some(Answer::Numbers(vec![1.0, 2.0])));
        for text in ["(+ 1 2)", "[1 x]", "(1 2)", "#t", "\"a\"", "x"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
