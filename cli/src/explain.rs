//! `explain`: what a code means, with an example and its repair.
//!
//! Every example is run by a test and must give its code, and its repair none: programs here, commands by a shell
//! in the tests of the binary; those of `scheme!` are compiled by the tests of scheme-runtime.

use crate::{args::Explain, failure::Failure, json};
use scheme_core::diag::Code;

/// What shows a code: a program or command that gives it, and the same repaired.
type Example = (Code, &'static str, &'static str);

/// In the order of [`Code::ALL`]. A program runs with narrow limits and is differentiated.
const EXAMPLES: &[Example] = &[
    (Code::Unclosed, "(+ 1 (* 2 3)", "(+ 1 (* 2 3))"),
    (Code::Unopened, "(+ 1 2))", "(+ 1 2)"),
    (Code::BadNumber, "(+ 1.2.3 4)", "(+ 1.23 4)"),
    (Code::BadString, "(list \"abc)", "(list \"abc\")"),
    (Code::BadChar, "(list #\\foo)", "(list #\\f)"),
    (Code::BadDot, "'(1 . )", "'(1 . 2)"),
    (Code::BadToken, "{+ 1 2}", "(+ 1 2)"),
    (Code::UnclosedComment, "#| note (+ 1 2)", "#| note |# (+ 1 2)"),
    (
        Code::TooDeep,
        "scheme-grad run -e \"$(printf '(- %.0s' $(seq 501))1$(printf ')%.0s' $(seq 501))\"",
        "scheme-grad run -e \"$(printf '(- %.0s' $(seq 99))1$(printf ')%.0s' $(seq 99))\"",
    ),
    (Code::NumberRange, "(* 1e999 2)", "(* 1e99 2)"),
    (Code::NothingQuoted, "(list 1 ')", "(list 1 'a)"),
    (Code::NotUtf8, "printf '(+ 1 \\377)' | scheme-grad run -", "printf '(+ 1 2)' | scheme-grad run -"),
    (Code::Empty, "; only a comment", "42 ; a value"),
    (Code::BadForm, "(if)", "(if (< 0 1) 2 3)"),
    (Code::Duplicate, "(let ((x 1) (x 2)) x)", "(let ((x 1) (y 2)) (+ x y))"),
    (Code::NotInLanguage, "(define x 1) (set! x 2) x", "(define x 1) (let ((x 2)) x)"),
    (Code::MisplacedDefine, "(+ 1 (define x 2))", "(define x 2) (+ 1 x)"),
    (Code::Habit, "a = 2\n(* a a)", "(define a 2)\n(* a a)"),
    (
        Code::NotYet,
        "scheme-grad graph --stage grad -e '(length (iota n))'",
        "scheme-grad graph --stage anf -e '(length (iota n))'",
    ),
    (Code::RustName, "scheme! { (* rate-a rate_a x) }", "scheme! { (* rate-a rate-b x) }"),
    (Code::NoValue, "(define (f x) (define k x)) (f 1)", "(define (f x) (define k x) (* k k)) (f 1)"),
    (Code::UnknownProcedure, "(sqr x)", "(square x)"),
    (Code::Unbound, "(lambda (x) (* k x))", "(lambda (x k) (* k x))"),
    (Code::UsedBeforeDefinition, "(define a (+ a 1)) a", "(define a (+ 2 1)) a"),
    (Code::Arity, "(define (f x) (* x x)) (f 1 2)", "(define (f x y) (* x y)) (f 1 2)"),
    (Code::NotAProcedure, "(2 3)", "(* 2 3)"),
    (Code::WrongType, "(+ 1 'a)", "(+ 1 2)"),
    (Code::Shape, "(dot [1 2] [1 2 3])", "(dot [1 2 0] [1 2 3])"),
    (Code::OutOfDomain, "(list-ref '(a b) 2)", "(list-ref '(a b) 1)"),
    (
        Code::TooLarge,
        "scheme-grad run -e \"$(printf '(or #f %.0s' $(seq 400))1$(printf ')%.0s' $(seq 400))\"",
        "scheme-grad run -e \"(or $(printf '#f %.0s' $(seq 400))1)\"",
    ),
    (
        Code::Steps,
        "(define (count n) (count (+ n 1))) (count 0)",
        "(define (count n) (if (= n 9) n (count (+ n 1)))) (count 0)",
    ),
    (
        Code::Depth,
        "(define (sum n) (+ n (sum (- n 1)))) (sum 9)",
        "(define (sum n) (if (= n 0) 0 (+ n (sum (- n 1))))) (sum 9)",
    ),
    (
        Code::Memory,
        "(define (grow l) (grow (cons 1 l))) (grow '())",
        "(define (grow l n) (if (= n 0) l (grow (cons 1 l) (- n 1)))) (grow '() 9)",
    ),
    (
        Code::Tape,
        "(define (power x n) (if (= n 0) 1 (* x (power x (- n 1))))) ((grad (grad (lambda (x) (power x 60)))) 1)",
        "((grad (grad (lambda (x) (expt x 60)))) 1)",
    ),
    (
        Code::Deadline,
        "scheme-grad run -e '(define (count n) (count (+ n 1))) (count 0)' --timeout 0.1",
        "scheme-grad run -e '(define (count n) (if (= n 9) n (count (+ n 1)))) (count 0)' --timeout 60",
    ),
    (
        Code::StringLength,
        "(define (shout s) (shout (string-append s s))) (shout \"ho\")",
        "(define (shout s n) (if (= n 0) s (shout (string-append s s) (- n 1)))) (shout \"ho\" 3)",
    ),
    (
        Code::Trace,
        "(define (power y n) (if (= n 0) y (power (* x y) (- n 1)))) (power 1 1000)",
        "(expt x 1000)",
    ),
    (
        Code::SourceSize,
        "(echo '(+ 1 2)'; yes '; a comment' | head -c 17000000) | scheme-grad run -",
        "(echo '(+ 1 2)'; yes '; a comment' | head -c 17000) | scheme-grad run -",
    ),
    (
        Code::Raised,
        "(define (root y) (if (< y 0) (error \"negative:\" y) (sqrt y))) (root -4)",
        "(define (root y) (if (< y 0) (error \"negative:\" y) (sqrt y))) (root 4)",
    ),
    (
        Code::Damaged,
        "scheme-grad compile -e '(* x x)' | sed 's/[*] x/+ x/' | scheme-grad run - --set x=3",
        "scheme-grad compile -e '(* x x)' | scheme-grad run - --set x=3",
    ),
    (
        Code::OtherVersion,
        "scheme-grad compile -e '(* x x)' | sed 's/\"version\": 1/\"version\": 99/' | scheme-grad run - --set x=3",
        "scheme-grad compile -e '(* x x)' | scheme-grad run - --set x=3",
    ),
    (Code::File, "scheme-grad run no-such-model.scm", "scheme-grad run -e '(+ 1 2)'"),
    (
        Code::Request,
        "echo '{\"id\": 1, \"program\": \"(+ 1 2)\"}' | scheme-grad serve-lines",
        "echo '{\"id\": 1, \"op\": \"run\", \"program\": \"(+ 1 2)\"}' | scheme-grad serve-lines",
    ),
    (
        Code::Data,
        "printf 'x\\nthree\\n' | scheme-grad batch -e '(* x x)' --data -",
        "printf 'x\\n3\\n' | scheme-grad batch -e '(* x x)' --data -",
    ),
    (Code::NearName, "(define speed 2) (* speeed x)", "(define speed 2) (* speed x)"),
    (Code::ZeroGradient, "(if (< x k) 1 2)", "(if (< x k) (* k x) (* k k))"),
    (Code::Unused, "(begin y (* x x))", "(* x x)"),
    (Code::Shadowed, "(define k 2) (define (f k) (* k x)) (f 3)", "(define (f k) (* k x)) (f 3)"),
    (Code::NoEffect, "(* a x) (* b x)", "(+ (* a x) (* b x))"),
    (
        Code::NonFinite,
        "scheme-grad run -e '(* 2 (sqrt (- x 1)))' --set x=0 --trace-nonfinite",
        "scheme-grad run -e '(* 2 (sqrt (max 0 (- x 1))))' --set x=0 --trace-nonfinite",
    ),
];

