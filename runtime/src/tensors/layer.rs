//! A compiled function as a layer of a neural network.

use super::{Append, Argument, Backend, Batch, TensorError, argument::Gather, fuse, join::Tapes};
use crate::{
    function::Function,
    outcome::{Outcome, Total},
    shape::{R, Shape as Numbers},
    vmap::Element,
};
use dfdx::{
    nn::{BuildOnDevice, Module, ModuleVisitor, NonMutableModule, TensorCollection, TensorOptions},
    shapes::{Const, Dim, Dtype, HasShape, Rank1, Shape},
    tensor::{NoneTape, PutTape, SplitTape, Storage, Tensor},
    tensor_ops::Device,
};

/// What networks are built from, by type.
pub mod builder {
    /// Builds a [`Layer`](super::Layer) of the function `F` with `P` learnable constants:
    /// `type Model = (Linear<2, 32>, Tanh, Linear<32, 3>, builder::Layer<F, 1>)`.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Layer<F, const P: usize = 0>(std::marker::PhantomData<F>);
}

/// A compiled function as a layer: from a matrix `(B, Const<N>)` to `(B, Const<K>)` if the function gives an array of `K`
/// numbers, and to `(B,)` if it gives one.
///
/// The function is of `N + P` numbers and cannot fail. The first `N` are the columns of the matrix, the last `P` are
/// learnable constants, which are 1 when built and are trained, saved and loaded with the network. It is an error of compilation
/// if the numbers do not add up. An empty batch gives an empty tensor.
///
/// A network that is trained or built by its type needs a function that is `Default`, to be built without one at hand.
/// Any function can be made into a layer by a literal and be called:
///
/// ```
/// use dfdx::{nn::modules, prelude::*};
/// use scheme_runtime::{prelude::*, tensors::Layer};
///
/// let dev = Cpu::default();
/// let decay = scheme! { (lambda (t tau a) (* a (exp (- (/ t tau))))) };
/// let constants = dev.tensor([1.5_f32]); // a
/// let network = (dev.build_module::<Linear<3, 2>, f32>(), Layer { function: decay, constants });
///
/// let x = dev.sample_normal::<Rank2<10, 3>>();
/// let y: Tensor<Rank1<10>, f32, _, _> = network.forward(x.leaky_trace());
/// let gradients = y.square().mean().backward();
/// let by_a = gradients.get(&network.1.constants);
/// let by_weight = gradients.get(&network.0.weight);
/// ```
#[derive(Clone, Debug)]
pub struct Layer<F, const P: usize, E: Dtype, D: Storage<E>> {
    /// The function.
    pub function: F,
    /// The values of its last `P` inputs.
    pub constants: Tensor<Rank1<P>, E, D>,
}

impl<F, E, D, const P: usize> BuildOnDevice<D, E> for builder::Layer<F, P>
where
    F: Function + Default,
    E: Dtype,
    D: Device<E>,
{
    type Built = Layer<F, P, E, D>;
}

impl<F, E, D, const P: usize> TensorCollection<E, D> for Layer<F, P, E, D>
where
    F: Function + Default,
    E: Dtype,
    D: Device<E>,
{
    type To<E2: Dtype, D2: Device<E2>> = Layer<F, P, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            Self::tensor(
                "constants",
                |layer| &layer.constants,
                |layer| &mut layer.constants,
                TensorOptions::reset_to_ones(),
            ),
            |constants| Layer { function: F::default(), constants },
        )
    }
}

impl<F, E: Dtype, D: Storage<E>, const P: usize> NonMutableModule for Layer<F, P, E, D> {}

impl<F, B, E, D, T, const N: usize, const P: usize> Module<Tensor<(B, Const<N>), E, D, T>>
    for Layer<F, P, E, D>
where
    F: Function<Out: Outcome<Kind = Total>> + 'static,
    B: Dim,
    (B,): Append<<F::Out as Outcome>::Shape>,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    type Output = Tensor<Batch<F::Out, (B,)>, E, D, T>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<(B, Const<N>), E, D, T>) -> Result<Self::Output, D::Err> {
        const {
            assert!(
                N + P == <F::In as Numbers>::LEN,
                "the columns of the input and the constants are not as many as the function's inputs"
            );
        }
        let results = (input.shape().0,).append();
        let device = input.device().clone();
        if results.num_elements() == 0 {
            let (_, tape) = input.split_tape();
            return Ok(device.try_zeros_like(&results)?.put_tape(tape));
        }
        let mut gather = Gather::default();
        let taken = Argument::<[R; N], E, D, (), NoneTape>::gather(input, (), &mut gather);
        let taken = taken.and_then(|_| {
            if P == 0 {
                return Ok(());
            }
            Argument::<[R; P], E, D, (), NoneTape>::gather(&self.constants, (), &mut gather)
        });
        match taken.and_then(|()| fuse(self.function, gather, results)) {
            Ok(out) => Ok(out),
            Err(TensorError::Device(error)) => Err(error),
            // A function that cannot fail, on batches of one length, has no other error; a value there must be.
            Err(_) => {
                let unknown = vec![E::lit(f64::NAN); results.num_elements()];
                Ok(device.try_tensor_from_vec(unknown, results)?.put_tape(T::default()))
            }
        }
    }
}
