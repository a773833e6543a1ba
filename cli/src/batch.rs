//! `batch`: a program on every row of a CSV file, one row out for each row in.
//!
//! Rows are read, run and written one after the other, so that a file of any length takes the memory of one
//! row. A row that fails leaves its place empty, so that rows stay beside each other, and is told on standard
//! error with its number; the exit code is then that of the first such row.

mod told;

use crate::{
    args::Batch,
    failure::Failure,
    inputs::{self, Values},
    loaded::{self, Loaded},
    nonfinite, reply, written,
};
use csv::StringRecord;
use scheme_core::{
    diag::{Code, Diagnostic},
    reader::number_text,
    span::{SourceMap, Span},
};
use scheme_runtime::Answer;
use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read},
    path::Path,
};
use told::Told;

/// Runs the rows; gives the exit code.
pub(crate) fn batch(args: &Batch) -> Result<u8, Failure> {
    let is_stdin = |file: &Path| file.as_os_str() == "-";
    if is_stdin(&args.data) && args.run.program.text.file.as_deref().is_some_and(is_stdin) {
        return Err(Failure::Usage("the program and the rows cannot both be standard input".into()));
    }
    let loaded = loaded::load(&args.run.program)?;
    let set = inputs::values(&args.run.inputs)?;
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(open(&args.data)?);
    let name = args.data.display().to_string();
    let header = rows.headers().map_err(|error| unreadable(&name, &error.to_string()))?.clone();
    let columns = columns(&loaded, &set, &header, &name)?;
    complete(&loaded, &set, &columns)?;
    loaded.warn(args.grad);
    let wrt = args.by.wrt.as_deref();
    let by = match args.grad {
        true => reply::names(&loaded.program, &set, wrt),
        false => Vec::new(),
    };
    let trace = args.run.trace.trace_nonfinite;
    let mut batch =
        Rows { loaded: &loaded, columns, by, grad: args.grad, trace, width: header.len(), name: &name };
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    let mut told = Told::new(args.run.program.json);
    match batch.write(&mut rows, set, &mut out, &mut told) {
        // Who closed the pipe wants no more rows.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Usage(format!("the rows cannot be written: {error}")))
        }
        _ => Ok(told.code()),
    }
}

fn open(file: &Path) -> Result<Box<dyn Read>, Failure> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    match File::open(file) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(unreadable(&file.display().to_string(), &error.to_string())),
    }
}

fn unreadable(name: &str, why: &str) -> Failure {
    let error = Diagnostic::new(Code::Data, Span::default(), format!("`{name}` cannot be read: {why}"));
    Failure::program(SourceMap::new(name, ""), vec![error])
}

/// The columns that are inputs or parameters and not set: where they are, and their names.
fn columns(
    loaded: &Loaded,
    set: &Values,
    header: &StringRecord,
    name: &str,
) -> Result<Vec<(usize, String)>, Failure> {
    let wanted = |column: &str| known(loaded, column) && !set.contains_key(column);
    let named = header.iter().map(str::trim).enumerate();
    let columns: Vec<_> = named.filter(|(_, column)| wanted(column)).collect();
    let mut seen = HashSet::new();
    if let Some((_, twice)) = columns.iter().find(|(_, column)| !seen.insert(*column)) {
        return Err(unreadable(name, &format!("it has two columns `{twice}`")));
    }
    Ok(columns.into_iter().map(|(at, column)| (at, column.to_string())).collect())
}

/// Whether a name is that of an input or parameter.
fn known(loaded: &Loaded, name: &str) -> bool {
    loaded.program.has_input(name) || loaded.program.param(name).is_some()
}

/// Refuses a program of which some input has neither a column nor a value, before any row runs.
fn complete(loaded: &Loaded, set: &Values, columns: &[(usize, String)]) -> Result<(), Failure> {
    let columned: HashSet<&str> = columns.iter().map(|(_, column)| column.as_str()).collect();
    let has = |name: &str| set.contains_key(name) || columned.contains(name);
    if loaded.program.inputs().all(has) && set.keys().all(|name| known(loaded, name)) {
        return Ok(());
    }
    // The program itself says what is missing, or given in vain.
    let mut values = set.clone();
    values.extend(columns.iter().map(|(_, name)| (name.clone(), Answer::Number(0.0))));
    match reply::run(&loaded.program, &values) {
        Ok(_) => Ok(()),
        Err(error) => {
            let hint = error.hint.clone().unwrap_or("it is no column of the file, and not set".into());
            Err(Failure::program(loaded.source.clone(), vec![error.into_finding().hint(hint)]))
        }
    }
}