/// What a code means, or all codes.
pub(crate) fn explain(args: &Explain) -> Result<String, Failure> {
    let Some(name) = &args.code else {
        let codes = Code::ALL.iter().copied();
        return Ok(if args.json {
            json::object([("codes", json::array(codes.map(object)))])
        } else {
            let line = |code: Code| format!("{}  {}", code.as_str(), meaning(code));
            codes.map(line).collect::<Vec<_>>().join("\n")
        });
    };
    let Some(code) = Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name.trim()))
    else {
        let message = format!("there is no code `{name}`; `scheme-grad explain` lists them");
        return Err(Failure::Usage(message));
    };
    if args.json {
        return Ok(object(code));
    }
    let mut text = format!("{} ({})\n{}", code.as_str(), code.family(), meaning(code));
    if let Some((example, repair)) = example(code) {
        let indented = |text: &str| text.replace('\n', "\n    ");
        text.push_str(&format!(
            "\n\nexample:\n    {}\nrepaired:\n    {}",
            indented(example),
            indented(repair)
        ));
    }
    Ok(text)
}

fn object(code: Code) -> String {
    let (example, repair) = example(code).unzip();
    let text = |text: Option<&str>| text.map_or("null".into(), json::text);
    json::object([
        ("code", json::text(code.as_str())),
        ("family", json::text(&code.family().to_string())),
        ("meaning", json::text(&meaning(code))),
        ("example", text(example)),
        ("repair", text(repair)),
    ])
}

