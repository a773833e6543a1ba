//! What a string program is given: numbers for its inputs, and for parameters where others than their own.

use super::StringProgram;
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::{Declared, Local, Program},
    span::Span,
};

/// An input of a program.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) span: Span,
    /// Its declared type, where that is not `real`.
    pub(super) declared: Option<Declared>,
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
        let declared =
            program.declared.iter().find(|(about, declared)| about == local && *declared != Declared::Real);
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
        given: &[(&str, f64)],
        by: &[&str],
    ) -> Result<Vec<(&'a str, f64)>, Diagnostic> {
        let names = || self.inputs().chain(self.params().map(|param| param.name.as_str()));
        let unknown =
            given.iter().map(|(name, _)| name).chain(by).find(|name| names().all(|known| known != **name));
        if let Some(name) = unknown {
            return Err(self.no_input(name));
        }
        let value = |name: &str| given.iter().find(|(about, _)| *about == name).map(|(_, x)| *x);
        let mut numbers = Vec::new();
        for Input { name, span, declared } in &self.inputs {
            let finding = match (value(name), declared) {
                (Some(x), None) => {
                    numbers.push((name.as_str(), x));
                    continue;
                }
                (None, _) => {
                    Diagnostic::new(Code::Unbound, *span, format!("the input `{name}` has no value"))
                }
                (Some(x), Some(declared)) => {
                    let message =
                        format!("the input `{name}` is declared {declared}, but was given a number: {x}");
                    let code = match declared {
                        Declared::Vector(_) | Declared::Matrix(..) => Code::Shape,
                        _ => Code::WrongType,
                    };
                    Diagnostic::new(code, *span, message)
                }
            };
            return Err(finding);
        }
        numbers.extend(
            self.params.iter().map(|param| (param.name.as_str(), value(&param.name).unwrap_or(param.init))),
        );
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
