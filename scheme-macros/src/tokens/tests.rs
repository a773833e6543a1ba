//! Programs as tokens: the same data as the text gives, and what tokens alone can hold.

use super::{TokenProgram, read};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use proptest::prelude::*;
use scheme_core::datum::Datum;
use scheme_core::diag::Code;
use scheme_core::reader;

fn program(text: &str) -> TokenProgram {
    let program = read(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    assert!(!program.uncertain, "{text}");
    program
}

fn written(data: &[Datum]) -> String {
    data.iter().map(Datum::to_string).collect::<Vec<_>>().join(" ")
}

/// Texts that mean as tokens what they mean as texts.
const BOTH: &[&str] = &[
    "",
    "x",
    "(* k (/ (* q1 q2) (* r r)))",
    "(define (env-lookup env name) (if (null? env) #f (let* ((x->y (car env))) (set-cdr! x->y g/L))))",
    "(list->vector xs) ... -> ->x <= >= <=? 1+x? let*-values a.b call-with-values",
    "42 -1.5 .5 -.5 1e-3 6.674e-11 1/3 -1/3 1.5 1. 1e3 1E3 +5 -0 -0.0",
    "+inf.0 -inf.0 +nan.0 #e1 #i1 #xff #xFF #b101 #o17 #d10 #e1.5 #x-ff #e-0.0 #x1/f",
    "#t #f #true #false (if #t #f)",
    "(a . b) (a b . c) (a . (b c)) (a . ())",
    "[1 2 3] ([x 1] [y -2]) [-x 1] [- x 1]",
    "#(1 2 3) #() #(-x y) (f #(-1 x))",
    "'x (f 'x 'y) (quote (a b)) 'x-y",
    "\"\" \"a b\" \"say \\\"hi\\\"\" \"tab\\tnew\\nline\" \"\\x41;\" \"back\\\\slash\" \"λ\"",
    "(f x) ; a comment (with) brackets\n(g y) ;; and 1.2.3 {bad} tokens\n",
    "(f ; half (a comment\n x ; rest) of it\n y)",
    "#| block #| nested |# 1.2.3 |# (a #| b |# c)#|d|#e (#||#)",
    "(a #;b c) #;(1 2) 3 #;#;a b c (#;x)",
    "(f(g x)y)\"a\"(h)",
    "λ é Δx",
    "(quasiquote (a ,b ,@c (d ,(e f)) ,@(g)))",
    "(quasiquote (a (unquote (f x))))",
    "(quasiquote (a (quasiquote (b ,(c ,d)))))",
    "(f , x)",
    "(case x ((-1) a) ((-2 3) b) (else (- c)))",
    "(quote (-3)) (quasiquote (-3 ,(+ -3)))",
    "(f -x) (f -3) (f - x) (* -x y) (- x) (- 3) (-) (*) (!) (& x)",
    "(->x y) (-> real real) (--x) (**x) (-.x) (-3 4) (+x y)",
    "(let loop ((i 0)) (if (< i 10) (loop (+ i 1)) i))",
    "fn let mut struct _ self (_ x)",
    // Mistakes.
    "1.2.3 12abc 0xff 1_000 1.5f64 2*x 1/0 1e999",
    "(. a) (a .) (a . b c) (a . b . c) . #(a . b)",
    "(f x, y) (g 1,2) a,@b",
    "a#b @x #foo #u8(1 2) #0=(a) # (a #)",
    "('x 1) (f , )",
    "(a #;) #;",
    "#[a b] (#[a])",
];

/// Programs whose meaning as tokens is another, or that texts do not have.
const TOKENS: &[(&str, &str)] = &[
    ("(-x)", "(- x)"),
    ("(-x y)", "(- x y)"),
    ("(*x y)", "(* x y)"),
    ("(!x)", "(! x)"),
    ("(&x)", "(& x)"),
    ("(-x->y)", "(- x->y)"),
    ("(-(f x))", "(- (f x))"),
    ("(f (-x) (*y))", "(f (- x) (* y))"),
    ("(-3)", "(- 3)"),
    ("(-1.5)", "(- 1.5)"),
    ("(-.5)", "(- 0.5)"),
    ("(f (-1/2))", "(f (- 0.5))"),
    ("(quote (-x))", "'(- x)"),
    ("(quasiquote (a ,(-3)))", "`(a ,(- 3))"),
    ("(case (-3) ((-3) (-3)))", "(case (- 3) ((-3) (- 3)))"),
    (",k", ",{0}"),
    ("(* ,k ,{a + b.c})", "(* ,{0} ,{1})"),
    ("(f ,a ,b ,r#type)", "(f ,{0} ,{1} ,{2})"),
    ("(quasiquote (a ,{x}))", "`(a (unquote ,{0}))"),
    ("(quasiquote (a ,(f ,x)))", "`(a ,(f ,{0}))"),
    ("(a.b)", "(a.b)"),
    (r##"r"a\b" r#""quoted""#"##, r#""a\\b" "\"quoted\"""#),
    (r#""\u{e9}\x41\0""#, r#""éA\x0;""#),
    ("(f /// doc\n x)", "(f x)"),
    ("(f // comment\n x /* another */ y)", "(f x y)"),
];

#[test]
fn tokens_and_texts_agree() {
    for text in BOTH {
        let program = program(text);
        let (data, findings) = reader::read(text);
        let codes = |findings: &[scheme_core::diag::Diagnostic]| {
            findings.iter().map(|finding| (finding.code, finding.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(codes(&program.diagnostics), codes(&findings), "{text}");
        assert_eq!(written(&program.data), written(&data), "{text}");
    }
}

#[test]
fn what_tokens_alone_mean() {
    for (text, data) in TOKENS {
        let program = program(text);
        assert_eq!(program.diagnostics, [], "{text}");
        assert_eq!(written(&program.data), *data, "{text}");
    }
}

#[test]
fn mistakes_of_tokens() {
    for (text, code, hint) in [
        ("'a'", Code::BadChar, "scheme!(\"…\")"),
        ("b\"a\"", Code::BadToken, ""),
        ("\"a\"b", Code::BadString, "space"),
        ("{a}", Code::BadToken, ",{…}"),
        (",a-b", Code::BadToken, ",{expression}"),
        (",self", Code::BadToken, ",{expression}"),
        ("(a |b| c)", Code::BadToken, "(lambda (x)"),
        ("(f 0xff)", Code::BadNumber, "#xff"),
        ("(f #| x)", Code::UnclosedComment, "|#"),
        ("(quasiquote (a ,@{x}))", Code::BadToken, ",{…}"),
    ] {
        let program = program(text);
        let [finding] = program.diagnostics.as_slice() else { panic!("{text}: {:?}", program.diagnostics) };
        assert_eq!(finding.code, code, "{text}");
        assert!(finding.hint.as_deref().unwrap_or_default().contains(hint), "{text}: {finding:?}");
    }
}

#[test]
fn findings_fall_on_their_tokens() {
    let text = "(f\n  (g 1.2.3 x->y))";
    let program = program(text);
    let (first, last) = program.ends(program.diagnostics[0].span);
    assert_eq!((first.start().line, first.start().column), (2, 5));
    assert_eq!((last.end().line, last.end().column), (2, 10));
    let (first, last) = program.ends(program.data[0].span);
    assert_eq!((first.start().column, last.end().column), (0, 17));
    let name = &program.data[0].list().expect("a list")[1].list().expect("a list")[2];
    let (first, last) = program.ends(name.span);
    assert_eq!((first.start().column, last.end().column), (11, 15));
}

#[test]
fn splices_are_the_expressions() {
    let program = program("(* ,k ,{ a + b })");
    assert_eq!(program.splices.iter().map(TokenStream::to_string).collect::<Vec<_>>(), ["k", "a + b"]);
}

/// As rust-analyzer may have it.
#[test]
fn without_places_nothing_is_claimed() {
    let at_call_site = |tree: TokenTree| match tree {
        TokenTree::Ident(ident) => TokenTree::Ident(Ident::new(&ident.to_string(), Span::call_site())),
        mut tree => {
            tree.set_span(Span::call_site());
            tree
        }
    };
    let stream: TokenStream = "env-lookup 1.2.3 ; , ".parse::<TokenStream>().expect("tokens");
    let read = read(stream.into_iter().map(at_call_site).collect());
    assert!(read.uncertain && read.data.is_empty() && read.diagnostics.is_empty());
}

/// What rustfmt does to the operators at heads leaves the data as they are.
#[test]
fn rustfmt_keeps_operators() {
    for (written_so, formatted) in [
        ("(- x)", "(-x)"),
        ("(- 3)", "(-3)"),
        ("(* x)", "(*x)"),
        ("(! x)", "(!x)"),
        ("(& x)", "(&x)"),
        ("(- (f (- x)))", "(-(f(-x)))"),
        ("(f (- x) (g))", "(f(-x)(g))"),
        ("(quote (- x))", "(quote(-x))"),
    ] {
        let (a, b) = (program(written_so), program(formatted));
        assert_eq!(written(&a.data), written(&b.data));
        assert_eq!((a.diagnostics, b.diagnostics), (vec![], vec![]));
    }
}

/// Texts of pieces that Rust can lex.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "x", "let", "env", "y1", "λ", "e", "i", "inf", "t", "-", "+", "*", "/", "?", "!", ">", "<", "=", ".",
        ":", "_", "&", "@", "#", ",", " ", " ", " ", "\n", "1", "23", "0", "1.5", "1e-3", "2.", "(", ")",
        "[", "]", "\"s\" ", "#t", "#;", "#|", "|#", ";", "'x ", "#(",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(reader::number_text),
        "[-+]?[0-9]{1,5}(/[1-9][0-9]{0,3})?",
        "[-+]?[0-9]{0,3}\\.[0-9]{1,4}(e[-+]?[0-9]{1,2})?",
        "#[exbod][-+]?[01]{1,8}",
    ]
}

fn names() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,3}([-!?*>/<=.:_&%^~$@+][a-z]{0,3}){0,4}"
}

proptest! {
    #[test]
    fn names_and_numbers_agree(atoms in prop::collection::vec(prop_oneof![names(), numbers()], 0..8)) {
        let text = format!("(f {})", atoms.join(" "));
        // Rust's lexer takes its comments out of names.
        prop_assume!(!text.contains("//") && !text.contains("/*"));
        if let Ok(stream) = text.parse() {
            let program = read(stream);
            let (data, findings) = reader::read(&text);
            prop_assert!(findings.is_empty() && program.diagnostics.is_empty(), "{} {:?}", text, program.diagnostics);
            prop_assert_eq!(written(&program.data), written(&data));
        }
    }

    #[test]
    fn any_tokens_agree_with_their_text(text in texts()) {
        if let Ok(stream) = text.parse() {
            let program = read(stream);
            let (data, findings) = reader::read(&text);
            for finding in &program.diagnostics {
                prop_assert!(finding.span.start < finding.span.end);
                prop_assert!(finding.span.end as usize <= program.spans.len());
            }
            // Operators, splices, bars and Rust's comments are read otherwise on purpose.
            let special = text.contains([',', '|'])
                || ["(-", "(*", "(&", "(!", "//", "/*"].iter().any(|op| text.contains(op));
            if !program.uncertain && !special {
                prop_assert_eq!(written(&program.data), written(&data));
                prop_assert_eq!(program.diagnostics.len(), findings.len());
            }
        }
    }
}
