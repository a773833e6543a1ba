//! What is not reached has no part in a gradient, whatever it overflows to: programs whose numbers overflow, beside the tape.

use crate::{generate::Random, parse};
use scheme_core::{
    anf::Module,
    kernel::{self, Program},
    lower::{Direct, Lowered, lower},
    reader,
    reference::{Array, call_reverse, recorded::record},
    transform::{optimize, reverse},
};

fn program(text: &str) -> (Program, Module) {
    let program = kernel::desugar(&reader::read(text).0).0.unwrap_or_else(|| panic!("{text}"));
    let Ok(Lowered::Direct(Direct { module, .. })) = lower("program", &program) else { panic!("{text}") };
    (program, parse(&optimize(&module).to_string()))
}

/// At some of these a state overflows, at others it does not.
const POINTS: [[f64; 2]; 4] = [[0.5, 3.0], [0.7, 0.9], [-1.25, 2.5], [1.5, 40.0]];

/// Where what the tape gives is finite, reverse mode gives the same; gives at how many points it is.
#[track_caller]
fn check(text: &str) -> usize {
    let (program, module) = program(text);
    let wrt = [0, 1];
    let both = reverse(&module, &wrt).unwrap();
    crate::laws::sound(&module, &both);
    let mut finite = 0;
    for point in &POINTS {
        let trace = record(&program, point).unwrap();
        let tape = trace.with_gradient(0, &wrt).unwrap().evaluate(point).unwrap();
        let args: Vec<Array<f64>> = point.iter().map(|x| Array::real(*x)).collect();
        let found = call_reverse(&module, &both, &args).unwrap();
        let found: Vec<f64> = found.iter().flat_map(Array::numbers).collect();
        assert_eq!(found[0].to_bits(), tape[0].to_bits(), "{text}\nat {point:?}");
        if tape.iter().all(|x| x.is_finite()) {
            finite += 1;
            let most = tape.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
            for (a, want) in found.iter().zip(&tape) {
                assert!((a - want).abs() <= 1e-12 * most, "{found:?} is not {tape:?}: {text}\nat {point:?}");
            }
        }
    }
    finite
}

/// What a state is next, or an exit: mostly bounded, so that what overflows may leave finite numbers.
fn next(random: &mut Random, states: &[&str], deep: bool) -> String {
    let mut one = || states[random.below(states.len())];
    let (y, z) = (one(), one());
    match random.below(if deep { 16 } else { 14 }) {
        0 => format!("(* {y} {z})"),
        1 => format!("(+ {y} (exp (- {z})))"),
        2 => format!("(/ 1 (+ 1 (exp {y})))"),
        3 => format!("(- {y} (* 1/4 {z}))"),
        4 | 5 => y.to_owned(),
        6 => format!("(* a {y})"),
        7 => format!("(tanh {y})"),
        8 => format!("(exp (- (* {y} {y})))"),
        9 => format!("(min {y} 3)"),
        10 => format!("(sin {y})"),
        11 => format!("(* 1e30 {y})"),
        12 => format!("(sqrt (abs {y}))"),
        13 => format!("(min 2 (cos {y}))"),
        14 => format!("(if (> {y} 1e9) {} {})", next(random, states, false), next(random, states, false)),
        _ => {
            let at = random.below(12);
            format!("(if (< i {at}) {} {})", next(random, states, false), next(random, states, false))
        }
    }
}

/// A loop whose first state is meant to overflow, or does so before it, and which exits do not read.
fn random_loop(random: &mut Random) -> String {
    let states = &["y", "z", "s", "t"][..2 + random.below(3)];
    let (rest, deep) = (&states[1..], random.below(2) == 0);
    let begins: Vec<String> =
        rest.iter().map(|y| format!("({y} {})", ["a", "b", "0.5", "b", "a", "w"][random.below(6)])).collect();
    let nexts: Vec<String> = rest.iter().map(|_| next(random, states, deep)).collect();
    let first = ["(* y y)", "(* y (+ y z))", "(* z z)", "(exp y)"][random.below(4)];
    let exit = next(random, rest, deep);
    let mut other = String::new();
    if random.below(2) == 0 {
        let large = states[random.below(states.len())];
        other = format!("((> {large} 1e300) {})", next(random, rest, deep));
    }
    let before = ["b", "b", "b", "(* w w)"][random.below(4)];
    let (begins, nexts, turns) = (begins.join(" "), nexts.join(" "), random.below(14));
    format!(
        "(lambda (a b)
           (let* ((w (* a (exp (* 200 b)))) (y {before}))
             (let go ((i 0) (y y) {begins})
               (cond {other} ((< i {turns}) (go (+ i 1) {first} {nexts})) (else {exit})))))"
    )
}

