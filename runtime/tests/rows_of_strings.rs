//! Rows of programs from strings: each to the bit what a single call gives, whatever paths they take.

use scheme_runtime::{Answer, CallError, Interpreter, Limits, StringProgram, blocks::sum};

/// Programs of `x` and `k`.
const PROGRAMS: &[(&str, &str)] = &[
    ("straight", "(* k (exp (- (* x x))))"),
    ("a branch", "(if (< x 0.3) (* k x) (+ k (sin x)))"),
    ("of k alone", "(let ((s (exp k))) (* s (+ x (log s))))"),
    ("a value that is an input", "(if (< x 0.5) k x)"),
    ("a constant", "(if (< x 0.5) 0.1 (* x k))"),
    ("halvings", "(let count ((y (* 40 (abs x))) (n 0)) (if (< y 1) (* n y k) (count (/ y 2) (+ n 1))))"),
    (
        "divergent recursion",
        "(define (f y d) (if (> d 6) y (if (< (sin (* 9 y)) 0) (f (* y k) (+ d 1)) (+ (f (* y 0.5) (+ d 1)) (f (- y 0.1) (+ d 2)))))) (f x 0)",
    ),
    ("short paths", "(if (< x -0.3) (* k x x) (if (< x 0.3) (exp (* k x)) (/ k x)))"),
    ("a list", "(fold-left (lambda (s y) (+ (* s k) (max y x))) 0 (list 1 x -1 (* x x)))"),
    ("an index", "(vector-ref (vector 1 x k) (modulo (floor (* 10 (abs x))) 3))"),
    ("a derivative inside", "((grad (lambda (y) (* y y (if (< y 0.4) k x)))) x)"),
    ("fails in a row", "(if (< x 0.9) (sqrt (* x k)) (vector-ref (vector 1) 7))"),
    ("no number in a row", "(if (< x 0.9) (* x k) (list x k))"),
];

fn xs(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.618_033_988_749).fract() * 1.8 - 0.9).collect()
}

