//! That rows of a function are its single calls, to the bit, and so is the first failure.

use scheme_runtime::{Columns, Element, Kind, Of, Outcome, RowsError, Shape, blocks, prelude::*};
use std::fmt::Debug;

type Result<F> = <<F as Function>::Out as Outcome>::Shape;

/// The bits of a result's numbers; all nans are one.
fn bits<S: Shape, E: Element>(result: &Of<S, E>) -> Vec<u64> {
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    (0..S::LEN).filter_map(|k| S::get(result, k)).map(|x| bits((*x).into())).collect()
}

/// Of `f` over columns and at the points that they stand for. The rows are run twice: the second time more paths are known.
#[track_caller]
pub(crate) fn are_single_calls<E, F, C>(f: F, columns: C, points: &[Of<F::In, E>])
where
    E: Element,
    F: Function + Sync,
    C: Columns<E, F::In> + Copy + Sync,
    Of<F::In, E>: Debug,
    Of<Result<F>, E>: Send,
    Of<Result<F>, f64>: Send,
{
    let single = |(row, x): (usize, &Of<F::In, E>)| {
        let result = <F::Out as Outcome>::Kind::result(f.call(*x));
        result.map_err(|failure| RowsError::Failed { row, failure })
    };
    let singles: std::result::Result<Vec<_>, _> = points.iter().enumerate().map(single).collect();
    let wanted = singles.clone().map(|rows| rows.iter().map(bits::<Result<F>, E>).collect::<Vec<_>>());
    let sum = singles.map(|rows| {
        let number =
            |k: usize| move |row: &Of<Result<F>, E>| Result::<F>::get(row, k).map_or(0.0, |x| (*x).into());
        let column = |k: usize| -> Vec<f64> { rows.iter().map(number(k)).collect() };
        (0..Result::<F>::LEN).map(|k| blocks::sum(&column(k))).collect::<Vec<f64>>()
    });
    let sum = sum.map(|sum| sum.into_iter().map(|x| bits::<R, f64>(&x)[0]).collect::<Vec<_>>());
    for round in 0..2 {
        let case = format!("{f:?} in {} rows, round {round}", points.len());
        let all = |rows: Vec<Of<Result<F>, E>>| rows.iter().map(bits::<Result<F>, E>).collect::<Vec<_>>();
        assert_eq!(vmap(f).call(columns).map(all), wanted, "{case}");
        assert_eq!(vmap(f).threads(2).call(columns).map(all), wanted, "{case}, two threads");
        assert_eq!(vmap(f).sum(columns).map(|x| bits::<Result<F>, f64>(&x)), sum, "the sum of {case}");
    }
}
