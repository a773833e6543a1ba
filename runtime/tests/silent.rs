//! What the original implementation answered wrongly without a word. Each is a test by its name: the right value, as a
//! string and inline, or an error with a place, when the program runs or before.

#![allow(deprecated, reason = "some programs do not depend on their inputs")]

use scheme_core::{
    diag::Diagnostic,
    kernel,
    lower::{Lowered, lower},
    prim::{Operand, Prim},
    reader,
    reference::call,
};
use scheme_runtime::{CallError, Interpreter, Kind, Limits, Of, OneNumber, Outcome, Shape, prelude::*};

/// Inputs of a program by their names.
type Inputs<'a> = &'a [(&'a str, f64)];

/// Its value as a string.
#[track_caller]
fn string(text: &str, inputs: Inputs) -> Result<f64, CallError> {
    let program = Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"));
    let answer = program.call(inputs)?;
    Ok(answer.number().unwrap_or_else(|| panic!("{text} gives {answer}")))
}

/// Its value inline.
fn inline<F: Function + Program>(f: F, inputs: Inputs) -> Result<f64, Failure>
where
    F::Out: OneNumber,
{
    let mut x: Of<F::In, f64> = F::In::fill(0.0);
    for (i, name) in f.input_names().iter().enumerate() {
        let given = inputs.iter().find(|(given, _)| given == name).map(|(_, x)| *x);
        *F::In::get_mut(&mut x, i).expect("a place for each input") = given.expect("a value for each input");
    }
    <F::Out as Outcome>::Kind::result(f.call(x))
}

/// Checks what programs give, both ways: `"text", name = value … => value`.
macro_rules! gives {
    ($($text:literal $(, $name:ident = $x:expr)* => $value:expr;)+) => {$({
        let (inputs, value): (Inputs, f64) = (&[$((stringify!($name), $x)),*], $value);
        assert_eq!(string($text, inputs), Ok(value), "{}", $text);
        assert_eq!(inline(scheme!($text), inputs), Ok(value), "{}", $text);
    })+};
}

/// Checks errors that runs meet, both ways: code and the text that is blamed. Inline it may be a part of that.
macro_rules! fails {
    ($($text:literal $(, $name:ident = $x:expr)* => $code:literal $blamed:literal;)+) => {$({
        let inputs: Inputs = &[$((stringify!($name), $x)),*];
        let error = string($text, inputs).expect_err($text);
        assert_eq!((error.code.as_str(), blamed($text, &error)), ($code, $blamed), "{}", $text);
        let failure = inline(scheme!($text), inputs).expect_err($text);
        assert_eq!((failure.code.as_str(), failure.line), ($code, 1), "{}", $text);
        let start = 1 + u32::try_from($text.find($blamed).expect("the text is there")).expect("short");
        assert!((start..start + $blamed.len() as u32).contains(&failure.column), "{}: {failure:?}", $text);
    })+};
}

fn blamed<'t>(text: &'t str, error: &Diagnostic) -> &'t str {
    text.get(error.span.start as usize..error.span.end as usize).expect("a place in the text")
}

/// The first error that the macro reports.
fn refused_inline(text: &str) -> Option<Diagnostic> {
    let (program, findings) = kernel::desugar(&reader::read(text).0);
    match program {
        Some(program) => lower("program", &program).err()?.into_iter().next(),
        None => findings.into_iter().next(),
    }
}

/// Checks errors that are found before a program runs, or when it runs as a string: code and the text that is blamed.
/// The macro may blame a part of that.
#[track_caller]
fn refused(cases: &[(&str, &str, &str)]) {
    for (text, code, place) in cases {
        let error = match Interpreter::new().load(text) {
            Ok(program) => program.call(&[("x", 2.0)]).expect_err(text).into_finding(),
            Err(findings) => findings[0].clone(),
        };
        assert_eq!((error.code.as_str(), blamed(text, &error)), (*code, *place), "{text}");
        let error = refused_inline(text).unwrap_or_else(|| panic!("{text} compiles"));
        assert_eq!(error.code.as_str(), *code, "inline: {text}");
        assert!(place.contains(blamed(text, &error)), "inline: {text}: {error:?}");
    }
}

/// What a program without inputs gives as a string, in writing.
#[track_caller]
fn written(text: &str) -> String {
    let program = Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"));
    program.call(&[]).unwrap_or_else(|error| panic!("{error:?}")).to_string()
}

