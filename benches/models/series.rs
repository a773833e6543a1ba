//! Programs that go along a list of 200 data. By hand derivatives go along with the value.

use super::text::text;
use crate::{ByHand, Model, Number};

/// Exact in either precision.
fn data() -> impl Iterator<Item = f64> {
    (0..200).map(|i| 0.0625 * f64::from(37 * i % 101 - 50))
}

/// An exponential moving average.
#[derive(Debug)]
pub enum Ema {}

impl Model<2> for Ema {
    const NAME: &'static str = "moving average";
    const INPUTS: [&'static str; 2] = ["alpha", "start"];
    const RANGES: [(f64, f64); 2] = [(0.01, 0.5), (-1.0, 1.0)];
    text! { 2 "ema.scm" }
}

impl ByHand<2> for Ema {
    #[inline(always)]
    fn value<T: Number>([alpha, mut s]: [T; 2]) -> T {
        for x in data() {
            s = alpha.times(x) + (T::lit(1.0) - alpha) * s;
        }
        s
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([alpha, mut s]: [T; 2]) -> (T, [T; 2]) {
        let keep = T::lit(1.0) - alpha;
        let (mut by_alpha, mut by_start) = (T::lit(0.0), T::lit(1.0));
        for x in data() {
            by_alpha = T::lit(x) - s + keep * by_alpha;
            by_start = keep * by_start;
            s = alpha.times(x) + keep * s;
        }
        (s, [by_alpha, by_start])
    }
}

/// The likelihood of observations of a random walk, by the variances of its steps and of the observations.
#[derive(Debug)]
pub enum Kalman {}

impl Model<2> for Kalman {
    const NAME: &'static str = "Kalman filter";
    const INPUTS: [&'static str; 2] = ["q", "r"];
    const RANGES: [(f64, f64); 2] = [(0.1, 0.5), (0.5, 2.0)];
    text! { 2 "kalman.scm" }
}

impl ByHand<2> for Kalman {
    #[inline(always)]
    fn value<T: Number>([q, r]: [T; 2]) -> T {
        let (mut x, mut p, mut likelihood) = (T::lit(0.0), T::lit(1.0), T::lit(0.0));
        for z in data() {
            let before = p + q;
            let s = before + r;
            let gain = before / s;
            let e = T::lit(z) - x;
            x = x + gain * e;
            p = (T::lit(1.0) - gain) * before;
            likelihood = likelihood - (s.log() + e * e / s).times(0.5);
        }
        likelihood
    }

    #[inline(always)]
    fn value_and_gradient<T: Number>([q, r]: [T; 2]) -> (T, [T; 2]) {
        let one = T::lit(1.0);
        let (mut x, mut p, mut likelihood) = (T::lit(0.0), one, T::lit(0.0));
        // By q and by r.
        let (mut dx, mut dp, mut gradient) = ([T::lit(0.0); 2], [T::lit(0.0); 2], [T::lit(0.0); 2]);
        for z in data() {
            let before = p + q;
            let s = before + r;
            let gain = before / s;
            let e = T::lit(z) - x;
            let misfit = e * e / s;
            let (share, keep) = (one / s, one - gain);
            let along = [dp[0] + one, dp[1]];
            let ds = [along[0], along[1] + one];
            for i in 0..2 {
                let by_gain = (along[i] - gain * ds[i]) * share;
                let by_misfit = -(e * dx[i]).times(2.0) - misfit * ds[i];
                gradient[i] = gradient[i] - ((ds[i] + by_misfit) * share).times(0.5);
                dx[i] = keep * dx[i] + by_gain * e;
                dp[i] = keep * along[i] - by_gain * before;
            }
            x = x + gain * e;
            p = keep * before;
            likelihood = likelihood - (s.log() + misfit).times(0.5);
        }
        (likelihood, gradient)
    }
}
