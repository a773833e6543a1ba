//! No answer depends on what ran before: runs that are replayed give what the evaluator gives, to the bit, and fail as it
//! fails.

use super::{
    Interpreter, StringProgram,
    tower::{cases, generate},
};
use crate::{Answer, Limits};

/// All that there is to ask of a program at a point, its bits told apart.
fn all(program: &StringProgram, at: &[(&str, f64)]) -> Vec<String> {
    let names: Vec<&str> = at.iter().map(|(name, _)| *name).collect();
    let answers: Vec<(&str, Answer)> = at.iter().map(|(name, x)| (*name, (*x).into())).collect();
    let directions: Vec<(&str, Answer)> =
        names.iter().zip(1..).map(|(name, i)| (*name, Answer::from(f64::from(i) - 1.5))).collect();
    let value = program.call_with(&answers);
    let cotangent = value.as_ref().ok().map(|value| {
        let mut next = 0.0;
        value.replaced(&mut || {
            next += 0.5;
            next.into()
        })
    });
    let pulled = cotangent.map(|cotangent| program.vjp_with(&names, &answers, &cotangent));
    vec![
        told(&value),
        told(&program.value_and_grad(&names, at)),
        told(&program.grad(&names[..names.len().min(1)], at)),
        told(&program.jvp_with(&answers, &directions)),
        told(&pulled.transpose()),
        told(&program.jacobian_with(&names, &answers)),
        told(&program.hessian(&names, at)),
        told(&program.hvp_with(&answers, &directions)),
    ]
}

fn told<T: std::fmt::Debug>(found: &Result<T, super::CallError>) -> String {
    match found {
        Ok(found) => format!("{found:?}"),
        Err(error) => error.to_string(),
    }
}

/// Asks all at points in turn, each several times, and each of a program that nothing was asked of.
#[track_caller]
fn check(interpreter: &Interpreter, text: &str, points: &[Vec<(&str, f64)>]) {
    let load = || interpreter.load(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let wanted: Vec<Vec<String>> = points.iter().map(|at| all(&load(), at)).collect();
    let program = load();
    for round in 0..3 {
        for (at, wanted) in points.iter().zip(&wanted) {
            assert_eq!(&all(&program, at), wanted, "round {round} of\n{text}\nat {at:?}");
        }
    }
    let names: Vec<&str> = points[0].iter().map(|(name, _)| *name).collect();
    let mut prepared = program.prepare(&names, &names).unwrap_or_else(|error| panic!("{text}\n{error}"));
    for _ in 0..3 {
        for (at, wanted) in points.iter().zip(&wanted) {
            for _ in 0..2 {
                let x: Vec<f64> = at.iter().map(|(_, x)| *x).collect();
                let found = prepared.value_and_grad(&x).map(|(value, gradient)| (value, gradient.to_vec()));
                assert_eq!(told(&found), wanted[1], "prepared\n{text}\nat {at:?}");
                if let Ok((value, _)) = found {
                    assert_eq!(
                        told(&prepared.value(&x)),
                        format!("{value:?}"),
                        "prepared\n{text}\nat {at:?}"
                    );
                }
            }
        }
    }
}

/// The point and two others.
fn around<'n>(inputs: &[(&'n str, f64)]) -> Vec<Vec<(&'n str, f64)>> {
    let moved = |by: f64| inputs.iter().map(|(name, x)| (*name, x * by)).collect();
    vec![inputs.to_vec(), moved(1.25), moved(-1.0)]
}

/// Far from where it is meant to be, a program may run for long.
fn limits() -> Limits {
    Limits { steps: 50_000, ..Limits::default() }
}

/// Asks all of every second program, from one on: halves run side by side.
fn check_half(first: usize, single: bool) {
    let interpreter = Interpreter::with_limits(limits()).single_precision(single);
    let (mut half, mut values) = (0, 0);
    for (_, text, inputs) in cases().iter().skip(first).step_by(2) {
        let inputs: Vec<(&str, f64)> = inputs.iter().map(|(name, x)| (&**name, *x)).collect();
        let points = around(&inputs);
        check(&interpreter, text, if single { &points[..1] } else { &points });
        let value = interpreter.load(text).expect("it loads").call(&inputs);
        half += 1;
        values += usize::from(value.is_ok());
    }
    assert!(values * 10 > half * 9, "only {values} of {half} runs gave a value");
}

#[test]
fn programs_answer_the_same_again() {
    check_half(0, false);
    check_half(0, true);
}

#[test]
fn the_other_programs_answer_the_same_again() {
    check_half(1, false);
    check_half(1, true);
}

