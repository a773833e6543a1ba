//! Programs from strings, through the evaluator in Scheme.

use scheme_runtime::{Answer, Interpreter};

#[test]
fn coulomb() {
    let program = Interpreter::new().load("(* k (/ (* q1 q2) (* r r)))").unwrap();
    let (k, q1, q2, r): (f64, f64, f64, f64) = (8.99, 1.5, -2.25, 0.7);
    let inputs = [("k", k), ("q1", q1), ("q2", q2), ("r", r)];
    assert_eq!(program.call(&inputs), Ok(Answer::Number(k * ((q1 * q2) / (r * r)))));
}
