//! `repl`: sessions, through a pseudo-terminal and through a pipe.

use crate::call::{call, file, with_input};
use rexpect::session::{PtySession, spawn_command};
use std::process::Command;

/// A session at a terminal, whose history is in a file.
fn session(history: &str, more: &[&str]) -> PtySession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scheme-grad"));
    command.arg("repl").args(more).env("TERM", "xterm").env("SCHEME_GRAD_HISTORY", history);
    let mut session = spawn_command(command, Some(30_000)).unwrap();
    session.exp_string(":quit ends").unwrap();
    session
}

/// Waits until the editor reads: what is sent before that may be lost.
#[track_caller]
fn waits(session: &mut PtySession) {
    session.exp_string("\u{1b}[?2004h").unwrap();
}

/// Enters a line and waits for what it gives.
#[track_caller]
fn enter(session: &mut PtySession, line: &str, gives: &str) {
    waits(session);
    goes_on(session, line, gives);
}

/// The same for a line of an input that is begun.
#[track_caller]
fn goes_on(session: &mut PtySession, line: &str, gives: &str) {
    session.send_line(line).unwrap();
    if let Err(error) = session.exp_string(gives) {
        panic!("{line}: {error}");
    }
}

#[track_caller]
fn ends(session: &mut PtySession) {
    session.exp_eof().unwrap();
    let status = session.process_mut().wait().unwrap();
    assert!(
        format!("{status:?}").starts_with("Exited(") && format!("{status:?}").ends_with(", 0)"),
        "{status:?}"
    );
}

#[test]
fn a_session_at_a_terminal() {
    let history = file("history.txt", b"");
    let history = history.to_str().unwrap();
    let mut terminal = session(history, &[]);
    let at = &mut terminal;
    enter(at, "(define k 21)", "(define k 21)");
    enter(at, "(* 2 k)", "\n42\r\n");
    // Over several lines, as long as a bracket is open.
    enter(at, "(define (f x)", "(define (f x)");
    goes_on(at, "  (* k x", "(* k x");
    goes_on(at, "     x))", "x))");
    enter(at, "(f 2)", "\n84\r\n");
    // Errors have carets, and the session goes on.
    enter(at, "(+ 1 (car 5))", "^^^^^^^");
    enter(at, "(f k", "(f k");
    goes_on(at, ")", "\n9261\r\n");
    enter(at, ":grad (f k)", "value 9261\r\nd_k 1323\r\n");
    enter(at, ":type (f 2)", "\nreal\r\n");
    enter(at, ":anf (f 2)", "mul v0 2.0");
    enter(at, ":help", ":grad EXPRESSION");
    enter(at, "(define k 1)", "; defined again: k");
    enter(at, "(f 3)", "\n9\r\n");
    // The history: up once, to the last line.
    enter(at, "\u{1b}[A", "\n9\r\n");
    // A line may be broken off.
    waits(at);
    at.send("(never ends").and_then(|_| at.flush()).unwrap();
    at.exp_string("ends").unwrap();
    at.send_control('c').unwrap();
    enter(at, "(+ 40 3)", "\n43\r\n");
    // Names complete.
    waits(at);
    at.send("(matv\t").and_then(|_| at.flush()).unwrap();
    at.exp_string("(matvec").unwrap();
    goes_on(at, " (mat [1 2]) [3 4])", "\n[11]\r\n");
    enter(at, ":quit", ":quit");
    ends(at);

    // The next session has the history of the last.
    let mut terminal = session(history, &[]);
    enter(&mut terminal, "\u{1b}[A\u{1b}[A", "\n[11]\r\n");
    waits(&mut terminal);
    terminal.send_control('d').unwrap();
    ends(&mut terminal);
}

/// What a session through a pipe gives on both streams.
#[track_caller]
fn piped(lines: &str) -> (String, String) {
    let given = with_input(&["repl"], lines.as_bytes());
    assert_eq!(given.code, 0, "{given:?}");
    (given.out, given.err)
}

#[test]
fn definitions_are_replaced_for_all_that_use_them() {
    let lines = "(define (f x) (* 2 (g x)))\n(define (g x) (+ x 1))\n(f 1)\n(define (g x) (+ x 10))\n(f 1)\n";
    let (out, err) = piped(lines);
    assert_eq!(out, "4\n; defined again: g\n22\n");
    assert!(
        err.starts_with("defined; what it needs is not yet:\nE0301")
            && err.contains("(define (f x) (* 2 (g x)))"),
        "{err}"
    );
    // One that comes to need what was defined after it.
    let (out, err) =
        piped("(define a 1)\n(define b (+ a 1))\n(define c 5)\n(define a (* 2 c))\n(list a b c)\n");
    assert_eq!((out.as_str(), err.as_str()), ("; defined again: a\n(10 11 5)\n", ""));
    let (out, _) = piped("(begin (define x 1) (define y 2))\n(define x 10)\n(+ x y)\n");
    assert_eq!(out, "; defined again: x\n12\n");
    let (out, _) =
        piped("(define-values (p q) (values 3 4))\n(* p q)\n(define (twice x) (* 2 x)) (twice p)\n");
    assert_eq!(out, "12\n6\n");
}

