//! Error function, log-gamma and polygamma functions, against series of their own.
//!
//! The series are those of the textbooks, far longer than in the kernels: Taylor's of the error
//! function, whose terms all have one sign, and Stirling's, or Euler and Maclaurin's, from 60 on.
//! Near a zero that is none of the formula's, the error is measured as near a size given by the test.

use crate::{
    edges,
    oracle::{BITS, Big, NEAREST, ulps},
    samples::{Domain, Random, count},
};
use astro_float::BigFloat;
use scheme_core::math;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const TINY: f64 = 5e-324;

/// Asserts 2 ulp, of the exact value or of the given size if that is larger.
fn check<const K: usize>(
    name: &str,
    share: usize,
    mut sample: impl FnMut(&mut Random) -> [f64; K],
    function: impl Fn([f64; K]) -> f64,
    mut exact: impl FnMut(&mut Series, [f64; K]) -> BigFloat,
    size: impl Fn([f64; K]) -> f64,
) {
    let mut series = Series::new();
    let mut random = Random::new(name.len() as u64 * 77 + 5);
    let (mut worst, mut at) = (0.0, [0.0; K]);
    for _ in 0..count() / share {
        let x = sample(&mut random);
        let (got, want, size) = (function(x), exact(&mut series, x), Big::of(size(x)));
        let below = match (want.exponent(), size.exponent()) {
            (Some(want), Some(size)) => (want - size).min(0),
            _ => 0,
        };
        let error = ulps(got, &want) * f64::from(below).exp2();
        assert!(error <= 2.0, "{name}{x:?} = {got:e}, off by {error} ulp");
        if error > worst {
            (worst, at) = (error, x);
        }
    }
    println!("{name}: worst {worst:.3} ulp, at {at:?}");
}

/// Where the series are cut and shifted to.
const TERMS: usize = 40;
const START: f64 = 60.0;

/// Big floats and the coefficients `B(2k)/(2k)!` of the series.
struct Series {
    big: Big,
    bernoulli: Vec<BigFloat>,
}

impl Series {
    fn new() -> Self {
        // From x/(e^x - 1): the coefficients b satisfy Σ b[j]/(n+1-j)! = 0 for n >= 1.
        let mut inverse = vec![Big::of(1.0)];
        for n in 1..=2 * TERMS + 2 {
            inverse.push(Big::div(&inverse[n - 1], &Big::of(n as f64)));
        }
        let mut all = vec![Big::of(1.0)];
        for n in 1..=2 * TERMS {
            let mut sum = Big::of(0.0);
            for j in 0..n {
                sum = Big::add(&sum, &Big::mul(&all[j], &inverse[n + 1 - j]));
            }
            all.push(sum.neg());
        }
        Self { big: Big::new(), bernoulli: (1..=TERMS).map(|k| all[2 * k].clone()).collect() }
    }

    fn pi(&mut self) -> BigFloat {
        self.big.consts().pi(BITS, NEAREST)
    }

    fn erf(&mut self, x: f64) -> BigFloat {
        if x.abs() > 9.0 {
            return Big::of(1f64.copysign(x));
        }
        let x = Big::of(x);
        let twice = Big::mul(&Big::of(2.0), &Big::mul(&x, &x));
        let (mut term, mut sum, mut n) = (x.clone(), x.clone(), 1.0);
        while term.exponent() > sum.exponent().map(|e| e - 150) {
            n += 2.0;
            term = Big::div(&Big::mul(&term, &twice), &Big::of(n));
            sum = Big::add(&sum, &term);
        }
        let decay = self.big.exp(&Big::mul(&x, &x).neg());
        let root = self.pi().sqrt(BITS, NEAREST);
        Big::div(&Big::mul(&Big::mul(&Big::of(2.0), &decay), &sum), &root)
    }

