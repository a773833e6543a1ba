//! Kernel program out, Rust out: the code of a program that needs the explicit machine.
//!
//! The block that it becomes declares the same items as that of a direct program, the machine's code,
//! and one static that names it. Nothing is generic in the machine's code: numbers of other types
//! reach it through `Real::lift`, in the runtime.

use crate::emit_machine::Emitted;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A program for the machine, ready to be written.
pub(crate) struct General<'a> {
    /// The program's text.
    pub(crate) source: &'a str,
    /// Its code.
    pub(crate) emitted: Emitted,
    /// The code as text.
    pub(crate) text: String,
    /// The line and column of each of the code's places.
    pub(crate) places: Vec<(u32, u32)>,
    /// The line and column of the program.
    pub(crate) start: (u32, u32),
    /// The names of the inputs.
    pub(crate) names: Vec<&'a str>,
    /// The inputs as Rust names.
    pub(crate) fields: &'a [Ident],
    /// The Rust expressions captured.
    pub(crate) captures: &'a [TokenStream],
    /// Warnings as (code, message, line, column).
    pub(crate) warnings: &'a [(String, String, u32, u32)],
}

/// The expression that is the compiled program.
pub(crate) fn general(program: &General<'_>) -> TokenStream {
    let General { source, text, names, fields, captures, .. } = program;
    let private = quote!(::scheme_runtime::__private);
    let inputs = fields.len();
    let positions = 0..inputs;
    let (shape, parameter, numbers) = match inputs {
        1 => (quote!(#private::R), quote!(T), quote!(&[__x])),
        n => (quote!([#private::R; #n]), quote!([T; #n]), quote!(&__x)),
    };
    let doc = format!("`{source}`\n\n```text\n{text}\n```");
    let captured = captures.len();
    let derive = if captured == 0 { quote!(Clone, Copy, Default) } else { quote!(Clone, Copy) };
    let (captured_field, captured_value, captured_data) = match captured {
        0 => (quote!(), quote!(), quote!(&[])),
        n => (quote!(captured: [f64; #n],), quote!(captured: __captured,), quote!(&self.captured)),
    };
    let warnings = program.warnings.iter().map(|(code, message, line, column)| {
        let code = format_ident!("{code}");
        quote!(#private::Warning { code: #private::Code::#code, message: #message, line: #line, column: #column })
    });
    let module = &program.emitted.module;
    let places = program.places.iter().map(|(line, column)| quote!((#line, #column)));
    let (line, column) = program.start;
    let items = quote! {
        #[derive(Clone, Copy)]
        #[allow(dead_code, non_snake_case)]
        pub struct Inputs { #(pub #fields: #private::Input,)* }
        #[doc = #doc]
        #[derive(#derive)]
        pub struct Program { #captured_field limits: ::core::option::Option<#private::Limits> }
        impl ::core::fmt::Debug for Program {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                __f.write_str(#source)
            }
        }
        ::std::thread_local! {
            static POOL: #private::Pool = const { #private::Pool::new(::core::option::Option::None) };
        }
        static GENERAL: #private::General = #private::General {
            module: #module,
            places: &[#(#places),*],
            start: (#line, #column),
            pool: &POOL,
        };
        #[allow(unused_imports, unused_variables, clippy::all)]
        impl #private::Compiled for Program {
            type In = #shape;
            type Out = #private::Try<#private::R>;
            type Names = Inputs;
            const SOURCE: &'static str = #source;
            const GRAPH: &'static str = #text;
            const INPUT_NAMES: &'static [&'static str] = &[#(#names),*];
            const WARNINGS: &'static [#private::Warning] = &[#(#warnings),*];
            #[inline(always)]
            fn inputs(&self) -> Inputs {
                Inputs { #(#fields: #private::Input::new(#names, #positions),)* }
            }
            fn value<T: #private::Real>(&self, __x: #parameter) -> ::core::result::Result<T, #private::Failure> {
                GENERAL.value(#numbers, #captured_data, self.limits)
            }
        }
        Program { #captured_value limits: ::core::option::Option::None }
    };
    match captured {
        0 => quote!({ #items }),
        // Captured expressions are evaluated where the items above do not hide the user's names.
        n => {
            quote!(match [#(#private::capture(#captures)),*] { __captured => { let __captured: [f64; #n] = __captured; #items } })
        }
    }
}
