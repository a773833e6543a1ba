//! A program from a string as a layer of a neural network: loaded at run time, and exchanged while training goes on.

mod run;

use super::{
    Append, Backend, TensorError,
    join::Tapes,
    layer::{Access, Last, constants, given, visit},
};
use crate::{
    evaluator::{Form, RowFailure, StringProgram},
    shape::{R, Shape},
    vmap::Element,
};
use dfdx::{
    nn::{Module, ModuleVisitor, NonMutableModule, TensorCollection},
    shapes::{Const, Dim, Dtype, HasShape, Rank1, Shape as _},
    tensor::{PutTape, SplitTape, Storage, Tensor},
    tensor_ops::Device,
};
use run::{Fitted, Names};
use std::{marker::PhantomData, sync::Arc};

/// What a program from a string gives as a layer: [`R`], a number, `[R; K]`, a vector `(vec …)` of `K` numbers, or
/// `[[R; M]; K]`, a matrix of `K` rows of `M`.
#[diagnostic::on_unimplemented(
    message = "a program from a string does not give `{Self}` as a layer",
    label = "neither `R` nor `[R; K]` nor `[[R; M]; K]`"
)]
pub trait Numbers: Shape {
    /// The form.
    #[doc(hidden)]
    const FORM: Form;
}

impl Numbers for R {
    const FORM: Form = Form::Number;
}

impl<const K: usize> Numbers for [R; K] {
    const FORM: Form = Form::Vector(K);
}

impl<const K: usize, const M: usize> Numbers for [[R; M]; K] {
    const FORM: Form = Form::Matrix(K, M);
}

/// A program from a string as a layer: from a matrix `(B, Const<N>)` to `(B,)` for a program that gives a number (`O` is
/// [`R`]), to `(B, Const<K>)` for one that gives a vector of `K` numbers (`[R; K]`), to `(B, Const<K>, Const<M>)` for one that
/// gives a matrix of `K` rows of `M` (`[[R; M]; K]`).
///
/// Its inputs, by name, are the columns of the matrix, `P` trainable constants and `Q` frozen ones, which are as those of a
/// [`Layer`](super::Layer). Rows go through the program by the paths that they take, in blocks, as in
/// [`StringProgram::vmap`]; values are those of single calls, computed in the program's own precision.
/// [`swap`](Self::swap) puts another program in its place.
///
/// ```
/// use dfdx::{optim::{Adam, AdamConfig}, prelude::*};
/// use scheme_runtime::{prelude::*, tensors::StringLayer};
///
/// let interp = Interpreter::new();
/// let motion = interp.load("(vec speed (- (* -1 b speed) (* g (sin theta))))")?;
/// let dev = Cpu::seed_from_u64(0);
/// type Motion = StringLayer<[R; 2], 2, 1, 1, f32, Cpu>;
/// let physics = Motion::new(motion, &dev, ["theta", "speed"], [("b", 0.5)], [("g", 9.81)])?;
/// let mut network = (dev.build_module::<Linear<2, 2>, f32>(), physics);
///
/// let mut adam = Adam::new(&network, AdamConfig::default());
/// let x = dev.sample_normal::<Rank2<10, 2>>();
/// for law in ["(vec speed (- (* -1 b speed) (* g theta)))", "(vec speed (- (* g (sin theta))))"] {
///     let y = network.forward(x.trace(network.alloc_grads()));
///     adam.update(&mut network, &y.square().mean().backward())?;
///     if let Err(misfit) = network.1.swap(interp.load(law)?) {
///         println!("{misfit}"); // the second law has no friction `b`
///     }
/// }
/// assert_eq!(network.1.program().source().text(), "(vec speed (- (* -1 b speed) (* g theta)))");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In a row where the program fails, the results are nan, and the others are what they are: dfdx's layers have no
/// errors but those of their device. So is the gradient by such a row, and that by the trainable constants, which all rows share,
/// even if the loss leaves the row out. [`failure`](Self::failure) tells of the last forward pass, and
/// [`try_rows`](Self::try_rows) makes it an error.
///
/// It is trained, saved and loaded as dfdx's layers are, but not built by type, which tells no program. Moved to another
/// device or precision, it leaves the program behind: what arrives are its [`Constants`].
#[derive(Debug)]
pub struct StringLayer<O, const N: usize, const P: usize, const Q: usize, E: Dtype, D: Storage<E>> {
    /// The values of the trainable constants.
    pub trainable: Tensor<Rank1<P>, E, D>,
    /// The values of the frozen constants.
    pub frozen: Tensor<Rank1<Q>, E, D>,
    names: Names<N, P, Q>,
    program: Arc<Fitted>,
    failure: Last<RowFailure>,
    results: PhantomData<O>,
}

