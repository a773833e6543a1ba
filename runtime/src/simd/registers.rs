//! Registers of every level of this machine against single numbers, to the bit.

use super::*;
use scheme_core::real::Mask;

/// Numbers at which operations differ, ordinary ones between them.
const NUMBERS: [f64; 38] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.7,
    -3.7,
    1e-3,
    0.1,
    7.0,
    20.0,
    -20.0,
    100.25,
    710.0,
    -745.5,
    1e6,
    -1e6,
    1048577.25,
    1e15,
    4503599627370497.5,
    1e22,
    1e30,
    -1e30,
    1e-30,
    3e38,
    1e300,
    1e-300,
    5e-324,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    2.0,
];

/// All operations on blocks of these numbers.
struct Check<E>(Vec<E>);

impl<E: Element + Real<Mask = bool, Lane = E>> RowsKernel<E> for Check<E> {
    type Output = ();

    #[inline(always)]
    fn run<B: Rows<E>>(self) {
        for by in 0..self.0.len() {
            self.block::<B>(by);
        }
    }
}

impl<E: Element + Real<Mask = bool, Lane = E>> Check<E> {
    /// On a block of neighbours, and one of others.
    fn block<B: Rows<E>>(&self, by: usize) {
        let number = |at: usize| self.0[at % self.0.len()];
        let (x, y) = (|i: usize| number(3 * by + i), |i: usize| number(by * by + 5 * i));
        let (a, b) = (B::of(E::gather(x)), B::of(E::gather(y)));
        macro_rules! one {
            ($($name:ident)*) => {$( same::<E, B>(stringify!($name), || a.$name(), |i| x(i).$name()); )*};
        }
        macro_rules! two {
            ($($name:ident)*) => {$( same::<E, B>(stringify!($name), || a.$name(b), |i| x(i).$name(y(i))); )*};
        }
        macro_rules! truths {
            ($($name:ident($($other:ident)?))*) => {$(
                let ask = || a.$name($(truths!(@ $other b))?);
                let mask = ask();
                for i in 0..E::WIDTH {
                    assert_eq!(mask.lane(i), x(i).$name($(truths!(@ $other y(i)))?), "{} of {:?} and {:?}", stringify!($name), x(i), y(i));
                }
            )*};
            (@ other $other:expr) => { $other };
        }
        one! {
            neg abs sqrt floor ceiling round truncate exp expm1 log log1p sin cos tan asin acos atan sinh cosh tanh sigmoid
            softplus erf lgamma recip square cube relu sign
        }
        two! { add sub mul div remainder modulo quotient min max expt atan2 }
        truths! {
            is_nan() is_finite() is_zero() is_positive() is_negative() is_integer() is_even() is_odd()
            less(other) less_eq(other) equal(other) greater(other) greater_eq(other) eqv(other)
        }
        let of = |i| x(i).sin_cos();
        same::<E, B>("sin_cos", || a.sin_cos().0, |i| of(i).0);
        same::<E, B>("sin_cos", || a.sin_cos().1, |i| of(i).1);
        same::<E, B>("item", || B::item(&NUMBERS, a), |i| E::item(&NUMBERS, x(i)));
        same::<E, B>("item", || B::item(&NUMBERS, B::lit(7.0)), |_| E::item(&NUMBERS, E::lit(7.0)));
        same::<E, B>("polygamma", || B::lit(1.0).polygamma(b), |i| E::lit(1.0).polygamma(y(i)));
        same::<E, B>("lit", || B::lit(0.1), |_| E::lit(0.1));
        self.masks::<B>(a, b, by);
    }

    /// Masks of every pattern, and what goes by them.
    fn masks<B: Rows<E>>(&self, a: B, b: B, by: usize) {
        let bits = by.wrapping_mul(0x9e37_79b9).to_le();
        let (p, q) = (|i: usize| bits >> i & 1 == 1, |i: usize| i % 3 == by % 3);
        let (m, n) = (B::Mask::from_lanes(p), B::Mask::from_lanes(q));
        for i in 0..E::WIDTH {
            assert_eq!(
                [m, m.and(n), m.or(n), m.not(), B::Mask::splat(true)].map(|mask| mask.lane(i)),
                [p(i), p(i) && q(i), p(i) || q(i), !p(i), true]
            );
        }
        for (mask, of) in [
            (m, &p as &dyn Fn(usize) -> bool),
            (B::Mask::splat(true), &|_| true),
            (B::Mask::splat(false), &|_| false),
        ] {
            let chosen = |i: usize| if of(i) { a } else { b };
            same::<E, B>("select", || B::select(mask, a, b), |i| E::lanes(&chosen(i).block())[i]);
            let [branch] = B::branch(mask, || [a], || [b]);
            same::<E, B>("branch", || branch, |i| E::lanes(&chosen(i).block())[i]);
        }
        let again = B::from_lanes(|i| a.lane(i));
        same::<E, B>("from_lanes", || again, |i| E::lanes(&a.block())[i]);
    }
}

/// Each lane has what the number of its own has, to the bit; of nan any bits. An operation is a function of its own: all of them in
/// one frame of a dev build would be larger than a stack.
fn same<E: Element, B: Rows<E>>(what: &str, got: impl FnOnce() -> B, wanted: impl Fn(usize) -> E) {
    for (i, got) in E::lanes(&got().block()).iter().enumerate() {
        let (got, wanted): (f64, f64) = ((*got).into(), wanted(i).into());
        assert!(
            got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan(),
            "{what}: {got:e}, not {wanted:e}, in lane {i}"
        );
    }
}

fn check<E: Element + Real<Mask = bool, Lane = E>>() {
    let numbers = || Check::<E>(NUMBERS.map(E::lit).to_vec());
    numbers().run::<E::Block>();
    for level in [Level::Avx2, Level::Avx512] {
        _ = E::over_rows(level, numbers());
    }
}

#[test]
fn registers_of_doubles_have_the_bits_of_single_numbers() {
    check::<f64>();
}

#[test]
fn registers_of_singles_have_the_bits_of_single_numbers() {
    check::<f32>();
}
