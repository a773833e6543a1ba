//! dfdx's CUDA device: its tensors, computed on by the host.
//!
//! Values and derivatives are those of [`Cpu`](dfdx::tensor::Cpu), to the bit, and stand on the device before and after: dfdx
//! 0.13 lets nobody look at a tensor's memory there, so elements and gradients go through the host. What runs on the device itself
//! is dfdx's own: the layers around a program, and a program operation by operation. Rows that have no need of tensors run there as one
//! kernel by [`cuda`](crate::cuda), whose driver crate is another one: a kernel of ours could reach gradients, whose addresses dfdx
//! tells, but a tensor's elements only by operations that copy them into a gradient.

use super::Backend;
use dfdx::tensor::{Cuda, CudaError, Storage, Tensor};

// Once for each type of element, as for the CPU.
macro_rules! backend {
    ($($element:ident)*) => {$(
        impl Backend<$element> for Cuda {
            type Scratch = Vec<$element>;

            fn in_place(_tensor: &Tensor<(usize,), $element, Self>) -> Option<&[$element]> {
                None
            }

            fn gradient_in_place(_gradient: &mut <Self as Storage<$element>>::Vec) -> Option<&mut [$element]> {
                None
            }

            fn scratch(&self, count: usize) -> Result<Vec<$element>, CudaError> {
                Ok(vec![0.0; count])
            }

            fn memory(&self, count: usize) -> Result<Vec<$element>, CudaError> {
                Ok(vec![0.0; count])
            }

            fn take(gradient: &mut <Self as Storage<$element>>::Vec) -> Result<Vec<$element>, CudaError> {
                Ok(gradient.device().dtoh_sync_copy(gradient)?)
            }

            fn put(
                gradient: &mut <Self as Storage<$element>>::Vec,
                numbers: Vec<$element>,
            ) -> Result<(), CudaError> {
                Ok(gradient.device().htod_sync_copy_into(&numbers, gradient)?)
            }

            // What is taken is a copy.
            fn put_unchanged(
                _gradient: &mut <Self as Storage<$element>>::Vec,
                _numbers: Vec<$element>,
            ) -> Result<(), CudaError> {
                Ok(())
            }

            fn gradient_to_host(
                &self,
                gradient: &mut <Self as Storage<$element>>::Vec,
            ) -> Result<Vec<$element>, CudaError> {
                <Self as Backend<$element>>::take(gradient)
            }
        }
    )*};
}

backend! { f32 f64 }
