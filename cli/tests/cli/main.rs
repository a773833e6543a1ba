//! The binary from end to end: what goes to which stream, and the exit code.

mod batch;
mod call;
mod commands;
mod compile;
#[cfg(unix)]
mod explain;
mod graph;
mod help;
#[cfg(unix)]
mod repl;
mod serve;
