//! `completions`: what a shell needs to complete the command line.

use crate::args::{Cli, Completions};
use clap::CommandFactory;

/// The script for a shell.
pub(crate) fn completions(args: &Completions) -> String {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "scheme-grad", &mut script);
    String::from_utf8_lossy(&script).trim_end().to_string()
}
