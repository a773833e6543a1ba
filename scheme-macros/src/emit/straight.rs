//! Straight code: instructions and lazy choices, generic over the real, lanes included.

use super::{
    chunks::chunked,
    rows::{Angles, name, whole},
    tables::Tables,
};
use crate::shell::number;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use scheme_core::{
    anf::{Atom, Block, Graph, Inst, Op, Type},
    prim::Scalar,
};

/// Of so many choices within one another the sides of the outermost are chunks, as of long sequences of statements.
const DEEP: usize = 8;

/// The statements of a graph's body, whose parameters are bound already, and its results as numbers.
pub(super) fn statements(graph: &Graph, tables: &Tables) -> (TokenStream, Vec<TokenStream>) {
    let body = Body { graph, tables, angles: Angles::of(&graph.body) };
    let results = graph.body.results.iter().map(|a| body.number(*a)).collect();
    (body.block(&graph.body), results)
}

struct Body<'g> {
    graph: &'g Graph,
    tables: &'g Tables,
    angles: Angles,
}

impl Body<'_> {
    fn block(&self, block: &Block) -> TokenStream {
        chunked(&block.insts, block.results.iter().copied(), &self.angles, false, |inst| self.inst(inst))
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
            Op::Row(row) => self.angles.row(*row, inst, &args, &quote!(T)),
            Op::Whole(of) => whole(*of, inst, &args),
            Op::Table(table) => self.tables.read(table, inst, &args, &quote!(T)),
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

    /// An atom as a number: a truth value is 1 or 0.
    fn number(&self, atom: Atom) -> TokenStream {
        let value = self.atom(atom);
        match self.graph.ty(atom).scalar {
            Scalar::Real => value,
            Scalar::Bool | Scalar::Record => quote!(T::indicator(#value)),
        }
    }

    /// A lazy choice. Its sides give numbers; a truth value crosses as 1 or 0. They are blocks, which are part of the code around them
    /// whatever the compiler thinks of their size, and see [`DEEP`].
    fn choice(&self, inst: &Inst, args: &[TokenStream], then: &Block, els: &Block) -> TokenStream {
        let depth = 1 + then.depth().max(els.depth());
        let side = |block: &Block| {
            let body = self.block(block);
            let results = block.results.iter().map(|a| self.number(*a));
            let body = quote!(#body [#(#results),*]);
            match depth.is_multiple_of(DEEP) {
                true => quote!(::scheme_runtime::__chunk! { #body }),
                false => quote!({ #body }),
            }
        };
        let (then, els) = (side(then), side(els));
        let results: Vec<Ident> = inst.results.iter().map(|v| name(*v)).collect();
        let truths = inst.results.iter().filter(|v| self.graph.ty(Atom::Var(**v)) == Type::BOOL).map(|v| {
            let name = name(*v);
            quote!(let #name = #name.is_positive();)
        });
        quote! {
            let [#(#results),*] = {
                let __mask = #(#args)*;
                let (__then, __els) = ::scheme_runtime::__private::sides::<T>(__mask);
                let __y = if __then { ::core::option::Option::Some(#then) } else { ::core::option::Option::None };
                match __y {
                    ::core::option::Option::Some(__y) if !__els => __y,
                    __y => ::scheme_runtime::__private::put(__mask, __y, #els),
                }
            };
            #(#truths)*
        }
    }
}
