//! What the tests of the macro share.

use scheme_runtime::prelude::*;

/// Inputs of any number: a bare one where a program has one.
pub(crate) trait Inputs<F: Function> {
    fn value(self, f: F) -> (f64, f64);
}

macro_rules! inputs {
    ($($n:literal)+) => {$(
        impl<F: Function<In = [R; $n], Out = R>> Inputs<F> for [f64; $n] {
            fn value(self, f: F) -> (f64, f64) {
                (f.call(self), value_and_grad(f).call(self).0)
            }
        }
    )+};
}
inputs! { 0 2 3 4 5 6 }

impl<F: Function<In = R, Out = R>> Inputs<F> for [f64; 1] {
    fn value(self, f: F) -> (f64, f64) {
        (f.call(self[0]), value_and_grad(f).call(self[0]).0)
    }
}

/// The value to the bit, alone and with the gradient.
#[track_caller]
pub(crate) fn check<F: Function>(f: F, x: impl Inputs<F>, value: f64) {
    let (alone, with_gradient) = x.value(f);
    assert_eq!(alone.to_bits(), value.to_bits(), "{f:?} gives {alone}, not {value}");
    assert_eq!(with_gradient.to_bits(), value.to_bits(), "{f:?} with its gradient gives {with_gradient}");
}

/// The gradient by all inputs.
pub(crate) fn gradient<const N: usize>(f: impl Function<In = [R; N], Out = R>, x: [f64; N]) -> [f64; N] {
    grad(f).call(x)
}
