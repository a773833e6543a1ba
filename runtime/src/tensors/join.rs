//! What several arguments have together: the shape of their batches, and whether there is a tape.
//!
//! Both are known by type. A rank-0 tensor has no batch, `()`; a size of compile time wins over a size of
//! run time, and where both are of run time they are compared. A tape joined with none is a tape. The shape of
//! results is that of the batches followed by that of one result ([`Append`]).

use crate::shape::R;
use dfdx::{
    shapes::{Const, Dim, Shape},
    tensor::{NoneTape, OwnedTape, Storage, Tape},
};

/// Two sizes that must be one; the other one is given back if they are not.
pub trait JoinDim<Other: Dim>: Dim {
    /// The size.
    type Joined: Dim;
    /// The size, or both sizes if they differ.
    #[doc(hidden)]
    fn join_dim(self, other: Other) -> Result<Self::Joined, (usize, usize)>;
}

/// `joined` if the sizes are one.
fn checked<J>(a: &impl Dim, b: &impl Dim, joined: J) -> Result<J, (usize, usize)> {
    if a.size() == b.size() { Ok(joined) } else { Err((a.size(), b.size())) }
}

impl JoinDim<usize> for usize {
    type Joined = usize;
    fn join_dim(self, other: usize) -> Result<usize, (usize, usize)> {
        checked(&self, &other, self)
    }
}

impl<const N: usize> JoinDim<Const<N>> for usize {
    type Joined = Const<N>;
    fn join_dim(self, other: Const<N>) -> Result<Const<N>, (usize, usize)> {
        checked(&self, &other, other)
    }
}

impl<const N: usize> JoinDim<usize> for Const<N> {
    type Joined = Self;
    fn join_dim(self, other: usize) -> Result<Self, (usize, usize)> {
        checked(&self, &other, self)
    }
}

impl<const N: usize> JoinDim<Self> for Const<N> {
    type Joined = Self;
    fn join_dim(self, _other: Self) -> Result<Self, (usize, usize)> {
        Ok(self)
    }
}

/// Two batches that must have one shape, or none.
#[diagnostic::on_unimplemented(
    message = "batches of the shapes `{Self}` and `{Other}` do not go together",
    label = "batches of two shapes",
    note = "all tensors of a call have one shape, save for those of rank 0, which are the same in every row"
)]
pub trait JoinBatch<Other: Shape>: Shape {
    /// The shape.
    type Joined: Shape;
    /// The shape, or the sizes in the first dimension that differs.
    #[doc(hidden)]
    fn join(self, other: Other) -> Result<Self::Joined, (usize, usize)>;
}

impl<S: Shape> JoinBatch<S> for () {
    type Joined = S;
    fn join(self, other: S) -> Result<S, (usize, usize)> {
        Ok(other)
    }
}

macro_rules! join_batches {
    ($(($($a:ident $b:ident $place:tt),+))+) => {$(
        impl<$($a: Dim),+> JoinBatch<()> for ($($a,)+) {
            type Joined = Self;
            fn join(self, _other: ()) -> Result<Self, (usize, usize)> {
                Ok(self)
            }
        }

        impl<$($a: JoinDim<$b>, $b: Dim),+> JoinBatch<($($b,)+)> for ($($a,)+) {
            type Joined = ($($a::Joined,)+);
            fn join(self, other: ($($b,)+)) -> Result<Self::Joined, (usize, usize)> {
                Ok(($(self.$place.join_dim(other.$place)?,)+))
            }
        }
    )+};
}

join_batches! {
    (A0 B0 0)
    (A0 B0 0, A1 B1 1)
    (A0 B0 0, A1 B1 1, A2 B2 2)
    (A0 B0 0, A1 B1 1, A2 B2 2, A3 B3 3)
    (A0 B0 0, A1 B1 1, A2 B2 2, A3 B3 3, A4 B4 4)
    (A0 B0 0, A1 B1 1, A2 B2 2, A3 B3 3, A4 B4 4, A5 B5 5)
}

/// A batch of results of shape `O`: numbers, arrays or matrices.
#[diagnostic::on_unimplemented(
    message = "a batch of the shape `{Self}` has no tensor of results `{O}`",
    label = "no tensor of results `{O}`",
    note = "functions on tensors give a number, an array of numbers or a matrix, of batches with four dimensions at most"
)]
pub trait Append<O>: Shape {
    /// The batch's shape followed by that of one result.
    type Shape: Shape;
    /// The shape.
    #[doc(hidden)]
    fn append(&self) -> Self::Shape;
}

impl<S: Shape> Append<R> for S {
    type Shape = S;
    fn append(&self) -> S {
        *self
    }
}

macro_rules! append {
    ($(($($dim:ident $place:tt),*))+) => {$(
        impl<$($dim: Dim,)* const K: usize> Append<[R; K]> for ($($dim,)*) {
            type Shape = ($($dim,)* Const<K>,);
            fn append(&self) -> Self::Shape {
                ($(self.$place,)* Const,)
            }
        }

        impl<$($dim: Dim,)* const K: usize, const M: usize> Append<[[R; M]; K]> for ($($dim,)*) {
            type Shape = ($($dim,)* Const<K>, Const<M>);
            fn append(&self) -> Self::Shape {
                ($(self.$place,)* Const, Const)
            }
        }
    )+};
}

append! {
    ()
    (B0 0)
    (B0 0, B1 1)
    (B0 0, B1 1, B2 2)
    (B0 0, B1 1, B2 2, B3 3)
}

/// dfdx's two tapes, `NoneTape` and `OwnedTape`, of which it is known at compile time which one it is.
pub trait Tapes<E, D: Storage<E>>: Tape<E, D> + 'static {
    /// The tape, if it is one.
    #[doc(hidden)]
    fn into_owned(self) -> Option<OwnedTape<E, D>>;
    /// This kind of tape, with what is on `tape`.
    #[doc(hidden)]
    fn from_owned(tape: Option<OwnedTape<E, D>>) -> Self;
}

impl<E, D: Storage<E>> Tapes<E, D> for NoneTape {
    fn into_owned(self) -> Option<OwnedTape<E, D>> {
        None
    }
    fn from_owned(_tape: Option<OwnedTape<E, D>>) -> Self {
        Self
    }
}

impl<E: 'static, D: Storage<E>> Tapes<E, D> for OwnedTape<E, D> {
    fn into_owned(self) -> Option<Self> {
        Some(self)
    }
    fn from_owned(tape: Option<Self>) -> Self {
        tape.unwrap_or_default()
    }
}

/// A tape if there is one among the two.
pub trait JoinTape<Other> {
    /// The kind of tape.
    type Joined;
}

impl<T> JoinTape<T> for NoneTape {
    type Joined = T;
}

impl<E, D: Storage<E>> JoinTape<NoneTape> for OwnedTape<E, D> {
    type Joined = Self;
}

impl<E, D: Storage<E>> JoinTape<Self> for OwnedTape<E, D> {
    type Joined = Self;
}
