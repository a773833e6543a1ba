//! Calibrates models that a program proposed, and ranks them.
//!
//! Reads models as language models write them, each a string, and a table of measurements, whose last column is
//! what a model is to give. Each model is loaded and its unknown constants are fitted by least squares with exact
//! derivatives; all are ranked by Bayes' information criterion, to which a constant costs what it has to gain.
//! What is wrong with a model ends neither the run nor the process: it is listed with its place and a hint,
//! which can go back to where the model came from. Run it with
//!
//! ```text
//! cargo run --release --example candidates [PROGRAMS [DATA.csv]]
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use scheme_runtime::{
    Answer, CallError, Code, Diagnostic, Interpreter, Limits, LoadError, SourceMap, Span, StringProgram,
};
use std::{error::Error, path::Path, time::Duration};

/// What the constants' first values are multiplied by, in as many attempts: the best one counts.
const STARTS: [f64; 3] = [1.0, 0.1, 10.0];

/// A program as it was proposed.
pub(crate) struct Candidate {
    pub(crate) name: String,
    text: String,
}

/// Measurements by columns.
struct Table {
    columns: Vec<(String, Vec<f64>)>,
    measured: Vec<f64>,
}

/// A calibrated program.
pub(crate) struct Calibrated {
    /// Names, values and standard errors.
    pub(crate) constants: Vec<(String, f64, f64)>,
    /// The sum of squares.
    pub(crate) loss: f64,
    pub(crate) criterion: f64,
    warnings: Vec<Diagnostic>,
}

/// Why a program is not calibrated.
pub(crate) enum Failure {
    /// There are errors in the program.
    Wrong(Vec<Diagnostic>),
    /// The program is fine, but its constants cannot be had from these data; what may explain it.
    Unfit(String, Vec<Diagnostic>),
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Wrong(error.into_findings())
    }
}

impl From<Diagnostic> for Failure {
    fn from(error: Diagnostic) -> Self {
        Self::Wrong(vec![error])
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        error.into_finding().into()
    }
}

/// What became of the candidates, in the order of the file.
pub(crate) type Outcomes = Vec<(Candidate, Result<Calibrated, Failure>)>;

/// A program with values of its constants, on the rows of a table.
struct Fit<'a> {
    program: &'a StringProgram,
    columns: &'a [(&'a str, &'a [f64])],
    measured: &'a [f64],
    names: &'a [&'a str],
    constants: DVector<f64>,
    /// The value of each row and its derivatives by the constants.
    rows: Result<Vec<(f64, Vec<f64>)>, CallError>,
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Fit<'_> {
    type ParameterStorage = Owned<f64, Dyn>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;

    fn set_params(&mut self, constants: &DVector<f64>) {
        self.constants.copy_from(constants);
        self.rows = self.program.vmap_value_and_grad(self.names, self.columns, &self.named());
    }

    fn params(&self) -> DVector<f64> {
        self.constants.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        // Where there is no derivative there is no residual either, so that the optimiser steps back.
        let residual = |i: usize| match &self.rows {
            Ok(rows) if is_finite(&rows[i]) => rows[i].0 - self.measured[i],
            _ => f64::NAN,
        };
        Some(DVector::from_fn(self.measured.len(), |i, _| residual(i)))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let rows = self.rows.as_ref().ok()?;
        Some(DMatrix::from_fn(rows.len(), self.names.len(), |i, j| rows[i].1[j]))
    }
}

