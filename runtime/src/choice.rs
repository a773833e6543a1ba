//! Choosing the inputs that a transform differentiates by.
//!
//! A function's names are fields of [`Input`]s; `wrt` hands them to a closure that gives back one
//! input, an array of inputs of one shape, or a tuple. The choice gives the derivative its shape.
//! Inputs that are not chosen are constants: no derivative passes through them, be a partial
//! infinite. Choices are values, but their indices are constants after inlining, and the partial
//! derivatives that nobody chose are never computed.

use crate::{
    dual::{Dual, Part},
    shape::{Of, R, Shape, each},
};
use scheme_core::real::Real;
use std::{
    fmt::{self, Debug},
    marker::PhantomData,
};

/// An input of a compiled function, of shape `S`.
#[derive(Clone, Copy)]
pub struct Input<S: Shape = R> {
    name: &'static str,
    start: usize,
    shape: PhantomData<S>,
}

impl<S: Shape> Input<S> {
    /// The input of this name, whose numbers are counted from `start` among those of all inputs.
    #[inline(always)]
    pub const fn new(name: &'static str, start: usize) -> Self {
        Self { name, start, shape: PhantomData }
    }

    /// Its name, as the program spells it.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl<S: Shape> Debug for Input<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All inputs: what a transform differentiates by unless told otherwise.
#[derive(Clone, Copy, Debug)]
pub struct All;

/// Does something with the number of all inputs that has this index. Where they are few, each of which fits into a
/// register, each is asked whether it is that one: in loops over rows the index is not known to be constant, and would
/// keep all of them in memory.
macro_rules! with {
    ($get:ident($data:expr), $index:expr, |$x:ident| $body:expr) => {{
        let index = $index;
        if const { In::LEN <= 8 && size_of::<T>() <= 64 } {
            each!(i < In::LEN, {
                if i == index
                    && let Some($x) = In::$get($data, i)
                {
                    $body
                }
            });
        } else if let Some($x) = In::$get($data, index) {
            $body
        }
    }};
}

/// Some of the inputs of a function whose inputs have shape `In`.
#[diagnostic::on_unimplemented(
    message = "`wrt` takes one input, an array of inputs, or a tuple of them",
    label = "not an input of the function",
    note = "write `.wrt(|v| v.x)` or `.wrt(|v| [v.x, v.y])`"
)]
pub trait Choice<In: Shape>: Copy + Debug + 'static {
    /// The shape of what is chosen, hence of the derivative.
    type Shape: Shape;

    /// Which of all numbers of the inputs is the chosen one counted `k`.
    fn index(&self, k: usize) -> usize;

    /// The chosen numbers.
    #[inline(always)]
    fn pick<T: Real>(&self, x: &Of<In, T>) -> Of<Self::Shape, T> {
        let mut out = Self::Shape::fill(T::lit(0.0));
        each!(k < Self::Shape::LEN, {
            if let Some(out) = Self::Shape::get_mut(&mut out, k) {
                with!(get(x), self.index(k), |x| *out = *x);
            }
        });
        out
    }

    /// The inputs with one direction for each chosen number.
    #[inline(always)]
    fn seed<T: Real>(&self, x: &Of<In, T>) -> Of<In, Dual<T, Self::Shape>> {
        let mut out = Dual::constants::<In>(x);
        each!(k < Self::Shape::LEN, {
            if let Some(x) = In::get_mut(&mut out, self.index(k)) {
                x.add_to(k, Part::new(T::lit(1.0)));
            }
        });
        out
    }

    /// The inputs with the one direction `dx`.
    #[inline(always)]
    fn along<T: Real>(&self, x: &Of<In, T>, dx: &Of<Self::Shape, T>) -> Of<In, Dual<T>> {
        let mut out = Dual::constants::<In>(x);
        each!(k < Self::Shape::LEN, {
            if let Some(dx) = Self::Shape::get(dx, k) {
                with!(get_mut(&mut out), self.index(k), |x| x.add_to(0, Part::new(*dx)));
            }
        });
        out
    }
}

impl<In: Shape> Choice<In> for All {
    type Shape = In;

    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        k
    }

    #[inline(always)]
    fn pick<T: Real>(&self, x: &Of<In, T>) -> Of<In, T> {
        *x
    }
}

impl<In: Shape, S: Shape> Choice<In> for Input<S> {
    type Shape = S;

    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        self.start + k
    }
}

impl<In: Shape, C: Choice<In>, const N: usize> Choice<In> for [C; N] {
    type Shape = [C::Shape; N];

    #[inline(always)]
    fn index(&self, k: usize) -> usize {
        let each = C::Shape::LEN;
        // A choice of nothing is asked for no index.
        k.checked_div(each).and_then(|i| self.get(i)).map_or(usize::MAX, |chosen| chosen.index(k % each))
    }
}

macro_rules! tuples {
    ($(($($choice:ident $place:tt),+))+) => {$(
        impl<In: Shape, $($choice: Choice<In>),+> Choice<In> for ($($choice,)+) {
            type Shape = ($($choice::Shape,)+);

            #[inline(always)]
            fn index(&self, k: usize) -> usize {
                let mut start = 0;
                $(
                    if k < start + $choice::Shape::LEN {
                        return self.$place.index(k - start);
                    }
                    start += $choice::Shape::LEN;
                )+
                let _ = start;
                usize::MAX
            }
        }
    )+};
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}
