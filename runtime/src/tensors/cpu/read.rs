//! Inputs on the CPU, as columns of `vmap`: the same number in every row, or elements of a buffer at a fixed distance.

use crate::{
    shape::{Of, Shape},
    tensors::Place,
    vmap::{Columns, Element, Lengths},
};
use scheme_core::real::Real;
use std::ops::Range;

/// A number of the inputs in every row.
enum Column<'a, E> {
    Same(E),
    Rows(&'a [E]),
    Strided { elements: &'a [E], stride: usize },
}

impl<'a, E: Element> Column<'a, E> {
    /// What is at `offset` in the first row, and `stride` further in each.
    fn of(elements: &'a [E], offset: usize, stride: usize) -> Self {
        let elements = elements.get(offset..).unwrap_or(&[]);
        match stride {
            0 => Self::Same(Column::Rows(elements).row(0)),
            1 => Self::Rows(elements),
            _ => Self::Strided { elements, stride },
        }
    }

    #[inline(always)]
    fn row(&self, row: usize) -> E {
        let element = match *self {
            Self::Same(number) => return number,
            Self::Rows(elements) => elements.get(row),
            Self::Strided { elements, stride } => elements.get(row * stride),
        };
        element.copied().unwrap_or(E::lit(f64::NAN))
    }

    #[inline(always)]
    fn block(&self, start: usize) -> E::Block {
        match *self {
            Self::Same(number) => E::gather(|_| number),
            Self::Rows(elements) => match elements.get(start..).and_then(|rows| rows.get(..E::WIDTH)) {
                Some(rows) => E::gather(|i| rows[i]),
                None => E::gather(|_| E::lit(f64::NAN)),
            },
            Self::Strided { .. } => E::gather(|i| self.row(start + i)),
        }
    }
}

/// The inputs as columns of `vmap`.
pub(in crate::tensors) struct Read<'a, E> {
    columns: Vec<Column<'a, E>>,
    rows: usize,
}

impl<'a, E: Element> Read<'a, E> {
    /// Those rows of the places, in the buffers of their sources.
    pub(in crate::tensors) fn places(
        places: &[Place<E>],
        buffer: impl Fn(usize) -> Option<&'a [E]>,
        rows: Range<usize>,
    ) -> Self {
        let column = |place: &Place<E>| match *place {
            Place::Same(number) => Column::Same(number),
            Place::Source { source, offset, stride, .. } => {
                Column::of(buffer(source).unwrap_or(&[]), offset + rows.start * stride, stride)
            }
        };
        Self { columns: places.iter().map(column).collect(), rows: rows.len() }
    }

    /// Those rows of a matrix with so many columns.
    pub(in crate::tensors) fn matrix(elements: &'a [E], columns: usize, rows: Range<usize>) -> Self {
        let column = |k| Column::of(elements, k + rows.start * columns, columns);
        Self { columns: (0..columns).map(column).collect(), rows: rows.len() }
    }
}

impl<E: Element, S: Shape> Columns<E, S> for Read<'_, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.rows));
    }

    #[inline(always)]
    fn row(&self, row: usize) -> Of<S, E> {
        let mut out = S::fill(E::lit(0.0));
        for k in 0..S::LEN {
            if let (Some(out), Some(column)) = (S::get_mut(&mut out, k), self.columns.get(k)) {
                *out = column.row(row);
            }
        }
        out
    }

    #[inline(always)]
    fn block(&self, start: usize) -> Of<S, E::Block> {
        let mut out = S::fill(E::Block::lit(0.0));
        let mut k = 0;
        while k < S::LEN {
            if let (Some(out), Some(column)) = (S::get_mut(&mut out, k), self.columns.get(k)) {
                *out = column.block(start);
            }
            k += 1;
        }
        out
    }
}
