//! Kernels as C: every row of the table, every operation on whole matrices and every program's traces, values and gradients,
//! have the bits of the record.

mod cc;
mod device;
mod matrices;

use cc::{Job, Number, check};
use matrices::operations_on_matrices;
use scheme_core::{
    c::{SUMS, source},
    prim::{Numeric, Scalar},
    trace::{Record, Slot},
};
use scheme_runtime::{
    Interpreter,
    cuda::{CudaError, ptx},
};
use std::{path::Path, sync::OnceLock};

/// Numbers as they come: edges, and xorshift bits, many of moderate size.
fn numbers(count: usize) -> Vec<f64> {
    let mut numbers =
        vec![0.0, -0.0, 5e-324, -5e-324, f64::MIN_POSITIVE, -f64::MIN_POSITIVE, 1e-310, -1e-310];
    numbers.extend([f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-45, 1e38, -3e38]);
    for x in [
        1e-20, 1e-8, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 8.0, 9.5, 17.0, 20.0,
        37.5, 39.5, 40.0, 41.25, 100.0, 128.0, 129.0, 150.0, 709.5, 745.0, 1e6, 1048576.0, 1048577.5, 1e16,
        1e22, 1e300,
    ] {
        numbers.extend([x, -x]);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    while numbers.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        numbers.push(match numbers.len() % 4 {
            0 => f64::from_bits(state),
            1 => f64::from_bits((state & 0x8fff_ffff_ffff_ffff) | 0x3800_0000_0000_0000),
            _ => ((state >> 11) as f64 / (1u64 << 53) as f64 - 0.5) * 24.0,
        });
    }
    numbers
}

/// One trace for each row of the table on operands of its own, with its gradient where it has one.
fn rows_of_the_table<E: Number>() -> Vec<Job<E>> {
    let numbers = numbers(900);
    let mut jobs = Vec::new();
    for row in Numeric::ALL {
        let types = row.row().operands;
        let many = matches!(row, Numeric::Min | Numeric::Max);
        let count = if many { 3 } else { types.len() };
        let mut record = Record::new(count as u32);
        let operand = |i: usize| match types.get(i) {
            Some(Scalar::Bool) => record.push(Numeric::IsPositive, &[Slot::value(i as u32)], 0),
            _ => Slot::value(i as u32),
        };
        let operands: Vec<Slot> = (0..count).map(operand).collect();
        let y = record.push(*row, &operands, 0);
        record.give(vec![y]);
        // Two operands meet in all pairs of the edges, and as they come; orders of the polygamma function are few, and small.
        let n = numbers.len();
        let number = |i: usize, k: usize| match (*row, k) {
            (Numeric::Polygamma, 0) => {
                [0.0, 1.0, 2.0, 3.0, 5.0, 30.0, 128.0, 129.0, 140.0, -1.0, 0.5, f64::NAN][i % 12]
            }
            (Numeric::Polygamma, 1) => numbers[i / 12 % n].clamp(-1e3, 1e6),
            (_, 0) => numbers[i % n],
            (_, 1) => numbers[(i / n + i * 7) % n],
            _ => numbers[(i / 3 + 5 * k) % n],
        };
        let rows: Vec<Vec<E>> = (0..if count == 1 { n } else { 5 * n })
            .map(|i| (0..count).map(|k| E::lit(number(i, k))).collect())
            .collect();
        let wrt: Vec<usize> = (0..count).collect();
        let values = Job { name: format!("{row:?}"), record, rows };
        if let Some(record) = values.record.with_gradient(0, &wrt) {
            let rows = values.rows.clone();
            jobs.push(Job { name: format!("the gradient of {row:?}"), record, rows });
        }
        jobs.push(values);
    }
    jobs
}

#[test]
fn rows_of_the_table_in_double_precision() {
    check("rows_double", "-O2", &rows_of_the_table::<f64>());
}

#[test]
fn rows_of_the_table_in_single_precision() {
    check("rows_single", "-O1", &rows_of_the_table::<f32>());
}

#[test]
fn operations_on_matrices_in_double_precision() {
    check("matrices_double", "-O2", &operations_on_matrices::<f64>(6));
}

