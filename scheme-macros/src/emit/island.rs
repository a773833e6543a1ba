//! Islands as Rust: the direct code of a machine program's procedures.
//!
//! Each is a module with the code of its functions, and a type that implements the machine's `Island`. Its errors
//! have no places: the procedure's blocks run where it fails, and meet them again.

use super::{adjoint, control::Functions};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{Atom, Block, FnId, Module, Op},
    prim::Numeric,
    transform,
};

/// The module and the type of the island with the given number, as paths have them.
pub(crate) fn path(island: u32) -> TokenStream {
    let name = format_ident!("island{island}");
    quote!(#name::Island)
}

/// The code of an island, from numbers to a number.
pub(crate) fn island(number: u32, module: &Module) -> TokenStream {
    let name = format_ident!("island{number}");
    let module = transform::optimize(module);
    let count = module.get(FnId(0)).map_or(0, |function| function.graph.params.len());
    let reverse = transform::reverse(&module, &(0..count).collect::<Vec<_>>());
    let functions = Functions::new(&module, reverse.as_ref().ok(), &|_| (1, 1));
    let mut code = functions.values();
    let operands: Vec<Ident> = (0..count).map(|i| format_ident!("__x{i}")).collect();
    let fails = functions.can_fail(FnId(0));
    let context = match functions.recursive.contains(&true) {
        true => quote!(code::Context::recursive()),
        false => quote!(code::Context::new()),
    };
    let value = match fails {
        true => quote!(code::f0::<T>(&mut #context, #(#operands),*).ok()),
        false => quote!(Some(code::f0::<T>(#(#operands),*))),
    };
    // What cannot be differentiated here is left to the blocks.
    let gradient = match &reverse {
        Err(_) => quote!(None),
        Ok(reverse) => {
            code.extend(adjoint::adjoints(&functions, reverse));
            let partials: Vec<Ident> = (0..count).map(|i| format_ident!("__dx{i}")).collect();
            let both = if count == 0 { quote!(__y) } else { quote!((__y, #(#partials),*)) };
            let tape = quote!(&mut code::Tape::new(#context, code::Stacks::new()));
            let given = quote!(code::gradient::<T>(#tape, #(#operands),*));
            match fails {
                true => quote!(#given.ok().map(|#both| (__y, [#(#partials),*]))),
                false => quote!({ let #both = #given; Some((__y, [#(#partials),*])) }),
            }
        }
    };
    let exact = module.functions.iter().all(|function| exact(&function.graph.body));
    quote! {
        mod #name {
            use ::core::prelude::v1::*;
            use ::scheme_runtime::__private::Real;
            mod code {
                use ::core::prelude::v1::*;
                pub(super) use ::scheme_runtime::__private::{
                    Code, Context, Frames, Irritant, Mask as _, Real, Record, Runs, Stop, Tape, grow, room,
                };
                #code
            }
            pub(super) struct Island;
            impl ::scheme_runtime::__private::machine::Island<#count> for Island {
                const EXACT: bool = #exact;
                fn value<T: Real<Mask = bool>>([#(#operands),*]: [T; #count]) -> Option<T> {
                    #value
                }
                fn gradient<T: Real<Mask = bool>>([#(#operands),*]: [T; #count]) -> Option<(T, [T; #count])> {
                    #gradient
                }
            }
        }
    }
}

/// Whether `f32` has all literals of a block that may come out of it unread by an operation. Blocks of the machine
/// round what operations read and nothing else.
fn exact(block: &Block) -> bool {
    let has = |atom: &Atom| match atom {
        Atom::Real(x) => x.is_nan() || f64::from(*x as f32) == *x,
        Atom::Var(_) | Atom::Bool(_) => true,
    };
    let passes = |op: &Op| {
        !matches!(op, Op::Whole(_) | Op::Table(_)) && !matches!(op, Op::Row(row) if *row != Numeric::Select)
    };
    let mut exact = block.results.iter().all(has);
    block.each(&mut |inst| {
        exact &= !passes(&inst.op) || inst.args.iter().all(has);
        if let Op::Table(table) = &inst.op {
            exact &= table.items().iter().all(|x| has(&Atom::Real(*x)));
        }
        if let Op::If { then, els } = &inst.op {
            exact &= [then, els].into_iter().flat_map(|side| &side.results).all(has);
        }
    });
    exact
}
