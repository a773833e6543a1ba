//! A real of 90 digits: what formulas of the table are run on to be told right from wrong.
//!
//! A number is a handle into a store of its thread, so that it is `Copy` as a [`Real`] must be.
//! Its elementary functions share nothing with the crate's own.

use astro_float::{BigFloat, Consts, RoundingMode};
use scheme_core::real::Real;
use std::{cell::RefCell, ops};

const BITS: usize = 320;
const NEAREST: RoundingMode = RoundingMode::ToEven;

/// A handle of a big float.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Big(usize);

struct Store {
    numbers: Vec<BigFloat>,
    consts: Consts,
    /// `B(2k)/(2k)!`.
    bernoulli: Vec<BigFloat>,
}

thread_local! {
    static STORE: RefCell<Store> = RefCell::new(Store {
        numbers: Vec::new(),
        consts: Consts::new().expect("memory for the constants"),
        bernoulli: Vec::new(),
    });
}

fn push(number: BigFloat) -> Big {
    STORE.with_borrow_mut(|store| {
        store.numbers.push(number);
        Big(store.numbers.len() - 1)
    })
}

impl Big {
    fn get(self) -> BigFloat {
        STORE.with_borrow(|store| store.numbers[self.0].clone())
    }

    fn one(self, f: impl FnOnce(&BigFloat) -> BigFloat) -> Self {
        push(f(&self.get()))
    }

    fn two(self, other: Self, f: impl FnOnce(&BigFloat, &BigFloat) -> BigFloat) -> Self {
        push(f(&self.get(), &other.get()))
    }

    fn with(self, f: impl FnOnce(&BigFloat, &mut Consts) -> BigFloat) -> Self {
        let x = self.get();
        push(STORE.with_borrow_mut(|store| f(&x, &mut store.consts)))
    }

    /// Ten to this power.
    pub(crate) fn ten(exponent: i32) -> Self {
        let ten = BigFloat::from_f64(10.0, BITS).powi(exponent.unsigned_abs() as usize, BITS, NEAREST);
        if exponent < 0 { Self::lit(1.0) / push(ten) } else { push(ten) }
    }

    /// The nearest `f64`, or close to it.
    pub(crate) fn to_f64(self) -> f64 {
        self.get().to_string().parse().unwrap_or(f64::NAN)
    }

    fn pi() -> Self {
        push(STORE.with_borrow_mut(|store| store.consts.pi(BITS, NEAREST)))
    }

    fn powi(self, n: u32) -> Self {
        (0..n).fold(Self::lit(1.0), |power, _| power * self)
    }

    /// `B(2k)/(2k)!` for `k` from 1: from x/(eˣ − 1), whose coefficients b obey Σ b[j]/(n+1−j)! = 0.
    fn bernoulli() -> Vec<Self> {
        const TERMS: usize = 45;
        if STORE.with_borrow(|store| store.bernoulli.is_empty()) {
            let mut inverse = vec![Self::lit(1.0)];
            for n in 1..=2 * TERMS + 1 {
                inverse.push(inverse[n - 1] / Self::lit(n as f64));
            }
            let mut all = vec![Self::lit(1.0)];
            for n in 1..=2 * TERMS {
                let sum = (0..n).map(|j| all[j] * inverse[n + 1 - j]).reduce(|a, b| a + b);
                all.push(-sum.unwrap_or(Self::lit(0.0)));
            }
            let wanted = (1..=TERMS).map(|k| all[2 * k].get()).collect();
            STORE.with_borrow_mut(|store| store.bernoulli = wanted);
        }
        STORE.with_borrow(|store| store.bernoulli.clone()).into_iter().map(push).collect()
    }

    /// How many ones to add until asymptotic series have all digits.
    fn shift(self) -> u32 {
        (90.0 - self.to_f64()).ceil().max(0.0) as u32
    }
}

impl ops::Add for Big {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.two(other, |a, b| a.add(b, BITS, NEAREST))
    }
}

impl ops::Sub for Big {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.two(other, |a, b| a.sub(b, BITS, NEAREST))
    }
}

impl ops::Mul for Big {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.two(other, |a, b| a.mul(b, BITS, NEAREST))
    }
}

impl ops::Div for Big {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.two(other, |a, b| a.div(b, BITS, NEAREST))
    }
}

impl ops::Neg for Big {
    type Output = Self;
    fn neg(self) -> Self {
        self.one(|a| a.neg())
    }
}

impl Real for Big {
    scheme_core::real_of_one! {}

