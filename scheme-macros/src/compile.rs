//! The pipeline, from a source to Rust.

use crate::{emit, emit_general, emit_machine::emit_machine, report, source::Source};
use proc_macro2::{Ident, Span as RustSpan, TokenStream};
use quote::quote;
use scheme_core::{
    anf::Graph,
    diag::{Code, Diagnostic},
    kernel::{self, Options, Program},
    lower::{Arrangement, Direct, Lowered, lower},
    machine, transform,
    warnings::warnings,
};
use std::collections::HashMap;

/// Compiles a program to the expression that is the compiled function, or to its errors.
pub(crate) fn compile(source: Source) -> TokenStream {
    if source.is_uncertain() {
        return report::uncertain(&source.splices);
    }
    front(&source, Options::default())
        .and_then(|(program, findings)| emit(&source, &program, findings))
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
    program: &Program,
    mut findings: Vec<Diagnostic>,
) -> Result<TokenStream, Vec<Diagnostic>> {
    let fields = fields(source, program)?;
    if let Some(param) = program.params.first() {
        let span = program.locals[param.local.0 as usize].span;
        let message = "`param` is not available inline in this version yet";
        return Err(vec![Diagnostic::new(Code::NotYet, span, message)]);
    }
    let code = match lower("program", program)? {
        Lowered::Direct(lowered) => {
            findings.extend(warnings(program, &lowered));
            match straight(&lowered) {
                Some(graph) => direct(source, program, graph, &fields, &findings)?,
                None => general(source, program, &fields, &findings)?,
            }
        }
        Lowered::General(_) => general(source, program, &fields, &findings)?,
    };
    let (warnings, watch) = (report::warnings(source, &findings), &source.watch);
    Ok(quote!({ #watch #warnings #code }))
}

fn direct(
    source: &Source,
    program: &Program,
    graph: &Graph,
    fields: &[Ident],
    findings: &[Diagnostic],
) -> Result<TokenStream, Vec<Diagnostic>> {
    let inputs: Vec<usize> = (0..program.inputs.len()).collect();
    let value = transform::simplify(graph);
    let with_gradient = transform::value_and_grad(graph, &inputs)
        .map_err(|error| vec![Diagnostic::new(Code::NotYet, program.body.span, error.to_string())])?;
    let with_gradient = transform::adjoint(&with_gradient, 1);
    Ok(emit::direct(&emit::Direct {
        source: &source.text,
        value: &value,
        value_and_gradient: &with_gradient,
        fields,
        captures: &source.splices,
        warnings: &placed(source, findings),
    }))
}

fn general(
    source: &Source,
    program: &Program,
    fields: &[Ident],
    findings: &[Diagnostic],
) -> Result<TokenStream, Vec<Diagnostic>> {
    let module = machine::compile(program).map_err(|error| vec![error])?;
    let emitted = emit_machine(&module);
    let place = |span| {
        let place = source.place(span);
        (place.line, place.column)
    };
    Ok(emit_general::general(&emit_general::General {
        source: &source.text,
        places: emitted.places.iter().map(|span| place(*span)).collect(),
        emitted,
        text: module.to_string(),
        start: place(program.body.span),
        names: program.inputs.iter().map(|input| &*program.locals[input.0 as usize].name).collect(),
        fields,
        captures: &source.splices,
        warnings: &placed(source, findings),
    }))
}

/// Findings as (code, message, line, column).
fn placed(source: &Source, findings: &[Diagnostic]) -> Vec<(String, String, u32, u32)> {
    let placed = findings.iter().map(|finding| {
        let place = source.place(finding.span);
        (format!("{:?}", finding.code), finding.message.clone(), place.line, place.column)
    });
    placed.collect()
}

/// The graph of a program from numbers to a number without calls and failures.
fn straight(direct: &Direct) -> Option<&Graph> {
    let module = &direct.module;
    let numbers = direct.inputs.iter().chain([&direct.result]).all(|what| *what == Arrangement::Real);
    match &module.functions[..] {
        [program] if numbers && direct.params == 0 && module.fallible() == [false] => Some(&program.graph),
        _ => None,
    }
}

/// The inputs as names of fields: what Rust cannot spell becomes `_`.
fn fields(source: &Source, program: &Program) -> Result<Vec<Ident>, Vec<Diagnostic>> {
    let mut taken: HashMap<String, &str> = HashMap::new();
    let mut errors = Vec::new();
    let mut fields = Vec::new();
    for input in &program.inputs {
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
