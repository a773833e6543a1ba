//! The tower: the evaluator evaluates its own source, and that copy evaluates programs.
//!
//! Level 1 is a program as a string, level 2 the evaluator as a string with the program as its datum, and so on. At
//! every level a program leaves the same record of operations on numbers, so that values and gradients have
//! the same bits: what evaluates adds nothing to what is evaluated. That level 1 has the value of level 0, the
//! program compiled by the macro, is `tests/programs`.

use super::{Interpreter, StringProgram, data, evaluator};
use crate::{Answer, Limits, machine::Machine};
use scheme_core::{
    kernel::{self, Options},
    reader,
};

#[path = "../../tests/programs/generate.rs"]
pub(super) mod generate;

/// What the evaluator's source ends with.
const LAST: &str = "(lambda (program) ((analyze program 0) '()))";

/// A program as the datum that the evaluator takes, and the names of what it is then applied to.
fn datum(text: &str) -> (String, Vec<String>) {
    let options = Options { internal: true, ..Options::default() };
    let (program, findings) = kernel::desugar_with(&reader::read(text).0, options);
    let program = program.unwrap_or_else(|| panic!("{findings:?}"));
    let takes = program.inputs.iter().copied().chain(program.params.iter().map(|param| param.local));
    let names = takes.map(|local| reader::symbol_text(&program.locals[local.0 as usize].name)).collect();
    let mut machine = Machine::new(evaluator(), Limits::default()).expect("there is room");
    let written = data::data(&program, evaluator().symbols, machine.heap()).expect("there is room");
    machine.add_symbols(written.symbols);
    let (data, _) = reader::read(&machine.answer(written.value).to_string());
    (data.first().expect("a datum").to_string(), names)
}

/// The program that evaluates a program, one level up.
pub(super) fn raised(text: &str) -> String {
    let source = include_str!("../evaluator.scm");
    let definitions = source.strip_suffix(&format!("{LAST}\n")).expect("the source ends so");
    let (datum, names) = datum(text);
    format!("{definitions} (({LAST} '{datum}) {})", names.join(" "))
}

/// The programs of `tests/programs`, by name, with the inputs they say.
pub(super) fn cases() -> Vec<(String, String, Vec<(String, f64)>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/cases");
    let mut cases = Vec::new();
    for file in std::fs::read_dir(folder).expect("the cases are there") {
        let file = file.expect("a file");
        let text = std::fs::read_to_string(file.path()).expect("text");
        let at = text.lines().find_map(|line| line.strip_prefix("; at:")).unwrap_or_default();
        let pair =
            |pair| str::split_once(pair, '=').map(|(name, x)| (name.into(), x.parse().expect("a number")));
        let inputs = at.split_whitespace().filter_map(pair).collect();
        cases.push((file.file_name().to_string_lossy().into_owned(), text, inputs));
    }
    cases.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    cases
}

