//! The prelude by what its procedures give in strings: each line of a table is a program and its answer.

mod answers;

use answers::{check, outcome};
use scheme_runtime::Interpreter;

#[test]
fn lists_side_by_side() {
    check(&[
        ("(map (lambda (x) (* x x)) '(1 2 3))", "(1 4 9)"),
        ("(map car '())", "()"),
        ("(map + '(1 2 3) '(10 20))", "(11 22)"),
        ("(map list '(1 2 3) '(a b c) '(x y z w))", "((1 a x) (2 b y) (3 c z))"),
        ("(map cons '() 5)", "()"),
        ("(map car 5)", "E0502 at map: `map` takes a list, but was given a number: 5"),
        ("(map car '((1) . 2))", "E0502 at map: `map` takes a list, but was given a number: 2"),
        ("(map + '(1) 'a)", "E0502 at map: `map` takes a list, but was given a symbol: a"),
        ("(map + '(1) '(2) 'a)", "E0502 at map: `map` takes a list, but was given a symbol: a"),
        ("(length (map - (map (lambda (f) (f 2)) (list sin cos exp))))", "3"),
        ("(append-map (lambda (x) (list x x)) '(1 2))", "(1 1 2 2)"),
        ("(append-map list '(1 2) '(a b))", "(1 a 2 b)"),
        ("(for-each car '((1)))", "#<unspecified>"),
        (
            "(for-each (lambda (x y) (if (> x y) (error \"greater\" x))) '(1 5) '(2 4))",
            "E0901 at (error \"greater\" x): greater 5",
        ),
        (
            "(for-each car '((1) . 2))",
            "E0502 at for-each: `for-each` takes a list, but was given a number: 2",
        ),
    ]);
}

#[test]
fn folds() {
    check(&[
        ("(fold cons '() '(1 2 3))", "(3 2 1)"),
        ("(fold - 0 '(1 2 3))", "2"),
        ("(fold (lambda (a b acc) (cons (list a b) acc)) '() '(1 2) '(x y z))", "((2 y) (1 x))"),
        ("(fold-left list '() '(1 2 3))", "(((() 1) 2) 3)"),
        ("(fold-left - 0 '(1 2 3))", "-6"),
        ("(fold-left list 0 '(1 2) '(a b))", "((0 1 a) 2 b)"),
        ("(fold-right list '() '(1 2 3))", "(1 (2 (3 ())))"),
        ("(fold-right cons '() '(1 2 3))", "(1 2 3)"),
        ("(fold-right list 0 '(1 2) '(a b c))", "(1 a (2 b 0))"),
        (
            "(fold-right cons '() '(1 . 2))",
            "E0502 at fold-right: `fold-right` takes a list, but was given a number: 2",
        ),
        ("(reduce + 0 '())", "0"),
        ("(reduce - 0 '(1))", "1"),
        ("(reduce - 0 '(1 2 3 4))", "2"),
        ("(reduce max 0 '(1 2 . 3))", "E0502 at reduce: `reduce` takes a list, but was given a number: 3"),
        ("(filter (lambda (x) (> x 1)) '(1 2 3))", "(2 3)"),
        ("(filter pair? 'a)", "E0502 at filter: `filter` takes a list, but was given a symbol: a"),
    ]);
}

#[test]
fn procedures_composed() {
    check(&[
        ("((compose) 5)", "5"),
        ("((compose -) 5 1)", "4"),
        ("((compose sqrt abs -) 5 1)", "2"),
        ("((compose list (lambda (x) (* 2 x)) +) 1 2 3)", "(12)"),
    ]);
}

