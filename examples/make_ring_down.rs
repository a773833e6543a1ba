//! Prints the measurements that `quickstart` fits: the angle of a pendulum, made up.
//!
//! The model at known constants, plus normal noise from a fixed seed. The table that is shipped is
//! what this prints:
//!
//! ```text
//! cargo run --example make_ring_down > examples/data/ring_down.csv
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;

use noise::Noise;
use scheme_runtime::prelude::*;

/// Amplitude in radians, damping and frequency per second, phase in radians.
pub(crate) const CONSTANTS: [f64; 4] = [0.8, 0.15, 2.2, 0.3];
/// The standard deviation of the noise, in radians.
const NOISE: f64 = 0.02;

fn main() {
    print!("{}", table());
}

/// The table as text.
pub(crate) fn table() -> String {
    let model = scheme! { (* a (exp (- (* c t))) (cos (+ (* w t) p))) };
    let [a, c, w, p] = CONSTANTS;
    let mut noise = Noise::new();
    let mut text = String::from("# angle of a pendulum, synthetic: see make_ring_down.rs\ntime,angle\n");
    for i in 0..60 {
        let t = 0.25 * f64::from(i);
        let angle = model.call([a, c, t, w, p]) + NOISE * noise.next();
        text.push_str(&format!("{t},{angle:.4}\n"));
    }
    text
}
