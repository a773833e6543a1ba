//! Trigonometric functions and their inverses.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use crate::{
    check, edges,
    oracle::{BITS, Big, NEAREST},
    samples::{Domain, Random},
};
use astro_float::BigFloat;
use scheme_core::math;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const TINY: f64 = 5e-324;

/// Angles of all sizes, and close to multiples of a quarter turn.
fn angle(random: &mut Random) -> f64 {
    match random.bits() % 8 {
        0 | 1 => random.uniform(-4.0, 4.0),
        2 => random.uniform(-1e3, 1e3),
        3 => random.spread(-1074.0, 24.0),
        4 => random.spread(-30.0, 1024.0),
        // The border between the reductions.
        5 => random.near(&[1_048_576.0, -1_048_576.0, FRAC_PI_4, -FRAC_PI_4]),
        _ => {
            let exponent = random.uniform(0.0, 40.0);
            let turns = random.uniform(0.0, exponent.exp2()).round();
            random.near(&[turns * FRAC_PI_2, -turns * FRAC_PI_2])
        }
    }
}

/// Compares a function of an angle with the exact one, computed with the bits that its reduction takes.
fn check_angle(
    name: &str,
    function: fn(f64) -> f64,
    exact: impl Fn(&BigFloat, usize, &mut astro_float::Consts) -> BigFloat,
) {
    check(
        name,
        |r| loop {
            let x = angle(r);
            if x.is_finite() {
                return [x];
            }
        },
        |[x]| function(x),
        |big, [x]| {
            let x = Big::of(x);
            let whole = x.exponent().unwrap_or(0).max(0) as usize;
            exact(&x, BITS + whole, big.consts())
        },
    );
}

#[test]
fn sin() {
    check_angle("sin", math::sin, |x, bits, consts| x.sin(bits, NEAREST, consts));
    edges("sin", |[x]| math::sin(x), &ODD);
    edges("sin", |[x]| math::sin(x), &[([INF], NAN), ([-INF], NAN)]);
}

#[test]
fn cos() {
    check_angle("cos", math::cos, |x, bits, consts| x.cos(bits, NEAREST, consts));
    let table = [([0.0], 1.0), ([-0.0], 1.0), ([TINY], 1.0), ([INF], NAN), ([-INF], NAN), ([NAN], NAN)];
    edges("cos", |[x]| math::cos(x), &table);
}

#[test]
fn sin_cos() {
    let mut random = Random::new(7);
    for _ in 0..100_000 {
        let x = angle(&mut random);
        let (sin, cos) = math::sin_cos(x);
        assert_eq!(sin.to_bits(), math::sin(x).to_bits(), "{x}");
        assert_eq!(cos.to_bits(), math::cos(x).to_bits(), "{x}");
        assert_eq!(sin.to_bits(), (-math::sin(-x)).to_bits(), "{x}");
        assert_eq!(cos.to_bits(), math::cos(-x).to_bits(), "{x}");
    }
}

#[test]
fn tan() {
    check_angle("tan", math::tan, |x, bits, consts| x.tan(bits, NEAREST, consts));
    edges("tan", |[x]| math::tan(x), &ODD);
    edges("tan", |[x]| math::tan(x), &[([INF], NAN), ([-INF], NAN)]);
}

/// What all odd functions with slope 1 at zero do there.
const ODD: [([f64; 1], f64); 5] =
    [([0.0], 0.0), ([-0.0], -0.0), ([TINY], TINY), ([-TINY], -TINY), ([NAN], NAN)];
/// From -1 to 1, and the borders of the half angle.
const UNIT: Domain<'_> =
    Domain { even: (-1.0, 1.0), spread: (-1074.0, 0.0), near: &[1.0, -1.0, 0.5, -0.5], limits: (-1.0, 1.0) };

#[test]
fn asin() {
    check(
        "asin",
        |r| [UNIT.sample(r)],
        |[x]| math::asin(x),
        |big, [x]| Big::of(x).asin(BITS, NEAREST, big.consts()),
    );
    edges("asin", |[x]| math::asin(x), &ODD);
    let table = [([1.0], FRAC_PI_2), ([-1.0], -FRAC_PI_2), ([1.0f64.next_up()], NAN), ([-2.0], NAN)];
    edges("asin", |[x]| math::asin(x), &table);
    edges("asin", |[x]| math::asin(x), &[([INF], NAN), ([-INF], NAN)]);
}

