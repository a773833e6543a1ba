//! A compiled function as a layer of a neural network.

use super::{
    Append, Argument, Backend, Batch, Constant, FailedRow, TensorError, argument::Gather, fuse, join::Tapes,
};
use crate::{
    function::Function,
    outcome::Outcome,
    shape::{R, Shape as Numbers},
    vmap::Element,
};
use dfdx::{
    nn::{BuildOnDevice, Module, ModuleVisitor, NonMutableModule, TensorCollection, TensorOptions},
    shapes::{Const, Dim, Dtype, HasShape, Rank0, Rank1, Shape},
    tensor::{NoneTape, PutTape, SplitTape, Storage, Tensor, ZerosTensor},
    tensor_ops::{BroadcastTo, Device},
};
use std::sync::{Mutex, PoisonError};

/// What networks are built from, by type.
pub mod builder {
    /// Builds a [`Layer`](super::Layer) of the function `F` with `P` trainable constants, which start from 1, and `Q` frozen
    /// ones, which are 0 until they are set or loaded:
    /// `type Model = (Linear<2, 32>, Tanh, Linear<32, 3>, builder::Layer<F, 1>)`.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Layer<F, const P: usize = 0, const Q: usize = 0>(std::marker::PhantomData<F>);
}

/// A compiled function as a layer: from a matrix `(B, Const<N>)` to `(B, Const<K>)` if the function gives an array of `K`
/// numbers, and to `(B,)` if it gives one.
///
/// The inputs of the function, counted from the left, are the `N` columns of the matrix, then `P` trainable
/// constants, then `Q` frozen ones; it is an error of compilation if they do not add up. Trainable constants
/// have gradients and are updated by optimisers; frozen ones do not and are not, nor does `reset_params` change them. Both are
/// saved and loaded with the network, in order, as arrays `trainable` and `frozen`. An empty batch gives an empty
/// tensor.
///
/// In a row where the function fails, if it can, the results are nan, and the others are what they are: dfdx's layers have no
/// errors but those of their device. So is the gradient by such a row, and that by the trainable constants, which all rows share,
/// even if the loss leaves the row out. [`failure`](Self::failure) tells of the last forward pass, and
/// [`try_rows`](Self::try_rows) makes it an error.
///
/// ```
/// use dfdx::{nn::modules, optim::{Adam, AdamConfig}, prelude::*};
/// use scheme_runtime::{prelude::*, tensors::Layer};
///
/// // A pendulum whose angle is seen through two sensors; its friction `b` is to be learned, gravity `g` is known.
/// let motion = scheme! { (lambda (theta speed b g) (vec speed (- 0 (* b speed) (* g (sin theta))))) };
/// let dev = Cpu::seed_from_u64(0);
/// let front = dev.build_module::<Linear<2, 2>, f32>();
/// let physics = Layer::new(motion, &dev, [0.5])?.with_frozen([9.81])?;
/// let mut network = (front, physics, dev.build_module::<Linear<2, 1>, f32>());
///
/// let mut adam = Adam::new(&network, AdamConfig::default());
/// let x = dev.sample_normal::<Rank2<10, 2>>();
/// let y: Tensor<Rank2<10, 1>, f32, _, _> = network.forward(x.trace(network.alloc_grads()));
/// let gradients = y.square().mean().backward();
/// adam.update(&mut network, &gradients)?;
/// assert_ne!(network.1.trainable.array(), [0.5]);
/// assert_eq!(network.1.frozen.array(), [9.81]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Of a program with several parameters, `Layer::new(open(program), &dev, program.values())` has them as its constants.
///
/// What goes over all tensors of a network, such as training, saving and building by type ([`builder::Layer`]), needs a
/// function that is `Default`: programs are.
#[derive(Clone, Debug)]
pub struct Layer<F, const P: usize, const Q: usize, E: Dtype, D: Storage<E>> {
    /// The function.
    pub function: F,
    /// The values of the inputs after the columns.
    pub trainable: Tensor<Rank1<P>, E, D>,
    /// The values of the last inputs.
    pub frozen: Tensor<Rank1<Q>, E, D>,
    failure: Last<FailedRow>,
}

impl<F: Function, E: Dtype, D: Device<E>, const P: usize> Layer<F, P, 0, E, D> {
    /// A layer with trainable constants that start from these values.
    ///
    /// # Errors
    /// If the device fails.
    pub fn new(function: F, device: &D, trainable: [E; P]) -> Result<Self, D::Err> {
        let (trainable, frozen) = (constants(device, trainable)?, constants(device, [])?);
        Ok(Self { function, trainable, frozen, failure: Last::default() })
    }
}

