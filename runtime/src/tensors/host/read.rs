//! Inputs as columns of `vmap`: the same number in every row, or elements that follow one another. Elements that are further
//! apart are brought together first, a stretch of rows at a time.

use crate::{
    shape::{Map, Of, Shape},
    tensors::Place,
    vmap::{Columns, Element, Lengths},
};
use scheme_core::real::Real;
use std::ops::Range;

/// How many rows a stretch has: what is computed of them stays in the cache.
pub(super) const STRETCH: usize = 1024;

/// A number of the inputs in every row.
#[derive(Clone, Copy, Debug)]
struct Column<'a, E> {
    /// From that of the first row on; if it is the same one in every row, a block of it.
    elements: &'a [E],
    /// What a row's number has in common with where it is: all, or nothing if it is the same one in every row.
    mask: usize,
}

/// Where the numbers of the inputs are.
pub(super) struct Inputs<'a, E> {
    columns: Vec<From<'a, E>>,
    /// Blocks of what is the same in every row.
    same: Vec<E>,
    /// Stretches of what stands apart.
    together: Vec<E>,
}

/// Where a number is.
#[derive(Clone, Copy)]
enum From<'a, E> {
    /// In the block that begins here.
    Same(usize),
    /// In the first row at `offset`, and one further in each.
    Rows { elements: &'a [E], offset: usize },
    /// In the first row at `offset`, and `stride` further in each; to be brought to the stretch that begins at `to`.
    Apart { elements: &'a [E], offset: usize, stride: usize, to: usize },
}

impl<'a, E: Element> Inputs<'a, E> {
    fn new() -> Self {
        Self { columns: Vec::new(), same: Vec::new(), together: Vec::new() }
    }

    /// At those places, in the elements of their sources.
    pub(super) fn places(places: &[Place<E>], elements: impl Fn(usize) -> Option<&'a [E]>) -> Self {
        let mut inputs = Self::new();
        for place in places {
            match *place {
                Place::Same(number) => inputs.same(number),
                Place::Source { source, offset, stride, .. } => {
                    inputs.column(elements(source).unwrap_or_default(), offset, stride);
                }
            }
        }
        inputs
    }

    /// The rows of a matrix with so many columns.
    pub(super) fn matrix(elements: &'a [E], columns: usize) -> Self {
        let mut inputs = Self::new();
        (0..columns).for_each(|offset| inputs.column(elements, offset, columns));
        inputs
    }

    fn same(&mut self, number: E) {
        self.columns.push(From::Same(self.same.len()));
        self.same.extend(std::iter::repeat_n(number, E::WIDTH));
    }

    fn column(&mut self, elements: &'a [E], offset: usize, stride: usize) {
        match stride {
            0 => self.same(elements.get(offset).copied().unwrap_or(E::lit(f64::NAN))),
            1 => self.columns.push(From::Rows { elements, offset }),
            _ => {
                let to = self.together.len();
                self.columns.push(From::Apart { elements, offset, stride, to });
                self.together.resize(to + STRETCH, E::lit(0.0));
            }
        }
    }

    /// How many of so many rows can be had at once.
    pub(super) fn at_once(&self, rows: usize) -> usize {
        if self.together.is_empty() { rows } else { rows.min(STRETCH) }
    }

    /// Those rows, for inputs of shape `S`.
    pub(super) fn rows<S: Shape>(&mut self, rows: Range<usize>) -> Read<'_, S, E> {
        for from in &self.columns {
            if let From::Apart { elements, offset, stride, to } = *from {
                let elements = elements.get(offset + rows.start * stride..).unwrap_or_default();
                let stretch = self.together.get_mut(to..to + rows.len()).unwrap_or_default();
                for (place, element) in stretch.iter_mut().zip(elements.iter().step_by(stride)) {
                    *place = *element;
                }
            }
        }
        let mut columns = S::fill(Column { elements: &[][..], mask: usize::MAX });
        for (k, from) in self.columns.iter().enumerate() {
            if let Some(column) = S::get_mut(&mut columns, k) {
                let (elements, first, mask) = match *from {
                    From::Same(block) => (&self.same[..], block, 0),
                    From::Rows { elements, offset } => (elements, offset + rows.start, usize::MAX),
                    From::Apart { to, .. } => (&self.together[..], to, usize::MAX),
                };
                *column = Column { elements: elements.get(first..).unwrap_or_default(), mask };
            }
        }
        Read { columns, rows: rows.len() }
    }
}

/// Rows of the inputs.
pub(super) struct Read<'a, S: Shape, E: Element> {
    columns: Of<S, Column<'a, E>>,
    rows: usize,
}

impl<E: Element, S: Shape> Columns<E, S> for Read<'_, S, E> {
    fn measure(&self, lengths: &mut Lengths) {
        lengths.add(Some(self.rows));
    }

    #[inline(always)]
    fn row(&self, row: usize) -> Of<S, E> {
        S::map(&self.columns, E::lit(0.0), &mut Row(row))
    }

    #[inline(always)]
    fn block(&self, start: usize) -> Of<S, E::Block> {
        S::map(&self.columns, E::Block::lit(0.0), &mut Block(start))
    }
}

struct Row(usize);

impl<E: Element> Map<Column<'_, E>, E> for Row {
    #[inline(always)]
    fn at(&mut self, Column { elements, mask }: Column<'_, E>) -> E {
        elements.get(self.0 & mask).copied().unwrap_or(E::lit(f64::NAN))
    }
}

struct Block(usize);

impl<E: Element<Block = B>, B: Real> Map<Column<'_, E>, B> for Block {
    #[inline(always)]
    fn at(&mut self, Column { elements, mask }: Column<'_, E>) -> B {
        // No slice has as many elements as that leaves; knowing it spares asking whether the end overflows.
        let first = self.0 & (usize::MAX >> 8) & mask;
        match elements.get(first..first + E::WIDTH) {
            Some(rows) => E::gather(|i| rows[i]),
            None => B::lit(f64::NAN),
        }
    }
}
