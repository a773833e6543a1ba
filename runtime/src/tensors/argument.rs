//! What may be given for the inputs of a function on tensors.

use super::{
    Backend, TensorError,
    backend::{Place, Places, Source},
    join::{JoinBatch, JoinTape, Tapes},
};
use crate::{
    shape::{R, Shape},
    vmap::Element,
};
use dfdx::{
    shapes::{Const, Dim, Dtype, HasShape, Shape as Dims},
    tensor::{OwnedTape, SplitTape, Tensor},
};

/// An argument for inputs of shape `I`, after arguments with a batch of the shape `S` and a tape `T`; see
/// [`Tensors::forward`](super::Tensors::forward) for what they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument for inputs `{I}`",
    label = "not an argument for inputs `{I}`",
    note = "give a tuple such as `(8.99, &q1, q2)` with one for each input: an `f64`, a rank-0 tensor, or a batch",
    note = "a tensor with a tape is taken by value, one without a tape also by reference"
)]
pub trait Argument<I: Shape, E: Element + Dtype, D: Backend<E>, S: Dims, T> {
    /// The shape of the batches so far.
    type Batch: Dims;
    /// The kind of tape so far.
    type Joined: Tapes<E, D>;
    /// Adds its numbers, elements and tape; gives the shape of the batches so far.
    #[doc(hidden)]
    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<Self::Batch, TensorError<D::Err>>;
}

/// All arguments, taken apart.
pub struct Gather<E: Element + Dtype, D: Backend<E>> {
    pub(super) device: Option<D>,
    pub(super) inputs: Places<E, D>,
    pub(super) tape: Option<OwnedTape<E, D>>,
    /// Within a [`Constant`].
    constant: bool,
}

impl<E: Element + Dtype, D: Backend<E>> Default for Gather<E, D> {
    fn default() -> Self {
        let inputs = Places { places: Vec::new(), sources: Vec::new() };
        Self { device: None, inputs, tape: None, constant: false }
    }
}

impl<E: Element + Dtype, D: Backend<E>> Gather<E, D> {
    /// Adds what is on a tape.
    pub(super) fn merge(&mut self, tape: impl Tapes<E, D>) {
        use dfdx::tensor::Merge;
        self.tape = match (self.tape.take(), tape.into_owned()) {
            (Some(own), Some(other)) => Some(own.merge(other)),
            (own, other) => own.or(other),
        };
    }

    /// Adds numbers of a source that follow one another, from `offset` on in the first row.
    pub(super) fn push(&mut self, source: Source<E, D>, offset: usize, stride: usize, count: usize) {
        let at = self.inputs.sources.len();
        let learn = !self.constant;
        self.device.get_or_insert_with(|| source.device().clone());
        self.inputs.sources.push(source);
        self.inputs.places.extend((offset..offset + count).map(|offset| Place::Source {
            source: at,
            offset,
            stride,
            learn,
        }));
    }

    /// Takes arguments of one axis, a number each: of one length, save for those of one element, which are the same in
    /// every row. Gives the length.
    pub(super) fn columns<P: Tapes<E, D>>(
        &mut self,
        columns: Vec<Tensor<(usize,), E, D, P>>,
    ) -> Result<usize, TensorError<D::Err>> {
        let mut rows = 1;
        for (input, column) in columns.into_iter().enumerate() {
            let found = column.shape().0;
            if found != 1 && rows != 1 && found != rows {
                return Err(TensorError::Shapes { input, expected: rows, found });
            }
            let (tensor, tape) = column.split_tape();
            let (source, contiguous) = Source::new(tensor)?;
            self.merge(tape);
            self.merge(contiguous);
            rows = rows.max(found);
            self.push(source, 0, usize::from(found != 1), 1);
        }
        Ok(rows)
    }

    /// Joins the shapes of batches.
    pub(super) fn join<S: JoinBatch<B>, B: Dims>(
        &self,
        so_far: S,
        batch: B,
    ) -> Result<S::Joined, TensorError<D::Err>> {
        let input = self.inputs.places.len();
        so_far.join(batch).map_err(|(expected, found)| TensorError::Shapes { input, expected, found })
    }
}

