//! The pipeline, from a source to Rust.

use crate::{
    emit,
    emit_general::{self, General},
    emit_machine::emit_machine,
    report,
    shell::{Arranged, Bounds, Finding, Named, Shell},
    source::Source,
};
use proc_macro2::{Ident, Span as RustSpan, TokenStream};
use quote::quote;
use scheme_core::{
    anf::{FnId, Function, Graph, Kind, Module, Type},
    diag::{Code, Diagnostic},
    gives::gives,
    kernel::{self, Declared, Options, Program},
    lower::{Arrangement, Direct, Lowered, lower},
    machine,
    span::Span,
    transform::{self, Gradient},
    warnings::{general_warnings, warnings},
};
use std::collections::HashMap;

/// Compiles a program to the expression that is the compiled function, or to its errors.
pub(crate) fn compile(source: Source) -> TokenStream {
    if source.is_uncertain() {
        return report::uncertain(&source.splices);
    }
    front(&source, Options::default())
        .and_then(|(program, findings)| emit(&source, program, findings))
        .unwrap_or_else(|errors| report::errors(&source, &errors))
}

/// The program of a source with its warnings, or all that is wrong with it.
pub(crate) fn front(
    source: &Source,
    options: Options,
) -> Result<(Program, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (program, mut findings) = kernel::desugar_with(&source.data, options);
    findings.extend(source.findings.iter().cloned());
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    match program {
        Some(program) if findings.iter().all(Diagnostic::is_warning) => Ok((program, findings)),
        _ => Err(findings),
    }
}