/// The constants of a [`StringLayer`] without its program.
#[derive(Clone, Debug)]
pub struct Constants<const P: usize, const Q: usize, E: Dtype, D: Storage<E>> {
    /// The values of the trainable ones.
    pub trainable: Tensor<Rank1<P>, E, D>,
    /// The values of the frozen ones.
    pub frozen: Tensor<Rank1<Q>, E, D>,
}

// By hand, since a derived one would ask for more than is there.
impl<O, const N: usize, const P: usize, const Q: usize, E: Dtype, D: Storage<E>> Clone
    for StringLayer<O, N, P, Q, E, D>
{
    fn clone(&self) -> Self {
        Self {
            trainable: self.trainable.clone(),
            frozen: self.frozen.clone(),
            names: self.names.clone(),
            program: self.program.clone(),
            failure: self.failure.clone(),
            results: PhantomData,
        }
    }
}

impl<O, const N: usize, const P: usize, const Q: usize, E, D> StringLayer<O, N, P, Q, E, D>
where
    O: Numbers,
    E: Element + Dtype,
    D: Backend<E>,
{
    /// A layer of a program whose inputs are these columns, trainable constants and frozen constants, with the values that
    /// they start from.
    ///
    /// # Errors
    /// Inputs of other names, and a value that is not of the form `O` where all columns are 1; a program that fails there is
    /// taken. Also if the device fails.
    pub fn new(
        program: StringProgram,
        device: &D,
        columns: [&str; N],
        trainable: [(&str, E); P],
        frozen: [(&str, E); Q],
    ) -> Result<Self, TensorError<D::Err>> {
        let names = Names {
            columns: columns.map(String::from),
            trainable: trainable.map(|(name, _)| name.to_string()),
            frozen: frozen.map(|(name, _)| name.to_string()),
        };
        let (trainable, frozen) = (trainable.map(|(_, x)| x), frozen.map(|(_, x)| x));
        let program = Fitted::new(program, O::FORM, &names, trainable.iter().chain(&frozen).copied());
        let program = Arc::new(program.map_err(TensorError::Program)?);
        let trainable = constants(device, trainable).map_err(TensorError::Device)?;
        let frozen = constants(device, frozen).map_err(TensorError::Device)?;
        Ok(Self { trainable, frozen, names, program, failure: Last::default(), results: PhantomData })
    }

    /// The program.
    pub fn program(&self) -> &StringProgram {
        self.program.program()
    }

    /// Puts another program of the same inputs in the place of the present one, which is given back. The constants stay, and so does
    /// what an optimiser knows of them; backward passes of what was computed before go through the program that
    /// computed it.
    ///
    /// # Errors
    /// As [`new`](Self::new); the layer is as it was then.
    pub fn swap(&mut self, program: StringProgram) -> Result<StringProgram, TensorError<D::Err>> {
        let constants = host(&self.trainable).into_iter().chain(host(&self.frozen));
        let program = Fitted::new(program, O::FORM, &self.names, constants).map_err(TensorError::Program)?;
        let before = std::mem::replace(&mut self.program, Arc::new(program));
        Ok(before.program().clone())
    }

    /// The first row that the program failed in, if it did, in the last forward pass.
    pub fn failure(&self) -> Option<RowFailure> {
        self.failure.get()
    }

    /// As `try_forward`, but if the program fails in a row, that is the error.
    ///
    /// ```
    /// use dfdx::prelude::*;
    /// use scheme_runtime::{prelude::*, tensors::StringLayer};
    ///
    /// let dev = Cpu::default();
    /// let distance = Interpreter::new().load("(begin (assert (>= x 0)) (* 2 x))")?;
    /// let layer: StringLayer<R, 1, 0, 0, f64, Cpu> = StringLayer::new(distance, &dev, ["x"], [], [])?;
    /// let x = dev.tensor([[1.0], [-1.0], [2.0]]);
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
    #[expect(clippy::type_complexity, reason = "a tensor of the results' shape and the input's tape")]
    pub fn try_rows<B, T>(
        &self,
        input: Tensor<(B, Const<N>), E, D, T>,
    ) -> Result<Tensor<<(B,) as Append<O>>::Shape, E, D, T>, TensorError<D::Err>>
    where
        B: Dim,
        (B,): Append<O>,
        T: Tapes<E, D>,
    {
        let (out, failure) = self.rows(input)?;
        failure.map_or(Ok(out), |failure| Err(TensorError::Row(failure)))
    }

    /// The results, and the first row that fails, which is kept as well.
    #[expect(clippy::type_complexity, reason = "a tensor of the results' shape and the input's tape")]
    fn rows<B, T>(
        &self,
        input: Tensor<(B, Const<N>), E, D, T>,
    ) -> Result<(Tensor<<(B,) as Append<O>>::Shape, E, D, T>, Option<RowFailure>), TensorError<D::Err>>
    where
        B: Dim,
        (B,): Append<O>,
        T: Tapes<E, D>,
    {
        const { assert!(N > 0, "a layer takes a column at least") };
        self.failure.set(None);
        let results = (input.shape().0,).append();
        let device = input.device().clone();
        if results.num_elements() == 0 {
            let (_, tape) = input.split_tape();
            let nothing = device.try_zeros_like(&results).map_err(TensorError::Device)?;
            return Ok((nothing.put_tape(tape), None));
        }
        let (out, failure) =
            run::forward(&self.program, &self.names, input, &self.trainable, &self.frozen, results)?;
        self.failure.set(failure.clone());
        Ok((out, failure))
    }
}

