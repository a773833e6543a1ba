//! Programs and the graphs they become.
//!
//! The cases stand in `tests/lower/*.txt`: a title, a program, and the graph or the findings.
//! `BLESS=1` writes what is given into the files.

mod golden;

use scheme_core::{
    anf::{Function, Graph, Module, verify, verify_module},
    diag::Diagnostic,
    kernel::{self, Local},
    lower::{Arrangement, Direct, Lowered, lower},
    reader,
    reference::{Array, call, call_reverse},
    span::SourceMap,
    transform::{adjoint, optimize, reverse, simplify, value_and_grad},
};
use std::fmt::Write as _;

fn direct(text: &str) -> Result<Direct, (&'static str, Vec<Diagnostic>)> {
    let (data, mut findings) = reader::read(text);
    let (program, more) = kernel::desugar(&data);
    findings.extend(more);
    findings.retain(|f| !f.is_warning());
    let Some(program) = program.filter(|_| findings.is_empty()) else { return Err(("", findings)) };
    match lower("program", &program) {
        Ok(Lowered::Direct(direct)) => Ok(direct),
        Ok(Lowered::General { why, .. }) => Err(("general: ", vec![why])),
        Err(findings) => Err(("", findings)),
    }
}

/// The graph of a program without calls.
fn graph(text: &str) -> Result<Graph, (&'static str, Vec<Diagnostic>)> {
    direct(text).map(|mut direct| {
        assert_eq!(direct.module.functions.len(), 1, "{}", direct.module);
        direct.module.functions.swap_remove(0).graph
    })
}

fn outcome(text: &str) -> String {
    match direct(text) {
        Ok(Direct { module, result, .. }) => {
            assert_eq!(verify_module(&module), Ok(()), "{module}");
            let simple =
                |function: &Function| Function { graph: simplify(&function.graph), ..function.clone() };
            let simple = Module { functions: module.functions.iter().map(simple).collect() };
            assert_eq!(verify_module(&simple), Ok(()), "{simple}");
            assert_eq!(Module::parse(&simple.to_string()).map(|m| m.to_string()), Ok(simple.to_string()));
            let result = match result {
                Arrangement::Real => String::new(),
                other => format!("{other:?}\n"),
            };
            match &simple.functions[..] {
                [program] => format!("{result}{}\n", program.graph),
                _ => format!("{result}{simple}\n"),
            }
        }
        Err((kind, findings)) => {
            let source = SourceMap::new("", text);
            let mut lines = String::new();
            for Diagnostic { code, span, message, hint, .. } in findings {
                let place = source.place(span.start);
                writeln!(lines, "{kind}{} {}:{} {message}", code.as_str(), place.line, place.column).unwrap();
                hint.into_iter().for_each(|hint| writeln!(lines, "    {hint}").unwrap());
            }
            lines
        }
    }
}

fn check(file: &str) {
    golden::check(&format!("lower/{file}"), outcome);
}

#[test]
fn cursors() {
    check("cursors.txt");
}

#[test]
fn programs() {
    check("programs.txt");
}

#[test]
fn control() {
    check("control.txt");
}

#[test]
fn arrays() {
    check("arrays.txt");
}

#[test]
fn derivatives() {
    check("derivatives.txt");
}

#[test]
fn refused() {
    check("refused.txt");
}

/// The graph of value and gradient as the macro emits it.
#[test]
fn adjoints() {
    golden::check("lower/adjoints.txt", |text| match graph(text) {
        Ok(graph) => {
            let all: Vec<usize> = (0..graph.params.len()).collect();
            let adjoint = adjoint(&value_and_grad(&graph, &all).unwrap(), 1);
            assert_eq!(verify(&adjoint), Ok(()), "{adjoint}");
            format!("{adjoint}\n")
        }
        Err((kind, findings)) => panic!("{kind}{findings:?}"),
    });
}

/// Products of products are not multiplied out without bound: neither sixty squarings, which have 2⁶⁰
/// factors, nor a chain of thousands take more than a moment.
#[test]
fn long_products() {
    let squarings: String = (1..60).map(|i| format!("(a{} (* a{} a{}))", i, i - 1, i - 1)).collect();
    let chain: String = (1..3000).map(|i| format!("(a{} (* a{} x))", i, i - 1)).collect();
    for (bindings, last) in [(squarings, 59), (chain, 2999)] {
        let graph = graph(&format!("(let* ((a0 (+ x 1)) {bindings}) (/ y a{last}))")).unwrap();
        let both = value_and_grad(&graph, &[0, 1]).unwrap();
        let simple = adjoint(&both, 1);
        assert_eq!(verify(&simple), Ok(()));
        assert!(simple.size() <= both.size(), "{} from {}", simple.size(), both.size());
    }
}

