//! Recorded runs: while a trace's guards hold, it is the program.
//!
//! The traces are run by their naive evaluation. At the inputs of the run, and at any other where no guard fails, they give
//! the numbers that the evaluator gives there, to the bit; where the evaluator fails, a guard does.

use super::{
    CallError, Interpreter, StringProgram,
    tower::{cases, generate, load},
};
use crate::{
    Answer, Limits,
    replay::{Replay, Scratch},
};
use scheme_core::{
    diag::Diagnostic,
    trace::{Record, Trace},
};

/// Numbers to try in place of an input's.
const EDGES: [f64; 12] = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, 5.0, 0.5, 1e3, -1e-3, f64::INFINITY, f64::NAN];

/// What a recorded run gives.
pub(super) fn recorded(
    program: &StringProgram,
    inputs: &[(&str, f64)],
) -> Result<(Answer, Option<Trace>), Diagnostic> {
    let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let answers = answers(inputs);
    let given = program.given(&answers, &names)?;
    let (mut machine, value) = program.run(&given, &mut |machine| Ok(machine.record(&given.moving)))?;
    let (answer, record) = machine.traced(value);
    Ok((answer, record.and_then(Record::into_trace)))
}

/// What the evaluator gives.
fn interpreted(program: &StringProgram, inputs: &[(&str, f64)]) -> Result<Answer, CallError> {
    program.interpreted(&program.given(&answers(inputs), &[])?)
}

fn answers<'a>(inputs: &[(&'a str, f64)]) -> Vec<(&'a str, Answer)> {
    inputs.iter().map(|(name, x)| (*name, (*x).into())).collect()
}

#[track_caller]
fn trace(text: &str, inputs: &[(&str, f64)]) -> Trace {
    let recorded = recorded(&load(text), inputs);
    recorded.ok().and_then(|(_, trace)| trace).unwrap_or_else(|| panic!("no trace of {text}"))
}

/// The answer with other numbers, its bits told apart.
fn with_numbers(answer: &Answer, numbers: &[f64]) -> String {
    let mut numbers = numbers.iter();
    format!("{:?}", answer.replaced(&mut || numbers.next().copied().unwrap_or(f64::NAN).into()))
}

/// A source of chance: xorshift, the same on every machine.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    fn unit(&mut self) -> f64 {
        (self.next() % 1_000_000) as f64 / 1e6
    }

    /// A number near another, or far from it, or at an edge.
    pub(super) fn number(&mut self, x: f64) -> f64 {
        match self.next() % 6 {
            0 => x,
            1 => x * (0.999 + 0.002 * self.unit()),
            2 => x + self.unit() - 0.5,
            3 => -x,
            4 => (x + 4.0 * self.unit()).round(),
            _ => EDGES[(self.next() % EDGES.len() as u64) as usize],
        }
    }
}

/// Records a program at a point and holds the trace against the evaluator there and at random points. Gives how
/// many of these the trace held at.
#[track_caller]
fn check(program: &StringProgram, inputs: &[(&str, f64)], points: usize, chance: &mut Chance) -> usize {
    let text = program.source().text();
    let Ok((answer, trace)) = recorded(program, inputs) else {
        assert!(interpreted(program, inputs).is_err(), "{text}\nonly recorded it fails: {inputs:?}");
        return 0;
    };
    let trace = trace.unwrap_or_else(|| panic!("no trace of {text}"));
    let mut held = 0;
    for point in 0..=points {
        let mut at = inputs.to_vec();
        if point > 0 {
            at.iter_mut().for_each(|(_, x)| *x = chance.number(*x));
        }
        let numbers: Vec<f64> = at.iter().map(|(_, x)| *x).collect();
        let of_trace = trace.evaluate(&numbers);
        assert!(point > 0 || of_trace.is_ok(), "{text}\na guard fails at once: {of_trace:?}\n{trace}");
        let Ok(of_trace) = of_trace else { continue };
        let expected = interpreted(program, &at);
        let expected = expected.map(|expected| format!("{expected:?}")).map_err(|error| error.to_string());
        assert_eq!(
            Ok(with_numbers(&answer, &of_trace)),
            expected,
            "{text}\n{inputs:?}, then {at:?}\n{trace}"
        );
        held += usize::from(point > 0);
    }
    held
}

