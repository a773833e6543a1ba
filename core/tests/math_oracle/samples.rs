//! Numbers to test with, the same in every run.

/// A xorshift generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// In `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// In `[low, high)`, evenly.
    pub(crate) fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A magnitude whose exponent is even over `[low, high)`, with either sign.
    pub(crate) fn spread(&mut self, low: f64, high: f64) -> f64 {
        let size = self.uniform(low, high);
        let whole = size.floor();
        let half = (whole / 2.0).floor();
        let x = (size - whole).exp2() * half.exp2() * (whole - half).exp2();
        if self.bits() & 1 == 0 { x } else { -x }
    }

    /// Close to one of the points: a few or many places off.
    pub(crate) fn near(&mut self, points: &[f64]) -> f64 {
        let point = points[self.bits() as usize % points.len()];
        let bound = 1u64 << (self.bits() % 48);
        let steps = self.bits() % bound;
        let bits = point.to_bits();
        f64::from_bits(if self.bits() & 1 == 0 {
            bits.wrapping_add(steps)
        } else {
            bits.saturating_sub(steps)
        })
    }
}

/// How many numbers to test each function with: `MATH_SAMPLES`, or few enough for a debug build.
pub(crate) fn count() -> usize {
    std::env::var("MATH_SAMPLES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// Where a function is sampled.
pub(crate) struct Domain<'a> {
    /// Evenly.
    pub(crate) even: (f64, f64),
    /// By exponent; both signs.
    pub(crate) spread: (f64, f64),
    /// Around these.
    pub(crate) near: &'a [f64],
    /// And nothing outside of these.
    pub(crate) limits: (f64, f64),
}

impl Domain<'_> {
    /// The next number of a mixture of the three.
    pub(crate) fn sample(&self, random: &mut Random) -> f64 {
        loop {
            let x = match random.bits() % 4 {
                0 | 1 => random.uniform(self.even.0, self.even.1),
                2 => random.spread(self.spread.0, self.spread.1),
                _ => random.near(self.near),
            };
            if self.limits.0 <= x && x <= self.limits.1 {
                return x;
            }
        }
    }
}
