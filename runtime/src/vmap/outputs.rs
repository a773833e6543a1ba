//! Outputs: where a function over rows writes its results.

use super::{Element, Lengths};
use crate::shape::{Of, Shape, each};

/// Memory for results of shape `S`, one a row.
///
/// | for a result | give |
/// |---|---|
/// | any shape | `&mut [..]` of its data, one a row: `&mut [f64]`, `&mut [[f64; 4]]` |
/// | `[S; N]`, a tuple | outputs for each part, as an array or a tuple (up to 4) |
///
/// So a gradient by four inputs goes to four columns `[&mut a, &mut b, &mut c, &mut d]` of `&mut
/// [f64]`, which is fastest, or to `&mut rows`.
#[diagnostic::on_unimplemented(
    message = "`into_slices` writes results `{S}`: to a mutable slice of rows, or to such slices for each part",
    label = "not outputs for results `{S}`"
)]
pub trait Outputs<E: Element, S: Shape> {
    /// Counts the lengths.
    #[doc(hidden)]
    fn measure(&self, lengths: &mut Lengths);
    /// Writes one row; rows out of range are dropped.
    #[doc(hidden)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>);
    /// Writes the block of rows from `start` on; blocks out of range are dropped.
    #[doc(hidden)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>);
}

/// Outputs that several threads write to, each to a part: all of slices.
pub trait Parts<E: Element, S: Shape>: Outputs<E, S> {
    /// A part.
    #[doc(hidden)]
    type Part: Parts<E, S, Part = Self::Part> + Send;
    /// All of it.
    #[doc(hidden)]
    fn slices(self) -> Self::Part;
    /// Takes away the first rows, all if there are no more.
    #[doc(hidden)]
    fn take(part: &mut Self::Part, rows: usize) -> Self::Part;
}

impl<E: Element, S: Shape> Outputs<E, S> for &mut [Of<S, E>] {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.len()));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        if let Some(place) = self.get_mut(row) {
            *place = *result;
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        let Some(rows) = self.get_mut(start..start.wrapping_add(E::WIDTH)) else { return };
        if const { S::LEN == 1 } {
            if let Some(block) = S::get(results, 0) {
                deal::<E, S>(rows, 0, block);
            }
        } else {
            deal_all::<E, S>(rows, results);
        }
    }
}

impl<'o, E: Element, S: Shape> Parts<E, S> for &'o mut [Of<S, E>]
where
    Of<S, E>: Send,
{
    type Part = &'o mut [Of<S, E>];

    fn slices(self) -> Self::Part {
        self
    }

    fn take(part: &mut Self::Part, rows: usize) -> Self::Part {
        part.split_off_mut(..rows.min(part.len())).unwrap_or_default()
    }
}

/// Gives each row its lane of the number counted `k`.
#[inline(always)]
fn deal<E: Element, S: Shape>(rows: &mut [Of<S, E>], k: usize, block: &E::Block) {
    for (row, lane) in rows.iter_mut().zip(E::lanes(block)) {
        if let Some(place) = S::get_mut(row, k) {
            *place = *lane;
        }
    }
}

// Not inlined: seeing rows of several numbers written, the compiler would compute row by row as well.
#[inline(never)]
fn deal_all<E: Element, S: Shape>(rows: &mut [Of<S, E>], results: &Of<S, E::Block>) {
    each!(k < S::LEN, {
        if let Some(block) = S::get(results, k) {
            deal::<E, S>(rows, k, block);
        }
    });
}

impl<E: Element, S: Shape> Outputs<E, S> for &mut Vec<Of<S, E>> {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.len()));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        Outputs::<E, S>::set_row(&mut &mut self[..], row, result);
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        Outputs::<E, S>::set_block(&mut &mut self[..], start, results);
    }
}

impl<'o, E: Element, S: Shape> Parts<E, S> for &'o mut Vec<Of<S, E>>
where
    Of<S, E>: Send,
{
    type Part = &'o mut [Of<S, E>];

    fn slices(self) -> Self::Part {
        self
    }

    fn take(part: &mut Self::Part, rows: usize) -> Self::Part {
        <Self::Part as Parts<E, S>>::take(part, rows)
    }
}

impl<E: Element, S: Shape, O: Outputs<E, S>, const N: usize> Outputs<E, [S; N]> for [O; N] {
    #[inline(always)]
    fn measure(&self, lengths: &mut Lengths) {
        for output in self {
            output.measure(lengths);
        }
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &[S::Of<E>; N]) {
        each!(i < N, {
            self[i].set_row(row, &result[i]);
        });
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &[S::Of<E::Block>; N]) {
        each!(i < N, {
            self[i].set_block(start, &results[i]);
        });
    }
}

impl<E: Element, S: Shape, O: Parts<E, S>, const N: usize> Parts<E, [S; N]> for [O; N] {
    type Part = [O::Part; N];

    fn slices(self) -> Self::Part {
        self.map(O::slices)
    }

    fn take(part: &mut Self::Part, rows: usize) -> Self::Part {
        part.each_mut().map(|part| O::take(part, rows))
    }
}

macro_rules! tuples {
    ($(($($output:ident $shape:ident $place:tt),+))+) => {$(
        impl<E: Element, $($shape: Shape, $output: Outputs<E, $shape>),+> Outputs<E, ($($shape,)+)> for ($($output,)+) {
            #[inline(always)]
            fn measure(&self, lengths: &mut Lengths) {
                $(self.$place.measure(lengths);)+
            }

            #[inline(always)]
            fn set_row(&mut self, row: usize, result: &Of<($($shape,)+), E>) {
                $(self.$place.set_row(row, &result.$place);)+
            }

            #[inline(always)]
            fn set_block(&mut self, start: usize, results: &Of<($($shape,)+), E::Block>) {
                $(self.$place.set_block(start, &results.$place);)+
            }
        }

        impl<E: Element, $($shape: Shape, $output: Parts<E, $shape>),+> Parts<E, ($($shape,)+)> for ($($output,)+) {
            type Part = ($($output::Part,)+);

            fn slices(self) -> Self::Part {
                ($(self.$place.slices(),)+)
            }

            fn take(part: &mut Self::Part, rows: usize) -> Self::Part {
                ($($output::take(&mut part.$place, rows),)+)
            }
        }
    )+};
}

tuples! {
    (O0 S0 0, O1 S1 1)
    (O0 S0 0, O1 S1 1, O2 S2 2)
    (O0 S0 0, O1 S1 1, O2 S2 2, O3 S3 3)
}
