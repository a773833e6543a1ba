//! Programs from strings over rows on a device.

use super::{CudaError, Device, Kernel, Number};
use crate::{
    blocks::Column,
    evaluator::{CallError, StringProgram},
};
use scheme_core::trace::Trace;
use std::fmt;

/// The most paths of a program that are compiled.
const PATHS: usize = 16;

/// The fewest rows that a path is compiled for; a few are sooner run on the host.
const FEW: usize = 64;

/// A program from a string on a device: [`StringProgram::on_cuda`].
#[derive(Debug)]
pub struct CudaProgram {
    program: StringProgram,
    device: Device,
    /// What derivatives are taken by.
    by: Vec<String>,
    /// In the precision of the program's interpreter.
    paths: Paths,
    /// Why some rows went to the host last time.
    host: Option<String>,
}

#[derive(Debug)]
enum Paths {
    Double(Vec<Kernel<f64>>),
    Single(Vec<Kernel<f32>>),
}

/// What may go wrong with rows on a device.
#[derive(Clone, PartialEq, Debug)]
pub enum CudaProgramError {
    /// The program, or what it was given.
    Call(Box<CallError>),
    /// The device.
    Cuda(CudaError),
}

impl fmt::Display for CudaProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Cuda(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CudaProgramError {}

impl From<CallError> for CudaProgramError {
    fn from(error: CallError) -> Self {
        Self::Call(Box::new(error))
    }
}

impl From<CudaError> for CudaProgramError {
    fn from(error: CudaError) -> Self {
        Self::Cuda(error)
    }
}

impl StringProgram {
    /// The program on a device, for values with derivatives by the inputs named. Its paths are compiled as rows meet them.
    ///
    /// ```
    /// use scheme_runtime::{Interpreter, cuda::Device};
    ///
    /// let program = Interpreter::new().load("(if (> x 0) (* k x) 0)")?;
    /// if let Ok(device) = Device::new() {
    ///     let mut program = program.on_cuda(&device, &["k"]);
    ///     let x: Vec<f64> = (-500..500).map(f64::from).collect();
    ///     let (values, slopes) = program.value_and_grad_columns(&[("x", &x)], &[("k", 10.0)])?;
    ///     assert_eq!((values[0], values[502], slopes[0][502]), (0.0, 20.0, 2.0));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_cuda(&self, device: &Device, by: &[&str]) -> CudaProgram {
        CudaProgram {
            program: self.clone(),
            device: device.clone(),
            by: by.iter().map(ToString::to_string).collect(),
            paths: match self.is_single() {
                true => Paths::Single(Vec::new()),
                false => Paths::Double(Vec::new()),
            },
            host: None,
        }
    }
}

impl CudaProgram {
    /// Values over rows, and for each input named the derivatives by it: what
    /// [`value_and_grad_columns`](StringProgram::value_and_grad_columns) gives, to the bit. Rows whose path is not
    /// on the device go through the host.
    ///
    /// # Errors
    /// Those of that, and the device's.
    pub fn value_and_grad_columns(
        &mut self,
        columns: &[(&str, &[f64])],
        constants: &[(&str, f64)],
    ) -> Result<(Vec<f64>, Vec<Vec<f64>>), CudaProgramError> {
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        let asked = Asked { program: &self.program, by: &self.by, columns, constants };
        self.host = None;
        if rows == 0 || columns.iter().any(|(_, column)| column.len() != rows) {
            return Ok(asked.all_on_host()?);
        }
        let mut all = All { values: vec![0.0; rows], slopes: vec![vec![0.0; rows]; self.by.len()] };
        let left = match &mut self.paths {
            Paths::Double(paths) => asked.follow(&self.device, paths, &mut all, &mut self.host)?,
            Paths::Single(paths) => asked.follow(&self.device, paths, &mut all, &mut self.host)?,
        };
        if !left.is_empty() {
            // Which row fails is said of all rows, not of these.
            let Ok((values, slopes)) = asked.on_host(&left) else { return Ok(asked.all_on_host()?) };
            all.put(&left, &values, &slopes, &[]);
        }
        Ok((all.values, all.slopes))
    }

    /// What runs where: a line for each path on the device, and one for what the last rows had to go through the host for.
    pub fn describe(&self) -> String {
        let paths: Vec<&str> = match &self.paths {
            Paths::Double(paths) => paths.iter().map(Kernel::describe).collect(),
            Paths::Single(paths) => paths.iter().map(Kernel::describe).collect(),
        };
        let lines = paths.into_iter().map(|path| format!("{path}\n"));
        lines.chain(self.host.iter().map(|why| format!("{why}\n"))).collect()
    }
}

/// Rows on their way.
struct All {
    values: Vec<f64>,
    slopes: Vec<Vec<f64>>,
}

impl All {
    /// Writes what the rows `at` gave, less those of them that are `broken`, by position.
    fn put<E: Copy + Into<f64>>(&mut self, at: &[usize], values: &[E], slopes: &[Vec<E>], broken: &[usize]) {
        let put = |to: &mut [f64], from: &[E]| {
            let mut broken = broken.iter().peekable();
            for (position, (row, x)) in at.iter().zip(from).enumerate() {
                if broken.next_if(|broken| **broken == position).is_none() {
                    to[*row] = (*x).into();
                }
            }
        };
        put(&mut self.values, values);
        self.slopes.iter_mut().zip(slopes).for_each(|(to, from)| put(to, from));
    }
}

