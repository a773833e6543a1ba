//! What transforms refuse, and say so.

use crate::parse;
use scheme_core::{
    anf::{Atom, Var},
    transform::{Error, grad, jacobian, transpose, value_and_grad, vjp, vmap},
};

const TWO: &str = "graph two(x: v0 real, b: v1 bool) {
  v2: real = square v0
  v3: real = select v1 v2 v0
  give v3 v2
}";

#[test]
fn gradients_are_of_one_number_by_numbers() {
    let f = parse(TWO);
    assert_eq!(grad(&f, &[0]), Err(Error::Results { expected: "one number" }));
    assert_eq!(value_and_grad(&f, &[1]), Err(Error::Parameter { index: 1, expected: "numbers" }));
    assert_eq!(jacobian(&f, &[2]), Err(Error::Parameter { index: 2, expected: "numbers" }));
    assert!(jacobian(&f, &[0]).is_ok());
}

#[test]
fn only_linear_functions_are_transposed() {
    let f = parse(TWO);
    assert_eq!(transpose(&f, &[true, false]), Err(Error::NotLinear { at: Some(Var(2)) }));
    assert_eq!(transpose(&f, &[false, true]), Err(Error::Parameter { index: 1, expected: "numbers" }));
    for inst in ["mul v0 v0", "div 1.0 v0", "max v0 v0", "expt v0 1.0", "stop_gradient v0"] {
        let f = parse(&format!("graph f(x: v0 real) {{\n v1: real = {inst}\n give v1\n}}"));
        assert_eq!(transpose(&f, &[true]), Err(Error::NotLinear { at: Some(Var(1)) }), "{inst}");
    }
    let chosen = "graph f(x: v0 real) {
      v1: bool = less v0 1.0
      v2: real = if v1 {
        give v0
      } else {
        give 0.0
      }
      give v2
    }";
    assert_eq!(transpose(&parse(chosen), &[true]), Err(Error::NotLinear { at: Some(Var(2)) }));
}

#[test]
fn batches_have_room() {
    let f = parse("graph f(x: v0 real[1,2,3,4]) {\n give v0\n}");
    assert_eq!(vmap(&f, &[true], 5), Err(Error::Rank { at: Atom::Var(Var(0)) }));
    assert!(matches!(vmap(&f, &[false], 5), Err(Error::Rank { .. })));
    assert!(matches!(vmap(&f, &[], 5), Err(Error::Parameter { index: 0, .. })));
}

#[test]
fn choices_by_row_keep_rows_apart() {
    let mixed = "graph f(x: v0 real, b: v1 bool[3]) {
      v2: real[3] = if v1 {
        v3: real[3] = broadcast 0 3 v0
        give v3
      } else {
        give 0.0
      }
      give v2
    }";
    assert_eq!(vjp(&parse(mixed)), Err(Error::MixesRows { at: Some(Var(2)) }));
}

#[test]
fn errors_are_sentences() {
    let errors = [
        Error::NotLinear { at: Some(Var(3)) },
        Error::MixesRows { at: None },
        Error::Rank { at: Atom::Real(1.0) },
        Error::Parameter { index: 1, expected: "numbers" },
        Error::Results { expected: "one number" },
    ];
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let want = [
        "not linear in what is transposed at v3",
        "a choice by row mixes its rows",
        "no room for another axis at 1.0",
        "parameter 1: expected numbers",
        "expected one number as result",
    ];
    assert_eq!(texts, want);
}
