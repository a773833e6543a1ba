//! What can be written after `scheme-grad`.
//!
//! What is planned is taken as well, but hidden from the help, to answer in plain words that it is not
//! there yet.

pub(crate) mod examples;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use scheme_runtime::{Interpreter, Limits};
use std::{ffi::OsString, path::PathBuf, time::Duration};

/// Runs, differentiates and checks scientific models written in Scheme
#[derive(Parser, Debug)]
#[command(name = "scheme-grad", version, after_help = examples::ALL)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Runs a program and prints its value
    #[command(after_help = examples::RUN)]
    Run(Run),
    /// Prints a program's value and its derivatives by inputs and parameters
    #[command(after_help = examples::GRAD)]
    Grad(Grad),
    /// Prints a program's value and its first and second derivatives
    #[command(after_help = examples::HESSIAN)]
    Hessian(Grad),
    /// Reads a program without running it; prints what is known of it, or every mistake in it
    #[command(after_help = examples::CHECK)]
    Check(Program),
    /// Prints what a program is on its way to code: kernel, graph, gradient, the trace of a run
    #[command(after_help = examples::GRAPH)]
    Graph(Graph),
    /// Saves a checked program as an artefact, which is taken wherever a program is
    #[command(after_help = examples::COMPILE)]
    Compile(Compile),
    /// Runs a program on every row of a CSV file
    #[command(after_help = examples::BATCH)]
    Batch(Batch),
    /// Reads, evaluates and prints, interactively
    #[command(after_help = examples::REPL)]
    Repl(Repl),
    /// Answers requests, one JSON object a line
    #[command(after_help = examples::SERVE)]
    ServeLines(Serve),
    /// Tells what a code of a diagnostic means, with an example and its repair
    #[command(after_help = examples::EXPLAIN)]
    Explain(Explain),
    /// Prints the completions for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
    #[command(flatten)]
    Planned(Planned),
}

#[derive(Args, Debug)]
pub(crate) struct Program {
    #[command(flatten)]
    pub(crate) text: Text,

    /// Print JSON; warnings are told in words on standard error as ever
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) budgets: Budgets,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Text {
    /// The file with the program, or `-` for standard input
    #[arg(value_name = "PROGRAM")]
    pub(crate) file: Option<PathBuf>,

    /// The text of the program itself
    #[arg(short = 'e', value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) text: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) program: Program,

    #[command(flatten)]
    pub(crate) inputs: Inputs,

    #[command(flatten)]
    pub(crate) trace: Trace,
}

#[derive(Args, Debug)]
pub(crate) struct Inputs {
    /// Give the input NAME a value: a number such as 1.5, 1e-3, 1/3 or +inf.0, or JSON such as [1, 2] or
    /// {"string": "a"}; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,

    /// Take the values of inputs from a JSON object in a file
    #[arg(long, value_name = "FILE.json")]
    pub(crate) inputs: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Grad {
    #[command(flatten)]
    pub(crate) run: Run,

    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Args, Debug)]
pub(crate) struct By {
    /// Differentiate by these inputs and parameters instead of by all that hold numbers
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) wrt: Option<Vec<String>>,
}

#[derive(Args, Debug)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) program: Program,

    /// How far the program is brought
    #[arg(long, value_enum, default_value_t = Stage::Graph)]
    pub(crate) stage: Stage,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) inputs: Inputs,
}

/// A stage of a program on its way to code.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// After desugaring, with names resolved
    Kernel,
    /// In A-normal form; of a program on general values, the blocks of the machine
    Anf,
    /// The graph that is compiled, simplified
    Graph,
    /// The graph of its value and gradient
    Grad,
    /// What a run at the inputs that are given does with numbers, and what it decides by them
    Trace,
}

/// How a graph is written.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// As text
    Text,
    /// For Graphviz
    Dot,
    /// As a picture
    Svg,
}

#[derive(Args, Debug)]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) program: Program,

    /// The file to write; without it the artefact is printed
    #[arg(short = 'o', long, value_name = "FILE.json")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Batch {
    #[command(flatten)]
    pub(crate) run: Run,

    /// The file of rows, with a line of column names first, or `-` for standard input
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) data: PathBuf,

    /// Add the derivatives, in columns d_NAME
    #[arg(long)]
    pub(crate) grad: bool,

    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Args, Debug)]
pub(crate) struct Repl {
    /// A file whose definitions are there from the start
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) budgets: Budgets,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) budgets: Budgets,

    #[command(flatten)]
    pub(crate) trace: Trace,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The code, such as E0301; without it all codes are listed
    pub(crate) code: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// What a run may use; a run that needs more ends with exit code 4.
#[derive(Args, Debug)]
pub(crate) struct Budgets {
    /// Most steps that a run may take; 200000000 without it
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,

    /// Most calls that may wait for the value of another; 1000000 without it
    #[arg(long, value_name = "N")]
    max_depth: Option<u64>,

    /// Most cells of 16 bytes that may be alive; a pair takes two; 16000000 without it
    #[arg(long, value_name = "N")]
    max_cells: Option<u64>,

    /// Longest time that each run may take: loading, each row of `batch`, each request of `serve-lines`, each input of
    /// `repl`; without it only the steps end one
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
}

#[derive(Args, Debug)]
pub(crate) struct Trace {
    /// Tell where a number first turned nan or infinite, in the value or, if one is taken, in the gradient
    #[arg(long)]
    pub(crate) trace_nonfinite: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl Budgets {
    /// An interpreter with the limits; with the default where none is given.
    pub(crate) fn interpreter(&self) -> Interpreter {
        let mut limits = Limits::default();
        let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        limits.steps = self.max_steps.unwrap_or(limits.steps);
        limits.depth = self.max_depth.map_or(limits.depth, narrow);
        limits.cells = self.max_cells.map_or(limits.cells, narrow);
        limits.deadline = self.timeout.or(limits.deadline);
        Interpreter::with_limits(limits)
    }
}

/// The commands that are not there yet.
#[derive(Subcommand, Debug)]
pub(crate) enum Planned {
    #[command(hide = true, disable_help_flag = true)]
    Fit(Anything),
}

#[derive(Args, Debug)]
pub(crate) struct Anything {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _rest: Vec<OsString>,
}

impl Planned {
    /// What it answers.
    pub(crate) fn message(&self) -> String {
        let Self::Fit(_) = self;
        "`fit` is not there yet; `scheme-grad --help` lists what is".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn times() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        assert_eq!(seconds("0"), Ok(Duration::ZERO));
        for text in ["-1", "nan", "inf", "1e99", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
