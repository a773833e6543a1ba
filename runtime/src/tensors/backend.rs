//! What a device does for a compiled function: the one trait by which devices join.
//!
//! The device computes; shapes, tapes and which input goes where are settled before. All indices are in
//! range: every place refers to a source, and every source holds the numbers that its places read.

use super::{TensorError, operations::add_product};
use crate::{function::Function, vmap::Element};
use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Gradients, OwnedTape, PutTape, SplitTape, Storage, Tensor},
    tensor_ops::{Device, ReshapeTo},
};
use std::{cell::OnceCell, rc::Rc};

/// A dfdx device that compiled functions run on.
///
/// Users' code does not name it, save as a bound where it is generic over devices.
#[diagnostic::on_unimplemented(
    message = "compiled functions of `{E}` do not run on `{Self}`",
    label = "not a device for compiled functions"
)]
pub trait Backend<E: Element + Dtype>: Device<E> {
    /// Numbers on the device.
    type Buffer: 'static;

    /// The elements of a contiguous tensor.
    ///
    /// # Errors
    /// If the device fails, as everywhere here.
    fn read<S: Shape>(&self, tensor: &Tensor<S, E, Self>) -> Result<Self::Buffer, Self::Err>;

    /// The values of `f` in every row, as a tensor of the shape `results`: those of a row follow one another. If `f` gives
    /// one number and `learn` is set, also for each number of the inputs the partial derivatives in every row,
    /// where a gradient is wanted ([`Places::wants`]).
    ///
    /// # Errors
    /// If the program fails in a row, too.
    #[expect(clippy::type_complexity, reason = "values, and partial derivatives for each number")]
    fn run<F: Function, S: Shape>(
        &self,
        f: F,
        inputs: &Places<E, Self>,
        results: S,
        learn: bool,
    ) -> Result<(Tensor<S, E, Self>, Vec<Option<Self::Buffer>>), TensorError<Self::Err>>;

    /// The backward pass of one number: adds, for every part, the gradient of the result times the partial derivatives to
    /// the gradient of the part's source.
    ///
    /// Several parts may be of one source, and have one gradient.
    ///
    /// # Errors
    /// If gradients cannot be allocated.
    fn pull(
        &self,
        gradients: &mut Gradients<E, Self>,
        result: &Slot<E, Self>,
        parts: Vec<Part<E, Self>>,
    ) -> Result<(), Self::Err>;

    /// The backward pass of one operation among others: adds the gradient of `result` times partial derivatives to the gradient of
    /// `operand`, which has as many elements, or one for all. Unless a device knows better, by dfdx's own operations.
    ///
    /// # Errors
    /// If gradients cannot be allocated.
    fn pull_product(
        &self,
        gradients: &mut Gradients<E, Self>,
        result: &Tensor<(usize,), E, Self>,
        operand: &Tensor<(usize,), E, Self>,
        partials: Tensor<(usize,), E, Self>,
    ) -> Result<(), Self::Err> {
        add_product(gradients, result, operand, partials)
    }

    /// The backward pass of several numbers: adds the vector-Jacobian product of `f` with the gradient of the result in every
    /// row to the gradients of the sources, where a gradient is wanted. It is computed here, from the inputs; nan
    /// where the program fails.
    ///
    /// # Errors
    /// If gradients cannot be allocated.
    fn pull_rows<F: Function>(
        &self,
        f: F,
        gradients: &mut Gradients<E, Self>,
        result: &Slot<E, Self>,
        inputs: &Places<E, Self>,
    ) -> Result<(), Self::Err>;

    /// The elements of a gradient, for what is computed on the host.
    ///
    /// # Errors
    /// If the device fails.
    fn gradient_to_host(&self, gradient: &<Self as Storage<E>>::Vec) -> Result<Vec<E>, Self::Err>;

    /// Adds what the host computed to a gradient, a number to each element.
    ///
    /// # Errors
    /// If the device fails.
    fn add_from_host(&self, gradient: &mut <Self as Storage<E>>::Vec, numbers: &[E])
    -> Result<(), Self::Err>;
}

/// The way to a tensor's gradient, without holding on to the tensor's elements.
pub type Slot<E, D> = Box<
    dyn for<'g> Fn(
        &'g mut Gradients<E, D>,
    ) -> Result<&'g mut <D as Storage<E>>::Vec, <D as dfdx::tensor::HasErr>::Err>,
>;

/// The way to the gradient of `tensor`.
pub(super) fn slot<S: Shape, E: Dtype, D: Storage<E>>(tensor: &Tensor<S, E, D>) -> Slot<E, D> {
    let ghost = tensor.ghost();
    Box::new(move |gradients| gradients.get_or_alloc_mut(&ghost))
}

/// Elements of a tensor on the device, and the way to its gradient.
pub(super) struct Source<E: Element + Dtype, D: Backend<E>> {
    /// The elements, until they are read.
    tensor: Option<Tensor<(usize,), E, D>>,
    /// The same as numbers, once for all that share the source.
    buffer: Rc<OnceCell<D::Buffer>>,
    pub(super) slot: Rc<Slot<E, D>>,
}

// By hand, since a derived one would ask for more than is there.
impl<E: Element + Dtype, D: Backend<E>> Clone for Source<E, D> {
    fn clone(&self) -> Self {
        Self { tensor: self.tensor.clone(), buffer: self.buffer.clone(), slot: self.slot.clone() }
    }
}

