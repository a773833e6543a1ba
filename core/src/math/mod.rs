//! Elementary functions, with the same bits everywhere.
//!
//! Each is one generic body over [`lane`]: a scalar is one lane of the vector form. Only IEEE basic
//! operations and integer operations on the bits are used, so a value does not depend on the
//! machine, its features or the optimisation level. Edges are those of C99. The errors stated are
//! the worst that the oracle test found over a million numbers, in units in the last place of the
//! exact value; `f32` is rounded once from `f64`.

mod double;
mod erf;
mod explog;
mod gamma;
mod hyperbolic;
mod inverse;
pub mod lane;
mod lanes;
pub(crate) mod library;
mod poly;
mod polygamma;
mod pow;
mod pow_table;
mod real_impl;
mod trig;

pub use lane::Number;
pub use lanes::{LaneMask, Lanes};

/// Public functions over kernels of the same name: of one or several [`Number`]s.
macro_rules! functions {
    ($($(#[$doc:meta])* $module:ident::$name:ident($($arg:ident),+);)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<N: Number>($($arg: N),+) -> N {
            N::narrow($module::$name($($arg.widen()),+))
        }
    )*};
}

functions! {
    /// The exponential function. Worst 0.82 ulp, where the result is subnormal.
    explog::exp(x);
    /// `e^x - 1`, without cancellation; has the sign of `x`. Worst 1.15 ulp.
    explog::expm1(x);
    /// The natural logarithm: `-inf` at either zero, nan below. Worst 0.85 ulp.
    explog::log(x);
    /// `log(1+x)`, without cancellation; has the sign of `x`: `-inf` at -1, nan below. Worst 0.84 ulp.
    explog::log1p(x);
    /// The logistic function, `1/(1+e^-x)`. Worst 1.22 ulp.
    explog::sigmoid(x);
    /// `log(1+e^x)`, without cancellation or overflow. Worst 1.14 ulp.
    explog::softplus(x);
    /// The hyperbolic sine; odd to the bit. Worst 1.03 ulp.
    hyperbolic::sinh(x);
    /// The hyperbolic cosine; even to the bit. Worst 0.99 ulp.
    hyperbolic::cosh(x);
    /// The hyperbolic tangent; odd to the bit. Worst 1.41 ulp.
    hyperbolic::tanh(x);
    /// `x^y`. An exactly representable power is exact; `x^0` and `1^y` are 1, whatever the other is; a negative
    /// `x` has a power only for an integral `y`. Worst 0.81 ulp.
    pow::pow(x, y);
    /// The sine of an angle in radians; odd to the bit, nan at the infinities. Worst error 0.87 ulp.
    trig::sin(x);
    /// The cosine of an angle in radians; even to the bit, nan at the infinities. Worst error 0.85 ulp.
    trig::cos(x);
    /// The tangent of an angle in radians; odd to the bit, nan at the infinities. Worst error 1.56 ulp.
    trig::tan(x);
    /// The arcsine, within [-π/2, π/2]; odd to the bit, nan beyond ±1. Worst error 1.28 ulp.
    inverse::asin(x);
    /// The arccosine, within [0, π]; nan beyond ±1. Worst error 1.18 ulp.
    inverse::acos(x);
    /// The arctangent, within [-π/2, π/2]; odd to the bit. Worst error 1.39 ulp.
    inverse::atan(x);
    /// The angle of the point `(x, y)`, within [-π, π]; odd in `y` to the bit. Zeros count with their sign:
    /// `atan2(±0, -0) = ±π`, `atan2(±0, +0) = ±0`; infinities as equals: `atan2(±∞, -∞) = ±3π/4`.
    /// Worst error 1.54 ulp.
    inverse::atan2(y, x);
    /// The error function; odd to the bit. Worst error 1.32 ulp.
    erf::erf(x);
    /// `log |Γ(x)|`: `+inf` at 0, at the negative integers and at both infinities. Worst error 1.58 ulp; near
    /// its zeros on the negative axis, where the value is below 1/16, of 1/16.
    gamma::lgamma(x);
    /// The derivative of order `n + 1` of `log Γ(x)`, for an integral `n >= 0` (below 2^53, else nan): digamma for
    /// `n = 0`. At the poles, 0 and the negative integers, `+inf` for odd `n`; for even `n` nan, and at `±0` the
    /// limit from its side. Worst error 0.52 ulp up to `n = 128`; near zeros, of a 64th of 1 for digamma and of a
    /// thousandth of the nearest pole's term beyond. Some 1 ulp to `n = 1000`, then growing as `n·log n / 2^13`.
    polygamma::polygamma(n, x);
}

/// Sine and cosine together, to the same bits as [`sin`] and [`cos`].
#[inline(always)]
pub fn sin_cos<N: Number>(x: N) -> (N, N) {
    let (sin, cos) = trig::sin_cos(x.widen());
    (N::narrow(sin), N::narrow(cos))
}
