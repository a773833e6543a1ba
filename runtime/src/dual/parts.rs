//! The tangent of a dual number in one direction, and what is done with it.

use super::Dual;
use crate::shape::{Map, Of, Shape, Zip};
use scheme_core::real::{Mask, Real};

/// The tangent in one direction, and whether there is one; where there is none it is 0.
///
/// In lanes some may move and others not, after a `select`; the mask is looked at only then. The two
/// truth values are known to the compiler in straight-line code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<T: Real> {
    tangent: T,
    moves: bool,
    everywhere: bool,
    mask: T::Mask,
}

impl<T: Real> Part<T> {
    /// Moves by `tangent`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn new(tangent: T) -> Self {
        Self { tangent, moves: true, everywhere: true, mask: T::Mask::splat(true) }
    }

    /// Does not move.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn none() -> Self {
        Self { tangent: T::lit(0.0), moves: false, everywhere: false, mask: T::Mask::splat(false) }
    }

    /// The tangent, if it moves anywhere.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn moving(self) -> Option<T> {
        self.moves.then_some(self.tangent)
    }

    /// Moves by a tangent that comes of the old one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn moved(self, tangent: T) -> Self {
        if !self.moves {
            self
        } else if self.everywhere {
            Self::new(tangent)
        } else {
            Self { tangent: T::select(self.mask, tangent, self.tangent), ..self }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(self, i: usize) -> Part<T::Lane> {
        if self.moves && (self.everywhere || self.mask.lane(i)) {
            Part::new(self.tangent.lane(i))
        } else {
            Part::none()
        }
    }

    /// A part from those in the lanes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn from_lanes(lane: impl Fn(usize) -> Part<T::Lane>) -> Self {
        Self {
            tangent: T::from_lanes(|i| lane(i).tangent),
            moves: (0..T::LANES).any(|i| lane(i).moves),
            everywhere: (0..T::LANES).all(|i| lane(i).moves),
            mask: T::Mask::from_lanes(|i| lane(i).moves),
        }
    }

    // What does not move is left out rather than added as 0, which no compiler may drop.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn plus(self, other: Self) -> Self {
        if !self.moves {
            other
        } else if !other.moves {
            self
        } else {
            Self {
                tangent: self.tangent + other.tangent,
                moves: true,
                everywhere: self.everywhere || other.everywhere,
                mask: self.mask.or(other.mask),
            }
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn minus(self, other: Self) -> Self {
        if !other.moves { self } else { self.plus(other.negated()) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn negated(self) -> Self {
        self.moved(-self.tangent)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: T::Mask, then: Self, els: Self) -> Self {
        Self {
            tangent: T::select(mask, then.tangent, els.tangent),
            moves: then.moves || els.moves,
            everywhere: then.everywhere && els.everywhere,
            mask: mask.and(then.mask).or(mask.not().and(els.mask)),
        }
    }
}

/// `a + b` of two parts.
pub(super) struct Plus;

impl<T: Real> Zip<Part<T>, Part<T>> for Plus {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, a: Part<T>, b: Part<T>) -> Part<T> {
        a.plus(b)
    }
}

/// `a - b` of two parts.
pub(super) struct Minus;

impl<T: Real> Zip<Part<T>, Part<T>> for Minus {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, a: Part<T>, b: Part<T>) -> Part<T> {
        a.minus(b)
    }
}

/// `-a` of a part.
pub(super) struct Negate;

impl<T: Real> Map<Part<T>, Part<T>> for Negate {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, part: Part<T>) -> Part<T> {
        part.negated()
    }
}

/// The product of a partial derivative and a part.
pub(super) struct Scale<T>(pub(super) T);

impl<T: Real> Map<Part<T>, Part<T>> for Scale<T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, part: Part<T>) -> Part<T> {
        part.moved(self.0 * part.tangent)
    }
}

/// The first of two parts where a mask holds, else the second.
pub(super) struct Select<M>(pub(super) M);

impl<T: Real> Zip<Part<T>, Part<T>> for Select<T::Mask> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, then: Part<T>, els: Part<T>) -> Part<T> {
        Part::select(self.0, then, els)
    }
}

/// What a part is in one lane.
pub(super) struct OfLane(pub(super) usize);

impl<T: Real> Map<Part<T>, Part<T::Lane>> for OfLane {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, part: Part<T>) -> Part<T::Lane> {
        part.lane(self.0)
    }
}

/// A part from that in the only lane.
pub(super) struct FromLane;

impl<T: Real> Map<Part<T::Lane>, Part<T>> for FromLane {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, part: Part<T::Lane>) -> Part<T> {
        if part.moves { Part::new(T::from_lanes(|_| part.tangent)) } else { Part::none() }
    }
}

/// A tangent as a part.
pub(super) struct Moving;

impl<T: Real> Map<T, Part<T>> for Moving {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, tangent: T) -> Part<T> {
        Part::new(tangent)
    }
}

/// The tangent of a part.
pub(super) struct PartTangent;

impl<T: Real> Map<Part<T>, T> for PartTangent {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, part: Part<T>) -> T {
        part.tangent
    }
}

/// A number as a dual number that does not move.
pub(crate) struct Constant;

impl<T: Real, S: Shape> Map<T, Dual<T, S>> for Constant {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, x: T) -> Dual<T, S> {
        Dual::constant(x)
    }
}

/// The primal of a dual number.
pub(crate) struct Primal;

impl<T: Real, S: Shape> Map<Dual<T, S>, T> for Primal {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, dual: Dual<T, S>) -> T {
        dual.primal
    }
}

/// The tangent of a dual number.
pub(crate) struct Tangent;

impl<T: Real, S: Shape> Map<Dual<T, S>, Of<S, T>> for Tangent {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn at(&mut self, dual: Dual<T, S>) -> Of<S, T> {
        dual.tangent()
    }
}