#[test]
fn random_loops() {
    let range = std::env::var("LOOPS").unwrap_or("0..150".to_owned());
    let (from, to) = range.split_once("..").expect("LOOPS=from..to");
    let seeds = from.parse().unwrap()..to.parse().unwrap();
    let (mut finite, mut all) = (0, 0);
    for seed in seeds {
        finite += check(&random_loop(&mut Random::new(seed)));
        all += POINTS.len();
    }
    assert!(finite * 4 > all * 3, "the tape is finite at {finite} of {all} points");
}

/// Loops whose states overflow, in ways that the result does not depend on.
#[test]
fn loops() {
    for text in [
        // The state that overflows is read by a step, and not by the last.
        "(let go ((i 0) (y b) (s a)) (if (< i 11) (go (+ i 1) (* y y) (+ s (exp (- y)))) s))",
        // By the last but one.
        "(let go ((i 0) (y b) (s a) (t a)) (if (< i 11) (go (+ i 1) (* y y) (+ s (exp (- y))) s) t))",
        // Not in the first turn, nor in the second.
        "(let go ((i 0) (y b) (z b) (s a)) (if (< i 12) (go (+ i 1) (* y y) y (+ s (tanh z))) s))",
        // Exits that read different states, of which one overflows.
        "(let go ((i 0) (y b) (s a))
               (cond ((> y 1e150) s) ((< i 11) (go (+ i 1) (* y y y y) (+ s (exp (- y))))) (else (+ s y))))",
        "(let go ((i 0) (y b) (s a))
               (cond ((> y 1e150) s) ((< i 9) (go (+ i 1) (* y y y y) (* s 3/4))) (else (+ s y))))",
        // States that are reached at every second turn.
        "(let go ((i 0) (y b) (z a)) (if (< i 12) (go (+ i 1) (* z z) (* y y)) z))",
        // States that a step reads on some paths.
        "(let go ((i 0) (y b) (s a)) (if (< i 13) (go (+ i 1) (* y y) (if (< i 4) (+ s (tanh y)) s)) s))",
        "(let go ((i 0) (y b) (s a))
               (if (< i 13) (go (+ i 1) (* y y) (if (< y 1e9) (+ s (* 1/8 y)) s)) s))",
        // A sine of what overflows, which is nan and goes into nothing.
        "(let go ((i 0) (y b) (s a))
               (if (< i 20) (go (+ i 1) (* 1e20 y) (let ((z (sin y))) (if (> z 0.1) (+ s z) s))) s))",
        // States that nothing ever reads where the loop goes on.
        "(let go ((i 0) (y b) (z 0.5))
               (cond ((< i 2) (go (+ i 1) (exp (* 99 y)) (if (< i 2) (* 1e30 z) (sqrt (abs y))))) (else (* a (exp (- (* z z)))))))",
        // Loops of no, one and two turns.
        "(let go ((i 0) (y b) (s a)) (if (< i 0) (go (+ i 1) (exp (* 99 y)) (+ s y)) s))",
        "(let go ((i 0) (y b) (s a)) (if (< i 1) (go (+ i 1) (exp (* 99 y)) (+ s y)) s))",
        "(let go ((i 0) (y b) (s a)) (if (< i 2) (go (+ i 1) (exp (* 99 y)) (+ s (exp (- y)))) s))",
        // A loop in a loop, which gives both states.
        "(let go ((i 0) (y b) (s a))
               (if (< i 4)
                   (let ((p (let in ((j 0) (y y) (s s))
                              (if (< j 3) (in (+ j 1) (* y y) (if (< y 1e9) (+ s (* 1/8 y)) s)) (list y s)))))
                     (go (+ i 1) (car p) (cadr p)))
                   s))",
        // One of whose results the program uses one.
        "(cadr (let go ((i 0) (y b) (s a))
                     (if (< i 11) (go (+ i 1) (* y y) (+ s (exp (- y)))) (list y s))))",
        // Recursion, whose results are used likewise.
        "(define (f n)
               (if (< n 1)
                   (list b a)
                   (let ((p (f (- n 1))))
                     (list (* (car p) (car p)) (if (< (car p) 1e9) (+ (cadr p) (car p)) (cadr p))))))
             (cadr (f 13))",
        // Calls in tail position are one loop, in which a truth value says whose turn it is.
        "(define (even n y s) (if (= n 0) s (odd (- n 1) (* y y) (+ s (exp (- y))))))
             (define (odd n y s) (if (= n 0) (* 2 s) (even (- n 1) (* y y) (- s (exp (- y))))))
             (+ (even 11 b a) (odd 11 b a))",
    ] {
        assert!(check(&format!("(lambda (a b) {text})")) > 1, "the tape is finite at one point of {text}");
    }
}

