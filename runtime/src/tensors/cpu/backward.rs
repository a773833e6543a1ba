//! Backward passes on the CPU: partial derivatives times gradients, or the vector-Jacobian product in every row.
//!
//! What all rows share has its gradient summed in `f64`.

use super::{
    read::Read,
    write::{ByNumber, Nowhere},
};
use crate::{
    function::Function,
    outcome::Outcome,
    shape::Shape,
    simd::{self, Kernel, Level},
    tensors::Place,
    transform::vjp,
    vmap::{Element, vmap},
};

/// The backward pass of one number of the inputs, of a function that gives one.
pub(in crate::tensors) struct Accumulate<'a, E> {
    /// The gradient of the source.
    pub(in crate::tensors) gradient: &'a mut [E],
    /// The gradients of the results.
    pub(in crate::tensors) cotangents: &'a [E],
    /// The partial derivatives of the results.
    pub(in crate::tensors) partials: &'a [E],
    /// Where in the source the first row's is.
    pub(in crate::tensors) offset: usize,
    /// How far the rows' are apart.
    pub(in crate::tensors) stride: usize,
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

/// The backward pass of a function that gives several numbers, a stretch of rows at a time. Hands on, for each number of the
/// inputs that wants a gradient, what is to be added there.
pub(in crate::tensors) fn by_rows<'a, F: Function, E: Element, Err>(
    f: F,
    places: &[Place<E>],
    buffer: impl Fn(usize) -> Option<&'a [E]>,
    cotangents: &'a [E],
    mut add: impl FnMut(usize, Add<'_, E>) -> Result<(), Err>,
) -> Result<(), Err> {
    let results = <F::Out as Outcome>::Shape::LEN;
    let rows = cotangents.len().checked_div(results).unwrap_or(0);
    let mut columns: Vec<Option<Vec<E>>> = places
        .iter()
        .map(|place| {
            let learn = matches!(place, Place::Source { learn: true, .. });
            learn.then(|| vec![E::lit(0.0); STRETCH.min(rows)])
        })
        .collect();
    let mut totals = vec![0.0; places.len()];
    for start in (0..rows).step_by(STRETCH) {
        let part = start..rows.min(start + STRETCH);
        for column in columns.iter_mut().flatten() {
            column.truncate(part.len());
        }
        let read = (Read::places(places, &buffer, part.clone()), Read::matrix(cotangents, results, part));
        let write = columns.iter_mut().map(|column| column.as_deref_mut()).collect();
        if vmap(vjp(f)).into_slices(read, (Nowhere, ByNumber(write))).is_err() {
            columns.iter_mut().flatten().for_each(|column| column.fill(E::lit(f64::NAN)));
        }
        for ((place, column), total) in places.iter().zip(&columns).zip(&mut totals) {
            match (place, column) {
                (Place::Source { stride: 0, .. }, Some(column)) => {
                    *total += simd::at_most(Level::WIDEST, Sum(column));
                }
                (&Place::Source { source, offset, stride, .. }, Some(column)) => {
                    add(source, Add::Rows { column, offset: offset + start * stride, stride })?;
                }
                _ => {}
            }
        }
    }
    for (place, &total) in places.iter().zip(&totals) {
        if let &Place::Source { source, offset, stride: 0, learn: true } = place {
            add(source, Add::Same { total, offset })?;
        }
    }
    Ok(())
}

/// How many rows go through the function before their gradients are added: they stay in the cache.
const STRETCH: usize = 1024;

/// What is to be added to the gradient of a source.
pub(in crate::tensors) enum Add<'a, E> {
    /// In each row a number.
    Rows { column: &'a [E], offset: usize, stride: usize },
    /// To one place the sum over all rows.
    Same { total: f64, offset: usize },
}

impl<E: Element> Add<'_, E> {
    /// Adds it.
    pub(in crate::tensors) fn to(self, gradient: &mut [E]) {
        match self {
            Self::Rows { column, offset, stride } => {
                let places = gradient.get_mut(offset..).unwrap_or_default();
                for (place, &number) in places.iter_mut().step_by(stride.max(1)).zip(column) {
                    *place = *place + number;
                }
            }
            Self::Same { total, offset } => {
                if let Some(place) = gradient.get_mut(offset) {
                    *place = E::lit((*place).into() + total);
                }
            }
        }
    }
}

/// The sum of a stretch of rows.
struct Sum<'a, E>(&'a [E]);

impl<E: Element> Kernel for Sum<'_, E> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0; LANES];
        for numbers in self.0.chunks(LANES) {
            for (sum, &number) in sums.iter_mut().zip(numbers) {
                *sum += number.into();
            }
        }
        sums.iter().sum()
    }
}
