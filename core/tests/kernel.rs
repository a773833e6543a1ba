//! The kernel by its data: programs with the kernel text or the findings they give, and laws over any.
//!
//! The cases stand in `tests/kernel/*.txt`, each as a title, a text and what desugaring gives: the
//! kernel program, if there is one, then a line per finding with its hint. `BLESS=1` writes what is
//! given into the files.

mod golden;

use proptest::prelude::*;
use scheme_core::datum::{Bracket, Datum, Kind};
use scheme_core::diag::{Code, Diagnostic};
use scheme_core::kernel::{self, Expr, ExprKind, Lambda, Local, Program};
use scheme_core::reader;
use scheme_core::span::{SourceMap, Span};
use scheme_core::warnings;
use std::collections::HashSet;
use std::fmt::Write as _;

fn desugar(text: &str) -> (Option<Program>, Vec<Diagnostic>) {
    let (data, findings) = reader::read(text);
    assert_eq!(findings, [], "{text}");
    kernel::desugar_text(&data, text, kernel::Options::default())
}

/// What desugaring a text gives, as the case files write it.
fn outcome(text: &str) -> String {
    let (program, findings) = desugar(text);
    let source = SourceMap::new("", text);
    let mut lines = String::new();
    if let Some(program) = program {
        writeln!(lines, "{program}").unwrap();
    }
    for Diagnostic { code, span, message, hint, .. } in findings {
        let place = source.place(span.start);
        let token = &text[span.start as usize..span.end as usize];
        writeln!(lines, "{}@{}:{} `{token}` {message}", code.as_str(), place.line, place.column).unwrap();
        if let Some(hint) = hint {
            writeln!(lines, "    {hint}").unwrap();
        }
    }
    lines
}

fn check(file: &str) {
    golden::check(&format!("kernel/{file}"), outcome);
}

#[test]
fn core_forms() {
    check("core.txt");
}

#[test]
fn derived_forms() {
    check("derived.txt");
}

#[test]
fn definitions() {
    check("definitions.txt");
}

#[test]
fn programs_and_inputs() {
    check("programs.txt");
}

#[test]
fn malformed_forms() {
    check("malformed.txt");
}

#[test]
fn habits() {
    check("habits.txt");
}

#[test]
fn calls_that_fail_in_every_run() {
    check("calls.txt");
}

#[test]
fn quasiquotes() {
    check("quasiquote.txt");
}

#[test]
fn what_the_prelude_defines() {
    check("prelude.txt");
}

#[test]
fn learnable_parameters() {
    check("params.txt");
}

#[test]
fn several_values_and_arguments() {
    check("several.txt");
}

#[test]
fn soft_choices() {
    check("soft.txt");
}

#[test]
fn declared_types() {
    check("declared.txt");
}

