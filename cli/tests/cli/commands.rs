//! `run`, `grad`, `hessian`, `check`, `explain`.

use crate::call::{call, file, good, refused, with_input};
use serde_json::{Value, json};

const COULOMB: &str = "(* k (/ (* q1 q2) (* r r)))";
const CONSTANTS: [&str; 8] = ["--set", "k=8.99", "--set", "q1=1", "--set", "q2=2", "--set", "r=0.5"];

#[test]
fn run_gives_the_value() {
    let given = call(&[&["run", "-e", COULOMB][..], &CONSTANTS].concat());
    assert_eq!((given.code, given.out.as_str(), given.err.as_str()), (0, "71.92\n", ""));
    assert_eq!(
        call(&[&["run", "-e", COULOMB, "--json"][..], &CONSTANTS].concat()).out,
        "{\"value\": 71.92}\n"
    );
    assert_eq!(call(&["run", "-e", "(list 1 'a \"b\")"]).out, "(1 a \"b\")\n");
    assert_eq!(call(&["run", "-e", "(< 1 2)"]).out, "#t\n");
    assert_eq!(call(&["run", "-e", "-1.5"]).out, "-1.5\n");
}

#[test]
fn numbers_are_exact_in_json() {
    for (text, out) in [
        ("(+ 0.1 0.2)", "0.30000000000000004"),
        ("6", "6"),
        ("-0.0", "-0.0"),
        ("1e21", "1e21"),
        ("(/ 1 0)", "\"+inf.0\""),
        ("(/ -1 0)", "\"-inf.0\""),
        ("(/ 0. 0)", "\"+nan.0\""),
    ] {
        assert_eq!(call(&["run", "-e", text, "--json"]).out, format!("{{\"value\": {out}}}\n"));
    }
    let text = "x";
    for set in ["x=0.1", "x=1/3", "x=5e-324", "x=123456789.12345679", "x=-0.0", "x=2.2250738585072011e-308"] {
        let out = good(&["run", "-e", text, "--set", set, "--json"]);
        let read = scheme_core::reader::parse_number(&set[2..], 10).unwrap();
        assert_eq!(out["value"].as_f64().map(f64::to_bits), Some(read.to_bits()), "{set}");
    }
}

#[test]
fn every_kind_of_value_has_its_json() {
    for (text, value) in [
        ("#f", json!(false)),
        ("'a", json!({"symbol": "a"})),
        ("'(|1|)", json!({"list": [{"symbol": "1"}]})),
        ("(list \"a\" #\\b)", json!({"list": [{"string": "a"}, {"char": "b"}]})),
        ("'(1 2 . 3)", json!({"pair": [1, {"pair": [2, 3]}]})),
        ("'#(1 (2))", json!({"vector": [1, {"list": [2]}]})),
        ("car", json!({"procedure": "car"})),
        ("(list (lambda (x) x))", json!({"list": [{"procedure": "lambda"}]})),
        ("(if #f #f)", Value::Null),
    ] {
        assert_eq!(good(&["run", "-e", text, "--json"]), json!({"value": value}), "{text}");
    }
}

#[test]
fn grad_gives_value_and_gradient() {
    let call_with = |more: &[&str]| call(&[&["grad", "-e", COULOMB][..], &CONSTANTS, more].concat());
    let all = call_with(&["--json"]);
    assert_eq!(
        all.out,
        "{\"value\": 71.92, \"grad\": {\"k\": 8, \"q1\": 71.92, \"q2\": 35.96, \"r\": -287.68}}\n"
    );
    let some = call_with(&["--json", "--wrt", "r, k,r"]);
    assert_eq!(some.out, "{\"value\": 71.92, \"grad\": {\"r\": -287.68, \"k\": 8}}\n");
    assert_eq!(call_with(&["--wrt", "k"]).out, "value 71.92\nd_k 8\n");
    assert_eq!(good(&["grad", "-e", "42", "--json"]), json!({"value": 42, "grad": {}}));
    let root = good(&["grad", "-e", "(sqrt x)", "--set", "x=0", "--json"]);
    assert_eq!(root, json!({"value": 0, "grad": {"x": "+inf.0"}}));
}

