//! A few rows of arithmetic in one step: what the first give is not written.
//!
//! They are two, or three and four of the shapes that derivatives of products have. Nothing is contracted: each of them is rounded, so that
//! the bits are those of a step for each.

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
    /// A number and a product of three factors.
    Triple(Signs),
    /// A product and one of three factors.
    Factors(Signs),
    /// That, where the first product has the second of them, too.
    Shared(Signs),
    /// A sum or difference, times a product.
    Scaled { minus: bool },
    /// That, where the product has the second of the numbers that are added.
    Curve { minus: bool },
    /// A difference divided by a product.
    Ratio,
}

/// How a number and a product of three factors are added.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Signs {
    Plus,
    /// The product is subtracted.
    Minus,
    /// The number is subtracted from it.
    From,
}

impl Signs {
    /// Those of what the second row adds to the first, if that is what it does; `second` says whether the product is its own number.
    fn of(then: Then, second: bool) -> Option<Self> {
        match (then, second) {
            (Then::Add, _) => Some(Self::Plus),
            (Then::Sub, true) | (Then::SubFrom, false) => Some(Self::Minus),
            (Then::SubFrom, true) | (Then::Sub, false) => Some(Self::From),
            _ => None,
        }
    }
}

/// What a pair reads; behind what it has, the first again.
pub(super) type Sources = [Source; 5];

/// What a pair may take in, in the place of a number that it reads.
#[derive(Clone, Copy)]
pub(super) enum Inner {
    Sum {
        minus: bool,
        of: [Source; 2],
    },
    Product([Source; 2]),
    /// Of three factors, the first two of which are multiplied first.
    Factors([Source; 3]),
}

impl Inner {
    /// An operation.
    pub(super) fn of(operation: &Operation<'_>, source: impl Fn(Slot) -> Source) -> Option<Self> {
        match (operation.row, operation.operands) {
            (Numeric::Add, [x, y]) => Some(Self::Sum { minus: false, of: [source(*x), source(*y)] }),
            (Numeric::Sub, [x, y]) => Some(Self::Sum { minus: true, of: [source(*x), source(*y)] }),
            _ => factors(operation, source).map(Self::Product),
        }
    }

    /// A pair that is a product.
    pub(super) fn of_pair(pair: Pair, [x, y, z, ..]: Sources) -> Option<Self> {
        (pair == Pair::Two(First::Mul, Then::Mul)).then_some(Self::Factors([x, y, z]))
    }
}

/// The factors of a product.
fn factors(operation: &Operation<'_>, source: impl Fn(Slot) -> Source) -> Option<[Source; 2]> {
    match (operation.row, operation.operands) {
        (Numeric::Mul, [x, y]) => Some([source(*x), source(*y)]),
        (Numeric::Square, [x]) => Some([source(*x); 2]),
        _ => None,
    }
}

impl Pair {
    /// An operation with one of its operands, and what both read, if there is such a pair.
    pub(super) fn of(
        first: &Operation<'_>,
        then: &Operation<'_>,
        source: impl Fn(Slot) -> Source,
    ) -> Option<(Self, Sources)> {
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
        Some((Self::Two(first, then), [x, y, z, x, x]))
    }

