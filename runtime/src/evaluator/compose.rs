//! Programs as data: one program in the place of an input of another, a definition exchanged.
//!
//! What comes out is a program again, of a text that is put together from the texts; it is loaded as any other, so
//! that values, derivatives and errors with their places go through it. Parameters keep their present values, but for
//! those that an exchanged definition declares itself. Nothing is renamed: each program keeps its definitions in a scope
//! of its own, and inputs of one name are one input. What is written around them has its meaning whatever they call
//! their own, `if` and `begin` included: in their scopes it is only heads of definitions, which mean the language's
//! there, and names that they do not mention.

use super::{LoadError, StringParam, StringProgram, inputs, names::listed, text};
use crate::stack;
use scheme_core::{
    datum::{Bracket, Datum, Kind},
    diag::{Code, Diagnostic},
    reader::{self, symbol_text},
    span::{SourceMap, Span},
};
use std::collections::HashSet;

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
    /// A name that is no input, an input of one program that is a parameter of the other, and what the two together
    /// are wrong in, such as two parameters of one name.
    pub fn substitute(&self, input: &str, by: &Self) -> Result<Self, LoadError> {
        if !self.has_input(input) {
            return Err(self.refuse(self.no_input(input)));
        }
        let here = self.inputs().find(|name| *name != input && by.param(name).is_some());
        if let Some(name) = here.or_else(|| by.inputs().find(|name| self.param(name).is_some())) {
            let message = format!("`{name}` is an input of one program and a parameter of the other");
            let finding = Diagnostic::new(Code::Duplicate, self.whole(), message);
            return Err(self.refuse(finding.hint("call one of them otherwise")));
        }
        let (outer, inner) = stack::for_a_text(|| (Parts::of(self), Parts::of(by)));
        // What stands for the input has the type that it has; other inputs may be declared in both.
        let kept = outer.declarations.iter().filter(|(name, _)| name != input);
        let mut declarations: Vec<&str> = kept.chain(&inner.declarations).map(|(_, text)| &**text).collect();
        declarations.sort_unstable();
        declarations.dedup();
        let taken: HashSet<&str> = outer.names.iter().chain(&inner.names).map(String::as_str).collect();
        let [f, g] = ["program", "operand"].map(|name| unused(name, &taken));
        let of_inner: Vec<String> = by.inputs().map(symbol_text).collect();
        let others = self.inputs().filter(|name| *name != input && !by.has_input(name)).map(symbol_text);
        let mut inputs = of_inner.clone();
        inputs.extend(others);
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
        self.interpreter.load(&text)?.keeping(&[self, by], &HashSet::new())
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
        let hint = match &self.inputs[..] {
            [input] => return self.substitute(&input.name, inner),
            [] => "it has no inputs, so that nothing can be put in the place of one",
            _ => "`substitute` says which input another program stands for",
        };
        let message =
            format!("a program of one input can be composed, but this one has {}", self.inputs.len());
        Err(self.refuse(Diagnostic::new(Code::Arity, self.whole(), message).hint(hint)))
    }

    /// The program with one of its definitions exchanged: `definition` is a `(define …)` of a name that the
    /// program defines. Parameters that it gives initial values start with those; others keep their present values.
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
        let limits = self.interpreter.limits;
        text::within(definition.as_bytes(), limits.source)?;
        let (data, findings) = reader::read_with(definition, text::nesting(limits.nesting));
        let wrong = |findings| Err(LoadError::new(definition, findings));
        if findings.iter().any(|finding| !finding.is_warning()) {
            return wrong(findings);
        }
        let forms = flat(&data);
        let datum = match &forms[..] {
            [datum] => *datum,
            others => {
                let what = "one definition is exchanged at a time";
                let (span, what) = others
                    .get(1)
                    .map_or((Span::default(), "there is no definition"), |second| (second.span, what));
                return wrong(vec![Diagnostic::new(Code::BadForm, span, what)]);
            }
        };
        let names = defined(datum);
        let Some(name) = names.first() else {
            return wrong(vec![Diagnostic::new(Code::BadForm, datum.span, "this is not a definition")]);
        };
        let text = self.source.text();
        let (program, _) = reader::read(text);
        let forms = flat(&program);
        let Some(old) = forms.iter().find(|form| defined(form).iter().any(|old| names.contains(old))) else {
            let finding =
                Diagnostic::new(Code::Unbound, datum.span, format!("the program does not define `{name}`"));
            let all: Vec<&str> = forms.iter().flat_map(|form| defined(form)).collect();
            return wrong(vec![finding.hint(listed("definitions", all.into_iter()))]);
        };
        let olds = defined(old);
        if olds.len() != names.len() || olds.iter().any(|old| !names.contains(old)) {
            let message = format!("the program defines {} at once", olds.join(", "));
            let finding = Diagnostic::new(Code::BadForm, datum.span, message);
            return wrong(vec![finding.hint("the other definition must be of the same names")]);
        }
        let (before, after) = (Span::new(0, old.span.start), Span::new(old.span.end, text.len() as u32));
        let new = slice(definition, datum.span);
        let text = [slice(text, before), new, slice(text, after)].concat();
        let made = self.interpreter.load(&text)?;
        let (program, _) =
            self.interpreter.kernel(&text).map_err(|findings| LoadError::new(&text, findings))?;
        let new = Span::new(before.end, before.end + new.len() as u32);
        made.keeping(&[self], &inputs::declared_within(&program, new))
    }

    /// The same with the present values of the parameters that it was made with, but for those declared anew.
    fn keeping(self, parts: &[&Self], anew: &HashSet<String>) -> Result<Self, LoadError> {
        let known = |param: &&StringParam| self.param(&param.name).is_some() && !anew.contains(&param.name);
        let values = parts.iter().flat_map(|part| part.params()).filter(known);
        let values: Vec<(&str, f64)> = values.map(|param| (&*param.name, param.init)).collect();
        self.with_params(&values).map_err(|error| self.refuse(error.into_finding()))
    }

    fn refuse(&self, finding: Diagnostic) -> LoadError {
        LoadError { source: SourceMap::clone(&self.source), findings: vec![finding] }
    }
}

