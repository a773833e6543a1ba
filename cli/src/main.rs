//! The command line `scheme-grad`.
//!
//! Results go to standard output, everything else to standard error. A call that ends with a
//! diagnostic of the program exits 1, or 4 if a budget ran out; what is wrong with the call itself, or not
//! there yet, is said in plain words and exits 2. With `--json` a result or a diagnostic is one JSON
//! object; its keys are a contract with other programs, which may grow and not shrink.
//!
//! Nothing is computed here: programs are run by `scheme-runtime`.
#![forbid(unsafe_code)]

mod args;
mod batch;
mod commands;
mod compile;
mod completions;
mod explain;
mod failure;
mod graph;
mod inputs;
mod json;
mod known;
mod loaded;
mod nonfinite;
mod repl;
mod reply;
mod serve;
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
    let json = asks_json(&cli.command);
    let (text, code) = match answer(&cli.command) {
        Ok(Output::Text(text)) => (text, 0),
        Ok(Output::Written(code)) => (String::new(), code),
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

/// What a command gives.
enum Output {
    /// A result.
    Text(String),
    /// Results that are written already, with the exit code.
    Written(u8),
}

fn answer(command: &Command) -> Result<Output, Failure> {
    let text = match command {
        Command::Run(args) => commands::run(args),
        Command::Grad(args) => commands::grad(args),
        Command::Hessian(args) => commands::hessian(args),
        Command::Check(args) => commands::check(args),
        Command::Graph(args) => graph::graph(args),
        Command::Compile(args) => compile::compile(args),
        Command::Explain(args) => explain::explain(args),
        Command::Completions(args) => Ok(completions::completions(args)),
        Command::Batch(args) => return batch::batch(args).map(Output::Written),
        Command::Repl(args) => return repl::repl(args).map(Output::Written),
        Command::ServeLines(args) => return serve::serve(args).map(Output::Written),
        Command::Planned(planned) => Err(Failure::Usage(planned.message())),
    };
    text.map(Output::Text)
}

/// Whether a failure is told as JSON.
fn asks_json(command: &Command) -> bool {
    match command {
        Command::Run(args) => args.program.json,
        Command::Grad(args) | Command::Hessian(args) => args.run.program.json,
        Command::Check(args) => args.json,
        Command::Graph(args) => args.program.json,
        Command::Compile(args) => args.program.json,
        Command::Batch(args) => args.run.program.json,
        Command::Explain(args) => args.json,
        Command::Repl(_) | Command::ServeLines(_) | Command::Completions(_) | Command::Planned(_) => false,
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
