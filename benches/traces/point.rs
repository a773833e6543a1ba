//! One point: loading a string, its first value and gradient, and each further one, beside the others.

use crate::check::Check;
use criterion::Criterion;
use programs::{ByHand, Model};
use scheme_runtime::{Interpreter, Prepared, StringProgram};
use std::{cell::LazyCell, hint::black_box};

/// Rows of the first call over rows.
const ROWS: usize = 200;

/// A program from a string, with its inputs at a point.
struct Loaded<const N: usize> {
    program: StringProgram,
    names: [&'static str; N],
    at: [(&'static str, f64); N],
}

impl<const N: usize> Loaded<N> {
    fn new<M: Model<N>>(x: [f64; N]) -> Self {
        let program = Interpreter::new().load(M::TEXT).expect("it loads");
        assert!(program.inputs().eq(M::INPUTS), "{}", M::NAME);
        let mut k = 0..;
        let at = x.map(|x| (M::INPUTS[k.next().unwrap_or(0)], x));
        Self { program, names: M::INPUTS, at }
    }

    /// The same for calls by position, on its path.
    fn prepared(&self) -> Prepared {
        self.program.prepare(&self.names, &self.names).expect("its inputs are numbers")
    }

    fn value_and_grad(&self) -> (f64, Vec<f64>) {
        self.program.value_and_grad(&self.names, black_box(&self.at)).expect("it has a gradient")
    }
}

/// The string and the macro.
pub(crate) fn by_macro<M: Model<N>, const N: usize>(criterion: &mut Criterion) {
    let x = M::point(7);
    let loaded = LazyCell::new(|| {
        let (value, gradient) = M::compiled_gradient(x);
        assert_eq!(M::compiled(x).to_bits(), value.to_bits(), "{}", M::NAME);
        let loaded = Loaded::new::<M>(x);
        let check = Check { program: M::NAME, who: "string", tolerance: 1e-13, bits: true };
        // Until its path is known, and then by it.
        for _ in 0..4 {
            let (found, by) = loaded.value_and_grad();
            check.point(found, &by, value, &gradient);
        }
        let mut prepared = loaded.prepared();
        for _ in 0..4 {
            let (found, by) = prepared.value_and_grad(&x).expect("it has a gradient");
            Check { who: "prepared", ..check }.point(found, by, value, &gradient);
        }
        loaded
    });
    let columns: [Vec<f64>; N] = std::array::from_fn(|k| (0..ROWS).map(|row| M::point(row)[k]).collect());
    let columns: [(&str, &[f64]); N] = std::array::from_fn(|k| (M::INPUTS[k], &columns[k][..]));

    let mut group = criterion.benchmark_group(M::NAME.to_lowercase());
    group.bench_function("load/string", |b| b.iter(|| Interpreter::new().load(black_box(M::TEXT))));
    group.bench_function("load and first call/string", |b| {
        b.iter(|| {
            let program = Interpreter::new().load(black_box(M::TEXT)).expect("it loads");
            program.value_and_grad(&loaded.names, &loaded.at).expect("it has a gradient")
        });
    });
    let first_rows = || {
        let program = Interpreter::new().load(black_box(M::TEXT)).expect("it loads");
        program.value_and_grad_columns(&M::INPUTS, black_box(&columns), &[]).expect("it has a gradient")
    };
    group.bench_function("load and first call on 200 rows/string", |b| {
        let (values, by) = first_rows();
        for (row, found) in values.iter().enumerate() {
            let (value, gradient) = M::compiled_gradient(M::point(row));
            let slopes: Vec<f64> = by.iter().map(|column| column[row]).collect();
            let check = Check { program: M::NAME, who: "rows", tolerance: 1e-13, bits: true };
            check.point(*found, &slopes, value, &gradient);
        }
        b.iter(first_rows);
    });
    group.bench_function("call/string", |b| {
        let loaded = &*loaded;
        b.iter(|| loaded.value_and_grad());
    });
    group.bench_function("call/prepared", |b| {
        let mut prepared = loaded.prepared();
        b.iter(|| prepared.value_and_grad(black_box(&x)).map(|(value, gradient)| (value, gradient[0])));
    });
    group.bench_function("call/macro", |b| b.iter(|| M::compiled_gradient(*black_box(&x))));
    group.finish();
}

/// The string, the macro, by hand and num-dual.
pub(crate) fn by_hand<M: ByHand<N>, const N: usize>(criterion: &mut Criterion) {
    by_macro::<M, N>(criterion);
    let x = M::point(7);
    let checked = LazyCell::new(|| {
        let (value, gradient) = M::compiled_gradient(x);
        let check = Check { program: M::NAME, who: "by hand", tolerance: 1e-12, bits: true };
        let (found, by) = M::value_and_gradient(x);
        check.point(found, &by, value, &gradient);
        check.point(M::value(x), &by, value, &gradient);
        let (found, by) = M::dual_gradient(x);
        Check { who: "num-dual", tolerance: 1e-11, bits: false, ..check }.point(found, &by, value, &gradient);
    });
    let mut group = criterion.benchmark_group(M::NAME.to_lowercase());
    group.bench_function("call/hand", |b| {
        LazyCell::force(&checked);
        b.iter(|| M::value_and_gradient(*black_box(&x)));
    });
    group.bench_function("call/num-dual", |b| {
        LazyCell::force(&checked);
        b.iter(|| M::dual_gradient(*black_box(&x)));
    });
    group.finish();
}
