//! Times of several forms of one computation, side by side.

use std::{hint::black_box, time::Instant};

/// One form of a computation, by name.
pub type Form<'a> = (&'static str, &'a mut dyn FnMut());

/// Seconds of the fastest of many rounds, for each form.
///
/// In a round they run one after another, so that what disturbs the machine disturbs all of them. Rounds
/// differ in where the stack begins in a cache line, or times would differ from one process to the next.
pub fn fastest(rounds: usize, forms: &mut [Form<'_>]) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; forms.len()];
    for round in 0..rounds {
        let time = [time::<16>, time::<32>, time::<48>, time::<64>][round % 4];
        for (best, (_, run)) in best.iter_mut().zip(&mut *forms) {
            *best = best.min(time(&mut **run));
        }
    }
    best
}

/// Seconds of one run, so many bytes further down the stack.
#[inline(never)]
fn time<const BYTES: usize>(run: &mut dyn FnMut()) -> f64 {
    let mut space = [0_u8; BYTES];
    black_box(&mut space);
    let start = Instant::now();
    run();
    let time = start.elapsed().as_secs_f64();
    black_box(&mut space);
    time
}
