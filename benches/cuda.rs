//! Rows on a CUDA device: each program's value, and value and gradient, as one kernel, operation by operation, beside a copy on the
//! device and beside the host's blocks on all its processors.
//!
//! `benches/cuda/run.sh` runs it; alone: `cargo run --release -p scheme-benches --features cuda --bin cuda -- 1000000 100000000`. Before
//! a program is timed, rows spread over all are checked against the host to the bit. Numbers are on the device before and after:
//! what is timed is kernels. Of several runs the fastest counts.
#![allow(clippy::print_stdout, missing_docs)]

use programs::{
    Add, Chain, Coulomb, Discriminant, Dot, Fib, Gaussian, Logistic, Lotka100, Model, Pendulum, Relativistic,
    Tree,
};
use scheme_core::{
    prim::{Numeric, Scalar},
    trace::{Slot, Trace},
};
use scheme_runtime::{
    Interpreter,
    blocks::{Blocks, Column, Output, Rows},
    cuda::{CudaError, Device, Kernel, Slope, Table},
};
use std::{collections::HashMap, env, process::ExitCode, time::Instant};

type Failed = Box<dyn std::error::Error>;

/// How often each is run.
const ROUNDS: usize = 7;

/// The most bytes of a table and what is left of it, beyond which a size is left out.
const BYTES: usize = 64 << 30;

/// Seconds of the fastest run.
fn fastest(mut run: impl FnMut() -> Result<(), CudaError>) -> Result<f64, CudaError> {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// Seconds of a kernel for values, or for values and gradient.
fn kernel(
    device: &Device,
    kernel: &Kernel<f64>,
    table: &Table<f64>,
    ones: Option<&Table<f64>>,
) -> Result<f64, CudaError> {
    fastest(|| {
        // Held until the device is done.
        let _left = match ones {
            Some(ones) => kernel.pull_on(table, ones)?,
            None => kernel.run_on(table)?,
        };
        device.wait()
    })
}

/// Seconds of a trace's operations one by one, each a kernel on whole columns: the sum of what they take.
fn by_operations(
    device: &Device,
    trace: &Trace,
    table: &Table<f64>,
    known: &mut HashMap<(Numeric, usize), f64>,
) -> Result<f64, CudaError> {
    let mut all = 0.0;
    for operation in trace.operations() {
        let moving = operation.operands.iter().filter(|slot| !slot.is_constant()).count();
        let seconds = match known.get(&(operation.row, moving)) {
            Some(seconds) => *seconds,
            None => {
                let mut one = Trace::new(table.columns() as u32);
                let types = operation.row.row().operands;
                let mut next = 0;
                let mut slots = Vec::new();
                for (i, slot) in operation.operands.iter().enumerate() {
                    let moves = !slot.is_constant();
                    let input = if moves {
                        Slot::value(next % table.columns() as u32)
                    } else {
                        one.constant(trace.constant_at(*slot).unwrap_or(1.0))
                    };
                    next += u32::from(moves);
                    slots.push(match types.get(i) {
                        Some(Scalar::Bool) => one.push(Numeric::IsPositive, &[input], 0),
                        _ => input,
                    });
                }
                let y = one.push(operation.row, &slots, 0);
                one.give(vec![y]);
                let compiled = Kernel::compile(device, &one.into(), &[])?;
                let seconds = kernel(device, &compiled, table, None)?;
                known.insert((operation.row, moving), seconds);
                seconds
            }
        };
        all += seconds;
    }
    Ok(all)
}

/// Seconds of the host's blocks, and what they give.
fn on_host(trace: &Trace, columns: &[Vec<f64>], rows: usize) -> (f64, Vec<Vec<f64>>) {
    let blocks = Blocks::new(trace, &[]);
    let columns: Vec<Column<'_, f64>> = columns.iter().map(|column| Column::Each(column)).collect();
    let mut results = vec![vec![0.0; rows]; trace.results().len()];
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let outputs = results.iter_mut().map(|column| Output::Each(column)).collect();
        let start = Instant::now();
        if blocks.run(Rows::All(rows), &columns, outputs, 0).is_ok() {
            best = best.min(start.elapsed().as_secs_f64());
        }
    }
    (best, results)
}