#[test]
fn random_programs_answer_the_same_again() {
    let interpreter = Interpreter::with_limits(limits());
    for seed in 8000..8060 {
        let text = generate::Generator::new(seed).program();
        let program = interpreter.load(&text).expect("it loads");
        let known: Vec<&str> = program.inputs().collect();
        let inputs: Vec<(&str, f64)> =
            generate::INPUTS.iter().copied().filter(|(name, _)| known.contains(name)).collect();
        check(&interpreter, &text, &around(&inputs));
    }
}

#[test]
fn results_that_no_operation_gives_are_rounded_too() {
    let interpreter = Interpreter::new().single_precision(true);
    for text in
        ["x", "(begin x 0.1)", "(* 0.1 x)", "(if (< x 1) 0.1 x)", "(list 0.1 x)", "((lambda (y) 0.1) x)"]
    {
        check(&interpreter, text, &[vec![("x", 0.3)], vec![("x", 1.7)]]);
    }
}

#[test]
fn a_path_of_another_kind_says_nothing() {
    let points =
        [vec![("x", 0.0), ("y", 1.0)], vec![("x", 4.309_464_811_232_21), ("y", 3.460_485_535_226_224)]];
    for other in ["'small", "(list y)", "(> x y)", "(error \"small\")", "(car x)"] {
        check(&Interpreter::new(), &format!("(if (< x 1) {other} (/ y x))"), &points);
    }
}

/// Values of products of matrices `a` and `b` that are large enough to be recorded whole.
const PRODUCTS: [&str; 12] = [
    "(trace (matmul a b))",
    "(vsum (matvec (matmul a b) (ref a 1)))",
    "(trace (matmul a a))",
    "(trace (matmul a (transpose a)))",
    "(trace (matmul (matrix (lambda (i j) (if (= i j) x y))) b))",
    "(trace (matmul (matmul a (matrix (lambda (i j) (- i j)))) b))",
    "(trace (matmul (matrix (lambda (i j) (if (< i j) x 2))) (matrix (lambda (i j) (if (< i j) y 3)))))",
    // What is not asked for is infinite.
    "(ref (matmul (matrix (lambda (i j) (if (= i 2) (/ 1 (- x x)) (+ x i j)))) b) 1 3)",
    "(begin (define c (matmul a b)) (if (< (ref c 0 0) (ref c 1 1)) (ref c 2 2) (* x (ref c 3 3))))",
    "((grad (lambda (s) (trace (matmul (scale s a) b)))) y)",
    "((grad (lambda (s) (* s s (trace (matmul a b))))) y)",
    "(begin (define v (apply vec (map (lambda (i) (sin (* x i))) (iota 600)))) (* y (dot v v)))",
];

#[test]
fn products_of_matrices_answer_the_same_again() {
    let matrices = "
        (define (row f) (apply vec (map f (iota 9))))
        (define (matrix f) (apply mat (map (lambda (i) (row (lambda (j) (f i j)))) (iota 9))))
        (define a (matrix (lambda (i j) (sin (+ (* x i) j)))))
        (define b (matrix (lambda (i j) (/ y (+ 1 i j)))))";
    let points = [vec![("x", 0.5), ("y", 2.0)], vec![("x", -1.25), ("y", 0.0)]];
    for single in [false, true] {
        let interpreter = Interpreter::new().single_precision(single);
        for product in PRODUCTS {
            check(&interpreter, &format!("{matrices}\n{product}"), &points);
        }
    }
    let program = Interpreter::new().load(&format!("{matrices}\n{}", PRODUCTS[0])).expect("it loads");
    (0..3).for_each(|_| drop(program.call(&points[0])));
    let whole = program.describe().operations;
    assert!(whole < 81 * 9, "{whole} operations");
}

/// Values of operations on the matrices `a`, `b` (symmetric, positive definite), `s` (singular) and the vector `v`.
pub(super) const WHOLES: [&str; 20] = [
    "(det a)",
    "(* x (det s))",
    "(det (matmul s s))",
    "(logdet a)",
    "(logdet s)",
    "(vsum (vec (trace (inv a)) (ref (inv a) 0 1) y))",
    "(trace (inv s))",
    "(vsum (solve a v))",
    "(dot (solve b v) (solve a (solve b v)))",
    "(solve a [1 2 3])",
    "(solve (mat [2 1 0] [1 3 1] [0 1 4]) v)",
    "(trace (cholesky b))",
    // What is not asked for is infinite, and what is above the diagonal does not move.
    "(ref (cholesky b) 1 0)",
    "(* y (ref (cholesky b) 0 2))",
    "(det (mat [(/ 1 (- x x)) 0] [0 y]))",
    "(begin (define c (inv b)) (if (< (ref c 0 0) (ref c 1 1)) (det c) (* x (ref c 2 2))))",
    "((grad (lambda (t) (det (scale t a)))) y)",
    "((grad (lambda (t) (* t (logdet b)))) x)",
    "(list (det (scale 1e200 a)) (det (mat [x y] [x y])) (det (mat [x])) (inv (mat [y])))",
    "(if (> (det (mat [1 2] [3 4])) x) (det a) (+ x y))",
];

