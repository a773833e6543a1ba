//! Two ways of computing tangents: forward mode on numbers, and on numbers that carry a derivative.

use crate::matrix::apply;
use scheme_core::{
    prim::{
        Numeric, Operand, Whole,
        whole::{Rule, Tangents, tangents},
    },
    real::Real,
};
use std::{convert::Infallible, marker::PhantomData};

/// Forward mode on numbers.
pub(crate) struct Plain<A>(pub(crate) PhantomData<A>);

fn row<A: Real<Mask = bool>>(row: Numeric, operands: &[A]) -> A {
    let operands: Vec<Operand<A>> = operands.iter().copied().map(Operand::Real).collect();
    match row.apply(&operands) {
        Some(Operand::Real(x)) => x,
        _ => panic!("{row:?}"),
    }
}

impl<A: Real<Mask = bool>> Rule for Plain<A> {
    type Number = A;
    type Tangent = A;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> A {
        A::lit(x)
    }
    fn row(&mut self, numeric: Numeric, operands: &[A]) -> Result<A, Infallible> {
        Ok(row(numeric, operands))
    }
    fn whole(&mut self, whole: Whole, operands: &[A]) -> Result<Vec<A>, Infallible> {
        Ok(apply(whole, &[operands]))
    }
    fn sum(&mut self, a: &A, b: &A) -> Result<A, Infallible> {
        Ok(*a + *b)
    }
    fn scaled(&mut self, by: &A, tangent: &A) -> Result<A, Infallible> {
        Ok(*by * *tangent)
    }
}

/// A number and its derivative in one direction, if it has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dual<A> {
    pub(crate) value: A,
    pub(crate) tangent: Option<A>,
}

impl<A: Real<Mask = bool>> Dual<A> {
    pub(crate) fn tangent(&self) -> A {
        self.tangent.unwrap_or(A::lit(0.0))
    }
}

/// Tangents of dual numbers, in dual numbers: second derivatives.
pub(crate) struct Duals<A>(pub(crate) PhantomData<A>);

impl<A: Real<Mask = bool>> Rule for Duals<A> {
    type Number = Dual<A>;
    type Tangent = Dual<A>;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> Dual<A> {
        Dual { value: A::lit(x), tangent: None }
    }
    fn row(&mut self, numeric: Numeric, operands: &[Dual<A>]) -> Result<Dual<A>, Infallible> {
        let values: Vec<A> = operands.iter().map(|x| x.value).collect();
        let value = row(numeric, &values);
        let partials = numeric.partials(&values, value);
        let terms = operands.iter().zip(partials).filter_map(|(x, partial)| Some(x.tangent? * partial));
        Ok(Dual { value, tangent: terms.reduce(|a, b| a + b) })
    }
    fn whole(&mut self, whole: Whole, operands: &[Dual<A>]) -> Result<Vec<Dual<A>>, Infallible> {
        let values: Vec<A> = operands.iter().map(|x| x.value).collect();
        let given: Vec<Option<A>> = operands.iter().map(|x| x.tangent).collect();
        let (results, tangents) = forward(whole, &values, &given);
        Ok(results.into_iter().zip(tangents).map(|(value, tangent)| Dual { value, tangent }).collect())
    }
    fn sum(&mut self, a: &Dual<A>, b: &Dual<A>) -> Result<Dual<A>, Infallible> {
        self.row(Numeric::Add, &[*a, *b])
    }
    fn scaled(&mut self, by: &Dual<A>, tangent: &Dual<A>) -> Result<Dual<A>, Infallible> {
        self.row(Numeric::Mul, &[*by, *tangent])
    }
}

/// The results and their tangents.
pub(crate) fn forward<A: Real<Mask = bool>>(
    whole: Whole,
    operands: &[A],
    given: &[Option<A>],
) -> (Vec<A>, Tangents<A>) {
    let results = apply(whole, &[operands]);
    let Ok(tangents) = tangents(whole, operands, &results, given, &mut Plain(PhantomData));
    assert_eq!(tangents.len(), results.len());
    (results, tangents)
}

/// The second derivatives of the results, in two directions.
pub(crate) fn second<A: Real<Mask = bool>>(
    whole: Whole,
    operands: &[A],
    one: &[Option<A>],
    other: &[Option<A>],
) -> Vec<A> {
    let duals: Vec<Dual<A>> = operands
        .iter()
        .zip(other)
        .map(|(value, tangent)| Dual { value: *value, tangent: *tangent })
        .collect();
    let given: Vec<Option<Dual<A>>> =
        one.iter().map(|x| x.map(|value| Dual { value, tangent: None })).collect();
    let mut on = Duals(PhantomData);
    let Ok(results) = on.whole(whole, &duals);
    let Ok(tangents) = tangents(whole, &duals, &results, &given, &mut on);
    tangents.iter().map(|x| x.map_or(A::lit(0.0), |x| x.tangent())).collect()
}