#[test]
fn parameters_are_differentiated_by_and_may_be_given() {
    let text = "(* (param a 2 0 10) t)";
    assert_eq!(
        good(&["grad", "-e", text, "--set", "t=3", "--json"]),
        json!({"value": 6, "grad": {"t": 2, "a": 3}})
    );
    let given = good(&["grad", "-e", text, "--set", "t=3", "--set", "a=4", "--wrt", "a", "--json"]);
    assert_eq!(given, json!({"value": 12, "grad": {"a": 3}}));
}

#[test]
fn what_holds_no_numbers_has_no_derivative() {
    let text = "(* x (string-length s))";
    let args = ["grad", "-e", text, "--set", "x=2", "--set", "s={\"string\": \"abc\"}", "--json"];
    assert_eq!(good(&args), json!({"value": 6, "grad": {"x": 3}}));
    let error = call(&[&args[..], &["--wrt", "s"]].concat()).error(1);
    assert_eq!(error["family"], "type");
    let list = ["grad", "-e", "(* (car l) (cadr l))", "--set", "l={\"list\": [2, 3]}", "--json"];
    assert_eq!(good(&list), json!({"value": 6, "grad": {"l": {"list": [3, 2]}}}));
}

#[test]
fn hessian_gives_second_derivatives() {
    let args = ["hessian", "-e", "(* x x y)", "--set", "x=3", "--set", "y=2"];
    let text = "value 18\nd_x 12\nd_y 9\nd_x_x 4\nd_x_y 6\nd_y_x 6\nd_y_y 0\n";
    assert_eq!(call(&args).out, text);
    let all = json!({"value": 18, "grad": {"x": 12, "y": 9}, "hessian": {"x": {"x": 4, "y": 6}, "y": {"x": 6, "y": 0}}});
    assert_eq!(good(&[&args[..], &["--json"]].concat()), all);
    let some = json!({"value": 18, "grad": {"x": 12}, "hessian": {"x": {"x": 4}}});
    assert_eq!(good(&[&args[..], &["--json", "--wrt", "x"]].concat()), some);
    let arrays = ["hessian", "-e", "(* x (dot v v))", "--set", "x=2", "--set", "v=[1, 3]", "--json"];
    let hessian = json!({"x": {"x": 0, "v": [2, 6]}, "v": {"x": [2, 6], "v": [[4, 0], [0, 4]]}});
    assert_eq!(good(&arrays)["hessian"], hessian);
}

#[test]
fn grad_wants_a_number() {
    let error = call(&["grad", "-e", "(list x)", "--set", "x=1", "--json"]).error(1);
    assert_eq!((error["code"].as_str(), error["family"].as_str()), (Some("E0502"), Some("type")));
    let error = call(&["grad", "-e", "(* 2 x)", "--set", "x=1", "--wrt", "y", "--json"]).error(1);
    assert_eq!(error["hint"], "its inputs are: x");
}

#[test]
fn programs_come_from_files_and_standard_input() {
    let path = file("square.scm", b"; a model\n(define (f x) (* x x))\n(f x)\n");
    let path = path.to_str().unwrap();
    assert_eq!(call(&["run", path, "--set", "x=3"]).out, "9\n");
    let given = with_input(&["grad", "-", "--set", "x=3", "--json"], b"(* x x)");
    assert_eq!(given.json(), json!({"value": 9, "grad": {"x": 6}}));
    let given = with_input(&["run", "-"], b"(car 5)");
    assert!(given.err.contains("--> <stdin>:1:1"), "{given:?}");

    let missing = call(&["run", "no-such-file.scm", "--json"]);
    let error = missing.error(1);
    assert_eq!((error["code"].as_str(), error["family"].as_str()), (Some("E1101"), Some("io")));
    let text = call(&["run", "(+ 1 2)"]);
    assert!(text.code == 1 && text.err.contains("-e"), "{text:?}");
    let broken = file("broken.scm", b"(+ 1\n \xFF 2)");
    let error = call(&["run", broken.to_str().unwrap(), "--json"]).error(1);
    assert_eq!((&error["line"], &error["column"]), (&json!(2), &json!(2)));
}