impl Fit<'_> {
    /// The constants with their names.
    fn named(&self) -> Vec<(&str, f64)> {
        self.names.iter().copied().zip(self.constants.iter().copied()).collect()
    }

    /// Loss, criterion and standard errors, if the fit is one.
    fn judge(&self) -> Result<Calibrated, Failure> {
        let rows = self.rows.as_ref().map_err(CallError::clone)?;
        if let Some(row) = rows.iter().position(|row| !is_finite(row)) {
            return Err(self.not_finite(row)?.into());
        }
        let bounded: Vec<_> = self.named().into_iter().filter(|(name, _)| self.is_param(name)).collect();
        self.program.with_params(&bounded)?;

        let loss = self.residuals().map_or(f64::NAN, |residuals| residuals.norm_squared());
        let errors = self
            .standard_errors(loss)
            .ok_or_else(|| self.unfit("the data do not tell its constants apart"))?;
        let constants = self.named().into_iter().zip(errors);
        let (n, k) = (rows.len() as f64, self.names.len() as f64);
        Ok(Calibrated {
            constants: constants.map(|((name, x), error)| (name.to_owned(), x, error)).collect(),
            loss,
            criterion: n * (loss / n).ln() + k * n.ln(),
            warnings: self.program.warnings().to_vec(),
        })
    }

    fn unfit(&self, why: &str) -> Failure {
        let why = format!("{why}: {}", self.names.join(", "));
        Failure::Unfit(why, self.program.warnings().to_vec())
    }

    fn is_param(&self, name: &str) -> bool {
        self.program.param(name).is_some()
    }

    /// What in the program turned nan or infinite in a row.
    fn not_finite(&self, row: usize) -> Result<Diagnostic, CallError> {
        let mut inputs = self.named();
        inputs.extend(self.columns.iter().map(|(name, column)| (*name, column[row])));
        let found = self.program.first_nonfinite(self.names, &inputs)?;
        let (span, value, order) =
            found.map_or((Span::default(), f64::NAN, 0), |found| (found.span, found.value, found.order));
        let text = self.program.source().text().get(span.start as usize..span.end as usize);
        let (text, value) = (text.unwrap_or_default(), Answer::from(value));
        let what = if order > 0 { format!("the derivative of {text}") } else { text.to_owned() };
        Ok(Diagnostic::new(Code::OutOfDomain, span, format!("in row {}: {what} is {value}", row + 1))
            .hint("give the edge a value of its own, by `if`, or keep the operand off it, by `max`"))
    }

    /// The square roots of the diagonal of s²·(JᵀJ)⁻¹, where s² is the residual variance; none if J has not full
    /// rank.
    fn standard_errors(&self, loss: f64) -> Option<Vec<f64>> {
        let mut jacobian = self.jacobian()?;
        if self.names.is_empty() {
            return Some(Vec::new());
        }
        let freedom = jacobian.nrows().checked_sub(jacobian.ncols()).filter(|n| *n > 0)?;
        let variance = loss / freedom as f64;
        let norms: Vec<f64> = jacobian.column_iter().map(|column| column.norm()).collect();
        for (mut column, norm) in jacobian.column_iter_mut().zip(&norms) {
            column /= *norm;
        }
        let inverse = jacobian.tr_mul(&jacobian).try_inverse()?;
        let well = inverse.iter().all(|x| x.abs() < 1e8);
        let error = |(inverse, norm): (&f64, &f64)| (variance * inverse).sqrt() / norm;
        well.then(|| inverse.diagonal().iter().zip(&norms).map(error).collect())
    }
}

/// Whether a value and its derivatives are.
fn is_finite((value, gradient): &(f64, Vec<f64>)) -> bool {
    gradient.iter().chain([value]).all(|x| x.is_finite())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let shipped = |file| format!("{}/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let programs = arguments.next().unwrap_or_else(|| shipped("rate_laws.txt"));
    let data = arguments.next().unwrap_or_else(|| shipped("inhibition.csv"));
    println!("{}", report(&run(Path::new(&programs), Path::new(&data))?));
    Ok(())
}

/// Calibrates the programs of one file on the data of another.
pub(crate) fn run(programs: &Path, data: &Path) -> Result<Outcomes, Box<dyn Error>> {
    let table = read(data)?;
    // What a model may use for one row: plenty for a law, little for a loop without end.
    let deadline = Some(Duration::from_secs(2));
    let limits = Limits { steps: 100_000, depth: 1_000, cells: 20_000, deadline, ..Limits::default() };
    let interpreter = Interpreter::with_limits(limits);
    let outcome = |candidate: Candidate| {
        let outcome = calibrate(&interpreter, &candidate.text, &table);
        (candidate, outcome)
    };
    Ok(candidates(&std::fs::read_to_string(programs)?).into_iter().map(outcome).collect())
}

/// The programs of a file: each follows a line `=== name`, which may end in a remark after a semicolon.
fn candidates(text: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(heading) = line.strip_prefix("=== ") {
            let name = heading.split(';').next().unwrap_or_default().trim().to_owned();
            found.push(Candidate { name, text: String::new() });
        } else if let Some(candidate) = found.last_mut() {
            candidate.text.push_str(line);
        }
    }
    found
}

fn read(path: &Path) -> Result<Table, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_path(path)?;
    let mut columns: Vec<(String, Vec<f64>)> =
        reader.headers()?.iter().map(|name| (name.to_owned(), Vec::new())).collect();
    for record in reader.records() {
        for (cell, (_, column)) in record?.iter().zip(&mut columns) {
            column.push(cell.parse()?);
        }
    }
    let (_, measured) = columns.pop().ok_or("the table has no columns")?;
    Ok(Table { columns, measured })
}

