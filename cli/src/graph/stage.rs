//! The stages of a program on its way to code, as the compiler of inline programs makes them.

use super::drawing::{Drawing, Group, of_blocks, of_graph, of_kernel};
use crate::args::Stage;
use scheme_core::{
    anf::{Function, Graph, Kind, Module},
    diag::{Code, Diagnostic},
    kernel::{self, Program},
    lower::{Arrangement, Direct, Lowered, lower},
    machine, reader,
    transform::{self, AdjointBody, Gradient},
};

/// A program at a stage.
#[derive(Debug)]
pub(crate) struct Staged {
    /// Why it runs on the machine, if it does.
    pub(crate) why: Option<Diagnostic>,
    pub(crate) text: String,
    pub(crate) drawing: Drawing,
}

/// Brings a text that loads to a stage. It recurses as deep as inlined procedures nest.
///
/// # Errors
/// What every run of the program meets; a program on general values has neither graph nor gradient.
pub(crate) fn staged(text: &str, stage: Stage) -> Result<Staged, Vec<Diagnostic>> {
    let (program, findings) = kernel::desugar(&reader::read(text).0);
    let Some(program) = program else { return Err(findings) };
    if stage == Stage::Kernel {
        return Ok(Staged::new(&program.to_string(), vec![of_kernel(&program)]));
    }
    let direct = match lower("program", &program)? {
        Lowered::Direct(direct) => direct,
        Lowered::General { why, .. } if stage == Stage::Anf => return blocks(&program, why),
        Lowered::General { why, .. } => return Err(vec![no_graph(&why)]),
    };
    match stage {
        Stage::Anf => Ok(of_module(&direct.module)),
        Stage::Graph => Ok(match straight(&direct.module) {
            Some(graph) => of_module(&Module::single(transform::simplify(graph))),
            None => of_module(&transform::optimize(&direct.module)),
        }),
        _ => gradient(&program, &direct).map_err(|error| vec![error]),
    }
}

impl Staged {
    pub(super) fn new(text: &str, groups: Vec<Group>) -> Self {
        Self { why: None, text: text.trim_end().to_string(), drawing: Drawing { groups } }
    }
}

/// The blocks of a program on general values.
fn blocks(program: &Program, why: Diagnostic) -> Result<Staged, Vec<Diagnostic>> {
    let module = machine::compile(program).map_err(|error| vec![error])?;
    Ok(Staged { why: Some(why), ..Staged::new(&module.to_string(), vec![of_blocks(&module)]) })
}

fn no_graph(why: &Diagnostic) -> Diagnostic {
    let message = format!("the program has no graph, since it runs on the machine: {}", why.message);
    let hint = "`--stage anf` has its blocks; its derivatives are taken from the record of each run";
    Diagnostic::new(Code::NotYet, why.span, message).hint(hint)
}

fn of_module(module: &Module) -> Staged {
    let group = |(i, function): (usize, &Function)| {
        let title = format!("f{i}: {} {}", function.kind, function.graph.name);
        of_graph(&function.graph, title)
    };
    let groups = module.functions.iter().enumerate().map(group).collect();
    match &module.functions[..] {
        [Function { graph, kind: Kind::Once }] => Staged::new(&graph.to_string(), groups),
        _ => Staged::new(&module.to_string(), groups),
    }
}

/// The value and the gradient by all numbers among inputs and parameters.
fn gradient(program: &Program, direct: &Direct) -> Result<Staged, Diagnostic> {
    let refused = |what: String| Diagnostic::new(Code::WrongType, program.body.span, what);
    if direct.result != Arrangement::Real {
        return Err(refused("a gradient needs a number, but the program's value is another".into()));
    }
    let inputs = direct.inputs.iter().flat_map(|input| std::iter::repeat_n(*input, input.leaves()));
    let params = std::iter::repeat_n(Arrangement::Real, direct.params);
    // Nothing has a derivative by a truth value.
    let leaves = inputs.chain(params).enumerate().filter(|(_, of)| *of != Arrangement::Bool);
    let leaves: Vec<usize> = leaves.map(|(i, _)| i).collect();
    let failed = |error: transform::Error| refused(error.to_string());
    if let Some(graph) = straight(&direct.module) {
        let both = transform::value_and_grad(graph, &leaves).map_err(failed)?;
        return Ok(of_module(&Module::single(transform::adjoint(&both, 1))));
    }
    let module = transform::optimize(&direct.module);
    let reverse = match transform::gradient(&module, &leaves).map_err(failed)? {
        Gradient::Forward { both, .. } => return Ok(of_module(&both)),
        Gradient::Reverse(reverse) => reverse,
    };
    let mut graphs = vec![("f0: once".to_string(), &reverse.program)];
    for (i, adjoint) in reverse.functions.iter().enumerate() {
        match adjoint.as_ref().map(|adjoint| &adjoint.body) {
            Some(AdjointBody::Once { forward, reverse }) => {
                graphs.extend([(format!("f{i}: forward"), forward), (format!("f{i}: reverse"), reverse)]);
            }
            Some(AdjointBody::Loop { first, step, last, .. }) => {
                graphs.extend(first.iter().map(|first| (format!("f{i}: first"), first)));
                graphs.extend([(format!("f{i}: step"), step), (format!("f{i}: last"), last)]);
            }
            None => {}
        }
    }
    // What no derivative goes through is called as it is.
    let plain = module.functions.iter().zip(&reverse.functions).enumerate().skip(1);
    let plain = plain.filter(|(_, (_, adjoint))| adjoint.is_none());
    let plain: Vec<_> = plain.map(|(i, (f, _))| (format!("f{i}: {}", f.kind), &f.graph)).collect();
    graphs.extend(plain.iter().map(|(title, graph)| (title.clone(), *graph)));
    let text: Vec<String> = graphs.iter().map(|(title, graph)| format!("{title} {graph}")).collect();
    let groups = graphs.iter().map(|(title, graph)| of_graph(graph, format!("{title} {}", graph.name)));
    Ok(Staged::new(&text.join("\n"), groups.collect()))
}

/// The graph of a program without calls and failures.
fn straight(module: &Module) -> Option<&Graph> {
    match &module.functions[..] {
        [Function { graph, kind: Kind::Once }] if module.fallible() == [false] => Some(graph),
        _ => None,
    }
}
