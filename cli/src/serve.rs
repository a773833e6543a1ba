//! `serve-lines`: a JSON request on each line of standard input, a JSON answer on each line of standard output.
//!
//! A line that cannot be answered is answered by an error, and the next one is read; only the end of the input
//! ends it. Answers come in the order of the requests, each at once. Programs that come again are not loaded again.

use crate::{
    args::Serve,
    failure::{Failure, Wrong},
    inputs::{self, Values},
    json,
    known::Known,
    loaded::Loaded,
    nonfinite, reply,
    source::Source,
};
use lru::LruCache;
use scheme_core::{
    diag::{Code, Diagnostic},
    span::{SourceMap, Span},
};
use scheme_runtime::Interpreter;
use serde_core::{
    Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};
use std::{
    borrow::Cow,
    cell::OnceCell,
    fmt,
    io::{self, BufRead, Read, Write},
    num::NonZeroUsize,
    rc::Rc,
};

/// How many programs are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(128).unwrap();

/// The longest text that is kept, in bytes.
const LONGEST_KEPT: usize = 32 << 10;

/// The longest line, in bytes.
const LONGEST: u64 = 16 << 20;

/// The longest line that is drawn when it is wrong.
const LONGEST_SHOWN: usize = 4 << 10;

/// Answers until the input ends; gives the exit code.
pub(crate) fn serve(args: &Serve) -> Result<u8, Failure> {
    let interpreter = args.budgets.interpreter();
    let trace = args.trace.trace_nonfinite;
    let mut server = Server { interpreter, trace, programs: LruCache::new(KEPT) };
    match server.serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        // Who closed the pipe wants no more answers.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Usage(format!("requests cannot be read or answered: {error}")))
        }
        _ => Ok(0),
    }
}

/// What a line is answered by.
type Fields = Vec<(&'static str, String)>;

struct Server {
    interpreter: Interpreter,
    /// Whether it is told where a number first turned nan or infinite.
    trace: bool,
    /// By their texts.
    programs: LruCache<String, Rc<Kept>>,
}

/// A program that may come again.
struct Kept {
    loaded: Loaded,
    /// What is known before it runs, once that was asked.
    known: OnceCell<Known>,
}

impl Server {
    fn serve(&mut self, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            let is_cut = line.last() != Some(&b'\n') && read as u64 == LONGEST;
            if is_cut {
                input.skip_until(b'\n')?;
            }
            let (id, answer) = match is_cut {
                true => {
                    (None, Err(refused("", Span::default(), format!("it is longer than {LONGEST} bytes"))))
                }
                false => self.answer(&line),
            };
            let fields = answer.unwrap_or_else(|wrong| wrong.fields());
            let id = ("id", id.unwrap_or_else(|| "null".into()));
            writeln!(output, "{}", json::object([id].into_iter().chain(fields)))?;
            output.flush()?;
        }
    }

    /// The request's id, as JSON, and the answer.
    fn answer(&mut self, line: &[u8]) -> (Option<String>, Result<Fields, Wrong>) {
        let Ok(text) = std::str::from_utf8(line) else {
            let shown = String::from_utf8_lossy(line);
            return (None, Err(refused(&shown, Span::default(), "it is not UTF-8 text".into())));
        };
        let text = text.trim_end();
        let id = id_of(text);
        let request = match scheme_runtime::json::read(text) {
            Ok(request) => request,
            Err(error) => {
                // Columns count bytes, from 1; one past the last stands for the end.
                let at = (error.column() as u32).saturating_sub(1);
                return (id, Err(refused(text, Span::new(at, at + 1), format!("it is not JSON: {error}"))));
            }
        };
        let whole = Span::new(0, text.len() as u32);
        let wrong = |message: String| refused(text, whole, message);
        let Value::Object(request) = request else {
            return (None, Err(wrong("it is not a JSON object".into())));
        };
        (id, self.answered(&request, &wrong))
    }

    fn answered(
        &mut self,
        request: &Map<String, Value>,
        wrong: &dyn Fn(String) -> Wrong,
    ) -> Result<Fields, Wrong> {
        let Request { op, program, values, wrt } = Request::of(request).map_err(wrong)?;
        let kept = self.load(program)?;
        let Loaded { source, program } = &kept.loaded;
        let wrt = wrt.as_deref();
        let reply = match op {
            Op::Run => reply::run(program, &values),
            Op::Grad => reply::grad(program, &values, wrt),
            Op::Hessian => reply::hessian(program, &values, wrt),
            Op::Check => {
                let known = kept.known.get_or_init(|| kept.loaded.known());
                return match known.errors.is_empty() {
                    true => Ok(reply::checked(program, known, source)),
                    false => Err(Wrong::new(source.clone(), known.errors.clone())),
                };
            }
        };
        let traced = self.trace.then(|| {
            let by = if let Op::Run = op { Vec::new() } else { reply::names(program, &values, wrt) };
            let twice = matches!(op, Op::Hessian);
            nonfinite::field(nonfinite::find(program, &values, &by, twice).as_ref(), source)
        });
        match reply {
            Ok(reply) => Ok(reply.fields().into_iter().chain(traced).collect()),
            Err(error) => {
                let mut wrong = Wrong::new(source.clone(), vec![error.into()]);
                wrong.more.extend(traced);
                Err(wrong)
            }
        }
    }

    /// The program of a text, perhaps from before.
    fn load(&mut self, text: &str) -> Result<Rc<Kept>, Wrong> {
        if let Some(kept) = self.programs.get(text) {
            return Ok(kept.clone());
        }
        let loaded = Loaded::of(&self.interpreter, &Source::new("program", text))?;
        let kept = Rc::new(Kept { loaded, known: OnceCell::new() });
        if text.len() <= LONGEST_KEPT {
            self.programs.put(text.to_string(), kept.clone());
        }
        Ok(kept)
    }
}

