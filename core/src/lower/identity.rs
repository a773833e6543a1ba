//! Whether two values are the same: known, or a truth value to compute where numbers decide.

use super::{Lowering, expr::Site, stop::Stop, value::Val};
use crate::{
    anf::Atom,
    prim::{Numeric, Scalar},
};
use std::rc::Rc;

impl<'p> Lowering<'p> {
    /// Whether two values are the same, as `eqv?` or, if `deep`, `equal?` says.
    pub(super) fn same(
        &mut self,
        site: Site<'p>,
        deep: bool,
        a: &Val<'p>,
        b: &Val<'p>,
    ) -> Result<Atom, Stop<'p>> {
        let mut all = Atom::Bool(true);
        let mut todo = vec![(a.clone(), b.clone())];
        while let Some((a, b)) = todo.pop() {
            let known = match (&a, &b) {
                (Val::Cursor(_), _) | (_, Val::Cursor(_)) => {
                    return Err(self.general(site.span, "the identity of data"));
                }
                (Val::Atom(a), Val::Atom(b)) => match self.same_atoms(*a, *b) {
                    Atom::Bool(known) => known,
                    atom => {
                        all = self.builder.row(Numeric::And, &[all, atom]);
                        true
                    }
                },
                (Val::Array(a), Val::Array(b)) => {
                    let elements = a.items().iter().zip(b.items());
                    todo.extend(elements.map(|(a, b)| (Val::Atom(*a), Val::Atom(*b))));
                    a.shape() == b.shape()
                }
                (Val::Pair(a), Val::Pair(b)) if Rc::ptr_eq(a, b) && !deep => true,
                (Val::Pair(a), Val::Pair(b)) if deep => {
                    todo.push((a.1.clone(), b.1.clone()));
                    todo.push((a.0.clone(), b.0.clone()));
                    true
                }
                (Val::Vector(a), Val::Vector(b)) if deep => {
                    todo.extend(a.iter().cloned().zip(b.iter().cloned()));
                    a.len() == b.len()
                }
                (Val::Str(a), Val::Str(b)) if deep => a == b,
                (Val::Nil, Val::Nil) | (Val::Unspecified, Val::Unspecified) => true,
                (Val::Symbol(a), Val::Symbol(b)) => a == b,
                (Val::Char(a), Val::Char(b)) => a == b,
                (Val::Prim(a), Val::Prim(b)) => a == b,
                (Val::Closure(a), Val::Closure(b)) if Rc::ptr_eq(a, b) => true,
                (Val::Closure(a), Val::Closure(b)) if a.code != b.code => false,
                (Val::Closure(a), Val::Closure(_)) if self.facts.is_made_once(a.code) => true,
                (Val::Pair(_), Val::Pair(_))
                | (Val::Vector(_), Val::Vector(_))
                | (Val::Str(_), Val::Str(_))
                | (Val::Values(_), Val::Values(_))
                | (Val::Pullback(..), Val::Pullback(..))
                | (Val::Closure(_), Val::Closure(_)) => {
                    return Err(self.general(site.span, "the identity of data"));
                }
                _ => false,
            };
            if !known {
                return Ok(Atom::Bool(false));
            }
        }
        Ok(all)
    }

    /// Whether two numbers or truth values are the same.
    fn same_atoms(&mut self, a: Atom, b: Atom) -> Atom {
        let builder = &self.builder;
        match (builder.ty(a).scalar, builder.ty(b).scalar) {
            (Scalar::Real, Scalar::Real) => builder.row(Numeric::Eqv, &[a, b]),
            (Scalar::Bool, Scalar::Bool) => {
                let both = builder.row(Numeric::And, &[a, b]);
                let either = builder.row(Numeric::Or, &[a, b]);
                let neither = builder.row(Numeric::Not, &[either]);
                builder.row(Numeric::Or, &[both, neither])
            }
            _ => Atom::Bool(false),
        }
    }
}