impl<F: Function, E: Dtype, D: Device<E>, const P: usize, const Q: usize> Layer<F, P, Q, E, D> {
    /// The same with these frozen constants.
    ///
    /// # Errors
    /// If the device fails.
    pub fn with_frozen<const N: usize>(self, frozen: [E; N]) -> Result<Layer<F, P, N, E, D>, D::Err> {
        let Self { function, trainable, .. } = self;
        let frozen = constants(trainable.device(), frozen)?;
        Ok(Layer { function, trainable, frozen, failure: Last::default() })
    }
}

impl<F, E, D, const P: usize, const Q: usize> BuildOnDevice<D, E> for builder::Layer<F, P, Q>
where
    F: Function + Default,
    E: Dtype,
    D: Device<E>,
{
    type Built = Layer<F, P, Q, E, D>;
}

impl<F, E, D, const P: usize, const Q: usize> TensorCollection<E, D> for Layer<F, P, Q, E, D>
where
    F: Function + Default,
    E: Dtype,
    D: Device<E>,
{
    type To<E2: Dtype, D2: Device<E2>> = Layer<F, P, Q, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let trainable =
            Access { get: |layer: &Self| &layer.trainable, get_mut: |layer| &mut layer.trainable };
        let frozen = Access { get: |layer: &Self| &layer.frozen, get_mut: |layer| &mut layer.frozen };
        visit(visitor, trainable, frozen, |trainable, frozen| Layer {
            function: F::default(),
            trainable,
            frozen,
            failure: Last::default(),
        })
    }
}

/// Constants on a device. If there are none they borrow the memory of one number: drivers refuse to allocate nothing.
pub(super) fn constants<E: Dtype, D: Device<E>, const P: usize>(
    device: &D,
    values: [E; P],
) -> Result<Tensor<Rank1<P>, E, D>, D::Err> {
    match P {
        0 => device.try_zeros::<Rank0>()?.try_broadcast(),
        _ => device.try_tensor_from_vec(values.to_vec(), (Const,)),
    }
}

/// The way to constants of a layer `M`.
pub(super) struct Access<M, const P: usize, E: Dtype, D: Storage<E>> {
    pub(super) get: fn(&M) -> &Tensor<Rank1<P>, E, D>,
    pub(super) get_mut: fn(&mut M) -> &mut Tensor<Rank1<P>, E, D>,
}

/// Visits the constants of a layer.
pub(super) fn visit<M, V, E, D, const P: usize, const Q: usize>(
    visitor: &mut V,
    trainable: Access<M, P, E, D>,
    frozen: Access<M, Q, E, D>,
    build: impl FnOnce(Tensor<Rank1<P>, V::E2, V::D2>, Tensor<Rank1<Q>, V::E2, V::D2>) -> M::To<V::E2, V::D2>,
) -> Result<Option<M::To<V::E2, V::D2>>, V::Err>
where
    M: TensorCollection<E, D>,
    V: ModuleVisitor<M, E, D>,
    E: Dtype,
    D: Device<E>,
{
    // dfdx panics on saving nothing, and its optimisers complain of no gradient for nothing.
    let trainable = (P > 0)
        .then(|| M::tensor("trainable", trainable.get, trainable.get_mut, TensorOptions::reset_to_ones()));
    let frozen =
        (Q > 0).then(|| M::tensor("frozen", frozen.get, frozen.get_mut, TensorOptions::detached(|_| Ok(()))));
    let fields = (Vec::from_iter(trainable), Vec::from_iter(frozen));
    visitor.visit_fields(fields, |(mut trainable, mut frozen)| {
        // As of [`constants`].
        let trainable = trainable.pop().unwrap_or_else(|| V::D2::default().zeros::<Rank0>().broadcast());
        build(trainable, frozen.pop().unwrap_or_else(|| V::D2::default().zeros::<Rank0>().broadcast()))
    })
}

impl<F, E: Dtype, D: Storage<E>, const P: usize, const Q: usize> NonMutableModule for Layer<F, P, Q, E, D> {}

