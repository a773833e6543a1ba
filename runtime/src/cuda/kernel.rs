//! A record as kernels of a device.

use super::{
    CudaError, Device, Number, Rows, Slope, Slopes, Table,
    driver::{Argument, Code, Memory},
    table::Left,
};
use crate::blocks::{Column, Mismatch};
use scheme_core::{
    c::{Precision, SUMS, source},
    trace::{Record, Step},
};
use std::{fmt::Write as _, marker::PhantomData};

/// The most operations of a kernel, one on whole matrices counted as its multiplications: a compiler takes minutes for more.
pub const MOST: usize = 20_000;

/// A record as a kernel for its values, and one for these with the gradient.
///
/// ```
/// use scheme_core::{prim::Numeric, trace::{Record, Slot}};
/// use scheme_runtime::{blocks::Column, cuda::{Device, Kernel, Slope}};
///
/// let mut record = Record::new(2);
/// let y = record.push(Numeric::Mul, &[Slot::value(0), Slot::value(1)], 0);
/// record.give(vec![y]);
/// if let Ok(device) = Device::new() {
///     let kernel = Kernel::<f64>::compile(&device, &record, &[0, 1])?;
///     let columns = [Column::Each(&[1.0, 2.0][..]), Column::All(10.0)];
///     let found = kernel.value_and_grad(2, &columns, &[Column::All(1.0)])?;
///     assert_eq!(found.results, [[10.0, 20.0]]);
///     assert_eq!(found.gradient, [Slope::Each(vec![10.0, 10.0]), Slope::All(3.0)]);
/// }
/// # Ok::<(), scheme_runtime::cuda::CudaError>(())
/// ```
#[derive(Debug)]
pub struct Kernel<E> {
    device: Device,
    code: Code,
    inputs: usize,
    results: usize,
    wrt: Vec<usize>,
    has_gradient: bool,
    about: String,
    number: PhantomData<E>,
}

impl<E: Number> Kernel<E> {
    /// Compiles a record, with the gradient by the inputs `wrt`; none for no inputs.
    ///
    /// The gradient has the bits of [`Record::with_gradient`]: compile the record as it was made.
    ///
    /// # Errors
    /// A record that is too long or has no such gradient, and the compiler's.
    pub fn compile(device: &Device, record: &Record, wrt: &[usize]) -> Result<Self, CudaError> {
        let gradients = match wrt {
            [] => None,
            wrt => Some(record.with_cotangents(wrt).ok_or(CudaError::NoGradient)?),
        };
        Self::of_both(device, &record.without_products().merged(), gradients.as_ref(), wrt)
    }

    /// Compiles a record for the values, and one that takes cotangents behind its inputs and gives the gradient behind
    /// the values.
    pub(super) fn of_both(
        device: &Device,
        values: &Record,
        gradients: Option<&Record>,
        wrt: &[usize],
    ) -> Result<Self, CudaError> {
        let text = text(values, gradients, E::PRECISION)?;
        Ok(Self {
            device: device.clone(),
            code: device.0.load(&text)?,
            inputs: values.inputs(),
            results: values.results().len(),
            wrt: wrt.to_vec(),
            has_gradient: gradients.is_some(),
            about: about(values, wrt, E::PRECISION),
            number: PhantomData,
        })
    }

    /// What runs where, in a line: operations, guards, precision.
    pub fn describe(&self) -> &str {
        &self.about
    }

