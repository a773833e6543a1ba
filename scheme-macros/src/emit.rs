//! Modules out, Rust out: the code of a direct program.
//!
//! A program's type, whose shell is elsewhere, gets its value and its adjoint. A straight program's code is generic
//! over the real, lanes included (`straight`); one with calls, loops or failures is functions on numbers with
//! one lane (`control`, `adjoint`). The code is that of the graphs, instruction by instruction; nothing is
//! differentiated or simplified here, save that sine and cosine of one number are taken together.

mod adjoint;
mod arrangement;
mod chunks;
mod control;
pub(crate) mod island;
mod room;
mod rows;
mod straight;

use crate::shell::{Arranged, Regime, Shell};
use control::Functions;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{FnId, Graph, Module},
    span::Span,
    transform::Reverse,
};

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

/// The code of a direct program. Its derivative is there if it gives one number.
pub(crate) enum Code<'a> {
    /// Instructions and lazy choices.
    Straight {
        /// The value.
        value: &'a Graph,
        /// The value and the gradient by the inputs and the program's parameters.
        gradient: Option<&'a Graph>,
    },
    /// Functions.
    Control {
        /// The value.
        value: &'a Module,
        /// The value and the gradient by the inputs and the program's parameters.
        gradient: Option<&'a Reverse>,
    },
    /// Functions, with or without control flow, whose result is a truth value.
    Truth {
        /// The value.
        value: &'a Module,
    },
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
    let Emitted { items, value, derivative } = match program.code {
        Code::Straight { value, gradient } => border.straight(value, gradient),
        Code::Control { value, gradient } => border.control(value, gradient),
        Code::Truth { value } => {
            let items = border.truth(value);
            return program.shell.around(&Regime { items, fields: Vec::new() });
        }
    };
    let items = quote! {
        #items
        #[allow(unused_imports, unused_variables, clippy::all)]
        impl #private::Compiled for Program {
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
}

/// How numbers come in and go out.
struct Border<'a> {
    program: &'a Direct<'a>,
    private: TokenStream,
    /// The inputs' shape and their data of numbers `T`, as types.
    shape: TokenStream,
    parameter: TokenStream,
    /// The outcome.
    out: TokenStream,
    /// The result's data of numbers `T`, as a type.
    result: TokenStream,
    /// The leaves of the inputs as variables, and their pattern.
    leaves: Vec<Ident>,
    pattern: TokenStream,
}