#[test]
fn inputs_come_from_a_file() {
    let path = file("inputs.json", b"{\"x\": 3, \"y\": \"+inf.0\", \"z\": 0.1}");
    let path = path.to_str().unwrap();
    let list = ["run", "-e", "(list x y z)", "--json", "--inputs", path];
    assert_eq!(good(&list), json!({"value": {"list": [3, "+inf.0", 0.1]}}));
    let over = [&list[..], &["--set", "x=4"]].concat();
    assert_eq!(good(&over), json!({"value": {"list": [4, "+inf.0", 0.1]}}));

    refused(&["run", "-e", "x", "--inputs", "no-such-file.json"], "cannot be read");
    for (name, text, says) in [
        ("bad1.json", "{\"x\": ", "not JSON"),
        ("bad2.json", "[1]", "a JSON object"),
        ("bad3.json", "{\"x\": [[1, 2], [3]]}", "`x` has a row of 2 and a row of 1"),
        ("bad4.json", "{\"x\": {\"sym\": \"a\"}}", "not one of a symbol"),
        ("bad5.json", "{\"x\": \"1\"}", "not a number"),
        ("bad6.json", "{\"x\": 1e999}", "not JSON"),
    ] {
        let path = file(name, text.as_bytes());
        refused(&["run", "-e", "x", "--inputs", path.to_str().unwrap()], says);
    }
}

#[test]
fn inputs_and_answers_are_arrays() {
    let run = ["run", "-e", "(matvec A r)", "--set", "A=[[1, 2], [3, 4]]", "--set", "r=[1, \"-inf.0\"]"];
    assert_eq!(call(&run).out, "[-inf.0 -inf.0]\n");
    assert_eq!(good(&[&run[..], &["--json"]].concat()), json!({"value": ["-inf.0", "-inf.0"]}));
    let run = ["run", "-e", "(transpose A)", "--set", "A=[[1, 2, 3], [4, 5, 6]]"];
    assert_eq!(call(&run).out, "(mat [1 4] [2 5] [3 6])\n");
    assert_eq!(good(&[&run[..], &["--json"]].concat()), json!({"value": [[1, 4], [2, 5], [3, 6]]}));
    let program = "(* m (dot r (matvec A r)))";
    let set = ["--set", "m=2", "--set", "r=[1, 2]", "--set", "A=[[1, 2], [0, 1]]"];
    let grad = [&["grad", "-e", program][..], &set].concat();
    assert_eq!(call(&grad).out, "value 18\nd_m 9\nd_r [12 12]\nd_A (mat [2 4] [4 8])\n");
    let json = json!({"value": 18, "grad": {"m": 9, "r": [12, 12], "A": [[2, 4], [4, 8]]}});
    assert_eq!(good(&[&grad[..], &["--json"]].concat()), json);
    let error = call(&["run", "-e", "(+ 1 (dot r [1 2 3]))", "--set", "r=[1, 2, 3, 4]", "--json"]).error(1);
    assert_eq!((&error["code"], &error["family"]), (&json!("E0601"), &json!("shape")));
    assert_eq!(error["message"], "`dot` cannot take a vector of 4 and a vector of 3");
    assert_eq!((&error["column"], &error["end_column"]), (&json!(6), &json!(21)));
}

#[test]
fn inputs_that_do_not_fit() {
    let error = call(&["run", "-e", "(+ 1\n  (* x y))", "--set", "x=1", "--json"]).error(1);
    assert_eq!(
        error,
        json!({"code": "E0302", "family": "unbound", "message": "the input `y` has no value", "line": 2,
               "column": 8, "end_line": 2, "end_column": 9, "source": "  (* x y))", "hint": null})
    );
    let error = call(&["run", "-e", "(* x x)", "--set", "x=1", "--set", "z=1", "--json"]).error(1);
    assert_eq!(error["message"], "the program has no input `z`");
    refused(&["run", "-e", "x", "--set", "x"], "NAME=VALUE");
    refused(&["run", "-e", "x", "--set", "x=one"], "not a number");
    refused(&["run", "-e", "x", "--set", "x=1", "--set", "x=2"], "set twice");
    refused(&["run", "-e", "x", "--set", "x=[true]"], "a boolean in an array");
}