#[test]
fn what_is_wrong_is_not_defined() {
    let (out, err) =
        piped("(define k 3)\n(define k (car 5))\nk\n(define k (if))\nk\n(define k 4) (car k)\nk\n");
    assert_eq!(out, "3\n3\n4\n");
    for place in ["repl:2:11", "repl:4:12", "repl:6:14"] {
        assert!(err.contains(place), "{place}: {err}");
    }
}

#[test]
fn a_slip_is_told() {
    let (_, err) = piped("(define velocity 2)\n(* 2 velocty velocity)\n");
    assert!(err.contains("2:6") && err.contains("did you mean `velocity`?"), "{err}");
}

#[test]
fn what_the_end_leaves_unfinished_is_told() {
    let (out, err) = piped("(+ 1 2)\n(define (f x)\n  (* x x)\n");
    assert_eq!(out, "3\n");
    assert!(err.starts_with("E0101: ") && err.contains("repl:2:1"), "{err}");
}

#[test]
fn places_are_those_of_the_session() {
    let (_, err) = piped("(define (g x)\n  (car x))\n\n(+ 1 (g 5))\n(* 2 nothing)\nx ** 2\n");
    for part in [
        "--> repl:2:3 in `g`\n2 |   (car x))\n  |   ^^^^^^^\n",
        "in (g 5) at 3:6",
        "--> repl:4:6\n4 | (* 2 nothing)\n  |      ^^^^^^^\n  = hint: give it a value: (define nothing 1)",
        "write (expt x 2)",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn commands_are_about_an_expression_or_the_last_one() {
    let (out, err) = piped(concat!(
        ":grad\n(define v [1 2])\n(define n 3)\n(* n (dot v v))\n:grad\n:type\n:type (list 'a)\n",
        ":grad (* (param a 2) n)\n:grad (list n)\n:anf (length (iota n))\n(define exp 5)\n:grad (* n exp)\n:what\n",
    ));
    let expect =
        "15\nvalue 15\nd_n 5\nd_v [6 12]\nreal\nlist\nvalue 6\nd_n 2\nd_a 3\n; runs on the machine: ";
    assert!(out.starts_with(expect), "{out}");
    // A name of the language stays what it was defined as.
    assert!(out.ends_with("\nvalue 15\nd_n 5\n"), "{out}");
    assert!(err.starts_with("there is no expression yet\n"), "{err}");
    assert!(err.contains("a gradient needs a number") && err.contains("no command `:what`"), "{err}");
}

#[test]
fn procedures_are_values_and_commands_tell_their_use() {
    let (out, err) =
        piped("(lambda (x) x)\n(define x 4)\n(lambda () x)\n((lambda (x) x) 5)\n(lambda (y) (car))\n");
    assert_eq!(out, "#<procedure>\n#<procedure>\n5\n");
    assert!(err.starts_with("E0401") && err.contains("--> repl:5:14"), "{err}");
    let (out, err) =
        piped("(define (f x) (* x x))\n:grad f 3\n:grad (f 3)\n:grad f\n(define x 3)\n:grad (f x)\n");
    assert_eq!(out, "value 9\nd_x 6\n");
    for part in [
        "a command is about one expression\n --> repl:2:3\n2 | f 3\n",
        "hint: a call stands in brackets: :grad (f x), after (define x 3)",
        "there is nothing to differentiate by: this depends on no number that was defined\n --> repl:3:1\n",
        " --> repl:4:1\n4 | f\n",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn budgets_end_a_run_and_not_the_session() {
    let given = with_input(&["repl", "--max-steps", "100000"], b"(let loop ((i 0)) (loop i))\n(+ 1 2)\n");
    assert_eq!((given.code, given.out.as_str()), (0, "3\n"));
    assert!(given.err.starts_with("E0802"), "{given:?}");
}

#[test]
fn a_file_may_come_first() {
    let path = file("definitions.scm", b"; helpers\n(define (twice x) (* 2 x))\n(define k 4)\n");
    let given = with_input(&["repl", path.to_str().unwrap()], b"(twice k)");
    assert_eq!((given.out.as_str(), given.err.as_str()), ("8\n", ""));
    assert_eq!(call(&["repl", "no-such-file.scm"]).code, 1);
}

#[test]
fn no_input_ends_it_by_force() {
    let odd = "(\u{0})\n:\n:grad (\n))\n'\n#|\n|#\n\"\n\"\n(define)\n(define 5 5)\n(define (f . f) 1)\n: x\n:grad :grad\n(: x y)\n\n\u{FEFF}1\n";
    let given = with_input(&["repl"], odd.as_bytes());
    assert_eq!(given.code, 0, "{given:?}");
    let given = with_input(&["repl"], b"\xFF\xFE\n(+ 1 2)\n");
    assert_eq!((given.code, given.out.as_str()), (0, "3\n"), "{given:?}");
}
