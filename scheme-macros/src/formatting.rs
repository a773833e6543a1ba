//! What rustfmt leaves of programs: formatted, they read to the same data.
//!
//! It rewrites what stands in `scheme!( … )` and `scheme![ … ]` if that happens to parse as Rust, and
//! leaves braces alone.

#[path = "../../runtime/tests/programs/generate.rs"]
mod generate;

use crate::{compile::front, source::Source, tokens::read};
use generate::Generator;
use proc_macro2::{TokenStream, TokenTree};
use scheme_core::{
    datum::Datum,
    kernel::Options,
    lower::{Lowered, lower},
};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Programs that come through in any brackets.
const PROGRAMS: &[&str] = &[
    "(* k (/ (* q1 q2) (* r r)))",
    "(- x)",
    "(-   x)",
    "(- (- (* x y)))",
    "(* 1/2 m (square v))",
    "(- 3)",
    "(+ (- x) (- (f y)) (* z))",
    "(! x)",
    "(& x)",
    "(if (> x 0) (sqrt x) 0)",
    "(define (area r) (* 3.14 (square r))) (area x)",
    "(let ((a 1) (b (* 2 x))) (+ a b))",
    "(let* ([a 1] [b a]) (cond [(> a b) a] [else b]))",
    "(lambda (k q1 q2 r) (* k (/ (* q1 q2) (* r r))))",
    "(env-lookup x->y g/L)",
    "(f x) (g y)",
    "x",
    "-1.5",
    "(f 1e-3 .5 6.674e-11)",
    "(f \"text\" 'symbol (quote (a b)))",
    "(and (or a b) (not c))",
    "[1 2 3]",
    "((compose f g) x)",
    "(f)",
    "()",
    "(case x ((1 2) a) (else b))",
    "(* ,k ,{a + b} x)",
    "(> a b)",
    "(< a b c)",
    "(= a b)",
];

/// Programs that only braces keep.
const BRACES: &[&str] = &[
    "(a . b)",
    "(f -3)",
    "(f (a-b))",
    "(* x *)",
    "(quote (-3))",
    "(f   x\n; a comment\n   y)",
    "(f a.b)",
    "(f - 3)",
    "(if (>= x 0)\n    (let ((y 1))   y)\n  -x)",
];

/// What rustfmt makes of a file, or none where there is no rustfmt.
fn format(code: &str) -> Option<String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let rustfmt = std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let mut command = Command::new(rustfmt);
    command.args(["--edition", "2024"]).current_dir(workspace);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
    let mut input = child.stdin.take()?;
    let text = code.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    if output.stdout.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        // A toolchain without the component has a rustfmt that says so.
        assert!(said.contains("not installed"), "rustfmt: {said}");
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped() {
    eprintln!("SKIPPED: rustfmt is not installed");
}

/// What stands in each `scheme!` in a file of Rust.
fn streams(code: &str) -> Vec<TokenStream> {
    fn visit(stream: TokenStream, found: &mut Vec<TokenStream>) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        for (i, tree) in trees.iter().enumerate() {
            let TokenTree::Group(group) = tree else { continue };
            let is_program = matches!(trees[..i], [.., TokenTree::Ident(ref name), TokenTree::Punct(ref bang)]
                if name == "scheme" && bang.as_char() == '!');
            if is_program {
                found.push(group.stream());
            } else {
                visit(group.stream(), found);
            }
        }
    }
    let mut found = Vec::new();
    visit(code.parse().unwrap_or_else(|error| panic!("{error}\n{code}")), &mut found);
    found
}

/// The data of each `scheme!` in a file of Rust.
fn programs(code: &str) -> Vec<Vec<Datum>> {
    streams(code).into_iter().map(|stream| read(stream).data).collect()
}

/// Whether the formatted file, which is another text, holds the
/// same programs; none where there is no rustfmt.
#[track_caller]
fn check(what: &str, code: &str) -> Option<()> {
    let formatted = format(code)?;
    let (before, after) = (programs(code), programs(&formatted));
    assert_eq!(before.len(), after.len(), "{what}");
    for (before, after) in before.iter().zip(&after) {
        let text = |data: &[Datum]| data.iter().map(Datum::to_string).collect::<Vec<_>>().join(" ");
        let same = before.len() == after.len() && before.iter().zip(after).all(|(a, b)| a.same(b));
        assert!(same, "{what}: `{}` became `{}`", text(before), text(after));
    }
    Some(())
}

