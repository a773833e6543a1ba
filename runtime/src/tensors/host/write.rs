//! Where `vmap` writes results of tensors: rows that follow one another, a column for each number, or nowhere.

use crate::{
    shape::{Of, Shape, each},
    vmap::{Element, Lengths, Outputs},
};

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

/// A column for each number that is wanted.
pub(super) struct ByNumber<'a, E>(pub(in crate::tensors) Vec<Option<&'a mut [E]>>);

impl<E: Element, S: Shape> Outputs<E, S> for ByNumber<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        self.0.iter().flatten().for_each(|column| lengths.add(Some(column.len())));
    }

    #[inline(always)]
    fn set_row(&mut self, row: usize, result: &Of<S, E>) {
        for k in 0..S::LEN {
            if let (Some(Some(column)), Some(number)) = (self.0.get_mut(k), S::get(result, k)) {
                Outputs::<E, crate::R>::set_row(&mut &mut **column, row, number);
            }
        }
    }

    #[inline(always)]
    fn set_block(&mut self, start: usize, results: &Of<S, E::Block>) {
        each!(k < S::LEN, {
            if let (Some(Some(column)), Some(block)) = (self.0.get_mut(k), S::get(results, k)) {
                Outputs::<E, crate::R>::set_block(&mut &mut **column, start, block);
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
