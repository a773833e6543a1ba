//! The rows of any number of operands, on two: most of them are.

use crate::Real;
use scheme_core::prim::{Smooth, rules};

/// The less of two numbers.
pub(super) enum Least {}

impl Smooth<2> for Least {
    const DECLARED_ZEROS: [bool; 2] = [false; 2];

    #[inline(always)]
    fn value<A: Real>([a, b]: [A; 2]) -> A {
        a.min(b)
    }
    #[inline(always)]
    fn partials<A: Real>(x: [A; 2], y: A) -> [A; 2] {
        shares(x, y)
    }
}

/// The greater of two numbers.
pub(super) enum Greatest {}

impl Smooth<2> for Greatest {
    const DECLARED_ZEROS: [bool; 2] = [false; 2];

    #[inline(always)]
    fn value<A: Real>([a, b]: [A; 2]) -> A {
        a.max(b)
    }
    #[inline(always)]
    fn partials<A: Real>(x: [A; 2], y: A) -> [A; 2] {
        shares(x, y)
    }
}

#[inline(always)]
fn shares<A: Real>(x: [A; 2], y: A) -> [A; 2] {
    let mut shares = [y; 2];
    rules::share(&x, y, &mut shares);
    shares
}