/// Compares the gradient of the trace, replayed, with that of the evaluator, to the bit, if the program's value is a
/// number.
#[track_caller]
fn check_gradient(program: &StringProgram, inputs: &[(&str, f64)]) {
    let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let answers = answers(inputs);
    let given = program.given(&answers, &names).expect("its inputs");
    let Ok((_, orders)) = program.interpreted_partials(&given, 1) else { return };
    let trace = trace(program.source().text(), inputs);
    let numbers: Vec<f64> = inputs.iter().map(|(_, x)| *x).collect();
    let all: Vec<usize> = (0..numbers.len()).collect();
    let replay = Replay::new(&trace, &all);
    let found =
        Scratch::with(|scratch| replay.value_and_grad(&numbers, 0, scratch).expect("it ran").1.to_vec());
    for (found, expected) in found.iter().zip(&orders[1]) {
        let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        assert!(same, "{}\n{found:e}, not {expected:e}\n{trace}", program.source().text());
    }
}

fn borrowed(inputs: &[(String, f64)]) -> Vec<(&str, f64)> {
    inputs.iter().map(|(name, x)| (&**name, *x)).collect()
}

/// Holds the trace's own gradient against the evaluator's, to the bit, at the inputs and at random points where the
/// guards hold; gives at how many.
#[track_caller]
fn check_derived(
    program: &StringProgram,
    inputs: &[(&str, f64)],
    points: usize,
    chance: &mut Chance,
) -> usize {
    let text = program.source().text();
    let (names, all): (Vec<&str>, Vec<usize>) = (0..).zip(inputs).map(|(i, (name, _))| (*name, i)).unzip();
    let Ok((Answer::Number(_), Some(trace))) = recorded(program, inputs) else { return 0 };
    let derived = trace.with_gradient(0, &all).unwrap_or_else(|| panic!("no gradient of {text}"));
    let mut held = 0;
    for point in 0..=points {
        let mut at = inputs.to_vec();
        if point > 0 {
            at.iter_mut().for_each(|(_, x)| *x = chance.number(*x));
        }
        let numbers = at.iter().map(|(_, x)| *x);
        let found: Result<Vec<f64>, usize> = if program.interpreter.single {
            let found = derived.evaluate(&numbers.map(|x| x as f32).collect::<Vec<f32>>());
            found.map(|found| found.into_iter().map(f64::from).collect())
        } else {
            derived.evaluate(&numbers.collect::<Vec<f64>>())
        };
        let Ok(found) = found else { continue };
        let answers = answers(&at);
        let given = program.given(&answers, &names).expect("its inputs");
        let (_, orders) = program.interpreted_partials(&given, 1).expect("the guards hold");
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        assert!(
            found[1..].iter().zip(&orders[1]).all(same),
            "{text}\n{found:?}, not {orders:?} at {at:?}\n{derived}"
        );
        held += 1;
    }
    held
}

#[test]
fn every_program_is_its_trace_while_the_guards_hold() {
    let mut chance = Chance(7);
    let mut held = 0;
    let cases = cases();
    // Far from where it is meant to be, a program may run for long.
    let limits = Limits { steps: 500_000, ..Limits::default() };
    for (_, text, inputs) in &cases {
        let program = Interpreter::with_limits(limits).load(text).expect("it loads");
        let inputs = borrowed(inputs);
        held += check(&program, &inputs, 20, &mut chance);
        check_gradient(&program, &inputs);
        let at: Vec<_> = inputs.iter().map(|(name, x)| (*name, chance.number(*x))).collect();
        held += check(&program, &at, 10, &mut chance);
    }
    assert!(held > cases.len() * 10, "guards held {held} times only");
}

#[test]
fn random_programs_are_their_traces_while_the_guards_hold() {
    let mut chance = Chance(11);
    for seed in 7000..7150 {
        let program = load(&generate::Generator::new(seed).program());
        let known: Vec<&str> = program.inputs().collect();
        let inputs = generate::INPUTS.iter().copied().filter(|(name, _)| known.contains(name));
        let inputs: Vec<(&str, f64)> = inputs.collect();
        check(&program, &inputs, 20, &mut chance);
        check_gradient(&program, &inputs);
    }
}

