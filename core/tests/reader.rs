//! The reader by its data: texts with the data and findings they give, and laws over any text.
//!
//! The cases stand in `tests/reader/*.txt`, each as a title, a text and what reading gives: a line
//! per datum, then a line per finding with its hint. `BLESS=1` writes what is given into the files.

mod golden;

use proptest::prelude::*;
use scheme_core::datum::{Bracket, Datum, Kind};
use scheme_core::diag::{Code, Diagnostic};
use scheme_core::reader::{self, Limits};
use scheme_core::span::{SourceMap, Span};
use std::fmt::Write as _;

/// What reading a text gives, as the case files write it.
fn outcome(text: &str) -> String {
    let (data, findings) = reader::read(text);
    let source = SourceMap::new("", text);
    let mut lines = String::new();
    for datum in data {
        writeln!(lines, "{datum}").unwrap();
    }
    for Diagnostic { code, span, message, hint, .. } in findings {
        let (start, end) = (source.place(span.start), source.place(span.end));
        let code = code.as_str();
        writeln!(lines, "{code} {}:{}-{}:{} {message}", start.line, start.column, end.line, end.column)
            .unwrap();
        if let Some(hint) = hint {
            writeln!(lines, "    {hint}").unwrap();
        }
    }
    lines
}

fn check(file: &str) {
    golden::check(&format!("reader/{file}"), outcome);
}

#[test]
fn data() {
    check("data.txt");
}

#[test]
fn mistakes() {
    check("mistakes.txt");
}

fn codes(findings: &[Diagnostic]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Line ends and marks that a case file cannot hold.
#[test]
fn line_ends() {
    let (data, findings) = reader::read("\u{FEFF}\"a\r\nb\rc\\\r\n  d\" ; comment\r(e)\r\n#| \r |#\r\nf");
    assert_eq!(findings, []);
    let text: Vec<_> = data.iter().map(Datum::to_string).collect();
    assert_eq!(text, [r#""a\nb\ncd""#, "(e)", "f"]);
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "  (ab 'c #(1.5 \"d\")) ";
    let (data, _) = reader::read(text);
    let slice = |datum: &Datum| &text[datum.span.start as usize..datum.span.end as usize];
    assert_eq!(slice(&data[0]), "(ab 'c #(1.5 \"d\"))");
    let items = data[0].list().unwrap();
    assert_eq!(items.iter().map(slice).collect::<Vec<_>>(), ["ab", "'c", "#(1.5 \"d\")"]);
    assert_eq!(items[1].list().unwrap().iter().map(slice).collect::<Vec<_>>(), ["'", "c"]);
}

#[test]
fn depth_is_bounded() {
    let depth = Limits::default().depth;
    let nested = |open: &str, close: &str, n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
    for (open, close) in [("(", ")"), ("[", "]"), ("#(", ")"), ("'", ""), ("(a . #(", "))"), ("`(,", ")")] {
        let levels = open.matches(['(', '[', '\'', '`', ',']).count();
        let (data, findings) = reader::read(&nested(open, close, depth / levels));
        assert_eq!((data.len(), findings), (1, vec![]), "{open}");
        let deeper = format!("{} 1.2.3 (a b", nested(open, close, 1_000));
        let (data, findings) = reader::read(&deeper);
        assert_eq!(codes(&findings), [Code::TooDeep, Code::BadNumber, Code::Unclosed], "{open}");
        assert_eq!(data.len(), 3);
        let (_, findings) = reader::read(&open.repeat(1_000));
        assert!(codes(&findings).contains(&Code::TooDeep) && findings.len() <= 2, "{open}");
    }
}

/// What the default limit promises: passes that recurse with 4 KiB a level fit into a test's thread.
#[test]
fn recursion_at_the_default_depth_is_safe() {
    fn weigh(datum: &Datum) -> usize {
        let frame = [1u8; 3 << 10];
        usize::from(std::hint::black_box(&frame)[0])
            + datum.list().unwrap_or_default().iter().map(weigh).sum::<usize>()
    }
    let depth = Limits::default().depth;
    let text = format!("{}{}", "(".repeat(depth), ")".repeat(depth));
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let datum = reader::read(&text).0.remove(0);
            let copy = datum.clone();
            assert!(copy == datum && copy.same(&datum));
            assert_eq!(weigh(&datum), depth);
            assert!(format!("{datum:?}").len() > depth && format!("{datum}") == text);
        })
        .unwrap()
        .join()
        .unwrap();
}

/// An eighth of a megabyte of each of these would take hours in all if reading were quadratic.
#[test]
fn time_is_linear() {
    const SIZE: usize = 1 << 17;
    let shapes = [
        "(",
        ")",
        "[)",
        "(]",
        "'",
        ",@",
        "`",
        "#;",
        "#|",
        "|#",
        "#||#",
        "|",
        "\"",
        "\\",
        "\"\\",
        "\"a\" ",
        ";",
        "\n;",
        "(a . ",
        "(a . (b) c)",
        "a ",
        "a'",
        "a,",
        "1.2.3 ",
        "1e999 ",
        "1/3 ",
        "“",
        "”",
        "‘",
        "“a",
        "−",
        "```\n",
        "\n```",
        "```",
        "{",
        "}",
        "#\\",
        "#0=",
        "#0#",
        "#",
        ". ",
        "\t",
        "\r",
        "\n(",
        "#u8(",
        "0",
        "#xf",
        "é",
        "\u{200B}",
        "（",
        " \\x41;",
        "\"\\x41;\"",
        "\"\\q",
        "(((((((((())))))))))",
        "'(a . 'b)",
    ];
    let started = std::time::Instant::now();
    for shape in shapes {
        reader::read(&shape.repeat(SIZE / shape.len()));
        let text = shape.repeat(SIZE / 16 / shape.len());
        reader::read(&format!("({text}"));
        reader::read(&format!("\"{text}"));
        reader::read(&format!("1{text}"));
    }
    assert!(started.elapsed().as_secs() < 120, "took {:?}", started.elapsed());
    let text =
        format!("(a . {}{}", "(b . ".repeat(400), format!("({})", "x ".repeat(SIZE)) + &")".repeat(401));
    let (data, findings) = reader::read(&text);
    assert_eq!(findings, []);
    assert_eq!(data[0].list().unwrap().len(), 401 + SIZE);
}

#[test]
fn findings_are_bounded() {
    let (_, findings) = reader::read(&"1.2.3 ".repeat(1000));
    assert_eq!(findings.len(), Limits::default().findings);
    let (_, findings) = reader::read_with("1.2.3 1.2.3", Limits { findings: 1, ..Limits::default() });
    assert_eq!(findings.len(), 1);
}

/// Texts made of what matters to the reader.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "(", ")", "[", "]", "{", "}", "#(", "'", "`", ",", ",@", ".", "#;", "#|", "|#", ";", "\n", "\r", " ",
        "\"", "\\", "|", "#\\", "#", "a", "x", "1", "-", "+", "/", "e", "0", "999", "#x", "#t", "\\x",
        "inf.0", "i", "@", "“", "”", "’", "−", "```", "é", "\u{FEFF}", "#0=", "#u8(", "_",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn datums() -> impl Strategy<Value = Datum> {
    let datum = |kind| Datum { kind, span: Span::default() };
    let name = prop_oneof!["[a-z!?*<>=/+.-]{1,6}", "[ -~]{0,6}", any::<String>(), texts()];
    let leaf = prop_oneof![
        any::<u64>().prop_map(|bits| Kind::Number(f64::from_bits(bits))),
        (-1000..1000i32).prop_map(|n| Kind::Number(f64::from(n))),
        any::<bool>().prop_map(Kind::Bool),
        name.prop_map(|name| Kind::Symbol(name.into())),
        prop::sample::select(vec!["quote", "quasiquote", "unquote", "unquote-splicing", "...", "."])
            .prop_map(|name| Kind::Symbol(name.into())),
        texts().prop_map(|text| Kind::Str(text.into())),
        any::<char>().prop_map(Kind::Char),
    ]
    .prop_map(datum);
    leaf.prop_recursive(5, 60, 5, move |inner| {
        let items = || prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            items().prop_map(Kind::Vector),
            (items(), inner.clone(), any::<bool>(), any::<bool>()).prop_map(
                |(items, tail, round, dotted)| {
                    // The reader never leaves a round list as a tail.
                    let is_round = matches!(tail.kind, Kind::List { bracket: Bracket::Round, .. });
                    let tail = (dotted && !items.is_empty() && !is_round).then(|| Box::new(tail));
                    Kind::List { items, tail, bracket: if round { Bracket::Round } else { Bracket::Square } }
                }
            ),
        ]
        .prop_map(datum)
    })
}

