//! `batch`: one row out for each row in.

use crate::call::{call, file, refused, with_input};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

const MODEL: &str = "(* (param k 2) x (sin y))";

#[test]
fn each_row_has_its_value() {
    let path = file("rows.csv", b"id, y ,x\nfirst,0,1\nsecond,1.5,-2\n\"third\",1/2,3\n");
    let path = path.to_str().unwrap();
    let given = call(&["batch", "-e", MODEL, "--data", path]);
    assert_eq!((given.code, given.err.as_str()), (0, ""));
    let rows: Vec<&str> = given.out.lines().collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[..2], ["value", "0"]);
    for (row, set) in rows[1..].iter().zip([["x=1", "y=0"], ["x=-2", "y=1.5"], ["x=3", "y=1/2"]]) {
        let single = call(&["run", "-e", MODEL, "--set", set[0], "--set", set[1]]);
        assert_eq!(format!("{row}\n"), single.out);
    }
}

#[test]
fn derivatives_are_columns() {
    let rows = b"x,y\n2,0\n3,0\n";
    let args = ["batch", "-e", "(+ (* k x x) y)", "--data", "-", "--set", "k=10", "--grad"];
    assert_eq!(with_input(&args, rows).out, "value,d_k,d_x,d_y\n40,4,40,1\n90,9,60,1\n");
    let some = [&args[..], &["--wrt", "y,k"]].concat();
    assert_eq!(with_input(&some, rows).out, "value,d_y,d_k\n40,1,4\n90,1,9\n");
    let param = ["batch", "-e", "(* (param k 2) x)", "--data", "-", "--grad"];
    assert_eq!(with_input(&param, b"x\n3\n").out, "value,d_x,d_k\n6,2,3\n");
    assert_eq!(with_input(&param, b"k,x\n5,3\n").out, "value,d_x,d_k\n15,5,3\n");
    // What is set stays, whatever the file says, and it is told.
    let given = with_input(&[&param[..], &["--set", "k=4"]].concat(), b"k,x\n5,3\n");
    assert_eq!((given.code, given.out.as_str()), (0, "value,d_x,d_k\n12,4,3\n"));
    assert_eq!(given.err, "warning: the column `k` of `-` is not read: `--set` gives `k` for every row\n");
}

#[test]
fn cells_are_values() {
    let args = ["batch", "-e", "(dot v [1 2])", "--data", "-", "--grad"];
    assert_eq!(with_input(&args, b"v\n\"[3, 4]\"\n").out, "value,d_v\n11,\"[1, 2]\"\n");
    let args = ["batch", "-e", "x", "--data", "-"];
    assert_eq!(with_input(&args, b"x\n+inf.0\ninf\nNaN\n1e3\n").out, "value\n+inf.0\n+inf.0\n+nan.0\n1000\n");
    let args = ["batch", "-e", "(> x 1)", "--data", "-"];
    assert_eq!(with_input(&args, b"x\n1\n2\n").out, "value\nfalse\ntrue\n");
    assert_eq!(with_input(&args, b"x\r\n1\r\n").out, "value\nfalse\n");
    assert_eq!(with_input(&args, b"x\n").out, "value\n");
}

