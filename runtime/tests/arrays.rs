//! Numeric vectors and matrices in programs from strings.

use scheme_core::{
    diag::Code,
    prim::{
        Array, Prim,
        arrays::{Shape, Shaped},
    },
    reference::{self, evaluate, samples, scalars},
    transform::grad,
};
use scheme_runtime::{Answer, CallError, Interpreter, Limits, StringProgram};
use std::path::Path;

#[track_caller]
fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// What `write` shows of a program's value, or code, line, column and message of what ends it.
fn shown(text: &str) -> String {
    shown_by(&Interpreter::new(), text)
}

fn shown_by(interpreter: &Interpreter, text: &str) -> String {
    let program = interpreter.load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let error = |d: CallError| {
        let at = program.source().place(d.span.start);
        format!("{} {}:{} {}", d.code.as_str(), at.line, at.column, d.message)
    };
    program.call(&[]).map_or_else(error, |answer| answer.to_string())
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(shown(text), expect, "{text}");
}

/// Each expression of core's cases with its outcome; none where the crate stands alone.
fn cases(file: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/arrays").join(file);
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let case = |case: &str| {
        let (texts, outcomes) = case.split_once("----\n").unwrap();
        let outcomes = outcomes.lines().filter(|line| !line.starts_with(' ')).map(str::to_string);
        texts.lines().skip(1).map(str::to_string).zip(outcomes.collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    text.split_terminator("====\n").flat_map(case).collect()
}

#[test]
fn values_are_those_of_plain_numbers() {
    for (text, expect) in cases("values.txt") {
        check(&text, &expect);
    }
}

#[test]
fn misfits_are_those_of_plain_numbers_at_the_call() {
    for (text, expect) in cases("misfits.txt").iter().filter(|(_, outcome)| outcome.starts_with('E')) {
        let (code, message) = expect.split_once(' ').unwrap();
        check(&format!("(list 1\n {text})"), &format!("{code} 2:2 {message}"));
    }
}

/// Ordinary numbers of both signs, the same in every run.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Arguments with numbers for what is not given, and those numbers.
fn arguments(call: &[Shaped<Option<f64>>], mut next: impl FnMut() -> f64) -> (Vec<Answer>, Vec<f64>) {
    let mut free = Vec::new();
    let mut number = |x: &Option<f64>| {
        x.unwrap_or_else(|| {
            free.push(next());
            *free.last().unwrap()
        })
    };
    let given = call.iter().map(|argument| match argument.map(&mut number) {
        Shaped::Number(x) => x.into(),
        Shaped::Vector(items) => items.into(),
        Shaped::Matrix { cols, items, .. } => {
            Answer::Matrix(items.chunks(cols).map(<[f64]>::to_vec).collect())
        }
    });
    (given.collect(), free)
}

fn run(graph: &scheme_core::anf::Graph, at: &[f64]) -> Vec<f64> {
    let at: Vec<_> = at.iter().copied().map(reference::Array::real).collect();
    evaluate(graph, &at).unwrap().iter().flat_map(|result| result.numbers()).collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }).collect()
}

#[test]
fn strings_are_the_graphs_of_their_elements() {
    const SPECIAL: [f64; 7] = [0.0, -0.0, f64::INFINITY, f64::NAN, 1e200, -1e-200, f64::NEG_INFINITY];
    let names = ["a", "b", "c"];
    for row in Array::ALL {
        for (n, call) in samples(*row).into_iter().enumerate() {
            let (graph, shape) = scalars(Prim::Array(*row), &call).unwrap();
            let names = &names[..call.len()];
            let text = format!("({} {})", row.row().name, names.join(" "));
            let program = load(&text);
            let mut next = numbers(n as u64 + 1);
            let mut at = 0;
            for special in [false, true] {
                let (arguments, free) = arguments(&call, || {
                    at += 1;
                    if special && at % 3 == n % 3 { SPECIAL[at % 7] } else { next() }
                });
                let inputs: Vec<_> = names.iter().copied().zip(arguments).collect();
                let (found, items) = match program.call_with(&inputs).unwrap() {
                    Answer::Number(x) => (Shape::Number, vec![x]),
                    Answer::Numbers(items) => (Shape::Vector(items.len()), items),
                    Answer::Matrix(rows) => (Shape::Matrix(rows.len(), rows[0].len()), rows.concat()),
                    other => panic!("{text} gives {other:?}"),
                };
                assert_eq!((found, bits(&items)), (shape, bits(&run(&graph, &free))), "{text} of {inputs:?}");
            }
            let (arguments, free) = arguments(&call, next);
            let inputs: Vec<_> = names.iter().copied().zip(arguments).collect();
            let last = graph.body.results.len() - 1;
            let text = match shape {
                Shape::Number => text,
                Shape::Vector(n) => format!("(ref {text} {})", n - 1),
                Shape::Matrix(rows, cols) => format!("(ref {text} {} {})", rows - 1, cols - 1),
            };
            let mut one = graph.clone();
            one.body.results = vec![graph.body.results[last]];
            let want = run(&grad(&one, &(0..free.len()).collect::<Vec<_>>()).unwrap(), &free);
            let (_, gradient) = load(&text).value_and_grad_with(names, &inputs).unwrap();
            let known = call.iter().flat_map(Shaped::items);
            let found: Vec<f64> = gradient
                .into_iter()
                .flat_map(|d| match d {
                    Answer::Number(x) => vec![x],
                    Answer::Matrix(rows) => rows.concat(),
                    other => other.numbers().unwrap(),
                })
                .zip(known)
                .filter(|(_, x)| x.is_none())
                .map(|(d, _)| d)
                .collect();
            assert_eq!(found.len(), want.len(), "{text}");
            for (found, want) in found.iter().zip(&want) {
                let near = (found - want).abs() <= 1e-14 * want.abs().max(1.0);
                assert!(near || found.is_nan() && want.is_nan(), "{text}: {found}, not {want}");
            }
        }
    }
}

