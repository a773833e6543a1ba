//! Tables of constants as statics: one for each table of a program, however often it is read.

use super::rows::name;
use crate::shell::number;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use scheme_core::anf::{Graph, Inst, Op, Table};
use std::collections::HashMap;

/// The tables of some graphs, by their numbers.
pub(super) struct Tables(HashMap<Table, usize>);

impl Tables {
    pub(super) fn of<'g>(graphs: impl IntoIterator<Item = &'g Graph>) -> Self {
        let mut tables = HashMap::new();
        for graph in graphs {
            graph.body.each(&mut |inst| {
                if let Op::Table(table) = &inst.op {
                    let next = tables.len();
                    tables.entry(table.clone()).or_insert(next);
                }
            });
        }
        Self(tables)
    }

    /// The statics.
    pub(super) fn items(&self) -> TokenStream {
        let mut tables: Vec<(&Table, &usize)> = self.0.iter().collect();
        tables.sort_by_key(|(_, index)| **index);
        let item = |(table, index): (&Table, &usize)| {
            let (name, items) = (self::table(*index), table.items());
            let (count, items) = (items.len(), items.iter().map(|x| number(*x)));
            quote!(static #name: [f64; #count] = [#(#items),*];)
        };
        tables.into_iter().map(item).collect()
    }

    /// A read at operands, numbers of type `real`.
    pub(super) fn read(
        &self,
        table: &Table,
        inst: &Inst,
        args: &[TokenStream],
        real: &TokenStream,
    ) -> TokenStream {
        let (result, table) = (name(inst.results[0]), self::table(self.0.get(table).copied().unwrap_or(0)));
        quote!(let #result = #real::item(&#table, #(#args),*);)
    }
}

fn table(index: usize) -> Ident {
    Ident::new(&format!("__TABLE{index}"), Span::mixed_site())
}
