//! Texts parse back, and what is wrong with a module is found.

use crate::parse;
use scheme_core::{
    anf::{Atom, Builder, Failure, FnId, Function, Kind, Module, Type, verify_module},
    diag::Code,
    prim::Numeric,
    span::Span,
};

const MODULE: &str = r#"f0: once graph main(x: v0 real) {
  v1: bool = less v0 0.0
  if v1 {
    fail E0901 "\"x\" = -1,\n no { or give" v0 true
    give
  } else {
    give
  }
  v2: real, v3: bool = call f1 0.0 v0
  v4: real = call f2 v2
  give v4
}
f1: loop graph count(n: v0 real, end: v1 real) {
  v2: bool = less v0 v1
  v3: real = add v0 1.0
  give v2 v3 v1 v0 true
}
f2: once graph fib(n: v0 real) {
  v1: bool = less v0 2.0
  v2: real = if v1 {
    give v0
  } else {
    v3: real = sub v0 1.0
    v4: real = call f2 v3
    v5: real = sub v0 2.0
    v6: real = call f2 v5
    v7: real = add v4 v6
    give v7
  }
  give v2
}"#;

#[test]
fn texts_parse_back() {
    assert_eq!(parse(MODULE).to_string(), MODULE);
    assert_eq!(parse(&MODULE.replace("\nf", "\n\nf")).to_string(), MODULE);
}

#[test]
fn what_is_built_is_what_is_written() {
    let step = Builder::new();
    let [n, end] = ["n", "end"].map(|name| step.param(name, Type::REAL));
    let go_on = step.row(Numeric::Less, &[n, end]);
    let next = step.row(Numeric::Add, &[n, Atom::Real(1.0)]);
    let count = step.finish("count", vec![go_on, next, end, n, Atom::Bool(true)]);
    let main = Builder::new();
    let x = main.param("x", Type::REAL);
    let failure = Failure { code: Code::Raised, message: "too \u{301}\"small".into(), span: Span::new(3, 5) };
    let (insts, ()) = main.scoped(|| main.fail(failure, vec![x]));
    let side = |insts| scheme_core::anf::Block { insts, results: Vec::new() };
    let small = main.row(Numeric::Less, &[x, Atom::Real(0.0)]);
    main.choose(small, side(insts), side(Vec::new()), &[]);
    let counted = main.call(FnId(1), vec![Atom::Real(0.0), x], &[Type::REAL, Type::BOOL]);
    let main = main.finish("main", counted);
    let module = Module {
        functions: vec![
            Function { graph: main, kind: Kind::Once },
            Function { graph: count, kind: Kind::Loop },
        ],
    };
    verify_module(&module).unwrap();
    let text = module.to_string();
    assert_eq!(parse(&text).to_string(), text);
    assert_eq!(module.functions[1].next().len(), 2);
    assert_eq!(module.functions[1].exit_types(), [Type::REAL, Type::BOOL]);
}

#[test]
fn who_fails_and_who_recurs() {
    let module = parse(MODULE);
    assert_eq!(module.fallible(), [true, false, false]);
    assert_eq!(module.recursive(), [false, false, true]);
    let mutual = parse(
        "f0: once graph main(x: v0 real) {
           v1: real = call f1 v0
           give v1
         }
         f1: once graph even(x: v0 real) {
           v1: real = call f2 v0
           give v1
         }
         f2: once graph odd(x: v0 real) {
           v1: real = call f1 v0
           fail E0901 \"odd\"
           give v1
         }",
    );
    assert_eq!(mutual.fallible(), [true; 3]);
    assert_eq!(mutual.recursive(), [false, true, true]);
}

#[test]
fn texts_that_are_none() {
    let cases = [
        (
            "f1: once graph f() {\n give 1.0\n}",
            1,
            "`f0: once graph name(parameters) {`, the functions in order",
        ),
        (
            "f0: thrice graph f() {\n give\n}",
            1,
            "`f0: once graph name(parameters) {`, the functions in order",
        ),
        ("f0: once graph f() {\n give 1.0\n}\nf1: once f() {", 4, "`graph name(parameters) {`"),
        ("f0: once graph f() {\n v0: real = call g\n give\n}", 2, "a function, as `f1`"),
        ("f0: once graph f() {\n fail E0901\n give\n}", 2, "a code and a message"),
        ("f0: once graph f() {\n fail E9999 \"x\"\n give\n}", 2, "a code"),
        ("f0: once graph f() {\n fail E0901 \"x\n give\n}", 2, "a message in quotation marks"),
        ("f0: once graph f() {\n v0 call f0\n give\n}", 2, "`v0: real = …`"),
    ];
    for (text, line, expected) in cases {
        let error = Module::parse(text).unwrap_err();
        assert_eq!((error.line, error.expected), (line, expected), "{text}");
    }
}

/// Each breaks an invariant, whose number comes first.
#[test]
fn violations_are_found() {
    let main = "f0: once graph main(x: v0 real) {\n give v0\n}\n";
    let with = |line: &str| {
        format!(
            "f0: once graph main(x: v0 real) {{\n {line}\n give v0\n}}\n{}",
            &MODULE[MODULE.find("f1: ").unwrap()..]
        )
    };
    let cases = [
        (8, String::new()),
        (8, "f0: loop graph main(x: v0 real) {\n give true v0 v0\n}".to_owned()),
        (8, format!("{main}f1: loop graph f(x: v0 real) {{\n give true\n}}")),
        (8, format!("{main}f1: loop graph f(x: v0 real) {{\n give v0 v0\n}}")),
        (8, format!("{main}f1: loop graph f(x: v0 real) {{\n give true false\n}}")),
        (9, with("v1: real = call f7 v0")),
        (9, with("v1: real = call f2 v0 v0")),
        (9, with("v1: real = call f2 true")),
        (9, with("v1: bool = call f2 v0")),
        (9, with("v1: real = call f1 v0 v0")),
        (9, with("if true {\n v1: real = call f7 v0\n give\n } else {\n give\n }")),
        (10, with("v1: real, v2: record = forward f2 v0")),
        (10, with("v1: real = reverse f2 v0")),
        (10, "f0: once graph f(r: v0 record) {\n give 1.0\n}".to_owned()),
        (7, with("v1: real = fail E0901 \"x\"")),
        (3, with("v1: real = call f2 v9")),
    ];
    for (invariant, text) in cases {
        let module = Module::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let violation = verify_module(&module).expect_err(&text);
        assert_eq!(violation.invariant, invariant, "{violation}\n{text}");
    }
}
