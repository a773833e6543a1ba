//! Programs from strings, through the evaluator in Scheme.

use scheme_core::diag::{Code, Diagnostic};
use scheme_runtime::{Answer, Interpreter, Limits, StringProgram, machine::Machine};

#[track_caller]
fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// The value of a program without inputs, or the code, line and column of what ends it and the message.
fn shown(text: &str) -> String {
    answer(&Interpreter::new(), text)
}

fn answer(interpreter: &Interpreter, text: &str) -> String {
    let located = |program: &scheme_core::span::SourceMap, d: &Diagnostic| {
        let at = program.place(d.span.start);
        format!("{} {}:{} {}", d.code.as_str(), at.line, at.column, d.message)
    };
    let program = match interpreter.load(text) {
        Ok(program) => program,
        Err(findings) => return located(&scheme_core::span::SourceMap::new("", text), &findings[0]),
    };
    match program.call(&[]) {
        Ok(Answer::Bool(b)) => b.to_string(),
        Ok(answer) => answer.to_string(),
        Err(error) => located(program.source(), &error),
    }
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(shown(text), expect, "{text}");
}

const COULOMB: &str = "(* k (/ (* q1 q2) (* r r)))";

#[test]
fn coulomb() {
    let program = load(COULOMB);
    assert_eq!(program.inputs().collect::<Vec<_>>(), ["k", "q1", "q2", "r"]);
    let (k, q1, q2, r): (f64, f64, f64, f64) = (8.99, 1.5, -2.25, 0.7);
    let inputs = [("k", k), ("q1", q1), ("q2", q2), ("r", r)];
    let expect = k * ((q1 * q2) / (r * r));
    assert_eq!(program.call(&inputs), Ok(Answer::Number(expect)));
    let (value, gradient) = program.value_and_grad(&["r", "k", "q1", "q2", "r"], &inputs).unwrap();
    assert_eq!(value.to_bits(), expect.to_bits());
    let by_r = -2.0 * k * q1 * q2 / (r * r * r);
    let exact = [by_r, q1 * q2 / (r * r), k * q2 / (r * r), k * q1 / (r * r), by_r];
    for (found, exact) in gradient.iter().zip(exact) {
        assert!(((found - exact) / exact).abs() < 1e-14, "{gradient:?} {exact:?}");
    }
}

#[test]
fn the_evaluator_of_the_crate_is_the_one_in_bootstrap() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    // A packaged crate stands alone.
    if let Ok(source) = std::fs::read_to_string(folder.join("../bootstrap/evaluator.scm")) {
        assert_eq!(std::fs::read_to_string(folder.join("src/evaluator.scm")).unwrap(), source);
        let swapped = source.replace("(then env) (else env)", "(else env) (then env)");
        assert_eq!(std::fs::read_to_string(folder.join("tests/modules/swapped_if.scm")).unwrap(), swapped);
        assert_ne!(source, swapped);
    }
}

#[test]
fn a_wrong_evaluator_makes_strings_go_wrong() {
    let wrong = Interpreter::new().evaluator(scheme_macros::scheme_module!("modules/swapped_if.scm"));
    assert_eq!(answer(&wrong, "(if #t 1 2)"), "2");
    assert_eq!(answer(&Interpreter::new(), "(if #t 1 2)"), "1");
    let program = wrong.load("(if (< x 0) (* 2 x) (* 3 x))").unwrap();
    assert_eq!(program.value_and_grad(&["x"], &[("x", 1.0)]), Ok((2.0, vec![2.0])));
}

