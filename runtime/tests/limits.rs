//! What rows on general values do at their limits: long lists and texts on a small thread, sizes that no
//! heap can hold, and random calls, which end in a value or an error whatever they are given.

use scheme_core::{
    diag::{Code, Family},
    prim::Prim,
};
use scheme_runtime::{Answer, Interpreter, Limits};
use std::time::Duration;

fn call(limits: Limits, text: &str) -> Result<Answer, Code> {
    let program = Interpreter::new().limits(limits).load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    program.call(&[]).map_err(|error| error.code)
}

#[test]
fn long_lists_on_a_small_thread() {
    let n = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
    let run = move || {
        for (text, value) in [
            ("(length (append l (reverse l) l))", 3 * n),
            ("(if (equal? (reverse (reverse l)) (list-copy l)) 1 0)", 1),
            ("(+ (last l) (car (list-tail l 10)) (list-ref l (- N 1)))", 2 * n + 11),
            ("(vector-length (vector-append (list->vector l) (make-vector N 0)))", 2 * n),
            ("(length (vector->list (vector-copy (vector-fill (list->vector l) 0))))", n),
            ("(length (memv (- N 1) l))", 2),
            ("(car (assv 7 (make-list N (list 7))))", 7),
            ("(apply max l)", n),
            ("(if (equal? (make-list N l) (make-list N l)) 1 0)", 1),
            ("(string-length (string-append (make-string N #\\a) (list->string (make-list N #\\λ))))", 2 * n),
            ("(length (string->list (string-upcase (make-string N #\\ß))))", 2 * n),
            (
                "(let nest ((i 0) (x '())) (if (< i N) (nest (+ i 1) (list x)) (if (equal? x (list-copy x)) 1 0)))",
                1,
            ),
        ] {
            let text = format!("(define l (iota N 1)) {text}").replace('N', &n.to_string());
            assert_eq!(call(Limits::default(), &text), Ok(Answer::Number(f64::from(value))), "{text}");
        }
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn sizes_that_no_heap_holds_are_errors() {
    for limits in [Limits::default(), Limits::NONE] {
        for text in ["(make-list 1e18 0)", "(make-vector 1e18)", "(iota 1e15)"] {
            assert_eq!(call(limits, text), Err(Code::Memory), "{text}");
        }
    }
    assert_eq!(call(Limits::default(), "(make-string 1e12 #\\a)"), Err(Code::StringLength));
    assert_eq!(call(Limits::NONE, "(make-string 1e12 #\\a)"), Err(Code::Memory));
    let small =
        Limits { steps: 1_000_000, depth: 1_000, cells: 10_000, trace_bytes: 2_400, ..Limits::default() };
    for (text, code) in [
        ("(let loop ((l '())) (loop (cons (make-list 1000 0) l)))", Code::Memory),
        ("(make-vector 10001)", Code::Memory),
        ("(make-string 80000)", Code::Memory),
        ("(let loop ((s \"ab\")) (loop (string-append s s)))", Code::Memory),
        ("(let loop ((v (vector 1))) (loop (vector-append v v)))", Code::Memory),
        ("(let loop ((l (list 1))) (loop (append l l)))", Code::Memory),
        ("(let loop ((n 0)) (string->symbol (number->string n)) (loop (+ n 1)))", Code::Memory),
        ("(let ((l (iota 1000))) (let loop () (memv -1 l) (loop)))", Code::Steps),
        ("(let ((s (make-string 10000))) (let loop () (string=? s s) (loop)))", Code::Steps),
        ("(let ((v (make-vector 2000))) (let loop () (vector->list v) (loop)))", Code::Steps),
        (
            "(let ((l (list (make-list 500 0)))) (let loop () (equal? l (list (make-list 500 0))) (loop)))",
            Code::Steps,
        ),
    ] {
        assert_eq!(call(small, text), Err(code), "{text}");
    }
}

/// What passes a limit is told with its place, the definition, what was used and the limit: counts, the same in every
/// build.
#[test]
fn errors_say_what_was_used() {
    let all = Limits::default();
    for (limits, text, place, message) in [
        (
            Limits { steps: 1_000, ..all },
            "(define (count n) (count (+ n 1)))\n(count 0)",
            "(count (+ n 1))",
            "E0802 the program took 1000 of the 1000 steps it may",
        ),
        (
            Limits { steps: 1_000, ..all },
            "(define (numbers n) (iota (* n 1000)))\n(length (numbers 5))",
            "(iota (* n 1000))",
            "E0802 of the 1000 steps it may, and wants 5000 more at once",
        ),
        (
            Limits { depth: 100, ..all },
            "(define (sum n) (+ n (sum (- n 1))))\n(sum 9)",
            "(sum (- n 1))",
            "E0803 101 calls wait for each other, and no more than 100 may",
        ),
        (
            Limits { cells: 10_000, ..all },
            "(define (f x) (f (cons x x)))\n(f 1)",
            "(f (cons x x))",
            "E0804 cells of memory, and may keep 10000 alive",
        ),
        (
            Limits { cells: 10_000, ..all },
            "(define (vectors n) (list (make-vector n 0)))\n(vectors 20000)",
            "(make-vector n 0)",
            "E0804 the program needs 20000 cells of memory, and may keep 10000 alive",
        ),
        (
            Limits { string: 100, ..all },
            "(define (shout s) (shout (string-append s s)))\n(shout \"ho\")",
            "(string-append s s)",
            "E0807 a string of 128 bytes is wanted, but none may have more than 100",
        ),
        (
            Limits { trace: 100, ..all },
            "(define (power y n) (if (= n 0) y (power (* x y) (- n 1))))\n(power 1 1000)",
            "(* x y)",
            "E0808 the derivative needs a record of 101 operations, and may have 100",
        ),
        (
            Limits { trace_bytes: 2_400, ..all },
            "(define (power y n) (if (= n 0) y (power (* x y) (- n 1))))\n(power 1 1000)",
            "(* x y)",
            "E0805 the derivative needs a record of 2424 bytes, and may have 2400",
        ),
        (
            Limits { nesting: 3, ..all },
            "(+ 1 (* 2 (- 3 (/ 4))))",
            "(",
            "E0109 data nest deeper than 3 levels",
        ),
        (Limits { source: 10, ..all }, "(+ 1 2 3 4 5)", "", "E0809 the text has 13 bytes, and may have 10"),
    ] {
        let error = match Interpreter::with_limits(limits).load(text) {
            Err(error) => error[0].clone(),
            Ok(program) => {
                let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
                let by: Vec<&str> = program.inputs().collect();
                program.value_and_grad(&by, &inputs).unwrap_err().into_finding()
            }
        };
        let at = text.get(error.span.start as usize..error.span.end as usize);
        assert_eq!(at, Some(place), "{text}");
        let (code, end) = message.split_once(' ').unwrap_or_default();
        assert!(error.code.as_str() == code && error.message.ends_with(end), "{text}: {error}");
        let definition = text.strip_prefix("(define (").and_then(|text| text.split(' ').next());
        assert_eq!(error.within.as_deref(), definition, "{text}: {error}");
    }
}

#[test]
fn the_deadline_is_told_with_the_definition() {
    let limits = Limits { deadline: Some(Duration::from_millis(1)), steps: u64::MAX, ..Limits::default() };
    let program =
        Interpreter::with_limits(limits).load("(define (wait n) (wait (+ n 1)))\n(wait 0)").unwrap();
    let error = program.call(&[]).unwrap_err();
    assert_eq!((error.code, error.within.as_deref()), (Code::Deadline, Some("wait")));
    assert!(
        error.to_string().starts_with("E0806 at 1:18 in `wait`: the program took longer than"),
        "{error}"
    );
}

#[test]
fn derivatives_pass_through_data() {
    let gradient = |text: &str, inputs: &[(&str, f64)]| {
        let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
        Interpreter::new().load(text).unwrap().value_and_grad(&names, inputs)
    };
    let sum = "(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))";
    assert_eq!(
        gradient(&format!("{sum} (sum (iota 4 a b))"), &[("a", 2.0), ("b", 0.5)]),
        Ok((11.0, vec![4.0, 6.0]))
    );
    assert_eq!(gradient("(* x (exact x))", &[("x", 3.0)]), Ok((9.0, vec![6.0])));
    assert_eq!(
        gradient("(vector-ref (vector-fill (vector x 1) (* x x) 1) 1)", &[("x", 3.0)]),
        Ok((9.0, vec![6.0]))
    );
    assert_eq!(
        gradient("(list-ref (reverse (append (list x 2) (list 3))) (floor y))", &[("x", 5.0), ("y", 2.5)]),
        Ok((5.0, vec![1.0, 0.0]))
    );
    assert_eq!(
        gradient("(apply + (vector->list (list->vector (make-list 3 x))))", &[("x", 5.0)]),
        Ok((15.0, vec![3.0]))
    );
    assert_eq!(gradient("(+ x (string->number (number->string x)))", &[("x", 5.0)]), Ok((10.0, vec![1.0])));
    assert_eq!(gradient("(gcd x 6)", &[("x", 4.0)]), Ok((2.0, vec![0.0])));
}

/// Random calls of random rows on random values, and of those on their values.
#[test]
fn random_calls_end() {
    const LEAVES: [&str; 36] = [
        "0",
        "1",
        "2",
        "3",
        "-1",
        "0.5",
        "16",
        "1e300",
        "+nan.0",
        "-inf.0",
        "#t",
        "#f",
        "'()",
        "'a",
        "'|b c|",
        "\"\"",
        "\"abc\"",
        "\"λ12\"",
        "#\\a",
        "#\\Z",
        "'(1 2 3)",
        "'(a . b)",
        "'((a 1) (b 2))",
        "'(#\\x #\\y)",
        "'#()",
        "'#(1 #\\b \"c\")",
        "car",
        "apply",
        "(lambda (x) x)",
        "(lambda l l)",
        "[1 2]",
        "[1]",
        "(mat [1 2] [3 4])",
        "(values 1 2)",
        "x",
        "y",
    ];
    let limits =
        Limits { steps: 20_000, depth: 200, cells: 20_000, trace_bytes: 24_000, ..Limits::default() };
    let names: Vec<&str> = Prim::names().filter(|name| !name.starts_with('%')).collect();
    let mut seed: u64 = 7;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    fn expression(names: &[&str], random: &mut impl FnMut(usize) -> usize, depth: usize) -> String {
        if depth == 0 || random(3) == 0 {
            return LEAVES[random(LEAVES.len())].to_string();
        }
        let name = names[random(names.len())];
        let arity = Prim::find(name).unwrap().arity();
        let most = arity.max.unwrap_or(arity.min + 2);
        let count = arity.min as usize + random((most - arity.min) as usize + 1);
        let operands: String =
            (0..count).map(|_| format!(" {}", expression(names, random, depth - 1))).collect();
        format!("({name}{operands})")
    }
    let mut values = 0;
    for _ in 0..4_000 {
        let text = format!("(lambda (x y) {})", expression(&names, &mut random, 3));
        let Ok(program) = Interpreter::new().limits(limits).load(&text) else { continue };
        let inputs = [("x", 1.0), ("y", 0.25)];
        let plain = program.call(&inputs);
        values += usize::from(plain.is_ok());
        if !matches!(&plain, Err(error) if error.code.family() == Family::Budget) {
            let stressed = Interpreter::new().limits(limits).stress(true).load(&text).unwrap().call(&inputs);
            assert_eq!(format!("{stressed:?}"), format!("{plain:?}"), "{text}");
        }
        if let (Ok(Answer::Number(v)), Ok((w, _))) = (&plain, program.value_and_grad(&["x", "y"], &inputs)) {
            assert!(v.to_bits() == w.to_bits() || v.is_nan() && w.is_nan(), "{text}");
        }
    }
    assert!(values > 500, "{values}");
}
