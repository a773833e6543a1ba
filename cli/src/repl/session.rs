//! A session: what was defined so far, and programs put together from it.
//!
//! An input is run with the definitions that it needs, each before those that need it, so that one that is not
//! used does no harm and one that is replaced is so for all. All that was entered is kept as one text, with
//! whose lines errors are drawn.

use super::definitions::{constant, definitions, mentioned};
use crate::{failure::Wrong, graph, known::Known};
use scheme_core::{
    datum::Datum,
    diag::{Code, Diagnostic, Waiting},
    reader,
    span::{SourceMap, Span},
};
use scheme_runtime::{Answer, Interpreter, StringProgram};
use std::collections::HashSet;

/// What was defined so far.
pub(super) struct Session {
    interpreter: Interpreter,
    /// All that was entered.
    transcript: String,
    definitions: Vec<Definition>,
}

/// A part of the transcript.
#[derive(Clone, Debug)]
pub(super) struct Part {
    text: String,
    /// Where it starts.
    at: u32,
}

#[derive(Clone)]
struct Definition {
    names: Vec<String>,
    part: Part,
    /// The symbols in it.
    mentions: HashSet<String>,
    /// Its value, if that is written out and can be an input.
    constant: Option<Answer>,
}

/// What an input gave.
#[derive(Debug)]
pub(super) enum Entered {
    Value(Answer),
    /// Only definitions, with those names that were defined before, and what they still miss.
    Defined(Vec<String>, Vec<Diagnostic>),
}

/// A program of an input and what it needs.
struct Composed {
    text: String,
    /// Where its parts start, in it and in the transcript.
    starts: Vec<(u32, u32)>,
    /// What was left out, to be inputs.
    inputs: Vec<(String, Answer)>,
}

impl Session {
    pub(super) fn new(interpreter: Interpreter) -> Self {
        Self { interpreter, transcript: String::new(), definitions: Vec::new() }
    }

    /// What errors are drawn with.
    pub(super) fn source(&self) -> SourceMap {
        SourceMap::new("repl", &*self.transcript)
    }

