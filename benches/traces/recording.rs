//! What recording a run costs: a call that records its run beside an evaluation of the same call that does not.

use criterion::Criterion;
use programs::Model;
use scheme_runtime::{Interpreter, Limits, StringProgram};
use std::{cell::LazyCell, hint::black_box};

/// Calls after which no run is tried to be recorded for long, where none may have a trace.
const CALLS: usize = 64;

/// A program that may record its runs, and one that may not and evaluates every call.
fn loaded<M: Model<N>, const N: usize>(at: &[(&str, f64)]) -> [StringProgram; 2] {
    let load = |limits| Interpreter::with_limits(limits).load(M::TEXT).expect("it loads");
    let [recorded, plain] = [Limits::default(), Limits { trace: 0, ..Limits::default() }].map(load);
    let value = recorded.trace(at).expect("it has a trace").value().clone();
    for _ in 0..CALLS {
        assert_eq!(plain.call(at).as_ref(), Ok(&value), "{}", M::NAME);
    }
    assert_eq!(plain.describe().paths, 0, "{}", M::NAME);
    [recorded, plain]
}

pub(crate) fn recording<M: Model<N>, const N: usize>(criterion: &mut Criterion) {
    let x = M::point(7);
    let at: [(&str, f64); N] = std::array::from_fn(|k| (M::INPUTS[k], x[k]));
    let programs = LazyCell::new(|| loaded::<M, N>(&at));
    let mut group = criterion.benchmark_group(M::NAME.to_lowercase());
    group.bench_function("recording/string", |b| {
        let [program, _] = &*programs;
        b.iter(|| program.trace(black_box(&at)));
    });
    group.bench_function("recording/plain", |b| {
        let [_, program] = &*programs;
        b.iter(|| program.call(black_box(&at)));
    });
    group.finish();
}
