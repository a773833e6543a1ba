//! Operations on whole matrices: calls of the routines of `whole.c`, which are those of `prim/whole` once more, with the same
//! operations in the same order.

use super::term::{Kind, Term};
use crate::{prim::Whole, real::Real};

/// What an operation gives: computed of literals, else written. A product is its multiplications and additions.
pub(super) fn whole<'w, K: Kind + Real>(whole: Whole, operands: &[Term<'w, K>]) -> Vec<Term<'w, K>>
where
    Term<'w, K>: Real,
{
    let known: Option<Vec<K>> = operands.iter().map(|x| x.known()).collect();
    if let Some(known) = known {
        return whole.on(&known).into_iter().map(Term::Literal).collect();
    }
    let Some(call) = call(whole) else { return whole.sums(operands) };
    let Some(writer) = operands.iter().find_map(|x| x.writer()) else { return Vec::new() };
    writer.block(whole.results(), |results| {
        let operands: Vec<String> = operands.iter().map(|x| x.text()).collect();
        let given = format!("const {} a[] = {{ {} }};", K::NAME, operands.join(", "));
        let items = room(whole).map_or(String::new(), |room| format!(", items[{room}]"));
        let room = format!("{} y[{}]{items};", K::NAME, results.len());
        let taken = results.iter().enumerate().map(|(i, result)| format!("{result} = y[{i}];"));
        let lines: Vec<String> = [given, room, call.clone()].into_iter().chain(taken).collect();
        format!("{{\n  {}\n}}", lines.join("\n  "))
    })
}

/// The call of an operation's routine on operands `a` for results `y`; none for a product.
fn call(whole: Whole) -> Option<String> {
    Some(match whole {
        Whole::Product { .. } => return None,
        Whole::Det(n) => format!("sg_det({n}, a, items, y);"),
        Whole::Logdet(n) => format!("sg_logdet({n}, a, items, y);"),
        Whole::Cofactors(n) => format!("int places[{}];\n  sg_cofactors({n}, a, items, places, y);", 3 * n),
        Whole::Inv(n) => format!("sg_inv({n}, a, items, y);"),
        Whole::Solve { n, columns } => format!("sg_solve({n}, {columns}, a, a + {n} * {n}, items, y);"),
        Whole::Cholesky(n) => format!("sg_cholesky({n}, a, y);"),
    })
}

/// How many numbers a routine needs room for, if it does.
fn room(whole: Whole) -> Option<usize> {
    match whole {
        Whole::Product { .. } | Whole::Cholesky(_) => None,
        Whole::Det(_) | Whole::Logdet(_) | Whole::Solve { .. } => Some(whole.operands()),
        Whole::Cofactors(_) | Whole::Inv(_) => Some(2 * whole.results()),
    }
}