/// Numbers that overflow where nothing reads them: on sides that are not taken, and what a call gives.
#[test]
fn sides_and_bindings() {
    for text in [
        // Of no side, of one, of sides of several choices, and of one that conditions read.
        "(let ((y (exp (* 300 b)))) (* a a))",
        "(let ((y (exp (* 300 b)))) (if (> a 9) (* y y) (* a a)))",
        "(let ((y (exp (* 300 b)))) (+ (if (> a 9) (* y a) (* a a)) (if (> a 8) (log y) (* 2 a))))",
        "(let ((y (exp (* 300 b)))) (+ (if (< y 9) (* y a) (* a a)) (if (< y 8) (log (+ 1 y)) (* 2 a))))",
        "(let* ((y (exp (* 300 b))) (z (* y b)))
           (+ (cond ((> a 9) z) ((> a 8) y) (else a)) (cond ((> a 7) (* z a)) (else 1))))",
        // The sine of what overflows, between choices.
        "(let ((z (sin (* 1e300 (* 1e300 b)))))
           (+ a (if (> z 1e307) a (if (> z -0.7) (* z a) a)) (if (> z -0.75) (* z a) (* 2 a))))",
        // Choices within choices.
        "(let* ((y (exp (* 300 b))) (z (* y b)))
           (+ (if (> b 0) (if (> a 9) (* z z) (* a b)) y) (if (> a 8) z (if (> a 7) y (sin a)))))",
        // Of several operations, each of which overflows.
        "(let* ((y (* 1e200 b)) (z (* y y)) (w (* z b y)))
           (+ (if (> a 9) (* w z) (* a a)) (if (> a 8) (tanh w) (* 2 b)) (if (> a 7) z 0)))",
        // Given by a recursion.
        "(define (f n y) (if (< n 1) b (* y (f (- n 1) (* y y)))))
         (let ((z (f 10 b))) (+ (if (> a 9) z a) (if (> a 8) (* z 2) 1)))",
    ] {
        assert!(check(&format!("(lambda (a b) {text})")) > 2, "the tape is finite at few points of {text}");
    }
}

/// Numbers that overflow before loops and recursions that take them, and happen not to read them.
#[test]
fn before_loops_and_recursions() {
    for text in [
        // What steps read on a path that is not taken; and a state, of which the first step takes the place.
        "(let ((y (exp (* 300 b))))
           (let go ((i 0) (s a)) (if (< i 9) (go (+ i 1) (if (> s 9) (+ s y) (* s 3/4))) s)))",
        "(let go ((i 0) (y (exp (* 300 b))) (s a))
           (if (< i 9) (go (+ i 1) s (if (> s 9) (+ s y) (* s 3/4))) s))",
        // What exits read, one of which is taken.
        "(let ((y (* 1e200 b 1e200 b)))
           (let go ((i 0) (s a)) (cond ((> s 100) (+ y s)) ((< i 9) (go (+ i 1) (* s 3/4))) (else s))))",
        // A loop of no turns, of one, of two.
        "(let ((y (exp (* b b 300 b))))
           (let go ((i 0) (s a)) (if (< i (if (> a 5) 2 0)) (go (+ i 1) (+ s (* y y))) s)))",
        // A loop in a loop.
        "(let go ((i 0) (s a))
           (if (< i 3)
               (let ((y (exp (* 300 b (+ 1 (* s s))))))
                 (go (+ i 1)
                     (let in ((j 0) (t s)) (if (< j 3) (in (+ j 1) (if (> t 9) (* t y) (* t 3/4))) t))))
               s))",
        // Through several operations and choices.
        "(let* ((y (exp (* 300 b))) (z (* y b)) (w (if (> b 0) (* z y) (sin z))))
           (+ a (let go ((i 0) (s a)) (if (< i 9) (go (+ i 1) (if (> s 9) (+ s w) (* s 3/4))) s))))",
        // Recursion, which overflows on its way, too.
        "(define (f n y) (if (< n 1) a (if (> a 9) (* y (f (- n 1) y)) (* a (f (- n 1) y)))))
         (f 5 (exp (* 300 b)))",
        "(define (f n y) (if (< n 1) (if (> a 9) y a) (* 1/2 a (f (- n 1) (* y y))))) (f 12 b)",
        "(define (f n y)
           (if (< n 1) (if (> a 9) y a) (+ (* 1/2 (f (- n 1) (* y y b))) (* 1/4 (f (- n 1) (* y y))))))
         (f 8 b)",
    ] {
        assert!(check(&format!("(lambda (a b) {text})")) > 2, "the tape is finite at few points of {text}");
    }
}
