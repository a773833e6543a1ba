//! Prints the measurements that `candidates` calibrates models on: the rate of an enzyme, made up.
//!
//! An inhibitor competes with the substrate for the enzyme. The law at known constants, plus normal noise from a
//! fixed seed. The table that is shipped is what this prints:
//!
//! ```text
//! cargo run --example make_inhibition > examples/data/inhibition.csv
//! ```
#![allow(clippy::print_stdout, reason = "an example prints its result")]

mod noise;

use noise::Noise;
use scheme_runtime::prelude::*;

/// The greatest rate in µM/s, the Michaelis constant and the inhibitor's constant in mM.
pub(crate) const CONSTANTS: [f64; 3] = [4.2, 1.5, 0.8];
/// The standard deviation of the noise, in µM/s.
const NOISE: f64 = 0.04;

fn main() {
    print!("{}", table());
}

/// The table as text.
pub(crate) fn table() -> String {
    let law = scheme! { (/ (* vmax s) (+ (* km (+ 1 (/ i ki))) s)) };
    let [vmax, km, ki] = CONSTANTS;
    let mut noise = Noise::new();
    let mut text =
        String::from("# rate of an enzyme, synthetic: see make_inhibition.rs\nsubstrate,inhibitor,rate\n");
    for i in [0.0, 0.4, 0.8, 1.6, 3.2, 6.4] {
        for s in [0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0] {
            let rate = law.call([vmax, s, km, i, ki]) + NOISE * noise.next();
            text.push_str(&format!("{s},{i},{rate:.3}\n"));
        }
    }
    text
}
