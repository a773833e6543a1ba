//! Programs from strings over rows on a device.

use super::{CudaError, Device, Kernel, Number};
use crate::{
    blocks::Column,
    evaluator::{CallError, Columns, StringProgram},
};
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
        self.host = None;
        let by: Vec<&str> = self.by.iter().map(String::as_str).collect();
        let given = self.program.in_columns(&by, columns, constants)?;
        let (rows, width) = (given.rows(), by.len());
        let asked = Asked { program: &self.program, by, columns, constants, given };
        let mut all = All { values: vec![0.0; rows], slopes: vec![vec![0.0; rows]; width] };
        let left = match &mut self.paths {
            Paths::Double(paths) => asked.follow(&self.device, paths, &mut all, &mut self.host)?,
            Paths::Single(paths) => asked.follow(&self.device, paths, &mut all, &mut self.host)?,
        };
        if !left.is_empty() {
            // Which row fails is said of all rows, not of these.
            let Ok((values, slopes)) = asked.on_host(&left) else { return Ok(asked.all_on_host()?) };
            all.put(&left, &values, slopes.iter(), &[]);
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
    fn put<'s, E: Copy + Into<f64> + 's>(
        &mut self,
        at: &[usize],
        values: &[E],
        slopes: impl Iterator<Item = &'s Vec<E>>,
        broken: &[usize],
    ) {
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
    by: Vec<&'a str>,
    columns: &'a [(&'a str, &'a [f64])],
    constants: &'a [(&'a str, f64)],
    /// The same, checked.
    given: Columns<'a>,
}

impl Asked<'_> {
    /// All rows by the host, which also says what is wrong with them.
    fn all_on_host(&self) -> Result<(Vec<f64>, Vec<Vec<f64>>), CallError> {
        self.program.value_and_grad_columns(&self.by, self.columns, self.constants)
    }

    /// These rows by the host.
    fn on_host(&self, rows: &[usize]) -> Result<(Vec<f64>, Vec<Vec<f64>>), CallError> {
        let some: Vec<(&str, Vec<f64>)> = self
            .columns
            .iter()
            .map(|(name, column)| (*name, rows.iter().map(|row| column[*row]).collect()))
            .collect();
        let columns: Vec<(&str, &[f64])> = some.iter().map(|(name, column)| (*name, &column[..])).collect();
        self.program.value_and_grad_columns(&self.by, &columns, self.constants)
    }

    /// Runs rows by the paths that are known and those that are met; gives the rows that are left, and says why.
    fn follow<E: Number>(
        &self,
        device: &Device,
        paths: &mut Vec<Kernel<E>>,
        all: &mut All,
        host: &mut Option<String>,
    ) -> Result<Vec<usize>, CudaProgramError> {
        let mut waiting: Vec<usize> = (0..self.given.rows()).collect();
        let mut path = 0;
        while let Some(first) = waiting.first().copied() {
            if path == paths.len() {
                let count = waiting.len();
                let met = match path {
                    PATHS => Err(format!("more than {PATHS} paths")),
                    1.. if count < FEW => Err(format!("too few for a path beyond the first {path}")),
                    _ => self.compiled(device, first)?,
                };
                match met {
                    Ok(kernel) => paths.push(kernel),
                    Err(why) => {
                        *host = Some(format!("{count} rows on the host: {why}"));
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
            let (results, broken) = match self.given.wrt() {
                [] => kernel.run_on(&table)?.download(1)?,
                wrt => {
                    kernel.pull_on(&table, &device.table(waiting.len(), &one)?)?.download(1 + wrt.len())?
                }
            };
            if let Some((values, slopes)) = results.split_first() {
                let slopes = self.given.order().iter().filter_map(|of| slopes.get(*of));
                all.put(&waiting, values, slopes, &broken);
            }
            waiting = broken.into_iter().map(|position| waiting[position]).collect();
            path += 1;
        }
        Ok(waiting)
    }

    /// The inputs of the program's traces, of some rows.
    fn inputs<E: Number>(&self, rows: &[usize]) -> Vec<Given<E>> {
        let given = self.given.inputs().iter().map(|input| match input {
            Column::Each(column) => Given::Each(rows.iter().map(|row| E::lit(column[*row])).collect()),
            Column::All(x) => Given::All(E::lit(*x)),
        });
        given.collect()
    }

    /// The path of a row, compiled; or why it stays on the host.
    fn compiled<E: Number>(
        &self,
        device: &Device,
        row: usize,
    ) -> Result<Result<Kernel<E>, String>, CudaError> {
        let record = match self.given.record(row) {
            Ok(record) => record,
            Err(why) => return Ok(Err(why)),
        };
        match Kernel::compile(device, &record, self.given.wrt()) {
            Ok(kernel) => Ok(Ok(kernel)),
            Err(why @ (CudaError::TooLong { .. } | CudaError::NoGradient)) => Ok(Err(why.to_string())),
            Err(error) => Err(error),
        }
    }
}

/// An input over rows.
enum Given<E> {
    Each(Vec<E>),
    All(E),
}
