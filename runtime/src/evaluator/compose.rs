//! Programs as data: one program in the place of an input of another, a definition exchanged.
//!
//! What comes out is a program again, of a text that is put together from the texts; it is loaded as any other, so
//! that values, derivatives and errors with their places go through it. Parameters keep their present values. Nothing is renamed: each program keeps
//! its definitions in a scope of its own, and inputs of one name are one input.

use super::{LoadError, StringProgram};
use crate::stack;
use scheme_core::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    reader::{self, symbol_text},
    span::Span,
};

impl StringProgram {
    /// The program with the value of another in place of an input. What is an input of both is one input of
    /// the result; definitions of neither are seen by the other.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let interp = Interpreter::new();
    /// let energy = interp.load("(* 1/2 k (square x))")?;
    /// let motion = interp.load("(* a (cos (* w t)))")?;
    /// let over_time = energy.substitute("x", &motion)?;
    /// assert_eq!(over_time.inputs().collect::<Vec<_>>(), ["a", "w", "t", "k"]);
    /// let inputs = [("a", 3.0), ("w", 2.0), ("t", 0.0), ("k", 4.0)];
    /// assert_eq!(over_time.value_and_grad(&["a", "t"], &inputs)?, (18.0, vec![12.0, 0.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A name that is no input, and what the two together are wrong in, such as two parameters of one name.
    pub fn substitute(&self, input: &str, by: &Self) -> Result<Self, LoadError> {
        if !self.inputs().any(|known| known == input) {
            return Err(self.refuse(self.no_input(input)));
        }
        let (outer, inner) = stack::for_a_text(|| (Parts::of(self), Parts::of(by)));
        // What stands for the input has the type that it has; other inputs may be declared in both.
        let kept = outer.declarations.iter().filter(|(name, _)| name != input);
        let mut declarations: Vec<&str> = kept.chain(&inner.declarations).map(|(_, text)| &**text).collect();
        declarations.sort_unstable();
        declarations.dedup();
        let texts = [self.source.text(), by.source.text()];
        let [f, g] = ["program", "operand"].map(|name| unused(name, &texts));
        let of_inner: Vec<String> = by.inputs().map(symbol_text).collect();
        let others = self.inputs().filter(|name| *name != input).map(symbol_text);
        let mut inputs = of_inner.clone();
        inputs.extend(others.filter(|name| !of_inner.contains(name)));
        let operand = |name: &str| {
            if name == input { format!("({g} {})", of_inner.join(" ")) } else { symbol_text(name) }
        };
        let operands: Vec<String> = self.inputs().map(operand).collect();
        let text = format!(
            "{}\n(define {g}\n{})\n(define {f}\n{})\n(lambda ({}) ({f} {}))",
            declarations.join("\n"),
            inner.procedure,
            outer.procedure,
            inputs.join(" "),
            operands.join(" "),
        );
        self.interpreter.load(&text)?.keeping(&[self, by])
    }

    /// The composition: this program, which has one input, of the value of another.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let interp = Interpreter::new();
    /// let both = interp.load("(exp x)")?.compose(&interp.load("(lambda (t) (* -2 t))")?)?;
    /// assert_eq!(both.value_and_grad(&["t"], &[("t", 0.0)])?, (1.0, vec![-2.0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Several inputs or none, and those of [`substitute`](Self::substitute).
    pub fn compose(&self, inner: &Self) -> Result<Self, LoadError> {
        match &self.inputs[..] {
            [input] => self.substitute(&input.name, inner),
            inputs => {
                let message =
                    format!("a program of one input can be composed, but this one has {}", inputs.len());
                let finding = Diagnostic::new(Code::Arity, self.whole(), message);
                Err(self.refuse(finding.hint("`substitute` says which input another program stands for")))
            }
        }
    }

    /// The program with one of its definitions exchanged: `definition` is a `(define …)` of a name that the
    /// program defines.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let model = Interpreter::new().load("(define (rate t) (* k t)) (exp (- (rate t)))")?;
    /// let other = model.redefine("(define (rate t) (/ t k))")?;
    /// assert_eq!(model.grad(&["t"], &[("k", 2.0), ("t", 0.0)])?, [-2.0]);
    /// assert_eq!(other.grad(&["t"], &[("k", 2.0), ("t", 0.0)])?, [-0.5]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A text that is not one definition, a name that the program does not define, and those of
    /// [`Interpreter::load`](super::Interpreter::load) for the whole.
    pub fn redefine(&self, definition: &str) -> Result<Self, LoadError> {
        stack::for_a_text(|| self.redefined(definition))
    }

