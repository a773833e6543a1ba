//! What a compiled function runs on: a copyable real number.
//!
//! One trait with a method for every numeric row of the primitive table. `f32`, `f64` and
//! lanes run on this crate's elementary functions, so a value has the same
//! bits in every way of running; dual numbers and the graph's tracer are reals as well. Comparisons
//! give a [`Mask`](Real::Mask), since in lanes there is one answer per lane.

mod kinds;

use crate::{anf, prim::Whole};
use std::{fmt::Debug, ops};

/// The answers to a comparison: `bool` for one number, one answer per lane for lanes.
pub trait Mask: Copy + Debug {
    /// The same answer in every lane.
    fn splat(b: bool) -> Self;
    /// The answer in lane `i`, the last lane's beyond it.
    fn lane(self, i: usize) -> bool;
    /// The answers in the lanes.
    fn from_lanes(lane: impl FnMut(usize) -> bool) -> Self;
    /// Lane by lane `and`.
    fn and(self, other: Self) -> Self;
    /// Lane by lane `or`.
    fn or(self, other: Self) -> Self;
    /// Lane by lane `not`.
    fn not(self) -> Self;
}

impl Mask for bool {
    #[inline(always)]
    fn splat(b: bool) -> Self {
        b
    }
    #[inline(always)]
    fn lane(self, _: usize) -> bool {
        self
    }
    #[inline(always)]
    fn from_lanes(mut lane: impl FnMut(usize) -> bool) -> Self {
        lane(0)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }
    #[inline(always)]
    fn not(self) -> Self {
        !self
    }
}

/// What [`Real::lift`] asks a function of machine numbers for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The inputs, of each the numbers in all lanes one after the other; so is what the function gives.
    pub x: &'a [f64],
    /// How many lanes there are.
    pub lanes: usize,
    /// Up to which order partial derivatives are asked for.
    pub order: u32,
    /// Whether to round as `f32` does.
    pub single: bool,
}

