//! A graph's numbers on a device.
//!
//! A number is a tensor of one axis with an element for each row; or with one element, if it is the same in every row; or a
//! number of the host, if it is known there. A truth value is the number 1 or 0, as in traces, so that rows are gathered
//! and put together again in one way. Numbers that are the same in every row stay so until they meet a batch.

use super::reached::Reach;
use crate::vmap::Element;
use dfdx::{
    shapes::Dtype,
    tensor::{HasErr, OwnedTape, Storage, Tensor},
};
use std::rc::Rc;

/// A tensor of one axis.
pub(super) type Flat<E, D> = Tensor<(usize,), E, D>;
/// The same with a tape.
pub(super) type Taped<E, D> = Tensor<(usize,), E, D, OwnedTape<E, D>>;
/// What is made by operations of the device.
pub(super) type Made<V, D> = Result<V, <D as HasErr>::Err>;

/// A number of a graph.
#[derive(Debug)]
pub(super) enum Value<E: Dtype, D: Storage<E>> {
    /// One that the host knows, the same in every row.
    Number(E),
    /// One on the device.
    Rows(Rc<Rows<E, D>>),
}

/// Elements on the device. No two have one tensor: dfdx panics on an operation of two tensors that it takes for one.
#[derive(Debug)]
pub(super) struct Rows<E: Dtype, D: Storage<E>> {
    /// One for each row, or one for all.
    pub(super) tensor: Flat<E, D>,
    /// Which rows reach it, if a gradient goes through it.
    pub(super) reach: Option<Reach>,
}

// By hand, since a derived one would ask for more than is there.
impl<E: Dtype, D: Storage<E>> Clone for Value<E, D> {
    fn clone(&self) -> Self {
        match self {
            Self::Number(x) => Self::Number(*x),
            Self::Rows(rows) => Self::Rows(rows.clone()),
        }
    }
}

impl<E: Dtype, D: Storage<E>> Value<E, D> {
    /// Of a tensor of its own.
    pub(super) fn new(tensor: Flat<E, D>, reach: Option<Reach>) -> Self {
        Self::Rows(Rc::new(Rows { tensor, reach }))
    }

    /// How many elements it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Number(_) => 1,
            Self::Rows(rows) => rows.len(),
        }
    }

    /// The number, if the host knows it.
    pub(super) fn number(&self) -> Option<E> {
        match self {
            Self::Number(x) => Some(*x),
            Self::Rows(_) => None,
        }
    }

    /// Whether a gradient goes through it.
    pub(super) fn learns(&self) -> bool {
        matches!(self, Self::Rows(rows) if rows.reach.is_some())
    }
}

impl<E: Element + Dtype, D: Storage<E>> Value<E, D> {
    /// A truth value.
    pub(super) fn truth(holds: bool) -> Self {
        Self::Number(E::lit(f64::from(holds)))
    }
}

impl<E: Dtype, D: Storage<E>> Rows<E, D> {
    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        use dfdx::shapes::HasShape;
        self.tensor.shape().0
    }
}
