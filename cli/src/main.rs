//! The command line: `scheme-grad run`, `grad`, `check` and `explain`.
//!
//! Results go to standard output, everything else to standard error. A call that ends with a
//! diagnostic of the program exits 1, or 4 if a budget ran out; what is wrong with the call itself, or not
//! there yet, is said in plain words and exits 2. With `--json` a result or a diagnostic is one JSON
//! object; its keys are a contract with other programs, which may grow and not shrink.
//!
//! Nothing is computed here: programs are run by `scheme-runtime`.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod explain;
mod failure;
mod inputs;
mod json;
mod source;
mod written;

use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and the version also arrive here, with exit code 0.
            return match error.print() {
                Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
                Err(_) => ExitCode::from(2),
            };
        }
    };
    let (answer, json) = match &cli.command {
        Command::Run(run) => (commands::run(run), run.program.json),
        Command::Grad(grad) => (commands::grad(grad), grad.run.program.json),
        Command::Check(check) => (commands::check(check), check.json),
        Command::Explain(about) => (explain::explain(about), about.json),
        Command::Planned(planned) => (Err(Failure::Usage(planned.message())), false),
    };
    let (text, code) = match answer {
        Ok(text) => (text, 0),
        Err(failure) => {
            let code = failure.exit_code();
            (failure.report(json), code)
        }
    };
    match print(&text) {
        Ok(()) => ExitCode::from(code),
        // Who closed the pipe wants no more of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(code),
        Err(error) => {
            failure::say(&format!("scheme-grad: the result cannot be written: {error}"));
            ExitCode::from(2)
        }
    }
}

fn print(text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
