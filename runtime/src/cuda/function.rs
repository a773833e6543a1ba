//! Compiled functions as kernels.

use super::{CudaError, Device, Kernel, Number};
use crate::{
    function::{Function, OverRows},
    outcome::{Kind, Outcome},
    shape::Shape,
    transform::vjp,
};
use scheme_core::{
    real::Real,
    trace::{Formula, Record},
};

impl<E: Number> Kernel<E> {
    /// Compiles a compiled function without loops and calls, transforms included: the values, and the gradient by all of its
    /// numbers, with the bits of [`vjp`].
    ///
    /// Columns are its numbers, counted from the left; so are results.
    ///
    /// ```
    /// use scheme_runtime::{blocks::Column, cuda::{Device, Kernel}, prelude::*};
    ///
    /// let f = scheme! { (if (< x 0) (* k x) (sqrt x)) };
    /// if let Ok(device) = Device::new() {
    ///     let kernel = Kernel::<f64>::of(&device, f)?;
    ///     let rows = kernel.run(2, &[Column::Each(&[-1.0, 4.0]), Column::All(3.0)])?;
    ///     assert_eq!(rows.results, [[-3.0, 2.0]]);
    /// }
    /// # Ok::<(), scheme_runtime::cuda::CudaError>(())
    /// ```
    ///
    /// # Errors
    /// A function with loops, calls or general values, one that is too long, and the compiler's.
    pub fn of<F: Function>(device: &Device, f: F) -> Result<Self, CudaError> {
        let (values, gradients) = (record::<E, _>(f)?, record::<E, _>(vjp(f))?);
        let wrt: Vec<usize> = (0..F::In::LEN).collect();
        Self::of_both(device, &values, Some(&gradients), &wrt)
    }
}

/// The record of a compiled function on numbers of this type.
pub(super) fn record<E: Number, F: Function>(f: F) -> Result<Record, CudaError> {
    if !matches!(F::OVER_ROWS, OverRows::Lanes) {
        return Err(CudaError::NotStraight);
    }
    let mut failed = false;
    let record = Record::of(F::In::LEN as u32, E::PRECISION, |x| {
        let mut inputs = F::In::fill(Formula::lit(0.0));
        for (i, x) in x.iter().enumerate() {
            if let Some(input) = F::In::get_mut(&mut inputs, i) {
                *input = *x;
            }
        }
        type Results<F> = <<F as Function>::Out as Outcome>::Shape;
        let Ok(results) = <F::Out as Outcome>::Kind::result(f.call(inputs)) else {
            failed = true;
            return Vec::new();
        };
        (0..Results::<F>::LEN).filter_map(|k| Results::<F>::get(&results, k).copied()).collect()
    });
    if failed { Err(CudaError::NotStraight) } else { Ok(record) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scheme, value_and_grad};

    /// Values and gradients are those of single calls, to the bit, in both precisions.
    #[test]
    fn records_of_functions_are_the_functions() {
        let f = scheme! { (let ((s (sqrt (abs x)))) (if (< x y) (* s (exp y)) (- (erf x) (expt s 1.5)))) };
        let (values, both) =
            (record::<f64, _>(f).expect("straight"), record::<f64, _>(vjp(f)).expect("straight"));
        for (x, y) in [(0.5, 2.0), (2.0, 0.5), (0.0, 1.0), (-3.0, -4.0), (f64::NAN, 1.0), (1e300, -1e300)] {
            let bits = |all: &[f64]| {
                all.iter().map(|x| if x.is_nan() { 1 } else { x.to_bits() }).collect::<Vec<_>>()
            };
            let (value, [by_x, by_y]) = value_and_grad(f).call([x, y]);
            assert_eq!(values.evaluate(&[x, y]).map(|found| bits(&found)), Ok(bits(&[f.call([x, y])])));
            assert_eq!(both.evaluate(&[x, y, 1.0]).map(|found| bits(&found)), Ok(bits(&[value, by_x, by_y])));
            let (x, y) = (x as f32, y as f32);
            let values = record::<f32, _>(f).expect("straight");
            let narrow = values.evaluate(&[x, y]).map(|found| bits(&[f64::from(found[0])]));
            assert_eq!(narrow, Ok(bits(&[f64::from(f.call([x, y]))])));
        }
        let product = scheme! { (vec (* a b) (+ a b)) };
        let pulled = record::<f64, _>(vjp(product)).expect("straight");
        assert_eq!(pulled.evaluate(&[3.0, 5.0, 1.0, 10.0]), Ok(vec![15.0, 8.0, 15.0, 13.0]));
    }

    /// Of operations on matrices and of numbers that depend on no input, too.
    #[test]
    fn what_is_known_is_of_the_precision() {
        let f = scheme! {
            (define a (mat [x 0.1] [(sqrt 3) y]))
            (+ (* 0.1 3) (logdet a) (ref (solve a (vec x 1)) 1) (ref (inv (mat [3 0.1] [0.7 7])) 0 1) (* x (exp 0.3)))
        };
        let (double, single) =
            (record::<f64, _>(vjp(f)).expect("straight"), record::<f32, _>(vjp(f)).expect("straight"));
        for (x, y) in [(0.5, 2.0), (2.0, 0.5), (-0.125, 7.0), (1e-3, 173.205)] {
            let (value, [by_x, by_y]) = value_and_grad(f).call([x, y]);
            assert_eq!(double.evaluate(&[x, y, 1.0]), Ok(vec![value, by_x, by_y]));
            let (x, y) = (x as f32, y as f32);
            let (value, [by_x, by_y]) = value_and_grad(f).call([x, y]);
            assert_eq!(single.evaluate(&[x, y, 1.0]), Ok(vec![value, by_x, by_y]));
        }
    }

    #[test]
    #[expect(deprecated, reason = "the number of steps has no derivative")]
    fn what_loops_has_no_record() {
        let power = scheme! { (let loop ((i 0) (y 1)) (if (< i n) (loop (+ i 1) (* y x)) y)) };
        assert_eq!(record::<f64, _>(power), Err(CudaError::NotStraight));
    }
}