/// Programs that look at numbers in every way that is no arithmetic.
pub(super) const LOOKING: &[&str] = &[
    "(list-ref (list 10 20 x 40) (if (exact? n) n 1))",
    "(vector-ref (vector x (* x x) 3) (modulo (round n) 3))",
    "(length (make-list n x))",
    "(vector-length (make-vector n 0))",
    "(apply + (iota n x 2))",
    "(string-length (number->string x))",
    "(string-append \"x = \" (number->string x) (number->string n 2))",
    "(list (gcd n 12) (lcm n 5) x)",
    "(list (numerator x) (denominator x))",
    "(call-with-values (lambda () (exact-integer-sqrt n)) list)",
    "(rationalize x 0.1)",
    "(if (odd? n) (* 2 x) (/ x 2))",
    "(list (even? n) x)",
    "(exact n)",
    "(list (integer? x) (rational? x) (exact? n) (inexact? x) (infinite? x) (nan? x) (finite? x))",
    "(if (equal? (list x 1 \"a\") (list n 1 \"a\")) x (- x))",
    "(if (memv n '(1 2 3)) (* x 2) x)",
    "(let ((found (assoc n '((1 . a) (2 . b) (3 . c))))) (if found (list (cdr found) x) x))",
    "(case n ((1 2) (* x x)) ((3) (exp x)) (else x))",
    "(eq? (< x n) (< n x))",
    "(if (boolean=? (< x 0) (< n 0) #t) x (* 3 x))",
    "(if (equal? (vector (< x 0)) (vector #f)) x (* 3 x))",
    "(+ x (* 10 (< x n)) (not (< x 1)))",
    "(+ x (< 0 x n 10))",
    "(if (not (< 0 x n)) (not (= x 1)) x)",
    "(cond ((< x 0) => (lambda (t) (list t x))) ((assv n '((2 3))) => cadr) (else x))",
    "(and (< 0 x) (or (> n 2) (* x n)))",
    "(list (< x n) 'a \"b\" #\\c (list x) (vector n (> x n)))",
    "(min x n 1 (* x n))",
    "(list (floor x) (quotient n 2) (stop-gradient (list x n)) (abs x))",
    "(ref [1 x 3] (if (< n 2) n 1))",
    "(vlen (linspace 0 x n))",
    "(if (equal? [x 1] [n 1]) (dot [x n] [1 2]) (norm [x n]))",
    "(matvec (mat [x 1] [0 n]) [1 2])",
    "(let ((f (lambda (y) (* x y))) (g (lambda (y) (* n y)))) (if (eq? f g) 1 (f 2)))",
    "((grad (lambda (y) (* y y (if (< y 1) x n)))) x)",
    "((grad (lambda (y) (expt y n))) x)",
    "((grad (lambda (y) (max y n 2))) x)",
    "((grad (lambda (y) (floor (* y n)))) x)",
    "((grad (lambda (y) (* y ((grad (lambda (z) (* z z y n))) y)))) x)",
    "(jvp (lambda (y z) (* y z)) 2 x n 1)",
    "((hessian (lambda (v) (* (ref v 0) (ref v 0) (ref v 1)))) [x n])",
    "(let loop ((i 0) (s x)) (if (< i n) (loop (+ i 1) (* s 0.5)) s))",
    "(let loop ((i 0) (s x)) (if (< i 5) (loop (+ i 1) (+ s (sin s))) s))",
    "(string-ref \"abc\" n)",
    "(substring \"abcdef\" 1 n)",
    "(integer->char (+ 96 n))",
    "(list-tail (list 1 x 2) n)",
    "(string->number \"11\" n)",
    "(if (char=? (integer->char (+ 96 n)) #\\b) x 0)",
    "(vector-fill (vector 1 2 3) x n)",
    "(symbol->string (if (< x n) 'less 'more))",
    "(vector-map (lambda (y) (if (zero? y) 0 (/ 1 y))) (vector x n))",
    "(let ((t (< x n))) (if t (if t x n) (if t n (* x n))))",
    "(list (eqv? x n) (equal? x x) (= x n))",
];

