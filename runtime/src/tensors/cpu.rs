//! The CPU: elements are read where they are, results are written to dfdx's memory, and gradients are added to where they
//! are.

mod elements;
mod memory;

use super::{Backend, backend::Source, host};
use dfdx::tensor::{Cpu, CpuError, Gradients, Storage, Tensor};
use memory::Numbers;

// Once for each type of element, which dfdx asks for: its devices are not known to be devices in general.
macro_rules! backend {
    ($($element:ident)*) => {$(
        impl Backend<$element> for Cpu {
            type Scratch = Numbers<$element>;

            fn in_place(tensor: &Tensor<(usize,), $element, Self>) -> Option<&[$element]> {
                elements::in_place(tensor)
            }

            fn gradient_in_place(gradient: &mut <Self as Storage<$element>>::Vec) -> Option<&mut [$element]> {
                Some(gradient)
            }

            fn scratch(&self, count: usize) -> Result<Self::Scratch, CpuError> {
                Numbers::new(self, count)
            }

            // From dfdx's cache if that is enabled.
            fn memory(&self, count: usize) -> Result<Vec<$element>, CpuError> {
                let mut numbers = Storage::<$element>::try_alloc_len(self, count)?;
                let taken = std::mem::take(&mut *numbers);
                // The tensor takes the memory on, to the cache in the end. Dropping the empty shell would put a useless
                // entry there, one a call; forgetting it leaks none of the numbers' memory, but one of the
                // counts of the cache's owners: of every device that ran a program, with all its clones, the cache is never
                // freed, nor is the memory in it unless it is emptied.
                std::mem::forget(numbers);
                Ok(taken)
            }

            fn take(gradient: &mut <Self as Storage<$element>>::Vec) -> Result<Vec<$element>, CpuError> {
                Ok(std::mem::take(&mut **gradient))
            }

            fn put(gradient: &mut <Self as Storage<$element>>::Vec, numbers: Vec<$element>) -> Result<(), CpuError> {
                **gradient = numbers;
                Ok(())
            }

            fn pull_product(
                &self,
                gradients: &mut Gradients<$element, Self>,
                result: &Tensor<(usize,), $element, Self>,
                operand: &Tensor<(usize,), $element, Self>,
                partials: Tensor<(usize,), $element, Self>,
            ) -> Result<(), CpuError> {
                host::pull_product(gradients, result, operand, Source::flat(partials).elements())
            }
        }
    )*};
}

backend! { f32 f64 }
