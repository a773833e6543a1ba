//! What can be written after `scheme-grad`.
//!
//! Commands and options that are planned are taken as well, but hidden from the help, to answer in
//! plain words that they are not there yet.

use clap::{Args, Parser, Subcommand};
use scheme_runtime::Limits;
use std::{ffi::OsString, path::PathBuf};

const EXAMPLES: &str = "\
Examples:
  scheme-grad run -e '(* k (/ (* q1 q2) (* r r)))' --set k=8.99 --set q1=1 --set q2=2 --set r=0.5
  scheme-grad grad model.scm --inputs constants.json --wrt k,r --json
  echo '(* x x)' | scheme-grad grad - --set x=3
  scheme-grad check model.scm
  scheme-grad explain E0301

Exit codes:
  0  done
  1  the program is wrong or failed, with a diagnostic
  2  wrong usage, or something that is not there yet
  4  a budget ran out";

const RUN_EXAMPLES: &str = "\
Examples:
  scheme-grad run model.scm --set x=1.5
  scheme-grad run model.scm --inputs inputs.json --set x=2     # --set goes before the file
  scheme-grad run -e '(list 1 (sqrt 2))' --json";

const GRAD_EXAMPLES: &str = "\
Examples:
  scheme-grad grad -e '(* a (exp (* b x)))' --set a=1 --set b=-0.5 --set x=2
  scheme-grad grad model.scm --inputs inputs.json --wrt a,b --json";

const CHECK_EXAMPLES: &str = "\
Examples:
  scheme-grad check model.scm
  scheme-grad check -e '(+ a (sqr b))' --json";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  scheme-grad explain E0301
  scheme-grad explain            # every code";

/// Runs, differentiates and checks scientific models written in Scheme
#[derive(Parser, Debug)]
#[command(name = "scheme-grad", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Runs a program and prints its value
    #[command(after_help = RUN_EXAMPLES)]
    Run(Run),
    /// Prints a program's value and its derivatives by the inputs
    #[command(after_help = GRAD_EXAMPLES)]
    Grad(Grad),
    /// Reads a program without running it; prints its inputs, or every mistake in it
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Program),
    /// Tells what a code of a diagnostic means, with an example and its repair
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    #[command(flatten)]
    Planned(Planned),
}

#[derive(Args, Debug)]
pub(crate) struct Program {
    #[command(flatten)]
    pub(crate) text: Text,

    /// Print JSON
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

    /// Give the input NAME a value, a number such as 1.5, 1e-3, 1/3 or +inf.0; may be repeated
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

    /// Differentiate by these inputs instead of by all
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) wrt: Option<Vec<String>>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// The code, such as E0301; without it all codes are listed
    pub(crate) code: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a run may use; a run that needs more ends with exit code 4.
#[derive(Args, Debug)]
pub(crate) struct Budgets {
    /// Most steps that a run may take
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,

    /// Most calls that may wait for the value of another
    #[arg(long, value_name = "N")]
    max_depth: Option<u64>,

    /// Most cells of 16 bytes that may be alive; a pair takes two
    #[arg(long, value_name = "N")]
    max_cells: Option<u64>,

    #[arg(long, value_name = "SECONDS", hide = true)]
    timeout: Option<OsString>,

    #[arg(long, hide = true)]
    trace_nonfinite: bool,
}

impl Budgets {
    /// The limits; the default where none is given.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        limits.steps = self.max_steps.unwrap_or(limits.steps);
        limits.depth = self.max_depth.map_or(limits.depth, narrow);
        limits.cells = self.max_cells.map_or(limits.cells, narrow);
        limits
    }

    /// An option that was given and is not there yet.
    pub(crate) fn planned(&self) -> Option<&'static str> {
        if self.timeout.is_some() {
            Some("--timeout")
        } else if self.trace_nonfinite {
            Some("--trace-nonfinite")
        } else {
            None
        }
    }
}

/// The commands that are not there yet.
#[derive(Subcommand, Debug)]
pub(crate) enum Planned {
    #[command(hide = true, disable_help_flag = true)]
    Hessian(Anything),
    #[command(hide = true, disable_help_flag = true)]
    Batch(Anything),
    #[command(hide = true, disable_help_flag = true)]
    Graph(Anything),
    #[command(hide = true, disable_help_flag = true)]
    Compile(Anything),
    #[command(hide = true, disable_help_flag = true)]
    Repl(Anything),
    #[command(hide = true, disable_help_flag = true)]
    ServeLines(Anything),
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
        let name = match self {
            Self::Hessian(_) => "hessian",
            Self::Batch(_) => "batch",
            Self::Graph(_) => "graph",
            Self::Compile(_) => "compile",
            Self::Repl(_) => "repl",
            Self::ServeLines(_) => "serve-lines",
            Self::Fit(_) => "fit",
        };
        format!("`{name}` is not there yet; `scheme-grad --help` lists what is")
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
}