    /// The results of rows: columns as of [`Blocks::run`](crate::blocks::Blocks::run).
    ///
    /// # Errors
    /// Columns that do not fit, or the driver's.
    pub fn run(&self, rows: usize, columns: &[Column<'_, E>]) -> Result<Rows<E>, CudaError> {
        let left = self.run_on(&self.device.table(rows, columns)?)?;
        let (results, broken) = left.download(self.results)?;
        Ok(Rows { results, broken })
    }

    /// The results of rows, and the gradient of the sum of results times `cotangents`, of which there is a column for each
    /// result.
    ///
    /// # Errors
    /// As [`run`](Self::run), and a kernel that was compiled without a gradient.
    pub fn value_and_grad(
        &self,
        rows: usize,
        columns: &[Column<'_, E>],
        cotangents: &[Column<'_, E>],
    ) -> Result<Slopes<E>, CudaError> {
        let table = self.device.table(rows, columns)?;
        let left = self.pull_on(&table, &self.device.table(rows, cotangents)?)?;
        let sums = self.sums(&table, &left)?;
        let (mut results, broken) = left.download(self.results + self.wrt.len())?;
        let gradient = results.split_off(self.results).into_iter().zip(sums);
        let gradient = gradient.map(|(each, sum)| sum.map_or(Slope::Each(each), Slope::All)).collect();
        Ok(Slopes { results, gradient, broken })
    }

    /// Starts the kernel for values on rows that are on the device, and leaves what it gives there.
    ///
    /// # Errors
    /// A table for another trace or on another device, and the driver's.
    pub fn run_on(&self, table: &Table<E>) -> Result<Left<E>, CudaError> {
        self.start("values", table, None, self.results)
    }

    /// Starts the kernel for values and gradient likewise. Sums over rows are not taken.
    ///
    /// # Errors
    /// As [`run_on`](Self::run_on), and a kernel that was compiled without a gradient.
    pub fn pull_on(&self, table: &Table<E>, cotangents: &Table<E>) -> Result<Left<E>, CudaError> {
        if !self.has_gradient {
            return Err(CudaError::NoGradient);
        }
        let (expected, found) = (self.results, cotangents.columns.len());
        if expected != found {
            return Err(Mismatch::Results { expected, found }.into());
        }
        if table.rows() != cotangents.rows() {
            let (expected, found) = (table.rows(), cotangents.rows());
            return Err(Mismatch::Output { result: 0, expected, found }.into());
        }
        self.start("gradients", table, Some(cotangents), self.results + self.wrt.len())
    }

    fn start(
        &self,
        name: &str,
        table: &Table<E>,
        cotangents: Option<&Table<E>>,
        columns: usize,
    ) -> Result<Left<E>, CudaError> {
        // Addresses mean something on their own device alone.
        if ![Some(table), cotangents].into_iter().flatten().all(|table| table.device == self.device) {
            return Err(CudaError::OtherDevice);
        }
        let (expected, found) = (self.inputs, table.columns.len());
        if expected != found {
            return Err(Mismatch::Inputs { expected, found }.into());
        }
        let (driver, rows) = (&self.device.0, table.rows());
        let places = table.places().chain(cotangents.into_iter().flat_map(Table::places));
        let (addresses, strides): (Vec<u64>, Vec<i64>) = places.unzip();
        let (addresses, strides) = (driver.upload(&addresses)?, driver.upload(&strides)?);
        let numbers = driver.reserve(columns.checked_mul(rows).ok_or(CudaError::TooLarge)?)?;
        let left = Left { device: self.device.clone(), rows, numbers, broken: driver.reserve(rows)? };
        if rows > 0 {
            let arguments = [
                Argument::Count(rows),
                Argument::Address(addresses.address()),
                Argument::Address(strides.address()),
                left.column(0),
                Argument::Address(left.broken.address()),
            ];
            driver.launch(&self.code, name, rows, &arguments)?;
        }
        Ok(left)
    }

    /// Of each derivative, the sum over rows, if the input is the same in all.
    fn sums(&self, table: &Table<E>, left: &Left<E>) -> Result<Vec<Option<f64>>, CudaError> {
        let shared = |input: &usize| table.columns.get(*input).is_some_and(|(_, each)| !each);
        let sums = self
            .wrt
            .iter()
            .enumerate()
            .map(|(k, input)| shared(input).then(|| self.sum(left, self.results + k)).transpose());
        sums.collect()
    }

    /// The sum of a column, in the tree of sums over rows.
    fn sum(&self, left: &Left<E>, column: usize) -> Result<f64, CudaError> {
        let (driver, one) = (&self.device.0, Argument::Count(1));
        let mut count = left.rows.div_ceil(1024);
        if count == 0 {
            return Ok(0.0);
        }
        let abreast: Memory<f64> = driver.reserve(8 * count)?;
        let mut sums: Memory<f64> = driver.reserve(count)?;
        let first = match E::PRECISION {
            Precision::Double => "sums_abreast",
            Precision::Single => "sums_abreast_single",
        };
        let [from, to] = [&abreast, &sums].map(|memory| Argument::Address(memory.address()));
        driver.launch(
            &self.code,
            first,
            8 * count,
            &[Argument::Count(left.rows), one, left.column(column), from],
        )?;
        driver.launch(&self.code, "sums_leaves", count, &[Argument::Count(count), one, from, to])?;
        while count > 1 {
            let pairs = count.div_ceil(2);
            let next: Memory<f64> = driver.reserve(pairs)?;
            let [from, to] = [&sums, &next].map(|memory| Argument::Address(memory.address()));
            driver.launch(&self.code, "sums_pairs", pairs, &[Argument::Count(count), one, from, to])?;
            (sums, count) = (next, pairs);
        }
        Ok(driver.download(&sums)?.first().copied().unwrap_or(0.0))
    }
}

/// The text of the kernels.
fn text(values: &Record, gradients: Option<&Record>, precision: Precision) -> Result<String, CudaError> {
    let operations = gradients.map_or(0, operations).max(operations(values));
    if operations > MOST {
        return Err(CudaError::TooLong { operations });
    }
    let kernels = std::iter::once(("values", values)).chain(gradients.map(|record| ("gradients", record)));
    Ok(source(&kernels.collect::<Vec<_>>(), precision) + SUMS)
}

/// How many operations it has; those on whole matrices take memory of each thread, too.
fn operations(record: &Record) -> usize {
    let of = |step: Step<'_>| match step {
        Step::Operation(_) => 1,
        Step::Whole(whole, operation) => {
            let n = whole.takes().next().map_or(1, |(_, n)| n as usize);
            operation.operands.len().max(whole.results()).saturating_mul(n)
        }
    };
    record.steps().map(of).fold(0, usize::saturating_add)
}

fn about(values: &Record, wrt: &[usize], precision: Precision) -> String {
    let mut about = format!("{} operations in {} on the device", values.len(), precision.name());
    if !wrt.is_empty() {
        write!(about, ", derivatives by {} of {} inputs", wrt.len(), values.inputs()).unwrap_or_default();
    }
    match values.guards().len() {
        0 => {}
        guards => write!(about, ", rows that break one of {guards} guards on the host").unwrap_or_default(),
    }
    about
}