#[test]
fn gradients_have_the_shapes_of_the_inputs() {
    let program = load("(* m (dot r (matvec A r)))");
    let inputs = [("m", 2.0.into()), ("r", [1.0, 2.0].into()), ("A", [[1.0, 2.0], [0.0, 1.0]].into())];
    let (value, gradient) = program.value_and_grad_with(&["A", "m", "r"], &inputs).unwrap();
    assert_eq!(value, 18.0);
    assert_eq!(gradient, [[[2.0, 4.0], [4.0, 8.0]].into(), 9.0.into(), [12.0, 12.0].into()]);
    for (text, want) in
        [("(norm v)", [0.0, 0.0]), ("(vsum (normalize v))", [0.0, 0.0]), ("(vlen v)", [0.0, 0.0])]
    {
        let inputs = [("v", [0.0, -0.0].into())];
        let (_, gradient) = load(text).value_and_grad_with(&["v"], &inputs).unwrap();
        assert_eq!(gradient, [want.into()], "{text}");
    }
}

#[test]
fn arrays_are_values_of_their_own() {
    check("(list (vec? [1]) (vec? (mat [1])) (vec? 1) (vec? '#(1)) (vec? '(1)))", "(#t #f #f #f #f)");
    check("(list (mat? [1]) (mat? (mat [1])) (mat? 1) (mat? car))", "(#f #t #f #f)");
    check("(list (number? [1]) (pair? [1]) (list? [1]) (procedure? [1]) (not [1]))", "(#f #f #f #f #f)");
    check("(list [1 2] (list (mat [1 2] [3 4]) 'a) (vec))", "([1 2] ((mat [1 2] [3 4]) a) [])");
    check(
        "(let ((v [1 2])) (list (eq? v v) (eq? v [1 2]) (eqv? [0.0] [-0.0]) (equal? [1] [2])))",
        "(#t #t #t #f)",
    );
    check("(equal? (list [1 (/ 0. 0)]) (list [1 (/ 0. 0)]))", "#t");
    check("(list (equal? [1 2] (mat [1 2])) (equal? [1] 1) (eq? (mat [1 2]) (mat [1] [2])))", "(#f #f #f)");
    check("(memq [1] (list 1 [1] 2))", "([1] 2)");
    check("(apply dot (list [1 2] [3 4]))", "11");
    check("(define (twice f x) (f (f x))) (twice transpose (mat [1 2]))", "(mat [1 2])");
    check("dot", "#<procedure dot>");
    check("(if (vec) 1 2)", "1");
}

#[test]
fn truth_counts_in_arithmetic_on_arrays() {
    check("(* (> 2 1) [1 2])", "[1 2]");
    check("(+ [1 2] #t (mat [1 2]))", "E0601 1:1 `+` cannot take a vector of 2 and a matrix of 1 by 2");
    check("(vec #t)", "E0502 1:1 `vec` takes a number, but was given a boolean: #t");
}

#[test]
fn what_is_no_array_is_named() {
    check("(dot '(1 2) [1 2])", "E0502 1:1 `dot` takes a numeric vector, but was given a pair: (1 2)");
    check(
        "(norm '#(1 2))",
        "E0502 1:1 `norm` takes a numeric vector, but was given a general vector: #(1 2)",
    );
    check("(+ 1 '(1 2))", "E0502 1:1 `+` takes numbers, but was given a pair: (1 2)");
    check("(< [1] 2)", "E0502 1:1 `<` takes numbers, but was given a numeric vector: [1]");
    check("([1 2] 0)", "E0501 1:1 [1 2] is a numeric vector, not a procedure, and cannot be called");
    check("(car (mat [1]))", "E0502 1:1 `car` takes a pair, but was given a matrix: (mat [1])");
}

