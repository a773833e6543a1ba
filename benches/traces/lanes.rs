//! Rows by hand: a loop over blocks of lanes, with the widest vector instructions of the machine.

use programs::{ByHand, Number};
use scheme_core::math::Lanes;
use scheme_runtime::blocks;

/// A precision that rows have.
pub(crate) trait Precision: blocks::Number + Default {
    /// What it is called.
    const NAME: &'static str;
    /// How far gradients of it may differ, to the largest partial derivative.
    const TOLERANCE: f64;
    /// Numbers of a register.
    type Vector: Number;

    /// The numbers from a row on.
    fn load(column: &[Self], row: usize) -> Self::Vector;
    /// Stores them from a row on.
    fn store(vector: Self::Vector, column: &mut [Self], row: usize);
}

macro_rules! precision {
    ($($element:ident $width:literal $tolerance:literal)*) => {$(
        impl Precision for $element {
            const NAME: &'static str = stringify!($element);
            const TOLERANCE: f64 = $tolerance;
            type Vector = Lanes<$element, $width>;

            #[inline(always)]
            fn load(column: &[Self], row: usize) -> Self::Vector {
                let mut lanes = [0.0; $width];
                lanes.copy_from_slice(&column[row..row + $width]);
                Lanes(lanes)
            }

            #[inline(always)]
            fn store(vector: Self::Vector, column: &mut [Self], row: usize) {
                column[row..row + $width].copy_from_slice(&vector.0);
            }
        }
    )*};
}

precision! { f64 8 1e-13 f32 16 1e-4 }

/// Values and gradients of all rows, at least as many as a register has.
#[inline(always)]
fn run<E: Precision, M: ByHand<N>, const N: usize>(x: [&[E]; N], y: &mut [E], dx: [&mut [E]; N]) {
    let last = y.len() - E::WIDTH;
    let mut row = 0;
    loop {
        // The last block ends at the last row.
        let at = row.min(last);
        let mut point = [E::Vector::lit(0.0); N];
        for k in 0..N {
            point[k] = E::load(x[k], at);
        }
        let (value, gradient) = M::value_and_gradient(point);
        E::store(value, y, at);
        for k in 0..N {
            E::store(gradient[k], dx[k], at);
        }
        if at == last {
            return;
        }
        row += E::WIDTH;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
fn avx512<E: Precision, M: ByHand<N>, const N: usize>(x: [&[E]; N], y: &mut [E], dx: [&mut [E]; N]) {
    run::<E, M, N>(x, y, dx);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<E: Precision, M: ByHand<N>, const N: usize>(x: [&[E]; N], y: &mut [E], dx: [&mut [E]; N]) {
    run::<E, M, N>(x, y, dx);
}

/// Values and gradients of all rows.
pub(crate) fn gradients<E: Precision, M: ByHand<N>, const N: usize>(
    x: [&[E]; N],
    y: &mut [E],
    dx: [&mut [E]; N],
) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
        {
            // SAFETY: the machine has all four, as asked above.
            return unsafe { avx512::<E, M, N>(x, y, dx) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as asked above.
            return unsafe { avx2::<E, M, N>(x, y, dx) };
        }
    }
    run::<E, M, N>(x, y, dx);
}
