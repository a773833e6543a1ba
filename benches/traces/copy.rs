//! A plain copy, whose scaling with threads is the most that programs bound by memory can have.

use criterion::{Criterion, Throughput};
use std::hint::black_box;

/// Numbers copied: as many as the inputs and results of a million rows of Coulomb's law.
const NUMBERS: usize = 9_000_000;

/// Halves on two threads, or all on one.
fn copied(from: &[f64], to: &mut [f64], threads: usize) {
    if threads == 1 {
        to.copy_from_slice(from);
    } else {
        let ((from, from_too), (to, to_too)) =
            (from.split_at(from.len() / 2), to.split_at_mut(from.len() / 2));
        rayon::join(|| to.copy_from_slice(from), || to_too.copy_from_slice(from_too));
    }
}

pub(crate) fn copy(criterion: &mut Criterion, threads: usize) {
    let mut group = criterion.benchmark_group("copy");
    group.throughput(Throughput::Elements(NUMBERS as u64));
    let what = if threads == 1 { "9000000 numbers/copy" } else { "9000000 numbers, 2 threads/copy" };
    group.bench_function(what, |b| {
        let (from, mut to) = (vec![1.0; NUMBERS], vec![0.0; NUMBERS]);
        b.iter(|| copied(black_box(&from), black_box(&mut to), threads));
    });
    group.finish();
}
