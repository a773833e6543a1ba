//! Elementary functions, with the same bits everywhere.
//!
//! Each is one generic body over [`lane`]: a scalar is one lane of the vector form. Only IEEE basic
//! operations and integer operations on the bits are used, so a value does not depend on the
//! machine, its features or the optimisation level. Edges are those of C99. The errors stated are
//! the worst that the oracle test found over some million numbers, in units in the last place of
//! the exact value; `f32` is rounded once from `f64`.

mod explog;
mod hyperbolic;
pub mod lane;
mod lanes;
mod poly;
mod pow;
mod pow_table;

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
}
