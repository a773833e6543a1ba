//! `CONFORMANCE.md` says what is: every name of R7RS-small once, bound where it is said to be in, refused by its name
//! where it is said not to be.

use super::case::cases;
use scheme_runtime::Interpreter;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Every name that a library of R7RS-small exports, and the words of its syntax.
const NAMES: &str = include_str!("../../../core/tests/names/r7rs.txt");

/// What the page says of a name.
#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    In,
    NotIn,
}

/// The names of the page's tables; `None`, if the crate stands alone.
fn page() -> Option<BTreeMap<String, State>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONFORMANCE.md");
    let text = fs::read_to_string(path).ok()?;
    let mut names = BTreeMap::new();
    for row in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [list, state, how] = cells[..] else { panic!("not three cells: {row}") };
        let (state, wants_words) = match state {
            "in" => (State::In, false),
            "differs" => (State::In, true),
            "not in" => (State::NotIn, true),
            other => panic!("what is {other:?}? {row}"),
        };
        assert_eq!(wants_words, !how.is_empty(), "{row}");
        for name in list.split_whitespace() {
            let name = name.trim_matches('`');
            assert_eq!(names.insert(name.to_string(), state), None, "{name} is there twice");
        }
    }
    Some(names)
}

/// The first error of a text: its code, the text it blames and its message.
fn first_error(text: &str) -> Option<(&'static str, &str, String)> {
    let findings = Interpreter::new().load(text).err()?;
    let error = &findings[0];
    let blamed = text.get(error.span.start as usize..error.span.end as usize).unwrap_or_default();
    Some((error.code.as_str(), blamed, error.message.clone()))
}

/// Whether it is a procedure that a program may mention.
fn is_procedure(name: &str) -> bool {
    let program = Interpreter::new().load(&format!("(procedure? {name})"));
    program.is_ok_and(|program| program.call(&[]).is_ok_and(|answer| answer.to_string() == "#t"))
}

/// Whether it is a word of the language's syntax, which is no value.
fn is_syntax(name: &str) -> bool {
    first_error(&format!("(list {name})"))
        .is_some_and(|(code, blamed, _)| ["E0202", "E0205"].contains(&code) && blamed == name)
}

#[test]
fn every_name_is_there_once() {
    let Some(page) = page() else { return };
    let written: BTreeSet<&str> = page.keys().map(String::as_str).collect();
    let names: BTreeSet<&str> = NAMES.split_whitespace().collect();
    assert_eq!(written.symmetric_difference(&names).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn what_is_in_is_bound() {
    let Some(page) = page() else { return };
    for (name, _) in page.iter().filter(|(_, state)| **state == State::In) {
        assert!(
            is_procedure(name) != is_syntax(name),
            "{name}: {:?}",
            first_error(&format!("(list {name})"))
        );
    }
}

#[test]
fn what_is_not_in_is_refused_by_name() {
    let Some(page) = page() else { return };
    for (name, _) in page.iter().filter(|(_, state)| **state == State::NotIn) {
        for text in [format!("({name} 1 2)"), format!("(list {name})"), name.clone()] {
            let error = first_error(&text);
            let named = error.as_ref().is_some_and(|(code, blamed, message)| {
                *code == "E0204" && blamed == name && message.contains(&format!("`{name}`"))
            });
            assert!(named, "{text}: {error:?}");
        }
    }
}

#[test]
fn what_is_in_has_a_case() {
    let Some(page) = page() else { return };
    let cases = cases();
    let delimited = |c: char| c.is_whitespace() || "()'`,\"".contains(c);
    let words: BTreeSet<&str> = cases.iter().flat_map(|case| case.program.split(delimited)).collect();
    let without = page.iter().filter(|(name, state)| **state == State::In && !words.contains(name.as_str()));
    assert_eq!(without.map(|(name, _)| name).collect::<Vec<_>>(), Vec::<&String>::new());
}