/// Chooses the regime, and emits the program in it.
fn emit(
    source: &Source,
    mut program: Program,
    mut findings: Vec<Diagnostic>,
) -> Result<TokenStream, Vec<Diagnostic>> {
    let fields = fields(source, &program)?;
    let code = match lower("program", &program)? {
        Lowered::Direct(lowered) => {
            findings.extend(warnings(&program, &lowered));
            direct(source, &program, &lowered, fields, &findings)?
        }
        Lowered::General { why, inputs } => {
            // On the machine too an array comes in by its type.
            program.declared.extend(inputs);
            findings.extend(general_warnings(&program, gives(&program).is_number()));
            general(source, &program, &why, fields, &findings)?
        }
    };
    let (warnings, watch) = (report::warnings(source, &findings), &source.watch);
    Ok(quote!({ #watch #warnings #code }))
}

/// The value, and the adjoint by all inputs and parameters.
fn direct(
    source: &Source,
    program: &Program,
    lowered: &Direct,
    fields: Vec<Ident>,
    findings: &[Diagnostic],
) -> Result<TokenStream, Vec<Diagnostic>> {
    let of_input = |input: &Arrangement| std::iter::repeat_n(*input == Arrangement::Bool, input.leaves());
    let mut truths: Vec<bool> = lowered.inputs.iter().flat_map(of_input).collect();
    truths.extend(program.params.iter().map(|_| false));
    // Nothing has a derivative by a truth value.
    let leaves: Vec<usize> = (0..truths.len()).filter(|i| !truths[*i]).collect();
    let findings = placed(source, findings);
    let mut shell = shell(source, program, fields, &findings);
    for (input, arrangement) in shell.inputs.iter_mut().zip(&lowered.inputs) {
        input.arranged = arranged(*arrangement);
        match arrangement {
            Arrangement::Vector(n) => input.declared = format!("(vec {n})"),
            Arrangement::Matrix(rows, columns) => input.declared = format!("(mat {rows} {columns})"),
            Arrangement::Real | Arrangement::Bool | Arrangement::List(_) => {}
        }
    }
    shell.gives = match lowered.result {
        Arrangement::Real => "a number".to_string(),
        Arrangement::Bool => "a boolean".to_string(),
        Arrangement::Vector(n) => format!("a vector of {n} numbers"),
        Arrangement::List(n) => format!("a list of {n} numbers"),
        Arrangement::Matrix(rows, columns) => format!("a matrix of {rows} by {columns} numbers"),
    };
    shell.number = lowered.result == Arrangement::Real;
    let one = lowered.module.get(FnId(0)).is_some_and(|program| program.exit_types() == [Type::REAL]);
    let refused =
        |error: transform::Error| vec![Diagnostic::new(Code::NotYet, program.body.span, error.to_string())];
    let emit = |shell, code| {
        let result = arranged(lowered.result);
        let place = |span| place(source, span);
        emit::direct(&emit::Direct { shell, code, truths: &truths, result, place: &place })
    };
    let fails = |module: &_| emit::can_fail(module).then_some("an error of its own, or recursion too deep");
    if lowered.result == Arrangement::Bool {
        let module = transform::optimize(&lowered.module);
        let graph = straight(&module);
        shell.code = graph.map_or_else(|| module.to_string(), Graph::to_string);
        shell.regime = if graph.is_some() { "Straight" } else { "Control" };
        shell.fails = fails(&module);
        return Ok(emit(shell, emit::Code::Truth { value: &module }));
    }
    match straight(&lowered.module) {
        Some(graph) => {
            let value = transform::simplify(graph);
            let derived = if one { transform::value_and_grad } else { transform::vjp_by };
            let adjoint = derived(graph, &leaves).map_err(refused)?;
            let adjoint = transform::adjoint(&adjoint, graph.body.results.len());
            shell.code = value.to_string();
            Ok(emit(shell, emit::Code::Straight { value: &value, adjoint: &adjoint }))
        }
        None => {
            let module = transform::optimize(&lowered.module);
            let gradient = match one {
                true => transform::gradient(&module, &leaves),
                false => transform::vjp_module(&module, &leaves).map(Gradient::Reverse),
            };
            let gradient = gradient.map_err(refused)?;
            let derivative = match &gradient {
                Gradient::Forward { both, reverse } => emit::Derivative::Forward { both, reverse },
                Gradient::Reverse(reverse) => emit::Derivative::Reverse(reverse),
            };
            shell.code = module.to_string();
            shell.regime = "Control";
            shell.fails = fails(&module);
            shell.tape_bytes = if matches!(gradient, Gradient::Reverse(_)) { 8 } else { 0 };
            Ok(emit(shell, emit::Code::Control { value: &module, derivative }))
        }
    }
}

/// How numbers are arranged at the Rust border.
fn arranged(arrangement: Arrangement) -> Arranged {
    match arrangement {
        Arrangement::Real | Arrangement::Bool => Arranged::Number,
        Arrangement::Vector(n) | Arrangement::List(n) => Arranged::Vector(n as usize),
        Arrangement::Matrix(rows, columns) => Arranged::Matrix(rows as usize, columns as usize),
    }
}

fn general(
    source: &Source,
    program: &Program,
    why: &Diagnostic,
    fields: Vec<Ident>,
    findings: &[Diagnostic],
) -> Result<TokenStream, Vec<Diagnostic>> {
    let islands = machine::islands(program);
    let module = machine::compile_with(program, &islands).map_err(|error| vec![error])?;
    let emitted = emit_machine(&module, &islands);
    let entered = islands.iter().zip(0..).filter(|(_, i)| module.enters(*i));
    let direct = entered.map(|(island, _)| {
        let (line, column) = place(source, island.span);
        (island.name.to_string(), line, column)
    });
    let gives = gives(program);
    let findings = placed(source, findings);
    let (line, column) = place(source, why.span);
    let shell = Shell {
        code: module.to_string(),
        regime: "Machine",
        why: Some((why.message.clone(), line, column)),
        direct: direct.collect(),
        gives: gives.to_string(),
        number: gives.is_number(),
        fails: Some("an operand of another type, a limit, or an error of its own"),
        tape_bytes: 24,
        ..shell(source, program, fields, &findings)
    };
    Ok(emit_general::general(&General {
        shell,
        places: emitted.places.iter().map(|span| place(source, *span)).collect(),
        emitted,
        start: place(source, program.body.span),
    }))
}

/// What is known of a program in any regime; the rest is that of straight code.
fn shell<'a>(
    source: &'a Source,
    program: &'a Program,
    fields: Vec<Ident>,
    warnings: &'a [Finding],
) -> Shell<'a> {
    let locals = program.inputs.iter().copied().chain(program.params.iter().map(|param| param.local));
    let mut named = locals.zip(fields).map(|(local, field)| {
        let declared = program.declared.iter().find(|(of, _)| *of == local).map(|(_, declared)| declared);
        let arranged = match declared {
            Some(Declared::Vector(n)) => Arranged::Vector(*n as usize),
            Some(Declared::Matrix(rows, columns)) => Arranged::Matrix(*rows as usize, *columns as usize),
            _ => Arranged::Number,
        };
        let declared = declared.map_or("real".to_string(), ToString::to_string);
        Named { name: &program.locals[local.0 as usize].name, field, arranged, declared }
    });
    let inputs = named.by_ref().take(program.inputs.len()).collect();
    let bounds = program.params.iter().map(|param| Bounds { init: param.init, lo: param.lo, hi: param.hi });
    Shell {
        source: &source.text,
        code: String::new(),
        regime: "Straight",
        why: None,
        direct: Vec::new(),
        gives: "a number".to_string(),
        number: true,
        fails: None,
        tape_bytes: 0,
        inputs,
        params: named.zip(bounds).collect(),
        captures: &source.splices,
        warnings,
    }
}

fn place(source: &Source, span: Span) -> (u32, u32) {
    let place = source.place(span);
    (place.line, place.column)
}

fn placed(source: &Source, findings: &[Diagnostic]) -> Vec<Finding> {
    let placed = findings.iter().map(|finding| {
        let (line, column) = place(source, finding.span);
        (format!("{:?}", finding.code), finding.message.clone(), line, column)
    });
    placed.collect()
}

/// The graph of a program without calls and failures.
fn straight(module: &Module) -> Option<&Graph> {
    match &module.functions[..] {
        [Function { graph, kind: Kind::Once }] if module.fallible() == [false] => Some(graph),
        _ => None,
    }
}

/// The inputs and then the parameters as names of fields: what Rust cannot spell becomes `_`.
fn fields(source: &Source, program: &Program) -> Result<Vec<Ident>, Vec<Diagnostic>> {
    let mut taken: HashMap<String, &str> = HashMap::new();
    let mut errors = Vec::new();
    let mut fields = Vec::new();
    let params = program.params.iter().map(|param| &param.local);
    for input in program.inputs.iter().chain(params) {
        let info = &program.locals[input.0 as usize];
        let name = rust_name(&info.name);
        if let Some(other) = taken.insert(name.clone(), &info.name) {
            let message = format!("the inputs `{other}` and `{}` are both `{name}` in Rust", info.name);
            errors.push(Diagnostic::new(Code::RustName, info.span, message).hint("rename one of them"));
        }
        fields.push(ident(&name, source.rust_spans(info.span).0));
    }
    if errors.is_empty() { Ok(fields) } else { Err(errors) }
}

fn rust_name(name: &str) -> String {
    let is_name = |text: &str| syn::parse_str::<Ident>(text).is_ok();
    let mut rust: String = name.chars().map(|c| if is_name(&format!("_x{c}")) { c } else { '_' }).collect();
    // A name of Rust starts with a letter, and is more than one underscore.
    if !is_name(&format!("{rust}_x")) || rust == "_" {
        rust.insert(0, '_');
    }
    rust
}

fn ident(name: &str, span: RustSpan) -> Ident {
    let raw = format!("r#{name}");
    match (syn::parse_str::<Ident>(name), syn::parse_str::<Ident>(&raw)) {
        (Ok(_), _) => Ident::new(name, span),
        (_, Ok(_)) => Ident::new_raw(name, span),
        // `self` and its like cannot be raw.
        _ => Ident::new(&format!("{name}_"), span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expansion(program: &str) -> String {
        let tokens = program.parse().unwrap_or_else(|error| panic!("{program}: {error}"));
        compile(Source::inline(tokens)).to_string().replace(' ', "")
    }

    /// What is typed half is an error and nothing else: one expression, in which the Rust expressions are
    /// still there to be completed.
    #[test]
    fn half_a_program_is_one_expression() {
        for program in [
            "(* k (sq x))",
            "(* ,k (sq x) ,{a.b})",
            "(let ((x )) )",
            "(define )",
            "(* k ,)",
            "(if ,{x.} 1 2)",
            "(f 'a' \"b\" #\\ 1.2.3)",
            "",
            "(",
        ] {
            let Ok(tokens) = program.parse::<TokenStream>() else { continue };
            let expanded = compile(Source::inline(tokens));
            let expression = syn::parse2::<syn::Expr>(expanded.clone());
            assert!(expression.is_ok(), "{program}: {expanded}");
            assert!(expanded.to_string().contains("compile_error"), "{program}: {expanded}");
        }
        let expanded = expansion("(* ,k (sq x) ,{a.b} ,{a.})");
        assert!(expanded.contains("let_=k;let_=a.b;"), "{expanded}");
        assert!(!expanded.contains("a.;"), "{expanded}");
    }

    #[test]
    fn names_become_rust_names() {
        let check = |scheme, rust: &str| {
            assert_eq!(ident(&rust_name(scheme), RustSpan::call_site()).to_string(), rust)
        };
        check("k", "k");
        check("mass-1", "mass_1");
        check("g/L", "g_L");
        check("2x", "_2x");
        check("type", "r#type");
        check("self", "self_");
        check("α", "α");
        check("*", "__");
        check("x₁", "x_");
        check("e²", "e_");
        check("½", "__");
        check("", "_");
        check("1", "_1");
    }
}