#[test]
fn forms() {
    check("42", "42");
    check("'(a (b . 2) \"c\\n\" #\\d)", "(a (b . 2) \"c\\n\" #\\d)");
    check("(let ((x 1)) (let ((x (+ x 1)) (y x)) (list x y)))", "(2 1)");
    check("(((lambda (a) (lambda (b) (- a b))) 5) 3)", "2");
    check(
        "(let ((twice (lambda (f) (lambda (x) (f (f x)))))) (((twice twice) (lambda (x) (* x 2))) 1))",
        "16",
    );
    check("(define (f . l) l) (list (f) (f 1 2))", "(() (1 2))");
    check(
        "(define (f a . l) (cons l a)) (list (f 1) (f 1 2 3) (apply f '(4 5)))",
        "((() . 1) ((2 3) . 1) ((5) . 4))",
    );
    check(
        "(define (even n) (if (= n 0) #t (odd (- n 1)))) (define (odd n) (if (= n 0) #f (even (- n 1)))) (even 1001)",
        "false",
    );
    check("(let loop ((i 0) (l '())) (if (= i 3) l (loop (+ i 1) (cons i l))))", "(2 1 0)");
    check("(begin (car '(1)) 2)", "2");
    check("(cond ((assq 'b '((a 1) (b 2))) => cadr) (else 0))", "2");
    check("(if #f #f)", "#<unspecified>");
    check("car", "#<procedure car>");
    check("(apply apply (list + 1 '(2 3)))", "6");
    check("(+ #t 1 (* #f 5))", "2");
    check("(lcm 1.7e308 1.3e308 3)", "+inf.0");
    check("(< 1 2 3 3)", "false");
    check("(equal? '(1 (2 \"x\") #(3)) (list 1 (list 2 \"x\") '#(3)))", "true");
}

#[test]
fn warnings_have_an_end() {
    let names: Vec<String> = (0..300).map(|i| format!("x{i}")).collect();
    assert_eq!(load(&format!("(lambda ({}) 1)", names.join(" "))).warnings().len(), 100);
}

#[test]
fn any_name_can_be_shadowed() {
    check("(let ((quote 1) (if 2) (lambda 3)) (list quote if lambda))", "(1 2 3)");
    check("(let ((car cdr)) (car '(1 2)))", "(2)");
    check(
        "(define (analyze x) (* 2 x)) (let ((x.1 1) (x 2)) (let ((x (+ x x.1))) (list x x.1 (analyze x))))",
        "(3 1 6)",
    );
    check("(let ((eqv? 5) (not 6) (list 7)) (case eqv? ((5) (cons list not)) (else 0)))", "(7 . 6)");
}

#[test]
fn only_the_taken_side_counts() {
    let program = load("(if (= x 0) 0 (/ 1 x))");
    assert_eq!(program.value_and_grad(&["x"], &[("x", 0.0)]), Ok((0.0, vec![0.0])));
    assert_eq!(program.value_and_grad(&["x"], &[("x", 2.0)]), Ok((0.5, vec![-0.25])));
    let discarded = load("(begin (sqrt (* x 0)) (* 3 x))");
    assert_eq!(discarded.value_and_grad(&["x"], &[("x", 2.0)]), Ok((6.0, vec![3.0])));
}

#[test]
fn gradients_pass_through_data_and_closures() {
    let program = load(
        "(define (each f l) (if (null? l) '() (cons (f (car l)) (each f (cdr l)))))
         (define (total l) (if (null? l) 0 (+ (car l) (total (cdr l)))))
         (total (each (lambda (y) (* y y a)) (list a b 3)))",
    );
    let (a, b) = (2.0, 5.0);
    let (value, gradient) = program.value_and_grad(&["a", "b"], &[("a", a), ("b", b)]).unwrap();
    assert_eq!(value, a * (a * a + b * b + 9.0));
    assert_eq!(gradient, [3.0 * a * a + b * b + 9.0, 2.0 * a * b]);
    let program = load("(max x y (min x y) 1)");
    assert_eq!(program.value_and_grad(&["x", "y"], &[("x", 3.0), ("y", 3.0)]), Ok((3.0, vec![0.5, 0.5])));
}

#[test]
fn declared_zeros_pass_nothing() {
    let program = load("(+ (sqrt (floor x)) (* 2 x))");
    assert_eq!(program.value_and_grad(&["x"], &[("x", 0.5)]), Ok((1.0, vec![2.0])));
}

