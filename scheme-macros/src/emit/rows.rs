//! Instructions as Rust: what straight code and control code share.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{Atom, Block, Inst, Op, Var},
    prim::{Numeric, Whole},
};
use std::collections::HashMap;

/// The sines and cosines that are taken of one angle, by the variable of each.
pub(super) struct Angles(HashMap<Var, (Var, Var)>);

impl Angles {
    pub(super) fn of(block: &Block) -> Self {
        Self(angles(block))
    }

    /// The variables that the statement of an instruction binds.
    pub(super) fn binds(&self, inst: &Inst) -> Vec<Var> {
        match inst.results.first().and_then(|v| self.0.get(v).map(|pair| (*v, *pair))) {
            Some((v, (sin, cos))) if v == sin.min(cos) => vec![sin, cos],
            Some(_) => Vec::new(),
            None => inst.results.clone(),
        }
    }

    /// A row of the table at operands, numbers of type `real`.
    pub(super) fn row(
        &self,
        row: Numeric,
        inst: &Inst,
        args: &[TokenStream],
        real: &TokenStream,
    ) -> TokenStream {
        if let Some((sin, cos)) = self.0.get(&inst.results[0]) {
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
            (Numeric::Select | Numeric::Indicator, _) => quote!(#real::#method(#(#args),*)),
            (Numeric::Min | Numeric::Max, [_, _, _, ..]) => {
                let method = format_ident!("{method}_of", span = Span::mixed_site());
                quote!(#real::#method([#(#args),*]))
            }
            (_, [first, rest @ ..]) => quote!(#first.#method(#(#rest),*)),
            (_, []) => quote!(),
        };
        let result = name(inst.results[0]);
        quote!(let #result = #value;)
    }
}

/// An operation on whole matrices at operands.
pub(super) fn whole(whole: Whole, inst: &Inst, args: &[TokenStream]) -> TokenStream {
    let sizes = match whole {
        Whole::Product { m, n, p } => quote!(Product { m: #m, n: #n, p: #p }),
        Whole::Det(n) => quote!(Det(#n)),
        Whole::Logdet(n) => quote!(Logdet(#n)),
        Whole::Cofactors(n) => quote!(Cofactors(#n)),
        Whole::Inv(n) => quote!(Inv(#n)),
        Whole::Solve { n, columns } => quote!(Solve { n: #n, columns: #columns }),
        Whole::Cholesky(n) => quote!(Cholesky(#n)),
    };
    let results = inst.results.iter().map(|v| name(*v));
    quote!(let [#(#results),*] = ::scheme_runtime::__private::Whole::#sizes.of::<T, _, _>([#(#args),*]);)
}

/// The Rust variable of a graph's. A plain `v0` would be a pattern where the user has a constant `v0`.
pub(super) fn name(var: Var) -> Ident {
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