    /// A sum or difference of two products, and what these read.
    pub(super) fn of_products(
        [first, second]: [&Operation<'_>; 2],
        then: &Operation<'_>,
        source: impl Fn(Slot) -> Source,
    ) -> Option<(Self, Sources)> {
        let minus = match then.row {
            Numeric::Add => false,
            Numeric::Sub => true,
            _ => return None,
        };
        let ([x, y], [z, w]) = (factors(first, &source)?, factors(second, &source)?);
        Some((Self::Products { minus }, [x, y, z, w, x]))
    }

    /// An operation that adds `t`, a product of three factors, to a number.
    pub(super) fn of_factors(
        operation: &Operation<'_>,
        t: Slot,
        [a, b, c]: [Source; 3],
        source: impl Fn(Slot) -> Source,
    ) -> Option<(Self, Sources)> {
        let (signs, z) = match (operation.row, operation.operands) {
            (Numeric::Add, [s, z] | [z, s]) if *s == t => (Signs::Plus, z),
            (Numeric::Sub, [s, z]) if *s == t => (Signs::From, z),
            (Numeric::Sub, [z, s]) if *s == t => (Signs::Minus, z),
            _ => return None,
        };
        (*z != t).then(|| (Self::Triple(signs), [a, b, c, source(*z), a]))
    }

    /// The pair with `t` computed in it, which is no more than one of the numbers that it reads.
    pub(super) fn with(self, read: Sources, t: Source, inner: Inner) -> Option<(Self, Sources)> {
        let has = if let Self::Products { .. } = self { 4 } else { 3 };
        let mut at = (0..has).filter(|k| read[*k] == t);
        let (Some(at), None) = (at.next(), at.next()) else { return None };
        let [x, y, z, w, _] = read;
        let (pair, read) = match (self, inner, at) {
            (Self::Two(First::Add, Then::Mul), Inner::Product(of), 2) => scaled(false, [x, y], of),
            (Self::Two(First::Sub, Then::Mul), Inner::Product(of), 2) => scaled(true, [x, y], of),
            (Self::Two(First::Mul, Then::Mul), Inner::Sum { minus, of }, 2) => scaled(minus, of, [x, y]),
            (Self::Two(First::Sub, Then::Div), Inner::Product([a, b]), 2) => (Self::Ratio, [x, y, a, b, x]),
            (Self::Two(First::Mul, then), Inner::Factors(of), 2) => {
                with_factors(Signs::of(then, true)?, [x, y], of)
            }
            (Self::Two(First::Mul, then), Inner::Product([a, b]), 0 | 1) => {
                let other = if at == 0 { y } else { x };
                (Self::Triple(Signs::of(then, false)?), [a, b, other, z, x])
            }
            (Self::Products { minus }, Inner::Product([a, b]), _) => {
                let signs = match (minus, at < 2) {
                    (false, _) => Signs::Plus,
                    (true, false) => Signs::Minus,
                    (true, true) => Signs::From,
                };
                match at {
                    0 => with_factors(signs, [z, w], [a, b, y]),
                    1 => with_factors(signs, [z, w], [a, b, x]),
                    2 => with_factors(signs, [x, y], [a, b, w]),
                    _ => with_factors(signs, [x, y], [a, b, z]),
                }
            }
            _ => return None,
        };
        Some((pair, read))
    }
}

/// A product and one of three factors.
fn with_factors(signs: Signs, [x, y]: [Source; 2], [a, b, c]: [Source; 3]) -> (Pair, Sources) {
    for (x, y) in [(x, y), (y, x)] {
        for (a, b) in [(a, b), (b, a)] {
            if y == a {
                return (Pair::Shared(signs), [x, y, b, c, x]);
            }
        }
    }
    (Pair::Factors(signs), [x, y, a, b, c])
}

/// A sum or difference, times a product.
fn scaled(minus: bool, [x, y]: [Source; 2], [a, b]: [Source; 2]) -> (Pair, Sources) {
    if y == a || y == b {
        let other = if y == a { b } else { a };
        return (Pair::Curve { minus }, [x, y, other, x, x]);
    }
    (Pair::Scaled { minus }, [x, y, a, b, x])
}

/// Writes the value of a pair; `more` are the fourth and the fifth number that it reads.
#[inline(always)]
pub(super) fn apply<'r, E: Number, const W: usize>(
    pair: Pair,
    [a, b, c]: [&'r [[E; W]]; 3],
    more: impl Fn() -> [&'r [[E; W]]; 2],
    to: &mut [[E; W]],
) {
    macro_rules! four {
        (|$x:ident, $y:ident, $z:ident, $w:ident| $value:expr) => {{
            let [d, _] = more();
            each!(to, |$x in a, $y in b, $z in c, $w in d| $value)
        }};
    }
    macro_rules! five {
        (|$x:ident, $y:ident, $z:ident, $w:ident, $v:ident| $value:expr) => {{
            let [d, e] = more();
            each!(to, |$x in a, $y in b, $z in c, $w in d, $v in e| $value)
        }};
    }
    let (first, then) = match pair {
        Pair::Two(first, then) => (first, then),
        Pair::Products { minus: false } => return four!(|x, y, z, w| x * y + z * w),
        Pair::Products { minus: true } => return four!(|x, y, z, w| x * y - z * w),
        Pair::Triple(Signs::Plus) => return four!(|x, y, z, w| x * y * z + w),
        Pair::Triple(Signs::Minus) => return four!(|x, y, z, w| w - x * y * z),
        Pair::Triple(Signs::From) => return four!(|x, y, z, w| x * y * z - w),
        Pair::Factors(Signs::Plus) => return five!(|x, y, z, w, v| x * y + z * w * v),
        Pair::Factors(Signs::Minus) => return five!(|x, y, z, w, v| x * y - z * w * v),
        Pair::Factors(Signs::From) => return five!(|x, y, z, w, v| z * w * v - x * y),
        Pair::Shared(Signs::Plus) => return four!(|x, y, w, v| x * y + y * w * v),
        Pair::Shared(Signs::Minus) => return four!(|x, y, w, v| x * y - y * w * v),
        Pair::Shared(Signs::From) => return four!(|x, y, w, v| y * w * v - x * y),
        Pair::Curve { minus: false } => return each!(to, |x in a, y in b, z in c| (x + y) * (z * y)),
        Pair::Curve { minus: true } => return each!(to, |x in a, y in b, z in c| (x - y) * (z * y)),
        Pair::Scaled { minus: false } => return four!(|x, y, z, w| (x + y) * (z * w)),
        Pair::Scaled { minus: true } => return four!(|x, y, z, w| (x - y) * (z * w)),
        Pair::Ratio => return four!(|x, y, z, w| (x - y) / (z * w)),
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
