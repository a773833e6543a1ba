//! The error function.
//!
//! Up to 1 in magnitude it is `x` times a polynomial in `x²`. Beyond it is `1 - e^-p`, with a
//! polynomial `p` for minus the logarithm of the complement, whose relative error may grow as
//! the complement falls; from 6 on the complement is lost in rounding. Branch-free. The complement
//! itself, which would need that error small, is left out.

use super::{
    explog::exp,
    lane::Lane,
    poly::{estrin, horner},
};

/// `erf(x)/x - 1` by `x²`, for `|x| <= 1`; leaves 2^-56 of `erf(x)`.
const SMALL: [f64; 13] = [
    0.1283791670955126,
    -0.3761263890318375,
    0.11283791670954857,
    -0.026866170645072893,
    0.005223977624780858,
    -0.0008548326978741849,
    0.00012055331036888715,
    -1.492559350665068e-05,
    1.6460972813303884e-06,
    -1.635002518315823e-07,
    1.4657879571630351e-08,
    -1.1365664887621393e-09,
    5.945259875934038e-11,
];

/// `-log(1 - erf(x))` by `x - 1`, for `1 <= x <= 6`; leaves 2^-57 in `erf(x)`.
const LARGE: [f64; 19] = [
    1.8496055099332482,
    2.638967514234788,
    0.8431072563586768,
    0.04156109804181815,
    -0.01003382537440504,
    0.001977902567883645,
    -0.00023732248130167274,
    -2.6277875709940447e-05,
    2.7159113978886715e-05,
    -9.60890379326892e-06,
    2.059776709157215e-06,
    -1.4287977837373763e-07,
    -9.754443235954697e-08,
    5.2036458599382434e-08,
    -1.4910961720399584e-08,
    2.8639227669918823e-09,
    -3.6822949539569e-10,
    2.8813824423779167e-11,
    -1.0390269467187596e-12,
];

/// See [`erf`](super::erf).
#[inline(always)]
pub(super) fn erf<V: Lane>(x: V) -> V {
    let (one, end) = (V::splat(1.0), V::splat(6.0));
    let size = V::select(x.abs().gt(end), end, x.abs());
    let small = size + size * estrin(size * size, SMALL);
    let large = one - exp(-horner(size - one, LARGE));
    V::select(size.le(one), small, large).copysign(x)
}
