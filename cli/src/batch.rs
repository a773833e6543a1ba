//! `batch`: a program on every row of a CSV file, one row out for each row in.
//!
//! Rows are read, run and written in their order: those of numbers in chunks, which wait for no row that has not come
//! yet, and all others one after the other. So a file of any length takes the memory of a chunk. A row that fails leaves
//! its place empty, so that rows stay beside each other, and is told on standard error with its number; the exit code
//! is then that of the first such row.

mod chunk;
mod data;
mod lines;
mod told;

use crate::{
    args::Batch,
    failure::{self, Failure},
    inputs::{self, Values},
    loaded::{self, Loaded},
    nonfinite, reply, written,
};
use chunk::Chunk;
use csv::{ByteRecord, StringRecord};
use data::Data;
use scheme_core::{
    diag::{Code, Diagnostic},
    reader::number_text,
    span::{SourceMap, Span},
};
use scheme_runtime::Answer;
use std::{collections::HashSet, io, path::Path, time::Instant};
use told::Told;

/// Runs the rows; gives the exit code.
pub(crate) fn batch(args: &Batch) -> Result<u8, Failure> {
    if is_stdin(&args.data) && args.run.program.text.file.as_deref().is_some_and(is_stdin) {
        return Err(Failure::Usage("the program and the rows cannot both be standard input".into()));
    }
    if args.by.wrt.is_some() && !args.grad {
        return Err(Failure::Usage(
            "`--wrt` says what `--grad` differentiates by, which is not there".into(),
        ));
    }
    let loaded = loaded::load(&args.run.program)?;
    let set = inputs::values(&args.run.inputs)?;
    let mut data = Data::open(&args.data)?;
    let header = data.header()?;
    let columns = columns(&loaded, &set, &header, &data.name)?;
    complete(&loaded, &set, &columns, &header, &data.name)?;
    unread(args, &loaded, &set, &header, &data.name);
    loaded.warn(args.grad);
    loaded.warn_of_ranges(&set);
    let wrt = args.by.wrt.as_deref();
    let by = match args.grad {
        true => reply::names(&loaded.program, &set, wrt),
        false => Vec::new(),
    };
    let trace = args.run.trace.trace_nonfinite;
    let name = data.name.clone();
    let asked = wrt.is_some();
    let mut rows =
        Rows { loaded: &loaded, columns, by, asked, grad: args.grad, trace, width: header.len(), name };
    let mut out =
        Out { rows: csv::Writer::from_writer(io::stdout().lock()), told: Told::new(args.run.program.json) };
    match rows.write(&mut data, &set, &mut out) {
        // Who closed the pipe wants no more rows.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Usage(format!("the rows cannot be written: {error}")))
        }
        _ => Ok(out.told.code()),
    }
}

fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
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

/// Warns of columns that are inputs or parameters and not read, being set.
fn unread(args: &Batch, loaded: &Loaded, set: &Values, header: &StringRecord, file: &str) {
    for name in header.iter().map(str::trim).filter(|name| known(loaded, name) && set.contains_key(*name)) {
        let option = if inputs::sets(&args.run.inputs, name) { "--set" } else { "--inputs" };
        let what =
            format!("the column `{name}` of `{file}` is not read: `{option}` gives `{name}` for every row");
        failure::say(&format!("warning: {what}"));
    }
}

/// Whether a name is that of an input or parameter.
fn known(loaded: &Loaded, name: &str) -> bool {
    loaded.program.has_input(name) || loaded.program.param(name).is_some()
}

/// Refuses a program of which some input has neither a column nor a value, before any row runs.
fn complete(
    loaded: &Loaded,
    set: &Values,
    columns: &[(usize, String)],
    header: &StringRecord,
    file: &str,
) -> Result<(), Failure> {
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
            let hint = error.hint.clone().unwrap_or_else(|| absent(header, file));
            Err(Failure::program(loaded.source.clone(), vec![error.into_finding().hint(hint)]))
        }
    }
}

/// The most columns that are listed.
const MAX_LISTED: usize = 20;