/// What is asked of rows.
struct Asked<'a> {
    program: &'a StringProgram,
    by: &'a [String],
    columns: &'a [(&'a str, &'a [f64])],
    constants: &'a [(&'a str, f64)],
}

impl Asked<'_> {
    fn by(&self) -> Vec<&str> {
        self.by.iter().map(String::as_str).collect()
    }

    /// All rows by the host, which also says what is wrong with them.
    fn all_on_host(&self) -> Result<(Vec<f64>, Vec<Vec<f64>>), CallError> {
        self.program.value_and_grad_columns(&self.by(), self.columns, self.constants)
    }

    /// These rows by the host.
    fn on_host(&self, rows: &[usize]) -> Result<(Vec<f64>, Vec<Vec<f64>>), CallError> {
        let some: Vec<(&str, Vec<f64>)> = self
            .columns
            .iter()
            .map(|(name, column)| (*name, rows.iter().map(|row| column[*row]).collect()))
            .collect();
        let columns: Vec<(&str, &[f64])> = some.iter().map(|(name, column)| (*name, &column[..])).collect();
        self.program.value_and_grad_columns(&self.by(), &columns, self.constants)
    }

    /// Runs rows by the paths that are known and those that are met; gives the rows that are left, and says why.
    fn follow<E: Number>(
        &self,
        device: &Device,
        paths: &mut Vec<Kernel<E>>,
        all: &mut All,
        host: &mut Option<String>,
    ) -> Result<Vec<usize>, CudaProgramError> {
        let mut waiting: Vec<usize> = (0..all.values.len()).collect();
        let mut path = 0;
        while let Some(first) = waiting.first().copied() {
            if path == paths.len() {
                if path == PATHS || path > 0 && waiting.len() < FEW {
                    *host = Some(format!("{} rows on the host: more than {path} paths", waiting.len()));
                    break;
                }
                match self.compiled(device, first)? {
                    Ok(kernel) => paths.push(kernel),
                    Err(why) => {
                        *host = Some(format!("{} rows on the host: {why}", waiting.len()));
                        break;
                    }
                }
            }
            let inputs = self.inputs(&waiting);
            let columns: Vec<Column<'_, E>> = inputs
                .iter()
                .map(|input| match input {
                    Given::Each(column) => Column::Each(column),
                    Given::All(x) => Column::All(*x),
                })
                .collect();
            let one = [Column::All(E::lit(1.0))];
            let kernel = &paths[path];
            let table = device.table(waiting.len(), &columns)?;
            let (results, broken) = match self.by {
                [] => kernel.run_on(&table)?.download(device, 1)?,
                by => kernel
                    .pull_on(&table, &device.table(waiting.len(), &one)?)?
                    .download(device, 1 + by.len())?,
            };
            if let Some((values, slopes)) = results.split_first() {
                all.put(&waiting, values, slopes, &broken);
            }
            waiting = broken.into_iter().map(|position| waiting[position]).collect();
            path += 1;
        }
        Ok(waiting)
    }

    /// The inputs of the program's traces, of some rows.
    fn inputs<E: Number>(&self, rows: &[usize]) -> Vec<Given<E>> {
        let params = self.program.params().map(|param| (param.name.as_str(), Some(param.init)));
        let names = self.program.inputs().map(|name| (name, None)).chain(params);
        let given = names.map(|(name, initial)| {
            if let Some((_, column)) = self.columns.iter().find(|(other, _)| *other == name) {
                return Given::Each(rows.iter().map(|row| E::lit(column[*row])).collect());
            }
            let constant = self.constants.iter().find(|(other, _)| *other == name).map(|(_, x)| *x);
            Given::All(E::lit(constant.or(initial).unwrap_or(f64::NAN)))
        });
        given.collect()
    }

    /// The path of a row, compiled; or why it stays on the host.
    fn compiled<E: Number>(
        &self,
        device: &Device,
        row: usize,
    ) -> Result<Result<Kernel<E>, String>, CudaProgramError> {
        let here = self.columns.iter().map(|(name, column)| (*name, column[row]));
        let here: Vec<(&str, f64)> = here.chain(self.constants.iter().copied()).collect();
        let run = match self.program.trace(&here) {
            Ok(run) => run,
            // What the row fails with, or is too long for, is the host's to say.
            Err(error) => return Ok(Err(error.message.clone())),
        };
        let trace: &Trace = run.recorded();
        let place = |name: &String| run.inputs().iter().position(|input| input == name);
        let wrt: Option<Vec<usize>> = self.by.iter().map(place).collect();
        let numbers = trace.results().len() == 1 && run.value().number().is_some();
        let (Some(wrt), true) = (wrt, numbers) else {
            return Ok(Err("the value is no number".to_string()));
        };
        match Kernel::compile(device, trace, &wrt) {
            Ok(kernel) => Ok(Ok(kernel)),
            Err(why @ (CudaError::TooLong { .. } | CudaError::NoGradient)) => Ok(Err(why.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}

/// An input over rows.
enum Given<E> {
    Each(Vec<E>),
    All(E),
}