    fn lgamma(&mut self, x: f64) -> BigFloat {
        if x < 0.0 {
            // log π - log(a·|sin πa|) - log Γ(a) for a = -x.
            let pi = self.pi();
            let fraction = Big::of((x - x.round_ties_even()).abs());
            let sine = Big::mul(&pi, &fraction).sin(BITS, NEAREST, self.big.consts());
            let ratio = Big::div(&pi, &Big::mul(&Big::of(-x), &sine));
            return Big::sub(&self.big.ln(&ratio), &self.lgamma(-x));
        }
        let (mut y, mut product) = (Big::of(x), Big::of(1.0));
        for _ in 0..(START - x.min(START)).ceil() as u32 {
            product = Big::mul(&product, &y);
            y = Big::add(&y, &Big::of(1.0));
        }
        let half = Big::of(0.5);
        let mut sum = Big::mul(&Big::sub(&y, &half), &self.big.ln(&y));
        sum = Big::sub(&sum, &y);
        let circle = Big::mul(&Big::of(2.0), &self.pi());
        sum = Big::add(&sum, &Big::mul(&half, &self.big.ln(&circle)));
        let square = Big::mul(&y, &y);
        // B(2k)/(2k(2k-1))·y^(1-2k)
        let mut power = Big::div(&Big::of(1.0), &y);
        for (i, bernoulli) in self.bernoulli.iter().enumerate() {
            let k = (2 * i + 2) as f64;
            if i > 0 {
                // (2k-2)!, two factors more each time.
                power = Big::div(&Big::mul(&power, &Big::of((k - 2.0) * (k - 3.0))), &square);
            }
            sum = Big::add(&sum, &Big::mul(bernoulli, &power));
        }
        Big::sub(&sum, &self.big.ln(&product))
    }

    fn polygamma(&mut self, n: u32, x: f64) -> BigFloat {
        let s = n + 1;
        let power = |y: &BigFloat| {
            let inverse = Big::div(&Big::of(1.0), y);
            (1..s).fold(inverse.clone(), |p, _| Big::mul(&p, &inverse))
        };
        let (mut y, mut sum) = (Big::of(x), Big::of(0.0));
        for _ in 0..(START - x.min(START)).ceil() as u32 {
            sum = Big::add(&sum, &power(&y));
            y = Big::add(&y, &Big::of(1.0));
        }
        let (base, square) = (power(&y), Big::mul(&y, &y));
        let half = Big::of(0.5);
        sum = Big::add(&sum, &Big::mul(&half, &base));
        let whole = if n == 0 {
            self.big.ln(&y).neg()
        } else {
            Big::div(&Big::mul(&base, &y), &Big::of(f64::from(n)))
        };
        sum = Big::add(&sum, &whole);
        // B(2k)/(2k)!·s(s+1)…(s+2k-2)·y^(-s-2k+1)
        let mut term = Big::div(&Big::mul(&base, &Big::of(f64::from(s))), &y);
        let mut next = f64::from(s);
        for bernoulli in &self.bernoulli {
            sum = Big::add(&sum, &Big::mul(bernoulli, &term));
            term = Big::div(&Big::mul(&term, &Big::of((next + 1.0) * (next + 2.0))), &square);
            next += 2.0;
        }
        let factorial = (1..s).fold(Big::of(1.0), |p, j| Big::mul(&p, &Big::of(f64::from(j))));
        let value = Big::mul(&sum, &factorial);
        if n.is_multiple_of(2) { value.neg() } else { value }
    }
}

#[test]
fn erf() {
    let limits = (f64::MIN, f64::MAX);
    let domain =
        Domain { even: (-6.5, 6.5), spread: (-1074.0, 6.0), near: &[1.0, -1.0, 6.0, 5.9215], limits };
    check("erf", 2, |r| [domain.sample(r)], |[x]| math::erf(x), |series, [x]| series.erf(x), |_| 0.0);
    let table = [
        ([0.0], 0.0),
        ([-0.0], -0.0),
        ([TINY], TINY),
        ([6.0], 1.0),
        ([1e300], 1.0),
        ([INF], 1.0),
        ([-INF], -1.0),
        ([NAN], NAN),
    ];
    edges("erf", |[x]| math::erf(x), &table);
}

/// A number that is no pole of the gamma function.
fn off_poles(mut sample: impl FnMut() -> f64) -> f64 {
    loop {
        let x = sample();
        if x.is_finite() && (x > 0.0 || x.floor() != x) {
            return x;
        }
    }
}

