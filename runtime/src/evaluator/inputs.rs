//! What a program from a string is given: values for its inputs, and for parameters where others than their own.

use super::{CallError, StringProgram, names::Role};
use crate::answer::Answer;
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::{Declared, Local, Program},
    prim::arrays::Shape,
    span::Span,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// How deep a value may nest.
const MOST_NESTED: usize = 500;

/// An input of a program.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) span: Span,
    /// Its declared type.
    pub(super) declared: Option<Declared>,
}

impl Input {
    /// Whether what is given has the declared type, if there is one.
    fn check(&self, given: &Answer) -> Result<(), Diagnostic> {
        let Some(declared) = &self.declared else { return Ok(()) };
        let shape = shape_of(given);
        let (fits, array) = match declared {
            Declared::Real => (shape == Some(Shape::Number), false),
            Declared::Bool => (matches!(given, Answer::Bool(_)), false),
            Declared::Vector(n) => (shape == Some(Shape::Vector(*n as usize)), true),
            Declared::Matrix(rows, cols) => {
                (shape == Some(Shape::Matrix(*rows as usize, *cols as usize)), true)
            }
            Declared::Procedure(_) => (matches!(given, Answer::Procedure(_) | Answer::Lambda(_)), false),
        };
        if fits {
            return Ok(());
        }
        let found = match shape {
            Some(Shape::Number) => format!("a number: {given}"),
            Some(shape) => shape.to_string(),
            None => given.to_string(),
        };
        let message = format!("the input `{}` is declared {declared}, but was given {found}", self.name);
        Err(Diagnostic::new(if array { Code::Shape } else { Code::WrongType }, self.span, message))
    }
}

/// The shape of a number or an array.
fn shape_of(value: &Answer) -> Option<Shape> {
    match value {
        Answer::Number(_) => Some(Shape::Number),
        Answer::Numbers(numbers) => Some(Shape::Vector(numbers.len())),
        Answer::Matrix(rows) => Some(Shape::Matrix(rows.len(), rows.first().map_or(0, Vec::len))),
        _ => None,
    }
}

/// A learnable constant of a program from a string.
#[derive(Clone, PartialEq, Debug)]
pub struct StringParam {
    /// Its name.
    pub name: String,
    /// Its value, unless another is given.
    pub init: f64,
    /// The least value that a fit may give it.
    pub lo: Option<f64>,
    /// The greatest value that a fit may give it.
    pub hi: Option<f64>,
}

fn info(program: &Program, local: Local) -> (String, Span) {
    program.locals.get(local.0 as usize).map(|info| (info.name.to_string(), info.span)).unwrap_or_default()
}

/// The inputs of a program.
pub(super) fn inputs(program: &Program) -> Arc<[Input]> {
    let declared: HashMap<Local, &Declared> =
        program.declared.iter().map(|(about, it)| (*about, it)).collect();
    let input = |local: &Local| {
        let (name, span) = info(program, *local);
        Input { name, span, declared: declared.get(local).map(|declared| (*declared).clone()) }
    };
    program.inputs.iter().map(input).collect()
}

/// The parameters of a program.
pub(super) fn params(program: &Program) -> Arc<[StringParam]> {
    let param = |param: &scheme_core::kernel::Param| StringParam {
        name: info(program, param.local).0,
        init: param.init,
        lo: param.lo,
        hi: param.hi,
    };
    program.params.iter().map(param).collect()
}

/// The names of the parameters that a part of the text gives initial values.
pub(super) fn declared_within(program: &Program, part: Span) -> HashSet<String> {
    let declared = program.params.iter().map(|param| info(program, param.local));
    let within = |place: &Span| part.start <= place.start && place.end <= part.end;
    declared.filter(|(_, place)| within(place)).map(|(name, _)| name).collect()
}

/// The values of a run's inputs and parameters, and which of their numbers derivatives are taken by.
pub(super) struct Given<'a> {
    /// In the order of the program; with the index in `moving` of its first number, if derivatives are taken by it.
    pub(super) all: Vec<(&'a Answer, Option<usize>)>,
    /// Those that derivatives are taken by, in the order they were asked for.
    pub(super) by: Vec<Moving<'a>>,
    /// Their numbers, each input's once.
    pub(super) moving: Vec<f64>,
}

