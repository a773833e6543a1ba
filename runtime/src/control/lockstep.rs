//! Several rows in step: lanes that code for one lane runs on while all of them go the same way.
//!
//! A number of such code is [`Lockstep`] of lanes. A comparison is true or false of all of them; where they differ the
//! rows have *parted*: the run goes on as the first lane does, and what it gives is of no use to the others. Some rows may have to be
//! computed another way: what the run gives is of no use to these. Whoever runs such code asks what has become of its rows ([`begin`], [`rows`]).

use crate::{sides::sides, simd, vmap::Element};
use scheme_core::{
    prim::Whole,
    real::{Ask, Mask, Real},
};
use std::{cell::Cell, ops};

/// What has become of the rows of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rows {
    /// All of them went the same way.
    Together,
    /// So they did, and those with these bits have to be computed another way.
    Unfinished(u32),
    /// They parted.
    Parted,
}

thread_local! {
    static ROWS: Cell<Rows> = const { Cell::new(Rows::Together) };
}

/// Before a run: its rows have not parted.
#[inline(always)]
pub(crate) fn begin() {
    ROWS.set(Rows::Together);
}

/// After a run: what has become of its rows.
#[inline(always)]
pub(crate) fn rows() -> Rows {
    ROWS.get()
}

/// In a run: its rows have parted.
#[cold]
#[inline(never)]
pub(crate) fn part() {
    ROWS.set(Rows::Parted);
}

#[cold]
#[inline(never)]
fn unfinished(lanes: u32) {
    match ROWS.get() {
        Rows::Together => ROWS.set(Rows::Unfinished(lanes)),
        Rows::Unfinished(others) => ROWS.set(Rows::Unfinished(others | lanes)),
        Rows::Parted => {}
    }
}

/// What the lanes of a mask agree on; where they do not, what the first says: so a run ends as its row does.
#[inline(always)]
fn agreed<B: Real>(mask: B::Mask) -> bool {
    let (then, els) = sides::<B>(mask);
    if then && els {
        part();
        return mask.lane(0);
    }
    then
}

/// A block of rows as one number; see the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lockstep<B>(pub(crate) B);

impl<E: Element, B: simd::Rows<E>> simd::Rows<E> for Lockstep<B> {
    #[inline(always)]
    fn of(block: E::Block) -> Self {
        Self(B::of(block))
    }

    #[inline(always)]
    fn block(self) -> E::Block {
        self.0.block()
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident)*) => {$(
        impl<B: Real> ops::$trait for Lockstep<B> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(ops::$trait::$method(self.0, other.0))
            }
        }
    )*};
}

operators! { Add add Sub sub Mul mul Div div }

impl<B: Real> ops::Neg for Lockstep<B> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// Methods of the lanes: of one number, of two, and those that give truth values.
macro_rules! methods {
    (unary { $($u:ident)* } binary { $($b:ident)* } test { $($t:ident)* } compare { $($c:ident)* }) => {
        $(#[inline(always)]
        fn $u(self) -> Self {
            Self(self.0.$u())
        })*
        $(#[inline(always)]
        fn $b(self, other: Self) -> Self {
            Self(self.0.$b(other.0))
        })*
        $(#[inline(always)]
        fn $t(self) -> bool {
            agreed::<B>(self.0.$t())
        })*
        $(#[inline(always)]
        fn $c(self, other: Self) -> bool {
            agreed::<B>(self.0.$c(other.0))
        })*
    };
}

impl<B: Real> Real for Lockstep<B> {
    scheme_core::real_of_one! { but for uniform }

    type Uniform = B::Uniform;

    #[inline(always)]
    fn splat(x: B::Uniform) -> Self {
        Self(B::splat(x))
    }

    methods! {
        unary {
            stop_gradient recip square cube relu sign abs sqrt floor ceiling round truncate exp expm1 log log1p sin cos
            tan asin acos atan sinh cosh tanh sigmoid softplus erf lgamma norm_root
        }
        binary { min max quotient remainder modulo expt atan2 log_base polygamma norm_ratio }
        test { is_zero is_positive is_negative is_nan is_finite is_integer is_even is_odd }
        compare { less less_eq greater greater_eq equal eqv }
    }

    /// Each row by itself: what elimination compares does not part them.
    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let operands: Vec<B> = operands.iter().map(|x| x.0).collect();
        results.iter_mut().zip(whole.on(&operands)).for_each(|(to, y)| *to = Self(y));
    }

    #[inline(always)]
    fn unless_finite<V>(self, _again: impl FnOnce() -> V) -> Option<V> {
        let finite = self.0.is_finite();
        if sides::<B>(finite).1 {
            let (mut lanes, mut i) = (0, 0);
            while i < B::LANES {
                lanes |= u32::from(!finite.lane(i)) << i;
                i += 1;
            }
            unfinished(lanes);
        }
        None
    }

    /// Rows at different items do not part.
    #[inline(always)]
    fn item(items: &'static [f64], index: Self) -> Self {
        Self(B::item(items, index.0))
    }

    #[inline(always)]
    fn lit(x: f64) -> Self {
        Self(B::lit(x))
    }

    #[inline(always)]
    fn two_over_sqrt_pi() -> Self {
        Self(B::two_over_sqrt_pi())
    }

    #[inline(always)]
    fn primal(self) -> f64 {
        self.0.primal()
    }

    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        let (sin, cos) = self.0.sin_cos();
        (Self(sin), Self(cos))
    }

    #[inline(always)]
    fn min_of<const K: usize>(xs: [Self; K]) -> Self {
        Self(B::min_of(xs.map(|x| x.0)))
    }

    #[inline(always)]
    fn max_of<const K: usize>(xs: [Self; K]) -> Self {
        Self(B::max_of(xs.map(|x| x.0)))
    }

    fn lift<E>(
        x: &[Self],
        order: u32,
        partials: &mut dyn FnMut(&Ask<'_>) -> Result<Vec<Vec<f64>>, E>,
    ) -> Result<Vec<Vec<Self>>, E> {
        let x: Vec<B> = x.iter().map(|x| x.0).collect();
        let orders = B::lift(&x, order, partials)?;
        Ok(orders.into_iter().map(|all| all.into_iter().map(Self).collect()).collect())
    }
}
