//! dfdx's CUDA device: its tensors, computed on by the host.
//!
//! Values and derivatives are those of [`Cpu`](dfdx::tensor::Cpu), to the bit, and stand on the device before and after: dfdx
//! 0.13 lets nobody look at a tensor's memory there, so elements and gradients go through the host. What runs on the device itself
//! is dfdx's own: the layers around a program, and a program operation by operation. Rows that have no need of tensors run there as one
//! kernel by [`cuda`](crate::cuda), whose driver crate is another one: a kernel of ours could reach gradients, whose addresses dfdx
//! tells, but a tensor's elements only by operations that copy them into a gradient.

use super::{
    Backend, Place, TensorError,
    backend::{Part, Places, Slot},
    brought::Brought,
    cpu::{
        Results, WithPartials,
        backward::{Accumulate, by_rows},
        read::Read,
        write::{ByNumber, Rows},
    },
};
use crate::{
    function::Function,
    shape::Shape,
    simd::{self, Level},
    vmap::vmap,
};
use dfdx::{
    shapes::{HasShape, Shape as Dims},
    tensor::{Cuda, CudaError, Gradients, Storage, Tensor, TensorFromVec},
};

// Once for each type of element, as for the CPU.
macro_rules! backend {
    ($($element:ident)*) => {$(
        impl Backend<$element> for Cuda {
            type Buffer = Vec<$element>;

            fn read<S: Dims>(&self, tensor: &Tensor<S, $element, Self>) -> Result<Self::Buffer, CudaError> {
                let mut elements = vec![0.0; tensor.shape().num_elements()];
                tensor.copy_into(&mut elements);
                Ok(elements)
            }

            fn run<F: Function, S: Dims>(
                &self,
                f: F,
                inputs: &Places<$element, Self>,
                results: S,
                learn: bool,
            ) -> Result<(Tensor<S, $element, Self>, Vec<Option<Self::Buffer>>), TensorError<CudaError>> {
                let numbers = results.num_elements();
                let rows = numbers.checked_div(Results::<F>::LEN).unwrap_or(0);
                let read = Read::places(inputs.places(), |source| Some(&inputs.buffer(source)?[..]), 0..rows);
                let mut values = vec![0.0; numbers];
                let mut partials: Vec<Option<Self::Buffer>> = Vec::new();
                let done = if const { Results::<F>::LEN == 1 } && learn {
                    partials.extend((0..inputs.places().len()).map(|k| inputs.wants(k).then(|| vec![0.0; rows])));
                    let partials = partials.iter_mut().map(|partials| Some(&mut partials.as_mut()?[..])).collect();
                    vmap(WithPartials(f)).into_slices(read, (Rows(&mut values[..]), ByNumber(partials)))
                } else {
                    vmap(f).into_slices(read, Rows(&mut values[..]))
                };
                done.map_err(TensorError::rows)?;
                let values = self.try_tensor_from_vec(values, results).map_err(TensorError::Device)?;
                Ok((values, partials))
            }

            fn pull(
                &self,
                gradients: &mut Gradients<$element, Self>,
                result: &Slot<$element, Self>,
                parts: Vec<Part<$element, Self>>,
            ) -> Result<(), CudaError> {
                let cotangents = self.gradient_to_host(result(gradients)?)?;
                let mut sums = Brought::new(self, gradients, parts.iter().map(|part| &*part.slot).enumerate().collect())?;
                for (k, part) in parts.iter().enumerate() {
                    let Part { offset, stride, ref partials, .. } = *part;
                    let sum =
                        Accumulate { gradient: sums.get(k), cotangents: &cotangents, partials, offset, stride };
                    simd::at_most(Level::WIDEST, sum);
                }
                sums.back(gradients, |gradient, sums| Ok(gradient.device().htod_sync_copy_into(sums, gradient)?))
            }

            fn pull_rows<F: Function>(
                &self,
                f: F,
                gradients: &mut Gradients<$element, Self>,
                result: &Slot<$element, Self>,
                inputs: &Places<$element, Self>,
            ) -> Result<(), CudaError> {
                let cotangents = self.gradient_to_host(result(gradients)?)?;
                let buffer = |source| Some(&inputs.buffer(source)?[..]);
                let learning = inputs.places().iter().filter_map(|place| match *place {
                    Place::Source { source, learn: true, .. } => Some((source, &*inputs.sources.get(source)?.slot)),
                    _ => None,
                });
                let mut sums = Brought::new(self, gradients, learning.collect())?;
                by_rows(f, inputs.places(), buffer, &cotangents, |source, what| {
                    what.to(sums.get(source));
                    Ok::<_, CudaError>(())
                })?;
                sums.back(gradients, |gradient, sums| Ok(gradient.device().htod_sync_copy_into(sums, gradient)?))
            }

            fn gradient_to_host(&self, gradient: &<Self as Storage<$element>>::Vec) -> Result<Vec<$element>, CudaError> {
                let mut numbers = vec![0.0; Storage::<$element>::len(self, gradient)];
                gradient.device().dtoh_sync_copy_into(gradient, &mut numbers)?;
                Ok(numbers)
            }

            fn add_from_host(
                &self,
                gradient: &mut <Self as Storage<$element>>::Vec,
                numbers: &[$element],
            ) -> Result<(), CudaError> {
                let mut sums = self.gradient_to_host(gradient)?;
                sums.iter_mut().zip(numbers).for_each(|(sum, x)| *sum += x);
                Ok(gradient.device().htod_sync_copy_into(&sums, gradient)?)
            }
        }
    )*};
}

backend! { f32 f64 }
