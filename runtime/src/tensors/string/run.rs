//! The forward and the backward pass of a program from a string over the rows of a tensor, on the host.
//!
//! Of one number, the partial derivatives are computed with the values, and kept. Of several, the inputs are kept, and the
//! backward pass differentiates the program's value times the gradient of the result. Gradients of what rows share are
//! [summed](crate::blocks::sum) in `f64`.

use super::host;
use crate::{
    blocks::sum,
    evaluator::{CallError, Form, Named, RowFailure, StringProgram},
    tensors::{
        Backend, TensorError,
        argument::Gather,
        backend::{Places, slot},
        join::Tapes,
        layer::gather,
    },
    vmap::Element,
};
use dfdx::{
    shapes::{Const, Dim, Dtype, Rank1, Shape},
    tensor::{Gradients, PutTape, Tensor},
};
use std::sync::Arc;

/// The names of a layer's inputs.
#[derive(Clone, Debug)]
pub(super) struct Names<const N: usize, const P: usize, const Q: usize> {
    pub(super) columns: [String; N],
    pub(super) trainable: [String; P],
    pub(super) frozen: [String; Q],
}

impl<const N: usize, const P: usize, const Q: usize> Names<N, P, Q> {
    /// Those that derivatives are taken by.
    fn by(&self) -> Vec<&str> {
        self.columns.iter().chain(&self.trainable).map(String::as_str).collect()
    }

    /// The constants with their values.
    fn constants<E: Into<f64>>(&self, values: impl IntoIterator<Item = E>) -> Vec<(&str, f64)> {
        let names = self.trainable.iter().chain(&self.frozen).map(String::as_str);
        names.zip(values.into_iter().map(Into::into)).collect()
    }
}

/// A program that fits a layer.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    program: StringProgram,
    form: Form,
    /// Of several numbers, their sum times further inputs, and the names of those.
    weighted: Option<(StringProgram, Vec<String>)>,
}

impl Fitted {
    /// A program with inputs of these names, whose value is of this form.
    pub(super) fn new<E: Into<f64>, const N: usize, const P: usize, const Q: usize>(
        program: StringProgram,
        form: Form,
        names: &Names<N, P, Q>,
        constants: impl IntoIterator<Item = E>,
    ) -> Result<Self, CallError> {
        let columns: Vec<&str> = names.columns.iter().map(String::as_str).collect();
        program.check_form(form, &columns, &names.constants(constants))?;
        let weighted = match form {
            Form::Number => None,
            Form::Vector(_) | Form::Matrix(..) => Some(program.weighted(form)?),
        };
        Ok(Self { program, form, weighted })
    }

    pub(super) fn program(&self) -> &StringProgram {
        &self.program
    }
}

/// The results over the rows of a matrix, and the first row that failed.
#[expect(clippy::type_complexity, reason = "a tensor and a failure")]
pub(super) fn forward<B, S, E, D, T, const N: usize, const P: usize, const Q: usize>(
    fitted: &Arc<Fitted>,
    names: &Names<N, P, Q>,
    input: Tensor<(B, Const<N>), E, D, T>,
    trainable: &Tensor<Rank1<P>, E, D>,
    frozen: &Tensor<Rank1<Q>, E, D>,
    results: S,
) -> Result<(Tensor<S, E, D, T>, Option<RowFailure>), TensorError<D::Err>>
where
    B: Dim,
    S: Shape,
    E: Element + Dtype,
    D: Backend<E>,
    T: Tapes<E, D>,
{
    let (device, constants) = (input.device().clone(), host(trainable).into_iter().chain(host(frozen)));
    let constants = names.constants(constants);
    let Gather { inputs, tape, .. } = gather(input, trainable, frozen)?;
    let elements = inputs.tensor(0).map_or(Vec::new(), |elements| elements.as_vec());
    let columns = columns::<E, N>(&elements);
    let named: Vec<(&str, &[f64])> =
        names.columns.iter().map(String::as_str).zip(columns.iter().map(Vec::as_slice)).collect();
    let named = Named { columns: &named, constants: &constants };

    let Fitted { program, form, weighted } = &**fitted;
    let (values, partials, failure) = if T::OWNS_TAPE && weighted.is_none() {
        program
            .partials_over(&names.by(), named)
            .map(|(values, partials, failure)| (vec![values], partials, failure))
    } else {
        program.numbers_over(*form, named).map(|(values, failure)| (values, Vec::new(), failure))
    }
    .map_err(TensorError::Program)?;
    let out = device.try_tensor_from_vec(interleaved(&values), results).map_err(TensorError::Device)?;

    let mut tape = T::from_owned(tape);
    if T::OWNS_TAPE {
        let result = slot(&out);
        let names = names.clone();
        let constants: Vec<f64> = constants.iter().map(|(_, x)| *x).collect();
        let fitted = fitted.clone();
        tape.add_backward_op(move |gradients| {
            let cotangents = device.gradient_to_host(result(gradients)?)?;
            let by_input = match &fitted.weighted {
                None => scaled(partials, &cotangents),
                Some(weighted) => pulled_back(weighted, &names, &columns, &constants, &cotangents),
            };
            add(&device, gradients, &inputs, by_input, N)
        });
    }
    Ok((out.put_tape(tape), failure))
}

