//! Columns: what the inputs of a function over rows are given as.

use super::Lengths;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Doubles256, Doubles512, Packed, Pair, Register, Singles256, Singles512, on_registers};
use crate::{
    shape::{Of, R, Shape, each},
    simd::{Level, Rows, RowsKernel},
};
use scheme_core::{math::Lanes, real::Real};

/// A number that columns are made of: `f64` or `f32`.
#[diagnostic::on_unimplemented(
    message = "columns are of `f64` or `f32`, not of `{Self}`",
    label = "neither `f64` nor `f32`"
)]
pub trait Element: Real + Into<f64> + Send + Sync + sealed::Sealed {
    /// A block of rows.
    #[doc(hidden)]
    type Block: Rows<Self>;
    /// How many rows a block has.
    #[doc(hidden)]
    const WIDTH: usize;
    /// The block whose lane `i` is `f(i)`.
    #[doc(hidden)]
    fn gather(f: impl Fn(usize) -> Self) -> Self::Block;
    /// The numbers in its lanes.
    #[doc(hidden)]
    fn lanes(block: &Self::Block) -> &[Self];
    /// Runs a body over rows in registers of this machine, whose types nobody else can name; or gives it back if the machine has none to speak of.
    ///
    /// # Errors
    /// The body.
    #[doc(hidden)]
    fn over_rows<K: RowsKernel<Self>>(level: Level, kernel: K) -> Result<K::Output, K>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for f32 {}
}

macro_rules! element {
    ($element:ident $width:literal $avx512:ty, $avx2:ty) => {
        impl Rows<$element> for Lanes<$element, $width> {
            #[inline(always)]
            fn of(block: Self) -> Self {
                block
            }
            #[inline(always)]
            fn block(self) -> Self {
                self
            }
        }

        #[cfg(target_arch = "x86_64")]
        impl<V: Register<Element = $element>> Rows<$element> for Packed<V> {
            #[inline(always)]
            fn of(block: Lanes<$element, $width>) -> Self {
                Self::load(&block.0)
            }
            #[inline(always)]
            fn block(self) -> Lanes<$element, $width> {
                let mut lanes = [0.0; $width];
                self.store(&mut lanes);
                Lanes(lanes)
            }
        }

        impl Element for $element {
            type Block = Lanes<$element, $width>;
            const WIDTH: usize = $width;

            #[inline(always)]
            fn gather(f: impl Fn(usize) -> Self) -> Self::Block {
                let mut lanes = [0.0; $width];
                let mut i = 0;
                while i < $width {
                    lanes[i] = f(i);
                    i += 1;
                }
                Lanes(lanes)
            }

            #[inline(always)]
            fn lanes(block: &Self::Block) -> &[Self] {
                &block.0
            }

            #[cfg(target_arch = "x86_64")]
            fn over_rows<K: RowsKernel<Self>>(level: Level, kernel: K) -> Result<K::Output, K> {
                on_registers::<Self, K, Packed<$avx512>, Packed<$avx2>>(level, kernel)
            }

            #[cfg(not(target_arch = "x86_64"))]
            fn over_rows<K: RowsKernel<Self>>(_: Level, kernel: K) -> Result<K::Output, K> {
                Ok(kernel.run::<Self::Block>())
            }
        }
    };
}

element! { f64 8 Doubles512, Pair<Doubles256> }
element! { f32 16 Singles512, Pair<Singles256> }

/// Columns for inputs of shape `S`.
///
/// | for an input | give |
/// |---|---|
/// | `R` | a number, the same in every row; or `&[E]`, `&Vec<E>`: one a row |
/// | `[S; N]`, a tuple | columns for each part, as a tuple (up to 12) or an array |
/// | any shape | a slice or `Vec` of its data, one a row: `&[[E; 3]]` |
///
/// So a function of four numbers takes `(8.99, &q1, &q2, &r)`, or points `&[[f64; 4]]`.
#[diagnostic::on_unimplemented(
    message = "`vmap` takes a column for each input, here `{S}`: a number, a slice or a `Vec`",
    label = "not columns for the inputs `{S}`",
    note = "give a tuple such as `(8.99, &q1, &q2)` with a column for each input; a number stands in every row"
)]
pub trait Columns<E: Element, S: Shape> {
    /// Counts the lengths.
    #[doc(hidden)]
    fn measure(&self, lengths: &mut Lengths);
    /// One row; rows out of range are zeros.
    #[doc(hidden)]
    fn row(&self, row: usize) -> Of<S, E>;
    /// The block of rows from `start` on; rows out of range are zeros.
    #[doc(hidden)]
    fn block(&self, start: usize) -> Of<S, E::Block>;
}

