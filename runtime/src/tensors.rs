//! Compiled functions on dfdx tensors, as one fused operation on dfdx's tape.
//!
//! [`Tensors::forward`] runs any compiled function that gives a number, an array or a matrix, transforms included,
//! elementwise over tensors, in SIMD blocks. Of one number, values and partial derivatives are computed together when the
//! operation runs, those by a tensor of one number a row into the memory that will be its gradient; its backward pass is one
//! multiplication an element and input, and none where the gradient of the result is 1, as of a sum. Of several, the backward
//! pass is the vector-Jacobian product in every row, computed from the inputs when it runs: no Jacobians are kept. On the CPU
//! the elements of tensors are read where they are. Values are those of single calls, to the bit. The gradient of what is
//! shared by the whole batch is summed in `f64`, whatever the tensors are of.
//!
//! As with dfdx's own operations, every tensor that goes into a result with a tape has a gradient, whether or not it
//! brought a tape itself; [`Constant`] excepts one. The tapes of all arguments are merged. The same tensor may be
//! given several times. What dfdx would panic on is an error here: unequal lengths, an empty batch.
//!
//! Batches of a million rows spend their time on fresh memory; dfdx keeps it after `dev.enable_cache()`, for
//! this operation as for its own.
//!
//! [`by_operations`](Tensors::by_operations) runs a program the other way, operation by operation.
//!
//! [`columns`], [`Layer`] and, for programs from strings, [`StringLayer`] are the bridge to neural networks. A device joins by [`Backend`]: `Cpu`, and with the
//! feature `dfdx-cuda` dfdx's `Cuda`.
//! There are no second derivatives by dfdx, which has none: take [`grad`](crate::grad) first and run that.

mod argument;
mod backend;
mod brought;
mod columns;
mod cpu;
#[cfg(feature = "dfdx-cuda")]
mod cuda;
mod error;
mod host;
mod join;
mod layer;
mod operations;
mod string;

pub use crate::evaluator::RowFailure;
pub use argument::{Argument, Batched, Constant, Gather};
pub use backend::Backend;
pub use columns::{Column, columns};
pub use error::{FailedRow, TensorError};
pub use join::{Append, JoinBatch, JoinDim, JoinTape, Tapes};
pub use layer::{Layer, builder};
pub use operations::{ByOperations, Described, Operations, StringOperations};
pub use string::{Constants, Numbers, StringLayer};

use crate::{
    function::{Function, Program},
    outcome::{Failure, Outcome},
    vmap::Element,
};
use backend::{Place, Places};
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
    /// The result has the shape of the batches, which all have one (rank 0 if there are none), followed by the shape of
    /// what the function gives: `(B,)` for a number, `(B, Const<K>)` for an array of `K`, `(B, Const<K>, Const<M>)` for
    /// a matrix. It has a tape if an argument has one.
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
    #[expect(clippy::type_complexity, reason = "a tensor of the results' shape and the arguments' tape")]
    fn forward<E, D, A>(
        &self,
        arguments: A,
    ) -> Result<Tensor<Batch<Self::Out, A::Batch>, E, D, A::Joined>, TensorError<D::Err>>
    where
        Self: 'static,
        E: Element + Dtype,
        D: Backend<E>,
        A: Argument<Self::In, E, D, (), NoneTape, Batch: Append<<Self::Out as Outcome>::Shape>>,
    {
        let mut gather = Gather::default();
        let batch = arguments.gather((), &mut gather)?;
        fuse(*self, gather, batch.append(), &mut |row, failure| Err(TensorError::Failed { row, failure }))
    }

    /// The same program to be run operation by operation, through dfdx's own tape.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::prelude::*;
    ///
    /// let f = scheme! { (if (< x 0) (erf x) (* x x)) };
    /// let g = f.by_operations()?;
    /// assert_eq!(g.describe().on_host, ["erf"]);
    /// let x: Tensor<(usize,), f64, Cpu> = Cpu::default().tensor((vec![-0.5, 3.0], (2,)));
    /// let y = g.forward(x.leaky_trace())?;
    /// assert_eq!(y.as_vec(), [scheme! { (erf x) }.call(-0.5), 9.0]);
    /// assert_eq!(y.sum().backward().get(&x).as_vec()[1], 6.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the program needs the machine: what for, at its place.
    fn by_operations(self) -> Result<ByOperations<Self>, Failure>
    where
        Self: Program,
    {
        ByOperations::new(self)
    }
}

impl<F: Function> Tensors for F {}

/// The shape of a batch `B` of what a function of outcome `O` gives.
type Batch<O, B> = <B as Append<<O as Outcome>::Shape>>::Shape;

/// What to do about a row that the program fails in: give up, or go on with nan there.
type Failed<'a, Err> = &'a mut dyn FnMut(usize, Failure) -> Result<(), TensorError<Err>>;

/// The operation: runs `f` and puts its backward pass on the tape of what was gathered.
fn fuse<F, S, E, D, T>(
    f: F,
    gather: Gather<E, D>,
    results: S,
    failed: Failed<D::Err>,
) -> Result<Tensor<S, E, D, T>, TensorError<D::Err>>
where
    F: Function + 'static,
    S: Shape,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    let Gather { device, inputs, tape, .. } = gather;
    let device = device.ok_or(TensorError::NoTensor)?;
    if results.num_elements() == 0 {
        return Err(TensorError::Empty);
    }
    let (out, kept) = host::forward(&device, f, &inputs, results, T::OWNS_TAPE, failed)?;
    let mut tape = T::from_owned(tape);
    if T::OWNS_TAPE {
        let slot = backend::slot(&out);
        tape.add_backward_op(move |gradients| host::pull(f, kept, gradients, &slot, &inputs));
    }
    Ok(out.put_tape(tape))
}
