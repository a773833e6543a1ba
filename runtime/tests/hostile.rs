//! Texts that mean harm, each on a thread with a stack of 512 KiB: they end in a value or in an error that has its
//! code and its place, within the memory that the limits grant, and never in a panic.

#[path = "support/memory.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod memory;

use scheme_core::diag::{Code, Diagnostic, Family};
use scheme_runtime::{Answer, CallError, Interpreter, Limits, LoadError};

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

/// The limits of most tests: 16 MB of cells.
const SMALL: Limits = Limits {
    source: 8_000_000,
    nesting: 500,
    steps: 4_000_000,
    depth: 100_000,
    cells: 1_000_000,
    string: 1_000_000,
    trace: 400_000,
    trace_bytes: 10_000_000,
    deadline: None,
};

/// What a run on these limits may have in use at once, in bytes: six times the cells, as a growing arena is copied,
/// besides the records, and a share of the text's length.
const MOST_IN_USE: usize = 6 * 16_000_000 + 3 * 10_000_000;

/// What a text comes to: its value as text, or its error's code.
type End = Result<String, Code>;

fn on_a_small_thread<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> R {
    std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap().join().unwrap()
}

/// That a finding has a place in a text.
fn placed(finding: &Diagnostic, text: &str) {
    let (start, end) = (finding.span.start as usize, finding.span.end as usize);
    assert!(text.get(start..end).is_some(), "{finding:?}");
    assert!(finding.message.len() < 100_000 + text.len(), "{}", finding.message.len());
}

fn refused(error: &LoadError) -> Code {
    assert!((1..=100).contains(&error.len()), "{}", error.len());
    error.iter().for_each(|finding| placed(finding, error.text().text()));
    error[0].code
}

/// Loads, runs and differentiates a text by all inputs, which are ones.
fn run(text: &str, limits: Limits) -> End {
    let program = Interpreter::with_limits(limits).load(text).map_err(|error| refused(&error))?;
    let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
    let by: Vec<&str> = program.inputs().collect();
    let code = |error: CallError| {
        placed(&error, text);
        error.drawn();
        error.code
    };
    let answer = program.call(&inputs).map_err(code)?;
    if !by.is_empty() && answer.number().is_some() {
        program.value_and_grad(&by, &inputs).map_err(code)?;
    }
    let mut written = answer.to_string();
    written.truncate(written.floor_char_boundary(60));
    Ok(written)
}

/// How a text ends on a small thread, within its memory.
fn ends_with(text: &str, limits: Limits, most_in_use: usize) -> End {
    let text = text.to_owned();
    on_a_small_thread(move || {
        let (end, used) = memory::most_in_use(|| run(&text, limits));
        let shown: String = text.chars().take(80).collect();
        assert!(used < most_in_use + 400 * text.len(), "{used} bytes for {shown}");
        end
    })
}

fn ends(text: &str) -> End {
    ends_with(text, SMALL, MOST_IN_USE)
}

/// That each of several texts ends so.
#[track_caller]
fn all_end(texts: &[&str], expected: Code) {
    for text in texts {
        assert_eq!(ends(text), Err(expected), "{text}");
    }
}

fn in_budget(end: &End) -> bool {
    matches!(end, Err(code) if code.family() == Family::Budget)
}

#[test]
fn pairs_of_themselves_without_end() {
    let few = Limits { cells: 200_000, ..SMALL };
    assert_eq!(ends_with("(define (f x) (f (cons x x))) (f 1)", few, MOST_IN_USE), Err(Code::Memory));
    let plenty = Limits { depth: 10_000, ..SMALL };
    assert_eq!(ends_with("(define (f x) (+ 1 (f (cons x x)))) (f 1)", plenty, MOST_IN_USE), Err(Code::Depth));
}

#[test]
fn tens_of_thousands_of_brackets() {
    const N: usize = 30_000;
    let pairs = [
        ("(", ")"),
        ("[", "]"),
        ("#(", ")"),
        ("{", "}"),
        ("'", ""),
        ("`", ""),
        (",", ""),
        (",@", ""),
        ("#;", ""),
        ("'(", ")"),
        ("`(1 ,", ")"),
        ("(quote ", ")"),
        ("(lambda () ", ")"),
        ("((lambda (x) ", ") 1)"),
        ("(let ((x ", ")) x)"),
        ("(let loop ((x ", ")) x)"),
        ("(define (f) ", ")"),
        ("(begin ", ")"),
        ("(if 1 ", ")"),
        ("(cond (1 ", "))"),
        ("(+ 1 ", ")"),
        ("(a . (b . ", "))"),
        ("(grad ", ")"),
    ];
    for (open, close) in pairs {
        assert!(ends(&open.repeat(N)).is_err(), "{open}");
        // These do not nest as data.
        let whole = ends(&format!("{}1{}", open.repeat(N), close.repeat(N)));
        assert!(whole.is_err() || matches!(open, "#;" | "(a . (b . "), "{open}");
        if !close.is_empty() {
            assert!(ends(&format!("1 {}", close.repeat(N))).is_err(), "{close}");
        }
    }
    let comment = format!("{} text {} 1", "#|".repeat(N), "|#".repeat(N));
    assert_eq!(ends(&comment), Ok("1".into()));
    assert_eq!(ends(&"#|".repeat(N)), Err(Code::UnclosedComment));
}

