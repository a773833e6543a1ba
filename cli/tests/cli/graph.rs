//! `graph`: every stage in every format.

use crate::call::{call, file, good, refused};
use scheme_core::anf::Graph;
use serde_json::{Value, json};

const STRAIGHT: &str = "(if (< x 1) (* a (exp x)) a)";
const LOOP: &str = "(let loop ((i 0) (y x)) (if (> i n) y (loop (+ i 1) (* y y))))";
/// By so many numbers the gradient is taken in reverse mode.
const MANY: &str = "(let loop ((i 0) (y (* a b c d e f g x))) (if (> i n) y (loop (+ i 1) (* y y))))";
const GENERAL: &str = "(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l))))) (sum (iota n 0 x))";

fn graph(text: &str, more: &[&str]) -> String {
    let given = call(&[&["graph", "-e", text][..], more].concat());
    assert_eq!((given.code, given.err.as_str()), (0, ""), "{given:?}");
    given.out
}

#[test]
fn stages_as_text() {
    assert_eq!(graph("(* x x)", &["--stage", "kernel"]), "(program (x.0) (* x.0 x.0))\n");
    assert_eq!(graph("(* x x)", &[]), "graph program(x: v0 real) {\n  v1: real = mul v0 v0\n  give v1\n}\n");
    // The simplified graph computes once what is written twice; the one before does not.
    let twice = "(+ (sin x) (sin x))";
    assert_eq!(graph(twice, &["--stage", "anf"]).matches("sin").count(), 2);
    assert_eq!(graph(twice, &["--stage", "graph"]).matches("sin").count(), 1);
    let grad = graph("(* x x)", &["--stage", "grad"]);
    assert!(grad.contains("value_and_grad.program(x: v0 real)") && grad.contains("mul v0 2.0"), "{grad}");
    for stage in ["anf", "graph", "grad"] {
        let text = graph(STRAIGHT, &["--stage", stage]);
        assert!(Graph::parse(&text).is_ok(), "{text}");
    }
    // By parameters too, and by every number of an array.
    let grad = graph("(* (param k 2) (dot v [1 2]))", &["--stage", "grad"]);
    assert_eq!(grad.lines().rev().nth(1).map(|give| give.split_whitespace().count()), Some(5), "{grad}");
}