#[test]
fn members_and_associations() {
    check(&[
        ("(member '(1) '(a (1) b))", "((1) b)"),
        ("(member 2.5 '(1 2 3) <)", "(3)"),
        ("(member 5 '(1 2 3) <)", "#f"),
        ("(member 1 '(a . b) eq?)", "E0502 at member: `member` takes a list, but was given a symbol: b"),
        ("(member 1)", "E0401 at member: `member` takes 2 or 3 arguments, given 1"),
        ("(assoc \"b\" '((\"a\" . 1) (\"b\" . 2)))", "(\"b\" . 2)"),
        ("(assoc 2.0 '((1 one) (2 two)) =)", "(2 two)"),
        ("(assoc 5 '((1 one) (2 two)) =)", "#f"),
        (
            "(assoc 5 '((1 one) 2) =)",
            "E0502 at assoc: `assoc` takes a list of pairs, but was given a pair: (2)",
        ),
        ("(map assoc '(a b) '(((a 1)) ((a 1))))", "((a 1) #f)"),
    ]);
}

#[test]
fn vectors_and_strings() {
    check(&[
        ("(vector-map (lambda (x) (* x x)) #(1 2 3))", "#(1 4 9)"),
        ("(vector-map + #(1 2) #(10 20 30))", "#(11 22)"),
        ("(vector-map + #(1 2) #(10 20 30) #(100))", "#(111)"),
        ("(vector-for-each car #((1)))", "#<unspecified>"),
        (
            "(vector-for-each (lambda (x y) (if (> x y) (error \"greater\" x))) #(1 5) #(2 4))",
            "E0901 at (error \"greater\" x): greater 5",
        ),
        ("(string-map char-upcase \"abc\")", "\"ABC\""),
        ("(string-map (lambda (a b) (if (char<? a b) a b)) \"adz\" \"bcab\")", "\"aca\""),
        (
            "(string-for-each (lambda (c) (if (char=? c #\\b) (error \"found\" c))) \"abc\")",
            "E0901 at (error \"found\" c): found #\\b",
        ),
    ]);
}

/// The answer as numbers: a number, a list or a vector of them.
fn numbers(text: &str) -> Vec<f64> {
    let answer = outcome(text);
    let items = answer.trim_matches(|c: char| "#()[]vec ".contains(c)).split_whitespace();
    items.map(|item| item.parse().unwrap_or_else(|_| panic!("{text}: {answer}"))).collect()
}

#[track_caller]
fn close(text: &str, expected: &[f64], tolerance: f64) {
    let found = numbers(text);
    assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{text}: {found:?}, not {expected:?}");
    }
}

