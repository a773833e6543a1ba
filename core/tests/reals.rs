//! The reals: edges of what is not an elementary function, alone and in lanes.

use scheme_core::{
    math::{LaneMask, Lanes},
    real::Real,
};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Asserts a function of two numbers alone, as `f32` and in lanes; bits count, but for nan.
fn two<const N: usize>(
    scalar: fn(f64, f64) -> f64,
    narrow: fn(f32, f32) -> f32,
    lanes: fn(Lanes<f64, 2>, Lanes<f64, 2>) -> Lanes<f64, 2>,
    table: [(f64, f64, f64); N],
) {
    for (x, y, want) in table {
        let in_lanes = lanes(Lanes([x, 1.0]), Lanes([y, 1.0])).0[0];
        for got in [scalar(x, y), narrow(x as f32, y as f32).into(), in_lanes] {
            assert!(
                got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(),
                "{x} {y}: {got} not {want}"
            );
        }
    }
}

macro_rules! two {
    ($name:ident, $table:expr) => {
        two(Real::$name, Real::$name, Real::$name, $table)
    };
}

#[test]
fn rounding_gives_no_negative_zero() {
    let table = [
        // x, floor, ceiling, round, truncate
        [-0.0, 0.0, 0.0, 0.0, 0.0],
        [-0.25, -1.0, 0.0, 0.0, 0.0],
        [0.25, 0.0, 1.0, 0.0, 0.0],
        [0.5, 0.0, 1.0, 0.0, 0.0],
        [-0.5, -1.0, 0.0, 0.0, 0.0],
        [1.5, 1.0, 2.0, 2.0, 1.0],
        [2.5, 2.0, 3.0, 2.0, 2.0],
        [-2.5, -3.0, -2.0, -2.0, -2.0],
        [-1.75, -2.0, -1.0, -2.0, -1.0],
        [0.49999999999999994, 0.0, 1.0, 0.0, 0.0],
        [4503599627370495.5, 4503599627370495.0, 4503599627370496.0, 4503599627370496.0, 4503599627370495.0],
        [
            -4503599627370497.0,
            -4503599627370497.0,
            -4503599627370497.0,
            -4503599627370497.0,
            -4503599627370497.0,
        ],
        [1e300, 1e300, 1e300, 1e300, 1e300],
        [-INF, -INF, -INF, -INF, -INF],
        [5e-324, 0.0, 1.0, 0.0, 0.0],
    ];
    for [x, floor, ceiling, round, truncate] in table {
        let want = [floor, ceiling, round, truncate].map(f64::to_bits);
        let got = [Real::floor(x), Real::ceiling(x), Real::round(x), Real::truncate(x)];
        assert_eq!(got.map(f64::to_bits), want, "{x}");
        let l = Lanes([7.5, x]);
        let got = [l.floor(), l.ceiling(), l.round(), l.truncate()].map(|l| l.0[1].to_bits());
        assert_eq!(got, want, "{x}");
    }
    assert!(Real::is_nan(Real::floor(NAN)) && Real::is_nan(Real::round(NAN)));
}

#[test]
fn remainders() {
    two!(
        remainder,
        [
            (7.0, 2.0, 1.0),
            (-7.0, 2.0, -1.0),
            (7.0, -2.0, 1.0),
            (-6.0, 2.0, 0.0),
            (-0.0, 2.0, 0.0),
            (5.5, 2.0, 1.5),
            (5.0, INF, 5.0),
            (1.0, 0.0, NAN),
            (INF, 2.0, NAN),
        ]
    );
    two!(
        modulo,
        [
            (7.0, 2.0, 1.0),
            (-7.0, 2.0, 1.0),
            (7.0, -2.0, -1.0),
            (-7.0, -2.0, -1.0),
            (-6.0, 2.0, 0.0),
            (6.0, -2.0, 0.0),
            (1.0, 0.0, NAN),
        ]
    );
    two!(
        quotient,
        [
            (7.0, 2.0, 3.0),
            (-7.0, 2.0, -3.0),
            (7.0, -2.0, -3.0),
            (-1.0, 2.0, 0.0),
            (1.0, -2.0, 0.0),
            (5.0, INF, 0.0),
            (1.0, 0.0, NAN),
            (INF, 2.0, NAN),
        ]
    );
}

