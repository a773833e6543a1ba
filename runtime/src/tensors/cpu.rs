//! The CPU: values and derivatives by the SIMD loop of `vmap`, gradients by plain loops.

pub(super) mod backward;
mod memory;
pub(super) mod read;
pub(super) mod write;

use super::{
    Backend, TensorError,
    backend::{Part, Places, Slot, slot},
};
use crate::{
    choice::All,
    function::{Function, OverRows},
    outcome::{Gives, Outcome},
    shape::{Of, Shape},
    simd::{self, Level},
    vmap::vmap,
};
use backward::{Accumulate, by_rows};
use dfdx::{
    shapes::{HasShape, Shape as Dims},
    tensor::{Cpu, CpuError, Gradients, Storage, Tensor, TensorFromVec},
};
use memory::Numbers;
use read::Read;
use scheme_core::real::Real;
use write::{ByNumber, Rows};

// Once for each type of element, which dfdx asks for: its devices are not known to be devices in general.
macro_rules! backend {
    ($($element:ident)*) => {$(
        impl Backend<$element> for Cpu {
            type Buffer = Numbers<$element>;

            // dfdx lets nobody look at elements without copying them; this is its fastest copy.
            fn read<S: Dims>(&self, tensor: &Tensor<S, $element, Self>) -> Result<Self::Buffer, CpuError> {
                let mut elements = Numbers::new(self, tensor.shape().num_elements())?;
                tensor.copy_into(&mut elements);
                Ok(elements)
            }

            fn run<F: Function, S: Dims>(
                &self,
                f: F,
                inputs: &Places<$element, Self>,
                results: S,
                learn: bool,
            ) -> Result<(Tensor<S, $element, Self>, Vec<Option<Self::Buffer>>), TensorError<CpuError>> {
                let numbers = results.num_elements();
                let rows = numbers.checked_div(Results::<F>::LEN).unwrap_or(0);
                let read = Read::places(inputs.places(), |source| Some(&inputs.buffer(source)?[..]), 0..rows);
                // The tensor's, from dfdx's cache if that is enabled.
                let mut values = Storage::<$element>::try_alloc_len(self, numbers).map_err(TensorError::Device)?;
                let mut partials: Vec<Option<Self::Buffer>> = Vec::new();
                let done = if const { Results::<F>::LEN == 1 } && learn {
                    for k in 0..inputs.places().len() {
                        let partial = inputs.wants(k).then(|| Numbers::new(self, rows)).transpose();
                        partials.push(partial.map_err(TensorError::Device)?);
                    }
                    let partials = partials.iter_mut().map(|partials| Some(&mut partials.as_mut()?[..])).collect();
                    vmap(WithPartials(f)).into_slices(read, (Rows(&mut values[..]), ByNumber(partials)))
                } else {
                    vmap(f).into_slices(read, Rows(&mut values[..]))
                };
                done.map_err(TensorError::rows)?;
                let elements = std::mem::take(&mut *values);
                // The tensor takes the memory on, to the cache in the end. Dropping the empty shell would put a useless
                // entry there, one a call; forgetting it leaks no memory but a count of the cache's owners, so
                // that the cache lives as long as the process.
                std::mem::forget(values);
                let values = self.try_tensor_from_vec(elements, results).map_err(TensorError::Device)?;
                Ok((values, partials))
            }

            fn pull(
                &self,
                gradients: &mut Gradients<$element, Self>,
                result: &Slot<$element, Self>,
                parts: Vec<Part<$element, Self>>,
            ) -> Result<(), CpuError> {
                // Out of the way while others are written to: two gradients cannot be borrowed at once.
                let cotangents = std::mem::take(&mut **result(gradients)?);
                let done = parts.into_iter().try_for_each(|part| {
                    let gradient = part.gradient(gradients)?;
                    let Part { offset, stride, ref partials, .. } = part;
                    let sum = Accumulate { gradient, cotangents: &cotangents, partials, offset, stride };
                    simd::at_most(Level::WIDEST, sum);
                    Ok(())
                });
                **result(gradients)? = cotangents;
                done
            }

            fn pull_product(
                &self,
                gradients: &mut Gradients<$element, Self>,
                result: &Tensor<(usize,), $element, Self>,
                operand: &Tensor<(usize,), $element, Self>,
                partials: Tensor<(usize,), $element, Self>,
            ) -> Result<(), CpuError> {
                let is_one = operand.shape() != result.shape();
                let part = Part::new(slot(operand), is_one, self.read(&partials)?);
                self.pull(gradients, &slot(result), vec![part])
            }

            fn pull_rows<F: Function>(
                &self,
                f: F,
                gradients: &mut Gradients<$element, Self>,
                result: &Slot<$element, Self>,
                inputs: &Places<$element, Self>,
            ) -> Result<(), CpuError> {
                let cotangents = std::mem::take(&mut **result(gradients)?);
                let buffer = |source| Some(&inputs.buffer(source)?[..]);
                let done = by_rows(f, inputs.places(), buffer, &cotangents, |source, what| {
                    if let Some(gradient) = inputs.gradient(source, gradients)? {
                        what.to(gradient);
                    }
                    Ok(())
                });
                **result(gradients)? = cotangents;
                done
            }

            fn gradient_to_host(&self, gradient: &<Self as Storage<$element>>::Vec) -> Result<Vec<$element>, CpuError> {
                Ok(gradient.to_vec())
            }

            fn add_from_host(
                &self,
                gradient: &mut <Self as Storage<$element>>::Vec,
                numbers: &[$element],
            ) -> Result<(), CpuError> {
                gradient.iter_mut().zip(numbers).for_each(|(sum, x)| *sum += x);
                Ok(())
            }
        }
    )*};
}

backend! { f32 f64 }

/// A function with all its partial derivatives, one block for each number that it gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct WithPartials<F>(pub(super) F);

/// The shape of what `F` gives.
pub(super) type Results<F> = <<F as Function>::Out as Outcome>::Shape;

impl<F: Function> Function for WithPartials<F> {
    type In = F::In;
    type Out = <F::Out as Outcome>::With<(Results<F>, <Results<F> as Shape>::With<F::In>)>;
    type Names = F::Names;
    const OVER_ROWS: OverRows = F::OVER_ROWS;

    #[inline(always)]
    fn names(&self) -> F::Names {
        self.0.names()
    }

    #[inline(always)]
    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<Self::Out, T> {
        self.0.differentiate(x, All)
    }
}
