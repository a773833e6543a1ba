//! How numbers come into a program and go out, in its value and in its adjoint.

use super::{Code, Direct, arrangement, can_fail, chunks, rows};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{Graph, Type},
    prim::Scalar,
};

/// How a program's adjoint is seen from outside: of one number the gradient, of several what their cotangents are pulled
/// back to.
#[derive(Default)]
pub(super) struct Sweep {
    /// The method of `Compiled`; of a program with control flow also the trait for it and the method there.
    pub(super) method: TokenStream,
    pub(super) of: TokenStream,
    pub(super) body: TokenStream,
    /// What it gives by chosen inputs, as a type, and that of `__gradient`, which is by all.
    pub(super) gives: TokenStream,
    pub(super) given: TokenStream,
    /// The results' cotangents as a parameter, as an argument, and taken apart.
    pub(super) parameter: TokenStream,
    pub(super) argument: TokenStream,
    pub(super) bind: TokenStream,
    /// Those of numbers.
    pub(super) cotangents: Vec<TokenStream>,
    /// Of several results, the method of `Compiled` that gives their derivatives.
    pub(super) jacobian: TokenStream,
}

/// How numbers come in and go out.
pub(super) struct Border<'a> {
    pub(super) program: &'a Direct<'a>,
    pub(super) private: TokenStream,
    /// The inputs' shape and their data of numbers `T`, as types.
    pub(super) shape: TokenStream,
    pub(super) parameter: TokenStream,
    /// The outcome.
    pub(super) out: TokenStream,
    /// The result's data of numbers `T`, as a type.
    pub(super) result: TokenStream,
    /// The leaves of the inputs as variables, and their pattern.
    pub(super) leaves: Vec<Ident>,
    pub(super) pattern: TokenStream,
}

impl<'a> Border<'a> {
    pub(super) fn new(program: &'a Direct<'a>) -> Self {
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
    pub(super) fn gradient(&self, partials: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
        let leaves: Vec<TokenStream> = (0..self.leaves.len())
            .map(|i| if self.is_truth(i) { quote!(T::lit(0.0)) } else { partials.next().unwrap_or_default() })
            .collect();
        arrangement::taken(&self.program.shell, &mut leaves.into_iter())
    }

    pub(super) fn is_truth(&self, leaf: usize) -> bool {
        self.program.truths.get(leaf) == Some(&true)
    }

    /// What is taken as parameters, a number that is not 0 for a truth value being true, and the captures.
    pub(super) fn arguments(&self) -> impl Iterator<Item = TokenStream> {
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

    /// What the adjoint of a program with results of these types is like at the border. One number in an array has its
    /// partial derivatives in its place, as one alone.
    pub(super) fn sweep(&self, results: &[Type]) -> Sweep {
        let private = &self.private;
        let chosen = quote!(#private::Of<__C::Shape, T>);
        let picked = quote!(__wrt.pick(&__gradient));
        if results == [Type::REAL] {
            return Sweep {
                method: quote!(derivative),
                of: quote!(Gradient),
                body: quote!(value_and_gradient),
                gives: self.program.result.of(&chosen),
                given: arrangement::data(self.program.result, &mut std::iter::once(picked)),
                ..Sweep::default()
            };
        }
        let leaves: Vec<TokenStream> = (0..self.program.result.len())
            .map(|i| {
                let name = format_ident!("__c{i}");
                quote!(#name)
            })
            .collect();
        let (shape, parameter) = (&self.shape, &self.parameter);
        let jacobian = quote! {
            #[inline(always)]
            fn derivative<T: #private::Real, __C: #private::Choice<#shape>>(
                &self,
                __x: #parameter,
                __wrt: __C,
            ) -> #private::Wrapped<Self::Out, #private::Differential<Self::Out, __C::Shape, T>> {
                #private::differentiate(self, __x, __wrt)
            }
        };
        let (result, pattern) =
            (&self.result, arrangement::data(self.program.result, &mut leaves.iter().cloned()));
        let numbers = leaves.into_iter().zip(results).filter(|(_, ty)| ty.scalar == Scalar::Real);
        Sweep {
            method: quote!(pull),
            of: quote!(Pullback),
            body: quote!(value_and_cotangent),
            gives: chosen,
            given: picked,
            parameter: quote!(__ct: #result,),
            argument: quote!(__ct,),
            bind: quote!(let #pattern = __ct;),
            cotangents: numbers.map(|(leaf, _)| leaf).collect(),
            jacobian,
        }
    }

    /// Binds the parameters of a graph, of which the last are the cotangents that a sweep takes.
    pub(super) fn bind(&self, graph: &Graph, cotangents: &[TokenStream]) -> TokenStream {
        let pattern = &self.pattern;
        let arguments = self.arguments().chain(cotangents.iter().cloned());
        let (names, values): (Vec<_>, Vec<_>) =
            graph.params.iter().map(|var| rows::name(*var)).zip(arguments).unzip();
        // Many at once, for the reason that statements are in chunks.
        match names.len() > chunks::CHUNK {
            true => quote!(let #pattern = __x; let (#(#names,)*) = (#(#values,)*);),
            false => quote!(let #pattern = __x; #(let #names = #values;)*),
        }
    }
}
