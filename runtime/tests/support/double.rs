//! A number of 31 digits, the unevaluated sum of two doubles, as a stranger's crate might offer it: it
//! implements `num_traits::Float` and knows nothing of this one.

use num_traits::{Float, Num, NumCast, One, ToPrimitive, Zero};
use std::{cmp::Ordering, num::FpCategory, ops};

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

const PI: Double = Double { hi: std::f64::consts::PI, lo: 1.224_646_799_147_353_2e-16 };
const LN_2: Double = Double { hi: std::f64::consts::LN_2, lo: 2.319_046_813_846_299_6e-17 };

fn sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let part = hi - a;
    let lo = (a - (hi - part)) + (b - part);
    Double { hi, lo: if hi.is_finite() { lo } else { 0.0 } }
}

fn product(a: f64, b: f64) -> Double {
    let hi = a * b;
    Double { hi, lo: if hi.is_finite() { a.mul_add(b, -hi) } else { 0.0 } }
}

impl Double {
    pub(crate) const fn new(hi: f64) -> Self {
        Self { hi, lo: 0.0 }
    }

    fn scale(self, by: f64) -> Self {
        Self { hi: self.hi * by, lo: self.lo * by }
    }

    /// `x − x³/3! …` from the term `first` on, terms `x²/(n(n+1))` apart with `sign`.
    fn series(first: Self, square: Self, start: f64, sign: f64) -> Self {
        let (mut term, mut total, mut n) = (first, first, start);
        for _ in 0..18 {
            term = term * square.scale(sign) / product(n, n + 1.0);
            total = total + term;
            n += 2.0;
        }
        total
    }
}

impl ops::Add for Double {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        let (s, t) = (sum(self.hi, b.hi), sum(self.lo, b.lo));
        let v = sum(s.hi, s.lo + t.hi);
        sum(v.hi, v.lo + t.lo)
    }
}

impl ops::Neg for Double {
    type Output = Self;
    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl ops::Sub for Double {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        self + -b
    }
}

impl ops::Mul for Double {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        let p = product(self.hi, b.hi);
        sum(p.hi, p.lo + (self.hi * b.lo + self.lo * b.hi))
    }
}

impl ops::Div for Double {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let first = self.hi / b.hi;
        if !first.is_finite() || b.hi.is_infinite() {
            return Self::new(first);
        }
        let rest = self - b * Self::new(first);
        let second = rest.hi / b.hi;
        let rest = rest - b * Self::new(second);
        sum(first, second) + Self::new(rest.hi / b.hi)
    }
}

impl ops::Rem for Double {
    type Output = Self;
    fn rem(self, b: Self) -> Self {
        self - b * (self / b).trunc()
    }
}

impl PartialOrd for Double {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match self.hi.partial_cmp(&other.hi) {
            Some(Ordering::Equal) => self.lo.partial_cmp(&other.lo),
            order => order,
        }
    }
}

impl Zero for Double {
    fn zero() -> Self {
        Self::new(0.0)
    }
    fn is_zero(&self) -> bool {
        self.hi == 0.0
    }
}

impl One for Double {
    fn one() -> Self {
        Self::new(1.0)
    }
}

impl Num for Double {
    type FromStrRadixErr = ();
    fn from_str_radix(_: &str, _: u32) -> Result<Self, ()> {
        Err(())
    }
}

impl ToPrimitive for Double {
    fn to_i64(&self) -> Option<i64> {
        self.hi.to_i64()
    }
    fn to_u64(&self) -> Option<u64> {
        self.hi.to_u64()
    }
    fn to_f64(&self) -> Option<f64> {
        Some(self.hi)
    }
}

impl NumCast for Double {
    fn from<T: ToPrimitive>(n: T) -> Option<Self> {
        n.to_f64().map(Self::new)
    }
}