#[test]
fn errors_are_placed_in_the_string() {
    check("(+ 1 (car 5))", "E0502 1:6 `car` takes a pair, but was given a number: 5");
    check("(+ 1\n   (* 2 'a))", "E0502 2:4 `*` takes numbers, but was given a symbol: a");
    check("(< 1 #t)", "E0502 1:1 `<` takes numbers, but was given a boolean: #t");
    check(
        "(define (f x) x)\n(define (call g)\n (g 1 2))\n(call f)",
        "E0401 3:2 `f` takes 1 argument, given 2",
    );
    check(
        "(define (call g) (g 1)) (call (lambda (x y . z) x))",
        "E0401 1:18 this procedure takes at least 2 arguments, given 1",
    );
    check("(define (f x) (x 1))\n(f 3)", "E0501 1:15 3 is a number, not a procedure, and cannot be called");
    check("(error \"no luck:\" '(a 1) \"b\")", "E0901 1:1 no luck: (a 1) \"b\"");
    check("(list-ref '(1 2) 2)", "E0701 1:1 `list-ref` goes past the end of the list: index 2, length 2");
    check("(list-ref '(1 2) -1)", "E0701 1:1 `list-ref` takes a whole number from 0 as index, not -1");
    check("(list-ref '(1 2) 'a)", "E0502 1:1 `list-ref` takes a number as index, but was given a symbol: a");
    check(
        "(let ((l '(1 2))) (list-tail l 3))",
        "E0701 1:19 `list-tail` goes past the end of the list: index 3, length 2",
    );
    check("(even? 1.5)", "E0701 1:1 `even?` takes an integer, but was given 1.5");
    check("(nothing 1)", "E0301 1:2 there is no procedure called `nothing`");
    let program = load("(+ 1 (* x y))");
    let error = program.call(&[("x", 1.0)]).unwrap_err();
    assert_eq!((error.code, error.span.start), (Code::Unbound, 10));
    let error = program.call(&[("x", 1.0), ("z", 1.0)]).unwrap_err();
    assert_eq!((error.code, error.hint.as_deref()), (Code::Unbound, Some("its inputs are: x, y")));
}

fn with(limits: Limits) -> Interpreter {
    Interpreter::new().limits(limits)
}

#[test]
fn a_million_iterations_take_constant_memory() {
    let n = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let sum = (f64::from(n) * (f64::from(n) + 1.0) / 2.0).to_string();
    let small = with(Limits { cells: 2_000, depth: 100, ..Limits::default() });
    let own = "(lambda (loop n sum) (if (= n 0) sum (loop loop (- n 1) (+ sum n))))";
    assert_eq!(answer(&small, &format!("((lambda (loop) (loop loop {n} 0)) {own})")), sum);
    let named = format!("(let loop ((n {n}) (sum 0)) (if (= n 0) sum (loop (- n 1) (+ sum n))))");
    assert_eq!(answer(&small, &named), sum);
    let mutual = "(define (a n sum) (if (= n 0) sum (apply b (list (- n 1) (+ sum n)))))
                  (define (b n sum) (cond ((= n 0) sum) (else (let ((m (- n 1))) (a m (+ sum n))))))";
    assert_eq!(answer(&small, &format!("{mutual} (a {n} 0)")), sum);
}