impl<E: Element + Dtype, D: Backend<E>> Source<E, D> {
    /// Of a tensor, which is made contiguous first. That is an operation of its own, to be put on the tape
    /// even if the tensor has none: its elements might be those of a parameter, permuted.
    #[expect(clippy::type_complexity, reason = "it, and a tape")]
    pub(super) fn new<S: Shape>(
        tensor: Tensor<S, E, D>,
    ) -> Result<(Self, OwnedTape<E, D>), TensorError<D::Err>> {
        let count = tensor.shape().num_elements();
        // dfdx panics on some operations with nothing.
        if count == 0 {
            return Err(TensorError::Empty);
        }
        let tensor = tensor.put_tape(OwnedTape::default()).try_contiguous().map_err(TensorError::Device)?;
        let (tensor, tape) = tensor.split_tape();
        let slot = Rc::new(slot(&tensor));
        // Of what is contiguous that is the same tensor, with another shape.
        let tensor = tensor.try_reshape_like(&(count,)).map_err(TensorError::Device)?;
        Ok((Self { tensor: Some(tensor), buffer: Rc::default(), slot }, tape))
    }

    /// The same with the elements read, and the tensor let go.
    pub(super) fn read(mut self) -> Result<Self, D::Err> {
        if let Some(tensor) = self.tensor.take()
            && self.buffer.get().is_none()
        {
            let numbers = tensor.device().read(&tensor)?;
            self.buffer.get_or_init(|| numbers);
        }
        Ok(self)
    }
}

/// Where a number of the inputs comes from.
#[derive(Clone, Copy, Debug)]
pub enum Place<E> {
    /// It is the same number in every row.
    Same(E),
    /// It is read, for the row `i`, at `offset + i * stride` in a source.
    Source {
        /// Which source.
        source: usize,
        /// Where the first row's is.
        offset: usize,
        /// How far the rows' are apart; 0 if it is the same one in every row.
        stride: usize,
        /// Whether it is to have a gradient.
        learn: bool,
    },
}

/// All numbers of the inputs.
pub struct Places<E: Element + Dtype, D: Backend<E>> {
    pub(super) places: Vec<Place<E>>,
    pub(super) sources: Vec<Source<E, D>>,
}

impl<E: Element + Dtype, D: Backend<E>> Places<E, D> {
    /// Where each number comes from, in order.
    pub fn places(&self) -> &[Place<E>] {
        &self.places
    }

    /// The elements of a source.
    pub fn buffer(&self, source: usize) -> Option<&D::Buffer> {
        self.sources.get(source)?.buffer.get()
    }

    /// The elements of a source as a tensor, if they have not been read.
    pub(super) fn tensor(&self, source: usize) -> Option<&Tensor<(usize,), E, D>> {
        self.sources.get(source)?.tensor.as_ref()
    }

    /// Those of one row.
    pub(super) fn row(&self, row: usize) -> Self {
        let place = |place: &Place<E>| match *place {
            Place::Source { source, offset, stride, learn } => {
                Place::Source { source, offset: offset + row * stride, stride, learn }
            }
            same => same,
        };
        Self { places: self.places.iter().map(place).collect(), sources: self.sources.clone() }
    }

    /// The same with all elements read.
    pub(super) fn read(self) -> Result<Self, D::Err> {
        let sources = self.sources.into_iter().map(Source::read).collect::<Result<_, _>>()?;
        Ok(Self { places: self.places, sources })
    }

    /// The gradient of a source, of zeros if there was none; none if there is no such source.
    ///
    /// # Errors
    /// If it cannot be allocated.
    pub fn gradient<'g>(
        &self,
        source: usize,
        gradients: &'g mut Gradients<E, D>,
    ) -> Result<Option<&'g mut <D as Storage<E>>::Vec>, D::Err> {
        self.sources.get(source).map(|source| (source.slot)(gradients)).transpose()
    }

    /// Whether the number counted `k` is to have a gradient.
    pub fn wants(&self, k: usize) -> bool {
        matches!(self.places.get(k), Some(Place::Source { learn: true, .. }))
    }

    /// What the backward pass needs; the elements are let go.
    pub(super) fn parts(self, partials: Vec<Option<D::Buffer>>) -> Vec<Part<E, D>> {
        let Self { places, sources } = self;
        let part = |(place, partials)| match (place, partials) {
            (Place::Source { source, offset, stride, .. }, Some(partials)) => {
                Some(Part { slot: sources.get(source)?.slot.clone(), offset, stride, partials })
            }
            _ => None,
        };
        places.into_iter().zip(partials).filter_map(part).collect()
    }
}

/// The backward pass of one number of the inputs.
pub struct Part<E: Element + Dtype, D: Backend<E>> {
    pub(super) slot: Rc<Slot<E, D>>,
    /// Where in the source's gradient the first row's is.
    pub offset: usize,
    /// How far the rows' are apart; 0 if it is one for all rows.
    pub stride: usize,
    /// The partial derivatives of the result by it, one a row.
    pub partials: D::Buffer,
}

impl<E: Element + Dtype, D: Backend<E>> Part<E, D> {
    /// Of a tensor whose gradient is at the slot: its only element, or one for each row.
    pub(super) fn new(slot: Slot<E, D>, is_one: bool, partials: D::Buffer) -> Self {
        Self { slot: Rc::new(slot), offset: 0, stride: usize::from(!is_one), partials }
    }

    /// The gradient of the source, of zeros if there was none.
    ///
    /// # Errors
    /// If it cannot be allocated.
    pub fn gradient<'g>(
        &self,
        gradients: &'g mut Gradients<E, D>,
    ) -> Result<&'g mut <D as Storage<E>>::Vec, D::Err> {
        (self.slot)(gradients)
    }
}