/// What is done with each row.
struct Rows<'a> {
    loaded: &'a Loaded,
    columns: Vec<(usize, String)>,
    by: Vec<&'a str>,
    grad: bool,
    /// Whether it is told where a number first turned nan or infinite.
    trace: bool,
    /// How many cells a row has.
    width: usize,
    /// The file's.
    name: &'a str,
}

impl Rows<'_> {
    fn write(
        &mut self,
        rows: &mut csv::Reader<Box<dyn Read>>,
        mut values: Values,
        out: &mut csv::Writer<impl io::Write>,
        told: &mut Told,
    ) -> io::Result<()> {
        let names = self.by.iter().map(|name| format!("d_{name}"));
        out.write_record(["value".to_string()].into_iter().chain(names))?;
        let mut record = csv::ByteRecord::new();
        for number in 1.. {
            let row = match rows.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => self.row(&record, number, &mut values),
                // The file itself cannot be read on.
                Err(error) => {
                    out.flush()?;
                    let message = format!("in row {number}: `{}` cannot be read: {error}", self.name);
                    let error = Diagnostic::new(Code::Data, Span::default(), message);
                    told.error(number, &error, &SourceMap::new(self.name, ""));
                    return Ok(());
                }
            };
            let ran = row.as_ref().err().is_none_or(|bad| bad.data.is_none());
            if self.trace
                && ran
                && let Some(found) = nonfinite::find(&self.loaded.program, &values, &self.by, false)
            {
                told.nonfinite(number, &found, &self.loaded.source);
            }
            match row {
                Ok(cells) => out.write_record(cells)?,
                Err(bad) => {
                    told.error(number, &bad.error, bad.data.as_ref().unwrap_or(&self.loaded.source));
                    out.write_record(std::iter::repeat_n("", 1 + self.by.len()))?;
                }
            }
        }
        out.flush()?;
        told.sum_up();
        Ok(())
    }

    /// The cells of a row.
    fn row(
        &self,
        record: &csv::ByteRecord,
        number: u64,
        values: &mut Values,
    ) -> Result<Vec<String>, Box<BadRow>> {
        self.take(record, values).map_err(|(at, message)| {
            let (text, span) = shown(record, at);
            let error = Diagnostic::new(Code::Data, span, format!("in row {number}: {message}"));
            Box::new(BadRow {
                error,
                data: Some(SourceMap::new(format!("{}, row {number}", self.name), text)),
            })
        })?;
        let given = reply::given(values);
        let cells = if self.grad {
            self.loaded.program.value_and_grad_with(&self.by, &given).map(|(value, gradient)| {
                [number_text(value)].into_iter().chain(gradient.iter().map(cell)).collect()
            })
        } else {
            self.loaded.program.call_with(&given).map(|value| vec![cell(&value)])
        };
        cells.map_err(|error| {
            let message = format!("in row {number}: {}", error.message);
            Box::new(BadRow { error: Diagnostic { message, ..error.into_finding() }, data: None })
        })
    }

    /// Puts the cells of a row among the values; or says which cell is wrong, and why.
    fn take(&self, record: &csv::ByteRecord, values: &mut Values) -> Result<(), (usize, String)> {
        if record.len() != self.width {
            let message = format!("it has {} cells, but the first line has {}", record.len(), self.width);
            return Err((usize::MAX, message));
        }
        for (at, name) in &self.columns {
            let bytes = record.get(*at).unwrap_or_default();
            let text = std::str::from_utf8(bytes);
            let text = text.map_err(|_| (*at, format!("the cell of `{name}` is not UTF-8 text")))?;
            let value = inputs::cell(name, text.trim()).map_err(|message| (*at, message))?;
            match values.get_mut(name) {
                Some(old) => *old = value,
                None => _ = values.insert(name.clone(), value),
            }
        }
        Ok(())
    }
}

/// A row that fails.
struct BadRow {
    error: Diagnostic,
    /// The row, where the error is about it and not about the program.
    data: Option<SourceMap>,
}

/// A record as a line, and the place of a cell in it.
fn shown(record: &csv::ByteRecord, at: usize) -> (String, Span) {
    let (mut text, mut span) = (String::new(), None);
    for (i, cell) in record.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        let start = text.len() as u32;
        text.push_str(&String::from_utf8_lossy(cell));
        if i == at {
            span = Some(Span::new(start, text.len() as u32));
        }
    }
    let whole = Span::new(0, text.len() as u32);
    (text, span.unwrap_or(whole))
}

/// A value in a cell: a number as such, all else as JSON.
fn cell(value: &Answer) -> String {
    match value {
        Answer::Number(x) => number_text(*x),
        other => written::value(other),
    }
}
