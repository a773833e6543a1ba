//! Values and gradients over rows: the string beside the macro's `vmap`, a loop by hand, num-dual and dfdx.

use crate::{
    check::Check,
    lanes::{self, Precision},
    tensors::{self, OnTensors, Real},
};
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, measurement::WallTime};
use dfdx::{tensor::Cpu, tensor_ops::Device};
use programs::{ByHand, Column, Model};
use scheme_runtime::{Interpreter, StringProgram, value_and_grad, vmap};
use std::{
    cell::{LazyCell, RefCell},
    hint::black_box,
};

/// How many rows, on how many threads. On two go strings and, of short programs, the macro.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) threads: usize,
}

/// The inputs in columns, what the macro gives, and memory for results.
struct Table<E, const N: usize> {
    program: StringProgram,
    names: [&'static str; N],
    x: [Column<E>; N],
    out: RefCell<Out<E, N>>,
    wanted: Out<E, N>,
}

struct Out<E, const N: usize> {
    y: Column<E>,
    dx: [Column<E>; N],
}

impl<E: Precision, const N: usize> Out<E, N> {
    fn new(rows: usize) -> Self {
        let mut places = N..;
        let mut column = || Column::new(rows, places.next().unwrap_or(0));
        Self { y: column(), dx: std::array::from_fn(|_| column()) }
    }

    fn columns(&mut self) -> (&mut [E], [&mut [E]; N]) {
        (&mut self.y, self.dx.each_mut().map(|column| &mut **column))
    }
}

impl<E: Precision, const N: usize> Table<E, N> {
    /// What is wanted is what `compiled` leaves in the memory for results.
    fn new<M: Model<N>>(rows: usize, compiled: impl FnOnce(&Self)) -> Self {
        let mut x: [Column<E>; N] = std::array::from_fn(|k| Column::new(rows, k));
        for row in 0..rows {
            x.iter_mut().zip(M::point(row)).for_each(|(column, x)| column[row] = E::lit(x));
        }
        let interpreter = Interpreter::new().single_precision(E::NAME == "f32");
        let program = interpreter.load(M::TEXT).expect("it loads");
        let (out, wanted) = (RefCell::new(Out::new(rows)), Out::new(rows));
        let mut table = Self { program, names: M::INPUTS, x, out, wanted };
        compiled(&table);
        std::mem::swap(table.out.get_mut(), &mut table.wanted);
        table.string();
        table.check_out(Check { program: M::NAME, who: "string", tolerance: E::TOLERANCE, bits: true });
        table
    }

    fn check(&self, check: Check, row: usize, y: f64, by: &[f64]) {
        let wanted_by = self.wanted.dx.each_ref().map(|column| column[row].into());
        check.point(y, by, self.wanted.y[row].into(), &wanted_by);
    }

    /// Checks what is in the memory for results.
    fn check_out(&self, check: Check) {
        let out = self.out.borrow();
        for row in 0..out.y.len() {
            let by = out.dx.each_ref().map(|column| column[row].into());
            self.check(check, row, out.y[row].into(), &by);
        }
    }

    fn slices(&self) -> [&[E]; N] {
        self.x.each_ref().map(|column| &**column)
    }

    fn string(&self) {
        let columns: [(&str, &[E]); N] = std::array::from_fn(|k| (self.names[k], &self.x[k][..]));
        let mut out = self.out.borrow_mut();
        let (y, mut dx) = out.columns();
        let ran = self.program.value_and_grad_into(&self.names, black_box(&columns), &[], y, &mut dx);
        ran.expect("rows");
    }

    fn compiled<M: Model<N>>(&self) {
        let (mut out, f) = (self.out.borrow_mut(), value_and_grad(M::program()));
        vmap(f).into_slices(black_box(self.slices()), out.columns()).expect("rows");
    }

    fn compiled_on<M: Model<N>>(&self, threads: usize) {
        let (mut out, f) = (self.out.borrow_mut(), value_and_grad(M::program()));
        vmap(f).threads(threads).into_slices(black_box(self.slices()), out.columns()).expect("rows");
    }

    fn one_by_one(&self, f: impl Fn([f64; N]) -> (f64, [f64; N])) {
        let mut out = self.out.borrow_mut();
        let (y, mut dx) = out.columns();
        let x = black_box(self.slices());
        for row in 0..y.len() {
            let (value, gradient) = f(x.map(|column| column[row].into()));
            y[row] = E::lit(value);
            dx.iter_mut().zip(gradient).for_each(|(column, d)| column[row] = E::lit(d));
        }
    }

