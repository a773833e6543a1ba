//! Exponentials, logarithms, powers, hyperbolic functions.

use crate::{
    check, edges,
    oracle::Big,
    samples::{Domain, Random},
};
use astro_float::BigFloat;
use scheme_core::math;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const TINY: f64 = 5e-324;

/// A function of one number over a domain.
fn check1(
    name: &str,
    domain: &Domain<'_>,
    function: fn(f64) -> f64,
    mut exact: impl FnMut(&mut Big, &BigFloat) -> BigFloat,
) {
    check(name, |r| [domain.sample(r)], |[x]| function(x), |big, [x]| exact(big, &Big::of(x)));
}

/// Exponents from the least subnormal to the largest number.
const ALL: (f64, f64) = (-1074.0, 1024.0);
/// Exponents up to where an exponential overflows.
const SMALL: (f64, f64) = (-1074.0, 10.0);

#[test]
fn exp() {
    let limits = (-746.0, 711.0);
    let near = [0.0, -708.396, -745.133, 709.7827, 0.34657, -0.34657, 1.03972];
    let domain = Domain { even: (-750.0, 712.0), spread: SMALL, near: &near, limits };
    check1("exp", &domain, math::exp, |big, x| big.exp(x));
    edges(
        "exp",
        |[x]| math::exp(x),
        &[
            ([0.0], 1.0),
            ([-0.0], 1.0),
            ([TINY], 1.0),
            ([710.0], INF),
            ([1e300], INF),
            ([INF], INF),
            ([-746.0], 0.0),
            ([-745.0], TINY),
            ([-INF], 0.0),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn expm1() {
    let limits = (-60.0, 711.0);
    let near = [0.0, 709.7827, 0.34657, -0.34657, 1.03972, -37.0, 40.0];
    let domain = Domain { even: (-4.0, 4.0), spread: SMALL, near: &near, limits };
    check1("expm1", &domain, math::expm1, Big::exp_m1);
    edges(
        "expm1",
        |[x]| math::expm1(x),
        &[
            ([0.0], 0.0),
            ([-0.0], -0.0),
            ([TINY], TINY),
            ([-TINY], -TINY),
            ([710.0], INF),
            ([INF], INF),
            ([-50.0], -1.0),
            ([-INF], -1.0),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn log() {
    let limits = (TINY, f64::MAX);
    let near = [1.0, std::f64::consts::SQRT_2, std::f64::consts::FRAC_1_SQRT_2, f64::MIN_POSITIVE, f64::MAX];
    let domain = Domain { even: (0.0, 4.0), spread: ALL, near: &near, limits };
    check1("log", &domain, math::log, Big::ln);
    edges(
        "log",
        |[x]| math::log(x),
        &[
            ([1.0], 0.0),
            ([0.0], -INF),
            ([-0.0], -INF),
            ([-TINY], NAN),
            ([-1.0], NAN),
            ([-INF], NAN),
            ([INF], INF),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn log1p() {
    let limits = ((-1.0f64).next_up(), f64::MAX);
    let near = [0.0, std::f64::consts::SQRT_2 - 1.0, -0.292893, -1.0, 1e16, f64::MAX];
    let domain = Domain { even: (-1.0, 4.0), spread: ALL, near: &near, limits };
    check1("log1p", &domain, math::log1p, Big::ln_1p);
    edges(
        "log1p",
        |[x]| math::log1p(x),
        &[
            ([0.0], 0.0),
            ([-0.0], -0.0),
            ([TINY], TINY),
            ([-TINY], -TINY),
            ([-1.0], -INF),
            ([-1.5], NAN),
            ([-INF], NAN),
            ([INF], INF),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn sigmoid() {
    let limits = (-746.0, 800.0);
    let domain =
        Domain { even: (-40.0, 40.0), spread: SMALL, near: &[0.0, -708.396, -745.133, 37.0], limits };
    check1("sigmoid", &domain, math::sigmoid, |big, x| {
        let power = big.exp(&x.neg());
        Big::div(&Big::of(1.0), &Big::add(&Big::of(1.0), &power))
    });
    edges(
        "sigmoid",
        |[x]| math::sigmoid(x),
        &[
            ([0.0], 0.5),
            ([-0.0], 0.5),
            ([INF], 1.0),
            ([1e300], 1.0),
            ([-INF], 0.0),
            ([-1e300], 0.0),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn softplus() {
    let limits = (-746.0, f64::MAX);
    let domain = Domain { even: (-40.0, 40.0), spread: ALL, near: &[0.0, -708.396, -745.133, 37.0], limits };
    check1("softplus", &domain, math::softplus, |big, x| {
        let decay = if x.is_negative() { x.clone() } else { x.neg() };
        let tail = if x.exponent() > Some(12) { Big::of(0.0) } else { big.exp(&decay) };
        let tail = big.ln_1p(&tail);
        if x.is_negative() { tail } else { Big::add(x, &tail) }
    });
    edges(
        "softplus",
        |[x]| math::softplus(x),
        &[
            ([0.0], std::f64::consts::LN_2),
            ([INF], INF),
            ([1e300], 1e300),
            ([-INF], 0.0),
            ([-1e300], 0.0),
            ([-745.0], TINY),
            ([NAN], NAN),
        ],
    );
}

/// Around the borders of the reduction and of overflow.
const HYPERBOLIC: [f64; 7] = [0.0, 0.34657, 1.03972, -1.03972, 19.0, 710.4758, -710.4758];

#[test]
fn sinh() {
    let domain = Domain { even: (-4.0, 4.0), spread: SMALL, near: &HYPERBOLIC, limits: (-711.0, 711.0) };
    check1("sinh", &domain, math::sinh, |big, x| {
        let e = big.exp_m1(&x.abs());
        let ratio = Big::div(&e, &Big::add(&e, &Big::of(1.0)));
        let half = Big::of(if x.is_negative() { -0.5 } else { 0.5 });
        Big::mul(&half, &Big::add(&e, &ratio))
    });
    edges(
        "sinh",
        |[x]| math::sinh(x),
        &[
            ([0.0], 0.0),
            ([-0.0], -0.0),
            ([TINY], TINY),
            ([-TINY], -TINY),
            ([711.0], INF),
            ([INF], INF),
            ([-INF], -INF),
            ([NAN], NAN),
        ],
    );
}

#[test]
fn cosh() {
    let domain = Domain { even: (-4.0, 4.0), spread: SMALL, near: &HYPERBOLIC, limits: (-711.0, 711.0) };
    check1("cosh", &domain, math::cosh, |big, x| {
        let e = big.exp(x);
        let inverse = Big::div(&Big::of(1.0), &e);
        Big::mul(&Big::of(0.5), &Big::add(&e, &inverse))
    });
    edges(
        "cosh",
        |[x]| math::cosh(x),
        &[([0.0], 1.0), ([-0.0], 1.0), ([711.0], INF), ([INF], INF), ([-INF], INF), ([NAN], NAN)],
    );
}

#[test]
fn tanh() {
    let domain = Domain { even: (-4.0, 4.0), spread: SMALL, near: &HYPERBOLIC, limits: (-711.0, 711.0) };
    check1("tanh", &domain, math::tanh, |big, x| {
        let e = big.exp_m1(&Big::add(x, x));
        Big::div(&e, &Big::add(&e, &Big::of(2.0)))
    });
    edges(
        "tanh",
        |[x]| math::tanh(x),
        &[
            ([0.0], 0.0),
            ([-0.0], -0.0),
            ([TINY], TINY),
            ([-TINY], -TINY),
            ([1e300], 1.0),
            ([INF], 1.0),
            ([-INF], -1.0),
            ([NAN], NAN),
        ],
    );
}

/// A base and an exponent whose power is, mostly, neither zero nor infinite.
fn power_operands(random: &mut Random) -> [f64; 2] {
    loop {
        let x = match random.bits() % 4 {
            0 => random.spread(-1074.0, 1024.0).abs(),
            1 => random.near(&[1.0, std::f64::consts::SQRT_2, 0.70442677, f64::MIN_POSITIVE]),
            _ => random.uniform(0.0, 10.0),
        };
        let y = match random.bits() % 4 {
            0 => random.spread(-70.0, 70.0),
            1 => random.uniform(-20.0, 20.0),
            2 => random.uniform(-20.0, 20.0).round(),
            // Powers near the largest and the least numbers.
            _ => random.uniform(-1.0, 1.0).signum() * random.uniform(700.0, 746.0) / x.ln(),
        };
        let exponent = x.ln() * y;
        if x > 0.0 && x < INF && exponent.abs() < 800.0 {
            return [x, y];
        }
    }
}

#[test]
fn pow() {
    check(
        "pow",
        power_operands,
        |[x, y]| math::pow(x, y),
        |big, [x, y]| {
            if x == 1.0 || y == 0.0 {
                return Big::of(1.0);
            }
            let log = {
                let less = Big::sub(&Big::of(x), &Big::of(1.0));
                if (0.5..2.0).contains(&x) { big.ln_1p(&less) } else { big.ln(&Big::of(x)) }
            };
            let exponent = Big::mul(&log, &Big::of(y));
            big.exp(&exponent)
        },
    );
}

#[test]
fn exact_powers() {
    for x in 1..200u32 {
        let mut product = 1u128;
        for y in 0..53 {
            if product < 1 << 53 {
                assert_eq!(math::pow(f64::from(x), f64::from(y)), product as f64, "{x}^{y}");
            }
            product = product.saturating_mul(u128::from(x));
        }
    }
    for n in -1074..1024 {
        assert_eq!(math::pow(2.0, f64::from(n)), f64::powi(2.0, n / 2) * f64::powi(2.0, n - n / 2), "2^{n}");
    }
    for n in 0..1000 {
        let x = f64::from(n) / 16.0;
        assert_eq!(math::pow(x * x, 0.5), x, "{x}");
        assert_eq!(math::pow(x, 1.0), x, "{x}");
        assert_eq!(math::pow(-x, 2.0), x * x, "{x}");
        assert_eq!(math::pow(-x, 3.0), -(x * x * x), "{x}");
    }
}

#[test]
fn pow_edges() {
    let mut table = vec![];
    for y in [0.0, -0.0] {
        table.extend([0.0, -0.0, 1.0, -1.0, 5.0, -5.0, TINY, INF, -INF, NAN].map(|x| ([x, y], 1.0)));
    }
    table.extend([2.0, -2.0, 0.5, INF, -INF, NAN, 1e300].map(|y| ([1.0, y], 1.0)));
    table.extend([
        ([-1.0, INF], 1.0),
        ([-1.0, -INF], 1.0),
        ([-1.0, 3.0], -1.0),
        ([-1.0, 1e300], 1.0),
        ([-1.0, 0.5], NAN),
        ([-1.0, NAN], NAN),
        ([-2.0, 0.5], NAN),
        ([-TINY, 1.0], -TINY),
        ([-TINY, 0.5], NAN),
        ([-1e300, 1.5], NAN),
        ([-1e300, 3.0], -INF),
        ([-1e300, 4.0], INF),
        ([-1e300, -3.0], -0.0),
        ([NAN, 1.0], NAN),
        ([2.0, NAN], NAN),
        ([-NAN, 2.0], NAN),
        ([0.0, 3.0], 0.0),
        ([-0.0, 3.0], -0.0),
        ([-0.0, 2.0], 0.0),
        ([-0.0, 0.5], 0.0),
        ([0.0, -3.0], INF),
        ([-0.0, -3.0], -INF),
        ([-0.0, -2.0], INF),
        ([-0.0, -0.5], INF),
        ([0.0, INF], 0.0),
        ([-0.0, -INF], INF),
        ([INF, 2.0], INF),
        ([INF, -2.0], 0.0),
        ([-INF, 3.0], -INF),
        ([-INF, 2.0], INF),
        ([-INF, 0.5], INF),
        ([-INF, -3.0], -0.0),
        ([-INF, -0.5], 0.0),
        ([2.0, INF], INF),
        ([2.0, -INF], 0.0),
        ([0.5, INF], 0.0),
        ([-0.5, -INF], INF),
        ([2.0, 1024.0], INF),
        ([2.0, -1075.0], 0.0),
        ([2.0, 1e300], INF),
        ([0.5, 1e300], 0.0),
        ([1.0f64.next_up(), 1e300], INF),
        ([1.0f64.next_down(), 1e300], 0.0),
        ([f64::MAX, 1.0], f64::MAX),
        ([TINY, 1.0], TINY),
        ([TINY, -1.0], INF),
        ([3.0, TINY], 1.0),
    ]);
    edges("pow", |[x, y]| math::pow(x, y), &table);
}