/// What a file has in place of a column that is looked for.
fn absent(header: &StringRecord, file: &str) -> String {
    let named: Vec<&str> = header.iter().map(str::trim).collect();
    let mark = [";", "\t"].into_iter().find(|mark| matches!(named.as_slice(), [one] if one.contains(mark)));
    match (named.as_slice(), mark) {
        ([], _) => format!("`{file}` is empty: its first line has the names of its columns"),
        (_, Some(mark)) => {
            let mark = if mark == ";" { "`;`" } else { "tabs" };
            format!("the cells of `{file}` are separated by {mark}: separate them by commas")
        }
        (named, None) => {
            let more = if named.len() > MAX_LISTED { ", …" } else { "" };
            let listed = named.iter().take(MAX_LISTED).map(|name| format!("`{name}`"));
            let listed = listed.collect::<Vec<_>>().join(", ");
            format!("it is not set, and no column of `{file}`, which has {listed}{more}")
        }
    }
}

/// What is done with each row.
struct Rows<'a> {
    loaded: &'a Loaded,
    columns: Vec<(usize, String)>,
    by: Vec<&'a str>,
    /// Whether the derivatives were asked for by name.
    asked: bool,
    grad: bool,
    /// Whether it is told where a number first turned nan or infinite.
    trace: bool,
    /// How many cells a row has.
    width: usize,
    /// The file's.
    name: String,
}

/// Where rows go: the cells, and what is told of them.
struct Out<'o> {
    rows: csv::Writer<io::StdoutLock<'o>>,
    told: Told,
}