proptest! {
    #[test]
    fn any_text_is_read(text in texts()) {
        let (data, findings) = reader::read(&text);
        for finding in &findings {
            let Span { start, end } = finding.span;
            prop_assert!(text.get(start as usize..end as usize).is_some(), "{finding:?}");
            prop_assert!(start < end && !finding.message.is_empty() && !finding.message.ends_with('.'));
            finding.render(&SourceMap::new("text", text.as_str()));
        }
        if findings.is_empty() {
            for datum in data {
                let (again, findings) = reader::read(&datum.to_string());
                prop_assert!(findings.is_empty() && again.len() == 1 && again[0].same(&datum), "{datum}");
            }
        }
    }

    #[test]
    fn what_is_written_reads_back(datum in datums()) {
        let text = datum.to_string();
        let (again, findings) = reader::read(&text);
        prop_assert_eq!(findings, vec![]);
        prop_assert!(again.len() == 1 && again[0].same(&datum), "{} became {:?}", text, again);
    }

    #[test]
    fn numbers_read_back(bits in any::<u64>()) {
        let x = f64::from_bits(bits);
        let again = reader::parse_number(&reader::number_text(x), 10);
        prop_assert!(again.is_ok_and(|y| y.to_bits() == bits || x.is_nan() && y.is_nan()));
    }

    #[test]
    fn fractions_are_correctly_rounded(above in 1..1u64 << 53, below in 1..1u64 << 53, zeros in 0..300usize) {
        let zeros = "0".repeat(zeros);
        let read = reader::parse_number(&format!("{above}{zeros}/{below}{zeros}"), 10);
        prop_assert_eq!(read, Ok(above as f64 / below as f64));
    }

    #[test]
    fn integers_of_any_radix_agree(n in any::<u128>(), long in "[1-9][0-9]{1,300}") {
        for (text, radix) in [(format!("{n:b}"), 2), (format!("{n:o}"), 8), (format!("{n}"), 10), (format!("{n:x}"), 16)] {
            prop_assert_eq!(reader::parse_number(&text, radix), Ok(n as f64));
        }
        prop_assert_eq!(reader::parse_number(&format!("{long}/1"), 10).ok(), long.parse().ok());
    }
}