    fn primal(self) -> f64 {
        self.to_f64()
    }
    fn lit(x: f64) -> Self {
        push(BigFloat::from_f64(x, BITS))
    }
    fn less(self, other: Self) -> bool {
        self.get() < other.get()
    }
    fn less_eq(self, other: Self) -> bool {
        self.get() <= other.get()
    }
    fn equal(self, other: Self) -> bool {
        self.get() == other.get()
    }
    fn is_nan(self) -> bool {
        self.get().is_nan()
    }
    fn is_finite(self) -> bool {
        !self.get().is_nan() && !self.get().is_inf()
    }
    fn remainder(self, other: Self) -> Self {
        self - other * (self / other).truncate()
    }
    fn abs(self) -> Self {
        self.one(BigFloat::abs)
    }
    fn sqrt(self) -> Self {
        self.one(|x| x.sqrt(BITS, NEAREST))
    }
    fn floor(self) -> Self {
        self.one(BigFloat::floor)
    }
    fn ceiling(self) -> Self {
        self.one(BigFloat::ceil)
    }
    fn round(self) -> Self {
        let down = (self + Self::lit(0.5)).floor();
        let tie = down.equal(self + Self::lit(0.5));
        let odd = !(down / Self::lit(2.0)).floor().equal(down / Self::lit(2.0));
        if tie && odd { down - Self::lit(1.0) } else { down }
    }
    fn truncate(self) -> Self {
        if self.is_negative() { self.ceiling() } else { self.floor() }
    }
    fn exp(self) -> Self {
        self.with(|x, c| x.exp(BITS, NEAREST, c))
    }
    fn expm1(self) -> Self {
        self.exp() - Self::lit(1.0)
    }
    fn log(self) -> Self {
        self.with(|x, c| x.ln(BITS, NEAREST, c))
    }
    fn log1p(self) -> Self {
        (Self::lit(1.0) + self).log()
    }
    fn sin(self) -> Self {
        self.with(|x, c| x.sin(BITS, NEAREST, c))
    }
    fn cos(self) -> Self {
        self.with(|x, c| x.cos(BITS, NEAREST, c))
    }
    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }
    fn tan(self) -> Self {
        self.sin() / self.cos()
    }
    fn asin(self) -> Self {
        self.with(|x, c| x.asin(BITS, NEAREST, c))
    }
    fn acos(self) -> Self {
        self.with(|x, c| x.acos(BITS, NEAREST, c))
    }
    fn atan(self) -> Self {
        self.with(|x, c| x.atan(BITS, NEAREST, c))
    }
    fn sinh(self) -> Self {
        (self.exp() - (-self).exp()) / Self::lit(2.0)
    }
    fn cosh(self) -> Self {
        (self.exp() + (-self).exp()) / Self::lit(2.0)
    }
    fn tanh(self) -> Self {
        self.sinh() / self.cosh()
    }
    fn sigmoid(self) -> Self {
        (Self::lit(1.0) + (-self).exp()).recip()
    }
    fn softplus(self) -> Self {
        (Self::lit(1.0) + self.exp()).log()
    }
    /// 2/√π·e^(−x²)·Σ x·(2x²)ⁿ/(1·3·…·(2n+1)), whose terms have one sign.
    fn erf(self) -> Self {
        let twice = Self::lit(2.0) * self * self;
        let (mut term, mut sum) = (self, self);
        let end = Self::ten(-95);
        for n in 1.. {
            term = term * twice / Self::lit(f64::from(2 * n + 1));
            sum = sum + term;
            if !end.less((term).abs()) {
                break;
            }
        }
        Self::lit(2.0) / Self::pi().sqrt() * (-(self * self)).exp() * sum
    }
    /// Stirling's series, above 0 only.
    fn lgamma(self) -> Self {
        let (mut y, mut product) = (self, Self::lit(1.0));
        for _ in 0..self.shift() {
            product = product * y;
            y = y + Self::lit(1.0);
        }
        let half = Self::lit(0.5);
        let mut sum = (y - half) * y.log() - y + half * (Self::lit(2.0) * Self::pi()).log();
        // B(2k)/(2k(2k−1))·y^(1−2k), where the table has B(2k)/(2k)!.
        let mut factor = y.recip();
        for (i, b) in Self::bernoulli().into_iter().enumerate() {
            let k = (2 * i + 2) as f64;
            if i > 0 {
                factor = factor * Self::lit((k - 2.0) * (k - 3.0)) / (y * y);
            }
            sum = sum + b * factor;
        }
        sum - product.log()
    }
    fn expt(self, y: Self) -> Self {
        if y.is_zero() {
            return Self::lit(1.0);
        }
        (y * self.log()).exp()
    }
    fn atan2(self, x: Self) -> Self {
        let half = Self::pi() / Self::lit(2.0);
        if x.abs().less(self.abs()) {
            let side = if self.is_negative() { -half } else { half };
            return side - (x / self).atan();
        }
        let turn = match (x.is_negative(), self.is_negative()) {
            (true, true) => -Self::pi(),
            (true, false) => Self::pi(),
            _ => Self::lit(0.0),
        };
        turn + (self / x).atan()
    }
    /// Euler and Maclaurin's series, above 0 only.
    fn polygamma(self, x: Self) -> Self {
        let order = self.to_f64().round() as u32;
        let s = order + 1;
        let (mut y, mut sum) = (x, Self::lit(0.0));
        for _ in 0..x.shift() {
            sum = sum + y.recip().powi(s);
            y = y + Self::lit(1.0);
        }
        let base = y.recip().powi(s);
        sum = sum + Self::lit(0.5) * base;
        sum = sum + if order == 0 { -y.log() } else { base * y / Self::lit(f64::from(order)) };
        let mut term = base * Self::lit(f64::from(s)) / y;
        let mut next = f64::from(s);
        for b in Self::bernoulli() {
            sum = sum + b * term;
            term = term * Self::lit((next + 1.0) * (next + 2.0)) / (y * y);
            next += 2.0;
        }
        let value = (1..s).fold(sum, |p, j| p * Self::lit(f64::from(j)));
        if order.is_multiple_of(2) { -value } else { value }
    }
}

/// Asserts that two numbers agree to so many digits, of 1 or of the larger.
#[track_caller]
pub(crate) fn agree(got: Big, want: Big, digits: i32, what: impl Fn() -> String) {
    let scale = Real::max(Real::max(got.abs(), want.abs()), Big::lit(1.0));
    let close = (got - want).abs().less_eq(scale * Big::ten(-digits));
    assert!(close, "{} rather than {}: {}", got.to_f64(), want.to_f64(), what());
}