#[test]
fn loops_have_several_graphs() {
    let text = graph(LOOP, &["--stage", "graph"]);
    assert!(text.contains("f0: once graph") && text.contains("f1: loop graph"), "{text}");
    let recursion = "(define (f n) (if (< n 1) x (* x (f (- n 1))))) (f n)";
    let by_nine = "(define (f n) (if (< n 1) x (* a b c d e g h x (f (- n 1))))) (f n)";
    for (program, parts) in [
        (LOOP, &["f1: loop graph jvp."][..]),
        (MANY, &["f1: step graph", "f1: last graph"]),
        (recursion, &["f1: once graph jvp."]),
        (by_nine, &["f1: forward graph", "f1: reverse graph"]),
    ] {
        let text = graph(program, &["--stage", "grad"]);
        for part in [&["f0: once graph value_and_grad."], parts].concat() {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn general_programs_have_blocks_and_no_graph() {
    let text = graph(GENERAL, &["--stage", "anf"]);
    assert!(
        text.starts_with("; runs on the machine: `iota` of a computed number (1:66)\np0 program: 2 at b0\n"),
        "{text}"
    );
    for stage in ["graph", "grad"] {
        let error = call(&["graph", "-e", GENERAL, "--stage", stage, "--json"]).error(1);
        assert_eq!((&error["code"], &error["column"]), (&json!("E0207"), &json!(66)));
    }
    let error = call(&["graph", "-e", "(list x)", "--stage", "grad", "--json"]).error(1);
    assert_eq!((&error["code"], &error["family"]), (&json!("E0502"), &json!("type")));
    assert_eq!(call(&["graph", "-e", "(define (f x) x) (f 1 2)", "--json"]).error(1)["code"], "E0401");
    refused(&["graph", "-e", "x", "--stage", "assembly"], "kernel, anf, graph, grad");
}

#[test]
fn a_trace_has_its_guards_and_places() {
    let text =
        "(let loop ((i 0) (y x))\n  (if (< i n)\n      (loop (+ i 1) (* k y y))\n      (list y (< y 1))))";
    let at = ["--stage", "trace", "--set", "x=0.5", "--set", "k=2", "--set", "n=1"];
    assert_eq!(
        graph(text, &at).lines().collect::<Vec<_>>(),
        [
            "trace(x: v0, n: v1, k: v2) {",
            "  v3: bool = less 0.0 v1  ; 2:7",
            "  guard v3 is true        ; 2:7",
            "  v4: real = mul v2 v0    ; 3:21",
            "  v5: real = mul v4 v0    ; 3:21",
            "  v6: bool = less 1.0 v1  ; 2:7",
            "  guard v6 is false       ; 2:7",
            "  v7: bool = less v5 1.0  ; 4:15",
            "  guard v7 is true        ; 4:15",
            "  give v5",
            "}",
        ]
    );
    // On general values too, with inputs of any form, whose numbers are counted; an index is a guard.
    let inputs = file("trace.json", b"{\"l\": {\"list\": [0.5, 2]}, \"n\": 1}");
    let given = call(&[
        "graph",
        "-e",
        "(list-ref (map exp l) n)",
        "--stage",
        "trace",
        "--inputs",
        inputs.to_str().unwrap(),
    ]);
    let text = "trace(l[0]: v0, l[1]: v1, n: v2) {\n  guard v2 is 1      ; 1:1\n  v3: real = exp v1  ; 1:12\n  give v3\n}\n";
    assert_eq!((given.code, given.out.as_str()), (0, text), "{given:?}");
    // A parameter has its own value, or another.
    for (more, value) in [(&[][..], "true"), (&["--set", "k=9"], "false")] {
        let text = graph("(if (< (param k 2) 5) k 0)", &[&["--stage", "trace"], more].concat());
        assert!(text.contains(&format!("guard v1 is {value}")), "{text}");
    }
}

#[test]
fn a_trace_is_that_of_a_run() {
    let of = |text: &str, more: &[&str]| {
        call(&[&["graph", "-e", text, "--stage", "trace", "--json"], more].concat())
    };
    let error = of("(* a (+ b c))", &["--set", "b=1"]).error(1);
    assert_eq!((&error["code"], &error["column"]), (&json!("E0302"), &json!(4)));
    assert_eq!(error["hint"], "a trace is that of a run: give --set a=… --set c=…");
    let error = of("(vector-ref (vector 1 2) n)", &["--set", "n=2"]).error(1);
    assert_eq!((&error["code"], &error["family"]), (&json!("E0701"), &json!("domain")));
    let forever = "(let loop ((y x)) (loop (* y y)))";
    assert_eq!(of(forever, &["--set", "x=1", "--max-steps", "1000"]).error(4)["family"], "budget");
    refused(&["graph", "-e", "(* a b)", "--set", "a=1"], "inputs are for `--stage trace`");
    refused(&["graph", "-e", "(* a b)", "--stage", "trace", "--set", "a"], "NAME=VALUE");
    let help = call(&["graph", "--help"]).out;
    assert!(help.contains("trace") && help.contains("--set"), "{help}");
}

#[test]
fn json_has_stage_text_and_nodes() {
    for (text, stage, nodes) in [
        ("(* x x)", "kernel", 4),
        ("(map sin l)", "kernel", 4),
        ("(* x (sin x))", "anf", 3),
        ("(+ (sin x) (sin x))", "graph", 3),
        ("(* x x)", "grad", 3),
        ("(if (< x 0) (sin x) x)", "graph", 4),
        ("(length (iota n))", "anf", 1),
    ] {
        let json = good(&["graph", "-e", text, "--stage", stage, "--json"]);
        assert_eq!((&json["stage"], &json["nodes"]), (&json!(stage), &json!(nodes)), "{text}: {json}");
        assert_eq!(json["text"], graph(text, &["--stage", stage]).trim_end());
    }
    // The input, the comparison, its guard and the product.
    let json =
        good(&["graph", "-e", "(if (< x 1) (* x x) x)", "--stage", "trace", "--set", "x=0.5", "--json"]);
    assert_eq!((&json["stage"], &json["nodes"]), (&json!("trace"), &json!(4)));
}

#[test]
fn formats_draw_the_same_nodes() {
    let at = |names: &'static [&str]| [&["trace"], names].concat();
    for (text, traced) in [
        (STRAIGHT, at(&["--set", "x=0.5", "--set", "a=2"])),
        (LOOP, at(&["--set", "x=0.5", "--set", "n=3"])),
        (
            MANY,
            at(&[
                "--set", "a=1", "--set", "b=1", "--set", "c=1", "--set", "d=1", "--set", "e=1", "--set",
                "f=1", "--set", "g=1", "--set", "x=0.5", "--set", "n=3",
            ]),
        ),
        (GENERAL, at(&["--set", "x=0.5", "--set", "n=3"])),
        ("(list \"<&>\" '(a \"b\\\\c\") #\\\")", at(&[])),
    ] {
        for stage in [&["kernel"][..], &["anf"], &["graph"], &["grad"], &traced] {
            let call = |format: &str| {
                call(&[&["graph", "-e", text, "--format", format, "--json", "--stage"], stage].concat())
            };
            let dot = call("dot").json();
            let Value::String(drawn) = &dot["text"] else { continue };
            let nodes = dot["nodes"].as_u64().unwrap() as usize;
            let results = drawn.matches("shape=plaintext").count();
            assert_eq!(drawn.matches("[shape=").count(), nodes + results, "{drawn}");
            assert_eq!(drawn.matches('{').count(), drawn.matches('}').count(), "{drawn}");
            let svg = call("svg").json();
            let picture = svg["text"].as_str().unwrap();
            assert_eq!(svg["nodes"], dot["nodes"]);
            // The background is one more.
            assert_eq!(picture.matches("<rect ").count(), nodes + results + 1, "{picture}");
            assert_eq!(picture.matches("marker-end").count(), drawn.matches(" -> ").count());
            assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"), "{picture}");
            well_formed(picture);
        }
    }
}

/// Whether every element is closed, in order, and no text has what XML reads as markup.
#[track_caller]
fn well_formed(xml: &str) {
    let mut open = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("{part}"));
        assert!(!text.contains('>'), "{text}");
        assert!(
            text.split('&')
                .skip(1)
                .all(|rest| ["amp;", "lt;", "gt;"].iter().any(|name| rest.starts_with(name))),
            "{text}"
        );
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{part}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split(' ').next().unwrap_or(tag)),
        }
    }
    assert_eq!(open, [""; 0]);
}

#[test]
fn nodes_of_a_picture_do_not_overlap() {
    let text = "(+ (* a (sin (* b x))) (* c (cos (* d x))) (exp (- (* a c) (* b d))))";
    let picture = graph(text, &["--stage", "grad", "--format", "svg"]);
    let number = |rect: &str, name: &str| -> f64 {
        let rest = rect.split(&format!(" {name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let rects: Vec<[f64; 4]> = picture
        .lines()
        .filter(|line| line.starts_with("<rect x="))
        .map(|rect| ["x", "y", "width", "height"].map(|name| number(rect, name)))
        .collect();
    assert!(rects.len() > 20);
    for (i, [x, y, width, height]) in rects.iter().enumerate() {
        for [x2, y2, width2, height2] in &rects[..i] {
            let apart = x + width < *x2 || x2 + width2 < *x || y + height < *y2 || y2 + height2 < *y;
            assert!(apart, "{rects:?}");
        }
    }
}
