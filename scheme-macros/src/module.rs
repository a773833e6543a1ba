//! `scheme_module!("file.scm")`: a file compiled for the explicit machine.

use crate::emit_machine::emit_machine;
use proc_macro2::TokenStream;
use quote::quote;
use scheme_core::{diag::Diagnostic, kernel, reader, span::SourceMap};
use std::path::PathBuf;

/// The module of the file that the macro's one string literal names, as an expression.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    compiled(&input.to_string()).unwrap_or_else(|message| quote!(::core::compile_error!(#message)))
}

fn compiled(literal: &str) -> Result<TokenStream, String> {
    let name = literal.trim().strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    let name = name.ok_or("scheme_module! takes the name of a file as a string literal")?;
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo did not name the package's folder")?;
    let path = PathBuf::from(folder).join(name);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let source = SourceMap::new(name, text);
    let (data, mut findings) = reader::read(source.text());
    let mut program = None;
    if findings.is_empty() {
        (program, findings) = kernel::desugar(&data);
    }
    let draw = |findings: &[Diagnostic]| {
        let errors = findings.iter().filter(|d| !d.is_warning());
        errors.map(|d| d.render(&source)).collect::<Vec<_>>().join("\n\n")
    };
    let program = program.ok_or_else(|| draw(&findings))?;
    let module = emit_machine(&program).map_err(|d| draw(&[d]))?;
    let path = path.to_string_lossy();
    // The hidden constant makes the file's users rebuild when it changes.
    Ok(quote! {{
        const _: &::core::primitive::str = ::core::include_str!(#path);
        #module
    }})
}