#[test]
fn collecting_at_every_block_changes_nothing() {
    for text in [
        "(define (each f l) (if (null? l) '() (cons (f (car l)) (each f (cdr l)))))
         (each (lambda (x) (list x \"text\" (* x x))) '(1 2 3 4 5 6 7))",
        "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 10)",
        "(let loop ((n 100) (l '())) (if (= n 0) (length l) (loop (- n 1) (cons l l))))",
        "(define (f a . l) (apply list a l)) (equal? (f 1 2 3) '(1 2 3))",
        "(+ 1 (car (cons 'a 2)))",
    ] {
        assert_eq!(answer(&Interpreter::new().stress(true), text), shown(text));
    }
}

#[test]
fn recursion_is_deep_on_a_small_thread() {
    let text = "(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1))))) (count 100000)";
    let run = move || shown(text);
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), "100000");
}

#[test]
fn budgets_end_runs_with_a_place() {
    let small = with(Limits {
        steps: 1_000_000,
        depth: 1_000,
        cells: 10_000,
        trace_bytes: 2_400,
        ..Limits::default()
    });
    let starts = |text: &str, expect: &str| {
        let found = answer(&small, text);
        assert!(found.starts_with(expect), "{text}: {found}");
    };
    starts("(define (loop n) (loop (+ n 1)))\n(loop 0)", "E0802 1:");
    starts("(define (loop n) (+ 1 (loop n)))\n(loop 0)", "E0803 1:");
    starts("(define (grow l) (grow (cons 1 l)))\n(grow '())", "E0804 1:");
    starts(
        "(define (twice n l) (if (= n 0) l (twice (- n 1) (append l l))))\n(length (twice 40 '(1)))",
        "E0804 1:",
    );
    starts(
        "(define (share n l) (if (= n 0) l (share (- n 1) (cons l l))))\n(equal? (share 90 1) (share 90 1))",
        "E0802 2:",
    );
    let program = small.load("(let loop ((i 0) (x x)) (if (= i 200) x (loop (+ i 1) (* x 0.5))))").unwrap();
    assert!(program.call(&[("x", 1.0)]).is_ok());
    assert_eq!(program.value_and_grad(&["x"], &[("x", 1.0)]).unwrap_err().code, Code::Tape);
}

#[test]
fn programs_are_shared_by_threads() {
    let program = load(COULOMB);
    let call = |r: f64| program.call(&[("k", 1.0), ("q1", 1.0), ("q2", 1.0), ("r", r)]);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..4).map(|r| scope.spawn(move || call(f64::from(r)))).collect();
        for (thread, r) in threads.into_iter().zip(1..) {
            assert_eq!(thread.join().unwrap(), call(f64::from(r)));
        }
    });
}

#[test]
fn compiled_and_interpreted_are_one_language() {
    let module = scheme_macros::scheme_module!("modules/library.scm");
    for stress in [false, true] {
        let mut machine = Machine::new(module, Limits::default()).unwrap();
        machine.set_stress(stress);
        let value = machine.start(&[]).unwrap();
        let compiled = machine.text(value, 10_000);
        let interpreted = answer(&Interpreter::new().stress(stress), include_str!("modules/library.scm"));
        assert_eq!(compiled, interpreted);
        assert!(compiled.starts_with("((1 6.25 9) 49 ("), "{compiled}");
    }
}

#[test]
fn nesting_as_deep_as_the_reader_takes_it() {
    let n = 490;
    check(&format!("{}0{}", "(+ 1 ".repeat(n), ")".repeat(n)), &n.to_string());
    check(&format!("{}0{}", "((lambda () ".repeat(n / 5), "))".repeat(n / 5)), "0");
}

/// Programs made of random parts: none may panic, and none may depend on when the heap is collected.
#[test]
fn random_programs_end() {
    const HEADS: [&str; 24] = [
        "if",
        "let ((x 1) (y '(1 2)))",
        "lambda (x . y)",
        "lambda (x)",
        "define (f x y)",
        "let loop ((x 3))",
        "loop",
        "car",
        "cdr",
        "cons",
        "list",
        "apply",
        "+",
        "<",
        "max",
        "append",
        "length",
        "list-ref",
        "x",
        "(lambda l l)",
        "equal?",
        "f",
        "log",
        "begin",
    ];
    const LEAVES: [&str; 12] =
        ["x", "y", "f", "0", "-1.5", "'()", "'(a (b) . c)", "\"s\"", "#t", "#f", "car", "apply"];
    let limits =
        Limits { steps: 20_000, depth: 200, cells: 20_000, trace_bytes: 24_000, ..Limits::default() };
    let mut seed: u64 = 42;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    let mut ran = 0;
    for _ in 0..3_000 {
        let mut text = String::new();
        let mut open = 0;
        for _ in 0..4 + random(24) {
            match random(5) {
                0 | 1 => {
                    text.push_str(&format!("({} ", HEADS[random(HEADS.len())]));
                    open += 1;
                }
                2 if open > 0 => {
                    text.push_str(") ");
                    open -= 1;
                }
                _ => text.push_str(&format!("{} ", LEAVES[random(LEAVES.len())])),
            }
        }
        text.push_str(&")".repeat(open));
        let Ok(program) = with(limits).load(&text) else { continue };
        ran += 1;
        let inputs: Vec<(String, f64)> = program.inputs().map(|name| (name.to_string(), 1.5)).collect();
        let inputs: Vec<(&str, f64)> = inputs.iter().map(|(name, x)| (name.as_str(), *x)).collect();
        let names: Vec<&str> = program.inputs().collect();
        let plain = program.call(&inputs);
        if !matches!(&plain, Err(e) if e.code.family() == scheme_core::diag::Family::Budget) {
            let stressed = with(limits).stress(true).load(&text).unwrap();
            assert_eq!(format!("{:?}", stressed.call(&inputs)), format!("{plain:?}"), "{text}");
        }
        if let (Ok(Answer::Number(x)), Ok((y, _))) = (&plain, program.value_and_grad(&names, &inputs)) {
            assert!(x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan(), "{text}");
        }
    }
    assert!(ran > 100, "{ran}");
}

