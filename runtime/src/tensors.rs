//! Compiled functions on dfdx tensors, as one fused operation on dfdx's tape.
//!
//! [`Tensors::forward`] runs any compiled function that gives one number, transforms included, elementwise over
//! tensors. Values and partial derivatives are computed together, in SIMD blocks, when the operation runs;
//! its backward pass is one multiplication an element and input. Values are those of single calls, to the bit.
//! The gradient of what is shared by the whole batch is summed in `f64`, whatever the tensors are of.
//!
//! As with dfdx's own operations, every tensor that goes into a result with a tape has a gradient, whether or not it
//! brought a tape itself; [`Constant`] excepts one. The tapes of all arguments are merged. The same tensor may be
//! given several times. What dfdx would panic on is an error here: unequal lengths, an empty batch.
//!
//! Batches of a million rows spend their time on fresh memory; dfdx keeps it after `dev.enable_cache()`, for
//! this operation as for its own.
//!
//! [`columns`] and [`Layer`] are the bridge to neural networks. A device joins by [`Backend`]; `Cpu` is one.
//! There are no second derivatives by dfdx, which has none: take [`grad`](crate::grad) first and run that.

mod argument;
mod backend;
mod columns;
mod cpu;
mod error;
mod join;
mod layer;

pub use argument::{Argument, Batched, Constant, Gather};
pub use backend::{Backend, Part, Place, Places, Slot};
pub use columns::{Column, columns};
pub use error::TensorError;
pub use join::{JoinBatch, JoinDim, JoinTape, Tapes};
pub use layer::{Layer, builder};

use crate::{function::Function, outcome::OneNumber, vmap::Element};
use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{NoneTape, PutTape, Tensor},
};

/// Compiled functions on tensors; see [the module](self).
pub trait Tensors: Function {
    /// The function elementwise over tensors.
    ///
    /// `arguments` has one for each input; several are a tuple, or an array if they are of one type:
    ///
    /// | for an input | give |
    /// |---|---|
    /// | a number | an `f64` or `f32`, the same in every row, without a gradient |
    /// | | a rank-0 tensor, the same in every row, with a gradient |
    /// | | a tensor of any other shape: the batch |
    /// | an array `[R; N]` | `[f64; N]`, or any `N` of the above; a tensor `(Const<N>,)`, the same in every row; a batch `(B, Const<N>)` |
    /// | a matrix `[[R; M]; N]` | likewise, with one more dimension |
    ///
    /// The inputs of a function of `N` numbers are an array, so that it takes the rows of a matrix
    /// `(B, Const<N>)` as well: what a `Linear` layer gives. Tensors are taken by value with their tape, or without one
    /// by reference; [`Constant`] says that no gradient is wanted.
    ///
    /// The result has the shape of the batches, which all have one (rank 0 if there are none), and a tape if an
    /// argument has one.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::prelude::*;
    ///
    /// let spring = scheme! { (* 0.5 k x x) };
    /// let dev = Cpu::default();
    /// let k: Tensor<Rank0, f32, Cpu> = dev.tensor(3.0);
    /// let x = dev.tensor((vec![1.0_f32, 2.0], (2,)));
    /// let energy = spring.forward((&k, x.leaky_trace()))?;
    /// let gradients = energy.sum().backward();
    /// assert_eq!(gradients.get(&k).array(), 2.5);
    /// assert_eq!(gradients.get(&x).as_vec(), [3.0, 6.0]);
    /// # Ok::<(), scheme_runtime::tensors::TensorError>(())
    /// ```
    ///
    /// # Errors
    /// If batches differ in length or are empty, if the program fails in a row, or if the device fails.
    #[expect(clippy::type_complexity, reason = "a tensor of the arguments' shape and tape")]
    fn forward<E, D, A>(&self, arguments: A) -> Result<Tensor<A::Batch, E, D, A::Joined>, TensorError<D::Err>>
    where
        Self::Out: OneNumber,
        E: Element + Dtype,
        D: Backend<E>,
        A: Argument<Self::In, E, D, (), NoneTape>,
    {
        let mut gather = Gather::default();
        let batch = arguments.gather((), &mut gather)?;
        if batch.num_elements() == 0 {
            return Err(TensorError::Empty);
        }
        fuse(*self, gather, batch)
    }
}

impl<F: Function> Tensors for F {}

/// The operation: runs `f` and puts its backward pass on the tape of what was gathered.
fn fuse<F, S, E, D, T>(
    f: F,
    gather: Gather<E, D>,
    batch: S,
) -> Result<Tensor<S, E, D, T>, TensorError<D::Err>>
where
    F: Function,
    F::Out: OneNumber,
    S: Shape,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    let Gather { device, inputs, tape, .. } = gather;
    let device = device.ok_or(TensorError::NoTensor)?;
    let (out, partials) = device.run(f, &inputs, batch, T::OWNS_TAPE)?;
    let mut tape = T::from_owned(tape);
    if T::OWNS_TAPE {
        let parts = inputs.parts(partials);
        let slot = backend::slot(&out);
        tape.add_backward_op(move |gradients| device.pull(gradients, &slot, parts));
    }
    Ok(out.put_tape(tape))
}
