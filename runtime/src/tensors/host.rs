//! Programs on the host, over the elements of tensors: values by the SIMD loop of `vmap`, and gradients by the same loop or from partial
//! derivatives that were kept.

mod add;
mod read;
mod ready;
mod write;

use super::{
    Backend, Failed, Place, Places, TensorError,
    backend::{Slot, on_host},
    brought::Brought,
};
use crate::{
    choice::All,
    function::{Function, OverRows},
    outcome::{Gives, Outcome},
    shape::{Of, Shape},
    simd::{self, Level},
    transform::vjp,
    vmap::{Element, vmap},
};
use add::{Accumulate, Sum};
use dfdx::{
    shapes::{Dtype, HasShape, Shape as Dims},
    tensor::{Gradients, Tensor},
};
use read::{Inputs, STRETCH};
use ready::{Partials, Ready};
use scheme_core::real::Real;
use std::convert::Infallible;
use write::{ByNumber, Nowhere, Rows};

/// The shape of what `F` gives.
type Results<F> = <<F as Function>::Out as Outcome>::Shape;

/// Partial derivatives by the inputs, in every row, of those that are to have a gradient.
pub(super) struct Kept<E: Element + Dtype, D: Backend<E>> {
    ready: Ready<E, D>,
    partials: Vec<Option<Partials<E, D>>>,
}

impl<E: Element + Dtype, D: Backend<E>> Kept<E, D> {
    /// Memory for so many rows.
    fn new(device: &D, inputs: &Places<E, D>, rows: usize) -> Result<Self, D::Err> {
        let mut ready = Ready::new(device);
        let partials = |place: &Place<E>| match *place {
            Place::Source { source, stride, learn: true, .. } => {
                let alone = inputs.tensor(source).filter(|_| stride == 1);
                let own = alone.map(|tensor| ready.take(tensor)).transpose()?.flatten();
                Ok(Some(match own {
                    Some(gradient) => Partials::Ready(gradient),
                    None => Partials::Aside(device.scratch(rows)?),
                }))
            }
            _ => Ok(None),
        };
        let partials = inputs.places().iter().map(partials).collect::<Result<_, _>>()?;
        Ok(Self { ready, partials })
    }

    /// Adds them, times the gradients of the results, to the gradients of the sources.
    fn pull(
        self,
        gradients: &mut Gradients<E, D>,
        cotangents: &[E],
        inputs: &Places<E, D>,
    ) -> Result<(), D::Err> {
        let Self { ready, mut partials } = self;
        let places = inputs.places().iter().zip(&mut partials);
        let in_place = places.filter_map(|(place, partials)| match (place, &*partials) {
            (&Place::Source { source, .. }, Some(Partials::Ready(_))) => {
                Some((inputs.tensor(source)?, partials))
            }
            _ => None,
        });
        ready.put(gradients, cotangents, in_place.collect())?;
        if partials.iter().all(Option::is_none) {
            return Ok(());
        }
        let mut sums = Brought::new(gradients, inputs.learning())?;
        for (place, partials) in inputs.places().iter().zip(&mut partials) {
            if let (&Place::Source { source, offset, stride, .. }, Some(partials)) = (place, partials) {
                let (gradient, partials) = (sums.get(source), partials.numbers());
                let sum = Accumulate { gradient, cotangents, partials, offset, stride };
                simd::at_most(Level::WIDEST, sum);
            }
        }
        sums.back(gradients)
    }
}

/// The values of `f` in every row, as a tensor of the shape `results`: those of a row follow one another. They are nan in a row that
/// `f` fails in, unless `failed` gives up. If there will be a backward pass, of a function that gives one number the partial derivatives, too.
pub(super) fn forward<F, S, E, D>(
    device: &D,
    f: F,
    inputs: &Places<E, D>,
    results: S,
    backward: bool,
    failed: Failed<'_, D::Err>,
) -> Result<(Tensor<S, E, D>, Option<Kept<E, D>>), TensorError<D::Err>>
where
    F: Function,
    S: Dims,
    E: Element + Dtype,
    D: Backend<E>,
{
    let numbers = results.num_elements();
    let rows = numbers.checked_div(Results::<F>::LEN).unwrap_or(0);
    let mut read = Inputs::places(inputs.places(), |source| inputs.elements(source));
    let mut values = device.memory(numbers).map_err(TensorError::Device)?;
    let mut kept: Option<Kept<E, D>> = None;
    if backward && const { Results::<F>::LEN == 1 } {
        kept = Some(Kept::new(device, inputs, rows).map_err(TensorError::Device)?);
    }
    let mut start = 0;
    while start < rows {
        let end = start + read.at_once(rows - start);
        let own = values.get_mut(start * Results::<F>::LEN..end * Results::<F>::LEN).unwrap_or_default();
        let mut told = |row, failure| failed(start + row, failure);
        match &mut kept {
            Some(kept) if const { Results::<F>::LEN == 1 } => {
                let columns = kept.partials.iter_mut();
                let columns = columns.map(|column| column.as_mut()?.numbers().get_mut(start..end));
                let own = (Rows(own), ByNumber::new(columns));
                vmap(WithPartials(f)).past_failures(read.rows(start..end), own, &mut told)
            }
            _ => vmap(f).past_failures(read.rows(start..end), Rows(own), &mut told),
        }
        .map_err(TensorError::rows)??;
        start = end;
    }
    let values = device.try_tensor_from_vec(values, results).map_err(TensorError::Device)?;
    Ok((values, kept))
}

