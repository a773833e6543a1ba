//! The logarithm of the magnitude of the gamma function.
//!
//! Near its zeros at 1 and 2, and between, polynomials. Up to 8, and down to -40, the argument is
//! moved there by a product of whole steps, whose logarithm is taken with a rest: the value is small
//! only where that logarithm is, so little cancels. From 8 on Stirling's series; from
//! -40 down the reflection `Γ(-a)·Γ(a) = -π/(a·sin πa)`. Branches depend on the number: lanes are
//! taken one by one. The sign of the gamma function is left out.

use std::f64::consts::PI;

use super::{
    double::Double,
    explog,
    lane::Lane,
    poly::{estrin, fast_two_sum, horner, two_prod, two_sum},
    trig,
};

/// `log(2π)/2`.
const HALF_LOG_2PI: f64 = 0.9189385332046728;
/// Below it the value is `-log |x|`.
const TINY: f64 = f64::from_bits((1023 - 64) << 52);
/// 2^64.
const LARGE: f64 = f64::from_bits((1023 + 64) << 52);

/// `log Γ(1+t)/t` and the rest of its constant, for `|t| <= 1/4`; leaves 2^-55.
pub(super) const NEAR_ONE: ([f64; 2], [f64; 17]) = (
    [-0.5772156649015329, 4.942915152430645e-18],
    [
        0.8224670334241132,
        -0.40068563438651805,
        0.27058080842781235,
        -0.20738555103559927,
        0.1695571769943249,
        -0.1440498955462717,
        0.12550966936744232,
        -0.1113343700418269,
        0.10009950185985368,
        -0.09094912128194062,
        0.08335086283310285,
        -0.07706592188826256,
        0.07153061167409314,
        -0.06458096383635183,
        0.06078463844854649,
        -0.07595856183215725,
        0.07082758936675952,
    ],
);
/// `log Γ(3/2+t)` and the rest of its constant, for `|t| <= 1/4`; leaves 2^-55.
const NEAR_MIDDLE: ([f64; 2], [f64; 15]) = (
    [-0.12078223763524522, -4.1797047492946264e-18],
    [
        0.03648997397857652,
        0.46740110027234083,
        -0.13813277403905616,
        0.05871212641630214,
        -0.028952081888223954,
        0.015435484232954218,
        -0.008622603997839734,
        0.004965724774522032,
        -0.00292096677739476,
        0.001745174091848432,
        -0.0010550267434426691,
        0.000641094643404585,
        -0.0003938772786530939,
        0.000270117330781106,
        -0.00016925628409042025,
    ],
);
/// `log Γ(2+t)/t` and the rest of its constant, for `-1/4 <= t <= 1/2`; leaves 2^-55.
pub(super) const NEAR_TWO: ([f64; 2], [f64; 15]) = (
    [0.42278433509846713, 4.942915152430645e-18],
    [
        0.3224670334241132,
        -0.06735230105319831,
        0.02058080842779674,
        -0.007385551028644235,
        0.002890510329453973,
        -0.0011927539119986625,
        0.0005096695833604452,
        -0.00022315483904232567,
        9.945626373497768e-05,
        -4.4922746197861504e-05,
        2.0517506517479422e-05,
        -9.491535508894152e-06,
        4.394689939354784e-06,
        -1.80650101357171e-06,
        4.4525784207555117e-07,
    ],
);
/// The rest of Stirling's series times `x`, by `1/x²`, from 8 on; leaves 2^-61 in it.
const STIRLING: [f64; 6] = [
    0.0833333333333331,
    -0.002777777777358624,
    0.0007936505764855424,
    -0.0005951896850888654,
    0.0008364587289683243,
    -0.001633435128047665,
];

/// See [`lgamma`](super::lgamma).
#[inline(always)]
pub(super) fn lgamma<V: Lane>(x: V) -> V {
    x.map("lgamma", log_gamma)
}

/// The same of one number.
fn log_gamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x.is_infinite() || x <= 0.0 && x.floor() == x {
        return f64::INFINITY;
    }
    if x.abs() < TINY {
        return -explog::log(x.abs());
    }
    if x >= 8.0 {
        let Double { high, low } = stirling(x);
        return high + low;
    }
    if x <= -40.0 {
        return reflected(-x);
    }
    if !(0.75..1.5).contains(&x) {
        return shifted(x);
    }
    if x < 1.25 { times(x - 1.0, &NEAR_ONE).high } else { middle(x - 1.5).high }
}

/// `t·(constant + t·series)`.
pub(super) fn times<V: Lane, const N: usize>(t: V, (constant, series): &([f64; 2], [f64; N])) -> Double<V> {
    let (high, low) = fast_two_sum(V::splat(constant[0]), t * horner(t, *series));
    let (product, lost) = two_prod(t, high);
    Double::sum(product, lost + t * (low + V::splat(constant[1])))
}

/// The polynomial between 1 and 2.
pub(super) fn middle<V: Lane>(t: V) -> Double<V> {
    let (constant, series) = NEAR_MIDDLE;
    Double::sum(V::splat(constant[0]), V::splat(constant[1]) + t * horner(t, series))
}

/// By whole steps to within 1/2 of 2, for `-40 < x < 8`.
fn shifted(x: f64) -> f64 {
    let nearest = x.round_ties_even();
    let t = x - nearest;
    let near = if t < -0.25 { middle(t + 0.5) } else { times(t, &NEAR_TWO) };
    if nearest == 2.0 {
        return near.high;
    }
    let below = nearest < 2.0;
    // Upwards from x itself, downwards from x - 1.
    let step = |i: u32| if below { f64::from(i) } else { -1.0 - f64::from(i) };
    let steps = (nearest - 2.0).abs() as u32;
    let mut product = Double::sum(x, step(0));
    for i in 1..steps {
        product = product * Double::sum(x, step(i));
    }
    let product = if product.high < 0.0 { -product } else { product };
    let log = product.log();
    if below { (near - log).high } else { (near + log).high }
}

/// `(x - 1/2)·log x - x + log(2π)/2` and the rest of the series, for `x >= 8`.
pub(super) fn stirling<V: Lane>(x: V) -> Double<V> {
    let one = V::splat(1.0);
    let log = Double::from(x).log();
    let (less_one, lost) = two_sum(log.high, -one);
    // Where the product may overflow before the value does, what follows it no longer counts.
    let unit = V::select(x.gt(V::splat(LARGE)), V::splat(1.0 / LARGE), one);
    let (product, error) = two_prod(x * unit, less_one);
    let inverse = one / x;
    let series = inverse * estrin(inverse * inverse, STIRLING);
    let constant = V::splat(HALF_LOG_2PI) - V::splat(0.5) * log.high;
    let rest = error + x * unit * (lost + log.low) + unit * (constant + series);
    Double { high: product, low: rest }.scale(one / unit)
}

/// The value at `-a`, for `a >= 40` and no integer.
pub(super) fn reflected<V: Lane>(a: V) -> V {
    let pi = V::splat(PI);
    let fraction = (a - a.round_even()).abs();
    let sine = trig::sin(pi * fraction);
    let Double { high, low } = stirling(a);
    let (sum, lost) = two_sum(high, explog::log(a * (sine / pi)));
    -(sum + (lost + low))
}
