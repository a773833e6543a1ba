//! Warnings about a program that compiles: what it says is probably not what was meant.
//!
//! All of them are about inputs, since any name that nothing binds is one: an input that the result
//! does not depend on, an input without a derivative, a name that looks like a slip of the keyboard.

mod reach;

use crate::{
    anf::Graph,
    diag::{Code, Diagnostic},
    kernel::{LocalInfo, Program, infix_name, misspelt},
};
use reach::Reach;

/// The warnings about a program and the graph it was lowered to, in the order of their places.
///
/// An input that starts with `_` is unused on purpose; one that goes through `stop-gradient` has no
/// derivative on purpose.
pub fn warnings(program: &Program, graph: &Graph) -> Vec<Diagnostic> {
    let reach = reach::reach(graph);
    let mut warnings = Vec::new();
    for (input, reach) in program.inputs.iter().zip(reach) {
        let info = &program.locals[input.0 as usize];
        let slip = slip(program, info);
        // A slip explains the rest.
        warnings.extend(slip.or_else(|| about(info, reach)));
    }
    warnings.sort_by_key(|warning| (warning.span.start, warning.span.end));
    warnings
}

fn about(info: &LocalInfo, reach: Reach) -> Option<Diagnostic> {
    let name = &info.name;
    match reach {
        Reach::None if !name.starts_with('_') => Some(
            Diagnostic::new(
                Code::Unused,
                info.span,
                format!("the result does not depend on the input `{name}`"),
            )
            .hint(format!("take it out, or call it `_{name}`")),
        ),
        Reach::Flat => Some(
            Diagnostic::new(
                Code::ZeroGradient,
                info.span,
                format!(
                    "the gradient by `{name}` is always 0: it reaches the result only through conditions, comparisons or rounding"
                ),
            )
            .hint(format!("make the step smooth with sigmoid, or write (stop-gradient {name}) if that is meant")),
        ),
        _ => None,
    }
}

/// An input by mistake.
fn slip(program: &Program, info: &LocalInfo) -> Option<Diagnostic> {
    let others = || {
        let others = program.locals.iter().filter(|other| other.name != info.name);
        others.map(|other| &*other.name)
    };
    let finding = |message: String, hint| Diagnostic::new(Code::NearName, info.span, message).hint(hint);
    let name = &info.name;
    if let Some(written) = infix_name(name, |part| others().any(|other| other == part)) {
        return Some(finding(format!("`{name}` is one name, and so an input"), format!("write {written}")));
    }
    // Where the program binds its inputs itself nothing is an input by mistake.
    let bound = program.locals.iter().enumerate().filter(|(at, _)| {
        program.inputs.iter().chain(&program.captures).all(|input| input.0 as usize != *at)
    });
    let near = misspelt(name, bound.map(|(_, other)| &*other.name))?;
    Some(finding(format!("nothing binds `{name}`, and so it is an input"), format!("did you mean `{near}`?")))
}
