//! Derivatives inside the language, nested in each other. What is expected is a closed form, or a
//! difference quotient, never a derivative by the same code.

use scheme_runtime::{Answer, Code, Interpreter, Limits};
use std::time::Duration;

/// The answer of a program without inputs, the same with the heap collected at every block.
#[track_caller]
fn outcome(text: &str) -> String {
    let [plain, stressed] = [false, true].map(|stress| {
        let program = Interpreter::new().stress(stress).load(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        match program.call(&[]) {
            Ok(answer) => answer.to_string(),
            Err(error) => format!("{} {}", error.code.as_str(), error.message),
        }
    });
    assert_eq!(plain, stressed, "{text}");
    plain
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expect) in cases {
        assert_eq!(outcome(text), *expect, "{text}");
    }
}

#[track_caller]
fn number(text: &str) -> f64 {
    let program = Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    match program.call(&[]) {
        Ok(Answer::Number(x)) => x,
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn close(found: f64, expect: f64, tolerance: f64) {
    assert!((found - expect).abs() <= tolerance * expect.abs().max(1.0), "{found} {expect}");
}

/// Derivatives of a number by a number, in forward mode and in reverse.
const MODES: &str = "(define (fwd f) (lambda (x) (cadr (jvp f x 1))))
    (define (rev f) (lambda (x) ((cadr (vjp f x)) 1)))";

/// The program with the two derivatives that it calls `inner` and `outer` in each mode.
fn in_all_modes(text: &str) -> impl Iterator<Item = String> {
    let modes = [("fwd", "fwd"), ("fwd", "rev"), ("rev", "fwd"), ("rev", "rev")];
    modes
        .into_iter()
        .map(move |(outer, inner)| format!("{MODES} (define outer {outer}) (define inner {inner}) {text}"))
}

#[test]
fn perturbations_are_not_confused() {
    for (text, expect) in [
        ("((outer (lambda (x) (* x ((inner (lambda (y) (+ x y))) 1)))) 1)", "1"),
        ("((outer (lambda (x) (* x ((inner (lambda (y) (* x y))) 2)))) 3)", "6"),
        ("((outer (lambda (x) ((inner (lambda (y) (* x x y y y))) x))) 2)", "96"),
        ("((outer (inner (lambda (x) (* x x x x)))) 2)", "48"),
        ("(define (f x) (lambda (y) (* x (sin y)))) ((outer (lambda (x) ((inner (f x)) 0))) 5)", "1"),
        // The inner derivative is by what the outer variable does not move.
        ("((outer (lambda (x) ((inner (lambda (y) (* 3 x))) x))) 2)", "0"),
        // Closures made inside one derivative and called inside another.
        (
            "(define (shift x) (lambda (f) (lambda (y) (f (+ x y)))))
             ((outer (lambda (u) ((inner ((shift u) (lambda (z) (* z z z)))) 0))) 2)",
            "12",
        ),
        (
            "(define (at x) (cons x (lambda (y) (* x y))))
          ((outer (lambda (x) (let ((p (at x))) ((inner (cdr p)) (car p))))) 7)",
            "1",
        ),
        // Comparisons look through all levels.
        ("((outer (lambda (x) ((inner (lambda (y) (if (< x y) (* x y y) y))) 3))) 2)", "6"),
    ] {
        for text in in_all_modes(text) {
            check(&[(&text, expect)]);
        }
    }
    check(&[
        ("((grad (lambda (x) (* x ((grad (lambda (y) (+ x y))) 1)))) 1)", "1"),
        ("((derivative (lambda (x) (* x ((derivative (lambda (y) (* x y))) 2)))) 1)", "2"),
        // The derivative of a curried procedure, which the amazing bug gets wrong.
        (
            "(define (s u) (lambda (f) (lambda (x) (f (+ x u)))))
             (define d ((derivative s) 0)) ((d (d (lambda (x) (* x x x)))) 2)",
            "12",
        ),
    ]);
}

#[test]
fn forms() {
    check(&[
        ("((grad (lambda (x) (* x x x))) 2)", "12"),
        ("((grad *) 2 3)", "(3 2)"),
        ("((grad (lambda (l) (* (car l) (cadr l)))) '(2 3))", "(3 2)"),
        ("((grad (lambda (l) (* (car l) (cdr (cadr l))))) '(2 (3 . 4)))", "(4 (0 . 2))"),
        ("((grad (lambda (v) (dot v v))) [1 2])", "[2 4]"),
        ("((grad (lambda (m v) (vsum (matvec m v)))) (mat [1 2] [3 4]) [5 6])", "((mat [5 6] [5 6]) [4 6])"),
        ("((grad (lambda (v) (* (vector-ref v 0) (vector-ref v 1)))) #(2 3))", "#(3 2)"),
        ("((value-and-grad (lambda (x y) (- (* x x) y))) 3 1)", "(8 (6 -1))"),
        ("((derivative (lambda (x) (list x (* x x) 'a))) 3)", "(1 6 a)"),
        ("((derivative (lambda (x) (vec x (* x x)))) 3)", "[1 6]"),
        ("(map (lambda (f) ((grad f) 0)) (list sin exp (lambda (x) (* x x))))", "(1 1 0)"),
        ("(map (lambda (d) (d 2)) (map grad (list square cube)))", "(4 12)"),
        ("(let loop ((n 3) (f cube)) (if (= n 0) (f 5) (loop (- n 1) (grad f))))", "6"),
        (
            "((jacobian (lambda (v) (vec (* (ref v 0) (ref v 1)) (ref v 0) 5))) [2 3])",
            "(mat [3 2] [1 0] [0 0])",
        ),
        ("((jacobian square) 3)", "6"),
        ("((jacobian (lambda (v) (dot v v))) [1 2])", "[2 4]"),
        ("((jacobian (lambda (l) (list (* (car l) (cadr l)) (car l)))) '(2 3))", "((3 2) (1 0))"),
        ("((hessian (lambda (v) (* (ref v 0) (ref v 0) (ref v 1)))) [2 3])", "(mat [6 4] [4 0])"),
        ("((hessian cube) 2)", "12"),
        ("((hessian (lambda (l) (* (car l) (cadr l)))) '(2 3))", "((0 1) (1 0))"),
        ("((vmap square) [1 2 3])", "[1 4 9]"),
        ("((vmap +) '(1 2) '(10 20))", "(11 22)"),
        ("((vmap (lambda (v) (* 2 v))) (mat [1 2] [3 4]))", "(mat [2 4] [6 8])"),
        ("((vmap (lambda (v a) (* a (dot v v)))) (mat [1 2] [3 4]) 10)", "[50 250]"),
        ("((vmap (lambda (x) (if (< x 2) x [1 2]))) [1 2])", "(1 [1 2])"),
        ("((vmap (grad (lambda (x y) (* x x y)))) [1 2] [3 4])", "((6 1) (16 4))"),
        (
            "((vmap (lambda (x) (let loop ((n x) (p 1)) (if (= n 0) p (loop (- n 1) (* p n)))))) [3 0 5])",
            "[6 1 120]",
        ),
        ("((grad (lambda (v) (vsum ((vmap (lambda (x) (if (> x 1) (* x x) x))) v)))) [3 1 2])", "[6 1 4]"),
        ("((grad (lambda (x) (* (stop-gradient x) x))) 3)", "3"),
        ("((grad (lambda (l) (* (car l) (car (stop-gradient l))))) '(3 a))", "(3 a)"),
        ("((grad (grad (lambda (x) (* x x (stop-gradient x))))) 3)", "6"),
    ]);
}

#[test]
fn errors() {
    check(&[
        (
            "((grad list) 1)",
            "E0502 `grad` takes a procedure whose value is a number, but was given a pair: (1)",
        ),
        ("((grad 5) 1)", "E0501 5 is a number, not a procedure, and cannot be called"),
        (
            "((derivative car) '(1))",
            "E0502 `derivative` takes a procedure of a number, but was given a pair: (1)",
        ),
        (
            "((vmap +) [1 2] [1])",
            "E0601 `vmap` takes arguments with as many items each, but was given 2 and 1",
        ),
        (
            "((vmap +) 1 2)",
            "E0502 `vmap` takes at least one list, vector or matrix, but was given a number: 1",
        ),
        ("((grad (lambda (s) 1)) \"abc\")", "E0502 a derivative is by numbers, and not by a string: \"abc\""),
        (
            "((value-and-grad (lambda (x l) x)) 1 '(a b))",
            "E0502 a derivative is by numbers, and not by a pair: (a b)",
        ),
        ("((jacobian (lambda (x) 1)) #t)", "E0502 a derivative is by numbers, and not by a boolean: #t"),
        (
            "((hessian (lambda (x) 1)) car)",
            "E0502 a derivative is by numbers, and not by a procedure: #<procedure car>",
        ),
        ("((grad (lambda (x) (car x))) 1)", "E0502 `car` takes a pair, but was given a number: 1"),
    ]);
}

#[test]
fn higher_orders_against_closed_forms() {
    // Orders 0 to 4 of each at 0.7.
    let x: f64 = 0.7;
    let e = (2.0 * x).exp();
    let closed: [(&str, [f64; 5]); 5] = [
        ("(exp (* 2 x))", [e, 2.0 * e, 4.0 * e, 8.0 * e, 16.0 * e]),
        ("(sin x)", [x.sin(), x.cos(), -x.sin(), -x.cos(), x.sin()]),
        ("(/ 1 x)", [1.0 / x, -x.powi(-2), 2.0 * x.powi(-3), -6.0 * x.powi(-4), 24.0 * x.powi(-5)]),
        ("(log x)", [x.ln(), 1.0 / x, -x.powi(-2), 2.0 * x.powi(-3), -6.0 * x.powi(-4)]),
        (
            "(expt x 2.5)",
            [
                x.powf(2.5),
                2.5 * x.powf(1.5),
                3.75 * x.powf(0.5),
                1.875 * x.powf(-0.5),
                -0.9375 * x.powf(-1.5),
            ],
        ),
    ];
    for (body, orders) in closed {
        for (order, expect) in orders.into_iter().enumerate() {
            for form in ["grad", "derivative"] {
                let open = format!("({form} ").repeat(order);
                let text = format!("({open}(lambda (x) {body}){} 0.7)", ")".repeat(order));
                close(number(&text), expect, 1e-12);
            }
        }
    }
}

/// A saddle point: the least over one player's moves of the greatest over the other's.
#[test]
fn saddle_point() {
    let text = "
        (define (descend slope x steps) (if (= steps 0) x (descend slope (- x (* 0.25 (slope x))) (- steps 1))))
        (define (payoff x y) (- (+ (* x x) (* x y)) (+ (* y y) y)))
        (define (best-reply x) (descend (inner (lambda (y) (- (payoff x y)))) 0 30))
        (define (least) (descend (outer (lambda (x) (payoff x (best-reply x)))) 1 20))
        (least)";
    // y* = (x - 1)/2; x² + x y* - y*² - y* = 5/4 x² - x/2 + 1/4, least at 1/5.
    for text in in_all_modes(text) {
        close(number(&text), 0.2, 1e-6);
    }
}

/// A charged particle between two fixed ones, its flight integrated by Euler's steps; where it lands
/// depends on a control that Newton's method sets.
#[test]
fn particle() {
    let text = "
        (define (potential x y w) (+ (/ 1 (sqrt (+ (square x) (square (- y (- 10 w))))))
                                     (/ 1 (sqrt (+ (square (- x 10)) (square y))))))
        (define dt 0.1)
        (define (landing w)
          (let loop ((x 0) (y 8) (vx 0.75) (vy 0))
            (let ((nx (+ x (* dt vx))) (ny (+ y (* dt vy))))
              (if (> ny 0)
                  (loop nx ny
                        (- vx (* dt ((inner (lambda (x) (potential x y w))) x)))
                        (- vy (* dt ((inner (lambda (y) (potential x y w))) y))))
                  (let ((back (/ (- y) vy))) (+ x (* back vx)))))))
        (define (error-of w) (square (landing w)))
        (define slope (outer error-of))
        (slope 0)";
    // The difference quotient of the same program, without its outer derivative.
    let program = text.replace("inner", "derivative").replace("(slope 0)", "");
    let program = program.replace("(define slope (outer error-of))", "");
    let at = |w: f64| number(&format!("{program} (error-of {w})"));
    let quotient = (at(1e-5) - at(-1e-5)) / 2e-5;
    for text in in_all_modes(text) {
        close(number(&text), quotient, 1e-5);
    }
}

#[test]
fn newtons_method() {
    let text = "(define (newton f x n) (if (= n 0) x (newton f (- x (/ (f x) ((grad f) x))) (- n 1))))
                (newton (lambda (x) (- (* x x) 2)) 1 7)";
    close(number(text), std::f64::consts::SQRT_2, 1e-15);
    // The derivative of a root by a parameter, through the iteration: of √a at 4, 1/4.
    let root = text.replace("(newton (lambda (x) (- (* x x) 2)) 1 7)", "")
        + "((grad (lambda (a) (newton (lambda (x) (- (* x x) a)) 1 9))) 4)";
    close(number(&root), 0.25, 1e-14);
}

#[test]
fn a_perceptron_learns() {
    let text = "
        (define data '((0 0 0) (0 1 1) (1 0 1) (1 1 0)))
        (define (neuron w a b) (tanh (+ (* (list-ref w 0) a) (* (list-ref w 1) b) (list-ref w 2))))
        (define (net ws a b)
          (neuron (list-ref ws 2) (neuron (list-ref ws 0) a b) (neuron (list-ref ws 1) a b)))
        (define (loss ws)
          (apply + (map (lambda (d) (square (- (net ws (car d) (cadr d)) (caddr d)))) data)))
        (define (step ws) (map (lambda (w g) (map (lambda (w g) (- w (* 0.3 g))) w g)) ws ((grad loss) ws)))
        (define start '((1 -1 0.1) (-1 1.2 -0.1) (0.8 0.9 0.2)))
        (define (train ws n) (if (= n 0) ws (train (step ws) (- n 1))))";
    let [before, after] = [0, 60].map(|n| number(&format!("{text} (loss (train start {n}))")));
    assert!(after < 0.6 * before, "{before} {after}");
    // Each partial derivative against the difference quotient.
    let starts = [[1.0, -1.0, 0.1], [-1.0, 1.2, -0.1], [0.8, 0.9, 0.2]];
    let loss = |i: usize, j: usize, by: f64| {
        let mut moved = starts;
        moved[i][j] += by;
        let rows = moved.map(|row| format!("({} {} {})", row[0], row[1], row[2]));
        number(&format!("{text} (loss '({}))", rows.join(" ")))
    };
    for i in 0..3 {
        for j in 0..3 {
            let exact = number(&format!("{text} (list-ref (list-ref ((grad loss) start) {i}) {j})"));
            close(exact, (loss(i, j, 1e-6) - loss(i, j, -1e-6)) / 2e-6, 1e-8);
        }
    }
}

#[test]
fn pullbacks_are_procedures() {
    check(&[
        // Called twice, and after another derivative was taken.
        (
            "(define p (cadr (vjp (lambda (x y) (list (* x y) (+ x y))) 2 3)))
             (define first (p '(1 0)))
             (define other ((grad cube) 5))
             (list first (p '(0 1)) (p '(10 100)) other)",
            "((3 2) (1 1) (130 120) 75)",
        ),
        // With a cotangent that another derivative sees: the pullback is linear in it.
        (
            "(define p (cadr (vjp (lambda (x) (* x x x)) 2)))
             (list ((grad (lambda (c) (p (* c c)))) 5) ((grad (grad (lambda (c) (p (* c c c))))) 5))",
            "(120 360)",
        ),
        // Inside the derivative by what it was made from.
        ("((grad (lambda (x) (let ((p (cadr (vjp (lambda (y) (* x y y)) x)))) (p x)))) 2)", "24"),
        // No procedure takes a number out of its derivative.
        (
            "(define leak (car (vjp (lambda (x) (lambda (y) (* x y))) 3))) (leak 2)",
            "E0502 a derivative is of numbers; the value holds a procedure: #<procedure>",
        ),
    ]);
}

#[test]
fn nothing_unreached_disturbs() {
    check(&[
        ("((grad (lambda (x y) (begin (sqrt x) (* 2 y)))) 0 1)", "(0 2)"),
        ("((grad (lambda (x) (if (= x 0) 0 (/ 1 x)))) 0)", "0"),
        ("((grad (grad (lambda (x) (+ (sqrt (floor x)) (* x x))))) 0.5)", "2"),
        ("(cadr (jvp (lambda (x y) (+ (sqrt x) y)) 0 1 1 1))", "+inf.0"),
        ("((grad (lambda (x y z) (max x y z))) 1 1 0)", "(0.5 0.5 0)"),
        ("((grad (grad (lambda (x) (max x (* x x) 0)))) 3)", "2"),
    ]);
}

#[test]
fn loops_of_derivatives_take_constant_memory() {
    let n = if cfg!(debug_assertions) { 3_000 } else { 300_000 };
    let limits = Limits { trace_bytes: 100_000, cells: 40_000, ..Limits::default() };
    for slope in ["((grad cube) x)", "((derivative cube) x)", "((grad (grad cube)) x)"] {
        let text =
            format!("(let loop ((i 0) (x 1)) (if (= i {n}) x (loop (+ i 1) (- x (* 0.001 {slope})))))");
        let program = Interpreter::new().limits(limits).load(&text).unwrap();
        assert!(matches!(program.call(&[]), Ok(Answer::Number(x)) if x.is_finite()), "{text}");
    }
}

#[test]
fn limits() {
    let ends = |limits: Limits, text: &str| match Interpreter::new().limits(limits).load(text) {
        Ok(program) => program.call(&[]).map(|answer| answer.to_string()).map_err(|error| error.code),
        Err(findings) => panic!("{findings}"),
    };
    let small = Limits { trace_bytes: 2_400, ..Limits::default() };
    let product = "(define (power x n) (if (= n 0) 1 (* x (power x (- n 1))))) ";
    assert_eq!(ends(small, &format!("{product} ((grad (lambda (x) (power x 90))) 1)")), Ok("90".into()));
    assert_eq!(ends(small, &format!("{product} ((grad (lambda (x) (power x 110))) 1)")), Err(Code::Tape));
    let nested = format!("{product} ((grad (grad (lambda (x) (power x 40)))) 1)");
    assert_eq!(ends(small, &nested), Err(Code::Tape));
    let quick = Limits { deadline: Some(Duration::from_millis(20)), steps: u64::MAX, ..Limits::default() };
    assert_eq!(ends(quick, "(let loop ((i 0)) (loop (+ i 1)))"), Err(Code::Deadline));
    assert_eq!(ends(quick, "(+ 1 2)"), Ok("3".into()));
    let shallow = Limits { depth: 50, ..Limits::default() };
    let tower =
        "(define (tower x n) (if (= n 0) x ((grad (lambda (y) (* y (tower y (- n 1))))) x))) (tower 1 60)";
    assert_eq!(ends(shallow, tower), Err(Code::Depth));
}

/// Levels in levels, on a small thread: a budget ends it, never the stack.
#[test]
fn deep_nests_end_within_their_budget() {
    let text = "(define (nest f n) (if (= n 0) f (nest (derivative f) (- n 1)))) ((nest exp 12) 0)";
    let run = move || number(text);
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), 1.0);
    let text = "(define (nest f n) (if (= n 0) f (nest (derivative f) (- n 1)))) ((nest (lambda (x) (/ 1 x)) 5000) 1)";
    let limits = Limits { trace_bytes: 10_000_000, ..Limits::default() };
    let run = move || Interpreter::new().limits(limits).load(text).unwrap().call(&[]).map_err(|e| e.code);
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    assert!(matches!(thread.join().unwrap(), Err(Code::Tape | Code::Steps)));
}
