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

#[test]
fn operands_of_other_kinds() {
    golden::check("diagnostics/kinds.txt", drawn);
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

/// The programs that a hint suggests: what stands in parentheses after `write`.
fn suggested(hint: &str) -> impl Iterator<Item = &str> {
    hint.split("write ").skip(1).filter_map(|rest| {
        let text = rest.strip_prefix('`').unwrap_or(rest);
        let mut depth = 0;
        let end = text.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        })?;
        // What is empty stands for the parentheses alone.
        Some(&text[..=end]).filter(|program| program.starts_with('(') && *program != "( )")
    })
}

#[test]
fn what_hints_suggest_loads() {
    // Names that the cases take for procedures of their own.
    let own = ["f", "g", "square", "method", "name"];
    let mut count = 0;
    for file in ["habits.txt", "warnings.txt"] {
        let path = format!("{}/tests/diagnostics/{file}", env!("CARGO_MANIFEST_DIR"));
        for case in std::fs::read_to_string(path).unwrap().split_terminator("====\n") {
            let text = case.split_once("----\n").unwrap().0.split_once('\n').unwrap().1;
            let hints = match Interpreter::new().load(text) {
                Ok(program) => program.warnings().iter().filter_map(|w| w.hint.clone()).collect::<Vec<_>>(),
                Err(errors) => errors.iter().filter_map(|error| error.hint.clone()).collect(),
            };
            for program in hints.iter().flat_map(|hint| suggested(hint)) {
                count += 1;
                match Interpreter::new().load(program) {
                    Ok(program) => {
                        let slips = program.warnings().iter().filter(|w| w.message.contains("is one name"));
                        assert_eq!(slips.count(), 0, "{text}: {program:?}");
                    }
                    Err(errors) => errors.iter().for_each(|error| {
                        let at = &program[error.span.start as usize..error.span.end as usize];
                        assert!(own.contains(&at), "{text} is told to write {program}: {errors}");
                    }),
                }
            }
        }
    }
    assert!(count > 80, "{count}");
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

/// The most characters that are drawn of a finding: those of a message, a hint and a line.
const MOST_DRAWN: usize = 5000;

#[test]
fn names_without_end_are_not_repeated() {
    const TEXTS: &str = "(NAME 1) | (define (NAME x) x) (NAME) | (define NAME 1) (NAME 2) | (define (f NAME) 1) (f)
        | (let ((NAME 1)) (let ((NAME 2)) (* NAME y))) | (floor NAME) | (lambda (NAME) 1) | (lambda (x) NAME)
        | (define NAME NAME) NAME | (define NAME 1) (define NAME 2) NAME | (lambda (NAME NAME) 1) | (list NAME*b -NAME)
        | (set! NAME 1) | (recur NAME) | (if) NAME | (if 1 2 NAME 4) | (let (NAME 1) 1) | (let ((NAME)) 1) | (NAME + 1)
        | NAME = 1 | NAME(1) | NAME[1] | NAME ** 2 | exp(NAME*x) | (f NAME) | (param NAME) | (param NAME 1 2)
        | (: NAME real) | (: NAME (NAME 2)) 1 | (: x NAME) x | (cond (1 2) NAME) | (case NAME NAME) | (do NAME)
        | (define (f f) (f 'NAME)) (f (lambda (x) (car x))) | (car 'NAME) | ('NAME 1) | (error 'NAME \"NAME\")
        | (error \"NAME NAME\") | (vec 'NAME) | (string-ref \"NAME\" 'NAME) | (+ 1 'NAME) | (+ 1 \"NAME\")
        | (define (NAME x) (+ 1 (car x))) (NAME 1) | (assert (= 1 'NAME)) | (list-ref '(NAME) 5) | #\\NAME | #NAME
        | \"NAME | '(NAME . NAME NAME) | 1NAME | \\NAME{NAME} | NAME' | (NAME, 1) | def NAME(x): return NAME
        | return NAME | lambda NAME: NAME | (x if NAME else 1) | (map NAME 1) | (assq NAME 1) | (symbol->string 1)
        | (string->number 'NAME) | (let-values (((NAME) (values 1 2))) 1) | (soft-if NAME 1 2 3) | (NAME)^2";
    let names =
        ["a".repeat(100_000), format!("|{}|", "a ".repeat(50_000)), "速".repeat(50_000), "-".repeat(100_000)];
    for pattern in TEXTS.split('|').map(str::trim) {
        for name in &names {
            let text = pattern.replace("NAME", name);
            let drawn = match Interpreter::new().load(&text) {
                Err(errors) => errors.iter().map(|error| error.render(errors.text())).collect::<Vec<_>>(),
                Ok(program) => {
                    let inputs: Vec<(&str, f64)> = program.inputs().map(|name| (name, 1.0)).collect();
                    let runs = [&inputs, [].as_slice(), &[(name.as_str(), 1.0)]];
                    let errors = runs.iter().filter_map(|inputs| Some(program.call(inputs).err()?.drawn()));
                    let warnings = program.warnings().iter().map(|warning| warning.render(program.source()));
                    warnings.chain(errors).collect()
                }
            };
            for drawn in drawn {
                let (start, length) = (drawn.chars().take(100).collect::<String>(), drawn.chars().count());
                assert!(length < MOST_DRAWN, "{pattern}: {length} characters: {start}");
            }
        }
    }
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
