//! What is known of a compiled program: its regime, why it got it, what it takes and gives.
//!
//! The macro decides everything here when it compiles; [`Program::describe`](crate::Program::describe)
//! only adds the parameters' present values. The fields are for programs, the text for people.

use crate::{function::Warning, params::Param};
use std::fmt;

/// What the macro states of a program.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The program's text.
    pub source: &'static str,
    /// Its graph, or its blocks.
    pub code: &'static str,
    /// How it runs.
    pub regime: Regime,
    /// Why it could not run directly.
    pub why: Option<Reason>,
    /// The procedures that are direct code nevertheless.
    pub direct: &'static [Procedure],
    /// What it gives.
    pub gives: &'static str,
    /// Whether that may be a number.
    pub number: bool,
    /// Whether every run ends with a value, or else why not.
    pub fails: Option<&'static str>,
    /// Bytes that a gradient's record takes for each operation.
    pub tape_bytes: u32,
    /// The inputs' names.
    pub input_names: &'static [&'static str],
    /// The inputs' types as a program declares them.
    pub input_types: &'static [&'static str],
    /// The parameters, with the values that they start from.
    pub params: &'static [Param],
    /// What the compiler warned of.
    pub warnings: &'static [Warning],
}

impl About {
    /// What is true of a straight program of numbers.
    pub const STRAIGHT: Self = Self {
        source: "",
        code: "",
        regime: Regime::Straight,
        why: None,
        direct: &[],
        gives: "a number",
        number: true,
        fails: None,
        tape_bytes: 0,
        input_names: &[],
        input_types: &[],
        params: &[],
        warnings: &[],
    };
}

/// How a program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Regime {
    /// As straight Rust with lazy choices, in lanes too; its derivatives are such code as well.
    Straight,
    /// As Rust with loops and functions that call each other, on numbers alone.
    Control,
    /// On the explicit machine, with values of every type.
    Machine,
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Straight => "direct, straight code",
            Self::Control => "direct, with loops or recursion",
            Self::Machine => "machine, general values",
        })
    }
}

/// What is known of a compiled program.
#[derive(Clone, PartialEq, Debug)]
pub struct Description {
    /// How it runs.
    pub regime: Regime,
    /// What of it needs the machine, at its place; nothing, if it runs directly.
    pub why: Option<Reason>,
    /// The procedures of a machine program that run as direct code where they are given numbers, if no limits
    /// are set and at most one derivative is taken.
    pub direct: &'static [Procedure],
    /// What it gives: "a number", "a list".
    pub gives: &'static str,
    /// Whether that is a number, as far as is known.
    pub number: bool,
    /// Why a run may end without a value; nothing, if each has one.
    pub fails: Option<&'static str>,
    /// Bytes of memory that reverse mode takes for each operation of a run; 0, if it takes none, or if derivatives go forward unless they are not
    /// finite.
    pub tape_bytes: u32,
    /// The inputs: names and types, as a program declares them.
    pub inputs: Vec<(&'static str, &'static str)>,
    /// The parameters.
    pub params: Vec<Param>,
    /// What the compiler warned of.
    pub warnings: &'static [Warning],
}

/// A reason, at a place of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason {
    /// In plain words.
    pub message: &'static str,
    /// The line of the program, from 1.
    pub line: u32,
    /// The column of the program, from 1.
    pub column: u32,
}

/// A procedure of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Procedure {
    /// What messages call it.
    pub name: &'static str,
    /// The line of its body, from 1.
    pub line: u32,
    /// The column of its body, from 1.
    pub column: u32,
}

impl Description {
    pub(crate) fn new(about: &About, params: Vec<Param>) -> Self {
        let types = about.input_types.iter().copied().chain(std::iter::repeat("real"));
        Self {
            regime: about.regime,
            why: about.why,
            direct: about.direct,
            gives: about.gives,
            number: about.number,
            fails: about.fails,
            tape_bytes: about.tape_bytes,
            inputs: about.input_names.iter().copied().zip(types).collect(),
            params,
            warnings: about.warnings,
        }
    }
}

impl Description {
    /// How a program on the machine goes over rows, if its value may be a number.
    fn rows(&self) -> Option<&'static str> {
        if self.regime != Regime::Machine || !self.number {
            return None;
        }
        Some(if self.direct.is_empty() {
            "each path that several take is recorded, the rest of them follow it in blocks; others run one by one"
        } else {
            "each path that several take is recorded, the rest of them follow it in blocks; others, and derivatives through direct code, run one by one"
        })
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "regime: {}", self.regime)?;
        if let Some(why) = self.why {
            write!(f, "\nwhy: {} ({}:{})", why.message, why.line, why.column)?;
        }
        for Procedure { name, line, column } in self.direct {
            write!(f, "\ndirect on numbers: {name} ({line}:{column})")?;
        }
        let inputs: Vec<String> = self.inputs.iter().map(|(name, of)| format!("{name} {of}")).collect();
        write!(f, "\ninputs: {}", if inputs.is_empty() { "none".to_string() } else { inputs.join(", ") })?;
        for param in &self.params {
            write!(f, "\nparameter: {param}")?;
        }
        write!(f, "\ngives: {}", self.gives)?;
        match self.fails {
            None => f.write_str(", in every run")?,
            Some(why) => write!(f, ", unless the run fails: {why}")?,
        }
        if let Some(rows) = self.rows() {
            write!(f, "\nrows: {rows}")?;
        }
        if self.tape_bytes > 0 {
            write!(f, "\nreverse mode: {} bytes for each operation", self.tape_bytes)?;
        }
        self.warnings.iter().try_for_each(|warning| write!(f, "\nwarning: {warning}"))
    }
}