#[test]
fn the_deepest_that_may_nest() {
    for (open, close, value) in [
        ("(+ 1 ", ")", "490"),
        ("(list ", ")", "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("),
        ("(vector ", ")", "#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#("),
        ("(if 1 ", ")", "0"),
        ("(- (* 2 ", "))", "-0.0"),
        ("(begin 1 ", ")", "0"),
        ("(let* ((x 1)) ", ")", "0"),
        ("((lambda (x) x) ", ")", "0"),
    ] {
        let n = 490 / open.matches('(').count().min(2) / if open.starts_with("(let") { 2 } else { 1 };
        let text = format!("{}0{}", open.repeat(n), close.repeat(n));
        let end = ends(&text);
        assert!(end.as_deref() == Ok(value) || end == Ok(n.to_string()), "{open}: {end:?}");
    }
    let text = format!("'{}1{}", "(".repeat(490), ")".repeat(490));
    assert!(ends(&text).is_ok());
    let less = Limits { nesting: 10, ..SMALL };
    assert_eq!(ends_with("(+ 1 (* 2 (- 3)))", less, MOST_IN_USE), Ok("-5".into()));
    assert_eq!(ends_with("((((((((((((1))))))))))))", less, MOST_IN_USE), Err(Code::TooDeep));
}

#[test]
fn giants() {
    all_end(
        &[
            "(make-vector 1e9 0)",
            "(make-list 1e18 0)",
            "(iota 1000000000)",
            "(apply + (iota 100000000))",
            "(vector-fill (make-vector 1e7) 0)",
            "(list->vector (iota 1e7))",
        ],
        Code::Memory,
    );
    all_end(&["(make-string 1000000000)", "(make-string 1e18 #\\λ)"], Code::StringLength);
    for text in [
        "(linspace 0 1 1000000000)",
        "(matmul (transpose (mat (linspace 0 1 100000))) (mat (linspace 0 1 100000)))",
        "(let ((a (apply mat (make-list 300 (linspace 0 1 300))))) (matmul a a))",
        "(apply vec (iota 1e7))",
        "(apply stack (make-list 10000 (linspace 0 1 10000)))",
        "(make-string (expt 10 308))",
        "(vector-append (make-vector 400000) (make-vector 400000) (make-vector 400000))",
    ] {
        let end = ends(text);
        assert!(in_budget(&end), "{text}: {end:?}");
    }
}

/// What makes arrays of a size: an error of the budget, or that no array has so many elements.
#[test]
fn arrays_by_size() {
    for text in [
        "(eye 1000000000)",
        "(zeros 1000000000)",
        "(ones 1e18)",
        "(zeros 100000 100000)",
        "(diag (ones 100000))",
        "(outer (linspace 0 1 100000) (linspace 0 1 100000))",
        "(inv (eye 500))",
        "(det (ones 500 500))",
        "(solve (eye 300) (ones 300))",
        "(list (zeros 4e9 0))",
        "((vmap vsum) (zeros 1e9 0))",
    ] {
        let end = ends(text);
        assert!(in_budget(&end) || end == Err(Code::OutOfDomain), "{text}: {end:?}");
    }
}

#[test]
fn templates_that_double() {
    let mut text = "(define a0 '(1 2))".to_string();
    for i in 1..60 {
        text.push_str(&format!("(define a{i} `(,@a{0} ,@a{0}))", i - 1));
    }
    assert_eq!(ends(&format!("{text} a59")), Err(Code::Memory));
    let text = text.replace(",@", ",");
    assert!(ends(&format!("{text} a59")).unwrap().starts_with("((((((("), "a value that shares its parts");
    let other = text.replace('a', "b");
    assert_eq!(ends(&format!("{text} {other} (equal? a59 b59)")), Err(Code::Steps));
    assert_eq!(ends(&format!("{text} (vsum a59)")), Err(Code::WrongType));
    assert_eq!(ends(&format!("{text} (cadr (vjp (lambda (x) a59) 1))")), Err(Code::Steps));
    assert_eq!(ends(&format!("{text} (error \"all:\" a59)")), Err(Code::Raised));
    let nested = format!("{}x{}", "`(1 ,".repeat(100), ")".repeat(100));
    assert!(ends(&nested).is_ok());
    let levels = format!("{}x{}", "`(a ".repeat(200), ")".repeat(200));
    assert!(ends(&levels).is_ok());
}