/// The columns of a matrix.
fn columns<E: Element, const N: usize>(elements: &[E]) -> [Vec<f64>; N] {
    std::array::from_fn(|k| elements.iter().skip(k).step_by(N).map(|x| (*x).into()).collect())
}

/// Columns row by row.
fn interleaved<E: Element>(columns: &[Vec<f64>]) -> Vec<E> {
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows).flat_map(|row| columns.iter().map(move |column| E::lit(column[row]))).collect()
}

/// Partial derivatives times the gradient of the result.
fn scaled<E: Element>(mut partials: Vec<Vec<f64>>, cotangents: &[E]) -> Vec<Vec<f64>> {
    for column in &mut partials {
        column.iter_mut().zip(cotangents).for_each(|(partial, cotangent)| *partial *= (*cotangent).into());
    }
    partials
}

/// The vector-Jacobian product in every row, by column.
fn pulled_back<E: Element, const N: usize, const P: usize, const Q: usize>(
    (program, weights): &(StringProgram, Vec<String>),
    names: &Names<N, P, Q>,
    columns: &[Vec<f64>; N],
    constants: &[f64],
    cotangents: &[E],
) -> Vec<Vec<f64>> {
    let count = weights.len();
    let cotangents: Vec<Vec<f64>> =
        (0..count).map(|k| cotangents.iter().skip(k).step_by(count).map(|x| (*x).into()).collect()).collect();
    let names_of_all = names.columns.iter().chain(weights).map(String::as_str);
    let all: Vec<(&str, &[f64])> =
        names_of_all.zip(columns.iter().chain(&cotangents).map(Vec::as_slice)).collect();
    let constants = names.constants(constants.iter().copied());
    let by = names.by();
    match program.partials_over(&by, Named { columns: &all, constants: &constants }) {
        Ok((_, partials, _)) => partials,
        // The program was checked with these names; a gradient there must be.
        Err(_) => vec![vec![f64::NAN; columns.first().map_or(0, Vec::len)]; by.len()],
    }
}

/// Adds gradients by the columns of the matrix, which is the first source, and by the trainable constants, the second.
fn add<E: Element + Dtype, D: Backend<E>>(
    device: &D,
    gradients: &mut Gradients<E, D>,
    inputs: &Places<E, D>,
    by_input: Vec<Vec<f64>>,
    columns: usize,
) -> Result<(), D::Err> {
    let (by_column, by_constant) = by_input.split_at(columns.min(by_input.len()));
    if let Some(gradient) = inputs.gradient(0, gradients)? {
        device.add_from_host(gradient, &interleaved(by_column))?;
    }
    let sums: Vec<E> = by_constant.iter().map(|column| E::lit(sum(column))).collect();
    match inputs.gradient(1, gradients)? {
        Some(gradient) if !sums.is_empty() => device.add_from_host(gradient, &sums),
        _ => Ok(()),
    }
}