fn load(text: &str, single: bool) -> StringProgram {
    let interpreter = Interpreter::with_limits(Limits { steps: 100_000, ..Limits::default() });
    interpreter.single_precision(single).load(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn told<T: std::fmt::Debug>(found: Result<T, CallError>) -> String {
    match found {
        Ok(found) => format!("{found:?}"),
        Err(error) => format!("{:?} {}", error.code, error.message),
    }
}

/// What single calls of a program that nothing else was asked of give.
fn alone<T>(
    text: &str,
    single: bool,
    x: &[f64],
    call: impl Fn(&StringProgram, &[(&str, f64)]) -> Result<T, CallError>,
) -> Result<Vec<T>, (usize, CallError)> {
    let row = |(row, x): (usize, &f64)| {
        call(&load(text, single), &[("x", *x), ("k", 1.25)]).map_err(|error| (row + 1, error))
    };
    x.iter().enumerate().map(row).collect()
}

fn told_alone<T: std::fmt::Debug>(found: Result<Vec<T>, (usize, CallError)>) -> String {
    match found {
        Ok(found) => format!("{found:?}"),
        Err((row, error)) => format!("{:?} in row {row}: {}", error.code, error.message),
    }
}

#[test]
fn rows_are_single_calls() {
    for (name, text) in PROGRAMS {
        for single in [false, true] {
            let program = load(text, single);
            for n in [0, 1, 2, 60] {
                let x = xs(n);
                let (columns, constants): ([(&str, &[f64]); 1], _) = ([("x", &x)], [("k", 1.25)]);
                let wanted = told_alone(alone(text, single, &x, |f, at| f.call(at)));
                for round in 0..2 {
                    let found = told(program.vmap(&columns, &constants));
                    assert_eq!(found, wanted, "{name}, {n} rows, round {round}, single {single}");
                }
                for by in [&["x", "k"][..], &["k"], &["k", "x", "k"]] {
                    let wanted = told_alone(alone(text, single, &x, |f, at| f.value_and_grad(by, at)));
                    let found = told(program.vmap_value_and_grad(by, &columns, &constants));
                    assert_eq!(found, wanted, "{name} by {by:?}, {n} rows, single {single}");
                }
            }
        }
    }
}

#[test]
fn sums_are_those_of_the_rows() {
    for (name, text) in PROGRAMS {
        for single in [false, true] {
            let program = load(text, single);
            for n in [0, 1, 5, 1500] {
                let x = xs(n);
                let (columns, constants): ([(&str, &[f64]); 1], _) = ([("x", &x)], [("k", 1.25)]);
                let by = ["k", "x"];
                let rows = program.value_and_grad_columns(&by, &columns, &constants);
                let wanted = rows.map(|(values, gradient)| {
                    (sum(&values), gradient.iter().map(|column| sum(column)).collect::<Vec<_>>())
                });
                let found = program.sum_value_and_grad(&by, &columns, &constants);
                assert_eq!(told(found), told(wanted), "{name}, {n} rows, single {single}");
            }
        }
    }
}

#[test]
fn each_member_of_a_population_is_as_alone() {
    let k: Vec<f64> = (0..40).map(|i| 0.5 + f64::from(i) / 20.0).collect();
    for (name, text) in PROGRAMS {
        for n in [0, 1, 7, 1100] {
            let members = if n > 1000 { &k[..2] } else { &k[..] };
            let (program, x) = (load(text, false), xs(n));
            let columns: [(&str, &[f64]); 1] = [("x", &x)];
            let each = |k: &f64| program.sum_value_and_grad(&["k"], &columns, &[("k", *k)]);
            let wanted = members.iter().map(each).collect::<Result<Vec<_>, _>>();
            let found = program.sum_value_and_grad_each(&["k"], &[("k", members)], &columns, &[]);
            assert_eq!(told(found), told(wanted), "{name}, {n} rows");
        }
    }
}

#[test]
fn a_walk_whose_rows_share_no_path() {
    let walk = "(define (next s) (modulo (+ (* 1103 s) 12345) 65536))
        (let walk ((i 0) (s (floor (* 65536 (abs x)))) (y x))
          (if (= i 30) (* k y)
              (let ((y (+ y (if (< s 32768) 0.1 -0.1))))
                (walk (+ i 1) (next s) (if (> y 1) (- 2 y) (if (< y -1) (- -2 y) y))))))";
    let x = xs(300);
    let program = load(walk, false);
    for _ in 0..2 {
        let found = program.vmap_value_and_grad(&["x", "k"], &[("x", &x)], &[("k", 1.25)]);
        let wanted = alone(walk, false, &x, |f, at| f.value_and_grad(&["x", "k"], at));
        assert_eq!(told(found), told_alone(wanted));
    }
    assert!(program.describe().paths < 100, "{}", program.describe());
}

/// A walk by the digits of x: nearly every row goes a way of its own, which may end badly.
const DIGITS: &str = "(let walk ((n 0) (y x) (s 0))
  (cond ((= n 14) (if (> ok 0) (* s x) (error \"not ok\" n)))
        ((< y 0.5) (walk (+ n 1) (* 2 y) s))
        (else (walk (+ n 1) (- (* 2 y) 1) (+ s (/ x (+ n 1)))))))";

#[test]
fn rows_on_their_own_ways_are_in_order_and_the_first_that_fails_is_told() {
    let x: Vec<f64> = xs(700).iter().map(|x| x.abs()).collect();
    let mut ok = vec![1.0; x.len()];
    let f = load(DIGITS, false);
    let values = f.vmap(&[("x", &x), ("ok", &ok)], &[]).expect("all are well");
    for (x, value) in x.iter().zip(&values) {
        assert_eq!(*value, load(DIGITS, false).call(&[("x", *x), ("ok", 1.0)]).expect("it is well"));
    }
    for row in [690, 411, 402] {
        ok[row] = -1.0;
        let expected = format!("Raised in row {}: not ok 14", row + 1);
        assert_eq!(told(f.vmap(&[("x", &x), ("ok", &ok)], &[])), expected);
        let columns = f.value_and_grad_columns(&["x"], &[("x", &x), ("ok", &ok)], &[]);
        assert_eq!(told(columns), expected);
    }
}

#[test]
fn a_member_that_fails_is_told_with_its_row() {
    let f = load("(if (> (* k x) 5) (error \"too large\" x) (* k x x))", false);
    let members: [(&str, &[f64]); 1] = [("k", &[1.0, 2.0, 3.0])];
    let rows: Vec<f64> = (0..2000).map(|i| f64::from(i) * 1e-3).collect();
    for rows in [&[1.0, 1.5, 2.0][..], &rows[..]] {
        assert!(f.sum_value_and_grad_each(&["k"], &[("k", &[1.0, 2.0])], &[("x", rows)], &[]).is_ok());
        let error = f.sum_value_and_grad_each(&["k"], &members, &[("x", rows)], &[]).expect_err("3 * 2 > 5");
        let first = rows.iter().position(|x| 3.0 * x > 5.0).expect("there is one");
        let expected = format!("in member 3: in row {}: too large {}", first + 1, rows[first]);
        assert_eq!(error.message, expected);
    }
}

#[test]
fn what_is_wrong_with_columns_is_said() {
    let program = load("(* x k)", false);
    let (x, y) = ([1.0, 2.0], [1.0]);
    let said = |found: Result<Vec<Answer>, CallError>| found.map_err(|error| error.to_string()).unwrap_err();
    let uneven = said(program.vmap(&[("x", &x), ("k", &y)], &[]));
    assert!(uneven.contains("the column `x` has 2 rows, but the column `k` has 1"), "{uneven}");
    assert!(said(program.vmap(&[("x", &x)], &[])).contains("`k` has no value"));
    assert!(said(program.vmap(&[("x", &x), ("z", &x)], &[("k", 1.0)])).contains("no input `z`"));
    assert!(said(program.vmap(&[("x", &x)], &[("x", 1.0), ("k", 1.0)])).contains("given twice"));
    let members = program.sum_value_and_grad_each(&["k"], &[("x", &x)], &[("x", &x)], &[("k", 1.0)]);
    assert!(members.unwrap_err().to_string().contains("given twice"));
    assert!(said(program.vmap(&[], &[("x", 1.0), ("k", 1.0)])).contains("no column"));
    let short =
        program.value_and_grad_into(&["k"], &[("x", &x)], &[("k", 1.0)], &mut [0.0; 2], &mut [&mut [0.0]]);
    assert!(short.unwrap_err().to_string().contains("2 and [1]"));
}

#[test]
fn many_rows_of_single_precision_are_single_calls() {
    for text in ["(/ (sin (* k x)) 3)", "(if (< x 0) (* k x) (sin (* k x)))"] {
        let program = load(text, true);
        let x: Vec<f64> = (0..20_000).map(|row| f64::from(row % 9973) * 1e-3 - 0.1).collect();
        let by = ["x", "k"];
        for _ in 0..3 {
            let run = program.value_and_grad_columns(&by, &[("x", &x)], &[("k", 1.25)]);
            let (values, gradient) = run.expect("it runs");
            for row in (0..x.len()).step_by(331).chain([8191, 8192, 16_384, 19_999]) {
                let (value, slopes) =
                    program.value_and_grad(&by, &[("x", x[row]), ("k", 1.25)]).expect("it runs");
                let found = [gradient[0][row], gradient[1][row]];
                assert_eq!((values[row], &found[..]), (value, &slopes[..]), "{text}, row {row}");
            }
        }
    }
}

#[test]
fn columns_of_single_precision_are_what_they_are_as_doubles() {
    for (name, text) in PROGRAMS {
        for single in [false, true] {
            for n in [0, 1, 2, 60] {
                let (by, constants) = (["k", "x"], [("k", 1.1)]);
                let x: Vec<f32> = xs(n).into_iter().map(|x| x as f32).collect();
                let wide: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
                let program = load(text, single);
                let round = |column: &[f64]| column.iter().map(|x| *x as f32).collect::<Vec<f32>>();
                let wanted = load(text, single).value_and_grad_columns(&by, &[("x", &wide)], &constants);
                let wanted = told(wanted.map(|(y, d)| (round(&y), round(&d[0]), round(&d[1]))));
                // Recorded, and by its paths.
                for _ in 0..3 {
                    let [mut y, mut by_k, mut by_x] = [0; 3].map(|_| vec![0.0f32; n]);
                    let mut slopes = [&mut by_k[..], &mut by_x];
                    let found =
                        program.value_and_grad_into(&by, &[("x", &x)], &constants, &mut y, &mut slopes);
                    assert_eq!(told(found.map(|()| (y, by_k, by_x))), wanted, "{name}, {n} rows, {single}");
                    let sums = told(program.sum_value_and_grad(&by, &[("x", &x)], &constants));
                    let wanted = told(program.sum_value_and_grad(&by, &[("x", &wide)], &constants));
                    assert_eq!(sums, wanted, "{name}, the sum of {n} rows, {single}");
                }
            }
        }
    }
}