#[test]
fn growth_by_doubling() {
    all_end(&["(let grow ((s \"ab\")) (grow (string-append s s)))"], Code::StringLength);
    let few = Limits { cells: 200_000, ..SMALL };
    for text in [
        "(let grow ((l '(1))) (grow (append l l)))",
        "(let grow ((v (vector 1))) (grow (vector-append v v)))",
        "(let grow ((v [1 2])) (grow (apply vec (append (vector->list (make-vector (vlen v) 1)) '(1 2)))))",
        "(let grow ((l '(1))) (grow (cons (list->vector l) (append l l))))",
        "(let grow ((s (make-string 1000)) (all '())) (grow s (cons (string-append s s) all)))",
        "(let grow ((n 0)) (string->symbol (number->string n)) (grow (+ n 1)))",
        "(let grow ((s \"a\")) (string->symbol s) (grow (string-append s \"b\")))",
    ] {
        let end = ends_with(text, few, MOST_IN_USE);
        assert!(in_budget(&end), "{text}: {end:?}");
    }
}

#[test]
fn shared_giants_as_answers() {
    for text in [
        "(make-list 100000 (linspace 0 1 500))",
        "(make-vector 100000 (make-string 100000))",
        "(make-list 100000 (string->symbol (make-string 10000)))",
        "(make-vector 10000 (apply mat (make-list 100000 (vec))))",
        "(make-list 700 (make-vector 700 (make-list 700 1)))",
    ] {
        let end = ends(text);
        assert!(end.is_ok(), "{text}: {end:?}");
    }
}

#[test]
fn giants_in_messages() {
    all_end(
        &[
            "(car (make-vector 200000 \"text\"))",
            "(car (make-string 500000))",
            "(car (string->symbol (make-string 500000)))",
            "(vector-ref (iota 200000) 0)",
        ],
        Code::WrongType,
    );
    all_end(&["(error (make-string 500000 #\\λ))", "(apply error \"so many\" (iota 200000))"], Code::Raised);
}

