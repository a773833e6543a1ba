//! What a device does for a compiled function: the one trait by which devices join.
//!
//! Shapes, tapes and which input goes where are settled before, and the function runs on the host: a device lends or copies
//! elements, gives memory for results, and lends gradients. All indices are in range: every place refers to a
//! source, and every source holds the numbers that its places read.

use super::{TensorError, operations::add_product};
use crate::vmap::Element;
use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Gradients, OwnedTape, PutTape, SplitTape, Storage, Tensor},
    tensor_ops::{Device, ReshapeTo},
};
use std::{cell::OnceCell, collections::BTreeMap, ops::DerefMut, rc::Rc};

/// A dfdx device that compiled functions run on.
///
/// Users' code does not name it, save as a bound where it is generic over devices.
#[diagnostic::on_unimplemented(
    message = "compiled functions of `{E}` do not run on `{Self}`",
    label = "not a device for compiled functions"
)]
pub trait Backend<E: Element + Dtype>: Device<E> {
    /// The elements of a contiguous tensor where they are, if the host can read them there.
    #[doc(hidden)]
    fn in_place(tensor: &Tensor<(usize,), E, Self>) -> Option<&[E]>;

    /// The numbers of a gradient where they are, if the host can write there: if it can read elements of tensors where they are.
    #[doc(hidden)]
    fn gradient_in_place(gradient: &mut <Self as Storage<E>>::Vec) -> Option<&mut [E]>;

    /// Memory on the host for a while.
    #[doc(hidden)]
    type Scratch: DerefMut<Target = [E]> + 'static;

    /// Memory for so many numbers, of no particular value.
    ///
    /// # Errors
    /// If there is not as much, as everywhere here.
    #[doc(hidden)]
    fn scratch(&self, count: usize) -> Result<Self::Scratch, Self::Err>;

    /// Memory on the host for so many numbers, which a tensor will take over.
    ///
    /// # Errors
    /// If there is not as much.
    #[doc(hidden)]
    fn memory(&self, count: usize) -> Result<Vec<E>, Self::Err>;

    /// Takes a gradient's numbers to the host, from where they will be put back.
    ///
    /// # Errors
    /// If the device fails.
    #[doc(hidden)]
    fn take(gradient: &mut <Self as Storage<E>>::Vec) -> Result<Vec<E>, Self::Err>;

    /// Puts a gradient's numbers back.
    ///
    /// # Errors
    /// If the device fails.
    #[doc(hidden)]
    fn put(gradient: &mut <Self as Storage<E>>::Vec, numbers: Vec<E>) -> Result<(), Self::Err>;

    /// Puts a gradient's numbers back that were only read: nothing needs to be done if taking them left them where they were.
    ///
    /// # Errors
    /// If the device fails.
    #[doc(hidden)]
    fn put_unchanged(gradient: &mut <Self as Storage<E>>::Vec, numbers: Vec<E>) -> Result<(), Self::Err> {
        Self::put(gradient, numbers)
    }

    /// The numbers of a gradient, for what is computed on the host.
    ///
    /// # Errors
    /// If the device fails.
    #[doc(hidden)]
    fn gradient_to_host(&self, gradient: &mut <Self as Storage<E>>::Vec) -> Result<Vec<E>, Self::Err> {
        on_host::<E, Self, _>(gradient, |numbers| numbers.to_vec())
    }

    /// Adds what the host computed to a gradient, a number to each element.
    ///
    /// # Errors
    /// If the device fails.
    #[doc(hidden)]
    fn add_from_host(
        &self,
        gradient: &mut <Self as Storage<E>>::Vec,
        numbers: &[E],
    ) -> Result<(), Self::Err> {
        on_host::<E, Self, _>(gradient, |sums| {
            sums.iter_mut().zip(numbers).for_each(|(sum, &x)| *sum += x);
        })
    }

    /// The backward pass of one operation among others: adds the gradient of `result` times partial derivatives to the gradient of
    /// `operand`, which has as many elements, or one for all. Unless a device knows better, by dfdx's own operations.
    ///
    /// # Errors
    /// If gradients cannot be allocated.
    #[doc(hidden)]
    fn pull_product(
        &self,
        gradients: &mut Gradients<E, Self>,
        result: &Tensor<(usize,), E, Self>,
        operand: &Tensor<(usize,), E, Self>,
        partials: Tensor<(usize,), E, Self>,
    ) -> Result<(), Self::Err> {
        add_product(gradients, result, operand, partials)
    }
}

