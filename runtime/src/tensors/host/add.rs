//! What is added to gradients. What all rows share has its gradient summed in `f64`.

use crate::{simd::Kernel, vmap::Element};

/// The backward pass of one number of the inputs, of a function that gives one.
pub(super) struct Accumulate<'a, E> {
    /// The gradient of the source.
    pub(super) gradient: &'a mut [E],
    /// The gradients of the results.
    pub(super) cotangents: &'a [E],
    /// The partial derivatives of the results.
    pub(super) partials: &'a [E],
    /// Where in the source the first row's is.
    pub(super) offset: usize,
    /// How far the rows' are apart.
    pub(super) stride: usize,
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

/// The sum of a stretch of rows.
pub(super) struct Sum<'a, E>(pub(super) &'a [E]);

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