#[test]
fn what_looks_at_numbers_is_guarded() {
    let mut chance = Chance(23);
    let mut looked = 0;
    for text in LOOKING {
        for interpreter in [Interpreter::new(), Interpreter::new().single_precision(true)] {
            let program = interpreter.load(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
            let known: Vec<&str> = program.inputs().collect();
            for (x, n) in
                [(0.5, 2.0), (2.0, 2.0), (-1.0, 3.0), (1.0, 0.0), (-0.0, 1.0), (f64::NAN, 4.0), (1.0, 1.0)]
            {
                let inputs = [("x", x), ("n", n)].into_iter().filter(|(name, _)| known.contains(name));
                let inputs: Vec<(&str, f64)> = inputs.collect();
                if interpreter.single {
                    check_single(&program, &inputs);
                } else {
                    check(&program, &inputs, 30, &mut chance);
                    check_gradient(&program, &inputs);
                }
                looked += usize::from(program.call_with(&answers(&inputs)).is_ok());
            }
        }
    }
    assert!(looked > 3 * LOOKING.len(), "only {looked} runs gave a value");
}

/// On `f32` the trace is run on it.
#[track_caller]
fn check_single(program: &StringProgram, inputs: &[(&str, f64)]) {
    let Ok((answer, trace)) = recorded(program, inputs) else { return };
    let trace = trace.unwrap_or_else(|| panic!("no trace of {}", program.source().text()));
    let numbers: Vec<f32> = inputs.iter().map(|(_, x)| *x as f32).collect();
    let found = trace.evaluate(&numbers).map(|found| found.into_iter().map(f64::from).collect::<Vec<f64>>());
    let expected = interpreted(program, inputs).map(|expected| format!("{expected:?}"));
    assert_eq!(found.map(|found| with_numbers(&answer, &found)).ok(), expected.ok(), "{trace}");
}

#[test]
fn gradients_of_traces_are_the_evaluators() {
    let mut chance = Chance(31);
    let mut held = 0;
    let precisions = [false, true].map(|single| Interpreter::new().single_precision(single));
    let cases = cases();
    for (_, text, inputs) in &cases {
        let inputs = borrowed(inputs);
        for interpreter in &precisions {
            held += check_derived(&interpreter.load(text).expect("it loads"), &inputs, 4, &mut chance);
        }
    }
    for seed in 7000..7050 {
        let program = load(&generate::Generator::new(seed).program());
        let known: Vec<&str> = program.inputs().collect();
        let inputs = generate::INPUTS.iter().copied().filter(|(name, _)| known.contains(name));
        held += check_derived(&program, &inputs.collect::<Vec<_>>(), 10, &mut chance);
    }
    for text in LOOKING {
        for interpreter in &precisions {
            let program = interpreter.load(text).expect("it loads");
            let inputs: Vec<(&str, f64)> = program.inputs().zip([0.75, 2.0]).collect();
            held += check_derived(&program, &inputs, 10, &mut chance);
        }
    }
    assert!(held > 2 * cases.len(), "only at {held} points");
}

#[test]
fn a_trace_that_outgrows_its_limits_is_dropped() {
    let text = "(let loop ((i 0) (s x)) (if (< i 1000) (loop (+ i 1) (* s s)) s))";
    let traced = |limits: Limits| {
        let program = Interpreter::with_limits(limits).load(text).expect("it loads");
        let (answer, trace) = recorded(&program, &[("x", 0.5)]).expect("it runs");
        assert_eq!(answer.number(), Some(0.0));
        trace.map(|trace| trace.len())
    };
    assert_eq!(traced(Limits::default()), Some(1000));
    assert_eq!(traced(Limits { trace: 1000, ..Limits::default() }), Some(1000));
    assert_eq!(traced(Limits { trace: 999, ..Limits::default() }), None);
    assert_eq!(traced(Limits { trace_bytes: 10_000, ..Limits::default() }), None);
}

/// Programs of operations, decisions, and numbers that are settled, in loops and along lists of constants.
const STORED: &[(&str, &[(&str, f64)])] = &[
    (
        "(define h 0.01) (define (dx x y) (* x (- a (* b y)))) (define (dy x y) (* y (- (* d x) c)))
         (let step ((x x) (y y) (i 0))
           (if (= i 20)
               (+ x y)
               (let* ((p1 (dx x y)) (q1 (dy x y))
                      (x2 (+ x (* 0.5 h p1))) (y2 (+ y (* 0.5 h q1)))
                      (p2 (dx x2 y2)) (q2 (dy x2 y2))
                      (x3 (+ x (* 1/3 h p2))) (y3 (+ y (* 1/3 h q2)))
                      (p3 (dx x3 y3)) (q3 (dy x3 y3))
                      (x4 (+ x (* h p3))) (y4 (+ y (* h q3)))
                      (p4 (dx x4 y4)) (q4 (dy x4 y4))
                      (s (* 1.5 (+ 2.5 (* 3.5 (+ 4.5 (* 5.5 (+ 6.5 x))))))))
                 (step (+ x (* (/ h 6) (+ p1 (* 2 p2) (* 2.25 p3) p4)))
                       (+ y (* (/ h 7) (+ q1 (* 2.75 q2) (* 2.875 q3) q4 (* 1e-9 s))))
                       (+ i 1)))))",
        &[("x", 1.0), ("y", 1.0), ("a", 1.5), ("b", 1.0), ("c", 3.0), ("d", 1.0)],
    ),
    ("(let halve ((x x) (n 0)) (if (> x 1e-9) (halve (/ x 2) (+ n 1)) (* n x)))", &[("x", 1e9)]),
    (
        "(let collatz ((n n) (i 0)) (cond ((= n 1) i) ((even? n) (collatz (/ n 2) (+ i 1)))
           (else (collatz (+ (* 3 n) 1) (+ i 1)))))",
        &[("n", 27.0)],
    ),
    (
        "(let bisect ((lo 0) (hi x)) (let ((mid (/ (+ lo hi) 2)))
           (cond ((< (- hi lo) 1e-9) mid) ((> (* mid mid) x) (bisect lo mid)) (else (bisect mid hi)))))",
        &[("x", 10.0)],
    ),
    (
        "(define v (vector 1 2 4 3 0)) (let walk ((i n) (s 0) (k 0)) (if (= k 100) (* x s)
        (walk (vector-ref v i) (+ s (* x (vector-ref v i))) (+ k 1))))",
        &[("n", 0.0), ("x", 2.0)],
    ),
    (
        "(define v (vector 1 2 3)) (let pick ((y x) (k 0) (s 0)) (if (= k 30) s
        (pick (* y 1.25) (+ k 1) (+ s (* y (vector-ref v (modulo (round y) 3)))))))",
        &[("x", 2.0)],
    ),
    (
        "(fold-left (lambda (s y) (+ s (square (- y (* x (sqrt y)))))) 0 (map (lambda (i) (* 0.1 (+ i 1))) (iota 300)))",
        &[("x", 0.5)],
    ),
    ("(fold-left (lambda (s y) (+ (* x y) (* (- 1 x) s))) 0 (iota 200 0.25 0.1))", &[("x", 0.5)]),
    ("(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib n)", &[("n", 12.0)]),
];

