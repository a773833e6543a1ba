//! The table's formulas on the machine's numbers, rounded as `f64` or as `f32`.

use scheme_core::{
    prim::{Numeric, Operand},
    real::Real,
};

/// A row's value; `None` for operands of other types.
#[inline]
pub(crate) fn value(row: Numeric, operands: &[Operand<f64>], single: bool) -> Option<Operand<f64>> {
    if single { single_value(row, operands) } else { row.apply(operands) }
}

#[cold]
fn single_value(row: Numeric, operands: &[Operand<f64>]) -> Option<Operand<f64>> {
    let operand = |x: &Operand<f64>| match *x {
        Operand::Real(x) => Operand::Real(x as f32),
        Operand::Bool(b) => Operand::Bool(b),
    };
    Some(match row.apply(&operands.iter().map(operand).collect::<Vec<_>>())? {
        Operand::Real(y) => Operand::Real(f64::from(y)),
        Operand::Bool(b) => Operand::Bool(b),
    })
}

/// A row's partials at operands, where its value is `y`, given to `then`.
#[inline]
pub(crate) fn partials<R>(
    row: Numeric,
    x: impl ExactSizeIterator<Item = f64>,
    y: f64,
    single: bool,
    then: impl FnOnce(&[f64]) -> R,
) -> R {
    if single {
        let x: Vec<f32> = x.map(|x| x as f32).collect();
        let partials: Vec<f64> = row.partials(&x, y as f32).into_iter().map(f64::from).collect();
        return then(&partials);
    }
    few(row, x, y, then)
}

/// As many as most rows have operands; more are put in a vector.
const FEW: usize = 2;

#[inline]
fn few<A: Real, R>(
    row: Numeric,
    x: impl ExactSizeIterator<Item = A>,
    y: A,
    then: impl FnOnce(&[A]) -> R,
) -> R {
    let n = x.len();
    if n > FEW {
        return then(&row.partials(&x.collect::<Vec<_>>(), y));
    }
    let (mut operands, mut partials) = ([y; FEW], [y; FEW]);
    operands.iter_mut().zip(x).for_each(|(operand, x)| *operand = x);
    let any = row.partials_into(&operands[..n], y, &mut partials[..n]);
    then(if any { &partials[..n] } else { &[] })
}