/// What they are values of.
pub(super) const MATRICES: &str = "
        (define a (mat [x 1 y] [2 (sin y) x] [y x (* 2 x)]))
        (define b (mat [(+ 3 (* x x)) x 0.5] [x (+ 4 (* y y)) y] [0.5 y (+ 5 (* y y))]))
        (define s (mat [x y 1] [(* 2 x) (* 2 y) 2] [y x 3]))
        (define v (vec x (* x y) 1))";

#[test]
fn operations_on_matrices_answer_the_same_again() {
    let points =
        [vec![("x", 0.5), ("y", 2.0)], vec![("x", -1.25), ("y", 0.75)], vec![("x", 0.0), ("y", 0.0)]];
    for single in [false, true] {
        let interpreter = Interpreter::new().single_precision(single);
        for whole in WHOLES {
            let text = format!("{MATRICES}\n{whole}");
            let value = interpreter.load(&text).expect("it loads").call(&points[0]);
            assert!(value.is_ok(), "{text}\n{value:?}");
            check(&interpreter, &text, &points);
        }
    }
    let program = Interpreter::new().load(&format!("{MATRICES}\n{}", WHOLES[8])).expect("it loads");
    (0..3).for_each(|_| drop(program.call(&points[0])));
    let known = program.describe();
    assert!(known.whole && known.paths == 1, "{known}");
    let trace = program.trace(&points[0]).expect_err("no trace has it");
    assert!(trace.to_string().contains("`solve`"), "{trace}");
    let x = [0.5, -1.25, 0.0, 0.5];
    let rows = program.vmap_value_and_grad(&["x"], &[("x", &x)], &[("y", 2.0)]).expect("rows");
    for (row, x) in rows.iter().zip(x) {
        assert_eq!(row, &program.value_and_grad(&["x"], &[("x", x), ("y", 2.0)]).expect("a row"));
    }
}

/// Programs that come near their limits in several ways.
const NEAR: [&str; 6] = [
    "(let loop ((i 0) (s x)) (if (< i 20) (loop (+ i 1) (* s (sin s))) s))",
    "(let loop ((i 0) (s x)) (if (< i 20) (loop (+ i 1) (* s s)) (car s)))",
    "(max x 1 x 2 x 3 x 4 x 5 x 6 x 7 x 8 x 9 x 10 x 11 x 12 x 13 x 14 x 15 (* x x) (sin x) 0.25)",
    "((grad (lambda (y) (let loop ((i 0) (s y)) (if (< i 8) (loop (+ i 1) (* s (sin s))) s)))) x)",
    "(if (< x 0.6) (let loop ((i 0) (s x)) (if (< i 60) (loop (+ i 1) (* s 0.5)) s)) (* x (exp (* x x))))",
    "(trace (inv (mat [(+ 2 x) x 0 1] [x 3 x 0] [0 x (+ 4 x) x] [1 0 x 5])))",
];

#[test]
fn budgets_are_the_evaluators() {
    let points = [vec![("x", 0.5)], vec![("x", 0.75)]];
    for text in NEAR {
        let near = |limits: Limits| {
            if let Ok(program) = Interpreter::with_limits(limits).load(text) {
                drop(program);
                check(&Interpreter::with_limits(limits), text, &points);
                rows_too(&Interpreter::with_limits(limits), text);
            }
        };
        (250..2100).step_by(110).for_each(|steps| near(Limits { steps, ..Limits::default() }));
        (0..200).step_by(11).for_each(|trace| near(Limits { trace, ..Limits::default() }));
        (0..6000).step_by(450).for_each(|trace_bytes| near(Limits { trace_bytes, ..Limits::default() }));
    }
}

/// Rows fail where single calls do.
#[track_caller]
fn rows_too(interpreter: &Interpreter, text: &str) {
    let x = [0.5, 0.55, 0.75, 0.5, 0.7];
    let load = || interpreter.load(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let one = |x: &f64| load().value_and_grad(&["x"], &[("x", *x)]).ok();
    let wanted: Option<Vec<_>> = x.iter().map(one).collect();
    let program = load();
    for _ in 0..2 {
        let found = program.vmap_value_and_grad(&["x"], &[("x", &x)], &[]).ok();
        assert_eq!(format!("{found:?}"), format!("{wanted:?}"), "{text}");
    }
}
