//! Modules out, Rust out: the code of a direct program.
//!
//! A program's type, whose shell is elsewhere, gets its value and its adjoint. A straight program's code is generic
//! over the real, lanes included (`straight`); one with calls, loops or failures is functions on numbers with
//! one lane (`control`), and its derivative is such functions as well, with tangents, or adjoints (`adjoint`). The code is that of the graphs, instruction by instruction; nothing is
//! differentiated or simplified here, save that sine and cosine of one number are taken together.

mod adjoint;
mod arrangement;
mod border;
mod chunks;
mod control;
pub(crate) mod island;
mod room;
mod rows;
mod straight;
mod tables;

use crate::shell::{Arranged, Regime, Shell};
use border::{Border, Sweep};
use control::Functions;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use scheme_core::{
    anf::{FnId, Graph, Module, Op},
    span::Span,
    transform::Reverse,
};
use tables::Tables;

/// A direct program, ready to be written.
pub(crate) struct Direct<'a> {
    /// What is known of it.
    pub(crate) shell: Shell<'a>,
    /// Its code; parameters are the leaves of the inputs, the program's parameters and then the captures.
    pub(crate) code: Code<'a>,
    /// Which leaves of the inputs are truth values.
    pub(crate) truths: &'a [bool],
    /// What the value is.
    pub(crate) result: Arranged,
    /// The line and column of a place.
    pub(crate) place: &'a dyn Fn(Span) -> (u32, u32),
}

/// The code of a direct program. Its adjoint gives, of one number, the gradient by the inputs and the program's parameters;
/// of several it takes their cotangents, too, and gives those of the inputs and parameters.
pub(crate) enum Code<'a> {
    /// Instructions and lazy choices.
    Straight {
        /// The value.
        value: &'a Graph,
        /// The value and what the adjoint gives.
        adjoint: &'a Graph,
    },
    /// Functions.
    Control {
        /// The value.
        value: &'a Module,
        /// The value and what the adjoint gives.
        derivative: Derivative<'a>,
    },
    /// Functions, with or without control flow, whose result is a truth value.
    Truth {
        /// The value.
        value: &'a Module,
    },
}

/// What gives the value of functions and what their adjoint gives.
#[derive(Clone, Copy)]
pub(crate) enum Derivative<'a> {
    /// Functions that give tangents, too, and for what is not finite there the other.
    Forward { both: &'a Module, reverse: &'a Reverse },
    /// A program that leaves a record, and the adjoints of functions.
    Reverse(&'a Reverse),
}

/// Whether a module's program may fail, be it for want of stack.
pub(crate) fn can_fail(module: &Module) -> bool {
    Functions::new(module, None, &|_| (1, 1)).can_fail(FnId(0))
}

/// The expression that is the compiled program.
pub(crate) fn direct(program: &Direct<'_>) -> TokenStream {
    let private = quote!(::scheme_runtime::__private);
    let border = Border::new(program);
    let (shape, out, names) = (&border.shape, &border.out, program.shell.names());
    let Emitted { items, value, derivative, joined } = match program.code {
        Code::Straight { value, adjoint } => border.straight(value, adjoint),
        Code::Control { value, derivative } => border.control(value, derivative),
        Code::Truth { value } => {
            let items = border.truth(value);
            return program.shell.around(&Regime { items, fields: Vec::new() });
        }
    };
    let items = quote! {
        #items
        #[allow(unused_imports, unused_variables, clippy::all)]
        impl #private::Compiled for Program {
            const PART_OF_CALLER: bool = #joined;
            type In = #shape;
            type Out = #out;
            #names
            #value
            #derivative
        }
    };
    program.shell.around(&Regime { items, fields: Vec::new() })
}

/// The items of a program, and the methods of its implementation of `Compiled`.
struct Emitted {
    items: TokenStream,
    value: TokenStream,
    derivative: TokenStream,
    /// Whether all functions are parts of these methods.
    joined: bool,
}