#[test]
fn errors_have_a_place_and_a_hint() {
    let given = call(&["run", "-e", "(+ 1\n   (sqr x))"]);
    assert_eq!((given.code, given.out.as_str()), (1, ""));
    for part in ["E0301: ", "--> <text>:2:5", "2 |    (sqr x))", "\n  |     ^^^\n", "hint: "] {
        assert!(given.err.contains(part), "{part}: {given:?}");
    }
    let given = call(&["run", "-e", "(+ 1\n   (sqr x))", "--json"]);
    assert_eq!(given.err, "");
    let error = given.error(1);
    let keys: Vec<_> = error.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 9);
    assert_eq!((error["code"].as_str(), error["family"].as_str()), (Some("E0301"), Some("unbound")));
    assert_eq!((&error["line"], &error["column"]), (&json!(2), &json!(5)));
    assert_eq!((&error["end_line"], &error["end_column"]), (&json!(2), &json!(8)));
    assert_eq!(error["source"], "   (sqr x))");
    assert!(error["hint"].as_str().unwrap().contains("sq"), "{error}");
    assert!(given.json().get("errors").is_none());
    let error = call(&["run", "-e", "(error \"no luck:\" 'a)", "--json"]).error(1);
    assert_eq!((error["family"].as_str(), error["message"].as_str()), (Some("user"), Some("no luck: a")));
}

#[test]
fn several_errors_are_given_together() {
    let given = call(&["check", "-e", "(foo 1)\n(bar 2)", "--json"]);
    assert_eq!(given.code, 1);
    let json = given.json();
    let errors = json["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{json}");
    assert_eq!(json["error"], errors[0]);
    assert_eq!((&errors[1]["line"], &errors[1]["column"]), (&json!(2), &json!(2)));
    let drawn = call(&["check", "-e", "(foo 1)\n(bar 2)"]).err;
    assert!(drawn.contains("1 | (foo 1)\n  |  ^^^") && drawn.contains("2 | (bar 2)\n  |  ^^^"), "{drawn}");
}

#[test]
fn check_tells_what_is_known() {
    assert_eq!(
        good(&["check", "-e", COULOMB, "--json"]),
        json!({"ok": true, "inputs": ["k", "q1", "q2", "r"], "params": [], "type": "real", "warnings": []})
    );
    for (text, ty) in [
        ("(> x 1)", "bool"),
        ("(vec x 1)", "(vec 2)"),
        ("(list x)", "list"),
        ("(apply + (iota 3 x))", "real"),
        ("(if (> x 0) 'a 'b)", "symbol"),
        ("(if (> x 0) 'a 1)", "any"),
    ] {
        assert_eq!(good(&["check", "-e", text, "--json"])["type"], ty, "{text}");
    }
    let params = json!([{"name": "a", "init": 2, "lo": 0, "hi": 10}, {"name": "b", "init": -1.5, "lo": null, "hi": null}]);
    let text = "(* (param a 2 0 10) (exp (* (param b -1.5) t)))";
    assert_eq!(good(&["check", "-e", text, "--json"])["params"], params);
    assert_eq!(
        call(&["check", "-e", text]).out,
        "ok\ninputs: t\nparam: a = 2 in 0 to 10\nparam: b = -1.5\ntype: real\n"
    );
    assert_eq!(call(&["check", "-e", "(* 2 x)"]).out, "ok\ninputs: x\ntype: real\n");
    // It runs nothing.
    assert_eq!(call(&["check", "-e", "(define (f) (f)) (f)"]).code, 0);
    // What every run meets is known before any.
    let error = call(&["check", "-e", "(define (f x) x) (f 1 2)", "--json"]).error(1);
    assert_eq!(error["family"], "arity");
}

