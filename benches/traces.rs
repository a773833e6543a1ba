//! Programs from strings beside the same programs through the macro, by hand, by num-dual and on dfdx's tensors,
//! operation by operation: loading, value and gradient at one point, and over rows.
//!
//! `cargo bench -p scheme-benches --bench traces -- coulomb` measures one program, without a name all. What takes part in a
//! measurement is checked against the macro before its clock starts: strings have its values to the bit, and gradients within
//! 1e-13 of the largest partial derivative; forms by hand its values to the bit, but for rounded constants in single
//! precision; num-dual and dfdx, whose elementary functions are others, close values.
//! `cargo run -p scheme-benches --bin table` prints the ratios of what was measured.
#![allow(missing_docs)]

#[path = "traces/check.rs"]
mod check;
#[path = "traces/copy.rs"]
mod copy;
#[path = "traces/lanes.rs"]
mod lanes;
#[path = "traces/point.rs"]
mod point;
#[path = "traces/recording.rs"]
mod recording;
#[path = "traces/rows.rs"]
mod rows;
#[path = "traces/scaling.rs"]
mod scaling;
#[path = "traces/tensors.rs"]
mod tensors;
#[path = "traces/walk.rs"]
mod walk;

use criterion::Criterion;
use programs::{
    Add, ByHand, Chain, Coulomb, Discriminant, Dot, Ema, Fib, Gaussian, Kalman, Logistic, Lotka100,
    Lotka1000, Model, Pendulum, Tree,
};
use rayon::ThreadPoolBuilder;
use rows::Size;
use std::time::Duration;
use tensors::OnTensors;

/// A program of few operations.
fn short<M: OnTensors<N>, const N: usize>(criterion: &mut Criterion, threads: usize) {
    if threads == 1 {
        point::by_hand::<M, N>(criterion);
        recording::recording::<M, N>(criterion);
    }
    for rows in [200, 10_000, 1_000_000] {
        let size = Size { rows, threads };
        rows::on_tensors::<f64, M, N>(criterion, size);
        rows::on_tensors::<f32, M, N>(criterion, size);
    }
}

/// A program of many operations.
fn long<M: ByHand<N>, const N: usize>(criterion: &mut Criterion, threads: usize) {
    if threads == 1 {
        point::by_hand::<M, N>(criterion);
        recording::recording::<M, N>(criterion);
    }
    for rows in [200, 10_000] {
        let size = Size { rows, threads };
        rows::by_hand::<f64, M, N>(criterion, size);
        rows::by_hand::<f32, M, N>(criterion, size);
    }
}

/// A program that nobody writes by hand.
fn long_by_macro<M: Model<N>, const N: usize>(criterion: &mut Criterion, threads: usize) {
    if threads == 1 {
        point::by_macro::<M, N>(criterion);
        recording::recording::<M, N>(criterion);
    }
    for rows in [200, 10_000] {
        rows::string::<M, N>(criterion, Size { rows, threads });
    }
}

fn all(criterion: &mut Criterion, threads: usize) {
    short::<Add, 2>(criterion, threads);
    short::<Coulomb, 4>(criterion, threads);
    short::<Gaussian, 3>(criterion, threads);
    short::<Pendulum, 5>(criterion, threads);
    short::<Discriminant, 3>(criterion, threads);
    short::<Dot, 8>(criterion, threads);
    long::<Chain, 2>(criterion, threads);
    long_by_macro::<Tree, 4>(criterion, threads);
    long::<Lotka100, 6>(criterion, threads);
    long::<Lotka1000, 6>(criterion, threads);
    long::<Logistic, 2>(criterion, threads);
    long::<Fib, 2>(criterion, threads);
    long::<Ema, 2>(criterion, threads);
    long::<Kalman, 2>(criterion, threads);
    copy::copy(criterion, threads);
}

fn main() {
    // Rows go to as many threads as the pool has that they are run in.
    for threads in [1, 2] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20).build();
        pool.expect("threads").install(|| {
            let mut criterion = Criterion::default()
                .warm_up_time(Duration::from_millis(100))
                .measurement_time(Duration::from_millis(500))
                .sample_size(20)
                .nresamples(1001)
                .without_plots()
                .configure_from_args();
            all(&mut criterion, threads);
            if threads == 1 {
                walk::all(&mut criterion);
                scaling::all(&mut criterion);
            }
            criterion.final_summary();
        });
    }
}