/// The id in a request, as it is written: a number may have more digits than any that is computed with. It is read as
/// far as the text can be, unless there are two.
fn id_of(text: &str) -> Option<String> {
    struct Id<'i>(&'i mut Option<String>);
    impl<'de> Visitor<'de> for Id<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a request")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
            let (mut next, mut twice) = (fields.next_key::<Cow<'de, str>>()?, false);
            while let Some(key) = next {
                let value: &RawValue = fields.next_value()?;
                // What follows tells that it is whole.
                next = fields.next_key()?;
                if key == "id" {
                    twice |= self.0.is_some();
                    *self.0 = (!twice).then(|| value.get().to_string());
                }
            }
            Ok(())
        }
    }
    let mut id = None;
    // Where the text ends to be JSON, nothing more of it is read.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Id(&mut id));
    id
}

/// An error about a request itself.
fn refused(text: &str, span: Span, message: String) -> Wrong {
    let text = if text.len() > LONGEST_SHOWN { "" } else { text };
    let message = format!("the request cannot be answered: {message}");
    Wrong::new(SourceMap::new("request", text), vec![Diagnostic::new(Code::Request, span, message)])
}

enum Op {
    Run,
    Grad,
    Hessian,
    Check,
}

struct Request<'a> {
    op: Op,
    program: &'a str,
    values: Values,
    wrt: Option<Vec<String>>,
}

impl<'a> Request<'a> {
    fn of(fields: &'a Map<String, Value>) -> Result<Self, String> {
        const KEYS: [&str; 5] = ["id", "op", "program", "inputs", "wrt"];
        if let Some(other) = fields.keys().find(|key| !KEYS.contains(&key.as_str())) {
            let other = short(&other.as_str().into());
            return Err(format!("{other} is no key of a request, which has {}", KEYS.join(", ")));
        }
        let text = |key: &str| match fields.get(key) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(other) => Err(format!("`{key}` is not a string: {}", short(other))),
            None => Err(format!("`{key}` is missing")),
        };
        let op = match text("op")? {
            "run" => Op::Run,
            "grad" => Op::Grad,
            "hessian" => Op::Hessian,
            "check" => Op::Check,
            other => {
                return Err(format!("`op` is none of run, grad, hessian, check: {}", short(&other.into())));
            }
        };
        let values = match fields.get("inputs") {
            None | Some(Value::Null) => Values::new(),
            Some(Value::Object(inputs)) => inputs::values_of(inputs)?,
            Some(other) => return Err(format!("`inputs` is not an object: {}", short(other))),
        };
        let wrt = match fields.get("wrt") {
            None | Some(Value::Null) => None,
            Some(wrt) => {
                let names = wrt.as_array().and_then(|names| {
                    names.iter().map(|name| name.as_str().map(String::from)).collect::<Option<Vec<_>>>()
                });
                Some(names.ok_or_else(|| format!("`wrt` is not an array of names: {}", short(wrt)))?)
            }
        };
        Ok(Self { op, program: text("program")?, values, wrt })
    }
}

/// JSON to be quoted in a message.
fn short(json: &Value) -> String {
    const LONGEST: usize = 60;
    let text = json.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