/// A shape of tensors that hold inputs of shape `I`: those of every row, or those of all rows at once.
#[diagnostic::on_unimplemented(
    message = "a tensor of the shape `{Self}` does not hold inputs `{I}`",
    label = "does not hold inputs `{I}`",
    note = "for an array of `N` numbers it is `(Const<N>,)`, or `(B, Const<N>)` for a batch"
)]
pub trait Batched<I: Shape>: Dims {
    /// The shape without that of the inputs: `()` if they are the same in every row.
    type Batch: Dims;
    /// The shape without that of the inputs.
    #[doc(hidden)]
    fn batch(&self) -> Self::Batch;
}

impl<S: Dims> Batched<R> for S {
    type Batch = S;
    fn batch(&self) -> S {
        *self
    }
}

impl<const N: usize> Batched<[R; N]> for (Const<N>,) {
    type Batch = ();
    fn batch(&self) {}
}

impl<const N: usize, const M: usize> Batched<[[R; M]; N]> for (Const<N>, Const<M>) {
    type Batch = ();
    fn batch(&self) {}
}

macro_rules! batched {
    ($(($($dim:ident $place:tt),+))+) => {$(
        impl<$($dim: Dim,)+ const N: usize> Batched<[R; N]> for ($($dim,)+ Const<N>,) {
            type Batch = ($($dim,)+);
            fn batch(&self) -> Self::Batch {
                ($(self.$place,)+)
            }
        }

        impl<$($dim: Dim,)+ const N: usize, const M: usize> Batched<[[R; M]; N]> for ($($dim,)+ Const<N>, Const<M>) {
            type Batch = ($($dim,)+);
            fn batch(&self) -> Self::Batch {
                ($(self.$place,)+)
            }
        }
    )+};
}

batched! {
    (B0 0)
    (B0 0, B1 1)
    (B0 0, B1 1, B2 2)
}

impl<I, Q, E, D, P, S, T> Argument<I, E, D, S, T> for Tensor<Q, E, D, P>
where
    I: Shape,
    Q: Batched<I>,
    E: Element + Dtype,
    D: Backend<E>,
    P: Tapes<E, D>,
    S: JoinBatch<Q::Batch>,
    T: JoinTape<P, Joined: Tapes<E, D>>,
{
    type Batch = S::Joined;
    type Joined = T::Joined;

    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<S::Joined, TensorError<D::Err>> {
        let own = self.shape().batch();
        let batch = into.join(batch, own)?;
        let (tensor, tape) = self.split_tape();
        let (source, contiguous) = Source::new(tensor)?;
        into.merge(tape);
        into.merge(contiguous);
        let stride = if <Q::Batch as Dims>::NUM_DIMS == 0 { 0 } else { I::LEN };
        into.push(source, 0, stride, I::LEN);
        Ok(batch)
    }
}

impl<I, Q, E, D, S, T> Argument<I, E, D, S, T> for &Tensor<Q, E, D>
where
    I: Shape,
    Q: Dims,
    E: Element + Dtype,
    D: Backend<E>,
    S: Dims,
    Tensor<Q, E, D>: Argument<I, E, D, S, T>,
{
    type Batch = <Tensor<Q, E, D> as Argument<I, E, D, S, T>>::Batch;
    type Joined = <Tensor<Q, E, D> as Argument<I, E, D, S, T>>::Joined;

    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<Self::Batch, TensorError<D::Err>> {
        self.clone().gather(batch, into)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl<E: Element + Dtype, D: Backend<E>, S: Dims, T: Tapes<E, D>> Argument<R, E, D, S, T> for $number {
            type Batch = S;
            type Joined = T;

            fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<S, TensorError<D::Err>> {
                into.inputs.places.push(Place::Same(E::lit(self.into())));
                Ok(batch)
            }
        }
    )*};
}

numbers! { f64 f32 }

/// An array is for as many inputs of one shape. After its first argument, the batch and the tape are what
/// they stay.
impl<I, A, E, D, S, T, const N: usize> Argument<[I; N], E, D, S, T> for [A; N]
where
    I: Shape,
    A: Argument<I, E, D, S, T>
        + Argument<I, E, D, First<I, A, E, D, S, T>, Tape<I, A, E, D, S, T>, Batch = First<I, A, E, D, S, T>>,
    E: Element + Dtype,
    D: Backend<E>,
    S: Dims,
{
    type Batch = First<I, A, E, D, S, T>;
    type Joined = Tape<I, A, E, D, S, T>;

    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<Self::Batch, TensorError<D::Err>> {
        let mut arguments = self.into_iter();
        // Of no arguments it is not known what their batch would be.
        let first = arguments.next().ok_or(TensorError::NoTensor)?;
        let mut batch = Argument::<I, E, D, S, T>::gather(first, batch, into)?;
        for argument in arguments {
            batch = Argument::<I, E, D, Self::Batch, Self::Joined>::gather(argument, batch, into)?;
        }
        Ok(batch)
    }
}

