//! How columns hold the numbers that blocks compute with: as they are, or as doubles of numbers in single precision.

use super::Number;
use crate::simd::{self, Kernel, Level};

/// What a column is made of, if `E` is computed with.
pub trait Stored<E>: Copy + Send + Sync {
    /// The number, rounded to `E`.
    #[doc(hidden)]
    fn read(self) -> E;
    /// What stands for a number.
    #[doc(hidden)]
    fn write(x: E) -> Self;
    /// A column as numbers, if that is what it is made of.
    #[doc(hidden)]
    fn whole(column: &[Self]) -> Option<&[E]>;
    /// The same, to be written.
    #[doc(hidden)]
    fn whole_mut(column: &mut [Self]) -> Option<&mut [E]>;
}

impl<E: Number> Stored<E> for E {
    #[inline(always)]
    fn read(self) -> E {
        self
    }

    #[inline(always)]
    fn write(x: E) -> Self {
        x
    }

    fn whole(column: &[Self]) -> Option<&[E]> {
        Some(column)
    }

    fn whole_mut(column: &mut [Self]) -> Option<&mut [E]> {
        Some(column)
    }
}

impl Stored<f32> for f64 {
    #[inline(always)]
    fn read(self) -> f32 {
        self as f32
    }

    #[inline(always)]
    fn write(x: f32) -> Self {
        x.into()
    }

    fn whole(_: &[Self]) -> Option<&[f32]> {
        None
    }

    fn whole_mut(_: &mut [Self]) -> Option<&mut [f32]> {
        None
    }
}

/// Reads a part of a column.
pub(super) fn read<E: Number, S: Stored<E>>(level: Level, from: &[S], to: &mut [E]) {
    simd::at_most(level, Each { from, to, f: S::read });
}

/// Writes a part of a column.
pub(super) fn write<E: Number, S: Stored<E>>(level: Level, from: &[E], to: &mut [S]) {
    simd::at_most(level, Each { from, to, f: S::write });
}

struct Each<'a, A, B, F> {
    from: &'a [A],
    to: &'a mut [B],
    f: F,
}

impl<A: Copy, B, F: Fn(A) -> B> Kernel for Each<'_, A, B, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.to.iter_mut().zip(self.from).for_each(|(to, x)| *to = (self.f)(*x));
    }
}