/// However many values there are, none is far: neither inputs, nor bindings, nor procedures.
#[test]
fn every_value_is_near() {
    let many = |part: fn(usize) -> String| (0..7_000).map(part).collect::<String>();
    let limits = Limits { steps: 5_000_000, ..Limits::default() };
    for (text, value) in [
        (format!("(+{})", many(|i| format!(" x{i}"))), 7_000.0),
        (format!("(define a x) {} (+ b0 b6999)", many(|i| format!("(define b{i} (* a {i}))"))), 6_999.0),
        (format!("(let* ({}) x)", many(|i| format!("(x (+ x {})) ", i % 2))), 3_501.0),
        (format!("(let ({}) (- a6999 a77))", many(|i| format!("(a{i} (* x {i})) "))), 6_922.0),
        (format!("{} (f6999 x)", many(|i| format!("(define (f{i} y) (if (> y {i}) f7 {i}))"))), 6_999.0),
        (format!("(do ({}) ((> a0 2) a6999))", many(|i| format!("(a{i} {i} (+ a{i} x))"))), 7_002.0),
        (format!("(begin {} x)", many(|i| format!("(* x {i}) "))), 1.0),
    ] {
        let program = Interpreter::with_limits(limits).load(&text).unwrap();
        let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
        let answer = program.call(&inputs).unwrap_or_else(|error| panic!("{} {error:?}", &text[..60]));
        assert_eq!(answer, Answer::Number(value), "{}", &text[..60]);
        let (first, _) = inputs[0];
        let (again, slope) = program.value_and_grad(&[first], &inputs).unwrap();
        assert_eq!(again, value, "{}", &text[..60]);
        assert!(slope[0].is_finite());
    }
}

/// At the edges of what is kept together, each mention finds its own value.
#[test]
fn each_mention_finds_its_value() {
    for count in [1, 31, 32, 33, 64, 65, 1023, 1024, 1025, 1056, 1057, 2100] {
        let many = |part: fn(usize) -> String| (0..count).map(part).collect::<Vec<_>>().join(" ");
        let (names, values) = (many(|i| format!("a{i}")), many(|i| i.to_string()));
        let (bindings, shifted) = (many(|i| format!("(a{i} {i})")), many(|i| format!("(b{i} (+ a{i} 1))")));
        let expect = format!("({values})");
        check(&format!("(let* ({bindings}) (list {names}))"), &expect);
        check(&format!("((lambda ({names}) (list {names})) {values})"), &expect);
        check(
            &format!("((lambda ({names} . rest) (list {names} rest)) {values} 7)"),
            &format!("({values} (7))"),
        );
        let within = format!("(let* ({shifted} (f (lambda () (list {names})))) (if (= b0 1) (f) 0))");
        check(&format!("(let* ({bindings}) {within})"), &expect);
    }
}

#[test]
fn loading_is_not_bounded_by_the_depth_of_calls() {
    let few = Interpreter::with_limits(Limits { depth: 8, ..Limits::default() });
    let nest = |i: usize| format!("(if (> x {i}) ");
    let text = format!("{}x{}", (0..40).map(nest).collect::<String>(), " 0)".repeat(40));
    assert_eq!(few.load(&text).unwrap().call(&[("x", 50.0)]), Ok(Answer::Number(50.0)));
    let deep = few.load("(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f x)").unwrap();
    assert_eq!(deep.call(&[("x", 50.0)]).unwrap_err().code, Code::Depth);
}