#[test]
fn lgamma() {
    // Around zeros, poles and the borders of the cases.
    let near = [
        1.0, 2.0, 0.75, 1.25, 1.5, 1.75, 2.5, 8.0, -0.5, -1.5, -2.457, -2.7477, -3.0, -3.1435, -3.9553, -4.0,
        -10.0, -17.0, -20.0, -25.0, -39.5, -40.0,
    ];
    let limits = (-1e15, 2e305);
    let domain = Domain { even: (-45.0, 20.0), spread: (-1074.0, 1015.0), near: &near, limits };
    check(
        "lgamma",
        4,
        |r| [off_poles(|| domain.sample(r))],
        |[x]| math::lgamma(x),
        |series, [x]| series.lgamma(x),
        // On the negative axis it has zeros that no factor shows.
        |[x]| if x < 0.0 { 0.0625 } else { 0.0 },
    );
    let table = [
        ([1.0], 0.0),
        ([2.0], 0.0),
        ([3.0], std::f64::consts::LN_2),
        ([0.0], INF),
        ([-0.0], INF),
        ([-1.0], INF),
        ([-1e300], INF),
        ([3e305], INF),
        ([f64::MAX], INF),
        ([INF], INF),
        ([-INF], INF),
        ([TINY], 744.4400719213812),
        ([-TINY], 744.4400719213812),
        ([NAN], NAN),
    ];
    edges("lgamma", |[x]| math::lgamma(x), &table);
}

#[test]
fn polygamma() {
    // Around digamma's first zeros, poles, and the border between the cases.
    let near = [1.4616321449683623, -0.504083008264455, 1.0, 10.0, -1.0, -7.0, -20.0, -30.0];
    let limits = (-300.0, 1e100);
    let domain = Domain { even: (-30.0, 30.0), spread: (-300.0, 300.0), near: &near, limits };
    let sample = |random: &mut Random| loop {
        let n = match random.bits() % 4 {
            0 => 0,
            1 => random.bits() % 4,
            _ => random.bits() % 20,
        };
        let x = off_poles(|| domain.sample(random));
        // Where neither the powers underflow nor the values are infinite.
        if x.abs().log2().abs() * ((n + 1) as f64) < 900.0 {
            return [n as f64, x];
        }
    };
    let pole = |n: f64, x: f64| (1..=n as u32).fold(1.0, |p, j| p * f64::from(j)) / x.abs().powf(n + 1.0);
    check(
        "polygamma",
        16,
        sample,
        |[n, x]| math::polygamma(n, x),
        |series, [n, x]| series.polygamma(n as u32, x),
        |[n, x]| match n {
            0.0 => 0.015625,
            // Even orders have zeros between the poles.
            _ if x < 0.0 && n % 2.0 == 0.0 => 1e-3 * pole(n, x - x.round()),
            _ => 0.0,
        },
    );
}

#[test]
fn polygamma_edges() {
    let table = [
        ([0.0, 0.0], -INF),
        ([0.0, -0.0], INF),
        ([0.0, -3.0], NAN),
        ([0.0, TINY], -INF),
        ([0.0, INF], INF),
        ([0.0, -INF], NAN),
        ([0.0, 1e300], 690.7755278982137),
        ([1.0, 0.0], INF),
        ([1.0, -0.0], INF),
        ([1.0, -3.0], INF),
        ([2.0, 0.0], -INF),
        ([2.0, -0.0], INF),
        ([2.0, -3.0], NAN),
        ([1.0, INF], 0.0),
        ([2.0, INF], -0.0),
        ([1.0, -INF], NAN),
        ([1.0, 1e300], 1e-300),
        ([2.0, 1e200], -0.0),
        ([1.0, TINY], INF),
        ([-1.0, 2.0], NAN),
        ([0.5, 2.0], NAN),
        ([INF, 2.0], NAN),
        ([NAN, 2.0], NAN),
        ([1.0, NAN], NAN),
        ([1e15, 2.0], -INF),
        ([1e15, 1e15], -0.0),
        ([1e18, 2.0], NAN),
    ];
    edges("polygamma", |[n, x]| math::polygamma(n, x), &table);
}
