//! What a string program is given: numbers for its inputs, and for parameters where others than their own.

use super::StringProgram;
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::{Declared, Local, Program},
    prim::arrays::{Shape, Shaped},
    reader::number_text,
    span::Span,
};

/// A number, vector or matrix of a program's input, or of a derivative by one: `2.0.into()`,
/// `[1.0, 2.0].into()`, `[[1.0, 0.0], [0.0, 1.0]].into()`.
pub type Numbers = Shaped<f64>;

/// Plain numbers as inputs.
pub(super) fn plain<'a>(inputs: &[(&'a str, f64)]) -> Vec<(&'a str, Numbers)> {
    inputs.iter().map(|(name, x)| (*name, Numbers::Number(*x))).collect()
}

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
    fn check(&self, given: &Numbers) -> Result<(), Diagnostic> {
        let Some(declared) = &self.declared else { return Ok(()) };
        let expected = match declared {
            Declared::Real => Some(Shape::Number),
            Declared::Vector(n) => Some(Shape::Vector(*n as usize)),
            Declared::Matrix(rows, cols) => Some(Shape::Matrix(*rows as usize, *cols as usize)),
            Declared::Bool | Declared::Procedure(_) => None,
        };
        if expected == Some(given.shape()) {
            return Ok(());
        }
        let array = |shape: Shape| shape != Shape::Number;
        let code = if expected.is_some_and(array) { Code::Shape } else { Code::WrongType };
        let found = match given {
            Numbers::Number(x) => format!("a number: {}", number_text(*x)),
            array => array.shape().to_string(),
        };
        let message = format!("the input `{}` is declared {declared}, but was given {found}", self.name);
        Err(Diagnostic::new(code, self.span, message))
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
pub(super) fn inputs(program: &Program) -> Vec<Input> {
    let input = |local: &Local| {
        let (name, span) = info(program, *local);
        let declared = program.declared.iter().find(|(about, _)| about == local);
        Input { name, span, declared: declared.map(|(_, declared)| declared.clone()) }
    };
    program.inputs.iter().map(input).collect()
}

/// The parameters of a program.
pub(super) fn params(program: &Program) -> Vec<StringParam> {
    let param = |param: &scheme_core::kernel::Param| StringParam {
        name: info(program, param.local).0,
        init: param.init,
        lo: param.lo,
        hi: param.hi,
    };
    program.params.iter().map(param).collect()
}

impl StringProgram {
    /// The names of the inputs and then of the parameters, each with its number.
    pub(super) fn numbers<'a>(
        &'a self,
        given: &[(&str, Numbers)],
        by: &[&str],
    ) -> Result<Vec<(&'a str, Numbers)>, Diagnostic> {
        let names = || self.inputs().chain(self.params().map(|param| param.name.as_str()));
        let unknown =
            given.iter().map(|(name, _)| name).chain(by).find(|name| names().all(|known| known != **name));
        if let Some(name) = unknown {
            return Err(self.no_input(name));
        }
        let value = |name: &str| given.iter().find(|(about, _)| *about == name).map(|(_, x)| x.clone());
        let mut numbers = Vec::new();
        for input in &self.inputs {
            let Some(x) = value(&input.name) else {
                let message = format!("the input `{}` has no value", input.name);
                return Err(Diagnostic::new(Code::Unbound, input.span, message));
            };
            input.check(&x)?;
            numbers.push((input.name.as_str(), x));
        }
        for param in &self.params {
            let x = value(&param.name).unwrap_or(param.init.into());
            if x.shape() != Shape::Number {
                let message =
                    format!("the parameter `{}` is a number, but was given {}", param.name, x.shape());
                return Err(Diagnostic::new(Code::WrongType, self.whole(), message));
            }
            numbers.push((param.name.as_str(), x));
        }
        Ok(numbers)
    }

    fn no_input(&self, name: &str) -> Diagnostic {
        let finding =
            Diagnostic::new(Code::Unbound, self.whole(), format!("the program has no input `{name}`"));
        let names: Vec<&str> = self.inputs().collect();
        let mut hint = format!("its inputs are: {}", names.join(", "));
        if self.params().len() > 0 {
            let names: Vec<&str> = self.params().map(|param| param.name.as_str()).collect();
            hint = format!("{hint}; its parameters are: {}", names.join(", "));
        }
        finding.hint(hint)
    }
}