impl Border<'_> {
    fn straight(&self, value: &Graph, adjoint: &Graph) -> Emitted {
        let Self { private, shape, parameter, result, .. } = self;
        let joined = ![value, adjoint].into_iter().any(has_whole);
        let types = value.result_types();
        let sweep = self.sweep(&types);
        let tables = Tables::of([value, adjoint]);
        let (bind, (statements, results)) = (self.bind(value, &[]), straight::statements(value, &tables));
        let results = arrangement::data(self.program.result, &mut results.into_iter());
        let value = quote! {
            #[inline(always)]
            fn value<T: #private::Real>(&self, __x: #parameter) -> #result {
                use #private::{Mask as _, Real as _};
                #bind
                #statements
                #results
            }
        };
        let Sweep { method, gives, given, parameter: of_results, bind: bind_results, cotangents, .. } =
            &sweep;
        let (bind, (statements, mut results)) =
            (self.bind(adjoint, cotangents), straight::statements(adjoint, &tables));
        let partials = results.split_off(results.len().min(types.len()));
        let (results, gradient) = (
            arrangement::data(self.program.result, &mut results.into_iter()),
            self.gradient(&mut partials.into_iter()),
        );
        let jacobian = &sweep.jacobian;
        let derivative = quote! {
            #jacobian
            #[inline(always)]
            fn #method<T: #private::Real, __C: #private::Choice<#shape>>(
                &self,
                __x: #parameter,
                #of_results
                __wrt: __C,
            ) -> (#result, #gives) {
                use #private::{Mask as _, Real as _};
                #bind_results
                #bind
                #statements
                let __gradient = #gradient;
                (#results, #given)
            }
        };
        Emitted { items: tables.items(), value, derivative, joined }
    }

    /// What a run of functions starts with.
    fn context(&self, functions: &Functions<'_>) -> TokenStream {
        let private = &self.private;
        match functions.recursive.contains(&true) {
            true => quote!(#private::Context::recursive()),
            false => quote!(#private::Context::new()),
        }
    }

    /// The items of a program whose result is a truth value.
    fn truth(&self, module: &Module) -> TokenStream {
        let Self { program, private, shape, parameter, pattern, .. } = self;
        let functions = Functions::new(module, None, program.place);
        let code = code_module(&quote!(code), &functions.values());
        let arguments: Vec<TokenStream> = self.arguments().collect();
        let (kind, given, run) = if functions.can_fail(FnId(0)) {
            let context = self.context(&functions);
            let run = quote! {
                let mut __run = #context;
                let __y = code::f0::<T>(&mut __run, #(#arguments,)*);
                __run.finish(__y)
            };
            (quote!(Fallible), quote!(::core::result::Result<bool, #private::Failure>), run)
        } else {
            (quote!(Total), quote!(bool), quote!(code::f0::<T>(#(#arguments,)*)))
        };
        quote! {
            #code
            #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #private::Predicate for Program {
                type In = #shape;
                type Kind = #private::#kind;
                #[inline]
                fn call<T: #private::Real<Mask = bool>>(&self, __x: #parameter) -> #given {
                    use #private::{Mask as _, Real as _};
                    let #pattern = __x;
                    #run
                }
            }
        }
    }

    fn control(&self, module: &Module, derivative: Derivative<'_>) -> Emitted {
        let Self { program, private, shape, parameter, out, result, pattern, .. } = self;
        let reverse = match derivative {
            Derivative::Forward { .. } => None,
            Derivative::Reverse(reverse) => Some(reverse),
        };
        let functions = Functions::new(module, reverse, program.place);
        let fails = functions.can_fail(FnId(0));
        let mut code = functions.values();
        let (mut both, mut back) = (TokenStream::new(), TokenStream::new());
        let (inline, mut inline_both) = (functions.inline(), functions.inline());
        match derivative {
            Derivative::Forward { both: module_both, reverse } => {
                let functions = Functions::new(module_both, None, program.place);
                both = code_module(&quote!(both), &functions.values());
                inline_both = functions.inline();
                let functions = Functions::new(module, Some(reverse), program.place).cold();
                let (plain, adjoints) =
                    (functions.called_by(reverse), adjoint::adjoints(&functions, reverse));
                back = code_module(&quote!(back), &quote!(#plain #adjoints));
            }
            Derivative::Reverse(reverse) => code.extend(adjoint::adjoints(&functions, reverse)),
        }
        let joined = inline.is_some()
            && inline_both.is_some()
            && !module.functions.iter().any(|function| has_whole(&function.graph));
        let wrapped = |ty: &TokenStream| match fails {
            true => quote!(::core::result::Result<#ty, #private::Failure>),
            false => ty.clone(),
        };
        let arguments: Vec<TokenStream> = self.arguments().collect();
        let arguments = quote!(#(#arguments,)*);
        let context = self.context(&functions);
        // What the program's function gives, as the caller is to have it.
        let results: Vec<TokenStream> = (0..program.result.len())
            .map(|i| {
                let name = format_ident!("__y{i}");
                quote!(#name)
            })
            .collect();
        let given = control::tuple(&results);
        let arranged = arrangement::data(program.result, &mut results.iter().cloned());
        let value = match fails {
            true => quote! {
                let mut __run = #context;
                let __y = code::f0::<T>(&mut __run, #arguments).map(|#given| #arranged);
                __run.finish(__y)
            },
            false => quote!(let #given = code::f0::<T>(#arguments); #arranged),
        };
        let value_type = wrapped(result);
        let sweep = self.sweep(&module.get(FnId(0)).map_or_else(Vec::new, |program| program.exit_types()));
        let Sweep { method, of, body, gives, parameter: of_results, argument, bind, cotangents, .. } = &sweep;
        let partials = (0..self.leaves.len()).filter(|i| !self.is_truth(*i));
        let partials: Vec<TokenStream> = partials
            .map(|i| {
                let name = format_ident!("__dx{i}");
                quote!(#name)
            })
            .collect();
        let gradient = self.gradient(&mut partials.iter().cloned());
        let given = control::tuple(&[results, partials].concat());
        let tape =
            |code: TokenStream| quote!(let mut __run = #private::Tape::new(#context, #code::Stacks::new()););
        let of_code = tape(quote!(code));
        let pulled = match (derivative, fails) {
            (Derivative::Reverse(_), true) => quote! {
                #of_code
                let __y = code::gradient::<T>(&mut __run, #arguments #(#cotangents),*).map(|#given| (#arranged, #gradient));
                __run.context.finish(__y)
            },
            (Derivative::Reverse(_), false) => quote! {
                #of_code
                let #given = code::gradient::<T>(&mut __run, #arguments #(#cotangents),*);
                (#arranged, #gradient)
            },
            (Derivative::Forward { .. }, true) => quote! {
                let mut __run = #context;
                let __y = both::f0::<T>(&mut __run, #arguments).map(|#given| (#arranged, #gradient));
                __run.finish(__y)
            },
            (Derivative::Forward { .. }, false) => quote! {
                let #given = both::f0::<T>(#arguments);
                (#arranged, #gradient)
            },
        };
        let backward = matches!(derivative, Derivative::Forward { .. }).then(|| {
            let tape = tape(quote!(back));
            let run = quote!(back::gradient::<T>(&mut __run, #arguments));
            let gradient = match fails {
                true => quote!(#run.ok().map(|#given| #gradient)),
                false => quote!({ let #given = #run; ::core::option::Option::Some(#gradient) }),
            };
            quote! {
                const FORWARD: bool = true;
                #[cold]
                #[inline(never)]
                fn back<T: #private::Real<Mask = bool>>(&self, __x: #parameter) -> ::core::option::Option<#parameter> {
                    use #private::{Mask as _, Real as _};
                    let #pattern = __x;
                    #tape
                    #gradient
                }
            }
        });
        let (all, chosen) = (wrapped(&quote!((#result, #parameter))), wrapped(&quote!((#result, #gives))));
        let code = code_module(&quote!(code), &code);
        let items = quote! {
            #code
            #both
            #back
            #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #private::Control for Program {
                type In = #shape;
                type Out = #out;
                #inline
                fn value<T: #private::Real<Mask = bool>>(&self, __x: #parameter) -> #value_type {
                    use #private::{Mask as _, Real as _};
                    let #pattern = __x;
                    #value
                }
            }
            #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
            impl #private::#of for Program {
                #inline_both
                fn #body<T: #private::Real<Mask = bool>>(&self, __x: #parameter, #of_results) -> #all {
                    use #private::{Mask as _, Real as _};
                    let #pattern = __x;
                    #bind
                    #pulled
                }
                #backward
            }
        };
        let value = quote! {
            #[inline(always)]
            fn value<T: #private::Real>(&self, __x: #parameter) -> #value_type {
                #private::value(self, __x)
            }
        };
        let jacobian = &sweep.jacobian;
        let derivative = quote! {
            #jacobian
            #[inline(always)]
            fn #method<T: #private::Real, __C: #private::Choice<#shape>>(
                &self,
                __x: #parameter,
                #of_results
                __wrt: __C,
            ) -> #chosen {
                #private::#method(self, __x, #argument __wrt)
            }
        };
        Emitted { items, value, derivative, joined }
    }
}

/// Whether a graph has operations on whole matrices, which are functions of their own.
fn has_whole(graph: &Graph) -> bool {
    let mut has = false;
    graph.body.each(&mut |inst| has |= matches!(inst.op, Op::Whole(_)));
    has
}

/// The functions of a program in a module of their own.
fn code_module(name: &TokenStream, code: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
        mod #name {
            use ::core::prelude::v1::*;
            use ::scheme_runtime::__private::{
                Code, Context, Frames, Irritant, Mask as _, Real, Record, Runs, Stop, Tape, grow, room,
            };
            #code
        }
    }
}