impl Float for Double {
    fn nan() -> Self {
        Self::new(f64::NAN)
    }
    fn infinity() -> Self {
        Self::new(f64::INFINITY)
    }
    fn neg_infinity() -> Self {
        Self::new(f64::NEG_INFINITY)
    }
    fn neg_zero() -> Self {
        Self::new(-0.0)
    }
    fn min_value() -> Self {
        Self::new(f64::MIN)
    }
    fn min_positive_value() -> Self {
        Self::new(f64::MIN_POSITIVE)
    }
    fn max_value() -> Self {
        Self::new(f64::MAX)
    }
    fn epsilon() -> Self {
        Self::new(2f64.powi(-104))
    }
    fn is_nan(self) -> bool {
        self.hi.is_nan()
    }
    fn is_infinite(self) -> bool {
        self.hi.is_infinite()
    }
    fn is_finite(self) -> bool {
        self.hi.is_finite()
    }
    fn is_normal(self) -> bool {
        self.hi.is_normal()
    }
    fn classify(self) -> FpCategory {
        self.hi.classify()
    }
    fn floor(self) -> Self {
        let hi = self.hi.floor();
        if hi == self.hi { sum(hi, self.lo.floor()) } else { Self::new(hi) }
    }
    fn ceil(self) -> Self {
        -(-self).floor()
    }
    fn round(self) -> Self {
        (self.abs() + Self::new(0.5)).floor() * self.signum()
    }
    fn trunc(self) -> Self {
        if self.hi < 0.0 { self.ceil() } else { self.floor() }
    }
    fn fract(self) -> Self {
        self - self.trunc()
    }
    fn abs(self) -> Self {
        if self.hi.is_sign_negative() { -self } else { self }
    }
    fn signum(self) -> Self {
        Self::new(self.hi.signum())
    }
    fn is_sign_positive(self) -> bool {
        self.hi.is_sign_positive()
    }
    fn is_sign_negative(self) -> bool {
        self.hi.is_sign_negative()
    }
    fn mul_add(self, a: Self, b: Self) -> Self {
        self * a + b
    }
    fn recip(self) -> Self {
        Self::one() / self
    }
    fn powi(self, n: i32) -> Self {
        let (mut base, mut left, mut out) = (self, n.unsigned_abs(), Self::one());
        while left > 0 {
            if left % 2 == 1 {
                out = out * base;
            }
            base = base * base;
            left /= 2;
        }
        if n < 0 { out.recip() } else { out }
    }
    fn powf(self, n: Self) -> Self {
        (n * self.ln()).exp()
    }
    fn sqrt(self) -> Self {
        let root = self.hi.sqrt();
        if root == 0.0 || !root.is_finite() {
            return Self::new(root);
        }
        sum(root, (self - product(root, root)).hi / (2.0 * root))
    }
    fn exp(self) -> Self {
        if self.hi.is_nan() || self.hi.abs() >= 700.0 {
            return Self::new(self.hi.exp());
        }
        let k = (self.hi / std::f64::consts::LN_2).round();
        let mut small = ((self - LN_2 * Self::new(k)).scale(1.0 / 256.0)).exp_m1();
        for _ in 0..8 {
            small = small.scale(2.0) + small * small;
        }
        (small + Self::one()).scale(2f64.powi(k as i32))
    }
    fn exp2(self) -> Self {
        (self * LN_2).exp()
    }
    fn ln(self) -> Self {
        let mut y = Self::new(self.hi.ln());
        if y.hi.is_finite() {
            for _ in 0..2 {
                y = y + self * (-y).exp() - Self::one();
            }
        }
        y
    }
    fn log(self, base: Self) -> Self {
        self.ln() / base.ln()
    }
    fn log2(self) -> Self {
        self.ln() / LN_2
    }
    fn log10(self) -> Self {
        self.ln() / Self::new(10.0).ln()
    }
    fn max(self, b: Self) -> Self {
        if self < b { b } else { self }
    }
    fn min(self, b: Self) -> Self {
        if self > b { b } else { self }
    }
    fn abs_sub(self, b: Self) -> Self {
        if self > b { self - b } else { Self::zero() }
    }
    fn cbrt(self) -> Self {
        self.signum() * (self.abs().ln() / Self::new(3.0)).exp()
    }
    fn hypot(self, b: Self) -> Self {
        (self * self + b * b).sqrt()
    }
    fn sin(self) -> Self {
        self.sin_cos().0
    }
    fn cos(self) -> Self {
        self.sin_cos().1
    }
    fn tan(self) -> Self {
        let (sin, cos) = self.sin_cos();
        sin / cos
    }
    fn asin(self) -> Self {
        self.atan2(((Self::one() - self) * (Self::one() + self)).sqrt())
    }
    fn acos(self) -> Self {
        ((Self::one() - self) * (Self::one() + self)).sqrt().atan2(self)
    }
    fn atan(self) -> Self {
        self.atan2(Self::one())
    }
    fn atan2(self, x: Self) -> Self {
        // The angle that is left between the point and its direction in doubles is tiny.
        let angle = Self::new(self.hi.atan2(x.hi));
        let (sin, cos) = angle.sin_cos();
        let left = (self * cos - x * sin) / (x * cos + self * sin);
        if left.hi.is_finite() { angle + left } else { angle }
    }
    fn sin_cos(self) -> (Self, Self) {
        let quarter = (self.hi / std::f64::consts::FRAC_PI_2).round();
        let r = self - PI.scale(0.5) * Self::new(quarter);
        let sin = Self::series(r, r * r, 2.0, -1.0);
        let cos = Self::series(Self::one(), r * r, 1.0, -1.0);
        match quarter.rem_euclid(4.0) as u8 {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        }
    }
    fn exp_m1(self) -> Self {
        if self.hi.abs() > 0.5 {
            return self.exp() - Self::one();
        }
        let (mut term, mut total, mut n) = (self, self, 2.0);
        for _ in 0..28 {
            term = term * self / Self::new(n);
            total = total + term;
            n += 1.0;
        }
        total
    }
    fn ln_1p(self) -> Self {
        let mut y = Self::new(self.hi.ln_1p());
        if y.hi.is_finite() {
            for _ in 0..2 {
                y = y + (self - y.exp_m1()) / (Self::one() + self);
            }
        }
        y
    }
    fn sinh(self) -> Self {
        let e = self.exp_m1();
        (e + e / (e + Self::one())).scale(0.5)
    }
    fn cosh(self) -> Self {
        let e = self.exp();
        (e + e.recip()).scale(0.5)
    }
    fn tanh(self) -> Self {
        let e = self.scale(2.0).exp_m1();
        e / (e + Self::new(2.0))
    }
    fn asinh(self) -> Self {
        (self + (self * self + Self::one()).sqrt()).ln()
    }
    fn acosh(self) -> Self {
        (self + (self * self - Self::one()).sqrt()).ln()
    }
    fn atanh(self) -> Self {
        ((Self::one() + self) / (Self::one() - self)).ln().scale(0.5)
    }
    fn integer_decode(self) -> (u64, i16, i8) {
        self.hi.integer_decode()
    }
}
