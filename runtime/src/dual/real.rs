//! Dual numbers are reals.
//!
//! The primal is what the row gives on primals, to the same bits. Addition, subtraction and negation
//! are linear and act on tangents as on primals; the other rows go by their partials in the table.
//! Comparisons see the primal alone.

use super::{
    Dual, Part,
    parts::{FromLane, Minus, Negate, OfLane, Plus, Scale, Select},
};
use crate::shape::{Shape, each};
use scheme_core::{
    prim::{
        Whole,
        rules::{self, declared_zero},
    },
    real::{Ask, Real},
};
use std::ops;

impl<T: Real, S: Shape> ops::Add for Dual<T, S> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn add(self, other: Self) -> Self {
        let parts = S::zip(&self.parts, &other.parts, Part::none(), &mut Plus);
        Self { primal: self.primal + other.primal, parts }
    }
}

impl<T: Real, S: Shape> ops::Sub for Dual<T, S> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sub(self, other: Self) -> Self {
        let parts = S::zip(&self.parts, &other.parts, Part::none(), &mut Minus);
        Self { primal: self.primal - other.primal, parts }
    }
}

impl<T: Real, S: Shape> ops::Neg for Dual<T, S> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn neg(self) -> Self {
        Self { primal: -self.primal, parts: S::map(&self.parts, Part::none(), &mut Negate) }
    }
}

impl<T: Real, S: Shape> ops::Mul for Dual<T, S> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul(self, other: Self) -> Self {
        let y = self.primal * other.primal;
        Self::chain(y, [self, other], rules::mul([self.primal, other.primal], y), declared_zero::mul)
    }
}

impl<T: Real, S: Shape> ops::Div for Dual<T, S> {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn div(self, other: Self) -> Self {
        let y = self.primal / other.primal;
        Self::chain(y, [self, other], rules::div([self.primal, other.primal], y), declared_zero::div)
    }
}

/// Rows of one operand, by the table.
macro_rules! unary {
    ($($row:ident)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $row(self) -> Self {
            let y = self.primal.$row();
            Self::chain(y, [self], rules::$row([self.primal], y), declared_zero::$row)
        }
    )*};
}

/// Rows of two operands, by the table.
macro_rules! binary {
    ($($row:ident)*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $row(self, other: Self) -> Self {
            let y = self.primal.$row(other.primal);
            Self::chain(y, [self, other], rules::$row([self.primal, other.primal], y), declared_zero::$row)
        }
    )*};
}

/// Questions about one number or two, answered by the primals.
macro_rules! predicates {
    ($($row:ident($($other:ident)?))*) => {$(
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn $row(self $(, $other: Self)?) -> T::Mask {
            self.primal.$row($($other.primal)?)
        }
    )*};
}