fn file(open: &str, close: &str, programs: &[&str]) -> String {
    let lines: Vec<String> = programs
        .iter()
        .map(|program| {
            format!(
                "    let f = scheme!{open}{program}{close};\n    call(scheme! {open}{program}{close}, 1);\n"
            )
        })
        .collect();
    format!("fn main() {{\n{}}}\n", lines.concat())
}

/// What is written otherwise than in braces and has a meaning of its own after rustfmt. A change here is
/// one to tell users.
const LOST: &[(&str, &str)] = &[("(a . b)", "(a.b)"), ("(a-b)", "(a - b)"), ("(f -3)", "(f - 3)")];

#[test]
fn some_programs_need_braces() {
    for (program, formatted) in LOST {
        let code = file("(", ")", &[program]);
        let Some(text) = format(&code) else { return skipped() };
        assert!(text.contains(&format!("scheme!({formatted})")), "{text}");
    }
}

#[test]
fn formatted_programs_read_the_same() {
    let all = || {
        check("parentheses", &file("(", ")", PROGRAMS))?;
        check("brackets", &file("[", "]", PROGRAMS))?;
        check("braces", &file("{", "}", PROGRAMS))?;
        check("braces with space", &file("{ ", " }", PROGRAMS))?;
        check("braces alone", &file("{ ", " }", BRACES))
    };
    all().unwrap_or_else(skipped);
}

/// Every file of the workspace that has programs in it.
#[test]
fn files_of_the_workspace_read_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["runtime/tests", "runtime/tests/ui/pass", "examples", "benches", "cli/tests"];
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()).flatten();
    let paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let Ok(code) = std::fs::read_to_string(path) else { continue };
        if code.contains("scheme!") && check(&path.display().to_string(), &code).is_none() {
            return skipped();
        }
    }
}

/// What a program is compiled to: its graphs, or, where it is general, its kernel form.
fn graph(stream: TokenStream) -> String {
    let source = Source::inline(stream);
    let (program, _) =
        front(&source, Options::default()).unwrap_or_else(|errors| panic!("{}: {errors:?}", source.text));
    match lower("program", &program) {
        Ok(Lowered::Direct(direct)) => direct.module.to_string(),
        Ok(Lowered::General { .. }) => program.to_string(),
        Err(errors) => panic!("{}: {errors:?}", source.text),
    }
}

/// Programs of calls with one argument, nested to a depth. They parse as Rust, so that rustfmt rewrites
/// them; it leaves what does not, as most programs.
fn unary(depth: u32) -> Vec<String> {
    if depth == 0 {
        return ["(- x)", "(* y)", "(- 1.5)"].map(str::to_string).to_vec();
    }
    let inner = unary(depth - 1);
    let wrap = |head: &str| inner.iter().map(|x| format!("({head}  {x})")).collect::<Vec<_>>();
    ["-", "*", "sin", "begin"].map(wrap).concat()
}

#[test]
fn random_programs_keep_their_graph() {
    let mut random: Vec<String> = (0..200).map(|seed| Generator::new(seed).program()).collect();
    random.extend((0..4).flat_map(unary));
    let programs: Vec<&str> = random.iter().map(String::as_str).collect();
    let inside = |code: &str| code.trim_start_matches("fn main() {\n").trim_end_matches("}\n").to_string();
    let (round, braces) = (file("(", ")", &programs), file("{", "}", &programs));
    let code = format!("fn main() {{\n{}{}}}\n", inside(&round), inside(&braces));
    let Some(formatted) = format(&code) else { return skipped() };
    assert!(formatted.contains("scheme!((sin(-(-x))))"), "rustfmt leaves programs in parentheses alone");
    let (before, after) = (streams(&code), streams(&formatted));
    assert_eq!((before.len(), after.len()), (4 * programs.len(), before.len()));
    for (before, after) in before.into_iter().zip(after) {
        let (text, formatted) = (before.to_string(), after.to_string());
        assert_eq!(graph(before), graph(after), "`{text}` became `{formatted}`");
    }
}