/// Desugars with the stack of a spawned thread, and writes and drops the program there.
fn on_a_small_stack(text: String) -> (Option<String>, Vec<&'static str>) {
    let run = move || {
        let (program, findings) = desugar(&text);
        (
            program.map(|program| program.to_string()),
            findings.iter().map(|finding| finding.code.as_str()).collect(),
        )
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

/// `open` and `close` around 1 as often as the reader takes it.
fn nested(open: &str, close: &str) -> String {
    let text = |count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    let sizes: Vec<usize> = (1..=reader::Limits::default().depth).collect();
    let fits = sizes.partition_point(|count| reader::read(&text(*count)).1.is_empty());
    text(fits)
}

#[test]
fn what_the_reader_takes_fits_a_small_stack() {
    let forms = [
        ("(+ 1 ", ")"),
        ("(if 1 2 ", ")"),
        ("(let ((x 1)) ", ")"),
        ("(let ((x ", ")) x)"),
        ("(let () (define (f) ", ") (f))"),
        ("(let () (define x 1) ", ")"),
        ("(lambda (x) ", ")"),
        ("(list (lambda (x) ", "))"),
        ("(begin 1 ", ")"),
        ("(when 1 ", ")"),
        ("(and 1 ", ")"),
        ("(or car ", ")"),
        ("(cond (1 ", "))"),
        ("(cond (", " => car))"),
        ("(cond (else ", "))"),
        ("(case 1 ((1) ", "))"),
        ("(do () (1 ", "))"),
        ("(let loop ((i 1)) ", ")"),
        ("(let loop ((i ", ")) i)"),
        ("(loop ((i 1)) ", ")"),
        ("(letrec ((x 1)) ", ")"),
        ("(letrec ((x ", ")) x)"),
        ("`(,", ")"),
        ("`(1 ,@", ")"),
        ("`", ""),
        ("`(1 `,", ")"),
        ("'", ""),
        ("(car '(", "))"),
        ("[", "]"),
        ("#(", ")"),
        ("(", ")"),
        ("((lambda (x) x) ", ")"),
        ("((lambda (x) ", ") 1)"),
        ("(assert ", ")"),
    ];
    for (open, close) in forms {
        let (program, codes) = on_a_small_stack(nested(open, close));
        assert_eq!(program.is_some(), codes.is_empty(), "{open}");
    }
    // Hints read on from the deepest place.
    let infix = format!("{}-x{}", "(a + b ^ c(".repeat(12), "))".repeat(12));
    for (open, close, times) in
        [("(list ", ")", 470), ("(let ((x ", ")) x)", 155), ("(cond (", " => car))", 235)]
    {
        let (_, codes) = on_a_small_stack(format!("{}{infix}{}", open.repeat(times), close.repeat(times)));
        assert!(codes.contains(&"E0206"), "{open}: {codes:?}");
    }
}

#[test]
fn long_chains_fit_a_small_stack_or_are_too_large() {
    let many = |part: fn(usize) -> String| (0..10_000).map(part).collect::<String>();
    let flat = [
        format!("(let* ({}) x9999)", many(|n| format!("(x{n} (+ x{} {n}))", n.saturating_sub(1)))),
        format!("{} x9999", many(|n| format!("(define x{n} (list y {n}))"))),
        format!("{} (f9999 1)", many(|n| format!("(define (f{n} x) (f{} x))", n.saturating_sub(1)))),
        format!("{} (f9999 1)", many(|n| format!("(define (f{n} x) (f{} x))", (n + 1) % 10_000))),
        format!("{} f", many(|n| format!("(define (f{n} x) x) (define x{n} {n})"))),
        format!("(begin {})", many(|n| format!("{n} "))),
        format!("`({} ,x)", many(|n| format!("{n} "))),
        format!("(case x (({}) 1))", many(|n| format!("{n} "))),
        format!("(cond {})", many(|n| format!("((> x {n}) {n})"))),
        format!(
            "(cond {})",
            many(|n| format!("((f{} x) => car)", n % 2)).replace("f0", "list").replace("f1", "cdr")
        ),
        format!("(and {})", many(|n| format!("x{n} "))),
        format!("(or {})", many(|n| format!("(car x{n}) "))),
        format!("(case x {})", many(|n| format!("(({n}) {n})"))),
        format!("(define f (case-lambda {})) (f)", many(|n| format!("((a . b) {n})"))),
        format!("(lambda ({}) x1)", many(|n| format!("x{n} "))),
    ];
    for text in flat {
        let (program, codes) = on_a_small_stack(text);
        assert!(program.is_some() && codes.is_empty(), "{codes:?}");
    }
    let nested =
        [format!("{} (f9999)", many(|n| format!("(define (f{n}) x{n}) (define x{} (f{n}))", n + 1)))];
    for text in nested {
        let (program, codes) = on_a_small_stack(text.clone());
        assert_eq!((program, codes), (None, vec!["E0801"]), "{}", &text[..40]);
    }
}

#[test]
fn desugaring_and_warnings_are_linear_in_the_text() {
    let many = |count: usize, part: fn(usize) -> String| (0..count).map(part).collect::<String>();
    let texts = [
        many(5_000, |n| format!("(define (f{n} x) (+ x (f{} x) k{}))", n.saturating_sub(1), n % 100)),
        many(5_000, |n| format!("(define x{n} (list x{} l))", (n + 1).saturating_sub(2)))
            .replacen("x0 l", "l", 1),
        many(10_000, |n| format!("(* (param p{n} 1) q{n})")),
        many(10_000, |n| format!("(: p{n} real) p{n}")),
        many(10_000, |n| format!("(map sin (list {n}))")),
        many(5_000, |n| format!("(define-values (a{n} b{n}) (values {n} (+ a{n} 1)))")),
        many(5_000, |n| format!("(define-values (a{n} b{n}) (f {n}))")) + "(define (f x) (values x x))",
        many(5_000, |n| format!("(define y{n} name{n})")) + "(lambda (x) x)",
        many(3_000, |n| format!("(define h{n} (case-lambda ((x) x) ((x y) (+ x y))))")),
        many(10_000, |n| format!("(define bound-name-{n} (* imput-name-{n} x{n}*y pi{n}))")) + "1",
        many(10_000, |n| format!("(define (g{n} list) (let ((x {n})) (lambda (x) (list x list))))")) + "1",
        many(40, |n| format!("(define (h{n} x) {}1{})", "(let ((x ".repeat(200), ")) (* x 2))".repeat(200))),
        many(5_000, |n| format!("(define (f{n} x) (f{} (if (> x k{n}) x 0)))", n.saturating_sub(1)))
            + "(f4999 1)",
    ];
    for text in texts {
        let (data, _) = reader::read(&text);
        let start = std::time::Instant::now();
        if let (Some(program), _) = kernel::desugar(&data) {
            warnings::text_warnings(&program);
        }
        // A second is the promise of a release build; what is quadratic takes much longer.
        assert!(start.elapsed().as_secs() < 20, "{}", &text[..40]);
    }
}

#[test]
fn findings_are_bounded() {
    let text = "(foo (set! x 1) (if)) ".repeat(10_000);
    assert_eq!(desugar(&text).1.len(), 100);
    let names: String = (0..10_000).map(|n| format!("(define name{n} (nama{n} 1)) ")).collect();
    assert_eq!(desugar(&names).1.len(), 100);
}

#[test]
fn splices_are_captures() {
    let splice = |n| Datum { kind: Kind::Splice(n), span: Span::new(n, n + 1) };
    let list = |items| Datum {
        kind: Kind::List { items, tail: None, bracket: Bracket::Round },
        span: Span::new(0, 9),
    };
    let symbol = |name: &str| Datum { kind: Kind::Symbol(name.into()), span: Span::new(0, 1) };
    let (program, findings) =
        kernel::desugar(&[list(vec![symbol("+"), splice(1), symbol("x"), splice(0), splice(1)])]);
    assert_eq!(findings, []);
    let text = program.unwrap().to_string();
    assert_eq!(text, "(program (x.1) (captures splice.2 splice.0) (+ splice.0 x.1 splice.2 splice.0))");
    let quoted = list(vec![symbol("quote"), list(vec![splice(0)])]);
    assert_eq!(kernel::desugar(&[quoted]).1[0].code, Code::BadForm);
    let template = list(vec![symbol("quasiquote"), list(vec![splice(0)])]);
    assert_eq!(
        kernel::desugar(&[template]).0.unwrap().to_string(),
        "(program () (captures splice.0) (list splice.0))"
    );
    assert_eq!(kernel::desugar(&[splice(u32::MAX - 1)]).1[0].code, Code::TooLarge);
}

#[test]
fn without_touching_spans_a_call_is_not_mistaken() {
    let (data, _) = reader::read("(list car(foo 1))");
    let options = kernel::Options { touching: false, ..Default::default() };
    assert_eq!(kernel::desugar_with(&data, options).1[0].code, Code::UnknownProcedure);
    assert_eq!(kernel::desugar(&data).1[0].code, Code::Habit);
}

#[test]
fn free_locals_are_those_of_the_surroundings() {
    let (program, _) =
        desugar("(list (lambda (a . r) (let ((b x)) (letrec ((f (lambda (c) (f b c y x)))) (f a r z)))))");
    let program = program.unwrap();
    let ExprKind::Call(_, operands) = &program.body.kind else { panic!("a call") };
    let ExprKind::Lambda(lambda) = &operands[0].kind else { panic!("a lambda") };
    let names: Vec<_> =
        kernel::free_locals(lambda).iter().map(|local| &*program.locals[local.0 as usize].name).collect();
    assert_eq!(names, ["x", "y", "z"]);
}

/// Data that are often nearly programs.
fn data() -> impl Strategy<Value = Datum> {
    let words =
        "quote quasiquote unquote unquote-splicing if lambda let let* letrec define begin do cond case and or
        when unless loop recur assert case-lambda let-values let*-values define-values values soft-if soft-choice param :
        real < else => = + ** car list map set! grad x y z f g";
    let words: Vec<&'static str> = words.split_whitespace().collect();
    let leaf = prop_oneof![
        8 => prop::sample::select(words).prop_map(|word| Kind::Symbol(word.into())),
        2 => (0..3u32).prop_map(|n| Kind::Number(f64::from(n))),
        1 => Just(Kind::Bool(false)),
        1 => Just(Kind::Str("text".into())),
        1 => (0..3u32).prop_map(Kind::Splice),
    ];
    let place = (0..8u32, 0..3u32);
    let datum = |kind, (start, length)| Datum { kind, span: Span::new(start, start + length) };
    let leaf = (leaf, place.clone()).prop_map(move |(kind, place)| datum(kind, place));
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let items = prop::collection::vec(inner.clone(), 0..6);
        let kind = prop_oneof![
            8 => (items.clone(), any::<bool>()).prop_map(|(items, square)| Kind::List {
                items,
                tail: None,
                bracket: if square { Bracket::Square } else { Bracket::Round },
            }),
            1 => (items.clone(), inner).prop_map(|(items, tail)| Kind::List {
                items,
                tail: Some(Box::new(tail)),
                bracket: Bracket::Round,
            }),
            1 => items.prop_map(Kind::Vector),
        ];
        (kind, place.clone()).prop_map(move |(kind, place)| datum(kind, place))
    })
}