/// The code's explanation on one line.
fn meaning(code: Code) -> String {
    code.explanation().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn example(code: Code) -> Option<(&'static str, &'static str)> {
    EXAMPLES.iter().find(|(of, ..)| *of == code).map(|(_, example, repair)| (*example, *repair))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scheme_runtime::{Interpreter, Limits};

    /// The code that a program ends with when it runs and is differentiated at ones.
    fn given(text: &str) -> Option<Code> {
        let limits = Limits {
            steps: 1_000_000,
            depth: 100,
            cells: 20_000,
            string: 10_000,
            trace: 100,
            trace_bytes: 3_600,
            ..Limits::default()
        };
        let run = || -> Result<(), Code> {
            let program = Interpreter::new().limits(limits).load(text).map_err(|errors| errors[0].code)?;
            let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
            let by: Vec<&str> = program.inputs().collect();
            program.call(&inputs).map_err(|error| error.code)?;
            if by.is_empty() {
                return Ok(());
            }
            program.value_and_grad(&by, &inputs).map(drop).map_err(|error| error.code)
        };
        run().err()
    }

    #[test]
    fn every_code_has_an_example() {
        let codes: Vec<Code> = EXAMPLES.iter().map(|(code, ..)| *code).collect();
        assert_eq!(codes, Code::ALL);
    }

    #[test]
    fn examples_give_their_codes_and_repairs_none() {
        for (code, example, repair) in EXAMPLES {
            if ["scheme! {", "scheme-grad "].iter().any(|mark| example.contains(mark)) {
                continue;
            }
            if code.as_str().starts_with('W') {
                let program =
                    |text| Interpreter::new().load(text).unwrap_or_else(|errors| panic!("{errors}"));
                let first = |text| program(text).warnings().first().map(|warning| warning.code);
                assert_eq!((first(example), first(repair)), (Some(*code), None), "{example}");
                continue;
            }
            assert_eq!(given(example), Some(*code), "{example}");
            assert_eq!(given(repair), None, "{repair}");
        }
    }
}