impl<'a> Border<'a> {
    fn new(program: &'a Direct<'a>) -> Self {
        let private = quote!(::scheme_runtime::__private);
        let real = quote!(#private::R);
        let shell = &program.shell;
        let count = shell.inputs.iter().map(|input| input.arranged.len()).sum::<usize>() + shell.params.len();
        let leaves: Vec<Ident> = (0..count).map(|i| format_ident!("__x{i}")).collect();
        let pattern = arrangement::taken(shell, &mut leaves.iter().map(|leaf| quote!(#leaf)));
        let out = program.result.of(&real);
        let out = match program.code {
            Code::Control { value, .. } if can_fail(value) => quote!(#private::Try<#out>),
            _ => out,
        };
        Self {
            program,
            shape: shell.takes(&real),
            parameter: shell.takes(&quote!(T)),
            out,
            result: program.result.of(&quote!(T)),
            leaves,
            pattern,
            private,
        }
    }

    /// The gradient in the arrangement of what is taken, from its numbers: none by truth values.
    fn gradient(&self, partials: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
        let leaves: Vec<TokenStream> = (0..self.leaves.len())
            .map(|i| if self.is_truth(i) { quote!(T::lit(0.0)) } else { partials.next().unwrap_or_default() })
            .collect();
        arrangement::taken(&self.program.shell, &mut leaves.into_iter())
    }

    fn is_truth(&self, leaf: usize) -> bool {
        self.program.truths.get(leaf) == Some(&true)
    }

    /// What is taken as parameters, a number that is not 0 for a truth value being true, and the captures.
    fn arguments(&self) -> impl Iterator<Item = TokenStream> {
        let leaves = self.leaves.iter().enumerate().map(|(i, leaf)| match self.is_truth(i) {
            true => quote!(#leaf.is_zero().not()),
            false => quote!(#leaf),
        });
        leaves.chain(self.captures())
    }

    /// The captures as numbers.
    fn captures(&self) -> impl Iterator<Item = TokenStream> {
        (0..self.program.shell.captures.len()).map(|i| quote!(T::lit(self.captured[#i])))
    }

    /// Binds the parameters of a graph.
    fn bind(&self, graph: &Graph) -> TokenStream {
        let pattern = &self.pattern;
        let (names, values): (Vec<_>, Vec<_>) =
            graph.params.iter().map(|var| rows::name(*var)).zip(self.arguments()).unzip();
        // Many at once, for the reason that statements are in chunks.
        match names.len() > chunks::CHUNK {
            true => quote!(let #pattern = __x; let (#(#names,)*) = (#(#values,)*);),
            false => quote!(let #pattern = __x; #(let #names = #values;)*),
        }
    }

    fn straight(&self, value: &Graph, gradient: Option<&Graph>) -> Emitted {
        let Self { private, shape, parameter, result, .. } = self;
        let (bind, (statements, results)) = (self.bind(value), straight::statements(value));
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
        let derivative = gradient.map(|gradient| {
            let (bind, (statements, mut results)) = (self.bind(gradient), straight::statements(gradient));
            let gradient = self.gradient(&mut results.split_off(results.len().min(1)).into_iter());
            quote! {
                #[inline(always)]
                fn derivative<T: #private::Real, __C: #private::Choice<#shape>>(
                    &self,
                    __x: #parameter,
                    __wrt: __C,
                ) -> (T, #private::Of<__C::Shape, T>) {
                    use #private::{Mask as _, Real as _};
                    #bind
                    #statements
                    (#(#results)*, __wrt.pick(&#gradient))
                }
            }
        });
        Emitted { items: quote!(), value, derivative: derivative.unwrap_or_default() }
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
        let code = code_module(&functions.values());
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

    fn control(&self, module: &Module, gradient: Option<&Reverse>) -> Emitted {
        let Self { program, private, shape, parameter, out, result, pattern, .. } = self;
        let functions = Functions::new(module, gradient, program.place);
        let fails = functions.can_fail(FnId(0));
        let mut code = functions.values();
        code.extend(gradient.map(|reverse| adjoint::adjoints(&functions, reverse)));
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
        let inline = functions.inline();
        let gradients = gradient.map(|_| {
            let partials = (0..self.leaves.len()).filter(|i| !self.is_truth(*i));
            let partials: Vec<Ident> = partials.map(|i| format_ident!("__dx{i}")).collect();
            let gradient = self.gradient(&mut partials.iter().map(|partial| quote!(#partial)));
            let both = quote!((#(#results,)* #(#partials),*));
            let both = if partials.is_empty() { quote!(#(#results)*) } else { both };
            let arranged = quote!((#(#results)*, #gradient));
            let body = match fails {
                true => quote! {
                    let __y = code::gradient::<T>(&mut __run, #arguments).map(|#both| #arranged);
                    __run.context.finish(__y)
                },
                false => quote!(let #both = code::gradient::<T>(&mut __run, #arguments); #arranged),
            };
            let gradient_type = wrapped(&quote!((T, #parameter)));
            quote! {
                impl #private::Gradient for Program {
                    #inline
                    fn value_and_gradient<T: #private::Real<Mask = bool>>(
                        &self,
                        __x: #parameter,
                    ) -> #gradient_type {
                        use #private::{Mask as _, Real as _};
                        let #pattern = __x;
                        let mut __run = #private::Tape::new(#context, code::Stacks::new());
                        #body
                    }
                }
            }
        });
        let derivative = gradient.map(|_| {
            let derived = wrapped(&quote!((T, #private::Of<__C::Shape, T>)));
            quote! {
                #[inline(always)]
                fn derivative<T: #private::Real, __C: #private::Choice<#shape>>(
                    &self,
                    __x: #parameter,
                    __wrt: __C,
                ) -> #derived {
                    #private::derivative(self, __x, __wrt)
                }
            }
        });
        let code = code_module(&code);
        let items = quote! {
            #code
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
            #gradients
        };
        let value = quote! {
            #[inline(always)]
            fn value<T: #private::Real>(&self, __x: #parameter) -> #value_type {
                #private::value(self, __x)
            }
        };
        Emitted { items, value, derivative: derivative.unwrap_or_default() }
    }
}

/// The functions of a program in a module of their own.
fn code_module(code: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery)]
        mod code {
            use ::scheme_runtime::__private::{
                Code, Context, Frames, Irritant, Mask as _, Real, Record, Runs, Stop, Tape, grow, room,
            };
            #code
        }
    }
}
