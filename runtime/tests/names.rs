//! Programs of tens of thousands of inputs and parameters: a name is found in one step, however many there are. Were
//! they looked through one after the other, each of these would take minutes.

use scheme_runtime::{Code, Interpreter, StringProgram};
use std::fmt::Write;

const MANY: usize = 50_000;

/// A program of so many inputs `x0`, `x1`, …, or of other terms, of which the first is its value; and the names.
fn of_many(name: &str, term: impl Fn(&str) -> String) -> (StringProgram, Vec<String>) {
    let names: Vec<String> = (0..MANY).map(|i| format!("{name}{i}")).collect();
    let mut text = "(define (all) (+".to_string();
    names.iter().for_each(|name| write!(text, " {}", term(name)).unwrap());
    let text = format!("{text})) (if #t {name}0 (all))");
    (Interpreter::new().load(&text).unwrap(), names)
}

#[test]
fn many_inputs() {
    let (program, names) = of_many("x", str::to_string);
    let inputs: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 2.0)).collect();
    let by: Vec<&str> = names.iter().map(String::as_str).collect();
    let (value, gradient) = program.value_and_grad(&by, &inputs).unwrap();
    assert_eq!((value, gradient.iter().sum(), gradient[0]), (2.0, 1.0, 1.0));
    let (value, tangent) = program.jvp(&inputs, &inputs).unwrap();
    assert_eq!((value.number(), tangent.number()), (Some(2.0), Some(2.0)));

    let error = program.call(&[("y", 1.0)]).unwrap_err();
    assert_eq!(error.code, Code::Unbound);
    assert!(error.hint.as_ref().unwrap().ends_with("x18, x19 and 49980 more"), "{error}");
}

#[test]
fn many_parameters() {
    let (program, names) = of_many("p", |name| format!("(param {name} 1)"));
    let values: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 3.0)).collect();
    let fitted = program.with_params(&values).unwrap();
    assert_eq!(fitted.call(&[]).unwrap().number(), Some(3.0));
}

#[test]
fn many_in_a_composite() {
    let (program, _) = of_many("x", str::to_string);
    let both = program.substitute("x7", &program).unwrap();
    assert_eq!(both.inputs().len(), MANY);
}

#[test]
fn what_is_no_parameter() {
    let program = Interpreter::new().load("(* (param k 2) x)").unwrap();
    for (name, says) in [("x", "`x` is an input, not a parameter"), ("y", "the program has no parameter `y`")]
    {
        let error = program.with_params(&[(name, 1.0)]).unwrap_err();
        assert_eq!((error.code, error.hint.as_deref()), (Code::Unbound, Some("its parameters are: k")));
        assert!(error.message.starts_with(says), "{error}");
    }
}