#[test]
fn a_stored_trace_takes_at_most_24_bytes_an_operation_and_a_guard() {
    for (text, inputs) in STORED {
        let trace = trace(text, inputs);
        let items = trace.len() + trace.guards().len();
        assert!(items > 20, "{items}: {text}");
        let (bytes, results) = (trace.bytes(), 4 * trace.results().len());
        assert!(bytes <= 24 * items + results, "{bytes} bytes of {items}: {text}\n{trace}");
    }
}

/// A line of comment, the program, the inputs, and its trace: the cases of `traces/recorded.txt`.
#[test]
fn traces_are_these() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/traces/recorded.txt");
    let written = std::fs::read_to_string(path).expect("the cases are there");
    let mut blessed = String::new();
    for case in written.split_inclusive("\n\n") {
        let mut lines = case.trim_end().lines();
        let head: Vec<&str> = lines.by_ref().take(3).collect();
        let [_, text, at] = head[..] else { panic!("a case has three lines at least: {case}") };
        let pair = |pair| str::split_once(pair, '=').map(|(name, x)| (name, x.parse().expect("a number")));
        let inputs: Vec<(&str, f64)> = at.split_whitespace().filter_map(pair).collect();
        let (answer, trace) =
            recorded(&load(text), &inputs).unwrap_or_else(|error| panic!("{text}\n{error:?}"));
        let trace = trace.expect("it fits");
        let found = format!("{}\n{trace}gives {answer}\n\n", head.join("\n"));
        blessed.push_str(&found);
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, blessed.trim_end().to_string() + "\n").expect("it can be written");
        return;
    }
    assert_eq!(blessed.trim_end(), written.trim_end(), "BLESS=1 writes it anew");
}
