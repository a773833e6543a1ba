//! Programs saved and read back, and what is refused.
#![cfg(feature = "artefact")]

use scheme_runtime::{Code, Interpreter, Limits};

const PENDULUM: &str = "
    (: g real)
    ; swings
    (define (force a) (- (* (/ g (param rod 2 0.5 +inf.0)) (sin a))))
    (define name \"λ \\\" \\n pendulum\")
    (let loop ((i 0) (a a0) (v 0))
      (if (= i 20) (if (string=? name \"x\") #\\a (+ a v)) (loop (+ i 1) (+ a (* 0.1 v)) (+ v (* 0.1 (force a))))))";

#[test]
fn a_program_comes_back() {
    let program = Interpreter::new().load(PENDULUM).unwrap().with_params(&[("rod", 1.1 + 0.2)]).unwrap();
    let text = program.to_artefact();
    assert!(!text.contains("swings"), "comments are no part of the program");
    let again = Interpreter::new().load_artefact(&text).unwrap();
    assert_eq!(again.inputs().collect::<Vec<_>>(), program.inputs().collect::<Vec<_>>());
    assert_eq!(again.params().collect::<Vec<_>>(), program.params().collect::<Vec<_>>());
    let inputs = [("g", 9.81), ("a0", 0.3)];
    let by = ["rod", "a0"];
    assert_eq!(again.value_and_grad(&by, &inputs), program.value_and_grad(&by, &inputs));
    assert_eq!(again.to_artefact(), text);
}

#[test]
fn errors_have_places_in_its_forms() {
    let program = Interpreter::new().load("(define (f l)\n   (car l)) ; fails\n(f x)").unwrap();
    let again = Interpreter::new().load_artefact(&program.to_artefact()).unwrap();
    let error = again.call(&[("x", 1.0)]).unwrap_err();
    let (start, end) = (error.span.start as usize, error.span.end as usize);
    assert_eq!(again.source().text().get(start..end), Some("(car l)"));
}

#[track_caller]
fn refused(text: &str, code: Code, says: &str) {
    let error = Interpreter::new().load_artefact(text).unwrap_err();
    assert_eq!(error[0].code, code, "{error}");
    assert!(error[0].message.contains(says), "{error}");
    assert!(error[0].span.end as usize <= text.len(), "{error}");
}

#[test]
fn what_is_not_what_was_saved_is_refused() {
    let text = Interpreter::new().load(PENDULUM).unwrap().to_artefact();
    for n in (0..text.trim_end().len()).filter(|n| text.is_char_boundary(*n)) {
        assert!(Interpreter::new().load_artefact(&text[..n]).is_err(), "{n} bytes of it");
    }
    for (from, to, code, says) in [
        ("\"version\": 1", "\"version\": 2", Code::OtherVersion, "version 2"),
        ("\"version\": 1", "\"version\": \"1\"", Code::OtherVersion, "an unknown version"),
        ("scheme-grad program", "another", Code::Damaged, "does not say"),
        ("0.1", "0.2", Code::Damaged, "not what was saved"),
        ("\"init\": 2.0", "\"init\": 2.5", Code::Damaged, "not what was saved"),
        ("\"g\"", "\"h\"", Code::Damaged, "not what was saved"),
        ("\"lo\": 0.5", "\"lo\": true", Code::Damaged, "its `params`"),
        ("\"forms\"", "\"form\"", Code::Damaged, "its `forms`"),
        ("\"inputs\": [", "\"inputs\": [1, ", Code::Damaged, "its `inputs`"),
        ("{", "{{", Code::Damaged, "key must be a string"),
        (
            "\"version\": 1",
            "\"version\": 1, \"version\": 1",
            Code::Damaged,
            "the key \"version\" stands twice at line",
        ),
        ("\"lo\": 0.5", "\"lo\": 0.5, \"hi\": 3", Code::Damaged, "the key \"hi\" stands twice at line"),
    ] {
        assert!(text.contains(from), "{from}");
        refused(&text.replacen(from, to, 1), code, says);
    }
    refused("", Code::Damaged, "EOF");
    // Cut off within a text that has characters of several bytes.
    for cut in ["{\"λ", "{\n \"a\": \"\u{1F600}"] {
        let error = Interpreter::new().load_artefact(cut).unwrap_err();
        assert!(cut.get(error[0].span.start as usize..).is_some(), "{error:?}");
    }
    refused("[1, 2]", Code::Damaged, "does not say");
    refused(&"[".repeat(100_000), Code::Damaged, "recursion limit");
}

#[test]
fn what_is_read_back_is_checked_as_a_text_is() {
    let endless = Interpreter::new().load("(let loop ((i 0)) (loop (+ i 1)))").unwrap();
    let careful = Interpreter::with_limits(Limits { steps: 1000, ..Limits::default() });
    let again = careful.load_artefact(&endless.to_artefact()).unwrap();
    assert_eq!(again.call(&[]).unwrap_err().code, Code::Steps);
}

/// The checksum of a program of one input, one parameter from 0 to 10 and one form.
fn checksum(input: &str, param: &str, init: f64, form: &str) -> String {
    let numbers = [init, 0.0, 10.0].map(f64::to_le_bytes);
    let parts = [input.as_bytes(), b"params", param.as_bytes(), &numbers[0], &numbers[1], &numbers[2]];
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in
        parts.into_iter().chain([&b"forms"[..], form.as_bytes()]).flat_map(|part| part.iter().chain(&[0xFF]))
    {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{sum:016x}")
}

#[test]
fn a_value_out_of_bounds_has_its_place_in_the_artefact() {
    let form = "(* (param k 2 0 10) x)";
    let text = Interpreter::new().load(form).unwrap().to_artefact();
    let (was, is) = (checksum("x", "k", 2.0, form), checksum("x", "k", 12.0, form));
    assert!(text.contains(&was), "{text}");
    let forged = text.replace(&was, &is).replace("\"init\": 2.0", "\"init\": 12.0");
    refused(&forged, Code::OutOfDomain, "`k` is from 0 to 10, but was given 12");
    let error = Interpreter::new().load_artefact(&forged).unwrap_err();
    assert_eq!((error[0].span.start, error[0].span.end as usize), (0, forged.len()));
}