/// Loads a program and fits its constants: all that it needs and the table does not have.
fn calibrate(interpreter: &Interpreter, text: &str, table: &Table) -> Result<Calibrated, Failure> {
    let program = interpreter.load(text)?;
    let first = program.inputs().map(|name| (name, 1.0));
    let all: Vec<(&str, f64)> =
        first.chain(program.params().map(|param| (param.name.as_str(), param.init))).collect();
    let columns = table.columns.iter().map(|(name, column)| (name.as_str(), column.as_slice()));
    let columns: Vec<(&str, &[f64])> =
        columns.filter(|(name, _)| all.iter().any(|(input, _)| input == name)).collect();
    let (names, first): (Vec<&str>, Vec<f64>) =
        all.iter().filter(|(name, _)| columns.iter().all(|(column, _)| column != name)).copied().unzip();
    if columns.is_empty() {
        program.value_and_grad(&names, &names.iter().copied().zip(first).collect::<Vec<_>>())?;
        let known: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        let error = Diagnostic::new(Code::Unbound, Span::default(), "it uses no column of the data");
        return Err(error.hint(format!("the columns are: {}", known.join(", "))).into());
    }
    let attempt = |start: f64| {
        let constants = DVector::from_vec(first.clone()) * start;
        let mut fit = Fit {
            program: &program,
            columns: &columns,
            measured: &table.measured,
            names: &names,
            rows: Ok(Vec::new()),
            constants: constants.clone(),
        };
        fit.set_params(&constants);
        let (fit, report) = LevenbergMarquardt::new().with_patience(25).minimize(fit);
        let calibrated = fit.judge()?;
        match report.termination.was_successful() || names.is_empty() {
            true => Ok(calibrated),
            false => Err(fit.unfit("the fit does not converge")),
        }
    };
    let [first, others @ ..] = STARTS;
    others.into_iter().map(attempt).fold(attempt(first), |best, other| match (&best, &other) {
        (Ok(a), Ok(b)) if b.loss < a.loss => other,
        (Err(_), Ok(_)) => other,
        _ => best,
    })
}

/// Those that are calibrated, the best first; those that differ by rounding alone in the order of the file.
pub(crate) fn ranked(outcomes: &Outcomes) -> Vec<(&Candidate, &Calibrated)> {
    let calibrated =
        outcomes.iter().filter_map(|(candidate, outcome)| Some((candidate, outcome.as_ref().ok()?)));
    let mut ranked: Vec<_> = calibrated.collect();
    ranked.sort_by_key(|(_, fit)| (fit.criterion * 1e6).round() as i64);
    ranked
}

/// The ranking, what is worth a look in the programs of it, and what is wrong with the others.
pub(crate) fn report(outcomes: &Outcomes) -> String {
    let ranked = ranked(outcomes);
    let mut lines = vec![format!("{} programs, {} of them calibrated", outcomes.len(), ranked.len())];
    lines.push(format!("\nrank  {:<32}{:>9}{:>9}   constants ± standard errors", "program", "loss", "BIC"));
    for (rank, (candidate, fit)) in ranked.iter().enumerate() {
        let constant =
            |(name, x, error): &(String, f64, f64)| format!("{name} {} ± {}", short(*x), short(*error));
        let constants: Vec<String> = fit.constants.iter().map(constant).collect();
        let (rank, name, constants) = (rank + 1, &candidate.name, constants.join(", "));
        let line = format!("{rank:>4}  {name:<32}{:>9.4}{:>9.2}   {constants}", fit.loss, fit.criterion);
        lines.push(line.trim_end().to_owned());
    }
    let warnings: Vec<String> =
        ranked.iter().flat_map(|(candidate, fit)| candidate.told(&fit.warnings)).collect();
    if !warnings.is_empty() {
        lines.push("\nworth a look".into());
        lines.extend(warnings);
    }
    lines.push("\nnot calibrated".into());
    for (candidate, outcome) in outcomes {
        match outcome {
            Ok(_) => {}
            Err(Failure::Wrong(errors)) => lines.extend(candidate.told(errors)),
            Err(Failure::Unfit(why, warnings)) => {
                lines.push(format!("  {}: {why}", candidate.name));
                lines.push("      hint: give one of them a value, or write the model with fewer".into());
                lines.extend(candidate.told(warnings));
            }
        }
    }
    lines.join("\n")
}

fn short(x: f64) -> String {
    if x.abs() < 1e4 { format!("{x:.3}") } else { format!("{x:.0e}") }
}

impl Candidate {
    /// Findings about it with their places and hints.
    fn told(&self, findings: &[Diagnostic]) -> Vec<String> {
        let source = SourceMap::new(self.name.clone(), self.text.clone());
        let tell = |finding: &Diagnostic| {
            let (at, code) = (source.place(finding.span.start), finding.code.as_str());
            let hint = finding.hint.as_ref().map_or(String::new(), |hint| format!("\n      hint: {hint}"));
            format!("  {}:{}:{}: {code}: {}{hint}", self.name, at.line, at.column, finding.message)
        };
        findings.iter().map(tell).collect()
    }
}
