//! `scheme!<…>` to `scheme! { … }`.
//!
//! Everything else is left as it is, inside all brackets. The program ends at the first `>` that
//! stands outside brackets, so one that is a lone comparison sign has to be in its list: it always is.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Rewrites every `scheme!<…>` in Rust code.
pub(crate) fn rewrite(code: TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let mut out = Vec::with_capacity(trees.len());
    let mut rest = &trees[..];
    while let Some((first, tail)) = rest.split_first() {
        if let (true, [bang, open, program @ ..]) = (is_scheme(first), tail)
            && is(bang, '!')
            && is(open, '<')
            && let Some(end) = program.iter().position(|t| is(t, '>'))
        {
            let mut braces = Group::new(Delimiter::Brace, program[..end].iter().cloned().collect());
            braces.set_span(open.span());
            out.extend([first.clone(), bang.clone(), braces.into()]);
            rest = &program[end + 1..];
            continue;
        }
        out.push(inside(first));
        rest = tail;
    }
    out.into_iter().collect()
}

fn inside(tree: &TokenTree) -> TokenTree {
    let TokenTree::Group(group) = tree else { return tree.clone() };
    let mut new = Group::new(group.delimiter(), rewrite(group.stream()));
    new.set_span(group.span());
    new.into()
}

fn is_scheme(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Ident(name) if name == "scheme")
}

fn is(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(p) if p.as_char() == sign)
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(code: &str, expect: &str) {
        let tokens = |text: &str| text.parse::<proc_macro2::TokenStream>().unwrap();
        // A `!` that touched its `<` is printed so.
        let text = |tokens: proc_macro2::TokenStream| tokens.to_string().replace(' ', "");
        assert_eq!(text(super::rewrite(tokens(code))), text(tokens(expect)));
    }

    #[test]
    fn angles_become_braces() {
        check("let f = scheme!<(* k r)>; f(1)", "let f = scheme! {(* k r)}; f(1)");
        check("fn main() { g(scheme!<(if (> a b) a b)>) }", "fn main() { g(scheme!{(if (> a b) a b)}) }");
        check("scheme!(x) < 3 && a > b", "scheme!(x) < 3 && a > b");
        check("scheme!<x", "scheme!<x");
    }
}
