//! Numbers at the Rust border, as patterns and expressions of the types that the shell states.

use crate::shell::{Arranged, Shell};
use proc_macro2::TokenStream;
use quote::quote;

/// Data with these leaves.
pub(super) fn data(arranged: Arranged, leaves: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    match arranged {
        Arranged::Number => leaves.next().unwrap_or_default(),
        Arranged::Vector(n) => {
            let all = leaves.take(n);
            quote!([#(#all),*])
        }
        Arranged::Matrix(rows, columns) => {
            let rows = (0..rows).map(|_| data(Arranged::Vector(columns), leaves));
            quote!([#(#rows),*])
        }
    }
}

/// What a program takes, with these leaves: its inputs, and with parameters a pair of both.
pub(super) fn taken(shell: &Shell<'_>, leaves: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    let inputs: Vec<Arranged> = shell.inputs.iter().map(|input| input.arranged).collect();
    let inputs = together(&inputs, leaves);
    if shell.params.is_empty() {
        return inputs;
    }
    let params = together(&vec![Arranged::Number; shell.params.len()], leaves);
    quote!((#inputs, #params))
}

/// As the shell puts types together: one is itself, numbers are an array, what has arrays in it is a tuple.
fn together(all: &[Arranged], leaves: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    let parts: Vec<TokenStream> = all.iter().map(|one| data(*one, leaves)).collect();
    match &parts[..] {
        [one] => one.clone(),
        _ if all.iter().all(|one| *one == Arranged::Number) => quote!([#(#parts),*]),
        _ => quote!((#(#parts,)*)),
    }
}
