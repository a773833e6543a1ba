//! Programs in strings and what they give.

use scheme_runtime::Interpreter;

/// What a program gives: its value as it is written, or the error with the text that it blames.
pub(crate) fn outcome(text: &str) -> String {
    let program = match Interpreter::new().load(text) {
        Ok(program) => program,
        Err(error) => {
            let all = error.iter().map(|finding| format!("{}: {}", finding.code.as_str(), finding.message));
            return all.collect::<Vec<_>>().join("; ");
        }
    };
    match program.call(&[]) {
        Ok(answer) => answer.to_string(),
        Err(error) => {
            let blamed = text.get(error.span.start as usize..error.span.end as usize).unwrap_or_default();
            format!("{} at {blamed}: {}", error.code.as_str(), error.message)
        }
    }
}

/// Checks programs and what they give.
#[track_caller]
pub(crate) fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(outcome(text), *expected, "{text}");
    }
}
