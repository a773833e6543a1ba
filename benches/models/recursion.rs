//! A program that calls itself twice.

use super::text::text;
use crate::{ByHand, Model, Number};

/// A recurrence of second order by tree recursion; with 1 and 1 it counts the leaves.
#[derive(Debug)]
pub enum Fib {}

impl Model<2> for Fib {
    const NAME: &'static str = "fib";
    const INPUTS: [&'static str; 2] = ["a", "b"];
    const RANGES: [(f64, f64); 2] = [(0.5, 2.0), (0.5, 1.0)];
    text! { 2 "fib.scm" }
}

fn value<T: Number>(n: u32, a: T, b: T) -> T {
    if n < 2 { a } else { value(n - 1, a, b) + b * value(n - 2, a, b) }
}

/// The value and its derivatives by `a` and `b`.
fn tangents<T: Number>(n: u32, a: T, b: T) -> [T; 3] {
    if n < 2 {
        return [a, T::lit(1.0), T::lit(0.0)];
    }
    let [y, by_a, by_b] = tangents(n - 1, a, b);
    let [z, za, zb] = tangents(n - 2, a, b);
    [y + b * z, by_a + b * za, by_b + z + b * zb]
}

impl ByHand<2> for Fib {
    #[inline(always)]
    fn value<T: Number>([a, b]: [T; 2]) -> T {
        value(15, a, b)
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([a, b]: [T; 2]) -> (T, [T; 2]) {
        let [y, by_a, by_b] = tangents(15, a, b);
        (y, [by_a, by_b])
    }
}