pub(super) fn load(text: &str) -> StringProgram {
    Interpreter::new().internal(true).load(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// The bits of value and gradient, and how many operations were recorded.
fn run(text: &str, inputs: &[(&str, f64)]) -> Result<(u64, Vec<u64>, u32), String> {
    let program = load(text);
    let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
    let answers: Vec<(&str, Answer)> = inputs.iter().map(|(name, x)| (*name, (*x).into())).collect();
    let failed = |error| format!("{error:?}");
    let given = program.given(&answers, &names).map_err(failed)?;
    let (machine, _) =
        program.run(&given, &mut |machine| machine.inputs(&given.moving, 1)).map_err(failed)?;
    let (value, gradient) = program.value_and_grad(&names, inputs).map_err(failed)?;
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    Ok((bits(value), gradient.into_iter().map(bits).collect(), machine.recorded()))
}

/// Runs a program up to a level; gives what it recorded.
#[track_caller]
fn check(text: &str, inputs: &[(&str, f64)], levels: usize) -> u32 {
    let expected = run(text, inputs).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let mut raised_text = text.to_string();
    for level in 2..=levels {
        raised_text = raised(&raised_text);
        assert_eq!(run(&raised_text, inputs).as_ref(), Ok(&expected), "level {level} of {text}");
    }
    expected.2
}

#[test]
fn three_levels_leave_one_tape() {
    let inputs = [("k", 8.99), ("q1", 1.5), ("q2", -2.25), ("r", 0.7)];
    assert_eq!(check("(* k (/ (* q1 q2) (if (< 0 r) (* r r) 0)))", &inputs, 3), 4 + 4);
    let sum = "(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l))))) (sum (map (lambda (y) (* x y)) (list 1 x 3)))";
    assert_eq!(check(sum, &[("x", 0.5)], 3), 1 + 3 + 3);
}

/// Every third, with the tape's gradient: what all of them record on two levels is `collapse`'s.
#[test]
fn programs_on_two_levels() {
    let cases = cases();
    for (_, text, inputs) in cases.iter().step_by(3) {
        let inputs: Vec<(&str, f64)> = inputs.iter().map(|(name, x)| (&**name, *x)).collect();
        check(text, &inputs, 2);
    }
    assert!(cases.len() > 200, "only {} programs", cases.len());
}

/// More bindings and parameters than a list keeps together.
fn many_values() -> String {
    let many = |count: usize, part: fn(usize) -> String| (0..count).map(part).collect::<String>();
    let names = many(33, |i| format!(" a{i}"));
    let bindings = many(40, |i| format!("(a{i} (* x {i}))"));
    format!("(define (f{names}) (+ a1 (* a2 a32))) (let* ({bindings}) (+ a39 (f{names})))")
}

#[test]
fn many_values_on_two_levels() {
    check(&many_values(), &[("x", 0.5)], 2);
}

/// Whether procedures are themselves where they are mentioned.
const THEMSELVES: &str = "(define (f n) (if (= n 0) f (f (- n 1))))
    (define (g . l) (if (null? l) g (g)))
    (define (make) (define (h) x) h)
    (+ (if (eq? f (f 2)) x 0)
       (if (eq? g (g 1 2)) (* 2 x) 0)
       (if (memq g (list f g)) (* 3 x) 0)
       (let loop ((n 0) (before car)) (if (= n 2) (if (eq? loop before) (* 4 x) 0) (loop (+ n 1) loop)))
       (let ((h (make))) (if (eq? h h) (if (eq? h (make)) 0 (* 5 x)) 0)))";

#[test]
fn procedures_are_themselves_on_three_levels() {
    assert_eq!(load(THEMSELVES).call(&[("x", 0.5)]), Ok(Answer::Number(7.5)));
    check(THEMSELVES, &[("x", 0.5)], 3);
}

/// Not so procedures that know each other, which the evaluator makes at each mention, as no heap without cycles has
/// one of each: the machine knows them by their environment, and an evaluator above the first has no such eyes.
#[test]
fn those_that_know_each_other_are_themselves_to_the_machine_alone() {
    let text = "(define (f n) (if (= n 0) f (g (- n 1)))) (define (g n) (f n)) (if (eq? f (f 2)) x (- x))";
    assert_eq!(load(text).call(&[("x", 0.5)]), Ok(Answer::Number(0.5)));
    assert_eq!(load(&raised(text)).call(&[("x", 0.5)]), Ok(Answer::Number(-0.5)));
}

#[test]
fn random_programs_on_two_levels() {
    for seed in 5000..5060 {
        let text = generate::Generator::new(seed).program();
        let known = load(&text);
        let known: Vec<&str> = known.inputs().collect();
        let inputs: Vec<(&str, f64)> =
            generate::INPUTS.iter().copied().filter(|(name, _)| known.contains(name)).collect();
        check(&text, &inputs, 2);
    }
}

#[test]
fn at_every_level_the_string_is_blamed() {
    let text = raised("(+ 1 (car 5))");
    let error = load(&text).call(&[]).unwrap_err();
    assert_eq!(&text[error.span.start as usize..error.span.end as usize], "(car 5)");
}

/// What `bootstrap/elsewhere.sh` runs the evaluator on under other Schemes: data, operands and values.
#[test]
fn the_programs_for_other_schemes_are_these() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bootstrap/programs.scm");
    let mut lines =
        vec![";; Written by a test: a program as the evaluator's datum, operands, the value.".to_string()];
    let more = [("many values", many_values()), ("procedures themselves", THEMSELVES.to_string())];
    let more = more.map(|(name, text)| (name.to_string(), text, vec![("x".to_string(), 0.5)]));
    for (name, text, inputs) in cases().into_iter().chain(more) {
        let (datum, names) = datum(&text);
        let of = |name: &String| inputs.iter().find(|(input, _)| input == name).map(|(_, x)| *x);
        let operands: Option<Vec<String>> = names.iter().map(|n| of(n).map(reader::number_text)).collect();
        // What is longer is the library's.
        let Some(operands) = operands.filter(|_| datum.len() < 4000) else { continue };
        let inputs: Vec<(&str, f64)> = inputs.iter().map(|(name, x)| (&**name, *x)).collect();
        let value = load(&text).call(&inputs).expect("it has a value");
        lines.push(format!("({name:?} {datum} ({}) {value})", operands.join(" ")));
    }
    let text = format!("{}\n", lines.join("\n"));
    // A packaged crate stands alone.
    let Ok(written) = std::fs::read_to_string(path) else { return };
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, text).expect("it can be written");
        return;
    }
    assert_eq!(written, text, "BLESS=1 writes it anew");
}
