//! The polygamma functions: the derivatives of `log Γ`.
//!
//! Of order `n >= 1` they are `(-1)^(n+1)·n!·ζ(n+1, x)`, with Hurwitz' zeta function: terms are
//! added until Euler and Maclaurin's expansion takes over. The digamma function, of order 0, is
//! moved up to its asymptotic series. Far on the negative axis both go by the fractional part alone, since
//! the terms there are those of two sums over positive numbers. Sums are carried in two parts, so
//! that nearly nothing is lost where they cancel. Lanes are taken one by one. Orders that are
//! no integer, or negative, are left out: nan.

use super::{double::Double, explog::exp, lane::Lane, poly::estrin};

/// `ψ(y) - log y + 1/(2y)` over `1/y²`, by `1/y²` from 10 on; leaves 2^-64 in the value.
const DIGAMMA: [f64; 7] = [
    -0.08333333333333333,
    0.008333333333310242,
    -0.003968253948132501,
    0.004166658332674247,
    -0.0075739024864161205,
    0.02086353466154757,
    -0.06826325922143515,
];

/// `B(2k)/(2k)!` from `k = 1` on, with Bernoulli's numbers.
pub(super) const BERNOULLI: [f64; 12] = [
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
    5.5090028283602295e-18,
    -1.3954464685812522e-19,
];

/// From here down the value is computed from the fractional part.
const FAR: f64 = -20.0;
/// Orders up to here multiply out their factorial.
const SMALL_ORDER: f64 = 128.0;
/// The largest order to which adding 1 is exact.
const LARGEST_ORDER: f64 = 9_007_199_254_740_991.0;
const HALF_LOG_2PI: Double = Double { high: 0.9189385332046728, low: -3.8782941580672414e-17 };
pub(super) const LN_2: Double = Double { high: std::f64::consts::LN_2, low: 2.3190468138462996e-17 };
/// Terms below this part of their sum are left out.
const NEGLIGIBLE: f64 = f64::from_bits((1023 - 75) << 52);

/// See [`polygamma`](super::polygamma).
#[inline(always)]
pub(super) fn polygamma<V: Lane>(n: V, x: V) -> V {
    n.map2(x, "polygamma", |n, x| {
        if x.is_nan() || !(0.0..=LARGEST_ORDER).contains(&n) || n.floor() != n {
            f64::NAN
        } else if n == 0.0 {
            digamma(x)
        } else {
            of_order(n, x)
        }
    })
}

/// The logarithmic derivative of the gamma function.
fn digamma(x: f64) -> f64 {
    /// Below it the value is `-1/x`.
    const TINY: f64 = f64::from_bits((1023 - 64) << 52);
    if x.abs() < TINY {
        return -1.0 / x;
    }
    if x == f64::INFINITY {
        return x;
    }
    if x < 0.0 && x.floor() == x {
        return f64::NAN;
    }
    if x > FAR {
        return digamma_up(Double::from(x)).high;
    }
    // ψ(-a) = ψ(1+a) + π·cot πa, the last as ψ(1-f) - ψ(f) for the fractional part.
    let f = -x - (-x).floor();
    let far = digamma_up(Double::sum(-x, 1.0));
    let near = digamma_up(Double::sum(1.0, -f)) - digamma_up(Double::from(f));
    (far + near).high
}

/// By steps up to the asymptotic series.
fn digamma_up(x: Double) -> Double {
    let (mut y, mut steps) = (x, Double::from(0.0));
    let one = Double::from(1.0);
    while y.high < 10.0 {
        steps = steps + one / y;
        y = y + one;
    }
    digamma_far(y, steps)
}

/// The asymptotic series at `y`, less `steps`.
#[inline(always)]
pub(super) fn digamma_far<V: Lane>(y: Double<V>, steps: Double<V>) -> Double<V> {
    let inverse = V::splat(1.0) / y.high;
    let square = inverse * inverse;
    let half = (Double::from(V::splat(0.5)) / y) + steps;
    y.log() - half + Double::from(square * estrin(square, DIGAMMA))
}