/// The quotient of decimal fractions, whose remainder and difference are inexact.
#[test]
fn quotients_lose_nothing() {
    for n in 1..2000 {
        for tenth in [0.1, 0.3, 0.7, 1.1] {
            let x = f64::from(n) * 0.37;
            // In integers: both are multiples of 2^-60 below 2^11.
            let whole = |x: f64| (x * 2f64.powi(60)) as i128;
            assert_eq!(x.quotient(tenth), (whole(x) / whole(tenth)) as f64, "{x} {tenth}");
        }
    }
}

#[test]
fn extremes_pass_nan_on() {
    two!(min, [(1.0, 2.0, 1.0), (2.0, 1.0, 1.0), (NAN, 1.0, NAN), (1.0, NAN, NAN), (-INF, 1.0, -INF)]);
    two!(max, [(1.0, 2.0, 2.0), (2.0, 1.0, 2.0), (NAN, 1.0, NAN), (1.0, NAN, NAN), (-INF, 1.0, 1.0)]);
}

#[test]
fn predicates() {
    for (x, integer, even, odd) in [
        (0.0, true, true, false),
        (-0.0, true, true, false),
        (3.0, true, false, true),
        (-4.0, true, true, false),
        (2.5, false, false, false),
        (1e300, true, true, false),
        (9007199254740991.0, true, false, true),
        (INF, false, false, false),
        (NAN, false, false, false),
    ] {
        assert_eq!([x.is_integer(), x.is_even(), x.is_odd()], [integer, even, odd], "{x}");
        let x = Lanes([1.5, x]);
        assert_eq!([x.is_integer(), x.is_even(), x.is_odd()].map(|m| m.0[1]), [integer, even, odd], "{x:?}");
    }
    let x = Lanes([1.0f32, f32::NAN, f32::INFINITY, -0.0]);
    assert_eq!(x.is_nan(), LaneMask([false, true, false, false]));
    assert_eq!(x.is_finite(), LaneMask([true, false, false, true]));
    assert_eq!(x.eqv(x), LaneMask([true; 4]));
    assert_eq!(Real::abs(-0.0f64).to_bits(), 0);
    assert_eq!(Real::abs(Lanes([-0.0f32, -3.0])).0.map(f32::to_bits), [0, 3f32.to_bits()]);
}

/// Runs both sides of a branch over a mask, and tells which of them ran.
fn branch<R: Real>(mask: R::Mask) -> ([R; 2], bool, bool) {
    let (mut then, mut els) = (false, false);
    let values = R::branch(
        mask,
        || {
            then = true;
            [R::lit(1.0), R::lit(2.0)]
        },
        || {
            els = true;
            [R::lit(-1.0), R::lit(f64::NAN)]
        },
    );
    (values, then, els)
}

#[test]
fn branches_are_lazy() {
    let (values, then, els) = branch::<f64>(true);
    assert_eq!((values, then, els), ([1.0, 2.0], true, false));
    let (values, then, els) = branch::<f32>(false);
    assert!(values[0] == -1.0 && values[1].is_nan() && !then && els);
    let ([first, second], then, els) = branch::<Lanes<f64, 2>>(LaneMask([true; 2]));
    assert!(first.0 == [1.0; 2] && second.0 == [2.0; 2] && then && !els);
    let ([first, _], then, els) = branch::<Lanes<f64, 2>>(LaneMask([false; 2]));
    assert!(first.0 == [-1.0; 2] && !then && els);
    let ([first, second], then, els) = branch::<Lanes<f32, 2>>(LaneMask([false, true]));
    assert!(first.0 == [-1.0, 1.0] && second.0[0].is_nan() && second.0[1] == 2.0 && then && els);
}
