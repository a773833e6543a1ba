//! Blocks out, Rust out: the code of a program that needs the explicit machine.
//!
//! The program's type gets the machine's code and one static that names it. Nothing is generic in the
//! machine's code: numbers of other types reach it through `Real::lift`, in the runtime.

use crate::{
    emit_machine::Emitted,
    shell::{Arranged, Named, Regime, Shell},
};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// A program for the machine, ready to be written.
pub(crate) struct General<'a> {
    /// What is known of it.
    pub(crate) shell: Shell<'a>,
    /// Its code.
    pub(crate) emitted: Emitted,
    /// The line and column of each of the code's places.
    pub(crate) places: Vec<(u32, u32)>,
    /// The line and column of the program.
    pub(crate) start: (u32, u32),
}

/// The expression that is the compiled program.
pub(crate) fn general(program: &General<'_>) -> TokenStream {
    let General { shell, .. } = program;
    let private = quote!(::scheme_runtime::__private);
    let (shape, parameter) = (shell.takes(&quote!(#private::R)), shell.takes(&quote!(T)));
    let captures = if shell.captures.is_empty() { quote!(&[]) } else { quote!(&self.captured) };
    let module = &program.emitted.module;
    let places = program.places.iter().map(|(line, column)| quote!((#line, #column)));
    let (line, column) = program.start;
    let inputs = shell.inputs.iter().chain(shell.params.iter().map(|(param, _)| param));
    let takes = inputs.map(|Named { arranged, declared, .. }| match arranged {
        Arranged::Number if declared == "bool" => quote!(#private::Takes::Truth),
        Arranged::Number => quote!(#private::Takes::Number),
        Arranged::Vector(n) => quote!(#private::Takes::Vector(#n)),
        Arranged::Matrix(rows, columns) => quote!(#private::Takes::Matrix(#rows, #columns)),
    });
    let (names, direct) = (shell.names(), !shell.direct.is_empty());
    let result = if shell.number {
        quote! {
            #[allow(unused_variables, clippy::all)]
            impl #private::Compiled for Program {
                type In = #shape;
                type Out = #private::Try<#private::R>;
                #names
                fn value<T: #private::Real>(
                    &self,
                    __x: #parameter,
                ) -> ::core::result::Result<T, #private::Failure> {
                    GENERAL.value::<Self::In, T>(&__x, #captures, self.limits)
                }
            }
        }
    } else {
        quote!(impl #private::Answers for Program {})
    };
    let items = quote! {
        ::std::thread_local! {
            static POOL: #private::Pool = const { #private::Pool::new(::core::option::Option::None) };
        }
        static GENERAL: #private::General = #private::General {
            module: #module,
            takes: &[#(#takes),*],
            places: &[#(#places),*],
            start: (#line, #column),
            direct: #direct,
            pool: &POOL,
            known: #private::Known::new(),
        };
        #result
        impl #private::Dynamic for Program {
            type In = #shape;
            fn answer(&self, __x: #private::Of<#shape, f64>) -> ::core::result::Result<#private::Answer, #private::Failure> {
                GENERAL.answer::<Self::In>(&__x, #captures, self.limits)
            }
            fn steps(&self, __x: #private::Of<#shape, f64>) -> ::core::result::Result<u64, #private::Failure> {
                GENERAL.steps::<Self::In>(&__x, #captures, self.limits)
            }
            fn with_limits(mut self, limits: #private::Limits) -> Self {
                self.limits = ::core::option::Option::Some(limits);
                self
            }
        }
    };
    let limits = (
        proc_macro2::Ident::new("limits", Span::call_site()),
        quote!(::core::option::Option<#private::Limits>),
    );
    shell.around(&Regime { items, fields: vec![limits] })
}