#[test]
fn acos() {
    check(
        "acos",
        |r| [UNIT.sample(r)],
        |[x]| math::acos(x),
        |big, [x]| Big::of(x).acos(BITS, NEAREST, big.consts()),
    );
    let table = [
        ([0.0], FRAC_PI_2),
        ([-0.0], FRAC_PI_2),
        ([TINY], FRAC_PI_2),
        ([1.0], 0.0),
        ([-1.0], PI),
        ([1.0f64.next_up()], NAN),
        ([-2.0], NAN),
        ([INF], NAN),
        ([-INF], NAN),
        ([NAN], NAN),
    ];
    edges("acos", |[x]| math::acos(x), &table);
}

#[test]
fn atan() {
    let near = [0.5, -0.5, 1.0, 2.0, -2.0];
    let domain =
        Domain { even: (-4.0, 4.0), spread: (-1074.0, 1024.0), near: &near, limits: (f64::MIN, f64::MAX) };
    check(
        "atan",
        |r| [domain.sample(r)],
        |[x]| math::atan(x),
        |big, [x]| Big::of(x).atan(BITS, NEAREST, big.consts()),
    );
    edges("atan", |[x]| math::atan(x), &ODD);
    let table = [([INF], FRAC_PI_2), ([-INF], -FRAC_PI_2), ([1e300], FRAC_PI_2), ([1.0], FRAC_PI_4)];
    edges("atan", |[x]| math::atan(x), &table);
}

/// A point: of any size, or with coordinates of like size.
fn point(random: &mut Random) -> [f64; 2] {
    loop {
        let [y, x] = match random.bits() % 4 {
            0 => [random.spread(-1074.0, 1024.0), random.spread(-1074.0, 1024.0)],
            1 => [random.uniform(-4.0, 4.0), random.uniform(-4.0, 4.0)],
            2 => {
                // The borders between the cases, at any scale.
                let (x, scale) = (random.uniform(0.5, 2.0), random.spread(-1070.0, 1021.0));
                let ratio = random.near(&[0.5, 1.0, 2.0, -0.5, -1.0, -2.0]);
                [ratio * x * scale, x * scale]
            }
            _ => {
                let scale = random.spread(-1074.0, 1020.0);
                [scale * random.uniform(-8.0, 8.0), scale * random.uniform(-8.0, 8.0)]
            }
        };
        if x.is_finite() && y.is_finite() && x != 0.0 {
            return [y, x];
        }
    }
}

#[test]
fn atan2() {
    check(
        "atan2",
        point,
        |[y, x]| math::atan2(y, x),
        |big, [y, x]| {
            let angle = Big::div(&Big::of(y), &Big::of(x)).atan(BITS, NEAREST, big.consts());
            if x > 0.0 {
                return angle;
            }
            let pi = big.consts().pi(BITS, NEAREST);
            if y.is_sign_negative() { Big::sub(&angle, &pi) } else { Big::add(&angle, &pi) }
        },
    );
}

#[test]
fn atan2_edges() {
    let mut table = vec![];
    // Over a quadrant; the others by symmetry.
    let mut quadrant = |y: f64, x: f64, right: f64, left: f64| {
        for (sx, angle) in [(1.0, right), (-1.0, left)] {
            table.push(([y, x * sx], angle));
            table.push(([-y, x * sx], -angle));
        }
    };
    for x in [0.0, TINY, 1.0, f64::MAX, INF] {
        quadrant(0.0, x, 0.0, PI);
    }
    for y in [TINY, 1.0, f64::MAX] {
        quadrant(y, 0.0, FRAC_PI_2, FRAC_PI_2);
        quadrant(y, INF, 0.0, PI);
        quadrant(INF, y, FRAC_PI_2, FRAC_PI_2);
        quadrant(y, y, FRAC_PI_4, 3.0 * FRAC_PI_4);
    }
    quadrant(INF, 0.0, FRAC_PI_2, FRAC_PI_2);
    quadrant(INF, INF, FRAC_PI_4, 3.0 * FRAC_PI_4);
    quadrant(TINY, 1.0, TINY, PI);
    quadrant(TINY, f64::MAX, 0.0, PI);
    quadrant(f64::MAX, TINY, FRAC_PI_2, FRAC_PI_2);
    for x in [0.0, -1.0, INF, NAN] {
        table.extend([([NAN, x], NAN), ([x, NAN], NAN)]);
    }
    edges("atan2", |[y, x]| math::atan2(y, x), &table);
}