    fn hand<M: ByHand<N>>(&self) {
        let mut out = self.out.borrow_mut();
        let (y, dx) = out.columns();
        lanes::gradients::<E, M, N>(black_box(self.slices()), y, dx);
    }
}

/// A group for so many rows.
fn group<'c, M: Model<N>, const N: usize>(
    criterion: &'c mut Criterion,
    size: Size,
) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(M::NAME.to_lowercase());
    group.throughput(Throughput::Elements(size.rows as u64));
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group
}

fn what<E: Precision>(Size { rows, threads }: Size, who: &str) -> String {
    let threads = if threads == 1 { "" } else { ", 2 threads" };
    format!("{rows} rows, {}{threads}/{who}", E::NAME)
}

/// The string alone, which is checked against the macro row by row: of a program of thousands of operations, the
/// compiler takes long for `vmap`.
pub(crate) fn string<M: Model<N>, const N: usize>(criterion: &mut Criterion, size: Size) {
    let table = LazyCell::new(|| {
        Table::<f64, N>::new::<M>(size.rows, |table| table.one_by_one(M::compiled_gradient))
    });
    measure_string(&mut group::<M, N>(criterion, size), size, &table);
}

fn measure_string<E: Precision, const N: usize>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    size: Size,
    table: &LazyCell<Table<E, N>, impl FnOnce() -> Table<E, N>>,
) {
    group.bench_function(what::<E>(size, "string"), |b| {
        let table = LazyCell::force(table);
        b.iter(|| table.string());
    });
}

/// The string, the macro, by hand, and, in double precision, num-dual.
pub(crate) fn by_hand<E: Precision, M: ByHand<N>, const N: usize>(criterion: &mut Criterion, size: Size) {
    let table = LazyCell::new(|| Table::<E, N>::new::<M>(size.rows, Table::compiled::<M>));
    hand_and_dual::<E, M, N>(&mut group::<M, N>(criterion, size), size, &table);
}

fn hand_and_dual<E: Precision, M: ByHand<N>, const N: usize>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    size: Size,
    table: &LazyCell<Table<E, N>, impl FnOnce() -> Table<E, N>>,
) {
    measure_string(group, size, table);
    if size.threads > 1 {
        return;
    }
    group.bench_function(what::<E>(size, "macro"), |b| {
        let table = LazyCell::force(table);
        b.iter(|| table.compiled::<M>());
    });
    // In single precision its constants are rounded once, and the program's when they are computed.
    let bits = E::NAME == "f64";
    let check = Check { program: M::NAME, who: "by hand", tolerance: 10.0 * E::TOLERANCE, bits };
    let hand = LazyCell::new(|| {
        table.hand::<M>();
        table.check_out(check);
    });
    group.bench_function(what::<E>(size, "hand"), |b| {
        LazyCell::force(&hand);
        b.iter(|| table.hand::<M>());
    });
    if E::NAME == "f32" {
        return;
    }
    let dual = LazyCell::new(|| {
        table.one_by_one(M::dual_gradient);
        table.check_out(Check { who: "num-dual", tolerance: 1e-11, bits: false, ..check });
    });
    group.bench_function(what::<E>(size, "num-dual"), |b| {
        LazyCell::force(&dual);
        b.iter(|| table.one_by_one(M::dual_gradient));
    });
}

/// All of them, and dfdx.
pub(crate) fn on_tensors<E: Real, M: OnTensors<N>, const N: usize>(criterion: &mut Criterion, size: Size)
where
    Cpu: Device<E>,
{
    let table = LazyCell::new(|| Table::<E, N>::new::<M>(size.rows, Table::compiled::<M>));
    let mut group = group::<M, N>(criterion, size);
    hand_and_dual::<E, M, N>(&mut group, size, &table);
    if size.threads > 1 {
        group.bench_function(what::<E>(size, "macro"), |b| {
            let table = LazyCell::force(&table);
            table.compiled_on::<M>(size.threads);
            table.check_out(Check { program: M::NAME, who: "macro", tolerance: 0.0, bits: true });
            b.iter(|| table.compiled_on::<M>(size.threads));
        });
        return;
    }
    let tensors = LazyCell::new(|| {
        let x = tensors::batches(table.slices());
        let (y, gradients) = tensors::gradients::<E, M, N>(&x);
        let mut out = table.out.borrow_mut();
        out.y.copy_from_slice(&y.as_vec());
        for (column, x) in out.dx.iter_mut().zip(&x) {
            column.copy_from_slice(&gradients.get(x).as_vec());
        }
        drop(out);
        let tolerance = 10.0 * E::TOLERANCE;
        table.check_out(Check { program: M::NAME, who: "dfdx", tolerance, bits: false });
        x
    });
    group.bench_function(what::<E>(size, "dfdx"), |b| {
        let x = LazyCell::force(&tensors);
        b.iter(|| tensors::gradients::<E, M, N>(black_box(x)));
    });
}