#[test]
fn a_bad_row_leaves_its_place_empty() {
    let rows = b"x,y\n1,2\none,2\n3\n4,\n(0,1\n6,\xFF\n7,8\n";
    let args = ["batch", "-e", "(* x y)", "--data", "-"];
    let given = with_input(&args, rows);
    assert_eq!((given.code, given.out.as_str()), (1, "value\n2\n\"\"\n\"\"\n\"\"\n\"\"\n\"\"\n56\n"));
    for part in
        ["E1103: in row 2:", "--> -, row 2:1:1", "1 | one,2\n  | ^^^", "in row 3: it has 1 cells", "in row 4"]
    {
        assert!(given.err.contains(part), "{part}: {given:?}");
    }
    assert!(!given.err.contains("in row 1:") && !given.err.contains("in row 7:"), "{given:?}");

    // What the program says has its place in the program.
    let given =
        with_input(&["batch", "-e", "(if (> x 1) (error \"too large:\" x) x)", "--data", "-"], b"x\n1\n2\n");
    assert_eq!((given.code, given.out.as_str()), (1, "value\n1\n\"\"\n"));
    assert!(
        given.err.starts_with("E0901: in row 2: too large: 2\n") && given.err.contains("<text>:1:13"),
        "{given:?}"
    );

    let loop_to = "(let count ((i 0)) (if (>= i n) i (count (+ i 1))))";
    let args = ["batch", "-e", loop_to, "--data", "-", "--max-steps", "10000", "--json"];
    let given = with_input(&args, b"n\n3\n1e9\n4\n");
    assert_eq!((given.code, given.out.as_str()), (4, "value\n3\n\"\"\n4\n"));
    let told: Value = serde_json::from_str(&given.err).unwrap();
    assert_eq!((&told["row"], &told["error"]["code"]), (&json!(2), &json!("E0802")));
}

#[test]
fn an_empty_line_is_a_row_of_one_column() {
    let given = with_input(&["batch", "-e", "(* x x)", "--data", "-"], b"x\n1\n\n3\n\n");
    assert_eq!((given.code, given.out.as_str()), (1, "value\n1\n\"\"\n9\n"));
    assert!(given.err.starts_with("E1103: in row 2: the cell of `x` is empty\n"), "{given:?}");
    let given = with_input(&["batch", "-e", "(* x y)", "--data", "-"], b"x,y\n1,1\n\n3,1\n");
    assert_eq!((given.code, given.out.as_str()), (0, "value\n1\n3\n"));
}

#[test]
fn what_holds_no_number_has_no_derivative() {
    let args = ["batch", "-e", "(if b (* y y) y)", "--data", "-", "--grad"];
    let given = with_input(&args, b"b,y\ntrue,3\nfalse,2\n");
    assert_eq!((given.code, given.out.as_str()), (0, "value,d_y\n9,6\n2,1\n"));
    let given = with_input(&args, b"b,y\n1,3\nfalse,2\n");
    assert_eq!((given.code, given.out.as_str()), (0, "value,d_b,d_y\n9,0,6\n2,,1\n"));
    let given = with_input(&[&args[..], &["--wrt", "b"]].concat(), b"b,y\ntrue,3\n");
    assert_eq!((given.code, given.out.as_str()), (1, "value,d_b\n,\n"));
}

#[test]
fn a_quotation_that_ends_nowhere_is_told() {
    let given = with_input(&["batch", "-e", "(* x y)", "--data", "-"], b"x,y\n1,2\n3,\"4\n5,6\n");
    assert_eq!((given.code, given.out.as_str()), (1, "value\n2\n\"\"\n"));
    assert!(given.err.starts_with("E1103: in row 2: a quoted cell is never closed\n"), "{given:?}");
}

