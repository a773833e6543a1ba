//! Rows on a device, and what comes back.

use super::{
    CudaError, Device, Number,
    driver::{Argument, Memory},
};
use crate::blocks::{Column, Mismatch};

/// Columns in the memory of a device: what kernels run on.
#[derive(Debug)]
pub struct Table<E> {
    pub(super) device: Device,
    rows: usize,
    /// A column, or the one number of all rows.
    pub(super) columns: Vec<(Memory<E>, bool)>,
}

impl Device {
    /// Brings columns of so many rows to the device.
    ///
    /// # Errors
    /// A column of another length, or the driver's.
    pub fn table<E: Number>(&self, rows: usize, columns: &[Column<'_, E>]) -> Result<Table<E>, CudaError> {
        let mut all = Vec::with_capacity(columns.len());
        for (input, column) in columns.iter().enumerate() {
            all.push(match column {
                Column::Each(column) if column.len() != rows => {
                    return Err(Mismatch::Column { input, expected: rows, found: column.len() }.into());
                }
                Column::Each(column) => (self.0.upload(column)?, true),
                Column::All(x) => (self.0.upload(&[*x])?, false),
            });
        }
        Ok(Table { device: self.clone(), rows, columns: all })
    }
}

impl<E: Number> Table<E> {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The addresses of its columns, and how far rows are apart in each.
    pub(super) fn places(&self) -> impl Iterator<Item = (u64, i64)> {
        self.columns.iter().map(|(memory, each)| (memory.address(), i64::from(*each)))
    }
}

/// What a kernel left on the device.
#[derive(Debug)]
pub struct Left<E> {
    pub(super) device: Device,
    pub(super) rows: usize,
    /// Column after column.
    pub(super) numbers: Memory<E>,
    pub(super) broken: Memory<u8>,
}

impl<E: Number> Left<E> {
    /// Where a column begins.
    pub(super) fn column(&self, k: usize) -> Argument {
        Argument::Address(self.numbers.address() + (k * self.rows * size_of::<E>()) as u64)
    }

    /// The columns, of which there are so many, and the rows that broke a guard.
    pub(super) fn download(&self, columns: usize) -> Result<(Vec<Vec<E>>, Vec<usize>), CudaError> {
        let mut numbers = if columns == 0 { Vec::new() } else { self.device.0.download(&self.numbers)? };
        numbers.truncate(columns * self.rows);
        let columns = match self.rows {
            0 => vec![Vec::new(); columns],
            rows => numbers.chunks_exact(rows).map(<[E]>::to_vec).collect(),
        };
        Ok((columns, self.broken()?))
    }

    /// The rows that broke a guard.
    pub(super) fn broken(&self) -> Result<Vec<usize>, CudaError> {
        let broken = self.device.0.download(&self.broken)?;
        Ok(broken
            .into_iter()
            .take(self.rows)
            .enumerate()
            .filter(|(_, b)| *b != 0)
            .map(|(row, _)| row)
            .collect())
    }
}

/// The results of rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Rows<E> {
    /// A column for each result.
    pub results: Vec<Vec<E>>,
    /// The rows that broke a guard, rising: what stands for them is 0, and the host runs them.
    pub broken: Vec<usize>,
}

/// The results of rows and the gradient of their weighted sum.
#[derive(Clone, PartialEq, Debug)]
pub struct Slopes<E> {
    /// A column for each result.
    pub results: Vec<Vec<E>>,
    /// For each input that derivatives are taken by, in its order.
    pub gradient: Vec<Slope<E>>,
    /// As of [`Rows`].
    pub broken: Vec<usize>,
}

/// The derivative by an input.
#[derive(Clone, PartialEq, Debug)]
pub enum Slope<E> {
    /// One number a row, of a column.
    Each(Vec<E>),
    /// The sum over rows, of an input that is the same in all: [`sum`](crate::blocks::sum), to the bit.
    All(f64),
}
