//! The names of a program's inputs and parameters: what each is, found in one step however many there are, and what
//! is said of a name that is none, or has no value.

use super::StringProgram;
use scheme_core::{
    diag::{Code, Diagnostic},
    kernel::nearest_known,
    span::Span,
};
use std::collections::HashMap;

/// The most names that a hint lists.
const MOST_LISTED: usize = 20;

/// What a name is, and where it stands among those of its kind.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Role {
    Input(usize),
    Param(usize),
}

/// The names of inputs and parameters.
#[derive(Debug)]
pub(super) struct Names(HashMap<String, Role>);

impl Names {
    pub(super) fn new<'a>(
        inputs: impl Iterator<Item = &'a str>,
        params: impl Iterator<Item = &'a str>,
    ) -> Self {
        let inputs = inputs.enumerate().map(|(at, name)| (name.to_string(), Role::Input(at)));
        let params = params.enumerate().map(|(at, name)| (name.to_string(), Role::Param(at)));
        Self(params.chain(inputs).collect())
    }

    pub(super) fn role(&self, name: &str) -> Option<Role> {
        self.0.get(name).copied()
    }
}

impl StringProgram {
    /// That a name is neither an input nor a parameter.
    pub(super) fn no_input(&self, name: &str) -> Diagnostic {
        let finding =
            Diagnostic::new(Code::Unbound, self.whole(), format!("the program has no input `{name}`"));
        let mut hint = listed("inputs", self.inputs());
        if self.params().len() > 0 {
            hint = format!("{hint}; {}", self.listed_params());
        }
        finding.hint(hint)
    }

    /// That a name is no parameter, though it may be an input.
    pub(super) fn no_param(&self, name: &str, is_input: bool) -> Diagnostic {
        let message = match is_input {
            true => format!("`{name}` is an input, not a parameter: its value is given in a call"),
            false => format!("the program has no parameter `{name}`"),
        };
        Diagnostic::new(Code::Unbound, self.whole(), message).hint(self.listed_params())
    }

    /// That an input, which the text mentions there first, has no value.
    pub(super) fn no_value(&self, name: &str, span: Span) -> Diagnostic {
        // A slip explains why.
        let slips = self.warnings.iter().filter(|warning| warning.code == Code::NearName);
        let slip = slips.filter(|slip| slip.span == span).find_map(|slip| slip.hint.clone());
        let hint = slip.or_else(|| nearest_known(name));
        let message = format!("the input `{name}` has no value");
        Diagnostic { hint, ..Diagnostic::new(Code::Unbound, span, message) }
    }

    fn listed_params(&self) -> String {
        listed("parameters", self.params().map(|param| param.name.as_str()))
    }
}

/// Names of a kind, as a hint: the first of them, and how many more.
pub(super) fn listed<'a>(kind: &str, names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MOST_LISTED);
    let shown: Vec<&str> = names.take(MOST_LISTED).collect();
    match (shown.is_empty(), more) {
        (true, _) => format!("it has no {kind}"),
        (false, 0) => format!("its {kind} are: {}", shown.join(", ")),
        (false, more) => format!("its {kind} are: {} and {more} more", shown.join(", ")),
    }
}