/// The way to a tensor's gradient, without holding on to the tensor's elements.
pub(super) type Slot<E, D> = Box<
    dyn for<'g> Fn(
        &'g mut Gradients<E, D>,
    ) -> Result<&'g mut <D as Storage<E>>::Vec, <D as dfdx::tensor::HasErr>::Err>,
>;

/// The way to the gradient of `tensor`.
pub(super) fn slot<S: Shape, E: Dtype, D: Storage<E>>(tensor: &Tensor<S, E, D>) -> Slot<E, D> {
    let ghost = tensor.ghost();
    Box::new(move |gradients| gradients.get_or_alloc_mut(&ghost))
}

/// Has a gradient's numbers on the host.
pub(super) fn on_host<E: Element + Dtype, D: Backend<E>, V>(
    gradient: &mut <D as Storage<E>>::Vec,
    with: impl FnOnce(&mut [E]) -> V,
) -> Result<V, D::Err> {
    let mut numbers = D::take(gradient)?;
    let value = with(&mut numbers);
    D::put(gradient, numbers)?;
    Ok(value)
}

/// Elements of a tensor, which has one axis and is contiguous.
#[derive(Clone, Debug)]
pub(super) struct Source<E: Element + Dtype, D: Backend<E>> {
    tensor: Tensor<(usize,), E, D>,
    /// The elements on the host, if they cannot be read where they are: once for all that share the source.
    copy: Option<Rc<OnceCell<Vec<E>>>>,
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
        // Of what is contiguous that is the same tensor, with another shape.
        let tensor = tensor.try_reshape_like(&(count,)).map_err(TensorError::Device)?;
        Ok((Self::flat(tensor), tape))
    }

    /// Of a tensor that has one axis and is contiguous.
    pub(super) fn flat(tensor: Tensor<(usize,), E, D>) -> Self {
        let copy = D::in_place(&tensor).is_none().then(Rc::default);
        Self { tensor, copy }
    }

    pub(super) fn device(&self) -> &D {
        self.tensor.device()
    }

    pub(super) fn elements(&self) -> &[E] {
        match &self.copy {
            Some(copy) => copy.get_or_init(|| self.tensor.as_vec()),
            None => D::in_place(&self.tensor).unwrap_or_default(),
        }
    }
}

/// Where a number of the inputs comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<E> {
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
pub(super) struct Places<E: Element + Dtype, D: Backend<E>> {
    pub(super) places: Vec<Place<E>>,
    pub(super) sources: Vec<Source<E, D>>,
}

impl<E: Element + Dtype, D: Backend<E>> Places<E, D> {
    /// Where each number comes from, in order.
    pub(super) fn places(&self) -> &[Place<E>] {
        &self.places
    }

    /// The elements of a source.
    pub(super) fn elements(&self, source: usize) -> Option<&[E]> {
        self.sources.get(source).map(Source::elements)
    }

    /// The elements of a source as a tensor.
    pub(super) fn tensor(&self, source: usize) -> Option<&Tensor<(usize,), E, D>> {
        self.sources.get(source).map(|source| &source.tensor)
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

    /// The gradient of a source, of zeros if there was none; none if there is no such source.
    ///
    /// # Errors
    /// If it cannot be allocated.
    pub(super) fn gradient<'g>(
        &self,
        source: usize,
        gradients: &'g mut Gradients<E, D>,
    ) -> Result<Option<&'g mut <D as Storage<E>>::Vec>, D::Err> {
        self.tensor(source).map(|tensor| gradients.get_or_alloc_mut(tensor)).transpose()
    }

    /// The sources that are to have a gradient.
    pub(super) fn learning(&self) -> BTreeMap<usize, &Tensor<(usize,), E, D>> {
        let learning = |place: &Place<E>| match *place {
            Place::Source { source, learn: true, .. } => Some((source, self.tensor(source)?)),
            _ => None,
        };
        self.places.iter().filter_map(learning).collect()
    }

    /// Whether the number counted `k` is to have a gradient.
    pub(super) fn wants(&self, k: usize) -> bool {
        matches!(self.places.get(k), Some(Place::Source { learn: true, .. }))
    }
}
