//! Normal noise for made-up measurements: the same on every machine and in every run.

use scheme_runtime::prelude::*;

/// Normal numbers of mean 0 and deviation 1, from Marsaglia's xorshift64 with a fixed seed.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// Box and Muller's normal number from two uniform ones, with the functions of the language, so that
    /// every machine gives the same.
    pub(crate) fn next(&mut self) -> f64 {
        let normal = scheme! { (* (sqrt (* -2 (log u))) (cos (* 6.283185307179586 v))) };
        normal.call([self.uniform(), self.uniform()])
    }

    /// A uniform number in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}