impl<E: Element> Columns<E, R> for E {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(None);
    }

    #[inline(always)]
    fn row(&self, _row: usize) -> E {
        *self
    }

    #[inline(always)]
    fn block(&self, _start: usize) -> E::Block {
        E::gather(|_| *self)
    }
}

impl<E: Element, S: Shape> Columns<E, S> for &[Of<S, E>] {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.len()));
    }

    #[inline(always)]
    fn row(&self, row: usize) -> Of<S, E> {
        self.get(row).copied().unwrap_or(S::fill(E::lit(0.0)))
    }

    #[inline(always)]
    fn block(&self, start: usize) -> Of<S, E::Block> {
        let mut block = S::fill(E::Block::lit(0.0));
        let Some(rows) = self.get(start..start.wrapping_add(E::WIDTH)) else { return block };
        each!(k < S::LEN, {
            if let Some(place) = S::get_mut(&mut block, k) {
                *place = E::gather(|i| S::get(&rows[i], k).copied().unwrap_or(E::lit(0.0)));
            }
        });
        block
    }
}

/// Borrowed sequences are slices.
macro_rules! as_slices {
    ($([$($constant:tt)*] $sequence:ty;)*) => {$(
        impl<E: Element, S: Shape $($constant)*> Columns<E, S> for &$sequence {
            #[inline(always)]
            fn measure(&self, lengths: &mut Lengths) {
                Columns::<E, S>::measure(&&self[..], lengths);
            }

            #[inline(always)]
            fn row(&self, row: usize) -> Of<S, E> {
                Columns::<E, S>::row(&&self[..], row)
            }

            #[inline(always)]
            fn block(&self, start: usize) -> Of<S, E::Block> {
                Columns::<E, S>::block(&&self[..], start)
            }
        }
    )*};
}

as_slices! {
    [] Vec<Of<S, E>>;
    [, const N: usize] [Of<S, E>; N];
}

impl<E: Element, S: Shape, C: Columns<E, S>, const N: usize> Columns<E, [S; N]> for [C; N] {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        for column in self {
            column.measure(lengths);
        }
    }

    #[inline(always)]
    fn row(&self, row: usize) -> [S::Of<E>; N] {
        let mut out = [S::fill(E::lit(0.0)); N];
        each!(i < N, {
            out[i] = self[i].row(row);
        });
        out
    }

    #[inline(always)]
    fn block(&self, start: usize) -> [S::Of<E::Block>; N] {
        let mut out = [S::fill(E::Block::lit(0.0)); N];
        each!(i < N, {
            out[i] = self[i].block(start);
        });
        out
    }
}

/// A tuple of columns is for an array of as many inputs of one shape, and for a tuple of inputs.
macro_rules! tuples {
    ($($n:literal ($($column:ident $shape:ident $place:tt),+))+) => {$(
        impl<E: Element, S: Shape, $($column: Columns<E, S>),+> Columns<E, [S; $n]> for ($($column,)+) {
            #[inline(always)]
            fn measure(&self, lengths: &mut Lengths) {
                $(self.$place.measure(lengths);)+
            }

            #[inline(always)]
            fn row(&self, row: usize) -> [S::Of<E>; $n] {
                [$(self.$place.row(row)),+]
            }

            #[inline(always)]
            fn block(&self, start: usize) -> [S::Of<E::Block>; $n] {
                [$(self.$place.block(start)),+]
            }
        }

        impl<E: Element, $($shape: Shape, $column: Columns<E, $shape>),+> Columns<E, ($($shape,)+)> for ($($column,)+) {
            #[inline(always)]
            fn measure(&self, lengths: &mut Lengths) {
                $(self.$place.measure(lengths);)+
            }

            #[inline(always)]
            fn row(&self, row: usize) -> Of<($($shape,)+), E> {
                ($(self.$place.row(row),)+)
            }

            #[inline(always)]
            fn block(&self, start: usize) -> Of<($($shape,)+), E::Block> {
                ($(self.$place.block(start),)+)
            }
        }
    )+};
}

tuples! {
    2 (C0 S0 0, C1 S1 1)
    3 (C0 S0 0, C1 S1 1, C2 S2 2)
    4 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3)
    5 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4)
    6 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5)
    7 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6)
    8 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6, C7 S7 7)
    9 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6, C7 S7 7, C8 S8 8)
    10 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6, C7 S7 7, C8 S8 8, C9 S9 9)
    11 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6, C7 S7 7, C8 S8 8, C9 S9 9, C10 S10 10)
    12 (C0 S0 0, C1 S1 1, C2 S2 2, C3 S3 3, C4 S4 4, C5 S5 5, C6 S6 6, C7 S7 7, C8 S8 8, C9 S9 9, C10 S10 10, C11 S11 11)
}
