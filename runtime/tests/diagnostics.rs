//! What people are shown of programs that go wrong, by data: `diagnostics/*.txt` hold texts and what is drawn of
//! them, which `BLESS=1` writes.

#[path = "../../core/tests/golden/mod.rs"]
mod golden;

use scheme_runtime::{Answer, Interpreter, Limits, Span};

/// What is drawn of a program that is loaded, and run with every input 1.
fn drawn(text: &str) -> String {
    let limits = Limits { steps: 1_000_000, depth: 1000, ..Limits::default() };
    let program = match Interpreter::with_limits(limits).load(text) {
        Ok(program) => program,
        Err(errors) => return format!("{}\n", errors.drawn()),
    };
    let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
    match program.call(&inputs) {
        Ok(value) => format!("{value}\n"),
        Err(error) => format!("{}\n", error.drawn()),
    }
}

#[test]
fn the_calls_that_waited() {
    golden::check("diagnostics/calls.txt", drawn);
}

/// What a text is told: its errors, or else its warnings.
fn told(text: &str) -> String {
    match Interpreter::new().load(text) {
        Ok(program) => program.warnings().iter().map(|w| w.render(program.source()) + "\n").collect(),
        Err(errors) => format!("{}\n", errors.drawn()),
    }
}

#[test]
fn habits_of_other_languages() {
    golden::check("diagnostics/habits.txt", told);
}

/// What is worth saying of a program that loads.
fn warned(text: &str) -> String {
    let program = Interpreter::new().load(text).unwrap_or_else(|errors| panic!("{errors}"));
    program.warnings().iter().map(|warning| warning.render(program.source()) + "\n").collect()
}

#[test]
fn what_is_worth_saying() {
    golden::check("diagnostics/warnings.txt", warned);
}

/// The first that turned nan or infinite at the numbers of the text's first line, `; x=0 y=1`.
fn turned(text: &str) -> String {
    let program = Interpreter::new().load(text).unwrap_or_else(|errors| panic!("{errors}"));
    let line = text.lines().next().and_then(|line| line.strip_prefix("; ")).unwrap_or_default();
    let pairs = line.split_whitespace().filter_map(|pair| pair.split_once('='));
    let inputs: Vec<(&str, f64)> = pairs.map(|(name, x)| (name, x.parse().unwrap())).collect();
    let by: Vec<&str> = program.inputs().collect();
    let inputs: Vec<(&str, Answer)> = inputs.into_iter().map(|(name, x)| (name, x.into())).collect();
    let found = match program.first_nonfinite_in_hessian_with(&by, &inputs) {
        Ok(None) => return "none\n".into(),
        Ok(Some(found)) => found,
        Err(error) => return format!("{error}\n"),
    };
    let shown = |span: Span| {
        let place = program.source().place(span.start);
        format!("{} at {}:{}", &text[span.start as usize..span.end as usize], place.line, place.column)
    };
    let part = ["value", "gradient", "hessian"][found.order as usize];
    let mut lines = format!("{part} {} in {}\n", found.value, shown(found.span));
    for call in &found.calls {
        lines.push_str(&format!("  in {}\n", shown(call.span)));
    }
    lines
}

#[test]
fn the_first_that_is_not_finite() {
    golden::check("diagnostics/nonfinite.txt", turned);
}
