//! A test program with what is expected of it.
//!
//! A file of Scheme whose first lines are comments: `; at: a=0.3 b=1.4` the inputs, `; value: …` and
//! `; gradient: a=… b=…` what a run in many digits gave, which `BLESS=1` writes.

use super::big::Big;
use scheme_core::{
    kernel::{self, Program},
    reader,
    reference::program::value_and_gradient,
};
use std::path::PathBuf;

/// A program, where it is run, and what it gives there.
pub(crate) struct Case {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) at: Vec<(&'static str, f64)>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<(&'static str, f64)>,
}

impl Case {
    pub(crate) fn parse(path: &'static str, text: &'static str) -> Self {
        let line = |key: &str| {
            let mut lines = text.lines().filter_map(|line| line.strip_prefix("; ")?.strip_prefix(key));
            lines.next().unwrap_or_default().trim()
        };
        let value = line("value:").parse().unwrap_or(f64::NAN);
        Self { path, text, at: pairs(line("at:")), value, gradient: pairs(line("gradient:")) }
    }

    /// The program as kernel forms.
    pub(crate) fn program(&self) -> Result<Program, String> {
        let (data, mut findings) = reader::read(self.text);
        let (program, more) = kernel::desugar(&data);
        findings.extend(more);
        program.ok_or_else(|| format!("{}: {findings:?}", self.path))
    }

    /// The inputs in the order of these names.
    pub(crate) fn inputs<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<f64> {
        let find = |name: &str| self.at.iter().find(|(given, _)| *given == name).map(|(_, x)| *x);
        names.into_iter().map(|name| find(name).unwrap_or_else(|| panic!("{}: {name}", self.path))).collect()
    }

    /// The expected gradient in the order of these names.
    pub(crate) fn gradient<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<f64> {
        let find = |name: &str| self.gradient.iter().find(|(given, _)| *given == name).map(|(_, x)| *x);
        names.into_iter().map(|name| find(name).unwrap_or(f64::NAN)).collect()
    }

    /// Value and gradient in many digits, compared with what the file says, or written to it.
    pub(crate) fn against_the_oracle(&self) -> Result<(), String> {
        let program = self.program()?;
        let names = names(&program);
        let inputs: Vec<Big> = self.inputs(names.iter().map(|n| &**n)).into_iter().map(decimal).collect();
        let (value, gradient) =
            value_and_gradient(&program, &inputs).map_err(|fault| format!("{}: {fault:?}", self.path))?;
        let (value, gradient) = (value.to_f64(), gradient.into_iter().map(Big::to_f64).collect::<Vec<_>>());
        if std::env::var_os("BLESS").is_some() {
            self.bless(value, &names, &gradient);
            return Ok(());
        }
        let stored: Vec<f64> = self.gradient(names.iter().map(|n| &**n));
        let mut pairs = std::iter::once((self.value, value)).chain(stored.into_iter().zip(gradient));
        match pairs.find(|(stored, found)| !close(*stored, *found, 1e-13)) {
            None => Ok(()),
            Some((stored, found)) => Err(format!("{}: the file has {stored}, the oracle {found}", self.path)),
        }
    }

    fn bless(&self, value: f64, names: &[String], gradient: &[f64]) {
        let kept = self.text.lines().filter(|l| !l.starts_with("; value:") && !l.starts_with("; gradient:"));
        let (head, body): (Vec<&str>, Vec<&str>) = kept.partition(|line| line.starts_with("; "));
        let partials: Vec<String> = names.iter().zip(gradient).map(|(n, g)| format!("{n}={g:?}")).collect();
        let text = format!(
            "{}\n; value: {value:?}\n; gradient: {}\n{}\n",
            head.join("\n"),
            partials.join(" "),
            body.join("\n")
        );
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/programs", self.path].iter().collect();
        std::fs::write(path, text).expect("the case can be written");
    }
}

/// The names of a program's inputs.
pub(crate) fn names(program: &Program) -> Vec<String> {
    program.inputs.iter().map(|local| program.locals[local.0 as usize].name.to_string()).collect()
}

/// Whether two numbers agree to this relative error.
pub(crate) fn close(a: f64, b: f64, relative: f64) -> bool {
    a.to_bits() == b.to_bits() || (a - b).abs() <= relative * a.abs().max(b.abs()).max(1e-3)
}

/// The big float that an `f64` is.
fn decimal(x: f64) -> Big {
    scheme_core::real::Real::lit(x)
}

fn pairs(text: &'static str) -> Vec<(&'static str, f64)> {
    let pair = |part: &'static str| {
        let (name, number) = part.split_once('=')?;
        Some((name, number.parse().ok()?))
    };
    text.split_whitespace().filter_map(pair).collect()
}