#[test]
fn steps_of_runge_and_kutta() {
    let step = |x: f64, h: f64| x * (1.0 + h + h * h / 2.0 + h.powi(3) / 6.0 + h.powi(4) / 24.0);
    close("(rk4 (lambda (t y) y) 2 0 0.1)", &[step(2.0, 0.1)], 1e-15);
    close("(rk4 (lambda (t y) y) 1 0 0.1 10)", &[(0..10).fold(1.0, |y, _| step(y, 0.1))], 1e-14);
    close("(rk4 (lambda (t y) (* 4 t t t)) 0 0 0.5 2)", &[1.0], 1e-15);
    // The pendulum of small swings, as a list, a vector and nested lists.
    let (cos, sin) = (1f64.cos(), 1f64.sin());
    close("(rk4 (lambda (t y) (list (cadr y) (- (car y)))) '(1 0) 0 0.01 100)", &[cos, -sin], 1e-9);
    close("(rk4 (lambda (t y) (vec (ref y 1) (- (ref y 0)))) (vec 1 0) 0 0.01 100)", &[cos, -sin], 1e-9);
    close(
        "(define (f t y) (list (list (cadr (cadr y))) (list 0 (- (car (car y))))))
         (let ((y (rk4 f '((1) (5 0)) 0 0.01 100))) (list (car (car y)) (car (cadr y)) (cadr (cadr y))))",
        &[cos, 5.0, -sin],
        1e-9,
    );
}

#[test]
fn adaptive_steps() {
    let (cos, sin) = (10f64.cos(), 10f64.sin());
    close("(dopri5 (lambda (t y) (- y)) 1 0 5)", &[(-5f64).exp()], 1e-8);
    close("(dopri5 (lambda (t y) (- y)) 1 0 -2)", &[2f64.exp()], 1e-7);
    close("(dopri5 (lambda (t y) y) 1 3 3)", &[1.0], 0.0);
    close("(dopri5 (lambda (t y) (list (cadr y) (- (car y)))) '(1 0) 0 10)", &[cos, -sin], 1e-6);
    close(
        "(dopri5 (lambda (t y) (vec (ref y 1) (- (ref y 0)))) (vec 1 0) 0 10 1e-10 1e-12)",
        &[cos, -sin],
        1e-8,
    );
    close("(dopri5 (lambda (t y) (/ 1 (+ 1 (* t t)))) 0 0 1)", &[std::f64::consts::FRAC_PI_4], 1e-8);
    let explosion = outcome("(dopri5 (lambda (t y) (* y y)) 1 0 2)");
    assert!(
        explosion.starts_with("E0901 at dopri5: dopri5: the steps become too short at time 1.00000000"),
        "{explosion}"
    );
    check(&[("(dopri5 car 1 0)", "E0401 at dopri5: `dopri5` takes 4 or 6 arguments, given 3")]);
}

#[test]
fn what_steppers_refuse() {
    let slope = |given: &str| {
        format!("`rk4` takes a derivative shaped as the state, a list (2 in all), but was given {given}")
    };
    let steps = |given: &str| format!("`rk4` takes a whole number of steps, from 0, but was given {given}");
    let times = |given: &str| format!("`dopri5` takes finite times, but was given {given}");
    let tolerances = |given: &str| format!("`dopri5` takes finite tolerances, from 0, but was given {given}");
    let cases = [
        ("(rk4 (lambda (t y) y) 1 0 0.1 2.5)", "E0701", steps("2.5")),
        ("(rk4 (lambda (t y) y) 1 0 0.1 -1)", "E0701", steps("-1")),
        ("(rk4 (lambda (t y) y) 1 0 0.1 (/ 0 0))", "E0701", steps("+nan.0")),
        ("(rk4 (lambda (t y) y) 1 0 0.1 (/ 1 0))", "E0701", steps("+inf.0")),
        ("(rk4 (lambda (t y) (list 1 2 3)) '(1 0) 0 0.1)", "E0601", slope("a list (3 in all)")),
        ("(rk4 (lambda (t y) '(1)) '(1 0) 0 0.1)", "E0601", slope("a list (1 in all)")),
        ("(rk4 (lambda (t y) [1 2]) '(1 0) 0 0.1 3)", "E0601", slope("a numeric vector (2 in all)")),
        ("(rk4 (lambda (t y) 1) '(1 0) 0 0.1 3)", "E0601", slope("a number (1 in all)")),
        (
            "(dopri5 (lambda (t y) [1 2 3]) [1 2] 0 1)",
            "E0601",
            "`dopri5` takes a derivative shaped as the state, a numeric vector (2 in all), but was given a numeric \
             vector (3 in all)"
                .to_string(),
        ),
        (
            "(rk4 (lambda (t y) y) 'a 0 0.1)",
            "E0502",
            "`rk4` takes a number, a numeric vector or a list of such as the state, but was given a symbol: a"
                .to_string(),
        ),
        ("(dopri5 (lambda (t y) y) 1 0 (/ 1 0))", "E0701", times("+inf.0")),
        ("(dopri5 (lambda (t y) y) 1 (/ 0 0) 1)", "E0701", times("+nan.0")),
        ("(dopri5 (lambda (t y) y) 1 0 1 -1 0)", "E0701", tolerances("-1")),
        ("(dopri5 (lambda (t y) y) 1 0 1 0 (/ 0 0))", "E0701", tolerances("+nan.0")),
    ];
    for (text, code, message) in cases {
        let name = text.trim_start_matches('(').split(' ').next().unwrap_or_default();
        // nan and infinity are written as they print.
        assert_eq!(outcome(text), format!("{code} at {name}: {message}"), "{text}");
        let error = Interpreter::new().load(text).unwrap().call(&[]).unwrap_err();
        assert!(error.hint.is_some() || error.code.as_str() == "E0502", "{text}");
    }
}

/// Errors are about what the program calls, not about what the prelude calls for it.
#[test]
fn names_of_the_prelude_stay_inside() {
    check(&[
        ("(vector-map car 5)", "E0502 at vector-map: `vector-map` takes a vector, but was given a number: 5"),
        (
            "(vector-map + #(1) '(2))",
            "E0502 at vector-map: `vector-map` takes a vector, but was given a pair: (2)",
        ),
        (
            "(vector-for-each car \"a\")",
            "E0502 at vector-for-each: `vector-for-each` takes a vector, but was given a string: \"a\"",
        ),
        (
            "(string-map list 5)",
            "E0502 at string-map: `string-map` takes a string, but was given a number: 5",
        ),
        (
            "(string-map list \"a\")",
            "E0502 at string-map: `string-map` takes a procedure that gives characters, but was given a pair: (#\\a)",
        ),
        (
            "(string-for-each list 'a)",
            "E0502 at string-for-each: `string-for-each` takes a string, but was given a symbol: a",
        ),
        ("(member 1 5)", "E0502 at member: `member` takes a list, but was given a number: 5"),
    ]);
}

#[test]
fn gradients_of_solutions() {
    let decay = |solver: &str| {
        let text = format!("{solver} (solve (lambda (t y) (* (- k) y)) y0 t0 t1)");
        let program = Interpreter::new().load(&text).unwrap_or_else(|error| panic!("{error}"));
        let given = [("k", 0.5), ("y0", 2.0), ("t0", 0.25), ("t1", 2.0)];
        program.value_and_grad(&["k", "y0", "t0", "t1"], &given).unwrap_or_else(|error| panic!("{error:?}"))
    };
    let y = 2.0 * (-0.5 * 1.75f64).exp();
    let expected = [-1.75 * y, y / 2.0, 0.5 * y, -0.5 * y];
    for (solver, tolerance) in [
        ("(define (solve f y a b) (dopri5 f y a b 1e-10 1e-12))", 1e-8),
        ("(define (solve f y a b) (rk4 f y a (/ (- b a) 100) 100))", 1e-8),
    ] {
        let (value, gradient) = decay(solver);
        assert!((value - y).abs() < tolerance);
        for (a, b) in gradient.iter().zip(expected) {
            assert!((a - b).abs() < tolerance, "{solver}: {gradient:?}, not {expected:?}");
        }
    }
}

#[test]
fn names_of_the_program_and_of_the_prelude_do_not_meet() {
    check(&[
        ("(define (reverse l) 'mine) (list (map - '(1 2)) (reverse '(1)))", "((-1 -2) mine)"),
        ("(define (map f l) (list 'mine (f l))) (append-map list '(1 2))", "(1 2)"),
        ("(let ((null? pair?) (car cdr) (apply list)) (map list '(1 2) '(3 4) '(5 6)))", "((1 3 5) (2 4 6))"),
        ("(define (f map) (map 2)) (list (f -) (map f (list - sqrt)))", "(-2 (-2 1.4142135623730951))"),
    ]);
}

#[test]
fn long_lists_need_no_stack() {
    let list = "(define l (let loop ((i 0) (l '())) (if (= i 30000) l (loop (+ i 1) (cons i l)))))";
    for (call, expected) in [
        ("(length (map - l))", "30000"),
        ("(length (map + l l))", "30000"),
        ("(fold-right + 0 l)", "449985000"),
        ("(fold + 0 (filter (lambda (x) (< x 10)) l))", "45"),
    ] {
        check(&[(&format!("{list} {call}"), expected)]);
    }
}

#[test]
fn gradients_go_through() {
    let program = Interpreter::new()
        .load("(fold + 0 (map (lambda (a b) (* a b b)) (list x y) (list y x)))")
        .unwrap_or_else(|error| panic!("{error}"));
    let answer = program.value_and_grad(&["x", "y"], &[("x", 3.0), ("y", 5.0)]);
    assert_eq!(answer, Ok((3.0 * 25.0 + 5.0 * 9.0, vec![25.0 + 2.0 * 15.0, 2.0 * 15.0 + 9.0])));
}
