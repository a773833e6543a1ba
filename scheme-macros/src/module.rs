//! The pipeline of the general regime: from a source to a module for the explicit machine.

use crate::{emit_machine::emit_machine, report, source::Source};
use proc_macro2::TokenStream;
use quote::quote;
use scheme_core::{diag::Diagnostic, kernel};

/// Compiles a program to the expression that is its module, or to its errors.
pub(crate) fn module(source: &Source) -> TokenStream {
    let (program, mut findings) = kernel::desugar(&source.data);
    findings.splice(..0, source.findings.iter().cloned());
    let program = match program {
        Some(program) if findings.iter().all(Diagnostic::is_warning) => program,
        _ => return report::errors(source, &findings),
    };
    match emit_machine(&program) {
        Ok(module) => {
            let watch = &source.watch;
            quote!({ #watch #module })
        }
        Err(error) => report::errors(source, &[error]),
    }
}