    fn redefined(&self, definition: &str) -> Result<Self, LoadError> {
        let (data, findings) = reader::read(definition);
        let wrong = |findings| Err(LoadError::new(definition, findings));
        if findings.iter().any(|finding| !finding.is_warning()) {
            return wrong(findings);
        }
        let [datum] = &data[..] else {
            let span = data.get(1).map_or(Span::default(), |second| second.span);
            return wrong(vec![Diagnostic::new(
                Code::BadForm,
                span,
                "one definition is exchanged at a time",
            )]);
        };
        let Some(name) = defined(datum) else {
            return wrong(vec![Diagnostic::new(Code::BadForm, datum.span, "this is not a definition")]);
        };
        let text = self.source.text();
        let (program, _) = reader::read(text);
        let Some(old) = program.iter().find(|form| defined(form) == Some(name)) else {
            let finding =
                Diagnostic::new(Code::Unbound, datum.span, format!("the program does not define `{name}`"));
            let names: Vec<&str> = program.iter().filter_map(defined).collect();
            let hint = match &names[..] {
                [] => "it defines nothing".to_string(),
                names => format!("its definitions are: {}", names.join(", ")),
            };
            return wrong(vec![finding.hint(hint)]);
        };
        let (before, after) = (Span::new(0, old.span.start), Span::new(old.span.end, text.len() as u32));
        let new = [slice(text, before), slice(definition, datum.span), slice(text, after)];
        self.interpreter.load(&new.concat())?.keeping(&[self])
    }

    /// The same with the present values of the parameters that it was made with.
    fn keeping(self, parts: &[&Self]) -> Result<Self, LoadError> {
        let known = |name: &str| self.params().any(|param| param.name == name);
        let values = parts.iter().flat_map(|part| part.params()).filter(|param| known(&param.name));
        let values: Vec<(&str, f64)> = values.map(|param| (&*param.name, param.init)).collect();
        self.with_params(&values).map_err(|finding| self.refuse(finding))
    }

    fn refuse(&self, finding: Diagnostic) -> LoadError {
        LoadError { source: self.source.clone(), findings: vec![finding] }
    }
}

/// The top of a program, taken apart.
struct Parts {
    /// The declarations, `(: name type)`, with the names they are about.
    declarations: Vec<(String, String)>,
    /// A procedure of the inputs that gives the value and sees nothing of what is around it.
    procedure: String,
}

impl Parts {
    fn of(program: &StringProgram) -> Self {
        let text = program.source.text();
        let (data, _) = reader::read(text);
        let mut declarations = Vec::new();
        let mut definitions = String::new();
        let mut last: Option<&Datum> = None;
        for datum in flat(&data) {
            let written = slice(text, datum.span);
            if let Some(name) = declared(datum) {
                declarations.push((name.to_string(), written.to_string()));
                continue;
            }
            // Definitions come first in a body: an expression before others is a definition of nothing.
            if let Some(between) = last.take() {
                let between = slice(text, between.span);
                definitions.push_str(&format!("(define-values () (begin {between}\n (values)))\n"));
            }
            if matches!(head(datum), Some("define" | "define-values")) {
                definitions.push_str(&format!("{written}\n"));
            } else {
                last = Some(datum);
            }
        }
        let value = last.map_or("(if #f #f)", |last| slice(text, last.span));
        let scoped = match &definitions[..] {
            "" => value.to_string(),
            definitions => format!("(let ()\n{definitions}{value}\n)"),
        };
        let procedure = match last.filter(|last| is_entry(last, program)) {
            Some(_) => scoped,
            None => {
                let names: Vec<String> = program.inputs().map(symbol_text).collect();
                format!("(lambda ({})\n{scoped})", names.join(" "))
            }
        };
        Self { declarations, procedure }
    }
}

/// The forms at the top, those in a `begin` among them.
fn flat(data: &[Datum]) -> Vec<&Datum> {
    let mut forms = Vec::new();
    let mut left: Vec<&Datum> = data.iter().rev().collect();
    while let Some(datum) = left.pop() {
        match datum.list() {
            Some([head, parts @ ..]) if head.symbol() == Some("begin") && !parts.is_empty() => {
                left.extend(parts.iter().rev());
            }
            _ => forms.push(datum),
        }
    }
    forms
}

/// A name that no text has.
fn unused(name: &str, texts: &[&str]) -> String {
    let mut name = name.to_string();
    while texts.iter().any(|text| text.contains(&name)) {
        name.push('*');
    }
    name
}

/// Whether the last expression of a program is a procedure that takes its inputs.
fn is_entry(last: &Datum, program: &StringProgram) -> bool {
    let Some([head, parameters, ..]) = last.list() else { return false };
    let names = parameters.list().map(|names| names.iter().map(Datum::symbol));
    head.symbol() == Some("lambda") && names.is_some_and(|names| names.eq(program.inputs().map(Some)))
}

fn head(datum: &Datum) -> Option<&str> {
    datum.list()?.first()?.symbol()
}

/// The name that `(: name type)` is about.
fn declared(datum: &Datum) -> Option<&str> {
    if head(datum) == Some(":") { datum.list()?.get(1)?.symbol() } else { None }
}

/// The name that `(define …)` defines.
fn defined(datum: &Datum) -> Option<&str> {
    if head(datum) != Some("define") {
        return None;
    }
    let target = datum.list()?.get(1)?;
    match &target.kind {
        Kind::List { items, .. } => items.first()?.symbol(),
        _ => target.symbol(),
    }
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}
