//! Two rows of arithmetic in one step, or a sum and its two products: what the first give is not written.
//!
//! Nothing is contracted: each of them is rounded, so that the bits are those of a step for each.

use super::{
    Number,
    code::Source,
    rows::{any, each, flat, is_block, last},
};
use scheme_core::{
    prim::Numeric,
    trace::{Operation, Slot},
};

/// The row that is computed first, of two numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum First {
    Add,
    Sub,
    Mul,
    Div,
}

/// What is done to what the first gives, with a third number or without.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Then {
    Add,
    Sub,
    /// It is subtracted from the third.
    SubFrom,
    Mul,
    Div,
    /// The third is divided by it.
    DivInto,
    Square,
}

/// See the [module](self).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Pair {
    /// One row of the other.
    Two(First, Then),
    /// A sum of two products, or a difference.
    Products { minus: bool },
}

impl Pair {
    /// An operation with one of its operands, and what both read, if there is such a pair.
    pub(super) fn of(
        first: &Operation<'_>,
        then: &Operation<'_>,
        source: impl Fn(Slot) -> Source,
    ) -> Option<(Self, [Source; 4])> {
        let constant = |x: f64| Source::Constant(x.to_bits());
        // To the bit, `-x` is `-0 - x`.
        let (zero, one) = (constant(-0.0), constant(1.0));
        let t = first.result;
        let (first, x, y) = match (first.row, first.operands) {
            (Numeric::Add, [x, y]) => (First::Add, source(*x), source(*y)),
            (Numeric::Sub, [x, y]) => (First::Sub, source(*x), source(*y)),
            (Numeric::Mul, [x, y]) => (First::Mul, source(*x), source(*y)),
            (Numeric::Div, [x, y]) => (First::Div, source(*x), source(*y)),
            (Numeric::Square, [x]) => (First::Mul, source(*x), source(*x)),
            (Numeric::Neg, [x]) => (First::Sub, zero, source(*x)),
            (Numeric::Recip, [x]) => (First::Div, one, source(*x)),
            _ => return None,
        };
        let (then, z) = match (then.row, then.operands) {
            (Numeric::Add, [a, z] | [z, a]) if *a == t => (Then::Add, source(*z)),
            (Numeric::Mul, [a, z] | [z, a]) if *a == t => (Then::Mul, source(*z)),
            (Numeric::Sub, [a, z]) if *a == t => (Then::Sub, source(*z)),
            (Numeric::Sub, [z, _]) => (Then::SubFrom, source(*z)),
            (Numeric::Div, [a, z]) if *a == t => (Then::Div, source(*z)),
            (Numeric::Div, [z, _]) => (Then::DivInto, source(*z)),
            (Numeric::Square, _) => (Then::Square, x),
            (Numeric::Neg, _) => (Then::SubFrom, zero),
            (Numeric::Recip, _) => (Then::DivInto, one),
            _ => return None,
        };
        Some((Self::Two(first, then), [x, y, z, x]))
    }

    /// A sum or difference of two products, and what these read.
    pub(super) fn of_products(
        [first, second]: [&Operation<'_>; 2],
        then: &Operation<'_>,
        source: impl Fn(Slot) -> Source,
    ) -> Option<(Self, [Source; 4])> {
        let minus = match then.row {
            Numeric::Add => false,
            Numeric::Sub => true,
            _ => return None,
        };
        let factors = |product: &Operation<'_>| match (product.row, product.operands) {
            (Numeric::Mul, [x, y]) => Some([source(*x), source(*y)]),
            (Numeric::Square, [x]) => Some([source(*x); 2]),
            _ => None,
        };
        let ([x, y], [z, w]) = (factors(first)?, factors(second)?);
        Some((Self::Products { minus }, [x, y, z, w]))
    }
}

/// Writes the value of a pair.
#[inline(always)]
pub(super) fn apply<E: Number, const W: usize>(pair: Pair, [a, b, c, d]: [&[[E; W]]; 4], to: &mut [[E; W]]) {
    let (first, then) = match pair {
        Pair::Two(first, then) => (first, then),
        Pair::Products { minus: false } => return each!(to, |x in a, y in b, z in c, w in d| x * y + z * w),
        Pair::Products { minus: true } => return each!(to, |x in a, y in b, z in c, w in d| x * y - z * w),
    };
    macro_rules! then {
        (|$x:ident, $y:ident| $first:expr) => {
            match then {
                Then::Add => each!(to, |$x in a, $y in b, z in c| $first + z),
                Then::Sub => each!(to, |$x in a, $y in b, z in c| $first - z),
                Then::SubFrom => each!(to, |$x in a, $y in b, z in c| z - $first),
                Then::Mul => each!(to, |$x in a, $y in b, z in c| $first * z),
                Then::Div => each!(to, |$x in a, $y in b, z in c| $first / z),
                Then::DivInto => each!(to, |$x in a, $y in b, z in c| z / $first),
                Then::Square => each!(to, |$x in a, $y in b| {
                    let first = $first;
                    first * first
                }),
            }
        };
    }
    match first {
        First::Add => then!(|x, y| x + y),
        First::Sub => then!(|x, y| x - y),
        First::Mul => then!(|x, y| x * y),
        First::Div => then!(|x, y| x / y),
    }
}
