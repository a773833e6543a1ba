//! A test program with what is expected of it.
//!
//! A file of Scheme whose first lines are comments. `; at: a=0.3 b=1.4` is a point: the inputs. After it
//! `; value: …` and `; gradient: a=… b=…` are what a run in many digits gave there. There are five points:
//! the first is written by hand, and `BLESS=1` makes those that are missing and writes what belongs to each.

use super::big::Big;
use scheme_core::{
    kernel::{self, Program},
    reader,
    reference::program::value_and_gradient,
};
use std::path::PathBuf;

/// How many points each case has.
pub(crate) const POINTS: usize = 5;

/// How far the points beside the first are from it, in hundredths: of the inputs at even places, and of the others.
const AWAY: [(f64, f64); POINTS - 1] = [(2.0, 2.0), (-3.0, -2.0), (4.0, -1.0), (-1.0, 5.0)];

/// A program and the points where it is run.
pub(crate) struct Case {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) points: Vec<Point>,
}

/// Inputs, and what a program gives there.
#[derive(Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) at: Vec<(&'static str, f64)>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<(&'static str, f64)>,
}

impl Point {
    /// A point of which nothing is known.
    pub(crate) fn new(at: Vec<(&'static str, f64)>) -> Self {
        Self { at, value: f64::NAN, gradient: Vec::new() }
    }

    /// The inputs in the order of these names.
    pub(crate) fn inputs<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<f64> {
        let find = |name: &str| self.at.iter().find(|(given, _)| *given == name).map(|(_, x)| *x);
        names.into_iter().map(|name| find(name).unwrap_or_else(|| panic!("no input {name}"))).collect()
    }

    /// The expected gradient in the order of these names.
    pub(crate) fn gradient<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<f64> {
        let find = |name: &str| self.gradient.iter().find(|(given, _)| *given == name).map(|(_, x)| *x);
        names.into_iter().map(|name| find(name).unwrap_or(f64::NAN)).collect()
    }

    /// A point beside this one. Inputs that the value does not depend on, such as counts, stay.
    fn beside(&self, (even, odd): (f64, f64)) -> Self {
        let moved = |(place, (name, x)): (usize, &(&'static str, f64))| {
            let still = self.gradient.iter().any(|(other, slope)| other == name && *slope == 0.0);
            let away = 0.01 * if place % 2 == 0 { even } else { odd };
            let near = x + away * if *x == 0.0 { 1.0 } else { *x };
            (*name, if still { *x } else { format!("{near:.3e}").parse().expect("a number") })
        };
        Self::new(self.at.iter().enumerate().map(moved).collect())
    }

    /// Value and gradient in many digits.
    fn oracle(&self, program: &Program) -> Result<Self, String> {
        let names = names(program);
        let inputs: Vec<Big> =
            self.inputs(names.iter().map(|n| &**n)).into_iter().map(scheme_core::real::Real::lit).collect();
        let (value, gradient) = value_and_gradient(program, &inputs).map_err(|fault| format!("{fault:?}"))?;
        let known = |name: &String| self.at.iter().find(|(given, _)| given == name).map(|(given, _)| *given);
        let gradient = names.iter().filter_map(known).zip(gradient.into_iter().map(Big::to_f64)).collect();
        Ok(Self { at: self.at.clone(), value: value.to_f64(), gradient })
    }

    /// What this and another say otherwise, of one program at one point.
    fn difference(&self, other: &Self) -> Option<(f64, f64)> {
        let theirs = other.gradient(self.gradient.iter().map(|(name, _)| *name));
        let pairs = self.gradient.iter().map(|(_, slope)| *slope).zip(theirs);
        std::iter::once((self.value, other.value)).chain(pairs).find(|(a, b)| !close(*a, *b, 1e-13))
    }

    /// As it is in a file.
    fn lines(&self) -> String {
        let pairs = |pairs: &[(&str, f64)]| -> String {
            let pairs = pairs.iter().map(|(name, x)| format!(" {name}={x:?}"));
            pairs.collect()
        };
        let (at, gradient) = (pairs(&self.at), pairs(&self.gradient));
        format!("; at:{at}\n; value: {:?}\n; gradient:{gradient}\n", self.value)
    }
}

impl Case {
    pub(crate) fn parse(path: &'static str, text: &'static str) -> Self {
        let mut points: Vec<Point> = Vec::new();
        for (key, rest) in text.lines().filter_map(entry) {
            match (key, points.last_mut()) {
                ("at", _) => points.push(Point::new(pairs(rest))),
                ("value", Some(point)) => point.value = rest.trim().parse().unwrap_or(f64::NAN),
                ("gradient", Some(point)) => point.gradient = pairs(rest),
                _ => {}
            }
        }
        Self { path, text, points }
    }

    /// The program as kernel forms.
    pub(crate) fn program(&self) -> Result<Program, String> {
        let (data, mut findings) = reader::read(self.text);
        let (program, more) = kernel::desugar(&data);
        findings.extend(more);
        program.ok_or_else(|| format!("{}: {findings:?}", self.path))
    }

    /// Value and gradient in many digits at one of the points, compared with what the file says.
    pub(crate) fn against_the_oracle(&self, at: usize) -> Result<(), String> {
        let path = self.path;
        let point = self.points.get(at).ok_or_else(|| format!("{path}: no point {at}"))?;
        let oracle = point.oracle(&self.program()?).map_err(|e| format!("{path}: {e}"))?;
        match oracle.difference(point) {
            None => Ok(()),
            Some((found, stored)) => {
                Err(format!("{path} at {:?}: the oracle gives {found}, the file {stored}", point.at))
            }
        }
    }

    /// Writes value and gradient in many digits to the file, at all points, with those that are missing.
    pub(crate) fn bless(&self) -> Result<(), String> {
        let program = self.program()?;
        let oracle = |point: &Point| point.oracle(&program).map_err(|e| format!("{}: {e}", self.path));
        let mut points = self.points.iter().map(oracle).collect::<Result<Vec<_>, _>>()?;
        let first = points.first().ok_or_else(|| format!("{}: no point", self.path))?.clone();
        for away in &AWAY[points.len().min(POINTS) - 1..] {
            points.push(oracle(&first.beside(*away))?);
        }
        let points: String = points.iter().map(Point::lines).collect();
        let text: Vec<&str> = self.text.lines().filter(|line| entry(line).is_none()).collect();
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/programs", self.path].iter().collect();
        std::fs::write(path, format!("{points}{}\n", text.join("\n"))).expect("the case can be written");
        Ok(())
    }
}

/// A line that is not the program's: its key and the rest.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.strip_prefix("; ")?.split_once(':')?;
    ["at", "value", "gradient"].contains(&key).then_some((key, rest))
}

/// The names of a program's inputs.
pub(crate) fn names(program: &Program) -> Vec<String> {
    program.inputs.iter().map(|local| program.locals[local.0 as usize].name.to_string()).collect()
}

/// Whether two numbers agree to this relative error.
pub(crate) fn close(a: f64, b: f64, relative: f64) -> bool {
    a.to_bits() == b.to_bits() || (a - b).abs() <= relative * a.abs().max(b.abs()).max(1e-3)
}

fn pairs(text: &'static str) -> Vec<(&'static str, f64)> {
    let pair = |part: &'static str| {
        let (name, number) = part.split_once('=')?;
        Some((name, number.parse().ok()?))
    };
    text.split_whitespace().filter_map(pair).collect()
}