/// A real number, or several in lanes.
///
/// Formulas, domains and edge values are those of the rows in the primitive table; the methods
/// carry the rows' names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a compiled Scheme function can run on",
    label = "not a real number",
    note = "use `f64` or `f32`, and write `1.0` where you wrote `1`; numbers of other crates go in `Foreign`"
)]
#[expect(missing_docs, reason = "each method is the row of its name in the primitive table")]
pub trait Real:
    Copy
    + Debug
    + ops::Add<Output = Self>
    + ops::Sub<Output = Self>
    + ops::Mul<Output = Self>
    + ops::Div<Output = Self>
    + ops::Neg<Output = Self>
{
    /// What comparisons give.
    type Mask: Mask;
    /// What one lane holds: the same number, if there is one lane only. Control flow that lanes cannot
    /// share runs lane by lane.
    type Lane: Real<Mask = bool, Lane = Self::Lane>;
    /// A number that is the same in all lanes and carries no derivative, to the same precision: what loops count with.
    type Uniform: Real<Mask = bool>;
    /// How many lanes there are.
    const LANES: usize;

    /// The number in lane `i`, the last lane's beyond it.
    fn lane(self, i: usize) -> Self::Lane;
    /// A number from those in its lanes.
    fn from_lanes(lane: impl FnMut(usize) -> Self::Lane) -> Self;
    /// A number that is the same in all lanes.
    fn splat(x: Self::Uniform) -> Self;
    /// The value of the first lane, without any derivative, as messages show it.
    fn primal(self) -> f64;
    /// A function of machine numbers at these: all its partial derivatives up to
    /// `order`, that of order `k` as `n`ᵏ numbers, from those of the function, which is asked for as many
    /// orders more as the numbers carry derivatives.
    /// Unless a type says otherwise, that at the numbers' [`primal`](Real::primal)s, as constants.
    ///
    /// # Errors
    /// The function's.
    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let x: Vec<f64> = x.iter().map(|x| x.primal()).collect();
        let orders = partials(&Ask { x: &x, lanes: 1, order, single: false })?;
        Ok(orders.into_iter().map(|all| all.into_iter().map(Self::lit).collect()).collect())
    }

    /// An operation on whole matrices, from the elements of its operands to those of its result: in each lane the table's
    /// routine. Numbers that carry derivatives go by the table's rule, as their types say.
    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let lanes: Vec<Vec<Self::Lane>> = (0..Self::LANES)
            .map(|lane| {
                let operands: Vec<Self::Lane> = operands.iter().map(|x| x.lane(lane)).collect();
                let mut results = vec![Self::Lane::lit(f64::NAN); results.len()];
                whole.apply(&operands, &mut results);
                results
            })
            .collect();
        let of = |lane: usize, at: usize| lanes.get(lane).and_then(|lane| lane.get(at)).copied();
        for (at, result) in results.iter_mut().enumerate() {
            *result = Self::from_lanes(|lane| of(lane, at).unwrap_or(Self::Lane::lit(f64::NAN)));
        }
    }

    /// What a table of constants has at an index, in each lane, as a constant: [`anf::item`].
    #[inline(always)]
    fn item(items: &'static [f64], index: Self) -> Self {
        Self::from_lanes(|lane| Self::Lane::lit(anf::item(items, index.lane(lane).primal())))
    }

    /// A literal.
    fn lit(x: f64) -> Self;
    /// 2/√π to the precision of these numbers.
    #[inline(always)]
    fn two_over_sqrt_pi() -> Self {
        Self::lit(std::f64::consts::FRAC_2_SQRT_PI)
    }
    /// `then` where the mask holds, else `els`; both are evaluated.
    fn select(mask: Self::Mask, then: Self, els: Self) -> Self;
    /// Lazy choice: only a side that some lane takes is evaluated, and no lane sees the other side.
    fn branch<const K: usize>(
        mask: Self::Mask,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K];

    fn less(self, other: Self) -> Self::Mask;
    fn less_eq(self, other: Self) -> Self::Mask;
    fn equal(self, other: Self) -> Self::Mask;
    #[inline(always)]
    fn greater(self, other: Self) -> Self::Mask {
        other.less(self)
    }
    #[inline(always)]
    fn greater_eq(self, other: Self) -> Self::Mask {
        other.less_eq(self)
    }
    #[inline(always)]
    fn is_zero(self) -> Self::Mask {
        self.equal(Self::lit(0.0))
    }
    #[inline(always)]
    fn is_positive(self) -> Self::Mask {
        Self::lit(0.0).less(self)
    }
    #[inline(always)]
    fn is_negative(self) -> Self::Mask {
        self.less(Self::lit(0.0))
    }
    fn is_nan(self) -> Self::Mask;
    fn is_finite(self) -> Self::Mask;
    /// What is had another way where this number is not finite, `again`: nothing where it is, and of numbers that have no other
    /// way, as those that carry derivatives, or a type of your own that leaves this as it is. Those that stand for several in step are not all to be had the same way, and say so to whoever
    /// runs them.
    #[inline(always)]
    fn unless_finite<V>(self, _again: impl FnOnce() -> V) -> Option<V> {
        None
    }
    #[inline(always)]
    fn eqv(self, other: Self) -> Self::Mask {
        self.equal(other).or(self.is_nan().and(other.is_nan()))
    }
    #[inline(always)]
    fn is_integer(self) -> Self::Mask {
        self.is_finite().and(self.floor().equal(self))
    }
    #[inline(always)]
    fn is_even(self) -> Self::Mask {
        let half = self * Self::lit(0.5);
        self.is_finite().and(half.floor().equal(half))
    }
    #[inline(always)]
    fn is_odd(self) -> Self::Mask {
        self.is_integer().and(self.is_even().not())
    }
    #[inline(always)]
    fn indicator(mask: Self::Mask) -> Self {
        Self::select(mask, Self::lit(1.0), Self::lit(0.0))
    }

    fn remainder(self, other: Self) -> Self;
    #[inline(always)]
    fn modulo(self, other: Self) -> Self {
        let zero = Self::lit(0.0);
        let r = self.remainder(other);
        let across = r.less(zero).and(zero.less(other)).or(zero.less(r).and(other.less(zero)));
        Self::select(across, r + other, r)
    }
    #[inline(always)]
    fn quotient(self, other: Self) -> Self {
        // The exact ratio is an integer; what the difference and the division round may leave it a
        // last place below, where truncation would lose 1.
        ((self - self.remainder(other)) / other).round()
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self::select(self.less(other).or(self.is_nan()), self, other)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self::select(other.less(self).or(self.is_nan()), self, other)
    }
    /// The least of several; nan if any is. Where numbers carry derivatives, all that tie for the
    /// least share it equally, which a chain of [`min`](Real::min) would not do.
    #[inline(always)]
    fn min_of<const K: usize>(xs: [Self; K]) -> Self {
        fold(xs, Self::min)
    }
    /// The greatest of several; as [`min_of`](Real::min_of).
    #[inline(always)]
    fn max_of<const K: usize>(xs: [Self; K]) -> Self {
        fold(xs, Self::max)
    }
    /// The same value, as a constant: no derivative passes, at any level.
    #[inline(always)]
    fn stop_gradient(self) -> Self {
        self
    }
    #[inline(always)]
    fn recip(self) -> Self {
        Self::lit(1.0) / self
    }
    #[inline(always)]
    fn square(self) -> Self {
        self * self
    }
    #[inline(always)]
    fn cube(self) -> Self {
        self * self * self
    }
    #[inline(always)]
    fn relu(self) -> Self {
        let zero = Self::lit(0.0);
        Self::select(self.less_eq(zero), zero, self)
    }
    #[inline(always)]
    fn sign(self) -> Self {
        let (zero, one) = (Self::lit(0.0), Self::lit(1.0));
        Self::select(zero.less(self), one, Self::select(self.less(zero), -one, self + zero))
    }

    fn abs(self) -> Self;
    fn sqrt(self) -> Self;
    fn floor(self) -> Self;
    fn ceiling(self) -> Self;
    fn round(self) -> Self;
    fn truncate(self) -> Self;

    fn exp(self) -> Self;
    fn expm1(self) -> Self;
    fn log(self) -> Self;
    fn log1p(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    /// Sine and cosine, to the same bits as [`sin`](Real::sin) and [`cos`](Real::cos).
    fn sin_cos(self) -> (Self, Self);
    fn tan(self) -> Self;
    fn asin(self) -> Self;
    fn acos(self) -> Self;
    fn atan(self) -> Self;
    fn sinh(self) -> Self;
    fn cosh(self) -> Self;
    fn tanh(self) -> Self;
    fn sigmoid(self) -> Self;
    fn softplus(self) -> Self;
    fn erf(self) -> Self;
    fn lgamma(self) -> Self;
    /// The square root, as a norm's: its derivative at 0 is 0.
    #[inline(always)]
    fn norm_root(self) -> Self {
        self.sqrt()
    }
    /// The quotient by a norm; 0 where that is 0.
    #[inline(always)]
    fn norm_ratio(self, norm: Self) -> Self {
        self / Self::select(norm.is_zero(), Self::lit(f64::INFINITY), norm)
    }
    /// Logarithm to a base.
    #[inline(always)]
    fn log_base(self, base: Self) -> Self {
        self.log() / base.log()
    }
    fn expt(self, y: Self) -> Self;
    fn atan2(self, x: Self) -> Self;
    /// The polygamma function of integral order `self` at `x`: order 0 is digamma.
    fn polygamma(self, x: Self) -> Self;
}

/// From the left, starting at the first; nan for none.
#[inline(always)]
fn fold<T: Real, const K: usize>(xs: [T; K], pick: impl Fn(T, T) -> T) -> T {
    let Some(&(mut best)) = xs.first() else { return T::lit(f64::NAN) };
    let mut i = 1;
    while i < K {
        best = pick(best, xs[i]);
        i += 1;
    }
    best
}