#[cfg(unix)]
#[test]
fn who_reads_no_further_is_told_nothing() {
    let rows: String = std::iter::once("x\n".into()).chain((0..200_000).map(|i| format!("{i}\n"))).collect();
    let path = file("long.csv", rows.as_bytes());
    let mut child = Command::new(env!("CARGO_BIN_EXE_scheme-grad"))
        .args(["batch", "-e", "(* 2 x)", "--data"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!((first.as_str(), ended.status.code(), &ended.stderr[..]), ("value\n", Some(0), &b""[..]));
}

#[test]
fn many_bad_rows_are_summed_up() {
    let rows = format!("x\n{}", "?\n".repeat(1000));
    let given = with_input(&["batch", "-e", "x", "--data", "-"], rows.as_bytes());
    assert_eq!((given.code, given.out.lines().count()), (1, 1001));
    assert!(given.err.ends_with("\n… and 980 more rows failed\n"), "{}", given.err);
}

#[test]
fn what_is_missing_is_told_before_any_row() {
    let error = with_input(&["batch", "-e", "(* k x)", "--data", "-", "--json"], b"x\n1\n").error(1);
    assert_eq!((&error["code"], &error["column"]), (&json!("E0302"), &json!(4)));
    let error =
        with_input(&["batch", "-e", "x", "--data", "-", "--set", "z=1", "--json"], b"x\n1\n").error(1);
    assert_eq!(error["message"], "the program has no input `z`");
    let error = call(&["batch", "-e", "x", "--data", "no-such.csv", "--json"]).error(1);
    assert_eq!((&error["code"], &error["family"]), (&json!("E1103"), &json!("io")));
    let error = with_input(&["batch", "-e", "x", "--data", "-", "--json"], b"x,x\n1,2\n").error(1);
    assert!(error["message"].as_str().unwrap().contains("two columns `x`"), "{error}");
    for (rows, hint) in [
        ("x;y\n1;2\n", "the cells of `-` are separated by `;`: separate them by commas"),
        ("x\ty\n", "the cells of `-` are separated by tabs: separate them by commas"),
        ("", "`-` is empty: its first line has the names of its columns"),
        ("x, z\n", "it is not set, and no column of `-`, which has `x`, `z`"),
    ] {
        let error =
            with_input(&["batch", "-e", "(* y x)", "--data", "-", "--json"], rows.as_bytes()).error(1);
        assert_eq!(error["hint"], hint, "{rows}");
    }
    refused(&["batch", "-e", "x"], "--data");
    refused(&["batch", "-e", "x", "--data", "-", "--wrt", "x"], "`--grad`");
    refused(&["batch", "-", "--data", "-"], "standard input");
}

#[test]
fn a_large_file_streams() {
    let rows: String = std::iter::once("x\n".into()).chain((0..50_000).map(|i| format!("{i}\n"))).collect();
    let given = with_input(&["batch", "-e", "(* 2 x)", "--data", "-"], rows.as_bytes());
    assert_eq!((given.code, given.out.lines().count()), (0, 50_001));
    assert!(given.out.ends_with("\n99998\n"));
}

#[test]
fn what_turned_is_told_by_row() {
    let args = ["batch", "-e", "(* 2 (sqrt x))", "--data", "-", "--trace-nonfinite"];
    let given = with_input(&args, b"x\n4\n-1\nnone\n");
    assert_eq!((given.code, given.out.as_str()), (1, "value\n4\n+nan.0\n\"\"\n"));
    assert!(given.err.starts_with("W0701: in row 2: here the value first turned +nan.0\n"), "{given:?}");
    let given = with_input(&[&args[..], &["--grad", "--json"]].concat(), b"x\n4\n0\n");
    assert_eq!((given.code, given.out.as_str()), (0, "value,d_x\n4,0.5\n0,+inf.0\n"));
    let told: Value = serde_json::from_str(&given.err).unwrap();
    let [row, within] = [&told["row"], &told["nonfinite"]["in"]];
    assert_eq!((row, within), (&json!(2), &json!("gradient")));
}

/// Rows that take three paths and a loop; of those in the middle some fail, some cannot be read.
fn many_rows() -> Vec<[String; 2]> {
    let row = |i: u32| match i {
        5000 | 5003 | 9000 => ["-9".into(), i.to_string()],
        7000 => ["none".into(), "1".into()],
        7500 => ["[1, 2]".into(), "1".into()],
        i => [(f64::from(i * 7919 % 1000) / 99.0 - 4.0).to_string(), f64::from(i).sqrt().to_string()],
    };
    (0..10_000).map(row).collect()
}

const PATHS: &str = "(cond [(< x -5) (error \"too small:\" x)]
                           [(< x 0) (* k (sin y))]
                           [(< x 3) (exp (- (/ y 100) x))]
                           [else (let loop ([i 0] [s (/ k y)]) (if (>= i x) s (loop (+ i 1) (+ s (* x s)))))])";

#[test]
fn rows_run_together_are_single_calls() {
    let rows = many_rows();
    let lines: Vec<String> = rows.iter().map(|[x, y]| format!("\"{x}\",{y}\n")).collect();
    let data = format!("x,y\n{}", lines.concat());
    let requests = rows.iter().enumerate().map(|(i, [x, y])| {
        let [x, y] = [x, y].map(|cell| serde_json::from_str(cell).unwrap_or(Value::Null));
        let inputs = json!({"k": 0.3, "x": x, "y": y});
        json!({"id": i, "op": "grad", "program": PATHS, "inputs": inputs, "wrt": ["x", "k", "y"]}).to_string()
    });
    let singles = with_input(&["serve-lines"], requests.collect::<Vec<_>>().join("\n").as_bytes());
    let singles: Vec<Value> = singles.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(singles.len(), rows.len());

    let args = ["batch", "-e", PATHS, "--data", "-", "--set", "k=0.3", "--json"];
    let derived = with_input(&[&args[..], &["--grad", "--wrt", "x,k,y"]].concat(), data.as_bytes());
    let values = with_input(&args, data.as_bytes());
    assert_eq!((derived.code, values.code), (1, 1));
    let [mut derived_rows, mut value_rows] = [&derived, &values].map(|given| given.out.lines().skip(1));
    let mut failed = Vec::new();
    for (i, single) in singles.iter().enumerate() {
        let (derived, value) = (derived_rows.next().unwrap(), value_rows.next().unwrap());
        if let Some(error) = single.get("error") {
            assert_eq!((derived, value), (",,,", "\"\""), "row {i}: {error}");
            failed.push(i as u64 + 1);
            continue;
        }
        let number = |value: &Value| value.as_f64().unwrap().to_bits();
        let expect = [&single["value"], &single["grad"]["x"], &single["grad"]["k"], &single["grad"]["y"]];
        let found: Vec<u64> = derived.split(',').map(|x| x.parse::<f64>().unwrap().to_bits()).collect();
        assert_eq!(found, expect.map(number), "row {i}: {derived}, not {single}");
        assert_eq!(value.parse::<f64>().unwrap().to_bits(), found[0], "row {i}");
    }
    assert_eq!((derived_rows.next(), value_rows.next()), (None, None));

    assert_eq!(failed, [5001, 5004, 7001, 7501, 9001]);
    for given in [derived, values] {
        let told = given.err.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let told: Vec<u64> = told.map(|line| line["row"].as_u64().unwrap()).collect();
        assert_eq!(told, failed, "{}", given.err);
    }
}

#[test]
fn how_rows_come_changes_nothing() {
    let rows: String = many_rows()[4900..7600].iter().map(|[x, y]| format!("\"{x}\",{y}\n")).collect();
    let path = file("together.csv", format!("x,y\n{rows}").as_bytes());
    let args = ["batch", "-e", PATHS, "--set", "k=0.3", "--grad", "--data"];
    let path = path.to_str().unwrap();
    let whole = call(&[&args[..], &[path]].concat());
    let lines = format!("x,y\r\n{}", rows.replace('\n', "\r\n"));
    let piped = with_input(&[&args[..], &["-"]].concat(), lines.as_bytes());
    assert_eq!((whole.code, &whole.out), (piped.code, &piped.out));
    assert_eq!(whole.err.replace(path, "-"), piped.err);
    // What is told of numbers is found row by row.
    let traced = call(&[&args[..], &[path, "--trace-nonfinite"]].concat());
    assert_eq!((whole.code, whole.out, whole.err), (traced.code, traced.out, traced.err));
}

#[test]
fn rows_are_answered_as_they_come() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scheme-grad"))
        .args(["batch", "-e", "(* 2 x)", "--data", "-", "--grad"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) =
        (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    let mut answers = |given: &str, rows: usize| {
        input.write_all(given.as_bytes()).unwrap();
        output.by_ref().take(rows).map(Result::unwrap).collect::<Vec<_>>()
    };
    // Each call waits for the answers before it writes more.
    assert_eq!(answers("x\n1\n", 2), ["value,d_x", "2,2"]);
    assert_eq!(answers("2\n3\n4\n", 3), ["4,2", "6,2", "8,2"]);
    assert_eq!(answers("5\r\n6\r\n", 2), ["10,2", "12,2"]);
    assert_eq!(answers("none\n", 1), [","]);
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
