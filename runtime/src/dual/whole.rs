//! Operations on whole matrices of dual numbers, by the table's rule of their tangents: it holds where elimination finds a
//! singular matrix, too.

use super::{
    Dual, Part,
    parts::{Plus, Scale},
};
use crate::shape::{Of, Shape};
use scheme_core::{
    prim::{
        Numeric, Whole,
        whole::{self, Rule},
    },
    real::Real,
};
use std::{convert::Infallible, marker::PhantomData};

impl<T: Real, S: Shape> Dual<T, S> {
    /// The elements of what an operation gives.
    pub(super) fn on_whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let primals: Vec<T> = operands.iter().map(|x| x.primal).collect();
        let values = whole.on(&primals);
        let moves =
            |x: &Self| (0..S::LEN).any(|k| S::get(&x.parts, k).is_some_and(|part| part.moving().is_some()));
        let given: Vec<Option<Parts<T, S>>> = operands.iter().map(|x| moves(x).then_some(x.parts)).collect();
        let Ok(tangents) =
            whole::tangents(whole, &primals, &values, &given, &mut Forward(PhantomData::<(T, S)>));
        for ((to, primal), parts) in results.iter_mut().zip(values).zip(tangents) {
            *to = Self { primal, parts: parts.unwrap_or(S::fill(Part::none())) };
        }
    }
}

type Parts<T, S> = Of<S, Part<T>>;

/// Tangents in all directions at once.
struct Forward<T, S>(PhantomData<(T, S)>);

impl<T: Real, S: Shape> Rule for Forward<T, S> {
    type Number = T;
    type Tangent = Parts<T, S>;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> T {
        T::lit(x)
    }

    fn row(&mut self, row: Numeric, operands: &[T]) -> Result<T, Infallible> {
        Ok(row.on(operands))
    }

    fn whole(&mut self, whole: Whole, operands: &[T]) -> Result<Vec<T>, Infallible> {
        Ok(whole.on(operands))
    }

    fn sum(&mut self, a: &Parts<T, S>, b: &Parts<T, S>) -> Result<Parts<T, S>, Infallible> {
        Ok(S::zip(a, b, Part::none(), &mut Plus))
    }

    fn scaled(&mut self, by: &T, tangent: &Parts<T, S>) -> Result<Parts<T, S>, Infallible> {
        Ok(S::map(tangent, Part::none(), &mut Scale(*by)))
    }
}