/// The backward pass: adds the vector-Jacobian product of `f` with the gradient of the result in every row to the gradients of the
/// sources, where one is wanted; nan where `f` fails. It is of the partial derivatives that were kept, or computed here.
pub(super) fn pull<F: Function, E: Element + Dtype, D: Backend<E>>(
    f: F,
    kept: Option<Kept<E, D>>,
    gradients: &mut Gradients<E, D>,
    result: &Slot<E, D>,
    inputs: &Places<E, D>,
) -> Result<(), D::Err> {
    // Out of the way while others are written to: two gradients cannot be borrowed at once.
    let cotangents = D::take(result(gradients)?)?;
    match kept {
        Some(kept) => kept.pull(gradients, &cotangents, inputs)?,
        None => {
            let mut sums = Brought::new(gradients, inputs.learning())?;
            by_stretches(f, inputs, &cotangents, &mut sums);
            sums.back(gradients)?;
        }
    }
    D::put_unchanged(result(gradients)?, cotangents)
}

/// The same by the vector-Jacobian product, a stretch of rows at a time.
fn by_stretches<F: Function, E: Element + Dtype, D: Backend<E>>(
    f: F,
    inputs: &Places<E, D>,
    cotangents: &[E],
    sums: &mut Brought<'_, E, D>,
) {
    let rows = cotangents.len().checked_div(Results::<F>::LEN).unwrap_or(0);
    let mut read = Inputs::places(inputs.places(), |source| inputs.elements(source));
    let mut weights = Inputs::matrix(cotangents, Results::<F>::LEN);
    let column = |k| inputs.wants(k).then(|| vec![E::lit(0.0); STRETCH.min(rows)]);
    let mut columns: Vec<Option<Vec<E>>> = (0..inputs.places().len()).map(column).collect();
    let mut totals = vec![0.0; columns.len()];
    for first in (0..rows).step_by(STRETCH) {
        let end = rows.min(first + STRETCH);
        let own = columns.iter_mut().map(|column| column.as_mut()?.get_mut(..end - first));
        let own = (Nowhere, ByNumber::new(own));
        let rows = (read.rows(first..end), weights.rows(first..end));
        if vmap(vjp(f)).past_failures(rows, own, |_, _| Ok::<_, Infallible>(())).is_err() {
            // Rows that do not fit have no derivatives, as those that fail; a gradient there must be.
            columns.iter_mut().flatten().for_each(|column| column.fill(E::lit(f64::NAN)));
        }
        for ((place, column), total) in inputs.places().iter().zip(&columns).zip(&mut totals) {
            let Some(numbers) = column.as_ref().and_then(|column| column.get(..end - first)) else {
                continue;
            };
            match *place {
                Place::Source { stride: 0, .. } => *total += simd::at_most(Level::WIDEST, Sum(numbers)),
                Place::Source { source, offset, stride, .. } => {
                    let places = sums.get(source).get_mut(offset + first * stride..).unwrap_or_default();
                    for (place, &number) in places.iter_mut().step_by(stride).zip(numbers) {
                        *place += number;
                    }
                }
                Place::Same(_) => {}
            }
        }
    }
    for (place, &total) in inputs.places().iter().zip(&totals) {
        if let &Place::Source { source, offset, stride: 0, learn: true } = place
            && let Some(place) = sums.get(source).get_mut(offset)
        {
            *place = E::lit((*place).into() + total);
        }
    }
}

/// The backward pass of one operation: adds the gradient of `result` times partial derivatives to the gradient of `operand`, which
/// has as many elements, or one for all.
pub(super) fn pull_product<E: Element + Dtype, D: Backend<E>>(
    gradients: &mut Gradients<E, D>,
    result: &Tensor<(usize,), E, D>,
    operand: &Tensor<(usize,), E, D>,
    partials: &[E],
) -> Result<(), D::Err> {
    let cotangents = D::take(gradients.get_or_alloc_mut(result)?)?;
    let stride = usize::from(operand.shape() == result.shape());
    on_host::<E, D, _>(gradients.get_or_alloc_mut(operand)?, |gradient| {
        let sum = Accumulate { gradient, cotangents: &cotangents, partials, offset: 0, stride };
        simd::at_most(Level::WIDEST, sum);
    })?;
    D::put_unchanged(gradients.get_or_alloc_mut(result)?, cotangents)
}

/// A function with all its partial derivatives, one block for each number that it gives.
#[derive(Clone, Copy, Debug)]
struct WithPartials<F>(F);

impl<F: Function> Function for WithPartials<F> {
    type In = F::In;
    type Out = <F::Out as Outcome>::With<(Results<F>, <Results<F> as Shape>::With<F::In>)>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;
    const JOINED: bool = F::JOINED;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        self.0.differentiate(x, All)
    }
}
