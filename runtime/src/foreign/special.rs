//! Functions that `Float` lacks, to the precision of any number, up to 65 digits.
//!
//! erf by its series and its continued fraction; lgamma and the polygammas by Stirling's series, after
//! the argument was shifted to where its terms fall below epsilon, and by reflection below 1/2. Errors
//! are a few dozen epsilon relative to the largest term; near the zeros of lgamma, at 1 and 2, they are that
//! in absolute size. Made for right digits, not for speed.

use num_traits::Float;

/// An `f64` as any number.
#[inline]
pub(super) fn lit<T: Float>(x: f64) -> T {
    T::from(x).unwrap_or_else(T::nan)
}

/// π as a sum of doubles, to 65 digits.
#[inline]
pub(super) fn pi<T: Float>() -> T {
    const PARTS: [f64; 4] = [
        1.112_454_220_863_365_3e-49,
        -2.994_769_809_718_339_7e-33,
        1.224_646_799_147_353_2e-16,
        std::f64::consts::PI,
    ];
    PARTS.iter().fold(T::zero(), |sum, part| sum + lit(*part))
}

/// `−ln ε`: how many e-folds a term must have fallen to be negligible. At most 65 digits' worth:
/// double-doubles call the least positive number their epsilon.
fn folds<T: Float>() -> f64 {
    T::epsilon().to_f64().map_or(150.0, |epsilon| -epsilon.ln()).clamp(8.0, 150.0)
}

/// xʸ with the edges of the row `expt`.
pub(super) fn expt<T: Float>(x: T, y: T) -> T {
    let (zero, one) = (T::zero(), T::one());
    if y == zero || x == one {
        return one;
    }
    if x.is_nan() || y.is_nan() {
        return T::nan();
    }
    let integral = y.is_finite() && y == y.trunc();
    let odd = integral && (y * lit(0.5)) != (y * lit(0.5)).trunc();
    let magnitude = x.abs();
    if y.is_infinite() {
        return if magnitude == one {
            one
        } else if (magnitude > one) == (y > zero) {
            T::infinity()
        } else {
            zero
        };
    }
    if x == zero || x.is_infinite() {
        let size = if (x == zero) == (y > zero) { zero } else { T::infinity() };
        return if odd && x.is_sign_negative() { -size } else { size };
    }
    let size = match y.to_i32() {
        Some(n) if integral && n.abs() <= 64 => magnitude.powi(n),
        _ => magnitude.powf(y),
    };
    match (x < zero, integral) {
        (true, false) => T::nan(),
        (true, true) if odd => -size,
        _ => size,
    }
}

/// The error function.
pub(super) fn erf<T: Float>(x: T) -> T {
    let size = x.abs();
    if x.is_nan() {
        x
    } else if size < lit(2.5) {
        erf_series(x)
    } else if size * size > lit(folds::<T>() + 3.0) {
        x.signum()
    } else {
        x.signum() * (T::one() - erfc_fraction(size))
    }
}

/// `2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!`, all terms of one sign.
fn erf_series<T: Float>(x: T) -> T {
    let two = lit::<T>(2.0);
    let twice_square = two * x * x;
    let (mut term, mut sum, mut odd) = (x, x, T::one());
    while term.abs() > sum.abs() * T::epsilon() {
        odd = odd + two;
        term = term * twice_square / odd;
        sum = sum + term;
    }
    two / pi::<T>().sqrt() * (-(x * x)).exp() * sum
}

/// `erfc x = e^(−x²)/√π / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))` for `x` ≥ 2.5, from a depth where
/// what is left out is below epsilon.
fn erfc_fraction<T: Float>(x: T) -> T {
    let folds = folds::<T>() / x.to_f64().unwrap_or(2.5);
    let depth = (folds * folds / 8.0).ceil() + 8.0;
    let (mut n, mut tail) = (depth, x);
    while n > 0.0 {
        tail = x + lit::<T>(n / 2.0) / tail;
        n -= 1.0;
    }
    (-(x * x)).exp() / (pi::<T>().sqrt() * tail)
}

/// Bernoulli numbers B₂, B₄, … B₃₀ as exact fractions.
const BERNOULLI: [(f64, f64); 15] = [
    (1.0, 6.0),
    (-1.0, 30.0),
    (1.0, 42.0),
    (-1.0, 30.0),
    (5.0, 66.0),
    (-691.0, 2730.0),
    (7.0, 6.0),
    (-3617.0, 510.0),
    (43_867.0, 798.0),
    (-174_611.0, 330.0),
    (854_513.0, 138.0),
    (-236_364_091.0, 2730.0),
    (8_553_103.0, 6.0),
    (-23_749_461_029.0, 870.0),
    (8_615_841_276_005.0, 14_322.0),
];

/// From where on Stirling's series of these Bernoulli numbers is exact to epsilon: the first term left out,
/// about `1.5e7·z^(−31)`, is below it.
fn stirling_from<T: Float>() -> T {
    lit((((folds::<T>() + 17.0) / 31.0).exp() * 1.1).ceil())
}