impl<F, E, D, const P: usize, const Q: usize> Layer<F, P, Q, E, D>
where
    F: Function + 'static,
    E: Element + Dtype,
    D: Backend<E>,
{
    /// The first row that the function failed in, if it did, in the last forward pass.
    pub fn failure(&self) -> Option<FailedRow> {
        self.failure.get()
    }

    /// As `try_forward`, but if the function fails in a row, that is the error.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::{prelude::*, tensors::Layer};
    ///
    /// let dev = Cpu::default();
    /// let distance = scheme! { (begin (assert (>= x 0)) (* 2 x)) };
    /// let layer = Layer::new(distance, &dev, [])?;
    /// let x = dev.tensor([[1.0_f64], [-1.0], [2.0]]);
    /// let y = layer.forward(x.clone()).array();
    /// assert!(y[0] == 2.0 && y[1].is_nan() && y[2] == 4.0);
    /// assert_eq!(layer.failure().map(|failure| failure.row), Some(1));
    /// let error = layer.try_rows(x).unwrap_err();
    /// assert!(error.to_string().starts_with("in row 2: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first row that fails, and the device's.
    pub fn try_rows<B, T, const N: usize>(
        &self,
        input: Tensor<(B, Const<N>), E, D, T>,
    ) -> Result<Tensor<Batch<F::Out, (B,)>, E, D, T>, TensorError<D::Err>>
    where
        B: Dim,
        (B,): Append<<F::Out as Outcome>::Shape>,
        T: Tapes<E, D>,
    {
        let (out, failure) = self.rows(input)?;
        failure.map_or(Ok(out), |FailedRow { row, failure }| Err(TensorError::Failed { row, failure }))
    }

    /// The results, and the first row that fails, which is kept as well.
    #[expect(clippy::type_complexity, reason = "a tensor of the results' shape and the input's tape")]
    fn rows<B, T, const N: usize>(
        &self,
        input: Tensor<(B, Const<N>), E, D, T>,
    ) -> Result<(Tensor<Batch<F::Out, (B,)>, E, D, T>, Option<FailedRow>), TensorError<D::Err>>
    where
        B: Dim,
        (B,): Append<<F::Out as Outcome>::Shape>,
        T: Tapes<E, D>,
    {
        const {
            assert!(
                N + P + Q == <F::In as Numbers>::LEN,
                "the columns of the input and the constants are not as many as the function's inputs"
            );
            assert!(N > 0, "a layer takes a column at least");
        }
        self.failure.set(None);
        let results = (input.shape().0,).append();
        if results.num_elements() == 0 {
            let device = input.device().clone();
            let (_, tape) = input.split_tape();
            let nothing = device.try_zeros_like(&results).map_err(TensorError::Device)?;
            return Ok((nothing.put_tape(tape), None));
        }
        let inputs = gather(input, &self.trainable, &self.frozen)?;
        let mut first = None;
        let out = fuse(self.function, inputs, results, &mut |row, failure| {
            first.get_or_insert(FailedRow { row, failure });
            Ok(())
        })?;
        self.failure.set(first.clone());
        Ok((out, first))
    }
}

impl<F, B, E, D, T, const N: usize, const P: usize, const Q: usize> Module<Tensor<(B, Const<N>), E, D, T>>
    for Layer<F, P, Q, E, D>
where
    F: Function + 'static,
    B: Dim,
    (B,): Append<<F::Out as Outcome>::Shape>,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    type Output = Tensor<Batch<F::Out, (B,)>, E, D, T>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<(B, Const<N>), E, D, T>) -> Result<Self::Output, D::Err> {
        let results = (input.shape().0,).append();
        let device = input.device().clone();
        given(self.rows(input).map(|(out, _)| out), &device, results)
    }
}

/// What the last forward pass of a layer met, if it met something. A copy of the layer tells of its own passes.
#[derive(Debug)]
pub(super) struct Last<V>(Mutex<Option<V>>);

impl<V: Clone> Last<V> {
    pub(super) fn get(&self) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, met: Option<V>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = met;
    }
}

impl<V> Default for Last<V> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<V> Clone for Last<V> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What a layer gives. It has no error but the device's, and a program that fits it, on batches of one length, has no other
/// one; a value there must be.
pub(super) fn given<S: Shape, E: Element + Dtype, D: Backend<E>, T: Tapes<E, D>>(
    out: Result<Tensor<S, E, D, T>, TensorError<D::Err>>,
    device: &D,
    results: S,
) -> Result<Tensor<S, E, D, T>, D::Err> {
    match out {
        Ok(out) => Ok(out),
        Err(TensorError::Device(error)) => Err(error),
        Err(_) => {
            let unknown = vec![E::lit(f64::NAN); results.num_elements()];
            Ok(device.try_tensor_from_vec(unknown, results)?.put_tape(T::default()))
        }
    }
}

/// The inputs of a layer's function.
pub(super) fn gather<B, E, D, T, const N: usize, const P: usize, const Q: usize>(
    input: Tensor<(B, Const<N>), E, D, T>,
    trainable: &Tensor<Rank1<P>, E, D>,
    frozen: &Tensor<Rank1<Q>, E, D>,
) -> Result<Gather<E, D>, TensorError<D::Err>>
where
    B: Dim,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    let mut inputs = Gather::default();
    Argument::<[R; N], E, D, (), NoneTape>::gather(input, (), &mut inputs)?;
    // dfdx panics on some operations with nothing.
    if P > 0 {
        Argument::<[R; P], E, D, (), NoneTape>::gather(trainable, (), &mut inputs)?;
    }
    if Q > 0 {
        Argument::<[R; Q], E, D, (), NoneTape>::gather(Constant(frozen), (), &mut inputs)?;
    }
    Ok(inputs)
}
