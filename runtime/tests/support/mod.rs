//! What several tests share.
#![allow(dead_code, reason = "each test takes what it needs")]

pub(crate) mod double;
pub(crate) mod rows;

use scheme_runtime::{
    __private::{About, Code, Compiled, Emitted, Failure, Try},
    Choice, Input, Of, R, Real,
};
use std::fmt;

/// Numbers in `low..high`, the same in every run.
pub(crate) struct Samples(u64);

impl Samples {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * ((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }

    pub(crate) fn point<const N: usize>(&mut self, low: f64, high: f64) -> [f64; N] {
        std::array::from_fn(|_| self.between(low, high))
    }
}

#[track_caller]
pub(crate) fn close(found: f64, wanted: f64, tolerance: f64, what: &str) {
    let scale = wanted.abs().max(1.0);
    assert!((found - wanted).abs() <= tolerance * scale, "{what}: {found:e} is not {wanted:e}");
}

/// The `Debug` form and the description that emitted programs have.
macro_rules! described {
    ($program:ident $source:literal $names:expr) => {
        impl fmt::Debug for $program {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($source)
            }
        }

        impl Emitted for $program {
            const ABOUT: About = About { source: $source, input_names: &$names, ..About::STRAIGHT };
        }
    };
}

/// A program with a number, a vector and a matrix: `s·(v·A·v)`, written as the macro would emit it.
#[derive(Clone, Copy)]
pub(crate) struct Form;

#[derive(Clone, Copy)]
pub(crate) struct FormInputs {
    pub(crate) s: Input,
    pub(crate) v: Input<[R; 2]>,
    pub(crate) a: Input<[[R; 2]; 2]>,
}

described! { Form "(* s (dot v (matvec A v)))" ["s", "v", "A"] }

impl Compiled for Form {
    type In = (R, [R; 2], [[R; 2]; 2]);
    type Out = R;
    type Names = FormInputs;

    fn inputs(&self) -> FormInputs {
        FormInputs { s: Input::new("s", 0), v: Input::new("v", 1), a: Input::new("A", 3) }
    }

    #[inline(always)]
    fn value<T: Real>(&self, x: (T, [T; 2], [[T; 2]; 2])) -> T {
        let (s, v, a) = x;
        s * (v[0] * (a[0][0] * v[0] + a[0][1] * v[1]) + v[1] * (a[1][0] * v[0] + a[1][1] * v[1]))
    }

    #[inline(always)]
    fn derivative<T: Real, C: Choice<Self::In>>(
        &self,
        x: (T, [T; 2], [[T; 2]; 2]),
        wrt: C,
    ) -> (T, Of<C::Shape, T>) {
        let (s, v, a) = x;
        let av = [a[0][0] * v[0] + a[0][1] * v[1], a[1][0] * v[0] + a[1][1] * v[1]];
        let va = [a[0][0] * v[0] + a[1][0] * v[1], a[0][1] * v[0] + a[1][1] * v[1]];
        let form = v[0] * av[0] + v[1] * av[1];
        let dv = [s * (av[0] + va[0]), s * (av[1] + va[1])];
        let da = [[s * v[0] * v[0], s * v[0] * v[1]], [s * v[1] * v[0], s * v[1] * v[1]]];
        (s * form, wrt.pick(&(form, dv, da)))
    }
}

/// A program without inputs.
#[derive(Clone, Copy)]
pub(crate) struct Constant;

described! { Constant "(* 6 7)" [] }

impl Compiled for Constant {
    type In = [R; 0];
    type Out = R;
    type Names = ();

    fn inputs(&self) {}

    #[inline(always)]
    fn value<T: Real>(&self, _x: [T; 0]) -> T {
        T::lit(42.0)
    }

    #[inline(always)]
    fn derivative<T: Real, C: Choice<[R; 0]>>(&self, _x: [T; 0], wrt: C) -> (T, Of<C::Shape, T>) {
        (T::lit(42.0), wrt.pick(&[]))
    }
}

/// A program that can fail, square root or nothing. Its `fails` is set from outside, since a direct program
/// decides on numbers alone.
#[derive(Clone, Copy)]
pub(crate) struct Asserted {
    pub(crate) fails: bool,
}

described! { Asserted "(begin (assert ok) (* x x))" ["x"] }

impl Asserted {
    pub(crate) const FAILURE: Failure = Failure::new(Code::WrongType, "assertion failed", 1, 8);
}

impl Compiled for Asserted {
    type In = R;
    type Out = Try<R>;
    type Names = ();

    fn inputs(&self) {}

    #[inline(always)]
    fn value<T: Real>(&self, x: T) -> Result<T, Failure> {
        if self.fails { Err(Self::FAILURE) } else { Ok(x * x) }
    }

    #[inline(always)]
    fn derivative<T: Real, C: Choice<R>>(&self, x: T, wrt: C) -> Result<(T, Of<C::Shape, T>), Failure> {
        if self.fails { Err(Self::FAILURE) } else { Ok((x * x, wrt.pick(&(x + x)))) }
    }
}