/// The bindings around an expression, and all there have been.
struct Bindings {
    here: HashSet<Local>,
    ever: HashSet<Local>,
}

impl Bindings {
    fn bind(&mut self, local: Local) -> bool {
        self.here.insert(local);
        self.ever.insert(local)
    }

    /// Whether each local inside is bound once, before and around its uses.
    fn hold(&mut self, expr: &Expr) -> bool {
        let outside = self.here.clone();
        let holds = match &expr.kind {
            ExprKind::Quote(_) | ExprKind::Unspecified | ExprKind::Prim(_) => true,
            ExprKind::Local(local) => self.here.contains(local),
            ExprKind::Lambda(lambda) => self.hold_in(lambda),
            ExprKind::Let(bindings, body) => {
                bindings.iter().all(|(local, value)| self.hold(value) && self.bind(*local)) && self.hold(body)
            }
            ExprKind::Fix(bindings, body) => {
                bindings.iter().all(|(local, _)| self.bind(*local))
                    && bindings.iter().all(|(_, lambda)| self.hold_in(lambda))
                    && self.hold(body)
            }
            ExprKind::Begin(parts) => parts.len() > 1 && parts.iter().all(|part| self.hold(part)),
            ExprKind::If(..) | ExprKind::Call(..) => {
                let mut all = true;
                expr.each_child(&mut |child| all &= self.hold(child));
                all
            }
        };
        self.here = outside;
        holds
    }

