//! The elementary functions against a big-float oracle, over the whole domain.
//!
//! `MATH_SAMPLES=1000000 cargo test --release -p scheme-core --test math_oracle -- --nocapture`
//! gives the worst errors that the functions' documentation states.
#![allow(clippy::print_stdout)]

mod explog;
mod oracle;
mod samples;
mod special;
mod trig;

use astro_float::BigFloat;
use oracle::{Big, ulps};
use samples::{Random, count};

/// The worst error allowed, in ulps.
const BOUND: f64 = 2.0;

/// Asserts the bound for a function of `K` numbers, and prints the worst error found.
fn check<const K: usize>(
    name: &str,
    mut sample: impl FnMut(&mut Random) -> [f64; K],
    function: impl Fn([f64; K]) -> f64,
    mut exact: impl FnMut(&mut Big, [f64; K]) -> BigFloat,
) {
    let mut big = Big::new();
    let mut random = Random::new(name.len() as u64 * 31 + u64::from(name.as_bytes()[0]));
    let (mut worst, mut at) = (0.0, [0.0; K]);
    for _ in 0..count() {
        let x = sample(&mut random);
        let got = function(x);
        let error = ulps(got, &exact(&mut big, x));
        assert!(error <= BOUND, "{name}{x:?} = {got:e}, off by {error} ulp");
        if error > worst {
            (worst, at) = (error, x);
        }
    }
    println!("{name}: worst {worst:.3} ulp, at {at:?}");
}

/// Asserts values at the edges, sign of zero included; nan stands for any nan.
fn edges<const K: usize>(name: &str, function: impl Fn([f64; K]) -> f64, table: &[([f64; K], f64)]) {
    for (x, want) in table {
        let got = function(*x);
        let same = got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
        assert!(same, "{name}{x:?} is {got:e} rather than {want:e}");
    }
}
