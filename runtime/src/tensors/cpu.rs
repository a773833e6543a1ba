//! The CPU: values and partial derivatives by the SIMD loop of `vmap`, gradients by plain loops.

use super::{
    Backend, TensorError,
    backend::{Part, Place, Places, Slot},
};
use crate::{
    function::Function,
    outcome::OneNumber,
    shape::{Of, R, Shape},
    simd::{self, Kernel, Level},
    transform::value_and_grad,
    vmap::{Columns, Element, Lengths, Outputs, vmap},
};
use dfdx::{
    shapes::{HasShape, Shape as Dims},
    tensor::{Cpu, CpuError, Gradients, Storage, Tensor, TensorFromVec},
};
use scheme_core::real::Real;

// Once for each type of element, which dfdx asks for: its devices are not known to be devices in general.
macro_rules! backend {
    ($($element:ident)*) => {$(
        impl Backend<$element> for Cpu {
            // dfdx's own kind of memory, which comes from its cache and goes back there if that is enabled.
            type Buffer = <Self as Storage<$element>>::Vec;

            // dfdx lets nobody look at elements without copying them; this is its fastest copy.
            fn read<S: Dims>(&self, tensor: &Tensor<S, $element, Self>) -> Result<Self::Buffer, CpuError> {
                let mut elements = self.try_alloc_len(tensor.shape().num_elements())?;
                tensor.copy_into(&mut elements);
                Ok(elements)
            }

            fn run<F: Function, S: Dims>(
                &self,
                f: F,
                inputs: &Places<$element, Self>,
                batch: S,
                learn: bool,
            ) -> Result<(Tensor<S, $element, Self>, Vec<Option<Self::Buffer>>), TensorError<CpuError>>
            where
                F::Out: OneNumber,
            {
                let rows = batch.num_elements();
                let zeros = || Storage::<$element>::try_alloc_len(self, rows).map_err(TensorError::Device);
                let read = Read::new(inputs.places(), |source| Some(&inputs.buffer(source)?[..]), rows);
                let mut values = zeros()?;
                let mut partials = Vec::new();
                let done = if learn {
                    for k in 0..inputs.places().len() {
                        partials.push(inputs.wants(k).then(zeros).transpose()?);
                    }
                    let partials = partials.iter_mut().map(|partials| Some(&mut partials.as_mut()?[..])).collect();
                    vmap(value_and_grad(f)).into_slices(read, Write { values: &mut values[..], partials })
                } else {
                    vmap(f).into_slices(read, &mut values[..])
                };
                done.map_err(TensorError::rows)?;
                let elements = std::mem::take(&mut *values);
                // The tensor takes the memory on, to the cache in the end. Dropping the empty shell would put a useless
                // entry there, one a call; forgetting it leaks no memory but a count of the cache's owners, so
                // that the cache lives as long as the process.
                std::mem::forget(values);
                let values = self.try_tensor_from_vec(elements, batch).map_err(TensorError::Device)?;
                Ok((values, partials))
            }

            fn pull(
                &self,
                gradients: &mut Gradients<$element, Self>,
                result: &Slot<$element, Self>,
                parts: Vec<Part<$element, Self>>,
            ) -> Result<(), CpuError> {
                // Out of the way while others are written to: two gradients cannot be borrowed at once.
                let cotangents = std::mem::take(&mut **result(gradients)?);
                let done = parts.into_iter().try_for_each(|part| {
                    let gradient = part.gradient(gradients)?;
                    let Part { offset, stride, ref partials, .. } = part;
                    let sum = Accumulate { gradient, cotangents: &cotangents, partials, offset, stride };
                    simd::at_most(Level::WIDEST, sum);
                    Ok(())
                });
                **result(gradients)? = cotangents;
                done
            }
        }
    )*};
}

backend! { f32 f64 }

/// A number of the inputs in every row.
enum Column<'a, E> {
    Same(E),
    Rows(&'a [E]),
    Strided { elements: &'a [E], stride: usize },
}

impl<E: Element> Column<'_, E> {
    #[inline(always)]
    fn row(&self, row: usize) -> E {
        let element = match *self {
            Self::Same(number) => return number,
            Self::Rows(elements) => elements.get(row),
            Self::Strided { elements, stride } => elements.get(row * stride),
        };
        element.copied().unwrap_or(E::lit(f64::NAN))
    }

    #[inline(always)]
    fn block(&self, start: usize) -> E::Block {
        match *self {
            Self::Same(number) => E::gather(|_| number),
            Self::Rows(elements) => match elements.get(start..).and_then(|rows| rows.get(..E::WIDTH)) {
                Some(rows) => E::gather(|i| rows[i]),
                None => E::gather(|_| E::lit(f64::NAN)),
            },
            Self::Strided { .. } => E::gather(|i| self.row(start + i)),
        }
    }
}

