//! Elementary functions, with the same bits everywhere.
//!
//! Each is one generic body over [`lane`]: a scalar is one lane of the vector form. Only IEEE basic
//! operations and integer operations on the bits are used, so a value does not depend on the
//! machine, its features or the optimisation level. Edges are those of C99. The errors stated are
//! the worst that the oracle test found over some million numbers, in units in the last place of
//! the exact value; `f32` is rounded once from `f64`.

mod double;
mod erf;
mod explog;
mod gamma;
mod hyperbolic;
mod inverse;
pub mod lane;
mod lanes;
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
    /// The exponential function.
    explog::exp(x);
    /// `e^x - 1`, without cancellation; has the sign of `x`.
    explog::expm1(x);
    /// The natural logarithm: `-inf` at either zero, nan below.
    explog::log(x);
    /// `log(1+x)`, without cancellation; has the sign of `x`: `-inf` at -1, nan below.
    explog::log1p(x);
    /// The logistic function, `1/(1+e^-x)`.
    explog::sigmoid(x);
    /// `log(1+e^x)`.
    explog::softplus(x);
    /// The hyperbolic sine; odd to the bit.
    hyperbolic::sinh(x);
    /// The hyperbolic cosine; even to the bit.
    hyperbolic::cosh(x);
    /// The hyperbolic tangent; odd to the bit.
    hyperbolic::tanh(x);
    /// `x^y`. An exactly representable power is exact; `x^0` and `1^y` are 1, whatever the other is; a negative
    /// `x` has a power only for an integral `y`.
    pow::pow(x, y);
    /// The sine of an angle in radians; odd to the bit, nan at the infinities.
    trig::sin(x);
    /// The cosine of an angle in radians; even to the bit, nan at the infinities.
    trig::cos(x);
    /// The tangent of an angle in radians; odd to the bit, nan at the infinities.
    trig::tan(x);
    /// The arcsine, within [-π/2, π/2]; odd to the bit, nan beyond ±1.
    inverse::asin(x);
    /// The arccosine, within [0, π]; nan beyond ±1.
    inverse::acos(x);
    /// The arctangent, within [-π/2, π/2]; odd to the bit.
    inverse::atan(x);
    /// The angle of the point `(x, y)`, within [-π, π]; odd in `y` to the bit. Zeros count with their sign:
    /// `atan2(±0, -0) = ±π`, `atan2(±0, +0) = ±0`; infinities as 1 against a 0: `atan2(±∞, -∞) = ±3π/4`.
    inverse::atan2(y, x);
    /// The error function; odd to the bit.
    erf::erf(x);
    /// `log |Γ(x)|`: `+inf` at 0, at the negative integers and at both infinities.
    gamma::lgamma(x);
    /// The derivative of order `n + 1` of `log |Γ(x)|`: digamma for `n = 0`.
    polygamma::polygamma(n, x);
}

/// Sine and cosine together, to the same bits as [`sin`] and [`cos`].
#[inline(always)]
pub fn sin_cos<N: Number>(x: N) -> (N, N) {
    let (sin, cos) = trig::sin_cos(x.widen());
    (N::narrow(sin), N::narrow(cos))
}