impl Rows<'_> {
    fn write(&mut self, data: &mut Data, set: &Values, out: &mut Out<'_>) -> io::Result<()> {
        let mut values = set.clone();
        // What is told of numbers is told of each row as it runs.
        let columns = self.columns.clone();
        let mut chunk = Chunk::new(columns.iter().map(|(_, name)| name.as_str()), set, !self.trace);
        let mut record = ByteRecord::new();
        for number in 1.. {
            let read = match data.read(&mut record) {
                Ok(true) => {
                    if number == 1 {
                        self.open(Some(&record), out)?;
                    }
                    self.read(&record, number, data.is_open(), &mut values)
                }
                end => {
                    if number == 1 {
                        self.open(None, out)?;
                    }
                    self.together(&mut chunk, out)?;
                    out.rows.flush()?;
                    match end {
                        Ok(_) => out.told.sum_up(),
                        // The file itself cannot be read on.
                        Err(error) => {
                            let message = format!("in row {number}: `{}` cannot be read: {error}", self.name);
                            let error = Diagnostic::new(Code::Data, Span::default(), message);
                            out.told.error(number, &error, &SourceMap::new(&*self.name, ""));
                        }
                    }
                    break;
                }
            };
            let waits = data.waits();
            if read.is_ok() && chunk.push(number, &values) {
                if waits || chunk.is_full() {
                    self.together(&mut chunk, out)?;
                }
            } else {
                self.together(&mut chunk, out)?;
                self.alone(number, read, &values, out)?;
            }
            if waits {
                out.rows.flush()?;
            }
        }
        Ok(())
    }

    /// Writes the names of what is given, after a look at the first row: where nothing is asked for by name, there is no
    /// derivative by a column that begins with what holds no numbers.
    fn open(&mut self, first: Option<&ByteRecord>, out: &mut Out<'_>) -> io::Result<()> {
        if !self.asked
            && let Some(first) = first
        {
            let cell_of = |(at, name): &(usize, String)| {
                let text = std::str::from_utf8(first.get(*at)?).ok()?;
                inputs::cell(name, text.trim()).ok()
            };
            let moves = |name: &str| {
                let column = self.columns.iter().find(|(_, column)| column == name);
                column.and_then(cell_of).is_none_or(|value| written::has_numbers(&value))
            };
            self.by.retain(|name| moves(name));
        }
        let names = self.by.iter().map(|name| format!("d_{name}"));
        row(out, ["value".to_string()].into_iter().chain(names))
    }

    /// What a row is differentiated by.
    fn by(&self, values: &Values) -> Vec<&str> {
        let moves = |name: &&str| self.asked || values.get(*name).is_none_or(written::has_numbers);
        self.by.iter().copied().filter(moves).collect()
    }

    /// Runs the rows that wait; one by one, if they cannot be run together.
    fn together(&self, chunk: &mut Chunk<'_>, out: &mut Out<'_>) -> io::Result<()> {
        if chunk.len() == 0 {
            return Ok(());
        }
        let start = Instant::now();
        let mut well = true;
        match chunk.run(&self.loaded.program, self.grad.then_some(&self.by[..])) {
            Some(rows) => rows.iter().try_for_each(|cells| row(out, cells))?,
            None => {
                for (number, values) in chunk.rows() {
                    well &= self.alone(number, Ok(()), &values, out)?;
                }
            }
        }
        chunk.done(well, start.elapsed());
        Ok(())
    }

    /// Runs a row, if it could be read, and says whether it succeeded.
    fn alone(
        &self,
        number: u64,
        read: Result<(), BadRow>,
        values: &Values,
        out: &mut Out<'_>,
    ) -> io::Result<bool> {
        let (ran, given) = (read.is_ok(), read.and_then(|()| self.cells(number, values)));
        if self.trace
            && ran
            && let Some(found) = nonfinite::find(&self.loaded.program, values, &self.by(values), false)
        {
            out.told.nonfinite(number, &found, &self.loaded.source);
        }
        match &given {
            Ok(cells) => row(out, cells)?,
            Err(bad) => {
                out.told.error(number, &bad.error, bad.data.as_deref().unwrap_or(&self.loaded.source));
                row(out, std::iter::repeat_n("", 1 + self.by.len()))?;
            }
        }
        Ok(given.is_ok())
    }

    /// What a row gives.
    fn cells(&self, number: u64, values: &Values) -> Result<Vec<String>, BadRow> {
        let given = reply::given(values);
        let cells = if self.grad {
            let by = self.by(values);
            self.loaded.program.value_and_grad_with(&by, &given).map(|(value, gradient)| {
                let mut gradient = by.iter().zip(&gradient).peekable();
                let places = self.by.iter().map(|name| {
                    let derivative = gradient.next_if(|(by, _)| *by == name);
                    derivative.map_or_else(String::new, |(_, derivative)| cell(derivative))
                });
                [number_text(value)].into_iter().chain(places).collect()
            })
        } else {
            self.loaded.program.call_with(&given).map(|value| vec![cell(&value)])
        };
        cells.map_err(|error| {
            let message = format!("in row {number}: {}", error.message);
            BadRow { error: Box::new(Diagnostic { message, ..error.into_finding() }), data: None }
        })
    }

    /// Puts the cells of a row among the values; one that `is_open` ends in a quotation that ends nowhere.
    fn read(
        &self,
        record: &ByteRecord,
        number: u64,
        is_open: bool,
        values: &mut Values,
    ) -> Result<(), BadRow> {
        let taken = match is_open {
            true => Err((record.len().saturating_sub(1), "a quoted cell is never closed".to_string())),
            false => self.take(record, values),
        };
        taken.map_err(|(at, message)| {
            let (text, span) = shown(record, at);
            let error = Diagnostic::new(Code::Data, span, format!("in row {number}: {message}"));
            let data = SourceMap::new(format!("{}, row {number}", self.name), text);
            BadRow { error: Box::new(error), data: Some(Box::new(data)) }
        })
    }

    /// The same; or says which cell is wrong, and why.
    fn take(&self, record: &ByteRecord, values: &mut Values) -> Result<(), (usize, String)> {
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

/// Writes a row.
fn row(out: &mut Out<'_>, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
    out.rows.write_record(cells).map_err(|error| match error.into_kind() {
        // So that a pipe that is closed is seen to be one.
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// A row that fails.
struct BadRow {
    error: Box<Diagnostic>,
    /// The row, where the error is about it and not about the program.
    data: Option<Box<SourceMap>>,
}

/// A record as a line, and the place of a cell in it.
fn shown(record: &ByteRecord, at: usize) -> (String, Span) {
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