/// For an integer `n >= 1`.
fn of_order(n: f64, x: f64) -> f64 {
    let s = n + 1.0;
    let odd = (n * 0.5).floor() != n * 0.5;
    if x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return if odd { 0.0 } else { -0.0 };
    }
    if x <= 0.0 && x.floor() == x {
        // The sides of a pole agree for odd orders; zeros tell theirs.
        return if odd {
            f64::INFINITY
        } else if x == 0.0 {
            f64::NEG_INFINITY.copysign(-x)
        } else {
            f64::NAN
        };
    }
    // Every base is relative to the smallest, whose power is a common factor.
    let (smallest, sum) = if x > FAR {
        let smallest = if x > 0.0 { x } else { (x - x.round_ties_even()).abs() };
        let smallest = Double::from(smallest);
        (smallest, zeta(s, Double::from(x), smallest))
    } else {
        let f = -x - (-x).floor();
        let (below, above) = (Double::from(f), Double::sum(1.0, -f));
        let smallest = if f < 0.5 { below } else { above };
        let left = zeta(s, below, smallest) - zeta(s, Double::sum(-x, 1.0), smallest);
        let right = zeta(s, above, smallest);
        (smallest, if odd { right + left } else { right - left })
    };
    let signed = if odd { sum } else { -sum };
    if n > SMALL_ORDER { by_logarithm(n, smallest, signed) } else { by_factors(n, smallest, signed) }
}

/// `Σ (unit/(x+k))^s` over all `k >= 0`.
fn zeta(s: f64, x: Double, unit: Double) -> Double {
    let term = |y: Double| (unit / y).power(s as u64);
    let one = Double::from(1.0);
    let (mut y, mut sum) = (x, Double::from(0.0));
    while y.high < s + 10.0 {
        let next = term(y);
        sum = sum + next;
        if y.high > 0.0 && next.high.abs() <= sum.high.abs() * NEGLIGIBLE {
            return sum;
        }
        y = y + one;
    }
    let square = 1.0 / (y.high * y.high);
    let mut product = s / y.high;
    let mut series = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        series += bernoulli * product;
        let next = s + (2 * k) as f64;
        product = product * ((next + 1.0) * (next + 2.0)) * square;
    }
    let whole = y / Double::from(s - 1.0) + Double::sum(0.5, series);
    sum + term(y) * whole
}

/// `n!·sum/base^(n+1)`, by its factors.
fn by_factors(n: f64, base: Double, sum: Double) -> f64 {
    // Powers of two are taken out, so that everything else stays in range.
    let (exponent, exponent_of_sum) = (exponent(base.high), exponent(sum.high));
    let mut factor = ldexp(sum, -exponent_of_sum);
    let mut j = 2.0;
    while j <= n {
        factor = factor * Double::from(j);
        j += 1.0;
    }
    let power = n as u32 + 1;
    let quotient = factor / ldexp(base, -exponent).power(u64::from(power));
    ldexp(quotient, exponent_of_sum - exponent * power as i32).high
}

/// The same by logarithms: the relative error grows with them, by some 2^-64 of `n·log n`.
fn by_logarithm(n: f64, base: Double, sum: Double) -> f64 {
    let log = |x: Double| {
        let exponent = exponent(x.high);
        ldexp(x, -exponent).log() + Double::from(f64::from(exponent)) * LN_2
    };
    let size = if sum.high < 0.0 { -sum } else { sum };
    let total = log_factorial(n) - Double::from(n + 1.0) * log(base) + log(size);
    let power = exp(total.high);
    let value = if power.is_finite() { power + power * total.low } else { power };
    value.copysign(sum.high)
}

/// `log n!`, by Stirling's series.
#[inline(always)]
pub(super) fn log_factorial<V: Lane>(n: V) -> Double<V> {
    let number = V::splat;
    let next = n + number(1.0);
    let inverse = number(1.0) / next;
    let square = inverse * inverse;
    let series =
        inverse * (number(1.0 / 12.0) - square * (number(1.0 / 360.0) - square * number(1.0 / 1260.0)));
    let half_log = Double { high: number(HALF_LOG_2PI.high), low: number(HALF_LOG_2PI.low) };
    let rest = half_log + Double::from(series) - Double::from(next);
    Double::sum(next, number(-0.5)) * Double::from(next).log() + rest
}

/// The exponent of the leading bit of a number; some integer for zero.
fn exponent(x: f64) -> i32 {
    let biased = |x: f64| (x.to_bits() >> 52 & 0x7ff) as i32 - 1023;
    if x.abs() < f64::MIN_POSITIVE { biased(x * 18_014_398_509_481_984.0) - 54 } else { biased(x) }
}

/// `2^exponent·x`.
fn ldexp(x: Double, exponent: i32) -> Double {
    let exponent = exponent.clamp(-4000, 4000);
    let power = |e: i32| f64::from_bits(((e + 1023) as u64) << 52);
    let quarter = exponent / 4;
    let x = x.scale(power(quarter)).scale(power(quarter)).scale(power(quarter));
    x.scale(power(exponent - 3 * quarter))
}