#[test]
fn warnings_are_told() {
    let text = "(if (< x k) (* 2 x) 1)";
    let warnings = &good(&["check", "-e", text, "--json"])["warnings"];
    let Value::Array(warnings) = warnings else { panic!("{warnings}") };
    assert_eq!(warnings.len(), 1);
    assert_eq!((&warnings[0]["code"], &warnings[0]["column"]), (&json!("W0501"), &json!(10)));
    let given = call(&["grad", "-e", text, "--set", "x=1", "--set", "k=2", "--json"]);
    assert_eq!(given.json(), json!({"value": 2, "grad": {"x": 2, "k": 0}}));
    assert!(given.code == 0 && given.err.starts_with("W0501: "), "{given:?}");
    // Without a derivative it does not matter.
    let given = call(&["run", "-e", text, "--set", "x=1", "--set", "k=2"]);
    assert_eq!((given.out.as_str(), given.err.as_str()), ("2\n", ""));
    let given = call(&["run", "-e", "(define speed 2) (* speeed x)", "--set", "x=1", "--set", "speeed=2"]);
    assert!(given.out == "2\n" && given.err.starts_with("W0301: "), "{given:?}");
    // A parameter may be given what lies outside of its bounds.
    let args = ["run", "-e", "(* (param a 2 0 10) x)", "--set", "x=1", "--set"];
    for (set, out, err) in [
        ("a=30", "30\n", "warning: the parameter `a` is 30, above its bound 10\n"),
        ("a=-1", "-1\n", "warning: the parameter `a` is -1, below its bound 0\n"),
        ("a=10", "10\n", ""),
    ] {
        let given = call(&[&args[..], &[set]].concat());
        assert_eq!((given.code, given.out.as_str(), given.err.as_str()), (0, out, err), "{set}");
    }
}

#[test]
fn budgets_exit_4() {
    for (args, text, code) in [
        (&["--max-steps", "100000"][..], "(define (f n) (f (+ n 1))) (f 0)", "E0802"),
        (&["--max-depth", "100"], "(define (f n) (+ 1 (f n))) (f 0)", "E0803"),
        (&["--max-cells", "10000"], "(define (f l) (f (cons 1 l))) (f '())", "E0804"),
        (&["--max-steps", "0"], "1", "E0802"),
        (&[], "(zeros 1e6 1e6)", "E0804"),
    ] {
        let given = call(&[&["run", "-e", text, "--json"], args].concat());
        let error = given.error(4);
        assert_eq!(
            (error["code"].as_str(), error["family"].as_str()),
            (Some(code), Some("budget")),
            "{text}"
        );
        assert_eq!(error["in"].as_str(), text.starts_with("(define (f ").then_some("f"), "{text}");
        let given = call(&[&["grad", "-e", text], args].concat());
        assert!(given.code == 4 && given.out.is_empty() && given.err.starts_with(code), "{given:?}");
    }
    let endless = "(let loop ((i 0)) (loop (+ i 1)))";
    for time in ["0.05", "0"] {
        let error = call(&["run", "-e", endless, "--timeout", time, "--json"]).error(4);
        assert_eq!(error["code"], "E0806", "{time}");
    }
    assert_eq!(call(&["run", "-e", "(+ 1 2)", "--timeout", "60"]).out, "3\n");
    refused(&["run", "-e", "1", "--timeout", "soon"], "--timeout");
    let huge = "18446744073709551615";
    let args = ["run", "-e", "(+ 1 2)", "--max-steps", huge, "--max-depth", huge, "--max-cells", huge];
    assert_eq!(call(&args).out, "3\n");
}

