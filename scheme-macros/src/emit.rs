//! Graph out, Rust out: the code of a direct program.
//!
//! A program's type, whose shell is elsewhere, gets its value and its adjoint as straight code, generic over
//! the real. The code is that of the graphs, instruction by instruction; nothing is differentiated or
//! simplified here, save that sine and cosine of one number are taken together.

use crate::shell::{Regime, Shell, number};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use scheme_core::{
    anf::{Atom, Block, Graph, Inst, Op, Type, Var},
    prim::{Numeric, Scalar},
};
use std::collections::HashMap;

/// A straight program, ready to be written.
pub(crate) struct Direct<'a> {
    /// What is known of it.
    pub(crate) shell: Shell<'a>,
    /// Its value; parameters are the inputs, the program's parameters and then the captures.
    pub(crate) value: &'a Graph,
    /// Its value and its gradient by the inputs and the program's parameters.
    pub(crate) value_and_gradient: &'a Graph,
}

/// The expression that is the compiled program.
pub(crate) fn direct(program: &Direct<'_>) -> TokenStream {
    let Direct { shell, value, value_and_gradient } = program;
    let private = quote!(::scheme_runtime::__private);
    let inputs = (shell.inputs.len(), shell.params.len());
    let (shape, parameter) = (shell.takes(&quote!(#private::R)), shell.takes(&quote!(T)));
    let names = shell.names();
    let primal = Body::new(value, inputs).function();
    let adjoint = Body::new(value_and_gradient, inputs);
    let (statements, results) = adjoint.statements();
    let gradient = match &results[..] {
        [y, dx @ ..] => {
            let dx = together(dx, inputs);
            quote!((#y, __wrt.pick(&#dx)))
        }
        [] => quote!(),
    };
    let items = quote! {
        #[allow(unused_imports, unused_variables, clippy::all)]
        impl #private::Compiled for Program {
            type In = #shape;
            type Out = #private::R;
            #names
            #[inline(always)]
            fn value<T: #private::Real>(&self, __x: #parameter) -> T {
                use #private::{Mask as _, Real as _};
                #primal
            }
            #[inline(always)]
            fn derivative<T: #private::Real, __C: #private::Choice<#shape>>(
                &self,
                __x: #parameter,
                __wrt: __C,
            ) -> (T, #private::Of<__C::Shape, T>) {
                use #private::{Mask as _, Real as _};
                #statements
                #gradient
            }
        }
    };
    shell.around(&Regime { items, fields: Vec::new() })
}

/// Numbers for so many inputs and parameters, as a pattern or an expression of the type that comes in.
fn together<X: ToTokens>(all: &[X], (inputs, params): (usize, usize)) -> TokenStream {
    let array = |all: &[X]| match all {
        [one] => quote!(#one),
        all => quote!([#(#all),*]),
    };
    match all.split_at_checked(inputs) {
        Some((inputs, of_params)) if params > 0 => {
            let (inputs, of_params) = (array(inputs), array(of_params));
            quote!((#inputs, #of_params))
        }
        _ => array(all),
    }
}

/// The body of a function that a graph is.
struct Body<'g> {
    graph: &'g Graph,
    /// How many inputs there are, and parameters of the program.
    inputs: (usize, usize),
    /// Of each sine and cosine that are taken of one angle, both.
    angles: HashMap<Var, (Var, Var)>,
}

impl<'g> Body<'g> {
    fn new(graph: &'g Graph, inputs: (usize, usize)) -> Self {
        Self { graph, inputs, angles: angles(&graph.body) }
    }

    fn function(&self) -> TokenStream {
        let (statements, results) = self.statements();
        quote!(#statements #(#results)*)
    }

    fn statements(&self) -> (TokenStream, Vec<TokenStream>) {
        let known = (self.inputs.0 + self.inputs.1).min(self.graph.params.len());
        let (inputs, captures) = self.graph.params.split_at(known);
        let variables: Vec<Ident> = inputs.iter().map(|v| name(*v)).collect();
        let variables = together(&variables, self.inputs);
        let bind = quote!(let #variables = __x;);
        let captures = captures.iter().enumerate().map(|(i, v)| {
            let name = name(*v);
            quote!(let #name = T::lit(self.captured[#i]);)
        });
        let body = self.block(&self.graph.body);
        let results = self.graph.body.results.iter().map(|a| self.atom(*a)).collect();
        (quote!(#bind #(#captures)* #body), results)
    }

    fn block(&self, block: &Block) -> TokenStream {
        block.insts.iter().map(|inst| self.inst(inst)).collect()
    }

    fn atom(&self, atom: Atom) -> TokenStream {
        match atom {
            Atom::Var(v) => {
                let name = name(v);
                quote!(#name)
            }
            Atom::Real(x) => {
                let literal = number(x);
                quote!(T::lit(#literal))
            }
            Atom::Bool(b) => quote!(<T::Mask as ::scheme_runtime::__private::Mask>::splat(#b)),
        }
    }

    fn inst(&self, inst: &Inst) -> TokenStream {
        let args: Vec<TokenStream> = inst.args.iter().map(|a| self.atom(*a)).collect();
        match &inst.op {
            Op::Row(row) => self.row(*row, inst, &args),
            Op::If { then, els } => self.choice(inst, &args, then, els),
            // Straight programs of numbers have no axes and no calls.
            Op::Broadcast { .. }
            | Op::Sum { .. }
            | Op::Call(_)
            | Op::Forward(_)
            | Op::Tangent(_)
            | Op::Reverse(_)
            | Op::Fail(_) => {
                quote!(::core::compile_error! { "calls in a straight program: please report this program" })
            }
        }
    }

    fn row(&self, row: Numeric, inst: &Inst, args: &[TokenStream]) -> TokenStream {
        if let Some((sin, cos)) = self.angles.get(&inst.results[0]) {
            // Both come at the first of the two.
            let first = sin.min(cos);
            let (sin, cos, angle) = (name(*sin), name(*cos), &args[0]);
            return if inst.results[0] == *first {
                quote!(let (#sin, #cos) = #angle.sin_cos();)
            } else {
                quote!()
            };
        }
        let method = Ident::new(row.row().ident, Span::mixed_site());
        let value = match (row, args) {
            (Numeric::Add, [a, b]) => quote!(#a + #b),
            (Numeric::Sub, [a, b]) => quote!(#a - #b),
            (Numeric::Mul, [a, b]) => quote!(#a * #b),
            (Numeric::Div, [a, b]) => quote!(#a / #b),
            (Numeric::Neg, [a]) => quote!(-#a),
            (Numeric::Identity, [a]) => quote!(#a),
            (Numeric::Select | Numeric::Indicator, _) => quote!(T::#method(#(#args),*)),
            (Numeric::Min | Numeric::Max, [_, _, _, ..]) => {
                let method = format_ident!("{method}_of", span = Span::mixed_site());
                quote!(T::#method([#(#args),*]))
            }
            (_, [first, rest @ ..]) => quote!(#first.#method(#(#rest),*)),
            (_, []) => quote!(),
        };
        let result = name(inst.results[0]);
        quote!(let #result = #value;)
    }

    /// A lazy choice. Its sides give numbers; a truth value crosses as 1 or 0.
    fn choice(&self, inst: &Inst, args: &[TokenStream], then: &Block, els: &Block) -> TokenStream {
        let side = |block: &Block| {
            let body = self.block(block);
            let results = block.results.iter().map(|a| {
                let value = self.atom(*a);
                match self.graph.ty(*a).scalar {
                    Scalar::Real => value,
                    Scalar::Bool | Scalar::Record => quote!(T::indicator(#value)),
                }
            });
            quote!(|| { #body [#(#results),*] })
        };
        let (then, els) = (side(then), side(els));
        let results: Vec<Ident> = inst.results.iter().map(|v| name(*v)).collect();
        let truths = inst.results.iter().filter(|v| self.graph.ty(Atom::Var(**v)) == Type::BOOL).map(|v| {
            let name = name(*v);
            quote!(let #name = #name.is_positive();)
        });
        quote!(let [#(#results),*] = T::branch(#(#args),*, #then, #els); #(#truths)*)
    }
}

/// The Rust variable of a graph's. A plain `v0` would be a pattern where the user has a constant `v0`.
fn name(var: Var) -> Ident {
    Ident::new(&format!("__{var}"), Span::mixed_site())
}

/// The sines and cosines that one block takes of one angle, by the variable of each.
fn angles(block: &Block) -> HashMap<Var, (Var, Var)> {
    let mut one = HashMap::new();
    let mut both = HashMap::new();
    for inst in &block.insts {
        if let Op::If { then, els } = &inst.op {
            both.extend(angles(then));
            both.extend(angles(els));
        }
        let (Op::Row(row), [Atom::Var(angle)], [result]) = (&inst.op, &inst.args[..], &inst.results[..])
        else {
            continue;
        };
        let pair = match (row, one.get(angle)) {
            (Numeric::Cos, Some((Numeric::Sin, sin))) => (*sin, *result),
            (Numeric::Sin, Some((Numeric::Cos, cos))) => (*result, *cos),
            (Numeric::Sin | Numeric::Cos, _) => {
                one.insert(*angle, (*row, *result));
                continue;
            }
            _ => continue,
        };
        both.extend([(pair.0, pair), (pair.1, pair)]);
    }
    both
}