#[test]
fn scope_is_lexical() {
    gives! {
        "(define a 10) (define (f) a) (define (g a) (f)) (+ (g 1) x)", x = 0.5 => 10.5;
        "(let ((y 10)) (letrec ((f (lambda () y))) (let ((y 1)) (+ (f) x))))", x = 0.5 => 10.5;
        "(define (add n) (lambda (m) (+ n m))) (define add2 (add 2)) (let ((n 100)) (add2 x))", x = 0.5 => 2.5;
        "(let ((f (lambda (k) (* k x)))) (let ((x 100)) (f 2)))", x = 0.5 => 1.0;
    }
}

#[test]
fn an_unbound_variable() {
    refused(&[
        ("(lambda (x) (+ x z))", "E0302", "z"),
        ("(+ 1 (foo x))", "E0301", "foo"),
        ("(define (f y) (bar y)) (f x)", "E0301", "bar"),
    ]);
    let error = string("(+ 1 (* k x))", &[("x", 1.0)]).unwrap_err();
    assert_eq!((error.code.as_str(), blamed("(+ 1 (* k x))", &error)), ("E0302", "k"));
}

#[test]
fn too_few_and_too_many_arguments() {
    refused(&[
        ("(define (f a b) (- a b)) (f x)", "E0401", "f"),
        ("(define (f a b) (- a b)) (f x 1 2)", "E0401", "f"),
        ("((lambda (a . b) a))", "E0401", "(lambda (a . b) a)"),
        ("(sin x 1)", "E0401", "sin"),
        ("(cons x)", "E0401", "cons"),
    ]);
    fails! {
        "(define (f a) a) (define (g h n) (if (> n 0) (h n n) n)) (g f x)", x = 1.0 => "E0401" "(h n n)";
    }
}

#[test]
fn internal_defines() {
    gives! {
        "(define (f y) (define a 2) (define (g z) (* a z)) (g (+ y 1))) (f x)", x = 3.0 => 8.0;
        "(define a 1) (define (f y) (define a y) (* a 10)) (+ (f x) a)", x = 3.0 => 31.0;
        "(let () (define (ev? n) (if (< n 1) 1 (od? (- n 1)))) (define (od? n) (if (< n 1) 0 (ev? (- n 1)))) (ev? x))",
            x = 7.0 => 0.0;
    }
}

#[test]
fn let_binds_in_parallel() {
    gives! {
        "(let ((x 2) (y x)) (+ (* 10 x) y))", x = 1.0 => 21.0;
        "(let ((a 1) (b 2)) (let ((a b) (b a)) (+ (* 10 a) b x)))", x = 0.0 => 21.0;
        "(let* ((x 2) (y x)) (+ (* 10 x) y))" => 22.0;
    }
}

#[test]
fn the_third_operand_counts() {
    gives! {
        "(if (< 1 2 x) 1 0)", x = 3.0 => 1.0;
        "(if (< 1 2 x) 1 0)", x = 0.0 => 0.0;
        "(if (= 1 1 x) 1 0)", x = 2.0 => 0.0;
        "(if (>= 3 2 x) 1 0)", x = 2.5 => 0.0;
        "(max 1 2 x)", x = 3.0 => 3.0;
        "(min 2 1 x)", x = -3.0 => -3.0;
        "(max x 1 2 0)", x = 0.0 => 2.0;
    }
}

#[test]
fn no_order_with_nan() {
    gives! {
        "(if (>= (* x +nan.0) 1) 1 0)", x = 1.0 => 0.0;
        "(if (<= (* x +nan.0) 1) 1 0)", x = 1.0 => 0.0;
        "(if (> 1 (* x +nan.0)) 1 0)", x = 1.0 => 0.0;
        "(if (= (* x +nan.0) (* x +nan.0)) 1 0)", x = 1.0 => 0.0;
        "(if (>= +nan.0 1) x 5)", x = 1.0 => 5.0;
    }
}

#[test]
fn signs_of_modulo_and_remainder() {
    gives! {
        "(modulo x 4)", x = 13.0 => 1.0;
        "(modulo x 4)", x = -13.0 => 3.0;
        "(modulo x -4)", x = 13.0 => -3.0;
        "(modulo x -4)", x = -13.0 => -1.0;
        "(remainder x 4)", x = 13.0 => 1.0;
        "(remainder x 4)", x = -13.0 => -1.0;
        "(remainder x -4)", x = 13.0 => 1.0;
        "(remainder x -4)", x = -13.0 => -1.0;
    }
}

/// Every name that means something: of primitives, the prelude's procedures and of R7RS-small, forms included.
fn names() -> impl Iterator<Item = &'static str> {
    let prelude = include_str!("../../core/src/kernel/prelude.scm").lines();
    let prelude = prelude
        .filter_map(|line| line.strip_prefix("(define ")?.trim_start_matches('(').split([' ', ')']).next());
    let r7rs = include_str!("../../core/tests/names/r7rs.txt").split_whitespace();
    Prim::names().chain(prelude).chain(r7rs).filter(|name| !name.starts_with('%'))
}

