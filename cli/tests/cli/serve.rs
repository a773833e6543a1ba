//! `serve-lines`: an answer to each line, whatever it is.

use crate::call::with_input;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

/// The answers to some lines.
#[track_caller]
fn serve(lines: &[&str]) -> Vec<Value> {
    let given = with_input(&["serve-lines", "--max-steps", "1000000"], (lines.join("\n") + "\n").as_bytes());
    assert_eq!((given.code, given.err.as_str()), (0, ""), "{given:?}");
    given.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_operation_answers() {
    let answers = serve(&[
        r#"{"id": 1, "op": "run", "program": "(* k x)", "inputs": {"k": 2, "x": 3}}"#,
        r#"{"id": "two", "op": "grad", "program": "(* k x)", "inputs": {"k": 2, "x": 3}}"#,
        r#"{"id": [3], "op": "grad", "program": "(* k x)", "inputs": {"k": 2, "x": 3}, "wrt": ["x"]}"#,
        r#"{"id": null, "op": "hessian", "program": "(* x x y)", "inputs": {"x": 3, "y": 2}}"#,
        r#"{"op": "check", "program": "(* (param k 2 0 10) x)"}"#,
        r#"{"id": 6, "op": "run", "program": "(list x)", "inputs": {"x": {"string": "a"}}}"#,
    ]);
    assert_eq!(answers[0], json!({"id": 1, "value": 6}));
    assert_eq!(answers[1], json!({"id": "two", "value": 6, "grad": {"k": 3, "x": 2}}));
    assert_eq!(answers[2], json!({"id": [3], "value": 6, "grad": {"x": 2}}));
    let hessian = json!({"x": {"x": 4, "y": 6}, "y": {"x": 6, "y": 0}});
    assert_eq!(answers[3], json!({"id": null, "value": 18, "grad": {"x": 12, "y": 9}, "hessian": hessian}));
    let params = json!([{"name": "k", "init": 2, "lo": 0, "hi": 10}]);
    let check =
        json!({"id": null, "ok": true, "inputs": ["x"], "params": params, "type": "real", "warnings": []});
    assert_eq!(answers[4], check);
    assert_eq!(answers[5], json!({"id": 6, "value": {"list": [{"string": "a"}]}}));
}

#[test]
fn an_id_comes_back_as_it_is_written() {
    for id in ["12345678901234567890123", "-9007199254740993", "1.0", "\"\\u00e9\"", "{\"a\": [1,  2.50]}"] {
        let line = format!("{{\"op\": \"run\", \"program\": \"1\", \"id\": {id} }}\n");
        let given = with_input(&["serve-lines"], line.as_bytes());
        assert_eq!(given.out, format!("{{\"id\": {id}, \"value\": 1}}\n"));
    }
}

#[test]
fn what_is_wrong_is_answered() {
    for (line, code, says) in [
        ("", "E1102", "not JSON"),
        ("{\"id\": 7, \"op\"", "E1102", "not JSON"),
        ("[1]", "E1102", "not a JSON object"),
        (r#"{"id": 7}"#, "E1102", "`op` is missing"),
        (r#"{"id": 7, "op": "run", "program": "1", "wtr": []}"#, "E1102", "\"wtr\" is no key of a request"),
        (r#"{"id": 7, "op": "run", "program": "1"} 2"#, "E1102", "trailing characters"),
        (r#"{"id": 7, "op": "run", "program": "x", "inputs": {"x": 1e400}}"#, "E1102", "out of range"),
        (r#"{"op": "run", "inputs": {"x": 1e400}, "id": 7, "program": }"#, "E1102", "not JSON"),
        (r#"{"id": 7, "op": "fit", "program": "1"}"#, "E1102", "none of run"),
        (r#"{"id": 7, "op": "run", "program": 1}"#, "E1102", "`program` is not a string"),
        (r#"{"id": 7, "op": "run", "program": "x", "inputs": [1]}"#, "E1102", "`inputs` is not an object"),
        (
            r#"{"id": 7, "op": "run", "program": "x", "inputs": {"x": [true]}}"#,
            "E1102",
            "a boolean in an array",
        ),
        (r#"{"id": 7, "op": "grad", "program": "x", "inputs": {"x": 1}, "wrt": "x"}"#, "E1102", "`wrt`"),
        (r#"{"id": 7, "op": "run", "op": "run", "program": "1"}"#, "E1102", "the key \"op\" stands twice"),
        (
            r#"{"id": 7, "op": "run", "program": "x", "inputs": {"x": 1, "x": 2}}"#,
            "E1102",
            "the key \"x\" stands twice",
        ),
        (r#"{"id": 7, "op": "run", "program": "x"}"#, "E0302", "`x` has no value"),
        (r#"{"id": 7, "op": "run", "program": "(+ 1"}"#, "E0101", "never closed"),
        (r#"{"id": 7, "op": "check", "program": "(define (f x) x) (f 1 2)"}"#, "E0401", ""),
        (r#"{"id": 7, "op": "run", "program": "(define (f) (f)) (f)"}"#, "E0802", "steps"),
    ] {
        let answers = serve(&[line, r#"{"id": 8, "op": "run", "program": "1"}"#]);
        assert_eq!(answers.len(), 2, "{line}");
        let error = &answers[0]["error"];
        assert_eq!(error["code"], code, "{line}: {error}");
        assert!(error["message"].as_str().unwrap().contains(says), "{line}: {error}");
        let id = if line.contains("\"id\": 7") { json!(7) } else { Value::Null };
        assert_eq!(answers[0]["id"], id, "{line}");
        assert_eq!(answers[1], json!({"id": 8, "value": 1}));
    }
    for line in [r#"{"id": 7, "id": 8, "op": "run", "program": "1"}"#, "{\"id\": 7"] {
        assert_eq!(serve(&[line])[0]["id"], Value::Null, "{line}");
    }
    let several = serve(&[r#"{"id": 1, "op": "run", "program": "(foo 1) (bar 2)"}"#]);
    assert_eq!(several[0]["errors"].as_array().unwrap().len(), 2);
    let error = &serve(&["{\"id\": 1, oops}"])[0]["error"];
    assert_eq!(
        (&error["line"], &error["column"], &error["source"]),
        (&json!(1), &json!(11), &json!("{\"id\": 1, oops}"))
    );
}

#[test]
fn a_thousand_lines_with_every_tenth_malformed() {
    let malformed: [&[u8]; 6] =
        [b"", b"{", b"not JSON at all", b"{\"id\": 1, \"op\": \"run\"}", b"\xFF\xFE\x00", b"[[[[[[[["];
    let mut lines = Vec::new();
    for i in 0..1000 {
        if i % 10 == 9 {
            lines.extend(malformed[i / 10 % malformed.len()]);
        } else {
            // A few programs that come again, and some that are new.
            let text = format!("(+ (* k k {}) {})", i % 7, if i % 50 == 0 { i } else { 1 });
            lines.extend(
                json!({"id": i, "op": "grad", "program": text, "inputs": {"k": i}}).to_string().bytes(),
            );
        }
        lines.push(b'\n');
    }
    let given = with_input(&["serve-lines", "--max-steps", "1000000"], &lines);
    assert_eq!((given.code, given.err.as_str()), (0, ""));
    let answers: Vec<Value> = given.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 1000);
    for (i, answer) in answers.iter().enumerate() {
        if i % 10 == 9 {
            assert_eq!(
                (&answer["error"]["code"], &answer["error"]["family"]),
                (&json!("E1102"), &json!("io")),
                "{i}"
            );
        } else {
            let n = (i % 7) as f64;
            let k = i as f64;
            let added = if i % 50 == 0 { k } else { 1.0 };
            let expect = json!({"id": i, "value": k * k * n + added, "grad": {"k": 2.0 * k * n}});
            assert_eq!(numbers(answer), numbers(&expect), "{i}");
        }
    }
}

/// With every number an f64, as `6` and `6.0` are not equal in serde_json.
fn numbers(json: &Value) -> Value {
    match json {
        Value::Number(x) => json!(x.as_f64()),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), numbers(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn each_answer_comes_at_once() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scheme-grad"))
        .arg("serve-lines")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for i in 0..3 {
        // The answer is read before the next request is written: it would be waited for forever if it stayed in a buffer.
        writeln!(input, "{}", json!({"id": i, "op": "run", "program": "(+ 1 2)"})).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, format!("{{\"id\": {i}, \"value\": 3}}\n"));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn long_lines_are_refused_and_read_past() {
    let mut lines = vec![b'x'; (16 << 20) + 5];
    lines.extend(b"\n{\"id\": 1, \"op\": \"run\", \"program\": \"1\"}");
    let given = with_input(&["serve-lines"], &lines);
    let answers: Vec<Value> = given.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0]["error"]["code"], "E1102");
    assert_eq!(answers[1], json!({"id": 1, "value": 1}));
}

#[test]
fn what_turned_is_told() {
    let lines = concat!(
        r#"{"id": 1, "op": "run", "program": "(sqrt x)", "inputs": {"x": -1}}"#,
        "\n",
        r#"{"id": 2, "op": "grad", "program": "(sqrt x)", "inputs": {"x": 4}}"#,
        "\n",
    );
    let given = with_input(&["serve-lines", "--trace-nonfinite"], lines.as_bytes());
    let answers: Vec<Value> = given.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers[0]["nonfinite"]["where"]["source"], "(sqrt x)");
    assert_eq!(answers[1], json!({"id": 2, "value": 2, "grad": {"x": 0.25}, "nonfinite": null}));
}

/// Requests whose bytes are changed at random, the same in every run.
#[test]
fn changed_bytes_are_answered() {
    let requests = [
        r#"{"id": 1, "op": "run", "program": "(* k x)", "inputs": {"k": 2, "x": 3}}"#,
        r#"{"id": "λ", "op": "grad", "program": "(dot v [1 2])", "inputs": {"v": [1, 2e0]}, "wrt": ["v"]}"#,
        r#"{"id": [1], "op": "hessian", "program": "(* x x)", "inputs": {"x": -1e308}}"#,
        r#"{"id": null, "op": "check", "program": "(define (f x) (* (param k 1 0 9) x)) (f y)"}"#,
        r#"{"id": 2, "op": "run", "program": "(string-append s \"\\x3bb;\")", "inputs": {"s": {"string": "λ"}}}"#,
    ];
    let pieces: [&[u8]; 16] = [
        b"\"",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b"\xFF",
        "λ".as_bytes(),
        b"1e9",
        b"-0",
        b"null",
        b"(",
    ];
    let mut state = 1u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut lines = Vec::new();
    const COUNT: usize = 1000;
    for i in 0..COUNT {
        let mut line = requests[i % requests.len()].as_bytes().to_vec();
        for _ in 0..1 + below(3) {
            let at = below(line.len());
            let end = (at + below(4)).min(line.len());
            line.splice(at..end, pieces[below(pieces.len())].iter().copied());
        }
        lines.extend(line);
        lines.push(b'\n');
    }
    let given = with_input(&["serve-lines", "--max-steps", "100000"], &lines);
    assert_eq!((given.code, given.err.as_str()), (0, ""));
    let answers: Vec<Value> = given.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), COUNT);
    for answer in &answers {
        assert!(answer.get("id").is_some(), "{answer}");
        match answer.get("error") {
            None => assert!(answer.get("value").is_some() || answer["ok"] == true, "{answer}"),
            Some(error) => {
                let whole =
                    ["line", "column", "end_line", "end_column"].iter().all(|key| error[key].is_u64());
                assert!(whole && error["code"].is_string() && error["message"].is_string(), "{answer}");
            }
        }
    }
    let failed = answers.iter().filter(|answer| answer.get("error").is_some()).count();
    assert!(failed > COUNT / 2 && failed < COUNT, "{failed} failed");
}
