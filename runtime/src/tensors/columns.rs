//! The columns of a matrix, one argument each.

use super::{
    Argument, Backend, TensorError,
    argument::Gather,
    backend::Source,
    join::{JoinBatch, JoinTape, Tapes},
};
use crate::{shape::R, vmap::Element};
use dfdx::{
    shapes::{Const, Dim, Dtype, Shape},
    tensor::{SplitTape, Tensor},
};
use std::{cell::Cell, rc::Rc};

/// A column of a matrix, as an argument; see [`columns`].
pub struct Column<B: Dim, E: Element + Dtype, D: Backend<E>, T> {
    source: Source<E, D>,
    rows: B,
    place: usize,
    width: usize,
    /// Of all columns together; goes with the first that is used.
    tape: Rc<Cell<Option<T>>>,
}

/// The columns of a matrix `(B, Const<N>)`, each as an argument for one number.
///
/// So the outputs of a layer and other tensors go into one program. The matrix is read once, and each column adds
/// to its gradient. Where the columns are all that the program takes, give it the matrix as it is.
///
/// ```
/// use dfdx::prelude::*;
/// use scheme_runtime::{prelude::*, tensors::columns};
///
/// let dev = Cpu::default();
/// let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
/// let layer = dev.build_module::<Linear<2, 3>, f64>();
/// let k: Tensor<Rank0, f64, Cpu> = dev.tensor(8.99);
///
/// let x = dev.sample_normal::<Rank2<10, 2>>();
/// let [q1, q2, r] = columns(layer.forward(x.leaky_trace()))?;
/// let gradients = coulomb.forward((&k, q1, q2, r))?.mean().backward();
/// let (by_k, by_bias) = (gradients.get(&k), gradients.get(&layer.bias));
/// # Ok::<(), scheme_runtime::tensors::TensorError>(())
/// ```
///
/// Columns may go into several calls; the matrix's tape goes with the first, so that the results belong to one
/// expression, as after dfdx's `with_empty_tape`.
///
/// # Errors
/// If the matrix has no elements, or the device fails.
#[expect(clippy::type_complexity, reason = "an array of columns")]
pub fn columns<B, E, D, T, const N: usize>(
    matrix: Tensor<(B, Const<N>), E, D, T>,
) -> Result<[Column<B, E, D, T>; N], TensorError<D::Err>>
where
    B: Dim,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    use dfdx::shapes::HasShape;
    let (rows, _) = *matrix.shape();
    let (matrix, tape) = matrix.split_tape();
    let (source, contiguous) = Source::new(matrix)?;
    let mut together = Gather::default();
    together.merge(tape);
    together.merge(contiguous);
    let tape = Rc::new(Cell::new(Some(T::from_owned(together.tape))));
    Ok(std::array::from_fn(|place| Column {
        source: source.clone(),
        rows,
        place,
        width: N,
        tape: tape.clone(),
    }))
}

impl<B, E, D, P, S, T> Argument<R, E, D, S, T> for Column<B, E, D, P>
where
    B: Dim,
    E: Element + Dtype,
    D: Backend<E>,
    P: Tapes<E, D>,
    S: Shape + JoinBatch<(B,)>,
    T: JoinTape<P, Joined: Tapes<E, D>>,
{
    type Batch = S::Joined;
    type Joined = T::Joined;

    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<S::Joined, TensorError<D::Err>> {
        let batch = into.join(batch, (self.rows,))?;
        if let Some(tape) = self.tape.take() {
            into.merge(tape);
        }
        into.push(self.source, self.place, self.width, 1);
        Ok(batch)
    }
}