/// The inputs as columns of `vmap`.
struct Read<'a, E> {
    columns: Vec<Column<'a, E>>,
    rows: usize,
}

impl<'a, E: Element> Read<'a, E> {
    fn new(places: &[Place<E>], buffer: impl Fn(usize) -> Option<&'a [E]>, rows: usize) -> Self {
        let column = |place: &Place<E>| match *place {
            Place::Same(number) => Column::Same(number),
            Place::Source { source, offset, stride, .. } => {
                let elements = buffer(source).and_then(|buffer| buffer.get(offset..)).unwrap_or(&[]);
                match stride {
                    0 => Column::Same(Column::Rows(elements).row(0)),
                    1 => Column::Rows(elements),
                    _ => Column::Strided { elements, stride },
                }
            }
        };
        Self { columns: places.iter().map(column).collect(), rows }
    }
}

impl<E: Element, S: Shape> Columns<E, S> for Read<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.rows));
    }

    #[inline(always)]
    fn row(&self, row: usize) -> Of<S, E> {
        let mut out = S::fill(E::lit(0.0));
        for k in 0..S::LEN {
            if let (Some(out), Some(column)) = (S::get_mut(&mut out, k), self.columns.get(k)) {
                *out = column.row(row);
            }
        }
        out
    }

    #[inline(always)]
    fn block(&self, start: usize) -> Of<S, E::Block> {
        let mut out = S::fill(E::Block::lit(0.0));
        let mut k = 0;
        while k < S::LEN {
            if let (Some(out), Some(column)) = (S::get_mut(&mut out, k), self.columns.get(k)) {
                *out = column.block(start);
            }
            k += 1;
        }
        out
    }
}

/// Where `vmap` writes values, and the partial derivatives that are wanted.
struct Write<'a, E> {
    values: &'a mut [E],
    partials: Vec<Option<&'a mut [E]>>,
}

impl<E: Element, S: Shape> Outputs<E, (R, S)> for Write<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.values.len()));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, (value, gradient): &(E, Of<S, E>)) {
        Outputs::<E, R>::set_row(&mut &mut *self.values, row, value);
        for k in 0..S::LEN {
            if let (Some(Some(partials)), Some(partial)) = (self.partials.get_mut(k), S::get(gradient, k)) {
                Outputs::<E, R>::set_row(&mut &mut **partials, row, partial);
            }
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, (value, gradient): &(E::Block, Of<S, E::Block>)) {
        Outputs::<E, R>::set_block(&mut &mut *self.values, start, value);
        let mut k = 0;
        while k < S::LEN {
            if let (Some(Some(partials)), Some(partial)) = (self.partials.get_mut(k), S::get(gradient, k)) {
                Outputs::<E, R>::set_block(&mut &mut **partials, start, partial);
            }
            k += 1;
        }
    }
}

/// The backward pass of one number of the inputs.
struct Accumulate<'a, E> {
    gradient: &'a mut [E],
    cotangents: &'a [E],
    partials: &'a [E],
    offset: usize,
    stride: usize,
}

impl<E: Element + Into<f64>> Kernel for Accumulate<'_, E> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { gradient, cotangents, partials, offset, stride } = self;
        let Some(gradient) = gradient.get_mut(offset..) else { return };
        if stride == 1 {
            for ((sum, &cotangent), &partial) in gradient.iter_mut().zip(cotangents).zip(partials) {
                *sum = *sum + cotangent * partial;
            }
        } else if let Some(stride) = std::num::NonZeroUsize::new(stride) {
            let sums = gradient.iter_mut().step_by(stride.get());
            for ((sum, &cotangent), &partial) in sums.zip(cotangents).zip(partials) {
                *sum = *sum + cotangent * partial;
            }
        } else if let Some(sum) = gradient.first_mut() {
            *sum = E::lit((*sum).into() + dot(cotangents, partials));
        }
    }
}

/// How many products are summed before their sum is added to the whole.
const BLOCK: usize = 1024;
/// How many sums are kept side by side within a block.
const LANES: usize = 8;

/// The sum of products in `f64`, with an error that grows with the number of blocks rather than of rows.
#[inline(always)]
fn dot<E: Copy + Into<f64>>(a: &[E], b: &[E]) -> f64 {
    let mut total = 0.0;
    for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
        let mut sums = [0.0; LANES];
        for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
            for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a.into() * b.into();
            }
        }
        total += sums.iter().sum::<f64>();
    }
    total
}