#[test]
fn operations_on_matrices_in_single_precision() {
    check("matrices_single", "-O1", &operations_on_matrices::<f32>(6));
}

/// The most operations of a program's trace that is compiled here.
const MOST: usize = 4000;

/// The traces of the list of programs at their points, and what they are pulled back to; recorded once for all precisions.
fn programs<E: Number>() -> Vec<Job<E>> {
    static RECORDED: OnceLock<Vec<Job<f64>>> = OnceLock::new();
    let numbers = |row: &Vec<f64>| row.iter().map(|x| E::lit(*x)).collect();
    let job = |Job { name, record, rows }: &Job<f64>| Job {
        name: name.clone(),
        record: record.clone(),
        rows: rows.iter().map(numbers).collect(),
    };
    RECORDED.get_or_init(recorded).iter().map(job).collect()
}

fn recorded() -> Vec<Job<f64>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs/cases");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the cases").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let mut jobs: Vec<Job<f64>> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file");
        let points: Vec<Vec<(&str, f64)>> = text
            .lines()
            .filter_map(|line| line.strip_prefix("; at:"))
            .map(|line| {
                line.split_whitespace()
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, x)| (name, x.parse().expect("a number")))
                    .collect()
            })
            .collect();
        let program = Interpreter::new().load(&text).expect("it loads");
        let name = file.file_stem().expect("a name").to_string_lossy();
        let mut records: Vec<Record> = Vec::new();
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for point in &points {
            let run = program.trace(point).expect("a trace");
            let place =
                |input: &String| point.iter().find(|(name, _)| name == input).map_or(f64::NAN, |(_, x)| *x);
            rows.push(run.inputs().iter().map(place).collect());
            let record = Record::from(run.trace().clone());
            if record.len() <= MOST && !records.contains(&record) {
                records.push(record);
            }
        }
        for record in records.into_iter().take(2) {
            let wrt: Vec<usize> = (0..record.inputs()).collect();
            if let Some(pulled) = record.with_cotangents(&wrt).filter(|pulled| pulled.len() <= 2 * MOST) {
                let cotangents: Vec<f64> = (1..=record.results().len()).map(|k| k as f64).collect();
                let rows = rows.iter().map(|row| [&row[..], &cotangents].concat()).collect();
                jobs.push(Job { name: format!("the gradient of {name}"), record: pulled, rows });
            }
            jobs.push(Job { name: name.to_string(), record, rows: rows.clone() });
        }
    }
    assert!(jobs.len() > 300, "{}", jobs.len());
    jobs
}

#[test]
fn programs_in_double_precision() {
    check("programs_double", "-O0", &programs::<f64>());
}

#[test]
fn programs_in_single_precision() {
    check("programs_single", "-O0", &programs::<f32>());
}

/// Compiles the kernels of jobs for a device of the compute capability, so many to a text; says so, and compiles nothing, where there
/// is no NVRTC or the feature `cuda` is off.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn compiles<E: Number>(jobs: impl FnOnce() -> Vec<Job<E>>, together: usize) {
    if let Err(why @ (CudaError::Off | CudaError::NoCompiler)) = ptx("", (8, 0)) {
        return println!("skipped: {why}");
    }
    for jobs in jobs().chunks(together) {
        let names: Vec<String> = (0..jobs.len()).map(|i| format!("kernel_{i}")).collect();
        let named = names.iter().map(String::as_str).zip(jobs.iter().map(|job| &job.record));
        let text = source(&named.collect::<Vec<_>>(), E::PRECISION) + SUMS;
        match ptx(&text, (8, 0)) {
            Ok(ptx) => assert!(names.iter().all(|name| ptx.contains(&format!(".entry {name}")))),
            Err(error) => panic!("{}: {error}", jobs[0].name),
        }
    }
}

#[test]
fn kernels_of_the_table_are_cuda() {
    compiles(rows_of_the_table::<f64>, 200);
    compiles(rows_of_the_table::<f32>, 200);
}

#[test]
fn kernels_with_matrices_are_cuda() {
    compiles(|| operations_on_matrices::<f64>(4), 8);
    compiles(|| operations_on_matrices::<f32>(4), 8);
}

#[test]
fn kernels_of_programs_are_cuda() {
    compiles(programs::<f64>, 1);
}
