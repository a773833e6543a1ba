//! Loading texts: ten times the text takes about ten times as long, whatever its shape.
//!
//! `cargo bench -p scheme-benches --bench load` prints the time on the processor, the mean of some runs.
#![allow(clippy::print_stdout, missing_docs)]

use scheme_runtime::Interpreter;
use std::{
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Time that this process has run, where the system tells; else time that has passed.
fn now() -> Duration {
    let told = fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok()).filter(|time| *time > 0);
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// What a text of about so many bytes is made of: a beginning, parts by their number, and an end.
struct Shape {
    name: &'static str,
    begin: &'static str,
    part: fn(usize) -> String,
    end: &'static str,
}

const SHAPES: [Shape; 22] = [
    Shape { name: "a call with many operands", begin: "(list", part: |_| " (+ x 1)".into(), end: ")" },
    Shape { name: "a quoted list", begin: "'(", part: |i| format!("({i} a \"b\") "), end: ")" },
    Shape { name: "a vector of numbers", begin: "[", part: |i| format!("{i}.5 "), end: "]" },
    Shape {
        name: "definitions, each of the one before",
        begin: "(define a0 x)\n",
        part: |i| format!("(define a{} (+ a{i} 1))\n", i + 1),
        end: "a1",
    },
    Shape {
        name: "definitions, each of the first",
        begin: "(define a x)\n",
        part: |i| format!("(define b{i} (* a {i}))\n"),
        end: "b1",
    },
    Shape {
        name: "procedures, each of the one before",
        begin: "(define (f0 x) x)\n",
        part: |i| format!("(define (f{} x) (f{i} (+ x 1)))\n", i + 1),
        end: "(f1 0)",
    },
    Shape { name: "many inputs", begin: "(+", part: |i| format!(" x{i}"), end: ")" },
    Shape { name: "expressions in sequence", begin: "", part: |i| format!("(* x {i})\n"), end: "x" },
    Shape {
        name: "nests of thirty",
        begin: "(list",
        part: |_| format!(" {}x{}", "(+ 1 ".repeat(30), ")".repeat(30)),
        end: ")",
    },
    Shape {
        name: "local bindings",
        begin: "(list",
        part: |i| format!(" (let ((y {i}) (z x)) (lambda (w) (* w y z)))"),
        end: ")",
    },
    Shape { name: "a long let*", begin: "(let* (", part: |i| format!("(x (+ x {i}))\n"), end: ") x)" },
    Shape { name: "many parameters", begin: "(lambda (", part: |i| format!("x{i} "), end: ") (+ x0 x1))" },
    Shape { name: "clauses of cond", begin: "(cond", part: |i| format!(" ((< x {i}) {i})"), end: ")" },
    Shape { name: "clauses of case", begin: "(case x", part: |i| format!(" (({i}) {i})"), end: ")" },
    Shape { name: "and", begin: "(and", part: |i| format!(" (< x {i})"), end: ")" },
    Shape { name: "or", begin: "(or", part: |i| format!(" (memv x '({i}))"), end: ")" },
    Shape { name: "a long string", begin: "(string-length \"", part: |_| "text λ ".into(), end: "\")" },
    Shape { name: "a long name", begin: "(+ 1 ", part: |_| "name-".into(), end: ")" },
    Shape { name: "comments", begin: "", part: |i| format!("; {i} #| (\n#| {i} |# #;({i})\n"), end: "x" },
    Shape {
        name: "operators as first operands, nested",
        begin: "(define (f g . rest) g) (list",
        part: |_| format!(" {}{}{}", "(f + ".repeat(400), "1 ".repeat(10_000), ")".repeat(400)),
        end: ")",
    },
    Shape {
        name: "values that hide, nested",
        begin: "(define x 1) (list",
        part: |_| {
            format!(
                " {}{}{}",
                "(let ((x (list ".repeat(100),
                "1 ".repeat(10_000),
                "))) (list x))".repeat(100)
            )
        },
        end: ")",
    },
    Shape { name: "templates", begin: "`(", part: |i| format!("(a ,x ,@(list {i}) b) "), end: ")" },
];

/// A text of a shape.
fn text(shape: &Shape, bytes: usize) -> String {
    let mut text = shape.begin.to_string();
    for i in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&(shape.part)(i));
    }
    text + shape.end
}

/// The time that loading takes, of so many times.
fn time(text: &str, times: u32) -> Duration {
    let interpreter = Interpreter::new();
    let load = || drop(interpreter.load(text).expect("a program"));
    load();
    let start = now();
    (0..times).for_each(|_| load());
    (now() - start) / times
}

fn main() {
    println!("{:<40} {:>10} {:>10} {:>7}", "shape", "100 kB", "1 MB", "ratio");
    for shape in &SHAPES {
        let (small, large) = (time(&text(shape, 100_000), 30), time(&text(shape, 1_000_000), 3));
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("{:<40} {small:>10.1?} {large:>10.1?} {ratio:>7.1}", shape.name);
    }
}