impl<T: Real, S: Shape> Real for Dual<T, S> {
    type Mask = T::Mask;
    type Lane = Dual<T::Lane, S>;
    type Uniform = T::Uniform;
    const LANES: usize = T::LANES;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn splat(x: T::Uniform) -> Self {
        Self::constant(T::splat(x))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lane(self, i: usize) -> Self::Lane {
        Dual { primal: self.primal.lane(i), parts: S::map(&self.parts, Part::none(), &mut OfLane(i)) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from_lanes(mut lane: impl FnMut(usize) -> Self::Lane) -> Self {
        if T::LANES == 1 {
            let only = lane(0);
            let primal = T::from_lanes(|_| only.primal);
            return Self { primal, parts: S::map(&only.parts, Part::none(), &mut FromLane) };
        }
        let lanes: Vec<Self::Lane> = (0..T::LANES).map(&mut lane).collect();
        let mut out = Self::constant(T::from_lanes(|i| lanes[i].primal));
        each!(k < S::LEN, {
            let part = |i: usize| S::get(&lanes[i].parts, k).copied().unwrap_or(Part::none());
            if let Some(own) = S::get_mut(&mut out.parts, k) {
                *own = Part::from_lanes(part);
            }
        });
        out
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn primal(self) -> f64 {
        self.primal.primal()
    }

    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let primals: Vec<T> = x.iter().map(|x| x.primal).collect();
        let orders = T::lift(&primals, order + 1, partials)?;
        let moved = |(value, by_each): (&T, &[T])| {
            let mut out = Self::constant(*value);
            for (x, partial) in x.iter().zip(by_each) {
                let term = S::map(&x.parts, Part::none(), &mut Scale(*partial));
                out.parts = S::zip(&out.parts, &term, Part::none(), &mut Plus);
            }
            out
        };
        let pairs = orders.iter().zip(orders.iter().skip(1));
        Ok(pairs
            .map(|(these, next)| these.iter().zip(next.chunks(x.len().max(1))).map(moved).collect())
            .collect())
    }

    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        Self::on_whole(whole, operands, results);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn item(items: &'static [f64], index: Self) -> Self {
        Self::constant(T::item(items, index.primal))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lit(x: f64) -> Self {
        Self::constant(T::lit(x))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn two_over_sqrt_pi() -> Self {
        Self::constant(T::two_over_sqrt_pi())
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn select(mask: T::Mask, then: Self, els: Self) -> Self {
        Self {
            primal: T::select(mask, then.primal, els.primal),
            parts: S::zip(&then.parts, &els.parts, Part::none(), &mut Select(mask)),
        }
    }

    // Which sides to evaluate is for `T` to say; what they give is put aside, since it is not made of `T`s.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn branch<const K: usize>(
        mask: T::Mask,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        let nothing = [Self::lit(f64::NAN); K];
        let (mut taken, mut other) = ((nothing, false), (nothing, false));
        T::branch::<0>(
            mask,
            || {
                taken = (then(), true);
                []
            },
            || {
                other = (els(), true);
                []
            },
        );
        match (taken.1, other.1) {
            (true, false) => taken.0,
            (false, _) => other.0,
            (true, true) => {
                let mut out = nothing;
                each!(k < K, {
                    out[k] = Self::select(mask, taken.0[k], other.0[k]);
                });
                out
            }
        }
    }

    predicates! {
        less(other) less_eq(other) equal(other) greater(other) greater_eq(other) eqv(other)
        is_zero() is_positive() is_negative() is_nan() is_finite() is_integer() is_even() is_odd()
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn indicator(mask: T::Mask) -> Self {
        Self::constant(T::indicator(mask))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn stop_gradient(self) -> Self {
        Self::constant(self.primal.stop_gradient())
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min(self, other: Self) -> Self {
        Self::min_of([self, other])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max(self, other: Self) -> Self {
        Self::max_of([self, other])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn min_of<const K: usize>(xs: [Self; K]) -> Self {
        let primals = primals(&xs);
        Self::extremum(xs, primals, T::min_of(primals))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn max_of<const K: usize>(xs: [Self; K]) -> Self {
        let primals = primals(&xs);
        Self::extremum(xs, primals, T::max_of(primals))
    }

    unary! {
        recip square cube relu sign abs sqrt norm_root floor ceiling round truncate
        exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh
        sigmoid softplus erf lgamma
    }

    binary! { remainder modulo quotient norm_ratio log_base expt atan2 polygamma }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.primal.sin_cos();
        (
            Self::chain(sin, [self], rules::sin([self.primal], sin), declared_zero::sin),
            Self::chain(cos, [self], rules::cos([self.primal], cos), declared_zero::cos),
        )
    }
}

impl<T: Real, S: Shape> Dual<T, S> {
    /// `min` and `max`: those that tie for the value share it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn extremum<const K: usize>(xs: [Self; K], primals: [T; K], y: T) -> Self {
        let mut shares = [y; K];
        rules::share(&primals, y, &mut shares);
        Self::chain(y, xs, shares, [false; K])
    }
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn primals<T: Real, S: Shape, const K: usize>(xs: &[Dual<T, S>; K]) -> [T; K] {
    let mut primals = [T::lit(0.0); K];
    each!(k < K, {
        primals[k] = xs[k].primal;
    });
    primals
}