/// Work that is done in one step of the machine is charged as what it is: a loop of a hundred rounds on something
/// large takes all steps, and ends on the same thing small.
#[test]
fn work_in_one_step() {
    let rows = [
        ("(list (iota n) (iota n))", "(equal? (car big) (cadr big))"),
        ("(iota n)", "(length big)"),
        ("(iota n)", "(list? big)"),
        ("(iota n)", "(last big)"),
        ("(iota n)", "(reverse big)"),
        ("(iota n)", "(append big '())"),
        ("(iota n)", "(list-copy big)"),
        ("(iota n)", "(list-ref big (- n 1))"),
        ("(iota n)", "(list-tail big n)"),
        ("(iota n)", "(memv -1 big)"),
        ("(iota n)", "(member -1 big)"),
        ("(iota n)", "(apply + big)"),
        ("(iota n)", "(apply max big)"),
        ("(iota n)", "(apply < big)"),
        ("(iota n)", "(apply list big)"),
        ("(iota n)", "(apply (lambda all 0) big)"),
        ("(iota n)", "(apply (lambda (first . all) 0) big)"),
        ("(iota n)", "(apply gcd big)"),
        ("(iota n)", "(list->vector big)"),
        ("(iota n)", "(apply vec big)"),
        ("(iota n)", "(stop-gradient big)"),
        ("(iota n)", "(jvp (lambda (l) 0) big big)"),
        ("(iota n)", "(vjp (lambda (l) 0) big)"),
        ("(iota n)", "(make-list n 0)"),
        ("(iota n)", "(iota n)"),
        ("(map list (iota n))", "(assv -1 big)"),
        ("(map list (iota n))", "(assoc -1 big)"),
        ("(make-list n #\\a)", "(list->string big)"),
        ("(make-list n #\\a)", "(apply string big)"),
        ("(make-list n #\\a)", "(apply char=? big)"),
        ("(make-list n 'a)", "(apply symbol=? big)"),
        ("(make-vector n 1)", "(equal? big (vector-copy big))"),
        ("(list (make-vector n 1) (make-vector n 2))", "(equal? (car big) (cadr big))"),
        ("(list (make-vector n car) (make-vector n cdr))", "(equal? (car big) (cadr big))"),
        ("(make-vector n 1)", "(stop-gradient big)"),
        ("(make-vector n 1)", "(vector->list big)"),
        ("(make-vector n 1)", "(vector-append big big)"),
        ("(make-vector n 1)", "(vector-fill big 0 1 2)"),
        ("(make-vector n 1)", "(make-vector n 0)"),
        ("(make-vector n #\\a)", "(vector->string big)"),
        ("(apply values (iota n))", "(call-with-values (lambda () big) (lambda all 0))"),
        ("(apply vec (iota n))", "(+ big 1)"),
        ("(apply vec (iota n))", "(vsum big)"),
        ("(apply vec (iota n))", "(dot big big)"),
        ("(apply vec (iota n))", "(equal? big (scale 2 big))"),
        ("(apply vec (iota n))", "(eqv? big (scale 2 big))"),
        ("(apply vec (iota n))", "(stack big)"),
        ("(apply vec (iota n))", "((vmap square) big)"),
        ("(apply vec (iota n))", "((grad vsum) big)"),
        ("(mat (apply vec (iota n)))", "(transpose big)"),
        ("(mat (apply vec (iota n)))", "(ref big 0)"),
        ("(transpose (mat (apply vec (iota n))))", "(matvec big [1])"),
        ("(apply mat (make-list n (vec)))", "(matmul big (transpose big))"),
        ("(make-string n)", "(string-length big)"),
        ("(make-string n)", "(string-ref big 0)"),
        ("(make-string n)", "(string->list big)"),
        ("(make-string n)", "(string->symbol big)"),
        ("(make-string n)", "(string->number big)"),
        ("(make-string n)", "(string-append big big)"),
        ("(make-string n)", "(string-copy big 0 1)"),
        ("(make-string n)", "(string-upcase big)"),
        ("(make-string n)", "(string=? big big)"),
        ("(make-string n)", "(string-ci<? big big)"),
        ("(list (make-string n) (make-string n))", "(equal? (car big) (cadr big))"),
        ("(string->symbol (make-string n))", "(symbol->string big)"),
        ("(make-string n)", "(make-string n)"),
    ];
    let limits = Limits { steps: 1_200_000, ..SMALL };
    let mut unseen = Vec::new();
    for (big, work) in rows {
        // Of strings, a step is seven bytes; of products, a row of the matrix meets each.
        let size = match big {
            _ if big.contains("(vec)") => 300,
            _ if big.contains("string n") => 200_000,
            _ => 20_000,
        };
        for (n, expected) in [(size, Err(Code::Steps)), (4, Ok("0".to_string()))] {
            let text = format!(
                "(define n {n}) (define big {big})
                 (let loop ((i 0)) (if (< i 100) (begin {work} (loop (+ i 1))) 0))"
            );
            let end = ends_with(&text, limits, 10 * MOST_IN_USE);
            if end != expected {
                unseen.push(format!("{n}: {big} {work}: {end:?}"));
            }
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
}

/// Messages look at no more of their parts than they show.
#[test]
fn messages_of_giants_take_no_time() {
    let text = "(define big (make-string 900000 #\\\")) (define name (string->symbol big))
                (apply error big (append (make-list 20000 big) (make-list 20000 name)))";
    let before = std::time::Instant::now();
    assert_eq!(ends(text), Err(Code::Raised));
    // Two texts of a megabyte for each of a few hundred irritants would take several times as long.
    assert!(before.elapsed() < std::time::Duration::from_secs(10), "{:?}", before.elapsed());
}

#[test]
fn huge_numbers() {
    assert_eq!(ends("1e999999999"), Err(Code::NumberRange));
    assert_eq!(ends("1e-999999999"), Ok("0".into()));
    let digits = "1234567890".repeat(100_000);
    for (text, end) in [
        (digits.clone(), Err(Code::NumberRange)),
        (format!("0.{digits}"), Ok("0.12345678901234568")),
        (format!("0.{}1", "0".repeat(1_000_000)), Ok("0")),
        (format!("1e{digits}"), Err(Code::NumberRange)),
        (format!("1e-{digits}"), Ok("0")),
        // Parts of fractions have at most 1000 digits.
        (format!("{digits}/{digits}"), Err(Code::NumberRange)),
        (format!("1/{digits}"), Err(Code::NumberRange)),
        (format!("#x{}", "f".repeat(1_000_000)), Err(Code::NumberRange)),
        (format!("#b{}", "10".repeat(500_000)), Err(Code::NumberRange)),
        (format!("(string->number \"{digits}\")"), Ok("#f")),
        ("(string->number (make-string 900000 #\\7))".into(), Ok("#f")),
    ] {
        let shown: String = text.chars().take(40).collect();
        assert_eq!(ends(&text), end.map(String::from), "{shown}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let load = |bytes: &[u8]| {
        let error = Interpreter::with_limits(SMALL).load_bytes(bytes).unwrap_err();
        refused(&error);
        let places = error.iter().map(|finding| error.text().place(finding.span.start));
        let places: Vec<(u32, u32)> = places.map(|place| (place.line, place.column)).collect();
        (error.iter().map(|finding| finding.code).collect::<Vec<_>>(), places)
    };
    assert_eq!(load(b"\xff"), (vec![Code::NotUtf8], vec![(1, 1)]));
    assert_eq!(load(b"(+ 1\n  \xc3\xa4 \xe2\x82 2)"), (vec![Code::NotUtf8], vec![(2, 5)]));
    assert_eq!(load(b"\xed\xa0\x80 \xc0\xaf x").0, vec![Code::NotUtf8; 5]);
    assert_eq!(load(&[0x80; 1_000_000]).0.len(), 100);
    assert!(Interpreter::new().load_bytes("(string-length \"λ\")".as_bytes()).is_ok());
}

#[test]
fn nul_and_other_controls() {
    for text in ["\0", "(+ 1 \0)", "a\0b", "\u{1}\u{2}", "(\u{FEFF})", "\u{202E}(+ 1 2)", "#\\\0x", "#\0"] {
        let end = ends(text);
        assert!(matches!(end, Err(code) if code.family() != Family::Budget), "{text:?}: {end:?}");
    }
    assert_eq!(ends("(string-length \"a\0b\")"), Ok("3".into()));
    assert_eq!(ends("(string-length (string #\\null #\\x0))"), Ok("2".into()));
}

#[test]
fn very_long_symbols() {
    let name = "a".repeat(900_000);
    assert_eq!(ends(&format!("(define {name} 1) (+ {name} {name})")), Ok("2".into()));
    assert_eq!(ends(&name), Ok("1".into()));
    assert_eq!(ends(&format!("({name} 1)")), Err(Code::UnknownProcedure));
    assert_eq!(ends(&format!("(let (({name} 1)) (let (({name} 2)) {name}))")), Ok("2".into()));
    assert_eq!(ends(&format!("(string-length (symbol->string '|{name} b|))")), Ok("900002".into()));
    assert_eq!(ends(&format!("(string-append \"{name}\" \"{name}\")")), Err(Code::StringLength));
}

#[test]
fn a_million_items_dropped_at_once() {
    let plenty = Limits { steps: 20_000_000, cells: 4_000_000, ..SMALL };
    let text = "(define (lists n) (if (= n 0) 0 (begin (reverse (iota 1000000)) (lists (- n 1))))) (lists 4)";
    assert_eq!(ends_with(text, plenty, 4 * MOST_IN_USE), Ok("0".into()));
    let deep = "(let nest ((n 0) (x '())) (if (< n 30000) (nest (+ n 1) (list x)) (if (pair? x) 1 0)))";
    assert_eq!(ends(deep), Ok("1".into()));
}

#[test]
fn deep_data() {
    let nest = "(define (nest n x) (if (= n 0) x (nest (- n 1) (list x))))
                (define (vectors n x) (if (= n 0) x (vectors (- n 1) (vector x))))";
    for (text, end) in [
        ("(equal? (nest 20000 1) (nest 20000 1))", "#t"),
        ("(equal? (vectors 20000 1) (vectors 20000 2))", "#f"),
        ("(nest 450 1)", "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("),
        ("(nest 20000 1)", "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("),
        ("(vectors 20000 1)", "#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#(#("),
        ("(cadr (jvp (lambda (x) (length (nest 20000 x))) 1 1))", "0"),
        ("(length (vjp (lambda (x) (nest 20000 x)) 1))", "2"),
    ] {
        assert_eq!(ends(&format!("{nest} {text}")), Ok(end.into()), "{text}");
    }
    assert_eq!(ends(&format!("{nest} (car (vectors 20000 1))")), Err(Code::WrongType));
    assert_eq!(ends(&format!("{nest} (error \"deep\" (nest 20000 1))")), Err(Code::Raised));
}

/// Lists, vectors and pairs around a number.
fn nested(n: usize) -> Answer {
    (0..n).fold(Answer::Number(3.0), |inner, i| match i % 3 {
        0 => Answer::List(vec![inner]),
        1 => Answer::Vector(vec![inner]),
        _ => Answer::Dotted(vec![true.into()], inner.into()),
    })
}

/// Whether a value is a list in a list …, so many times, around a number.
fn is_nested(value: &Answer, n: usize, x: f64) -> bool {
    let mut inner = value;
    for _ in 0..n {
        let Some([item]) = inner.items() else { return false };
        inner = item;
    }
    inner.number() == Some(x)
}

/// Drops what nests too deep to be dropped as a whole.
fn unnest(mut value: Answer) {
    while let Answer::List(mut items) | Answer::Vector(mut items) = value {
        value = items.pop().unwrap_or(Answer::Unspecified);
        if let Answer::Dotted(_, tail) = value {
            value = *tail;
        }
    }
}

const DEEP: usize = 490;

#[test]
fn deep_values_and_their_derivatives() {
    on_a_small_thread(|| {
        let deep = format!("(let nest ((i 0) (l x)) (if (= i {DEEP}) l (nest (+ i 1) (list l))))");
        for single in [false, true] {
            let program = Interpreter::new().single_precision(single).load(&deep).unwrap();
            let x = [("x", 3.0)];
            let value = program.call(&x).unwrap();
            assert!(is_nested(&value, DEEP, 3.0), "{value}");
            assert_eq!(program.vmap(&[("x", &[3.0, 3.0])], &[]).unwrap(), [value.clone(), value.clone()]);
            assert!(is_nested(&program.jacobian(&["x"], &x).unwrap()[0], DEEP, 1.0));
            let (same, tangent) = program.jvp(&x, &[("x", 2.0)]).unwrap();
            assert!(is_nested(&tangent, DEEP, 2.0) && same == value);
            assert_eq!(program.vjp(&["x"], &x, value.clone()).unwrap(), (value.clone(), vec![3.0]));
            assert_eq!(program.vjp(&["x"], &x, 1.0).unwrap_err().code, Code::Shape);
            assert_eq!(program.grad(&["x"], &x).unwrap_err().code, Code::WrongType);
            assert_eq!(program.first_nonfinite(&["x"], &x).unwrap(), None);
            assert_eq!(format!("{value:?}").matches("List").count(), DEEP);
        }
    });
}

#[test]
fn deep_inputs_and_derivatives_by_them() {
    on_a_small_thread(|| {
        let square = "(define (square-in l)
                        (cond ((and (pair? l) (eq? (car l) #t)) (square-in (cdr l)))
                              ((pair? l) (square-in (car l)))
                              ((vector? l) (square-in (vector-ref l 0)))
                              (else (* l l))))
                      (square-in l)";
        let nested = nested(DEEP);
        let l = [("l", nested.clone())];
        let innermost = |value: &Answer| {
            let mut numbers = value.to_string();
            numbers.retain(|c| c.is_ascii_digit());
            numbers
        };
        for single in [false, true] {
            let interpreter = Interpreter::new().single_precision(single);
            let (square, whole) = (interpreter.load(square).unwrap(), interpreter.load("l").unwrap());
            assert_eq!(square.call_with(&l), Ok(9.0.into()));
            assert_eq!(innermost(&square.grad_with(&["l"], &l).unwrap()[0]), "6");
            let all = square.hessian_with(&["l"], &l).unwrap();
            assert_eq!(innermost(&all.clone().hessian[0][0]), "2");
            assert_eq!(square.jvp_with(&l, &l), Ok((9.0.into(), 18.0.into())));
            let found = square.first_nonfinite_in_hessian_with(&["l"], &l);
            assert!(found.unwrap().is_none());
            assert_eq!(whole.call_with(&l), Ok(nested.clone()));
            let (value, jacobian) = whole.jacobian_with(&["l"], &l).unwrap();
            assert_eq!((value == nested, innermost(&jacobian[0])), (true, "1".into()));
            assert_eq!(whole.vjp_with(&["l"], &l, &nested), Ok((nested.clone(), vec![nested.clone()])));
            assert_eq!(whole.jvp_with(&l, &l), Ok((nested.clone(), nested.clone())));
            assert!(whole.first_nonfinite_with(&["l"], &l).unwrap().is_none());
        }
    });
}

#[test]
fn inputs_that_nest_too_deep() {
    on_a_small_thread(|| {
        let (f, of_list) = (Interpreter::new().load("l").unwrap(), nested(DEEP));
        for n in [501, 100_000] {
            let l = [("l", nested(n))];
            let number = [("l", 1.0.into())];
            let codes = [
                f.call_with(&l).map(drop),
                f.grad_with(&["l"], &l).map(drop),
                f.value_and_grad_with(&["l"], &l).map(drop),
                f.hessian_with(&["l"], &l).map(drop),
                f.jacobian_with(&["l"], &l).map(drop),
                f.jvp_with(&l, &number).map(drop),
                f.jvp_with(&number, &l).map(drop),
                f.vjp_with(&["l"], &l, &1.0.into()).map(drop),
                f.vjp_with(&["l"], &number, &l[0].1).map(drop),
                f.vjp_with(&["l"], &[("l", of_list.clone())], &l[0].1).map(drop),
                f.first_nonfinite_with(&["l"], &l).map(drop),
                f.first_nonfinite_in_hessian_with(&["l"], &l).map(drop),
            ]
            .map(|end| end.unwrap_err().code);
            assert_eq!(codes, [Code::TooDeep; 12], "{n}");
            let [(_, deep)] = l;
            let copy = deep.clone();
            assert!(deep == copy);
            [deep, copy].into_iter().for_each(unnest);
        }
        let declared = Interpreter::new().load("(: v (vec 2)) (vsum v)").unwrap();
        let v = [("v", nested(100_000))];
        assert_eq!(declared.call_with(&v).unwrap_err().code, Code::TooDeep);
        let [(_, deep)] = v;
        unnest(deep);
    });
}

/// What a primitive keeps outside of the heap while it works is bounded as the heap is, however many steps there are.
#[test]
fn copies_outside_of_the_heap() {
    let limits = Limits { steps: u64::MAX, cells: 100_000, trace: u64::MAX, trace_bytes: 1 << 40, ..SMALL };
    for text in [
        "(apply stack (make-list 3000 (linspace 0 1 14000)))",
        "(apply mat (make-list 3000 (linspace 0 1 14000)))",
        "(apply vec (make-list 3000 (linspace 0 1 14000)))",
        "(apply + (make-list 3000 (linspace 0 1 14000)))",
        "(apply max (make-list 3000 (linspace 0 1 14000)))",
        "(define v (make-vector 500 (make-vector 900 1))) (length (jvp (lambda (l) 0) v v))",
        "(define v (make-vector 500 (make-vector 900 1))) (length (jvp (lambda (x) v) 1 1))",
        "(define v (make-vector 500 (make-vector 900 1))) ((cadr (vjp (lambda (x) v) 1)) v)",
    ] {
        let end = ends_with(text, limits, 40_000_000);
        assert_eq!(end, Err(Code::Memory), "{text}");
    }
    let jacobian = on_a_small_thread(move || {
        let program = Interpreter::with_limits(limits).load("(make-vector 500 (make-vector 900 x))");
        let program = program.unwrap();
        let (end, used) = memory::most_in_use(|| program.jacobian(&["x"], &[("x", 1.0)]).map(drop));
        (end.map_err(|error| error.code), used < 40_000_000)
    });
    assert_eq!(jacobian, (Err(Code::Memory), true));
}

#[test]
fn nested_bindings() {
    let lets = |n: usize| format!("{}x{}", "(let ((x 1)) ".repeat(n), ")".repeat(n));
    assert_eq!(ends(&lets(100)), Ok("1".into()));
    assert_eq!(ends(&lets(100_000)), Err(Code::TooDeep));
    let inner = |n: usize| format!("(define (f) {}1{}) (f)", "(define (f) ".repeat(n), ") (f)".repeat(n));
    assert_eq!(ends(&inner(100)), Ok("1".into()));
    assert_eq!(ends(&inner(100_000)), Err(Code::TooDeep));
}

#[test]
fn mutual_shadowing() {
    assert_eq!(
        ends("(define (car cdr) (cdr cdr)) (define (f list) (list car)) (let ((if f)) (procedure? if))"),
        Ok("#t".into())
    );
    let swaps: String = (0..150).map(|_| "(let ((a b) (b a)) ").collect();
    assert_eq!(ends(&format!("(let ((a 1) (b 2)) {swaps} (- a b) {}", ")".repeat(151))), Ok("-1".into()));
    let own: String = (0..200).map(|_| "(let ((x (+ x 1))) ").collect();
    assert_eq!(ends(&format!("{own} x {}", ")".repeat(200))), Ok("201".into()));
    assert_eq!(ends("(define (f if) (if if if)) (length (f list))"), Ok("2".into()));
}

#[test]
fn many_definitions() {
    let chain = |n: usize| {
        let each = (1..n).map(|i| format!("(define a{i} (+ a{} 1))\n", i - 1));
        format!("(define a0 x)\n{}a{}", each.collect::<String>(), n - 1)
    };
    assert_eq!(ends(&chain(2_000)), Ok("2000".into()));
    let plenty = Limits { steps: 50_000_000, cells: 8_000_000, ..SMALL };
    let end = ends_with(&chain(30_000), plenty, 10 * MOST_IN_USE);
    assert!(end == Ok("30000".into()) || in_budget(&end), "{end:?}");
    let procedures = |n: usize| {
        let each = (1..n).map(|i| format!("(define (f{i} x) (f{} (+ x 1)))\n", i - 1));
        format!("(define (f0 x) x)\n{}(f{} 0)", each.collect::<String>(), n - 1)
    };
    assert_eq!(ends(&procedures(1_000)), Ok("999".into()));
}

#[test]
fn long_conditionals() {
    let cond = |n: usize| {
        let clauses: String = (0..n).map(|i| format!("((= x {}) {i})\n", i + 2)).collect();
        format!("(cond {clauses} (else -1))")
    };
    assert_eq!(ends(&cond(300)), Ok("-1".into()));
    let plenty = Limits { steps: 50_000_000, cells: 8_000_000, ..SMALL };
    let ends = |text: &str| ends_with(text, plenty, 10 * MOST_IN_USE);
    assert_eq!(ends(&cond(10_000)), Ok("-1".into()));
    let rows: [(&str, fn(usize) -> String, &str, &str); 7] = [
        ("(case (- x)", |i| format!(" (({i}) {i})"), " (else -1))", "-1"),
        ("(cond", |i| format!(" ((> {i} 9998) {i})"), ")", "9999"),
        ("(cond", |i| format!(" ((memv x '({})) => length)", 10_000 - i), ")", "1"),
        ("(cond", |i| format!(" ((> {i} 9998))"), ")", "#t"),
        ("(and", |i| format!(" (< x {})", i + 2), ")", "#t"),
        ("(or", |i| format!(" (memv {i} '(9999))"), ")", "(9999)"),
        ("((case-lambda", |i| format!(" ((a . b) (+ a {i}))"), ") x)", "1"),
    ];
    for (open, part, close, value) in rows {
        let text = format!("{open}{}{close}", (0..10_000).map(part).collect::<String>());
        assert_eq!(ends(&text), Ok(value.into()), "{open} {}", part(0));
    }
}

#[test]
fn derivatives_in_derivatives() {
    let nest = |n: usize| format!("({}exp{} 0)", "(derivative ".repeat(n), ")".repeat(n));
    assert_eq!(ends(&nest(6)), Ok("1".into()));
    let end = ends(&nest(400));
    assert!(in_budget(&end), "{end:?}");
    assert_eq!(ends(&nest(100_000)), Err(Code::TooDeep));
    let end = ends("(define (nest f n) (if (= n 0) f (nest (grad f) (- n 1)))) ((nest exp 1000) 0)");
    assert!(in_budget(&end), "{end:?}");
    let end = ends("(define (f x) ((grad f) x)) (f 1)");
    assert!(in_budget(&end), "{end:?}");
}

#[test]
fn maps_and_matrices_of_giants() {
    for text in [
        "((vmap sin) (linspace 0 1 1000000000))",
        "((vmap (lambda (x) (scale x (linspace 0 1 1000)))) (linspace 0 1 100000))",
        "((jacobian (lambda (v) v)) (linspace 0 1 100000))",
        "((hessian (lambda (v) (dot v v))) (linspace 0 1 100000))",
        "((grad (lambda (v) (vsum (matvec (apply mat (make-list 600 v)) v)))) (linspace 0 1 600))",
        "(map (lambda (n) (iota n)) (iota 100000))",
        "(fold (lambda (n l) (append l l)) '(1) (iota 100))",
        "(let loop ((i 0)) (+ 1 (loop (+ i 1))))",
        "(string->symbol (apply string-append (make-list 200000 \"0123456789\")))",
    ] {
        let end = ends(text);
        assert!(in_budget(&end), "{text}: {end:?}");
    }
    let over = on_a_small_thread(|| {
        let program = Interpreter::with_limits(SMALL).load("(dot v v)").unwrap();
        let inputs = [("v", Answer::Numbers(vec![1.0; 100_000]))];
        let (codes, used) = memory::most_in_use(|| {
            let hessian = program.hessian_with(&["v"], &inputs).map(drop).map_err(|error| error.code);
            let whole = Interpreter::with_limits(SMALL).load("v").unwrap();
            (hessian, whole.jacobian_with(&["v"], &inputs).map(drop).map_err(|error| error.code))
        });
        assert!(used < MOST_IN_USE, "{used}");
        codes
    });
    assert_eq!(over, (Err(Code::Tape), Err(Code::Memory)));
}

#[test]
fn many_mistakes_and_many_inputs() {
    for mistake in
        ["(f 1) ", "1.2.3 ", ") ", "\"\\q\" ", "#foo ", "(if) ", "(let) ", "(define 1 2) ", "(lambda) "]
    {
        assert!(ends(&mistake.repeat(15_000)).is_err(), "{mistake}");
    }
    let inputs: String = (0..2_000).map(|i| format!(" x{i}")).collect();
    assert_eq!(ends(&format!("(+{inputs})")), Ok("2000".into()));
    let end = ends(&format!("(vec {})", "1 ".repeat(50_000)));
    assert!(end.is_ok(), "{end:?}");
}

#[test]
fn texts_that_are_too_long() {
    let short = Limits { source: 10, ..SMALL };
    assert_eq!(ends_with("(+ 1 2 30)", short, MOST_IN_USE), Ok("33".into()));
    assert_eq!(ends_with("(+ 1 2 3000)", short, MOST_IN_USE), Err(Code::SourceSize));
    assert_eq!(ends_with("λλλλλλλλλλ", short, MOST_IN_USE), Err(Code::SourceSize));
    assert_eq!(ends_with("1", Limits { source: 0, ..SMALL }, MOST_IN_USE), Err(Code::SourceSize));
    assert_eq!(ends_with("", Limits { source: 0, ..SMALL }, MOST_IN_USE), Err(Code::Empty));
    let error = Interpreter::with_limits(short).load_bytes(&[0xff; 11]).unwrap_err();
    assert_eq!(error[0].code, Code::SourceSize);
    assert!(error.to_string().contains("the text has 11 bytes, and may have 10"), "{error}");
}

#[test]
fn nothing_is_allowed() {
    let none = Limits { steps: 0, depth: 0, cells: 0, string: 0, trace: 0, trace_bytes: 0, ..SMALL };
    let end = ends_with("1", none, MOST_IN_USE);
    assert!(in_budget(&end), "{end:?}");
    for (limits, code) in [
        (Limits { trace: 0, ..SMALL }, Code::Trace),
        (Limits { trace_bytes: 0, ..SMALL }, Code::Tape),
        (Limits { trace: 3, ..SMALL }, Code::Trace),
        (Limits { deadline: Some(std::time::Duration::ZERO), ..SMALL }, Code::Deadline),
    ] {
        assert_eq!(ends_with("(* x (+ x 1) (+ x 2))", limits, MOST_IN_USE), Err(code), "{limits:?}");
    }
}