    fn hold_in(&mut self, lambda: &Lambda) -> bool {
        let outside = self.here.clone();
        let mut parameters = lambda.params.iter().copied().chain(lambda.rest);
        let holds = parameters.all(|local| self.bind(local)) && self.hold(&lambda.body);
        self.here = outside;
        holds
    }
}

fn is_resolved(program: &Program) -> bool {
    let params = program.params.iter().map(|param| param.local);
    let known: HashSet<Local> =
        program.inputs.iter().chain(&program.captures).copied().chain(params).collect();
    let distinct = known.len() == program.inputs.len() + program.captures.len() + program.params.len();
    distinct && Bindings { here: known.clone(), ever: known }.hold(&program.body)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_data_give_a_resolved_program_or_errors(data in prop::collection::vec(data(), 0..5)) {
        let (program, findings) = kernel::desugar(&data);
        prop_assert_eq!(program.is_some(), findings.iter().all(Diagnostic::is_warning));
        if let Some(program) = program {
            prop_assert!(is_resolved(&program), "{}", program);
        }
    }

    #[test]
    fn definitions_in_any_order_bind_before_use(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
            uses in prop::collection::vec((0..6usize, any::<bool>()), 6)) {
        let define = |n: usize| {
            let (used, procedure) = uses[n];
            let value = if procedure { format!("(lambda () (d{used}))") } else { format!("(list d{used})") };
            format!("(define d{n} {value})\n")
        };
        let text: String = order.iter().map(|n| define(*n)).collect();
        let (program, findings) = desugar(&format!("{text} d0"));
        prop_assert_eq!(program.is_some(), findings.is_empty());
        if let Some(program) = program {
            prop_assert!(is_resolved(&program), "{}\n{}", text, program);
        }
    }
}
