//! Gradients added up by dfdx's own operations, on the device.
//!
//! dfdx lets nobody write to a gradient on a device but its own operations. So the gradient is moved into a small tape, whose one
//! product adds to it, and back. Of what is one for all rows the sum over rows is the device's own: dfdx's kernels for CUDA add up
//! blocks of rows, its loop on the CPU would lose digits of single precision, and the CPU has its own way.

use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::{Dtype, HasShape, Rank0},
    tensor::{Gradients, Tensor, Trace},
    tensor_ops::{Backward, ReshapeTo, SumTo, TryMul},
};

/// Adds the gradient of `result` times partial derivatives to the gradient of `operand`, which has as many elements, or
/// one.
pub(in crate::tensors) fn add_product<E: Element + Dtype, D: Backend<E>>(
    gradients: &mut Gradients<E, D>,
    result: &Tensor<(usize,), E, D>,
    operand: &Tensor<(usize,), E, D>,
    partials: Tensor<(usize,), E, D>,
) -> Result<(), D::Err> {
    gradients.get_or_alloc_mut(result)?;
    let mut product = gradients.get(result).try_mul(partials)?;
    if operand.shape() != product.shape() {
        product = product.try_sum::<Rank0, _>()?.try_reshape_like(&(1,))?;
    }
    add(gradients, operand, product)
}

/// Adds elements to the gradient of a tensor that has as many.
pub(super) fn add<E: Element + Dtype, D: Backend<E>>(
    gradients: &mut Gradients<E, D>,
    operand: &Tensor<(usize,), E, D>,
    elements: Tensor<(usize,), E, D>,
) -> Result<(), D::Err> {
    let mut own = Gradients::leaky();
    std::mem::swap(own.get_or_alloc_mut(operand)?, gradients.get_or_alloc_mut(operand)?);
    let mut own = operand.trace(own).try_mul(elements)?.try_sum::<Rank0, _>()?.try_backward()?;
    std::mem::swap(own.get_or_alloc_mut(operand)?, gradients.get_or_alloc_mut(operand)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dfdx::{prelude::Cpu, tensor::TensorFrom};

    type Batch = Tensor<(usize,), f64, Cpu>;

    fn batch(numbers: &[f64]) -> Batch {
        Cpu::default().tensor((numbers.to_vec(), (numbers.len(),)))
    }

    /// As the CPU adds, which writes to the memory.
    #[test]
    fn products_are_added_to_gradients() {
        let (result, one, each) = (batch(&[7.0, 8.0, 9.0]), batch(&[2.0]), batch(&[4.0, 5.0, 6.0]));
        let partials = batch(&[0.5, -1.0, f64::INFINITY]);
        let run = |add: &dyn Fn(&mut Gradients<f64, Cpu>, &Batch, &Batch, Batch)| {
            let mut gradients = Gradients::leaky();
            gradients.get_or_alloc_mut(&result).unwrap().copy_from_slice(&[1.0, 2.0, 3.0]);
            for operand in [&one, &each, &each] {
                add(&mut gradients, &result, operand, partials.clone());
            }
            [&result, &one, &each].map(|x| gradients.get(x).as_vec())
        };
        let by_operations = run(&|all, y, x, partials| add_product(all, y, x, partials).unwrap());
        let by_cpu = run(&|all, y, x, partials| {
            Backend::<f64>::pull_product(&Cpu::default(), all, y, x, partials).unwrap();
        });
        assert_eq!(by_operations, by_cpu);
        assert_eq!(by_cpu[2], [1.0, -4.0, f64::INFINITY]);
    }
}
