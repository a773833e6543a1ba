//! A checked program as portable data: versioned JSON, without the text it was read from.
//!
//! It holds the program's forms as data, its inputs, and its parameters with their present values. What is read
//! back is trusted in nothing: size, version and checksum are looked at, then the forms are checked and analysed as
//! those of any text, within the limits, and must have the inputs and parameters that the artefact says.

use super::{Interpreter, LoadError, StringProgram, text};
use crate::{json, stack};
use scheme_core::{
    diag::{Code, Diagnostic},
    reader,
    span::Span,
};
use serde_json::{Value, json};

const FORMAT: &str = "scheme-grad program";
const VERSION: u64 = 1;

impl StringProgram {
    /// The program as an artefact, a text of JSON.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let interp = Interpreter::new();
    /// let model = interp.load("(* (param k 1 0 10) x x) ; a spring")?.with_params(&[("k", 2.5)])?;
    /// let again = interp.load_artefact(&model.to_artefact())?;
    /// assert_eq!(again.value_and_grad(&["k", "x"], &[("x", 2.0)])?, (10.0, vec![4.0, 10.0]));
    ///
    /// let damaged = model.to_artefact().replace("2.5", "3.5");
    /// assert_eq!(interp.load_artefact(&damaged).unwrap_err()[0].code.as_str(), "E1001");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_artefact(&self) -> String {
        let contents = Contents::of(self);
        let params: Vec<Value> = contents.params.iter().map(Param::to_json).collect();
        let artefact = json!({
            "format": FORMAT,
            "version": VERSION,
            "inputs": contents.inputs,
            "params": params,
            "forms": contents.forms,
            "checksum": contents.checksum(),
        });
        format!("{artefact:#}\n")
    }
}

impl Interpreter {
    /// Reads an artefact back.
    ///
    /// # Errors
    /// A text that is no artefact, that is damaged or of another version, and those of [`load`](Self::load).
    pub fn load_artefact(&self, text: &str) -> Result<StringProgram, LoadError> {
        text::within(text.as_bytes(), self.limits.source)?;
        let refused = |finding: Diagnostic| LoadError::new(text, vec![finding]);
        let contents = Contents::read(text).map_err(refused)?;
        let program = self.load(&contents.forms.join("\n"))?;
        // Its place is in the artefact, where the value stands, and not in the forms.
        let program = program
            .with_params(&contents.values())
            .map_err(|error| refused(Diagnostic { span: whole(text), ..error.into_finding() }))?;
        if Contents::of(&program) != contents {
            return Err(refused(damaged(text, "its inputs or parameters are not those of its program")));
        }
        Ok(program)
    }
}

/// What an artefact holds.
#[derive(PartialEq)]
struct Contents {
    inputs: Vec<String>,
    params: Vec<Param>,
    /// The data of the program, as text.
    forms: Vec<String>,
}

#[derive(PartialEq)]
struct Param {
    name: String,
    init: f64,
    lo: Option<f64>,
    hi: Option<f64>,
}

impl Param {
    fn to_json(&self) -> Value {
        // JSON has no infinities.
        let number = |x: f64| if x.is_finite() { json!(x) } else { json!(reader::number_text(x)) };
        json!({
            "name": self.name, "init": number(self.init), "lo": self.lo.map(number), "hi": self.hi.map(number),
        })
    }

    fn read(json: &Value) -> Option<Self> {
        let number = |key: &str| match json.get(key)? {
            Value::Number(x) => x.as_f64(),
            Value::String(text) => reader::parse_number(text, 10).ok(),
            _ => None,
        };
        let bound = |key: &str| match json.get(key)? {
            Value::Null => Some(None),
            _ => number(key).map(Some),
        };
        let name = json.get("name")?.as_str()?.to_string();
        Some(Self { name, init: number("init")?, lo: bound("lo")?, hi: bound("hi")? })
    }
}

impl Contents {
    fn of(program: &StringProgram) -> Self {
        let param = |param: &super::StringParam| Param {
            name: param.name.clone(),
            init: param.init,
            lo: param.lo,
            hi: param.hi,
        };
        Self {
            inputs: program.inputs().map(String::from).collect(),
            params: program.params().map(param).collect(),
            forms: stack::for_a_text(|| {
                reader::read(program.source.text()).0.iter().map(ToString::to_string).collect()
            }),
        }
    }

    fn read(text: &str) -> Result<Self, Diagnostic> {
        let json = json::read(text).map_err(|error| {
            let line =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            // Columns count bytes: one may be inside of a character.
            let at = text.floor_char_boundary(line + error.column().saturating_sub(1)) as u32;
            let message = format!("the artefact is damaged: {error}");
            Diagnostic::new(Code::Damaged, Span::new(at, at), message)
        })?;
        if json.get("format").and_then(Value::as_str) != Some(FORMAT) {
            let hint = "a program is text such as (* a x); as JSON only what `compile` saved can be read";
            return Err(damaged(text, "it does not say that it is a program").hint(hint));
        }
        let version = json.get("version").and_then(Value::as_u64);
        if version != Some(VERSION) {
            let version =
                version.map_or("an unknown version".to_string(), |version| format!("version {version}"));
            let message = format!("the artefact is of {version}, and only version {VERSION} can be read");
            let finding = Diagnostic::new(Code::OtherVersion, whole(text), message);
            return Err(finding.hint("save it again from the program's text, with this version"));
        }
        let strings = |key: &str| {
            let items = json.get(key)?.as_array()?;
            items.iter().map(|item| item.as_str().map(String::from)).collect::<Option<Vec<_>>>()
        };
        let params = json.get("params").and_then(Value::as_array);
        let params = params.and_then(|params| params.iter().map(Param::read).collect::<Option<Vec<_>>>());
        let missing =
            |key: &str| damaged(text, &format!("its `{key}` are missing or not what they should be"));
        let contents = Self {
            inputs: strings("inputs").ok_or_else(|| missing("inputs"))?,
            params: params.ok_or_else(|| missing("params"))?,
            forms: strings("forms").ok_or_else(|| missing("forms"))?,
        };
        if json.get("checksum").and_then(Value::as_str) != Some(&contents.checksum()) {
            return Err(damaged(text, "what it holds is not what was saved"));
        }
        Ok(contents)
    }

    fn values(&self) -> Vec<(&str, f64)> {
        self.params.iter().map(|param| (&*param.name, param.init)).collect()
    }

    /// FNV-1a of all that it holds, in 64 bits: against damage, not against malice, for which the forms are checked.
    fn checksum(&self) -> String {
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        let mut add = |bytes: &[u8]| {
            for byte in bytes.iter().chain(&[0xFF]) {
                sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        self.inputs.iter().for_each(|name| add(name.as_bytes()));
        add(b"params");
        for Param { name, init, lo, hi } in &self.params {
            add(name.as_bytes());
            for x in [Some(*init), *lo, *hi] {
                add(&x.map_or([0xFE; 8], f64::to_le_bytes));
            }
        }
        add(b"forms");
        self.forms.iter().for_each(|form| add(form.as_bytes()));
        format!("{sum:016x}")
    }
}

fn whole(text: &str) -> Span {
    Span::new(0, text.len() as u32)
}

fn damaged(text: &str, how: &str) -> Diagnostic {
    Diagnostic::new(Code::Damaged, whole(text), format!("the artefact is damaged: {how}"))
}