/// The top of a program, taken apart.
struct Parts {
    /// The declarations, `(: name type)`, with the names they are about.
    declarations: Vec<(String, String)>,
    /// A procedure of the inputs that gives the value and sees nothing of what is around it.
    procedure: String,
    /// Every name in it.
    names: Vec<String>,
}

impl Parts {
    fn of(program: &StringProgram) -> Self {
        let text = program.source.text();
        let (data, _) = reader::read(text);
        let mut names = Vec::new();
        data.iter().for_each(|datum| mentioned(datum, &mut names));
        let taken: HashSet<&str> = names.iter().map(String::as_str).collect();
        let mut count = 0_u64;
        let mut fresh = || loop {
            count += 1;
            let name = format!("value-{count}");
            if !taken.contains(&*name) {
                return name;
            }
        };
        let forms = flat(&data);
        let mut declarations = Vec::new();
        let mut definitions = String::new();
        let mut last: Option<&Datum> = None;
        for datum in &forms {
            let written = slice(text, datum.span);
            if let Some(name) = declared(datum) {
                declarations.push((name.to_string(), written.to_string()));
                continue;
            }
            // Definitions come first in a body: an expression before others is one of a name for all its values.
            if let Some(between) = last.take() {
                definitions.push_str(&format!(
                    "(define-values {}\n{})\n",
                    fresh(),
                    slice(text, between.span)
                ));
            }
            if matches!(head(datum), Some("define" | "define-values")) {
                definitions.push_str(&format!("{written}\n"));
            } else {
                last = Some(datum);
            }
        }
        let nothing = fresh();
        let value = last.map_or(&*nothing, |last| slice(text, last.span));
        let mut scoped = match &definitions[..] {
            "" => value.to_string(),
            definitions => format!("(let ()\n{definitions}{value}\n)"),
        };
        if last.is_none() {
            scoped = format!("(let (({nothing} (if #f #f)))\n{scoped})");
        }
        let is_form = !forms.iter().any(|form| defined(form).contains(&"lambda"));
        let procedure = match last.filter(|last| is_form && is_entry(last, program)) {
            Some(_) => scoped,
            None => {
                let names: Vec<String> = program.inputs().map(symbol_text).collect();
                format!("(lambda ({})\n{scoped})", names.join(" "))
            }
        };
        Self { declarations, procedure, names }
    }
}

/// The forms at the top, those in a `begin` among them. As where it is loaded, heads of forms at the top mean the
/// language's, whatever the program defines.
fn flat(data: &[Datum]) -> Vec<&Datum> {
    let mut forms = Vec::new();
    let mut left: Vec<&Datum> = data.iter().rev().collect();
    while let Some(datum) = left.pop() {
        match datum.list() {
            Some([_, parts @ ..]) if head(datum) == Some("begin") && !parts.is_empty() => {
                left.extend(parts.iter().rev());
            }
            _ => forms.push(datum),
        }
    }
    forms
}

/// The symbols in a datum.
fn mentioned(datum: &Datum, found: &mut Vec<String>) {
    match &datum.kind {
        Kind::Symbol(name) => found.push(name.to_string()),
        Kind::List { items, tail, .. } => {
            items.iter().chain(tail.as_deref()).for_each(|item| mentioned(item, found));
        }
        Kind::Vector(items) => items.iter().for_each(|item| mentioned(item, found)),
        Kind::Number(_) | Kind::Bool(_) | Kind::Str(_) | Kind::Char(_) | Kind::Splice(_) => {}
    }
}

/// A name that is not taken.
fn unused(name: &str, taken: &HashSet<&str>) -> String {
    let mut name = name.to_string();
    while taken.contains(&*name) {
        name.push('*');
    }
    name
}

/// Whether the last expression of a program is a procedure that takes its inputs.
fn is_entry(last: &Datum, program: &StringProgram) -> bool {
    let Some([_, parameters, ..]) = last.list() else { return false };
    let names = parameters.list().map(|names| names.iter().map(Datum::symbol));
    head(last) == Some("lambda") && names.is_some_and(|names| names.eq(program.inputs().map(Some)))
}

/// The word that a list in parentheses starts with.
fn head(datum: &Datum) -> Option<&str> {
    let Kind::List { bracket: Bracket::Round, .. } = datum.kind else { return None };
    datum.list()?.first()?.symbol()
}

/// The name that `(: name type)` is about.
fn declared(datum: &Datum) -> Option<&str> {
    if head(datum) == Some(":") { datum.list()?.get(1)?.symbol() } else { None }
}

/// The names that `(define …)` or `(define-values …)` defines; none of what is neither.
fn defined(datum: &Datum) -> Vec<&str> {
    let Some([_, target, ..]) = datum.list() else { return Vec::new() };
    match head(datum) {
        Some("define") => match &target.kind {
            Kind::List { items, .. } => items.first().and_then(Datum::symbol).into_iter().collect(),
            _ => target.symbol().into_iter().collect(),
        },
        Some("define-values") => match &target.kind {
            Kind::List { items, tail, .. } => {
                items.iter().chain(tail.as_deref()).filter_map(Datum::symbol).collect()
            }
            _ => target.symbol().into_iter().collect(),
        },
        _ => Vec::new(),
    }
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}