#[test]
fn what_first_turned_nan_or_infinite_is_told() {
    let text = "(define (root y)\n  (sqrt y))\n(* 2 (root (- x 1)))";
    let call_at = |command: &str, x: &str, more: &[&str]| {
        let set = format!("x={x}");
        call(&[&[command, "-e", text, "--set", &set, "--trace-nonfinite"][..], more].concat())
    };
    let place = json!({"line": 2, "column": 3, "end_line": 2, "end_column": 11, "source": "  (sqrt y))"});
    let given = call_at("run", "0", &["--json"]);
    let found = json!({"where": place, "value": "+nan.0", "in": "value"});
    assert_eq!((given.code, given.json()), (0, json!({"value": "+nan.0", "nonfinite": found})));
    // At the edge it is the derivative that is infinite.
    assert_eq!(call_at("run", "1", &["--json"]).json(), json!({"value": 0, "nonfinite": null}));
    let found = json!({"where": place, "value": "+inf.0", "in": "gradient"});
    let edge = json!({"value": 0, "grad": {"x": "+inf.0"}, "nonfinite": found});
    assert_eq!(call_at("grad", "1", &["--json"]).json(), edge);
    assert_eq!(call_at("hessian", "1", &["--json"]).json()["nonfinite"], found);
    assert_eq!(call_at("grad", "2", &["--json"]).json()["nonfinite"], Value::Null);
    let drawn = call_at("run", "0", &[]);
    assert_eq!(drawn.out, "+nan.0\n");
    assert!(
        drawn.err.starts_with("W0701: here the value first turned +nan.0\n --> <text>:2:3\n"),
        "{drawn:?}"
    );
    // So may the second derivative be.
    let given = call(&["hessian", "-e", "(expt x 1.5)", "--set", "x=0", "--json", "--trace-nonfinite"]);
    let found = &given.json()["nonfinite"];
    assert_eq!(
        (&found["value"], &found["in"], &found["order"]),
        (&json!("+inf.0"), &json!("gradient"), &json!(2))
    );
    let drawn = call(&["hessian", "-e", "(expt x 1.5)", "--set", "x=0", "--trace-nonfinite"]);
    assert!(drawn.err.starts_with("W0701: here the second derivative first turned +inf.0\n"), "{drawn:?}");
    // What is written so has turned nowhere.
    let given = call(&["run", "-e", "(+ 1 +inf.0)", "--json", "--trace-nonfinite"]);
    assert_eq!(given.json()["nonfinite"]["where"]["column"], 6);
    // A run that fails may have met it before.
    let text = "(list-ref (list 1 2) (/ 1 x))";
    let given = call(&["run", "-e", text, "--set", "x=0", "--json", "--trace-nonfinite"]);
    assert_eq!((given.code, &given.json()["error"]["family"]), (1, &json!("domain")));
    let nonfinite = &given.json()["nonfinite"];
    assert_eq!((&nonfinite["where"]["column"], &nonfinite["value"]), (&json!(22), &json!("+inf.0")));
}

#[test]
fn explain_tells_of_codes() {
    let given = call(&["explain", "E0301"]);
    assert_eq!(given.code, 0);
    assert!(given.out.starts_with("E0301 (unbound)\n") && given.out.contains("(square x)"), "{given:?}");
    let json = good(&["explain", "e0301", "--json"]);
    assert_eq!((&json["code"], &json["family"]), (&json!("E0301"), &json!("unbound")));
    assert_eq!((&json["example"], &json["repair"]), (&json!("(sqr x)"), &json!("(square x)")));
    refused(&["explain", "E9999"], "there is no code `E9999`");
    let all = call(&["explain"]);
    assert!(all.out.contains("\nE0802  A run takes more steps than it may."), "{all:?}");
}

#[test]
fn nothing_panics_on_odd_input() {
    let deep = format!("{}1{}", "(+ 1 ".repeat(5_000), ")".repeat(5_000));
    let nested = "(let loop ((i 0) (l '())) (if (= i 100000) l (loop (+ i 1) (list l))))";
    // Inlined, each procedure's body nests in that of the next.
    let inner: String = (1..80)
        .map(|i| format!("(define (f{i} x) {}(f{} x){})", "(+ 1 ".repeat(9), i - 1, ")".repeat(9)))
        .collect();
    let inlined = format!("(define (f0 x) x) {inner} (f79 x)");
    for text in ["", "(", ")", "\u{0}", "é(", "'", "|", "#", "(((((", "\u{FEFF}1", &deep, nested, &inlined] {
        for command in ["run", "check", "grad", "hessian", "compile", "graph"] {
            let given = with_input(&[command, "-", "--json"], text.as_bytes());
            assert!([0, 1, 4].contains(&given.code), "{command} {given:?}");
            assert!(given.out.starts_with('{'), "{command} {given:?}");
        }
    }
}