/// The batch after an argument `A`.
type First<I, A, E, D, S, T> = <A as Argument<I, E, D, S, T>>::Batch;
/// The tape after an argument `A`.
type Tape<I, A, E, D, S, T> = <A as Argument<I, E, D, S, T>>::Joined;

/// An argument that no gradient is wanted of: `Constant(&data)`. Its partial derivatives are not kept.
#[derive(Clone, Copy, Debug)]
pub struct Constant<A>(pub A);

impl<I, A, E, D, S, T> Argument<I, E, D, S, T> for Constant<A>
where
    I: Shape,
    A: Argument<I, E, D, S, T>,
    E: Element + Dtype,
    D: Backend<E>,
    S: Dims,
{
    type Batch = A::Batch;
    type Joined = A::Joined;

    fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<A::Batch, TensorError<D::Err>> {
        let around = std::mem::replace(&mut into.constant, true);
        let batch = self.0.gather(batch, into);
        into.constant = around;
        batch
    }
}

/// A tuple is for an array of as many inputs of one shape, and for a tuple of inputs. Each argument is
/// typed by the batch and the tape of those before it.
macro_rules! tuples {
    ($($n:literal ($first:ident $i0:ident $p0:tt, $($argument:ident $before:ident $shape:ident $place:tt),+) $last:ident;)+) => {$(
        impl<I, E, D, S, T, $first, $($argument),+> Argument<[I; $n], E, D, S, T> for ($first, $($argument),+)
        where
            I: Shape,
            E: Element + Dtype,
            D: Backend<E>,
            S: Dims,
            $first: Argument<I, E, D, S, T>,
            $($argument: Argument<I, E, D, $before::Batch, $before::Joined>,)+
        {
            type Batch = $last::Batch;
            type Joined = $last::Joined;

            fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<Self::Batch, TensorError<D::Err>> {
                let batch = self.$p0.gather(batch, into)?;
                $(let batch = self.$place.gather(batch, into)?;)+
                Ok(batch)
            }
        }

        impl<E, D, S, T, $i0, $first, $($shape, $argument),+> Argument<($i0, $($shape),+), E, D, S, T> for ($first, $($argument),+)
        where
            $i0: Shape,
            $($shape: Shape,)+
            E: Element + Dtype,
            D: Backend<E>,
            S: Dims,
            $first: Argument<$i0, E, D, S, T>,
            $($argument: Argument<$shape, E, D, $before::Batch, $before::Joined>,)+
        {
            type Batch = $last::Batch;
            type Joined = $last::Joined;

            fn gather(self, batch: S, into: &mut Gather<E, D>) -> Result<Self::Batch, TensorError<D::Err>> {
                let batch = self.$p0.gather(batch, into)?;
                $(let batch = self.$place.gather(batch, into)?;)+
                Ok(batch)
            }
        }
    )+};
}

tuples! {
    2 (A0 I0 0, A1 A0 I1 1) A1;
    3 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2) A2;
    4 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3) A3;
    5 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4) A4;
    6 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5) A5;
    7 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6) A6;
    8 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6, A7 A6 I7 7) A7;
    9 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6, A7 A6 I7 7, A8 A7 I8 8) A8;
    10 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6, A7 A6 I7 7, A8 A7 I8 8, A9 A8 I9 9) A9;
    11 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6, A7 A6 I7 7, A8 A7 I8 8, A9 A8 I9 9, A10 A9 I10 10) A10;
    12 (A0 I0 0, A1 A0 I1 1, A2 A1 I2 2, A3 A2 I3 3, A4 A3 I4 4, A5 A4 I5 5, A6 A5 I6 6, A7 A6 I7 7, A8 A7 I8 8, A9 A8 I9 9, A10 A9 I10 10, A11 A10 I11 11) A11;
}