/// A value that derivatives are taken by.
#[derive(Clone, Copy)]
pub(super) struct Moving<'a> {
    pub(super) value: &'a Answer,
    /// The index of its first number.
    pub(super) first: usize,
}

impl Moving<'_> {
    /// Its form with its own items of a gradient by all numbers.
    pub(super) fn shaped(&self, gradient: &[f64]) -> Answer {
        let mut items = gradient.iter().skip(self.first).copied();
        self.value.replaced(&mut || items.next().unwrap_or(0.0).into())
    }
}

impl Given<'_> {
    /// A gradient by all numbers, for each value that derivatives are taken by.
    pub(super) fn shaped(&self, gradient: &[f64]) -> Vec<Answer> {
        self.by.iter().map(|input| input.shaped(gradient)).collect()
    }
}

impl StringProgram {
    /// The values of the inputs and then of the parameters, `by` being those that derivatives are taken by.
    pub(super) fn given<'a>(
        &'a self,
        given: &'a [(&str, Answer)],
        by: &[&str],
    ) -> Result<Given<'a>, CallError> {
        let position = |name: &str| match self.names.role(name) {
            Some(Role::Input(at)) => Ok(at),
            Some(Role::Param(at)) => Ok(self.inputs.len() + at),
            None => Err(self.error(self.no_input(name))),
        };
        let mut values = vec![None; self.inputs.len()];
        values.extend(self.initial.iter().map(Some));
        let mut seen = vec![false; values.len()];
        for (name, value) in given {
            let at = position(name)?;
            if std::mem::replace(&mut seen[at], true) {
                let message = format!("`{name}` is given twice");
                return Err(self.error(Diagnostic::new(Code::Duplicate, self.span_of(at), message)));
            }
            self.check_depth(value, self.span_of(at))?;
            values[at] = Some(value);
        }
        let mut all = Vec::with_capacity(values.len());
        for (at, value) in values.into_iter().enumerate() {
            let Some(value) = value else {
                let name = self.inputs.get(at).map_or("", |input| &input.name);
                let span = self.span_of(at);
                return Err(self.error(self.no_value(name, span)));
            };
            match self.inputs.get(at) {
                Some(input) => input.check(value).map_err(|finding| self.error(finding))?,
                None if value.number().is_none() => {
                    let name = self.params.get(at - self.inputs.len()).map_or("", |param| &param.name);
                    let message = format!("the parameter `{name}` is a number, but was given {value}");
                    return Err(self.error(Diagnostic::new(Code::WrongType, self.span_of(at), message)));
                }
                None => {}
            }
            all.push((value, None));
        }
        let mut given = Given { all, by: Vec::with_capacity(by.len()), moving: Vec::new() };
        for name in by {
            let at = position(name)?;
            let (value, first) = &mut given.all[at];
            let first = match *first {
                Some(first) => first,
                None => {
                    let start = given.moving.len();
                    value.each_number(&mut |x| given.moving.push(self.interpreter.rounded(x)));
                    if given.moving.len() == start && !value.is_empty_array() {
                        let message = format!("no derivative can be taken by `{name}`, which is {value}");
                        return Err(self.error(Diagnostic::new(Code::WrongType, self.span_of(at), message)));
                    }
                    *first = Some(start);
                    start
                }
            };
            given.by.push(Moving { value, first });
        }
        Ok(given)
    }

    /// Refuses a value that was given and nests deeper than any that a program gives.
    pub(super) fn check_depth(&self, given: &Answer, span: Span) -> Result<(), CallError> {
        if !given.nests_deeper_than(MOST_NESTED) {
            return Ok(());
        }
        let message = format!("a value that nests deeper than {MOST_NESTED} was given");
        Err(self.error(Diagnostic::new(Code::TooDeep, span, message)))
    }

    /// Where the text mentions an input or parameter first.
    pub(super) fn span_of(&self, at: usize) -> Span {
        self.inputs.get(at).map_or(self.whole(), |input| input.span)
    }
}
