//! `repl`: reads, evaluates and prints, until the input ends.
//!
//! Values go to standard output, errors with their carets to standard error, and neither ends the session. What is
//! entered at the terminal may be edited, over several lines while a bracket is open, and comes back from the
//! history; an input that is no terminal is read as it is.

mod definitions;
mod editor;
mod session;

use crate::{
    args::{self, Repl},
    failure::{self, Failure, Wrong},
    source,
};
use editor::Lines;
use rustyline::error::ReadlineError;
use scheme_core::reader::number_text;
use scheme_runtime::Answer;
use session::{Entered, Part, Session};
use std::io::{self, IsTerminal, Write};

const HELP: &str = "\
EXPRESSION          its value
(define NAME …)     a definition, in place of an earlier one of the name
:grad EXPRESSION    its value, and the derivatives by numbers that were defined, (define k 2), and by parameters
:type EXPRESSION    the type of its value
:anf EXPRESSION     its graph in A-normal form
:help               this help
:quit               the end; Ctrl-D is it too
Without an expression :grad, :type and :anf are about the last one.";

const COMMANDS: &[&str] = &[":grad", ":type", ":anf", ":help", ":quit"];

/// Runs the session; gives the exit code.
pub(crate) fn repl(args: &Repl) -> Result<u8, Failure> {
    let mut repl = Loop { session: Session::new(args.budgets.interpreter()), last: None };
    if let Some(file) = &args.file {
        let source = source::read(&args::Text { file: Some(file.clone()), text: None })?;
        let text = str::from_utf8(&source.bytes);
        let text = text.map_err(|_| Failure::Usage(format!("`{}` is not UTF-8", file.display())))?;
        repl.entered(text.trim_end());
    }
    if io::stdin().is_terminal() {
        say(&format!("scheme-grad {}; :help tells more, :quit ends", env!("CARGO_PKG_VERSION")));
    }
    let broken = |error: ReadlineError| Failure::Usage(format!("the input cannot be read: {error}"));
    let mut lines = Lines::new(COMMANDS).map_err(broken)?;
    while let Some(text) = lines.next(repl.session.names()).map_err(broken)? {
        let Some(text) = text else {
            failure::say("that is not UTF-8, and was not read");
            continue;
        };
        if repl.answer(text.trim()) == Go::End {
            break;
        }
    }
    lines.save().map_err(|error| Failure::Usage(format!("the history cannot be written: {error}")))?;
    Ok(0)
}

#[derive(PartialEq, Eq)]
enum Go {
    On,
    End,
}

struct Loop {
    session: Session,
    /// The last expression.
    last: Option<Part>,
}

impl Loop {
    fn answer(&mut self, text: &str) -> Go {
        let Some(command) = text.strip_prefix(':').filter(|rest| rest.starts_with(char::is_alphabetic))
        else {
            if !text.is_empty() {
                self.entered(text);
            }
            return Go::On;
        };
        let (command, text) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        match command {
            "quit" | "q" => return Go::End,
            "help" | "h" => say(HELP),
            "grad" => self.about(text, |session, part| {
                let (value, gradient) = session.gradient(part)?;
                let mut lines = vec![format!("value {}", number_text(value))];
                lines.extend(gradient.iter().map(|(name, d)| format!("d_{name} {d}")));
                Ok(lines.join("\n"))
            }),
            "type" => self.about(text, Session::type_of),
            "anf" => self.about(text, Session::anf),
            _ => failure::say(&format!(
                "there is no command `:{command}`; the commands are: {}",
                COMMANDS.join(" ")
            )),
        }
        Go::On
    }

    fn entered(&mut self, text: &str) {
        let part = self.session.part(text);
        match self.session.enter(&part) {
            Ok(Entered::Value(value)) => {
                self.last = Some(part);
                if value != Answer::Unspecified {
                    say(&value.to_string());
                }
            }
            Ok(Entered::Defined(replaced, missing)) => {
                if !missing.is_empty() {
                    failure::say("defined; what it needs is not yet:");
                    failure::draw(&missing, &self.session.source());
                }
                if !replaced.is_empty() {
                    say(&format!("; defined again: {}", replaced.join(" ")));
                }
            }
            Err(wrong) => failure::draw(&wrong.errors, &wrong.source),
        }
    }

    /// Tells something about an expression, or about the last one.
    fn about(&mut self, text: &str, tell: impl Fn(&Session, &Part) -> Result<String, Wrong>) {
        let text = text.trim();
        if !text.is_empty() {
            self.last = Some(self.session.part(text));
        }
        let Some(part) = &self.last else {
            return failure::say("there is no expression yet");
        };
        match self.session.one_expression(part).and_then(|()| tell(&self.session, part)) {
            Ok(told) => say(&told),
            Err(wrong) => failure::draw(&wrong.errors, &wrong.source),
        }
    }
}

/// A line on standard output. If that is closed there is nobody to tell.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