/// The number that a program gives in its lowered form, which the macro writes as Rust.
fn lowered(text: &str) -> f64 {
    let (program, findings) = kernel::desugar(&reader::read(text).0);
    let program = program.unwrap_or_else(|| panic!("{text}: {findings:?}"));
    let Ok(Lowered::Direct(direct)) = lower("program", &program) else { panic!("{text} is not direct") };
    let values = call::<f64>(&direct.module, &[]).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    match values.first().map(|value| &value.data[..]) {
        Some([Operand::Real(x)]) => *x,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn redefinition_of_any_primitive() {
    assert!(names().count() > 500);
    for name in names() {
        // What tells definitions from expressions cannot itself be defined beside them, says R7RS 5.3.2.
        let defined = format!("(define ({name} a b) b) ({name} 1 2)");
        let defined = Some(defined).filter(|_| !["define", "define-values", "begin"].contains(&name));
        let bound = [
            format!("(let (({name} (lambda (a b) b))) ({name} 1 2))"),
            format!("((lambda ({name}) {name}) 2)"),
        ];
        for text in bound.into_iter().chain(defined) {
            assert_eq!(written(&text), "2", "{text}");
            assert_eq!(lowered(&text), 2.0, "{text}");
        }
    }
    gives! {
        "(define (car l) (* 2 l)) (define (twice f) (f (f x))) (twice car)", x = 3.0 => 12.0;
        // The prelude and the evaluator keep their own.
        "(define (reverse l) 'mine) (apply + (map (lambda (y) (* y x)) '(1 2)))", x = 2.0 => 6.0;
        "(define (cons a b) (- a b)) (let loop ((i 0) (s x)) (if (< i 3) (loop (+ i 1) (cons s i)) s))", x = 10.0 => 7.0;
    }
}

#[test]
fn primitives_as_values() {
    for name in Prim::names().filter(|name| !name.starts_with('%')) {
        assert_eq!(written(&format!("(procedure? (car (list {name})))")), "#t", "{name}");
    }
    gives! {
        "(define (on f) (f x 3)) (+ (on +) (on expt) (on max))", x = 2.0 => 5.0 + 8.0 + 3.0;
        "((if (> x 0) max min) x 5)", x = 2.0 => 5.0;
        "(fold * 1 (list x 2 3))", x = 2.0 => 12.0;
        "(apply - (list x 1 2))", x = 2.0 => -1.0;
        "(let ((f +)) (let ((+ *)) (f x (+ 2 3))))", x = 1.0 => 7.0;
    }
}

#[test]
fn a_dotted_pair() {
    assert_eq!(written("'(1 . 2)"), "(1 . 2)");
    assert_eq!(written("'(1 2 . (3))"), "(1 2 3)");
    gives! { "(let ((p '(1 . 2))) (+ (* 10 (car p)) (cdr p) x))", x = 0.5 => 12.5; }
}

#[test]
fn identity_of_numbers() {
    assert_eq!(written("(eq? (+ 1 1) 2)"), "#t");
    gives! {
        "(if (eq? (+ 1 x) 2) 1 0)", x = 1.0 => 1.0;
        "(if (eqv? (* 1.0 x) 2) 1 0)", x = 1.0 => 0.0;
        "(if (memq (+ x 1) '(1 2 3)) 1 0)", x = 1.0 => 1.0;
    }
}

#[test]
fn strings_and_rationals_as_data() {
    assert_eq!(written("(list \"a b\" 1/2 '(\"x\" -3/4))"), "(\"a b\" 0.5 (\"x\" -0.75))");
    assert_eq!(written("(string-append \"(car '(\" \"1))\")"), "\"(car '(1))\"");
    gives! {
        "(+ (* 100 (string-length \"a b c\")) (car '(1/2)) x)", x = 1.0 => 501.5;
        "(if (string=? \"x\" \"x\") x 0)", x = 1.0 => 1.0;
    }
}

#[test]
fn a_call_of_a_number() {
    refused(&[
        ("(2 x)", "E0501", "2"),
        ("(let ((f 3)) (f x))", "E0501", "f"),
        ("((+ x 1) 5)", "E0501", "(+ x 1)"),
    ]);
    refused(&[("(define (g f) (f 1)) (g (+ x 1))", "E0501", "(f 1)")]);
}

#[test]
fn and_and_or_stop_early() {
    gives! {
        "(if (or (> x 0) (error \"evaluated\")) 1 0)", x = 1.0 => 1.0;
        "(if (and (> x 0) (error \"evaluated\")) 1 0)", x = -1.0 => 0.0;
        "(if (or (= x 0) (> (/ 1 x) 2)) 1 0)", x = 0.0 => 1.0;
        "(or (and (> x 5) 1) (and (> x 0) 2) 3)", x = 1.0 => 2.0;
        "(define (f n) (and (> n 0) (or (< n 2) (f (- n 1))))) (if (f x) 1 0)", x = 9.0 => 1.0;
    }
    fails! { "(if (and (> x 0) (error \"evaluated\")) 1 0)", x = 1.0 => "E0901" "(error \"evaluated\")"; }
}

#[test]
fn everything_but_false_is_true() {
    assert_eq!(written("(if (list 1) 1 2)"), "1");
    gives! {
        "(if (list 1) 1 2)" => 1.0;
        "(if (list x) 1 2)", x = 0.0 => 1.0;
        "(if 0 1 2)" => 1.0;
        "(if x 1 2)", x = 0.0 => 1.0;
        "(if '() 1 2)" => 1.0;
        "(if \"\" 1 2)" => 1.0;
        "(if #f 1 2)" => 2.0;
    }
}

#[test]
fn a_list_loop_is_linear() {
    // The steps that a run may take, from a length to twice that length: no more than twice as many.
    let text = "(define (build i l) (if (< i 1) l (build (- i 1) (cons (* i x) l))))
                (let loop ((l (build n '())) (sum 0)) (if (null? l) sum (loop (cdr l) (+ sum (car l)))))";
    let run = |n: u32, per_item: u64| {
        let limits = Limits { steps: 1_000 + per_item * u64::from(n), ..Limits::default() };
        let program = Interpreter::with_limits(limits).load(text).expect("a program");
        program.value_and_grad(&["x"], &[("n", f64::from(n)), ("x", 0.5)])
    };
    let sum = |n: f64| n * (n + 1.0) / 2.0;
    for n in [100, 10_000, 20_000] {
        assert_eq!(run(n, 200), Ok((0.5 * sum(f64::from(n)), vec![sum(f64::from(n))])), "{n}");
    }
    assert!(run(10_000, 1).is_err(), "steps are counted");
    gives! {
        "(define (build i l) (if (< i 1) l (build (- i 1) (cons (* i x) l)))) (apply + (build n '()))",
            n = 10_000.0, x = 0.5 => 0.5 * sum(10_000.0);
    }
}

#[test]
fn a_batch_of_any_size() {
    let text = "(if (> x 5) (* k x x) (let loop ((i 0) (s x)) (if (< i 3) (loop (+ i 1) (* s k)) s)))";
    let f = scheme!("(if (> x 5) (* k x x) (let loop ((i 0) (s x)) (if (< i 3) (loop (+ i 1) (* s k)) s)))");
    let program = Interpreter::new().load(text).unwrap();
    for rows in (0..40).chain([63, 64, 65, 127, 1000]) {
        let xs: Vec<f64> = (0..rows).map(|i| 0.37 * f64::from(i)).collect();
        let inline = vmap(value_and_grad(f)).call((&xs, 1.5)).unwrap();
        let strings = program.vmap_value_and_grad(&["x", "k"], &[("x", &xs)], &[("k", 1.5)]).unwrap();
        assert_eq!((inline.len(), strings.len()), (xs.len(), xs.len()));
        for ((x, (y, dy)), (z, dz)) in xs.iter().zip(inline).zip(strings) {
            assert_eq!((y, dy), value_and_grad(f).call([*x, 1.5]), "row {x} of {rows}");
            assert_eq!(y.to_bits(), z.to_bits(), "row {x} of {rows}");
            assert!((dy[0] - dz[0]).abs() + (dy[1] - dz[1]).abs() < 1e-9, "row {x} of {rows}");
        }
    }
}

#[test]
fn inputs_inside_letrec_and_loops() {
    gives! {
        "(letrec ((f (lambda (n) (if (< n 1) 0 (+ x (f (- n 1))))))) (f 4))", x = 0.5 => 2.0;
        "(let loop ((i 0) (s 0)) (if (< i n) (loop (+ i 1) (+ s (* x i))) s))", n = 4.0, x = 0.5 => 3.0;
        "(do ((i 0 (+ i 1)) (s 1 (* s x))) ((>= i 3) s))", x = 2.0 => 8.0;
        "(define (f n) (if (< n 1) k (f (- n 1)))) (+ (f 3) x)", k = 2.0, x = 1.0 => 3.0;
        "(apply + (map (lambda (i) (* i x)) '(1 2 3)))", x = 2.0 => 12.0;
    }
}
