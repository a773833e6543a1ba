//! Prints the measurements that `quickstart` fits: the angle of a pendulum, made up.
//!
//! The model at known constants, plus normal noise from a fixed seed. The table that is shipped is
//! what this prints:
//!
//! ```text
//! cargo run --example make_ring_down > examples/data/ring_down.csv
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

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
    // Box and Muller's normal numbers from two uniform ones, with the functions of the language, so
    // that every machine prints the same.
    let normal = scheme! { (* (sqrt (* -2 (log u))) (cos (* 6.283185307179586 v))) };
    let [a, c, w, p] = CONSTANTS;
    let mut uniform = Uniform(0x9E37_79B9_7F4A_7C15);
    let mut text = String::from("# angle of a pendulum, synthetic: see make_ring_down.rs\ntime,angle\n");
    for i in 0..60 {
        let t = 0.25 * f64::from(i);
        let angle = model.call([a, c, t, w, p]) + NOISE * normal.call([uniform.next(), uniform.next()]);
        text.push_str(&format!("{t},{angle:.4}\n"));
    }
    text
}

/// Marsaglia's xorshift64: uniform numbers in (0, 1).
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}
