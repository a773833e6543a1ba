//! Operations on whole matrices: the table's rule of their tangents, written out in rows.
//!
//! What the rule multiplies by is computed by whole operations again, beside the values; tangents are only added and
//! multiplied by numbers, so that the rest is linear, and is transposed as any other rows.

use super::{Dual, Forward, either, guarded};
use crate::{
    anf::{Atom, Builder, Type},
    prim::{
        Numeric, Whole,
        whole::{self, Rule},
    },
    transform::shape::{self, Atoms},
};
use std::convert::Infallible;

impl Forward<'_, '_> {
    /// The elements of what an operation gives, each of type `ty`.
    pub(super) fn whole(&self, whole: Whole, args: &[Dual], ty: Type) -> Vec<Dual> {
        let builder = self.builder;
        let values: Vec<Atom> = args.iter().map(|arg| arg.value).collect();
        let results = builder.whole(whole, &values).into_iter();
        let results: Vec<Atom> = results.map(|y| builder.shaped(y, ty.dims)).collect();
        let mut duals: Vec<Dual> = results.iter().map(|y| Dual::constant(*y)).collect();
        for k in 0..self.directions {
            let moved = |arg: &Dual| Some(Moved { tangent: arg.tangent(k)?, moving: arg.moving(k) });
            let given: Vec<Option<Moved>> = args.iter().map(moved).collect();
            let tangents = shape::lifted(builder, ty.dims, || {
                let Ok(tangents) = whole::tangents(whole, &values, &results, &given, &mut OnAtoms(builder));
                tangents
            });
            for (dual, moved) in duals.iter_mut().zip(tangents) {
                if let Some(Moved { tangent, moving }) = moved {
                    dual.set(k, tangent, moving);
                }
            }
        }
        duals
    }
}

/// A tangent, and whether it moves.
#[derive(Clone, Copy)]
struct Moved {
    tangent: Atom,
    moving: Atom,
}

impl Atoms for Vec<Option<Moved>> {
    fn map(self, mut change: impl FnMut(Atom) -> Atom) -> Self {
        let mut change = |moved: Moved| Moved { tangent: change(moved.tangent), ..moved };
        self.into_iter().map(|moved| moved.map(&mut change)).collect()
    }
}

/// The atoms of the graph that is being built.
struct OnAtoms<'b>(&'b Builder);

impl Rule for OnAtoms<'_> {
    type Number = Atom;
    type Tangent = Moved;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> Atom {
        Atom::Real(x)
    }

    fn row(&mut self, row: Numeric, operands: &[Atom]) -> Result<Atom, Infallible> {
        Ok(self.0.row(row, operands))
    }

    fn whole(&mut self, whole: Whole, operands: &[Atom]) -> Result<Vec<Atom>, Infallible> {
        Ok(self.0.whole(whole, operands))
    }

    fn sum(&mut self, a: &Moved, b: &Moved) -> Result<Moved, Infallible> {
        let tangent = self.0.row(Numeric::Add, &[a.tangent, b.tangent]);
        Ok(Moved { tangent, moving: either(self.0, a.moving, b.moving) })
    }

    fn scaled(&mut self, by: &Atom, Moved { tangent, moving }: &Moved) -> Result<Moved, Infallible> {
        let tangent = match moving {
            Atom::Bool(true) => self.0.row(Numeric::Mul, &[*by, *tangent]),
            moving => guarded(self.0, *moving, *by, *tangent),
        };
        Ok(Moved { tangent, moving: *moving })
    }
}