impl<O, B, E, D, T, const N: usize, const P: usize, const Q: usize> Module<Tensor<(B, Const<N>), E, D, T>>
    for StringLayer<O, N, P, Q, E, D>
where
    O: Numbers,
    B: Dim,
    (B,): Append<O>,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    type Output = Tensor<<(B,) as Append<O>>::Shape, E, D, T>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<(B, Const<N>), E, D, T>) -> Result<Self::Output, D::Err> {
        let results = (input.shape().0,).append();
        let device = input.device().clone();
        given(self.rows(input).map(|(out, _)| out), &device, results)
    }
}

impl<O, const N: usize, const P: usize, const Q: usize, E: Dtype, D: Storage<E>> NonMutableModule
    for StringLayer<O, N, P, Q, E, D>
{
}

impl<O, const N: usize, const P: usize, const Q: usize, E: Dtype, D: Device<E>> TensorCollection<E, D>
    for StringLayer<O, N, P, Q, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Constants<P, Q, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let trainable =
            Access { get: |layer: &Self| &layer.trainable, get_mut: |layer| &mut layer.trainable };
        let frozen = Access { get: |layer: &Self| &layer.frozen, get_mut: |layer| &mut layer.frozen };
        visit(visitor, trainable, frozen, |trainable, frozen| Constants { trainable, frozen })
    }
}

/// The elements of constants, of which there may be none, on which dfdx panics.
fn host<const P: usize, E: Dtype, D: Storage<E>>(constants: &Tensor<Rank1<P>, E, D>) -> Vec<E> {
    if P == 0 { Vec::new() } else { constants.as_vec() }
}