/// Programs with their value and partial derivatives, which were computed in 50 digits: lowered, each gives
/// them.
#[test]
fn cases_of_the_language() {
    let numbers = |line: &str| -> Vec<(String, f64)> {
        let pair = |text: &str| {
            let (name, x) = text.split_once('=').unwrap();
            (name.to_string(), x.parse().unwrap())
        };
        line.split(' ').map(pair).collect()
    };
    let close = |what: &str, found: f64, expected: f64| {
        let difference = (found - expected).abs();
        assert!(difference <= 1e-11 * expected.abs().max(1e-2), "{what}: {found}, not {expected}");
    };
    let mut lines = include_str!("lower/cases.txt").lines();
    while let Some(title) = lines.next() {
        let [text, inputs, value, partials] = std::array::from_fn(|_| lines.next().unwrap());
        let (inputs, partials) = (numbers(inputs), numbers(partials));
        let module = match direct(text) {
            Ok(direct) => direct.module,
            Err((kind, findings)) => panic!("{title}: {kind}{findings:?}"),
        };
        let names = module.functions[0].graph.names.clone();
        let of = |name: &String| inputs.iter().find(|(input, _)| input == name).unwrap().1;
        let args: Vec<Array<f64>> = names.iter().map(|name| Array::real(of(name))).collect();
        for module in [optimize(&module), module] {
            let found = call(&module, &args).unwrap();
            close(title, found[0].numbers()[0], value.parse().unwrap());
            let all: Vec<usize> = (0..args.len()).collect();
            let found = call_reverse(&module, &reverse(&module, &all).unwrap(), &args).unwrap();
            for (name, partial) in names.iter().zip(&found[1..]) {
                let expected = partials.iter().find(|(input, _)| input == name).unwrap().1;
                close(&format!("{title} by {name}"), partial.numbers()[0], expected);
            }
        }
    }
}

/// Where a program turns general before an array is used, the use tells its shape nevertheless.
#[test]
fn inputs_of_general_programs() {
    let check = |text: &str, expect: &[&str]| {
        let (program, findings) = kernel::desugar(&reader::read(text).0);
        let program = program.unwrap_or_else(|| panic!("{text}: {findings:?}"));
        let Ok(Lowered::General { inputs, .. }) = lower("program", &program) else { panic!("{text}") };
        let name = |local: Local| &program.locals[local.0 as usize].name;
        let found: Vec<_> = inputs.iter().map(|(local, ty)| format!("{} {ty}", name(*local))).collect();
        assert_eq!(found, expect, "{text}");
    };
    let general = "(apply + (iota n))";
    check(&format!("(+ {general} (dot v [1 2 3]))"), &["v (vec 3)"]);
    check(&format!("(+ (dot v [1 2 3]) {general})"), &["v (vec 3)"]);
    check(&format!("(lambda (v n) (let ((k {general}) (w (* 2 [1 2]))) (* k (dot w v))))"), &["v (vec 2)"]);
    check(&format!("(+ {general} (vsum (matvec A [1 2])))"), &[]);
    check(&format!("(: A (mat 2 3)) (+ {general} (vsum (matvec A v)))"), &["v (vec 3)"]);
    check(&format!("(+ {general} (dot u v) (dot v [1 2]))"), &["u (vec 2)", "v (vec 2)"]);
    check(&format!("(define (f) (dot v [1 2])) (+ {general} (if (> n 1) (f) 0))"), &["v (vec 2)"]);
    // What a procedure is called with, by its name, is what its parameters stand for.
    check(&format!("(define (f x) (dot x [1 2])) (+ {general} (f v) (f (vec 1 2)))"), &["v (vec 2)"]);
    check(
        &format!("(define (f x) (g x [1 2])) (define (g x y) (dot x y)) (+ {general} (f u) (f v))"),
        &["u (vec 2)", "v (vec 2)"],
    );
    check(&format!("(+ {general} ((lambda (x y) (dot y x)) [1 2] v))"), &["v (vec 2)"]);
    check(&format!("(let ((f (lambda (x) (dot x [1 2]))) (w v)) (+ {general} (f w)))"), &["v (vec 2)"]);
    check(
        &format!("(let loop ((w v) (i 0)) (if (= i 3) (+ {general} (dot w [1 2])) (loop (* 2 w) (+ i 1))))"),
        &["v (vec 2)"],
    );
    check(
        &format!("(define (f x y) (dot x y)) (+ {general} (f u [1 2]) (f [1 2] v))"),
        &["u (vec 2)", "v (vec 2)"],
    );
    // Of what it is given in several shapes nothing is learnt, nor of what another call gives.
    check(&format!("(define (f x y) (dot x y)) (+ {general} (f v [1 2]) (f [1 2 3] [1 2 3]))"), &[]);
    check(&format!("(define (f x) (norm x)) (+ {general} (f v) (f [1 2]))"), &[]);
    // What is asked for its type may be anything.
    check(&format!("(+ {general} (if (number? v) v (dot v [1 2])))"), &[]);
    check(&format!("(define (f x) (if (number? x) x (dot x [1 2]))) (+ {general} (f v))"), &[]);
    check(&format!("(+ {general} (norm v))"), &[]);
}