#[test]
fn arrays_keep_to_the_budgets() {
    let check_code = |limits: Limits, text: &str, code: Code| {
        let program = Interpreter::new().limits(limits).load(text).unwrap();
        let error = program.call(&[]).unwrap_err();
        assert_eq!(error.code, code, "{text}: {error}");
    };
    let small = Limits { cells: 100_000, ..Limits::default() };
    check_code(Limits::default(), "(linspace 0 1 4e9)", Code::Steps);
    check_code(Limits { steps: u64::MAX, ..small }, "(linspace 0 1 4e9)", Code::Memory);
    let square =
        "(define (column n) (transpose (mat (linspace 0 1 n)))) (define (row n) (mat (linspace 0 1 n)))";
    check_code(
        Limits { steps: u64::MAX, ..small },
        &format!("{square} (matmul (column 10000) (row 10000))"),
        Code::Memory,
    );
    check_code(Limits { steps: 10_000, ..Limits::default() }, "(vsum (linspace 0 1 2500))", Code::Steps);
    let grown = "(let loop ((l '()) (i 0)) (if (= i 1e9) l (loop (cons (linspace 0 1 100) l) (+ i 1))))";
    check_code(small, grown, Code::Memory);
    let tape = Limits { trace_bytes: 240, ..Limits::default() };
    let program = Interpreter::new().limits(tape).load("(vsum v)").unwrap();
    let inputs = [("v", Answer::Numbers(vec![1.0; 100]))];
    assert_eq!(program.value_and_grad_with(&["v"], &inputs).unwrap_err().code, Code::Tape);
    assert_eq!(program.call_with(&inputs), Ok(Answer::Number(100.0)));
}

/// One element is read in one step, however many there are, so that walks over arrays take time in proportion.
#[test]
fn elements_are_read_where_they_lie() {
    let walk = "(define (walk v i) (if (= i (vlen v)) 0 (begin (ref v i) (walk v (+ i 1))))) (walk v 0)";
    let rows =
        "(define (walk a i) (if (= i (rows a)) 0 (begin (ref a i) (ref a i 0) (walk a (+ i 1))))) (walk a 0)";
    for (define, text) in [
        ("(define v (linspace 0 1 5000))", walk),
        ("(define a (apply mat (make-list 5000 [1 2 3])))", rows),
        ("(define v (linspace 0 1 5000))", "(begin ((vmap square) v) 0)"),
        ("(define a (apply mat (make-list 5000 [1 2 3])))", "(begin ((vmap vsum) a) 0)"),
    ] {
        let limits = Limits { steps: 1000 * 5000, ..Limits::default() };
        let program = Interpreter::with_limits(limits).load(&format!("{define} {text}")).unwrap();
        assert_eq!(program.call(&[]), Ok(Answer::Number(0.0)), "{text}");
    }
}

#[test]
fn no_element_is_lost_in_a_collection() {
    let heat = "(define (step u)
                  (let loop ((i 1) (l (list (ref u 0))))
                    (if (= i (- (vlen u) 1))
                        (apply vec (reverse (cons (ref u i) l)))
                        (loop (+ i 1)
                              (cons (+ (ref u i) (* 0.25 (+ (ref u (- i 1)) (* -2 (ref u i)) (ref u (+ i 1))))) l)))))
                (define (run u n) (if (= n 0) u (run (step u) (- n 1))))
                (list (run [0 0 16 0 0] 2) (mat [1 2] [3 4]))";
    let expect = "([0 4 6 4 0] (mat [1 2] [3 4]))";
    assert_eq!(shown_by(&Interpreter::new().stress(true), heat), expect);
    check(heat, expect);
}

#[test]
fn declared_types_are_checked() {
    let program = load("(: r (vec 3)) (: A (mat 2 2)) (: k real) (+ k (norm r) (trace A))");
    let inputs: [(&str, Answer); 3] =
        [("r", [0.0, 3.0, 4.0].into()), ("A", [[1.0, 0.0], [0.0, 1.0]].into()), ("k", 1.0.into())];
    assert_eq!(program.call_with(&inputs), Ok(Answer::Number(8.0)));
    for (i, wrong, code, message) in [
        (
            0,
            Answer::from([1.0]),
            Code::Shape,
            "the input `r` is declared (vec 3), but was given a vector of 1",
        ),
        (1, 1.0.into(), Code::Shape, "the input `A` is declared (mat 2 2), but was given a number: 1"),
        (2, [1.0].into(), Code::WrongType, "the input `k` is declared real, but was given a vector of 1"),
    ] {
        let mut inputs = inputs.clone();
        inputs[i].1 = wrong;
        let error = program.call_with(&inputs).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (code, message));
    }
}
