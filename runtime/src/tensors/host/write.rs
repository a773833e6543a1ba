//! Where `vmap` writes results of tensors: rows that follow one another, a column for each number, or nowhere.

use crate::{
    shape::{Of, Shape, each},
    vmap::{Element, Lengths, Outputs},
};
use scheme_core::real::Real;
use std::{cell::Cell, fmt::Debug};

/// The elements of a tensor, which are the numbers of the first row, then those of the second, and so on.
pub(super) struct Rows<'a, E>(pub(in crate::tensors) &'a mut [E]);

impl<E: Element, S: Shape> Outputs<E, S> for Rows<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(self.0.len().checked_div(S::LEN));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        let Some(places) = self.0.get_mut(row * S::LEN..) else { return };
        for (k, place) in places.iter_mut().take(S::LEN).enumerate() {
            if let Some(number) = S::get(result, k) {
                *place = *number;
            }
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        if const { S::LEN == 1 } {
            if let (Some(places), Some(block)) = (self.0.get_mut(start..start + E::WIDTH), S::get(results, 0))
            {
                places.copy_from_slice(E::lanes(block));
            }
        } else {
            deal::<E, S>(self.0.get_mut(start * S::LEN..).unwrap_or_default(), results);
        }
    }
}

/// Gives each row its lanes.
// Not inlined: seeing rows of several numbers written, the compiler would compute row by row as well.
#[inline(never)]
fn deal<E: Element, S: Shape>(places: &mut [E], results: &Of<S, E::Block>) {
    for k in 0..S::LEN {
        if let (Some(column), Some(block)) = (places.get_mut(k..), S::get(results, k)) {
            for (place, lane) in column.iter_mut().step_by(S::LEN).zip(E::lanes(block)) {
                *place = *lane;
            }
        }
    }
}

/// A column for each number that is wanted. None of what is written is -0.0, as if it had been added to zeros.
// Not exclusive references, which cannot be had in every place of a shape; nor in a `Vec`, which would be read again for
// every block, as it were in memory that columns may be in.
pub(super) struct ByNumber<'a, E: Copy + Debug, S: Shape>(Of<S, Option<&'a [Cell<E>]>>);

impl<'a, E: Copy + Debug, S: Shape> ByNumber<'a, E, S> {
    /// The columns, in order.
    pub(super) fn new(columns: impl Iterator<Item = Option<&'a mut [E]>>) -> Self {
        let mut places = S::fill(None);
        for (k, column) in columns.enumerate() {
            if let Some(place) = S::get_mut(&mut places, k) {
                *place = column.map(|column| Cell::from_mut(column).as_slice_of_cells());
            }
        }
        Self(places)
    }

    #[inline(always)]
    fn column(&self, k: usize) -> Option<&'a [Cell<E>]> {
        S::get(&self.0, k).copied().flatten()
    }
}

impl<E: Element, S: Shape> Outputs<E, S> for ByNumber<'_, E, S> {
    fn measure(&self, lengths: &mut Lengths) {
        (0..S::LEN).filter_map(|k| self.column(k)).for_each(|column| lengths.add(Some(column.len())));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        for k in 0..S::LEN {
            if let (Some(number), Some(place)) =
                (S::get(result, k), self.column(k).and_then(|column| column.get(row)))
            {
                place.set(E::lit(0.0) + *number);
            }
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        each!(k < S::LEN, {
            if let (Some(block), Some(places)) = (
                S::get(results, k),
                self.column(k).and_then(|column| column.get(start..start.wrapping_add(E::WIDTH))),
            ) {
                let block = E::Block::lit(0.0) + *block;
                for (place, lane) in places.iter().zip(E::lanes(&block)) {
                    place.set(*lane);
                }
            }
        });
    }
}

/// For results that are not wanted.
pub(super) struct Nowhere;

impl<E: Element, S: Shape> Outputs<E, S> for Nowhere {
    fn measure(&self, _lengths: &mut Lengths) {}

    #[inline(always)]
    fn set_row(&mut self, _row: usize, _result: &Of<S, E>) {}

    #[inline(always)]
    fn set_block(&mut self, _start: usize, _results: &Of<S, E::Block>) {}
}