/// A program as its rows of the table.
fn program<M: Model<N>, const N: usize>(
    device: &Device,
    sizes: &[usize],
    copies: &[f64],
    lines: &mut Vec<String>,
) -> Result<(), Failed> {
    let text = Interpreter::new().load(M::TEXT)?;
    let point: Vec<(&str, f64)> = M::INPUTS.into_iter().zip(M::point(0)).collect();
    let run = text.trace(&point)?;
    let values = run.trace().clone();
    let place = |name: &&str| run.inputs().iter().position(|input| input == name);
    let order: Vec<usize> = M::INPUTS.iter().filter_map(place).collect();
    let wrt: Vec<usize> = (0..N).collect();
    let start = Instant::now();
    let compiled = match Kernel::<f64>::compile(device, &values.clone().into(), &wrt) {
        Ok(compiled) => compiled,
        Err(why) => {
            println!("{}: {why}", M::NAME);
            return Ok(());
        }
    };
    let compile = start.elapsed().as_secs_f64();
    let gradient = values.with_gradient(0, &wrt).ok_or("no gradient")?;
    for (&rows, &copy) in sizes.iter().zip(copies) {
        if (2 * N + 2) * rows * 8 > BYTES {
            println!("{}: {rows} rows are left out, for memory", M::NAME);
            continue;
        }
        let mut columns = vec![vec![0.0; rows]; N];
        for (k, place) in order.iter().enumerate() {
            // A million points and three, again and again.
            let points = (0..1_000_003).cycle().map(|row| M::point(row)[k]);
            columns[*place].iter_mut().zip(points).for_each(|(to, x)| *to = x);
        }
        let (host_value, _) = on_host(&values.merged(), &columns, rows);
        let (host_gradient, expected) = on_host(&gradient, &columns, rows);
        let each: Vec<Column<'_, f64>> = columns.iter().map(|column| Column::Each(column)).collect();
        let table = device.table(rows, &each)?;
        let ones = device.table(rows, &[Column::All(1.0)])?;
        check(&compiled, &columns, &expected, rows)?;
        let value = kernel(device, &compiled, &table, None)?;
        let both = kernel(device, &compiled, &table, Some(&ones))?;
        let mut known = HashMap::new();
        let value_by_operations = by_operations(device, &values.merged(), &table, &mut known)?;
        let both_by_operations = by_operations(device, &gradient, &table, &mut known)?;
        let bytes = |numbers: usize| (numbers * rows * 8) as f64;
        let per = |seconds: f64| seconds / rows as f64 * 1e9;
        let row = |what: &str, seconds: f64, single: f64, host: f64, numbers: usize| {
            let share = bytes(numbers) / seconds / copy;
            format!(
                "| {} | {rows} | {what} | {:.4} | {:.1} | {:.2} | {:.2} | {:.2} | {compile:.2} |",
                M::NAME,
                per(seconds),
                bytes(numbers) / seconds * 1e-9,
                share,
                single / seconds,
                host / seconds
            )
        };
        lines.push(row("value", value, value_by_operations, host_value, N + 1));
        lines.push(row("value and gradient", both, both_by_operations, host_gradient, 2 * N + 1));
    }
    Ok(())
}

/// Some of the rows, from all over, on the device and on the host.
fn check(
    compiled: &Kernel<f64>,
    columns: &[Vec<f64>],
    expected: &[Vec<f64>],
    rows: usize,
) -> Result<(), Failed> {
    let count = rows.min(10_007);
    let some: Vec<usize> = (0..count).map(|i| i * (rows / count)).collect();
    let at = |column: &Vec<f64>| -> Vec<f64> { some.iter().map(|row| column[*row]).collect() };
    let inputs: Vec<Vec<f64>> = columns.iter().map(at).collect();
    let each: Vec<Column<'_, f64>> = inputs.iter().map(|column| Column::Each(column)).collect();
    let found = compiled.value_and_grad(count, &each, &[Column::All(1.0)])?;
    let slopes = found.gradient.iter().map(|slope| match slope {
        Slope::Each(column) => &column[..],
        Slope::All(_) => &[],
    });
    let results = found.results.iter().map(|column| &column[..]).chain(slopes);
    for (found_column, wanted) in results.zip(expected.iter().map(at)) {
        for (position, (a, b)) in found_column.iter().zip(wanted).enumerate() {
            let broken = found.broken.binary_search(&position).is_ok();
            if !broken && a.to_bits() != b.to_bits() && !(a.is_nan() && b.is_nan()) {
                return Err(format!("row {}: {a}, not {b}", some[position]).into());
            }
        }
    }
    Ok(())
}

/// Bytes a second of a copy on the device: one number in, one out.
fn copied(device: &Device, rows: usize) -> Result<f64, CudaError> {
    let mut trace = Trace::new(1);
    trace.give(vec![Slot::value(0)]);
    let compiled = Kernel::compile(device, &trace.into(), &[])?;
    let column = vec![1.0; rows];
    let table = device.table(rows, &[Column::Each(&column)])?;
    Ok((2 * 8 * rows) as f64 / kernel(device, &compiled, &table, None)?)
}

fn all(sizes: &[usize]) -> Result<(), Failed> {
    let device = Device::new()?;
    println!("{}, double precision", device.name()?);
    let copies: Vec<f64> = sizes.iter().map(|rows| copied(&device, *rows)).collect::<Result<_, _>>()?;
    for (rows, copy) in sizes.iter().zip(&copies) {
        println!("copy of {rows} numbers: {:.1} GB/s", copy * 1e-9);
    }
    let mut lines = Vec::new();
    program::<Add, 2>(&device, sizes, &copies, &mut lines)?;
    program::<Coulomb, 4>(&device, sizes, &copies, &mut lines)?;
    program::<Gaussian, 3>(&device, sizes, &copies, &mut lines)?;
    program::<Relativistic, 3>(&device, sizes, &copies, &mut lines)?;
    program::<Pendulum, 5>(&device, sizes, &copies, &mut lines)?;
    program::<Discriminant, 3>(&device, sizes, &copies, &mut lines)?;
    program::<Dot, 8>(&device, sizes, &copies, &mut lines)?;
    program::<Chain, 2>(&device, sizes, &copies, &mut lines)?;
    program::<Fib, 2>(&device, sizes, &copies, &mut lines)?;
    program::<Logistic, 2>(&device, sizes, &copies, &mut lines)?;
    program::<Lotka100, 6>(&device, sizes, &copies, &mut lines)?;
    program::<Tree, 4>(&device, sizes, &copies, &mut lines)?;
    println!(
        "\n| program | rows | what | ns a row | GB/s | of a copy | op by op / fused | host / device | s to compile |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn main() -> ExitCode {
    let sizes: Vec<usize> = env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    match all(if sizes.is_empty() { &[1_000_000] } else { &sizes }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}