    /// The names that are defined.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.definitions.iter().flat_map(|definition| &definition.names);
        names.filter(|name| !name.contains(' ')).cloned().collect()
    }

    /// A text as a part of the session.
    pub(super) fn part(&mut self, text: &str) -> Part {
        let at = self.transcript.len() as u32;
        self.transcript.push_str(text);
        self.transcript.push('\n');
        Part { text: text.to_string(), at }
    }

    /// Refuses a text of several expressions, of which a command would be about the last one alone.
    pub(super) fn one_expression(&self, part: &Part) -> Result<(), Wrong> {
        let (data, _) = reader::read(&part.text);
        let mut expressions = data.iter().filter(|datum| !definitions(datum, &mut Vec::new()));
        let Some(second) = expressions.nth(1) else { return Ok(()) };
        let error = Diagnostic::new(Code::BadForm, second.span, "a command is about one expression");
        let hint = "a call stands in brackets: :grad (f x), after (define x 3)";
        Err(self.wrong(vec![error.hint(hint)], &[(0, part.at)]))
    }

    /// Takes definitions in and evaluates what else there is.
    pub(super) fn enter(&mut self, part: &Part) -> Result<Entered, Wrong> {
        let (data, findings) = reader::read(&part.text);
        if !findings.is_empty() {
            return Err(self.wrong(findings, &[(0, part.at)]));
        }
        let (mut defined, mut rest) = (Vec::new(), Vec::new());
        for datum in &data {
            if !definitions(datum, &mut defined) {
                rest.push(datum);
            }
        }
        if defined.is_empty() {
            return self.value(std::slice::from_ref(part)).map(Entered::Value);
        }
        let piece = |datum: &Datum| {
            let Span { start, end } = datum.span;
            let text = part.text.get(start as usize..end as usize).unwrap_or_default();
            Part { text: text.into(), at: part.at + start }
        };
        let fresh = defined.iter().map(|(datum, names)| self.definition(datum, names, piece(datum)));
        let (replaced, missing) = self.define(fresh.collect())?;
        if rest.is_empty() {
            return Ok(Entered::Defined(replaced, missing));
        }
        let rest: Vec<Part> = rest.into_iter().map(piece).collect();
        self.value(&rest).map(Entered::Value)
    }

    fn definition(&self, datum: &Datum, names: &[String], part: Part) -> Definition {
        let mut mentions = HashSet::new();
        mentioned(datum, &mut mentions);
        let is_free = |name: &str| {
            let text = reader::symbol_text(name);
            self.interpreter.load(&text).is_ok_and(|program| program.inputs().eq([name]))
        };
        let constant = match (names, datum.list()) {
            ([name], Some([_, _, value])) if is_free(name) => constant(value),
            _ => None,
        };
        Definition { names: names.to_vec(), part, mentions, constant }
    }

    /// Takes definitions in, in place of those with the same names, if they are right: gives the names that were
    /// defined before, and the procedures that are not defined yet.
    fn define(&mut self, fresh: Vec<Definition>) -> Result<(Vec<String>, Vec<Diagnostic>), Wrong> {
        let before = self.definitions.clone();
        let names: Vec<String> = fresh.iter().flat_map(|definition| definition.names.clone()).collect();
        let mut replaced = self.names();
        replaced.retain(|name| names.contains(name));
        let is_kept = |old: &Definition| !old.names.iter().any(|name| names.contains(name));
        self.definitions.retain(is_kept);
        self.definitions.extend(fresh);
        match self.check(&names) {
            Ok(missing) => Ok((replaced, missing)),
            Err(wrong) => {
                self.definitions = before;
                Err(wrong)
            }
        }
    }

    /// Whether definitions load, and have values, as far as nothing is missing.
    fn check(&self, names: &[String]) -> Result<Vec<Diagnostic>, Wrong> {
        let composed = self.compose(&[], names.iter(), false);
        match self.interpreter.load(&composed.text) {
            Ok(program) if program.inputs().len() == 0 => match program.call(&[]) {
                Ok(_) => Ok(Vec::new()),
                Err(error) => Err(self.wrong(vec![error.into()], &composed.starts)),
            },
            Ok(_) => Ok(Vec::new()),
            Err(errors) if errors.iter().all(|error| error.code == Code::UnknownProcedure) => {
                Ok(self.wrong(errors.into_findings(), &composed.starts).errors)
            }
            Err(errors) => Err(self.wrong(errors.into_findings(), &composed.starts)),
        }
    }

    fn value(&self, parts: &[Part]) -> Result<Answer, Wrong> {
        let composed = self.composed(parts, false);
        let program = self.load(&composed)?;
        // As a program it would be one of inputs; here it is the procedure that it is anywhere else.
        if parts.last().is_some_and(|part| is_lambda(&part.text)) {
            return Ok(Answer::Lambda(None));
        }
        program.call_with(&[]).map_err(|error| self.failed(error.into(), &program, &composed))
    }

    /// The value and the derivatives by the constants that were defined and by parameters, of which there is one at
    /// least.
    pub(super) fn gradient(&self, part: &Part) -> Result<(f64, Vec<(String, Answer)>), Wrong> {
        let composed = self.composed(std::slice::from_ref(part), true);
        let program = self.load(&composed)?;
        let given = composed.inputs.iter().filter(|(name, _)| program.has_input(name));
        let given: Vec<(&str, Answer)> = given.map(|(name, x)| (name.as_str(), x.clone())).collect();
        let params = program.params().map(|param| param.name.as_str());
        let by: Vec<&str> = given.iter().map(|(name, _)| *name).chain(params).collect();
        if by.is_empty() && program.inputs().len() == 0 {
            let message = "there is nothing to differentiate by: this depends on no number that was defined";
            let error = Diagnostic::new(Code::Unbound, Span::new(0, part.text.len() as u32), message);
            let hint = "define one, (define x 3), and ask about what depends on it: :grad (f x)";
            return Err(self.wrong(vec![error.hint(hint)], &[(0, part.at)]));
        }
        let (value, gradient) = program
            .value_and_grad_with(&by, &given)
            .map_err(|error| self.failed(error.into(), &program, &composed))?;
        Ok((value, by.into_iter().map(String::from).zip(gradient).collect()))
    }

    /// The type of a value, as far as it is known before it runs.
    pub(super) fn type_of(&self, part: &Part) -> Result<String, Wrong> {
        let composed = self.composed(std::slice::from_ref(part), false);
        let program = self.load(&composed)?;
        let known = Known::of(&composed.text);
        match known.errors.is_empty() {
            true => Ok(known.ty(&program)),
            false => Err(self.wrong(known.errors, &composed.starts)),
        }
    }

    /// A program in A-normal form, with the constants that were defined as inputs.
    pub(super) fn anf(&self, part: &Part) -> Result<String, Wrong> {
        let composed = self.composed(std::slice::from_ref(part), true);
        self.load(&composed)?;
        graph::anf(&composed.text, |findings| self.wrong(findings, &composed.starts))
    }

    fn load(&self, composed: &Composed) -> Result<StringProgram, Wrong> {
        let program = self.interpreter.load(&composed.text);
        program.map_err(|errors| self.wrong(errors.into_findings(), &composed.starts))
    }

    /// Parts with all that they need; `apart` leaves out constants.
    fn composed(&self, parts: &[Part], apart: bool) -> Composed {
        let mut names = HashSet::new();
        for part in parts {
            reader::read(&part.text).0.iter().for_each(|datum| mentioned(datum, &mut names));
        }
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort();
        self.compose(parts, names.iter(), apart)
    }

    fn compose<'n>(&self, parts: &[Part], names: impl Iterator<Item = &'n String>, apart: bool) -> Composed {
        let mut order = Vec::new();
        let mut seen = vec![false; self.definitions.len()];
        names.for_each(|name| self.needed(name, &mut seen, &mut order));
        let mut composed = Composed { text: String::new(), starts: Vec::new(), inputs: Vec::new() };
        let mut push = |part: &Part| {
            composed.starts.push((composed.text.len() as u32, part.at));
            composed.text.push_str(&part.text);
            composed.text.push('\n');
        };
        for definition in order {
            match (&definition.constant, &definition.names[..]) {
                (Some(constant), [name]) if apart => composed.inputs.push((name.clone(), constant.clone())),
                _ => push(&definition.part),
            }
        }
        parts.iter().for_each(push);
        composed
    }

    /// Adds the definitions of a name, after those of what they mention. What mentions itself through others stays
    /// as it was found.
    fn needed<'s>(&'s self, name: &str, seen: &mut [bool], order: &mut Vec<&'s Definition>) {
        // The first is the next to look at; what is `true` comes after its mentions.
        let mut todo = vec![(name, None)];
        while let Some((name, done)) = todo.pop() {
            if let Some(definition) = done {
                order.push(definition);
                continue;
            }
            for (i, definition) in self.definitions.iter().enumerate() {
                let is_of = |known: &String| known == name || known.strip_prefix(": ") == Some(name);
                if !definition.names.iter().any(is_of) || std::mem::replace(&mut seen[i], true) {
                    continue;
                }
                todo.push((name, Some(definition)));
                let mut mentions: Vec<&str> = definition.mentions.iter().map(String::as_str).collect();
                mentions.sort_unstable();
                todo.extend(mentions.into_iter().map(|name| (name, None)));
            }
        }
    }

    /// An error of a run, with a hint where a name has no value: one that is near, or how to give it one.
    fn failed(&self, mut error: Diagnostic, program: &StringProgram, composed: &Composed) -> Wrong {
        if error.code == Code::Unbound && error.hint.is_none() {
            let Span { start, end } = error.span;
            let name = composed.text.get(start as usize..end as usize).unwrap_or("name");
            let slip = program
                .warnings()
                .iter()
                .find(|warning| warning.code == Code::NearName && warning.span == error.span);
            let defined = || format!("give it a value: (define {name} 1)");
            error.hint = Some(slip.and_then(|slip| slip.hint.clone()).unwrap_or_else(defined));
        }
        self.wrong(vec![error], &composed.starts)
    }

    /// Findings at their places in the transcript.
    fn wrong(&self, mut findings: Vec<Diagnostic>, starts: &[(u32, u32)]) -> Wrong {
        let moved = |span: &mut Span| {
            let part = starts.partition_point(|(start, _)| *start <= span.start).saturating_sub(1);
            let (start, at) = starts.get(part).copied().unwrap_or_default();
            let shift = |position: u32| position.saturating_sub(start) + at;
            *span = Span::new(shift(span.start), shift(span.end));
        };
        for finding in &mut findings {
            moved(&mut finding.span);
            finding.calls.iter_mut().for_each(|Waiting { span, .. }| moved(span));
        }
        Wrong::new(self.source(), findings)
    }
}

/// Whether the last expression of a text is a procedure that is written out.
fn is_lambda(text: &str) -> bool {
    let (data, _) = reader::read(text);
    data.last().and_then(|datum| datum.list()?.first()?.symbol()) == Some("lambda")
}