/// ln |Γ(x)|.
pub(super) fn lgamma<T: Float>(x: T) -> T {
    let (zero, one, half) = (T::zero(), T::one(), lit::<T>(0.5));
    if x.is_nan() || x.is_infinite() {
        return x.abs();
    }
    if x < half {
        if x <= zero && x == x.trunc() {
            return T::infinity();
        }
        return (pi::<T>() / sin_pi(x).abs()).ln() - lgamma(one - x);
    }
    let enough = stirling_from::<T>();
    let (mut z, mut product, mut shift) = (x, one, zero);
    while z < enough {
        product = product * z;
        z = z + one;
        // Before the product can overflow in any format.
        if product > lit(1e30) {
            shift = shift + product.ln();
            product = one;
        }
    }
    shift = shift + product.ln();
    let inverse = z.recip();
    let (mut power, mut tail, mut k) = (inverse, zero, 2.0);
    for (numerator, denominator) in BERNOULLI {
        tail = tail + lit::<T>(numerator) / lit(denominator * k * (k - 1.0)) * power;
        power = power * inverse * inverse;
        k += 2.0;
    }
    let half_log_tau = (pi::<T>() + pi::<T>()).ln() * half;
    (z - half) * z.ln() - z + half_log_tau + tail - shift
}

/// `sin πx`, exact at integers and halves.
fn sin_pi<T: Float>(x: T) -> T {
    let whole = x.round();
    let sin = (pi::<T>() * (x - whole)).sin();
    let half = whole * lit(0.5);
    if half == half.trunc() { sin } else { -sin }
}

/// The highest order of polygamma at arguments below 1/2; nan above it.
const REFLECTED_ORDERS: usize = 40;

/// The polygamma function of integral order at `x`; nan for other orders and at the poles.
pub(super) fn polygamma<T: Float>(order: T, x: T) -> T {
    let (zero, one, half) = (T::zero(), T::one(), lit::<T>(0.5));
    if !(order >= zero && order == order.trunc() && order.is_finite()) || x.is_nan() {
        return T::nan();
    }
    if x < half {
        if x == x.trunc() {
            return T::nan();
        }
        // ψₙ(x) = (−1)ⁿ ψₙ(1 − x) − π dⁿ/dxⁿ cot πx
        let sign = alternating(order);
        return sign * polygamma(order, one - x) - cotangent_derivative(order, x);
    }
    let sign = -alternating(order);
    let factorial = factorial(order);
    let enough = stirling_from::<T>() + order;
    let (mut z, mut sum) = (x, zero);
    while z < enough {
        sum = sum + power(z.recip(), order + one);
        z = z + one;
    }
    let inverse = z.recip();
    // (n−1)!/zⁿ, or −ln z for order 0: the integral that Stirling's series begins with.
    let (head, falling) =
        if order == zero { (-z.ln(), one) } else { (factorial / order * power(inverse, order), factorial) };
    let mut tail = falling * half * power(inverse, order + one);
    // (2k + n − 1)! / (2k)! for k = 1, then on by its ratio.
    let mut rising = falling * (order + one) * half;
    let mut term = power(inverse, order + lit(2.0));
    let mut k = 2.0;
    for (numerator, denominator) in BERNOULLI {
        tail = tail + lit::<T>(numerator) / lit(denominator) * rising * term;
        let (next, n) = (lit::<T>(k), order);
        rising = rising * (next + n) * (next + n + one) / ((next + one) * (next + one + one));
        term = term * inverse * inverse;
        k += 2.0;
    }
    sign * (falling * sum + head + tail)
}

/// 1 for even orders, −1 for odd ones.
fn alternating<T: Float>(order: T) -> T {
    let half = order * lit(0.5);
    if half == half.trunc() { T::one() } else { -T::one() }
}

fn factorial<T: Float>(n: T) -> T {
    let (mut k, mut product) = (T::one(), T::one());
    while k <= n && product.is_finite() {
        product = product * k;
        k = k + T::one();
    }
    product
}

fn power<T: Float>(x: T, n: T) -> T {
    n.to_i32().map_or(T::nan(), |n| x.powi(n))
}

/// `π dⁿ/dxⁿ cot πx`, as a polynomial in the cotangent `c`: each derivative by `x` is −π(1 + c²) times
/// the derivative by `c`.
fn cotangent_derivative<T: Float>(order: T, x: T) -> T {
    let Some(order) = order.to_usize().filter(|order| *order <= REFLECTED_ORDERS) else { return T::nan() };
    let pi = pi::<T>();
    let cot = {
        let angle = pi * (x - x.round());
        angle.cos() / angle.sin()
    };
    let mut coefficients = [T::zero(); REFLECTED_ORDERS + 2];
    coefficients[1] = pi;
    for _ in 0..order {
        let mut next = [T::zero(); REFLECTED_ORDERS + 2];
        for (k, coefficient) in coefficients.iter().enumerate().skip(1) {
            let slope = -pi * lit(k as f64) * *coefficient;
            next[k - 1] = next[k - 1] + slope;
            if let Some(up) = next.get_mut(k + 1) {
                *up = *up + slope;
            }
        }
        coefficients = next;
    }
    coefficients.iter().rev().fold(T::zero(), |sum, coefficient| sum * cot + *coefficient)
}
