//! `compile`: a saved program is taken wherever a program is.

use crate::call::{call, file, good, with_input};
use serde_json::{Value, json};
use std::fs;

const MODEL: &str = "; a decay\n(define (rate t) (* b t))\n(* (param a 2 0 10) (exp (- (rate t))))";

#[test]
fn artefacts_are_programs() {
    let path = file("decay.json", b"");
    let path = path.to_str().unwrap();
    assert_eq!(call(&["compile", "-e", MODEL, "-o", path]).out, "");
    let saved = fs::read_to_string(path).unwrap();
    assert!(!saved.contains("a decay"));
    let set = ["--set", "b=0.5", "--set", "t=1.5", "--json"];
    for command in ["run", "grad", "hessian"] {
        let from_text = good(&[&[command, "-e", MODEL][..], &set].concat());
        assert_eq!(good(&[&[command, path][..], &set].concat()), from_text, "{command}");
    }
    let check = good(&["check", path, "--json"]);
    assert_eq!(check["params"], json!([{"name": "a", "init": 2, "lo": 0, "hi": 10}]));
    let graph = |args: &[&str]| call(&[&["graph"][..], args].concat()).out;
    assert_eq!(graph(&[path]), graph(&["-e", MODEL]));
    let rows = with_input(&["batch", path, "--data", "-", "--set", "b=0.5"], b"t\n0\n");
    assert_eq!(rows.out, "value\n2\n");
    // From standard input, without a file, and in requests.
    let printed = call(&["compile", "-e", MODEL]);
    assert_eq!(printed.out, saved);
    assert_eq!(with_input(&["run", "-", "--set", "b=1", "--set", "t=0"], saved.as_bytes()).out, "2\n");
    let request = json!({"id": 1, "op": "run", "program": saved, "inputs": {"b": 1, "t": 0}});
    let answer = with_input(&["serve-lines"], request.to_string().as_bytes());
    assert_eq!(answer.json(), json!({"id": 1, "value": 2}));
    assert_eq!(good(&["compile", "-e", MODEL, "-o", path, "--json"]), json!({"ok": true, "file": path}));
}

#[test]
fn damaged_artefacts_are_refused() {
    let saved = call(&["compile", "-e", MODEL]).out;
    let cut = &saved[..saved.len() / 2];
    let other = saved.replace("\"version\": 1", "\"version\": 999");
    let changed = saved.replace("exp", "sin");
    for (text, code) in [(cut, "E1001"), (&other, "E1002"), (&changed, "E1001"), ("{\"a\": 1}", "E1001")] {
        let error = with_input(&["run", "-", "--json"], text.as_bytes()).error(1);
        assert_eq!((&error["code"], &error["family"]), (&json!(code), &json!("artefact")), "{error}");
    }
}

#[test]
fn warnings_are_told() {
    let given = call(&["compile", "-e", "(define speed 2) (* speeed x)"]);
    assert!(given.code == 0 && given.err.starts_with("W0301: "), "{given:?}");
}

#[test]
fn what_is_wrong_is_not_saved() {
    let path = file("wrong.json", b"kept");
    let error = call(&["compile", "-e", "(sqr x)", "-o", path.to_str().unwrap(), "--json"]).error(1);
    assert_eq!(error["code"], "E0301");
    assert_eq!(fs::read(&path).unwrap(), b"kept");
    let error: Value = call(&["compile", "-e", "1", "-o", "/no/such/folder/f.json", "--json"]).error(1);
    assert_eq!((&error["code"], &error["family"]), (&json!("E1101"), &json!("io")));
}
