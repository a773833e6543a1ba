//! Times of several forms of one computation, side by side.

use std::time::Instant;

/// One form of a computation, by name.
pub type Form<'a> = (&'static str, &'a mut dyn FnMut());

/// Seconds of the fastest of many rounds, for each form; in a round they run one after another, so that
/// what disturbs the machine disturbs all of them.
pub fn fastest(rounds: usize, forms: &mut [Form<'_>]) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; forms.len()];
    for _ in 0..rounds {
        for (best, (_, run)) in best.iter_mut().zip(&mut *forms) {
            let start = Instant::now();
            run();
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best
}
