//! The pipeline of the general regime: from a source to a module for the explicit machine.

use crate::{compile::front, emit_machine::emit_machine, report, source::Source};
use proc_macro2::TokenStream;
use quote::quote;
use scheme_core::{kernel::Options, machine};

/// Compiles a program to the expression that is its module, or to its errors.
pub(crate) fn module(source: &Source) -> TokenStream {
    let options = Options { internal: true, ..Options::default() };
    let module = front(source, options)
        .and_then(|(program, _)| machine::compile(&program).map_err(|error| vec![error]));
    match module {
        Ok(module) => {
            let (watch, module) = (&source.watch, emit_machine(&module, &[]).module);
            quote!({ #watch #module })
        }
        Err(errors) => report::errors(source, &errors),
    }
}
