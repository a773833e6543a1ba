//! Straight programs of many operations.

use super::text::text;
use crate::{ByHand, Model, Number};

/// Divisions of the chain.
const TIMES: usize = 250;

/// `(/ y (+ e 1))`, so many times: twice it is `(/ (/ y (+ e 1)) (+ e 1))`.
pub fn chain_text(times: usize) -> String {
    format!("{}y{}", "(/ ".repeat(times), " (+ e 1))".repeat(times))
}

/// A chain of divisions, each of which waits for the one before.
#[derive(Debug)]
pub enum Chain {}

impl Model<2> for Chain {
    const NAME: &'static str = "chain";
    const INPUTS: [&'static str; 2] = ["y", "e"];
    const RANGES: [(f64, f64); 2] = [(0.5, 2.0), (0.001, 0.02)];
    text! { 2 "chain.scm" }
}

impl ByHand<2> for Chain {
    #[inline(always)]
    fn value<T: Number>([mut y, e]: [T; 2]) -> T {
        let divisor = e + T::lit(1.0);
        for _ in 0..TIMES {
            y = y / divisor;
        }
        y
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([mut y, e]: [T; 2]) -> (T, [T; 2]) {
        let divisor = e + T::lit(1.0);
        let mut values = [y; TIMES];
        for value in &mut values {
            y = y / divisor;
            *value = y;
        }
        let share = T::lit(1.0) / divisor;
        let (mut dy, mut de) = (T::lit(1.0), T::lit(0.0));
        for y in values.iter().rev() {
            de = de - dy * (*y * share);
            dy = dy * share;
        }
        (y, [dy, de])
    }
}

/// A tree of some 4000 nodes, of mixed operations. Nobody would write it by hand.
#[derive(Debug)]
pub enum Tree {}

impl Model<4> for Tree {
    const NAME: &'static str = "tree";
    const INPUTS: [&'static str; 4] = ["a", "b", "c", "d"];
    const RANGES: [(f64, f64); 4] = [(0.6, 0.8), (-0.5, -0.3), (1.2, 1.4), (0.1, 0.3)];
    text! { 4 "tree.scm" }
}
